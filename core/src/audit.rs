//! Who of the staff did what, for ever.

use crate::db::sql;
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr};

/// A member of staff, as a verb's author.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Telegram's user id.
    pub telegram_id: i64,
    /// As shown on cards.
    pub name: String,
}

impl Actor {
    /// As the ledger names them.
    #[must_use]
    pub fn ledger_name(&self) -> String {
        format!("staff:{}", self.telegram_id)
    }
}

/// Writes down what someone did, in the transaction in which they did it. `action` is a verb such as `payment.approve`, `subject`
/// what people quote (`O-…`, `W-…`, a setting's key).
///
/// # Errors
/// The database.
pub async fn record(db: &impl ConnectionTrait, at: DateTime<Utc>, by: &Actor, action: &str, subject: &str, detail: &str) -> Result<(), DbErr> {
    db.execute_raw(sql(
        "INSERT INTO audit (at, actor_id, actor_name, action, subject, detail) VALUES ($1, $2, $3, $4, $5, $6)",
        [at.into(), by.telegram_id.into(), by.name.clone().into(), action.into(), subject.into(), detail.into()],
    ))
    .await?;
    Ok(())
}
