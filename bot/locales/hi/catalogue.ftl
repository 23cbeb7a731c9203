# The catalogue: what customers find, what staff do with it, and files of products.

platforms = <b>प्लान</b>
    प्लेटफ़ॉर्म चुनें, या जो ढूँढ रहे हैं उसे कमांड के बाद लिखें: /plans netflix
platform = <b>{ $platform }</b>
    जिस प्लान में क्या है देखना हो, उसे चुनिए।
platform-none = बाक़ी
plans-found = “{ $words }” वाले <b>प्लान</b>
plans-found-many = “{ $words }” वाले <b>प्लान</b>: बहुतों में से पहले कुछ। कम नतीजे पाने के लिए एक शब्द और जोड़ें।
plans-not-found = किसी प्लान के नाम, प्लेटफ़ॉर्म या श्रेणी में “{ $words }” नहीं है। /plans से सारे दिखेंगे।
button-previous = ‹ पिछले
button-next = अगले ›

products = <b>प्रोडक्ट</b>
    🟢 बिक्री में, ⚪️ बंद। दबाने से खुलेगा।
products-none = <b>प्रोडक्ट</b>
    अभी कोई नहीं है।
product = <b>{ $title }</b> (<code>{ $code }</code>)
    स्थिति: { $state }
    दाम: { $price }
    लागत: { $cost }
    अवधि: { $days } दिन
    स्क्रीन: { $screens }
    प्लेटफ़ॉर्म: { $platform }
    श्रेणी: { $category }
    डिलीवरी: { $delivery }
    विवरण: { $description }
product-on = 🟢 बिक्री में
product-off = ⚪️ बंद
product-created = ✅ बन गया, और बिक्री में है। बाक़ी नीचे बदल सकते हैं।
product-unknown = ऐसा कोई प्रोडक्ट नहीं है।
product-code-taken = कोड <code>{ $code }</code> किसी दूसरे प्रोडक्ट का है। कृपया दूसरा कोड भेजें, या /cancel।
product-ask = { $name }, { $title } के “{ $field }” का नया मान यहाँ अपने अगले मैसेज में भेजें। अभी: { $now }
    क्या चाहिए: { $rule }। /cancel से छोड़ सकते हैं।
product-ask-empty = डैश (-) भेजने से यह ख़ाली हो जाएगा।
product-ask-new = { $name }, नया प्रोडक्ट: उसका “{ $field }” यहाँ अपने अगले मैसेज में भेजें।
    क्या चाहिए: { $rule }। /cancel से छोड़ सकते हैं।
product-wrong = “{ $found }” { $field } नहीं हो सकता। क्या चाहिए: { $rule }। कृपया फिर भेजें, या /cancel।
product-changed = { $title }, { $field }: { $before } → <b>{ $after }</b>
product-unchanged = { $title }, { $field }: पहले से { $after } है।
preview = 👁 ग्राहकों को ऐसा दिखता है:
preview-off = 👁 ग्राहकों को ऐसा दिखता; यह बंद है, इसलिए उन्हें नहीं दिखता:
delivery-by-hand = हाथ से
delivery-from-stock = स्टॉक से
field-code = कोड
field-title = नाम
field-platform = प्लेटफ़ॉर्म
field-category = श्रेणी
field-period = अवधि
field-screens = स्क्रीन
field-price = दाम
field-cost = लागत
field-delivery = डिलीवरी
field-active = चालू
field-description = विवरण
rule-code = a-z, 0-9 और डैश के 1 से 40 अक्षर, जैसे netflix-1m
rule-title = 1 से 80 अक्षरों की एक लाइन
rule-name = ज़्यादा से ज़्यादा 40 अक्षरों की एक लाइन
rule-period = 1 से 3650 तक पूरे दिन
rule-screens = 1 से 100 तक की पूरी संख्या
rule-price = 1 रुपये से, ज़्यादा से ज़्यादा दो दशमलव अंक और दस लाख करोड़ से कम, जैसे 135 या 1,35,000.50
rule-cost = 0 रुपये से, ज़्यादा से ज़्यादा दो दशमलव अंक और दस लाख करोड़ से कम, जैसे 42 या 27.90
rule-delivery = by_hand या from_stock
rule-active = yes या no
rule-description = ज़्यादा से ज़्यादा 1000 अक्षर
button-new-product = ➕ नया प्रोडक्ट
button-switch-off = ⏸ बंद करें
button-switch-on = ▶️ चालू करें
button-preview = 👁 झलक देखें
button-product = प्रोडक्ट देखें

