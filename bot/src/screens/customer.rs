//! Home, plans, orders, payment.

use super::{PAGE, back, home, notifications, order_state, pages, programme, refunds, short_state, title};
use crate::callback::Press;
use crate::reply::{Picture, Screen, button};
use crate::texts::Texts;
use mela_core::catalog::{Offer, Plan};
use mela_core::money::Rupees;
use mela_core::orders::{self, Item, Order, OrderState};
use mela_core::refunds::Refund;
use mela_core::settings::Settings;
use mela_core::users::Invitation;

/// Home, with a word on the invitation that came along, and the number of notices that were not looked at. `plain`: all sales earn the same percent.
#[must_use]
pub fn start(texts: &Texts, settings: &Settings, name: &str, invitation: &Invitation, unread: i64, plain: bool) -> Screen {
    let level1 = settings.commissions.level1_percent;
    let earn = texts.html(if plain { "home-earn" } else { "home-earn-rules" }, &[("level1", &level1)]);
    let mut text = format!("{}\n{earn}", texts.html("home", &[("shop", &settings.shop.name.as_str()), ("name", &name)]));
    if let Some(word) = invited(texts, invitation) {
        text = format!("{text}\n\n{word}");
    }
    let caption = |key| texts.plain(key, &[]);
    Screen::new(text)
        .row([button(caption("button-plans"), &Press::Plans), button(caption("button-orders"), &Press::Orders(0))])
        .row([button(caption("button-wallet"), &Press::Wallet), button(caption("button-refer"), &Press::Refer)])
        .row([notifications::open(texts, unread), button(caption("button-help"), &Press::Help)])
}

/// A word on the invitation that came along.
#[must_use]
pub fn invited(texts: &Texts, invitation: &Invitation) -> Option<String> {
    match invitation {
        Invitation::None => None,
        Invitation::Bound(referrer) => Some(texts.html("home-invited", &[("referrer", &referrer.name)])),
        Invitation::UnknownCode => Some(texts.html("home-unknown-code", &[])),
        Invitation::OwnCode => Some(texts.html("home-own-code", &[])),
        Invitation::AlreadyKnown => Some(texts.html("home-already-known", &[])),
    }
}

/// Help; `bot` is its name where it can be asked in any chat.
#[must_use]
pub fn help(texts: &Texts, bot: Option<&str>) -> Screen {
    let mut text = texts.html("help", &[]);
    if let Some(bot) = bot {
        text = format!("{text}\n\n{}", texts.html("help-inline", &[("bot", &bot)]));
    }
    Screen::new(text).row([button(texts.plain("button-language", &[]), &Press::Language), home(texts)])
}

/// What is for sale.
#[must_use]
pub fn plans(texts: &Texts, plans: &[Plan]) -> Screen {
    let screen = Screen::new(texts.html(if plans.is_empty() { "plans-empty" } else { "plans" }, &[]));
    plans
        .iter()
        .fold(screen, |screen, plan| screen.row([button(format!("{} · {}", plan.title, plan.price), &Press::Plan(plan.code.clone()))]))
        .row([home(texts)])
}

/// One plan in words; those of a plan with a picture fit in a caption, with a sentence more.
#[must_use]
pub fn plan_words(texts: &Texts, plan: &Plan, offer: &Offer, in_stock: bool) -> String {
    let with = |description: &str| {
        let args: crate::texts::Args<'_> = &[
            ("title", &plan.title),
            ("description", &description),
            ("price", &offer.price),
            ("days", &plan.period_days),
            ("screens", &plan.screens),
        ];
        let stock = if in_stock { "plan-in-stock" } else { "plan-out-of-stock" };
        let until = offer.until.filter(|_| offer.price < plan.price);
        let until = until.map(|until| texts.html("plan-price-until", &[("until", &texts.time(until)), ("price", &plan.price)]));
        let tiers = offer.tiers.iter().map(|(least, price)| texts.html("plan-price-line", &[("least", least), ("price", price)]));
        let lines = std::iter::once(texts.html("plan", args)).chain(until).chain(tiers);
        lines.chain([texts.html(stock, &[])]).collect::<Vec<_>>().join("\n")
    };
    if plan.picture.is_none() {
        return with(&plan.description);
    }
    // Tags are counted along: a little less room than there is.
    with(&cut(&plan.description, CAPTION.saturating_sub(with("").encode_utf16().count() + BESIDES)))
}

/// Characters of a caption, as Telegram bears them.
const CAPTION: usize = 1_024;
/// Of these, what is kept for a sentence that stands beside a plan.
const BESIDES: usize = 200;

/// A text in so much room, with … where it ends too early.
fn cut(text: &str, room: usize) -> String {
    if text.encode_utf16().count() <= room {
        return text.to_owned();
    }
    let mut left = room.saturating_sub(1);
    let kept: String = text
        .chars()
        .take_while(|c| {
            let fits = c.len_utf16() <= left;
            left = left.saturating_sub(c.len_utf16());
            fits
        })
        .collect();
    format!("{}…", kept.trim_end())
}

/// The same screen with the plan's picture, if it has one.
#[must_use]
pub fn with_picture(screen: Screen, plan: &Plan) -> Screen {
    match &plan.picture {
        Some(id) => screen.picture(Picture::FileId(id.clone())).replacing_picture(),
        None => screen,
    }
}

