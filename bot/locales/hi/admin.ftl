# What staff read in the admin chat.

payment-card = 💳 <code>{ $order }</code> का <b>पेमेंट</b>
    { $title }
    ग्राहक: { $customer } ({ $customer-id }{ $username })
    रकम: <b>{ $amount }</b>
    UTR: { $utr }
    भेजा: { $at }
payment-card-photo = स्क्रीनशॉट
payment-card-wallet = कोई नहीं, वॉलेट से
payment-card-paid-wallet = ✅ वॉलेट से चुकाया, { $at }।
payment-card-referrers = किसने बुलाया: { $level1 }
payment-card-late = ⚠️ देर से: ऑर्डर ख़त्म होने के बाद आया।
payment-card-rejected-before = ⚠️ इस ऑर्डर के { $count } सबूत पहले नामंज़ूर हुए थे।
payment-card-approved = ✅ { $by } ने मंज़ूर किया, { $at }।
payment-card-rejected = ❌ { $by } ने नामंज़ूर किया, { $at }: { $reason }।
payment-card-to-deliver = 📦 हाथ से डिलीवर करना है।
payment-card-out-of-stock = 🚫 स्टॉक में नहीं: स्टॉक भरते ही मिलेगा, या हाथ से डिलीवर करें।
payment-card-delivered = 📦 { $at } को डिलीवर हुआ।
withdrawal-card = 🏦 <b>निकासी</b> <code>{ $withdrawal }</code>
    ग्राहक: { $customer } ({ $customer-id }{ $username })
    रकम: <b>{ $amount }</b>
    UPI ID: <code>{ $vpa }</code>
    अब तक की कमाई: { $lifetime }, चुकाया गया: { $paid-out }
    माँगी: { $at }
withdrawal-card-owes = ⚠️ { $owed } बक़ाया है: इसे सिर्फ़ नामंज़ूर किया जा सकता है।
withdrawal-card-same-vpa = ⚠️ { $count } और ग्राहक ने भी इसी UPI ID पर पैसे माँगे थे।
withdrawal-card-approved = 👍 { $by } ने मंज़ूर किया, { $at }।
withdrawal-card-rejected = ❌ { $by } ने नामंज़ूर किया, { $at }: { $reason }।
withdrawal-card-paid = ✅ { $by } ने पेमेंट किया, { $at }। UTR: <code>{ $utr }</code>
withdrawal-card-returned = ⚠️ पेमेंट हुआ था पर लौट आया, बताया { $by } ने, { $at }: { $reason }। UTR: { $utr }
withdrawal-card-failed = ⚠️ पेमेंट नहीं हो सका, बताया { $by } ने, { $at }: { $reason }।
payment-card-refunded = ↩️ { $amount } रिफ़ंड (<code>{ $refund }</code>), { $by } ने, { $at }।
refund-begin = ↩️ <b>ऑर्डर <code>{ $order }</code> का रिफ़ंड</b>
    { $title }
    ग्राहक: { $customer } ({ $customer-id }{ $username })
    चुकाया: { $price } ({ $outside } बाहर से, { $wallet } वॉलेट से)
    पहले रिफ़ंड हुआ: { $refunded }
    बचा: <b>{ $left }</b>
refund-ask-amount = { $name }, <code>{ $order }</code> में से कितना लौटाना है? { $left } तक की रकम यहाँ अपने अगले मैसेज में लिखें। /cancel से छोड़ सकते हैं।
refund-amount-wrong = यह रकम नहीं है। रुपये अंकों में लिखें, जैसे 50 या 49.50, { $left } तक, या /cancel।
refund-amount-low = रकम शून्य से ज़्यादा होनी चाहिए। कृपया फिर लिखें, या /cancel।
refund-amount-high = चुकाए हुए में से सिर्फ़ { $left } बचे हैं। कृपया छोटी रकम लिखें, या /cancel।
refund-where = <b><code>{ $order }</code> के { $amount } रिफ़ंड करें</b>
    इनमें से { $outside } बाहर से चुकाए गए थे। वे कहाँ जाएँ? जो वॉलेट से चुकाया गया था वह वॉलेट में लौटेगा।
