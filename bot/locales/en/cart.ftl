# The cart, coupons and what is paid from the wallet, as customers read them.

cart = 🛒 <b>Your cart</b>
cart-empty = 🛒 <b>Your cart</b>
    It is empty. Open a plan and press “Add to cart”.
cart-line = • { $title }: { $quantity } × { $price } = <b>{ $total }</b>
cart-line-waits = • { $title }: { $quantity } × { $price } = <b>{ $total }</b>
    🚫 Out of stock: paid, it is sent as soon as there is more.
cart-line-gone = • { $title }: not for sale any more, please take it out
cart-coupon = Coupon <code>{ $code }</code>: −{ $off }
cart-coupon-not = Coupon <code>{ $code }</code>: { $why }
cart-to-pay = To pay: <b>{ $amount }</b>
cart-changed = ⚠️ { $why } The coupon was taken out; please look at the sum once more.
cart-empty-alert = Your cart is empty.
cart-gone = { $title } is not for sale any more. Please take it out of the cart.
cart-full = One order takes at most { $most }. Please check out first, then start another.
coupon-ask = Send me the coupon's code. /cancel leaves it.
coupon-try-again = { $why } Check the code and send it again; /cancel leaves it.
coupon-unknown = There is no such coupon.
coupon-not-yet = This coupon holds from { $from }.
coupon-over = This coupon held until { $until }.
coupon-used-up = This coupon is used up.
coupon-used-before = You have used this coupon already.
coupon-first-order = This coupon is for a first order.
coupon-not-for-these = This coupon takes nothing off what is in your cart.
plan-price-line = { $price } each from { $least } on
plan-price-until = Offer until { $until }, instead of { $price }
order-items = { $quantity } × { $title }: { $total }
order-discount = Coupon: −{ $off }
wallet-short = Your wallet does not cover this any more.

button-cart = 🛒 Cart
button-add-to-cart = 🛒 Add to cart
button-check-out = ✅ Checkout · { $amount }
button-check-out-gift = 🎁 Buy as a gift
button-take-out = 🗑 Take out { $title }
button-coupon = 🏷 Apply coupon
button-remove-coupon = 🏷 Remove coupon
button-empty-cart = 🗑 Empty cart
button-pay-wallet = 👛 Pay from wallet · { $amount }
