# What people are told without having asked.

joined = 🎉 <b>{ $name }</b> joined by your link.
joined-many = 🎉 { $count } people joined by your link.
earned = 💰 You earned <b>{ $amount }</b> on a sale (level { $level }). It is on hold until { $at }, then you can withdraw it.
earned-many = 💰 { $count } sales earned you <b>{ $amount }</b>. It is on hold; the first part is released { $at }.
released = ✅ <b>{ $amount }</b> is released and now withdrawable. See /wallet
released-owed = ✅ <b>{ $amount }</b> is released; { $owed } of it paid what you owed, the rest is now withdrawable. See /wallet
payment-approved = ✅ Your payment of <b>{ $amount }</b> for <code>{ $order }</code> is approved.
    { $title } is being prepared and will be sent to you here.
payment-approved-delivered = ✅ Your payment of <b>{ $amount }</b> for <code>{ $order }</code> is approved.
    { $title } is yours: the next message has it.
payment-approved-awaiting = ✅ Your payment of <b>{ $amount }</b> for <code>{ $order }</code> is approved.
    { $title } has just run out. The next one that comes is yours and will be sent to you here.
credentials = 🔑 <b>{ $title }</b> (<code>{ $order }</code>). Touch to see:
credentials-of = <b>{ $title }</b>
credentials-login = Login: <tg-spoiler>{ $value }</tg-spoiler>
credentials-password = Password: <tg-spoiler>{ $value }</tg-spoiler>
credentials-profile = Profile: <tg-spoiler>{ $value }</tg-spoiler>
credentials-pin = PIN: <tg-spoiler>{ $value }</tg-spoiler>
button-more-credentials = More ▶️
credentials-end = Keep it to yourself. “Show credentials” in /subscriptions brings it again.
stock-low = 📉 <b>{ $title }</b> (<code>{ $code }</code>): { $left } left in stock. /import stock loads more.
stock-out = 🚫 <b>{ $title }</b> (<code>{ $code }</code>) is out of stock: paid orders wait, and are served first when stock is loaded. /import stock loads more.
payment-rejected = ❌ Your payment for <code>{ $order }</code> was rejected: { $reason }.
    If you have paid, send the right 12-digit UTR or a screenshot again: press “I have paid”. The order waits until { $until }.
payment-rejected-ended = ❌ Your payment for <code>{ $order }</code> was rejected: { $reason }.
    If you have paid, press “I have paid” and send the right 12-digit UTR or a screenshot.
order-expired = ⌛ Order <code>{ $order }</code> ({ $title }) has expired unpaid. If you have paid already, press “I have paid”; else nothing is to be done.
withdrawal-approved = 👍 Your withdrawal <code>{ $withdrawal }</code> of { $amount } is approved and will be paid to <code>{ $vpa }</code>.
withdrawal-rejected = ❌ Your withdrawal <code>{ $withdrawal }</code> of { $amount } was rejected: { $reason }. The money is back in your wallet.
withdrawal-paid = ✅ Your withdrawal <code>{ $withdrawal }</code> of <b>{ $amount }</b> is paid to <code>{ $vpa }</code>. UTR: <code>{ $utr }</code>
withdrawal-returned = ⚠️ Your withdrawal <code>{ $withdrawal }</code> of { $amount } was paid, but the bank sent it back: { $reason }. The money is back in your wallet.
withdrawal-failed = ⚠️ Your withdrawal <code>{ $withdrawal }</code> of { $amount } could not be paid: { $reason }. The money is back in your wallet.
refund-made = ↩️ <b>{ $amount }</b> of your order <code>{ $order }</code> ({ $title }) is refunded: { $to }. Reason: { $reason }.
    Refund: <code>{ $refund }</code>
refund-made-whole = Your { $title } has ended with it.
refund-sent = ✅ Your refund <code>{ $refund }</code>: <b>{ $amount }</b> is sent to <code>{ $vpa }</code>. UTR: <code>{ $utr }</code>
refund-failed = ⚠️ Your refund <code>{ $refund }</code>: { $amount } could not be sent to <code>{ $vpa }</code>: { $reason }. The money is in your wallet, to spend. See /wallet
reversed = ↩️ <b>{ $amount }</b> that you earned on a sale (level { $level }) is taken back, because { $why }.
reversed-whole = the order was refunded
reversed-part = a part of the order was refunded
reversed-many = ↩️ <b>{ $amount }</b> that you earned on sales is taken back, because { $count } orders were refunded, whole or in part.
reversed-owed = { $owed } of it was withdrawn or spent before: you owe that, and it is paid first from what you earn next.
delivery = 📦 Your <b>{ $title }</b> (<code>{ $order }</code>) is below. Keep it to yourself.
