//! Proofs of payment and what staff decided on them.

use crate::ledger::movements::Clearing;
use crate::money::Rupees;
use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

/// How a payment comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Method {
    /// By UPI to the shop's own id.
    #[sea_orm(string_value = "upi")]
    Upi,
    /// Through a gateway.
    #[sea_orm(string_value = "gateway")]
    Gateway,
    /// From the payer's wallet, all of it.
    #[sea_orm(string_value = "wallet")]
    Wallet,
    /// In Telegram Stars. The amount is still the order's, in rupees.
    #[sea_orm(string_value = "stars")]
    Stars,
}

impl Method {
    /// Where the money waits until it is seen at the bank. From a wallet nothing comes in.
    #[must_use]
    pub fn clearing(self) -> Option<Clearing> {
        match self {
            Self::Upi => Some(Clearing::Upi),
            // Telegram keeps Stars for the shop as a gateway does.
            Self::Gateway | Self::Stars => Some(Clearing::Gateway),
            Self::Wallet => None,
        }
    }
}

/// Where a proof stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum PaymentState {
    /// Being checked.
    #[sea_orm(string_value = "submitted")]
    Submitted,
    /// The money has come.
    #[sea_orm(string_value = "confirmed")]
    Confirmed,
    /// Refused, with a reason.
    #[sea_orm(string_value = "rejected")]
    Rejected,
}

/// A customer's claim to have paid an order, with its proof.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "payment")]
pub struct Model {
    /// Row id.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// For which order; none: for the payer's wallet.
    pub order_id: Option<i64>,
    /// How it was paid.
    pub method: Method,
    /// How much: the order's price, less what the wallet pays beside it.
    pub amount: Rupees,
    /// The bank's reference, twelve digits.
    pub utr: Option<String>,
    /// The screenshot, for sending it on.
    pub photo_file_id: Option<String>,
    /// The screenshot, for recognising it.
    pub photo_unique_id: Option<String>,
    /// It came after the order had ended.
    pub late: bool,
    /// Where it stands.
    pub state: PaymentState,
    /// Where it came from: the same message is one payment.
    pub key: String,
    /// When it came.
    pub submitted_at: DateTime<Utc>,
    /// When it was decided.
    pub decided_at: Option<DateTime<Utc>>,
    /// By which member of staff.
    pub decided_by: Option<i64>,
    /// Their name then.
    pub decided_by_name: Option<String>,
    /// Why it was rejected.
    pub reason: Option<String>,
    /// Who pays.
    pub user_id: i64,
    /// Which gateway took it: `razorpay`, `cashfree`, `stars`.
    pub gateway: Option<String>,
    /// The gateway's own id of it.
    pub gateway_ref: Option<String>,
    /// The payer's UPI id, where the gateway or the bank told it.
    pub payer: Option<String>,
    /// The credit that it was made from, where nobody had sent a proof.
    pub credit_id: Option<i64>,
}

/// None are used.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Stands for the screenshot of someone who had their data deleted (`privacy::erase` writes it): there was one.
const ERASED: &str = "erased";

impl Model {
    /// The screenshot, for sending it on, while it is to be had.
    #[must_use]
    pub fn photo(&self) -> Option<&str> {
        self.photo_file_id.as_deref().filter(|id| *id != ERASED)
    }
}
