//! Refunds: the questions that staff answer before one is made, its card, and how it is listed with its order.

use super::cards::reasons;
use super::{at_name, back, reason, sentence};
use crate::callback::Press;
use crate::reply::{Screen, button};
use crate::texts::{Args, Texts};
use mela_core::money::Rupees;
use mela_core::orders::Order;
use mela_core::refunds::{self, Draft, Parts, Refund, Reversal};
use mela_core::users::User;
use mela_core::withdrawals::vpa::Vpa;

/// Reasons for which an order is refunded at a press: keys of what the customer is told.
pub const REFUND_REASONS: [&str; 3] = ["reason-not-working", "reason-not-delivered", "reason-mistake"];
/// Reasons for which a refund could not be sent, at a press.
pub const UNSENT_REASONS: [&str; 2] = ["reason-vpa", "reason-bank"];

/// Where the parts of a refund go, in words.
#[must_use]
pub fn destination(texts: &Texts, parts: &Parts, vpa: &str) -> String {
    let ways = [
        ("refund-to-upi", parts.upi),
        ("refund-to-gateway", parts.gateway),
        ("refund-to-credit", parts.credit),
        ("refund-to-earned", parts.earned),
    ];
    let said = ways.into_iter().filter(|(_, amount)| amount.is_positive());
    said.map(|(key, amount)| texts.plain(key, &[("amount", &amount), ("vpa", &vpa)])).collect::<Vec<_>>().join(", ")
}

/// A text with a line for each refund of its order: how much, where to, and where that stands.
#[must_use]
pub fn listed(texts: &Texts, text: String, refunds: &[Refund]) -> String {
    let lines = refunds.iter().map(|refund| {
        let to = destination(texts, &refund.parts(), refund.vpa.as_deref().unwrap_or_default());
        let (utr, failure) = (refund.payout_utr.clone().unwrap_or_default(), reason::told(texts, refund.failure.as_deref().unwrap_or_default()));
        let state = match refund.gateway_state.as_deref().unwrap_or(&refund.state) {
            "to_send" | "sent" if refund.gateway_state.is_some() => texts.plain("refund-state-returning", &[]),
            "processed" => texts.plain("refund-state-returned", &[]),
            "failed" if refund.gateway_state.is_some() => texts.plain("refund-state-not-returned", &[]),
            "to_send" => texts.plain("refund-state-to-send", &[]),
            "sent" => texts.plain("refund-state-sent", &[("utr", &utr)]),
            "failed" => texts.plain("refund-state-failed", &[("reason", &failure)]),
            _ => texts.plain("refund-state-done", &[]),
        };
        let code = format!("R-{}", refund.code);
        texts.html("refund-line", &[("refund", &code), ("amount", &refund.amount), ("to", &to), ("state", &state)])
    });
    std::iter::once(text).chain(lines).collect::<Vec<_>>().join("\n")
}

/// What is about to be given back: a draft, with what it is about.
#[derive(Debug)]
pub struct Sheet {
    /// The draft.
    pub draft: Draft,
    /// The order.
    pub order: Order,
    /// Who bought.
    pub buyer: User,
}

impl Sheet {
    fn code(&self) -> String {
        format!("O-{}", self.order.code)
    }

    /// What of it came from outside.
    #[must_use]
    pub fn outside(&self) -> Rupees {
        refunds::outside(&self.order, self.draft.amount)
    }
}

/// The order, how it was paid, what was given back before, what is left of it.
#[must_use]
pub fn begin(texts: &Texts, sheet: &Sheet, before: &[Refund]) -> Screen {
    let Sheet { draft, order, buyer } = sheet;
    let wallet = order.price - order.due();
    let args: Args<'_> = &[
        ("order", &sheet.code()),
        ("title", &order.title),
        ("customer", &buyer.name),
        ("customer-id", &buyer.telegram_id),
        ("username", &at_name(buyer.username.as_ref())),
        ("price", &order.price),
        ("outside", &order.due()),
        ("wallet", &wallet),
        ("refunded", &order.refunded),
        ("left", &order.left()),
    ];
    Screen::new(listed(texts, texts.html("refund-begin", args), before))
        .row([
            button(texts.plain("button-refund-all", &[("amount", &draft.amount)]), &Press::RefundWhere(draft.id)),
            button(texts.plain("button-refund-part", &[]), &Press::RefundPart(draft.id)),
        ])
        .row([button(texts.plain("button-drop", &[]), &Press::RefundDrop(draft.id))])
}

