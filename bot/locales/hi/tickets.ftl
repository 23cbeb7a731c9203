# Problems with what was bought.

problem-password = पासवर्ड नहीं चल रहा
problem-screens = स्क्रीन की सीमा
problem-expired = अकाउंट ख़त्म हो गया
report-ask = 🛠 <b>{ $title }</b> में क्या समस्या है?
report-words = 🛠 <b>{ $title }</b> की समस्या एक मैसेज में बताएँ। /cancel से छोड़ सकते हैं।
report-words-wrong = कृपया शब्दों में बताएँ, ज़्यादा से ज़्यादा { $most } अक्षर, या /cancel।
report-over = यह ख़त्म हो चुका है, इसलिए अब बदला नहीं जा सकता। रिन्यू करें, या /support को लिखें
report-waits = यह पहले से स्टॉक के इंतज़ार में है: अगला आने वाला आपका है।
ticket-opened = 🎫 <code>{ $ticket }</code>: { $problem }
    हमारा स्टाफ़ आपका { $title } देख रहा है। आपको यहीं बताया जाएगा।
ticket-open-already = 🎫 <code>{ $ticket }</code> पहले से खुला है: { $problem }
    हमारा स्टाफ़ आपका { $title } देख रहा है। आपको यहीं बताया जाएगा।
ticket-replacement = 🔁 <code>{ $ticket }</code>: आपके <b>{ $title }</b> का नया लॉगिन है। पुराना अब इस्तेमाल न करें। देखने के लिए छुएँ:
ticket-replaced-told = 🔁 <code>{ $ticket }</code>: आपको नया लॉगिन दिया गया। /subscriptions में दिखेगा।
ticket-waits = ⏳ <code>{ $ticket }</code>: यह बदला जाएगा, पर स्टॉक अभी ख़त्म है। अगला आने वाला आपका है और यहीं भेजा जाएगा।
ticket-closed = ✅ <code>{ $ticket }</code> बंद हुआ। समस्या अब भी हो तो फिर बताएँ।
ticket-answer = 📩 आपकी समस्या <code>{ $ticket }</code> पर हमारे स्टाफ़ का जवाब:
support-open = खुली समस्याएँ:
support-ticket = 🎫 <code>{ $ticket }</code> · { $title } · { $problem } · { $at } से

ticket-card = 🎫 <b>समस्या <code>{ $ticket }</code></b>
    { $title }, { $left }
    ग्राहक: { $customer } ({ $customer-id }{ $username })
    समस्या: { $problem }
    कब बताई: { $at }
ticket-card-slot = अकाउंट { $account }, स्लॉट { $slot }: { $login }, साथ में { $free } ख़ाली स्लॉट
ticket-card-sealed = खुल नहीं पा रहा
ticket-card-by-hand = हाथ से डिलीवर हुआ: बदले में जो देना है, “जवाब” दबाकर भेजें।
ticket-card-before = ⚠️ पहले { $times } बार बदला गया
ticket-card-over = ⚠️ सब्सक्रिप्शन ख़त्म हो चुका है: अब कुछ नहीं बदला जाता।
ticket-card-answered = 📩 { $by } ने जवाब दिया, { $at }
ticket-card-replaced = 🔁 { $by } ने बदला, { $at }
ticket-card-retired = 🚫 इस अकाउंट के ख़ाली स्लॉट अब नहीं बिकेंगे।
ticket-card-waits = ⏳ स्टॉक ख़त्म: स्टॉक आने पर सबसे पहले यही।
ticket-card-closed = ✅ { $by } ने बंद किया, { $at }
ticket-ask-answer = { $name }, { $subject } के ग्राहक को जो बताना है वह भेजें। /cancel से छोड़ सकते हैं।
ticket-answer-sent = { $subject } के ग्राहक को भेज दिया। जब तक आप बंद नहीं करते, यह खुला रहेगा।
ticket-over = सब्सक्रिप्शन ख़त्म हो चुका है: अब कुछ नहीं बदला जाता।
ticket-waits-already = यह पहले से स्टॉक के इंतज़ार में है।
ticket-moved = ग्राहक को इसके बाद दूसरा लॉगिन मिल चुका है: यह अब इस्तेमाल में नहीं। समस्या बंद करें।
ticket-by-hand = यह प्लान हाथ से डिलीवर होता है: ग्राहक को जवाब दें।
button-replace = 🔁 बदलें
button-retire = 🚫 अकाउंट हटाएँ
button-answer = 📩 जवाब
button-close = ✅ बंद करें
