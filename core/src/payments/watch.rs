//! Payments in view: what waits and since when, and what was confirmed, by whom.

use super::{Method, Payment, entity};
use crate::db::sql;
use crate::money::Rupees;
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, EntityTrait, FromQueryResult};

/// Payments of one method that wait to be checked.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Waiting {
    /// How they came.
    pub method: Method,
    /// How many.
    pub count: i64,
    /// How much.
    pub amount: Rupees,
    /// Since when the oldest waits.
    pub since: DateTime<Utc>,
}

/// What waits to be checked, by method.
///
/// # Errors
/// The database.
pub async fn waiting_by_method(db: &impl ConnectionTrait) -> Result<Vec<Waiting>, DbErr> {
    let text = "SELECT method, count(*) AS count, sum(amount) AS amount, min(submitted_at) AS since FROM payment WHERE state = 'submitted'
                GROUP BY method ORDER BY method";
    Waiting::find_by_statement(sql(text, [])).all(db).await
}

/// Orders whose money nobody has spoken of yet.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Awaited {
    /// How many.
    pub count: i64,
    /// How much is to come from outside.
    pub amount: Rupees,
    /// Since when the oldest waits.
    pub since: Option<DateTime<Utc>>,
}

/// What is awaited of orders that are open.
///
/// # Errors
/// The database.
pub async fn awaited(db: &impl ConnectionTrait) -> Result<Awaited, DbErr> {
    let text =
        "SELECT count(*) AS count, coalesce(sum(price - CASE WHEN unreserved_at IS NULL THEN from_credit + from_earned ELSE 0 END), 0) AS amount,
                       min(placed_at) AS since FROM orders WHERE state = 'awaiting_payment'";
    let found = Awaited::find_by_statement(sql(text, [])).one(db).await?;
    found.ok_or_else(|| DbErr::RecordNotFound("an aggregate without a row".to_owned()))
}

/// Payments of one method that one person, bank or gateway confirmed.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Confirmed {
    /// How they came.
    pub method: Method,
    /// By whom, as their name was then.
    pub by: String,
    /// Whether nobody had to: a bank or a gateway told.
    pub by_itself: bool,
    /// How many.
    pub count: i64,
    /// How much.
    pub amount: Rupees,
}

/// What was confirmed from `since` on, by method and by whom, the most first.
///
/// # Errors
/// The database.
pub async fn confirmed_since(db: &impl ConnectionTrait, since: DateTime<Utc>) -> Result<Vec<Confirmed>, DbErr> {
    let text =
        "SELECT method, coalesce(decided_by_name, '') AS by, coalesce(decided_by = 0, false) AS by_itself, count(*) AS count, sum(amount) AS amount
                FROM payment WHERE state = 'confirmed' AND decided_at >= $1 GROUP BY 1, 2, 3 ORDER BY 5 DESC, 2, 1 LIMIT 25";
    Confirmed::find_by_statement(sql(text, [since.into()])).all(db).await
}

/// A page of the payments for orders that were confirmed from `since` on, newest first.
///
/// # Errors
/// The database.
pub async fn confirmed(db: &impl ConnectionTrait, since: DateTime<Utc>, skip: u64, limit: u64) -> Result<Vec<Payment>, DbErr> {
    let text = format!(
        "SELECT * FROM payment WHERE state = 'confirmed' AND decided_at >= $1 AND order_id IS NOT NULL ORDER BY decided_at DESC, id DESC LIMIT {limit} OFFSET {skip}"
    );
    entity::Entity::find().from_raw_sql(sql(&text, [since.into()])).all(db).await
}
