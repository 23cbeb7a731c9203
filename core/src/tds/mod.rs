//! Tax that the shop withholds from what it pays out (TDS on commission: s.194H, from April 2026 s.393(1)): of what was credited to a person in an Indian
//! financial year, nothing up to the threshold, and above it of all of it.
//!
//! Commissions count by the day on which they were released. What a withdrawal covers is written down by year, so that nothing is taxed twice, and what
//! was refused, or came back, is covered again by the next.

mod pan;
mod statement;

pub(crate) use pan::rotate as rotate_pans;
pub use pan::{NotAPan, Pan, PanError, add as add_pan, is_kept as has_pan, kept as kept_pan};
pub use statement::{BookError, Deduction, Year, book, of_person, written};

use crate::Core;
use crate::db::{Tx, sql};
use crate::money::Rupees;
use crate::receipts::first_day_of_year;
use crate::settings::Settings;
use crate::users::UserId;
use chrono::{DateTime, Utc};
use rust_decimal::{Decimal, RoundingStrategy};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

/// Tax of one financial year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// The financial year, by its April.
    pub year: i16,
    /// Of so much of what was credited in it.
    pub base: Rupees,
    /// At so many percent.
    pub percent: Decimal,
    /// The tax.
    pub amount: Rupees,
}

/// What is withheld of one withdrawal.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tax {
    /// By financial year.
    pub parts: Vec<Part>,
    /// Whether it is so much because no PAN is known.
    pub for_want_of_pan: bool,
}

impl Tax {
    /// All of it.
    #[must_use]
    pub fn amount(&self) -> Rupees {
        self.parts.iter().map(|part| part.amount).sum()
    }

    /// Writes it down beside its withdrawal.
    pub(crate) async fn write_in(&self, tx: &Tx, withdrawal: i64) -> Result<(), DbErr> {
        for part in &self.parts {
            let text = "INSERT INTO tds_part (withdrawal_id, year, base, percent, amount) VALUES ($1, $2, $3, $4, $5)";
            let values = [withdrawal.into(), part.year.into(), part.base.into(), part.percent.into(), part.amount.into()];
            tx.execute_raw(sql(text, values)).await?;
        }
        Ok(())
    }
}

/// What would be withheld now of a withdrawal of so much.
///
/// # Errors
/// The database.
pub async fn preview(core: &Core, person: UserId, amount: Rupees) -> Result<Tax, DbErr> {
    due(core.db(), &*core.settings().await?, person, amount, core.now()).await
}

/// What is to be withheld of a withdrawal of so much. What a withdrawal is too small for is left for the next.
pub(crate) async fn due(db: &impl ConnectionTrait, settings: &Settings, person: UserId, amount: Rupees, now: DateTime<Utc>) -> Result<Tax, DbErr> {
    #[derive(FromQueryResult)]
    struct Row {
        year: i16,
        credited: Rupees,
        covered: Rupees,
    }
    let rules = &settings.tds;
    if !rules.withhold {
        return Ok(Tax::default());
    }
    let rows = Row::find_by_statement(sql(
        "SELECT c.year, c.credited, coalesce(d.covered, 0) AS covered FROM (
           SELECT extract(year FROM (release_at AT TIME ZONE 'Asia/Kolkata') - interval '3 months')::smallint AS year, sum(amount - reversed) AS credited
           FROM commission WHERE beneficiary_id = $1 AND release_at <= $2 AND release_at >= $3 GROUP BY 1) c
         LEFT JOIN (
           SELECT p.year, sum(p.base) AS covered FROM tds_part p JOIN withdrawal w ON w.id = p.withdrawal_id
           WHERE w.user_id = $1 AND w.state IN ('asked', 'approved', 'paid') GROUP BY 1) d USING (year)
         WHERE c.credited > $4 ORDER BY c.year",
        [person.0.into(), now.into(), first_day_of_year(rules.first_year).into(), rules.threshold.into()],
    ))
    .all(db)
    .await?;
    let has_pan = rows.is_empty() || has_pan(db, person).await?;
    let percent = if has_pan { rules.percent } else { rules.without_pan_percent }.decimal();
    // A rupee at least is paid out.
    let mut most = rounded_down(amount.decimal() - Decimal::ONE);
    let mut parts = Vec::new();
    for row in rows {
        if let Some((base, tax)) = part(row.credited - row.covered, percent, most) {
            most -= tax.decimal();
            parts.push(Part { year: row.year, base, percent, amount: tax });
        }
    }
    Ok(Tax { for_want_of_pan: !has_pan && !parts.is_empty(), parts })
}

/// The tax on what is not taxed yet, at most so much; and how much is taxed by that. Too little for a tax is taxed later, with more.
fn part(untaxed: Rupees, percent: Decimal, most: Decimal) -> Option<(Rupees, Rupees)> {
    let tax = rounded(untaxed.decimal() * percent / Decimal::ONE_HUNDRED);
    let (base, tax) = if tax > most {
        let base = (most * Decimal::ONE_HUNDRED).checked_div(percent)?;
        (base.round_dp_with_strategy(2, RoundingStrategy::ToZero), most)
    } else {
        (untaxed.decimal(), tax)
    };
    let (base, tax) = (Rupees::try_new(base).ok()?, Rupees::try_new(tax).ok()?);
    (base.is_positive() && tax.is_positive()).then_some((base, tax))
}

/// To the nearest ten rupees, five and more up; paise are ignored (Income-tax s.288B).
fn rounded(tax: Decimal) -> Decimal {
    let tens = (tax.trunc() / Decimal::TEN).round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
    tens * Decimal::TEN
}

fn rounded_down(amount: Decimal) -> Decimal {
    ((amount / Decimal::TEN).trunc() * Decimal::TEN).max(Decimal::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rupees(text: &str) -> Rupees {
        text.parse().unwrap()
    }

    #[test]
    fn rounded_to_ten_rupees_as_the_law_says() {
        for (tax, rounded_tax) in [("500.56", "500"), ("504.99", "500"), ("505", "510"), ("504.999", "500"), ("4.99", "0"), ("5", "10"), ("0", "0")] {
            assert_eq!(rounded(tax.parse().unwrap()), rounded_tax.parse::<Decimal>().unwrap(), "{tax}");
        }
    }

    #[test]
    fn a_withdrawal_that_is_too_small_bears_what_it_can() {
        let at = |untaxed, percent: i64, most: i64| part(rupees(untaxed), Decimal::from(percent), Decimal::from(most));
        assert_eq!(at("25000", 2, 24_990), Some((rupees("25000"), rupees("500"))));
        assert_eq!(at("25000", 20, 490), Some((rupees("2450"), rupees("490"))), "the rest of it is taxed with the next");
        assert_eq!(at("100", 2, 490), None, "two rupees are none");
        assert_eq!(at("25000", 0, 490), None);
        assert_eq!(at("25000", 20, 0), None);
        assert_eq!(part(-rupees("50"), Decimal::TEN, Decimal::ONE_HUNDRED), None, "given back after it was taxed");
        assert_eq!((rounded_down("499".parse().unwrap()), rounded_down("-1".parse().unwrap())), (Decimal::from(490), Decimal::ZERO));
    }
}
