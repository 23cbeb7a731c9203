//! Commissions.

use crate::money::Rupees;
use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

/// Where a commission stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum CommissionState {
    /// On hold.
    #[sea_orm(string_value = "held")]
    Held,
    /// Withdrawable.
    #[sea_orm(string_value = "released")]
    Released,
    /// Taken back.
    #[sea_orm(string_value = "cancelled")]
    Cancelled,
}

/// What one sale earns one person: unique by order and level. A view: where it stands is told by the purse's mark.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "commission_now")]
pub struct Model {
    /// Row id.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Of which sale.
    pub order_id: i64,
    /// 1: the buyer's referrer; 2: the referrer's referrer.
    pub level: i16,
    /// Who bought.
    pub buyer_id: i64,
    /// Who earns: never the buyer.
    pub beneficiary_id: i64,
    /// How much.
    pub amount: Rupees,
    /// Of it, taken back.
    pub reversed: Rupees,
    /// When the hold ends.
    pub release_at: DateTime<Utc>,
    /// When the sale was paid.
    pub created_at: DateTime<Utc>,
    /// When it was taken back for fraud.
    pub cancelled_at: Option<DateTime<Utc>>,
    /// Where it stands.
    pub state: CommissionState,
}

/// None are used.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
