# Verifying a device: in the chat, and the page that the button opens.
menu-verify = Verify your device, once
button-verify = 🛡 Verify
verify-ask = 🛡 <b>Verify once</b>
    Before your first withdrawal I want to see that you are one person with one account. Press “Verify”: a page opens, says what is kept ({ $keep }) and takes one more press. Buying never needs it.
verify-first = 🛡 <b>One step before your first withdrawal</b>
    I want to see that you are one person with one account. Press “Verify”: a page opens, says what is kept ({ $keep }) and takes one more press. Then the withdrawal goes on. Your money stays yours meanwhile, and buying never needs this.
verify-none = 🛡 There is nothing to verify in this shop: you can buy and withdraw without it.
verify-already = ✅ You verified on { $at }. There is nothing more to do.
verified = ✅ You are verified. You can withdraw now.

verify-title = Verify your device
verify-why = Friends’ rewards are for real people. { $shop } looks once, before your first withdrawal, whether one person collects them with many accounts.
verify-kept = What is kept when you press “Verify”
verify-kept-device = A random number, which is put on this device, in this browser and in Telegram.
verify-kept-address = Your internet address, as far as it tells one line from another.
verify-kept-how = Of both only a scrambled mark, which can be compared and not read, for { $keep } after it was last seen.
verify-kept-not = Not your phone number, place, contacts or files. Nothing is sold or given to others.
verify-go = Verify
verify-free = Buying never needs this. Without it only withdrawals have to wait.
verify-busy = One moment…
verify-done = You are verified
verify-done-then = Go back to the chat: your withdrawal can go on.
verify-close = Back to the chat
verify-failed = That did not work
verify-away = The shop could not be reached, or did not understand. Nothing is lost.
verify-old = This page was opened more than an hour ago, or not from our chat. Go back to the chat and press “Verify” there again.
verify-outside = This page works inside Telegram only. Open our chat there and send /verify.
verify-unknown = We do not know you yet. Send /start in our chat, then /verify.
verify-again = Try again
verify-no-script = This page needs JavaScript. Open it from our chat in Telegram.

withdrawal-card-verified = 🛡 Device verified on { $at }.
withdrawal-card-unverified = ⚠️ The device was not verified.
