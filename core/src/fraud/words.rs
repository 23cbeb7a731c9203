//! What staff ask the people of a flag, and what those say: an answer, or an appeal without having been asked.

use super::flag::{self, Flag, FlagError, FlagState};
use crate::Core;
use crate::audit::{self, Actor};
use crate::db::{Applied, retrying, sql};
use crate::notifications::{self, Card, Letter, Notice};
use crate::users::UserId;
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

/// The longest question or answer, in characters.
pub const LONGEST_WORDS: usize = 1_000;

/// Words about a flag.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Word {
    /// Who was asked, or speaks.
    pub user_id: i64,
    /// Their name.
    pub name: String,
    /// Who of the staff asks; none: they speak themselves.
    pub asked_by: Option<String>,
    /// What.
    pub words: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// What was said about a flag, oldest first: the last `limit`.
///
/// # Errors
/// The database.
pub async fn words_of(db: &impl ConnectionTrait, flag: i64, limit: u64) -> Result<Vec<Word>, DbErr> {
    let text = "SELECT w.user_id, u.name, w.asked_by, w.words, w.at FROM flag_word w JOIN users u ON u.id = w.user_id WHERE w.flag_id = $1 ORDER BY w.id DESC LIMIT $2";
    let mut words = Word::find_by_statement(sql(text, [flag.into(), limit.cast_signed().into()])).all(db).await?;
    words.reverse();
    Ok(words)
}

/// Asks a person about a flag, in their chat. `key` says where the question came from: the same again is the same.
///
/// # Errors
/// It was decided before; no words, or too many.
pub async fn ask(core: &Core, flag: i64, person: UserId, by: &Actor, question: &str, key: &str) -> Result<Applied<Flag>, FlagError> {
    said(core, flag, person, Some(by), question, key).await
}

/// Writes down what a person says to a flag that touches them, and puts it on its card.
///
/// # Errors
/// It was decided before; no words, or too many; it does not touch them.
pub async fn answer(core: &Core, flag: i64, person: UserId, words: &str, key: &str) -> Result<Applied<Flag>, FlagError> {
    said(core, flag, person, None, words, key).await
}

async fn said(core: &Core, id: i64, person: UserId, by: Option<&Actor>, words: &str, key: &str) -> Result<Applied<Flag>, FlagError> {
    let words = words.trim();
    if !(1..=LONGEST_WORDS).contains(&words.chars().count()) {
        return Err(FlagError::Reason);
    }
    retrying(|| async {
        let tx = core.begin().await?;
        let now = core.now();
        let known = tx
            .execute_raw(sql(
                "INSERT INTO flag_word (flag_id, user_id, asked_by, words, key, at)
                 SELECT f.id, p.user_id, $3, $4, $5, $6 FROM flag f JOIN flag_person p ON p.flag_id = f.id AND p.user_id = $2 WHERE f.id = $1 AND f.state = 'open'
                 ON CONFLICT (key) DO NOTHING",
                [id.into(), person.0.into(), by.map(|by| by.name.clone()).into(), words.into(), key.into(), now.into()],
            ))
            .await?;
        let found = flag::get(&tx, id).await?;
        if known.rows_affected() == 0 {
            let before = tx.query_one_raw(sql("SELECT 1 AS n FROM flag_word WHERE key = $1", [key.into()])).await?;
            return match before {
                Some(_) => Ok(Applied::Already(found)),
                None if found.state == FlagState::Open => Err(FlagError::NotTheirs),
                None => Err(FlagError::Decided(Box::new(found))),
            };
        }
        let mut letters = vec![Letter { to: None, notice: Notice::CardChanged { card: Card::Flag, id }, dedupe_key: None }];
        if let Some(by) = by {
            letters.push(Letter::to(person, Notice::FraudQuestion { flag: id, question: words.to_owned() }));
            audit::record(&tx, now, by, "fraud.ask", &format!("F-{}", found.code), words).await?;
        }
        notifications::tell_all(&tx, now, &letters).await?;
        tx.commit().await?;
        Ok(Applied::Now(found))
    })
    .await
}
