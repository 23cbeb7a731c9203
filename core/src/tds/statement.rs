//! What was withheld in a financial year: for its payee, and of all payees for the owner's return.

use super::pan;
use crate::Core;
use crate::credentials::{Sealed, VaultError};
use crate::db::sql;
use crate::money::Rupees;
use crate::receipts::day;
use crate::sheet;
use crate::users::UserId;
use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use sea_orm::{DbErr, FromQueryResult};

/// Tax withheld of one withdrawal for one financial year.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Deduction {
    /// The withdrawal, as `W-…` without its letter.
    pub code: String,
    /// Of so much that was credited.
    pub base: Rupees,
    /// At so many percent.
    pub percent: Decimal,
    /// The tax.
    pub amount: Rupees,
    /// When the withdrawal was paid; nothing while it is under way.
    pub settled_at: Option<DateTime<Utc>>,
}

/// A person's financial year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Year {
    /// By its April.
    pub year: i16,
    /// What was credited in it.
    pub credited: Rupees,
    /// What was withheld of that, oldest first.
    pub deductions: Vec<Deduction>,
}

impl Year {
    /// All that was withheld and paid.
    #[must_use]
    pub fn withheld(&self) -> Rupees {
        self.deductions.iter().filter(|one| one.settled_at.is_some()).map(|one| one.amount).sum()
    }
}

/// How a financial year is written: `2026-27`.
#[must_use]
pub fn written(year: i16) -> String {
    format!("{year}-{:02}", (year + 1).rem_euclid(100))
}

impl Year {
    /// `2026-27`.
    #[must_use]
    pub fn name(&self) -> String {
        written(self.year)
    }
}

/// A person's financial years in which something was credited, the latest first.
///
/// # Errors
/// The database.
pub async fn of_person(core: &Core, person: UserId) -> Result<Vec<Year>, DbErr> {
    #[derive(FromQueryResult)]
    struct Credited {
        year: i16,
        credited: Rupees,
    }
    #[derive(FromQueryResult)]
    struct Of {
        year: i16,
        #[sea_orm(nested)]
        deduction: Deduction,
    }
    let years = Credited::find_by_statement(sql(
        "SELECT extract(year FROM (release_at AT TIME ZONE 'Asia/Kolkata') - interval '3 months')::smallint AS year, sum(amount - reversed) AS credited
         FROM commission WHERE beneficiary_id = $1 AND release_at <= $2 GROUP BY 1 ORDER BY 1 DESC",
        [person.0.into(), core.now().into()],
    ))
    .all(core.db())
    .await?;
    let of = Of::find_by_statement(sql(
        "SELECT p.year, w.code, p.base, p.percent, p.amount, w.settled_at FROM withdrawal w JOIN tds_part p ON p.withdrawal_id = w.id
         WHERE w.user_id = $1 AND w.state IN ('asked', 'approved', 'paid') ORDER BY w.id, p.year",
        [person.0.into()],
    ))
    .all(core.db())
    .await?;
    let deductions = |year: i16| of.iter().filter(|one| one.year == year).map(|one| one.deduction.clone()).collect();
    Ok(years.into_iter().map(|row| Year { year: row.year, credited: row.credited, deductions: deductions(row.year) }).collect())
}

/// Why the owner's file was not written.
#[derive(Debug, thiserror::Error)]
pub enum BookError {
    /// A PAN cannot be opened.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbErr),
}

/// The columns of the owner's file.
const COLUMNS: [&str; 9] = ["financial_year", "withdrawal", "paid_on", "customer", "name", "pan", "commission", "percent", "tds"];

/// All that was withheld for a financial year and paid, as a CSV; and how many rows it has. PANs are in it.
///
/// # Errors
/// A PAN cannot be opened.
pub async fn book(core: &Core, year: i16) -> Result<(Vec<u8>, usize), BookError> {
    #[derive(FromQueryResult)]
    struct Row {
        user_id: i64,
        name: String,
        key_id: Option<String>,
        nonce: Option<Vec<u8>>,
        sealed: Option<Vec<u8>>,
        #[sea_orm(nested)]
        deduction: Deduction,
    }
    let rows = Row::find_by_statement(sql(
        "SELECT w.user_id, u.name, n.key_id, n.nonce, n.sealed, w.code, p.base, p.percent, p.amount, w.settled_at
         FROM tds_part p JOIN withdrawal w ON w.id = p.withdrawal_id JOIN users u ON u.id = w.user_id LEFT JOIN pan n ON n.user_id = w.user_id
         WHERE p.year = $1 AND w.state = 'paid' ORDER BY w.settled_at, w.id",
        [year.into()],
    ))
    .all(core.db())
    .await?;
    let mut lines = Vec::new();
    for Row { user_id, name, key_id, nonce, sealed, deduction } in rows {
        let pan = match (key_id, nonce, sealed) {
            (Some(key_id), Some(nonce), Some(sealed)) => pan::of(core, UserId(user_id), &Sealed { key_id, nonce, sealed })?.as_str().to_owned(),
            _ => String::new(),
        };
        lines.push(vec![
            written(year),
            format!("W-{}", deduction.code),
            deduction.settled_at.map(|at| day(at).to_string()).unwrap_or_default(),
            user_id.to_string(),
            name,
            pan,
            deduction.base.plain(),
            deduction.percent.normalize().to_string(),
            deduction.amount.plain(),
        ]);
    }
    let count = lines.len();
    let file = sheet::write(&COLUMNS, lines).map_err(|error| DbErr::Custom(error.to_string()))?;
    Ok((file, count))
}
