# Receipts: the paper, and how it is asked for.

button-receipt = 🧾 रसीद
receipt-file = 🧾 { $order } की { $kind } <b>{ $number }</b>
receipt-not-yet = ऑर्डर का पेमेंट होने पर रसीद मिलेगी।

receipt-receipt = रसीद
receipt-tax-invoice = टैक्स इनवॉइस
receipt-kind = रसीद
receipt-kind-tax = टैक्स इनवॉइस
receipt-gstin = GSTIN { $gstin } · { $state }
receipt-to = ख़रीदार
receipt-order = ऑर्डर
receipt-place = सप्लाई की जगह: { $state }
receipt-sac = SAC { $sac }
receipt-item = चीज़
receipt-quantity = संख्या
receipt-price = दाम
receipt-amount = रक़म
receipt-days = { $days } दिन
receipt-sum = जोड़
receipt-discount = छूट
receipt-taxable = टैक्स लगने वाली रक़म
receipt-tax = { $name } { $percent }%
receipt-total = कुल
receipt-paid = पेमेंट
receipt-by-upi = { $amount } UPI से, UTR के आख़िरी अंक { $ends }
receipt-by-upi-bare = { $amount } UPI से
receipt-by-gateway = { $amount } ऑनलाइन
receipt-by-wallet = { $amount } वॉलेट से
receipt-refunds = वापस किया गया
receipt-refund-outside = { $date }: { $amount } पेमेंट करने वाले को ({ $refund })
receipt-refund-wallet = { $date }: { $amount } वॉलेट में ({ $refund })
receipt-refunded = { $total } में से { $amount } वापस किए गए; { $left } बचे।
receipt-foot = कंप्यूटर से बनी, बिना दस्तख़त के मान्य।
receipt-foot-gst = दामों में GST शामिल है। रिवर्स चार्ज पर टैक्स: नहीं।
receipt-foot-support = कोई सवाल? { $support } को लिखें।
receipt-page = पेज { $page } / { $pages }
