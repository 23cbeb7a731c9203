# Plans and links in any chat, pictures, the order of plans, and who waits for stock.

inline-plan = <b>{ $title }</b>
inline-plan-figures = <b>{ $price }</b> · { $days } दिन · स्क्रीन: { $screens }
inline-plan-line = { $price } · { $days } दिन · { $platform }
inline-plan-button = 🛍 { $shop } में खोलें
inline-refer = 🎁 दोस्त को बुलाएँ
inline-refer-line = { $shop } का अपना लिंक भेजें
inline-refer-text = <b>{ $shop }</b>
    स्ट्रीमिंग प्लान सही दाम पर, UPI से पेमेंट, यहीं Telegram पर डिलीवरी। मेरे लिंक से आइए: { $link }
inline-refer-button = 🎁 { $shop } से जुड़ें
inline-open = दुकान खोलें
help-inline = किसी भी चैट में @{ $bot } और एक शब्द लिखें, जैसे “@{ $bot } netflix”, और दोस्त को प्लान या अपना लिंक भेजें।
categories = <b>प्लान</b>
    श्रेणी चुनें, या जो ढूँढ रहे हैं उसे कमांड के बाद लिखें: /plans films
product-shelf = स्थान: { $of } में से { $place }
    तस्वीर: { $picture }
picture-yes = है
picture-no = नहीं
button-picture = 🖼 तस्वीर
button-picture-remove = तस्वीर हटाएँ
button-up = ⬆️ ऊपर
button-down = ⬇️ नीचे
button-place = 🔢 स्थान…
product-ask-picture = { $name }, { $title } की तस्वीर फ़ोटो के रूप में यहाँ अपने अगले मैसेज में भेजें। /cancel इसे छोड़ देता है।
product-picture-wrong = यह फ़ोटो नहीं है। तस्वीर को फ़ोटो के रूप में भेजें (फ़ाइल के रूप में नहीं), या /cancel।
product-picture-set = 🖼 { $title } की नई तस्वीर लग गई।
product-picture-album = 🖼 { $title } की नई तस्वीर लग गई: इनमें से पहली। एक प्लान की एक ही तस्वीर होती है; बाक़ी छोड़ दी गईं।
product-ask-place = { $name }, { $title } का नया स्थान यहाँ अपने अगले मैसेज में भेजें: 1 (पहला) से { $of } (आख़िरी) तक कोई संख्या। अभी: { $place }। /cancel इसे छोड़ देता है।
product-place-wrong = यह कोई स्थान नहीं है। 1 से { $of } तक की संख्या भेजें, या /cancel।
product-placed = { $title } अब { $of } में से स्थान { $place } पर है।
picture-lost = 🖼 Telegram अब <b>{ $title }</b> (<code>{ $code }</code>) की तस्वीर नहीं पहचानता, इसलिए ग्राहकों को प्लान बिना तस्वीर के दिखता है। शायद बॉट का टोकन बदला गया है। तस्वीर फिर से भेजें: बटन दबाएँ, फिर तस्वीर।
button-wait = 🔔 स्टॉक आने पर बताएँ
button-wait-no-more = 🔕 अब न बताएँ
plan-waiting = 🔔 स्टॉक आने पर आपको यहाँ बताया जाएगा।
back-in-stock = 🔔 <b>{ $title }</b> फिर से स्टॉक में है, दाम { $price }।
button-see-plan = प्लान देखें
