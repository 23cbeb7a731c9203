# What a person has, and until when.

menu-subscriptions = What you have, until when
button-subscriptions = 📺 My subscriptions
button-subscription = 📺 Show
button-renew = 🔁 Renew
button-renew-for = 🔁 Renew · { $price }
button-report = 🛠 Report a problem
button-auto-on = Renew automatically: off
button-auto-off = Renew automatically: on
left-today = ends today
left-tomorrow = ends tomorrow
left-days = { $days } days left
left-over = ended
left-cancelled = cancelled
subscriptions = <b>My subscriptions</b>
subscriptions-empty = <b>My subscriptions</b>
    Nothing yet. Choose a plan: /plans
subscription = 📺 <b>{ $title }</b>
    { $standing }
    Until: { $until }
subscription-ended = It ended before its time: { $reason }
subscription-renewed = Renewed: { $times } ×
subscription-waits = ⏳ Waiting for stock: the next one that comes is yours.
subscription-auto = On its last day it is renewed from your wallet, at the price of that day, when the wallet covers it.
subscription-unknown = No such subscription among yours.
subscription-nothing = There is nothing to show for it now.
subscription-cancelled = It was refunded and cannot be renewed. Choose a plan: /plans
subscription-too-late = It ended too long ago to be renewed. Choose a plan: /plans
plan-ends-tomorrow = ⏰ Your <b>{ $title }</b> ends tomorrow: { $until }.
plan-ends-today = ⏰ Your <b>{ $title }</b> ends today: { $until }.
plan-ended = ⏰ Your <b>{ $title }</b> has ended: { $until }.
plan-ends-auto = It is renewed from your wallet on that day, when the wallet covers it.
auto-renew-missing = 👛 Your <b>{ $title }</b> (until { $until }) was to be renewed from your wallet for { $price }, but <b>{ $missing }</b> is missing. It is tried again each day until a day after its end; or press Renew and pay by UPI.
order-unpaid = ⏳ Your order <code>{ $order }</code> ({ $title }, { $amount }) expires at { $until }. Pay it now, or leave it.
payment-renewed = ✅ Your payment of <b>{ $amount }</b> for <code>{ $order }</code> is approved.
    { $title } is renewed and runs until { $until }.
renewed-from-wallet = It was paid from your wallet.
renewed-same = Your login stays the same.
renewed-new = The next message has your new login.
renewed-waits = The account that you have does not last that long. The next one that comes is yours and will be sent to you here.
renewed-by-hand = If anything changes for you, it will be sent to you here.
payment-card-renewal = 🔁 A renewal

gift = 🎁 <b>{ $name }</b> gave you <b>{ $title }</b>. It is yours from now on, and its time begins today.
gift-unknown = There is no such gift. Ask whoever gave it to you for the link once more.
gift-own = This gift is from you: forward its link to whom it is for.
gift-not-paid = This gift is not paid yet. Try its link again later.
gift-refunded = This gift was given back.
gift-taken = Somebody else has opened this gift.
gift-link = 🎁 A gift that nobody has opened yet. Forward this link to whom it is for: { $link }
    Whoever opens it first has it, and its time begins then.
gift-is-opened = 🎁 A gift that was opened.
gift-share = A gift for you:
gift-ended = 🎁 The gift <b>{ $title }</b> was refunded to whoever gave it, and has ended.
gift-opened = 🎁 <b>{ $name }</b> opened your gift { $title } (<code>{ $order }</code>).
gift-not-opened = This is a gift that nobody has opened yet: there is nobody to deliver it to.
payment-approved-gift = ✅ Your payment of <b>{ $amount }</b> for <code>{ $order }</code> is approved.
    { $title } is a gift: your order has the link to forward.
payment-card-gift = 🎁 A gift that was opened
payment-card-gift-unopened = 🎁 A gift, not opened yet
button-gift = 🎁 The gift's link
