# What a person has, and until when.

menu-subscriptions = आपके पास क्या है, कब तक
button-subscriptions = 📺 मेरे सब्सक्रिप्शन
button-subscription = 📺 देखें
button-renew = 🔁 रिन्यू करें
button-renew-for = 🔁 रिन्यू करें · { $price }
button-report = 🛠 समस्या बताएँ
button-auto-on = अपने-आप रिन्यू: बंद
button-auto-off = अपने-आप रिन्यू: चालू
left-today = आज ख़त्म
left-tomorrow = कल ख़त्म
left-days = { $days } दिन बाक़ी
left-over = ख़त्म
left-cancelled = रद्द
subscriptions = <b>मेरे सब्सक्रिप्शन</b>
subscriptions-empty = <b>मेरे सब्सक्रिप्शन</b>
    अभी कुछ नहीं। प्लान चुनिए: /plans
subscription = 📺 <b>{ $title }</b>
    { $standing }
    कब तक: { $until }
subscription-ended = यह समय से पहले ख़त्म हुआ: { $reason }
subscription-renewed = रिन्यू हुआ: { $times } ×
subscription-waits = ⏳ स्टॉक का इंतज़ार: अगला आने वाला आपका है।
subscription-auto = आख़िरी दिन यह आपके वॉलेट से उस दिन के दाम पर रिन्यू होता है, अगर वॉलेट में उतने हों।
subscription-unknown = आपका ऐसा कोई सब्सक्रिप्शन नहीं है।
subscription-nothing = इसके लिए अभी दिखाने को कुछ नहीं है।
subscription-cancelled = इसका रिफ़ंड हो चुका है, यह रिन्यू नहीं हो सकता। प्लान चुनिए: /plans
subscription-too-late = इसे ख़त्म हुए बहुत समय हो गया, अब रिन्यू नहीं हो सकता। प्लान चुनिए: /plans
plan-ends-tomorrow = ⏰ आपका <b>{ $title }</b> कल ख़त्म हो रहा है: { $until }।
plan-ends-today = ⏰ आपका <b>{ $title }</b> आज ख़त्म हो रहा है: { $until }।
plan-ended = ⏰ आपका <b>{ $title }</b> ख़त्म हो गया: { $until }।
plan-ends-auto = उस दिन यह आपके वॉलेट से रिन्यू होगा, अगर वॉलेट में उतने हों।
auto-renew-missing = 👛 आपका <b>{ $title }</b> ({ $until } तक) वॉलेट से { $price } में रिन्यू होना था, पर <b>{ $missing }</b> कम हैं। ख़त्म होने के एक दिन बाद तक रोज़ फिर कोशिश होगी; या रिन्यू दबाकर UPI से चुकाएँ।
order-unpaid = ⏳ आपका ऑर्डर <code>{ $order }</code> ({ $title }, { $amount }) { $until } पर ख़त्म हो जाएगा। अभी चुकाएँ, या रहने दें।
payment-renewed = ✅ <code>{ $order }</code> के लिए आपका <b>{ $amount }</b> का पेमेंट मंज़ूर हुआ।
    { $title } रिन्यू हो गया और { $until } तक चलेगा।
renewed-from-wallet = पेमेंट आपके वॉलेट से हुआ।
renewed-same = आपका लॉगिन वही रहेगा।
renewed-new = अगले मैसेज में आपका नया लॉगिन है।
renewed-waits = आपके पास जो अकाउंट है वह इतना नहीं चलेगा। अगला आने वाला आपका है और यहीं भेजा जाएगा।
renewed-by-hand = अगर आपके लिए कुछ बदला, तो यहीं भेजा जाएगा।
payment-card-renewal = 🔁 रिन्यूअल

gift = 🎁 <b>{ $name }</b> ने आपको <b>{ $title }</b> दिया है। अब से यह आपका है, और इसका समय आज से शुरू है।
gift-unknown = ऐसा कोई गिफ़्ट नहीं है। जिसने दिया है उससे लिंक फिर माँगें।
gift-own = यह गिफ़्ट आपने दिया है: इसका लिंक उसे भेजें जिसके लिए है।
gift-not-paid = इस गिफ़्ट का पेमेंट अभी नहीं हुआ। लिंक थोड़ी देर बाद फिर खोलें।
gift-refunded = यह गिफ़्ट वापस हो चुका है।
gift-taken = यह गिफ़्ट किसी और ने खोल लिया है।
gift-link = 🎁 यह गिफ़्ट अभी किसी ने नहीं खोला। यह लिंक उसे भेजें जिसके लिए है: { $link }
    जो पहले खोले, उसका; और समय तभी से शुरू होता है।
gift-is-opened = 🎁 खोला जा चुका गिफ़्ट।
gift-share = आपके लिए एक गिफ़्ट:
gift-ended = 🎁 गिफ़्ट <b>{ $title }</b> का पैसा देने वाले को लौटा दिया गया, और वह ख़त्म हो गया।
gift-opened = 🎁 <b>{ $name }</b> ने आपका गिफ़्ट { $title } (<code>{ $order }</code>) खोला।
gift-not-opened = यह गिफ़्ट अभी किसी ने नहीं खोला: किसे दिया जाए, यह पता नहीं।
payment-approved-gift = ✅ <code>{ $order }</code> के लिए आपका <b>{ $amount }</b> का पेमेंट मंज़ूर हुआ।
    { $title } एक गिफ़्ट है: आगे भेजने का लिंक आपके ऑर्डर में है।
payment-card-gift = 🎁 खोला जा चुका गिफ़्ट
payment-card-gift-unopened = 🎁 गिफ़्ट, अभी खुला नहीं
button-gift = 🎁 गिफ़्ट का लिंक
