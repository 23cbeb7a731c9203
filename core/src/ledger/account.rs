//! The chart of accounts.

use crate::users::UserId;

/// The shop's own accounts. The numbers are those of `ledger.kind_number`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shop {
    /// Money that customers say they sent by UPI, until it is seen at the bank (asset).
    UpiClearing = 1,
    /// The bank account (asset).
    Bank = 3,
    /// Sales (revenue).
    Sales = 4,
    /// What the sold plans cost (expense).
    CostOfSales = 6,
    /// Commissions (expense).
    Commission = 7,
    /// Owed to whom the plans are bought from (liability).
    Supplier = 11,
}

/// The accounts that each person has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Own {
    /// Top-ups and refunds: can be spent, never withdrawn.
    Credit = 16,
    /// Commissions not yet released.
    Held = 17,
    /// Released commissions: can be spent or withdrawn.
    Earned = 18,
    /// The wallet's part of an order whose other part is awaited.
    Reserved = 19,
    /// Withdrawals asked for and not yet settled.
    Withdrawing = 20,
    /// Refunds on their way out.
    Refunding = 21,
    /// What the person owes the shop (the one asset among these).
    Owed = 22,
}

/// Accounts per owner in the numbering: an account's id is `owner * 32 + number`.
const PER_OWNER: i64 = 32;

/// One account. Ids are derived, so a posting needs no look-up, and ascending ids are one lock order for all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountId(pub(crate) i64);

impl From<Shop> for AccountId {
    fn from(kind: Shop) -> Self {
        Self(kind as i64)
    }
}

impl AccountId {
    /// A person's account.
    #[must_use]
    pub fn of(owner: UserId, kind: Own) -> Self {
        Self(owner.0 * PER_OWNER + kind as i64)
    }
}
