use super::{Clawback, Movement};
use crate::ledger::{AccountId, Own, Posting, Shop};
use crate::money::Rupees;
use crate::users::UserId;

/// A level's commission that a refund takes back.
pub type Reversal = Clawback;

/// A sale given back, whole or in part.
#[derive(Debug)]
pub struct OrderRefunded<'a> {
    /// The refund's row id.
    pub refund_id: i64,
    /// The refund's code, for the statement.
    pub code: &'a str,
    /// Who bought.
    pub buyer: UserId,
    /// Back to the wallet's credit.
    pub to_credit: Rupees,
    /// Back to what was earned.
    pub to_earned: Rupees,
    /// What the buyer owes: paid first of what enters earned.
    pub owed: Rupees,
    /// Back through the gateway.
    pub to_gateway: Rupees,
    /// To be sent by UPI.
    pub to_upi: Rupees,
    /// What each level gives back.
    pub reversals: &'a [Reversal],
    /// Who refunded.
    pub actor: &'a str,
}

/// Refunds against where the money came from; each level's commission comes back from hold, else from what is earned, else as a debt.
#[must_use]
pub fn order_refunded(refund: &OrderRefunded<'_>) -> Posting {
    let amount = refund.to_credit + refund.to_earned + refund.to_gateway + refund.to_upi;
    let posting = Posting::new(Movement::OrderRefunded, format!("refund:{}", refund.refund_id), refund.actor)
        .memo(format!("R-{}", refund.code))
        .debit(Shop::Refunds, amount)
        .credit(AccountId::of(refund.buyer, Own::Credit), refund.to_credit)
        .credit_earned(refund.buyer, refund.to_earned, refund.owed)
        .credit(Shop::GatewayClearing, refund.to_gateway)
        .credit(AccountId::of(refund.buyer, Own::Refunding), refund.to_upi);
    refund.reversals.iter().fold(posting, |posting, back| posting.claw_back(back).credit(Shop::Commission, back.amount))
}
