# The catalogue: what customers find, what staff do with it, and files of products.

platforms = <b>Plans</b>
    Choose a platform, or type what you are looking for behind the command: /plans netflix
platform = <b>{ $platform }</b>
    Choose a plan to see what is in it.
platform-none = Other
plans-found = <b>Plans</b> with “{ $words }”
plans-found-many = <b>Plans</b> with “{ $words }”: the first of many. Add a word to find fewer.
plans-not-found = No plan has “{ $words }” in its name, platform or category. /plans shows them all.
button-previous = ‹ Previous
button-next = Next ›

products = <b>Products</b>
    🟢 for sale, ⚪️ switched off. A press opens one.
products-none = <b>Products</b>
    There are none yet.
product = <b>{ $title }</b> (<code>{ $code }</code>)
    State: { $state }
    Price: { $price }
    Cost: { $cost }
    Period: { $days ->
        [one] { $days } day
       *[other] { $days } days
    }
    Screens: { $screens }
    Platform: { $platform }
    Category: { $category }
    Delivery: { $delivery }
    Description: { $description }
product-on = 🟢 for sale
product-off = ⚪️ switched off
product-created = ✅ Created, and for sale. The rest can be changed below.
product-unknown = There is no such product.
product-code-taken = Another product has the code <code>{ $code }</code>. Please send another code, or /cancel.
product-ask = { $name }, send the new value of “{ $field }” for { $title } as your next message here. It is now: { $now }
    Wanted: { $rule }. /cancel leaves it.
product-ask-empty = A dash (-) empties it.
product-ask-new = { $name }, a new product: send its “{ $field }” as your next message here.
    Wanted: { $rule }. /cancel leaves it.
product-wrong = “{ $found }” cannot be the { $field }. Wanted: { $rule }. Please send it again, or /cancel.
product-changed = { $title }, { $field }: { $before } → <b>{ $after }</b>
product-unchanged = { $title }, { $field }: it is { $after } already.
preview = 👁 As customers see it:
preview-off = 👁 As customers would see it; it is switched off, so they do not:
delivery-by-hand = by hand
delivery-from-stock = from stock
field-code = Code
field-title = Title
field-platform = Platform
field-category = Category
field-period = Period
field-screens = Screens
field-price = Price
field-cost = Cost
field-delivery = Delivery
field-active = Active
field-description = Description
rule-code = 1 to 40 of a-z, 0-9 and dashes, such as netflix-1m
rule-title = one line of 1 to 80 characters
rule-name = one line of at most 40 characters
rule-period = a whole number of days from 1 to 3650
rule-screens = a whole number from 1 to 100
rule-price = rupees from 1, with at most two decimals and below a million million, such as 135 or 1,35,000.50
rule-cost = rupees from 0, with at most two decimals and below a million million, such as 42 or 27.90
rule-delivery = by_hand or from_stock
rule-active = yes or no
rule-description = at most 1000 characters
button-new-product = ➕ New product
button-switch-off = ⏸ Switch off
button-switch-on = ▶️ Switch on
button-preview = 👁 Preview
button-product = Show product

usage-import = Use: /import products, /import stock, or /import statement
usage-export = Use: /export products
import-how = <b>Import products</b>
    Send the spreadsheet as your next message here: a CSV, or an XLSX of which the first sheet is read, at most { $most } and 20,000 rows. Or send it with the caption /import products. /cancel leaves it.
    The first row names the columns, in any order: { $columns }
    A code that exists changes that product, another makes a new one. Nothing is changed before you have seen what would change and pressed Apply. This file is a template.
import-no-file = Please send the spreadsheet as a file (CSV or XLSX), or /cancel.
import-reading = ⏳ Reading the file …
import-checking = ⏳ Checking { $rows ->
        [one] { $rows } row
       *[other] { $rows } rows
    } …
import-too-large = The file is larger than { $most }: nothing was read. Split it, or raise import.max_bytes in /settings.
import-over-telegrams = Telegram gives a bot files of at most 20 MB, and this one is larger: nothing was read. Please split it.
import-too-many = The file has more than { $most } rows: nothing was read. Please split it.
import-too-wide = The file has more than 100 columns: nothing was read. Please send the products alone.
import-inflates = Unpacked, the file is larger than { $most }: nothing was read. Please save it as CSV.
import-empty = Nothing is written in the file. Its first row names the columns: { $columns }
import-foreign = That is neither a CSV nor an XLSX: nothing was read. Please save the spreadsheet as one of these.
import-old-excel = That is a workbook of an old Excel (.xls), or one with a password: nothing was read. Please save it as XLSX or CSV, without a password.
import-damaged = The XLSX is damaged and cannot be read. Please save it again, or as CSV.
import-header = The columns are not those that are wanted: nothing was read.
import-missing = Missing: { $names }
import-unknown = Unknown: { $names }
import-twice = There twice: { $names }
import-wanted = Wanted, in any order: { $columns }
import-figures = <b>What would change</b>
    { $new } new, { $changed } changed, { $same } same, { $wrong } wrong
import-row = row { $row }: { $why }
import-more = … and { $more ->
        [one] { $more } more wrong row
       *[other] { $more } more wrong rows
    }: see the file.
import-wrong-cell = { $field } “{ $found }”: wanted { $rule }
import-beyond = there are more cells than columns (a text with a comma in it needs quotes)
import-duplicate = the same code is in row { $row } (duplicate)
import-press = Nothing is changed yet. Apply changes it all at once.
import-press-good = Nothing is changed yet. Apply changes the good rows all at once; the wrong rows are left out.
import-nothing = Nothing would change: the products are so already.
import-nothing-good = No good row changes anything, so there is nothing to apply.
import-wrong-file = The { $rows ->
        [one] wrong row, with the reason
       *[other] { $rows } wrong rows, with the reasons
    }.
import-applied = ✅ Applied by { $by }: { $new } new, { $changed } changed.
import-already = This file is applied already; nothing was changed again.
import-moved = Products have changed since this was shown, so nothing was applied. This is what would change now:
import-gone = This file has waited too long. Please send it again.
exported = { $count ->
        [one] The one product
       *[other] All { $count } products
    }. /import products takes this file again.
button-apply = ✅ Apply
