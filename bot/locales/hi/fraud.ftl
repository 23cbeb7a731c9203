fraud-card = 🚩 <b>{ $flag }</b> · <code>{ $rule }</code>
  लोग: { $people }
  रोकी गई रकम: { $amount }
on-hold = यह रकम एक खुले फ़्लैग से रुकी है: पहले उस पर फ़ैसला करें (/fraud).
hold-held = ⏸ आपकी कुछ कमाई जाँच के लिए रोकी गई है। कुछ खोया नहीं है; फ़ैसला होते ही हम बताएँगे।
hold-released = ▶️ आपकी कमाई अब रुकी नहीं है।
hold-cancelled = जाँच के बाद आपकी कुछ कमाई वापस ली गई है। ग़लत लगे तो /support लिखें।
fraud-question = ❓ दुकान आपसे पूछती है:
  { $question }
