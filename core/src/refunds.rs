//! Refunds: a sale given back, whole or in part, each part to where it came from; the referrers' commissions with it.

use crate::audit::{self, Actor};
use crate::code::ShortCode;
use crate::commissions::{self, CommissionState, policy};
use crate::db::{Applied, Tx, constraint, retrying, sql, transient};
use crate::ledger::movements::{Clawback, OrderRefunded, order_refunded, refund_failed, refund_sent};
use crate::ledger::{self, LedgerError};
use crate::money::Rupees;
use crate::orders::{self, Order};
use crate::payments::{self, Method, PaymentState};
use crate::users::UserId;
use crate::withdrawals::vpa::Vpa;
use crate::{Core, purses};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

/// Why a refund was not made or settled.
#[derive(Debug, thiserror::Error)]
pub enum RefundError {
    /// The order is not paid.
    #[error("the order is not paid")]
    NotPaid,
    /// Not more than nothing, or more than is left of what was paid.
    #[error("between ₹0.01 and {0} can be refunded")]
    NotThatMuch(Rupees),
    /// The key stands for another refund.
    #[error("this was another refund: R-{0}")]
    Another(ShortCode),
    /// It was settled the other way before.
    #[error("the refund is settled")]
    Settled,
    /// The payout's UTR was given for another refund.
    #[error("the payout's UTR is already used")]
    UtrUsed,
    /// The books refused.
    #[error(transparent)]
    Ledger(LedgerError),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbErr),
}
transient!(RefundError);

impl From<LedgerError> for RefundError {
    fn from(error: LedgerError) -> Self {
        if let LedgerError::Db(error) = error { Self::Db(error) } else { Self::Ledger(error) }
    }
}

/// Where the part goes that came from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum To {
    /// Into the buyer's wallet: to spend.
    Wallet,
    /// Back the way it came: through the gateway that took it, else by UPI to this id.
    Outside(Vpa),
}

/// A refund.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Refund {
    /// Row id.
    pub id: i64,
    /// Shown as `R-…`.
    pub code: ShortCode,
    /// Of which order.
    pub order_id: i64,
    /// To whom.
    pub user_id: i64,
    /// How much in all.
    pub amount: Rupees,
    /// Of it, to the wallet's credit.
    pub to_credit: Rupees,
    /// Of it, back to what was earned.
    pub to_earned: Rupees,
    /// Of it, back through the gateway.
    pub to_gateway: Rupees,
    /// Of it, to be sent by UPI.
    pub to_upi: Rupees,
    /// Taken back from the referrers.
    pub reversed: Rupees,
    /// `done`, `to_send`, `sent` or `failed`.
    pub state: String,
    /// The payout's UTR, when it was sent.
    pub payout_utr: Option<String>,
}

const COLUMNS: &str = "id, code, order_id, user_id, amount, to_credit, to_earned, to_gateway, to_upi, reversed, state, payout_utr";

/// Gives back `amount` of a paid order. `key` says where the command came from: the same again is the same refund.
///
/// # Errors
/// The order is not paid; more than is left of it; the key stands for another refund.
pub async fn refund(
    core: &Core,
    order_id: i64,
    amount: Rupees,
    to: &To,
    by: &Actor,
    reason: &str,
    key: &str,
) -> Result<Applied<Refund>, RefundError> {
    retrying(|| async {
        let tx = core.begin().await?;
        let refunded = match refund_in(core, &tx, order_id, amount, to, by, reason, key).await {
            // Another order was refunded by this key in this moment.
            Err(RefundError::Db(error)) if constraint(&error).as_deref() == Some("refund_key_key") => {
                tx.rollback().await?;
                let found = find(core.db(), "key = $1", key.into()).await?.ok_or(error)?;
                return Err(RefundError::Another(found.code));
            }
            refunded => refunded?,
        };
        tx.commit().await?;
        Ok(refunded)
    })
    .await
}

