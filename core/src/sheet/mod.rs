//! Spreadsheets that people send: bytes become rows of text. Knows nothing of what the rows mean.

mod text;
mod workbook;

use std::collections::BTreeMap;

/// Columns beyond these are no table that people filled in.
const WIDEST: usize = 100;

/// What a file may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file.
    pub bytes: usize,
    /// Rows below the header.
    pub rows: usize,
    /// Bytes of what is packed in the file, and of the text that it holds.
    pub unpacked: usize,
}

impl Limits {
    /// Limits for files of at most so many bytes: 20,000 rows, and unpacked at most ten times as many bytes.
    #[must_use]
    pub fn for_bytes(bytes: usize) -> Self {
        Self { bytes, rows: 20_000, unpacked: bytes.saturating_mul(10) }
    }
}

/// Why a file is not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SheetError {
    /// More bytes than the limit, which is told.
    #[error("larger than {0} bytes")]
    TooLarge(usize),
    /// More rows than the limit, which is told.
    #[error("more than {0} rows")]
    TooManyRows(usize),
    /// More than a hundred columns.
    #[error("more than {WIDEST} columns")]
    TooWide,
    /// Unpacked it is larger than the limit, which is told.
    #[error("unpacks to more than {0} bytes")]
    Inflates(usize),
    /// Nothing is written in it.
    #[error("nothing is written in it")]
    Empty,
    /// Neither text nor an XLSX workbook.
    #[error("neither CSV text nor an XLSX workbook")]
    Foreign,
    /// The workbook of an old Excel, or one with a password.
    #[error("an old Excel file, or one with a password")]
    OldExcel,
    /// An XLSX that is damaged.
    #[error("damaged: {0}")]
    Damaged(String),
}

/// The table of a file: trimmed texts. Rows without a word are left out, and every row knows its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// The first row that says something.
    pub header: Vec<String>,
    /// The rows below it, each with its number as the spreadsheet counts: the first line of the file is 1.
    pub rows: Vec<(usize, Vec<String>)>,
}

/// What is wrong with a header.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HeaderError {
    /// Columns that were wanted and are not there.
    pub missing: Vec<String>,
    /// Columns that nobody wants.
    pub unknown: Vec<String>,
    /// Columns that stand there twice.
    pub twice: Vec<String>,
}

impl Sheet {
    /// Whether a row has cells behind the last column: mostly a comma in a text without quotes, and then nothing is where it belongs.
    #[must_use]
    pub fn is_beyond(&self, row: &[String]) -> bool {
        row.len() > self.header.len()
    }

    /// Where each of the `wanted` columns stands. Letter case and spaces for `_` do not matter; columns without a name are no columns.
    ///
    /// # Errors
    /// Columns are missing, unknown, or there twice: all of them are told.
    pub fn columns(&self, wanted: &[&str]) -> Result<Vec<usize>, HeaderError> {
        Ok(self.columns_of(wanted, wanted.len())?.into_iter().flatten().collect())
    }

    /// The same of columns of which only the first so many must be there.
    ///
    /// # Errors
    /// As [`Sheet::columns`].
    pub fn columns_of(&self, wanted: &[&str], needed: usize) -> Result<Vec<Option<usize>>, HeaderError> {
        let mut places: BTreeMap<String, usize> = BTreeMap::new();
        let mut error = HeaderError::default();
        for (place, name) in self.header.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
            let plain = name.to_lowercase().split([' ', '_']).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("_");
            if !wanted.contains(&plain.as_str()) {
                error.unknown.push(name.clone());
            } else if places.insert(plain, place).is_some() {
                error.twice.push(name.clone());
            }
        }
        error.missing = wanted.iter().take(needed).filter(|name| !places.contains_key(**name)).map(|name| (*name).to_owned()).collect();
        if error == HeaderError::default() {
            Ok(wanted.iter().map(|name| places.get(*name).copied()).collect())
        } else {
            Err(error)
        }
    }
}

/// Reads a CSV (UTF-8, UTF-16 with its mark, or Windows-1252; comma, semicolon or tab) or the first sheet of an XLSX, by what is in it, whatever `name` ends with.
/// Of a formula the value is taken that the spreadsheet saw last.
///
/// # Errors
/// [`SheetError`]; nothing is read by half.
pub fn read(name: &str, bytes: &[u8], limits: Limits) -> Result<Sheet, SheetError> {
    if bytes.len() > limits.bytes {
        return Err(SheetError::TooLarge(limits.bytes));
    }
    let rows = if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        workbook::rows(bytes, limits)?
    } else if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        return Err(SheetError::OldExcel);
    } else if name.to_lowercase().ends_with(".xlsx") && !bytes.is_empty() {
        return Err(SheetError::Foreign);
    } else {
        text::rows(bytes, limits)?
    };
    let mut rows = rows.into_iter();
    let (_, header) = rows.next().ok_or(SheetError::Empty)?;
    Ok(Sheet { header, rows: rows.collect() })
}

/// Numbered rows under construction: keeps the limits, and leaves out what says nothing.
struct Rows {
    kept: Vec<(usize, Vec<String>)>,
    text: usize,
    limits: Limits,
}

impl Rows {
    fn new(limits: Limits) -> Self {
        Self { kept: Vec::new(), text: 0, limits }
    }

    fn push(&mut self, number: usize, mut cells: Vec<String>) -> Result<(), SheetError> {
        while cells.last().is_some_and(String::is_empty) {
            cells.pop();
        }
        if cells.is_empty() {
            return Ok(());
        }
        if cells.len() > WIDEST {
            return Err(SheetError::TooWide);
        }
        // The header is no row.
        if self.kept.len() > self.limits.rows {
            return Err(SheetError::TooManyRows(self.limits.rows));
        }
        self.text += cells.iter().map(String::len).sum::<usize>();
        if self.text > self.limits.unpacked {
            return Err(SheetError::Inflates(self.limits.unpacked));
        }
        self.kept.push((number, cells));
        Ok(())
    }
}

/// Whether a spreadsheet would take a text for a formula, were it not for the apostrophes before it.
fn is_like_a_formula(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(['=', '+', '-', '@'])
}

/// A text for a CSV that no spreadsheet takes for a formula: an apostrophe leads it. [`unescaped`] takes it away again.
#[must_use]
pub fn escaped(text: &str) -> String {
    if is_like_a_formula(text) { format!("'{text}") } else { text.to_owned() }
}

/// What [`escaped`] was given.
#[must_use]
pub fn unescaped(text: &str) -> &str {
    text.strip_prefix('\'').filter(|rest| is_like_a_formula(rest)).unwrap_or(text)
}

/// A CSV that spreadsheets open as it is meant: texts are escaped, and where they are more than ASCII the file says that it is UTF-8.
///
/// # Errors
/// None in memory; the library's type has them.
pub fn write<'a>(header: &[&str], rows: impl IntoIterator<Item = Vec<String>> + 'a) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(header)?;
    for row in rows {
        writer.write_record(row.iter().map(|cell| escaped(cell)))?;
    }
    let bytes = writer.into_inner().map_err(|e| e.into_error())?;
    Ok(if bytes.is_ascii() { bytes } else { [b"\xEF\xBB\xBF".as_slice(), &bytes].concat() })
}

#[cfg(test)]
mod tests;
