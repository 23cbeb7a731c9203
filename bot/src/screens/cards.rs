//! The cards of the admin chat: always drawn from what the database says now, so that drawing one again changes nothing.

use super::fraud::Risk;
use super::{at_name, reason, title};
use crate::callback::Press;
use crate::reply::{Picture, Screen, button};
use crate::texts::Texts;
use mela_core::credits::BankCredit;
use mela_core::evidence::Evidence;
use mela_core::gateways::transfer;
use mela_core::money::Rupees;
use mela_core::orders::{Order, OrderState};
use mela_core::payments::{Method, Payment, PaymentState};
use mela_core::refunds::Refund;
use mela_core::users::User;
use mela_core::verification::Verification;
use mela_core::withdrawals::{Background, Withdrawal, WithdrawalState};

/// Reasons for which a payment is rejected at a press: keys of what the customer is told.
pub const PAYMENT_REASONS: [&str; 4] = ["reason-not-received", "reason-amount", "reason-unreadable", "reason-reused"];
/// Reasons for which a withdrawal is rejected, or could not be paid, at a press.
pub const WITHDRAWAL_REASONS: [&str; 3] = ["reason-vpa", "reason-fraud", "reason-bank"];

/// What a payment's card shows.
#[derive(Debug)]
pub struct PaymentCard {
    /// The payment.
    pub payment: Payment,
    /// Its order.
    pub order: Order,
    /// The buyer.
    pub buyer: User,
    /// Who brought the buyer.
    pub referrer: Option<User>,
    /// What is known about its proof.
    pub evidence: Evidence,
    /// What was given back of the order.
    pub refunds: Vec<Refund>,
    /// Its money, seen at the bank.
    pub seen: Option<BankCredit>,
    /// Whether that would be seen, had it come.
    pub looked_for: bool,
}

/// What a withdrawal's card shows.
#[derive(Debug)]
pub struct WithdrawalCard {
    /// The withdrawal.
    pub withdrawal: Withdrawal,
    /// Whose it is.
    pub owner: User,
    /// What staff should know beside it.
    pub background: Background,
    /// What the owner owes the shop.
    pub owed: Rupees,
    /// What is known against the owner.
    pub risk: Risk,
    /// When the owner verified.
    pub verified: Option<Verification>,
    /// Whether they could have.
    pub can_verify: bool,
    /// How it goes through a gateway, if it does.
    pub transfer: Option<transfer::Row>,
    /// Whether a gateway pays out.
    pub by_gateway: bool,
    /// Whether nobody is there to be the second who approves.
    pub alone: bool,
}

