//! The header in which a proxy tells who asks.

use super::model::text_of;
use serde::{Deserialize, Deserializer, Serialize, de};

/// A header's name, in lower case; or none, where nobody stands in front of the program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProxyHeader(String);

impl ProxyHeader {
    /// The name, when there is one.
    #[must_use]
    pub fn get(&self) -> Option<&str> {
        (!self.0.is_empty()).then_some(self.0.as_str())
    }
}

impl<'de> Deserialize<'de> for ProxyHeader {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        const WANTED: &str = "a header's name such as X-Forwarded-For or X-Real-IP, or nothing";
        let text = text_of(deserializer, WANTED)?;
        let name = text.trim().to_ascii_lowercase();
        let plain = name.len() <= 64 && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        // RFC 7239 writes addresses in another way.
        if plain && name != "forwarded" {
            Ok(Self(name))
        } else {
            Err(de::Error::invalid_value(de::Unexpected::Str(&text), &WANTED))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_or_nothing() {
        let read = |text| {
            let text = de::value::BorrowedStrDeserializer::<de::value::Error>::new(text);
            ProxyHeader::deserialize(text).ok().map(|header| header.0)
        };
        for (typed, name) in [("", ""), (" X-Forwarded-For ", "x-forwarded-for"), ("CF-Connecting-IP", "cf-connecting-ip")] {
            assert_eq!(read(typed).as_deref(), Some(name));
        }
        for wrong in ["Forwarded", "X-Forwarded-For, X-Real-IP", "X Real IP", "X-Real-IP:", "é", &"x".repeat(65)] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
