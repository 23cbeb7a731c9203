# Stock that is delivered at payment.

stock = 🗄 <b>Stock</b>
stock-none = 🗄 No plan is delivered from stock. A product's <code>delivery</code> is changed in /products: from_stock.
stock-line = <b>{ $title }</b> (<code>{ $code }</code>): <b>{ $free }</b> free, { $sold } sold, { $retired } retired, { $waiting ->
        [one] { $waiting } paid order
       *[other] { $waiting } paid orders
    } waiting
stock-load = Press a plan to add one account; /import stock loads many.
stock-no-key = ⚠️ MELA_CREDENTIALS__KEY is not set: nothing can be loaded or delivered from stock.
stock-no-key-now = MELA_CREDENTIALS__KEY is not set: nothing was loaded.
stock-how = 📥 Send me the stock file: CSV or XLSX, at most { $most }, with the columns <code>{ $columns }</code> in any order. A row is an account: <code>plan</code> is a product's code, <code>slots</code> how many buyers share it (1 when empty), <code>expires_on</code> its last day as YYYY-MM-DD or empty.
    It is checked whole first, and nothing is loaded until you press Apply. Accounts are sealed; nothing of the file is kept here. Delete it from this chat afterwards.
    /cancel leaves it.
stock-figures = 🔎 <b>{ $accounts }</b> { $accounts ->
        [one] new account
       *[other] new accounts
    } with { $slots ->
        [one] { $slots } slot
       *[other] { $slots } slots
    }, { $known } known already, { $wrong ->
        [one] { $wrong } wrong row
       *[other] { $wrong } wrong rows
    }.
stock-press = Nothing is loaded yet. Apply loads the good rows.
stock-nothing = There is nothing to load.
stock-loaded = ✅ { $accounts ->
        [one] { $accounts } account
       *[other] { $accounts } accounts
    } with { $slots ->
        [one] { $slots } slot
       *[other] { $slots } slots
    } loaded by { $by }, { $known } known already.
file-gone = The file is not to be had any more, or is another one: send it again.
stock-no-plan = there is no product { $code }
stock-by-hand = { $code } is delivered by hand
stock-empty = { $column } is empty
stock-long = { $column } is longer than 200 characters
stock-slots = slots must be a whole number from 1 to 100
stock-day = expires_on must be a day as YYYY-MM-DD
stock-over = expires_on is over
stock-twice = the same account is in row { $row }
