//! A file of accounts: checked whole, then applied or not. What waits to be applied is the file's place at Telegram and its hash, never its content.

use super::{Account, CredentialError, Loaded, Secret, VaultError};
use crate::Core;
use crate::audit::Actor;
use crate::catalog::{self, Delivery, Plan};
use crate::db::sql;
use crate::sheet::{self, HeaderError, Sheet};
use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap, HashSet};

/// The columns of a stock file.
pub const COLUMNS: [&str; 7] = ["plan", "login", "password", "profile", "pin", "slots", "expires_on"];
/// The longest cell.
const LONGEST: usize = 200;

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// There is no such plan.
    NoPlan(String),
    /// The plan is delivered by hand.
    ByHand(String),
    /// The cell of this column is empty and must not be.
    Empty(&'static str),
    /// The cell of this column is too long.
    Long(&'static str),
    /// Not a number of slots.
    Slots,
    /// Not a day as YYYY-MM-DD.
    Day,
    /// The account's last day is over.
    Over,
    /// Another row has the same account: this one, by its number.
    Twice(usize),
    /// Cells behind the last column: mostly a comma in a text without quotes, and then nothing is where it belongs.
    Beyond,
}

/// A row that is not loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadRow {
    /// Its number as the spreadsheet counts.
    pub row: usize,
    /// All that is wrong with it.
    pub reasons: Vec<Reason>,
}

/// Where a file lies, and what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Telegram's id of it.
    pub file_id: String,
    /// As it was sent.
    pub name: String,
    /// SHA-256 of its bytes.
    pub hash: Vec<u8>,
}

impl File {
    /// A file with this content.
    #[must_use]
    pub fn new(file_id: &str, name: &str, bytes: &[u8]) -> Self {
        Self { file_id: file_id.to_owned(), name: name.to_owned(), hash: Sha256::digest(bytes).to_vec() }
    }
}

/// A file that was checked; nothing is loaded by that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// What it would load.
    pub loads: Loaded,
    /// Its bad rows.
    pub wrong: Vec<BadRow>,
    /// With what it is applied, when there is something to load.
    pub draft: Option<i64>,
}

/// Why a file was not checked or applied.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// Its columns are not those of a stock file.
    #[error("other columns than a stock file has")]
    Header(HeaderError),
    /// There is no key to seal with.
    #[error(transparent)]
    Vault(VaultError),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbErr),
}

impl From<CredentialError> for ImportError {
    fn from(error: CredentialError) -> Self {
        match error {
            CredentialError::Vault(error) => Self::Vault(error),
            CredentialError::Db(error) => Self::Db(error),
            other => Self::Db(DbErr::Custom(other.to_string())),
        }
    }
}

/// The good rows by plan.
type Good = BTreeMap<i64, (Plan, Vec<Account>)>;

async fn parsed(core: &Core, sheet: &Sheet) -> Result<(Good, Vec<BadRow>), ImportError> {
    let places = sheet.columns(&COLUMNS).map_err(ImportError::Header)?;
    let plans: HashMap<String, Plan> = catalog::list(core.db(), 0, 1_000_000).await?.into_iter().map(|plan| (plan.code.clone(), plan)).collect();
    let today = core.settings().await?.shop.day(core.now());
    let (mut good, mut wrong, mut seen) = (Good::new(), Vec::new(), HashMap::new());
    for (row, cells) in &sheet.rows {
        let cell = |column: usize| sheet::unescaped(cells.get(places[column]).map_or("", String::as_str)).trim();
        let mut reasons = Vec::from_iter(sheet.is_beyond(cells).then_some(Reason::Beyond));
        let code = cell(0).to_lowercase();
        let plan = plans.get(&code);
        match plan {
            None if code.is_empty() => reasons.push(Reason::Empty(COLUMNS[0])),
            None => reasons.push(Reason::NoPlan(code.chars().take(40).collect())),
            Some(plan) if plan.delivery == Delivery::ByHand => reasons.push(Reason::ByHand(code.clone())),
            Some(_) => {}
        }
        let account = account_of(cell, today);
        reasons.extend(account.as_ref().err().cloned().unwrap_or_default());
        let same = (code, cell(1).to_lowercase(), cell(3).to_lowercase());
        if let Some(first) = seen.insert(same, *row) {
            reasons.push(Reason::Twice(first));
        }
        match (plan, account) {
            (Some(plan), Ok(account)) if reasons.is_empty() => {
                good.entry(plan.id).or_insert_with(|| (plan.clone(), Vec::new())).1.push(account);
            }
            _ => wrong.push(BadRow { row: *row, reasons }),
        }
    }
    Ok((good, wrong))
}

