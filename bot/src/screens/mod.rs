//! Every screen: a pure function from data and language to a message. None of them awaits.

pub mod admin;
pub mod books;
pub mod cards;
pub mod cart;
pub mod contests;
pub mod coupons;
pub mod credits;
pub mod customer;
pub mod evidence;
pub mod fraud;
pub mod gifts;
pub mod holds;
pub mod importing;
pub mod inline;
pub mod language;
pub mod money;
pub mod notices;
pub mod notifications;
pub mod online;
pub mod paying;
pub mod payouts;
pub mod plans;
pub mod privacy;
pub mod products;
pub mod programme;
pub mod reason;
pub mod receipts;
pub mod referring;
pub mod refunds;
pub mod stars;
pub mod statements;
pub mod stocking;
pub mod subscriptions;
pub mod tax;
pub mod tickets;
pub mod tree;
pub mod upi;
pub mod verify;
pub mod wallet;
pub mod watch;

use crate::callback::Press;
use crate::reply::{Screen, button};
use crate::texts::{Args, Texts};
use mela_core::orders::{Order, OrderState};
use teloxide::types::InlineKeyboardButton;

/// Rows on a page of a list.
pub const PAGE: usize = 8;

/// A screen of one sentence.
#[must_use]
pub fn sentence(texts: &Texts, key: &str, args: Args<'_>) -> Screen {
    Screen::new(texts.html(key, args))
}

/// A screen of one sentence with the way home.
#[must_use]
pub fn sentence_home(texts: &Texts, key: &str, args: Args<'_>) -> Screen {
    sentence(texts, key, args).row([home(texts)])
}

fn home(texts: &Texts) -> InlineKeyboardButton {
    button(texts.plain("button-home", &[]), &Press::Home)
}

fn back(texts: &Texts, to: &Press) -> InlineKeyboardButton {
    button(texts.plain("button-back", &[]), to)
}

/// `Newer` and `Older` where there is something on that side.
fn pages(texts: &Texts, page: u32, more: bool, at: impl Fn(u32) -> Press) -> Vec<InlineKeyboardButton> {
    let newer = page.checked_sub(1).map(|p| button(texts.plain("button-newer", &[]), &at(p)));
    let older = more.then(|| button(texts.plain("button-older", &[]), &at(page + 1)));
    newer.into_iter().chain(older).collect()
}

/// What an order is of. What fills a wallet is named in the reader's language.
#[must_use]
pub fn title(texts: &Texts, order: &Order) -> String {
    if order.fills_wallet { texts.plain("top-up", &[]) } else { order.title.clone() }
}

/// An order's state in words.
fn order_state(texts: &Texts, order: &Order) -> String {
    match order.state {
        _ if order.is_refunded() => texts.plain("state-refunded", &[]),
        OrderState::AwaitingPayment => texts.plain("state-awaiting", &[("until", &texts.time(order.expires_at))]),
        OrderState::InReview => texts.plain("state-in-review", &[]),
        OrderState::Paid => texts.plain("state-paid", &[]),
        OrderState::AwaitingStock => texts.plain("state-awaiting-stock", &[]),
        OrderState::Delivered => texts.plain("state-delivered", &[("at", &order.delivered_at.map(|at| texts.time(at)).unwrap_or_default())]),
        OrderState::Expired => texts.plain("state-expired", &[]),
        OrderState::Cancelled => texts.plain("state-cancelled", &[]),
        OrderState::Credited => texts.plain("state-credited", &[]),
    }
}

/// An order's state in one word or two.
fn short_state(texts: &Texts, order: &Order) -> String {
    if order.is_refunded() {
        texts.plain("short-refunded", &[])
    } else {
        state_name(texts, order.state)
    }
}

/// A state in one word or two, without its times.
#[must_use]
pub fn state_name(texts: &Texts, state: OrderState) -> String {
    let key = match state {
        OrderState::AwaitingPayment => "short-awaiting",
        OrderState::InReview => "short-in-review",
        OrderState::Paid => "short-paid",
        OrderState::AwaitingStock => "short-awaiting-stock",
        OrderState::Delivered => "short-delivered",
        OrderState::Expired => "short-expired",
        OrderState::Cancelled => "short-cancelled",
        OrderState::Credited => "short-credited",
    };
    texts.plain(key, &[])
}

/// `, @name` behind an id, where there is a name.
fn at_name(username: Option<&String>) -> String {
    username.map(|name| format!(", @{name}")).unwrap_or_default()
}
