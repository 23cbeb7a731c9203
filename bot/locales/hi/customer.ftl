# What customers read. Tags are Telegram's HTML; every argument is escaped before it comes here.

home = <b>{ $shop }</b>
    नमस्ते { $name }! स्ट्रीमिंग प्लान सही दाम पर, UPI से पेमेंट, और डिलीवरी इसी चैट में।
home-invited = आपको <b>{ $referrer }</b> ने बुलाया है।
home-unknown-code = यह इनवाइट लिंक हमारा नहीं है, इसलिए किसी को आपका बुलाने वाला नहीं माना गया।
home-own-code = यह तो आपका अपना लिंक है: इसे दोस्तों को भेजिए, ख़ुद को नहीं बुला सकते।
home-already-known = आप पहले से हमारे साथ हैं: इनवाइट सिर्फ़ पहली बार लिखने पर गिना जाता है।

plans = <b>प्लान</b>
    जिसमें क्या-क्या है देखना हो, उसे चुनिए।
plans-empty = <b>प्लान</b>
    अभी बिक्री के लिए कुछ नहीं है। कृपया थोड़ी देर बाद फिर देखें।
plan-out-of-stock = 🚫 अभी स्टॉक में नहीं है।
button-credentials = 🔑 लॉगिन जानकारी देखें
credentials-told = 🔑 <b>{ $title }</b> (<code>{ $order }</code>) डिलीवर हो गया। /subscriptions में “लॉगिन जानकारी देखें” दबाने से यह फिर दिखेगा।
credentials-unready = यह अभी नहीं खुल पा रहा। दुकान को बता दिया गया है; थोड़ी देर बाद फिर कोशिश करें।
plan = <b>{ $title }</b>
    { $description }

    दाम: <b>{ $price }</b>
    अवधि: { $days } दिन
    स्क्रीन: { $screens }
plan-in-stock = स्टॉक में है
plan-gone = यह प्लान अब बिक्री में नहीं है।

payment = <b>UPI से { $amount } चुकाएँ</b>
    ऑर्डर: <code>{ $order }</code> ({ $title })
    रकम: ठीक <b>{ $amount }</b>
    किसे: <code>{ $payee }</code> ({ $payee-name })
    बचा समय: { $left } ({ $until } तक)

    किसी भी UPI ऐप से कोड स्कैन करें, या UPI ID कॉपी करें। फिर “मैंने पेमेंट कर दिया” दबाएँ।
payment-left = { $minutes } मिनट
payment-again = यह ऑर्डर आपका पहले से खुला है।
payment-ask = <b>ऑर्डर { $order }: { $amount }</b>
    इस पेमेंट का 12 अंकों का UTR (आपके ऐप में दिखने वाला UPI या बैंक रेफ़रेंस नंबर) या पेमेंट का स्क्रीनशॉट अगले मैसेज में भेजें।
payment-no-payee = दुकान अभी पेमेंट नहीं ले पा रही। कृपया थोड़ी देर बाद फिर कोशिश करें।
proof-taken = धन्यवाद! <code>{ $order }</code> के लिए आपके { $amount } के पेमेंट की जाँच हो रही है। नतीजा यहीं बताया जाएगा, आम तौर पर कुछ ही मिनटों में।
proof-taken-late = धन्यवाद! <code>{ $order }</code> का समय निकल चुका था, फिर भी आपके { $amount } के पेमेंट की जाँच हो रही है। नतीजा यहीं बताया जाएगा।
proof-which = यह पेमेंट किस ऑर्डर का है?
proof-which-gone = वह सबूत अब इंतज़ार में नहीं है। कृपया उसे फिर भेजें।
utr-malformed = यह UTR नहीं है: UTR में ठीक 12 अंक होते हैं। अपने UPI ऐप में “UTR”, “UPI Ref. No.” या “RRN” देखें और वह नंबर भेजें, या स्क्रीनशॉट भेजें। /cancel से छोड़ सकते हैं।
utr-used = यह UTR किसी दूसरे ऑर्डर में लग चुका है, इसलिए इससे <code>{ $order }</code> का पेमेंट नहीं हो सकता। नंबर जाँचकर सही वाला भेजें; अगर आपको पक्का यक़ीन है तो सपोर्ट को लिखें।
proof-not-picture = कृपया स्क्रीनशॉट को फ़ोटो के रूप में भेजें, या 12 अंकों का UTR लिखें। /cancel से छोड़ सकते हैं।
proof-in-review = <code>{ $order }</code> के पेमेंट की जाँच पहले से हो रही है। नतीजा यहीं बताया जाएगा।
proof-paid = <code>{ $order }</code> का पेमेंट पहले ही हो चुका है।
proof-no-order = आपका कोई ऑर्डर पेमेंट के इंतज़ार में नहीं है। पहले प्लान चुनिए: /plans

