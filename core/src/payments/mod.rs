//! Payments: a proof comes, staff decide; every way to confirm ends in [`confirm`].

mod confirm;
mod entity;
mod receive;
mod utr;
mod watch;

pub use confirm::confirm;
pub(crate) use confirm::confirm_in;
pub(crate) use entity::Entity;
pub use entity::{Method, Model as Payment, PaymentState};
pub use receive::{Incoming, receive};
pub(crate) use receive::{due, receive_in};
pub use utr::{NotAUtr, Utr};
pub use watch::{Awaited, Confirmed, Waiting, awaited, confirmed, confirmed_since, waiting_by_method};

use crate::audit::{self, Actor};
use crate::code::ShortCode;
use crate::commissions;
use crate::db::{Applied, Tx, constraint, retrying, sql, transient};
use crate::fraud::{self, Happened};
use crate::ledger::LedgerError;
use crate::money::Rupees;
use crate::notifications::{self, Notice};
use crate::orders::{self, Move, Order, OrderError, OrderState};
use crate::users::{User, UserId};
use crate::{Core, credits, evidence, purses, subscriptions};
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, Statement};

/// Why a proof was not taken, or a payment not decided.
#[derive(Debug, thiserror::Error)]
pub enum PaymentError {
    /// The person has no such order.
    #[error("no such order")]
    NoOrder,
    /// The order does not wait for a proof.
    #[error("the order is {0:?}")]
    NotAwaited(OrderState),
    /// The UTR belongs to another order.
    #[error("the UTR is already used for O-{0}")]
    UtrUsed(ShortCode),
    /// It was decided the other way before.
    #[error("the payment is {:?}", .0.state)]
    Decided(Box<Payment>),
    /// The wallet does not cover it.
    #[error("the wallet does not cover it")]
    NotCovered,
    /// Another amount is due than came.
    #[error("{0} is due")]
    OtherAmount(Rupees),
    /// Nothing, or less; or money that comes from a wallet is to fill one.
    #[error("this cannot fill a wallet: {0}")]
    NotATopUp(Rupees),
    /// The books refused.
    #[error(transparent)]
    Ledger(LedgerError),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbErr),
}
transient!(PaymentError);

impl From<OrderError> for PaymentError {
    fn from(error: OrderError) -> Self {
        match error {
            OrderError::NotNow(state) => Self::NotAwaited(state),
            OrderError::Ledger(error) => Self::Ledger(error),
            OrderError::Db(error) => Self::Db(error),
            OrderError::NotFromWallet(_) | OrderError::SetAsideBefore | OrderError::NotATopUp(..) => Self::NotCovered,
            OrderError::NotForSale | OrderError::NotFound => Self::NoOrder,
        }
    }
}

impl From<LedgerError> for PaymentError {
    fn from(error: LedgerError) -> Self {
        // A database error stays one, so that a deadlock is tried again.
        if let LedgerError::Db(error) = error { Self::Db(error) } else { Self::Ledger(error) }
    }
}

/// What a customer sends to show that they paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proof {
    /// The bank's reference.
    Utr(Utr),
    /// A screenshot, by Telegram's two ids of it.
    Photo {
        /// For sending it on.
        file_id: String,
        /// The same whoever sends it.
        unique_id: String,
        /// When it was first sent, as far as Telegram tells.
        sent_at: Option<DateTime<Utc>>,
    },
}

/// A payment by its row id.
///
/// # Errors
/// The database; there is none.
pub async fn get(db: &impl ConnectionTrait, id: i64) -> Result<Payment, DbErr> {
    entity::Entity::find_by_id(id).one(db).await?.ok_or_else(|| DbErr::RecordNotFound(format!("payment {id}")))
}

/// The order that a payment is for.
///
/// # Errors
/// The database; the payment is for a wallet.
pub async fn order_of(db: &impl ConnectionTrait, payment: &Payment) -> Result<Order, DbErr> {
    let id = payment.order_id.ok_or_else(|| DbErr::RecordNotFound(format!("payment {} is for no order", payment.id)))?;
    orders::get(db, id).await
}

