//! The rules, a file each.

mod duplicate_upi;
mod self_referral;

use super::rule::Rule;

/// All of them.
pub(super) const ALL: [&dyn Rule; 2] = [&duplicate_upi::DuplicateUpi, &self_referral::SelfReferral];
