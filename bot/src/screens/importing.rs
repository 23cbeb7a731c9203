//! Files of products: how they are sent, what they would change, what they have changed.

use super::products::rule;
use super::sentence;
use crate::callback::Press;
use crate::reply::{Picture, Screen, button};
use crate::texts::Texts;
use mela_core::catalog::Field;
use mela_core::catalog::import::{BadRow, Checked, Figures, Reason};
use mela_core::sheet::{HeaderError, SheetError};

/// Bad rows that stand in the message itself.
const SHOWN: usize = 10;
/// A line of the message is at most so long: ten of them fit.
const LINE: usize = 250;

/// `5 MB`, or `4.5 MB`.
pub(super) fn megabytes(bytes: usize) -> String {
    let tenths = bytes.div_ceil(100_000);
    if tenths.is_multiple_of(10) {
        format!("{} MB", tenths / 10)
    } else {
        format!("{}.{} MB", tenths / 10, tenths % 10)
    }
}

fn columns() -> String {
    Field::ALL.map(Field::name).join(", ")
}

/// How products are imported, with a file to write over.
#[must_use]
pub fn how(texts: &Texts, most: u32, template: Vec<u8>) -> Screen {
    let most = megabytes(most as usize);
    sentence(texts, "import-how", &[("columns", &columns()), ("most", &most)])
        .picture(Picture::File { name: "products-template.csv".into(), bytes: template })
}

/// The file is one that Telegram does not give to bots.
#[must_use]
pub fn over_telegrams(texts: &Texts) -> Screen {
    sentence(texts, "import-over-telegrams", &[])
}

/// Why a file is not read; `columns` are those that it should have.
#[must_use]
pub fn unread(texts: &Texts, error: &SheetError, columns: &[&str]) -> Screen {
    match error {
        SheetError::TooLarge(most) => sentence(texts, "import-too-large", &[("most", &megabytes(*most))]),
        SheetError::TooManyRows(most) => sentence(texts, "import-too-many", &[("most", most)]),
        SheetError::TooWide => sentence(texts, "import-too-wide", &[]),
        SheetError::Inflates(most) => sentence(texts, "import-inflates", &[("most", &megabytes(*most))]),
        SheetError::Empty => sentence(texts, "import-empty", &[("columns", &columns.join(", "))]),
        SheetError::Foreign => sentence(texts, "import-foreign", &[]),
        SheetError::OldExcel => sentence(texts, "import-old-excel", &[]),
        SheetError::Damaged(_) => sentence(texts, "import-damaged", &[]),
    }
}

/// Which columns are missing, unknown, or there twice.
#[must_use]
pub fn header(texts: &Texts, error: &HeaderError, columns: &[&str]) -> Screen {
    let named = |names: &[String]| names.join(", ").chars().take(300).collect::<String>();
    let lines = [("import-missing", &error.missing), ("import-unknown", &error.unknown), ("import-twice", &error.twice)];
    let lines = lines.iter().filter(|(_, names)| !names.is_empty()).map(|(key, names)| texts.html(key, &[("names", &named(names))]));
    let head = texts.html("import-header", &[]);
    let wanted = texts.html("import-wanted", &[("columns", &columns.join(", "))]);
    Screen::new(std::iter::once(head).chain(lines).chain([wanted]).collect::<Vec<_>>().join("\n"))
}

/// All that is wrong with a row, in words.
#[must_use]
pub fn reasons(texts: &Texts, bad: &BadRow) -> String {
    let words = bad.reasons.iter().map(|reason| match reason {
        Reason::Wrong(wrong) => {
            texts.plain("import-wrong-cell", &[("field", &wrong.field), ("found", &wrong.found), ("rule", &rule(texts, wrong.field))])
        }
        Reason::Beyond => texts.plain("import-beyond", &[]),
        Reason::Twice(other) => texts.plain("import-duplicate", &[("row", other)]),
    });
    words.collect::<Vec<_>>().join("; ")
}

fn figures(texts: &Texts, figures: Figures, wrong: usize) -> String {
    texts.html("import-figures", &[("new", &figures.new), ("changed", &figures.changed), ("same", &figures.same), ("wrong", &wrong)])
}

fn apply(texts: &Texts, id: i64) -> teloxide::types::InlineKeyboardButton {
    button(texts.plain("button-apply", &[]), &Press::ApplyImport(id))
}

/// The first bad rows by their numbers, and how many more there are.
pub(super) fn listed(texts: &Texts, rows: impl ExactSizeIterator<Item = (usize, String)>) -> Vec<String> {
    let more = rows.len().saturating_sub(SHOWN);
    let line = |(row, why): (usize, String)| texts.html("import-row", &[("row", &row), ("why", &why.chars().take(LINE).collect::<String>())]);
    let mut lines: Vec<String> = rows.take(SHOWN).map(line).collect();
    lines.extend((more > 0).then(|| texts.html("import-more", &[("more", &more)])));
    lines
}

/// What a file would change: the dry run.
#[must_use]
pub fn checked(texts: &Texts, checked: &Checked) -> Screen {
    let mut text = vec![figures(texts, checked.figures, checked.wrong.len())];
    text.extend(listed(texts, checked.wrong.iter().map(|bad| (bad.row, reasons(texts, bad)))));
    text.push(texts.html(
        match (checked.draft, checked.wrong.is_empty()) {
            (Some(_), true) => "import-press",
            (Some(_), false) => "import-press-good",
            (None, true) => "import-nothing",
            (None, false) => "import-nothing-good",
        },
        &[],
    ));
    let screen = Screen::new(text.join("\n"));
    match checked.draft {
        Some(id) => screen.row([apply(texts, id)]),
        None => screen,
    }
}

/// All bad rows as a file.
#[must_use]
pub fn wrong_file(texts: &Texts, bytes: Vec<u8>, rows: usize) -> Screen {
    sentence(texts, "import-wrong-file", &[("rows", &rows)]).picture(Picture::File { name: "wrong-rows.csv".into(), bytes })
}

/// A file that is applied.
#[must_use]
pub fn applied(texts: &Texts, figures: Figures, by: &str) -> Screen {
    sentence(texts, "import-applied", &[("new", &figures.new), ("changed", &figures.changed), ("by", &by)])
}

/// What a file would change now that the products are others.
#[must_use]
pub fn moved(texts: &Texts, now: Figures, id: i64) -> Screen {
    let key = if now.is_something() { "import-press" } else { "import-nothing" };
    let screen = Screen::new([texts.html("import-moved", &[]), figures(texts, now, 0), texts.html(key, &[])].join("\n"));
    if now.is_something() { screen.row([apply(texts, id)]) } else { screen }
}

/// All products as a file.
#[must_use]
pub fn exported(texts: &Texts, bytes: Vec<u8>, count: usize) -> Screen {
    sentence(texts, "exported", &[("count", &count)]).picture(Picture::File { name: "products.csv".into(), bytes })
}
