//! Many plans at once from a file: checked whole, shown, and then applied or not.

use super::fields::{Field, Fields, Wrong};
use super::staff::{lock_in, new_place, with_codes};
use crate::Core;
use crate::audit::{self, Actor};
use crate::db::{retrying, sql};
use crate::sheet::{self, HeaderError, Sheet};
use chrono::TimeDelta;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};

/// How long a checked file waits to be applied.
const KEPT: TimeDelta = TimeDelta::days(7);

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// A cell that its field does not take.
    Wrong(Wrong),
    /// Another row has the same code: this one, by its number.
    Twice(usize),
    /// Cells behind the last column: mostly a comma in a text without quotes, and then nothing is where it belongs.
    Beyond,
}

/// A row that is not applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadRow {
    /// Its number as the spreadsheet counts.
    pub row: usize,
    /// All that is wrong with it.
    pub reasons: Vec<Reason>,
    /// Its cells in the order of [`Field::ALL`].
    pub cells: Vec<String>,
}

/// A row that can be applied, and the plan of its code as it was when the file was compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Good {
    fields: Fields,
    before: Option<Fields>,
    /// Fields without a column in the file: they stay as they are.
    #[serde(default)]
    keeps: Vec<Field>,
}

/// What the good rows of a file come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Figures {
    /// Plans that there were not.
    pub new: usize,
    /// Plans that become others.
    pub changed: usize,
    /// Plans that are so already.
    pub same: usize,
}

impl Figures {
    fn of(rows: &[Good]) -> Self {
        let new = rows.iter().filter(|row| row.before.is_none()).count();
        let same = rows.iter().filter(|row| row.before.as_ref() == Some(&row.fields)).count();
        Self { new, same, changed: rows.len() - new - same }
    }

    /// Whether anything would be done.
    #[must_use]
    pub fn is_something(&self) -> bool {
        self.new + self.changed > 0
    }
}

/// A file that was checked; nothing of the catalogue is changed by that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// What it would change.
    pub figures: Figures,
    /// Its bad rows.
    pub wrong: Vec<BadRow>,
    /// With what it is applied, when there is something to apply.
    pub draft: Option<i64>,
}

/// Reads each row of a products file: plans, and rows with all that is wrong with them. Of rows with the same code none is good: nobody knows which is meant.
fn parsed(sheet: &Sheet) -> Result<(Vec<Good>, Vec<BadRow>), HeaderError> {
    let places = sheet.columns_of(&Field::ALL.map(Field::name), Field::NEEDED)?;
    let cells_of = |row: &[String]| -> Vec<String> {
        let cells = places.iter().map(|place| place.and_then(|place| row.get(place)).map_or("", String::as_str));
        cells.map(|cell| sheet::unescaped(cell).to_owned()).collect()
    };
    let keeps: Vec<Field> = Field::ALL.into_iter().zip(&places).filter(|(_, place)| place.is_none()).map(|(field, _)| field).collect();
    let rows: Vec<(usize, Vec<String>)> = sheet.rows.iter().map(|(number, row)| (*number, cells_of(row))).collect();
    let beyond: HashSet<usize> = sheet.rows.iter().filter(|(_, row)| sheet.is_beyond(row)).map(|(number, _)| *number).collect();
    let mut with_code: HashMap<&str, Vec<usize>> = HashMap::new();
    for (number, cells) in &rows {
        with_code.entry(&cells[0]).or_default().push(*number);
    }
    let (mut good, mut wrong) = (Vec::new(), Vec::new());
    for (row, cells) in &rows {
        let mut fields = Fields::default();
        let mistakes = Field::ALL.into_iter().zip(cells).filter_map(|(field, cell)| fields.set(field, cell).err());
        let mut reasons: Vec<Reason> = mistakes.map(Reason::Wrong).collect();
        let other = with_code.get(cells[0].as_str()).into_iter().flatten().find(|other| *other != row);
        reasons.extend(beyond.contains(row).then_some(Reason::Beyond));
        reasons.extend(other.filter(|_| !cells[0].is_empty()).map(|other| Reason::Twice(*other)));
        if reasons.is_empty() {
            good.push(Good { fields, before: None, keeps: keeps.clone() });
        } else {
            wrong.push(BadRow { row: *row, reasons, cells: cells.clone() });
        }
    }
    Ok((good, wrong))
}

/// Notes beside each row what the plan of its code is now.
async fn compare(db: &impl ConnectionTrait, rows: &mut [Good]) -> Result<(), DbErr> {
    let codes = rows.iter().map(|row| row.fields.code.clone()).collect();
    let plans = with_codes(db, codes).await?.into_iter().map(Fields::from);
    let mut now: HashMap<String, Fields> = plans.map(|plan| (plan.code.clone(), plan)).collect();
    for row in rows {
        row.before = now.remove(&row.fields.code);
        for field in &row.keeps {
            row.fields.keep(*field, row.before.as_ref());
        }
    }
    Ok(())
}

