//! Paying at a gateway, beside the UPI code or instead of it.

use super::home;
use crate::callback::Press;
use crate::reply::{Screen, button};
use crate::texts::{Args, Texts};
use chrono::{DateTime, Utc};
use mela_core::gateways::{Charge, Which};
use mela_core::orders::Order;
use teloxide::types::InlineKeyboardButton;
use url::Url;

/// The payment screen of an order where gateways are the only way.
#[must_use]
pub fn payment(texts: &Texts, order: &Order, now: DateTime<Utc>) -> Screen {
    let minutes = (order.expires_at - now).num_seconds().max(0).unsigned_abs().div_ceil(60);
    let args: Args<'_> = &[
        ("amount", &order.due()),
        ("order", &format!("O-{}", order.code)),
        ("title", &order.title),
        ("left", &texts.plain("payment-left", &[("minutes", &minutes)])),
        ("until", &texts.time(order.expires_at)),
    ];
    Screen::new(texts.html("payment-online", args))
        .row([button(texts.plain("button-cancel-order", &[]), &Press::CancelOrder(order.code.to_string())), home(texts)])
}

/// The same screen with the gateways' buttons first: what was made is opened, what was not is made on the press.
#[must_use]
pub fn offered(texts: &Texts, mut screen: Screen, order: &Order, on: &[Which], made: &[Charge]) -> Screen {
    let buttons = on.iter().map(|&which| {
        let url = made.iter().find(|charge| charge.gateway == which).and_then(|charge| charge.url.as_ref()?.parse::<Url>().ok());
        let caption = |one, of_many| {
            if on.len() == 1 {
                texts.plain(one, &[])
            } else {
                texts.plain(of_many, &[("gateway", &which.title())])
            }
        };
        vec![match url {
            Some(url) => InlineKeyboardButton::url(caption("button-open-payment", "button-open-payment-by"), url),
            None => {
                let press = Press::PayOnline(order.code.to_string(), which.name().to_owned());
                button(caption("button-pay-online", "button-pay-online-by"), &press)
            }
        }]
    });
    screen.buttons = buttons.chain(std::mem::take(&mut screen.buttons)).collect();
    screen.text = format!("{}\n\n{}", screen.text, texts.html("payment-online-confirms", &[]));
    screen
}
