//! One file for each kind of money movement: which accounts, which side, which key.

mod adjusted;
mod commission_cancelled;
mod commissions_released;
mod credit_assigned;
mod credit_seen;
mod gateway_settled;
mod kind;
mod opened;
mod order_paid;
mod order_refunded;
mod order_reserved;
mod prize_given;
mod refund_settled;
mod remitted;
mod top_up;
mod withdrawal_asked;
mod withdrawal_paid;
mod withdrawal_refused;
mod withdrawal_returned;

pub use adjusted::{Adjustable, Adjustment, adjusted};
pub use commission_cancelled::commission_cancelled;
pub use commissions_released::{Release, commissions_released};
pub use credit_assigned::{Assignment, credit_assigned};
pub use credit_seen::credit_seen;
pub use gateway_settled::gateway_settled;
pub use kind::Movement;
pub use opened::opened;
pub use order_paid::{OrderPaid, PaidBy, order_paid};
pub use order_refunded::{OrderRefunded, Reversal, order_refunded};
pub use order_reserved::{WalletPart, order_reserved, order_unreserved};
pub use prize_given::prize_given;
pub use refund_settled::{gateway_refund_failed, refund_failed, refund_sent};
pub use remitted::{Bill, remitted};
pub use top_up::top_up;
pub use withdrawal_asked::withdrawal_asked;
pub use withdrawal_paid::withdrawal_paid;
pub use withdrawal_refused::withdrawal_refused;
pub use withdrawal_returned::withdrawal_returned;

use super::{AccountId, Own, Posting, Shop};
use crate::money::Rupees;
use crate::users::UserId;

/// What is claimed back from a person: from what is on hold, else from what is earned as far as it goes, the rest they owe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clawback {
    /// From whom.
    pub person: UserId,
    /// How much.
    pub amount: Rupees,
    /// Whether the commission is still on hold.
    pub held: bool,
    /// What they have earned at this moment.
    pub earned: Rupees,
}

impl Posting {
    fn claw_back(self, back: &Clawback) -> Self {
        if back.held {
            return self.debit(AccountId::of(back.person, Own::Held), back.amount);
        }
        let from_earned = back.amount.min(back.earned);
        self.debit(AccountId::of(back.person, Own::Earned), from_earned)
            .debit(AccountId::of(back.person, Own::Owed), back.amount - from_earned)
    }

    /// Whatever enters `earned` pays what is owed first.
    fn credit_earned(self, person: UserId, amount: Rupees, owed: Rupees) -> Self {
        self.credit(AccountId::of(person, Own::Owed), amount.min(owed))
            .credit(AccountId::of(person, Own::Earned), amount - amount.min(owed))
    }
}

/// Where a customer's money comes in, until it is seen at the bank.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clearing {
    /// Sent by UPI to the shop's own id.
    Upi,
    /// Taken by a gateway.
    Gateway,
}

/// Where money was seen that is not yet known to be for something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Till {
    /// In the shop's bank account.
    Bank,
    /// With a gateway.
    Gateway,
}

impl Till {
    /// Where it lies, and where it is sent back from.
    fn account(self) -> Shop {
        match self {
            Self::Bank => Shop::Bank,
            Self::Gateway => Shop::GatewayClearing,
        }
    }

    /// Where the payment that it turns out to be is awaited.
    fn clearing(self) -> Shop {
        match self {
            Self::Bank => Shop::UpiClearing,
            Self::Gateway => Shop::GatewayClearing,
        }
    }
}

impl From<Clearing> for AccountId {
    fn from(clearing: Clearing) -> Self {
        match clearing {
            Clearing::Upi => Shop::UpiClearing.into(),
            Clearing::Gateway => Shop::GatewayClearing.into(),
        }
    }
}
