# What bringing people earns, and what it gives them.

home-earn = दोस्तों को लाइए और उनकी हर ख़रीद के मुनाफ़े का { $level1 } % कमाइए।
home-earn-rules = दोस्तों को लाइए और उनकी ख़रीद पर कमाइए। कितना: /earnings
programme = <b>आप क्या कमाते हैं</b>
programme-earns = { $plan } ({ $price }): जब कोई दोस्त ख़रीदता है तो आप <b>{ $earn1 }</b> कमाते हैं, और जब उसके दोस्त ख़रीदते हैं तो <b>{ $earn2 }</b>।
programme-earns-one = { $plan } ({ $price }): जब कोई दोस्त ख़रीदता है तो आप <b>{ $earn1 }</b> कमाते हैं।
programme-earns-two = { $plan } ({ $price }): जब आपके दोस्तों का कोई दोस्त ख़रीदता है तो आप <b>{ $earn2 }</b> कमाते हैं।
programme-earns-nothing = { $plan } ({ $price }): इस पर कुछ नहीं मिलता।
programme-first = दोस्त के पहले ऑर्डर पर, जो आपके तोहफ़े से सस्ता होता है: { $earn1 } और { $earn2 }।
programme-less = कूपन या दूसरा दाम इसे बदल देता है: आपकी कमाई दुकान के मुनाफ़े का हिस्सा है, पूरे रुपये में।
programme-volume = अभी आपका हिस्सा मुनाफ़े का { $percent } % है, पिछले 30 दिनों की { $sales } बिक्री से।
programme-next = { $more } बिक्री और, फिर { $percent } %।
programme-sales = हर दोस्त की सिर्फ़ पहली { $sales } ख़रीद पर कमाई होती है।
programme-renewals = { $renewals ->
        [0] रिन्यूअल पर कुछ नहीं मिलता।
       *[other] दोस्त के सब्सक्रिप्शन के सिर्फ़ पहले { $renewals } रिन्यूअल पर कमाई होती है।
    }
programme-day = दिन में ज़्यादा से ज़्यादा { $cap }; आज { $today } हो चुके हैं।
programme-day-over = 🔒 आज की सीमा { $cap } पूरी हो गई: आज इससे आगे की बिक्री नहीं जुड़ेगी। कल फिर से शुरू।
programme-friend = एक दोस्त की ख़रीद से ज़्यादा से ज़्यादा { $cap }।
programme-hold = कमाई { $hold } होल्ड पर रहती है; फिर आप उसे निकाल सकते हैं।
programme-gift = 🎁 जो आपके लिंक से जुड़े, उसे पहले ऑर्डर पर { $off } की छूट मिलती है।
programme-cuts = सीमा पूरी होने से नहीं जुड़ा:
programme-cut = ✂️ { $at } · { $amount } · लेवल { $level } · { $why }
programme-cut-day = दिन की सीमा
programme-cut-friend = एक दोस्त की सीमा
capped-day = 🔒 दिन की आपकी सीमा <b>{ $cap }</b> पूरी हो गई। आज इससे आगे की बिक्री नहीं जुड़ेगी; कल फिर से शुरू।
capped-friend = 🔒 एक दोस्त की ख़रीद से आप <b>{ $cap }</b> कमा चुके हैं, जो एक दोस्त की सीमा है। अब उसकी ख़रीद नहीं जुड़ेगी; दूसरों की जुड़ेगी।
friends-gift = 🎁 आपके दोस्त का तोहफ़ा: −{ $off }
friends-gift-plan = 🎁 आपके दोस्त का तोहफ़ा: पहले ऑर्डर पर −{ $off }, यानी आप <b>{ $pay }</b> चुकाएँगे
field-level1 = लेवल 1 %
field-level2 = लेवल 2 %
rule-level = मुनाफ़े का 0 से 100 तक प्रतिशत, ज़्यादा से ज़्यादा दो दशमलव अंक, दोनों लेवल मिलाकर 100 तक; या - दुकान के प्रतिशत के लिए
product-level = 🤝 लेवल { $level }: मुनाफ़े का { $percent } %, इसी प्लान का
button-programme = ℹ️ मैं क्या कमाता हूँ
