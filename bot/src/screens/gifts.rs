//! Gifts, as whoever opens one and whoever bought one see them.

use super::home;
use crate::callback::Press;
use crate::reply::{Screen, button};
use crate::texts::Texts;
use mela_core::orders::Order;
use mela_core::users::User;
use teloxide::types::InlineKeyboardButton;

/// A gift is opened.
#[must_use]
pub fn opened(texts: &Texts, gift: &Order, giver: &User) -> Screen {
    Screen::new(texts.html("gift", &[("name", &giver.name), ("title", &gift.title)]))
        .row([button(texts.plain("button-subscriptions", &[]), &Press::Subscriptions(0))])
        .row([home(texts)])
}

/// The buyer's order with the link to pass on, while nobody opened it; none: somebody did.
#[must_use]
pub fn with_link(texts: &Texts, mut shown: Screen, link: Option<&String>) -> Screen {
    let words = match link {
        Some(link) => texts.html("gift-link", &[("link", link)]),
        None => texts.html("gift-is-opened", &[]),
    };
    shown.text = format!("{}\n\n{words}", shown.text);
    let share =
        |link: &String| url::Url::parse_with_params("https://t.me/share/url", [("url", link.as_str()), ("text", &texts.plain("gift-share", &[]))]);
    if let Some(Ok(share)) = link.map(share) {
        shown.buttons.insert(0, vec![InlineKeyboardButton::url(texts.plain("button-share", &[]), share)]);
    }
    shown
}
