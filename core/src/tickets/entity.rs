//! Tickets as they lie in their table.

use crate::code::ShortCode;
use chrono::{DateTime, Utc};
use sea_orm::FromQueryResult;
use sea_orm::entity::prelude::*;

/// What does not work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Reason {
    /// The password is refused.
    #[sea_orm(string_value = "password")]
    Password,
    /// Too many watch at once.
    #[sea_orm(string_value = "screens")]
    Screens,
    /// The account is over.
    #[sea_orm(string_value = "expired")]
    Expired,
    /// Something else, in words.
    #[sea_orm(string_value = "other")]
    Other,
}

/// Where a ticket stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum TicketState {
    /// Staff are to do something.
    #[sea_orm(string_value = "open")]
    Open,
    /// Replaced, or to be replaced as soon as stock comes.
    #[sea_orm(string_value = "replaced")]
    Replaced,
    /// Closed without that.
    #[sea_orm(string_value = "closed")]
    Closed,
}

/// A complaint.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Ticket {
    /// Row id.
    pub id: i64,
    /// Shown as `T-…`.
    pub code: ShortCode,
    /// About which subscription.
    pub subscription_id: i64,
    /// Whose.
    pub user_id: i64,
    /// What does not work.
    pub reason: Reason,
    /// In words, where it is something else.
    pub words: Option<String>,
    /// The slot that it is about, of plans that are delivered from stock.
    pub slot_id: Option<i64>,
    /// Where it stands.
    pub state: TicketState,
    /// When it was opened.
    pub opened_at: DateTime<Utc>,
    /// Whether the whole account was taken off the shelf with it.
    pub account_retired: bool,
    /// When it was settled.
    pub decided_at: Option<DateTime<Utc>>,
    /// By whom: their name then.
    pub decided_by_name: Option<String>,
    /// When staff wrote to its owner last.
    pub answered_at: Option<DateTime<Utc>>,
    /// Who did.
    pub answered_by_name: Option<String>,
}
