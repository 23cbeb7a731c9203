//! The first sheet of an XLSX workbook.

use super::{Limits, Rows, SheetError, WIDEST};
use calamine::{DataRef, ExcelDateTime, Reader, SheetType, Xlsx};
use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use zip::ZipArchive;

fn damaged(error: impl std::fmt::Display) -> SheetError {
    SheetError::Damaged(error.to_string())
}

/// The rows of the first sheet with their numbers.
pub(super) fn rows(bytes: &[u8], limits: Limits) -> Result<Vec<(usize, Vec<String>)>, SheetError> {
    bounded(bytes, limits)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(damaged)?;
    let first = book.sheets_metadata().iter().find(|sheet| sheet.typ == SheetType::WorkSheet).map(|sheet| sheet.name.clone());
    let first = first.ok_or(SheetError::Empty)?;
    let mut cells = book.worksheet_cells_reader(&first).map_err(damaged)?;
    // Not calamine's own table: that has a place for each cell between the first and the last, and two cells can be 17 thousand million apart.
    let mut table: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    let mut text = 0;
    while let Some(cell) = cells.next_cell().map_err(damaged)? {
        let (row, column) = cell.get_position();
        let said = said(cell.get_value());
        if said.is_empty() {
            continue;
        }
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        if column >= WIDEST {
            return Err(SheetError::TooWide);
        }
        text += said.len();
        if text > limits.unpacked {
            return Err(SheetError::Inflates(limits.unpacked));
        }
        let places = table.entry(row).or_default();
        if places.len() <= column {
            places.resize(column + 1, String::new());
        }
        places[column] = said;
        if table.len() > limits.rows + 1 {
            return Err(SheetError::TooManyRows(limits.rows));
        }
    }
    let mut rows = Rows::new(limits);
    for (row, cells) in table {
        rows.push(row as usize + 1, cells)?;
    }
    Ok(rows.kept)
}

/// Refuses a workbook that is small only as long as it is packed: first by what its directory says, then, as a directory can lie, by unpacking it and keeping nothing.
fn bounded(bytes: &[u8], limits: Limits) -> Result<(), SheetError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    let limit = limits.unpacked as u64;
    let mut told: u64 = 0;
    for index in 0..archive.len() {
        told = told.saturating_add(archive.by_index_raw(index).map_err(damaged)?.size());
    }
    if told > limit {
        return Err(SheetError::Inflates(limits.unpacked));
    }
    let mut left = limit;
    for index in 0..archive.len() {
        let file = archive.by_index(index).map_err(damaged)?;
        let unpacked = std::io::copy(&mut file.take(left + 1), &mut std::io::sink()).map_err(damaged)?;
        left = left.checked_sub(unpacked).ok_or(SheetError::Inflates(limits.unpacked))?;
    }
    Ok(())
}

/// A cell as text: numbers as the spreadsheet shows them, dates as `2026-11-21`.
fn said(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::String(text) => text.trim().replace('\0', ""),
        DataRef::SharedString(text) => text.trim().replace('\0', ""),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => plain(*number),
        DataRef::Bool(yes) => yes.to_string(),
        DataRef::DateTime(date) => day(date),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => error.to_string(),
    }
}

/// A number with the 15 digits that spreadsheets show, never with an exponent: `3.3`, where the file has 3.3000000000000003.
fn plain(number: f64) -> String {
    format!("{number:.14e}").parse::<f64>().unwrap_or(number).to_string()
}

fn day(date: &ExcelDateTime) -> String {
    let (year, month, day, ..) = date.to_ymd_hms_milli();
    format!("{year:04}-{month:02}-{day:02}")
}
