# The commands in Telegram's menu.

menu-start = Home
menu-plans = Choose a plan and buy it
menu-orders = Your orders
menu-wallet = Your money here
menu-refer = Your link and what it earned
menu-earnings = Every commission
menu-withdraw = Have your earnings paid
menu-notifications = What you were told last
menu-privacy = What is kept of you: a copy, or deleted
menu-support = Reach a person
menu-help = What I can do
menu-pending = What waits for you
menu-order = One order
menu-refund = Give an order's money back
menu-user = One customer
menu-products = What is for sale
menu-import = Products or stock from a spreadsheet
menu-export = All products as a spreadsheet
menu-stats = The shop in numbers
menu-stock = What is left in stock
menu-statement = Any account, line by line
menu-reconcile = Trial balance and proof
menu-settings = All settings
menu-staff = Who may do what
menu-release = Release what is due now
