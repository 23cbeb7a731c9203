//! Reports and lists of the admin chat.

use super::{at_name, order_state, reason, refunds, sentence, title};
use crate::callback::Press;
use crate::reply::{Screen, button};
use crate::texts::Texts;
use mela_core::adjustments::Ask;
use mela_core::credits::Pile;
use mela_core::ledger::Standing;
use mela_core::orders::{Order, Tally};
use mela_core::payments::{Payment, PaymentState};
use mela_core::referrals::Funnel;
use mela_core::refunds::Refund;
use mela_core::reports::Figures;
use mela_core::settings::{Knob, Origin};
use mela_core::staff::{Member, StaffRole};
use mela_core::tickets::Ticket;
use mela_core::users::User;
use mela_core::withdrawals::Withdrawal;

/// What waits for staff.
#[derive(Debug)]
pub struct Pending {
    /// Payments to check, with their orders.
    pub payments: Vec<(Payment, Order)>,
    /// Paid orders to deliver, with their payments.
    pub orders: Vec<(Order, Option<i64>)>,
    /// Open withdrawals.
    pub withdrawals: Vec<Withdrawal>,
    /// Refunds to be sent by UPI.
    pub refunds: Vec<Refund>,
    /// Open tickets.
    pub tickets: Vec<Ticket>,
    /// What staff asked for of wallets, and a second person must approve.
    pub asks: Vec<Ask>,
    /// Money that waits to be told what it is for.
    pub credits: Vec<Pile>,
    /// Whether a fraud flag holds something.
    pub flags: bool,
}

/// What waits, each with the button that brings its card.
#[must_use]
pub fn pending(texts: &Texts, pending: &Pending) -> Screen {
    let Pending { payments, orders, withdrawals, refunds, tickets, asks, credits, flags } = pending;
    let nothing = payments.is_empty() && orders.is_empty() && withdrawals.is_empty() && refunds.is_empty() && tickets.is_empty();
    if nothing && asks.is_empty() && credits.is_empty() && !flags {
        return sentence(texts, "pending-none", &[]);
    }
    let counts: crate::texts::Args<'_> = &[
        ("payments", &payments.len()),
        ("orders", &orders.len()),
        ("withdrawals", &withdrawals.len()),
        ("refunds", &refunds.len()),
        ("tickets", &tickets.len()),
    ];
    let screen = super::credits::counted(texts, sentence(texts, "pending", counts), credits);
    let fraud = flags.then(|| button(texts.plain("button-fraud", &[]), &Press::Fraud(0, 0, 1, 0)));
    let screen = screen.row(fraud);
    let screen = payments.iter().fold(screen, |s, (payment, order)| {
        s.row([button(format!("💳 O-{} · {}", order.code, payment.amount), &Press::BringPayment(payment.id))])
    });
    let screen = orders.iter().fold(screen, |s, (order, payment)| match payment {
        Some(payment) => s.row([button(format!("📦 O-{} · {}", order.code, order.title), &Press::BringPayment(*payment))]),
        None => s,
    });
    let screen = withdrawals
        .iter()
        .fold(screen, |s, w| s.row([button(format!("🏦 W-{} · {}", w.code, w.amount), &Press::BringWithdrawal(w.id))]));
    let screen = refunds
        .iter()
        .fold(screen, |s, r| s.row([button(format!("↩️ R-{} · {}", r.code, r.to_upi), &Press::BringRefund(r.id))]));
    let screen = tickets.iter().fold(screen, |s, t| s.row([button(format!("🎫 T-{}", t.code), &Press::BringTicket(t.id))]));
    asks.iter()
        .fold(screen, |s, ask| s.row([button(format!("👛 {} · {}", ask.amount, ask.asked_by_name), &Press::BringAsk(ask.id))]))
}

/// One order, whole.
#[must_use]
pub fn order(texts: &Texts, order: &Order, buyer: &User, payments: &[Payment], given_back: &[Refund]) -> Screen {
    let head = texts.html(
        "order-report",
        &[
            ("order", &format!("O-{}", order.code)),
            ("title", &title(texts, order)),
            ("price", &order.price),
            ("cost", &order.cost),
            ("customer", &buyer.name),
            ("customer-id", &buyer.telegram_id),
            ("username", &at_name(buyer.username.as_ref())),
            ("state", &order_state(texts, order)),
            ("placed", &texts.time(order.placed_at)),
        ],
    );
    let lines = payments.iter().enumerate().map(|(i, payment)| {
        let proof = payment.utr.clone().unwrap_or_else(|| texts.plain("payment-card-photo", &[]));
        let state = match payment.state {
            PaymentState::Submitted => texts.plain("short-in-review", &[]),
            PaymentState::Confirmed => texts.plain("payment-state-confirmed", &[]),
            PaymentState::Rejected => texts.plain("payment-state-rejected", &[]),
        };
        let reason = payment.reason.as_ref().map(|r| format!(": {}", reason::told(texts, r))).unwrap_or_default();
        let at = texts.time(payment.decided_at.unwrap_or(payment.submitted_at));
        texts.html("order-report-payment", &[("number", &(i + 1)), ("proof", &proof), ("state", &state), ("at", &at), ("reason", &reason)])
    });
    let text = std::iter::once(head).chain(lines).collect::<Vec<_>>().join("\n");
    let screen = Screen::new(refunds::listed(texts, text, given_back));
    let screen = match payments.last() {
        Some(payment) => screen.row([button(texts.plain("button-card", &[]), &Press::BringPayment(payment.id))]),
        None => screen,
    };
    let screen = match order.paid_at {
        Some(_) => screen.row([button(texts.plain("button-receipt", &[]), &Press::ReceiptOf(order.id))]),
        None => screen,
    };
    given_back
        .iter()
        .fold(screen, |s, r| s.row([button(format!("↩️ R-{} · {}", r.code, r.amount), &Press::BringRefund(r.id))]))
}

