//! Where a person is paid to, and what of a withdrawal is decided before it is asked for.

use super::{back, home, sentence};
use crate::callback::Press;
use crate::reply::{Screen, button};
use crate::texts::Texts;
use chrono::{DateTime, Utc};
use mela_core::money::Rupees;
use mela_core::settings::Pause;
use mela_core::withdrawals::upi::{Kept, MOST};
use mela_core::withdrawals::{Drafted, Limit};

/// Asks for the UPI id; offers those that are kept, the last one first.
#[must_use]
pub fn which(texts: &Texts, available: Rupees, kept: &[Kept], now: DateTime<Utc>) -> Screen {
    let mut lines = vec![texts.html("withdraw-ask-vpa", &[("available", &available)])];
    lines.extend(kept.iter().filter(|one| !one.is_ready(now)).map(|one| new_line(texts, one)));
    let screen = Screen::new(lines.join("\n"));
    let screen = kept.iter().filter(|one| one.is_ready(now)).fold(screen, |screen, one| {
        screen.row([button(texts.plain("button-vpa", &[("vpa", &one.vpa)]), &Press::WithdrawTo(one.mark()))])
    });
    screen.row([back(texts, &Press::Wallet)])
}

fn new_line(texts: &Texts, one: &Kept) -> String {
    texts.html("upi-line-new", &[("vpa", &one.vpa), ("at", &texts.time(one.ready_at))])
}

/// Asks for the amount; offers all, as far as the limits go.
#[must_use]
pub fn amount(texts: &Texts, vpa: &str, minimum: Rupees, most: Rupees, limit: Option<Limit>) -> Screen {
    let mut lines = vec![texts.html("withdraw-ask-amount", &[("vpa", &vpa), ("minimum", &minimum), ("available", &most)])];
    lines.extend(limit.map(|limit| limit_line(texts, limit)));
    Screen::new(lines.join("\n"))
        .row([button(texts.plain("button-all", &[("amount", &most)]), &Press::WithdrawAll)])
        .row([back(texts, &Press::Wallet)])
}

fn limit_line(texts: &Texts, limit: Limit) -> String {
    match limit {
        Limit::Pause(at) => texts.html("limit-pause", &[("at", &texts.time(at))]),
        Limit::Day(left, at) => texts.html("limit-day", &[("left", &left), ("at", &texts.time(at))]),
        Limit::Month(left, at) => texts.html("limit-month", &[("left", &left), ("at", &texts.time(at))]),
    }
}

/// A limit says no: what is possible, and when.
#[must_use]
pub fn limited(texts: &Texts, limit: Limit) -> Screen {
    Screen::new(limit_line(texts, limit)).row([back(texts, &Press::Wallet)])
}

/// The UPI id is too new.
#[must_use]
pub fn is_new(texts: &Texts, vpa: &str, at: DateTime<Utc>) -> Screen {
    sentence(texts, "upi-is-new", &[("vpa", &vpa), ("at", &texts.time(at))]).row([back(texts, &Press::Wallet)])
}

/// The UPI id was taken away meanwhile.
#[must_use]
pub fn unknown(texts: &Texts, vpa: &str) -> Screen {
    sentence(texts, "upi-unknown", &[("vpa", &vpa)]).row([back(texts, &Press::Upi)])
}

/// As many are kept as may be.
#[must_use]
pub fn too_many(texts: &Texts) -> Screen {
    sentence(texts, "upi-too-many", &[("most", &MOST)]).row([back(texts, &Press::Upi)])
}

/// Asks for the confirmation of a draft, with the tax that is withheld. `wants_pan`: with a PAN it would be less.
#[must_use]
pub fn confirm(texts: &Texts, id: i64, drafted: &Drafted, wants_pan: bool) -> Screen {
    let Drafted { vpa, amount, tds } = drafted;
    let mut lines = vec![texts.html("withdraw-confirm", &[("amount", amount), ("vpa", vpa)])];
    lines.extend(super::tax::withheld(texts, *amount, *tds));
    lines.extend(wants_pan.then(|| texts.html("tax-without-pan", &[])));
    let screen = Screen::new(lines.join("\n")).row([
        button(texts.plain("button-confirm", &[]), &Press::WithdrawConfirm(id)),
        button(texts.plain("button-drop", &[]), &Press::WithdrawDrop),
    ]);
    let screen = if wants_pan {
        screen.row([button(texts.plain("button-pan", &[]), &Press::AskPan(id))])
    } else {
        screen
    };
    screen.row([back(texts, &Press::Wallet)])
}

/// The UPI ids that are kept.
#[must_use]
pub fn list(texts: &Texts, kept: &[Kept], now: DateTime<Utc>) -> Screen {
    let mut lines = vec![texts.html(if kept.is_empty() { "upi-none" } else { "upi-list" }, &[])];
    lines.extend(kept.iter().map(|one| match one.is_ready(now) {
        true => texts.html("upi-line", &[("vpa", &one.vpa)]),
        false => new_line(texts, one),
    }));
    let screen = kept.iter().fold(Screen::new(lines.join("\n")), |screen, one| {
        screen.row([button(texts.plain("button-upi-remove", &[("vpa", &one.vpa)]), &Press::RemoveUpi(one.mark()))])
    });
    let screen = if kept.len() < MOST {
        screen.row([button(texts.plain("button-upi-add", &[]), &Press::AddUpi)])
    } else {
        screen
    };
    screen.row([back(texts, &Press::Wallet), home(texts)])
}

/// Asks for a UPI id that is to be kept.
#[must_use]
pub fn ask(texts: &Texts, wait: Pause) -> Screen {
    let mut lines = vec![texts.html("upi-ask", &[])];
    lines.extend((!wait.is_none()).then(|| texts.html("upi-ask-wait", &[("wait", &wait)])));
    Screen::new(lines.join("\n")).row([back(texts, &Press::Upi)])
}

/// To the person: another UPI id is kept from now on.
#[must_use]
pub fn added(texts: &Texts, vpa: &str) -> Screen {
    sentence(texts, "upi-added", &[("vpa", &vpa)]).row([button(texts.plain("button-upi", &[]), &Press::Upi)])
}
