# अभियान और प्रतियोगिताएँ, जैसे स्टाफ़ पढ़ता है।

referrers = 🏆 इस महीने के <b>रेफ़र करने वाले</b>, सबसे ज़्यादा बिक्री पहले
referrers-none = 🏆 इस महीने किसी ने अपने लिंक से कुछ नहीं बेचा।
referrers-line = { $place }. { $name } (<code>{ $telegram-id }</code>, <code>{ $code }</code>): इस महीने { $sales } बिक्री · कुल { $joined } जुड़े, { $bought } ने ख़रीदा, { $earned } कमाई
campaigns = 📣 <b>अभियान</b>, सबसे नए पहले
campaigns-none = 📣 अभी कोई अभियान नहीं है।
usage-campaign = /campaign NAME दुकान का अपना लिंक बनाता है, या दिखाता है कि उससे क्या हुआ। उससे जुड़ने वाला किसी से नहीं बँधता, इसलिए कोई कमीशन नहीं।
campaign-name-wrong = अभियान के नाम में 2 से 32 अक्षर (a–z), अंक, डैश और _ होते हैं, पहले अक्षर या अंक। कुछ नहीं बना।
campaign-made = 📣 अभियान बन गया। उसका लिंक:
campaign = 📣 <b>{ $name }</b>
    { $link }
    { $by } ने बनाया, { $at }

    खोला: { $opened }
    जुड़े: { $joined }
    ख़रीदा: { $bought }
    बिक्री: { $sales }
    रिफ़ंड: { $refunded }
    आमदनी: { $revenue }
campaign-days = <b>दिन के हिसाब से</b> (खोला · जुड़े · ख़रीदा · बिक्री · आमदनी)
campaign-day = { $day } को: { $opened } · { $joined } · { $bought } · { $sales } · { $revenue }
contests = 🏁 <b>प्रतियोगिताएँ</b>, सबसे नई पहले
contests-none = 🏁 अभी कोई प्रतियोगिता नहीं है।
usage-contest = <code>/contest from 2026-11-25 until 2026-11-30 prizes 1000,500,250 The race of November</code> एक मसौदा बनाता है; आख़िरी दिन भी गिना जाता है। “from” के बिना वह अभी शुरू होती है। जो अपने लिंक से सबसे ज़्यादा बेचे वह जीतता है; इनाम वॉलेट में जाते हैं, यहाँ ख़र्च करने के लिए।
contest-time-wrong = प्रतियोगिता शुरू होने के बाद ही, और आगे के किसी समय ख़त्म होनी चाहिए। कुछ नहीं बदला।
contest = 🏁 <b>{ $name }</b> ({ $state })
    { $from } से { $until } तक
    इनाम: { $prizes } (कुल { $total })
    मसौदा: { $by }
contest-draft = मसौदा
contest-open = चालू
contest-done = तय हो चुकी
contest-cancelled = रद्द
contest-nobody = किसी ने अपने लिंक से कुछ नहीं बेचा: कोई इनाम नहीं दिया गया।
contest-winner = { $place }. { $name }: { $sales } बिक्री, { $amount } जीते
contest-own = ये इनाम उस सीमा से ऊपर हैं जो कोई अकेला दे सकता है: यह प्रतियोगिता स्टाफ़ में से कोई और शुरू करे।

button-contest-state = { $name } · { $state } है
button-contest-start = ✅ शुरू करें
button-contest-cancel = ❌ रद्द करें
