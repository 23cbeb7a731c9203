//! Orders: placed, paid, delivered; or expired, or cancelled.

mod entity;
mod items;
mod place;
mod remind;
mod state;
mod top_up;
mod unique;
mod wallet;

pub(crate) use entity::Entity;
pub use entity::{Model as Order, OrderState};
pub use items::{Item, Row, items, rows};
pub(crate) use place::{Draft, Line, place_draft_in};
pub use place::{MOST_UNITS, place};
pub use remind::remind_due;
pub use state::Move;
pub use top_up::place_top_up;
pub use wallet::{Cover, set_aside};
pub(crate) use wallet::{end_in, split};

use crate::audit::{self, Actor};
use crate::code::ShortCode;
use crate::commissions::CommissionError;
use crate::db::{Applied, Tx, retrying, sql, transient};
use crate::ledger::LedgerError;
use crate::money::Rupees;
use crate::notifications::{self, Notice};
use crate::users::UserId;
use crate::{Core, purses};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, Statement, Value};

/// Why an order was not placed or changed.
#[derive(Debug, thiserror::Error)]
pub enum OrderError {
    /// The plan is not for sale.
    #[error("the plan is not for sale")]
    NotForSale,
    /// The person has no such order.
    #[error("no such order")]
    NotFound,
    /// The order is in another state than the change starts from.
    #[error("the order is {0:?}")]
    NotNow(OrderState),
    /// The wallet's part must leave at least a rupee to pay, and the wallet must cover it.
    #[error("between ₹0.01 and {0} can be paid from the wallet")]
    NotFromWallet(Rupees),
    /// The wallet has paid a part of this order before.
    #[error("a part was set aside for this order before")]
    SetAsideBefore,
    /// A wallet is filled with at least and at most so much at once.
    #[error("between {0} and {1} can be added to a wallet at once")]
    NotATopUp(Rupees, Rupees),
    /// The books refused.
    #[error(transparent)]
    Ledger(LedgerError),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbErr),
}
transient!(OrderError);

impl From<CommissionError> for OrderError {
    fn from(error: CommissionError) -> Self {
        match error {
            CommissionError::Ledger(error) => Self::Ledger(error),
            CommissionError::Db(error) => Self::Db(error),
        }
    }
}

impl From<LedgerError> for OrderError {
    fn from(error: LedgerError) -> Self {
        if let LedgerError::Db(error) = error { Self::Db(error) } else { Self::Ledger(error) }
    }
}

/// A person's own order by its code. No order is loaded without its owner.
///
/// # Errors
/// The database.
pub async fn of_buyer(db: &impl ConnectionTrait, buyer: UserId, code: &ShortCode) -> Result<Option<Order>, DbErr> {
    entity::Entity::find()
        .filter(entity::Column::Code.eq(code.clone()))
        .filter(entity::Column::BuyerId.eq(buyer.0))
        .one(db)
        .await
}

/// Any order by its code: for staff.
///
/// # Errors
/// The database.
pub async fn by_code(db: &impl ConnectionTrait, code: &ShortCode) -> Result<Option<Order>, DbErr> {
    entity::Entity::find().filter(entity::Column::Code.eq(code.clone())).one(db).await
}

/// An order by its row id.
///
/// # Errors
/// The database; there is none.
pub async fn get(db: &impl ConnectionTrait, id: i64) -> Result<Order, DbErr> {
    entity::Entity::find_by_id(id).one(db).await?.ok_or_else(|| DbErr::RecordNotFound(format!("order {id}")))
}

/// A page of a person's orders, newest first.
///
/// # Errors
/// The database.
pub async fn history(db: &impl ConnectionTrait, buyer: UserId, skip: u64, limit: u64) -> Result<Vec<Order>, DbErr> {
    entity::Entity::find()
        .filter(entity::Column::BuyerId.eq(buyer.0))
        .order_by_desc(entity::Column::Id)
        .offset(skip)
        .limit(limit)
        .all(db)
        .await
}

/// Orders that a proof sent without a word could be for: those that await payment; else those that ended unpaid within a week.
///
/// # Errors
/// The database.
pub async fn awaiting_proof(core: &Core, buyer: UserId) -> Result<Vec<Order>, DbErr> {
    let mine = entity::Entity::find().filter(entity::Column::BuyerId.eq(buyer.0)).order_by_desc(entity::Column::Id).limit(10);
    let open = mine.clone().filter(entity::Column::State.eq(OrderState::AwaitingPayment)).all(core.db()).await?;
    if !open.is_empty() {
        return Ok(open);
    }
    mine.filter(entity::Column::State.is_in([OrderState::Expired, OrderState::Cancelled]))
        .filter(entity::Column::PlacedAt.gt(core.now() - chrono::TimeDelta::days(7)))
        .all(core.db())
        .await
}

/// A guarded update: makes the move from one of its source states and answers the order as it is then, or nothing when it was in none. What `and_set`
/// sets has the values from `$2` on.
pub(crate) async fn step(tx: &Tx, order_id: i64, step: Move, and_set: &str, values: Vec<Value>) -> Result<Option<Order>, DbErr> {
    let values = std::iter::once(order_id.into()).chain(values);
    entity::Entity::find().from_raw_sql(stepping("$1", step, and_set, values)).one(tx).await
}

