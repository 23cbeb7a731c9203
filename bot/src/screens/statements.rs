//! Bank statements: how they are sent, how far they are, what they told.

use super::importing::{listed, megabytes};
use super::sentence;
use crate::reply::Screen;
use crate::texts::Texts;
use mela_core::credits::import::Figures;
use mela_core::credits::statement::{BadRow, Statement};
use mela_core::sheet;

/// How a statement is sent.
#[must_use]
pub fn how(texts: &Texts, most: u32) -> Screen {
    sentence(texts, "statement-how", &[("most", &megabytes(most as usize))])
}

/// How far it is.
#[must_use]
pub fn progress(texts: &Texts, done: usize, of: usize) -> Screen {
    sentence(texts, "statement-progress", &[("done", &done), ("of", &of)])
}

/// No row is a header that is known: which columns were found, and how they are mapped.
#[must_use]
pub fn header(texts: &Texts, found: &[String]) -> Screen {
    let found = found.join(", ").chars().take(300).collect::<String>();
    sentence(texts, "statement-header", &[("found", &found)])
}

fn reason(texts: &Texts, why: &BadRow) -> String {
    match why {
        BadRow::Day(found) => texts.plain("statement-day", &[("found", found)]),
        BadRow::NoDay => texts.plain("statement-no-day", &[]),
        BadRow::Amount(found) => texts.plain("statement-amount", &[("found", found)]),
        BadRow::NoAmount => texts.plain("statement-no-amount", &[]),
        BadRow::Both => texts.plain("statement-both", &[]),
        BadRow::DrCr(found) => texts.plain("statement-dr-cr", &[("found", found)]),
        BadRow::OtherAmount => texts.plain("statement-other-amount", &[]),
        BadRow::Beyond => texts.plain("statement-beyond", &[]),
    }
}

/// What a statement told.
#[must_use]
pub fn read(texts: &Texts, statement: &Statement, figures: Figures) -> Screen {
    let (from, through) = (statement.from.format("%d %b %Y").to_string(), statement.through.format("%d %b %Y").to_string());
    let mut text = vec![
        texts.html("statement-read", &[("bank", &statement.bank), ("from", &from), ("through", &through)]),
        texts.html(
            "statement-figures",
            &[("fresh", &figures.fresh), ("before", &figures.before), ("matched", &figures.matched), ("waiting", &figures.waiting)],
        ),
    ];
    text.extend((statement.debits > 0).then(|| texts.html("statement-debits", &[("count", &statement.debits)])));
    text.extend((statement.returned > 0).then(|| texts.html("statement-returned", &[("count", &statement.returned)])));
    text.extend(statement.closing.map(|closing| texts.html("statement-closing", &[("amount", &closing)])));
    text.extend((!statement.bad.is_empty()).then(|| texts.html("statement-bad", &[("count", &statement.bad.len())])));
    text.extend(listed(texts, statement.bad.iter().map(|(row, why)| (*row, reason(texts, why)))));
    Screen::new(text.join("\n"))
}

/// All bad rows as a file.
///
/// # Errors
/// None in memory; the library's type has them.
pub fn bad_rows(texts: &Texts, bad: &[(usize, BadRow)]) -> Result<Vec<u8>, Box<dyn std::error::Error + Send + Sync>> {
    Ok(sheet::write(&["row", "reason"], bad.iter().map(|(row, why)| vec![row.to_string(), reason(texts, why)]))?)
}
