//! What of fraud is watched, and what follows from it.

use super::look::switch;
use super::model::{Percent, Span, text_of};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// What follows when a rule finds something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Watch {
    /// Nothing: the rule does not look.
    Off,
    /// It adds to the score on the withdrawal card, however strong it is.
    Score,
    /// What it touches is on hold where the evidence is strong; else it adds to the score.
    Hold,
}

impl Watch {
    fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Score => "score",
            Self::Hold => "hold",
        }
    }
}

impl Serialize for Watch {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Watch {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        const WANTED: &str = "off, score or hold";
        let text = text_of(deserializer, WANTED)?;
        let found = [Self::Off, Self::Score, Self::Hold].into_iter().find(|watch| watch.name() == text.trim());
        found.ok_or_else(|| de::Error::invalid_value(de::Unexpected::Str(&text), &WANTED))
    }
}

/// A number of people or orders from which on something is worth a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Least(u32);

impl Least {
    /// The number.
    #[must_use]
    pub fn get(self) -> i64 {
        self.0.into()
    }
}

impl<'de> Deserialize<'de> for Least {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = u32::deserialize(deserializer)?;
        if (1..=1_000_000).contains(&number) {
            Ok(Self(number))
        } else {
            Err(de::Error::custom(format!("found {number}, wanted a whole number from 1 to 1000000")))
        }
    }
}

/// The rules, and from what on each finds something.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "settings.toml says what each rule does")]
pub struct Fraud {
    /// How long the marks of devices and addresses are kept.
    pub keep_devices: Span,
    /// Whether people verify before their first withdrawal.
    #[serde(deserialize_with = "switch")]
    pub verify_first_withdrawal: bool,
    pub duplicate_upi: Watch,
    pub duplicate_device: Watch,
    pub duplicate_ip: Watch,
    pub low_conversion: Watch,
    pub rapid_signups: Watch,
    pub self_referral: Watch,
    pub reused_utr: Watch,
    pub reused_screenshot: Watch,
    pub instant_buyers: Watch,
    pub one_payer: Watch,
    pub ring: Watch,
    pub refund_after_release: Watch,
    /// More people than this behind one address: it tells nothing.
    pub crowd: Least,
    /// People behind one IPv6 network that are worth a hold.
    pub same_network: Least,
    /// People who joined by a link before its conversion is looked at.
    pub conversion_sample: Least,
    /// Percent of the usual conversion under which one is low.
    pub conversion_share: Percent,
    /// People by one link within the window.
    pub signups: Least,
    /// The window of sign-ups and of instant buyers.
    pub signups_within: Span,
    /// How soon after joining a sale is instant.
    pub instant_within: Span,
    /// Instant buyers by one link within the window of sign-ups.
    pub instant_buyers_least: Least,
    /// People whom one payer pays for.
    pub payer_people: Least,
    /// Percent of the earnings that come from one payer.
    pub payer_share: Percent,
    /// People of a ring.
    pub ring_people: Least,
    /// Refunds after the release.
    pub refunds: Least,
    /// Percent of the sales that they are.
    pub refunds_share: Percent,
}
