# किसी का लिंक: उसका कार्ड, आँकड़े, कौन जुड़ा, लीडरबोर्ड, प्रतियोगिताएँ, अपना कोड।

refer-card-hint = आपको { $shop } पर बुलाते हैं: जुड़ने के लिए स्कैन करें
refer-card-code = कोड: { $code }
chart = पिछले { $days } दिन
chart-joined = जुड़े: { $joined }
chart-earned = कमाई: { $earned }
figures = 📊 <b>आपके लिंक से क्या हुआ</b>
figures-level1 = <b>आपके लिंक से (लेवल 1)</b>
    खोला: { $opened }
    जुड़े: { $joined }
figures-level2 = <b>आपके दोस्तों के लिंक से (लेवल 2)</b>
    जुड़े: { $joined }
figures-verified = सत्यापित: { $verified }
figures-sales = ख़रीदा: { $bought }
    बिक्री: { $sales }
    रिफ़ंड: { $refunded }
    कमाई: { $earned }
figures-per-join = आपके लिंक से जुड़े हर व्यक्ति पर कमाई: <b>{ $earned }</b>
friends = 👥 <b>आपके लिंक से कौन जुड़ा</b>, सबसे नए पहले
friends-none = 👥 आपके लिंक से अभी कोई नहीं जुड़ा। किसी दोस्त को भेजें: /refer
friend-joined = { $name } · { $day } को
friend-bought = { $name } · { $day } · 🛍 ख़रीदा
friend-left = अपना अकाउंट मिटा दिया
board-week = 🏆 <b>इस हफ़्ते</b>, { $day } से: लोगों के लिंक से बिक्री
board-month = 🏆 <b>{ $month }</b>: लोगों के लिंक से बिक्री
board-contest = 🏁 <b>{ $name }</b>
    { $from } से { $until } तक
    इनाम: { $prizes }
    आपके लिंक से हुई बिक्री गिनी जाती है; जो रिफ़ंड हो जाए वह नहीं। बराबरी पर वह आगे है जिसकी बिक्री पहले हुई।
board-empty = यहाँ अभी किसी ने अपना नाम नहीं दिखाया है।
board-line = { $place }. { $name }: { $sales } बिक्री
board-own-line = <b>{ $place }. { $name }: { $sales }</b> (आप)
board-place = आप <b>{ $place }</b> नंबर पर हैं, { $sales } बिक्री के साथ।
board-no-place = यहाँ आपकी अभी कोई बिक्री नहीं है।
board-far = आपकी { $sales } बिक्री हैं: 1000 से नीचे की जगह।
board-decided = यह प्रतियोगिता पूरी हो गई। विजेता: { $winners }
board-appears = दूसरे लोग आपको यहाँ नाम के पहले अक्षरों से देखते हैं, जैसे A••• K•••।
board-hidden = दूसरे लोग आपको यहाँ नहीं देखते। आपकी जगह सिर्फ़ आपको दिखती है।
contest-unknown = ऐसी कोई प्रतियोगिता अब नहीं है।
contest-prize = { $place }: { $prize }
prize-won = 🏆 आप जीत गए! “{ $contest }” में <b>{ $place }</b> नंबर: <b>{ $amount }</b> आपके वॉलेट में हैं, यहाँ ख़र्च करने के लिए।
vanity-ask = <b>आपका अपना कोड</b>
    अपने लिंक के लिए कोड लिखें: 3 से 16 अक्षर (a–z), अंक और _, पहले एक अक्षर। एक ही बार चुन सकते हैं, बाद में बदल नहीं सकते। आपका पहला कोड चलता रहेगा। /cancel से छोड़ दें।
vanity-not = { $why } कृपया दूसरा लिखें, या /cancel।
vanity-shape = कोड में 3 से 16 अक्षर (a–z), अंक और एक-एक _ होते हैं, पहले एक अक्षर, और आख़िर में _ नहीं।
vanity-reserved = यह शब्द दुकान के लिए रखा है।
vanity-like-a-code = आठ अक्षर और अंक सबके कोड जैसे लगते हैं। कम या ज़्यादा लें, या बीच में _ डालें।
vanity-taken = यह कोड, या इसके जैसा दिखने वाला, किसी और का है।
vanity-chosen = आपने अपना कोड पहले चुन लिया है: { $code }। उसे बदला नहीं जा सकता।
vanity-confirm = आपका कोड <b>{ $code }</b> होगा, आपका लिंक { $link }
    बाद में बदला नहीं जा सकता। क्या यह सही है?

button-figures = 📊 आँकड़े
button-friends = 👥 कौन जुड़ा
button-board = 🏆 लीडरबोर्ड
button-vanity = ✏️ अपना कोड चुनें
button-take-vanity = ✅ हाँ, { $code }
button-week = इस हफ़्ते
button-month = इस महीने
button-contest = 🏁 प्रतियोगिता: { $name }
button-appear = 👁 मुझे दिखाएँ
button-disappear = 🙈 मुझे छिपाएँ
