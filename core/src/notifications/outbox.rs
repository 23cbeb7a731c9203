//! The sender's side of the outbox: claim, send, settle. At least once; never out of order for one person.
//!
//! Leases and pauses are the machinery's own time, so they follow the database's clock, which all processes share; the shop's clock,
//! which a press can move in the sandbox, says when something happened, not when a retry is due.

use super::{Notice, PILE_UP, QuietHours};
use crate::Core;
use crate::db::{retrying, sql};
use chrono::TimeDelta;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use std::collections::HashSet;

/// Notices that become one message at most.
const PILE: i64 = 5_000;

/// Notices of one chat to be told as one message: several only where the kind piles up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    /// Rows, for [`settle`].
    pub ids: Vec<i64>,
    /// Whose; `None` is the admin chat.
    pub user_id: Option<i64>,
    /// Oldest first; all of one kind.
    pub notices: Vec<Notice>,
    /// How often it was tried before.
    pub attempts: i32,
}

/// What became of an attempt to tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Telegram took it.
    Sent,
    /// To be tried again after this time.
    Later(TimeDelta),
    /// Never to be tried again, and why.
    Dropped(String),
}

impl Outcome {
    /// In one word, for counting.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Later(_) => "later",
            Self::Dropped(_) => "dropped",
        }
    }
}

#[derive(FromQueryResult)]
struct Row {
    id: i64,
    user_id: Option<i64>,
    kind: String,
    args: serde_json::Value,
    attempts: i32,
}

/// Reminders take their place again, except in a chat that is being written to: the oldest of a chat tells whether it is.
const LET_GO: &str = "
UPDATE notification h SET held = NULL WHERE h.held AND NOT EXISTS (
  SELECT 1 FROM notification n WHERE coalesce(n.user_id, 0) = coalesce(h.user_id, 0) AND n.sent_at IS NULL AND n.dropped IS NULL AND n.held IS NULL
    AND n.claimed_until > now())";

/// The oldest due notice of each chat that nobody is writing to, for up to `chats` chats; where the kind piles up, the others of
/// that kind with it. A claim holds for twenty seconds: a sender that died frees its notices
/// then. Sending one must take less (the Bot API client gives up after ten). Reminders that are held are let go unless it is quiet, by the shop's clock.
///
/// # Errors
/// The database.
pub async fn claim(core: &Core, chats: u32) -> Result<Vec<Claimed>, DbErr> {
    let quiet = QuietHours::of(&*core.settings().await?).hold(core.now());
    retrying(|| async {
        let tx = core.begin().await?;
        // One claimer at a time: two must not take two notices of the same chat at once and swap them.
        if tx.query_one_raw(sql("SELECT 1 WHERE pg_try_advisory_xact_lock(hashtext('mela.outbox'))", [])).await?.is_none() {
            tx.rollback().await?;
            return Ok(Vec::new());
        }
        if !quiet {
            tx.execute_raw(sql(LET_GO, [])).await?;
        }
        let rows = Row::find_by_statement(sql(
            "WITH RECURSIVE waiting (chat) AS (
               (SELECT coalesce(user_id, 0) FROM notification WHERE sent_at IS NULL AND dropped IS NULL AND held IS NULL ORDER BY coalesce(user_id, 0) LIMIT 1)
               UNION ALL
               SELECT (SELECT coalesce(n.user_id, 0) FROM notification n WHERE n.sent_at IS NULL AND n.dropped IS NULL AND n.held IS NULL AND coalesce(n.user_id, 0) > waiting.chat
                       ORDER BY coalesce(n.user_id, 0) LIMIT 1)
               FROM waiting WHERE waiting.chat IS NOT NULL
             ), head AS (
               SELECT waiting.chat, h.id, h.kind FROM waiting CROSS JOIN LATERAL (
                 SELECT n.id, n.kind, n.not_before, n.claimed_until FROM notification n
                 WHERE coalesce(n.user_id, 0) = waiting.chat AND n.sent_at IS NULL AND n.dropped IS NULL AND n.held IS NULL ORDER BY n.id LIMIT 1) h
               WHERE h.not_before <= now() AND (h.claimed_until IS NULL OR h.claimed_until <= now())
               ORDER BY h.id LIMIT $1
             ), due AS (
               SELECT p.id FROM head CROSS JOIN LATERAL (
                 SELECT n.id FROM notification n
                 WHERE coalesce(n.user_id, 0) = head.chat AND n.sent_at IS NULL AND n.dropped IS NULL AND n.held IS NULL
                   AND (n.id = head.id OR (n.kind = head.kind AND n.kind = ANY ($2) AND n.not_before <= now()))
                 ORDER BY n.id LIMIT $3) p
             )
             UPDATE notification n SET claimed_until = now() + interval '20 seconds', attempts = n.attempts + 1 FROM due WHERE n.id = due.id
             RETURNING n.id, n.user_id, n.kind, n.args, n.attempts - 1 AS attempts",
            [
                i64::from(chats).into(),
                PILE_UP.map(str::to_owned).to_vec().into(),
                PILE.into(),
            ],
        ))
        .all(&tx)
        .await?;
        tx.commit().await?;
        Ok(group(rows))
    })
    .await
}

fn group(mut rows: Vec<Row>) -> Vec<Claimed> {
    rows.sort_by_key(|row| row.id);
    let mut claimed: Vec<Claimed> = Vec::new();
    let mut seen = HashSet::new();
    for row in rows {
        let notice = match serde_json::from_value(row.args) {
            Ok(notice) => notice,
            // Written by another version of the program: an operator must see it, the rest goes on.
            Err(error) => Notice::Alarm { text: format!("notification {} of kind {} cannot be read: {error}", row.id, row.kind) },
        };
        if seen.insert(row.user_id) {
            claimed.push(Claimed { ids: vec![row.id], user_id: row.user_id, notices: vec![notice], attempts: row.attempts });
        } else if let Some(pile) = claimed.iter_mut().find(|c| c.user_id == row.user_id) {
            pile.ids.push(row.id);
            pile.notices.push(notice);
        }
    }
    claimed
}

/// Frees everything that is claimed and not settled. Only for a caller who knows that whoever claimed it has died.
///
/// # Errors
/// The database.
pub async fn free(core: &Core) -> Result<u64, DbErr> {
    let freed = core
        .db()
        .execute_raw(sql(
            "UPDATE notification SET claimed_until = NULL WHERE sent_at IS NULL AND dropped IS NULL AND claimed_until IS NOT NULL",
            [],
        ))
        .await?;
    Ok(freed.rows_affected())
}

/// Writes down what became of a claim.
///
/// # Errors
/// The database.
pub async fn settle(core: &Core, claimed: &Claimed, outcome: &Outcome) -> Result<(), DbErr> {
    let ids = claimed.ids.clone();
    let statement = match outcome {
        Outcome::Sent => sql("UPDATE notification SET sent_at = $2, claimed_until = NULL WHERE id = ANY ($1)", [ids.into(), core.now().into()]),
        Outcome::Later(wait) => sql(
            "UPDATE notification SET not_before = now() + $2 * interval '1 millisecond', claimed_until = NULL WHERE id = ANY ($1)",
            [ids.into(), wait.num_milliseconds().max(0).into()],
        ),
        Outcome::Dropped(why) => {
            sql("UPDATE notification SET dropped = $2, claimed_until = NULL WHERE id = ANY ($1)", [ids.into(), why.clone().into()])
        }
    };
    core.db().execute_raw(statement).await?;
    Ok(())
}