orders = <b>मेरे ऑर्डर</b>
orders-empty = <b>मेरे ऑर्डर</b>
    अभी कोई ऑर्डर नहीं।
order = <b>ऑर्डर <code>{ $order }</code></b>
    { $title }
    { $price }
    स्थिति: { $state }
    कब किया: { $placed }
order-cancelled = ऑर्डर <code>{ $order }</code> रद्द हो गया। कुछ चुकाना नहीं है। अगर पेमेंट कर चुके हैं तो “मैंने पेमेंट कर दिया” दबाएँ।
order-not-cancellable = यह ऑर्डर अब रद्द नहीं हो सकता। स्थिति: { $state }।
order-unknown = आपके ऑर्डरों में ऐसा कोई ऑर्डर नहीं है।
state-awaiting = पेमेंट का इंतज़ार, { $until } तक
state-in-review = पेमेंट की जाँच हो रही है
state-paid = पेमेंट हो गया, आपके लिए तैयार हो रहा है
state-awaiting-stock = पेमेंट हो गया, स्टॉक का इंतज़ार: अगला आपका है
state-delivered = { $at } को डिलीवर हुआ
state-expired = बिना पेमेंट के समय पूरा हो गया
state-cancelled = रद्द
state-refunded = रिफ़ंड हो गया
refund-line = ↩️ <code>{ $refund }</code>: { $amount } रिफ़ंड ({ $to }), { $state }
refund-state-done = हो गया
refund-state-to-send = भेजना बाक़ी है
refund-state-sent = भेज दिया, UTR { $utr }
refund-state-failed = नहीं भेजा जा सका ({ $reason }), इसलिए वॉलेट में है
refund-to-credit = { $amount } वॉलेट में, ख़र्च करने के लिए
refund-to-earned = { $amount } वॉलेट में, निकालने लायक़
refund-to-gateway = { $amount } उसी रास्ते से जिससे पेमेंट हुआ था
refund-to-upi = { $amount } UPI से { $vpa } को

wallet = <b>वॉलेट</b>
    ख़र्च करने के लिए: { $spend }
    निकालने लायक़: { $withdrawable }
    होल्ड पर: { $held }
    निकाली जा रही रकम: { $withdrawing }
wallet-next = अगली बार होल्ड से छूटेंगे: { $amount }, { $at } को
wallet-owed = बक़ाया: { $owed } (आगे की कमाई में से पहले यही चुकेगा)
statement = <b>स्टेटमेंट</b>, सबसे नया पहले
statement-empty = <b>स्टेटमेंट</b>
    अभी तक कोई लेन-देन नहीं हुआ।
statement-line = { $at } · { $what }: <b>{ $amount }</b> → { $after }

refer = <b>रेफ़र करें और कमाएँ</b>
    आपका लिंक: { $link }

    जब कोई दोस्त { $plan } ख़रीदता है तो आप <b>{ $earn1 }</b> कमाते हैं, और जब उसके दोस्त ख़रीदते हैं तो <b>{ $earn2 }</b>।

    खोला: { $opened }
    जुड़े: { $joined }
    ख़रीदा: { $bought }
    लेवल 1 पर कमाई: { $level1 }
    लेवल 2 पर कमाई: { $level2 }
