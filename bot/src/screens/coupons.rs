//! Coupons and prices, for staff.

use super::{PAGE, back, pages, sentence};
use crate::callback::Press;
use crate::reply::{Screen, button};
use crate::texts::Texts;
use mela_core::catalog::{Plan, Price};
use mela_core::coupons::{Coupon, Value};
use mela_core::money::Rupees;

fn value(texts: &Texts, value: Value) -> String {
    match value {
        Value::Percent(percent) => texts.plain("coupon-percent", &[("percent", &percent.normalize())]),
        Value::Amount(amount) => amount.to_string(),
    }
}

/// A page of all coupons; one more than fits tells that there are others.
#[must_use]
pub fn list(texts: &Texts, found: &[(Coupon, i64)], page: u32) -> Screen {
    let head = texts.html(if found.is_empty() && page == 0 { "coupons-none" } else { "coupons" }, &[]);
    let screen = Screen::new(format!("{head}\n\n{}", texts.html("usage-coupon", &[])));
    let screen = found.iter().take(PAGE).fold(screen, |screen, (coupon, used)| {
        let args: crate::texts::Args<'_> = &[("code", &coupon.code), ("value", &value(texts, coupon.terms.value)), ("used", used)];
        let key = if coupon.active { "button-coupon-on" } else { "button-coupon-off" };
        screen.row([button(texts.plain(key, args), &Press::Coupon(coupon.id))])
    });
    screen.row(pages(texts, page, found.len() > PAGE, Press::Coupons))
}

/// One coupon: what it takes off, and what it would sell below cost.
#[must_use]
pub fn coupon(texts: &Texts, coupon: &Coupon, used: i64, plans: &[Plan], below: &[(&Plan, Rupees)]) -> Screen {
    let terms = &coupon.terms;
    let mut lines = vec![texts.html("coupon", &[("code", &coupon.code), ("value", &value(texts, terms.value))])];
    lines.push(texts.html(if coupon.active { "coupon-on" } else { "coupon-off" }, &[("used", &used)]));
    if !terms.plans.is_empty() {
        let titles = plans
            .iter()
            .filter(|plan| terms.plans.contains(&plan.id))
            .map(|plan| plan.title.as_str())
            .collect::<Vec<_>>()
            .join(", ");
        lines.push(texts.html("coupon-plans", &[("titles", &titles)]));
    }
    lines.extend(terms.per_user.map(|n| texts.html("coupon-each", &[("n", &n)])));
    lines.extend(terms.total.map(|n| texts.html("coupon-total", &[("n", &n)])));
    lines.extend(terms.from_at.map(|at| texts.html("coupon-from", &[("at", &texts.time(at))])));
    lines.extend(terms.until_at.map(|at| texts.html("coupon-until", &[("at", &texts.time(at))])));
    lines.extend(terms.first_order.then(|| texts.html("coupon-first", &[])));
    for (plan, price) in below.iter().take(PAGE) {
        lines.push(texts.html("coupon-below", &[("title", &plan.title), ("price", price), ("cost", &plan.cost)]));
    }
    let loses = !below.is_empty() && !coupon.active;
    let key = match (coupon.active, loses) {
        (true, _) => "button-coupon-switch-off",
        (false, true) => "button-coupon-switch-on-below",
        (false, false) => "button-coupon-switch-on",
    };
    Screen::new(lines.join("\n"))
        .row([button(texts.plain(key, &[]), &Press::SwitchCoupon(coupon.id, !coupon.active, loses))])
        .row([back(texts, &Press::Coupons(0))])
}

/// A piece of a line that was not understood.
#[must_use]
pub fn unclear(texts: &Texts, piece: &str) -> Screen {
    sentence(texts, "terms-unclear", &[("piece", &piece)])
}

/// A plan's prices beside its own.
#[must_use]
pub fn prices(texts: &Texts, plan: &Plan, prices: &[Price]) -> Screen {
    let mut lines = vec![texts.html("prices", &[("title", &plan.title), ("price", &plan.price)])];
    lines.extend(prices.is_empty().then(|| texts.html("prices-none", &[])));
    let mut screen = Screen::new(String::new());
    for (n, price) in prices.iter().enumerate() {
        let mut line = texts.html("price-line", &[("n", &(n + 1)), ("price", &price.price), ("least", &price.least)]);
        line.extend(price.from_at.map(|at| format!(" {}", texts.html("price-from", &[("at", &texts.time(at))]))));
        line.extend(price.until_at.map(|at| format!(" {}", texts.html("price-until", &[("at", &texts.time(at))]))));
        lines.push(line);
        screen = screen.row([button(texts.plain("button-remove-price", &[("n", &(n + 1))]), &Press::RemovePrice(plan.id, price.id))]);
    }
    screen.text = lines.join("\n");
    screen
        .row([button(texts.plain("button-add-price", &[]), &Press::AddPrice(plan.id))])
        .row([back(texts, &Press::Product(plan.id))])
}

/// Asks for a price.
#[must_use]
pub fn ask_price(texts: &Texts, name: &str, plan: &Plan) -> Screen {
    sentence(texts, "price-ask", &[("name", &name), ("title", &plan.title)])
}