/// A payment by where it came from.
///
/// # Errors
/// The database.
pub async fn by_key(db: &impl ConnectionTrait, key: &str) -> Result<Option<Payment>, DbErr> {
    entity::Entity::find().filter(entity::Column::Key.eq(key)).one(db).await
}

/// The payments of an order, oldest first.
///
/// # Errors
/// The database.
pub async fn of_order(db: &impl ConnectionTrait, order_id: i64) -> Result<Vec<Payment>, DbErr> {
    entity::Entity::find().filter(entity::Column::OrderId.eq(order_id)).order_by_asc(entity::Column::Id).all(db).await
}

/// Payments that wait to be checked, oldest first.
///
/// # Errors
/// The database.
pub async fn waiting(db: &impl ConnectionTrait, limit: u64) -> Result<Vec<Payment>, DbErr> {
    entity::Entity::find()
        .filter(entity::Column::State.eq(PaymentState::Submitted))
        .order_by_asc(entity::Column::Id)
        .limit(limit)
        .all(db)
        .await
}

/// Takes a proof for the buyer's own order and puts it before the staff. `key` says where it came from (`tg:UPDATE_ID`): the same again
/// is the same payment. After the order expired or was cancelled the proof is taken as late: the money has left.
///
/// # Errors
/// No such order; the order is being checked or paid already; the UTR belongs to another order (staff are told of both).
pub async fn submit(core: &Core, buyer: UserId, order: &ShortCode, proof: &Proof, key: &str) -> Result<Applied<Payment>, PaymentError> {
    let taken = retrying(|| async {
        let tx = core.begin().await?;
        let payment = submit_in(core, &tx, buyer, order, proof, key).await?;
        tx.commit().await?;
        Ok(payment)
    })
    .await;
    if let (Err(PaymentError::UtrUsed(first)), Proof::Utr(utr)) = (&taken, proof) {
        let notice = Notice::UtrReused { utr: utr.to_string(), order: order.to_string(), first: first.to_string() };
        notifications::alert(core, &notice, Some(format!("utr-reused:{utr}:{order}"))).await?;
        note_reuse(core, buyer, order, first).await?;
    }
    let taken = taken?;
    if let Proof::Utr(utr) = proof
        && credits::claimed(core, &utr.to_string()).await
    {
        // Its money was seen before: it is confirmed by now.
        return Ok(match taken {
            Applied::Now(payment) => Applied::Now(get(core.db(), payment.id).await?),
            Applied::Already(payment) => Applied::Already(get(core.db(), payment.id).await?),
        });
    }
    Ok(taken)
}

async fn submit_in(core: &Core, tx: &Tx, buyer: UserId, order: &ShortCode, proof: &Proof, key: &str) -> Result<Applied<Payment>, PaymentError> {
    let order = orders::of_buyer(tx, buyer, order).await?.ok_or(PaymentError::NoOrder)?;
    if let Some(payment) = by_key(tx, key).await? {
        let same = payment.order_id == Some(order.id);
        return if same { Ok(Applied::Already(payment)) } else { Err(PaymentError::Decided(Box::new(payment))) };
    }
    let now = core.now();
    let (utr, file_id, unique_id) = match proof {
        Proof::Utr(utr) => (Some(utr.to_string()), None, None),
        Proof::Photo { file_id, unique_id, .. } => (None, Some(file_id.clone()), Some(unique_id.clone())),
    };
    if let Some(utr) = &utr {
        claim_utr(tx, utr, &order, now).await?;
    }
    // What the step left, it left under its own row lock; whether it was late is told by the time and by what was read before.
    let Some(after) = orders::step(tx, order.id, Move::SubmitProof, "", vec![]).await? else {
        // The same message may have been taken while this call waited for its order.
        return match by_key(tx, key).await? {
            Some(payment) => Ok(Applied::Already(payment)),
            None => Err(PaymentError::NotAwaited(orders::get(tx, order.id).await?.state)),
        };
    };
    let late = order.state != OrderState::AwaitingPayment || after.expires_at <= now;
    let payment = entity::Entity::find()
        .from_raw_sql(sql(
            "INSERT INTO payment (order_id, user_id, method, amount, utr, photo_file_id, photo_unique_id, late, key, submitted_at)
             VALUES ($1, $2, 'upi', $3, $4, $5, $6, $7, $8, $9) RETURNING *",
            [
                order.id.into(),
                buyer.0.into(),
                after.due().into(),
                utr.into(),
                file_id.into(),
                unique_id.into(),
                late.into(),
                key.into(),
                now.into(),
            ],
        ))
        .one(tx)
        .await?
        .ok_or_else(|| DbErr::RecordNotInserted)?;
    if let Proof::Photo { sent_at, .. } = proof {
        evidence::expect_in(tx, &payment, sent_at.unwrap_or(now)).await?;
        fraud::happened_in(tx, now, Happened::Proof, buyer, Some(order.id)).await?;
    }
    notifications::tell_staff(tx, now, &Notice::PaymentCard { payment: payment.id }, Some(format!("payment-card:{}", payment.id))).await?;
    Ok(Applied::Now(payment))
}

