//! What a person has: until when, and what can be done about it.

use super::{PAGE, back, home, pages};
use crate::callback::Press;
use crate::reply::{Screen, button};
use crate::texts::Texts;
use mela_core::money::Rupees;
use mela_core::subscriptions::{State, Subscription};
use teloxide::types::InlineKeyboardButton;

/// A subscription as its holder sees it now.
#[derive(Debug)]
pub struct Shown<'a> {
    /// The subscription.
    pub found: &'a Subscription,
    /// Where it stands.
    pub state: State,
    /// Days to its last one.
    pub days_left: i64,
    /// What renewing it costs; none when it cannot be renewed.
    pub price: Option<Rupees>,
    /// Whether it is the only one, shown where the list would be.
    pub alone: bool,
}

/// How long something lasts still.
#[must_use]
pub fn left(texts: &Texts, days: i64) -> String {
    match days {
        ..=0 => texts.plain("left-today", &[]),
        1 => texts.plain("left-tomorrow", &[]),
        days => texts.plain("left-days", &[("days", &days)]),
    }
}

fn standing(texts: &Texts, found: &Subscription, state: State, days_left: i64) -> String {
    match state {
        State::Active | State::Expiring => left(texts, days_left),
        State::Expired => texts.plain("left-over", &[]),
        State::Cancelled if found.end_reason.is_some() => texts.plain("left-cancelled", &[]),
        State::Cancelled => texts.plain("left-over", &[]),
    }
}

fn mark(state: State) -> &'static str {
    match state {
        State::Active => "🟢",
        State::Expiring => "🟠",
        State::Expired => "⚪️",
        State::Cancelled => "🔴",
    }
}

/// A page of them; one more than fits tells that there are further ones.
#[must_use]
pub fn list(texts: &Texts, found: &[Shown<'_>], page: u32) -> Screen {
    let screen = Screen::new(texts.html(if found.is_empty() && page == 0 { "subscriptions-empty" } else { "subscriptions" }, &[]));
    let screen = found.iter().take(PAGE).fold(screen, |screen, shown| {
        let standing = standing(texts, shown.found, shown.state, shown.days_left);
        let caption = format!("{} {} · {standing}", mark(shown.state), shown.found.title);
        screen.row([button(caption, &Press::Subscription(shown.found.id))])
    });
    let screen = if found.is_empty() {
        screen.row([button(texts.plain("button-plans", &[]), &Press::Plans)])
    } else {
        screen
    };
    let turn = pages(texts, page, found.len() > PAGE, Press::Subscriptions);
    let screen = screen.row(turn);
    screen.row([home(texts)])
}

/// One of them, with what can be done about it.
#[must_use]
pub fn one(texts: &Texts, shown: &Shown<'_>) -> Screen {
    let Shown { found, state, days_left, price, alone } = shown;
    let runs = matches!(state, State::Active | State::Expiring);
    let standing = format!("{} {}", mark(*state), standing(texts, found, *state, *days_left));
    let until = texts.time(found.ended_at.unwrap_or(found.ends_at));
    let mut lines = vec![texts.html("subscription", &[("title", &found.title), ("standing", &standing), ("until", &until)])];
    if let Some(reason) = found.end_reason.as_ref() {
        lines.push(texts.html("subscription-ended", &[("reason", &super::reason::told(texts, reason))]));
    }
    if found.renewals > 0 {
        lines.push(texts.html("subscription-renewed", &[("times", &found.renewals)]));
    }
    if runs && found.waits_for_stock() {
        lines.push(texts.html("subscription-waits", &[]));
    }
    if runs && found.auto_renew {
        lines.push(texts.html("subscription-auto", &[]));
    }
    let mut rows: Vec<Vec<InlineKeyboardButton>> = Vec::new();
    let caption = |key| texts.plain(key, &[]);
    if runs && found.slot_id.is_some() {
        rows.push(vec![button(caption("button-credentials"), &Press::SubscriptionCredentials(found.id))]);
    }
    rows.extend(price.map(|price| vec![renew_button(texts, found.id, Some(price))]));
    if runs {
        rows.push(vec![button(caption("button-report"), &Press::Report(found.id))]);
        let (key, on) = if found.auto_renew { ("button-auto-off", false) } else { ("button-auto-on", true) };
        rows.push(vec![button(caption(key), &Press::AutoRenew(found.id, on))]);
    }
    let screen = rows.into_iter().fold(Screen::new(lines.join("\n")), Screen::row);
    screen.row([if *alone { home(texts) } else { back(texts, &Press::Subscriptions(0)) }])
}

fn renew_button(texts: &Texts, id: i64, price: Option<Rupees>) -> InlineKeyboardButton {
    match price {
        Some(price) => button(texts.plain("button-renew-for", &[("price", &price)]), &Press::Renew(id)),
        None => button(texts.plain("button-renew", &[]), &Press::Renew(id)),
    }
}

/// One ends tomorrow, or today.
#[must_use]
pub fn ends(texts: &Texts, found: &Subscription, days_left: i64) -> Screen {
    let args: crate::texts::Args<'_> = &[("title", &found.title), ("until", &texts.time(found.ends_at))];
    let key = match days_left {
        ..0 => "plan-ended",
        0 => "plan-ends-today",
        _ => "plan-ends-tomorrow",
    };
    let auto = if days_left > 0 && found.auto_renew && found.for_sale {
        texts.html("plan-ends-auto", &[])
    } else {
        String::new()
    };
    let screen = Screen::new([texts.html(key, args), auto].join("\n").trim_end());
    let screen = if found.for_sale { screen.row([renew_button(texts, found.id, None)]) } else { screen };
    screen.row([button(texts.plain("button-subscription", &[]), &Press::Subscription(found.id))])
}

/// The wallet does not cover what was to be renewed from it.
#[must_use]
pub fn missing(texts: &Texts, found: &Subscription, price: Rupees, missing: Rupees) -> Screen {
    let args: crate::texts::Args<'_> = &[("title", &found.title), ("until", &texts.time(found.ends_at)), ("price", &price), ("missing", &missing)];
    Screen::new(texts.html("auto-renew-missing", args)).row([renew_button(texts, found.id, None)]).row([
        button(texts.plain("button-wallet", &[]), &Press::Wallet),
        button(texts.plain("button-subscription", &[]), &Press::Subscription(found.id)),
    ])
}