refer-share = स्ट्रीमिंग प्लान सही दाम पर, UPI से पेमेंट, Telegram में डिलीवरी:

earnings = <b>कमाई</b>, सबसे नई पहले
earnings-empty = <b>कमाई</b>
    अभी कुछ नहीं। अपना लिंक शेयर करें: /refer
earnings-line = { $amount } · लेवल { $level } · { $state }
earning-held = { $at } तक होल्ड पर
earning-available = { $at } से उपलब्ध
earning-reversed = वापस ली गई

withdraw-below = कम से कम <b>{ $minimum }</b> निकाले जा सकते हैं। आपके पास निकालने लायक़ { $available } हैं, यानी { $missing } कम हैं।
withdraw-ask-vpa = <b>पैसे निकालें</b>
    आपके पास निकालने लायक़ { $available } हैं। पैसे किस UPI ID पर भेजें? उसे लिखें (जैसे name@bank)।
withdraw-vpa-email = यह ईमेल पता लगता है, UPI ID नहीं। UPI ID name@okhdfcbank जैसी होती है, @ के बाद बिना बिंदु के। कृपया अपनी UPI ID लिखें, या /cancel।
withdraw-vpa-wrong = यह UPI ID नहीं है। वह name@bank जैसी होती है: अक्षर, अंक, बिंदु और डैश, और एक @। कृपया अपनी UPI ID लिखें, या /cancel।
withdraw-ask-amount = पैसे <code>{ $vpa }</code> पर जाएँगे। कितनी रकम? { $minimum } से { $available } के बीच की रकम लिखें, या बटन दबाएँ।
withdraw-amount-wrong = यह रकम नहीं है। रुपये अंकों में लिखें, जैसे 500 या 750.50, या /cancel। आप { $minimum } से { $available } तक निकाल सकते हैं।
withdraw-amount-fine = रुपये में ज़्यादा से ज़्यादा दो दशमलव अंक होते हैं। कृपया रकम फिर लिखें, या /cancel।
withdraw-amount-low = कम से कम { $minimum } निकाले जा सकते हैं। कृपया बड़ी रकम लिखें, या /cancel।
withdraw-amount-high = अभी आप ज़्यादा से ज़्यादा { $available } निकाल सकते हैं। कृपया छोटी रकम लिखें, या /cancel।
withdraw-confirm = <b>{ $amount } निकालें</b>, <code>{ $vpa }</code> पर?
    UPI ID का एक-एक अक्षर जाँच लें: ग़लत ID पर गया पैसा वापस नहीं मँगाया जा सकता। “पक्का करें” दबाएँ।
withdraw-asked = निकासी <code>{ $withdrawal }</code> का अनुरोध मिल गया: { $amount }, <code>{ $vpa }</code> पर।
    रकम आपके लिए अलग रख दी गई है। हर क़दम पर यहीं बताया जाएगा।
withdraw-now-less = अब आप { $available } ही निकाल सकते हैं, इसलिए { $amount } की यह निकासी नहीं माँगी गई। कुछ नहीं बदला।
withdraw-dropped = कुछ नहीं निकाला गया।

help = <b>मैं क्या-क्या कर सकता हूँ</b>
    /plans – प्लान चुनें और ख़रीदें
    /cart – एक पेमेंट में कई प्लान, और कूपन
    /orders – आपके ऑर्डर
    /subscriptions – आपके पास क्या है, कब तक; रिन्यू करें, समस्या बताएँ
    /wallet – यहाँ आपका पैसा और उसका स्टेटमेंट
    /refer – आपका लिंक और उससे हुई कमाई
    /leaderboard – अपने लिंक से सबसे ज़्यादा कौन बेचता है, और प्रतियोगिताएँ
    /earnings – हर कमीशन
    /withdraw – अपनी कमाई अपनी UPI ID पर मँगाएँ
    /upi – वे UPI ID जिन पर पैसे आते हैं; /tds – कटा हुआ टैक्स
    /notifications – आपको क्या बताया गया, और क्या बताया जाए
    /language – English या हिन्दी
    /privacy – आपके बारे में क्या रखा जाता है; उसे डाउनलोड करें, या अपना अकाउंट मिटाएँ
    /support – किसी व्यक्ति से बात करें; /paysupport – पेमेंट में मदद
    /terms – दुकान की शर्तें
    /cancel – खुला सवाल छोड़ दें
