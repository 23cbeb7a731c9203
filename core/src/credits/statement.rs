//! A bank's statement, read: what came in, what went out, and what of it cannot be read. Knows no database.

use super::columns::{self, Columns, plain};
use super::words::{Pattern, canonical, day_in, is_rrn, is_utr, own_reference, rrn_in, time_in, vpa_in};
use super::{Seen, Source, Teller, bank};
use crate::money::Rupees;
use crate::settings::Mapping;
use crate::sheet::Sheet;
use chrono::{NaiveDate, NaiveTime, TimeZone, Utc};
use rust_decimal::Decimal;
use std::collections::HashMap;

/// Longest narration that is kept.
const LONGEST: usize = 500;

/// A statement that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Whose it is, as credits name banks.
    pub bank: String,
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub through: NaiveDate,
    /// What lay in the account after the last row, where the rows say so.
    pub closing: Option<Rupees>,
    /// What came in, each with its row.
    pub credits: Vec<(usize, Seen)>,
    /// Rows of what went out.
    pub debits: usize,
    /// Rows of payments of the account's own that came back: they are no income, and whoever made them knows by other means.
    pub returned: usize,
    /// Rows that cannot be read.
    pub bad: Vec<(usize, BadRow)>,
}

impl Statement {
    /// Transactions in it.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.credits.len() + self.debits + self.returned + self.bad.len()
    }
}

/// Why a row cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadRow {
    /// This is no day.
    #[error("{0:?} is no day")]
    Day(String),
    /// Money without a day.
    #[error("there is no day")]
    NoDay,
    /// This is no amount.
    #[error("{0:?} is no amount")]
    Amount(String),
    /// A day without money.
    #[error("nothing came in or went out")]
    NoAmount,
    /// Money both came in and went out.
    #[error("money both came in and went out")]
    Both,
    /// Neither CR nor DR.
    #[error("{0:?} is neither CR nor DR")]
    DrCr(String),
    /// The reference was seen with another amount.
    #[error("its reference was seen with another amount")]
    OtherAmount,
    /// Cells behind the last column: a comma in a text without quotes.
    #[error("there is more than the columns hold: a comma without quotes")]
    Beyond,
}

/// Why a file is no statement.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAStatement {
    /// No row is a header that is known; the row that looks most like one.
    #[error("no header is known; found {}", .0.join(", "))]
    Header(Vec<String>),
    /// The shape does not tell the bank, and nobody named it.
    #[error("whose statement this is must be named")]
    Bank,
    /// There is no transaction in it.
    #[error("there is no transaction in it")]
    NoRows,
}

/// A transaction under construction: its narration may go on in the rows below.
struct Draft {
    row: usize,
    day: Result<(NaiveDate, Option<NaiveTime>), BadRow>,
    narration: Vec<String>,
    references: Vec<String>,
    /// What came in (more than zero) or went out.
    amount: Result<Option<Decimal>, BadRow>,
    balance: Option<Decimal>,
}

/// Reads a statement. `named` is the bank that whoever sent it named; times are those of the shop's `zone`.
///
/// # Errors
/// Nothing of it can be read.
pub fn read(sheet: &Sheet, named: Option<&str>, mapping: &Mapping, zone: chrono_tz::Tz) -> Result<Statement, NotAStatement> {
    let all: Vec<(usize, &[String])> =
        std::iter::once((0, sheet.header.as_slice())).chain(sheet.rows.iter().map(|(n, row)| (*n, row.as_slice()))).collect();
    let header = all.iter().take(200).position(|(_, row)| columns::read(row, mapping).is_some());
    let found = header.and_then(|at| Some((at, columns::read(all.get(at)?.1, mapping)?)));
    let Some((at, columns)) = found else {
        // The preamble has few cells in a row, the header names them all.
        let looks = all
            .iter()
            .take(60)
            .max_by_key(|(_, row)| row.iter().filter(|c| c.chars().any(char::is_alphabetic) && day_in(c).is_none()).count());
        return Err(NotAStatement::Header(looks.map(|(_, row)| row.iter().filter(|c| !c.is_empty()).cloned().collect()).unwrap_or_default()));
    };
    let (preamble, head, rows) = (&all[..at], all[at].1, &all[at + 1..]);
    let branch = || preamble.iter().flat_map(|(_, row)| row.iter()).find_map(|cell| bank::by_branch(cell)).map(str::to_owned);
    let of_shape = if mapping.is_set() { columns.bank.clone() } else { None };
    let bank = named.and_then(bank::named).or(of_shape).or_else(branch).or_else(|| columns.bank.clone()).ok_or(NotAStatement::Bank)?;
    let drafts = drafts(rows, head, &columns);
    let mut statement = assemble(&drafts, bank, zone);
    let days: Vec<NaiveDate> = drafts.iter().filter_map(|draft| draft.day.as_ref().ok().map(|day| day.0)).collect();
    let (Some(first), Some(last)) = (days.iter().min(), days.iter().max()) else {
        return Err(NotAStatement::NoRows);
    };
    (statement.from, statement.through) = period(preamble).filter(|(from, to)| from <= first && last <= to).unwrap_or((*first, *last));
    Ok(statement)
}

