//! Refunds: a sale given back, whole or in part, each part to where it came from; the referrers' commissions with it.

mod draft;

pub use draft::{Draft, drafted, keep};

use crate::audit::{self, Actor};
use crate::code::ShortCode;
use crate::commissions::{self, CommissionState, policy};
use crate::db::{Applied, Tx, constraint, retrying, sql, transient};
use crate::fraud::{self, Happened};
use crate::ledger::movements::{Clawback, OrderRefunded, order_refunded, refund_failed, refund_sent};
use crate::ledger::{self, LedgerError};
use crate::money::Rupees;
use crate::notifications::{self, Letter, Notice, RefundNews};
use crate::orders::{self, Order};
use crate::payments::{self, Method, PaymentState};
use crate::users::UserId;
use crate::withdrawals::vpa::Vpa;
use crate::{Core, credentials, gateways, purses, stars, subscriptions};
use chrono::{DateTime, Utc};
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
    /// The payout's UTR was given for another refund, a withdrawal or a customer's payment.
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
    /// Back the way it came, where that needs no UPI id; else into the wallet. Stars go back whole or not at all.
    Back,
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
    /// The UPI id that its part by UPI goes to.
    pub vpa: Option<String>,
    /// Why.
    pub reason: String,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// By whom: their name then.
    pub made_by_name: String,
    /// `done`, `to_send`, `sent` or `failed`.
    pub state: String,
    /// When its part by UPI was sent, or could not be.
    pub settled_at: Option<DateTime<Utc>>,
    /// Who said so: their name then.
    pub settled_by_name: Option<String>,
    /// The payout's UTR, when it was sent.
    pub payout_utr: Option<String>,
    /// Why it could not be sent.
    pub failure: Option<String>,
    /// Where its part through a gateway stands: `to_send`, `sent`, `processed` or `failed`.
    pub gateway_state: Option<String>,
    /// Why the gateway did not send it, last.
    pub gateway_error: Option<String>,
}

const COLUMNS: &str =
    "id, code, order_id, user_id, amount, to_credit, to_earned, to_gateway, to_upi, reversed, vpa, reason, made_at, made_by_name, state,
  settled_at, settled_by_name, payout_utr, failure, (SELECT g.state FROM gateway_refund g WHERE g.refund_id = refund.id) AS gateway_state,
  (SELECT g.error FROM gateway_refund g WHERE g.refund_id = refund.id) AS gateway_error";

impl Refund {
    /// Where its parts went.
    #[must_use]
    pub fn parts(&self) -> Parts {
        Parts { credit: self.to_credit, earned: self.to_earned, gateway: self.to_gateway, upi: self.to_upi, stars: false }
    }

