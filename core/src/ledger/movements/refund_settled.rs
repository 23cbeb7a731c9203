use super::Movement;
use crate::ledger::{AccountId, Own, Posting, Shop};
use crate::money::Rupees;
use crate::users::UserId;

/// A refund that left the bank. Shares its key with [`refund_failed`]: a refund settles once.
#[must_use]
pub fn refund_sent(refund_id: i64, code: &str, person: UserId, amount: Rupees, actor: &str) -> Posting {
    Posting::new(Movement::RefundSent, format!("refund:{refund_id}:settled"), actor)
        .memo(format!("R-{code}"))
        .debit(AccountId::of(person, Own::Refunding), amount)
        .credit(Shop::Bank, amount)
}

/// A refund that could not be sent: the money stays in the wallet.
#[must_use]
pub fn refund_failed(refund_id: i64, code: &str, person: UserId, amount: Rupees, actor: &str) -> Posting {
    Posting::new(Movement::RefundFailed, format!("refund:{refund_id}:settled"), actor)
        .memo(format!("R-{code}"))
        .debit(AccountId::of(person, Own::Refunding), amount)
        .credit(AccountId::of(person, Own::Credit), amount)
}

/// A refund that a gateway could not send: what it keeps is the buyer's, in the wallet.
#[must_use]
pub fn gateway_refund_failed(id: i64, code: &str, person: UserId, amount: Rupees, actor: &str) -> Posting {
    Posting::new(Movement::RefundFailed, format!("return:{id}:failed"), actor)
        .memo(format!("R-{code}"))
        .debit(Shop::GatewayClearing, amount)
        .credit(AccountId::of(person, Own::Credit), amount)
}
