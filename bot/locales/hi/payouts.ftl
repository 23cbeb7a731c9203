# UPI ids, limits, tax, files for the bank, payouts through a gateway.

upi-list = 🏦 <b>आपकी UPI ID</b>
    निकासी का पैसा इनमें से किसी एक पर जाता है।
upi-none = 🏦 <b>आपकी UPI ID</b>
    अभी कोई सहेजी नहीं है। एक जोड़ें, या /withdraw करते समय लिखें।
upi-line = • <code>{ $vpa }</code>
upi-line-new = • <code>{ $vpa }</code> – नई है: { $at } से काम में ली जा सकती है।
upi-ask = वह UPI ID लिखें जिस पर पैसे चाहिए (जैसे name@bank), या /cancel।
upi-ask-wait = आपकी सुरक्षा के लिए नई UPI ID { $wait } बाद ही काम में ली जा सकती है।
upi-is-new = <code>{ $vpa }</code> सहेज ली गई। आपकी सुरक्षा के लिए नई UPI ID पर तुरंत पैसे नहीं भेजे जाते: <b>{ $at }</b> से आप इस पर निकासी माँग सकते हैं। अगर इसे आपने नहीं जोड़ा, तो /upi में अभी हटा दें।
upi-unknown = <code>{ $vpa }</code> अब आपकी UPI ID में नहीं है, इसलिए कुछ नहीं माँगा गया। उसे /upi में जोड़ें।
upi-too-many = आपके पास पहले से { $most } UPI ID हैं। पहले एक हटाएँ।
upi-added = 🔐 आपके खाते में नई UPI ID जोड़ी गई: <code>{ $vpa }</code>। क्या यह आपने नहीं किया? उसे हटा दें, और /support पर लिखें।
button-upi = मेरी UPI ID
button-upi-add = ➕ UPI ID जोड़ें
button-upi-remove = 🗑 { $vpa } हटाएँ

limit-pause = आपने थोड़ी देर पहले ही निकासी माँगी है। अगली निकासी <b>{ $at }</b> से हो सकती है।
limit-day = हर दिन की एक सीमा है। आज आप <b>{ $left }</b> और माँग सकते हैं; { $at } से गिनती नई होगी।
limit-month = हर महीने की एक सीमा है। इस महीने आप <b>{ $left }</b> और माँग सकते हैं; { $at } से गिनती नई होगी।

tax-withheld = कटा हुआ टैक्स (TDS): { $tds }। आपको मिलेंगे: <b>{ $net }</b>
tax-without-pan = PAN के बिना क़ानून ज़्यादा टैक्स माँगता है। पक्का करने से पहले PAN जोड़ें, तो कम कटेगा।
tax-statement = 🧾 <b>कटा हुआ टैक्स (TDS)</b>
tax-year = <b>वित्त वर्ष { $year }</b>: कमीशन { $credited }, कटा टैक्स { $withheld }
tax-line = • <code>{ $withdrawal }</code>: { $amount } ({ $base } का { $percent } %), { $at }
tax-under-way = अभी चुकाया नहीं गया
tax-none = आपकी निकासियों से कुछ नहीं काटा गया।
tax-pan-known = आपका PAN सहेजा हुआ है। उसे /pan से बदलें।
tax-pan-unknown = आपका PAN सहेजा नहीं है: उसे /pan से जोड़ें, तो कम कटेगा।
tax-file = कटा हुआ टैक्स: { $rows } पंक्तियाँ।
pan-ask = अपना PAN लिखें (जैसे ABCPE1234F)। वह सीलबंद रखा जाता है, सिर्फ़ आपकी कमाई के टैक्स के काम आता है, और आपका मैसेज मिटा दिया जाता है। /cancel से छोड़ सकते हैं।
pan-is = अभी सहेजा है: { $pan }
pan-wrong = यह PAN नहीं है: उसमें पाँच अक्षर, चार अंक और एक अक्षर होते हैं, जैसे ABCPE1234F। फिर लिखें, या /cancel।
pan-kept = ✅ आपका PAN { $pan } सहेज लिया गया।
pan-no-key = दुकान अभी PAN सुरक्षित नहीं रख सकती, इसलिए वह नहीं सहेजा गया। बाद में कोशिश करें, या /support पर लिखें।
button-pan = 🪪 मेरा PAN जोड़ें

payouts-file = 🏦 <b>बैंक के लिए भुगतान</b>: { $count } निकासी, टैक्स घटाकर कुल <b>{ $amount }</b>।
    बैंक का जवाब आने पर उसकी फ़ाइल यहीं भेजें, कॉलम <code>withdrawal, status, utr, reason</code>: <code>paid</code> के साथ utr चाहिए, <code>failed</code> के साथ reason।
payouts-none = नई फ़ाइल के लिए कोई मंज़ूर निकासी नहीं है।
payouts-given = पहले दी गई फ़ाइलों में, बिना जवाब के: { $count } निकासी, { $amount }। बैंक का जवाब यहीं भेजें।
payouts-given-too = पहले दी गई फ़ाइलों में, बिना जवाब के: { $count }।
payouts-left-out = छोड़ी गईं: { $count }। उनके मालिकों पर बक़ाया है, या कोई गेटवे उन्हें चुका रहा है।
payouts-warning = ⚠️ <b>{ $count } निकासी ({ $amount }) शायद चुकाई जा चुकी हैं</b>, पहले दी गई फ़ाइल से। दोबारा तभी दें जब बैंक ने वह फ़ाइल नहीं ली हो: वरना दो बार पेमेंट होगा।
payouts-left = कोई फ़ाइल दोबारा नहीं दी गई।
button-give-again = ⚠️ दोबारा दें…
button-give-again-sure = ⚠️ हाँ, दोबारा दें