/// One plan, and the way back to where it was found; out of stock it cannot be bought. `gift`: what a friend's gift takes off it.
#[must_use]
pub fn plan(texts: &Texts, plan: &Plan, offer: &Offer, in_stock: bool, gift: Rupees, found_at: &Press) -> Screen {
    let words = std::iter::once(plan_words(texts, plan, offer, in_stock)).chain(programme::gift_beside(texts, gift, offer.price));
    let screen = with_picture(Screen::new(words.collect::<Vec<_>>().join("\n")), plan);
    let screen = if in_stock {
        let price = offer.price - gift;
        screen.row([button(texts.plain("button-buy", &[("price", &price)]), &Press::Buy(plan.code.clone()))]).row([
            button(texts.plain("button-add-to-cart", &[]), &Press::AddToCart(plan.code.clone())),
            button(texts.plain("button-cart", &[]), &Press::Cart),
        ])
    } else {
        screen
    };
    screen.row([back(texts, found_at)])
}

/// A line on what the wallet pays of an order and what is paid otherwise, where both do.
pub(super) fn part_set_aside(texts: &Texts, order: &Order, key: &str) -> Option<String> {
    let part = order.wallet_part().filter(|_| order.reserved_at.is_some())?;
    Some(format!("\n{}", texts.html(key, &[("part", &part.total()), ("price", &order.price), ("rest", &order.due())])))
}

/// Asks for the proof of an order's payment.
#[must_use]
pub fn ask_proof(texts: &Texts, order: &Order) -> Screen {
    Screen::new(texts.html("payment-ask", &[("order", &format!("O-{}", order.code)), ("amount", &order.due())]))
        .row([back(texts, &Press::Pay(order.code.to_string()))])
        // The QR stays in sight while the reference is looked up.
        .keeping_picture()
}

/// Asks which of several orders a proof is for.
#[must_use]
pub fn which_order(texts: &Texts, orders: &[Order]) -> Screen {
    let screen = Screen::new(texts.html("proof-which", &[]));
    orders
        .iter()
        .fold(screen, |screen, order| {
            screen.row([button(
                format!("O-{} · {} · {}", order.code, title(texts, order), order.due()),
                &Press::ProofFor(order.code.to_string()),
            )])
        })
        .row([home(texts)])
}

/// A page of a person's orders; one more than fits tells that there are older ones.
#[must_use]
pub fn orders(texts: &Texts, found: &[Order], page: u32) -> Screen {
    let screen = Screen::new(texts.html(if found.is_empty() && page == 0 { "orders-empty" } else { "orders" }, &[]));
    let screen = found.iter().take(PAGE).fold(screen, |screen, order| {
        let state = short_state(texts, order);
        let caption = texts.plain("button-order", &[("order", &format!("O-{}", order.code)), ("title", &title(texts, order)), ("state", &state)]);
        screen.row([button(caption, &Press::Order(order.code.to_string()))])
    });
    let turn = pages(texts, page, found.len() > PAGE, Press::Orders);
    let screen = screen.row(turn);
    screen.row([button(texts.plain("button-subscriptions", &[]), &Press::Subscriptions(0))]).row([home(texts)])
}

/// One order, with what was given back of it and what can be done about it. `from_stock`: there is a credential to be shown.
#[must_use]
pub fn order(texts: &Texts, order: &Order, items: &[Item], given_back: &[Refund], from_stock: bool) -> Screen {
    let args: crate::texts::Args<'_> = &[
        ("order", &format!("O-{}", order.code)),
        ("title", &title(texts, order)),
        ("price", &order.price),
        ("state", &order_state(texts, order)),
        ("placed", &texts.time(order.placed_at)),
    ];
    let mut text = texts.html("order", args);
    if items.len() > 1 {
        let rows = orders::rows(items);
        let row = |row: &orders::Row| texts.html("order-items", &[("quantity", &row.quantity), ("title", &row.title), ("total", &row.total)]);
        text = std::iter::once(text).chain(rows.iter().map(row)).collect::<Vec<_>>().join("\n");
    }
    let discount = order.discount - order.friend_off;
    if discount.is_positive() {
        text = format!("{text}\n{}", texts.html("order-discount", &[("off", &discount)]));
    }
    if let Some(gift) = programme::gift(texts, order.friend_off) {
        text = format!("{text}\n{gift}");
    }
    text.extend(part_set_aside(texts, order, "order-part"));
    let screen = Screen::new(refunds::listed(texts, text, given_back));
    let code = order.code.to_string();
    let screen = match order.state {
        OrderState::AwaitingPayment => screen
            .row([
                button(texts.plain("button-paid", &[]), &Press::Paid(code.clone())),
                button(texts.plain("button-pay", &[]), &Press::Pay(code.clone())),
            ])
            .row([button(texts.plain("button-cancel-order", &[]), &Press::CancelOrder(code))]),
        OrderState::Expired | OrderState::Cancelled => screen.row([button(texts.plain("button-paid", &[]), &Press::Paid(code))]),
        OrderState::Paid | OrderState::AwaitingStock | OrderState::Delivered
            if from_stock && order.holder() == Some(order.buyer()) && !order.is_refunded() =>
        {
            screen.row([button(texts.plain("button-credentials", &[]), &Press::Credentials(code))])
        }
        OrderState::InReview | OrderState::Paid | OrderState::AwaitingStock | OrderState::Delivered | OrderState::Credited => screen,
    };
    let screen = if order.paid_at.is_some() {
        screen.row([button(texts.plain("button-receipt", &[]), &Press::Receipt(order.code.to_string()))])
    } else {
        screen
    };
    screen.row([back(texts, &Press::Orders(0))])
}

/// After an order was cancelled.
#[must_use]
pub fn cancelled(texts: &Texts, order: &Order) -> Screen {
    Screen::new(texts.html("order-cancelled", &[("order", &format!("O-{}", order.code))]))
        .row([button(texts.plain("button-paid", &[]), &Press::Paid(order.code.to_string())), home(texts)])
}
