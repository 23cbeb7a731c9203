# The notification centre, and the languages.

notifications = <b>Notifications</b>, newest first
notifications-empty = <b>Notifications</b>
    Nothing yet.
notifications-unread = 🔵 <b>{ $at }</b>
notifications-read = { $at }
notifications-long = A long message: it stands in this chat as it came.
button-notifications = 🔔 Notifications
button-notifications-unread = 🔔 Notifications ({ $count })
button-newest = « Newest
button-mutes = ⚙️ Settings

mutes = <b>What you are told</b>
    Press to mute something, or to hear of it again. What is muted is not sent to you, but still stands in /notifications.

    Your own money and orders cannot be muted: payments, what was delivered, refunds, withdrawals.
mutes-quiet = 🌙 Reminders wait from { $from } to { $until }.
button-told = 🔔 { $topic }
button-muted = 🔕 { $topic } (muted)
topic-joins = Someone joined by your link
topic-commissions = Commissions
topic-reminders = Reminders

language-name = English
language = <b>Language</b>
    Which language do you want to read here?
button-language = 🌐 Language
button-language-now = ✓ { $language }
