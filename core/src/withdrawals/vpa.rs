//! UPI ids (virtual payment addresses).

use std::fmt;
use std::str::FromStr;
use unicode_normalization::UnicodeNormalization;

/// A UPI id in canonical form: compatible letters made plain (NFKC), no spaces, lower case, `name@handle`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Vpa(String);

/// Why a text is not a UPI id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAVpa {
    /// It is an e-mail address.
    #[error("an e-mail address, not a UPI id")]
    Email,
    /// It has not the shape `name@bank`.
    #[error("not of the shape name@bank")]
    Shape,
}

/// Handles with dots that exist, as suffixes after the `@`.
const DOTTED: [&str; 2] = ["mapper.npci", ".ifsc.npci"];

impl FromStr for Vpa {
    type Err = NotAVpa;

    /// Spaces, also such as nobody sees, are dropped and letters lowered; never refused for an unknown handle: lists of banks are always out of date.
    fn from_str(text: &str) -> Result<Self, NotAVpa> {
        let vpa: String = text.nfkc().filter(|c| !c.is_whitespace() && !is_unseen(*c)).collect::<String>().to_ascii_lowercase();
        let (name, handle) = vpa.split_once('@').ok_or(NotAVpa::Shape)?;
        let name_fits = (2..=255).contains(&name.len())
            && name.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
            && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'_' | b'-'));
        let plain = (2..=64).contains(&handle.len())
            && handle.starts_with(|c: char| c.is_ascii_lowercase())
            && handle.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        let dotted = DOTTED.iter().any(|known| {
            handle == *known
                || (known.starts_with('.')
                    && handle.strip_suffix(known).is_some_and(|ifsc| ifsc.len() == 11 && ifsc.bytes().all(|b| b.is_ascii_alphanumeric())))
        });
        if name_fits && (plain || dotted) {
            Ok(Self(vpa))
        } else if name_fits && handle.contains('.') {
            Err(NotAVpa::Email)
        } else {
            Err(NotAVpa::Shape)
        }
    }
}

/// What comes with a text that is copied, and shows as nothing.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

impl Vpa {
    /// The canonical text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Vpa {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canonical_and_never_an_email() {
        for (text, canonical) in [
            (" Friend.1@OKHDFC bank ", "friend.1@okhdfcbank"),
            ("9876543210@ybl", "9876543210@ybl"),
            ("asha @ OKBANK", "asha@okbank"),
            ("ＡＳＨＡ．１＠ＯＫＢＡＮＫ", "asha.1@okbank"),
            ("\u{feff}asha@\u{200b}okbank\u{200e}\u{a0}", "asha@okbank"),
            ("9876543210@mapper.npci", "9876543210@mapper.npci"),
            ("123456@HDFC0001234.ifsc.npci", "123456@hdfc0001234.ifsc.npci"),
        ] {
            assert_eq!(text.parse::<Vpa>().map(|v| v.to_string()), Ok(canonical.to_owned()));
        }
        for email in ["friend@gmail.com", "a.b@company.co.in"] {
            assert_eq!(email.parse::<Vpa>(), Err(NotAVpa::Email));
        }
        for wrong in [
            "",
            "friend",
            "@ybl",
            "f@ybl",
            "friend@",
            "friend@@ybl",
            "friend@y",
            "दोस्त@ybl",
            "аsha@okbank",
            "friend@ybl!",
            "friend@1bank",
            "/start",
        ] {
            assert_eq!(wrong.parse::<Vpa>(), Err(NotAVpa::Shape), "{wrong}");
        }
    }
}
