use super::{Movement, Till};
use crate::ledger::{Posting, Shop};
use crate::money::Rupees;

/// Money was seen; what for is not known yet.
#[must_use]
pub fn credit_seen(till: Till, bank_ref: &str, amount: Rupees) -> Posting {
    Posting::new(Movement::CreditSeen, format!("credit:{bank_ref}"), if till == Till::Bank { "bank" } else { "gateway" })
        .memo(bank_ref)
        .debit(till.account(), amount)
        .credit(Shop::Unmatched, amount)
}
