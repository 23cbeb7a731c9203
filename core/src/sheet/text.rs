//! CSV as people's programs write it.

use super::{Limits, Rows, SheetError};
use encoding_rs::{UTF_8, WINDOWS_1252};

/// The rows of a CSV with their numbers.
pub(super) fn rows(bytes: &[u8], limits: Limits) -> Result<Vec<(usize, Vec<String>)>, SheetError> {
    let text = decoded(bytes)?;
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter(&text)).from_reader(text.as_bytes());
    let mut rows = Rows::new(limits);
    let mut number = 0;
    for record in reader.records() {
        let record = record.map_err(|_| SheetError::Foreign)?;
        // The reader leaves out empty lines; the spreadsheet counts them.
        let begins = record.position().map_or(0, csv::Position::byte);
        let left_out = text.bytes().skip(usize::try_from(begins).unwrap_or(usize::MAX)).take_while(|b| *b == b'\n').count();
        number += 1 + left_out;
        rows.push(number, record.iter().map(|cell| cell.trim().to_owned()).collect())?;
    }
    Ok(rows.kept)
}

/// The text, with one kind of line end.
fn decoded(bytes: &[u8]) -> Result<String, SheetError> {
    // A mark decides; without one it is UTF-8 where that is possible, else what Excel writes in the West.
    let (text, _, broken) = UTF_8.decode(bytes);
    let text = if broken { WINDOWS_1252.decode(bytes).0 } else { text };
    // PostgreSQL keeps no NUL, and no text has one: this is a program, a picture, or UTF-16 without its mark.
    if text.contains('\0') {
        return Err(SheetError::Foreign);
    }
    Ok(text.replace("\r\n", "\n").replace('\r', "\n"))
}

/// What separates the columns: whichever the first line that has enough of one has most of, outside of quotes. Banks write lines of words above their tables.
fn delimiter(text: &str) -> u8 {
    let mut lines = text.trim_start_matches('\n').lines();
    let first = counted(lines.next().unwrap_or_default());
    let enough = |(_, count): &(u8, usize)| *count >= ENOUGH;
    let found = Some(first).filter(|found| found.1 > 0).or_else(|| lines.take(LOOKED_AT).map(counted).find(enough));
    found.map_or(b',', |(mark, _)| mark)
}

/// So many marks in a line make a table of it.
const ENOUGH: usize = 3;
/// Lines that are looked through for the first of a table.
const LOOKED_AT: usize = 60;

/// The mark that a line has most of, and how often.
fn counted(line: &str) -> (u8, usize) {
    let mut quoted = false;
    let bare: Vec<u8> = line
        .bytes()
        .filter(|byte| {
            quoted ^= *byte == b'"';
            !quoted
        })
        .collect();
    let count = |mark: u8| bare.iter().filter(|byte| **byte == mark).count();
    // Of equals the last wins: the comma.
    [b'\t', b';', b','].map(|mark| (mark, count(mark))).into_iter().max_by_key(|(_, count)| *count).unwrap_or((b',', 0))
}