#[expect(clippy::too_many_arguments, reason = "the verb's own, with its transaction")]
async fn refund_in(
    core: &Core,
    tx: &Tx,
    order_id: i64,
    amount: Rupees,
    to: &To,
    by: &Actor,
    reason: &str,
    key: &str,
) -> Result<Applied<Refund>, RefundError> {
    let now = core.now();
    // The order's row orders all refunds of it; under it nothing of what follows changes but by purses.
    tx.execute_raw(sql("SELECT FROM orders WHERE id = $1 FOR UPDATE", [order_id.into()])).await?;
    if let Some(found) = find(tx, "key = $1", key.into()).await? {
        let same = found.order_id == order_id && found.amount == amount;
        return if same { Ok(Applied::Already(found)) } else { Err(RefundError::Another(found.code)) };
    }
    let order = orders::get(tx, order_id).await?;
    if order.paid_at.is_none() {
        return Err(RefundError::NotPaid);
    }
    let left = order.price - order.refunded;
    if !amount.is_positive() || amount > left {
        return Err(RefundError::NotThatMuch(left));
    }
    let earned = commissions::of_order(tx, order_id).await?;
    let people: Vec<UserId> = earned.iter().map(|c| UserId(c.beneficiary_id)).chain([order.buyer()]).collect();
    purses::lock(tx, &people).await?;

    let parts = parts(tx, &order, amount, to).await?;
    let back = reverse(tx, &order, amount, &people).await?;
    let reversed: Rupees = back.iter().map(|b| b.amount).sum();
    let (vpa, state) = match to {
        To::Outside(vpa) if parts.upi.is_positive() => (Some(vpa.as_str()), "to_send"),
        _ => (None, "done"),
    };
    let text = format!(
        "WITH o AS (UPDATE orders SET refunded = refunded + $4 WHERE id = $2)
         INSERT INTO refund (code, order_id, user_id, amount, to_credit, to_earned, to_gateway, to_upi, reversed, vpa, reason, state, key, made_at, made_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) RETURNING {COLUMNS}"
    );
    let values = [
        core.short_code().into(),
        order_id.into(),
        order.buyer_id.into(),
        amount.into(),
        parts.credit.into(),
        parts.earned.into(),
        parts.gateway.into(),
        parts.upi.into(),
        reversed.into(),
        vpa.into(),
        reason.into(),
        state.into(),
        key.into(),
        now.into(),
        by.telegram_id.into(),
    ];
    let refund = Refund::find_by_statement(sql(&text, values)).one(tx).await?.ok_or(DbErr::RecordNotInserted)?;
    let posting = order_refunded(&OrderRefunded {
        refund_id: refund.id,
        code: refund.code.as_str(),
        buyer: order.buyer(),
        to_credit: parts.credit,
        to_earned: parts.earned,
        owed: ledger::standing(tx, order.buyer()).await?.owed,
        to_gateway: parts.gateway,
        to_upi: parts.upi,
        reversals: &back,
        actor: &by.ledger_name(),
    });
    ledger::post(tx, now, posting).await?;
    audit::record(tx, now, by, "order.refund", &format!("O-{}", order.code), &format!("{amount}: {reason}")).await?;
    Ok(Applied::Now(refund))
}

/// Where the parts of a refund go.
struct Parts {
    credit: Rupees,
    earned: Rupees,
    gateway: Rupees,
    upi: Rupees,
}

/// Back in the reverse of the order in which it was taken: what came from outside first, then what was earned, then credit. So what went back before
/// is told by its sum.
async fn parts(tx: &Tx, order: &Order, amount: Rupees, to: &To) -> Result<Parts, DbErr> {
    let from_earned = order.wallet_part().map_or(Rupees::ZERO, |part| part.earned);
    let back_outside = order.refunded.min(order.due());
    let back_earned = (order.refunded - back_outside).min(from_earned);
    let outside = amount.min(order.due() - back_outside);
    let earned = (amount - outside).min(from_earned - back_earned);
    let credit = amount - outside - earned;
    let method = payments::of_order(tx, order.id).await?.into_iter().find(|p| p.state == PaymentState::Confirmed).map(|p| p.method);
    let nothing = Rupees::ZERO;
    Ok(match (to, method) {
        (To::Wallet, _) => Parts { credit: credit + outside, earned, gateway: nothing, upi: nothing },
        (To::Outside(_), Some(Method::Gateway)) => Parts { credit, earned, gateway: outside, upi: nothing },
        (To::Outside(_), _) => Parts { credit, earned, gateway: nothing, upi: outside },
    })
}

