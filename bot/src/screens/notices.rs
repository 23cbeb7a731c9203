//! What people are told without having asked: one message for a pile of one kind.

use super::reason;
use crate::callback::Press;
use crate::reply::{Screen, button};
use crate::texts::Texts;
use mela_core::catalog::Plan;
use mela_core::credentials::{Page, Revealed};
use mela_core::money::Rupees;
use mela_core::notifications::{Notice, RefundNews, WithdrawalNews};
use mela_core::orders::{Order, OrderState};
use mela_core::refunds::Refund;
use mela_core::subscriptions::Subscription;
use mela_core::users::User;
use mela_core::withdrawals::Withdrawal;

/// Someone joined.
#[must_use]
pub fn joined(texts: &Texts, names: &[&str]) -> Screen {
    Screen::new(match names {
        [name] => texts.html("joined", &[("name", name)]),
        many => texts.html("joined-many", &[("count", &many.len())]),
    })
}

/// Sales earned something.
#[must_use]
pub fn earned(texts: &Texts, notices: &[Notice]) -> Screen {
    let parts: Vec<_> = notices
        .iter()
        .filter_map(|n| {
            if let Notice::Earned { amount, level, release_at } = n {
                Some((*amount, *level, *release_at))
            } else {
                None
            }
        })
        .collect();
    let first = parts.iter().map(|p| p.2).min().map(|at| texts.time(at)).unwrap_or_default();
    Screen::new(match parts.as_slice() {
        [(amount, level, _)] => texts.html("earned", &[("amount", amount), ("level", level), ("at", &first)]),
        many => {
            let sum: Rupees = many.iter().map(|p| p.0).sum();
            texts.html("earned-many", &[("count", &many.len()), ("amount", &sum), ("at", &first)])
        }
    })
}

/// Commissions became withdrawable.
#[must_use]
pub fn released(texts: &Texts, notices: &[Notice]) -> Screen {
    let parts = || notices.iter().filter_map(|n| if let Notice::Released { amount, owed } = n { Some((*amount, *owed)) } else { None });
    let (amount, owed): (Rupees, Rupees) = (parts().map(|p| p.0).sum(), parts().map(|p| p.1).sum());
    let key = if owed.is_positive() { "released-owed" } else { "released" };
    Screen::new(texts.html(key, &[("amount", &amount), ("owed", &owed)])).row([button(texts.plain("button-withdraw", &[]), &Press::Withdraw)])
}

/// The buyer's payment is approved.
#[must_use]
pub fn payment_approved(texts: &Texts, order: &Order) -> Screen {
    let code = format!("O-{}", order.code);
    if order.gift_code.is_some() {
        let text = texts.html("payment-approved-gift", &[("amount", &order.price), ("order", &code), ("title", &order.title)]);
        return Screen::new(text).row([button(texts.plain("button-gift", &[]), &Press::Order(order.code.to_string()))]);
    }
    let key = match order.state {
        OrderState::Credited => "payment-approved-credited",
        OrderState::Delivered => "payment-approved-delivered",
        OrderState::AwaitingStock => "payment-approved-awaiting",
        _ => "payment-approved",
    };
    Screen::new(texts.html(key, &[("amount", &order.price), ("order", &code), ("title", &super::title(texts, order))]))
}

/// The payment of a renewal is approved. `claimed`: it has another login than before.
#[must_use]
pub fn renewed(texts: &Texts, order: &Order, renewed: &Subscription, claimed: bool) -> Screen {
    let code = format!("O-{}", order.code);
    let args: crate::texts::Args<'_> =
        &[("amount", &order.price), ("order", &code), ("title", &order.title), ("until", &texts.time(renewed.ends_at))];
    let mut lines = vec![texts.html("payment-renewed", args)];
    if !order.due().is_positive() {
        lines.push(texts.html("renewed-from-wallet", &[]));
    }
    lines.push(texts.html(
        match order.state {
            OrderState::Delivered if claimed => "renewed-new",
            OrderState::AwaitingStock => "renewed-waits",
            OrderState::Delivered if renewed.from_stock => "renewed-same",
            _ => "renewed-by-hand",
        },
        &[],
    ));
    Screen::new(lines.join("\n")).row([button(texts.plain("button-subscription", &[]), &Press::Subscription(renewed.id))])
}

