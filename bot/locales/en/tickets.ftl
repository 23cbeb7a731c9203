# Problems with what was bought.

problem-password = Password does not work
problem-screens = Screen limit
problem-expired = Account expired
report-ask = 🛠 What is the problem with <b>{ $title }</b>?
report-words = 🛠 Describe the problem with <b>{ $title }</b> in a message. /cancel leaves it.
report-words-wrong = Please describe it in words, at most { $most } characters, or /cancel.
report-over = It has ended, so nothing can be replaced any more. Renew it, or write to /support
report-waits = It is waiting for stock already: the next one that comes is yours.
ticket-opened = 🎫 <code>{ $ticket }</code>: { $problem }
    Our staff look into your { $title }. You will be told here.
ticket-open-already = 🎫 <code>{ $ticket }</code> is open already: { $problem }
    Our staff look into your { $title }. You will be told here.
ticket-replacement = 🔁 <code>{ $ticket }</code>: your <b>{ $title }</b> has a new login. The old one is not to be used any more. Touch to see:
ticket-replaced-told = 🔁 <code>{ $ticket }</code>: you were given a new login. /subscriptions shows it.
ticket-waits = ⏳ <code>{ $ticket }</code>: it will be replaced, but stock has just run out. The next one that comes is yours and will be sent to you here.
ticket-closed = ✅ <code>{ $ticket }</code> is closed. If the problem is still there, report it again.
ticket-answer = 📩 About your problem <code>{ $ticket }</code>, from our staff:
support-open = Open problems:
support-ticket = 🎫 <code>{ $ticket }</code> · { $title } · { $problem } · since { $at }

ticket-card = 🎫 <b>Problem <code>{ $ticket }</code></b>
    { $title }, { $left }
    Customer: { $customer } ({ $customer-id }{ $username })
    Problem: { $problem }
    Reported: { $at }
ticket-card-slot = Account { $account }, slot { $slot }: { $login }, { $free } free slots beside it
ticket-card-sealed = cannot be opened
ticket-card-by-hand = Delivered by hand: press Answer to send what replaces it.
ticket-card-before = ⚠️ Replaced { $times } times before
ticket-card-over = ⚠️ The subscription has ended: nothing is replaced any more.
ticket-card-answered = 📩 Answered by { $by }, { $at }
ticket-card-replaced = 🔁 Replaced by { $by }, { $at }
ticket-card-retired = 🚫 The account's free slots are sold no more.
ticket-card-waits = ⏳ Out of stock: it is served first when stock is loaded.
ticket-card-closed = ✅ Closed by { $by }, { $at }
ticket-ask-answer = { $name }, send what the customer of { $subject } is to be told. /cancel leaves it.
ticket-answer-sent = Sent to the customer of { $subject }. It stays open until you close it.
ticket-over = The subscription has ended: nothing is replaced any more.
ticket-waits-already = It waits for stock already.
ticket-moved = The customer was given another login since: this one is not in use any more. Close the problem.
ticket-by-hand = This plan is delivered by hand: answer the customer instead.
button-replace = 🔁 Replace
button-retire = 🚫 Retire the account
button-answer = 📩 Answer
button-close = ✅ Close
