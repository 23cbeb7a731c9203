# Money that is seen at the bank and at gateways: cards, queue, payments in view, what is between the shop and its bank.

menu-credits = Money that waits to be told what it is for
menu-payments = Payments that wait, and what was confirmed
credit-card = 🏦 <b>{ $amount }</b> came in
    From: { $who }
    Bank: { $bank }, reference <code>{ $reference }</code>
    When: { $at }
credit-note = Note: { $note }
credit-at-bank = the bank
credit-at-gateway = a gateway
credit-nobody-named = not named
credit-waits-unknown = ❔ It is not known what it is for.
credit-waits-late = ⌛ It came after <code>{ $order }</code> had ended ({ $due } was due).
credit-waits-double = 👥 <code>{ $order }</code> is paid already.
credit-waits-short = ⚠️ It is less than <code>{ $order }</code> costs: { $due } is due.
credit-waits-excess = ⚠️ It is more than <code>{ $order }</code> costs: { $due } is due.
credit-waits-several = ⚠️ It could be for several orders.
credit-waits-ask = ❔ It seems to be for <code>{ $order }</code> ({ $due } is due). Please say.
credit-waits-payout = ❔ It seems to be a gateway's payout, and the sum is another.
credit-too-old = ⚠️ It came before that order was placed.
credit-left = Still waits: <b>{ $left }</b>
credit-perhaps = Perhaps <code>{ $order }</code> of { $name }: { $title }, { $due } due, { $state }
credit-part-order = ✅ { $amount } for <code>{ $order }</code>, by { $by }, { $at }
credit-part-wallet = 👛 { $amount } to { $name }'s wallet, by { $by }, { $at }
credit-part-returning = ↩️ { $amount } goes back the way it was paid, by { $by }, { $at }
credit-part-back = ↩️ { $amount } sent back, reference <code>{ $reference }</code>, by { $by }, { $at }
credit-part-payout = 🏦 { $amount } is the gateway's payout <code>{ $payout }</code>, by { $by }, { $at }
credit-choose-order = Is { $amount } for <code>{ $order }</code>?
    { $title }, { $due } due, { $state }
    Customer: { $name } ({ $id })
credit-choose-wallet = Put { $amount } into the wallet of <b>{ $name }</b> ({ $id }{ $username })? They are told.
credit-ask-order = { $name }, which order is { $amount } for? Send its code (O-XXXXXXXX) as your next message here. /cancel leaves it.
credit-ask-wallet = { $name }, whose wallet is { $amount } to go to? Send a Telegram ID, @name or the code of one of their orders (O-XXXXXXXX) as your next message here. /cancel leaves it.
credit-ask-return = { $name }, send { $amount } back from your bank first. Then send the reference (UTR) of that payment as your next message here. /cancel leaves it.
credit-no-order = There is no order { $what }. Please send the code again, or /cancel.
credit-no-user = There is nobody { $what } here. Please send it again, or /cancel.
credit-nobody = This person is not here any more.
credit-order-paid = That order is paid already. Choose another, a wallet, or send the money back.
credit-order-costs-more = { $due } is due of <code>{ $order }</code>, and only { $left } is there. Send another code, or /cancel; the money can go to the customer's wallet.
credit-too-little = Less is left of this money than that order costs.
credit-sent-back = Noted: the money was sent back.
credit-why-all = to decide
credit-why-new = new
credit-why-unknown = unknown
credit-why-late = late
credit-why-double = double
credit-why-short = too little
credit-why-excess = too much
credit-why-several = several
credit-why-ask = asks
credits = <b>Money that waits</b>
credits-none = Nothing waits: every rupee that was seen is accounted for.
credits-pile = { $why }: { $count }, { $amount } at { $bank }
credits-many = 🏦 More money waits to be told what it is for: { $count }, { $amount } in all. /credits has the list.
pending-credits = Money to decide on: { $count } ({ $amount }); not for the shop, as it seems: { $others }
button-credits = 🏦 Money that waits
button-credit-order = ✅ { $order }
button-credit-order-and-wallet = ✅ { $order }, { $rest } to the wallet
button-credit-order-alone = ✅ { $order }, { $rest } waits
button-credit-other = Other order…
button-credit-wallet = 👛 To wallet…
button-credit-wallet-of = 👛 To { $name }'s wallet
button-credit-back = ↩️ Send back…

payment-card-seen = 🏦 Seen at the bank: { $amount } at { $at }, { $bank }, from { $who }
payment-card-not-seen = 🔎 Not seen at the bank yet.
payment-card-credit = none, the money was found at the bank

credit-kept-excess = 👛 <b>{ $amount }</b> was added to your wallet, because you paid more than <code>{ $order }</code> costs.
credit-kept-double = 👛 <b>{ $amount }</b> was added to your wallet, because <code>{ $order }</code> was paid already.
credit-kept-late = 👛 <b>{ $amount }</b> was added to your wallet, because it came after <code>{ $order }</code> had ended.
credit-kept-short = 👛 <b>{ $amount }</b> was added to your wallet, because it is less than <code>{ $order }</code> costs. You can pay with it.
credit-kept-unknown = 👛 <b>{ $amount }</b> that you sent us was added to your wallet, because no order was waiting for it.
credit-returning = ↩️ <b>{ $amount }</b> that you sent us is on its way back to you, the way you paid it.
credit-returned = ↩️ <b>{ $amount }</b> that you sent us was sent back to you. Reference: <code>{ $reference }</code>

watch = <b>Payments</b>
watch-awaited = Awaited: { $count }, { $amount }; the oldest since { $since }
watch-waiting = To check, { $method }: { $count }, { $amount }; the oldest since { $since }
watch-credits = Money that was seen and waits:
watch-day = <b>Confirmed in 24 hours</b>: { $count }, { $amount }
watch-days = <b>Confirmed in { $days } days</b>: { $count }, { $amount }
watch-by = { $method }, by { $by }: { $count }, { $amount }
watch-by-itself = { $method }, by itself ({ $by }): { $count }, { $amount }
watch-list-waiting = <b>Payments to check</b>, the oldest first
watch-list-confirmed = <b>Payments that were confirmed</b>, the newest first
method-upi = UPI
method-gateway = gateway
method-wallet = wallet
method-stars = Telegram Stars
button-watch-waiting = 💳 To check
button-watch-confirmed = { $days ->
        [one] ✅ Confirmed in 24 hours
       *[other] ✅ Confirmed in { $days } days
    }

clearing = { $account }: { $amount }
clearing-upi = · paid by UPI, not seen at the bank: { $count }, { $amount }
clearing-gateway = · taken by gateways: { $count }, { $amount }
clearing-gateway-credits = · seen at gateways without an order: { $count }, { $amount }
clearing-stars = · paid in Telegram Stars: { $count }, { $amount }
clearing-refunds = · given back by gateways: { $count }, { $amount }
clearing-settled = · paid out by gateways, and their fees: { $count }, { $amount }
clearing-at-bank = · waits at the bank: { $count }, { $amount }
clearing-at-gateway = · waits at gateways: { $count }, { $amount }
clearing-unexplained = 🚨 DIFFERENCE that no payment explains: { $amount }
clearing-unseen = 🔎 Approved and not seen at the bank for too long: { $count }, { $amount }
clearing-unsettled = 🔎 Taken by a gateway and not paid out for too long: { $count }, { $amount }
clearing-overdue = · { $order }: { $amount }, reference { $ending }, by { $by }, { $at }
clearing-more = · and { $count } more
clearing-no-statements = No bank statement or alert was read yet: what is paid by UPI cannot be seen.