/// The account of a row, by the numbers of [`COLUMNS`]; else all that is wrong with it.
pub(super) fn account_of<'a>(cell: impl Fn(usize) -> &'a str, today: NaiveDate) -> Result<Account, Vec<Reason>> {
    let mut reasons: Vec<Reason> = (1..=2).filter(|&n| cell(n).is_empty()).map(|n| Reason::Empty(COLUMNS[n])).collect();
    reasons.extend((1..=4).filter(|&n| cell(n).chars().count() > LONGEST).map(|n| Reason::Long(COLUMNS[n])));
    let slots = if cell(5).is_empty() { Ok(1) } else { cell(5).parse::<i16>() }.ok().filter(|slots| (1..=100).contains(slots));
    reasons.extend(slots.is_none().then_some(Reason::Slots));
    let expires_on = if cell(6).is_empty() {
        Some(None)
    } else {
        NaiveDate::parse_from_str(cell(6), "%Y-%m-%d").ok().map(Some)
    };
    reasons.extend(expires_on.is_none().then_some(Reason::Day));
    reasons.extend(expires_on.flatten().filter(|day| *day < today).map(|_| Reason::Over));
    match (slots, expires_on) {
        (Some(slots), Some(expires_on)) if reasons.is_empty() => {
            let secret = Secret { login: cell(1).to_owned(), password: cell(2).to_owned(), profile: cell(3).to_owned(), pin: cell(4).to_owned() };
            Ok(Account { secret, slots, expires_on })
        }
        _ => Err(reasons),
    }
}

/// Checks a stock file whole and remembers where it lies until it is applied. The same `key` once more is the same file.
///
/// # Errors
/// The columns are not those of a stock file; there is no key to seal with.
pub async fn check(core: &Core, by: &Actor, key: &str, file: &File, sheet: &Sheet) -> Result<Checked, ImportError> {
    #[derive(FromQueryResult)]
    struct Id {
        id: i64,
    }
    #[derive(FromQueryResult)]
    struct Known {
        mark: Vec<u8>,
    }
    let (good, wrong) = parsed(core, sheet).await?;
    let mut loads = Loaded::default();
    for (plan, accounts) in good.values() {
        let marks = accounts
            .iter()
            .map(|account| core.vault().mark(plan.id, &account.secret))
            .collect::<Result<Vec<_>, _>>()
            .map_err(ImportError::Vault)?;
        let known = Known::find_by_statement(sql(
            "SELECT mark FROM credential WHERE plan_id = $1 AND mark = ANY ($2)",
            [plan.id.into(), marks.clone().into()],
        ))
        .all(core.db())
        .await?;
        let known: HashSet<Vec<u8>> = known.into_iter().map(|known| known.mark).collect();
        let new = marks.iter().zip(accounts).filter(|(mark, _)| !known.contains(*mark));
        loads.known += known.len();
        for (_, account) in new {
            loads.accounts += 1;
            loads.slots += usize::try_from(account.slots).unwrap_or_default();
        }
    }
    if loads.accounts == 0 {
        return Ok(Checked { loads, wrong, draft: None });
    }
    let draft = Id::find_by_statement(sql(
        "INSERT INTO stock_import (key, file_id, name, hash, checked_at, checked_by) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (key) DO UPDATE SET checked_by = excluded.checked_by RETURNING id",
        [
            key.into(),
            file.file_id.clone().into(),
            file.name.clone().into(),
            file.hash.clone().into(),
            core.now().into(),
            by.telegram_id.into(),
        ],
    ))
    .one(core.db())
    .await?;
    Ok(Checked { loads, wrong, draft: draft.map(|draft| draft.id) })
}