/// Asks for the amount.
#[must_use]
pub fn ask_amount(texts: &Texts, sheet: &Sheet, name: &str) -> Screen {
    sentence(texts, "refund-ask-amount", &[("name", &name), ("order", &sheet.code()), ("left", &sheet.order.left())])
        .row([back(texts, &Press::RefundBegin(sheet.draft.id))])
}

/// Asks where the part goes that came from outside; what a gateway took goes back through it, without a question for a UPI id.
#[must_use]
pub fn destinations(texts: &Texts, sheet: &Sheet, by_gateway: bool) -> Screen {
    let id = sheet.draft.id;
    let wallet = button(texts.plain("button-refund-wallet", &[]), &Press::RefundToWallet(id));
    let outside = if by_gateway {
        button(texts.plain("button-refund-back", &[]), &Press::RefundBack(id))
    } else {
        button(texts.plain("button-refund-upi", &[]), &Press::RefundByUpi(id))
    };
    let args: Args<'_> = &[("amount", &sheet.draft.amount), ("order", &sheet.code()), ("outside", &sheet.outside())];
    sentence(texts, "refund-where", args).row([wallet, outside]).row([back(texts, &Press::RefundBegin(id))])
}

/// Asks for the UPI id; offers the last one, with the draft that has it.
#[must_use]
pub fn ask_vpa(texts: &Texts, sheet: &Sheet, name: &str, offered: Option<(&Vpa, &Draft)>) -> Screen {
    let screen = sentence(texts, "refund-ask-vpa", &[("name", &name), ("outside", &sheet.outside()), ("order", &sheet.code())]);
    let screen = match offered {
        Some((vpa, draft)) => screen.row([button(texts.plain("button-vpa", &[("vpa", vpa)]), &Press::RefundWhy(draft.id))]),
        None => screen,
    };
    screen.row([back(texts, &Press::RefundWhere(sheet.draft.id))])
}

/// Asks why.
#[must_use]
pub fn why(texts: &Texts, sheet: &Sheet, to: &str) -> Screen {
    let id = sheet.draft.id;
    let screen = sentence(texts, "refund-why", &[("amount", &sheet.draft.amount), ("order", &sheet.code()), ("to", &to)]);
    let before = if sheet.outside().is_positive() { Press::RefundWhere(id) } else { Press::RefundBegin(id) };
    reasons(texts, screen, &REFUND_REASONS, |reason| Press::RefundFor(id, reason))
        .row([button(texts.plain("button-other", &[]), &Press::RefundOther(id)), back(texts, &before)])
}

/// The whole of it, to be confirmed.
#[must_use]
pub fn confirm(texts: &Texts, sheet: &Sheet, to: &str, reason: &str) -> Screen {
    let Sheet { draft, order, buyer } = sheet;
    let args: Args<'_> = &[
        ("amount", &draft.amount),
        ("order", &sheet.code()),
        ("title", &order.title),
        ("customer", &buyer.name),
        ("customer-id", &buyer.telegram_id),
        ("username", &at_name(buyer.username.as_ref())),
        ("to", &to),
        ("reason", &reason::told(texts, reason)),
    ];
    let mut text = texts.html("refund-confirm", args);
    if draft.amount == order.left() {
        text = format!("{text}\n{}", texts.html("refund-confirm-whole", &[]));
    }
    Screen::new(text)
        .row([
            button(texts.plain("button-refund-confirm", &[]), &Press::RefundConfirm(draft.id)),
            button(texts.plain("button-drop", &[]), &Press::RefundDrop(draft.id)),
        ])
        .row([back(texts, &Press::RefundWhy(draft.id))])
}

