# What bringing people earns, and what it gives them.

home-earn = Bring friends and earn { $level1 } % of the profit on everything they buy.
home-earn-rules = Bring friends and earn on what they buy. How much: /earnings
programme = <b>What you earn</b>
programme-earns = { $plan } ({ $price }): you earn <b>{ $earn1 }</b> when a friend buys it, and <b>{ $earn2 }</b> when their friends do.
programme-earns-one = { $plan } ({ $price }): you earn <b>{ $earn1 }</b> when a friend buys it.
programme-earns-two = { $plan } ({ $price }): you earn <b>{ $earn2 }</b> when a friend of your friends buys it.
programme-earns-nothing = { $plan } ({ $price }): nothing is earned on it.
programme-first = On a friend's first order, which your gift makes cheaper: { $earn1 } and { $earn2 }.
programme-less = A coupon, or another price, changes that: what you earn is a share of the shop's profit, rounded to the rupee.
programme-volume = Your share is now { $percent } % of the profit, by { $sales ->
        [one] { $sales } sale
       *[other] { $sales } sales
    } of the last 30 days.
programme-next = { $more ->
        [one] { $more } sale
       *[other] { $more } sales
    } more, and it is { $percent } %.
programme-sales = { $sales ->
        [one] Only the first sale to each friend earns something.
       *[other] Only the first { $sales } sales to each friend earn something.
    }
programme-renewals = { $renewals ->
        [0] Renewals earn nothing.
        [one] Of a friend's subscription only the first renewal earns something.
       *[other] Of a friend's subscription only the first { $renewals } renewals earn something.
    }
programme-day = At most { $cap } a day; today you have { $today } of it.
programme-day-over = 🔒 Today's limit of { $cap } is reached: what is sold today beyond it is not booked. Tomorrow it begins anew.
programme-friend = At most { $cap } by the purchases of one friend.
programme-hold = What you earn is on hold for { $hold }; then you can withdraw it.
programme-gift = 🎁 Who joins by your link gets { $off } off their first order.
programme-cuts = Not booked, because a limit was reached:
programme-cut = ✂️ { $at } · { $amount } · level { $level } · { $why }
programme-cut-day = the day's limit
programme-cut-friend = the limit of one friend
capped-day = 🔒 Your limit of <b>{ $cap }</b> a day is reached. What is sold today beyond it is not booked; tomorrow it begins anew.
capped-friend = 🔒 One friend's purchases have earned you <b>{ $cap }</b>, which is the limit of one friend. What they buy from now on is not booked; others are.
friends-gift = 🎁 Your friend's gift: −{ $off }
friends-gift-plan = 🎁 Your friend's gift: −{ $off } off your first order, so you pay <b>{ $pay }</b>
field-level1 = Level 1 %
field-level2 = Level 2 %
rule-level = a percent of the profit from 0 to 100, at most two decimals, both levels together at most 100; or - for the shop's percent
product-level = 🤝 Level { $level }: { $percent } % of the profit, its own
button-programme = ℹ️ What I earn
