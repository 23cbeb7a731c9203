# One account of the stock, typed.

button-add-account = ➕ Add an account
typed-ask = 🔑 { $name }, type the account of <b>{ $title }</b>, a line for each part:
    <code>login: name@example.com
    password: the password
    profile: 2
    pin: 1234
    slots: 4
    expires: 2027-03-31</code>
    Only login and password must be there. I seal it and delete your message. /cancel leaves it.
typed-form = Once more, or /cancel. A line for each part: <code>login:</code>, <code>password:</code>, and where there are any <code>profile:</code>, <code>pin:</code>, <code>slots:</code>, <code>expires:</code>.
typed-loaded = ✅ An account of <b>{ $title }</b> is loaded, { $slots ->
        [one] { $slots } slot
       *[other] { $slots } slots
    }.
typed-known = This account of <b>{ $title }</b> is in stock already: nothing was changed.
typed-line = ❌ I do not understand line { $number }. Nothing was loaded.
typed-wrong = ❌ { $reasons }. Nothing was loaded.
typed-message-gone = Your message is deleted.
typed-message-stays = ⚠️ I could not delete your message: delete it yourself, or let me delete messages in this group.