    /// Whether it waits to be sent by UPI.
    #[must_use]
    pub fn is_to_send(&self) -> bool {
        self.state == "to_send"
    }
}

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
    let left = order.left();
    if !amount.is_positive() || amount > left {
        return Err(RefundError::NotThatMuch(left));
    }
    subscriptions::lock(tx, &order).await?;
    let earned = commissions::of_order(tx, order_id).await?;
    let people: Vec<UserId> = earned.iter().map(|c| UserId(c.beneficiary_id)).chain([order.buyer()]).collect();
    purses::lock(tx, &people).await?;

    let parts = parts(tx, &order, amount, to).await?;
    let back = reverse(tx, &order, amount, &people).await?;
    let reversed: Rupees = back.iter().map(|(_, b)| b.amount).sum();
    let (vpa, state) = match to {
        To::Outside(vpa) if parts.upi.is_positive() => (Some(vpa.as_str()), "to_send"),
        _ => (None, "done"),
    };
    let text = format!(
        "WITH o AS (UPDATE orders SET refunded = refunded + $4 WHERE id = $2)
         INSERT INTO refund (code, order_id, user_id, amount, to_credit, to_earned, to_gateway, to_upi, reversed, vpa, reason, state, key, made_at, made_by, made_by_name)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) RETURNING {COLUMNS}"
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
        by.name.clone().into(),
    ];
    let refund = Refund::find_by_statement(sql(&text, values)).one(tx).await?.ok_or(DbErr::RecordNotInserted)?;
    if parts.stars {
        stars::send_back_order_in(core, tx, &order).await?;
    } else if parts.gateway.is_positive() {
        gateways::of_refund(core, tx, &refund).await?;
    }
    let whole = amount == left;
    if whole {
        tx.execute_raw(subscriptions::ending(now, order_id, reason)).await?;
        tx.execute_raw(credentials::retiring(now, order_id)).await?;
        tx.execute_raw(credentials::handing_on(now, order_id)).await?;
    }
    notifications::tell_all(tx, now, &letters(&refund, &order, &back, whole)).await?;
    fraud::happened_in(tx, now, Happened::Refunded, order.buyer(), Some(order_id)).await?;
    let reversals: Vec<Clawback> = back.into_iter().map(|(_, back)| back).collect();
    let posting = order_refunded(&OrderRefunded {
        refund_id: refund.id,
        code: refund.code.as_str(),
        buyer: order.buyer(),
        to_credit: parts.credit,
        to_earned: parts.earned,
        owed: ledger::standing(tx, order.buyer()).await?.owed,
        to_gateway: parts.gateway,
        to_upi: parts.upi,
        reversals: &reversals,
        actor: &by.ledger_name(),
    });
    ledger::post(tx, now, posting).await?;
    audit::record(tx, now, by, "order.refund", &format!("O-{}", order.code), &format!("{amount}: {reason}")).await?;
    Ok(Applied::Now(refund))
}

/// Whom a refund is told: the buyer, whoever gives something back, and who was given what ends by it.
fn letters(refund: &Refund, order: &Order, back: &[(i16, Clawback)], whole: bool) -> Vec<Letter> {
    let buyer = Letter::to(UserId(refund.user_id), Notice::Refund { refund: refund.id, became: RefundNews::Made });
    let referrers = back.iter().map(|(level, back)| {
        let owed = if back.held { Rupees::ZERO } else { back.amount - back.amount.min(back.earned) };
        Letter::to(back.person, Notice::Reversed { amount: back.amount, level: *level, owed, whole })
    });
    let held = order.recipient_id.filter(|_| whole).map(|holder| Letter::to(UserId(holder), Notice::GiftRefunded { order: order.id }));
    std::iter::once(buyer).chain(referrers).chain(held).collect()
}

/// Where the parts of a refund go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parts {
    /// To the wallet's credit.
    pub credit: Rupees,
    /// Back to what was earned.
    pub earned: Rupees,
    /// Back through the gateway.
    pub gateway: Rupees,
    /// To be sent by UPI.
    pub upi: Rupees,
    /// Whether what goes back through the gateway are Stars.
    pub stars: bool,
}

/// What of the next `amount` to be given back came from outside, and what from what was earned; the rest from credit. Back in the reverse of the order
/// in which it was taken: what came from outside first, then what was earned, then credit. So what went back before is told by its sum.
fn sources(order: &Order, amount: Rupees) -> (Rupees, Rupees) {
    let from_earned = order.wallet_part().map_or(Rupees::ZERO, |part| part.earned);
    let back_outside = order.refunded.min(order.due());
    let back_earned = (order.refunded - back_outside).min(from_earned);
    let outside = amount.min(order.due() - back_outside);
    (outside, (amount - outside).min(from_earned - back_earned))
}

/// What of the next `amount` to be given back came from outside: only for that the way back is chosen.
#[must_use]
pub fn outside(order: &Order, amount: Rupees) -> Rupees {
    sources(order, amount).0
}

