use super::Movement;
use crate::ledger::{AccountId, Own, Posting};
use crate::money::Rupees;
use crate::users::UserId;

/// A withdrawal that was refused or could not be paid goes back: first to what is owed, then to earned.
/// Shares its key with [`super::withdrawal_paid`]: a withdrawal settles once.
#[must_use]
pub fn withdrawal_refused(withdrawal_id: i64, code: &str, person: UserId, amount: Rupees, owed: Rupees, actor: &str) -> Posting {
    Posting::new(Movement::WithdrawalRefused, format!("withdrawal:{withdrawal_id}:settled"), actor)
        .memo(format!("W-{code}"))
        .debit(AccountId::of(person, Own::Withdrawing), amount)
        .credit_earned(person, amount, owed)
}
