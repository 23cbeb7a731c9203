use super::Movement;
use crate::ledger::{AccountId, Own, Posting, Shop};
use crate::money::Rupees;
use crate::users::UserId;

/// A withdrawal that left the bank, less the tax withheld. Shares its key with [`super::withdrawal_refused`]: a withdrawal settles once.
#[must_use]
pub fn withdrawal_paid(withdrawal_id: i64, code: &str, person: UserId, amount: Rupees, tds: Rupees, actor: &str) -> Posting {
    Posting::new(Movement::WithdrawalPaid, format!("withdrawal:{withdrawal_id}:settled"), actor)
        .memo(format!("W-{code}"))
        .debit(AccountId::of(person, Own::Withdrawing), amount)
        .credit(Shop::Bank, amount - tds)
        .credit(Shop::TdsPayable, tds)
}