/// Where the parts of the next `amount` to be given back would go.
///
/// # Errors
/// The database.
pub async fn parts(db: &impl ConnectionTrait, order: &Order, amount: Rupees, to: &To) -> Result<Parts, DbErr> {
    let (outside, earned) = sources(order, amount);
    let credit = amount - outside - earned;
    let method = payments::of_order(db, order.id).await?.into_iter().find(|p| p.state == PaymentState::Confirmed).map(|p| p.method);
    let nothing = Rupees::ZERO;
    let into_wallet = Parts { credit: credit + outside, earned, gateway: nothing, upi: nothing, stars: false };
    Ok(match (to, method) {
        (To::Wallet, _) => into_wallet,
        (To::Outside(_) | To::Back, Some(Method::Gateway)) => Parts { credit, earned, gateway: outside, upi: nothing, stars: false },
        (To::Outside(_) | To::Back, Some(Method::Stars)) if amount == order.price && stars::can_go_back(db, order).await? => {
            Parts { credit, earned, gateway: outside, upi: nothing, stars: true }
        }
        (To::Back, _) | (To::Outside(_), Some(Method::Stars)) => into_wallet,
        (To::Outside(_), _) => Parts { credit, earned, gateway: nothing, upi: outside, stars: false },
    })
}

/// Each level's commission is computed again on what is left of the price; the difference comes back, by its level.
async fn reverse(tx: &Tx, order: &Order, amount: Rupees, locked: &[UserId]) -> Result<Vec<(i16, Clawback)>, DbErr> {
    let left = order.left() - amount;
    let mut back = Vec::new();
    for commission in commissions::of_order(tx, order.id).await? {
        debug_assert!(locked.contains(&UserId(commission.beneficiary_id)), "whose commission is taken back, their purse is locked");
        let percent = if commission.level == 1 { order.level1_percent } else { order.level2_percent };
        let keeps = policy::commission(left, order.cost, percent);
        let too_much = commission.left() - keeps.min(commission.left());
        if commission.state == CommissionState::Cancelled || !too_much.is_positive() {
            continue;
        }
        back.push((commission.level, commission.clawback(tx, too_much).await?));
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

/// A refund by its row id.
///
/// # Errors
/// The database; there is none.
pub async fn get(db: &impl ConnectionTrait, id: i64) -> Result<Refund, DbErr> {
    find(db, "id = $1", id.into()).await?.ok_or_else(|| DbErr::RecordNotFound(format!("refund {id}")))
}

/// A refund by where its command came from.
///
/// # Errors
/// The database.
pub async fn by_key(db: &impl ConnectionTrait, key: &str) -> Result<Option<Refund>, DbErr> {
    find(db, "key = $1", key.into()).await
}

/// The refunds of an order, oldest first.
///
/// # Errors
/// The database.
pub async fn of_order(db: &impl ConnectionTrait, order_id: i64) -> Result<Vec<Refund>, DbErr> {
    let text = format!("SELECT {COLUMNS} FROM refund WHERE order_id = $1 ORDER BY id");
    Refund::find_by_statement(sql(&text, [order_id.into()])).all(db).await
}

/// What a refund took back from one referrer.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Reversal {
    /// 1 or 2.
    pub level: i16,
    /// The referrer's name.
    pub name: String,
    /// Their Telegram id.
    pub telegram_id: i64,
    /// How much.
    pub amount: Rupees,
}

/// What a refund took back, level 1 first: as the books have it.
///
/// # Errors
/// The database.
pub async fn reversals(db: &impl ConnectionTrait, refund: &Refund) -> Result<Vec<Reversal>, DbErr> {
    Reversal::find_by_statement(sql(
        "SELECT c.level, u.name, u.telegram_id, sum(e.amount) AS amount
         FROM ledger.journal j CROSS JOIN LATERAL unnest(j.accounts, j.amounts) AS e (account, amount)
         JOIN commission c ON c.order_id = $2 AND c.beneficiary_id = e.account / 32 JOIN users u ON u.id = c.beneficiary_id
         WHERE j.key = $1 GROUP BY c.level, u.name, u.telegram_id ORDER BY c.level",
        [format!("refund:{}", refund.id).into(), refund.order_id.into()],
    ))
    .all(db)
    .await
}

/// The UPI id that a person last had something sent to, or asked to.
///
/// # Errors
/// The database.
pub async fn last_vpa(db: &impl ConnectionTrait, person: UserId) -> Result<Option<Vpa>, DbErr> {
    let row = db
        .query_one_raw(sql(
            "SELECT vpa FROM (SELECT vpa, made_at AS at FROM refund WHERE user_id = $1 AND vpa IS NOT NULL
                              UNION ALL SELECT vpa, asked_at FROM withdrawal WHERE user_id = $1) known ORDER BY at DESC LIMIT 1",
            [person.0.into()],
        ))
        .await?;
    Ok(row.map(|row| row.try_get::<String>("", "vpa")).transpose()?.and_then(|vpa| vpa.parse().ok()))
}