/// Somebody opened a gift: for its buyer.
#[must_use]
pub fn gift_opened(texts: &Texts, order: &Order, recipient: &User) -> Screen {
    let code = format!("O-{}", order.code);
    Screen::new(texts.html("gift-opened", &[("name", &recipient.name), ("title", &order.title), ("order", &code)]))
}

/// An order expires soon, unpaid.
#[must_use]
pub fn order_unpaid(texts: &Texts, order: &Order) -> Screen {
    let code = format!("O-{}", order.code);
    let args: crate::texts::Args<'_> = &[
        ("order", &code),
        ("title", &super::title(texts, order)),
        ("amount", &order.due()),
        ("until", &texts.time(order.expires_at)),
    ];
    Screen::new(texts.html("order-unpaid", args)).row([
        button(texts.plain("button-pay", &[]), &Press::Pay(order.code.to_string())),
        button(texts.plain("button-cancel-order", &[]), &Press::CancelOrder(order.code.to_string())),
    ])
}

/// What was bought, hidden until it is touched, and kept from being passed on.
#[must_use]
pub fn credentials(texts: &Texts, order: &Order, page: &Page) -> Screen {
    opened(texts, order, page, texts.html("credentials", &[("title", &order.title), ("order", &format!("O-{}", order.code))]))
}

/// What is given in place of what did not work.
#[must_use]
pub fn replacement(texts: &Texts, ticket: &str, order: &Order, page: &Page) -> Screen {
    opened(texts, order, page, texts.html("ticket-replacement", &[("ticket", &ticket), ("title", &order.title)]))
}

fn opened(texts: &Texts, order: &Order, page: &Page, head: String) -> Screen {
    let mut lines = vec![head];
    let several = page.credentials.len() > 1 || page.next.is_some();
    for Revealed { title, secret } in &page.credentials {
        lines.extend(several.then(|| texts.html("credentials-of", &[("title", title)])));
        let parts = [
            ("credentials-login", &secret.login),
            ("credentials-password", &secret.password),
            ("credentials-profile", &secret.profile),
            ("credentials-pin", &secret.pin),
        ];
        lines.extend(parts.into_iter().filter(|(_, value)| !value.is_empty()).map(|(key, value)| texts.html(key, &[("value", value)])));
    }
    lines.push(texts.html("credentials-end", &[]));
    let screen = Screen::new(lines.join("\n")).protected();
    match page.next {
        Some(next) => screen.row([button(texts.plain("button-more-credentials", &[]), &Press::MoreCredentials(order.code.to_string(), next))]),
        None => screen,
    }
}

/// A plan that had run out can be bought again.
#[must_use]
pub fn back_in_stock(texts: &Texts, plan: &Plan) -> Screen {
    Screen::new(texts.html("back-in-stock", &[("title", &plan.title), ("price", &plan.price)]))
        .row([button(texts.plain("button-see-plan", &[]), &Press::Plan(plan.code.clone()))])
}

/// A plan's stock runs out, or has: for staff.
#[must_use]
pub fn stock_low(texts: &Texts, plan: &Plan, left: i64) -> Screen {
    let key = if left == 0 { "stock-out" } else { "stock-low" };
    Screen::new(texts.html(key, &[("title", &plan.title), ("code", &plan.code), ("left", &left)]))
}

/// The buyer's proof is rejected.
#[must_use]
pub fn payment_rejected(texts: &Texts, order: &Order, reason: &str) -> Screen {
    let code = format!("O-{}", order.code);
    let key = if order.state == OrderState::AwaitingPayment {
        "payment-rejected"
    } else {
        "payment-rejected-ended"
    };
    Screen::new(texts.html(key, &[("order", &code), ("reason", &reason::told(texts, reason)), ("until", &texts.time(order.expires_at))]))
        .row([button(texts.plain("button-paid", &[]), &Press::Paid(order.code.to_string()))])
}

/// The order expired unpaid.
#[must_use]
pub fn order_expired(texts: &Texts, order: &Order) -> Screen {
    let code = format!("O-{}", order.code);
    Screen::new(texts.html("order-expired", &[("order", &code), ("title", &super::title(texts, order))]))
        .row([button(texts.plain("button-paid", &[]), &Press::Paid(order.code.to_string()))])
}

