# Money that is seen at the bank and at gateways: cards, queue, payments in view, what is between the shop and its bank.

menu-credits = आया हुआ पैसा जिसका मक़सद बताना है
menu-payments = रुके हुए पेमेंट, और किसने क्या मंज़ूर किया
credit-card = 🏦 <b>{ $amount }</b> आए
    किससे: { $who }
    बैंक: { $bank }, रेफ़रेंस <code>{ $reference }</code>
    कब: { $at }
credit-note = नोट: { $note }
credit-at-bank = बैंक
credit-at-gateway = गेटवे
credit-nobody-named = नाम नहीं
credit-waits-unknown = ❔ पता नहीं यह किसलिए है।
credit-waits-late = ⌛ यह <code>{ $order }</code> ख़त्म होने के बाद आया ({ $due } बाक़ी था)।
credit-waits-double = 👥 <code>{ $order }</code> का पेमेंट पहले हो चुका है।
credit-waits-short = ⚠️ यह <code>{ $order }</code> की क़ीमत से कम है: { $due } चाहिए।
credit-waits-excess = ⚠️ यह <code>{ $order }</code> की क़ीमत से ज़्यादा है: { $due } चाहिए।
credit-waits-several = ⚠️ यह कई ऑर्डर के लिए हो सकता है।
credit-waits-ask = ❔ यह <code>{ $order }</code> ({ $due } बाक़ी) के लिए लगता है। कृपया बताएँ।
credit-waits-payout = ❔ यह गेटवे का भुगतान लगता है, पर रकम अलग है।
credit-too-old = ⚠️ यह उस ऑर्डर से पहले आया था।
credit-left = अब भी बाक़ी: <b>{ $left }</b>
credit-perhaps = शायद { $name } का <code>{ $order }</code>: { $title }, { $due } बाक़ी, { $state }
credit-part-order = ✅ { $amount }, <code>{ $order }</code> के लिए, { $by }, { $at }
credit-part-wallet = 👛 { $amount }, { $name } के वॉलेट में, { $by }, { $at }
credit-part-returning = ↩️ { $amount } उसी रास्ते से लौट रहा है, द्वारा { $by }, { $at }
credit-part-back = ↩️ { $amount } लौटाए, रेफ़रेंस <code>{ $reference }</code>, { $by }, { $at }
credit-part-payout = 🏦 { $amount } गेटवे का भुगतान <code>{ $payout }</code> है, { $by }, { $at }
credit-choose-order = क्या { $amount } <code>{ $order }</code> के लिए हैं?
    { $title }, { $due } बाक़ी, { $state }
    ग्राहक: { $name } ({ $id })
credit-choose-wallet = { $amount } <b>{ $name }</b> ({ $id }{ $username }) के वॉलेट में डालें? उन्हें बताया जाएगा।
credit-ask-order = { $name }, { $amount } किस ऑर्डर के लिए हैं? उसका कोड (O-XXXXXXXX) यहाँ अपने अगले मैसेज में भेजें। /cancel से छोड़ सकते हैं।
credit-ask-wallet = { $name }, { $amount } किसके वॉलेट में जाएँ? Telegram ID, @नाम या उनके किसी ऑर्डर का कोड (O-XXXXXXXX) यहाँ अपने अगले मैसेज में भेजें। /cancel से छोड़ सकते हैं।
credit-ask-return = { $name }, पहले अपने बैंक से { $amount } लौटाएँ। फिर उस पेमेंट का रेफ़रेंस (UTR) यहाँ अपने अगले मैसेज में भेजें। /cancel से छोड़ सकते हैं।
credit-no-order = { $what } नाम का कोई ऑर्डर नहीं है। कोड फिर भेजें, या /cancel।
credit-no-user = { $what } यहाँ कोई नहीं है। फिर भेजें, या /cancel।
credit-nobody = यह व्यक्ति अब यहाँ नहीं है।
credit-order-paid = उस ऑर्डर का पेमेंट हो चुका है। दूसरा ऑर्डर या वॉलेट चुनें, या पैसा लौटाएँ।
credit-order-costs-more = <code>{ $order }</code> के लिए { $due } चाहिए, और सिर्फ़ { $left } हैं। दूसरा कोड भेजें, या /cancel; पैसा ग्राहक के वॉलेट में जा सकता है।
credit-too-little = इस पैसे में से उस ऑर्डर की क़ीमत जितना नहीं बचा है।
credit-sent-back = नोट किया: पैसा लौटाया गया।
credit-why-all = तय करना है
credit-why-new = नया
credit-why-unknown = अनजान
credit-why-late = देर से
credit-why-double = दोबारा
credit-why-short = कम
credit-why-excess = ज़्यादा
credit-why-several = कई ऑर्डर
credit-why-ask = पूछता है
credits = <b>रुका हुआ पैसा</b>
credits-none = कुछ नहीं रुका है: हर रुपये का हिसाब है।
credits-pile = { $why }: { $count }, { $amount }, { $bank } में
credits-many = 🏦 और पैसा है जिसका मक़सद बताना है: { $count }, कुल { $amount }। सूची /credits में है।
pending-credits = तय करने का पैसा: { $count } ({ $amount }); जो दुकान का नहीं लगता: { $others }
button-credits = 🏦 रुका हुआ पैसा
button-credit-order = ✅ { $order }
button-credit-order-and-wallet = ✅ { $order }, { $rest } वॉलेट में
button-credit-order-alone = ✅ { $order }, { $rest } रुके
button-credit-other = दूसरा ऑर्डर…
button-credit-wallet = 👛 वॉलेट में…
button-credit-wallet-of = 👛 { $name } के वॉलेट में
button-credit-back = ↩️ लौटाएँ…

