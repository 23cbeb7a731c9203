//! The books: statements and the trial balance, for staff; and the day that is over.

use super::PAGE;
use crate::callback::Press;
use crate::reply::{Picture, Screen, button};
use crate::texts::Texts;
use chrono::{DateTime, NaiveDate, Utc};
use mela_core::ledger::{AccountId, Digest, Entry, Problem, TrialLine};
use mela_core::money::Rupees;
use mela_core::reports::Figures;

/// An account with a page of its entries, newest first; one more than fits tells that there are older ones.
#[derive(Debug)]
pub struct StatementOf<'a> {
    /// Which.
    pub account: AccountId,
    /// Whose, if it is a person's.
    pub owner: Option<String>,
    /// What is on it now.
    pub balance: Rupees,
    /// The page.
    pub entries: &'a [Entry],
}

/// A page of any account's statement with its running balance.
#[must_use]
pub fn statement(texts: &Texts, of: &StatementOf<'_>) -> Screen {
    let owner = of.owner.clone().unwrap_or_else(|| texts.plain("the-shop", &[]));
    let head = texts.html("account-statement", &[("account", &of.account.kind()), ("owner", &owner), ("balance", &of.balance)]);
    let lines = of.entries.iter().take(PAGE).map(|entry| {
        let sign = if entry.amount.is_positive() { "+" } else { "" };
        let what = if entry.memo.is_empty() { &entry.key } else { &entry.memo };
        texts.html(
            "account-line",
            &[
                ("at", &texts.time(entry.occurred_at)),
                ("movement", &entry.movement),
                ("what", what),
                ("amount", &format!("{sign}{}", entry.amount)),
                ("after", &entry.balance_after),
            ],
        )
    });
    let screen = Screen::new(std::iter::once(head).chain(lines).collect::<Vec<_>>().join("\n"));
    let number = of.account.number();
    let older = of.entries.get(PAGE - 1).filter(|_| of.entries.len() > PAGE);
    let older = older.map(|last| button(texts.plain("button-older", &[]), &Press::Account(number, last.position)));
    let file = (!of.entries.is_empty()).then(|| button(texts.plain("button-file", &[]), &Press::AccountFile(number)));
    let row: Vec<_> = older.into_iter().chain(file).collect();
    screen.row(row)
}

/// A statement as a file.
#[must_use]
pub fn file(texts: &Texts, bytes: Vec<u8>, lines: u64) -> Screen {
    Screen::new(texts.html("statement-file", &[("lines", &lines)])).picture(Picture::File { name: "statement.csv".into(), bytes })
}

/// The trial balance; with what the proof found and the books' digest, where it is that of now.
#[must_use]
pub fn trial(texts: &Texts, at: Option<DateTime<Utc>>, lines: &[TrialLine], problems: Option<&[Problem]>, digest: Option<&(i64, Digest)>) -> Screen {
    let head = match at {
        Some(at) => texts.html("trial-at", &[("at", &texts.time(at))]),
        None => texts.html("trial", &[]),
    };
    let rows = lines
        .iter()
        .map(|line| texts.html("trial-line", &[("account", &line.kind), ("amount", &line.amount), ("entries", &line.entries)]));
    let sum: Rupees = lines.iter().map(|line| line.amount).sum();
    let mut text: Vec<String> = std::iter::once(head).chain(rows).chain([texts.html("trial-sum", &[("sum", &sum)])]).collect();
    match problems {
        Some([]) => text.push(texts.html("proof-empty", &[])),
        Some(problems) => text.extend(
            problems
                .iter()
                .take(20)
                .map(|p| texts.html("proof-line", &[("problem", &p.problem), ("subject", &p.subject), ("detail", &p.detail)])),
        ),
        None => {}
    }
    if let Some((through, digest)) = digest {
        text.push(texts.html("digest-line", &[("through", through), ("digest", digest)]));
    }
    Screen::new(text.join("\n"))
}

/// A day that is over, with what lies between the shop and its bank by now.
#[must_use]
pub fn daily(texts: &Texts, day: NaiveDate, figures: &Figures, clearings: Vec<String>, through: i64, digest: &str) -> Screen {
    let margin = figures.sales - figures.cost - figures.commissions;
    let report = texts.html(
        "daily-report",
        &[
            ("day", &day.format("%-d %b %Y")),
            ("joined", &figures.joined),
            ("by-link", &figures.joined_by_link),
            ("placed", &figures.orders_placed),
            ("paid", &figures.orders_paid),
            ("sales", &figures.sales),
            ("cost", &figures.cost),
            ("commissions", &figures.commissions),
            ("margin", &margin),
            ("paid-out", &figures.paid_out),
        ],
    );
    let sealed = texts.html("digest-line", &[("through", &through), ("digest", &digest)]);
    Screen::new(std::iter::once(report).chain(clearings).chain([sealed]).collect::<Vec<_>>().join("\n"))
}
