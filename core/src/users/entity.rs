//! People.

use crate::code::ShortCode;
use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

/// A person's id in our own books, not Telegram's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, DeriveValueType)]
pub struct UserId(pub i64);

/// A person who has ever written to the bot.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "users")]
pub struct Model {
    /// Ours.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Telegram's, and the id of their private chat.
    pub telegram_id: i64,
    /// As Telegram shows it, without control characters.
    pub name: String,
    /// Without the @.
    pub username: Option<String>,
    /// The language they read: one of [`super::LANGUAGES`].
    pub language: String,
    /// Whether they chose it; until then it follows their app's.
    pub language_chosen: bool,
    /// Their referral code.
    pub code: ShortCode,
    /// Who brought them: bound once and for good.
    pub referred_by: Option<i64>,
    /// The update that registered them: its re-run after a crash greets them as new again.
    pub first_update_id: i64,
    /// False once they blocked the bot.
    pub reachable: bool,
    /// When they first wrote.
    pub joined_at: DateTime<Utc>,
    /// When they had their data deleted: the row is for the books alone.
    pub erased_at: Option<DateTime<Utc>>,
    /// When staff blocked them: they buy, and neither earn nor withdraw.
    pub blocked_at: Option<DateTime<Utc>>,
    /// Why.
    pub blocked_reason: Option<String>,
}

/// None are used: joins are written where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// The id, typed.
    #[must_use]
    pub fn user_id(&self) -> UserId {
        UserId(self.id)
    }
}
