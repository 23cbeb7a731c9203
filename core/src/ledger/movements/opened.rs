use super::Movement;
use crate::ledger::{Posting, Shop};
use crate::money::Rupees;

/// What stood in the bank when the books were opened: once.
#[must_use]
pub fn opened(amount: Rupees, actor: &str) -> Posting {
    Posting::new(Movement::Opened, "opening".to_owned(), actor).debit(Shop::Bank, amount).credit(Shop::Opening, amount)
}
