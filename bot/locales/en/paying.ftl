# The payment card, its page for phones, and what staff read beside a proof.
paying-scan = Scan with any UPI app
paying-exactly = Pay exactly <b>{ $amount }</b>, so that we find your payment by itself.
paying-gallery = UPI apps pay at most { $most } by a code from the gallery: scan this one from another screen, or copy the UPI ID and the amount.
button-copy-reference = Copy reference
button-open-upi = 📲 Open UPI app
pay-title = Pay { $amount } to { $shop }
pay-left = { $left } left
pay-open = Open UPI app
pay-or = Or open one app
pay-upi-id = UPI ID
pay-amount = Amount
pay-reference = Reference
pay-order = Order
pay-copy = Copy
pay-copied = Copied
pay-then = When you have paid, go back to the chat and press “I have paid”.
pay-scan = Or scan this from another phone.
pay-ended = This order is not waiting for a payment any more.
pay-ended-how = Please do not pay for it. The chat says how it stands.
pay-unknown = There is no such order.
evidence-after = Sent { $after } after the order.
evidence-minutes = { $minutes } min
evidence-hours = { $hours } h { $minutes } min
evidence-days = { $days ->
        [one] one day
       *[other] { $days } days
    }
evidence-same-file = ⚠️ The same picture was sent for { $orders }.
evidence-same-picture = ⚠️ The same picture, saved again or cropped, was sent for { $orders }.
evidence-older = ⚠️ The picture is older than the order: it was first sent { $at }.
evidence-year = ⚠️ The UTR does not begin with the last digit of this year, as bank references do.
