//! What a paid order gives, from the moment of payment until its end.

use crate::db::{Tx, sql};
use crate::orders::Order;
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ConnectionTrait, DbErr};

/// Begins what a paid order gives: once, because an order is paid once.
///
/// # Errors
/// The database.
pub(crate) async fn begin(tx: &Tx, at: DateTime<Utc>, order: &Order) -> Result<(), DbErr> {
    let ends_at = at + TimeDelta::days(i64::from(order.period_days));
    tx.execute_raw(sql(
        "INSERT INTO subscription (order_id, user_id, plan_id, starts_at, ends_at) VALUES ($1, $2, $3, $4, $5)",
        [order.id.into(), order.buyer_id.into(), order.plan_id.into(), at.into(), ends_at.into()],
    ))
    .await?;
    Ok(())
}