/// What is known of one person.
#[derive(Debug)]
pub struct Person {
    /// The person.
    pub user: User,
    /// Who brought them.
    pub referrer: Option<User>,
    /// Their orders.
    pub tally: Tally,
    /// Whom they brought.
    pub funnel: Funnel,
    /// Their money.
    pub standing: Standing,
}

/// One person, whole.
#[must_use]
pub fn person(texts: &Texts, person: &Person) -> Screen {
    let Person { user, referrer, tally, funnel, standing } = person;
    let referrer = referrer.as_ref().map_or_else(|| texts.plain("nobody", &[]), |r| format!("{} ({})", r.name, r.telegram_id));
    let reachable = if user.reachable { String::new() } else { texts.plain("user-unreachable", &[]) };
    sentence(
        texts,
        "user-report",
        &[
            ("name", &user.name),
            ("telegram-id", &user.telegram_id),
            ("username", &at_name(user.username.as_ref())),
            ("code", &user.code),
            ("joined-at", &texts.time(user.joined_at)),
            ("reachable", &reachable),
            ("referrer", &referrer),
            ("placed", &tally.placed),
            ("paid", &tally.paid),
            ("joined", &funnel.level1.joined),
            ("bought", &funnel.level1.bought),
            ("level1", &funnel.level1.earned),
            ("level2", &funnel.level2.earned),
            ("spend", &standing.to_spend()),
            ("withdrawable", &standing.earned),
            ("held", &standing.held),
            ("withdrawing", &standing.withdrawing),
            ("owed", &standing.owed),
        ],
    )
}

/// The shop in numbers, period by period.
#[must_use]
pub fn stats(texts: &Texts, shop: &str, periods: &[(&'static str, Figures)]) -> Screen {
    let parts = periods.iter().map(|(period, f)| {
        let margin = f.sales - f.cost - f.commissions;
        texts.html(
            "stats-part",
            &[
                ("period", &texts.plain(period, &[])),
                ("joined", &f.joined),
                ("by-link", &f.joined_by_link),
                ("placed", &f.orders_placed),
                ("paid", &f.orders_paid),
                ("sales", &f.sales),
                ("cost", &f.cost),
                ("commissions", &f.commissions),
                ("margin", &margin),
                ("paid-out", &f.paid_out),
            ],
        )
    });
    Screen::new(std::iter::once(texts.html("stats", &[("shop", &shop)])).chain(parts).collect::<Vec<_>>().join("\n\n"))
}

/// All settings.
#[must_use]
pub fn settings(texts: &Texts, knobs: &[Knob]) -> Screen {
    let lines = knobs.iter().map(|knob| {
        let origin = texts.plain(
            match knob.origin {
                Origin::Default => "origin-default",
                Origin::File => "origin-file",
                Origin::Admin => "origin-admin",
                Origin::Environment => "origin-environment",
            },
            &[],
        );
        texts.html("settings-line", &[("key", &knob.key), ("value", &knob.value), ("origin", &origin)])
    });
    let usage = texts.html("usage-settings", &[]);
    Screen::new(std::iter::once(texts.html("settings", &[])).chain(lines).chain([String::new(), usage]).collect::<Vec<_>>().join("\n"))
}

/// A role's name.
#[must_use]
pub fn role(texts: &Texts, role: StaffRole) -> String {
    texts.plain(
        match role {
            StaffRole::Admin => "role-admin",
            StaffRole::Support => "role-support",
        },
        &[],
    )
}

/// Who may do what.
#[must_use]
pub fn staff(texts: &Texts, owner: i64, members: &[Member]) -> Screen {
    let lines = members
        .iter()
        .map(|m| texts.html("staff-line", &[("name", &m.name), ("id", &m.telegram_id), ("role", &role(texts, m.role))]));
    let head = [texts.html("staff", &[]), texts.html("staff-owner", &[("id", &owner)])];
    let usage = texts.html("usage-staff", &[]);
    Screen::new(head.into_iter().chain(lines).chain([String::new(), usage]).collect::<Vec<_>>().join("\n"))
}
