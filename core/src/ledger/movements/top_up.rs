use super::{Clearing, Movement};
use crate::ledger::{AccountId, Own, Posting};
use crate::money::Rupees;
use crate::users::UserId;

/// Money from outside into the wallet: it can be spent, never withdrawn. `reference` is the payment's own key.
#[must_use]
pub fn top_up(reference: &str, person: UserId, amount: Rupees, clearing: Clearing, actor: &str) -> Posting {
    Posting::new(Movement::TopUp, format!("payment:{reference}"), actor)
        .debit(clearing, amount)
        .credit(AccountId::of(person, Own::Credit), amount)
}