/// The period that the lines above the header name.
fn period(preamble: &[(usize, &[String])]) -> Option<(NaiveDate, NaiveDate)> {
    preamble.iter().find_map(|(_, row)| {
        let line = row.join(" ");
        let (from, _, ends) = day_in(&line)?;
        let (to, ..) = day_in(line.get(ends..)?)?;
        (from <= to).then_some((from, to))
    })
}

/// What is written where no transaction is: totals, balances carried over, what the bank says at the end.
static NO_ROW: Pattern = Pattern::new(
    r"^\W*(?:(?:grand |page |sub[- ]?)?totals?\b|opening bal|closing bal|(?:balance )?(?:brought|carried) (?:forward|down)|b/f\b|c/f\b|statement summary|transaction total|end of (?:the )?statement|balance as on)",
);
/// Behind these lines there are no transactions any more.
static THE_END: Pattern = Pattern::new(r"^\W*(?:statement summary|end of (?:the )?statement|\*+ ?end of)");

fn drafts(rows: &[(usize, &[String])], head: &[String], columns: &Columns) -> Vec<Draft> {
    let header: Vec<String> = head.iter().map(|name| plain(name)).collect();
    let cell = |row: &[String], at: usize| row.get(at).map_or("", |cell| crate::sheet::unescaped(cell).trim()).to_owned();
    let mut drafts: Vec<Draft> = Vec::new();
    for (number, row) in rows {
        let of = |at: Option<usize>| at.map_or_else(String::new, |at| cell(row, at));
        let is_rule = row.iter().all(|cell| cell.chars().all(|c| matches!(c, '*' | '-' | '=' | '_' | ' ')));
        let is_header = row.iter().map(|name| plain(name)).eq(header.iter().cloned());
        let words = row.iter().find(|cell| !cell.is_empty()).map_or("", String::as_str);
        if THE_END.is_in(words) {
            break;
        }
        if is_rule || is_header {
            continue;
        }
        let (date, narration) = (cell(row, columns.date), cell(row, columns.narration));
        let day = day(&date, columns.month_first);
        if NO_ROW.is_in(words) || NO_ROW.is_in(&narration) && !has_money(row, columns) {
            continue;
        }
        let amount = if row.len() > head.len() { Err(BadRow::Beyond) } else { money(row, columns) };
        let references: Vec<String> = columns.reference.iter().map(|at| cell(row, *at)).filter(|text| !text.is_empty()).collect();
        let balance = number_in(&of(columns.balance)).ok().flatten();
        let is_open = drafts.last().is_some_and(|draft| draft.amount == Ok(None) && draft.balance.is_none());
        match (day, amount) {
            (Some(day), amount) => {
                drafts.push(Draft { row: *number, day: Ok(day), narration: vec![narration], references, amount, balance });
            }
            // A narration that goes on below.
            (None, Ok(None)) if date.is_empty() => {
                if let Some(draft) = drafts.last_mut().filter(|_| !narration.is_empty() || !references.is_empty()) {
                    draft.narration.extend((!narration.is_empty()).then_some(narration));
                    draft.references.extend(references);
                    draft.balance = draft.balance.or(balance);
                }
            }
            // The money stands in the last line of its narration.
            (None, amount) if date.is_empty() && is_open => {
                if let Some(draft) = drafts.last_mut() {
                    draft.narration.extend((!narration.is_empty()).then_some(narration));
                    draft.references.extend(references);
                    (draft.amount, draft.balance) = (amount, balance);
                }
            }
            // Sums without a word.
            (None, _) if date.is_empty() && narration.is_empty() && references.is_empty() => {}
            // What the bank says below.
            (None, Ok(None)) => {}
            (None, amount) => {
                let why = if date.is_empty() { BadRow::NoDay } else { BadRow::Day(shortened(&date)) };
                drafts.push(Draft { row: *number, day: Err(why), narration: vec![narration], references, amount, balance });
            }
        }
    }
    drafts
}

fn shortened(text: &str) -> String {
    text.chars().take(40).collect()
}

