//! The one door through which a payment is confirmed.

use super::{Payment, PaymentError, PaymentState, already, entity};
use crate::audit::{self, Actor};
use crate::commissions::{Earning, accruing, earnings_of, limited};
use crate::credentials::When;
use crate::db::{Applied, Together, Tx, columns, retrying};
use crate::fraud::Happened;
use crate::ledger;
use crate::ledger::movements::{OrderPaid, PaidBy, order_paid, top_up};
use crate::notifications::{self, Letter, Notice};
use crate::orders::{self, Move, Order};
use crate::users::UserId;
use crate::{Core, credentials, fraud, subscriptions};
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use std::sync::LazyLock;

/// Confirms a payment: order, ledger, both commissions, subscription, notices and audit in one transaction.
///
/// # Errors
/// It was rejected before ([`PaymentError::Decided`]).
pub async fn confirm(core: &Core, payment_id: i64, by: &Actor) -> Result<Applied<Payment>, PaymentError> {
    retrying(|| async {
        let tx = core.begin().await?;
        let confirmed = confirm_in(core, &tx, payment_id, by).await?;
        tx.commit().await?;
        Ok(confirmed)
    })
    .await
}

/// In two statements, and more where stock is claimed or what is earned is limited: one decides and reads, the last writes all that follows from it. It
/// locks what all sales of one referrer share, so it is the last; limits are read under that lock, in statements after it, and take it a little earlier.
pub(crate) async fn confirm_in(core: &Core, tx: &Tx, payment_id: i64, by: &Actor) -> Result<Applied<Payment>, PaymentError> {
    let now = core.now();
    let Some(Decided { payment, order, referrers, from_stock }) = decide(tx, now, payment_id, by).await? else {
        return already(tx, payment_id, PaymentState::Confirmed).await;
    };
    let Some(order_id) = payment.order_id else {
        fill_wallet(tx, now, &payment, by).await?;
        return Ok(Applied::Now(payment));
    };
    let Some(order) = order else {
        let Some(filled) = orders::step(tx, order_id, Move::Credit, "", vec![]).await? else {
            return Err(PaymentError::NotAwaited(orders::get(tx, order_id).await?.state));
        };
        fraud::happened_in(tx, now, Happened::Paid, filled.buyer(), Some(order_id)).await?;
        fill_wallet(tx, now, &payment, by).await?;
        notifications::tell(tx, now, filled.buyer(), &Notice::PaymentApproved { order: order_id }, Some(format!("credited:{order_id}"))).await?;
        return Ok(Applied::Now(payment));
    };
    let paid_by = match (payment.method.clearing(), order.wallet_part()) {
        (Some(clearing), None) => PaidBy::Outside(clearing),
        (Some(clearing), Some(part)) => PaidBy::Both(clearing, part),
        (None, Some(part)) => PaidBy::Wallet(part),
        (None, None) => return Err(PaymentError::NotCovered),
    };
    let served = from_stock && credentials::claim_in(core, tx, &order, When::Paid).await?.served;
    let settings = core.settings_store().get(tx).await?;
    let earnings = limited(tx, &settings, now, &order, earnings_of(now, &order, referrers)).await?;
    let receipt = Letter::to(order.buyer(), Notice::PaymentApproved { order: order_id });
    let goods = order.holder().filter(|_| served).map(|holder| Letter::to(holder, Notice::Credentials { order: order_id }));
    let capped = earnings.iter().filter_map(|earning| earning.capped(&settings, now, order.buyer()));
    let letters: Vec<Letter> = std::iter::once(receipt).chain(goods).chain(earnings.iter().filter_map(Earning::letter)).chain(capped).collect();
    let lines: Vec<_> = earnings.iter().map(|earning| (earning.beneficiary, earning.amount)).collect();
    let posting = order_paid(&OrderPaid {
        order_id,
        code: order.code.as_str(),
        price: order.price,
        discount: order.discount,
        cost: order.cost,
        by: paid_by,
        commissions: &lines,
        actor: &by.ledger_name(),
    });
    let beside = Together::default()
        .with("subscription", subscriptions::beginning(now, &order))
        .with("told", notifications::telling(now, &letters)?)
        .with("happened", fraud::happened(now, Happened::Paid, order.buyer(), Some(order_id)))
        .with("audited", audit::recording(now, by, "payment.approve", &format!("O-{}", order.code), &payment.amount.to_string()));
    ledger::post_with(tx, now, posting, accruing(beside, now, &order, &earnings)).await?;
    Ok(Applied::Now(payment))
}

async fn fill_wallet(tx: &Tx, now: DateTime<Utc>, payment: &Payment, by: &Actor) -> Result<(), PaymentError> {
    let clearing = payment.method.clearing().ok_or(PaymentError::NoOrder)?;
    let posting = top_up(&payment.key, UserId(payment.user_id), payment.amount, clearing, &by.ledger_name());
    let audited = audit::recording(now, by, "payment.top-up", &format!("user {}", payment.user_id), &payment.amount.to_string());
    ledger::post_with(tx, now, posting, Together::default().with("audited", audited)).await?;
    Ok(())
}

/// A payment that was confirmed just now.
struct Decided {
    payment: Payment,
    /// What it is for, paid by it; none when it fills a wallet, or the order was in no state to be paid.
    order: Option<Order>,
    /// Of the buyer, level 1 first.
    referrers: [Option<UserId>; 2],
    /// Whether something of it is delivered from stock.
    from_stock: bool,
}

/// The guarded updates of a sale, the payment's first: one of two simultaneous presses wins it.
async fn decide(tx: &Tx, now: DateTime<Utc>, payment_id: i64, by: &Actor) -> Result<Option<Decided>, DbErr> {
    static ANSWER: LazyLock<String> = LazyLock::new(|| {
        format!(
            "{}, {}, CASE WHEN referrer.erased_at IS NULL AND referrer.blocked_at IS NULL THEN referrer.id END AS first,
             (SELECT id FROM users WHERE id = referrer.referred_by AND erased_at IS NULL AND blocked_at IS NULL) AS second,
             EXISTS (SELECT FROM order_item i JOIN plan ON plan.id = i.plan_id WHERE i.order_id = paid.id AND plan.delivery = 'from_stock') AS from_stock
             FROM decided LEFT JOIN paid ON true LEFT JOIN users buyer ON buyer.id = paid.buyer_id LEFT JOIN users referrer ON referrer.id = buyer.referred_by",
            columns::<entity::Entity>("decided", "payment_"),
            columns::<orders::Entity>("paid", "order_")
        )
    });
    let decided = super::deciding(now, payment_id, PaymentState::Confirmed, by, None);
    let paid = orders::stepping("(SELECT order_id FROM decided)", Move::Confirm, ", paid_at = $1", [now.into()]);
    let row = tx.query_one_raw(Together::default().with("decided", decided).with("paid", paid).select(&ANSWER)).await?;
    row.map(|row| {
        let referrer = |level: &str| Ok::<_, DbErr>(row.try_get::<Option<i64>>("", level)?.map(UserId));
        let paid = row.try_get::<Option<i64>>("order_", "id")?.is_some();
        Ok(Decided {
            payment: Payment::from_query_result(&row, "payment_")?,
            order: paid.then(|| Order::from_query_result(&row, "order_")).transpose()?,
            referrers: [referrer("first")?, referrer("second")?],
            from_stock: row.try_get("", "from_stock")?,
        })
    })
    .transpose()
}
