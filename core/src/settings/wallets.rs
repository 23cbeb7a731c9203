//! What wallets may be filled with, what staff may put right alone, and links.

use super::model::text_of;
use crate::money::Rupees;
use serde::{Deserialize, Deserializer, Serialize, de};

/// What customers add to their wallets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wallet {
    /// The least at once.
    pub least: Rupees,
    /// The most.
    pub most: Rupees,
}

/// What staff may do alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Staff {
    /// Above this a wallet is put right by two.
    pub second_person_above: Rupees,
}

/// An https link, or none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Link(String);

impl Link {
    /// The link, when there is one.
    #[must_use]
    pub fn get(&self) -> Option<&str> {
        (!self.0.is_empty()).then_some(self.0.as_str())
    }
}

impl<'de> Deserialize<'de> for Link {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        const WANTED: &str = "a link such as https://example.com/terms, or nothing";
        let text = text_of(deserializer, WANTED)?.trim().to_owned();
        let host = text.strip_prefix("https://").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphanumeric()));
        if text.is_empty() || host && text.len() <= 500 && !text.chars().any(|c| c.is_whitespace() || c.is_control()) {
            Ok(Self(text))
        } else {
            Err(de::Error::invalid_value(de::Unexpected::Str(&text), &WANTED))
        }
    }
}