/// The statement of [`step`], for the order with the id that an expression tells.
pub(crate) fn stepping(id: &str, step: Move, and_set: &str, values: impl IntoIterator<Item = Value>) -> Statement {
    use sea_orm::ActiveEnum;
    let sources: Vec<String> = step.sources().iter().map(|state| format!("'{}'", state.to_value())).collect();
    let target = step.target().to_value();
    let (sources, among) = (sources.join(", "), step.among());
    let text = format!("UPDATE orders SET state = '{target}'{and_set} WHERE id = {id} AND state IN ({sources}){among} RETURNING *");
    sql(&text, values)
}

/// Cancels the buyer's own order while no proof is under way.
///
/// # Errors
/// No such order; it is beyond cancelling.
pub async fn cancel(core: &Core, buyer: UserId, code: &ShortCode) -> Result<Applied<Order>, OrderError> {
    retrying(|| async {
        let tx = core.begin().await?;
        let order = of_buyer(&tx, buyer, code).await?.ok_or(OrderError::NotFound)?;
        let cancelled = match end_in(core, &tx, order.id, Move::Cancel, "", vec![]).await? {
            Some(order) => Applied::Now(order),
            None => match get(&tx, order.id).await? {
                order if order.state == OrderState::Cancelled => Applied::Already(order),
                order => return Err(OrderError::NotNow(order.state)),
            },
        };
        tx.commit().await?;
        Ok(cancelled)
    })
    .await
}

/// Notes that the buyer has what they bought.
///
/// # Errors
/// The order is not paid.
pub async fn deliver(core: &Core, order_id: i64, by: &Actor) -> Result<Applied<Order>, OrderError> {
    retrying(|| async {
        let tx = core.begin().await?;
        let delivered = match step(&tx, order_id, Move::Deliver, ", delivered_at = $2", vec![core.now().into()]).await? {
            Some(order) => {
                let items = "UPDATE order_item SET delivered_at = $2 WHERE order_id = $1 AND delivered_at IS NULL";
                tx.execute_raw(sql(items, [order_id.into(), core.now().into()])).await?;
                audit::record(&tx, core.now(), by, "order.deliver", &format!("O-{}", order.code), "").await?;
                Applied::Now(order)
            }
            None => match get(&tx, order_id).await? {
                order if order.state == OrderState::Delivered => Applied::Already(order),
                order => return Err(OrderError::NotNow(order.state)),
            },
        };
        tx.commit().await?;
        Ok(delivered)
    })
    .await
}

async fn expire_in(core: &Core, tx: &Tx, order: &Order) -> Result<(), OrderError> {
    if end_in(core, tx, order.id, Move::Expire, "", vec![]).await?.is_some() {
        notifications::tell(
            tx,
            core.now(),
            order.buyer(),
            &Notice::OrderExpired { order: order.id },
            Some(format!("expired:{}:{}", order.id, order.expires_at.timestamp())),
        )
        .await?;
    }
    Ok(())
}

/// Expires orders whose time to pay is over, at most `limit`; answers how many. Any number of workers may do this at once.
///
/// # Errors
/// The database.
pub async fn expire_due(core: &Core, limit: u64) -> Result<usize, OrderError> {
    retrying(|| async {
        let tx = core.begin().await?;
        let due = entity::Entity::find()
            .from_raw_sql(sql(
                "SELECT * FROM orders WHERE state = 'awaiting_payment' AND expires_at <= $1 ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED",
                [core.now().into(), limit.cast_signed().into()],
            ))
            .all(&tx)
            .await?;
        // All at once and in their order, before the first is given something back.
        let holders: Vec<UserId> = due.iter().filter(|order| order.reserved_at.is_some()).map(Order::buyer).collect();
        purses::lock(&tx, &holders).await?;
        for order in &due {
            expire_in(core, &tx, order).await?;
        }
        tx.commit().await?;
        Ok(due.len())
    })
    .await
}

/// Orders that are paid and wait to be delivered by hand, oldest first; what was given back whole is not delivered any more.
///
/// # Errors
/// The database.
pub async fn undelivered(db: &impl ConnectionTrait, limit: u64) -> Result<Vec<Order>, DbErr> {
    entity::Entity::find()
        .filter(entity::Column::State.is_in([OrderState::Paid, OrderState::AwaitingStock]))
        .filter(Expr::col(entity::Column::Refunded).lt(Expr::col(entity::Column::Price)))
        // A gift that nobody opened is delivered to nobody yet.
        .filter(entity::Column::GiftCode.is_null().or(entity::Column::OpenedAt.is_not_null()))
        .order_by_asc(entity::Column::PaidAt)
        .limit(limit)
        .all(db)
        .await
}

/// How many orders a person placed and how many were paid; what fills a wallet is none of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromQueryResult)]
pub struct Tally {
    /// All.
    pub placed: i64,
    /// Paid.
    pub paid: i64,
}

/// A person's orders, counted.
///
/// # Errors
/// The database.
pub async fn tally(db: &impl ConnectionTrait, buyer: UserId) -> Result<Tally, DbErr> {
    let found = Tally::find_by_statement(sql(
        "SELECT count(*) AS placed, count(paid_at) AS paid FROM orders WHERE buyer_id = $1 AND NOT fills_wallet",
        [buyer.0.into()],
    ))
    .one(db)
    .await?;
    found.ok_or_else(|| DbErr::RecordNotFound("an aggregate without a row".to_owned()))
}
