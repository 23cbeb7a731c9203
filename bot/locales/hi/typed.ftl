# One account of the stock, typed.

button-add-account = ➕ अकाउंट जोड़ें
typed-ask = 🔑 { $name }, <b>{ $title }</b> का अकाउंट लिखें, हर हिस्सा अपनी पंक्ति में:
    <code>login: name@example.com
    password: the password
    profile: 2
    pin: 1234
    slots: 4
    expires: 2027-03-31</code>
    सिर्फ़ login और password ज़रूरी हैं। मैं उसे सील करके आपका मैसेज मिटा दूँगा। /cancel से छोड़ सकते हैं।
typed-form = फिर से लिखें, या /cancel. हर हिस्सा अपनी पंक्ति में: <code>login:</code>, <code>password:</code>, और हों तो <code>profile:</code>, <code>pin:</code>, <code>slots:</code>, <code>expires:</code>.
typed-loaded = ✅ <b>{ $title }</b> का एक अकाउंट भरा गया, { $slots } स्लॉट।
typed-known = <b>{ $title }</b> का यह अकाउंट पहले से स्टॉक में है: कुछ नहीं बदला।
typed-line = ❌ पंक्ति { $number } समझ नहीं आई। कुछ नहीं भरा गया।
typed-wrong = ❌ { $reasons }। कुछ नहीं भरा गया।
typed-message-gone = आपका मैसेज मिटा दिया गया।
typed-message-stays = ⚠️ मैं आपका मैसेज नहीं मिटा सका: उसे ख़ुद मिटाएँ, या मुझे इस ग्रुप में मैसेज मिटाने दें।