/// Why a products file was not checked.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// Its columns are not those of a products file.
    #[error("other columns than a products file has")]
    Header(HeaderError),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbErr),
}

/// Checks a products file whole and keeps its good rows until they are applied; the catalogue stays as it is. The same `key` once more is the same file.
///
/// # Errors
/// The columns are not those of a products file.
pub async fn check(core: &Core, by: &Actor, key: &str, sheet: &Sheet) -> Result<Checked, ImportError> {
    #[derive(FromQueryResult)]
    struct Draft {
        id: i64,
    }
    let (mut rows, wrong) = parsed(sheet).map_err(ImportError::Header)?;
    compare(core.db(), &mut rows).await?;
    let figures = Figures::of(&rows);
    if !figures.is_something() {
        return Ok(Checked { figures, wrong, draft: None });
    }
    let json = serde_json::to_value(&rows).map_err(|e| DbErr::Json(e.to_string()))?;
    let tx = core.begin().await?;
    tx.execute_raw(sql("UPDATE plan_import SET rows = NULL WHERE rows IS NOT NULL AND made_at < $1", [(core.now() - KEPT).into()]))
        .await?;
    let draft = Draft::find_by_statement(sql(
        "INSERT INTO plan_import (key, made_by, made_at, rows) VALUES ($1, $2, $3, $4)
         ON CONFLICT (key) DO UPDATE SET made_by = excluded.made_by RETURNING id",
        [key.into(), by.telegram_id.into(), core.now().into(), json.into()],
    ))
    .one(&tx)
    .await?;
    tx.commit().await?;
    Ok(Checked { figures, wrong, draft: draft.map(|draft| draft.id) })
}

/// What became of a checked file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is applied, just now.
    Now(Figures),
    /// It was applied before, by this person.
    Already(Figures, String),
    /// The plans are others than when the file was compared: nothing is applied, and it would change this now.
    Moved(Figures),
    /// It waited too long, or there is none.
    Gone,
}

#[derive(FromQueryResult)]
struct Waiting {
    rows: Option<serde_json::Value>,
    applied_by: Option<String>,
    added: i32,
    changed: i32,
}

/// Applies the good rows of a checked file in one transaction, once, and only to the catalogue that was shown.
///
/// # Errors
/// The database: nothing is applied then.
pub async fn apply(core: &Core, by: &Actor, id: i64) -> Result<Outcome, DbErr> {
    retrying(|| async {
        let tx = core.begin().await?;
        let waiting =
            Waiting::find_by_statement(sql("SELECT rows, applied_by, added, changed FROM plan_import WHERE id = $1 FOR UPDATE", [id.into()]));
        let (rows, applied_by, figures) = match waiting.one(&tx).await? {
            None => return Ok(Outcome::Gone),
            Some(waiting) => {
                let count = |n: i32| usize::try_from(n).unwrap_or_default();
                (waiting.rows, waiting.applied_by, Figures { new: count(waiting.added), changed: count(waiting.changed), same: 0 })
            }
        };
        if let Some(name) = applied_by {
            return Ok(Outcome::Already(figures, name));
        }
        let Some(rows) = rows else { return Ok(Outcome::Gone) };
        let shown: Vec<Good> = serde_json::from_value(rows).map_err(|e| DbErr::Json(e.to_string()))?;
        lock_in(&tx).await?;
        let mut rows = shown.clone();
        compare(&tx, &mut rows).await?;
        let figures = Figures::of(&rows);
        if rows != shown {
            let json = serde_json::to_value(&rows).map_err(|e| DbErr::Json(e.to_string()))?;
            tx.execute_raw(sql("UPDATE plan_import SET rows = $2 WHERE id = $1", [id.into(), json.into()])).await?;
            tx.commit().await?;
            return Ok(Outcome::Moved(figures));
        }
        write(core, &tx, by, &rows).await?;
        let count = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
        tx.execute_raw(sql(
            "UPDATE plan_import SET rows = NULL, applied_at = $2, applied_by = $3, added = $4, changed = $5 WHERE id = $1",
            [id.into(), core.now().into(), by.name.clone().into(), count(figures.new).into(), count(figures.changed).into()],
        ))
        .await?;
        let detail = format!("{} new, {} changed", figures.new, figures.changed);
        audit::record(&tx, core.now(), by, "product.import", &format!("import {id}"), &detail).await?;
        tx.commit().await?;
        Ok(Outcome::Now(figures))
    })
    .await
}