/// Remembers that a UTR of another order was sent, for the fraud rules.
async fn note_reuse(core: &Core, buyer: UserId, order: &ShortCode, first: &ShortCode) -> Result<(), DbErr> {
    let text = "WITH reused AS (
                  INSERT INTO utr_reuse (order_id, first_id, user_id, referrer_id, at)
                  SELECT o.id, f.id, o.buyer_id, (SELECT referred_by FROM users WHERE id = o.buyer_id), $3 FROM orders o, orders f
                  WHERE o.code = $1 AND f.code = $2 ON CONFLICT DO NOTHING RETURNING user_id, order_id)
                INSERT INTO fraud_event (kind, user_id, order_id, at) SELECT 'proof', user_id, order_id, $3 FROM reused";
    let reused = core.db().execute_raw(sql(text, [order.clone().into(), first.clone().into(), core.now().into()])).await?;
    tracing::debug!(person = buyer.0, rows = reused.rows_affected(), "a UTR came again");
    Ok(())
}

/// A UTR belongs to the order it first came for, for ever.
async fn claim_utr(tx: &Tx, utr: &str, order: &Order, now: DateTime<Utc>) -> Result<(), PaymentError> {
    #[derive(FromQueryResult)]
    struct First {
        code: ShortCode,
        id: i64,
    }
    tx.execute_raw(sql(
        "INSERT INTO utr (utr, order_id, claimed_at) VALUES ($1, $2, $3) ON CONFLICT (utr) DO NOTHING",
        [utr.into(), order.id.into(), now.into()],
    ))
    .await?;
    let first = First::find_by_statement(sql("SELECT o.id, o.code FROM utr JOIN orders o ON o.id = utr.order_id WHERE utr.utr = $1", [utr.into()]))
        .one(tx)
        .await?;
    match first {
        Some(first) if first.id != order.id => Err(PaymentError::UtrUsed(first.code)),
        _ => Ok(()),
    }
}

/// Pays the buyer's own order from their wallet, all of it, and confirms it at once. `key` says where the press came from: the same again is the same
/// payment.
///
/// # Errors
/// No such order; it does not await its payment; the wallet does not cover the price, or pays a part of it already; the key stands for another payment.
pub async fn pay_from_wallet(core: &Core, buyer: &User, code: &ShortCode, key: &str) -> Result<Applied<Payment>, PaymentError> {
    retrying(|| async {
        let tx = core.begin().await?;
        let paid = pay_from_wallet_in(core, &tx, buyer, code, key).await?;
        tx.commit().await?;
        Ok(paid)
    })
    .await
}

