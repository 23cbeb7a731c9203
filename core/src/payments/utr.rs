//! The bank's reference of a UPI payment.

use std::fmt;
use std::str::FromStr;

/// A customer-typed UTR (RRN): exactly twelve digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Utr(String);

/// The text is not twelve digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a UTR has exactly 12 digits")]
pub struct NotAUtr;

impl FromStr for Utr {
    type Err = NotAUtr;

    /// Spaces and dashes between the digits are how people copy them.
    fn from_str(text: &str) -> Result<Self, NotAUtr> {
        let digits: String = text.chars().filter(|c| !matches!(c, ' ' | '-' | '\u{a0}')).collect();
        if digits.len() == 12 && digits.bytes().all(|b| b.is_ascii_digit()) {
            Ok(Self(digits))
        } else {
            Err(NotAUtr)
        }
    }
}

impl fmt::Display for Utr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twelve_digits_however_they_are_spaced() {
        assert_eq!(" 6325 1234-5678 ".parse::<Utr>().unwrap().to_string(), "632512345678");
        for wrong in ["", "63251234567", "6325123456789", "63251234567a", "६३२५१२३४५६७८", "O-7K2M9QXA"] {
            assert_eq!(wrong.parse::<Utr>(), Err(NotAUtr), "{wrong}");
        }
    }
}