answer-how = 📥 बैंक का जवाब भेजें: CSV या XLSX, किसी भी क्रम में कॉलम <code>{ $columns }</code>। पहले जाँच होगी, और Apply दबाने तक कुछ नहीं बदलेगा। /cancel से छोड़ सकते हैं।
answer-figures = <b>क्या बदलेगा</b>
    चुकाई गईं: { $paid } ({ $paid-amount })। नाकाम: { $failed } ({ $failed-amount } वापस जाएगा)। पहले से पता: { $before }। ग़लत: { $wrong }।
answer-press = अभी कुछ नहीं बदला। Apply सही पंक्तियाँ लागू करता है।
answer-nothing = लागू करने को कुछ नहीं है।
answer-progress = ⏳ { $of } में से { $done } …
answer-applied = ✅ { $by } ने लागू किया: { $paid } चुकाई गईं ({ $paid-amount }), { $failed } नाकाम ({ $failed-amount } वापस गया)।
answer-before = किसी और ने पहले कर दिया: { $count }।
answer-open = अभी बाक़ी: { $count }। मैसेज में Apply फिर दबाएँ।
answer-refused = ⚠️ नहीं हुईं: { $count }।
answer-moved = जाँच के बाद निकासी बदल गई, या उसका UTR काम में आ गया: उसका कार्ड देखें
answer-unknown = “{ $found }” नाम की कोई निकासी नहीं है
answer-status = status “{ $found }”: paid या failed चाहिए
answer-utr = utr “{ $found }”: paid पंक्ति में बैंक का रेफ़रेंस चाहिए, 10 से 35 अक्षर और अंक
answer-utr-used = यह utr किसी और निकासी का है
answer-utr-twice = यही utr पंक्ति { $row } में है
answer-no-reason = failed पंक्ति में कारण चाहिए
answer-long-reason = कारण 300 अक्षरों से लंबा है
answer-no-amount = amount “{ $found }” कोई रकम नहीं है
answer-amount = amount { $found }, जबकि { $wanted } चुकाना है
answer-upi = upi_id “{ $found }” वह नहीं है जिस पर चुकाना है
answer-twice = यही निकासी पंक्ति { $row } में है
answer-is-asked = निकासी अभी मंज़ूर नहीं हुई
answer-is-approved = निकासी मंज़ूर है
answer-is-paid = निकासी चुकाई जा चुकी है
answer-is-rejected = निकासी नामंज़ूर हुई थी
answer-is-failed = निकासी चुकाई नहीं जा सकी, और पैसा वापस गया
answer-is-returned = निकासी बैंक से लौट आई
answer-other-utr = निकासी किसी और utr से चुकाई जा चुकी है
answer-being-paid = एक गेटवे यह निकासी चुका रहा है

withdrawal-card-first = 👍 पहली मंज़ूरी { $by } ने दी, { $at }।
withdrawal-card-second = स्टाफ़ के दूसरे सदस्य को भी मंज़ूर करना होगा।
withdrawal-card-second-nobody = ⚠️ स्टाफ़ के दूसरे सदस्य को भी मंज़ूर करना होगा, और कोई है नहीं: /staff से एक एडमिन जोड़ें।
withdrawal-card-in-file = 🏦 बैंक को दी गई फ़ाइल में है: जवाब का इंतज़ार है।
approve-own = पहली मंज़ूरी आपकी थी: दूसरी किसी और को देनी होगी।
withdrawal-being-paid = RazorpayX यह निकासी चुका रहा है: उसका जवाब आने तक रुकें।
transfer-to-send = ⏳ RazorpayX से चुकाने को कहा गया, { $by } ने, { $at }।
transfer-not-sent = ⏳ RazorpayX तक बात नहीं पहुँची ({ $error }): अपने-आप फिर कोशिश होगी। कहा { $by } ने, { $at }।
transfer-sent = ⏳ RazorpayX: { $status }। कहा { $by } ने, { $at }।
transfer-refused = ⚠️ RazorpayX ने नहीं लिया: { $error }। पेमेंट नहीं हुआ।
transfer-over = RazorpayX ने बताया: { $status }।
button-pay-by-gateway = ⚡ RazorpayX से चुकाएँ
gateway-payout-off = RazorpayX चालू नहीं है।
gateway-payout-in-file = यह बैंक को दी गई फ़ाइल में है: शायद उसी से चुकाई जाए।

usage-tds = ऐसे लिखें: /tds YEAR, जैसे अप्रैल 2026 से मार्च 2027 के लिए /tds 2026
tds-none = वित्त वर्ष { $year } में कुछ नहीं काटा गया।
tds-no-key = एक PAN ऐसी कुंजी से सीलबंद है जो अभी सेट नहीं है (MELA_CREDENTIALS__KEY): फ़ाइल नहीं बनी।
tds-sent = 🧾 { $year } का टैक्स: { $rows } पंक्तियाँ। फ़ाइल आपको निजी चैट में भेजी, क्योंकि उसमें PAN हैं।
tds-unreachable = उस फ़ाइल में PAN हैं, इसलिए वह सिर्फ़ निजी चैट में भेजी जाती है। पहले मुझे वहाँ /start लिखें।
tds-book = 🧾 वित्त वर्ष { $year } में कटा टैक्स (TDS): { $rows } पंक्तियाँ, PAN के साथ। ले लेने के बाद मिटा दें।

menu-upi = वे UPI ID जिन पर पैसे आते हैं
menu-payouts = बैंक के लिए भुगतान की फ़ाइल
