# What people are told of what is being checked.

hold-all = 🔒 <b>Being checked</b>: nothing of your earnings can be withdrawn or spent for now. Buying goes on.
hold-some = 🔒 <b>Being checked</b>: { $amount } of your earnings
hold-blocked = ⛔ This account neither earns nor withdraws: { $reason }. What you bought goes on, and you can buy. If that is a mistake, write to /support
hold-unblocked = 🔓 This account earns and withdraws again.
hold-line = · { $why } ({ $flag })
hold-why-earned = A purchase that earned you something is being checked. Nothing is held against you.
hold-why-payments = The payment details of this account need a look.
hold-why-accounts = This account seems to belong together with others.
hold-why-signups = The sign-ups by your link look unusual.
hold-why-purchases = The purchases by your link look unusual.
hold-why-own = Purchases by your link need a look.
hold-why-proof = A proof of payment needs a look.
hold-why-refunds = Purchases that had earned you something were given back.
hold-why-manual = Our staff are looking at something.
button-appeal = 💬 Appeal
button-answer-question = 💬 Answer
hold-no-withdrawal = Nothing can be withdrawn now: we have to check something first.
hold-no-withdrawal-blocked = Nothing can be withdrawn from this account.
earning-checked = being checked
hold-told = 🔒 Something of your earnings is being checked (<code>{ $flag }</code>).
hold-told-end = A person looks at it; until then it stays where it is. What you bought, and buying, goes on. If you have something to say to it, press “Appeal”.
hold-released = 🔓 Checked (<code>{ $flag }</code>): everything is fine, and what was held goes on as if nothing had been. Sorry for the wait.
hold-cancelled = ❌ Checked (<code>{ $flag }</code>): what it was about was taken back. { $reason }
hold-cancelled-blocked = ⛔ Checked (<code>{ $flag }</code>): what it was about was taken back, and this account neither earns nor withdraws any more. { $reason }
    What you bought goes on, and you can buy. If that is a mistake, write to /support
hold-question = ❓ We have a question about what is being checked (<code>{ $flag }</code>):
    { $question }
appeal-ask = What should we know about <code>{ $flag }</code>? Write it in one message of at most { $most } characters: a person reads it. /cancel leaves it.
appeal-ask-answer = ❓ { $question }
    Write your answer about <code>{ $flag }</code> in one message of at most { $most } characters: a person reads it. /cancel leaves it.
appeal-taken = Thank you. What you wrote about <code>{ $flag }</code> is with our staff; you are told when it is decided.
appeal-wrong = Please write it as text of at most { $most } characters, or /cancel.
appeal-over = That is decided already: see your wallet.
appeal-enough = You have said enough about this for now: we answer as soon as we can.