payment-card-seen = 🏦 बैंक में दिखा: { $amount }, { $at }, { $bank }, { $who } से
payment-card-not-seen = 🔎 बैंक में अभी नहीं दिखा।
payment-card-credit = कोई नहीं, पैसा बैंक में मिला

credit-kept-excess = 👛 <b>{ $amount }</b> आपके वॉलेट में जोड़े गए, क्योंकि आपने <code>{ $order }</code> की क़ीमत से ज़्यादा भेजा।
credit-kept-double = 👛 <b>{ $amount }</b> आपके वॉलेट में जोड़े गए, क्योंकि <code>{ $order }</code> का पेमेंट पहले हो चुका था।
credit-kept-late = 👛 <b>{ $amount }</b> आपके वॉलेट में जोड़े गए, क्योंकि वे <code>{ $order }</code> ख़त्म होने के बाद आए।
credit-kept-short = 👛 <b>{ $amount }</b> आपके वॉलेट में जोड़े गए, क्योंकि वे <code>{ $order }</code> की क़ीमत से कम हैं। आप इनसे चुका सकते हैं।
credit-kept-unknown = 👛 आपके भेजे <b>{ $amount }</b> आपके वॉलेट में जोड़े गए, क्योंकि कोई ऑर्डर इनका इंतज़ार नहीं कर रहा था।
credit-returning = ↩️ आपके भेजे <b>{ $amount }</b> उसी रास्ते से आपको लौटाए जा रहे हैं।
credit-returned = ↩️ आपके भेजे <b>{ $amount }</b> आपको लौटा दिए गए। रेफ़रेंस: <code>{ $reference }</code>

watch = <b>पेमेंट</b>
watch-awaited = इंतज़ार है: { $count }, { $amount }; सबसे पुराना { $since } से
watch-waiting = जाँचना है, { $method }: { $count }, { $amount }; सबसे पुराना { $since } से
watch-credits = दिखा हुआ और रुका हुआ पैसा:
watch-day = <b>24 घंटे में मंज़ूर</b>: { $count }, { $amount }
watch-days = <b>{ $days } दिन में मंज़ूर</b>: { $count }, { $amount }
watch-by = { $method }, { $by } ने: { $count }, { $amount }
watch-by-itself = { $method }, अपने-आप ({ $by }): { $count }, { $amount }
watch-list-waiting = <b>जाँचने के पेमेंट</b>, सबसे पुराने पहले
watch-list-confirmed = <b>मंज़ूर हुए पेमेंट</b>, सबसे नए पहले
method-upi = UPI
method-gateway = गेटवे
method-wallet = वॉलेट
method-stars = Telegram Stars से
button-watch-waiting = 💳 जाँचने के लिए
button-watch-confirmed = { $days ->
        [one] ✅ 24 घंटे में मंज़ूर
       *[other] ✅ { $days } दिन में मंज़ूर
    }

clearing = { $account }: { $amount }
clearing-upi = · UPI से चुकाया, बैंक में नहीं दिखा: { $count }, { $amount }
clearing-gateway = · गेटवे ने लिया: { $count }, { $amount }
clearing-gateway-credits = · गेटवे में बिना ऑर्डर के दिखा: { $count }, { $amount }
clearing-stars = · Telegram Stars में चुकाया: { $count }, { $amount }
clearing-refunds = · गेटवे ने लौटाया: { $count }, { $amount }
clearing-settled = · गेटवे ने बैंक में दिया, फ़ीस के साथ: { $count }, { $amount }
clearing-at-bank = · बैंक में रुका है: { $count }, { $amount }
clearing-at-gateway = · गेटवे में रुका है: { $count }, { $amount }
clearing-unexplained = 🚨 फ़र्क़ जो किसी पेमेंट से नहीं समझ आता: { $amount }
clearing-unseen = 🔎 मंज़ूर हुआ और बहुत दिन से बैंक में नहीं दिखा: { $count }, { $amount }
clearing-unsettled = 🔎 गेटवे ने लिया और बहुत दिन से नहीं दिया: { $count }, { $amount }
clearing-overdue = · { $order }: { $amount }, रेफ़रेंस { $ending }, { $by }, { $at }
clearing-more = · और { $count }
clearing-no-statements = अब तक कोई बैंक स्टेटमेंट या सूचना नहीं पढ़ी गई: UPI से चुकाया हुआ नहीं दिख सकता।