pub(crate) async fn pay_from_wallet_in(core: &Core, tx: &Tx, buyer: &User, code: &ShortCode, key: &str) -> Result<Applied<Payment>, PaymentError> {
    let order = orders::of_buyer(tx, buyer.user_id(), code).await?.ok_or(PaymentError::NoOrder)?;
    tx.execute_raw(sql("SELECT FROM orders WHERE id = $1 FOR UPDATE", [order.id.into()])).await?;
    if let Some(payment) = by_key(tx, key).await? {
        let same = payment.order_id == Some(order.id);
        return if same { Ok(Applied::Already(payment)) } else { Err(PaymentError::Decided(Box::new(payment))) };
    }
    let order = orders::get(tx, order.id).await?;
    if order.state != OrderState::AwaitingPayment || order.expires_at <= core.now() {
        return Err(PaymentError::NotAwaited(order.state));
    }
    if order.renews.is_some() {
        subscriptions::lock(tx, &order).await?;
    }
    purses::lock_chain(tx, buyer.user_id()).await?;
    // What is due counts: a late job denies nobody their money.
    commissions::release_in(core, tx, buyer.user_id()).await.map_err(OrderError::from)?;
    let standing = purses::free(tx, buyer.user_id()).await?;
    let part = orders::split(buyer.user_id(), &standing, order.price)
        .filter(|_| order.reserved_at.is_none() && !order.fills_wallet)
        .ok_or(PaymentError::NotCovered)?;
    let parts = vec![part.credit.into(), part.earned.into()];
    if orders::step(tx, order.id, Move::SubmitProof, ", from_credit = $2, from_earned = $3", parts).await?.is_none() {
        return Err(PaymentError::NotAwaited(order.state));
    }
    let payment = insert_without_proof(core, tx, Some(order.id), buyer.user_id(), Method::Wallet, order.price, key).await?;
    let paid = confirm_in(core, tx, payment.id, &Actor::customer(buyer)).await?;
    hand_over(core, tx, &payment).await?;
    Ok(paid)
}

/// No card asked staff to check what confirmed itself: what they are to deliver is on one all the same.
async fn hand_over(core: &Core, tx: &Tx, payment: &Payment) -> Result<(), PaymentError> {
    let order = order_of(tx, payment).await?;
    if !matches!(order.state, OrderState::Delivered | OrderState::Credited) {
        let card = Notice::PaymentCard { payment: payment.id };
        notifications::tell_staff(tx, core.now(), &card, Some(format!("{:?}:{}", payment.method, payment.id).to_lowercase())).await?;
    }
    Ok(())
}

/// Takes money that came for a person's wallet; `key` is its reference where it came from, and it is credited once.
///
/// # Errors
/// The reference stands for another payment; the amount is none, or comes from a wallet.
pub async fn top_up_wallet(
    core: &Core,
    person: UserId,
    amount: Rupees,
    method: Method,
    key: &str,
    by: &Actor,
) -> Result<Applied<Payment>, PaymentError> {
    if !amount.is_positive() || method.clearing().is_none() {
        return Err(PaymentError::NotATopUp(amount));
    }
    retrying(|| async {
        let tx = core.begin().await?;
        // The key's row is waited for: of two at once one finds the other's.
        let payment = match insert_without_proof(core, &tx, None, person, method, amount, key).await {
            Err(error) if constraint(&error).as_deref() == Some("payment_key_key") => {
                tx.rollback().await?;
                let found = by_key(core.db(), key).await?.ok_or(PaymentError::NoOrder)?;
                let same = found.user_id == person.0 && found.amount == amount && found.method == method && found.order_id.is_none();
                return if same { Ok(Applied::Already(found)) } else { Err(PaymentError::Decided(Box::new(found))) };
            }
            payment => payment?,
        };
        let confirmed = confirm_in(core, &tx, payment.id, by).await?;
        tx.commit().await?;
        Ok(confirmed)
    })
    .await
}

