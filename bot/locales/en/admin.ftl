# What staff read in the admin chat.

payment-card = 💳 <b>Payment</b> for <code>{ $order }</code>
    { $title }
    Customer: { $customer } ({ $customer-id }{ $username })
    Amount: <b>{ $amount }</b>
    UTR: { $utr }
    Sent: { $at }
payment-card-photo = screenshot
payment-card-wallet = none, from the wallet
payment-card-paid-wallet = ✅ Paid from the wallet, { $at }.
payment-card-referrers = Referred by: { $level1 }
payment-card-late = ⚠️ Late: it came after the order had ended.
payment-card-rejected-before = ⚠️ { $count ->
        [one] A proof for this order was
       *[other] { $count } proofs for this order were
    } rejected before.
payment-card-approved = ✅ Approved by { $by }, { $at }.
payment-card-rejected = ❌ Rejected by { $by }, { $at }: { $reason }.
payment-card-to-deliver = 📦 To be delivered by hand.
payment-card-out-of-stock = 🚫 Out of stock: served when stock is loaded, or deliver it by hand.
payment-card-delivered = 📦 Delivered { $at }.
withdrawal-card = 🏦 <b>Withdrawal</b> <code>{ $withdrawal }</code>
    Customer: { $customer } ({ $customer-id }{ $username })
    Amount: <b>{ $amount }</b>
    UPI ID: <code>{ $vpa }</code>
    Lifetime earnings: { $lifetime }, paid out: { $paid-out }
    Asked: { $at }
withdrawal-card-owes = ⚠️ Owes { $owed }: it can only be refused.
withdrawal-card-same-vpa = ⚠️ { $count ->
        [one] Another customer
       *[other] { $count } other customers
    } asked for payouts to this UPI ID.
withdrawal-card-approved = 👍 Approved by { $by }, { $at }.
withdrawal-card-rejected = ❌ Rejected by { $by }, { $at }: { $reason }.
withdrawal-card-paid = ✅ Paid by { $by }, { $at }. UTR: <code>{ $utr }</code>
withdrawal-card-returned = ⚠️ Paid, but it came back, says { $by }, { $at }: { $reason }. UTR: { $utr }
withdrawal-card-failed = ⚠️ Could not be paid, says { $by }, { $at }: { $reason }.
payment-card-refunded = ↩️ Refunded: { $amount } (<code>{ $refund }</code>) by { $by }, { $at }.
refund-begin = ↩️ <b>Refund of order <code>{ $order }</code></b>
    { $title }
    Customer: { $customer } ({ $customer-id }{ $username })
    Paid: { $price } ({ $outside } from outside, { $wallet } from the wallet)
    Refunded before: { $refunded }
    Left: <b>{ $left }</b>
refund-ask-amount = { $name }, how much of <code>{ $order }</code> is to be refunded? Type the amount, up to { $left }, as your next message here. /cancel leaves it.
refund-amount-wrong = That is not an amount. Type a number of rupees such as 50 or 49.50, up to { $left }, or /cancel.
refund-amount-low = An amount is more than nothing. Please type it again, or /cancel.
refund-amount-high = Only { $left } is left of what was paid. Please type a smaller amount, or /cancel.
refund-where = <b>Refund { $amount } of <code>{ $order }</code></b>
    { $outside } of it was paid from outside. Where is that to go? What the wallet paid goes back to the wallet.
refund-ask-vpa = { $name }, which UPI ID is { $outside } for <code>{ $order }</code> to be sent to? Type it (like name@bank) as your next message here. /cancel leaves it.
refund-why = <b>Refund { $amount } of <code>{ $order }</code></b>: { $to }
    Why? The reason is told to the customer.
refund-confirm = <b>Refund { $amount } of <code>{ $order }</code>?</b>
    { $title }
    Customer: { $customer } ({ $customer-id }{ $username })
    Where to: { $to }
    Reason: { $reason }
    What referrers earned on this amount is taken back from them.
refund-confirm-whole = Nothing is left of the order then: the subscription ends.
refund-card = ↩️ <b>Refund</b> <code>{ $refund }</code> of <code>{ $order }</code>
    { $title }
    Customer: { $customer } ({ $customer-id }{ $username })
    Amount: <b>{ $amount }</b>
    Where to: { $to }
    Reason: { $reason }
refund-card-reversal = Taken back: { $amount } from { $name } ({ $telegram-id }), level { $level }
refund-card-made = ↩️ Refunded by { $by }, { $at }.
refund-card-to-send = 🏦 Send { $amount } to <code>{ $vpa }</code>, then press “Mark paid”.
refund-card-sent = ✅ Paid by { $by }, { $at }. UTR: <code>{ $utr }</code>
refund-card-failed = ⚠️ Could not be paid, says { $by }, { $at }: { $reason }. { $amount } is in the customer's wallet.
utr-reused = ⚠️ UTR <code>{ $utr }</code> was sent for <code>O-{ $order }</code> but belongs to <code>O-{ $first }</code>. It was refused.
alarm = 🚨 <b>Alarm</b>
    { $text }

