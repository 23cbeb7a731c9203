use super::{Clawback, Movement};
use crate::ledger::{Posting, Shop};

/// A commission is taken back for fraud, all that is left of it.
#[must_use]
pub fn commission_cancelled(commission_id: i64, back: &Clawback, actor: &str) -> Posting {
    Posting::new(Movement::CommissionCancelled, format!("commission:{commission_id}:cancelled"), actor)
        .claw_back(back)
        .credit(Shop::Commission, back.amount)
}
