use super::Movement;
use crate::ledger::{Posting, Shop};
use crate::money::Rupees;

/// Money was seen at the bank; what for is not known yet.
#[must_use]
pub fn credit_seen(bank_ref: &str, amount: Rupees) -> Posting {
    Posting::new(Movement::CreditSeen, format!("credit:{bank_ref}"), "bank")
        .memo(bank_ref)
        .debit(Shop::Bank, amount)
        .credit(Shop::Unmatched, amount)
}