refund-ask-vpa = { $name }, <code>{ $order }</code> के { $outside } किस UPI ID पर भेजे जाएँ? उसे (जैसे name@bank) यहाँ अपने अगले मैसेज में लिखें। /cancel से छोड़ सकते हैं।
refund-why = <b><code>{ $order }</code> के { $amount } रिफ़ंड करें</b>: { $to }
    क्यों? वजह ग्राहक को बताई जाएगी।
refund-confirm = <b><code>{ $order }</code> के { $amount } रिफ़ंड करें?</b>
    { $title }
    ग्राहक: { $customer } ({ $customer-id }{ $username })
    कहाँ: { $to }
    वजह: { $reason }
    इस रकम पर रेफ़र करने वालों की कमाई उनसे वापस ली जाएगी।
refund-confirm-whole = इसके बाद ऑर्डर का कुछ नहीं बचेगा: सब्सक्रिप्शन ख़त्म हो जाएगा।
refund-card = ↩️ <code>{ $order }</code> का <b>रिफ़ंड</b> <code>{ $refund }</code>
    { $title }
    ग्राहक: { $customer } ({ $customer-id }{ $username })
    रकम: <b>{ $amount }</b>
    कहाँ: { $to }
    वजह: { $reason }
refund-card-reversal = वापस लिए: { $amount }, { $name } ({ $telegram-id }) से, लेवल { $level }
refund-card-made = ↩️ { $by } ने रिफ़ंड किया, { $at }।
refund-card-to-send = 🏦 <code>{ $vpa }</code> पर { $amount } भेजें, फिर “पेमेंट हो गया” दबाएँ।
refund-card-sent = ✅ { $by } ने पेमेंट किया, { $at }। UTR: <code>{ $utr }</code>
refund-card-failed = ⚠️ पेमेंट नहीं हो सका, बताया { $by } ने, { $at }: { $reason }। { $amount } ग्राहक के वॉलेट में हैं।
utr-reused = ⚠️ UTR <code>{ $utr }</code> <code>O-{ $order }</code> के लिए भेजा गया, पर वह <code>O-{ $first }</code> का है। उसे नहीं माना गया।
alarm = 🚨 <b>अलार्म</b>
    { $text }

