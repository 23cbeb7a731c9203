# Money that comes in: top-ups.
state-credited = आपके वॉलेट में जुड़ गया
short-credited = वॉलेट में
payment-approved-credited = ✅ <code>{ $order }</code> के लिए आपका <b>{ $amount }</b> का पेमेंट मंज़ूर हो गया।
    यह ख़र्च करने के लिए आपके वॉलेट में है।
