//! Goods and services tax out of a price that includes it.

use crate::money::Rupees;
use rust_decimal::{Decimal, RoundingStrategy};

/// One tax of an invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// `CGST`, `SGST` or `IGST`.
    pub name: &'static str,
    /// Its rate.
    pub percent: Decimal,
    /// In rupees and paise.
    pub amount: Rupees,
}

/// What of a total is tax.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tax {
    /// The total without it.
    pub taxable: Rupees,
    /// The taxes: with the taxable value they are the total, to the paisa.
    pub parts: Vec<Part>,
}

/// Splits a total that includes `percent` of tax: within one state half is the union's and half the state's, and both are the same to the paisa; from
/// state to state all is the union's. A tax is rounded half up to the paisa; what is left is the taxable value.
#[must_use]
pub fn split(total: Rupees, percent: Decimal, within_state: bool) -> Tax {
    let two = Decimal::TWO;
    let whole = Decimal::ONE_HUNDRED + percent;
    let part = |name, percent: Decimal| {
        let exact = total.decimal() * percent / whole;
        let amount = Rupees::try_new(exact.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)).unwrap_or(Rupees::ZERO);
        Part { name, percent: percent.normalize(), amount }
    };
    let parts = if within_state {
        vec![part("CGST", percent / two), part("SGST", percent / two)]
    } else {
        vec![part("IGST", percent)]
    };
    let taxes: Rupees = parts.iter().map(|part| part.amount).sum();
    Tax { taxable: total - taxes, parts }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rupees(text: &str) -> Rupees {
        text.parse().unwrap()
    }

    #[test]
    fn eighteen_percent_of_135() {
        let tax = split(rupees("135"), Decimal::from(18), true);
        let amounts: Vec<_> = tax.parts.iter().map(|part| (part.name, part.percent.to_string(), part.amount)).collect();
        assert_eq!(amounts, [("CGST", "9".to_owned(), rupees("10.30")), ("SGST", "9".to_owned(), rupees("10.30"))]);
        assert_eq!(tax.taxable, rupees("114.40"));
        let tax = split(rupees("135"), Decimal::from(18), false);
        assert_eq!((tax.parts[0].name, tax.parts[0].amount, tax.taxable), ("IGST", rupees("20.59"), rupees("114.41")));
        assert_eq!(split(rupees("100"), Decimal::ZERO, false).taxable, rupees("100"));
        // Half a paisa goes up.
        assert_eq!(split(rupees("0.03"), Decimal::from(100), false).parts[0].amount, rupees("0.02"));
    }

    proptest! {
        #[test]
        fn the_parts_are_the_total(paise in 1u64..100_000_000_000, percent in 0u32..=100, within in any::<bool>()) {
            let total = Rupees::try_new(Decimal::new(i64::try_from(paise).unwrap(), 2)).unwrap();
            let tax = split(total, Decimal::from(percent), within);
            prop_assert_eq!(tax.taxable + tax.parts.iter().map(|part| part.amount).sum::<Rupees>(), total);
            prop_assert!(tax.parts.iter().all(|part| part.amount == tax.parts[0].amount));
            // Within a paisa of the exact value.
            let exact = total.decimal() * Decimal::ONE_HUNDRED / Decimal::from(100 + percent);
            prop_assert!((tax.taxable.decimal() - exact).abs() <= Decimal::new(11, 3), "{} {}", tax.taxable, exact);
        }
    }
}
