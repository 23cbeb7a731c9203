use super::Movement;
use crate::ledger::{Posting, Shop};
use crate::money::Rupees;

/// What is owed to whom outside the shop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bill {
    /// To whom the plans are bought from.
    Supplier,
    /// Tax withheld from payouts.
    Tds,
    /// Tax in the price.
    Gst,
}

impl Bill {
    /// The account that it stands on.
    #[must_use]
    pub fn account(self) -> Shop {
        match self {
            Self::Supplier => Shop::Supplier,
            Self::Tds => Shop::TdsPayable,
            Self::Gst => Shop::GstPayable,
        }
    }
}

/// A bill or a tax was paid.
#[must_use]
pub fn remitted(remittance_id: i64, reference: &str, bill: Bill, amount: Rupees, actor: &str) -> Posting {
    Posting::new(Movement::Remitted, format!("remittance:{remittance_id}"), actor)
        .memo(reference)
        .debit(bill.account(), amount)
        .credit(Shop::Bank, amount)
}