/// Writes what differs, and who did it to which plan.
async fn write(core: &Core, tx: &impl ConnectionTrait, by: &Actor, rows: &[Good]) -> Result<(), DbErr> {
    let differing: Vec<&Good> = rows.iter().filter(|row| row.before.as_ref() != Some(&row.fields)).collect();
    let fields: Vec<&Fields> = differing.iter().map(|row| &row.fields).collect();
    let json = serde_json::to_value(fields).map_err(|e| DbErr::Json(e.to_string()))?;
    tx.execute_raw(sql(
        concat!(
            "INSERT INTO plan (code, title, platform, category, period_days, screens, price, cost, delivery, active, description, stars,
                           level1_percent, level2_percent, position)
         SELECT code, title, platform, category, period_days, screens, price, cost, delivery, active, description, stars, level1_percent, level2_percent, ",
            new_place!(),
            " FROM jsonb_to_recordset($1) AS row (code text, title text, platform text, category text, period_days integer, screens integer,
                                             price numeric, cost numeric, delivery text, active boolean, description text, stars integer,
                                             level1_percent numeric, level2_percent numeric)
         ON CONFLICT (code) DO UPDATE SET title = excluded.title, platform = excluded.platform, category = excluded.category,
           period_days = excluded.period_days, screens = excluded.screens, price = excluded.price, cost = excluded.cost,
           delivery = excluded.delivery, active = excluded.active, description = excluded.description,
           stars = excluded.stars, level1_percent = excluded.level1_percent, level2_percent = excluded.level2_percent"
        ),
        [json.into()],
    ))
    .await?;
    let (mut actions, mut codes, mut details) = (Vec::new(), Vec::new(), Vec::new());
    for Good { fields, before, .. } in differing {
        actions.push(if before.is_some() { "product.change" } else { "product.create" }.to_owned());
        codes.push(fields.code.clone());
        details.push(match before {
            Some(before) => before.changes(fields),
            None => format!("{}, price {}, cost {}", fields.title, fields.price, fields.cost),
        });
    }
    tx.execute_raw(sql(
        "INSERT INTO audit (at, actor_id, actor_name, action, subject, detail) SELECT $1, $2, $3, * FROM unnest($4::text[], $5::text[], $6::text[])",
        [core.now().into(), by.telegram_id.into(), by.name.clone().into(), actions.into(), codes.into(), details.into()],
    ))
    .await?;
    Ok(())
}

/// All plans as a products file, which, given to [`check`], changes nothing.
///
/// # Errors
/// The database.
pub async fn export(core: &Core) -> Result<(Vec<u8>, usize), DbErr> {
    let plans = super::list(core.db(), 0, 1_000_000).await?;
    let count = plans.len();
    let rows = plans.into_iter().map(|plan| {
        let fields = Fields::from(plan);
        Field::ALL.map(|field| fields.text(field)).to_vec()
    });
    Ok((file(rows)?, count))
}

/// A products file with two rows to write over.
///
/// # Errors
/// None in memory.
pub fn template() -> Result<Vec<u8>, DbErr> {
    let rows = [
        [
            "netflix-1m",
            "Netflix 1 month",
            "Netflix",
            "Films",
            "30",
            "1",
            "199",
            "120",
            "by_hand",
            "yes",
            "One screen in HD.",
            "",
            "",
            "",
        ],
        [
            "prime-1y",
            "Prime Video 1 year",
            "Prime Video",
            "Films",
            "365",
            "2",
            "1,499.50",
            "900",
            "by_hand",
            "no",
            "Two screens, for a year.",
            "900",
            "25",
            "5",
        ],
    ];
    file(rows.map(|row| row.map(str::to_owned).to_vec()))
}

fn file(rows: impl IntoIterator<Item = Vec<String>>) -> Result<Vec<u8>, DbErr> {
    sheet::write(&Field::ALL.map(Field::name), rows).map_err(|e| DbErr::Custom(e.to_string()))
}

/// Bad rows as a file: their numbers, the reasons in words, and the cells as they came.
///
/// # Errors
/// None in memory.
pub fn wrong_rows(rows: &[BadRow], words: impl Fn(&BadRow) -> String) -> Result<Vec<u8>, DbErr> {
    let header: Vec<&str> = ["row", "reason"].into_iter().chain(Field::ALL.map(Field::name)).collect();
    let rows: Vec<Vec<String>> = rows.iter().map(|bad| [bad.row.to_string(), words(bad)].into_iter().chain(bad.cells.clone()).collect()).collect();
    sheet::write(&header, rows).map_err(|e| DbErr::Custom(e.to_string()))
}
