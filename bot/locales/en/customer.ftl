# What customers read. Tags are Telegram's HTML; every argument is escaped before it comes here.

home = <b>{ $shop }</b>
    Hello { $name }! Streaming plans at a fair price, paid by UPI, delivered in this chat.
home-invited = You were invited by <b>{ $referrer }</b>.
home-unknown-code = That invitation link is not one of ours, so nobody is noted as having invited you.
home-own-code = That is your own link: share it with friends, you cannot invite yourself.
home-already-known = You are with us already: an invitation counts only the first time somebody writes.

plans = <b>Plans</b>
    Choose one to see what is in it.
plans-empty = <b>Plans</b>
    Nothing is for sale at the moment. Please look in again later.
plan-out-of-stock = 🚫 Out of stock at the moment.
button-credentials = 🔑 Show credentials
credentials-told = 🔑 <b>{ $title }</b> (<code>{ $order }</code>) was delivered. “Show credentials” in /subscriptions brings it again.
credentials-unready = This cannot be opened right now. The shop has been told; try again later.
plan = <b>{ $title }</b>
    { $description }

    Price: <b>{ $price }</b>
    Period: { $days ->
        [one] { $days } day
       *[other] { $days } days
    }
    Screens: { $screens }
plan-in-stock = In stock
plan-gone = This plan is not for sale any more.

payment = <b>Pay { $amount } by UPI</b>
    Order: <code>{ $order }</code> ({ $title })
    Amount: <b>{ $amount }</b> exactly
    Pay to: <code>{ $payee }</code> ({ $payee-name })
    Time left: { $left } (until { $until })

    Scan the code with any UPI app, or copy the UPI ID. Then press “I have paid”.
payment-left = { $minutes } min
payment-again = You have this order open already.
payment-ask = <b>Order { $order }: { $amount }</b>
    Send the 12-digit UTR (the UPI or bank reference number that your app shows for this payment), or a screenshot of the payment, as the next message.
payment-no-payee = The shop cannot take payments at the moment. Please try again later.
proof-taken = Thank you! Your payment of { $amount } for <code>{ $order }</code> is being checked. You will be told here, usually within a few minutes.
proof-taken-late = Thank you! The time for <code>{ $order }</code> was over, but your payment of { $amount } is being checked all the same. You will be told here.
proof-which = Which order is this payment for?
proof-which-gone = That proof is not waiting any more. Please send it again.
utr-malformed = That is not a UTR: it has exactly 12 digits. Look for “UTR”, “UPI Ref. No.” or “RRN” in your UPI app and send the number, or send a screenshot. /cancel leaves it.
utr-used = This UTR is already used for another order, so it cannot pay for <code>{ $order }</code>. Check the number and send the right one, or write to support if you are sure.
proof-not-picture = Please send the screenshot as a photo, or type the 12-digit UTR. /cancel leaves it.
proof-in-review = Your payment for <code>{ $order }</code> is already being checked. You will be told here.
proof-paid = <code>{ $order }</code> is paid already.
proof-no-order = There is no order of yours that waits for a payment. Choose a plan first: /plans

orders = <b>My orders</b>
orders-empty = <b>My orders</b>
    No orders yet.
order = <b>Order <code>{ $order }</code></b>
    { $title }
    { $price }
    State: { $state }
    Placed: { $placed }
order-cancelled = Order <code>{ $order }</code> is cancelled. Nothing is to be paid. If you have paid already, press “I have paid”.
order-not-cancellable = This order cannot be cancelled any more: it is { $state }.
order-unknown = No such order among yours.
state-awaiting = waiting for payment, until { $until }
state-in-review = payment being checked
state-paid = paid, being prepared for you
state-awaiting-stock = paid, waiting for stock: the next one is yours
state-delivered = delivered { $at }
state-expired = expired unpaid
state-cancelled = cancelled
state-refunded = refunded
refund-line = ↩️ <code>{ $refund }</code>: { $amount } refunded ({ $to }), { $state }
refund-state-done = done
refund-state-to-send = to be sent
refund-state-sent = sent, UTR { $utr }
refund-state-failed = not sent ({ $reason }), so it is in the wallet
refund-to-credit = { $amount } to the wallet, to spend
refund-to-earned = { $amount } to the wallet, withdrawable
refund-to-gateway = { $amount } back the way it was paid
refund-to-upi = { $amount } by UPI to { $vpa }

wallet = <b>Wallet</b>
    To spend: { $spend }
    Withdrawable: { $withdrawable }
    On hold: { $held }
    Being withdrawn: { $withdrawing }
wallet-next = Next release: { $amount } on { $at }
wallet-owed = Owed: { $owed } (paid first from what you earn next)
statement = <b>Statement</b>, newest first
statement-empty = <b>Statement</b>
    Nothing has moved yet.
statement-line = { $at } · { $what }: <b>{ $amount }</b> → { $after }

refer = <b>Refer &amp; earn</b>
    Your link: { $link }

    You earn <b>{ $earn1 }</b> when a friend buys the { $plan }, and <b>{ $earn2 }</b> when their friends do.

    Opened: { $opened }
    Joined: { $joined }
    Bought: { $bought }
    Earned on level 1: { $level1 }
    Earned on level 2: { $level2 }
refer-share = Streaming plans at a fair price, paid by UPI, delivered in Telegram:

earnings = <b>Earnings</b>, newest first
earnings-empty = <b>Earnings</b>
    Nothing yet. Share your link: /refer
earnings-line = { $amount } · level { $level } · { $state }
earning-held = held until { $at }
earning-available = available since { $at }
earning-reversed = reversed

withdraw-below = The least withdrawal is <b>{ $minimum }</b>. You have { $available } withdrawable, so { $missing } is missing.
withdraw-ask-vpa = <b>Withdraw</b>
    You have { $available } withdrawable. Which UPI ID should it be paid to? Type it (like name@bank).
withdraw-vpa-email = That looks like an e-mail address, not a UPI ID. A UPI ID is like name@okhdfcbank, without a dot after the @. Please type your UPI ID, or /cancel.
withdraw-vpa-wrong = That is not a UPI ID. It is like name@bank: letters, digits, dots and dashes, one @. Please type your UPI ID, or /cancel.
withdraw-ask-amount = Paid to <code>{ $vpa }</code>. What amount? Type a number of rupees from { $minimum } to { $available }, or press the button.
withdraw-amount-wrong = That is not an amount. Type a number of rupees such as 500 or 750.50, or /cancel. You can withdraw from { $minimum } to { $available }.
withdraw-amount-fine = Rupees have at most two decimals. Please type the amount again, or /cancel.
withdraw-amount-low = The least withdrawal is { $minimum }. Please type a larger amount, or /cancel.
withdraw-amount-high = You can withdraw { $available } at most now. Please type a smaller amount, or /cancel.
withdraw-confirm = <b>Withdraw { $amount }</b> to <code>{ $vpa }</code>?
    Check the UPI ID letter by letter: money sent to a wrong one cannot be called back. Press “Confirm”.
withdraw-asked = Withdrawal <code>{ $withdrawal }</code> is asked for: { $amount } to <code>{ $vpa }</code>.
    The amount is set aside for you. You will be told here at each step.
withdraw-now-less = You can withdraw { $available } now, so this withdrawal of { $amount } was not asked for. Nothing has changed.
withdraw-dropped = Nothing was withdrawn.

help = <b>What I can do</b>
    /plans – choose a plan and buy it
    /cart – several plans in one payment, and coupons
    /orders – your orders
    /subscriptions – what you have, until when; renew it, report a problem
    /wallet – your money here: add some, see its statement
    /refer – your link, and what it has earned
    /leaderboard – who sells most by their link, and contests
    /earnings – every commission
    /withdraw – have your earnings paid to your UPI ID
    /upi – the UPI IDs you are paid to; /tds – tax withheld
    /notifications – what you were told, and what you want to be told
    /language – English or हिन्दी
    /privacy – what is kept of you; download it, or delete your account
    /support – reach a person; /paysupport – help with a payment
    /terms – the shop's terms
    /cancel – leave a question open no more
support = <b>Support</b>
    Write to { $contact }. Name your order (O-…) or withdrawal (W-…) so that we find it at once.
support-none = <b>Support</b>
    The shop's owner has not named a contact yet. Your orders and withdrawals are safe: staff see each of them.
cancelled = All right, the question is dropped. Nothing was changed.
cancel-nothing = There is nothing to cancel.
unexpected = I did not expect a message here. Choose below, or see /help.
unknown-command = I do not know that command. See /help.
stale = This button is from an older screen and does nothing any more.
failed = Sorry, something went wrong with that on our side. Nothing was changed by it; please try again, or see /help.

button-plans = 🛍 Plans
button-orders = 🧾 My orders
button-wallet = 👛 Wallet
button-refer = 🎁 Refer & earn
button-help = ❓ Help
button-back = ‹ Back
button-home = ‹ Back to Home
button-buy = Buy now · { $price }
button-paid = ✅ I have paid
button-pay = Show payment
button-copy-upi = 📋 Copy UPI ID
button-copy-amount = 📋 Copy amount
button-cancel-order = Cancel order
button-order = { $order } · { $title } · { $state }
button-statement = Statement
button-withdraw = Withdraw
button-earnings = Earnings
button-file = As a file (CSV)
statement-file = The statement, { $lines ->
        [one] { $lines } line
       *[other] { $lines } lines
    }, newest first.
button-share = Share
button-older = Older ›
button-newer = ‹ Newer
button-vpa = Use { $vpa }
button-all = Withdraw all ({ $amount })
button-confirm = Confirm
button-drop = Cancel
short-awaiting = to pay
short-in-review = being checked
short-paid = paid
short-awaiting-stock = waiting for stock
short-delivered = delivered
short-expired = expired
short-cancelled = cancelled
short-refunded = refunded

movement-order_reserved = set aside
movement-order_unreserved = given back
movement-order_paid = sale
movement-commissions_released = release
movement-commission_cancelled = commission cancelled
movement-withdrawal_asked = withdrawal
movement-withdrawal_refused = withdrawal refused
movement-withdrawal_paid = withdrawal paid
movement-withdrawal_returned = withdrawal came back
movement-top_up = money added
movement-order_refunded = refund
movement-refund_sent = refund sent
movement-refund_failed = refund not sent
movement-credit_assigned = money matched
movement-prize_given = prize
movement-adjusted = put right by staff
account-credit = credit
account-held = on hold
account-earned = withdrawable
account-reserved = reserved
account-withdrawing = being withdrawn
account-refunding = being refunded
account-owed = owed
