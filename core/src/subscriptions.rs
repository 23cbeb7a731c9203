//! What a paid order gives, from the moment of payment until its end.

use crate::db::sql;
use crate::orders::Order;
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::Statement;

/// Begins what a paid order gives: once, because an order is paid once.
pub(crate) fn beginning(at: DateTime<Utc>, order: &Order) -> Statement {
    let ends_at = at + TimeDelta::days(i64::from(order.period_days));
    sql(
        "INSERT INTO subscription (order_id, user_id, plan_id, starts_at, ends_at) VALUES ($1, $2, $3, $4, $5)",
        [order.id.into(), order.buyer_id.into(), order.plan_id.into(), at.into(), ends_at.into()],
    )
}

/// Ends what an order gives before its time, unless it is over.
pub(crate) fn ending(at: DateTime<Utc>, order_id: i64, reason: &str) -> Statement {
    sql(
        "UPDATE subscription SET ended_at = $2, end_reason = $3 WHERE order_id = $1 AND ended_at IS NULL AND ends_at > $2",
        [order_id.into(), at.into(), reason.into()],
    )
}
