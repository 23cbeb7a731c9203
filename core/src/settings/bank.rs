//! What the settings say of the shop's bank.

use super::model::{text, text_of};
use serde::{Deserialize, Deserializer, Serialize, de};

/// The columns of statements whose shape the program does not know, by their names.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "settings.toml says it")]
pub struct Mapping {
    #[serde(deserialize_with = "text")]
    pub bank: String,
    #[serde(deserialize_with = "text")]
    pub date: String,
    #[serde(deserialize_with = "text")]
    pub narration: String,
    #[serde(deserialize_with = "text")]
    pub reference: String,
    #[serde(deserialize_with = "text")]
    pub credit: String,
    #[serde(deserialize_with = "text")]
    pub debit: String,
    #[serde(deserialize_with = "text")]
    pub amount: String,
    #[serde(deserialize_with = "text")]
    pub dr_cr: String,
    #[serde(deserialize_with = "text")]
    pub balance: String,
    pub date_format: DateFormat,
}

impl Mapping {
    /// Whether there is one.
    #[must_use]
    pub fn is_set(&self) -> bool {
        !self.date.trim().is_empty()
    }
}

/// Headers of banks, as `GRBANK=GRAMIN, HDFCXX=HDFC`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
pub struct Senders(String);

impl Senders {
    fn read(text: &str) -> Option<Vec<(String, String)>> {
        let is_word = |word: &str, most: usize| (2..=most).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_alphanumeric());
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        let pairs = parts.map(|part| {
            let (header, bank) = part.split_once('=')?;
            let (header, bank) = (header.trim().to_ascii_uppercase(), bank.trim().to_ascii_uppercase());
            (is_word(&header, 11) && is_word(&bank, 20)).then_some((header, bank))
        });
        pairs.collect()
    }

    /// Each header with its bank.
    #[must_use]
    pub fn list(&self) -> Vec<(String, String)> {
        Self::read(&self.0).unwrap_or_default()
    }
}

impl<'de> Deserialize<'de> for Senders {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        const WANTED: &str = "headers with their banks such as GRBANK=GRAMIN, HDFCXX=HDFC";
        let text = text_of(deserializer, WANTED)?;
        match Self::read(&text) {
            Some(_) => Ok(Self(text)),
            None => Err(de::Error::invalid_value(de::Unexpected::Str(&text), &WANTED)),
        }
    }
}

/// The last digits of accounts, as `1234, 567890`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
pub struct Accounts(String);

impl Accounts {
    fn list(&self) -> impl Iterator<Item = &str> {
        self.0.split(',').map(str::trim).filter(|digits| !digits.is_empty())
    }

    /// Whether an account is one of these, as far as its digits are told. Without any, each is.
    #[must_use]
    pub fn has(&self, digits: &str) -> bool {
        let mut known = self.list().peekable();
        known.peek().is_none() || known.any(|own| own.ends_with(digits) || digits.ends_with(own))
    }
}

impl<'de> Deserialize<'de> for Accounts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        const WANTED: &str = "the last 3 to 18 digits of accounts such as 1234, 567890";
        let accounts = Self(text_of(deserializer, WANTED)?);
        if accounts.list().all(|own| (3..=18).contains(&own.len()) && own.bytes().all(|b| b.is_ascii_digit())) {
            Ok(accounts)
        } else {
            Err(de::Error::invalid_value(de::Unexpected::Str(&accounts.0), &WANTED))
        }
    }
}

/// In which order a statement's dates are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum DateFormat {
    /// As in India: the day before the month, or the year first.
    #[serde(rename = "dmy")]
    DayFirst,
    /// The month before the day.
    #[serde(rename = "mdy")]
    MonthFirst,
}
