//! How much a sale earns: pure arithmetic.

use crate::money::Rupees;
use rust_decimal::{Decimal, RoundingStrategy};

/// A level's commission on a sale: the rate of the profit, half-up to the rupee; nothing when there is no profit.
///
/// `percent` is 0 to 100. 30 % of ₹93 is ₹27.90, so ₹28; 10 % is ₹9.30, so ₹9.
#[must_use]
pub fn commission(price: Rupees, cost: Rupees, percent: Decimal) -> Rupees {
    let profit = price - cost;
    if !profit.is_positive() || percent <= Decimal::ZERO {
        return Rupees::ZERO;
    }
    // The percent of units with different rates has no end, and half a rupee of it would be a little less.
    let exact = (profit.decimal() * percent / Decimal::ONE_HUNDRED).round_dp(6);
    // Of a positive number, away from zero at the midpoint is half-up. Never more than the profit itself, so always an amount.
    Rupees::try_new(exact.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero)).unwrap_or(Rupees::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rupees(paise: i64) -> Rupees {
        Rupees::try_new(Decimal::new(paise, 2)).unwrap()
    }

    #[test]
    fn the_business_in_numbers() {
        let earn = |price, cost, percent| commission(rupees(price), rupees(cost), Decimal::new(percent, 1)).to_string();
        assert_eq!(earn(13_500, 4_200, 300), "₹28");
        assert_eq!(earn(13_500, 4_200, 100), "₹9");
        assert_eq!(earn(500, 0, 100), "₹1", "0.50 rounds up");
        assert_eq!(earn(499, 0, 100), "₹0");
        assert_eq!(earn(4_200, 4_200, 300), "₹0", "no profit");
        assert_eq!(earn(4_000, 4_200, 300), "₹0", "a loss");
        assert_eq!(earn(13_500, 4_200, 0), "₹0");
    }

    proptest! {
        #[test]
        fn within_half_a_rupee_of_the_exact_share(price in 100i64..100_000_000, cost in 0i64..100_000_000, tenths in 0i64..=1000) {
            let percent = Decimal::new(tenths, 1);
            let earned = commission(rupees(price), rupees(cost), percent).decimal();
            let exact = (Decimal::new((price - cost).max(0), 2)) * percent / Decimal::ONE_HUNDRED;
            prop_assert!(earned.fract().is_zero());
            let off = earned - exact;
            prop_assert!(off > Decimal::new(-5, 1) && off <= Decimal::new(5, 1), "{earned} for {exact}");
        }
    }
}