/// What a refund's card shows.
#[derive(Debug)]
pub struct RefundCard {
    /// The refund.
    pub refund: Refund,
    /// Its order.
    pub order: Order,
    /// To whom it goes.
    pub buyer: User,
    /// What it took back from the referrers.
    pub reversals: Vec<Reversal>,
}

/// A refund that was made, and whether it was sent. `choosing` swaps the buttons for the reasons why it could not be.
#[must_use]
pub fn card(texts: &Texts, card: &RefundCard, choosing: bool) -> Screen {
    let RefundCard { refund, order, buyer, reversals } = card;
    let vpa = refund.vpa.clone().unwrap_or_default();
    let mut lines = vec![texts.html(
        "refund-card",
        &[
            ("refund", &format!("R-{}", refund.code)),
            ("order", &format!("O-{}", order.code)),
            ("title", &order.title),
            ("customer", &buyer.name),
            ("customer-id", &buyer.telegram_id),
            ("username", &at_name(buyer.username.as_ref())),
            ("amount", &refund.amount),
            ("to", &destination(texts, &refund.parts(), &vpa)),
            ("reason", &reason::told(texts, &refund.reason)),
        ],
    )];
    lines.extend(reversals.iter().map(|r| {
        texts.html(
            "refund-card-reversal",
            &[("amount", &r.amount), ("name", &r.name), ("telegram-id", &r.telegram_id), ("level", &r.level)],
        )
    }));
    lines.push(texts.html("refund-card-made", &[("by", &refund.made_by_name), ("at", &texts.time(refund.made_at))]));
    let by = refund.settled_by_name.clone().unwrap_or_default();
    let at = refund.settled_at.map(|at| texts.time(at)).unwrap_or_default();
    let (utr, failure) = (refund.payout_utr.clone().unwrap_or_default(), reason::told(texts, refund.failure.as_deref().unwrap_or_default()));
    let settlement: Args<'_> = &[("by", &by), ("at", &at), ("utr", &utr), ("reason", &failure), ("amount", &refund.to_upi)];
    match refund.state.as_str() {
        "to_send" => lines.push(texts.html("refund-card-to-send", &[("amount", &refund.to_upi), ("vpa", &vpa)])),
        "sent" => lines.push(texts.html("refund-card-sent", settlement)),
        "failed" => lines.push(texts.html("refund-card-failed", settlement)),
        _ => {}
    }
    if let Some(state) = &refund.gateway_state {
        lines.extend(through_gateway(texts, refund, state));
    }
    let screen = Screen::new(lines.join("\n"));
    let caption = |key| texts.plain(key, &[]);
    if !refund.is_to_send() {
        return screen;
    }
    if choosing {
        return reasons(texts, screen, &UNSENT_REASONS, |reason| Press::RefundNotSentFor(refund.id, reason))
            .row([button(caption("button-other"), &Press::RefundNotSentOther(refund.id)), back(texts, &Press::RefundCard(refund.id))]);
    }
    screen.row([
        button(caption("button-mark-paid"), &Press::RefundSent(refund.id)),
        button(caption("button-could-not-pay"), &Press::RefundNotSent(refund.id)),
    ])
}

/// How far the part is that goes back through a gateway.
fn through_gateway(texts: &Texts, refund: &Refund, state: &str) -> Vec<String> {
    let trouble = refund.gateway_error.clone().unwrap_or_default();
    let args: Args<'_> = &[("amount", &refund.to_gateway), ("reason", &trouble)];
    let key = match state {
        "to_send" => "refund-card-returning",
        "sent" => "refund-card-sent-back",
        "processed" => "refund-card-returned",
        _ => "refund-card-not-returned",
    };
    let tried = (matches!(state, "to_send" | "sent") && !trouble.is_empty()).then(|| texts.html("refund-card-trouble", args));
    std::iter::once(texts.html(key, args)).chain(tried).collect()
}
