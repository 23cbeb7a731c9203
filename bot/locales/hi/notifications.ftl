# The notification centre, and the languages.

notifications = <b>सूचनाएँ</b>, सबसे नई पहले
notifications-empty = <b>सूचनाएँ</b>
    अभी कुछ नहीं।
notifications-unread = 🔵 <b>{ $at }</b>
notifications-read = { $at }
notifications-long = एक लंबा मैसेज: वह इसी चैट में है, जैसा आया था।
button-notifications = 🔔 सूचनाएँ
button-notifications-unread = 🔔 सूचनाएँ ({ $count })
button-newest = « सबसे नई
button-mutes = ⚙️ सेटिंग

mutes = <b>आपको क्या-क्या बताया जाए</b>
    किसी चीज़ को म्यूट करने या फिर से चालू करने के लिए दबाएँ। जो म्यूट है वह आपको भेजा नहीं जाता, पर /notifications में दिखता है।

    आपके अपने पैसे और ऑर्डर की बातें म्यूट नहीं हो सकतीं: पेमेंट, डिलीवरी, रिफ़ंड, निकासी।
mutes-quiet = 🌙 रिमाइंडर { $from } से { $until } तक रुके रहते हैं।
button-told = 🔔 { $topic }
button-muted = 🔕 { $topic } (म्यूट)
topic-joins = आपके लिंक से कोई जुड़ा
topic-commissions = कमीशन
topic-reminders = रिमाइंडर

language-name = हिन्दी
language = <b>भाषा</b>
    आप यहाँ किस भाषा में पढ़ना चाहेंगे?
button-language = 🌐 भाषा
button-language-now = ✓ { $language }
