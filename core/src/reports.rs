//! Figures for the owner.

use crate::db::sql;
use crate::money::Rupees;
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

/// The shop in numbers, over some time.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
#[expect(missing_docs, reason = "each name says it; rupees or counts")]
pub struct Figures {
    pub joined: i64,
    pub joined_by_link: i64,
    pub orders_placed: i64,
    pub orders_paid: i64,
    pub sales: Rupees,
    pub cost: Rupees,
    pub commissions: Rupees,
    pub paid_out: Rupees,
}

/// Sums up what happened from `since` on, before `until`.
///
/// # Errors
/// The database.
pub async fn figures(db: &impl ConnectionTrait, since: DateTime<Utc>, until: DateTime<Utc>) -> Result<Figures, DbErr> {
    let found = Figures::find_by_statement(sql(
        "SELECT u.joined, u.joined_by_link, p.orders_placed, o.orders_paid, o.sales, o.cost, c.commissions, w.paid_out
         FROM (SELECT count(*) AS joined, count(referred_by) AS joined_by_link FROM users WHERE joined_at >= $1 AND joined_at < $2) u,
              (SELECT count(*) AS orders_placed FROM orders WHERE placed_at >= $1 AND placed_at < $2 AND NOT fills_wallet) p,
              (SELECT count(*) AS orders_paid, coalesce(sum(price), 0) AS sales, coalesce(sum(cost), 0) AS cost FROM orders WHERE paid_at >= $1 AND paid_at < $2) o,
              (SELECT coalesce(sum(amount - reversed), 0) AS commissions FROM commission WHERE created_at >= $1 AND created_at < $2 AND cancelled_at IS NULL) c,
              (SELECT coalesce(sum(amount), 0) AS paid_out FROM withdrawal WHERE state = 'paid' AND settled_at >= $1 AND settled_at < $2) w",
        [since.into(), until.into()],
    ))
    .one(db)
    .await?;
    found.ok_or_else(|| DbErr::RecordNotFound("an aggregate without a row".to_owned()))
}
