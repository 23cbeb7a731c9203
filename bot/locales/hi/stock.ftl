# Stock that is delivered at payment.

stock = 🗄 <b>स्टॉक</b>
stock-none = 🗄 कोई प्लान स्टॉक से डिलीवर नहीं होता। प्रोडक्ट का <code>delivery</code> /products में बदलें: from_stock.
stock-line = <b>{ $title }</b> (<code>{ $code }</code>): <b>{ $free }</b> ख़ाली, { $sold } बिके, { $retired } हटाए हुए, { $waiting } चुकाए हुए ऑर्डर इंतज़ार में
stock-load = एक अकाउंट जोड़ने के लिए प्लान दबाएँ; /import stock से कई भरें।
stock-no-key = ⚠️ MELA_CREDENTIALS__KEY सेट नहीं है: न स्टॉक भरा जा सकता है, न स्टॉक से डिलीवरी हो सकती है।
stock-no-key-now = MELA_CREDENTIALS__KEY सेट नहीं है: कुछ नहीं भरा गया।
stock-how = 📥 मुझे स्टॉक की फ़ाइल भेजें: CSV या XLSX, ज़्यादा से ज़्यादा { $most }, किसी भी क्रम में इन कॉलम के साथ: <code>{ $columns }</code>। एक पंक्ति एक अकाउंट है: <code>plan</code> प्रोडक्ट का कोड है, <code>slots</code> बताता है कि उसे कितने ख़रीदार साझा करेंगे (ख़ाली हो तो 1), <code>expires_on</code> उसका आख़िरी दिन YYYY-MM-DD में, या ख़ाली।
    पहले पूरी फ़ाइल जाँची जाती है, और “लागू करें” दबाने तक कुछ नहीं भरा जाता। अकाउंट सील करके रखे जाते हैं; फ़ाइल का कुछ भी यहाँ नहीं रखा जाता। बाद में उसे इस चैट से मिटा दें।
    /cancel से छोड़ सकते हैं।
stock-figures = 🔎 <b>{ $accounts }</b> नए अकाउंट, { $slots } स्लॉट, { $known } पहले से मौजूद, { $wrong } ग़लत पंक्तियाँ।
stock-press = अभी कुछ नहीं भरा गया। “लागू करें” सही पंक्तियाँ भर देगा।
stock-nothing = भरने के लिए कुछ नहीं है।
stock-loaded = ✅ { $by } ने { $slots } स्लॉट वाले { $accounts } अकाउंट भरे, { $known } पहले से मौजूद थे।
file-gone = वह फ़ाइल अब नहीं मिल रही, या कोई दूसरी है: उसे फिर भेजें।
stock-no-plan = { $code } नाम का कोई प्रोडक्ट नहीं है
stock-by-hand = { $code } हाथ से डिलीवर होता है
stock-empty = { $column } ख़ाली है
stock-long = { $column } 200 अक्षरों से लंबा है
stock-slots = slots 1 से 100 तक की पूरी संख्या होनी चाहिए
stock-day = expires_on YYYY-MM-DD वाला दिन होना चाहिए
stock-over = expires_on बीत चुका है
stock-twice = यही अकाउंट पंक्ति { $row } में है