/// A day, and its time where one is told. The cell says nothing else.
fn day(cell: &str, month_first: bool) -> Option<(NaiveDate, Option<NaiveTime>)> {
    static TURNED: Pattern = Pattern::new(r"^(?P<m>[0-9]{1,2})(?P<x>[-/.])(?P<d>[0-9]{1,2})(?P<rest>[-/.].*)$");
    let turned = TURNED.first(cell).filter(|_| month_first).map(|t| format!("{}{}{}{}", &t["d"], &t["x"], &t["m"], &t["rest"]));
    let cell = turned.as_deref().unwrap_or(cell);
    let (day, begins, ends) = day_in(cell)?;
    let rest = &cell[ends..];
    let is_alone = cell[..begins].trim().is_empty() && !rest.chars().any(|c| c.is_alphabetic() && !"aApPmMtTzZiIsS".contains(c));
    // Midnight is what spreadsheets write for a day alone.
    is_alone.then(|| (day, time_in(&rest.replacen(['T', 't'], " ", 1)).filter(|time| *time != NaiveTime::MIN)))
}

fn has_money(row: &[String], columns: &Columns) -> bool {
    !matches!(money(row, columns), Ok(None))
}

/// What came in, or, below zero, went out.
fn money(row: &[String], columns: &Columns) -> Result<Option<Decimal>, BadRow> {
    let cell = |at: Option<usize>| at.and_then(|at| row.get(at)).map_or("", |cell| crate::sheet::unescaped(cell).trim());
    let wrong = |at: Option<usize>| move |()| BadRow::Amount(shortened(cell(at)));
    if columns.credit.is_some() {
        let credit = number_in(cell(columns.credit)).map_err(wrong(columns.credit))?.filter(|n| !n.is_zero());
        let debit = number_in(cell(columns.debit)).map_err(wrong(columns.debit))?.filter(|n| !n.is_zero());
        return match (credit, debit) {
            (Some(_), Some(_)) => Err(BadRow::Both),
            // Some banks write what went out below zero, and "Dr" makes a number so.
            (None, Some(debit)) => Ok(Some(-debit.abs())),
            (Some(credit), None) if credit.is_sign_negative() => Err(BadRow::Amount(shortened(cell(columns.credit)))),
            (credit, None) => Ok(credit),
        };
    }
    let text = cell(columns.amount);
    let Some(amount) = number_in(text).map_err(wrong(columns.amount))?.filter(|n| !n.is_zero()) else {
        return Ok(None);
    };
    if columns.dr_cr.is_none() {
        return Ok(Some(amount));
    }
    let mark = cell(columns.dr_cr).trim_matches(['.', ' ', '(', ')', '+', '-']).to_ascii_uppercase();
    match mark.as_str() {
        "CR" | "C" | "CREDIT" | "CREDITED" | "DEPOSIT" => Ok(Some(amount.abs())),
        "DR" | "D" | "DEBIT" | "DEBITED" | "WITHDRAWAL" => Ok(Some(-amount.abs())),
        "" => Err(BadRow::DrCr(String::new())),
        _ => Err(BadRow::DrCr(shortened(cell(columns.dr_cr)))),
    }
}

/// A number as banks write it: `1,35,000.00`, `135.00 Cr`, `(135.00)`, `₹ 135`, `-`. Below zero with "Dr", a minus, or in brackets.
fn number_in(cell: &str) -> Result<Option<Decimal>, ()> {
    let text: String = cell.chars().filter(|c| !c.is_whitespace() && !matches!(c, '"' | '\u{feff}')).collect::<String>().to_ascii_uppercase();
    if matches!(text.as_str(), "" | "-" | "--" | "NA" | "N/A" | "NIL" | ".") {
        return Ok(None);
    }
    let mut rest = text.as_str();
    let mut below = false;
    for (mark, is_below) in [("CR.", false), ("DR.", true), ("(CR)", false), ("(DR)", true), ("CR", false), ("DR", true)] {
        if let Some(before) = rest.strip_suffix(mark) {
            (rest, below) = (before, below || is_below);
            break;
        }
    }
    if let Some(inner) = rest.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        (rest, below) = (inner, true);
    }
    for mark in ["-", "+", "−"] {
        if let Some(bare) = rest.strip_prefix(mark).or_else(|| rest.strip_suffix(mark)) {
            (rest, below) = (bare, below ^ (mark != "+"));
            break;
        }
    }
    let rest = rest.strip_suffix("INR").unwrap_or(rest);
    // `.50` is written by some.
    let whole = if rest.starts_with('.') { format!("0{rest}") } else { rest.to_owned() };
    let amount: Rupees = whole.parse().map_err(|_| ())?;
    Ok(Some(if below { -amount.decimal() } else { amount.decimal() }))
}

