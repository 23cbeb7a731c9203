# One account of the stock, typed.

button-add-account = ➕ Add an account
account-ask = 🔑 { $name }, type the account of <b>{ $title }</b>, a line for each part:
    <code>login: name@example.com
    password: the password
    profile: 2
    pin: 1234
    slots: 4
    expires: 2027-03-31</code>
    Only login and password must be there. I seal it and delete your message. /cancel leaves it.
account-form = Once more, or /cancel. A line for each part: <code>login:</code>, <code>password:</code>, and where there are any <code>profile:</code>, <code>pin:</code>, <code>slots:</code>, <code>expires:</code>.
account-loaded = ✅ An account of <b>{ $title }</b> is loaded, { $slots } slots.
account-known = This account of <b>{ $title }</b> is in stock already: nothing was changed.
account-line = ❌ I do not understand line { $number }. Nothing was loaded.
account-wrong = ❌ { $reasons }. Nothing was loaded.
account-message-gone = Your message is deleted.
account-message-stays = ⚠️ I could not delete your message: delete it yourself, or let me delete messages in this group.
