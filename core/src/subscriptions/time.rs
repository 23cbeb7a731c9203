//! What a paid unit gives, from the moment of payment until its end; a renewal makes it last longer.

use crate::db::{Tx, sql};
use crate::orders::Order;
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, Statement};

/// Begins what a paid order gives, or lets what it renews last longer: once, because an order is paid once. What has ended meanwhile begins anew: the
/// money has come.
pub(crate) fn beginning(at: DateTime<Utc>, order: &Order) -> Statement {
    match order.renews {
        None => sql(
            "INSERT INTO subscription (order_id, item, user_id, plan_id, starts_at, ends_at)
             SELECT $1, n, $2, plan_id, $3, $3::timestamptz + period_days * interval '1 day' FROM order_item WHERE order_id = $1",
            [order.id.into(), order.buyer_id.into(), at.into()],
        ),
        Some(renews) => sql(
            "UPDATE subscription s SET ended_at = NULL, end_reason = NULL, renewals = renewals + 1,
                    ends_at = CASE WHEN s.ended_at IS NULL THEN greatest(s.ends_at, $3) ELSE $3 END + i.period_days * interval '1 day'
             FROM order_item i WHERE i.order_id = $1 AND s.id = $2",
            [order.id.into(), renews.into(), at.into()],
        ),
    }
}

/// Takes back the time that an order gave: what has no time left ends, for this reason, unless it is over.
pub(crate) fn ending(at: DateTime<Utc>, order_id: i64, reason: &str) -> Statement {
    sql(
        "WITH left_over AS (
           SELECT s.id, greatest(s.ends_at - i.period_days * interval '1 day', (
                    -- What else was paid gives at least its period from its own payment on.
                    SELECT max(coalesce(p.opened_at, p.paid_at) + pi.period_days * interval '1 day') FROM orders p JOIN order_item pi ON pi.order_id = p.id
                    WHERE p.id <> o.id AND p.paid_at IS NOT NULL AND p.refunded < p.price AND (p.renews = s.id OR p.id = s.order_id AND pi.n = s.item))) AS until
           FROM orders o JOIN order_item i ON i.order_id = o.id
           JOIN subscription s ON s.id = coalesce(o.renews, (SELECT b.id FROM subscription b WHERE b.order_id = o.id AND b.item = i.n))
           WHERE o.id = $1 AND s.ended_at IS NULL AND s.ends_at > $2
         )
         UPDATE subscription s SET ends_at = CASE WHEN l.until > $2 THEN l.until ELSE s.ends_at END,
                                   ended_at = CASE WHEN l.until > $2 THEN NULL ELSE $2::timestamptz END,
                                   end_reason = CASE WHEN l.until > $2 THEN NULL ELSE $3 END
         FROM left_over l WHERE s.id = l.id",
        [order_id.into(), at.into(), reason.into()],
    )
}

/// Locks what an order gives, or renews: after the order, before any purse.
pub(crate) async fn lock(tx: &Tx, order: &Order) -> Result<(), DbErr> {
    tx.execute_raw(sql(
        "SELECT FROM subscription WHERE order_id = $1 OR id = $2 ORDER BY id FOR UPDATE",
        [order.id.into(), order.renews.into()],
    ))
    .await?;
    Ok(())
}
