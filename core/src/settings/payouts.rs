//! What the settings say of withdrawals, of tax that is withheld from them, and of who pays them out.

use super::gateways::Address;
use super::look::switch;
use super::model::{Percent, Span, text_of};
use crate::money::Rupees;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;

/// Withdrawals.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Withdrawals {
    /// The least amount.
    pub minimum: Rupees,
    /// How long nothing is paid to a UPI id that was just added.
    pub new_upi_wait: Pause,
    /// From one withdrawal to the next.
    pub cooldown: Pause,
    /// The most on one day; nothing: no limit.
    pub most_per_day: Rupees,
    /// The most in a month; nothing: no limit.
    pub most_per_month: Rupees,
    /// Above this two must approve; nothing: never.
    pub second_person_above: Rupees,
}

/// Tax that is withheld.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tds {
    /// Whether it is.
    #[serde(deserialize_with = "switch")]
    pub withhold: bool,
    /// Of whom the PAN is known.
    pub percent: Percent,
    /// Of others.
    pub without_pan_percent: Percent,
    /// In a financial year; more, and all of it is taxed.
    pub threshold: Rupees,
    /// The first financial year that counts, by its April.
    pub first_year: u16,
}

/// Payouts by RazorpayX.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RazorpayX {
    /// Where it is asked.
    pub api_url: Address,
}

/// A duration written like `24h` that may be nothing, `0s`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pause(Option<Span>);

impl Pause {
    /// For adding to a time.
    #[must_use]
    pub fn delta(self) -> chrono::TimeDelta {
        self.0.map_or_else(chrono::TimeDelta::zero, Span::delta)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_none(self) -> bool {
        self.0.is_none()
    }
}

impl fmt::Display for Pause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(span) => span.fmt(f),
            None => f.write_str("0s"),
        }
    }
}

impl Serialize for Pause {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Pause {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        const WANTED: &str = "a duration up to 3650d, such as 24h or 7d, or 0s for none";
        let text = text_of(deserializer, WANTED)?;
        if matches!(text.trim(), "0" | "0s" | "0m" | "0h" | "0d") {
            return Ok(Self(None));
        }
        let span = Span::deserialize(de::value::StrDeserializer::<D::Error>::new(text.trim()));
        span.map(|span| Self(Some(span))).map_err(|_| de::Error::invalid_value(de::Unexpected::Str(&text), &WANTED))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_may_be_nothing() {
        let read = |text| Pause::deserialize(de::value::BorrowedStrDeserializer::<de::value::Error>::new(text)).map(|pause| pause.to_string());
        for (text, shown) in [("0s", "0s"), ("0", "0s"), ("24h", "24h"), (" 36h ", "36h"), ("7d", "7d")] {
            assert_eq!(read(text).as_deref(), Ok(shown), "{text}");
        }
        for wrong in ["", "-1s", "0.5s", "soon", "4000d"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