/// What became of the part of a refund that was to be sent by UPI.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Payout<'a> {
    /// Sent, with the payout's UTR.
    Sent(&'a str),
    /// It could not be sent, and why: the money stays in the wallet.
    Failed(&'a str),
}

/// Notes that a refund was sent, or that it could not be sent: then it stays in the wallet. The buyer is told.
///
/// # Errors
/// It was settled the other way, or with another UTR; the UTR was given before.
pub async fn settle(core: &Core, id: i64, by: &Actor, payout: Payout<'_>) -> Result<Applied<Refund>, RefundError> {
    retrying(|| async {
        let tx = core.begin().await?;
        let settled = settle_in(core, &tx, id, by, payout).await?;
        tx.commit().await?;
        Ok(settled)
    })
    .await
}

async fn settle_in(core: &Core, tx: &Tx, id: i64, by: &Actor, payout: Payout<'_>) -> Result<Applied<Refund>, RefundError> {
    let (wanted, became, utr, failure) = match payout {
        Payout::Sent(utr) => ("sent", RefundNews::Sent, Some(utr), None),
        Payout::Failed(why) => ("failed", RefundNews::Failed, None, Some(why)),
    };
    let text = format!(
        "UPDATE refund SET state = $2, settled_at = $3, settled_by = $4, settled_by_name = $5, payout_utr = $6, failure = $7
         WHERE id = $1 AND state = 'to_send' RETURNING {COLUMNS}"
    );
    let now = core.now();
    let values = [id.into(), wanted.into(), now.into(), by.telegram_id.into(), by.name.clone().into(), utr.into(), failure.into()];
    let settled = match Refund::find_by_statement(sql(&text, values)).one(tx).await {
        Err(error) if constraint(&error).as_deref() == Some("refund_payout_utr_key") => return Err(RefundError::UtrUsed),
        other => other?,
    };
    let Some(refund) = settled else {
        let found = get(tx, id).await?;
        // Another reference is another payout: whoever sent that must hear of it.
        let same = found.state == wanted && found.payout_utr.as_deref() == utr;
        return if same { Ok(Applied::Already(found)) } else { Err(RefundError::Settled) };
    };
    // A customer's own UTR, or another payout's, typed by mistake: what was sent under it is known already.
    let known = "SELECT 1 FROM utr WHERE utr = $1 UNION ALL SELECT 1 FROM withdrawal WHERE payout_utr = $1";
    if utr.is_some() && tx.query_one_raw(sql(known, [utr.into()])).await?.is_some() {
        return Err(RefundError::UtrUsed);
    }
    let (code, person, amount, actor) = (refund.code.as_str(), UserId(refund.user_id), refund.to_upi, by.ledger_name());
    let posting = match utr {
        Some(_) => refund_sent(id, code, person, amount, &actor),
        None => refund_failed(id, code, person, amount, &actor),
    };
    ledger::post(tx, now, posting).await?;
    notifications::tell_all(tx, now, &[Letter::to(person, Notice::Refund { refund: id, became })]).await?;
    audit::record(tx, now, by, &format!("refund.{wanted}"), &format!("R-{code}"), utr.or(failure).unwrap_or_default()).await?;
    Ok(Applied::Now(refund))
}
