//! What a coupon takes off: pure arithmetic.

use crate::money::Rupees;
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

/// How much a coupon takes off what it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// So many percent, more than 0 and at most 100; half-up to the rupee.
    Percent(Decimal),
    /// So many rupees.
    Amount(Rupees),
}

/// Neither a percentage nor an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("neither a percentage nor an amount")]
pub struct NotAValue;

impl std::str::FromStr for Value {
    type Err = NotAValue;

    /// `20%`, or rupees as people write them.
    fn from_str(text: &str) -> Result<Self, NotAValue> {
        let value = match text.strip_suffix('%') {
            Some(percent) => percent.parse().map(Self::Percent).map_err(|_| NotAValue)?,
            None => text.parse().map(Self::Amount).map_err(|_| NotAValue)?,
        };
        match value {
            Self::Percent(p) if p <= Decimal::ZERO || p > Decimal::ONE_HUNDRED || p.scale() > 2 => Err(NotAValue),
            Self::Amount(amount) if !amount.is_positive() => Err(NotAValue),
            value => Ok(value),
        }
    }
}

/// What is taken off, of an order of `total` in which the coupon is for `share`: never more than the share, and a rupee remains to be paid.
#[must_use]
pub fn discount(value: Value, share: Rupees, total: Rupees) -> Rupees {
    let wanted = match value {
        Value::Amount(amount) => amount,
        Value::Percent(percent) => {
            let exact = share.decimal() * percent / Decimal::ONE_HUNDRED;
            Rupees::try_new(exact.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero)).unwrap_or(share)
        }
    };
    wanted.min(share).min(total - Rupees::whole(1)).max(Rupees::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn off(value: Value, share: u32, total: u32) -> String {
        discount(value, Rupees::whole(share), Rupees::whole(total)).to_string()
    }

    #[test]
    fn a_share_of_the_price_half_up_to_the_rupee() {
        let percent = |p: &str| Value::Percent(p.parse().unwrap());
        assert_eq!(off(percent("10"), 135, 135), "₹14", "13.50 rounds up");
        assert_eq!(off(percent("10"), 134, 134), "₹13");
        assert_eq!(off(percent("0.1"), 135, 135), "₹0");
        assert_eq!(off(percent("100"), 135, 135), "₹134", "a rupee remains");
        assert_eq!(off(percent("100"), 135, 300), "₹135", "what it is for may be free");
        assert_eq!(off(percent("50"), 0, 300), "₹0");
    }

    #[test]
    fn an_amount_is_never_more_than_what_it_is_for() {
        let amount = |n| Value::Amount(Rupees::whole(n));
        assert_eq!(off(amount(50), 135, 300), "₹50");
        assert_eq!(off(amount(500), 135, 300), "₹135");
        assert_eq!(off(amount(500), 135, 135), "₹134");
        assert_eq!(off(amount(50), 1, 1), "₹0");
    }
}
