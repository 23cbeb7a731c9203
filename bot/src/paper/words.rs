//! Amounts in words, as Indian papers have them: lakhs and crores.

use mela_core::money::Rupees;

const ONES: [&str; 20] = [
    "Zero",
    "One",
    "Two",
    "Three",
    "Four",
    "Five",
    "Six",
    "Seven",
    "Eight",
    "Nine",
    "Ten",
    "Eleven",
    "Twelve",
    "Thirteen",
    "Fourteen",
    "Fifteen",
    "Sixteen",
    "Seventeen",
    "Eighteen",
    "Nineteen",
];
const TENS: [&str; 10] = ["", "", "Twenty", "Thirty", "Forty", "Fifty", "Sixty", "Seventy", "Eighty", "Ninety"];

/// `Rupees One Lakh Thirty-Five Thousand and Fifty Paise Only`.
#[must_use]
pub(super) fn in_words(amount: Rupees) -> String {
    let text = amount.plain();
    let (whole, paise) = text.split_once('.').unwrap_or((&text, ""));
    let whole: u64 = whole.parse().unwrap_or_default();
    // "5" is fifty paise.
    let paise: u64 = format!("{paise:0<2}").parse().unwrap_or_default();
    match (whole, paise) {
        (whole, 0) => format!("Rupees {} Only", number(whole)),
        (0, paise) => format!("{} Paise Only", number(paise)),
        (whole, paise) => format!("Rupees {} and {} Paise Only", number(whole), number(paise)),
    }
}

fn number(n: u64) -> String {
    let places = [(10_000_000, "Crore"), (100_000, "Lakh"), (1_000, "Thousand"), (100, "Hundred")];
    if let Some((value, name)) = places.into_iter().find(|(value, _)| n >= *value) {
        let rest = if n.is_multiple_of(value) { String::new() } else { format!(" {}", number(n % value)) };
        return format!("{} {name}{rest}", number(n / value));
    }
    let one = |n: u64| ONES.get(usize::try_from(n).unwrap_or_default()).copied().unwrap_or_default();
    let ten = |n: u64| TENS.get(usize::try_from(n).unwrap_or_default()).copied().unwrap_or_default();
    match n {
        0..20 => one(n).to_owned(),
        n if n.is_multiple_of(10) => ten(n / 10).to_owned(),
        n => format!("{}-{}", ten(n / 10), one(n % 10)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_indian_papers_have_them() {
        for (amount, words) in [
            ("135", "Rupees One Hundred Thirty-Five Only"),
            ("27.90", "Rupees Twenty-Seven and Ninety Paise Only"),
            ("0.05", "Five Paise Only"),
            ("0.5", "Fifty Paise Only"),
            ("20", "Rupees Twenty Only"),
            ("135000", "Rupees One Lakh Thirty-Five Thousand Only"),
            ("10000000", "Rupees One Crore Only"),
            (
                "999999999999.99",
                "Rupees Ninety-Nine Thousand Nine Hundred Ninety-Nine Crore Ninety-Nine Lakh Ninety-Nine Thousand Nine Hundred Ninety-Nine and Ninety-Nine Paise Only",
            ),
        ] {
            assert_eq!(in_words(amount.parse().unwrap()), words);
        }
    }
}