/// Each level's commission is computed again on what is left of the price; the difference comes back.
async fn reverse(tx: &Tx, order: &Order, amount: Rupees, locked: &[UserId]) -> Result<Vec<Clawback>, DbErr> {
    let left = order.price - order.refunded - amount;
    let mut back = Vec::new();
    for commission in commissions::of_order(tx, order.id).await? {
        debug_assert!(locked.contains(&UserId(commission.beneficiary_id)), "whose commission is taken back, their purse is locked");
        let percent = if commission.level == 1 { order.level1_percent } else { order.level2_percent };
        let keeps = policy::commission(left, order.cost, percent);
        let too_much = commission.left() - keeps.min(commission.left());
        if commission.state == CommissionState::Cancelled || !too_much.is_positive() {
            continue;
        }
        back.push(commission.clawback(tx, too_much).await?);
        tx.execute_raw(sql("UPDATE commission SET reversed = reversed + $2 WHERE id = $1", [commission.id.into(), too_much.into()]))
            .await?;
    }
    Ok(back)
}

async fn find(db: &impl ConnectionTrait, which: &str, value: sea_orm::Value) -> Result<Option<Refund>, DbErr> {
    Refund::find_by_statement(sql(&format!("SELECT {COLUMNS} FROM refund WHERE {which}"), [value])).one(db).await
}

/// Refunds that wait to be sent by UPI, oldest first.
///
/// # Errors
/// The database.
pub async fn to_send(db: &impl ConnectionTrait, limit: u64) -> Result<Vec<Refund>, DbErr> {
    let text = format!("SELECT {COLUMNS} FROM refund WHERE state = 'to_send' ORDER BY id LIMIT $1");
    Refund::find_by_statement(sql(&text, [limit.cast_signed().into()])).all(db).await
}

/// Notes that a refund was sent, with the payout's UTR, or, without one, that it could not be sent: then it stays in the wallet.
///
/// # Errors
/// It was settled the other way, or with another UTR; the UTR was given before.
pub async fn settle(core: &Core, id: i64, by: &Actor, utr: Option<&str>) -> Result<Applied<Refund>, RefundError> {
    retrying(|| async {
        let tx = core.begin().await?;
        let settled = settle_in(core, &tx, id, by, utr).await?;
        tx.commit().await?;
        Ok(settled)
    })
    .await
}

async fn settle_in(core: &Core, tx: &Tx, id: i64, by: &Actor, utr: Option<&str>) -> Result<Applied<Refund>, RefundError> {
    let wanted = if utr.is_some() { "sent" } else { "failed" };
    let text = format!(
        "UPDATE refund SET state = $2, settled_at = $3, settled_by = $4, payout_utr = $5 WHERE id = $1 AND state = 'to_send' RETURNING {COLUMNS}"
    );
    let values = [id.into(), wanted.into(), core.now().into(), by.telegram_id.into(), utr.into()];
    let settled = match Refund::find_by_statement(sql(&text, values)).one(tx).await {
        Err(error) if constraint(&error).as_deref() == Some("refund_payout_utr_key") => return Err(RefundError::UtrUsed),
        other => other?,
    };
    let Some(refund) = settled else {
        let found = find(tx, "id = $1", id.into()).await?.ok_or_else(|| DbErr::RecordNotFound(format!("refund {id}")))?;
        // Another reference is another payout: whoever sent that must hear of it.
        let same = found.state == wanted && found.payout_utr.as_deref() == utr;
        return if same { Ok(Applied::Already(found)) } else { Err(RefundError::Settled) };
    };
    let (code, person, amount, actor) = (refund.code.as_str(), UserId(refund.user_id), refund.to_upi, by.ledger_name());
    let posting = match utr {
        Some(_) => refund_sent(id, code, person, amount, &actor),
        None => refund_failed(id, code, person, amount, &actor),
    };
    ledger::post(tx, core.now(), posting).await?;
    audit::record(tx, core.now(), by, &format!("refund.{wanted}"), &format!("R-{code}"), utr.unwrap_or_default()).await?;
    Ok(Applied::Now(refund))
}
