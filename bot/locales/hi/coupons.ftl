# Coupons and prices, as staff read them.

coupons = 🏷 <b>कूपन</b>, सबसे नए पहले
coupons-none = 🏷 अभी कोई कूपन नहीं है।
usage-coupon = /coupon CODE 20% या /coupon CODE 50 से कूपन बनता है, साथ में इनमें से कुछ भी: <code>plans combo-ott,netflix</code> · <code>each 1</code> (एक व्यक्ति कितनी बार) · <code>total 100</code> · <code>from 2026-11-25</code> · <code>until 2026-11-30</code> · <code>first</code> (सिर्फ़ पहला ऑर्डर)। /coupon CODE से कूपन दिखता है।
coupon-code-wrong = कूपन का कोड किसी भी लिपि के 3 से 32 अक्षर, अंक और डैश का होता है।
coupon-taken = { $code } पहले इस्तेमाल हो चुका है और उसकी छूट वैसी ही रहेगी: ऑर्डरों में उसका नाम है। दूसरा कोड चुनें, या /coupon { $code } देखें।
coupon-no-plan = { $code } नाम का कोई प्रोडक्ट नहीं है। कोड /products में हैं।
terms-unclear = “{ $piece }” समझ में नहीं आया। कुछ नहीं बदला।
coupon-percent = { $percent } %
coupon = 🏷 <code>{ $code }</code>: <b>{ $value }</b> की छूट
coupon-on = चालू। { $used } ऑर्डरों में लगा है।
coupon-off = बंद: कोई इस्तेमाल नहीं कर सकता। { $used } ऑर्डरों में लगा है।
coupon-plans = किनके लिए: { $titles }
coupon-each = एक व्यक्ति: { $n } ऑर्डर
coupon-total = कुल: { $n } ऑर्डर
coupon-from = { $at } से
coupon-until = { $at } तक
coupon-first = सिर्फ़ पहले ऑर्डर
coupon-below = ⚠️ { $title } को { $price } में बेचता है, लागत { $cost } से कम में: घाटा, और कोई कमीशन नहीं।
prices = 💲 <b>{ $title }</b> का दाम { $price } है। इनमें से जो लागू हो, उसका सबसे कम दाम लिया जाता है:
prices-none = कोई नहीं है।
price-line = { $n }. एक ऑर्डर में { $least } या ज़्यादा पर <b>{ $price }</b> प्रति प्लान
price-from = { $at } से
price-until = { $at } तक
price-ask = { $name }, <b>{ $title }</b> का और क्या दाम हो? एक ऑर्डर में कई लेने पर: <code>125 least 3</code>. कुछ समय के लिए: <code>99 from 2026-11-25 until 2026-11-30</code>, आख़िरी दिन मिलाकर। /cancel से छोड़ सकते हैं।

button-coupon-on = { $code } · { $value } · { $used } बार लगा
button-coupon-off = ⏸ { $code } · { $value } · { $used } बार लगा
button-coupon-switch-on = ✅ चालू करें
button-coupon-switch-on-below = ⚠️ चालू करें, लागत से कम पर
button-coupon-switch-off = ⏸ बंद करें
button-prices = 💲 दाम
button-add-price = ➕ दाम जोड़ें
button-remove-price = 🗑 { $n } हटाएँ
