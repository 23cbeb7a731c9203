//! Withdrawals.

use crate::code::ShortCode;
use crate::money::Rupees;
use crate::users::UserId;
use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

/// Where a withdrawal stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum WithdrawalState {
    /// Asked for; the amount is set aside.
    #[sea_orm(string_value = "asked")]
    Asked,
    /// Approved; to be paid.
    #[sea_orm(string_value = "approved")]
    Approved,
    /// Paid, with the payout's UTR.
    #[sea_orm(string_value = "paid")]
    Paid,
    /// Refused, with a reason; the money is back.
    #[sea_orm(string_value = "rejected")]
    Rejected,
    /// Approved but could not be paid; the money is back.
    #[sea_orm(string_value = "failed")]
    Failed,
    /// Paid, and it came back; the money is back.
    #[sea_orm(string_value = "returned")]
    Returned,
}

/// A person's wish to be paid what they earned.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "withdrawal")]
pub struct Model {
    /// Row id.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Shown as `W-…`.
    pub code: ShortCode,
    /// Whose.
    pub user_id: i64,
    /// The UPI id to pay to, canonical.
    pub vpa: String,
    /// How much.
    pub amount: Rupees,
    /// Where it stands.
    pub state: WithdrawalState,
    /// The draft it came from: confirming twice is asking once.
    pub key: String,
    /// When it was asked for.
    pub asked_at: DateTime<Utc>,
    /// When it was approved or rejected.
    pub decided_at: Option<DateTime<Utc>>,
    /// By which member of staff.
    pub decided_by: Option<i64>,
    /// Their name then.
    pub decided_by_name: Option<String>,
    /// When it was paid, or found unpayable.
    pub settled_at: Option<DateTime<Utc>>,
    /// By which member of staff.
    pub settled_by: Option<i64>,
    /// Their name then.
    pub settled_by_name: Option<String>,
    /// The payout's bank reference.
    pub payout_utr: Option<String>,
    /// Why it was rejected or could not be paid.
    pub reason: Option<String>,
    /// Tax withheld of the amount.
    pub tds: Rupees,
    /// When it came back from the bank.
    pub returned_at: Option<DateTime<Utc>>,
    /// Who approved it first, where two must.
    pub first_by: Option<i64>,
    /// Their name then.
    pub first_by_name: Option<String>,
    /// When.
    pub first_at: Option<DateTime<Utc>>,
    /// The file for the bank that it was last given in.
    pub batch_id: Option<i64>,
}

/// None are used.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// Whose, typed.
    #[must_use]
    pub fn owner(&self) -> UserId {
        UserId(self.user_id)
    }

    /// What is paid: the amount less the tax withheld.
    #[must_use]
    pub fn net(&self) -> Rupees {
        self.amount - self.tds
    }
}
