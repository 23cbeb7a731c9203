//! Reading the books: a person's standing, statements, the trial balance, the proof.

use super::{AccountId, Own};
use crate::db::sql;
use crate::money::Rupees;
use crate::users::UserId;
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use std::collections::HashMap;

/// What a person has with the shop: the balances of their accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Standing {
    /// Top-ups and refunds.
    pub credit: Rupees,
    /// Commissions on hold.
    pub held: Rupees,
    /// Released commissions.
    pub earned: Rupees,
    /// Asked for and not yet settled.
    pub withdrawing: Rupees,
    /// Owed to the shop.
    pub owed: Rupees,
}

impl Standing {
    /// What an order can be paid with.
    #[must_use]
    pub fn to_spend(&self) -> Rupees {
        self.credit + self.earned
    }
}

#[derive(FromQueryResult)]
struct BalanceRow {
    account_id: i64,
    amount: Rupees,
}

/// A person's balances.
///
/// # Errors
/// The database.
pub async fn standing(db: &impl ConnectionTrait, person: UserId) -> Result<Standing, DbErr> {
    let (first, last) = (AccountId::of(person, Own::Credit).0, AccountId::of(person, Own::Owed).0);
    let rows = BalanceRow::find_by_statement(sql(
        "SELECT account_id, amount FROM ledger.balance WHERE account_id BETWEEN $1 AND $2",
        [first.into(), last.into()],
    ))
    .all(db)
    .await?;
    let of = |kind| rows.iter().find(|row| row.account_id == AccountId::of(person, kind).0).map_or(Rupees::ZERO, |row| row.amount);
    Ok(Standing {
        credit: of(Own::Credit),
        held: of(Own::Held),
        earned: of(Own::Earned),
        withdrawing: of(Own::Withdrawing),
        owed: of(Own::Owed),
    })
}

/// What each of these people owes, where it is anything.
///
/// # Errors
/// The database.
pub async fn owed(db: &impl ConnectionTrait, people: &[UserId]) -> Result<HashMap<UserId, Rupees>, DbErr> {
    let accounts: HashMap<i64, UserId> = people.iter().map(|&person| (AccountId::of(person, Own::Owed).0, person)).collect();
    let ids: Vec<i64> = accounts.keys().copied().collect();
    let rows =
        BalanceRow::find_by_statement(sql("SELECT account_id, amount FROM ledger.balance WHERE account_id = ANY ($1) AND amount > 0", [ids.into()]))
            .all(db)
            .await?;
    Ok(rows.into_iter().filter_map(|row| Some((*accounts.get(&row.account_id)?, row.amount))).collect())
}

/// One kind of account with the sum of its entries, debits positive.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct TrialLine {
    /// The account's kind, as in the chart.
    pub kind: String,
    /// Debits less credits.
    pub amount: Rupees,
    /// How many entries make it.
    pub entries: i64,
}

/// The trial balance: every kind of account that was ever used. The amounts sum to zero.
///
/// # Errors
/// The database.
pub async fn trial_balance(db: &impl ConnectionTrait) -> Result<Vec<TrialLine>, DbErr> {
    TrialLine::find_by_statement(sql("SELECT kind, amount, entries FROM ledger.trial_balance", [])).all(db).await
}

/// One thing that is wrong with the books.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Problem {
    /// What is wrong.
    pub problem: String,
    /// With which transaction, account, person or order.
    pub subject: String,
    /// The figures that differ.
    pub detail: String,
}

/// Everything that is wrong with the books, at most a hundred lines; empty means that they are right.
///
/// # Errors
/// The database.
pub async fn proof(db: &impl ConnectionTrait) -> Result<Vec<Problem>, DbErr> {
    Problem::find_by_statement(sql("SELECT problem, subject, detail FROM ledger.proof LIMIT 100", [])).all(db).await
}

/// One line of a person's statement.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct StatementLine {
    /// Page with this: the next page holds entries below it.
    pub id: i64,
    /// When.
    pub occurred_at: DateTime<Utc>,
    /// The account's kind.
    pub account: String,
    /// The movement's kind.
    pub movement: String,
    /// What is known of it: an order's or a withdrawal's code.
    pub memo: String,
    /// Change in the person's sense: more on the account is positive.
    pub amount: Rupees,
    /// On the account afterwards.
    pub balance_after: Rupees,
}

/// A page of what moved on a person's accounts, newest first, below the entry `before`.
///
/// # Errors
/// The database.
pub async fn statement(db: &impl ConnectionTrait, person: UserId, before: Option<i64>, lines: u64) -> Result<Vec<StatementLine>, DbErr> {
    let (first, last) = (AccountId::of(person, Own::Credit).0, AccountId::of(person, Own::Owed).0);
    StatementLine::find_by_statement(sql(
        "SELECT e.id, t.occurred_at, a.kind AS account, t.kind AS movement, t.memo,
                CASE WHEN a.kind = 'owed' THEN e.amount ELSE -e.amount END AS amount, e.balance_after
         FROM ledger.account a
         CROSS JOIN LATERAL (SELECT * FROM ledger.entry e WHERE e.account_id = a.id AND e.id < $3 ORDER BY e.id DESC LIMIT $4) e
         JOIN ledger.transaction t ON t.id = e.transaction_id
         WHERE a.id BETWEEN $1 AND $2
         ORDER BY e.id DESC LIMIT $4",
        [first.into(), last.into(), before.unwrap_or(i64::MAX).into(), lines.cast_signed().into()],
    ))
    .all(db)
    .await
}
