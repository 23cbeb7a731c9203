//! A reminder before an unpaid order expires.

use super::entity;
use crate::Core;
use crate::db::{retrying, sql};
use crate::notifications::{self, Letter, Notice};
use sea_orm::{DbErr, EntityTrait};

/// Reminds buyers whose orders expire soon, each order once, at most `limit`; answers how many. Not of an order whose whole life is no longer than the
/// reminder comes before its end. Any number of workers may do this at once.
///
/// # Errors
/// The database.
pub async fn remind_due(core: &Core, limit: u64) -> Result<usize, DbErr> {
    retrying(|| async {
        let tx = core.begin().await?;
        let before = core.settings_store().get(&tx).await?.orders.remind_before.delta();
        let now = core.now();
        let due = entity::Entity::find()
            .from_raw_sql(sql(
                "WITH due AS (
                   SELECT id FROM orders
                   WHERE state = 'awaiting_payment' AND expires_at > $1 AND expires_at <= $2 AND reminded_at IS NULL
                     AND expires_at - placed_at > $3 * interval '1 second'
                   ORDER BY expires_at LIMIT $4 FOR UPDATE SKIP LOCKED)
                 UPDATE orders o SET reminded_at = $1 FROM due WHERE o.id = due.id RETURNING o.*",
                [now.into(), (now + before).into(), before.num_seconds().into(), limit.cast_signed().into()],
            ))
            .all(&tx)
            .await?;
        let letters: Vec<_> = due.iter().map(|order| Letter::to(order.buyer(), Notice::OrderUnpaid { order: order.id })).collect();
        notifications::tell_all(&tx, now, &letters).await?;
        tx.commit().await?;
        Ok(due.len())
    })
    .await
}
