# A person's link: its card, figures, who joined, leaderboards, contests, a code of one's own.

refer-card-hint = invites you to { $shop }: scan to join
refer-card-code = Code: { $code }
chart = The last { $days } days
chart-joined = Joined: { $joined }
chart-earned = Earned: { $earned }
figures = 📊 <b>What your link brings</b>
figures-level1 = <b>By your link (level 1)</b>
    Opened: { $opened }
    Joined: { $joined }
figures-level2 = <b>By your friends' links (level 2)</b>
    Joined: { $joined }
figures-verified = Verified: { $verified }
figures-sales = Bought: { $bought }
    Sales: { $sales }
    Refunded: { $refunded }
    Earned: { $earned }
figures-per-join = Earned for each who joined by your link: <b>{ $earned }</b>
friends = 👥 <b>Who joined by your link</b>, newest first
friends-none = 👥 Nobody has joined by your link yet. Send it to a friend: /refer
friend-joined = { $name } · { $day }
friend-bought = { $name } · { $day } · 🛍 bought
friend-left = deleted their account
board-week = 🏆 <b>This week</b>, from { $day }: sales by people's links
board-month = 🏆 <b>{ $month }</b>: sales by people's links
board-contest = 🏁 <b>{ $name }</b>
    From { $from } until { $until }
    Prizes: { $prizes }
    Sales by your link count; those that are refunded do not. Of equals, who had theirs first is before.
board-empty = Nobody has let themselves be seen here yet.
board-line = { $place }. { $name }: { $sales }
board-own-line = <b>{ $place }. { $name }: { $sales }</b> (you)
board-place = You are at place <b>{ $place }</b> with { $sales ->
        [one] { $sales } sale
       *[other] { $sales } sales
    }.
board-no-place = You have no sales here yet.
board-far = You have { $sales ->
        [one] { $sales } sale
       *[other] { $sales } sales
    }: below place 1000.
board-decided = This contest is over. Winners: { $winners }
board-appears = Others see you here by your first letters, such as A••• K•••.
board-hidden = Others do not see you here. Your own place is only shown to you.
contest-unknown = There is no such contest any more.
contest-prize = { $place }. { $prize }
prize-won = 🏆 You won! Place <b>{ $place }</b> in “{ $contest }”: <b>{ $amount }</b> is in your wallet, to spend here.
vanity-ask = <b>A code of your own</b>
    Type the code that your link should have: 3 to 16 letters (a–z), digits and _, a letter first. You can choose once, and not change it later. Your first code goes on working. /cancel leaves it.
vanity-not = { $why } Please type another, or /cancel.
vanity-shape = A code has 3 to 16 letters (a–z), digits and single _, a letter first and no _ at its end.
vanity-reserved = That word is kept for the shop.
vanity-like-a-code = Eight letters and digits look like the codes that everybody has. Take more or fewer, or put a _ in.
vanity-taken = That code, or one that looks like it, is somebody's already.
vanity-chosen = You have chosen your code before: { $code }. It cannot be changed.
vanity-confirm = Your code will be <b>{ $code }</b>, your link { $link }
    It cannot be changed later. Is that right?

button-figures = 📊 Figures
button-friends = 👥 Who joined
button-board = 🏆 Leaderboard
button-vanity = ✏️ Choose my code
button-take-vanity = ✅ Yes, { $code }
button-week = This week
button-month = This month
button-contest = 🏁 { $name }
button-appear = 👁 Let others see me
button-disappear = 🙈 Hide me
