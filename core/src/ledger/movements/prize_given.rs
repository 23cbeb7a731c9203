use super::Movement;
use crate::ledger::{AccountId, Own, Posting, Shop};
use crate::money::Rupees;
use crate::users::UserId;

/// A prize: it can be spent, never withdrawn.
#[must_use]
pub fn prize_given(prize_id: i64, reason: &str, person: UserId, amount: Rupees, actor: &str) -> Posting {
    Posting::new(Movement::PrizeGiven, format!("prize:{prize_id}"), actor)
        .memo(reason)
        .debit(Shop::Promotion, amount)
        .credit(AccountId::of(person, Own::Credit), amount)
}
