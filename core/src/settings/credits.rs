//! `[credits]`: money that is seen at the bank.

use super::bank::{Accounts, Senders};
use super::model::{Span, text_of};
use serde::{Deserialize, Deserializer, Serialize, de};

/// Money that is seen at the bank.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Credits {
    /// What is done with a credit that found its order.
    #[serde(rename = "match")]
    pub matching: Matching,
    /// After how long a payment that was not seen at the bank is named.
    pub unseen_after: Span,
    /// Headers of banks' alerts beside those that the program knows.
    pub senders: Senders,
    /// The last digits of the shop's accounts; empty: any.
    pub accounts: Accounts,
}

/// What is done with a credit that found its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Matching {
    /// The order is confirmed.
    Confirm,
    /// Staff are asked.
    Ask,
}

impl Serialize for Matching {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(match self {
            Self::Confirm => "confirm",
            Self::Ask => "ask",
        })
    }
}

impl<'de> Deserialize<'de> for Matching {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        const WANTED: &str = "confirm or ask";
        let text = text_of(deserializer, WANTED)?;
        match text.trim() {
            "confirm" => Ok(Self::Confirm),
            "ask" => Ok(Self::Ask),
            _ => Err(de::Error::invalid_value(de::Unexpected::Str(&text), &WANTED)),
        }
    }
}
