use crate::ledger::{AccountId, Own, Posting, Shop};
use crate::money::Rupees;
use crate::users::UserId;

/// A withdrawal that left the bank. Shares its key with [`super::withdrawal_refused`]: a withdrawal settles once.
#[must_use]
pub fn withdrawal_paid(withdrawal_id: i64, code: &str, person: UserId, amount: Rupees, actor: &str) -> Posting {
    Posting::new("withdrawal_paid", format!("withdrawal:{withdrawal_id}:settled"), actor)
        .memo(format!("W-{code}"))
        .debit(AccountId::of(person, Own::Withdrawing), amount)
        .credit(Shop::Bank, amount)
}
