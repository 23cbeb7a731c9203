//! Reading the books: standings, balances, statements, the trial balance, the proof. Figures are in an account's natural sign unless a name says
//! otherwise: more on a liability or in revenue is positive, and so is more on an asset or an expense.

use super::{AccountId, Class, Own, Shop};
use crate::db::sql;
use crate::money::Rupees;
use crate::users::UserId;
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

/// What a person has with the shop: the balances of their accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Standing {
    /// Top-ups and refunds.
    pub credit: Rupees,
    /// Commissions on hold.
    pub held: Rupees,
    /// Released commissions.
    pub earned: Rupees,
    /// Set aside for orders whose other part is awaited.
    pub reserved: Rupees,
    /// Asked for and not yet settled.
    pub withdrawing: Rupees,
    /// Refunds on their way out.
    pub refunding: Rupees,
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

fn ids_of(person: UserId) -> Vec<i64> {
    Own::ALL.map(|kind| AccountId::of(person, kind).0).to_vec()
}

/// A person's balances.
///
/// # Errors
/// The database.
pub async fn standing(db: &impl ConnectionTrait, person: UserId) -> Result<Standing, DbErr> {
    // Seven values, not an array or a range: of these alone PostgreSQL knows how many rows they are, and keeps its plan.
    let rows = BalanceRow::find_by_statement(sql(
        "SELECT account_id, amount FROM ledger.balance WHERE account_id IN ($1, $2, $3, $4, $5, $6, $7)",
        Own::ALL.map(|kind| AccountId::of(person, kind).0.into()),
    ))
    .all(db)
    .await?;
    let of = |kind| rows.iter().find(|row| row.account_id == AccountId::of(person, kind).0).map_or(Rupees::ZERO, |row| row.amount);
    Ok(Standing {
        credit: of(Own::Credit),
        held: of(Own::Held),
        earned: of(Own::Earned),
        reserved: of(Own::Reserved),
        withdrawing: of(Own::Withdrawing),
        refunding: of(Own::Refunding),
        owed: of(Own::Owed),
    })
}

/// A balance and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromQueryResult)]
pub struct Balance {
    /// How much, in the account's natural sign.
    pub amount: Rupees,
    /// How many entries make it.
    pub entries: i64,
}

/// Whether more is a debit.
fn is_debit(account: AccountId) -> bool {
    let class = account.shop().map(Shop::class).or_else(|| account.own().map(|(_, kind)| kind.class()));
    matches!(class, Some(Class::Asset | Class::Expense | Class::Contra))
}

/// The balance of any account: a person's is kept; one of the shop's is its last snapshot and what came after.
///
/// # Errors
/// The database.
pub async fn balance(db: &impl ConnectionTrait, account: AccountId) -> Result<Balance, DbErr> {
    let found = match account.shop() {
        None => {
            Balance::find_by_statement(sql("SELECT amount, seq AS entries FROM ledger.balance WHERE account_id = $1", [account.0.into()])).one(db)
        }
        Some(kind) => Balance::find_by_statement(sql(&shop_balance(kind), [account.0.into(), i64::MAX.into()])).one(db),
    };
    Ok(found.await?.unwrap_or(Balance { amount: Rupees::ZERO, entries: 0 }))
}

/// The statement that reads one of the shop's balances: `$1` is the account, `$2` the last transaction that counts.
fn shop_balance(kind: Shop) -> String {
    let (column, sign) = (kind.kind(), if is_debit(kind.into()) { "" } else { "-" });
    format!(
        "SELECT {sign}(coalesce(s.amount, 0) + coalesce(r.amount, 0)) AS amount, coalesce(s.entries, 0) + r.entries AS entries
         FROM (SELECT 1) one
         LEFT JOIN LATERAL (SELECT through, amount, entries FROM ledger.snapshot WHERE account_id = $1 AND through <= $2 ORDER BY through DESC LIMIT 1) s ON true
         CROSS JOIN LATERAL (SELECT sum({column}) AS amount, count({column}) AS entries FROM ledger.journal WHERE id > coalesce(s.through, 0) AND id <= $2) r"
    )
}

/// The last transaction before which every other has ended. It waits for those that are being written now.
///
/// # Errors
/// The database; someone has been writing to the journal for too long.
pub async fn settled(db: &impl ConnectionTrait) -> Result<i64, DbErr> {
    let row = db.query_one_raw(sql("SELECT ledger.settled() AS through", [])).await?;
    row.map_or(Ok(0), |row| row.try_get("", "through"))
}

/// Writes down where the shop's accounts stand at a transaction that has [`settled`].
///
/// # Errors
/// The database; it has not.
pub async fn snapshot_at(db: &impl ConnectionTrait, through: i64) -> Result<(), DbErr> {
    db.execute_raw(sql(
        "INSERT INTO ledger.snapshot (account_id, through) SELECT number, $1 FROM ledger.chart WHERE number < 16 ORDER BY number
         ON CONFLICT (account_id, through) DO NOTHING",
        [through.into()],
    ))
    .await?;
    Ok(())
}

