//! What the settings say of receipts and tax.

use super::model::text_of;
use serde::{Deserialize, Deserializer, Serialize, de};

/// What the numbers of receipts begin with: so short that a number keeps to the law's sixteen characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReceiptPrefix(String);

impl ReceiptPrefix {
    /// The letters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for ReceiptPrefix {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        const WANTED: &str = "1 to 4 capital letters or digits, such as MELA";
        let text = text_of(deserializer, WANTED)?;
        let fine = (1..=4).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
        if fine {
            Ok(Self(text))
        } else {
            Err(de::Error::invalid_value(de::Unexpected::Str(&text), &WANTED))
        }
    }
}

/// A GST registration number, checked by its last digit; or none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Gstin(String);

impl Gstin {
    /// The number, when there is one.
    #[must_use]
    pub fn get(&self) -> Option<&str> {
        (!self.0.is_empty()).then_some(self.0.as_str())
    }

    fn is_one(text: &str) -> bool {
        let shape = |(n, b): (usize, u8)| match n {
            0 | 1 | 7..=10 => b.is_ascii_digit(),
            2..=6 | 11 => b.is_ascii_uppercase(),
            13 => b == b'Z',
            _ => b.is_ascii_uppercase() || b.is_ascii_digit(),
        };
        if text.len() != 15 || !text.bytes().enumerate().all(shape) {
            return false;
        }
        // Every second digit, to the base 36, counts twice; a product counts by the sum of its digits.
        let values: Vec<u32> = text.chars().filter_map(|c| c.to_digit(36)).collect();
        let sum: u32 = values.iter().take(14).enumerate().map(|(n, value)| value * (1 + n as u32 % 2)).map(|p| p / 36 + p % 36).sum();
        values.last() == Some(&((36 - sum % 36) % 36))
    }
}

impl<'de> Deserialize<'de> for Gstin {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        const WANTED: &str = "a GSTIN of 15 characters whose last one is right, or nothing";
        let text = text_of(deserializer, WANTED)?.trim().to_ascii_uppercase();
        if text.is_empty() || Self::is_one(&text) {
            Ok(Self(text))
        } else {
            Err(de::Error::invalid_value(de::Unexpected::Str(&text), &WANTED))
        }
    }
}
