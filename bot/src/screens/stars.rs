//! Telegram Stars: the invoice, and what Telegram wants every bot that sells for them to say.

use super::{home, sentence};
use crate::reply::{Invoice, Screen};
use crate::texts::Texts;
use mela_core::orders::Order;
use mela_core::settings::Settings;
use mela_core::stars::No;

/// What Telegram takes: characters of an invoice's title and description.
const TITLE: usize = 32;
const DESCRIPTION: usize = 255;

fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most - 1).collect();
    format!("{}…", kept.trim_end())
}

/// The invoice of an order.
#[must_use]
pub fn invoice(texts: &Texts, order: &Order, stars: i32) -> Invoice {
    let code = format!("O-{}", order.code);
    let description = texts.plain("stars-description", &[("order", &code), ("title", &order.title)]);
    Invoice {
        title: cut(&order.title, TITLE),
        description: cut(&description, DESCRIPTION),
        payload: order.code.to_string(),
        stars,
    }
}

/// Why an invoice cannot be paid, as Telegram shows it to who tried.
#[must_use]
pub fn refused(texts: &Texts, no: No) -> String {
    let key = match no {
        No::Unknown => "stars-no-unknown",
        No::NotYours => "stars-no-not-yours",
        No::Paid => "stars-no-paid",
        No::InReview => "stars-no-in-review",
        No::Over => "stars-no-over",
        No::Changed => "stars-no-changed",
    };
    texts.plain(key, &[])
}

/// `/paysupport`: whom to ask about a payment.
#[must_use]
pub fn pay_support(texts: &Texts, settings: &Settings) -> Screen {
    let contact = settings.shop.support.as_str();
    let key = if contact.is_empty() { "paysupport-none" } else { "paysupport" };
    sentence(texts, key, &[("contact", &contact)]).row([home(texts)])
}

/// `/terms`.
#[must_use]
pub fn terms(texts: &Texts, settings: &Settings) -> Screen {
    let shop = settings.shop.name.as_str();
    let own = settings.shop.refund_terms.trim();
    let refunds = if own.is_empty() { texts.plain("terms-refunds", &[]) } else { own.to_owned() };
    let mut lines = vec![texts.html("terms", &[("shop", &shop), ("refunds", &refunds)])];
    lines.extend(settings.shop.terms_url.get().map(|url| texts.html("terms-more", &[("url", &url)])));
    Screen::new(lines.join("\n")).row([home(texts)])
}