ask-reason = { $name }, why? Send the reason for { $subject } as your next message here. It is told to the customer. /cancel leaves it.
ask-payout-utr = { $name }, send the UTR of the payout for <code>{ $subject }</code> as your next message here. /cancel leaves it.
ask-delivery = { $name }, send what the customer gets for <code>{ $subject }</code> (text, photo or file) as your next message here. It goes to the customer, protected. /cancel leaves it.
payout-utr-wrong = That is not a payout's UTR: 10 to 35 letters and digits. Please send it again, or /cancel.
payout-utr-used = This UTR is already used for another withdrawal. Please send the right one, or /cancel.
refund-ask-utr = { $name }, send the 12-digit UTR of the payout for <code>{ $subject }</code> as your next message here. /cancel leaves it.
refund-utr-wrong = That is not a UTR: it has exactly 12 digits. Please send it again, or /cancel.
refund-utr-used = This UTR is already used for another payment or payout. Please send the right one, or /cancel.
refund-not-paid = <code>{ $order }</code> is not paid: there is nothing to refund.
refund-nothing-left = <code>{ $order }</code> is refunded already, all of its { $price }:
refund-less-left = Only { $left } of <code>{ $order }</code> is left by now, so { $amount } was not refunded. Begin again with /refund { $order }
refund-not-yours = This refund was begun by someone else, or long ago. Begin your own with /refund.
reason-wrong = Please send the reason as text of at most 300 characters, or /cancel.
delivered = <code>{ $subject }</code> is delivered to the customer.
delivery-unreachable = The customer cannot be reached: they have blocked the bot. <code>{ $subject }</code> is not marked as delivered.
delivery-impossible = Telegram refused to pass this on ({ $why }). Send it in another form, or /cancel.
marked-paid = <code>{ $subject }</code> is marked paid, UTR <code>{ $utr }</code>.
taken-back = <code>{ $subject }</code>: the reason is noted, the customer is told.
cancelled-staff = All right, left as it is.
not-now = Not possible any more: see the card.
not-staff = Only the shop's staff may do that. It was recorded.
not-allowed = Your role does not allow that. It was recorded.
owes = The customer owes { $owed }: this withdrawal can only be refused.

pending = <b>Pending</b>
    Payments to check: { $payments }
    Orders to deliver: { $orders }
    Withdrawals: { $withdrawals }
    Refunds to send: { $refunds }
    Problems: { $tickets }
    A press below brings the card here again.
pending-none = <b>Pending</b>
    Nothing waits for you.
usage-order = Use: /order O-XXXXXXXX
usage-refund = Use: /refund O-XXXXXXXX
usage-user = Use: /user ID, /user @name or /user CODE
usage-staff = Use: /staff – the list; /staff add ID admin|support NAME; /staff remove ID
usage-settings = Use: /settings – all of them; /settings KEY VALUE – change one, for example <code>/settings commissions.hold 48h</code>
no-order = There is no order { $what }.
no-user = There is nobody { $what } here.
order-report = <b>Order <code>{ $order }</code></b>
    { $title }: price { $price }, cost { $cost }
    Customer: { $customer } ({ $customer-id }{ $username })
    State: { $state }
    Placed: { $placed }
order-report-payment = Payment { $number }: { $proof }, { $state }, { $at }{ $reason }
user-report = <b>{ $name }</b> ({ $telegram-id }{ $username })
    Code: <code>{ $code }</code>, joined { $joined-at }{ $reachable }
    Referred by: { $referrer }
    Orders: { $placed } placed, { $paid } paid
    Brought: { $joined } joined, { $bought } bought
    Earned: level 1 { $level1 }, level 2 { $level2 }
    To spend: { $spend }
    Withdrawable: { $withdrawable }
    On hold: { $held }
    Being withdrawn: { $withdrawing }
    Owed: { $owed }
user-unreachable = , has blocked the bot
nobody = nobody
stats = <b>{ $shop } in numbers</b>
stats-part = <b>{ $period }</b>
    Joined: { $joined } ({ $by-link } by a link)
    Orders: { $placed } placed, { $paid } paid
    Sales: { $sales }, cost { $cost }, commissions { $commissions }
    Left after both: { $margin }
    Paid out: { $paid-out }