/// The last point at which the shop's accounts were written down; 0 before the first.
///
/// # Errors
/// The database.
pub async fn snapshotted_through(db: &impl ConnectionTrait) -> Result<i64, DbErr> {
    let row = db.query_one_raw(sql("SELECT coalesce(max(through), 0) AS through FROM ledger.snapshot", [])).await?;
    row.map_or(Ok(0), |row| row.try_get("", "through"))
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

/// The trial balance as it was at a time of the shop's clock, counted from all entries until then.
///
/// # Errors
/// The database.
pub async fn trial_balance_at(db: &impl ConnectionTrait, at: DateTime<Utc>) -> Result<Vec<TrialLine>, DbErr> {
    TrialLine::find_by_statement(sql("SELECT kind, amount, entries FROM ledger.trial_balance_at($1)", [at.into()]))
        .all(db)
        .await
}

/// Whether anything was posted from `since` on, before `until`.
///
/// # Errors
/// The database.
pub async fn moved_between(db: &impl ConnectionTrait, since: DateTime<Utc>, until: DateTime<Utc>) -> Result<bool, DbErr> {
    let text = "SELECT 1 FROM ledger.journal WHERE occurred_at >= $1 AND occurred_at < $2 LIMIT 1";
    Ok(db.query_one_raw(sql(text, [since.into(), until.into()])).await?.is_some())
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

/// Everything that is wrong with the books, at most a hundred lines; empty means that they are right. A full run.
///
/// # Errors
/// The database.
pub async fn proof(db: &impl ConnectionTrait) -> Result<Vec<Problem>, DbErr> {
    Problem::find_by_statement(sql("SELECT problem, subject, detail FROM ledger.proof LIMIT 100", [])).all(db).await
}

/// What is wrong with the transactions after a point of the journal and with the people whom they touch.
///
/// # Errors
/// The database.
pub async fn proof_since(db: &impl ConnectionTrait, after: i64) -> Result<Vec<Problem>, DbErr> {
    Problem::find_by_statement(sql("SELECT problem, subject, detail FROM ledger.proof_since($1) LIMIT 100", [after.into()]))
        .all(db)
        .await
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
    // The number of lines is in the text: as a value it would have PostgreSQL plan every page anew.
    let text = format!(
        "SELECT l.id, j.occurred_at, c.kind AS account, j.kind AS movement, j.memo,
                CASE WHEN c.kind = 'owed' THEN l.amount ELSE -l.amount END AS amount, l.balance_after
         FROM unnest($1::bigint[]) AS a (id)
         CROSS JOIN LATERAL (SELECT * FROM ledger.line l WHERE l.account_id = a.id AND l.id < $2 ORDER BY l.id DESC LIMIT {lines}) l
         JOIN ledger.journal j ON j.id = l.transaction_id JOIN ledger.chart c ON c.number = a.id % 32
         ORDER BY l.id DESC LIMIT {lines}"
    );
    StatementLine::find_by_statement(sql(&text, [ids_of(person).into(), before.unwrap_or(i64::MAX).into()])).all(db).await
}

/// One line of an account's statement.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Entry {
    /// Page with this: the next page holds entries below it.
    pub position: i64,
    /// The transaction.
    pub transaction_id: i64,
    /// When.
    pub occurred_at: DateTime<Utc>,
    /// The movement's kind.
    pub movement: String,
    /// The transaction's key.
    pub key: String,
    /// What is known of it.
    pub memo: String,
    /// Who did it.
    pub actor: String,
    /// Change in the account's natural sign.
    pub amount: Rupees,
    /// On the account afterwards.
    pub balance_after: Rupees,
}

/// A page of any account's statement with its running balance, newest first, below the position `before`. Paged by key: every page costs the same.
///
/// # Errors
/// The database.
pub async fn account_statement(db: &impl ConnectionTrait, account: AccountId, before: Option<i64>, lines: u64) -> Result<Vec<Entry>, DbErr> {
    let sign = if is_debit(account) { "" } else { "-" };
    let last = before.map_or(i64::MAX, |before| before - 1);
    let Some(kind) = account.shop() else {
        let text = format!(
            "SELECT l.id AS position, j.id AS transaction_id, j.occurred_at, j.kind AS movement, j.key, j.memo, j.actor, {sign}l.amount AS amount, l.balance_after
             FROM (SELECT * FROM ledger.line WHERE account_id = $1 AND id <= $2 ORDER BY id DESC LIMIT {lines}) l
             JOIN ledger.journal j ON j.id = l.transaction_id ORDER BY l.id DESC"
        );
        return Entry::find_by_statement(sql(&text, [account.0.into(), last.into()])).all(db).await;
    };
    let column = kind.kind();
    let text = format!(
        "SELECT id AS position, id AS transaction_id, occurred_at, kind AS movement, key, memo, actor, {sign}{column} AS amount, 0::numeric AS balance_after
         FROM ledger.journal WHERE {column} IS NOT NULL AND id <= $1 ORDER BY id DESC LIMIT {lines}"
    );
    let mut page = Entry::find_by_statement(sql(&text, [last.into()])).all(db).await?;
    let Some(newest) = page.first() else { return Ok(page) };
    let at_top = Balance::find_by_statement(sql(&shop_balance(kind), [account.0.into(), newest.position.into()])).one(db).await?;
    let mut running = at_top.map_or(Rupees::ZERO, |balance| balance.amount);
    for entry in &mut page {
        entry.balance_after = running;
        running = running - entry.amount;
    }
    Ok(page)
}
