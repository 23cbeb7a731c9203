//! Staff whom the owner added.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

/// The roles that the owner gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum StaffRole {
    /// Money.
    #[sea_orm(string_value = "admin")]
    Admin,
    /// Reads and tickets.
    #[sea_orm(string_value = "support")]
    Support,
}

/// A member of staff.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "staff")]
pub struct Model {
    /// Telegram's user id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub telegram_id: i64,
    /// As shown.
    pub name: String,
    /// What they may do.
    pub role: StaffRole,
    /// Who added them.
    pub added_by: i64,
    /// When.
    pub added_at: DateTime<Utc>,
}

/// None are used.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
