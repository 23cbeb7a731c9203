use super::Movement;
use crate::ledger::{AccountId, Own, Posting, Shop};
use crate::money::Rupees;
use crate::users::UserId;

/// An account that staff may put right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Adjustable {
    /// What can be spent.
    Credit,
    /// What can be withdrawn.
    Earned,
    /// What is owed to the shop.
    Owed,
}

impl Adjustable {
    /// The account in the chart.
    #[must_use]
    pub fn account(self) -> Own {
        match self {
            Self::Credit => Own::Credit,
            Self::Earned => Own::Earned,
            Self::Owed => Own::Owed,
        }
    }
}

/// What staff put right by hand.
#[derive(Debug, Clone, Copy)]
pub struct Adjustment<'a> {
    /// The row of the audit that says who and why.
    pub audit_id: i64,
    /// Whose account.
    pub person: UserId,
    /// Which.
    pub account: Adjustable,
    /// For the person's good when positive: more credit, more earned, less owed.
    pub amount: Rupees,
    /// Why.
    pub reason: &'a str,
    /// Who.
    pub actor: &'a str,
}

/// An adjustment against one account of the person, either way.
#[must_use]
pub fn adjusted(adjustment: &Adjustment<'_>) -> Posting {
    Posting::new(Movement::Adjusted, format!("staff:{}", adjustment.audit_id), adjustment.actor)
        .memo(adjustment.reason)
        .debit(Shop::Adjustment, adjustment.amount)
        .credit(AccountId::of(adjustment.person, adjustment.account.account()), adjustment.amount)
}
