//! What the settings say of payment gateways.

use super::model::{Span, text, text_of};
use sea_orm::{DeriveActiveEnum, EnumIter};
use serde::{Deserialize, Deserializer, Serialize, de};

/// The gateway Razorpay.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Razorpay {
    /// Where it is asked.
    pub api_url: Address,
    /// What is made to be paid.
    pub way: Way,
}

/// The gateway Cashfree.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cashfree {
    /// Where it is asked.
    pub api_url: Address,
    /// The phone number that goes with each link.
    #[serde(deserialize_with = "text")]
    pub phone: String,
}

/// What holds for every gateway.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gateways {
    /// How often they are asked.
    pub poll_every: Span,
    /// How long they are asked about one link.
    pub poll_for: Span,
    /// How often they are asked for payouts.
    pub settlements_every: Span,
}

/// What a gateway makes for an order to be paid with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[serde(rename_all = "snake_case")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum Way {
    /// A page with every way to pay.
    Link,
    /// A page for UPI alone.
    UpiLink,
    /// A UPI QR code.
    Qr,
}

/// The address of a server, without a slash at its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Address(String);

impl Address {
    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Address {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        const WANTED: &str = "an address such as https://api.example.com";
        let text = text_of(deserializer, WANTED)?;
        let address = text.trim().trim_end_matches('/');
        let rest = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"));
        if rest.is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_graphic())) {
            Ok(Self(address.to_owned()))
        } else {
            Err(de::Error::invalid_value(de::Unexpected::Str(&text), &WANTED))
        }
    }
}
