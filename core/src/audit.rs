//! Who of the staff did what, for ever.

use crate::db::sql;
use crate::users::User;
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, Statement};

/// Who does something, as a verb's author: mostly a member of staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Telegram's user id.
    pub telegram_id: i64,
    /// As shown on cards.
    pub name: String,
}

impl Actor {
    /// A customer who does something with their own money. Named by their number in our books, below zero: what is written down for ever tells nothing of
    /// who they are at Telegram, so that they can be forgotten.
    #[must_use]
    pub fn customer(person: &User) -> Self {
        Self { telegram_id: -person.id, name: "the customer".to_owned() }
    }

    /// The program itself, by what it heard from `whom`: the bank, a gateway.
    #[must_use]
    pub fn program(whom: &str) -> Self {
        Self { telegram_id: 0, name: whom.to_owned() }
    }

    /// As the ledger names them: by Telegram's id.
    #[must_use]
    pub fn ledger_name(&self) -> String {
        format!("by:{}", self.telegram_id)
    }
}

/// Writes down what someone did, in the transaction in which they did it. `action` is a verb such as `payment.approve`, `subject`
/// what people quote (`O-…`, `W-…`, a setting's key).
///
/// # Errors
/// The database.
pub async fn record(db: &impl ConnectionTrait, at: DateTime<Utc>, by: &Actor, action: &str, subject: &str, detail: &str) -> Result<(), DbErr> {
    db.execute_raw(recording(at, by, action, subject, detail)).await?;
    Ok(())
}

/// The statement of [`record`].
pub(crate) fn recording(at: DateTime<Utc>, by: &Actor, action: &str, subject: &str, detail: &str) -> Statement {
    sql(
        "INSERT INTO audit (at, actor_id, actor_name, action, subject, detail) VALUES ($1, $2, $3, $4, $5, $6)",
        [at.into(), by.telegram_id.into(), by.name.clone().into(), action.into(), subject.into(), detail.into()],
    )
}
