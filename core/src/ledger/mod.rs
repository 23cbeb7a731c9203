//! The books. Only this room writes ledger rows; every movement is a file in `movements`.
//!
//! A posting is one row of `ledger.journal`: PostgreSQL's trigger on it moves the balances, writes the people's lines, and refuses what is not whole.
//! Reading is in `books`, the witness outside the database in `seal`.

mod account;
mod books;
mod export;
pub mod movements;
mod seal;

pub use account::{AccountId, Class, Own, Shop};
pub use books::{
    Balance, Entry, Problem, Standing, StatementLine, TrialLine, account_statement, balance, moved_between, proof, proof_since, settled, snapshot_at,
    snapshotted_through, standing, statement, trial_balance, trial_balance_at,
};
pub use export::{ExportError, person_csv, statement_csv};
pub use movements::Movement;
pub use seal::{Digest, Verdict, digest, seal, sealed_with, verify};

use crate::db::{Applied, Together, Tx, constraint, sql, transient};
use crate::money::Rupees;
use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use sea_orm::{DbErr, FromQueryResult, Value};
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;

/// Why a posting was refused. Nothing of it is in the books then.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// A person's account would go below zero.
    #[error("a balance would go below zero")]
    Insufficient,
    /// The key stands for another posting.
    #[error("the key {0} is taken by another posting")]
    KeyTaken(String),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbErr),
}
transient!(LedgerError);

/// A movement ready to be posted: debits and credits of one transaction.
#[derive(Debug, Clone)]
pub struct Posting {
    movement: Movement,
    key: String,
    actor: String,
    memo: String,
    lines: BTreeMap<AccountId, Decimal>,
}

/// The id of a ledger transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TransactionId(pub i64);

impl Posting {
    fn new(movement: Movement, key: String, actor: &str) -> Self {
        Self { movement, key, actor: actor.to_owned(), memo: String::new(), lines: BTreeMap::new() }
    }

    fn memo(mut self, memo: impl Into<String>) -> Self {
        self.memo = memo.into();
        self
    }

    fn debit(mut self, account: impl Into<AccountId>, amount: Rupees) -> Self {
        *self.lines.entry(account.into()).or_default() += amount.decimal();
        self
    }

    fn credit(mut self, account: impl Into<AccountId>, amount: Rupees) -> Self {
        *self.lines.entry(account.into()).or_default() -= amount.decimal();
        self
    }

    /// Which movement it is.
    #[must_use]
    pub fn movement(&self) -> Movement {
        self.movement
    }

    /// Its idempotency key.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Its lines in the order of the chart, debits positive; none is zero.
    pub fn lines(&self) -> impl Iterator<Item = (AccountId, Decimal)> {
        self.lines.iter().filter(|(_, amount)| !amount.is_zero()).map(|(&account, &amount)| (account, amount))
    }

    /// Accounts and amounts: of everybody, or of people alone.
    fn columns(&self, people_alone: bool) -> (Vec<i64>, Vec<Decimal>) {
        self.lines()
            .filter(|(account, _)| !people_alone || account.own().is_some())
            .map(|(account, amount)| (account.0, amount))
            .unzip()
    }

    fn values(&self, at: DateTime<Utc>) -> impl Iterator<Item = Value> {
        let (accounts, amounts) = self.columns(true);
        let of_shop = |kind: Shop| self.lines.get(&kind.into()).copied().filter(|amount| !amount.is_zero());
        let head: [Value; 5] = [self.movement.kind().into(), self.key.clone().into(), at.into(), self.actor.clone().into(), self.memo.clone().into()];
        head.into_iter().chain(Shop::ALL.map(|kind| Value::from(of_shop(kind)))).chain([accounts.into(), amounts.into()])
    }
}

/// Values that one posting brings.
const WIDTH: usize = 5 + Shop::ALL.len() + 2;
/// Postings that one statement brings: PostgreSQL takes 65,535 values.
const ROWS: usize = 1_000;