/// A step in a withdrawal's life.
#[must_use]
pub fn withdrawal(texts: &Texts, withdrawal: &Withdrawal, news: WithdrawalNews) -> Screen {
    let key = match news {
        WithdrawalNews::Approved => "withdrawal-approved",
        WithdrawalNews::Rejected => "withdrawal-rejected",
        WithdrawalNews::Paid => "withdrawal-paid",
        WithdrawalNews::Failed => "withdrawal-failed",
        WithdrawalNews::Returned => "withdrawal-returned",
    };
    let code = format!("W-{}", withdrawal.code);
    let reason = reason::told(texts, withdrawal.reason.as_deref().unwrap_or_default());
    let utr = withdrawal.payout_utr.clone().unwrap_or_default();
    let args: crate::texts::Args<'_> =
        &[("withdrawal", &code), ("amount", &withdrawal.amount), ("vpa", &withdrawal.vpa), ("reason", &reason), ("utr", &utr)];
    let tax = matches!(news, WithdrawalNews::Approved | WithdrawalNews::Paid).then(|| super::tax::withheld(texts, withdrawal.amount, withdrawal.tds));
    Screen::new(std::iter::once(texts.html(key, args)).chain(tax.flatten()).collect::<Vec<_>>().join("\n"))
}

/// A step in a refund's life, for the buyer.
#[must_use]
pub fn refund(texts: &Texts, refund: &Refund, order: &Order, news: RefundNews) -> Screen {
    let (code, of) = (format!("R-{}", refund.code), format!("O-{}", order.code));
    let (vpa, utr) = (refund.vpa.clone().unwrap_or_default(), refund.payout_utr.clone().unwrap_or_default());
    let failure = reason::told(texts, refund.failure.as_deref().unwrap_or_default());
    Screen::new(match news {
        RefundNews::Made => {
            let to = super::refunds::destination(texts, &refund.parts(), &vpa);
            let args: crate::texts::Args<'_> = &[
                ("refund", &code),
                ("amount", &refund.amount),
                ("order", &of),
                ("title", &order.title),
                ("to", &to),
                ("reason", &reason::told(texts, &refund.reason)),
            ];
            let made = texts.html("refund-made", args);
            if order.is_refunded() {
                format!("{made}\n{}", texts.html("refund-made-whole", &[("title", &order.title)]))
            } else {
                made
            }
        }
        RefundNews::Sent => texts.html("refund-sent", &[("refund", &code), ("amount", &refund.to_upi), ("vpa", &vpa), ("utr", &utr)]),
        RefundNews::Returned => texts.html("refund-returned", &[("refund", &code), ("amount", &refund.to_gateway)]),
        RefundNews::NotReturned => texts.html("refund-not-returned", &[("refund", &code), ("amount", &refund.to_gateway)]),
        RefundNews::Failed => texts.html("refund-failed", &[("refund", &code), ("amount", &refund.to_upi), ("vpa", &vpa), ("reason", &failure)]),
    })
}

/// Sales were given back, and what they had earned with them.
#[must_use]
pub fn reversed(texts: &Texts, notices: &[Notice]) -> Screen {
    let parts: Vec<_> = notices
        .iter()
        .filter_map(|n| {
            if let Notice::Reversed { amount, level, owed, whole } = n {
                Some((*amount, *level, *owed, *whole))
            } else {
                None
            }
        })
        .collect();
    let (amount, owed): (Rupees, Rupees) = (parts.iter().map(|p| p.0).sum(), parts.iter().map(|p| p.2).sum());
    let mut text = match parts.as_slice() {
        [(_, level, _, whole)] => {
            let why = texts.plain(if *whole { "reversed-whole" } else { "reversed-part" }, &[]);
            texts.html("reversed", &[("amount", &amount), ("level", level), ("why", &why)])
        }
        many => texts.html("reversed-many", &[("count", &many.len()), ("amount", &amount)]),
    };
    if owed.is_positive() {
        text = format!("{text}\n{}", texts.html("reversed-owed", &[("owed", &owed)]));
    }
    Screen::new(text)
}

/// A UTR was sent that belongs to another order: for staff.
#[must_use]
pub fn utr_reused(texts: &Texts, utr: &str, order: &str, first: &str) -> Screen {
    Screen::new(texts.html("utr-reused", &[("utr", &utr), ("order", &order), ("first", &first)]))
}

/// Something needs a person's eye: for staff.
#[must_use]
pub fn alarm(texts: &Texts, text: &str) -> Screen {
    let text: String = text.chars().take(3_000).collect();
    Screen::new(texts.html("alarm", &[("text", &text)]))
}
