//! Who waits for a plan that has run out, and is told once when it is back.

use crate::Core;
use crate::db::{retrying, sql};
use crate::notifications::{self, Letter, Notice};
use crate::users::UserId;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

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
pub async fn tell_back(core: &Core) -> Result<usize, DbErr> {
    #[derive(FromQueryResult)]
    struct Back {
        plan_id: i64,
        user_id: i64,
    }
    retrying(|| async {
        let tx = core.begin().await?;
        let back = Back::find_by_statement(sql(
            "WITH back AS (
               SELECT p.id FROM plan p WHERE p.active AND EXISTS (SELECT FROM restock_wait w WHERE w.plan_id = p.id) AND (
                 p.delivery = 'by_hand'
                 OR (SELECT count(*) FROM slot s WHERE s.plan_id = p.id AND s.order_id IS NULL AND s.retired_at IS NULL)
                    > (SELECT count(*) FROM order_item i JOIN orders o ON o.id = i.order_id
                       WHERE i.plan_id = p.id AND i.delivered_at IS NULL AND o.state = 'awaiting_stock' AND o.refunded < o.price))
             )
             DELETE FROM restock_wait w USING back WHERE w.plan_id = back.id RETURNING w.plan_id, w.user_id",
            [],
        ))
        .all(&tx)
        .await?;
        let letters: Vec<_> = back.iter().map(|back| Letter::to(UserId(back.user_id), Notice::BackInStock { plan: back.plan_id })).collect();
        notifications::tell_all(&tx, core.now(), &letters).await?;
        tx.commit().await?;
        Ok(letters.len())
    })
    .await
}