ask-reason = { $name }, क्यों? { $subject } की वजह यहाँ अपने अगले मैसेज में भेजें। वह ग्राहक को बताई जाएगी। /cancel से छोड़ सकते हैं।
ask-payout-utr = { $name }, <code>{ $subject }</code> के पेमेंट का UTR यहाँ अपने अगले मैसेज में भेजें। /cancel से छोड़ सकते हैं।
ask-delivery = { $name }, <code>{ $subject }</code> के लिए ग्राहक को जो मिलना है (टेक्स्ट, फ़ोटो या फ़ाइल), उसे यहाँ अपने अगले मैसेज में भेजें। वह सुरक्षित रूप से ग्राहक को जाएगा। /cancel से छोड़ सकते हैं।
payout-utr-wrong = यह पेमेंट का UTR नहीं है: 10 से 35 अक्षर और अंक। कृपया फिर भेजें, या /cancel।
payout-utr-used = यह UTR किसी दूसरी निकासी में लग चुका है। कृपया सही वाला भेजें, या /cancel।
refund-ask-utr = { $name }, <code>{ $subject }</code> के पेमेंट का 12 अंकों का UTR यहाँ अपने अगले मैसेज में भेजें। /cancel से छोड़ सकते हैं।
refund-utr-wrong = यह UTR नहीं है: उसमें ठीक 12 अंक होते हैं। कृपया फिर भेजें, या /cancel।
refund-utr-used = यह UTR किसी दूसरे पेमेंट में लग चुका है। कृपया सही वाला भेजें, या /cancel।
refund-not-paid = <code>{ $order }</code> का पेमेंट नहीं हुआ है: रिफ़ंड करने को कुछ नहीं है।
refund-nothing-left = <code>{ $order }</code> के पूरे { $price } पहले ही रिफ़ंड हो चुके हैं:
refund-less-left = <code>{ $order }</code> के अब सिर्फ़ { $left } बचे हैं, इसलिए { $amount } रिफ़ंड नहीं किए गए। फिर से शुरू करें: /refund { $order }
refund-not-yours = यह रिफ़ंड किसी और ने शुरू किया था, या बहुत पहले। /refund से अपना शुरू करें।
reason-wrong = कृपया वजह ज़्यादा से ज़्यादा 300 अक्षरों के टेक्स्ट में भेजें, या /cancel।
delivered = <code>{ $subject }</code> ग्राहक को डिलीवर हो गया।
delivery-unreachable = ग्राहक तक नहीं पहुँचा जा सकता: उसने बॉट को ब्लॉक किया है। <code>{ $subject }</code> को डिलीवर हुआ नहीं माना गया।
delivery-impossible = Telegram ने इसे आगे भेजने से मना किया ({ $why })। इसे दूसरे रूप में भेजें, या /cancel।
marked-paid = <code>{ $subject }</code> का पेमेंट दर्ज हुआ, UTR <code>{ $utr }</code>।
taken-back = <code>{ $subject }</code>: वजह दर्ज हुई, ग्राहक को बता दिया गया।
cancelled-staff = ठीक है, जैसा था वैसा ही रहने दिया।
not-now = अब नहीं हो सकता: कार्ड देखें।
not-staff = यह सिर्फ़ दुकान का स्टाफ़ कर सकता है। इसे दर्ज कर लिया गया है।
not-allowed = आपकी भूमिका में इसकी इजाज़त नहीं है। इसे दर्ज कर लिया गया है।
owes = ग्राहक पर { $owed } बक़ाया है: यह निकासी सिर्फ़ नामंज़ूर हो सकती है।

pending = <b>इंतज़ार में</b>
    जाँचने के पेमेंट: { $payments }
    डिलीवर करने के ऑर्डर: { $orders }
    निकासियाँ: { $withdrawals }
    भेजने के रिफ़ंड: { $refunds }
    समस्याएँ: { $tickets }
    नीचे दबाने से वह कार्ड यहाँ फिर आ जाएगा।
pending-none = <b>इंतज़ार में</b>
    आपके लिए कुछ बाक़ी नहीं है।
usage-order = ऐसे लिखें: /order O-XXXXXXXX
usage-refund = ऐसे लिखें: /refund O-XXXXXXXX
usage-user = ऐसे लिखें: /user ID, /user @name या /user CODE
usage-staff = ऐसे लिखें: /staff – सूची; /staff add ID admin|support NAME; /staff remove ID
usage-settings = ऐसे लिखें: /settings – सारी सेटिंग; /settings KEY VALUE – एक बदलें, जैसे <code>/settings commissions.hold 48h</code>
no-order = { $what } नाम का कोई ऑर्डर नहीं है।
no-user = यहाँ { $what } नाम का कोई नहीं है।
order-report = <b>ऑर्डर <code>{ $order }</code></b>
    { $title }: दाम { $price }, लागत { $cost }
    ग्राहक: { $customer } ({ $customer-id }{ $username })
    स्थिति: { $state }
    कब किया: { $placed }
order-report-payment = पेमेंट { $number }: { $proof }, { $state }, { $at }{ $reason }
user-report = <b>{ $name }</b> ({ $telegram-id }{ $username })
    कोड: <code>{ $code }</code>, { $joined-at } को जुड़े{ $reachable }
    किसने बुलाया: { $referrer }
    ऑर्डर: { $placed } किए, { $paid } चुकाए
    लाए: { $joined } जुड़े, { $bought } ने ख़रीदा
    कमाई: लेवल 1 { $level1 }, लेवल 2 { $level2 }
    ख़र्च करने के लिए: { $spend }
    निकालने लायक़: { $withdrawable }
    होल्ड पर: { $held }
    निकाली जा रही रकम: { $withdrawing }
    बक़ाया: { $owed }
