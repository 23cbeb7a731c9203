use super::Movement;
use crate::ledger::{AccountId, Own, Posting};
use crate::money::Rupees;
use crate::users::UserId;

/// What a wallet pays of an order: credit first, then what is earned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WalletPart {
    /// Whose wallet.
    pub person: UserId,
    /// From credit.
    pub credit: Rupees,
    /// From earned.
    pub earned: Rupees,
}

impl WalletPart {
    /// All of it.
    #[must_use]
    pub fn total(&self) -> Rupees {
        self.credit + self.earned
    }
}

/// The wallet's part is set aside while the other part is awaited.
#[must_use]
pub fn order_reserved(order_id: i64, code: &str, part: &WalletPart) -> Posting {
    Posting::new(Movement::OrderReserved, format!("order:{order_id}:reserved"), &format!("user:{}", part.person.0))
        .memo(format!("O-{code}"))
        .debit(AccountId::of(part.person, Own::Credit), part.credit)
        .debit(AccountId::of(part.person, Own::Earned), part.earned)
        .credit(AccountId::of(part.person, Own::Reserved), part.total())
}

/// The order ended unpaid: the part goes back to where it was taken from; what was earned pays a debt first that came up meanwhile.
#[must_use]
pub fn order_unreserved(order_id: i64, code: &str, part: &WalletPart, owed: Rupees) -> Posting {
    Posting::new(Movement::OrderUnreserved, format!("order:{order_id}:unreserved"), "orders")
        .memo(format!("O-{code}"))
        .debit(AccountId::of(part.person, Own::Reserved), part.total())
        .credit(AccountId::of(part.person, Own::Credit), part.credit)
        .credit_earned(part.person, part.earned, owed)
}
