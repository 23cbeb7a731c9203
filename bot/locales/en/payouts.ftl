# UPI ids, limits, tax, files for the bank, payouts through a gateway.

upi-list = 🏦 <b>Your UPI IDs</b>
    Withdrawals are paid to one of these.
upi-none = 🏦 <b>Your UPI IDs</b>
    None is saved yet. Add one, or type it when you /withdraw.
upi-line = • <code>{ $vpa }</code>
upi-line-new = • <code>{ $vpa }</code> – new: it can be used from { $at }.
upi-ask = Type the UPI ID that you want to be paid to (like name@bank), or /cancel.
upi-ask-wait = For your safety a new UPI ID can be used only after { $wait }.
upi-is-new = <code>{ $vpa }</code> is saved. For your safety nothing is paid to a new UPI ID at once: you can ask for a withdrawal to it from <b>{ $at }</b>. If you did not add it, take it away in /upi now.
upi-unknown = <code>{ $vpa }</code> is not one of your UPI IDs any more, so nothing was asked for. Add it in /upi.
upi-too-many = You keep { $most } UPI IDs already. Take one away first.
upi-added = 🔐 A new UPI ID was added to your account: <code>{ $vpa }</code>. Was it not you? Take it away, and write to /support.
button-upi = My UPI IDs
button-upi-add = ➕ Add a UPI ID
button-upi-remove = 🗑 Remove { $vpa }

limit-pause = You asked for a withdrawal a short while ago. The next one is possible from <b>{ $at }</b>.
limit-day = There is a limit for each day. You can ask for <b>{ $left }</b> more today; from { $at } it counts anew.
limit-month = There is a limit for each month. You can ask for <b>{ $left }</b> more this month; from { $at } it counts anew.

tax-withheld = Tax withheld (TDS): { $tds }. Paid to you: <b>{ $net }</b>
tax-without-pan = Without your PAN the law wants more tax. Add it before you confirm, and less is withheld.
tax-statement = 🧾 <b>Tax withheld (TDS)</b>
tax-year = <b>Financial year { $year }</b>: commissions { $credited }, tax withheld { $withheld }
tax-line = • <code>{ $withdrawal }</code>: { $amount } ({ $percent } % of { $base }), { $at }
tax-under-way = not paid yet
tax-none = Nothing was withheld from your withdrawals.
tax-pan-known = Your PAN is saved. Change it with /pan.
tax-pan-unknown = Your PAN is not saved: add it with /pan, and less is withheld.
tax-file = Tax withheld: { $rows ->
        [one] { $rows } row
       *[other] { $rows } rows
    }.
pan-ask = Type your PAN (like ABCPE1234F). It is stored sealed, used only for the tax on your earnings, and your message is deleted. /cancel leaves it.
pan-is = Saved now: { $pan }
pan-wrong = That is not a PAN: it has five letters, four digits and a letter, like ABCPE1234F. Type it again, or /cancel.
pan-kept = ✅ Your PAN { $pan } is saved.
pan-no-key = The shop cannot keep a PAN safely right now, so it was not saved. Please try again later, or write to /support.
button-pan = 🪪 Add my PAN

payouts-file = 🏦 <b>Payouts for the bank</b>: { $count ->
        [one] { $count } withdrawal
       *[other] { $count } withdrawals
    }, <b>{ $amount }</b> in all, less tax.
    When the bank has answered, send me its file here with the columns <code>withdrawal, status, utr, reason</code>: <code>paid</code> needs a utr, <code>failed</code> a reason.
payouts-none = No approved withdrawal waits for a new file.
payouts-given = In files given before, and not answered: { $count ->
        [one] { $count } withdrawal
       *[other] { $count } withdrawals
    }, { $amount }. Send me the bank's answer here.
payouts-given-too = In files given before, and not answered: { $count }.
payouts-left-out = Left out: { $count }. Their owners owe the shop, or a gateway pays them.
payouts-warning = ⚠️ <b>{ $count ->
        [one] { $count } withdrawal
       *[other] { $count } withdrawals
    } ({ $amount }) may be paid already</b> by a file given before. Give them again only if the bank did not take that file: otherwise they are paid twice.