/// Payments of the account's own that came back.
static RETURNED: Pattern = Pattern::new(
    r"^\W*(?:rev|rvsl|reversal|revrsl|revsl|returned|return|ret|rtn)\b|^\W*(?:upi|imps|neft|rtgs) (?:rev|rvsl|reversal|return|ret|rtn)\b|[/-] ?(?:rev|rvsl|reversal|reversed|revrsl|revsl|ret|rtn|return|returned) ?[/-]",
);

fn assemble(drafts: &[Draft], bank: String, zone: chrono_tz::Tz) -> Statement {
    let mut statement = Statement {
        bank,
        from: NaiveDate::MIN,
        through: NaiveDate::MIN,
        closing: closing(drafts),
        credits: Vec::new(),
        debits: 0,
        returned: 0,
        bad: Vec::new(),
    };
    let mut equals: HashMap<String, usize> = HashMap::new();
    for draft in drafts {
        let narration = draft.narration.join(" ");
        match (&draft.day, &draft.amount) {
            (Err(why), _) | (_, Err(why)) => statement.bad.push((draft.row, why.clone())),
            (Ok(_), Ok(None)) => statement.bad.push((draft.row, BadRow::NoAmount)),
            (Ok(_), Ok(Some(amount))) if amount.is_sign_negative() => statement.debits += 1,
            (Ok(_), Ok(Some(_))) if is_returned(&narration) => statement.returned += 1,
            (Ok((day, time)), Ok(Some(amount))) => match Rupees::try_new(*amount) {
                Ok(amount) => {
                    let reference = reference(draft).unwrap_or_else(|| synthetic(draft, *day, amount, &mut equals));
                    let seen = seen(&statement.bank, &reference, draft, &narration, amount, (*day, *time), zone);
                    statement.credits.push((draft.row, seen));
                }
                Err(_) => statement.bad.push((draft.row, BadRow::Amount(amount.to_string()))),
            },
        }
    }
    statement
}

/// What the payer wrote is not asked: only what stands before the reference, or the whole where there is none.
fn is_returned(narration: &str) -> bool {
    static RRN: Pattern = Pattern::new(r"[0-9]{12}");
    let before = RRN.first(narration).and_then(|found| narration.get(..found.get(0)?.start())).unwrap_or(narration);
    RETURNED.is_in(before)
}

fn seen(
    bank: &str,
    reference: &str,
    draft: &Draft,
    narration: &str,
    amount: Rupees,
    at: (NaiveDate, Option<NaiveTime>),
    zone: chrono_tz::Tz,
) -> Seen {
    let noon = NaiveTime::from_hms_opt(12, 0, 0).unwrap_or_default();
    let local = at.0.and_time(at.1.unwrap_or(noon));
    // An hour that a clock's change leaves out is taken for that of Greenwich.
    let moment = zone.from_local_datetime(&local).earliest().map_or_else(|| local.and_utc(), |at| at.with_timezone(&Utc));
    let together = draft.narration.concat();
    Seen {
        source: Source::Bank,
        bank: bank.to_owned(),
        bank_ref: format!("{bank}/{reference}"),
        amount,
        payer: payer(narration, bank).unwrap_or_default(),
        vpa: vpa(narration).or_else(|| vpa(&together)),
        note: narration.replace('\0', "").chars().take(LONGEST).collect(),
        at: moment,
        by_day: at.1.is_none(),
        teller: Some(Teller::Statement),
    }
}

/// The bank's reference: what stands in its column, which the payer cannot write; else the narration's. A narration may be cut within the number.
fn reference(draft: &Draft) -> Option<String> {
    let column = draft.references.iter().map(|cell| canonical(cell));
    if let Some(rrn) = column.clone().find(|text| is_rrn(text)).or_else(|| draft.references.iter().find_map(|cell| rrn_in(cell))) {
        return Some(rrn);
    }
    // Twelve digits may be an account elsewhere.
    static OF_UPI: Pattern = Pattern::new(r"\b(?:upi|imps|mmt|p2a|p2m|rrn|utr)|\bref\b");
    let narrations = [draft.narration.join(" "), draft.narration.concat()];
    if let Some(rrn) = narrations.iter().filter(|narration| OF_UPI.is_in(narration)).find_map(|narration| rrn_in(narration)) {
        return Some(rrn);
    }
    let is_alone = |cell: &&String| !cell.contains(' ') && !cell.contains("E+");
    let alone = draft.references.iter().filter(is_alone).map(|cell| canonical(cell)).find(|text| is_utr(text));
    alone.or_else(|| narrations.iter().find_map(|narration| utr_in(narration)))
}

