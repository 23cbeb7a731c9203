# What people are told without having asked.

joined = 🎉 <b>{ $name }</b> आपके लिंक से जुड़े।
joined-many = 🎉 आपके लिंक से { $count } लोग जुड़े।
earned = 💰 एक बिक्री (लेवल { $level }) पर आपने <b>{ $amount }</b> कमाए। ये { $at } तक होल्ड पर हैं, उसके बाद निकाल सकते हैं।
earned-many = 💰 { $count } बिक्रियों से आपने <b>{ $amount }</b> कमाए। ये होल्ड पर हैं; पहला हिस्सा { $at } को छूटेगा।
released = ✅ <b>{ $amount }</b> होल्ड से छूट गए और अब निकाले जा सकते हैं। /wallet देखें
released-owed = ✅ <b>{ $amount }</b> होल्ड से छूट गए; इनमें से { $owed } से आपका बक़ाया चुका, बाक़ी अब निकाले जा सकते हैं। /wallet देखें
payment-approved = ✅ <code>{ $order }</code> के लिए आपका <b>{ $amount }</b> का पेमेंट मंज़ूर हो गया।
    { $title } तैयार हो रहा है और यहीं भेजा जाएगा।
payment-approved-delivered = ✅ <code>{ $order }</code> के लिए आपका <b>{ $amount }</b> का पेमेंट मंज़ूर हो गया।
    { $title } आपका हुआ: वह अगले मैसेज में है।
payment-approved-awaiting = ✅ <code>{ $order }</code> के लिए आपका <b>{ $amount }</b> का पेमेंट मंज़ूर हो गया।
    { $title } अभी-अभी ख़त्म हुआ है। जो अगला आएगा वह आपका है और यहीं भेजा जाएगा।
credentials = 🔑 <b>{ $title }</b> (<code>{ $order }</code>)। देखने के लिए छुएँ:
credentials-of = <b>{ $title }</b>
credentials-login = लॉगिन: <tg-spoiler>{ $value }</tg-spoiler>
credentials-password = पासवर्ड: <tg-spoiler>{ $value }</tg-spoiler>
credentials-profile = प्रोफ़ाइल: <tg-spoiler>{ $value }</tg-spoiler>
credentials-pin = PIN: <tg-spoiler>{ $value }</tg-spoiler>
button-more-credentials = और दिखाएँ ▶️
credentials-end = इसे अपने तक रखें। /subscriptions में “लॉगिन जानकारी देखें” दबाने से यह फिर दिखेगा।
stock-low = 📉 <b>{ $title }</b> (<code>{ $code }</code>): स्टॉक में { $left } बचे हैं। /import stock से और भरें।
stock-out = 🚫 <b>{ $title }</b> (<code>{ $code }</code>) का स्टॉक ख़त्म: चुकाए हुए ऑर्डर इंतज़ार में हैं और स्टॉक आते ही पहले उन्हें मिलेगा। /import stock से और भरें।
payment-rejected = ❌ <code>{ $order }</code> का आपका पेमेंट नामंज़ूर हुआ: { $reason }।
    अगर आपने पेमेंट किया है तो “मैंने पेमेंट कर दिया” दबाकर 12 अंकों का सही UTR या स्क्रीनशॉट फिर भेजें। ऑर्डर { $until } तक इंतज़ार करेगा।
payment-rejected-ended = ❌ <code>{ $order }</code> का आपका पेमेंट नामंज़ूर हुआ: { $reason }।
    अगर आपने पेमेंट किया है तो “मैंने पेमेंट कर दिया” दबाएँ और 12 अंकों का सही UTR या स्क्रीनशॉट भेजें।
order-expired = ⌛ ऑर्डर <code>{ $order }</code> ({ $title }) का समय बिना पेमेंट के पूरा हो गया। अगर पेमेंट कर चुके हैं तो “मैंने पेमेंट कर दिया” दबाएँ; नहीं तो कुछ नहीं करना है।
withdrawal-approved = 👍 आपकी { $amount } की निकासी <code>{ $withdrawal }</code> मंज़ूर हो गई और <code>{ $vpa }</code> पर भेजी जाएगी।
withdrawal-rejected = ❌ आपकी { $amount } की निकासी <code>{ $withdrawal }</code> नामंज़ूर हुई: { $reason }। पैसे आपके वॉलेट में वापस आ गए हैं।
withdrawal-paid = ✅ आपकी <b>{ $amount }</b> की निकासी <code>{ $withdrawal }</code> <code>{ $vpa }</code> पर भेज दी गई। UTR: <code>{ $utr }</code>
withdrawal-returned = ⚠️ आपकी { $amount } की निकासी <code>{ $withdrawal }</code> भेजी गई थी, पर बैंक ने उसे लौटा दिया: { $reason }। पैसे आपके वॉलेट में वापस आ गए हैं।
withdrawal-failed = ⚠️ आपकी { $amount } की निकासी <code>{ $withdrawal }</code> नहीं भेजी जा सकी: { $reason }। पैसे आपके वॉलेट में वापस आ गए हैं।
refund-made = ↩️ आपके ऑर्डर <code>{ $order }</code> ({ $title }) के <b>{ $amount }</b> का रिफ़ंड हुआ: { $to }। वजह: { $reason }।
    रिफ़ंड: <code>{ $refund }</code>
refund-made-whole = इसके साथ आपका { $title } ख़त्म हो गया।
refund-sent = ✅ आपका रिफ़ंड <code>{ $refund }</code>: <b>{ $amount }</b> <code>{ $vpa }</code> पर भेज दिए गए। UTR: <code>{ $utr }</code>
refund-failed = ⚠️ आपका रिफ़ंड <code>{ $refund }</code>: { $amount } <code>{ $vpa }</code> पर नहीं भेजे जा सके: { $reason }। पैसे ख़र्च करने के लिए आपके वॉलेट में हैं। /wallet देखें
reversed = ↩️ एक बिक्री (लेवल { $level }) पर कमाए आपके <b>{ $amount }</b> वापस लिए गए, क्योंकि { $why }।
reversed-whole = उस ऑर्डर का रिफ़ंड हो गया
reversed-part = उस ऑर्डर के एक हिस्से का रिफ़ंड हो गया
reversed-many = ↩️ बिक्रियों पर कमाए आपके <b>{ $amount }</b> वापस लिए गए, क्योंकि { $count } ऑर्डरों का पूरा या कुछ रिफ़ंड हुआ।
reversed-owed = इनमें से { $owed } पहले ही निकाले या ख़र्च किए जा चुके थे: यह आप पर बक़ाया है और आगे की कमाई में से पहले यही चुकेगा।
delivery = 📦 आपका <b>{ $title }</b> (<code>{ $order }</code>) नीचे है। इसे अपने तक रखें।
