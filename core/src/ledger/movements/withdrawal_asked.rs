use super::Movement;
use crate::ledger::{AccountId, Own, Posting};
use crate::money::Rupees;
use crate::users::UserId;

/// The amount is set aside at the moment of asking: it cannot be asked for, or spent, twice.
#[must_use]
pub fn withdrawal_asked(withdrawal_id: i64, code: &str, person: UserId, amount: Rupees) -> Posting {
    Posting::new(Movement::WithdrawalAsked, format!("withdrawal:{withdrawal_id}:asked"), &format!("user:{}", person.0))
        .memo(format!("W-{code}"))
        .debit(AccountId::of(person, Own::Earned), amount)
        .credit(AccountId::of(person, Own::Withdrawing), amount)
}
