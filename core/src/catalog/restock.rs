//! Who waits for a plan that has run out, and is told once when it is back.

use crate::Core;
use crate::db::{retrying, sql};
use crate::users::UserId;
use sea_orm::{ConnectionTrait, DbErr};

/// Whether a person waits for a plan.
///
/// # Errors
/// The database.
pub async fn waits(db: &impl ConnectionTrait, person: UserId, plan: i64) -> Result<bool, DbErr> {
    let row = db
        .query_one_raw(sql("SELECT 1 FROM restock_wait WHERE plan_id = $1 AND user_id = $2", [plan.into(), person.0.into()]))
        .await?;
    Ok(row.is_some())
}

/// Notes that a person waits for a plan, or does so no more. Twice is once.
///
/// # Errors
/// The database.
pub async fn wait(core: &Core, person: UserId, plan: i64, on: bool) -> Result<(), DbErr> {
    let statement = if on {
        sql(
            "INSERT INTO restock_wait (plan_id, user_id, since) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            [plan.into(), person.0.into(), core.now().into()],
        )
    } else {
        sql("DELETE FROM restock_wait WHERE plan_id = $1 AND user_id = $2", [plan.into(), person.0.into()])
    };
    core.db().execute_raw(statement).await.map(|_| ())
}

/// Tells everyone who waits for a plan that can be bought again, and forgets that they waited; answers how many. Whatever brought it back, and any
/// number of workers at once. Stock that paid orders still wait for is not back.
///
/// # Errors
/// The database.
pub async fn tell_back(core: &Core) -> Result<u64, DbErr> {
    let told = retrying(|| async {
        let told = core
            .db()
            .execute_raw(sql(
                "WITH back AS (
                   SELECT p.id FROM plan p WHERE p.active AND EXISTS (SELECT FROM restock_wait w WHERE w.plan_id = p.id) AND (
                     p.delivery = 'by_hand'
                     OR (SELECT count(*) FROM slot s WHERE s.plan_id = p.id AND s.order_id IS NULL AND s.retired_at IS NULL)
                        > (SELECT count(*) FROM orders o WHERE o.plan_id = p.id AND o.state = 'awaiting_stock' AND o.refunded < o.price))
                 ), told AS (
                   DELETE FROM restock_wait w USING back WHERE w.plan_id = back.id RETURNING w.plan_id, w.user_id
                 )
                 INSERT INTO notification (user_id, kind, args, created_at, not_before)
                 SELECT user_id, 'back-in-stock', jsonb_build_object('kind', 'back-in-stock', 'plan', plan_id), $1, now() FROM told",
                [core.now().into()],
            ))
            .await?;
        Ok::<_, DbErr>(told.rows_affected())
    })
    .await?;
    if told > 0 {
        core.bell().notify_one();
    }
    Ok(told)
}
