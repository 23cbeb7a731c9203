# Coupons and prices, as staff read them.

coupons = 🏷 <b>Coupons</b>, newest first
coupons-none = 🏷 There are no coupons yet.
usage-coupon = /coupon CODE 20% or /coupon CODE 50 makes one, with any of: <code>plans combo-ott,netflix</code> · <code>each 1</code> (uses of one person) · <code>total 100</code> · <code>from 2026-11-25</code> · <code>until 2026-11-30</code> · <code>first</code> (first orders only). /coupon CODE shows one.
coupon-code-wrong = A coupon's code is 3 to 32 letters, digits and dashes, in any script.
coupon-taken = { $code } was in use before, and what it takes off stays as it was: orders name it. Choose another code, or see /coupon { $code }.
coupon-no-plan = There is no product { $code }. /products has their codes.
terms-unclear = I do not understand “{ $piece }”. Nothing was changed.
coupon-percent = { $percent } %
coupon = 🏷 <code>{ $code }</code>: <b>{ $value }</b> off
coupon-on = On. { $used ->
        [one] { $used } order has it.
       *[other] { $used } orders have it.
    }
coupon-off = Off: nobody can use it. { $used ->
        [one] { $used } order has it.
       *[other] { $used } orders have it.
    }
coupon-plans = For: { $titles }
coupon-each = One person: { $n ->
        [one] { $n } order
       *[other] { $n } orders
    }
coupon-total = In all: { $n ->
        [one] { $n } order
       *[other] { $n } orders
    }
coupon-from = From { $at }
coupon-until = Until { $at }
coupon-first = First orders only
coupon-below = ⚠️ Sells { $title } for { $price }, below its cost of { $cost }: a loss, and no commission.
prices = 💲 <b>{ $title }</b> costs { $price }. The lowest of these that holds is taken instead:
prices-none = There are none.
price-line = { $n }. <b>{ $price }</b> each, from { $least } in one order
price-from = from { $at }
price-until = until { $at }
price-ask = { $name }, what else does <b>{ $title }</b> cost? For many in one order: <code>125 least 3</code>. For a time: <code>99 from 2026-11-25 until 2026-11-30</code>, the last day included. /cancel leaves it.

button-coupon-on = { $code } · { $value } · { $used } used
button-coupon-off = ⏸ { $code } · { $value } · { $used } used
button-coupon-switch-on = ✅ Switch on
button-coupon-switch-on-below = ⚠️ Switch on, below cost
button-coupon-switch-off = ⏸ Switch off
button-prices = 💲 Prices
button-add-price = ➕ Add a price
button-remove-price = 🗑 Remove { $n }