user-unreachable = , बॉट को ब्लॉक किया है
nobody = किसी ने नहीं
stats = <b>{ $shop } आँकड़ों में</b>
stats-part = <b>{ $period }</b>
    जुड़े: { $joined } ({ $by-link } लिंक से)
    ऑर्डर: { $placed } किए गए, { $paid } चुकाए गए
    बिक्री: { $sales }, लागत { $cost }, कमीशन { $commissions }
    दोनों के बाद बचा: { $margin }
    चुकाया गया: { $paid-out }
period-today = आज
period-week = पिछले 7 दिन
period-month = पिछले 30 दिन
period-all = शुरू से अब तक
settings = <b>सेटिंग</b>
settings-line = <code>{ $key }</code> = { $value }{ $origin }
origin-default = {""}
origin-file = {" "}(settings.toml से)
origin-admin = {" "}(यहाँ बदला गया)
origin-environment = {" "}(एनवायरनमेंट से तय)
setting-changed = <code>{ $key }</code>: { $old } → <b>{ $new }</b>। जो पहले से इंतज़ार में है वह पुराने हिसाब से ही रहेगा।
setting-unknown = <code>{ $key }</code> नाम की कोई सेटिंग नहीं है। /settings में सब दिखेंगी।
setting-fixed = <code>{ $key }</code> तय है: वह एनवायरनमेंट से आता है, या शुरू होते समय ही पढ़ा जाता है, या सिर्फ़ चैट के बाहर बदलता है।
setting-wrong = नहीं बदला। { $why }
staff = <b>स्टाफ़</b>
staff-owner = मालिक: { $id }
staff-line = { $name } ({ $id }): { $role }
staff-added = { $name } ({ $id }) अब { $role } हैं।
staff-removed = { $id } अब स्टाफ़ में नहीं हैं।
staff-not = { $id } स्टाफ़ में नहीं हैं।
staff-is-owner = मालिक का नाम सेटिंग में होता है और यहाँ नहीं बदला जा सकता।
usage-statement = ऐसे लिखें: /statement ACCOUNT दुकान के किसी खाते के लिए: { $shop }; /statement WHO ACCOUNT ग्राहक के खाते के लिए: { $own }
usage-reconcile = ऐसे लिखें: /reconcile – अभी का ट्रायल बैलेंस और जाँच; /reconcile YYYY-MM-DD – उस दिन के अंत का ट्रायल बैलेंस
the-shop = दुकान
account-statement = { $owner } का <b>{ $account }</b>: { $balance }
account-line = { $at } · { $movement } · { $what }: { $amount } → { $after }
trial = <b>ट्रायल बैलेंस</b> (डेबिट में से क्रेडिट घटाकर)
trial-at = { $at } का <b>ट्रायल बैलेंस</b> (डेबिट में से क्रेडिट घटाकर)
trial-line = { $account }: { $amount } ({ $entries } एंट्री)
trial-sum = जोड़: { $sum }
proof-empty = ✅ जाँच में कुछ नहीं निकला: हिसाब सही है।
proof-line = 🚨 { $problem }: { $subject } ({ $detail })
digest-line = लेन-देन { $through } तक सील: <code>{ $digest }</code>
daily-report = <b>{ $day }</b>
    जुड़े: { $joined } ({ $by-link } लिंक से)
    ऑर्डर: { $placed } किए गए, { $paid } चुकाए गए
    बिक्री: { $sales }, लागत { $cost }, कमीशन { $commissions }
    दोनों के बाद बचा: { $margin }
    चुकाया गया: { $paid-out }