usage-import = ऐसे लिखें: /import products, /import stock या /import statement
usage-export = ऐसे लिखें: /export products
import-how = <b>प्रोडक्ट इंपोर्ट करें</b>
    स्प्रेडशीट यहाँ अपने अगले मैसेज में भेजें: CSV, या XLSX जिसकी पहली शीट पढ़ी जाती है; ज़्यादा से ज़्यादा { $most } और 20,000 पंक्तियाँ। या उसे /import products कैप्शन के साथ भेजें। /cancel से छोड़ सकते हैं।
    पहली पंक्ति में कॉलम के नाम होते हैं, किसी भी क्रम में: { $columns }
    जो कोड मौजूद है वह उस प्रोडक्ट को बदलता है, दूसरा कोड नया बनाता है। जब तक आप बदलाव देखकर “लागू करें” न दबाएँ, कुछ नहीं बदलता। यह फ़ाइल एक नमूना है।
import-no-file = कृपया स्प्रेडशीट को फ़ाइल (CSV या XLSX) के रूप में भेजें, या /cancel।
import-reading = ⏳ फ़ाइल पढ़ी जा रही है …
import-checking = ⏳ { $rows } पंक्तियाँ जाँची जा रही हैं …
import-too-large = फ़ाइल { $most } से बड़ी है: कुछ नहीं पढ़ा गया। उसे बाँट लें, या /settings में import.max_bytes बढ़ाएँ।
import-over-telegrams = Telegram बॉट को ज़्यादा से ज़्यादा 20 MB की फ़ाइल देता है, और यह उससे बड़ी है: कुछ नहीं पढ़ा गया। कृपया उसे बाँट लें।
import-too-many = फ़ाइल में { $most } से ज़्यादा पंक्तियाँ हैं: कुछ नहीं पढ़ा गया। कृपया उसे बाँट लें।
import-too-wide = फ़ाइल में 100 से ज़्यादा कॉलम हैं: कुछ नहीं पढ़ा गया। कृपया सिर्फ़ प्रोडक्ट भेजें।
import-inflates = खोलने पर फ़ाइल { $most } से बड़ी है: कुछ नहीं पढ़ा गया। कृपया उसे CSV में सेव करें।
import-empty = फ़ाइल में कुछ नहीं लिखा है। उसकी पहली पंक्ति में कॉलम के नाम होते हैं: { $columns }
import-foreign = यह न CSV है, न XLSX: कुछ नहीं पढ़ा गया। कृपया स्प्रेडशीट को इनमें से किसी एक में सेव करें।
import-old-excel = यह पुराने Excel की वर्कबुक (.xls) है, या पासवर्ड वाली: कुछ नहीं पढ़ा गया। कृपया उसे बिना पासवर्ड के XLSX या CSV में सेव करें।
import-damaged = XLSX ख़राब है और पढ़ी नहीं जा सकती। कृपया उसे फिर सेव करें, या CSV में।
import-header = कॉलम वे नहीं हैं जो चाहिए: कुछ नहीं पढ़ा गया।
import-missing = कम हैं: { $names }
import-unknown = अनजान: { $names }
import-twice = दो बार हैं: { $names }
import-wanted = ये चाहिए, किसी भी क्रम में: { $columns }
import-figures = <b>क्या बदलेगा</b>
    { $new } नए, { $changed } बदले हुए, { $same } वही, { $wrong } ग़लत
import-row = पंक्ति { $row }: { $why }
import-more = … और { $more } ग़लत पंक्तियाँ: फ़ाइल देखें।
import-wrong-cell = { $field } “{ $found }”: चाहिए { $rule }
import-beyond = कॉलम से ज़्यादा सेल हैं (अल्पविराम वाले पाठ को उद्धरण चिह्नों में रखना होता है)
import-duplicate = यही कोड पंक्ति { $row } में है (दोहराव)
import-press = अभी कुछ नहीं बदला। “लागू करें” सब एक साथ बदल देगा।
import-press-good = अभी कुछ नहीं बदला। “लागू करें” सही पंक्तियाँ एक साथ बदल देगा; ग़लत पंक्तियाँ छोड़ दी जाएँगी।
import-nothing = कुछ नहीं बदलेगा: प्रोडक्ट पहले से ऐसे ही हैं।
import-nothing-good = कोई सही पंक्ति कुछ नहीं बदलती, इसलिए लागू करने को कुछ नहीं है।
import-wrong-file = { $rows } ग़लत पंक्तियाँ, वजहों के साथ।
import-applied = ✅ { $by } ने लागू किया: { $new } नए, { $changed } बदले।
import-already = यह फ़ाइल पहले ही लागू हो चुकी है; दोबारा कुछ नहीं बदला गया।
import-moved = यह दिखाने के बाद प्रोडक्ट बदल गए हैं, इसलिए कुछ लागू नहीं किया गया। अब यह बदलेगा:
import-gone = यह फ़ाइल बहुत देर से रुकी थी। कृपया उसे फिर भेजें।
exported = सारे { $count } प्रोडक्ट। /import products इसी फ़ाइल को वापस लेता है।
button-apply = ✅ लागू करें
