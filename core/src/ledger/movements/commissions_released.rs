use super::Movement;
use crate::ledger::{AccountId, Own, Posting};
use crate::money::Rupees;
use crate::users::UserId;

/// What is released for one person.
#[derive(Debug, Clone, Copy)]
pub struct Release {
    /// Whose.
    pub person: UserId,
    /// How much leaves `held`.
    pub due: Rupees,
    /// What they owe: paid before anything becomes withdrawable.
    pub owed: Rupees,
}

/// Held commissions become earned, per person, summed; what is owed is paid first.
#[must_use]
pub fn commissions_released(batch: &str, releases: &[Release]) -> Posting {
    let posting = Posting::new(Movement::CommissionsReleased, format!("release:{batch}"), "release");
    releases.iter().fold(posting, |posting, release| {
        posting
            .debit(AccountId::of(release.person, Own::Held), release.due)
            .credit_earned(release.person, release.due, release.owed)
    })
}