/// A payment to check, or what became of it. `choosing` swaps the buttons for the reasons.
#[must_use]
pub fn payment(texts: &Texts, card: &PaymentCard, choosing: bool) -> Screen {
    let PaymentCard { payment, order, buyer, referrer, evidence, refunds, seen, looked_for } = card;
    let from_wallet = payment.method == Method::Wallet;
    let without_utr = match (payment.method, payment.credit_id) {
        (Method::Wallet, _) => "payment-card-wallet",
        (Method::Stars, _) => "payment-card-stars",
        (_, Some(_)) if payment.photo_file_id.is_none() => "payment-card-credit",
        _ => "payment-card-photo",
    };
    let utr = payment.utr.clone().unwrap_or_else(|| texts.plain(without_utr, &[]));
    let mut lines = vec![texts.html(
        "payment-card",
        &[
            ("order", &format!("O-{}", order.code)),
            ("title", &title(texts, order)),
            ("customer", &buyer.name),
            ("customer-id", &buyer.telegram_id),
            ("username", &at_name(buyer.username.as_ref())),
            ("amount", &payment.amount),
            ("utr", &utr),
            ("at", &texts.time(payment.submitted_at)),
        ],
    )];
    if let Some(referrer) = referrer {
        lines.push(texts.html("payment-card-referrers", &[("level1", &referrer.name)]));
    }
    if order.gift_code.is_some() {
        lines.push(texts.html(if order.recipient_id.is_some() { "payment-card-gift" } else { "payment-card-gift-unopened" }, &[]));
    }
    if order.fills_wallet {
        lines.push(texts.html("payment-card-top-up", &[]));
    }
    if let Some(part) = order.wallet_part().filter(|_| order.reserved_at.is_some()) {
        lines.push(texts.html("payment-card-part", &[("part", &part.total()), ("price", &order.price)]));
    }
    if order.renews.is_some() {
        lines.push(texts.html("payment-card-renewal", &[]));
    }
    lines.extend(super::evidence::lines(texts, payment, evidence));
    match seen {
        Some(credit) => lines.push(super::credits::seen_line(texts, credit)),
        None if *looked_for && payment.state != PaymentState::Rejected => lines.push(texts.html("payment-card-not-seen", &[])),
        None => {}
    }
    let by = payment.decided_by_name.clone().unwrap_or_default();
    let at = payment.decided_at.map(|at| texts.time(at)).unwrap_or_default();
    let decision: crate::texts::Args<'_> =
        &[("by", &by), ("at", &at), ("reason", &reason::told(texts, payment.reason.as_deref().unwrap_or_default()))];
    match payment.state {
        PaymentState::Submitted => {}
        PaymentState::Rejected => lines.push(texts.html("payment-card-rejected", decision)),
        PaymentState::Confirmed => {
            lines.push(texts.html(if from_wallet { "payment-card-paid-wallet" } else { "payment-card-approved" }, decision));
            match order.delivered_at {
                Some(at) => lines.push(texts.html("payment-card-delivered", &[("at", &texts.time(at))])),
                None if order.fills_wallet => lines.push(texts.html("payment-card-filled", &[])),
                None if order.is_refunded() => {}
                None if order.state == OrderState::AwaitingStock => lines.push(texts.html("payment-card-out-of-stock", &[])),
                None => lines.push(texts.html("payment-card-to-deliver", &[])),
            }
            lines.extend(refunds.iter().map(|refund| {
                let code = format!("R-{}", refund.code);
                let args: crate::texts::Args<'_> =
                    &[("refund", &code), ("amount", &refund.amount), ("by", &refund.made_by_name), ("at", &texts.time(refund.made_at))];
                texts.html("payment-card-refunded", args)
            }));
        }
    }
    let screen = Screen::new(lines.join("\n"));
    let screen = match payment.photo() {
        Some(id) => screen.picture(Picture::FileId(id.to_owned())),
        None => screen,
    };
    let caption = |key| texts.plain(key, &[]);
    match payment.state {
        PaymentState::Submitted if choosing => {
            let screen = reasons(texts, screen, &PAYMENT_REASONS, |reason| Press::RejectPaymentFor(payment.id, reason));
            screen.row([
                button(caption("button-other"), &Press::RejectPaymentOther(payment.id)),
                button(caption("button-back"), &Press::PaymentCard(payment.id)),
            ])
        }
        PaymentState::Submitted => screen.row([
            button(caption("button-approve"), &Press::ApprovePayment(payment.id)),
            button(caption("button-reject"), &Press::RejectPayment(payment.id)),
        ]),
        PaymentState::Confirmed
            if matches!(order.state, OrderState::Paid | OrderState::AwaitingStock) && order.holder().is_some() && !order.is_refunded() =>
        {
            screen.row([button(caption("button-deliver"), &Press::Deliver(order.id))])
        }
        PaymentState::Confirmed | PaymentState::Rejected => screen,
    }
}

