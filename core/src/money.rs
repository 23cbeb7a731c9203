//! Money: rupees with at most two decimals, never a float.

use rust_decimal::Decimal;
use sea_orm::DeriveValueType;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Neg, Sub};
use std::str::FromStr;

/// No amount reaches this: twelve digits before the point, as the ledger's own check has it.
const LIMIT: i64 = 1_000_000_000_000;

/// An amount of rupees: two decimals at most, below a million million. Shown as `₹1,35,000` or `₹27.90`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, DeriveValueType)]
pub struct Rupees(Decimal);

/// Why a text or a number is not an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAnAmount {
    /// Not a plain number such as `500` or `500.50`.
    #[error("not a plain number of rupees such as 500 or 500.50")]
    NotANumber,
    /// More than two decimals.
    #[error("more than two decimals")]
    TooFine,
    /// A million million rupees or more.
    #[error("too large")]
    TooLarge,
}

impl Rupees {
    /// Nothing.
    pub const ZERO: Self = Self(Decimal::ZERO);

    /// Whole rupees.
    #[must_use]
    pub fn whole(rupees: u32) -> Self {
        Self(Decimal::from(rupees))
    }

    /// An amount from a decimal.
    ///
    /// # Errors
    /// More than two decimals, or too large.
    pub fn try_new(amount: Decimal) -> Result<Self, NotAnAmount> {
        let amount = amount.normalize();
        if amount.scale() > 2 {
            Err(NotAnAmount::TooFine)
        } else if amount.abs() >= Decimal::from(LIMIT) {
            Err(NotAnAmount::TooLarge)
        } else {
            Ok(Self(amount))
        }
    }

    /// The number of rupees.
    #[must_use]
    pub fn decimal(self) -> Decimal {
        self.0
    }

    /// Whether it is more than nothing.
    #[must_use]
    pub fn is_positive(self) -> bool {
        self.0 > Decimal::ZERO
    }

    /// Two decimals and no grouping, as UPI links want it: `135.00`.
    #[must_use]
    pub fn plain(self) -> String {
        format!("{:.2}", self.0)
    }
}

impl FromStr for Rupees {
    type Err = NotAnAmount;

    /// Reads what a person types: `500`, `₹500`, `Rs. 1,000.50`. No exponent, no sign.
    fn from_str(text: &str) -> Result<Self, NotAnAmount> {
        let text = text.trim();
        let lower = text.to_ascii_lowercase();
        let number = ["₹", "rs.", "rs", "inr"].iter().find_map(|mark| lower.strip_prefix(mark)).unwrap_or(&lower).trim_start();
        let number = number.strip_suffix("/-").unwrap_or(number);
        let (whole, fraction) = number.split_once('.').map_or((number, None), |(w, f)| (w, Some(f)));
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !grouped(whole) || !fraction.is_none_or(digits) {
            return Err(NotAnAmount::NotANumber);
        }
        let plain = number.replace(',', "");
        if whole.len() > 20 {
            return Err(NotAnAmount::TooLarge);
        }
        Self::try_new(plain.parse().map_err(|_| NotAnAmount::TooFine)?)
    }
}

/// Digits, with commas only where Indian or western grouping has them: `1,35,000` and `135,000`, not `1,35`.
fn grouped(whole: &str) -> bool {
    let groups: Vec<&str> = whole.split(',').collect();
    let digits = groups.iter().all(|g| !g.is_empty() && g.bytes().all(|b| b.is_ascii_digit()));
    let [first, middle @ .., last] = groups.as_slice() else { return digits };
    let even = |n: usize| first.len() <= n && middle.iter().all(|g| g.len() == n);
    digits && last.len() == 3 && (even(2) || even(3))
}

impl fmt::Display for Rupees {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.0.abs().normalize().to_string();
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        if self.0.is_sign_negative() && !self.0.is_zero() {
            f.write_str("−")?;
        }
        f.write_str("₹")?;
        let split = whole.len().saturating_sub(3);
        let (head, tail) = whole.split_at(split);
        for (i, digit) in head.char_indices() {
            write!(f, "{digit}")?;
            if (split - i) % 2 == 1 {
                f.write_str(",")?;
            }
        }
        f.write_str(tail)?;
        if fraction.is_empty() { Ok(()) } else { write!(f, ".{fraction:0<2}") }
    }
}

impl Add for Rupees {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Rupees {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Neg for Rupees {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl Sum for Rupees {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

impl Serialize for Rupees {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Rupees {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = decimal(deserializer)?;
        Self::try_new(number).map_err(|_| {
            de::Error::custom(format!("found {number}, wanted rupees such as 500 or 27.90: at most two decimals, below a million million"))
        })
    }
}

/// Reads a decimal from a settings file or a variable, where it may stand as a number or as text.
///
/// # Errors
/// Not a number.
pub fn decimal<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
    struct Number;
    impl de::Visitor<'_> for Number {
        type Value = Decimal;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a number such as 500 or 27.90")
        }
        fn visit_i64<E: de::Error>(self, v: i64) -> Result<Decimal, E> {
            Ok(v.into())
        }
        fn visit_u64<E: de::Error>(self, v: u64) -> Result<Decimal, E> {
            Ok(v.into())
        }
        fn visit_f64<E: de::Error>(self, v: f64) -> Result<Decimal, E> {
            // The shortest text of the float is what was written; no arithmetic is done on it.
            self.visit_str(&v.to_string())
        }
        fn visit_str<E: de::Error>(self, v: &str) -> Result<Decimal, E> {
            v.trim().parse().map_err(|_| E::invalid_value(de::Unexpected::Str(v), &self))
        }
    }
    deserializer.deserialize_any(Number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shown_with_indian_grouping() {
        let shown = |text: &str| Rupees::try_new(text.parse().unwrap()).unwrap().to_string();
        for (amount, text) in [
            ("0", "₹0"),
            ("28", "₹28"),
            ("27.9", "₹27.90"),
            ("27.00", "₹27"),
            ("999", "₹999"),
            ("1000", "₹1,000"),
            ("135000", "₹1,35,000"),
            ("12345678.05", "₹1,23,45,678.05"),
            ("-42", "−₹42"),
        ] {
            assert_eq!(shown(amount), text);
        }
    }

    #[test]
    fn read_as_people_write_it() {
        for (text, amount) in [
            ("500", "₹500"),
            (" ₹ 500 ", "₹500"),
            ("Rs. 1,000.50", "₹1,000.50"),
            ("1,35,000", "₹1,35,000"),
            ("135,000", "₹1,35,000"),
            ("500/-", "₹500"),
            ("500.500", "₹500.50"),
        ] {
            assert_eq!(text.parse::<Rupees>().map(|r| r.to_string()), Ok(amount.to_owned()), "{text}");
        }
        for text in ["", "-5", "1e9", "५००", "500.", ".5", "1,35", "1,,000", "five", "5 00", "0x10", "+5", "NaN"] {
            assert_eq!(text.parse::<Rupees>(), Err(NotAnAmount::NotANumber), "{text}");
        }
        assert_eq!("500.555".parse::<Rupees>(), Err(NotAnAmount::TooFine));
        assert_eq!("1000000000000".parse::<Rupees>(), Err(NotAnAmount::TooLarge));
        assert_eq!("9".repeat(400).parse::<Rupees>(), Err(NotAnAmount::TooLarge));
    }
}
