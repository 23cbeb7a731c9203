//! Statements as CSV: for spreadsheets, so whatever a person typed cannot become a formula there.

use super::{AccountId, Entry, account_statement, statement};
use crate::users::UserId;
use sea_orm::{ConnectionTrait, DbErr};
use std::io::Write;

/// Lines that are in memory at a time.
const PAGE: u64 = 5_000;

/// Why a statement was not written.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The file does not take it.
    #[error("the statement cannot be written: {0}")]
    Csv(#[from] csv::Error),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbErr),
}

/// Writes an account's statement with its running balance, newest first, at most `lines` of it; answers how many were written. One page is in
/// memory at a time, whatever the length.
///
/// # Errors
/// The writer or the database.
pub async fn statement_csv(db: &impl ConnectionTrait, account: AccountId, lines: u64, into: impl Write) -> Result<u64, ExportError> {
    let mut file = csv::Writer::from_writer(into);
    file.write_record(["position", "transaction", "time", "movement", "key", "memo", "by", "amount", "balance"])?;
    let (mut before, mut written) = (None, 0);
    while written < lines {
        let page = account_statement(db, account, before, PAGE.min(lines - written)).await?;
        let Some(last) = page.last() else { break };
        before = Some(last.position);
        written += page.len() as u64;
        page.iter().try_for_each(|entry| file.write_record(record(entry)))?;
    }
    file.flush().map_err(csv::Error::from)?;
    Ok(written)
}

/// Writes what moved on all accounts of a person, newest first, at most `lines` of it; answers how many were written.
///
/// # Errors
/// The writer or the database.
pub async fn person_csv(db: &impl ConnectionTrait, person: UserId, lines: u64, into: impl Write) -> Result<u64, ExportError> {
    let mut file = csv::Writer::from_writer(into);
    file.write_record(["entry", "time", "account", "movement", "memo", "amount", "balance"])?;
    let (mut before, mut written) = (None, 0);
    while written < lines {
        let page = statement(db, person, before, PAGE.min(lines - written)).await?;
        let Some(last) = page.last() else { break };
        before = Some(last.id);
        written += page.len() as u64;
        for line in page {
            let (amount, balance) = (line.amount.plain(), line.balance_after.plain());
            file.write_record([
                line.id.to_string(),
                line.occurred_at.to_rfc3339(),
                line.account,
                line.movement,
                harmless(&line.memo),
                amount,
                balance,
            ])?;
        }
    }
    file.flush().map_err(csv::Error::from)?;
    Ok(written)
}

fn record(entry: &Entry) -> [String; 9] {
    [
        entry.position.to_string(),
        entry.transaction_id.to_string(),
        entry.occurred_at.to_rfc3339(),
        entry.movement.clone(),
        harmless(&entry.key),
        harmless(&entry.memo),
        harmless(&entry.actor),
        entry.amount.plain(),
        entry.balance_after.plain(),
    ]
}

/// Spreadsheets take a cell that begins like this for a formula.
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}
