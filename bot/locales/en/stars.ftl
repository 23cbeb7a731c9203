# Telegram Stars.
button-pay-stars = Pay with ⭐ { $stars }
stars-description = { $title }, order { $order }. It is confirmed as soon as you have paid.
stars-no-unknown = This invoice is not of an order here any more. Please order again.
stars-no-not-yours = This is somebody else's order. Please order your own.
stars-no-paid = This order is paid already.
stars-no-in-review = A payment of this order is being checked. Please wait for that.
stars-no-over = This order has ended. Please order again.
stars-no-changed = What is to be paid for this order has changed. Open it with /orders and pay as it says.
stars-wait = ⭐ Your { $stars } Stars have come, and their order does not need them any more. A person looks at it and gives them back or uses them for you. See /paysupport
stars-go-back = ⭐ Your { $stars } Stars came for no order that is known here. They are sent back to you.
payment-card-stars = none, in Telegram Stars
button-refund-stars = Back, ⭐ { $stars }
refund-to-stars = { $amount } back in Telegram Stars
field-stars = Stars
rule-stars = a whole number of Telegram Stars from 1 to 100000, or - where it is not sold for Stars
product-stars = ⭐ In Telegram Stars: { $stars }
paysupport = <b>Help with a payment</b>
    Write to { $contact } and name the order (O-…), or open it with /orders. That goes for every way to pay, Telegram Stars too: what was paid and not delivered is delivered or given back. Telegram's own support cannot help with purchases made here.
paysupport-none = <b>Help with a payment</b>
    Open the order with /orders: staff see every payment, and what was paid and not delivered is delivered or given back. If what you bought does not work, press “Report a problem” in /subscriptions. Telegram's own support cannot help with purchases made here.
terms = <b>Terms of { $shop }</b>
    You buy access to a plan for the time that it names. It is for you: please do not pass it on. What you pay is shown before you pay.
    Refunds: { $refunds }
    Money that you add to your wallet is spent here. Help with a payment: /paysupport. What is kept of you: /privacy.
terms-refunds = what cannot be delivered, or does not work and cannot be replaced, is given back. Write to us through /support.
terms-more = The whole of them: { $url }
