# The cart, coupons and what is paid from the wallet, as customers read them.

cart = 🛒 <b>आपका कार्ट</b>
cart-empty = 🛒 <b>आपका कार्ट</b>
    यह ख़ाली है। कोई प्लान खोलें और “कार्ट में डालें” दबाएँ।
cart-line = • { $title }: { $quantity } × { $price } = <b>{ $total }</b>
cart-line-waits = • { $title }: { $quantity } × { $price } = <b>{ $total }</b>
    🚫 स्टॉक में नहीं: पेमेंट के बाद, आते ही भेजा जाएगा।
cart-line-gone = • { $title }: अब बिक्री में नहीं है, कृपया इसे निकाल दें
cart-coupon = कूपन <code>{ $code }</code>: −{ $off }
cart-coupon-not = कूपन <code>{ $code }</code>: { $why }
cart-to-pay = चुकाने हैं: <b>{ $amount }</b>
cart-changed = ⚠️ { $why } कूपन हटा दिया गया; कृपया रकम एक बार फिर देख लें।
cart-empty-alert = आपका कार्ट ख़ाली है।
cart-gone = { $title } अब बिक्री में नहीं है। कृपया इसे कार्ट से निकाल दें।
cart-full = एक ऑर्डर में ज़्यादा से ज़्यादा { $most } आते हैं। पहले यह ऑर्डर करें, फिर दूसरा शुरू करें।
coupon-ask = कूपन का कोड भेजें। /cancel से छोड़ सकते हैं।
coupon-try-again = { $why } कोड जाँचकर फिर भेजें; /cancel से छोड़ सकते हैं।
coupon-unknown = ऐसा कोई कूपन नहीं है।
coupon-not-yet = यह कूपन { $from } से चलेगा।
coupon-over = यह कूपन { $until } तक चला था।
coupon-used-up = यह कूपन पूरा इस्तेमाल हो चुका है।
coupon-used-before = आप यह कूपन पहले इस्तेमाल कर चुके हैं।
coupon-first-order = यह कूपन सिर्फ़ पहले ऑर्डर के लिए है।
coupon-not-for-these = आपके कार्ट में जो है उस पर यह कूपन छूट नहीं देता।
plan-price-line = { $least } या ज़्यादा लेने पर { $price } प्रति प्लान
plan-price-until = { $until } तक ऑफ़र, { $price } की जगह
order-items = { $quantity } × { $title }: { $total }
order-discount = कूपन: −{ $off }
wallet-short = अब आपके वॉलेट में इतने पैसे नहीं हैं।

button-cart = 🛒 कार्ट
button-add-to-cart = 🛒 कार्ट में डालें
button-check-out-gift = 🎁 गिफ़्ट में ख़रीदें
button-check-out = ✅ ऑर्डर करें · { $amount }
button-take-out = 🗑 { $title } हटाएँ
button-coupon = 🏷 कूपन लगाएँ
button-remove-coupon = 🏷 कूपन हटाएँ
button-empty-cart = 🗑 कार्ट ख़ाली करें
button-pay-wallet = 👛 वॉलेट से { $amount } चुकाएँ