support = <b>सपोर्ट</b>
    { $contact } को लिखें। अपना ऑर्डर (O-…) या निकासी (W-…) नंबर बताएँ ताकि हम उसे तुरंत ढूँढ सकें।
support-none = <b>सपोर्ट</b>
    दुकान के मालिक ने अभी कोई संपर्क नहीं बताया है। आपके ऑर्डर और निकासियाँ सुरक्षित हैं: स्टाफ़ हर एक को देखता है।
cancelled = ठीक है, सवाल छोड़ दिया। कुछ नहीं बदला।
cancel-nothing = छोड़ने के लिए कुछ नहीं है।
unexpected = यहाँ मुझे किसी मैसेज की उम्मीद नहीं थी। नीचे से चुनें, या /help देखें।
unknown-command = मैं यह कमांड नहीं जानता। /help देखें।
stale = यह बटन पुरानी स्क्रीन का है और अब कुछ नहीं करता।
failed = माफ़ कीजिए, हमारी तरफ़ कुछ गड़बड़ हो गई। इससे कुछ नहीं बदला; कृपया फिर कोशिश करें, या /help देखें।

button-plans = 🛍 प्लान
button-orders = 🧾 मेरे ऑर्डर
button-wallet = 👛 वॉलेट
button-refer = 🎁 रेफ़र करें और कमाएँ
button-help = ❓ मदद
button-back = ‹ वापस
button-home = ‹ होम पर वापस
button-buy = अभी ख़रीदें · { $price }
button-paid = ✅ मैंने पेमेंट कर दिया
button-pay = पेमेंट देखें
button-copy-upi = 📋 UPI ID कॉपी करें
button-copy-amount = 📋 रकम कॉपी करें
button-cancel-order = ऑर्डर रद्द करें
button-order = { $order } · { $title } · { $state }
button-statement = स्टेटमेंट
button-withdraw = पैसे निकालें
button-earnings = कमाई
button-file = फ़ाइल में (CSV)
statement-file = स्टेटमेंट, { $lines } लाइनें, सबसे नई पहले।
button-share = शेयर करें
button-older = पुराने ›
button-newer = ‹ नए
button-vpa = { $vpa } ही लें
button-all = सब निकालें ({ $amount })
button-confirm = पक्का करें
button-drop = रहने दें
short-awaiting = पेमेंट बाक़ी
short-in-review = जाँच हो रही है
short-paid = पेमेंट हो गया
short-awaiting-stock = स्टॉक का इंतज़ार
short-delivered = डिलीवर हुआ
short-expired = समय पूरा
short-cancelled = रद्द
short-refunded = रिफ़ंड हुआ

movement-order_reserved = अलग रखा
movement-order_unreserved = लौटाया
movement-order_paid = बिक्री
movement-commissions_released = होल्ड से छूटा
movement-commission_cancelled = कमीशन रद्द
movement-withdrawal_asked = निकासी
movement-withdrawal_refused = निकासी नामंज़ूर
movement-withdrawal_paid = निकासी का पेमेंट
movement-withdrawal_returned = निकासी लौट आई
movement-top_up = पैसे जोड़े
movement-order_refunded = रिफ़ंड
movement-refund_sent = रिफ़ंड भेजा
movement-refund_failed = रिफ़ंड नहीं गया
movement-credit_assigned = मिला हुआ पैसा जोड़ा
movement-prize_given = इनाम
movement-adjusted = स्टाफ़ ने सुधारा
account-credit = क्रेडिट
account-held = होल्ड पर
account-earned = निकालने लायक़
account-reserved = अलग रखा हुआ
account-withdrawing = निकाला जा रहा
account-refunding = रिफ़ंड हो रहा
account-owed = बक़ाया