/// One row for each reason: what is pressed is what the customer reads.
pub(super) fn reasons(texts: &Texts, screen: Screen, keys: &[&'static str], press: impl Fn(u8) -> Press) -> Screen {
    (0u8..).zip(keys).fold(screen, |screen, (number, key)| screen.row([button(texts.plain(key, &[]), &press(number))]))
}

/// A withdrawal to decide or to pay, or what became of it. `choosing` swaps the buttons for the reasons.
#[must_use]
pub fn withdrawal(texts: &Texts, card: &WithdrawalCard, choosing: bool) -> Screen {
    let WithdrawalCard { withdrawal, owner, background, owed, risk, verified, can_verify, .. } = card;
    let mut lines = vec![texts.html(
        "withdrawal-card",
        &[
            ("withdrawal", &format!("W-{}", withdrawal.code)),
            ("customer", &owner.name),
            ("customer-id", &owner.telegram_id),
            ("username", &at_name(owner.username.as_ref())),
            ("amount", &withdrawal.amount),
            ("vpa", &withdrawal.vpa),
            ("lifetime", &background.lifetime),
            ("paid-out", &background.paid_out),
            ("at", &texts.time(withdrawal.asked_at)),
        ],
    )];
    let open = matches!(withdrawal.state, WithdrawalState::Asked | WithdrawalState::Approved);
    if open && owed.is_positive() {
        lines.push(texts.html("withdrawal-card-owes", &[("owed", owed)]));
    }
    match verified {
        Some(verified) => lines.push(texts.html("withdrawal-card-verified", &[("at", &texts.time(verified.verified_at))])),
        None if open && *can_verify => lines.push(texts.html("withdrawal-card-unverified", &[])),
        None => {}
    }
    if background.same_vpa > 0 {
        lines.push(texts.html("withdrawal-card-same-vpa", &[("count", &background.same_vpa)]));
    }
    if open {
        lines.extend(super::fraud::risk(texts, risk));
    }
    lines.extend(super::payouts::card_lines(texts, card));
    let reason = reason::told(texts, withdrawal.reason.as_deref().unwrap_or_default());
    let (decided_by, settled_by) = (withdrawal.decided_by_name.clone().unwrap_or_default(), withdrawal.settled_by_name.clone().unwrap_or_default());
    let when = |at: Option<chrono::DateTime<chrono::Utc>>| at.map(|at| texts.time(at)).unwrap_or_default();
    let (decided_at, settled_at) = (when(withdrawal.decided_at), when(withdrawal.settled_at));
    if withdrawal.decided_at.is_some() {
        let key = if withdrawal.state == WithdrawalState::Rejected {
            "withdrawal-card-rejected"
        } else {
            "withdrawal-card-approved"
        };
        lines.push(texts.html(key, &[("by", &decided_by), ("at", &decided_at), ("reason", &reason)]));
    }
    let utr = withdrawal.payout_utr.clone().unwrap_or_default();
    let settlement: crate::texts::Args<'_> = &[("by", &settled_by), ("at", &settled_at), ("reason", &reason), ("utr", &utr)];
    match withdrawal.state {
        WithdrawalState::Paid => lines.push(texts.html("withdrawal-card-paid", settlement)),
        WithdrawalState::Failed => lines.push(texts.html("withdrawal-card-failed", settlement)),
        WithdrawalState::Returned => lines.push(texts.html("withdrawal-card-returned", settlement)),
        _ => {}
    }
    let screen = Screen::new(lines.join("\n"));
    let caption = |key| texts.plain(key, &[]);
    let flags = if open { super::fraud::risk_buttons(risk) } else { Vec::new() };
    if open && choosing {
        let screen = reasons(texts, screen, &WITHDRAWAL_REASONS, |reason| Press::RefuseWithdrawalFor(withdrawal.id, reason));
        return screen.row([
            button(caption("button-other"), &Press::RefuseWithdrawalOther(withdrawal.id)),
            button(caption("button-back"), &Press::WithdrawalCard(withdrawal.id)),
        ]);
    }
    let screen = match withdrawal.state {
        WithdrawalState::Asked => screen.row([
            button(caption("button-approve"), &Press::ApproveWithdrawal(withdrawal.id)),
            button(caption("button-reject"), &Press::RejectWithdrawal(withdrawal.id)),
        ]),
        WithdrawalState::Approved => super::payouts::approved(texts, card, screen),
        WithdrawalState::Paid | WithdrawalState::Rejected | WithdrawalState::Failed | WithdrawalState::Returned => screen,
    };
    screen.row(flags)
}
