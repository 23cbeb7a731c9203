button-pay-online = 💳 ऑनलाइन भुगतान करें
button-pay-online-by = 💳 ऑनलाइन भुगतान करें ({ $gateway })
button-open-payment = 💳 भुगतान पेज खोलें
button-open-payment-by = 💳 भुगतान पेज खोलें ({ $gateway })
payment-online = <b>{ $amount } का ऑनलाइन भुगतान करें</b>
    ऑर्डर: <code>{ $order }</code> ({ $title })
    राशि: <b>{ $amount }</b>
    बचा समय: { $left } ({ $until } तक)
payment-online-confirms = ऑनलाइन भुगतान करने पर ऑर्डर अपने आप पक्का हो जाता है: यहाँ कुछ भेजने की ज़रूरत नहीं है।
payment-online-away = भुगतान पेज अभी नहीं बन पाया। कृपया एक मिनट बाद फिर कोशिश करें।
payment-online-refused = इस ऑर्डर के लिए भुगतान पेज नहीं बन सकता। कृपया किसी और तरीके से भुगतान करें, या सपोर्ट को लिखें।
button-refund-back = जिस तरह भुगतान हुआ, उसी तरह वापस
refund-state-returning = रास्ते में
refund-state-returned = जिस तरह भुगतान हुआ, उसी तरह वापस भेजा गया
refund-state-not-returned = नहीं भेजा जा सका, इसलिए वॉलेट में है
refund-card-returning = ⏳ { $amount } गेटवे से वापस जाना है; यह अपने आप जाएगा।
refund-card-sent-back = ⏳ { $amount } गेटवे के पास है, वापसी के रास्ते में।
refund-card-returned = ✅ गेटवे ने { $amount } वापस भेज दिए।
refund-card-not-returned = ⚠️ गेटवे { $amount } वापस नहीं भेज सका: { $reason }। यह ग्राहक के वॉलेट में है।
refund-card-trouble = पिछली कोशिश सफल नहीं हुई: { $reason }। फिर कोशिश होगी।
refund-returned = ✅ आपका रिफ़ंड <code>{ $refund }</code>: <b>{ $amount }</b> उसी तरह वापस भेजा गया जिस तरह आपने भुगतान किया था। आपके बैंक में दिखने में कुछ दिन लग सकते हैं।
refund-not-returned = ⚠️ आपका रिफ़ंड <code>{ $refund }</code>: { $amount } उसी तरह वापस नहीं भेजा जा सका। पैसे आपके वॉलेट में हैं, खर्च करने के लिए। देखें /wallet