period-today = Today
period-week = Last 7 days
period-month = Last 30 days
period-all = Since the beginning
settings = <b>Settings</b>
settings-line = <code>{ $key }</code> = { $value }{ $origin }
origin-default = {""}
origin-file = {" "}(settings.toml)
origin-admin = {" "}(changed here)
origin-environment = {" "}(fixed by the environment)
setting-changed = <code>{ $key }</code>: { $old } → <b>{ $new }</b>. What waits already keeps what it was made with.
setting-unknown = There is no setting <code>{ $key }</code>. /settings lists them.
setting-fixed = <code>{ $key }</code> is fixed: it comes from the environment, or is read at the start or outside the chat only.
setting-wrong = Not changed. { $why }
staff = <b>Staff</b>
staff-owner = Owner: { $id }
staff-line = { $name } ({ $id }): { $role }
staff-added = { $name } ({ $id }) is { $role } now.
staff-removed = { $id } is not staff any more.
staff-not = { $id } is not staff.
staff-is-owner = The owner is named in the settings and cannot be changed here.
usage-statement = Use: /statement ACCOUNT for one of the shop's: { $shop }; /statement WHO ACCOUNT for a customer's: { $own }
usage-reconcile = Use: /reconcile – the trial balance and the proof of now; /reconcile YYYY-MM-DD – the trial balance at the end of that day
the-shop = the shop
account-statement = <b>{ $account }</b> of { $owner }: { $balance }
account-line = { $at } · { $movement } · { $what }: { $amount } → { $after }
trial = <b>Trial balance</b> (debits less credits)
trial-at = <b>Trial balance</b> of { $at } (debits less credits)
trial-line = { $account }: { $amount } ({ $entries ->
        [one] { $entries } entry
       *[other] { $entries } entries
    })
trial-sum = sum: { $sum }
proof-empty = ✅ The proof is empty: the books are right.
proof-line = 🚨 { $problem }: { $subject } ({ $detail })
digest-line = Sealed through transaction { $through }: <code>{ $digest }</code>
daily-report = <b>{ $day }</b>
    Joined: { $joined } ({ $by-link } by a link)
    Orders: { $placed } placed, { $paid } paid
    Sales: { $sales }, cost { $cost }, commissions { $commissions }
    Left after both: { $margin }
    Paid out: { $paid-out }
released-now = Released { $amount } for { $people ->
        [one] one person
       *[other] { $people } people
    } ({ $commissions ->
        [one] { $commissions } commission
       *[other] { $commissions } commissions
    }).
released-none = Nothing is due for release now.
admin-help = <b>What staff can do here</b>
    /pending – what waits for you, with its cards
    /payments – payments that wait, and what was confirmed by whom
    /credits – money that came and waits to be told what it is for
    /payouts – approved withdrawals as a file for the bank, and its answer
    /order O-… – one order
    /refund O-… – give an order's money back, all or a part
    /user ID, @name or code – one customer
    /tree ID, @name or code – who brought them, and whom they brought
    /fraud – what looks like fraud; /fraud ID – what is known against a person
    /flag ID REASON – hold what a person has; /block ID REASON, /unblock ID – they neither earn nor withdraw
    /credit WHO AMOUNT REASON, /debit … – put money into a customer's wallet, or take it out
    /coupon – codes that take something off
    /referrers – who sells most by their link this month
    /campaign – links of the shop's own, and what they brought
    /contest – contests with prizes for who sells most by their link
    /products – what is for sale: see, change, create, give a picture, put in order
    /import products – many at once from a spreadsheet; /import stock – accounts that are delivered at payment; /import statement – what came to the bank
    /export products – all of them as a spreadsheet
    /stats – the shop in numbers
    /stock – what is left of plans that are delivered from stock
    /statement – any account, line by line, and as a file
    /reconcile – the trial balance and the proof of the books
    /tds YEAR – tax withheld in a financial year, as a file (the owner)
    /settings – all settings; /settings KEY VALUE changes one
    /staff – who may do what
    /release – release what is due now
    /erase ID – delete a person's account on their request (the owner)
    /id – this chat's id and yours
    /help – this
admin-unknown-command = I do not know that command here. See /help.
chat-id = This chat: <code>{ $chat }</code>
    You: <code>{ $user }</code>
no-rights = 🚨 I cannot read what you answer me here: make me an administrator of this group, or turn my privacy mode off with @BotFather.

button-approve = ✅ Approve
button-reject = ❌ Reject
button-deliver = 📦 Deliver
button-mark-paid = ✅ Mark paid
button-could-not-pay = ⚠️ Could not pay
button-other = Other…
button-refund-all = Refund all { $amount }
button-refund-part = A part…
button-refund-wallet = To the wallet
button-refund-upi = By UPI
button-refund-confirm = Confirm refund
reason-not-working = the plan did not work
reason-not-delivered = it could not be delivered
reason-mistake = it was bought by mistake
reason-not-received = the money was not received
reason-amount = the amount does not match
reason-unreadable = the proof cannot be read
reason-reused = the proof was used before
reason-vpa = the UPI ID is not valid
reason-fraud = the account is being reviewed
reason-bank = the bank refused the payout
payment-state-confirmed = approved
payment-state-rejected = rejected
role-admin = admin
role-support = support
button-card = Show card