/// The reference of NEFT and RTGS.
fn utr_in(narration: &str) -> Option<String> {
    static NEFT: Pattern = Pattern::new(r"\b(?:neft|rtgs|imps|inb|ecs|nach)\b");
    static TOKEN: Pattern = Pattern::new(r"\b[0-9a-z]{14,22}\b");
    if !NEFT.is_in(narration) {
        return None;
    }
    TOKEN.all(narration).filter_map(|found| Some(canonical(found.get(0)?.as_str()))).find(|token| is_utr(token))
}

/// A reference for a row that has none: by its day, amount and balance, without a balance by its words; and which of its equals it is. So a row of two files
/// that overlap is one.
fn synthetic(draft: &Draft, day: NaiveDate, amount: Rupees, equals: &mut HashMap<String, usize>) -> String {
    let what = match draft.balance {
        Some(balance) => balance.normalize().to_string(),
        None => draft.narration.concat().chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase(),
    };
    let key = format!("{day}|{}|{what}", amount.plain());
    let ordinal = equals.entry(key.clone()).and_modify(|n| *n += 1).or_insert(1);
    own_reference("row", &format!("{key}|{ordinal}"))
}

/// The payer's name, where banks put it.
fn payer(narration: &str, bank: &str) -> Option<String> {
    static NO_NAME: Pattern = Pattern::new(
        r"^(?:(?:neft|imps|rtgs|upi) ?(?:cr|dr|in|inward)?|p2a|p2m|p2p|p2v|cr|dr|mmt|by transfer|transfer|to transfer|inb|payment|pay|ybl|oksbi|okaxis|okhdfcbank|okicici|paytm|upi payment|collect)$",
    );
    // ICICI tells a note and a UPI id, and no name.
    if bank == "ICICI" && narration.to_ascii_uppercase().starts_with("UPI") {
        return None;
    }
    let separator = if narration.matches('/').count() >= 2 { '/' } else { '-' };
    let parts = narration.split(separator).map(|part| part.split_whitespace().collect::<Vec<_>>().join(" "));
    let is_name = |part: &String| {
        let letters = part.chars().filter(char::is_ascii_alphabetic).count();
        letters >= 3 && part.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '.' | '\'' | '&')) && !NO_NAME.is_in(part)
    };
    let is_transfer = ["upi", "imps", "neft", "rtgs"].iter().any(|word| narration.to_ascii_lowercase().contains(word));
    parts.filter(|_| is_transfer).filter(|part| !part.to_ascii_lowercase().contains("by transfer")).find(is_name)
}

/// The payer's UPI id. HDFC joins the parts of its narrations with dashes, `UPI-NAME-VPA-…`, and a UPI id may have some itself.
fn vpa(narration: &str) -> Option<String> {
    let parts: Vec<&str> = narration.split('-').collect();
    let at = parts.iter().position(|part| part.contains('@'));
    match at {
        Some(at) if at >= 2 && parts[0].trim().eq_ignore_ascii_case("UPI") => vpa_in(&parts[2..=at].join("-")),
        Some(at) if parts[0].trim().eq_ignore_ascii_case("UPI") => vpa_in(parts[at]),
        _ => vpa_in(narration),
    }
}

/// What lay in the account at the end: the last row's balance, or, where the newest stands first, the first row's.
fn closing(drafts: &[Draft]) -> Option<Rupees> {
    let good = |draft: &&Draft| draft.balance.is_some() && draft.day.is_ok() && matches!(draft.amount, Ok(Some(_)));
    let rows: Vec<&Draft> = drafts.iter().filter(good).collect();
    let (first, last) = (rows.first()?, rows.last()?);
    let day = |draft: &Draft| draft.day.as_ref().ok().map(|day| day.0);
    let amount = |draft: &Draft| draft.amount.as_ref().ok().copied().flatten();
    let is_turned = match day(first).cmp(&day(last)) {
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Greater => true,
        // Within one day the balances tell which way they run.
        std::cmp::Ordering::Equal => rows.windows(2).any(|two| match (two[0].balance, two[1].balance, amount(two[0]), amount(two[1])) {
            (Some(above), Some(below), Some(of_above), Some(of_below)) => above + of_below != below && below + of_above == above,
            _ => false,
        }),
    };
    Rupees::try_new(if is_turned { first.balance? } else { last.balance? }).ok()
}

#[cfg(test)]
#[path = "statement_tests.rs"]
mod tests;