released-now = { $people } लोगों के { $amount } होल्ड से छोड़े ({ $commissions } कमीशन)।
released-none = अभी छोड़ने लायक़ कुछ नहीं है।
admin-help = <b>स्टाफ़ यहाँ क्या-क्या कर सकता है</b>
    /pending – आपके इंतज़ार में क्या है, कार्ड के साथ
    /payments – रुके हुए पेमेंट, और किसने क्या मंज़ूर किया
    /credits – आया हुआ पैसा जिसका मक़सद बताना है
    /payouts – मंज़ूर निकासियाँ बैंक के लिए फ़ाइल में, और बैंक का जवाब
    /order O-… – एक ऑर्डर
    /refund O-… – ऑर्डर का पैसा लौटाएँ, पूरा या कुछ
    /user ID, @name या कोड – एक ग्राहक
    /tree ID, @name या कोड – उन्हें कौन लाया, और वे किसको लाए
    /fraud – जो धोखाधड़ी लगती है; /fraud ID – किसी के ख़िलाफ़ क्या पता है
    /flag ID REASON – किसी का सब कुछ रोकें; /block ID REASON, /unblock ID – न कमाएँगे, न निकालेंगे
    /credit कौन रक़म कारण, /debit … – ग्राहक के वॉलेट में पैसा डालें, या निकालें
    /products – बिक्री में क्या है: देखें, बदलें, बनाएँ
    /coupon – छूट वाले कोड
    /referrers – इस महीने अपने लिंक से सबसे ज़्यादा कौन बेचता है
    /campaign – दुकान के अपने लिंक, और उनसे क्या हुआ
    /contest – अपने लिंक से सबसे ज़्यादा बेचने वालों के लिए इनाम वाली प्रतियोगिताएँ
    /import products – स्प्रेडशीट से एक साथ बहुत सारे; /import stock – वे अकाउंट जो पेमेंट पर डिलीवर होते हैं; /import statement – बैंक में क्या आया
    /export products – सारे स्प्रेडशीट में
    /stats – दुकान आँकड़ों में
    /stock – स्टॉक से डिलीवर होने वाले प्लान में कितना बचा है
    /statement – कोई भी खाता, लाइन-दर-लाइन, और फ़ाइल में
    /reconcile – ट्रायल बैलेंस और हिसाब की जाँच
    /tds YEAR – वित्त वर्ष में कटा टैक्स, फ़ाइल में (मालिक)
    /settings – सारी सेटिंग; /settings KEY VALUE एक बदलता है
    /staff – कौन क्या कर सकता है
    /release – जो बाक़ी है उसे अभी छोड़ें
    /erase ID – किसी के कहने पर उसका अकाउंट मिटाएँ (मालिक)
    /id – इस चैट की और आपकी id
    /help – यही
admin-unknown-command = मैं यहाँ यह कमांड नहीं जानता। /help देखें।
chat-id = यह चैट: <code>{ $chat }</code>
    आप: <code>{ $user }</code>
no-rights = 🚨 आप यहाँ मुझे जो जवाब देते हैं वह मैं पढ़ नहीं सकता: मुझे इस ग्रुप का एडमिन बनाएँ, या @BotFather से मेरा प्राइवेसी मोड बंद करें।

button-approve = ✅ मंज़ूर करें
button-reject = ❌ नामंज़ूर करें
button-deliver = 📦 डिलीवर करें
button-mark-paid = ✅ पेमेंट हो गया
button-could-not-pay = ⚠️ पेमेंट नहीं हुआ
button-other = कुछ और…
button-refund-all = पूरे { $amount } लौटाएँ
button-refund-part = कुछ हिस्सा…
button-refund-wallet = वॉलेट में
button-refund-upi = UPI से
button-refund-confirm = रिफ़ंड पक्का करें
reason-not-working = प्लान नहीं चला
reason-not-delivered = डिलीवरी नहीं हो सकी
reason-mistake = ग़लती से ख़रीदा गया था
reason-not-received = पैसे नहीं मिले
reason-amount = रकम मेल नहीं खाती
reason-unreadable = सबूत पढ़ा नहीं जा सकता
reason-reused = यह सबूत पहले इस्तेमाल हो चुका है
reason-vpa = UPI ID सही नहीं है
reason-fraud = खाते की जाँच हो रही है
reason-bank = बैंक ने पेमेंट लेने से मना किया
payment-state-confirmed = मंज़ूर
payment-state-rejected = नामंज़ूर
role-admin = एडमिन
role-support = सपोर्ट
button-card = कार्ड देखें
