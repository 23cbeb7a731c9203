//! Screenshots are looked at after they were taken: nobody waits for it, and a crash in the middle leaves it to be done again.

use super::likeness::Print;
use crate::Core;
use crate::db::{Tx, retrying, sql};
use crate::notifications::{self, Card, Notice};
use crate::payments::Payment;
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

/// How often a picture is tried before it is left alone: one that ends the program must not end it for ever.
pub const MOST_TRIES: i16 = 5;
/// Pictures found by one thing that they have in common with the new one: the newest of them.
const ALIKE: i64 = 40;
/// The person's own, and anybody's, that are compared whatever they look like.
const NEWEST: i64 = 12;
/// Pictures that are compared point by point: so many that have something rare in common, and so many that look most alike.
const COMPARED: (usize, usize) = (16, 24);

/// A screenshot that is to be looked at.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Due {
    /// Of which payment.
    pub payment_id: i64,
    /// Telegram's id of it.
    pub file_id: String,
}

/// A payment's screenshot is to be looked at; it was first sent then.
pub(crate) async fn expect_in(tx: &Tx, payment: &Payment, sent_at: DateTime<Utc>) -> Result<(), DbErr> {
    tx.execute_raw(sql(
        "INSERT INTO proof_photo (payment_id, user_id, sent_at, look_at) VALUES ($1, $2, $3, $4)",
        [payment.id.into(), payment.user_id.into(), sent_at.into(), payment.submitted_at.into()],
    ))
    .await?;
    Ok(())
}

/// Screenshots that are to be looked at now, the longest waiting first. Each answer counts as a try; the next is after a pause that grows, unless
/// [`looked`] is told before. Any number of workers may ask at once.
///
/// # Errors
/// The database.
pub async fn due(core: &Core, limit: u64) -> Result<Vec<Due>, DbErr> {
    let text =
        "UPDATE proof_photo f SET tries = f.tries + 1, look_at = CASE WHEN f.tries + 1 < $2 THEN $1 + interval '1 minute' * power(3, f.tries) END
                FROM (SELECT payment_id FROM proof_photo WHERE look_at <= $1 ORDER BY look_at LIMIT $3 FOR UPDATE SKIP LOCKED) due
                JOIN payment p ON p.id = due.payment_id
                WHERE f.payment_id = due.payment_id RETURNING f.payment_id, coalesce(p.photo_file_id, '') AS file_id";
    let values = [core.now().into(), MOST_TRIES.into(), limit.cast_signed().into()];
    Due::find_by_statement(sql(text, values)).all(core.db()).await
}

/// Takes down what a screenshot showed, and which earlier ones are the same picture; the cards of those still to be decided are drawn anew. `print`: none
/// where there is nothing to know it again by. Answers how many are the same; telling it twice is telling it once.
///
/// # Errors
/// The database.
pub async fn looked(core: &Core, payment_id: i64, print: Option<Print>) -> Result<usize, DbErr> {
    let Some(print) = print else {
        core.db().execute_raw(sql("UPDATE proof_photo SET look_at = NULL WHERE payment_id = $1", [payment_id.into()])).await?;
        return Ok(0);
    };
    // First it can be found, then it looks for others: of two at once one finds the other.
    if !keep(core, payment_id, &print).await? {
        return Ok(0);
    }
    let others = candidates(core, payment_id, &print).await?;
    let compared = tokio::task::spawn_blocking(move || {
        let same = |other: &Kept| Print::kept(&other.hash, other.detail.clone()).is_some_and(|other| print.is_same(&other));
        others.into_iter().filter(same).map(|other| other.payment_id).collect::<Vec<i64>>()
    });
    let same = compared.await.map_err(|e| DbErr::Custom(e.to_string()))?;
    retrying(|| async {
        let tx = core.begin().await?;
        conclude(core, &tx, payment_id, &same).await?;
        tx.commit().await
    })
    .await?;
    Ok(same.len())
}

/// False when it is nobody's any more: the person had their data deleted.
async fn keep(core: &Core, payment_id: i64, print: &Print) -> Result<bool, DbErr> {
    let kept = core
        .db()
        .execute_raw(sql(
            "WITH kept AS (UPDATE proof_photo SET hash = $2, detail = $3 WHERE payment_id = $1 RETURNING payment_id),
                  banded AS (INSERT INTO proof_photo_band (band, payment_id) SELECT DISTINCT band, payment_id FROM kept, unnest($4::integer[]) AS b (band)
                             ON CONFLICT DO NOTHING)
             SELECT FROM kept",
            [payment_id.into(), print.hash.to_vec().into(), print.detail.clone().into(), print.bands().into()],
        ))
        .await?;
    Ok(kept.rows_affected() > 0)
}

