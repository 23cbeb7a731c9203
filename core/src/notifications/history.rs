//! What a person was told, and what of it they have not looked at.

use super::Notice;
use crate::Core;
use crate::db::sql;
use crate::users::UserId;
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

/// One notice of a person's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Its row: pages begin below one.
    pub id: i64,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// What was told; nothing where another version of the program wrote it.
    pub notice: Option<Notice>,
    /// Whether they have not looked at it here.
    pub unread: bool,
}

#[derive(FromQueryResult)]
struct Row {
    id: i64,
    created_at: DateTime<Utc>,
    args: serde_json::Value,
    read_at: Option<DateTime<Utc>>,
}

#[derive(FromQueryResult)]
struct Count {
    count: i64,
}

/// Unread notices that are counted at most.
pub const UNREAD_AT_MOST: i64 = 100;

/// A page of what a person was told, sent or muted, newest first; below a row, if one is named.
///
/// # Errors
/// The database.
pub async fn history(db: &impl ConnectionTrait, person: UserId, below: Option<i64>, limit: u64) -> Result<Vec<Told>, DbErr> {
    let rows = Row::find_by_statement(sql(
        "SELECT id, created_at, args, read_at FROM notification WHERE user_id = $1 AND sent_at IS NOT NULL AND id < $2 ORDER BY id DESC LIMIT $3",
        [person.0.into(), below.unwrap_or(i64::MAX).into(), limit.cast_signed().into()],
    ))
    .all(db)
    .await?;
    let told = |row: Row| Told { id: row.id, at: row.created_at, notice: serde_json::from_value(row.args).ok(), unread: row.read_at.is_none() };
    Ok(rows.into_iter().map(told).collect())
}

/// Remembers that a person has looked at these of their notices.
///
/// # Errors
/// The database.
pub async fn mark_read(core: &Core, person: UserId, ids: Vec<i64>) -> Result<(), DbErr> {
    core.db()
        .execute_raw(sql(
            "UPDATE notification SET read_at = $3 WHERE user_id = $1 AND id = ANY ($2) AND sent_at IS NOT NULL AND read_at IS NULL",
            [person.0.into(), ids.into(), core.now().into()],
        ))
        .await?;
    Ok(())
}

/// How many notices a person has not looked at, up to [`UNREAD_AT_MOST`].
///
/// # Errors
/// The database.
pub async fn unread(db: &impl ConnectionTrait, person: UserId) -> Result<i64, DbErr> {
    let count = Count::find_by_statement(sql(
        "SELECT count(*) AS count FROM (SELECT 1 FROM notification WHERE user_id = $1 AND sent_at IS NOT NULL AND read_at IS NULL LIMIT $2) unread",
        [person.0.into(), UNREAD_AT_MOST.into()],
    ))
    .one(db)
    .await?;
    Ok(count.map_or(0, |c| c.count))
}
