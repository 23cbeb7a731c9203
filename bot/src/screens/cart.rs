//! The cart.

use super::{home, programme};
use crate::callback::Press;
use crate::reply::{Screen, button};
use crate::texts::Texts;
use mela_core::cart::{Cart, CartError};
use mela_core::coupons::CouponError;
use mela_core::orders::MOST_UNITS;

/// What is in the cart, with quantities, and what is to be paid.
#[must_use]
pub fn cart(texts: &Texts, cart: &Cart) -> Screen {
    if cart.items.is_empty() {
        return Screen::new(texts.html("cart-empty", &[])).row([button(texts.plain("button-plans", &[]), &Press::Plans), home(texts)]);
    }
    let mut lines = vec![texts.html("cart", &[])];
    for item in &cart.items {
        let total = (0..item.quantity).map(|_| item.price).sum::<mela_core::money::Rupees>();
        let key = match (item.plan.active, item.in_stock) {
            (false, _) => "cart-line-gone",
            (true, true) => "cart-line",
            (true, false) => "cart-line-waits",
        };
        lines.push(texts.html(key, &[("title", &item.plan.title), ("quantity", &item.quantity), ("price", &item.price), ("total", &total)]));
    }
    match &cart.coupon {
        Some((coupon, Ok(off))) => lines.push(texts.html("cart-coupon", &[("code", &coupon.code), ("off", off)])),
        Some((coupon, Err(why))) => lines.push(texts.html("cart-coupon-not", &[("code", &coupon.code), ("why", &coupon_refused(texts, why))])),
        None => {}
    }
    lines.extend(programme::gift(texts, cart.friend_off));
    lines.push(texts.html("cart-to-pay", &[("amount", &cart.to_pay())]));
    let screen = cart.items.iter().fold(Screen::new(lines.join("\n")), |screen, item| {
        let put = |quantity| Press::PutInCart(item.plan.code.clone(), quantity);
        let title: String = item.plan.title.chars().take(24).collect();
        let name = button(format!("{title} × {}", item.quantity), &Press::Plan(item.plan.code.clone()));
        if item.plan.active {
            screen.row([button("➖".to_owned(), &put(item.quantity - 1)), name, button("➕".to_owned(), &put(item.quantity + 1))])
        } else {
            screen.row([button(texts.plain("button-take-out", &[("title", &title)]), &put(0))])
        }
    });
    let coupon = if cart.coupon.is_some() {
        ("button-remove-coupon", Press::RemoveCoupon)
    } else {
        ("button-coupon", Press::AskCoupon)
    };
    screen
        .row([button(texts.plain("button-check-out", &[("amount", &cart.to_pay())]), &Press::CheckOut)])
        .row([button(texts.plain("button-check-out-gift", &[]), &Press::CheckOutGift)])
        .row([button(texts.plain(coupon.0, &[]), &coupon.1), button(texts.plain("button-empty-cart", &[]), &Press::EmptyCart)])
        .row([button(texts.plain("button-plans", &[]), &Press::Plans), home(texts)])
}

/// A screen with a word above it.
#[must_use]
pub fn with_word(texts: &Texts, word: &str, mut screen: Screen) -> Screen {
    screen.text = format!("{}\n\n{}", texts.html("cart-changed", &[("why", &word)]), screen.text);
    screen
}

/// Asks for a coupon's code.
#[must_use]
pub fn ask_coupon(texts: &Texts) -> Screen {
    Screen::new(texts.html("coupon-ask", &[])).row([super::back(texts, &Press::Cart)])
}

/// Why something was not done with the cart.
#[must_use]
pub fn refused(texts: &Texts, error: &CartError) -> String {
    match error {
        CartError::Empty => texts.plain("cart-empty-alert", &[]),
        CartError::NotForSale(title) => texts.plain("cart-gone", &[("title", title)]),
        CartError::Full => texts.plain("cart-full", &[("most", &MOST_UNITS)]),
        CartError::Coupon(why) => coupon_refused(texts, why),
        CartError::Order(_) | CartError::Db(_) => texts.plain("failed", &[]),
    }
}

fn coupon_refused(texts: &Texts, why: &CouponError) -> String {
    match why {
        CouponError::Unknown => texts.plain("coupon-unknown", &[]),
        CouponError::NotYet(from) => texts.plain("coupon-not-yet", &[("from", &texts.time(*from))]),
        CouponError::Over(until) => texts.plain("coupon-over", &[("until", &texts.time(*until))]),
        CouponError::UsedUp => texts.plain("coupon-used-up", &[]),
        CouponError::UsedBefore => texts.plain("coupon-used-before", &[]),
        CouponError::FirstOrder => texts.plain("coupon-first-order", &[]),
        CouponError::NotForThese | CouponError::BelowCost => texts.plain("coupon-not-for-these", &[]),
        CouponError::Db(_) => texts.plain("failed", &[]),
    }
}