/// A checked file that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Waiting {
    /// It is to be fetched again and given to [`apply`].
    File(File),
    /// It was applied before, by this person.
    Applied(Loaded, String),
    /// There is none.
    Gone,
}

/// What waits under a draft's id.
///
/// # Errors
/// The database.
pub async fn waiting(core: &Core, id: i64) -> Result<Waiting, DbErr> {
    #[derive(FromQueryResult)]
    struct Row {
        file_id: String,
        name: String,
        hash: Vec<u8>,
        applied_by: Option<String>,
        accounts: i32,
        slots: i32,
        known: i32,
    }
    let row =
        Row::find_by_statement(sql("SELECT file_id, name, hash, applied_by, accounts, slots, known FROM stock_import WHERE id = $1", [id.into()]))
            .one(core.db())
            .await?;
    let count = |n: i32| usize::try_from(n).unwrap_or_default();
    Ok(match row {
        None => Waiting::Gone,
        Some(Row { applied_by: Some(by), accounts, slots, known, .. }) => {
            Waiting::Applied(Loaded { accounts: count(accounts), slots: count(slots), known: count(known) }, by)
        }
        Some(row) => Waiting::File(File { file_id: row.file_id, name: row.name, hash: row.hash }),
    })
}

/// Loads the good rows of the file that was fetched again. Pressed twice, or by two, the accounts are known the second time and nothing is loaded twice.
///
/// # Errors
/// There is no key to seal with; the database. Plans that were loaded before it failed stay loaded, and are known when it is pressed again.
pub async fn apply(core: &Core, by: &Actor, id: i64, sheet: &Sheet) -> Result<Loaded, ImportError> {
    let (good, _) = parsed(core, sheet).await?;
    let mut loaded = Loaded::default();
    for (plan, accounts) in good.values() {
        let part = super::load(core, plan, accounts, by).await?;
        loaded = Loaded { accounts: loaded.accounts + part.accounts, slots: loaded.slots + part.slots, known: loaded.known + part.known };
    }
    let count = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
    core.db()
        .execute_raw(sql(
            "UPDATE stock_import SET applied_by = $2, applied_at = $3, accounts = $4, slots = $5, known = $6 WHERE id = $1 AND applied_by IS NULL",
            [
                id.into(),
                by.name.clone().into(),
                core.now().into(),
                count(loaded.accounts).into(),
                count(loaded.slots).into(),
                count(loaded.known).into(),
            ],
        ))
        .await?;
    Ok(loaded)
}

/// A stock file with two rows to write over.
///
/// # Errors
/// None in memory.
pub fn template() -> Result<Vec<u8>, DbErr> {
    let rows = [
        ["combo-ott", "family@example.com", "the password", "Profile 2", "1234", "4", "2027-03-31"],
        ["combo-ott", "+919812345678", "another password", "", "", "1", ""],
    ];
    sheet::write(&COLUMNS, rows.map(|row| row.map(str::to_owned).to_vec())).map_err(|e| DbErr::Custom(e.to_string()))
}

/// Bad rows as a file: their numbers and the reasons in words. What was in their cells is not written down once more.
///
/// # Errors
/// None in memory.
pub fn wrong_rows(rows: &[BadRow], words: impl Fn(&BadRow) -> String) -> Result<Vec<u8>, DbErr> {
    let rows: Vec<Vec<String>> = rows.iter().map(|bad| vec![bad.row.to_string(), words(bad)]).collect();
    sheet::write(&["row", "reason"], rows).map_err(|e| DbErr::Custom(e.to_string()))
}
