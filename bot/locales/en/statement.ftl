# Bank statements.

statement-how = 🏦 Send me the bank's statement as a file: CSV or XLSX, at most { $most }. HDFC, ICICI, SBI, Axis and Kotak are known by their columns; of another bank, say its name with the command: <code>/import statement GRAMIN</code>.
    What came in is taken at once, each credit once, however often it is told. What went out is left alone.
    /cancel leaves it.
statement-progress = ⏳ { $done } of { $of } credits taken …
statement-header = I do not know this statement's columns, and nothing was read. The row that looks most like a header has: { $found }
    Tell me which is which, then send the file again: <code>/settings statement.date</code> and its column's name, then in the same way <code>statement.narration</code>, <code>statement.credit</code> and <code>statement.debit</code> (or <code>statement.amount</code> and <code>statement.dr_cr</code>), <code>statement.reference</code>, <code>statement.balance</code>, and <code>statement.bank</code> for the bank's name.
statement-bank = I can read this statement, but not whose it is: nothing was read. Send it with the bank's name: <code>/import statement HDFC</code>
statement-no-rows = There is no transaction in this statement: nothing was read.
statement-read = 🏦 <b>{ $bank }</b>, { $from } to { $through }
statement-figures = { $fresh ->
        [one] <b>{ $fresh }</b> new credit
       *[other] <b>{ $fresh }</b> new credits
    }, { $before } seen before. Of the new ones { $matched } matched by themselves, { $waiting } wait.
statement-debits = { $count ->
        [one] { $count } debit
       *[other] { $count } debits
    } skipped.
statement-returned = { $count ->
        [one] { $count } payment of your own that came back
       *[other] { $count } payments of your own that came back
    }, skipped.
statement-closing = Balance at the end: { $amount }
statement-bad = ⚠️ { $count ->
        [one] { $count } row cannot be read:
       *[other] { $count } rows cannot be read:
    }
statement-day = “{ $found }” is no day
statement-no-day = there is money, but no day
statement-amount = “{ $found }” is no amount
statement-no-amount = nothing came in or went out
statement-both = money both came in and went out
statement-dr-cr = “{ $found }” is neither CR nor DR
statement-other-amount = its reference was seen with another amount
statement-beyond = there is more in it than the columns hold: a comma without quotes
