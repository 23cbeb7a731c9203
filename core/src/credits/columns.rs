//! The header of a bank's statement: which column is which, and whose it is.

use crate::settings::{DateFormat, Mapping};

/// What a column of a statement says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Date,
    ValueDate,
    Narration,
    Reference,
    Credit,
    Debit,
    Amount,
    DrCr,
    Balance,
}

/// Where the columns stand.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Columns {
    pub(super) date: usize,
    pub(super) narration: usize,
    pub(super) reference: Vec<usize>,
    pub(super) credit: Option<usize>,
    pub(super) debit: Option<usize>,
    pub(super) amount: Option<usize>,
    pub(super) dr_cr: Option<usize>,
    pub(super) balance: Option<usize>,
    /// The bank whose shape it is.
    pub(super) bank: Option<String>,
    /// Whether the month comes first: only where the settings say so.
    pub(super) month_first: bool,
}

/// A column's name as it is compared: `Withdrawal Amt.` is `withdrawalamt`.
pub(super) fn plain(name: &str) -> String {
    let plain: String = name.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
    ["inr", "inrs", "inrupees"]
        .iter()
        .find_map(|end| plain.strip_suffix(end))
        .filter(|rest| !rest.is_empty())
        .unwrap_or(&plain)
        .to_owned()
}

fn role(name: &str) -> Option<Role> {
    let begins = |words: &[&str]| words.iter().any(|word| name.starts_with(word));
    Some(match name {
        "drcr" | "crdr" | "debitcredit" | "creditdebit" | "dc" | "transactiontype" | "txntype" | "drorcr" | "crordr" | "indicator" => Role::DrCr,
        "valuedate" | "valuedt" | "valdate" => Role::ValueDate,
        "date"
        | "txndate"
        | "transactiondate"
        | "trandate"
        | "transdate"
        | "postdate"
        | "postingdate"
        | "bookingdate"
        | "posteddate"
        | "txnpostdate"
        | "transactiondatetime"
        | "transactiondateandtime"
        | "dateandtime"
        | "datetime" => Role::Date,
        "narration"
        | "description"
        | "particulars"
        | "transactionremarks"
        | "remarks"
        | "transactiondetails"
        | "details"
        | "transactionparticulars"
        | "transactiondescription"
        | "txndescription"
        | "narrations"
        | "transactionnarration"
        | "descriptionnarration" => Role::Narration,
        "amount" | "transactionamount" | "txnamount" | "amt" | "transactionamt" | "amountrs" => Role::Amount,
        "cr" => Role::Credit,
        "dr" => Role::Debit,
        "bal" => Role::Balance,
        _ if begins(&["closingbal", "balance", "runningbal", "availablebal", "accountbal"]) => Role::Balance,
        _ if begins(&["deposit", "credit", "cramount", "cramt"]) => Role::Credit,
        _ if begins(&["withdraw", "debit", "dramount", "dramt"]) => Role::Debit,
        _ if begins(&["utr", "rrn", "ref", "chq", "cheque", "transactionid", "txnid", "tranid", "instrumentno", "bankref", "transactionref"]) => {
            Role::Reference
        }
        _ => return None,
    })
}

/// Whose shape a header is.
fn shape(names: &[String]) -> Option<&'static str> {
    let has = |wanted: &[&str]| wanted.iter().all(|name| names.iter().any(|n| n == name));
    if has(&["narration", "withdrawalamt", "depositamt"]) {
        Some("HDFC")
    } else if has(&["transactionremarks"]) {
        Some("ICICI")
    } else if has(&["txndate", "refnochequeno"]) {
        Some("SBI")
    } else if has(&["particulars", "drcr", "amount"]) || has(&["particulars", "trandate", "sol"]) || has(&["particulars", "trandate", "initbr"]) {
        Some("AXIS")
    } else if has(&["date", "description", "refno", "debit", "credit", "balance"]) && names.len() <= 7 || has(&["description", "chqrefnumber"]) {
        Some("KOTAK")
    } else {
        None
    }
}

/// The columns, where a row is a header that is known, or one that the settings map.
pub(super) fn read(row: &[String], mapping: &Mapping) -> Option<Columns> {
    let names: Vec<String> = row.iter().map(|name| plain(name)).collect();
    if let Some(columns) = mapped(&names, mapping) {
        return Some(columns);
    }
    let roles: Vec<Option<Role>> = names.iter().map(|name| role(name)).collect();
    // The first of a kind: behind a balance there may be a second Dr/Cr, of that.
    let at = |wanted: Role| roles.iter().position(|role| *role == Some(wanted));
    let (credit, amount, balance) = (at(Role::Credit), at(Role::Amount), at(Role::Balance));
    let dr_cr = at(Role::DrCr).filter(|at| credit.is_none() && balance.is_none_or(|balance| *at < balance));
    if credit.is_none() && (amount.is_none() || dr_cr.is_none()) {
        return None;
    }
    Some(Columns {
        date: at(Role::Date).or_else(|| at(Role::ValueDate))?,
        narration: at(Role::Narration)?,
        reference: roles.iter().enumerate().filter(|(_, role)| **role == Some(Role::Reference)).map(|(at, _)| at).collect(),
        credit,
        debit: at(Role::Debit),
        amount: amount.filter(|_| credit.is_none()),
        dr_cr,
        balance,
        bank: shape(&names).map(str::to_owned),
        month_first: false,
    })
}

fn mapped(names: &[String], mapping: &Mapping) -> Option<Columns> {
    let at = |name: &str| if name.trim().is_empty() { None } else { names.iter().position(|n| *n == plain(name)) };
    let missing = |name: &str| !name.trim().is_empty() && at(name).is_none();
    let all = [
        &mapping.date,
        &mapping.narration,
        &mapping.reference,
        &mapping.credit,
        &mapping.debit,
        &mapping.amount,
        &mapping.dr_cr,
        &mapping.balance,
    ];
    if all.into_iter().any(|name| missing(name)) {
        return None;
    }
    let (credit, amount) = (at(&mapping.credit), at(&mapping.amount));
    credit.or(amount)?;
    Some(Columns {
        date: at(&mapping.date)?,
        narration: at(&mapping.narration)?,
        reference: at(&mapping.reference).into_iter().collect(),
        credit,
        debit: at(&mapping.debit),
        amount: amount.filter(|_| credit.is_none()),
        dr_cr: at(&mapping.dr_cr),
        balance: at(&mapping.balance),
        bank: super::bank::named(&mapping.bank),
        month_first: mapping.date_format == DateFormat::MonthFirst,
    })
}