/// The one statement that writes the books. The key comes first in the lock order, then balances in ascending account id; of several postings, one
/// after the other in the order of their keys.
fn insert(postings: usize) -> String {
    let columns = Shop::ALL.map(Shop::kind).join(", ");
    let mut text = format!("INSERT INTO ledger.journal (kind, key, occurred_at, actor, memo, {columns}, accounts, amounts) VALUES ");
    for posting in 0..postings {
        text.push_str(if posting == 0 { "(" } else { ", (" });
        for value in 1..=WIDTH {
            let comma = if value == 1 { "" } else { ", " };
            // A text that is written to cannot fail.
            let _ = write!(text, "{comma}${}", posting * WIDTH + value);
        }
        text.push(')');
    }
    text + " ON CONFLICT (key) DO NOTHING RETURNING id, key"
}

#[derive(FromQueryResult)]
struct Made {
    id: i64,
    key: String,
}

/// Writes a posting in one statement. The same key with the same lines is a no-op that answers `Already`.
///
/// # Errors
/// [`LedgerError::Insufficient`] when a person's balance would go below zero (the caller's transaction is then void),
/// [`LedgerError::KeyTaken`] when the key was used for other lines.
pub async fn post(tx: &Tx, at: DateTime<Utc>, posting: Posting) -> Result<Applied<TransactionId>, LedgerError> {
    let made = Made::find_by_statement(sql(&insert(1), posting.values(at))).one(tx).await.map_err(refusal)?;
    answer(tx, made, &posting).await
}

/// As [`post`], in one statement with what belongs to it. Balances move after all of that is done: what it locks is locked before them.
///
/// # Errors
/// As [`post`].
pub(crate) async fn post_with(tx: &Tx, at: DateTime<Utc>, posting: Posting, beside: Together) -> Result<Applied<TransactionId>, LedgerError> {
    let all = beside.with("posting", sql(&insert(1), posting.values(at))).select("id, key FROM posting");
    let made = Made::find_by_statement(all).one(tx).await.map_err(refusal)?;
    answer(tx, made, &posting).await
}

async fn answer(tx: &Tx, made: Option<Made>, posting: &Posting) -> Result<Applied<TransactionId>, LedgerError> {
    match made {
        Some(made) => Ok(Applied::Now(TransactionId(made.id))),
        None => posted_before(tx, posting).await,
    }
}

/// Writes many postings, each a transaction of its own in the books, in as few statements as can be: for imports.
///
/// # Errors
/// As [`post`], for the first that is refused: none of them is in the books then.
pub async fn post_all(tx: &Tx, at: DateTime<Utc>, mut postings: Vec<Posting>) -> Result<Vec<Applied<TransactionId>>, LedgerError> {
    postings.sort_by(|a, b| a.key.cmp(&b.key));
    let mut answers = Vec::with_capacity(postings.len());
    for rows in postings.chunks(ROWS) {
        let values = rows.iter().flat_map(|posting| posting.values(at));
        let made = Made::find_by_statement(sql(&insert(rows.len()), values)).all(tx).await.map_err(refusal)?;
        let made: HashMap<String, i64> = made.into_iter().map(|made| (made.key, made.id)).collect();
        for posting in rows {
            answers.push(match made.get(&posting.key) {
                Some(&id) => Applied::Now(TransactionId(id)),
                None => posted_before(tx, posting).await?,
            });
        }
    }
    Ok(answers)
}

/// A statement of its own: waiting for the key's holder did not refresh the first one's snapshot.
async fn posted_before(tx: &Tx, posting: &Posting) -> Result<Applied<TransactionId>, LedgerError> {
    let (accounts, amounts) = posting.columns(false);
    let same = Made::find_by_statement(sql(
        "SELECT id, key FROM ledger.transaction WHERE key = $1 AND fingerprint = ledger.fingerprint($2, $3, $4)",
        [posting.key.clone().into(), posting.movement.kind().into(), accounts.into(), amounts.into()],
    ))
    .one(tx)
    .await?;
    same.map(|made| Applied::Already(TransactionId(made.id))).ok_or_else(|| LedgerError::KeyTaken(posting.key.clone()))
}

fn refusal(error: DbErr) -> LedgerError {
    if constraint(&error).as_deref() == Some("balance_not_negative") {
        LedgerError::Insufficient
    } else {
        LedgerError::Db(error)
    }
}
