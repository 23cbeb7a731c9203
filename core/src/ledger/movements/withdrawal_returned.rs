use super::Movement;
use crate::ledger::{Posting, Shop};
use crate::money::Rupees;
use crate::users::UserId;

/// A withdrawal that was paid came back from the bank, and its tax with it.
#[must_use]
pub fn withdrawal_returned(withdrawal_id: i64, code: &str, person: UserId, amount: Rupees, tds: Rupees, owed: Rupees, actor: &str) -> Posting {
    Posting::new(Movement::WithdrawalReturned, format!("withdrawal:{withdrawal_id}:returned"), actor)
        .memo(format!("W-{code}"))
        .debit(Shop::Bank, amount - tds)
        .debit(Shop::TdsPayable, tds)
        .credit_earned(person, amount, owed)
}
