# धोखाधड़ी, जैसे स्टाफ़ एडमिन चैट में पढ़ता है।

menu-fraud = जो धोखाधड़ी लगती है
fraud-card = 🚩 <b>{ $rule }</b> <code>{ $flag }</code>, { $at }
fraud-duplicate-upi = कई लोग एक ही UPI ID पर, या उसमें एक ही फ़ोन नंबर पर, पैसा मँगाते हैं।
fraud-duplicate-device = कई लोग एक ही डिवाइस इस्तेमाल करते हैं।
fraud-duplicate-ip = कई लोग एक ही इंटरनेट पते से आते हैं।
fraud-low-conversion = इनके लिंक से जुड़ने वालों में आम से बहुत कम लोग ख़रीदते हैं।
fraud-rapid-signups = एक लिंक से थोड़े समय में बहुत लोग जुड़े।
fraud-self-referral = इन बिक्रियों से जिसने कमाया, उसी ने इनके पैसे दिए।
fraud-reused-utr = ऐसे बैंक रेफ़रेंस भेजे गए जो दूसरों के ऑर्डर के हैं।
fraud-reused-screenshot = ऐसे स्क्रीनशॉट भेजे गए जो दूसरे पहले भेज चुके हैं।
fraud-instant-buyers = इनके लिंक से जुड़ने वाले पलों में ख़रीदते हैं, कई एक साथ।
fraud-one-payer = इनकी कमाई एक ही भुगतान करने वाले से आती है।
fraud-ring = एक ही डिवाइस, पते या UPI ID वाले लोग एक-दूसरे को लाए।
fraud-refund-after-release = कमाई जारी होने के बाद बिक्रियाँ लौटाई गईं।
fraud-manual = स्टाफ़ ने उठाया।
fraud-shared-device = डिवाइस
fraud-shared-payee = पैसा मँगाने की UPI ID
fraud-shared-payee-phone = पैसा मँगाने की UPI ID का फ़ोन नंबर
fraud-shared-payer = पैसा देने की UPI ID
fraud-shared-payer-phone = पैसा देने की UPI ID का फ़ोन नंबर
fraud-shared-ip = इंटरनेट पता
fraud-seconds = { $count } सेकंड
fraud-minutes = { $count } मिनट
fraud-hours = { $count } घंटे
fraud-days = { $count } दिन
fraud-evidence-people = · लोग: { $count }
fraud-evidence-orders = · ऑर्डर: { $count }{ $codes }
fraud-evidence-share = · हिस्सा: { $share } %
fraud-evidence-unusual = · हिस्सा: { $share } %, आम: { $usual } %
fraud-evidence-within = · { $time } के अंदर
fraud-evidence-amount = · रक़म: { $amount }
fraud-evidence-shared = · एक जैसा: { $what }
fraud-evidence-words = · स्टाफ़ के शब्द: “{ $words }”
fraud-card-suspect = 👤 <b>{ $name }</b> ({ $id }{ $username }), इनके बारे में
fraud-card-beneficiary = 💰 <b>{ $name }</b> ({ $id }{ $username }), इससे कमाया
fraud-card-seen = 👁 <b>{ $name }</b> ({ $id }{ $username }), साथ में दिखे
fraud-card-figures = { $joined } से ({ $days ->
        [one] { $days } दिन
       *[other] { $days } दिन
    } हुए) · ख़र्च { $spent } · { $friends ->
        [one] { $friends } दोस्त
       *[other] { $friends } दोस्त
    } · होल्ड पर { $held } · कमाया { $earned } · निकल रहा है { $withdrawing }
fraud-card-is-blocked = ⛔ ब्लॉक हैं: { $reason }
fraud-card-more = और भी लोग
fraud-card-holds = 🔒 रोके हैं { $count ->
        [one] { $count } कमीशन
       *[other] { $count } कमीशन
    }, { $amount }
fraud-card-held = यह { $count ->
        [one] { $count } कमीशन
       *[other] { $count } कमीशन
    } के बारे में था, जिसमें से { $amount } बचा है।
