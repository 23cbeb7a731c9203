//! What a strong flag holds: a person's money as a whole (their purse is frozen: nothing is released, spent from what is earned, or paid out), or single
//! commissions (their release is put off until staff decide). Both end by themselves with the last flag that holds them.

use crate::db::{Tx, sql};
use crate::purses;
use crate::users::UserId;
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

/// When a commission on hold is released: when nobody lives. Its own time lies with the flag.
pub const FAR: DateTime<Utc> = DateTime::from_timestamp_nanos(9_000_000_000_000_000_000);

/// Whether a person's money is on hold as a whole.
///
/// # Errors
/// The database.
pub async fn is_frozen(db: &impl ConnectionTrait, person: UserId) -> Result<bool, DbErr> {
    let row = db.query_one_raw(sql("SELECT frozen FROM purse WHERE user_id = $1", [person.0.into()])).await?;
    row.map_or(Ok(false), |row| row.try_get("", "frozen"))
}

/// Freezes the purses of these people, or lets them go, as their flags and their own state say. The purses are locked.
pub(super) async fn settle_purses(tx: &Tx, people: &[UserId]) -> Result<(), DbErr> {
    let people: Vec<i64> = people.iter().map(|person| person.0).collect();
    tx.execute_raw(sql(
        "UPDATE purse p SET frozen = NOT p.frozen FROM (
           SELECT u.id, u.blocked_at IS NOT NULL OR EXISTS (
             SELECT FROM flag_person fp JOIN flag f ON f.id = fp.flag_id WHERE fp.user_id = u.id AND fp.freezes AND f.state = 'open' AND f.strong) AS frozen
           FROM users u WHERE u.id = ANY ($1)) now
         WHERE p.user_id = now.id AND p.frozen <> now.frozen",
        [people.into()],
    ))
    .await?;
    Ok(())
}

/// Whose these commissions are.
pub(super) async fn beneficiaries(tx: &Tx, commissions: &[i64]) -> Result<Vec<UserId>, DbErr> {
    #[derive(FromQueryResult)]
    struct Person {
        beneficiary_id: i64,
    }
    let text = "SELECT DISTINCT beneficiary_id FROM commission WHERE id = ANY ($1) ORDER BY 1";
    let people = Person::find_by_statement(sql(text, [commissions.to_vec().into()])).all(tx).await?;
    Ok(people.into_iter().map(|person| UserId(person.beneficiary_id)).collect())
}

/// Puts these commissions under a flag: the release of those that are held is put off. Of whom one was released before, the purse is frozen: the money is in
/// it. Answers these people. The purses are locked.
pub(super) async fn put_off(tx: &Tx, flag: i64, commissions: &[i64]) -> Result<Vec<i64>, DbErr> {
    #[derive(FromQueryResult)]
    struct Person {
        beneficiary_id: i64,
    }
    let values = [flag.into(), commissions.to_vec().into(), FAR.into()];
    tx.execute_raw(sql(
        "INSERT INTO flag_commission (flag_id, commission_id, release_at)
         SELECT $1, c.id, CASE WHEN c.release_at < $3 THEN c.release_at
                               ELSE coalesce((SELECT min(o.release_at) FROM flag_commission o WHERE o.commission_id = c.id), c.created_at) END
         FROM commission c WHERE c.id = ANY ($2) ON CONFLICT DO NOTHING",
        values,
    ))
    .await?;
    let released = "SELECT DISTINCT beneficiary_id FROM commission_now WHERE id = ANY ($1) AND state = 'released' AND reversed < amount ORDER BY 1";
    let released = Person::find_by_statement(sql(released, [commissions.to_vec().into()])).all(tx).await?;
    tx.execute_raw(sql(
        "UPDATE commission c SET release_at = $2 FROM purse p
         WHERE c.id = ANY ($1) AND p.user_id = c.beneficiary_id AND c.release_at > p.released_through AND c.release_at < $2",
        [commissions.to_vec().into(), FAR.into()],
    ))
    .await?;
    Ok(released.into_iter().map(|person| person.beneficiary_id).collect())
}

/// Ends what a flag held, except what another open flag holds, too: each commission is due when it would have been, or at once. The purses are locked, and the
/// flag is decided.
pub(super) async fn let_go(tx: &Tx, flag: i64) -> Result<(), DbErr> {
    tx.execute_raw(sql(
        "WITH free AS (
           UPDATE commission c SET release_at = greatest(held.release_at, p.released_through + interval '1 microsecond')
           FROM flag_commission held, purse p
           WHERE held.flag_id = $1 AND c.id = held.commission_id AND p.user_id = c.beneficiary_id AND c.release_at = $2
             AND NOT EXISTS (SELECT FROM flag_commission o JOIN flag f ON f.id = o.flag_id WHERE o.commission_id = c.id AND f.id <> $1 AND f.state = 'open' AND f.strong)
           RETURNING c.beneficiary_id, c.release_at
         )
         UPDATE purse p SET next_release_at = least(p.next_release_at, due.at)
         FROM (SELECT beneficiary_id, min(release_at) AS at FROM free GROUP BY 1) due WHERE p.user_id = due.beneficiary_id",
        [flag.into(), FAR.into()],
    ))
    .await?;
    Ok(())
}

/// Locks the purses of these people, in their order.
pub(super) async fn lock(tx: &Tx, mut people: Vec<UserId>) -> Result<Vec<UserId>, DbErr> {
    people.sort_unstable();
    people.dedup();
    purses::lock(tx, &people).await?;
    Ok(people)
}
