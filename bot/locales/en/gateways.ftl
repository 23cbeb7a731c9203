button-pay-online = 💳 Pay online
button-pay-online-by = 💳 Pay online ({ $gateway })
button-open-payment = 💳 Open the payment page
button-open-payment-by = 💳 Open the payment page ({ $gateway })
payment-online = <b>Pay { $amount } online</b>
    Order: <code>{ $order }</code> ({ $title })
    Amount: <b>{ $amount }</b>
    Time left: { $left } (until { $until })
payment-online-confirms = Paid online, the order is confirmed by itself: there is nothing to send here.
payment-online-away = The payment page cannot be made just now. Please try again in a minute.
payment-online-refused = The payment page cannot be made for this order. Please pay another way, or write to support.
button-refund-back = Back the way it was paid
refund-state-returning = on its way
refund-state-returned = sent back the way it was paid
refund-state-not-returned = not sent, so it is in the wallet
refund-card-returning = ⏳ { $amount } is to go back through the gateway; it goes by itself.
refund-card-sent-back = ⏳ { $amount } is with the gateway, on its way back.
refund-card-returned = ✅ { $amount } is sent back by the gateway.
refund-card-not-returned = ⚠️ The gateway could not send { $amount } back: { $reason }. It is in the customer's wallet.
refund-card-trouble = The last try did not work: { $reason }. It is tried again.
refund-returned = ✅ Your refund <code>{ $refund }</code>: <b>{ $amount }</b> is sent back the way you paid. Your bank may take some days to show it.
refund-not-returned = ⚠️ Your refund <code>{ $refund }</code>: { $amount } could not be sent back the way you paid. The money is in your wallet, to spend. See /wallet
