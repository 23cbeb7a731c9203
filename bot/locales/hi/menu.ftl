# The commands in Telegram's menu.

menu-start = होम
menu-plans = प्लान चुनें और ख़रीदें
menu-orders = आपके ऑर्डर
menu-wallet = यहाँ आपका पैसा
menu-refer = आपका लिंक और उससे हुई कमाई
menu-earnings = हर कमीशन
menu-withdraw = अपनी कमाई मँगाएँ
menu-notifications = आपको क्या बताया गया
menu-language = English या हिन्दी
menu-support = किसी व्यक्ति से बात करें
menu-help = मैं क्या-क्या कर सकता हूँ
menu-pending = आपके इंतज़ार में क्या है
menu-order = एक ऑर्डर
menu-refund = ऑर्डर का पैसा लौटाएँ
menu-user = एक ग्राहक
menu-products = बिक्री में क्या है
menu-import = स्प्रेडशीट से प्रोडक्ट या स्टॉक
menu-export = सारे प्रोडक्ट स्प्रेडशीट में
menu-stats = दुकान आँकड़ों में
menu-stock = स्टॉक में क्या बचा है
menu-statement = कोई भी खाता, लाइन-दर-लाइन
menu-reconcile = ट्रायल बैलेंस और हिसाब की जाँच
menu-settings = सारी सेटिंग
menu-staff = कौन क्या कर सकता है
menu-release = जो बाक़ी है उसे अभी छोड़ें