fraud-card-freezes = 🔒 इनका सब कुछ रुका है: { $amount }
fraud-card-holds-nothing = 🔒 अभी इनके पास कुछ नहीं है: जो कमाएँगे वह रुकेगा।
fraud-card-weak = ▫️ कुछ नहीं रोकता: स्कोर में { $points } जोड़ता है।
fraud-card-asked = ❓ { $by } ने { $name } से पूछा, { $at }: { $words }
fraud-card-said = 💬 { $name } ने कहा, { $at }: { $words }
fraud-card-dismissed = ✅ { $by } ने ख़ारिज किया, { $at }: रुका हुआ आगे चलेगा। कुछ नया मिलने पर यह लौटेगा; अभी फिर रोकने के लिए: <code>/flag { $id } कारण</code>
fraud-card-taken-back = ↩️ { $by } ने वापस लिया, { $at }: { $reason }।
fraud-card-blocked = ⛔ { $by } ने ब्लॉक किया, { $at }: { $reason }। किसी के लिए वापस करने को: <code>/unblock { $id }</code>
button-block = ⛔ ब्लॉक करें
button-dismiss = ✅ ख़ारिज करें
button-take-back = ↩️ वापस लें
button-ask = ❓ उनसे पूछें
button-tree = 🌳 पेड़
reason-several-accounts = एक ही व्यक्ति के कई अकाउंट
reason-own-purchases = आपके लिंक से हुई ख़रीद आपकी अपनी थी
reason-no-purchases = कमाई असली ख़रीद से नहीं आई
fraud-ask = { $name }, <code>{ $subject }</code> के बारे में { $person } से क्या पूछना है? यहाँ अगले मैसेज में लिखें: जैसा लिखेंगे वैसा ही जाएगा। छोड़ने के लिए /cancel।
fraud-asked = <code>{ $subject }</code>: पूछ लिया गया; जवाब कार्ड पर आएगा।
fraud-decided = <code>{ $subject }</code>: हो गया, कार्ड देखें।
fraud-nobody = पूछने के लिए कोई नहीं है।
fraud-unreachable = उन तक नहीं पहुँचा जा सकता: उन्होंने बॉट को ब्लॉक किया है।
fraud-reason-wrong = कृपया 1 से { $most } अक्षरों का कारण दें, या /cancel।
fraud-words-wrong = कृपया सवाल टेक्स्ट में भेजें, ज़्यादा से ज़्यादा { $most } अक्षर, या /cancel।
fraud-no-flag = { $what } नाम का कोई फ़्लैग नहीं है।
fraud-queue = 🚩 <b>धोखाधड़ी</b>: { $rule }, सबसे नए पहले
    किसी को दबाने पर उसका कार्ड आता है।
fraud-queue-empty = 🚩 <b>धोखाधड़ी</b>: { $rule }
    यहाँ कुछ नहीं है।
fraud-every-rule = हर नियम
fraud-rules = 🚩 कौन सा नियम?
fraud-person = 🚩 <b>{ $name }</b> ({ $id }): फ़्लैग
fraud-person-none = 🚩 <b>{ $name }</b> ({ $id }): कोई फ़्लैग नहीं।
button-fraud = 🚩 धोखाधड़ी: कुछ रुका है
button-fraud-open = खुले
button-fraud-asked = पूछे गए
button-fraud-decided = तय हुए
button-fraud-all = सब
button-fraud-holds = 🔒 रोकने वाले
button-fraud-score = ▫️ सिर्फ़ स्कोर
button-fraud-rule = नियम: { $rule }
usage-flag = ऐसे लिखें: /flag ID REASON (ID, @name या कोड): तय होने तक उनका सब कुछ रुकता है
usage-block = ऐसे लिखें: /block ID REASON (ID, @name या कोड): न कमाएँगे, न निकालेंगे; ख़रीद चलती रहेगी
usage-unblock = ऐसे लिखें: /unblock ID (ID, @name या कोड)
flag-raised = 🚩 <code>{ $flag }</code>: तय होने तक { $name } का सब कुछ रुका है। कार्ड आ रहा है।
person-blocked = ⛔ { $name } ({ $id }) ब्लॉक हैं: न कमाएँगे, न निकालेंगे, और जो माँगा था वह नामंज़ूर है। ख़रीद चलती रहेगी।
person-blocked-already = { $name } ({ $id }) पहले से ब्लॉक हैं।
person-unblocked = { $name } ({ $id }) अब ब्लॉक नहीं हैं। फ़्लैग ने जो रोका है वह रुका रहेगा।
person-not-blocked = { $name } ({ $id }) ब्लॉक नहीं हैं।
risk-score = 🚩 धोखाधड़ी स्कोर: { $bar } 100 में से { $score }
risk-flag-holds = 🔒 <code>{ $flag }</code> { $rule }, रोकता है
risk-flag = ▫️ <code>{ $flag }</code> { $rule }, सिर्फ़ स्कोर
risk-more = और { $count }
risk-blocked = ⛔ ब्लॉक हैं: { $reason }
risk-on-hold = 🔒 रुका हुआ: फ़्लैग तय होने तक कुछ मंज़ूर या चुकाया नहीं जाता।
withdrawal-on-hold = { $flags } ने रोका है: पहले वह तय करें।
withdrawal-of-blocked = वे ब्लॉक हैं: इसे सिर्फ़ नामंज़ूर किया जा सकता है।
tree-blocked = ब्लॉक
tree-flags = { $count ->
        [one] { $count } फ़्लैग
       *[other] { $count } फ़्लैग
    }
