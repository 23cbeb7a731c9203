//! Reasons that staff choose at a press: kept in one language, told to each reader in their own.

use super::cards::{PAYMENT_REASONS, WITHDRAWAL_REASONS};
use super::fraud::FRAUD_REASONS;
use super::refunds::{REFUND_REASONS, UNSENT_REASONS};
use crate::texts::Texts;

/// What is kept of a reason that was chosen by its key: its words, so that books and files can be read without this program.
#[must_use]
pub fn kept(key: &str) -> String {
    Texts::for_keeping().plain(key, &[])
}

/// A kept reason for a reader; what staff wrote in their own words stays as it is.
#[must_use]
pub fn told(texts: &Texts, reason: &str) -> String {
    let mut keys = PAYMENT_REASONS.into_iter().chain(WITHDRAWAL_REASONS).chain(REFUND_REASONS).chain(UNSENT_REASONS).chain(FRAUD_REASONS);
    keys.find(|key| kept(key) == reason).map_or_else(|| reason.to_owned(), |key| texts.plain(key, &[]))
}
