//! Tax that is withheld: what it takes of a withdrawal, the PAN, the yearly statement, the owner's file.

use super::{home, sentence, sentence_home};
use crate::callback::Press;
use crate::reply::{Picture, Screen, button};
use crate::texts::Texts;
use mela_core::money::Rupees;
use mela_core::sheet;
use mela_core::tds::{Pan, Year};

/// Deductions of one year that stand in the message itself; the file has all.
const SHOWN: usize = 12;

/// What is withheld of an amount, and what is paid, if anything is withheld.
#[must_use]
pub fn withheld(texts: &Texts, amount: Rupees, tds: Rupees) -> Option<String> {
    tds.is_positive().then(|| texts.html("tax-withheld", &[("tds", &tds), ("net", &(amount - tds))]))
}

/// Asks for the PAN.
#[must_use]
pub fn ask(texts: &Texts, kept: Option<&Pan>) -> Screen {
    let mut lines = vec![texts.html("pan-ask", &[])];
    lines.extend(kept.map(|pan| texts.html("pan-is", &[("pan", &pan.masked())])));
    Screen::new(lines.join("\n")).row([home(texts)])
}

/// The PAN is kept.
#[must_use]
pub fn kept(texts: &Texts, pan: &Pan) -> Screen {
    sentence_home(texts, "pan-kept", &[("pan", &pan.masked())])
}

/// What was withheld of a person's withdrawals, year by year. `on`: whether the shop withholds.
#[must_use]
pub fn statement(texts: &Texts, years: &[Year], on: bool, has_pan: bool) -> Screen {
    let mut lines = vec![texts.html("tax-statement", &[])];
    let told = years.iter().filter(|year| on || !year.deductions.is_empty());
    let before = lines.len();
    for year in told {
        let (name, withheld) = (year.name(), year.withheld());
        lines.push(texts.html("tax-year", &[("year", &name), ("credited", &year.credited), ("withheld", &withheld)]));
        let later = year.deductions.len().saturating_sub(SHOWN);
        lines.extend(year.deductions.iter().skip(later).map(|one| {
            let code = format!("W-{}", one.code);
            let at = one.settled_at.map_or_else(|| texts.plain("tax-under-way", &[]), |at| texts.day(at));
            let percent = one.percent.normalize();
            texts.html("tax-line", &[("withdrawal", &code), ("amount", &one.amount), ("percent", &percent), ("base", &one.base), ("at", &at)])
        }));
    }
    if lines.len() == before {
        lines.push(texts.html("tax-none", &[]));
    }
    if on {
        lines.push(texts.html(if has_pan { "tax-pan-known" } else { "tax-pan-unknown" }, &[]));
    }
    let screen = Screen::new(lines.join("\n"));
    let any = years.iter().any(|year| !year.deductions.is_empty());
    let screen = if any { screen.row([button(texts.plain("button-file", &[]), &Press::TaxFile)]) } else { screen };
    screen.row([home(texts)])
}

/// The same as a file.
///
/// # Errors
/// None in memory; the library's type has them.
pub fn file(texts: &Texts, years: &[Year]) -> Result<Screen, Box<dyn std::error::Error + Send + Sync>> {
    let rows: Vec<Vec<String>> = years
        .iter()
        .flat_map(|year| {
            year.deductions.iter().map(|one| {
                let at = one.settled_at.map(|at| texts.day(at)).unwrap_or_default();
                vec![year.name(), format!("W-{}", one.code), at, one.base.plain(), one.percent.normalize().to_string(), one.amount.plain()]
            })
        })
        .collect();
    let count = rows.len();
    let bytes = sheet::write(&["financial_year", "withdrawal", "paid_on", "commission", "percent", "tds"], rows)?;
    Ok(sentence(texts, "tax-file", &[("rows", &count)]).picture(Picture::File { name: "tds.csv".into(), bytes }))
}

/// All that was withheld for a financial year: for the owner.
#[must_use]
pub fn book(texts: &Texts, year: &str, bytes: Vec<u8>, rows: usize) -> Screen {
    let name = format!("tds-{year}.csv").into();
    sentence(texts, "tds-book", &[("year", &year), ("rows", &rows)]).picture(Picture::File { name, bytes })
}
