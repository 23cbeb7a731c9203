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

impl Release {
    /// The part that becomes withdrawable.
    #[must_use]
    pub fn earned(&self) -> Rupees {
        self.due - self.due.min(self.owed)
    }
}

/// Held commissions become earned, per person, summed; what is owed is paid first.
#[must_use]
pub fn commissions_released(batch: &str, releases: &[Release]) -> Posting {
    let posting = Posting::new("commissions_released", format!("release:{batch}"), "release");
    releases.iter().fold(posting, |posting, release| {
        posting
            .debit(AccountId::of(release.person, Own::Held), release.due)
            .credit(AccountId::of(release.person, Own::Owed), release.due.min(release.owed))
            .credit(AccountId::of(release.person, Own::Earned), release.earned())
    })
}
