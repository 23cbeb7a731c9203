# Wallets: money added by their owner, a part of an order paid from them, and what staff put right.
top-up = Add money to wallet
button-add-money = ➕ Add money
add-money = <b>Add money to your wallet</b>
    How much? Press a sum, or type an amount from { $least } to { $most }. What you add is to spend here; it cannot be withdrawn. /cancel leaves it.
add-money-wrong = That is not an amount. Please type a number of rupees such as 250, or /cancel.
add-money-range = From { $least } to { $most } can be added at once. Please type another amount, or /cancel.
button-part-wallet = 👛 Use { $amount } from wallet
payment-part = 👛 { $part } of { $price } is set aside from your wallet; { $rest } is left to pay. The part comes back to your wallet if this order ends unpaid.
order-part = 👛 From the wallet: { $part }; otherwise: { $rest }
order-not-open = This order is not waiting for its payment any more.
payment-card-top-up = 👛 Money for the customer's own wallet: nothing is to be delivered.
payment-card-part = 👛 { $part } of { $price } is paid from the wallet.
payment-card-filled = 👛 It is in the customer's wallet.
refund-top-up = <code>{ $order }</code> is money that the customer added to their wallet: { $price } is there to be spent, and there is nothing to refund. To give it back otherwise, take it out with /debit and send it yourself.
usage-credit = Use: /credit ID|@name AMOUNT REASON – puts money into a customer's wallet; they read the reason
usage-debit = Use: /debit ID|@name AMOUNT REASON – takes money out of a customer's wallet; they read the reason
adjust-amount-wrong = “{ $what }” is not an amount. Write rupees, more than nothing, such as 100 or 49.50.
adjust-reason-long = The reason is too long: at most { $most } characters.
adjust-not-there = Only { $credit } can be taken out of the wallet of { $customer }: what was earned stays theirs.
adjust-less-now = Only { $credit } can be taken out of this wallet now. Nothing was changed.
adjust-credit = 👛 <b>Put { $amount } into the wallet</b> of { $customer } ({ $customer-id }{ $username })
    Reason: { $reason }
adjust-debit = 👛 <b>Take { $amount } out of the wallet</b> of { $customer } ({ $customer-id }{ $username })
    Reason: { $reason }
adjust-balance = In the wallet, to spend only: { $before } → { $after }
adjust-second = 👥 Another admin, or the owner, must approve it.
adjust-second-nobody = 👥 Somebody else must approve it, and nobody else may: the owner adds an admin with /staff add, or changes staff.second_person_above.
adjust-asked = Asked for by { $by }, { $at }.
adjust-done = ✅ Done by { $by }, { $at }.
adjust-rejected = ❌ Left by { $by }, { $at }. Nothing was changed.
adjust-own = You asked for it: another admin, or the owner, must approve it.
adjust-own-nobody = You asked for it, and nobody else may approve it yet: the owner adds an admin with /staff add.
adjust-not-theirs = Somebody else began this. Begin your own with /credit or /debit.
adjusted-credit = 👛 The shop put <b>{ $amount }</b> into your wallet: { $reason }
adjusted-debit = 👛 The shop took <b>{ $amount }</b> out of your wallet: { $reason }