#[derive(FromQueryResult)]
struct Kept {
    payment_id: i64,
    hash: Vec<u8>,
    detail: Vec<u8>,
}

/// Pictures that may be the same: a number of them that does not grow with how many there are.
async fn candidates(core: &Core, payment_id: i64, print: &Print) -> Result<Vec<Kept>, DbErr> {
    #[derive(FromQueryResult)]
    struct Near {
        payment_id: i64,
        hash: Vec<u8>,
        /// How many share what it has in common with the new one, where that is shared by fewest.
        shared_by: i64,
    }
    let mut near = Near::find_by_statement(sql(
        "WITH found AS (
           SELECT b.payment_id, count(*) OVER (PARTITION BY wanted.band) AS shared_by FROM unnest($1::integer[]) AS wanted (band)
           CROSS JOIN LATERAL (SELECT payment_id FROM proof_photo_band b WHERE b.band = wanted.band ORDER BY payment_id DESC LIMIT $3) b
           UNION ALL
           (SELECT payment_id, $3 FROM proof_photo WHERE user_id = (SELECT user_id FROM proof_photo WHERE payment_id = $2) ORDER BY payment_id DESC LIMIT $4)
           UNION ALL
           (SELECT payment_id, $3 FROM proof_photo ORDER BY payment_id DESC LIMIT $4))
         SELECT f.payment_id, f.hash, min(found.shared_by) AS shared_by FROM found JOIN proof_photo f ON f.payment_id = found.payment_id
         WHERE f.hash IS NOT NULL AND f.payment_id <> $2 GROUP BY f.payment_id",
        [print.bands().into(), payment_id.into(), ALIKE.into(), NEWEST.into()],
    ))
    .all(core.db())
    .await?;
    near.sort_by_key(|near| (near.shared_by, print.distance(&near.hash)));
    let mut chosen: Vec<i64> = near.iter().take(COMPARED.0).map(|near| near.payment_id).collect();
    near.sort_by_key(|near| print.distance(&near.hash));
    let alike: Vec<i64> = near.iter().map(|near| near.payment_id).filter(|id| !chosen.contains(id)).take(COMPARED.1).collect();
    chosen.extend(alike);
    let text = "SELECT payment_id, hash, detail FROM proof_photo WHERE payment_id = ANY ($1) AND hash IS NOT NULL";
    Kept::find_by_statement(sql(text, [chosen.into()])).all(core.db()).await
}

async fn conclude(core: &Core, tx: &Tx, payment_id: i64, same: &[i64]) -> Result<(), DbErr> {
    #[derive(FromQueryResult)]
    struct Undecided {
        id: i64,
    }
    tx.execute_raw(sql("UPDATE proof_photo SET look_at = NULL WHERE payment_id = $1", [payment_id.into()])).await?;
    if same.is_empty() {
        return Ok(());
    }
    let proof = "INSERT INTO fraud_event (kind, user_id, order_id, at) SELECT 'proof', user_id, order_id, $2 FROM payment WHERE id = $1";
    tx.execute_raw(sql(proof, [payment_id.into(), core.now().into()])).await?;
    // Whoever was forgotten meanwhile is nobody's twin.
    let changed = Undecided::find_by_statement(sql(
        "WITH there AS (SELECT payment_id FROM proof_photo WHERE payment_id = ANY ($2) OR payment_id = $1 FOR KEY SHARE),
              twins AS (INSERT INTO proof_photo_twin (payment_id, other_id)
                        SELECT greatest(t.payment_id, $1), least(t.payment_id, $1) FROM there t
                        WHERE t.payment_id <> $1 AND EXISTS (SELECT FROM there WHERE payment_id = $1) ON CONFLICT DO NOTHING RETURNING payment_id, other_id)
         SELECT DISTINCT p.id FROM twins t JOIN payment p ON p.id IN (t.payment_id, t.other_id) WHERE p.state = 'submitted'",
        [payment_id.into(), same.to_vec().into()],
    ))
    .all(tx)
    .await?;
    for Undecided { id } in changed {
        let notice = Notice::CardChanged { card: Card::Payment, id };
        notifications::tell_staff(tx, core.now(), &notice, Some(format!("alike:{id}:{payment_id}"))).await?;
    }
    Ok(())
}
