//! The payment screen of an order: the UPI card, with everything that is needed to pay without scanning it.

use super::{customer, home, programme, sentence_home, title};
use crate::callback::Press;
use crate::poster::Poster;
use crate::qr;
use crate::reply::{Picture, Screen, button, copy_button};
use crate::texts::Texts;
use chrono::{DateTime, Utc};
use mela_core::money::Rupees;
use mela_core::orders::{Cover, Order};
use mela_core::settings::Settings;
use teloxide::types::InlineKeyboardButton;

/// The most that UPI apps pay by a code out of the gallery.
const MOST_FROM_GALLERY: u32 = 2_000;

/// How an order can be paid beside UPI, and how it was come by.
#[derive(Debug, Clone, Copy)]
pub struct Beside {
    /// It was open already.
    pub again: bool,
    /// At a gateway.
    pub online: bool,
    /// So much of it from the wallet.
    pub wallet: Cover,
    /// In so many Stars.
    pub stars: Option<i32>,
}

impl Beside {
    /// A row for each way.
    fn rows(self, texts: &Texts, order: &Order) -> impl Iterator<Item = InlineKeyboardButton> {
        let code = || order.code.to_string();
        let wallet = match self.wallet {
            Cover::Nothing => None,
            Cover::Part(part) => Some(button(texts.plain("button-part-wallet", &[("amount", &part)]), &Press::SetAside(code()))),
            Cover::All => Some(button(texts.plain("button-pay-wallet", &[("amount", &order.price)]), &Press::PayFromWallet(code()))),
        };
        let stars = self.stars.map(|stars| button(texts.plain("button-pay-stars", &[("stars", &stars)]), &Press::PayStars(code())));
        wallet.into_iter().chain(stars)
    }
}

/// What is to be written beside a payment, so that it is known whose it is: what UPI apps take, without a dash.
#[must_use]
pub fn reference(order: &Order) -> String {
    format!("O{}", order.code)
}

/// Whole minutes until the order ends, begun ones counted.
#[must_use]
pub fn minutes_left(order: &Order, now: DateTime<Utc>) -> u64 {
    (order.expires_at - now).num_seconds().max(0).unsigned_abs().div_ceil(60)
}

/// The page of an order for phones, where the shop is on the web.
#[must_use]
pub fn page(settings: &Settings, order: &Order) -> Option<url::Url> {
    let base = settings.http.public_url.get()?;
    format!("{base}/pay/O-{}", order.code).parse().ok()
}

/// The card of an order; nothing where no UPI id is set. It takes some milliseconds to draw.
#[must_use]
pub fn card(texts: &Texts, settings: &Settings, order: &Order) -> Option<Picture> {
    let upi = &settings.upi;
    if upi.payee.is_empty() {
        return None;
    }
    let name = upi.name(&settings.shop);
    let link = qr::upi_link(&upi.payee, name, order.due(), &order.code);
    let code = format!("O-{}", order.code);
    let (amount, hint) = (order.due().to_string(), texts.plain("paying-scan", &[]));
    let poster = Poster {
        shop: settings.shop.name.as_str(),
        color: settings.shop.color,
        headline: &amount,
        hint: &hint,
        below: &[&upi.payee, &code],
        code: &link,
    };
    // A link too long for a code cannot come from checked settings; the words suffice to pay all the same.
    poster.png().ok().map(Picture::Png)
}

/// The payment screen of an order.
#[must_use]
pub fn payment(texts: &Texts, settings: &Settings, order: &Order, now: DateTime<Utc>, beside: Beside, card: Option<Picture>) -> Screen {
    let payee = &settings.upi.payee;
    let ways: Vec<_> = beside.rows(texts, order).collect();
    if payee.is_empty() && !beside.online && ways.is_empty() {
        return sentence_home(texts, "payment-no-payee", &[]);
    }
    if payee.is_empty() {
        let mut screen = super::online::payment(texts, order, now);
        screen.buttons.splice(0..0, ways.into_iter().map(|way| vec![way]));
        return screen;
    }
    let (code, until) = (format!("O-{}", order.code), texts.time(order.expires_at));
    let (due, left) = (order.due(), texts.plain("payment-left", &[("minutes", &minutes_left(order, now))]));
    let args: crate::texts::Args<'_> = &[
        ("amount", &due),
        ("order", &code),
        ("title", &title(texts, order)),
        ("payee", payee),
        ("payee-name", &settings.upi.name(&settings.shop)),
        ("left", &left),
        ("until", &until),
    ];
    let mut lines = vec![texts.html("payment", args)];
    lines.extend(customer::part_set_aside(texts, order, "payment-part").map(|line| line.trim_start().to_owned()));
    lines.extend(programme::gift(texts, order.friend_off));
    if settings.upi.unique_amount {
        lines.push(texts.html("paying-exactly", &[("amount", &due)]));
    }
    if due > Rupees::whole(MOST_FROM_GALLERY) {
        lines.push(texts.html("paying-gallery", &[("most", &Rupees::whole(MOST_FROM_GALLERY))]));
    }
    if beside.again {
        lines.insert(0, texts.html("payment-again", &[]));
    }
    let number = order.code.to_string();
    let on_this_phone = page(settings, order).map(|page| InlineKeyboardButton::url(texts.plain("button-open-upi", &[]), page));
    let screen = Screen::new(lines.join("\n\n"))
        .row([button(texts.plain("button-paid", &[]), &Press::Paid(number.clone()))])
        .row(on_this_phone);
    let screen = ways
        .into_iter()
        .fold(screen, |screen, way| screen.row([way]))
        .row([
            copy_button(texts.plain("button-copy-upi", &[]), payee.clone()),
            copy_button(texts.plain("button-copy-amount", &[]), due.plain()),
        ])
        .row([copy_button(texts.plain("button-copy-reference", &[]), reference(order))])
        .row([button(texts.plain("button-cancel-order", &[]), &Press::CancelOrder(number)), home(texts)]);
    match card {
        Some(card) => screen.picture(card),
        None => screen,
    }
}