payouts-left = No file was given again.
button-give-again = ⚠️ Give them again…
button-give-again-sure = ⚠️ Yes, give again

answer-how = 📥 Send me the bank's answer: CSV or XLSX with the columns <code>{ $columns }</code> in any order. It is checked first, and nothing is changed until you press Apply. /cancel leaves it.
answer-figures = <b>What would change</b>
    Paid: { $paid } ({ $paid-amount }). Failed: { $failed } ({ $failed-amount } goes back). Known already: { $before }. Wrong: { $wrong }.
answer-press = Nothing is changed yet. Apply does the good rows.
answer-nothing = There is nothing to apply.
answer-progress = ⏳ { $done } of { $of } …
answer-applied = ✅ Applied by { $by }: { $paid } paid ({ $paid-amount }), { $failed } failed ({ $failed-amount } went back).
answer-before = Done by somebody else before: { $count }.
answer-open = Not done yet: { $count }. Press Apply in the message again.
answer-refused = ⚠️ Not done: { $count }.
answer-moved = the withdrawal changed, or its UTR was used, after the file was checked: look at its card
answer-unknown = there is no withdrawal “{ $found }”
answer-status = status “{ $found }”: wanted paid or failed
answer-utr = utr “{ $found }”: a paid row needs the bank's reference, 10 to 35 letters and digits
answer-utr-used = the utr is already used for another withdrawal
answer-utr-twice = the same utr is in row { $row }
answer-no-reason = a failed row needs a reason
answer-long-reason = the reason is longer than 300 characters
answer-no-amount = amount “{ $found }” is not an amount
answer-amount = amount { $found }, but { $wanted } is to be paid
answer-upi = upi_id “{ $found }” is not the one it is to be paid to
answer-twice = the same withdrawal is in row { $row }
answer-is-asked = the withdrawal is not approved yet
answer-is-approved = the withdrawal is approved
answer-is-paid = the withdrawal is paid
answer-is-rejected = the withdrawal was rejected
answer-is-failed = the withdrawal could not be paid, and its money went back
answer-is-returned = the withdrawal came back from the bank
answer-other-utr = the withdrawal is paid already, with another utr
answer-being-paid = a gateway is paying the withdrawal

withdrawal-card-first = 👍 First approved by { $by }, { $at }.
withdrawal-card-second = A second member of staff must approve it, too.
withdrawal-card-second-nobody = ⚠️ A second member of staff must approve it, and there is none: add an admin with /staff.
withdrawal-card-in-file = 🏦 In a file for the bank: its answer is awaited.
approve-own = You approved it first: somebody else must be the second.
withdrawal-being-paid = RazorpayX is paying this withdrawal: wait until it says what became of it.
transfer-to-send = ⏳ RazorpayX is asked to pay it, by { $by }, { $at }.
transfer-not-sent = ⏳ RazorpayX could not be asked yet ({ $error }): tried again by itself. Asked for by { $by }, { $at }.
transfer-sent = ⏳ RazorpayX: { $status }. Asked for by { $by }, { $at }.
transfer-refused = ⚠️ RazorpayX did not take it: { $error }. It was not paid.
transfer-over = RazorpayX: { $status }.
button-pay-by-gateway = ⚡ Pay by RazorpayX
gateway-payout-off = RazorpayX is not set up.
gateway-payout-in-file = It is in a file that the bank was given: it may be paid by that.

usage-tds = Use: /tds YEAR, as /tds 2026 for April 2026 to March 2027
tds-none = Nothing was withheld for the financial year { $year }.
tds-no-key = A PAN was sealed under a key that is not set now (MELA_CREDENTIALS__KEY): the file was not made.
tds-sent = 🧾 Tax of { $year }: { $rows ->
        [one] { $rows } row
       *[other] { $rows } rows
    }. I sent you the file in private, because PANs are in it.
tds-unreachable = PANs are in that file, so I send it to you in private alone. Write /start to me there first.
tds-book = 🧾 Tax withheld (TDS) in the financial year { $year }: { $rows ->
        [one] { $rows } row
       *[other] { $rows } rows
    }, with PANs. Delete it when you have it.

menu-upi = The UPI IDs you are paid to
menu-payouts = Payouts as a file for the bank
