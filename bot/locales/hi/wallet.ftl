# वॉलेट: मालिक ने डाला पैसा, ऑर्डर का वॉलेट से दिया हिस्सा, और स्टाफ़ का सुधार।
top-up = वॉलेट में पैसा डालें
button-add-money = ➕ पैसा डालें
add-money = <b>अपने वॉलेट में पैसा डालें</b>
    कितना? कोई रक़म दबाएँ, या { $least } से { $most } तक की रक़म लिखें। जो डालेंगे वह यहाँ ख़र्च होगा; निकाला नहीं जा सकता। /cancel से छोड़ें।
add-money-wrong = यह रक़म नहीं है। कृपया रुपये में संख्या लिखें, जैसे 250, या /cancel।
add-money-range = एक बार में { $least } से { $most } तक डाले जा सकते हैं। कृपया दूसरी रक़म लिखें, या /cancel।
button-part-wallet = 👛 वॉलेट से { $amount } लगाएँ
payment-part = 👛 { $price } में से { $part } आपके वॉलेट से अलग रखे गए हैं; { $rest } देना बाक़ी है। ऑर्डर बिना पेमेंट ख़त्म हुआ तो यह हिस्सा वॉलेट में लौट आएगा।
order-part = 👛 वॉलेट से: { $part }; बाक़ी: { $rest }
order-not-open = यह ऑर्डर अब पेमेंट का इंतज़ार नहीं कर रहा।
payment-card-top-up = 👛 ग्राहक के अपने वॉलेट का पैसा: कुछ डिलीवर नहीं करना है।
payment-card-part = 👛 { $price } में से { $part } वॉलेट से दिए गए हैं।
payment-card-filled = 👛 यह ग्राहक के वॉलेट में है।
refund-top-up = <code>{ $order }</code> वह पैसा है जो ग्राहक ने अपने वॉलेट में डाला: { $price } वहाँ ख़र्च के लिए हैं, लौटाने को कुछ नहीं है। किसी और तरह लौटाना हो तो /debit से निकालें और ख़ुद भेजें।
usage-credit = ऐसे लिखें: /credit ID|@name रक़म कारण – ग्राहक के वॉलेट में पैसा डालता है; वे कारण पढ़ते हैं
usage-debit = ऐसे लिखें: /debit ID|@name रक़म कारण – ग्राहक के वॉलेट से पैसा निकालता है; वे कारण पढ़ते हैं
adjust-amount-wrong = “{ $what }” रक़म नहीं है। शून्य से ज़्यादा रुपये लिखें, जैसे 100 या 49.50।
adjust-reason-long = कारण बहुत लंबा है: ज़्यादा से ज़्यादा { $most } अक्षर।
adjust-not-there = { $customer } के वॉलेट से सिर्फ़ { $credit } निकाले जा सकते हैं: जो कमाया गया वह उन्हीं का है।
adjust-less-now = इस वॉलेट से अब सिर्फ़ { $credit } निकाले जा सकते हैं। कुछ नहीं बदला।
adjust-credit = 👛 { $customer } ({ $customer-id }{ $username }) के <b>वॉलेट में { $amount } डालें</b>
    कारण: { $reason }
adjust-debit = 👛 { $customer } ({ $customer-id }{ $username }) के <b>वॉलेट से { $amount } निकालें</b>
    कारण: { $reason }
adjust-balance = वॉलेट में, सिर्फ़ ख़र्च के लिए: { $before } → { $after }
adjust-second = 👥 किसी दूसरे एडमिन या मालिक की मंज़ूरी चाहिए।
adjust-second-nobody = 👥 किसी और की मंज़ूरी चाहिए, और कोई और है नहीं: मालिक /staff add से एडमिन जोड़ें, या staff.second_person_above बदलें।
adjust-asked = { $by } ने माँगा, { $at }।
adjust-done = ✅ { $by } ने किया, { $at }।
adjust-rejected = ❌ { $by } ने छोड़ा, { $at }। कुछ नहीं बदला।
adjust-own = यह आपने माँगा है: किसी दूसरे एडमिन या मालिक की मंज़ूरी चाहिए।
adjust-own-nobody = यह आपने माँगा है, और अभी कोई और मंज़ूरी नहीं दे सकता: मालिक /staff add से एडमिन जोड़ें।
adjust-not-theirs = यह किसी और ने शुरू किया है। /credit या /debit से अपना शुरू करें।
adjusted-credit = 👛 दुकान ने आपके वॉलेट में <b>{ $amount }</b> डाले: { $reason }
adjusted-debit = 👛 दुकान ने आपके वॉलेट से <b>{ $amount }</b> निकाले: { $reason }
