//! Updates, stored before Telegram is told that they were taken, and marked done when they were handled.

use chrono::{DateTime, TimeDelta, Utc};
use mela_core::Core;
use mela_core::credentials::{Sealed, VaultError, updates};
use mela_core::db::sql;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr, FromQueryResult};
use serde_json::Value;

/// Where the lanes of people who are about to pay begin: each has one of its own there. Telegram waits ten seconds for the answer.
const CHECKOUTS: i64 = i64::MIN / 2;

/// Failures after which an update is put aside.
pub const PATIENCE: i32 = 5;

/// An update as Telegram sent it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raw {
    /// Its id.
    pub update_id: i64,
    /// The chat in which order is kept.
    pub lane: i64,
    /// The JSON, to the letter: reading and writing it again would lose what the library does not know.
    pub body: String,
}

/// An update that waits in its lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromQueryResult)]
pub struct Ticket {
    /// Which.
    pub update_id: i64,
    /// Where it waits.
    pub lane: i64,
}

/// An update taken up for handling, as it lies in its row.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Taken {
    /// The JSON, where it was stored in clear.
    body: Option<String>,
    key_id: Option<String>,
    nonce: Option<Vec<u8>>,
    sealed: Option<Vec<u8>>,
    /// How often handling it failed before.
    pub attempts: i32,
}

impl Ticket {
    /// Whether Telegram waits for it.
    #[must_use]
    pub fn is_urgent(self) -> bool {
        (CHECKOUTS..CHECKOUTS / 2).contains(&self.lane)
    }
}

impl Taken {
    /// The JSON, opened where it was sealed.
    ///
    /// # Errors
    /// The key is missing or another one; the row was changed by hand.
    pub fn opened(&self, core: &Core, update_id: i64) -> Result<String, VaultError> {
        match (&self.body, &self.key_id, &self.nonce, &self.sealed) {
            (Some(body), ..) => Ok(body.clone()),
            (None, Some(key_id), Some(nonce), Some(sealed)) => {
                let sealed = Sealed { key_id: key_id.clone(), nonce: nonce.clone(), sealed: sealed.clone() };
                updates::open(core, update_id, &sealed)
            }
            _ => Err(VaultError::Forged(update_id)),
        }
    }
}

impl Raw {
    /// Reads the id and the lane; nothing else of it needs to be understood to store it.
    #[must_use]
    pub fn read(body: &str) -> Option<Self> {
        let update: Value = serde_json::from_str(body).ok()?;
        let update_id = update.get("update_id")?.as_i64()?;
        let of = |kind: &str, path: &[&str]| path.iter().try_fold(update.get(kind)?, |at, part| at.get(part))?.as_i64();
        let lane = of("message", &["chat", "id"])
            .or_else(|| of("callback_query", &["message", "chat", "id"]))
            .or_else(|| of("callback_query", &["from", "id"]))
            .or_else(|| of("my_chat_member", &["chat", "id"]))
            // A lane of its own for who types: it waits for nothing that happens in a chat, and is no chat that could be written to.
            .or_else(|| of("inline_query", &["from", "id"]).map(|person| i64::MIN + person.max(0)))
            .or_else(|| of("pre_checkout_query", &["from", "id"]).map(|person| CHECKOUTS + person.max(0)))
            .unwrap_or_default();
        Some(Self { update_id, lane, body: body.to_owned() })
    }
}