async fn insert_without_proof(
    core: &Core,
    tx: &Tx,
    order: Option<i64>,
    payer: UserId,
    method: Method,
    amount: Rupees,
    key: &str,
) -> Result<Payment, DbErr> {
    use sea_orm::ActiveEnum;
    entity::Entity::find()
        .from_raw_sql(sql(
            "INSERT INTO payment (order_id, user_id, method, amount, key, submitted_at) VALUES ($1, $2, $3, $4, $5, $6) RETURNING *",
            [order.into(), payer.0.into(), method.to_value().into(), amount.into(), key.into(), core.now().into()],
        ))
        .one(tx)
        .await?
        .ok_or(DbErr::RecordNotInserted)
}

/// Refuses a proof; the order awaits its payment again, for as long as a new order would.
///
/// # Errors
/// It was confirmed before ([`PaymentError::Decided`]).
pub async fn reject(core: &Core, payment_id: i64, by: &Actor, reason: &str) -> Result<Applied<Payment>, PaymentError> {
    let rejected = retrying(|| async {
        let tx = core.begin().await?;
        let rejected = reject_in(core, &tx, payment_id, by, reason).await?;
        tx.commit().await?;
        Ok(rejected)
    })
    .await;
    match rejected {
        // The buyer ordered the plan, or the renewal, anew in this moment: looked at again, that order is beside this one.
        Err(PaymentError::Db(error))
            if matches!(constraint(&error).as_deref(), Some("orders_one_open" | "orders_one_renewal" | "orders_one_top_up")) =>
        {
            Box::pin(reject(core, payment_id, by, reason)).await
        }
        answer => answer,
    }
}

async fn reject_in(core: &Core, tx: &Tx, payment_id: i64, by: &Actor, reason: &str) -> Result<Applied<Payment>, PaymentError> {
    let now = core.now();
    let deciding = deciding(now, payment_id, PaymentState::Rejected, by, Some(reason));
    let Some(payment) = entity::Entity::find().from_raw_sql(deciding).one(tx).await? else {
        return already(tx, payment_id, PaymentState::Rejected).await;
    };
    let until = now + core.settings_store().get(tx).await?.orders.expire_after.delta();
    let order = orders::get(tx, payment.order_id.ok_or(PaymentError::NoOrder)?).await?;
    let beside = tx
        .query_one_raw(sql(
            "SELECT 1 FROM orders WHERE buyer_id = $1 AND (plan_id = $2 OR renews = $3 OR fills_wallet AND $4) AND state = 'awaiting_payment'",
            [order.buyer_id.into(), order.plan_id.into(), order.renews.into(), order.fills_wallet.into()],
        ))
        .await?;
    let stepped = if beside.is_some() {
        orders::end_in(core, tx, order.id, Move::RejectProofBesideOpen, ", expires_at = $2", vec![until.into()]).await?
    } else {
        orders::step(tx, order.id, Move::RejectProof, ", expires_at = $2, ended_at = NULL", vec![until.into()]).await?
    };
    let order = stepped.ok_or(PaymentError::NotAwaited(order.state))?;
    let notice = Notice::PaymentRejected { order: order.id, reason: reason.to_owned() };
    notifications::tell(tx, now, order.buyer(), &notice, Some(format!("rejected:{}", payment.id))).await?;
    audit::record(tx, now, by, "payment.reject", &format!("O-{}", order.code), reason).await?;
    Ok(Applied::Now(payment))
}

/// The guarded update that one of two simultaneous presses wins.
fn deciding(at: DateTime<Utc>, id: i64, state: PaymentState, by: &Actor, reason: Option<&str>) -> Statement {
    use sea_orm::ActiveEnum;
    sql(
        "UPDATE payment SET state = $2, decided_at = $3, decided_by = $4, decided_by_name = $5, reason = $6 WHERE id = $1 AND state = 'submitted' RETURNING *",
        [id.into(), state.to_value().into(), at.into(), by.telegram_id.into(), by.name.clone().into(), reason.into()],
    )
}

async fn already(tx: &Tx, id: i64, wanted: PaymentState) -> Result<Applied<Payment>, PaymentError> {
    let payment = get(tx, id).await?;
    if payment.state == wanted {
        Ok(Applied::Already(payment))
    } else {
        Err(PaymentError::Decided(Box::new(payment)))
    }
}
