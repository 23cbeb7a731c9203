//! Short codes that people quote: eight characters of Crockford base 32.

use rand::rngs::StdRng;
use rand::{RngCore, SeedableRng};
use sea_orm::DeriveValueType;
use std::fmt;
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Characters in a code: 40 bits.
pub const LENGTH: usize = 8;

/// A short id: of an order (`O-`), a withdrawal (`W-`), or a person's referral code.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, DeriveValueType)]
pub struct ShortCode(String);

/// The text is not a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a code of {LENGTH} letters and digits")]
pub struct NotACode;

impl ShortCode {
    /// The eight characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Reads a code with its prefix or without it (`o-…`, `O-…`, bare), as [`ShortCode::from_str`] does.
    ///
    /// # Errors
    /// The rest is not eight characters of the alphabet.
    pub fn with_prefix(prefix: &str, text: &str) -> Result<Self, NotACode> {
        let text = text.trim();
        let bare = text.get(..prefix.len()).filter(|head| head.eq_ignore_ascii_case(prefix)).map_or(text, |_| &text[prefix.len()..]);
        bare.parse()
    }
}

impl fmt::Display for ShortCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for ShortCode {
    type Err = NotACode;

    /// Any letter case; O is read as 0, I and L as 1.
    fn from_str(text: &str) -> Result<Self, NotACode> {
        let code: String = text
            .trim()
            .chars()
            .map(|c| match c.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            })
            .collect();
        if code.len() == LENGTH && code.bytes().all(|b| ALPHABET.contains(&b)) {
            Ok(Self(code))
        } else {
            Err(NotACode)
        }
    }
}

/// Where codes come from: the machine's randomness, or a seed that makes a story repeat to the letter.
#[derive(Debug)]
pub struct Codes {
    codes: Mutex<StdRng>,
    /// Of their own: how many nonces are drawn, and when, changes no code.
    nonces: Mutex<StdRng>,
}

impl Codes {
    /// Unpredictable codes.
    #[must_use]
    pub fn random() -> Self {
        Self { codes: Mutex::new(StdRng::from_os_rng()), nonces: Mutex::new(StdRng::from_os_rng()) }
    }

    /// The same codes in every run.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self { codes: Mutex::new(StdRng::seed_from_u64(seed)), nonces: Mutex::new(StdRng::seed_from_u64(!seed)) }
    }

    /// Bytes that nobody foresees: nonces.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.nonces.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(&mut bytes);
        bytes
    }

    /// The next code. Uniqueness is the database's to say.
    pub fn next(&self) -> ShortCode {
        let mut bits = self.codes.lock().unwrap_or_else(PoisonError::into_inner).next_u64();
        let text = (0..LENGTH)
            .map(|_| {
                let letter = ALPHABET[(bits & 31) as usize];
                bits >>= 5;
                char::from(letter)
            })
            .collect();
        ShortCode(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn read_in_any_case_and_with_lookalikes() {
        assert_eq!("o1il0abc".parse::<ShortCode>().unwrap().as_str(), "01110ABC");
        assert_eq!(ShortCode::with_prefix("O-", " o-7k2m9qxa ").unwrap().as_str(), "7K2M9QXA");
        assert_eq!(ShortCode::with_prefix("O-", "7K2M9QXA").unwrap().as_str(), "7K2M9QXA");
        for wrong in ["", "O-", "7K2M9QX", "7K2M9QXAA", "7K2M9QXU", "७K2M9QX", "é"] {
            assert_eq!(ShortCode::with_prefix("O-", wrong), Err(NotACode), "{wrong}");
        }
    }

    #[test]
    fn seeded_codes_repeat() {
        let (a, b) = (Codes::seeded(7), Codes::seeded(7));
        let codes: Vec<_> = (0..3).map(|_| a.next()).collect();
        assert_eq!(codes, (0..3).map(|_| b.next()).collect::<Vec<_>>());
        assert!(codes.iter().all(|code| code.as_str().parse::<ShortCode>().as_ref() == Ok(code)));
    }
}
