//! What bringing people earns by the rules of now, and what it gives them.

use super::{back, home};
use crate::callback::Press;
use crate::reply::{Screen, button};
use crate::texts::Texts;
use mela_core::catalog::Plan;
use mela_core::commissions::{Earns, NotBooked, Reached, Terms};
use mela_core::coupons::Value;
use mela_core::money::Rupees;

/// What a sale of a plan earns, as a sentence that holds now; with a friend's first order where that earns something else.
fn earns(texts: &Texts, title: &str, price: Rupees, on: Earns, first: Option<Earns>) -> String {
    let args: crate::texts::Args<'_> = &[("plan", &title), ("price", &price), ("earn1", &on.level1), ("earn2", &on.level2)];
    let key = match (on.level1.is_positive(), on.level2.is_positive()) {
        (true, true) => "programme-earns",
        (true, false) => "programme-earns-one",
        (false, true) => "programme-earns-two",
        (false, false) => "programme-earns-nothing",
    };
    let line = texts.html(key, args);
    match first.filter(|first| *first != on) {
        Some(first) => format!("{line} {}", texts.html("programme-first", &[("earn1", &first.level1), ("earn2", &first.level2)])),
        None => line,
    }
}

/// The same of a plan that is priced as it costs now.
#[must_use]
pub fn example(texts: &Texts, terms: &Terms, plan: &Plan) -> String {
    earns(texts, &plan.title, plan.price, terms.on(plan, plan.price), terms.on_first(plan, plan.price))
}

/// All the rules, with what each of some plans earns at its price of now.
#[must_use]
pub fn rules(texts: &Texts, terms: &Terms, plans: &[Plan]) -> Screen {
    let mut lines = vec![texts.html("programme", &[])];
    lines.extend(plans.iter().map(|plan| format!("• {}", example(texts, terms, plan))));
    lines.push(texts.html("programme-less", &[]));
    if let Some(volume) = terms.volume {
        lines.push(texts.html("programme-volume", &[("sales", &volume.sales), ("percent", &terms.rates.level1.normalize())]));
        lines.extend(volume.next.map(|(more, percent)| texts.html("programme-next", &[("more", &more), ("percent", &percent.normalize())])));
    }
    lines.extend(terms.sales.map(|sales| texts.html("programme-sales", &[("sales", &sales)])));
    lines.extend(terms.renewals.map(|renewals| texts.html("programme-renewals", &[("renewals", &renewals)])));
    lines.extend(day(texts, terms));
    lines.extend(terms.friend.map(|cap| texts.html("programme-friend", &[("cap", &cap)])));
    lines.push(texts.html("programme-hold", &[("hold", &terms.hold)]));
    lines.extend(terms.gift().map(|value| texts.html("programme-gift", &[("off", &worth(value))])));
    Screen::new(lines.join("\n"))
        .row([button(texts.plain("button-refer", &[]), &Press::Refer)])
        .row([back(texts, &Press::Earnings(0)), home(texts)])
}

fn worth(value: Value) -> String {
    match value {
        Value::Percent(percent) => format!("{} %", percent.normalize()),
        Value::Amount(amount) => amount.to_string(),
    }
}

/// How far the day's limit is, where there is one.
fn day(texts: &Texts, terms: &Terms) -> Option<String> {
    let (cap, today) = terms.day?;
    let key = if terms.is_day_over() { "programme-day-over" } else { "programme-day" };
    Some(texts.html(key, &[("cap", &cap), ("today", &today)]))
}

/// What stands above a person's commissions: what the next sale earns, today's limit, and what limits cut off.
#[must_use]
pub fn above_earnings(texts: &Texts, terms: &Terms, plan: Option<&Plan>, cuts: &[NotBooked]) -> String {
    let line = |cut: &NotBooked| {
        let reached = match cut.by {
            Reached::Day => "programme-cut-day",
            Reached::Friend => "programme-cut-friend",
        };
        texts.html(
            "programme-cut",
            &[("amount", &cut.amount), ("level", &cut.level), ("at", &texts.time(cut.at)), ("why", &texts.plain(reached, &[]))],
        )
    };
    let now = plan.map(|plan| example(texts, terms, plan));
    let cut = (!cuts.is_empty()).then(|| texts.html("programme-cuts", &[]));
    now.into_iter().chain(day(texts, terms)).chain(cut).chain(cuts.iter().map(line)).collect::<Vec<_>>().join("\n")
}

/// A limit was reached.
#[must_use]
pub fn capped(texts: &Texts, by: Reached, cap: Rupees) -> Screen {
    let key = match by {
        Reached::Day => "capped-day",
        Reached::Friend => "capped-friend",
    };
    Screen::new(texts.html(key, &[("cap", &cap)])).row([button(texts.plain("button-earnings", &[]), &Press::Earnings(0))])
}

/// The line of the friend's gift, where there is one.
#[must_use]
pub fn gift(texts: &Texts, off: Rupees) -> Option<String> {
    off.is_positive().then(|| texts.html("friends-gift", &[("off", &off)]))
}

/// The same beside a plan, with what is to be paid then.
#[must_use]
pub fn gift_beside(texts: &Texts, off: Rupees, price: Rupees) -> Option<String> {
    off.is_positive().then(|| texts.html("friends-gift-plan", &[("off", &off), ("pay", &(price - off))]))
}
