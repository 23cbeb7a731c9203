# बैंक स्टेटमेंट।

statement-how = 🏦 बैंक का स्टेटमेंट फ़ाइल में भेजें: CSV या XLSX, ज़्यादा से ज़्यादा { $most }। HDFC, ICICI, SBI, Axis और Kotak अपने कॉलम से पहचाने जाते हैं; दूसरे बैंक का नाम कमांड के साथ लिखें: <code>/import statement GRAMIN</code>।
    जो पैसा आया वह तुरंत दर्ज होता है, हर क्रेडिट एक ही बार, चाहे कितनी बार बताया जाए। जो गया उसे छोड़ दिया जाता है।
    /cancel से रद्द करें।
statement-progress = ⏳ { $of } में से { $done } क्रेडिट दर्ज …
statement-header = मैं इस स्टेटमेंट के कॉलम नहीं पहचानता, कुछ नहीं पढ़ा गया। शीर्षक जैसी पंक्ति में यह है: { $found }
    बताएँ कौन-सा कॉलम क्या है, फिर फ़ाइल दोबारा भेजें: <code>/settings statement.date</code> और उसके कॉलम का नाम, इसी तरह <code>statement.narration</code>, <code>statement.credit</code> और <code>statement.debit</code> (या <code>statement.amount</code> और <code>statement.dr_cr</code>), <code>statement.reference</code>, <code>statement.balance</code>, और बैंक के नाम के लिए <code>statement.bank</code>।
statement-bank = मैं यह स्टेटमेंट पढ़ सकता हूँ, पर यह किस बैंक का है, नहीं जानता: कुछ नहीं पढ़ा गया। बैंक के नाम के साथ भेजें: <code>/import statement HDFC</code>
statement-no-rows = इस स्टेटमेंट में कोई लेन-देन नहीं है: कुछ नहीं पढ़ा गया।
statement-read = 🏦 <b>{ $bank }</b>, { $from } से { $through } तक
statement-figures = <b>{ $fresh }</b> नए क्रेडिट, { $before } पहले देखे हुए। नए में से { $matched } अपने-आप मिले, { $waiting } इंतज़ार में हैं।
statement-debits = { $count } डेबिट छोड़े गए।
statement-returned = आपके अपने { $count } पेमेंट जो वापस आए, छोड़े गए।
statement-closing = आख़िर में बैलेंस: { $amount }
statement-bad = ⚠️ { $count } पंक्तियाँ पढ़ी नहीं जा सकतीं:
statement-day = “{ $found }” कोई तारीख़ नहीं है
statement-no-day = पैसा है, पर तारीख़ नहीं
statement-amount = “{ $found }” कोई रक़म नहीं है
statement-no-amount = न कुछ आया, न गया
statement-both = पैसा आया भी और गया भी
statement-dr-cr = “{ $found }” न CR है न DR
statement-other-amount = इसका रेफ़रेंस दूसरी रक़म के साथ देखा गया था
statement-beyond = इसमें कॉलम से ज़्यादा कुछ है: उद्धरण-चिह्न के बिना अल्पविराम