/// Stores updates and answers those that were not there yet: a doubled update has no effect. Where the shop has a key they are sealed before they
/// leave the program, so that nothing that people write, credentials least of all, comes into the database's files in clear.
///
/// # Errors
/// The database: nothing is stored then.
pub async fn store(core: &Core, updates: &[Raw]) -> Result<Vec<Ticket>, DbErr> {
    let (mut ids, mut lanes) = (Vec::new(), Vec::new());
    // Empty stands for none: an array of parameters has no NULLs.
    let (mut bodies, mut key_ids, mut nonces, mut sealed) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for update in updates {
        ids.push(update.update_id);
        lanes.push(update.lane);
        match updates::seal(core, update.update_id, &update.body) {
            Ok(row) => {
                bodies.push(String::new());
                key_ids.push(row.key_id);
                nonces.push(row.nonce);
                sealed.push(row.sealed);
            }
            Err(VaultError::NoKey) => {
                bodies.push(update.body.clone());
                key_ids.push(String::new());
                nonces.push(Vec::new());
                sealed.push(Vec::new());
            }
            Err(trouble) => return Err(DbErr::Custom(trouble.to_string())),
        }
    }
    let mut fresh = Ticket::find_by_statement(sql(
        "INSERT INTO inbox (update_id, lane, body, key_id, nonce, sealed, received_at)
         SELECT id, lane, nullif(body, ''), nullif(key_id, ''), nullif(nonce, ''), nullif(sealed, ''), $7
         FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::bytea[], $6::bytea[]) AS u (id, lane, body, key_id, nonce, sealed)
         ON CONFLICT (update_id) DO NOTHING RETURNING update_id, lane",
        [ids.into(), lanes.into(), bodies.into(), key_ids.into(), nonces.into(), sealed.into(), core.now().into()],
    ))
    .all(core.db())
    .await?;
    fresh.sort_unstable_by_key(|ticket| ticket.update_id);
    Ok(fresh)
}

/// Everything that is stored and not handled, in order: what a crash left.
///
/// # Errors
/// The database.
pub async fn pending(db: &DatabaseConnection) -> Result<Vec<Ticket>, DbErr> {
    Ticket::find_by_statement(sql("SELECT update_id, lane FROM inbox WHERE done_at IS NULL AND failed_at IS NULL ORDER BY update_id", []))
        .all(db)
        .await
}

/// An update's content, unless it is handled or put aside already.
///
/// # Errors
/// The database.
pub async fn take(db: &DatabaseConnection, update_id: i64) -> Result<Option<Taken>, DbErr> {
    Taken::find_by_statement(sql(
        "SELECT body, key_id, nonce, sealed, attempts FROM inbox WHERE update_id = $1 AND done_at IS NULL AND failed_at IS NULL",
        [update_id.into()],
    ))
    .one(db)
    .await
}

/// Marks updates done.
///
/// # Errors
/// The database.
pub async fn done(db: &DatabaseConnection, at: DateTime<Utc>, update_ids: &[i64]) -> Result<(), DbErr> {
    db.execute_raw(sql("UPDATE inbox SET done_at = $2 WHERE update_id = ANY ($1)", [update_ids.to_vec().into(), at.into()]))
        .await?;
    Ok(())
}

/// Notes a failure and answers whether it was the last that is borne: the update is put aside then.
///
/// # Errors
/// The database.
pub async fn failed(db: &DatabaseConnection, at: DateTime<Utc>, update_id: i64, error: &str) -> Result<bool, DbErr> {
    let row = db
        .query_one_raw(sql(
            "UPDATE inbox SET attempts = attempts + 1, error = $2, failed_at = CASE WHEN attempts + 1 >= $3 THEN $4::timestamptz END
             WHERE update_id = $1 RETURNING failed_at IS NOT NULL AS aside",
            [update_id.into(), error.into(), PATIENCE.into(), at.into()],
        ))
        .await?;
    row.map_or(Ok(false), |row| row.try_get("", "aside"))
}

/// Forgets what an update said: it held a customer's credentials. What stays is still an update, of no kind.
///
/// # Errors
/// The database.
pub async fn erase(db: &DatabaseConnection, update_id: i64) -> Result<(), DbErr> {
    db.execute_raw(sql(
        "UPDATE inbox SET body = format('{\"update_id\":%s}', update_id), key_id = NULL, nonce = NULL, sealed = NULL WHERE update_id = $1",
        [update_id.into()],
    ))
    .await?;
    Ok(())
}

/// Deletes updates that were handled longer ago than `keep`; answers how many.
///
/// # Errors
/// The database.
pub async fn prune(db: &DatabaseConnection, now: DateTime<Utc>, keep: TimeDelta) -> Result<u64, DbErr> {
    let gone = db.execute_raw(sql("DELETE FROM inbox WHERE done_at < $1", [(now - keep).into()])).await?;
    Ok(gone.rows_affected())
}
