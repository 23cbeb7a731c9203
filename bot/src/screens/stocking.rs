//! Stock: what is left, how it is loaded, what a file would load.

use super::importing::{listed, megabytes};
use super::{back, sentence};
use crate::callback::Press;
use crate::reply::{Picture, Screen, button};
use crate::texts::Texts;
use mela_core::catalog::Plan;
use mela_core::credentials::import::{BadRow, COLUMNS, Checked, Reason};
use mela_core::credentials::typed::NotAnAccount;
use mela_core::credentials::{Loaded, Shelf};

/// What is in stock of every plan that is delivered from it.
#[must_use]
pub fn shelves(texts: &Texts, shelves: &[Shelf], has_key: bool) -> Screen {
    let mut lines = vec![texts.html(if shelves.is_empty() { "stock-none" } else { "stock" }, &[])];
    lines.extend(shelves.iter().map(|shelf| line(texts, shelf)));
    lines.push(texts.html(if has_key { "stock-load" } else { "stock-no-key" }, &[]));
    let screen = Screen::new(lines.join("\n"));
    shelves
        .iter()
        .take(BUTTONS)
        .fold(screen, |screen, shelf| screen.row([button(shelf.title.clone(), &Press::Shelf(shelf.id))]))
}

/// Telegram shows a hundred buttons at most; of more plans the rest is loaded from files.
const BUTTONS: usize = 40;

fn line(texts: &Texts, shelf: &Shelf) -> String {
    let args: crate::texts::Args<'_> = &[
        ("title", &shelf.title),
        ("code", &shelf.code),
        ("free", &shelf.free),
        ("sold", &shelf.sold),
        ("retired", &shelf.retired),
        ("waiting", &shelf.waiting),
    ];
    texts.html("stock-line", args)
}

/// What is in stock of one plan.
#[must_use]
pub fn shelf(texts: &Texts, shelf: &Shelf, has_key: bool) -> Screen {
    let screen = Screen::new(line(texts, shelf));
    let screen = if has_key {
        screen.row([button(texts.plain("button-add-account", &[]), &Press::AddAccount(shelf.id))])
    } else {
        screen
    };
    screen.row([back(texts, &Press::Stock)])
}

/// An account that was typed is loaded, or was there before. `gone`: the message with it is.
#[must_use]
pub fn typed(texts: &Texts, plan: &Plan, loaded: Loaded, gone: bool) -> Screen {
    let key = if loaded.accounts == 0 { "typed-known" } else { "typed-loaded" };
    let said = texts.html(key, &[("title", &plan.title), ("slots", &loaded.slots)]);
    Screen::new(format!("{said}\n{}", fate(texts, gone))).row([back(texts, &Press::Shelf(plan.id))])
}

/// What was typed is no account.
#[must_use]
pub fn not_an_account(texts: &Texts, wrong: &NotAnAccount, gone: bool) -> Screen {
    let why = match wrong {
        NotAnAccount::Line(number) => texts.html("typed-line", &[("number", number)]),
        NotAnAccount::Wrong(reasons) => texts.html("typed-wrong", &[("reasons", &in_words(texts, reasons))]),
    };
    Screen::new(format!("{why}\n{}\n{}", fate(texts, gone), texts.html("typed-form", &[])))
}

fn fate(texts: &Texts, gone: bool) -> String {
    texts.html(if gone { "typed-message-gone" } else { "typed-message-stays" }, &[])
}

/// How stock is loaded, with a file to write over.
#[must_use]
pub fn how(texts: &Texts, most: u32, template: Vec<u8>) -> Screen {
    sentence(texts, "stock-how", &[("columns", &COLUMNS.join(", ")), ("most", &megabytes(most as usize))])
        .picture(Picture::File { name: "stock-template.csv".into(), bytes: template })
}

/// All that is wrong with a row, in words.
#[must_use]
pub fn reasons(texts: &Texts, bad: &BadRow) -> String {
    in_words(texts, &bad.reasons)
}

fn in_words(texts: &Texts, reasons: &[Reason]) -> String {
    let words = reasons.iter().map(|reason| match reason {
        Reason::NoPlan(code) => texts.plain("stock-no-plan", &[("code", code)]),
        Reason::ByHand(code) => texts.plain("stock-by-hand", &[("code", code)]),
        Reason::Empty(column) => texts.plain("stock-empty", &[("column", column)]),
        Reason::Long(column) => texts.plain("stock-long", &[("column", column)]),
        Reason::Slots => texts.plain("stock-slots", &[]),
        Reason::Day => texts.plain("stock-day", &[]),
        Reason::Over => texts.plain("stock-over", &[]),
        Reason::Beyond => texts.plain("import-beyond", &[]),
        Reason::Twice(row) => texts.plain("stock-twice", &[("row", row)]),
    });
    words.collect::<Vec<_>>().join("; ")
}

fn figures(texts: &Texts, key: &str, loaded: Loaded, more: (&'static str, &(dyn std::fmt::Display + Sync))) -> String {
    texts.html(key, &[("accounts", &loaded.accounts), ("slots", &loaded.slots), ("known", &loaded.known), more])
}

/// What a file would load: the dry run.
#[must_use]
pub fn checked(texts: &Texts, checked: &Checked) -> Screen {
    let mut lines = vec![figures(texts, "stock-figures", checked.loads, ("wrong", &checked.wrong.len()))];
    lines.extend(listed(texts, checked.wrong.iter().map(|bad| (bad.row, reasons(texts, bad)))));
    lines.push(texts.html(if checked.draft.is_some() { "stock-press" } else { "stock-nothing" }, &[]));
    let screen = Screen::new(lines.join("\n"));
    match checked.draft {
        Some(id) => screen.row([button(texts.plain("button-apply", &[]), &Press::ApplyStock(id))]),
        None => screen,
    }
}

/// What was loaded.
#[must_use]
pub fn loaded(texts: &Texts, loaded: Loaded, by: &str) -> Screen {
    Screen::new(figures(texts, "stock-loaded", loaded, ("by", &by)))
}
