//! The books. Only this room writes ledger rows; every movement is a file in `movements`.

mod account;
mod books;
pub mod movements;

pub use account::{AccountId, Own, Shop};
pub use books::{Problem, Standing, StatementLine, TrialLine, owed, proof, standing, statement, trial_balance};

use crate::db::{Applied, Tx, constraint, sql, transient};
use crate::money::Rupees;
use crate::users::UserId;
use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use std::collections::BTreeMap;

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
    kind: &'static str,
    key: String,
    actor: String,
    memo: String,
    lines: BTreeMap<AccountId, Decimal>,
}

/// The id of a ledger transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TransactionId(pub i64);

impl Posting {
    fn new(kind: &'static str, key: String, actor: &str) -> Self {
        Self { kind, key, actor: actor.to_owned(), memo: String::new(), lines: BTreeMap::new() }
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
}

const POST: &str = "
WITH made AS (
  INSERT INTO ledger.transaction (kind, key, fingerprint, occurred_at, actor, memo)
  VALUES ($1, $2, ledger.fingerprint($1, $6, $7), $3, $4, $5)
  ON CONFLICT (key) DO NOTHING RETURNING id
), entered AS (
  INSERT INTO ledger.entry (transaction_id, account_id, amount)
  SELECT made.id, line.account_id, line.amount FROM made, unnest($6, $7) AS line (account_id, amount)
  ORDER BY line.account_id
)
SELECT id FROM made";

/// Writes a posting in one statement. The key comes first in the lock order, then balances in ascending account id.
///
/// The same key with the same lines is a no-op that answers `Already`.
///
/// # Errors
/// [`LedgerError::Insufficient`] when a person's balance would go below zero (the caller's transaction is then void),
/// [`LedgerError::KeyTaken`] when the key was used for other lines.
pub async fn post(tx: &Tx, at: DateTime<Utc>, posting: Posting) -> Result<Applied<TransactionId>, LedgerError> {
    #[derive(FromQueryResult)]
    struct Id {
        id: i64,
    }
    let lines = posting.lines.into_iter().filter(|(_, amount)| !amount.is_zero());
    let (accounts, amounts): (Vec<i64>, Vec<Decimal>) = lines.map(|(account, amount)| (account.0, amount)).unzip();
    let made = Id::find_by_statement(sql(
        POST,
        [
            posting.kind.into(),
            posting.key.clone().into(),
            at.into(),
            posting.actor.into(),
            posting.memo.into(),
            accounts.clone().into(),
            amounts.clone().into(),
        ],
    ))
    .one(tx)
    .await
    .map_err(refusal)?;
    if let Some(Id { id }) = made {
        return Ok(Applied::Now(TransactionId(id)));
    }
    // A statement of its own: waiting for the key's holder did not refresh the first one's snapshot.
    let same = Id::find_by_statement(sql(
        "SELECT id FROM ledger.transaction WHERE key = $1 AND fingerprint = ledger.fingerprint($2, $3, $4)",
        [posting.key.clone().into(), posting.kind.into(), accounts.into(), amounts.into()],
    ))
    .one(tx)
    .await?;
    same.map(|Id { id }| Applied::Already(TransactionId(id))).ok_or(LedgerError::KeyTaken(posting.key))
}

fn refusal(error: DbErr) -> LedgerError {
    if constraint(&error).as_deref() == Some("balance_not_negative") {
        LedgerError::Insufficient
    } else {
        LedgerError::Db(error)
    }
}

/// Locks the balances of these people's accounts in the order that every posting locks them, so that the next statement may
/// read them and decide.
///
/// # Errors
/// The database.
pub(crate) async fn lock(tx: &Tx, owners: &[UserId], kinds: &[Own]) -> Result<(), DbErr> {
    let accounts: Vec<i64> = owners.iter().flat_map(|&owner| kinds.iter().map(move |&kind| AccountId::of(owner, kind).0)).collect();
    tx.execute_raw(sql("SELECT FROM ledger.balance WHERE account_id = ANY ($1) ORDER BY account_id FOR UPDATE", [accounts.into()]))
        .await?;
    Ok(())
}
