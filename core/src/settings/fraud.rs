//! What of fraud is watched, and what follows from it.

use super::look::switch;
use super::model::Span;
use serde::{Deserialize, Serialize};

/// What is watched.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fraud {
    /// How long the marks of devices and addresses are kept.
    pub keep_devices: Span,
    /// Whether people verify before their first withdrawal.
    #[serde(deserialize_with = "switch")]
    pub verify_first_withdrawal: bool,
}
