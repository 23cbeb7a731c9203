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

/// Yes or no, also as the text that staff write.
pub(super) fn yes_or_no<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    const WANTED: &str = "true or false";
    struct YesOrNo;
    impl de::Visitor<'_> for YesOrNo {
        type Value = bool;
        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(WANTED)
        }
        fn visit_bool<E: de::Error>(self, value: bool) -> Result<bool, E> {
            Ok(value)
        }
        fn visit_str<E: de::Error>(self, text: &str) -> Result<bool, E> {
            text.trim().parse().map_err(|_| de::Error::invalid_value(de::Unexpected::Str(text), &WANTED))
        }
    }
    deserializer.deserialize_any(YesOrNo)
}
