# Fraud, as staff read it in the admin chat.

menu-fraud = What looks like fraud
fraud-card = 🚩 <b>{ $rule }</b> <code>{ $flag }</code>, { $at }
fraud-duplicate-upi = Several people have money sent to one UPI ID, or to one phone number in it.
fraud-duplicate-device = Several people use one device.
fraud-duplicate-ip = Several people use one internet address.
fraud-low-conversion = Far fewer of those who join by their link buy than is usual.
fraud-rapid-signups = Many joined by one link within a short time.
fraud-self-referral = Whoever earned from these sales paid for them.
fraud-reused-utr = Bank references were sent that belong to others' orders.
fraud-reused-screenshot = Screenshots were sent that others sent before.
fraud-instant-buyers = Those who join by their link buy within moments, many at once.
fraud-one-payer = What they earned comes from one payer.
fraud-ring = People who share devices, addresses or UPI IDs brought each other.
fraud-refund-after-release = Sales were given back after what they earned was released.
fraud-manual = Raised by staff.
fraud-shared-device = device
fraud-shared-payee = UPI ID for payouts
fraud-shared-payee-phone = phone number in the UPI ID for payouts
fraud-shared-payer = UPI ID that pays
fraud-shared-payer-phone = phone number in the UPI ID that pays
fraud-shared-ip = internet address
fraud-seconds = { $count } s
fraud-minutes = { $count } min
fraud-hours = { $count } h
fraud-days = { $count } days
fraud-evidence-people = · People: { $count }
fraud-evidence-orders = · Orders: { $count }{ $codes }
fraud-evidence-share = · Share: { $share } %
fraud-evidence-unusual = · Share: { $share } %, usual: { $usual } %
fraud-evidence-within = · Within { $time }
fraud-evidence-amount = · Amount: { $amount }
fraud-evidence-shared = · Shared: { $what }
fraud-evidence-words = · “{ $words }”
fraud-card-suspect = 👤 <b>{ $name }</b> ({ $id }{ $username })
fraud-card-beneficiary = 💰 <b>{ $name }</b> ({ $id }{ $username }), earned from it
fraud-card-seen = 👁 <b>{ $name }</b> ({ $id }{ $username }), beside it
fraud-card-figures = joined { $joined } ({ $days ->
        [one] { $days } day
       *[other] { $days } days
    } ago) · spent { $spent } · { $friends ->
        [one] { $friends } friend
       *[other] { $friends } friends
    } · on hold { $held } · earned { $earned } · being withdrawn { $withdrawing }
fraud-card-is-blocked = ⛔ Blocked: { $reason }
fraud-card-more = and more people
fraud-card-holds = 🔒 Holds { $count ->
        [one] { $count } commission
       *[other] { $count } commissions
    }, { $amount }
fraud-card-held = It was about { $count ->
        [one] { $count } commission
       *[other] { $count } commissions
    }, of which { $amount } is left.
fraud-card-freezes = 🔒 Holds all that they have: { $amount }
fraud-card-holds-nothing = 🔒 They have nothing now: what they earn is held.
fraud-card-weak = ▫️ Holds nothing: it adds { $points } to the score.
fraud-card-asked = ❓ { $by } asked { $name }, { $at }: { $words }
fraud-card-said = 💬 { $name }, { $at }: { $words }
fraud-card-dismissed = ✅ Dismissed by { $by }, { $at }: what it held goes on. It comes back when there is something new in it; to hold it again now: <code>/flag { $id } REASON</code>
fraud-card-taken-back = ↩️ Taken back by { $by }, { $at }: { $reason }.
fraud-card-blocked = ⛔ Blocked by { $by }, { $at }: { $reason }. To undo it for a person: <code>/unblock { $id }</code>
button-block = ⛔ Block
button-dismiss = ✅ Dismiss
button-take-back = ↩️ Take back
button-ask = ❓ Ask the person
button-tree = 🌳 Tree
reason-several-accounts = several accounts of one person
reason-own-purchases = purchases by your link were your own
reason-no-purchases = what was earned did not come from real purchases
fraud-ask = { $name }, what do you ask { $person } about <code>{ $subject }</code>? Send it as your next message here: it goes to them as you write it. /cancel leaves it.
fraud-asked = <code>{ $subject }</code>: it was asked; the answer comes on the card.
fraud-decided = <code>{ $subject }</code>: done, see the card.
fraud-nobody = There is nobody to ask.
fraud-unreachable = They cannot be reached: they have blocked the bot.
fraud-reason-wrong = Please give a reason of 1 to { $most } characters, or /cancel.
fraud-words-wrong = Please send the question as text of at most { $most } characters, or /cancel.
fraud-no-flag = There is no flag { $what }.
fraud-queue = 🚩 <b>Fraud</b>: { $rule }, newest first
    A press on one brings its card.
fraud-queue-empty = 🚩 <b>Fraud</b>: { $rule }
    Nothing here.
fraud-every-rule = every rule
fraud-rules = 🚩 Which rule?
fraud-person = 🚩 <b>{ $name }</b> ({ $id })
fraud-person-none = 🚩 <b>{ $name }</b> ({ $id }): no flags.
button-fraud = 🚩 Fraud: something is on hold
button-fraud-open = Open
button-fraud-asked = Asked
button-fraud-decided = Decided
button-fraud-all = All
button-fraud-holds = 🔒 Holds
button-fraud-score = ▫️ Score only
button-fraud-rule = Rule: { $rule }
usage-flag = Use: /flag ID REASON (an ID, an @name or a code): what they have is on hold until it is decided
usage-block = Use: /block ID REASON (an ID, an @name or a code): they neither earn nor withdraw; buying goes on
usage-unblock = Use: /unblock ID (an ID, an @name or a code)
flag-raised = 🚩 <code>{ $flag }</code>: what { $name } has is on hold until it is decided. The card comes.
person-blocked = ⛔ { $name } ({ $id }) is blocked: they neither earn nor withdraw, and what they asked for is refused. Buying goes on.
person-blocked-already = { $name } ({ $id }) is blocked already.
person-unblocked = { $name } ({ $id }) is unblocked. What a flag holds stays on hold.
person-not-blocked = { $name } ({ $id }) is not blocked.
risk-score = 🚩 Fraud score: { $bar } { $score } of 100
risk-flag-holds = 🔒 <code>{ $flag }</code> { $rule }
risk-flag = ▫️ <code>{ $flag }</code> { $rule }
risk-more = and { $count } more
risk-blocked = ⛔ Blocked: { $reason }
risk-on-hold = 🔒 On hold: nothing is approved or paid until the flags are decided.
withdrawal-on-hold = On hold by { $flags }: decide that first.
withdrawal-of-blocked = They are blocked: this can only be refused.
tree-blocked = blocked
tree-flags = { $count ->
        [one] { $count } flag
       *[other] { $count } flags
    }
