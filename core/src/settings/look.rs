//! How the shop shows itself outside the chat: its colour, its address on the web.

use super::model::text_of;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;

/// A colour, written like `#5B21B6`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Color([u8; 3]);

impl Color {
    /// Red, green, blue.
    #[must_use]
    pub fn rgb(self) -> [u8; 3] {
        self.0
    }

    /// The colour of text that is read best on it: white, or nearly black. By the relative luminance of WCAG, with its curve taken as a square.
    #[must_use]
    pub fn ink(self) -> Self {
        let [red, green, blue] = self.0.map(|part| u32::from(part) * u32::from(part));
        // Where white and black contrast alike, at a luminance of 0.18.
        let bright = 2_126 * red + 7_152 * green + 722 * blue > 1_800 * 255 * 255;
        Self(if bright { [0x11, 0x18, 0x27] } else { [0xff; 3] })
    }
}

impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02X}{green:02X}{blue:02X}")
    }
}

impl Serialize for Color {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Color {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        const WANTED: &str = "a colour such as #5B21B6";
        let text = text_of(deserializer, WANTED)?;
        let digits = text.trim().strip_prefix('#').filter(|digits| digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit()));
        let color = digits.and_then(|digits| hex::decode(digits).ok()).and_then(|bytes| bytes.try_into().ok());
        color.map(Self).ok_or_else(|| de::Error::invalid_value(de::Unexpected::Str(&text), &WANTED))
    }
}

/// Where the program's HTTP is reached from outside, without a slash at its end; or nowhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PublicUrl(String);

impl PublicUrl {
    /// The address, when there is one.
    #[must_use]
    pub fn get(&self) -> Option<&str> {
        (!self.0.is_empty()).then_some(self.0.as_str())
    }

    fn is_one(text: &str) -> bool {
        let Some(rest) = text.strip_prefix("https://") else { return false };
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let (host, port) = authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port)));
        let label = |l: &str| !l.is_empty() && !l.starts_with('-') && !l.ends_with('-') && l.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        let port_is_one = port.is_none_or(|port| port.bytes().all(|b| b.is_ascii_digit()) && port.parse::<u16>().is_ok_and(|port| port > 0));
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"/-._~".contains(&b);
        // Telegram opens no address without a dot in its name.
        text.len() <= 200 && host.contains('.') && host.split('.').all(label) && port_is_one && path.bytes().all(plain)
    }
}

impl<'de> Deserialize<'de> for PublicUrl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        const WANTED: &str = "an address such as https://pay.example.com, or nothing";
        let text = text_of(deserializer, WANTED)?;
        let trimmed = text.trim().trim_end_matches('/');
        if trimmed.is_empty() || Self::is_one(trimmed) {
            Ok(Self(trimmed.to_owned()))
        } else {
            Err(de::Error::invalid_value(de::Unexpected::Str(&text), &WANTED))
        }
    }
}

/// `true` or `false`, also as the text that a variable is.
pub(super) fn switch<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    const WANTED: &str = "true or false";
    struct Switch;
    impl de::Visitor<'_> for Switch {
        type Value = bool;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(WANTED)
        }
        fn visit_bool<E: de::Error>(self, v: bool) -> Result<bool, E> {
            Ok(v)
        }
        fn visit_str<E: de::Error>(self, v: &str) -> Result<bool, E> {
            v.trim().to_ascii_lowercase().parse().map_err(|_| de::Error::invalid_value(de::Unexpected::Str(v), &WANTED))
        }
    }
    deserializer.deserialize_any(Switch)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<'de, T: Deserialize<'de>>(text: &'de str) -> Option<T> {
        T::deserialize(de::value::BorrowedStrDeserializer::<de::value::Error>::new(text)).ok()
    }

    #[test]
    fn colours_and_what_is_read_on_them() {
        let ink = |text| read::<Color>(text).unwrap().ink().to_string();
        assert_eq!(read::<Color>(" #5b21b6 ").unwrap().to_string(), "#5B21B6");
        for dark in ["#5B21B6", "#000000", "#C00000", "#0000FF", "#00695C"] {
            assert_eq!(ink(dark), "#FFFFFF", "{dark}");
        }
        for bright in ["#FFFFFF", "#FFD600", "#00FF00", "#AAAAAA"] {
            assert_eq!(ink(bright), "#111827", "{bright}");
        }
        for wrong in ["", "#", "5B21B6", "#5B21B", "#5B21B6F", "#5B21BG", "violet", "#é1B6"] {
            assert_eq!(read::<Color>(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn an_address_that_telegram_opens() {
        let got = |text| read::<PublicUrl>(text).map(|url| url.0);
        for (typed, url) in [
            ("", ""),
            (" https://pay.example.com/ ", "https://pay.example.com"),
            ("https://example.in:8443/mela/", "https://example.in:8443/mela"),
        ] {
            assert_eq!(got(typed).as_deref(), Some(url));
        }
        for wrong in [
            "http://pay.example.com",
            "pay.example.com",
            "https://",
            "https://localhost",
            "https://a..b",
            "https://a.b:0",
            "https://a.b:x",
            "https://user@a.b",
            "https://a.b/?x=1",
            "https://a.b/#x",
            "https://a b.c",
            "javascript:alert(1)",
        ] {
            assert_eq!(got(wrong), None, "{wrong}");
        }
    }
}
