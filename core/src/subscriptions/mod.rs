//! Subscriptions: what paid units give, until when, how they are renewed and their holders reminded.

mod auto;
mod remind;
mod renew;
mod state;
mod time;

pub use auto::{auto_renew_due, set_auto_renew};
pub(crate) use remind::day_begins;
pub use remind::remind_due;
pub use renew::renew;
pub use state::State;
pub(crate) use time::{beginning, ending, lock};

use crate::db::{sql, transient};
use crate::orders::OrderError;
use crate::payments::PaymentError;
use crate::users::UserId;
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

/// Why a subscription was not renewed or changed.
#[derive(Debug, thiserror::Error)]
pub enum SubscriptionError {
    /// The person has no such subscription.
    #[error("no such subscription")]
    NotFound,
    /// Its money went back.
    #[error("the subscription was cancelled")]
    Cancelled,
    /// It ended too long ago.
    #[error("the subscription ended too long ago")]
    TooLate,
    /// Its plan is not for sale any more.
    #[error("the plan is not for sale")]
    NotForSale,
    /// The order was not placed.
    #[error(transparent)]
    Order(OrderError),
    /// The wallet did not pay.
    #[error(transparent)]
    Payment(PaymentError),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbErr),
}
transient!(SubscriptionError);

impl From<OrderError> for SubscriptionError {
    fn from(error: OrderError) -> Self {
        match error {
            OrderError::Db(error) => Self::Db(error),
            OrderError::NotForSale => Self::NotForSale,
            other => Self::Order(other),
        }
    }
}

impl From<PaymentError> for SubscriptionError {
    fn from(error: PaymentError) -> Self {
        if let PaymentError::Db(error) = error { Self::Db(error) } else { Self::Payment(error) }
    }
}

/// What somebody has, and until when.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Subscription {
    /// Row id: in buttons, never shown.
    pub id: i64,
    /// Whose it is.
    pub user_id: i64,
    /// Of which plan.
    pub plan_id: i64,
    /// The plan's title.
    pub title: String,
    /// Whether the plan is for sale.
    pub for_sale: bool,
    /// Whether the plan is delivered from stock.
    pub from_stock: bool,
    /// Since when.
    pub starts_at: DateTime<Utc>,
    /// Until when.
    pub ends_at: DateTime<Utc>,
    /// When it ended before its time.
    pub ended_at: Option<DateTime<Utc>>,
    /// Why it did.
    pub end_reason: Option<String>,
    /// How often it was renewed.
    pub renewals: i32,
    /// Whether it is renewed from the wallet when it ends.
    pub auto_renew: bool,
    /// The order of the unit that serves it now; none when all of them were given back.
    pub unit_order: Option<i64>,
    /// The unit's number in that order.
    pub unit: Option<i16>,
    /// The slot that serves it now.
    pub slot_id: Option<i64>,
    /// When the unit was delivered.
    pub delivered_at: Option<DateTime<Utc>>,
}

impl Subscription {
    /// Whose it is, typed.
    #[must_use]
    pub fn holder(&self) -> UserId {
        UserId(self.user_id)
    }
}

/// A subscription with the unit that serves it now, of the order that began it and of its renewals: the last one that was given a slot; where none has one,
/// one that waits. A gift that nobody opened is nobody's yet.
const FOUND: &str =
    "SELECT s.id, s.user_id, s.plan_id, p.title, p.active AS for_sale, p.delivery = 'from_stock' AS from_stock, s.starts_at, s.ends_at,
       s.ended_at, s.end_reason, s.renewals, s.auto_renew, u.order_id AS unit_order, u.n AS unit, u.slot_id, u.delivered_at
FROM subscription s JOIN plan p ON p.id = s.plan_id JOIN orders o ON o.id = s.order_id
LEFT JOIN LATERAL (
  SELECT i.* FROM (
    SELECT i.* FROM order_item i WHERE i.order_id = s.order_id AND i.n = s.item AND o.refunded < o.price
    UNION ALL
    SELECT i.* FROM orders r JOIN order_item i ON i.order_id = r.id WHERE r.renews = s.id AND r.paid_at IS NOT NULL AND r.refunded < r.price) i
  ORDER BY i.slot_id IS NULL, CASE WHEN i.slot_id IS NOT NULL THEN i.delivered_at END DESC NULLS LAST, i.delivered_at IS NOT NULL, i.order_id DESC LIMIT 1) u ON true
WHERE (o.gift_code IS NULL OR o.opened_at IS NOT NULL)";

/// A page of a person's subscriptions: those that run, the next to end first; then those that are over.
///
/// # Errors
/// The database.
pub async fn list(db: &impl ConnectionTrait, person: UserId, at: DateTime<Utc>, skip: u64, limit: u64) -> Result<Vec<Subscription>, DbErr> {
    let text = format!(
        "{FOUND} AND s.user_id = $1 ORDER BY s.ended_at IS NULL AND s.ends_at > $2 DESC,
           CASE WHEN s.ended_at IS NULL AND s.ends_at > $2 THEN s.ends_at END, coalesce(s.ended_at, s.ends_at) DESC, s.id DESC OFFSET $3 LIMIT $4"
    );
    let values = [person.0.into(), at.into(), skip.cast_signed().into(), limit.cast_signed().into()];
    Subscription::find_by_statement(sql(&text, values)).all(db).await
}

/// A person's own subscription. None is loaded for a customer without its holder.
///
/// # Errors
/// The database.
pub async fn own(db: &impl ConnectionTrait, person: UserId, id: i64) -> Result<Option<Subscription>, DbErr> {
    Ok(find(db, id).await?.filter(|found| found.holder() == person))
}

/// Any subscription: for notices and for staff.
///
/// # Errors
/// The database.
pub async fn find(db: &impl ConnectionTrait, id: i64) -> Result<Option<Subscription>, DbErr> {
    Subscription::find_by_statement(sql(&format!("{FOUND} AND s.id = $1"), [id.into()])).one(db).await
}
