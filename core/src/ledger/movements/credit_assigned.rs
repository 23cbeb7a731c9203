use super::{Movement, Till};
use crate::ledger::{AccountId, Own, Posting, Shop};
use crate::money::Rupees;
use crate::users::UserId;

/// What a bank credit, or a part of it, was for.
#[derive(Debug, Clone, Copy)]
pub struct Assignment {
    /// Where it was seen.
    pub till: Till,
    /// The credit's row id.
    pub credit_id: i64,
    /// The how manieth assignment of it.
    pub n: i32,
    /// For a payment that is, or will be, in clearing.
    pub to_payment: Rupees,
    /// For the payer's wallet.
    pub to_credit: Option<(UserId, Rupees)>,
    /// Sent back.
    pub sent_back: Rupees,
}

/// Unmatched money finds its payment; what is over goes to the payer's credit, or back.
#[must_use]
pub fn credit_assigned(to: &Assignment, actor: &str) -> Posting {
    let over = to.to_credit.map_or(Rupees::ZERO, |(_, amount)| amount);
    let posting = Posting::new(Movement::CreditAssigned, format!("credit:{}:assigned:{}", to.credit_id, to.n), actor)
        .debit(Shop::Unmatched, to.to_payment + over + to.sent_back)
        .credit(to.till.clearing(), to.to_payment)
        .credit(to.till.account(), to.sent_back);
    to.to_credit
        .into_iter()
        .fold(posting, |posting, (person, amount)| posting.credit(AccountId::of(person, Own::Credit), amount))
}
