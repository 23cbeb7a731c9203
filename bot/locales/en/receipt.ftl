# Receipts: the paper, and how it is asked for.

button-receipt = 🧾 Receipt
receipt-file = 🧾 { $kind } <b>{ $number }</b> for { $order }
receipt-not-yet = There is a receipt when the order is paid.

receipt-receipt = RECEIPT
receipt-tax-invoice = TAX INVOICE
receipt-kind = Receipt
receipt-kind-tax = Tax invoice
receipt-gstin = GSTIN { $gstin } · { $state }
receipt-to = BILLED TO
receipt-order = ORDER
receipt-place = Place of supply: { $state }
receipt-sac = SAC { $sac }
receipt-item = ITEM
receipt-quantity = QTY
receipt-price = PRICE
receipt-amount = AMOUNT
receipt-days = { $days } days
receipt-sum = Sum
receipt-discount = Discount
receipt-taxable = Taxable value
receipt-tax = { $name } { $percent }%
receipt-total = Total
receipt-paid = PAID
receipt-by-upi = { $amount } by UPI, reference (UTR) ending in { $ends }
receipt-by-upi-bare = { $amount } by UPI
receipt-by-gateway = { $amount } on-line
receipt-by-wallet = { $amount } from the wallet
receipt-refunds = GIVEN BACK
receipt-refund-outside = { $date }: { $amount } to the payer ({ $refund })
receipt-refund-wallet = { $date }: { $amount } to the wallet ({ $refund })
receipt-refunded = { $amount } of { $total } was given back; { $left } remains.
receipt-foot = Made by computer, valid without a signature.
receipt-foot-gst = Prices include GST. Tax payable on reverse charge: no.
receipt-foot-support = Questions? Write to { $support }.
receipt-page = Page { $page } of { $pages }
