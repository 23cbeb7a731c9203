# Campaigns and contests, as staff read them.

referrers = 🏆 <b>Referrers</b> of this month, most sales first
referrers-none = 🏆 Nobody has sold anything by their link this month.
referrers-line = { $place }. { $name } (<code>{ $telegram-id }</code>, <code>{ $code }</code>): { $sales } this month · in all { $joined } joined, { $bought } bought, { $earned } earned
campaigns = 📣 <b>Campaigns</b>, newest first
campaigns-none = 📣 There are no campaigns yet.
usage-campaign = /campaign NAME makes a link of the shop's own, or shows what it brought. Who joins by it is bound to nobody, so no commission is paid.
campaign-name-wrong = A campaign's name is 2 to 32 letters (a–z), digits, dashes and _, a letter or digit first. Nothing was made.
campaign-made = 📣 The campaign is made. Its link:
campaign = 📣 <b>{ $name }</b>
    { $link }
    Made by { $by }, { $at }

    Opened: { $opened }
    Joined: { $joined }
    Bought: { $bought }
    Sales: { $sales }
    Refunded: { $refunded }
    Revenue: { $revenue }
campaign-days = <b>By day</b> (opened · joined · bought · sales · revenue)
campaign-day = { $day }: { $opened } · { $joined } · { $bought } · { $sales } · { $revenue }
contests = 🏁 <b>Contests</b>, newest first
contests-none = 🏁 There are no contests yet.
usage-contest = <code>/contest from 2026-11-25 until 2026-11-30 prizes 1000,500,250 The race of November</code> drafts one; the last day counts. Without “from” it begins now. Who sells most by their link wins; prizes go into wallets, to spend here.
contest-time-wrong = A contest must end after it begins, and in time to come. Nothing was changed.
contest = 🏁 <b>{ $name }</b> ({ $state })
    From { $from } until { $until }
    Prizes: { $prizes } (in all { $total })
    Drafted by { $by }
contest-draft = draft
contest-open = open
contest-done = decided
contest-cancelled = cancelled
contest-nobody = Nobody sold anything by their link: no prize was given.
contest-winner = { $place }. { $name }: { $sales ->
        [one] { $sales } sale
       *[other] { $sales } sales
    }, won { $amount }
contest-own = These prizes are above what one person may give away: somebody else of the staff must start this contest.

button-contest-state = { $name } · { $state }
button-contest-start = ✅ Start it
button-contest-cancel = ❌ Cancel it
