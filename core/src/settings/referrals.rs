//! How what links bring is counted, and when contests are decided.

use super::model::Span;
use serde::{Deserialize, Serialize};

/// Referring.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Referrals {
    /// How often figures are brought up to date, and contests looked at.
    pub count_every: Span,
    /// How long after its end a contest is decided.
    pub contest_wait: Span,
}
