# What is kept of a person: said, copied, deleted.

privacy = 🔒 <b>What { $shop } keeps of you</b>
    • Your Telegram ID, name and user name, who invited you and whom you invited: to know you and to pay what you earn. Until you delete your account.
    • Your orders, payments, refunds, wallet, withdrawals and receipts, with the bank references and UPI IDs that they need: they are the shop's books, which the law wants for 8 years.
    • Screenshots of payments: Telegram keeps them, I keep where they are. Until you delete your account.
    • What I told you. Until you delete your account.
    • What you write to me: until { $keep } after I answered it. Nobody reads it but to answer you.
    • If you verified: when, and marks of your device and of your internet address, which can be compared and not read: until { $devices } after they were last seen.
    • Credentials that you bought: sealed, shown to you alone.
    Nothing of it is sold or given to others.
privacy-copy = 📦 All that is kept of you. Others in it are named by a letter.
privacy-held = ⏳ Your account cannot be deleted yet. First this has to end:
privacy-unpaid = • Order { $id } waits for its payment: cancel it, or let it expire.
privacy-in-review = • The payment of { $id } is being checked.
privacy-undelivered = • Order { $id } is paid and not delivered yet.
privacy-withdrawal = • Withdrawal { $id } is under way.
privacy-refund = • Refund { $id } is on its way to you.
privacy-owed = • { $amount } are owed to the shop.
privacy-ask = 🗑 <b>Delete your account?</b>
    Your name, user name, Telegram ID, UPI IDs, screenshots, messages and notifications are erased. Others see a deleted person. Your link brings you nothing any more.
    The books stay: amounts, dates and bank references, without your name. Messages in our chats stay with Telegram until you delete them there.
privacy-sure = ❗️ <b>Really delete it?</b> This cannot be undone. When you write to me again you are a new customer.
privacy-lost = ⚠️ You lose:
privacy-lost-wallet = • { $amount } in your wallet. Spend or withdraw it first if you want it.
privacy-lost-held = • { $amount } of commissions on hold.
privacy-lost-running = • { $count ->
        [one] { $count } plan that runs
       *[other] { $count } plans that run
    } still, and the sight of what you were given for it.
privacy-gone = 👋 Your account is deleted. When you write to me again you are a new customer.
privacy-gone-press = This screen is of an account that was deleted. Send /start to begin anew.

usage-erase = Use: /erase ID, @name or code. It deletes a person's account, on their request. It asks before.
erase-ask = 🗑 <b>Delete the account of { $name }</b> ({ $id }{ $username })?
erase-held = It cannot be deleted yet. First this has to end:
erase-means = Who they are is erased everywhere but in this chat; the books stay. Only do it when they asked for it. It cannot be undone.
erase-done = 🗑 The account is deleted. In the books it is person { $number }.
erase-dropped = All right, nothing was deleted.

button-privacy-copy = 📦 Download my data
button-privacy-erase = 🗑 Delete my account
button-privacy-go-on = Go on
button-privacy-for-good = 🗑 Delete for good
