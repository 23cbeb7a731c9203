//! The bank's answer to a file of payouts: checked whole, then applied row by row. Each row is one transaction, and done once: interrupted, it goes on
//! where it was; two who apply it share the rows.

use super::{Change, Withdrawal, WithdrawalError, WithdrawalState, change_in, named, utr_of};
use crate::Core;
use crate::audit::{self, Actor};
use crate::code::ShortCode;
use crate::db::{retrying, sql, transient};
use crate::gateways::transfer;
use crate::money::Rupees;
use crate::notifications::{self, Card, Notice};
use crate::sheet::{self, HeaderError, Sheet};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use std::collections::HashMap;

/// The columns of an answer. The first four are needed; of the others an amount and a UPI id are compared.
pub const COLUMNS: [&str; 8] = ["withdrawal", "status", "utr", "reason", "name", "upi_id", "amount", "note"];
/// Of these, so many must be there.
pub const NEEDED: usize = 4;
/// Longest reason.
pub const LONGEST_REASON: usize = 300;
/// Of longer answers no card in the chat is drawn anew: a group takes twenty messages a minute, and new cards would wait.
const CARDS: i64 = 20;

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// There is no such withdrawal.
    Unknown(String),
    /// Neither paid nor failed.
    Status(String),
    /// Paid without a reference, or with what is none.
    Utr(String),
    /// The reference is another withdrawal's.
    UtrUsed,
    /// It is another row's, by its number.
    UtrTwice(usize),
    /// Failed without a reason.
    NoReason,
    /// The reason is too long.
    LongReason,
    /// Not an amount.
    NotAnAmount(String),
    /// Another amount than is to be paid, which is told.
    Amount(Rupees, Rupees),
    /// Another UPI id than it is to be paid to.
    Upi(String),
    /// Another row is of the same withdrawal, by its number.
    Twice(usize),
    /// The withdrawal is in a state in which it can be neither.
    State(WithdrawalState),
    /// It is paid, by another reference.
    OtherUtr,
    /// A gateway pays it.
    BeingPaid,
    /// Cells behind the last column.
    Beyond,
}

/// A row that is not applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadRow {
    /// Its number as the spreadsheet counts.
    pub row: usize,
    /// All that is wrong with it.
    pub reasons: Vec<Reason>,
}

/// So many, and how much they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sum {
    /// How many.
    pub count: usize,
    /// How much in all.
    pub amount: Rupees,
}

impl Sum {
    fn add(&mut self, amount: Rupees) {
        *self = Self { count: self.count + 1, amount: self.amount + amount };
    }
}

/// An answer that was checked; nothing is changed by that.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Checked {
    /// To be marked paid.
    pub paid: Sum,
    /// Could not be paid: the money goes back.
    pub failed: Sum,
    /// Known already.
    pub before: usize,
    /// Its bad rows.
    pub wrong: Vec<BadRow>,
    /// With what it is applied, when there is something to apply.
    pub draft: Option<i64>,
}

/// Why an answer was not checked or applied.
#[derive(Debug, thiserror::Error)]
pub enum AnswerError {
    /// Its columns are others.
    #[error("other columns than an answer has")]
    Header(HeaderError),
    /// The database, or the books.
    #[error(transparent)]
    Withdrawal(Box<WithdrawalError>),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbErr),
}
transient!(AnswerError);

impl From<WithdrawalError> for AnswerError {
    fn from(error: WithdrawalError) -> Self {
        if let WithdrawalError::Db(error) = error {
            Self::Db(error)
        } else {
            Self::Withdrawal(Box::new(error))
        }
    }
}

/// What a row says.
enum Says {
    Paid(String),
    Failed(String),
}

struct Good {
    row: usize,
    withdrawal: Withdrawal,
    says: Says,
}

/// Checks an answer whole and keeps its good rows until they are applied. The same `key` once more is the same file.
///
/// # Errors
/// The columns are not those of an answer.
pub async fn check(core: &Core, by: &Actor, key: &str, sheet: &Sheet) -> Result<Checked, AnswerError> {
    let places = sheet.columns_of(&COLUMNS, NEEDED).map_err(AnswerError::Header)?;
    let cells = |cells: &[String], column: usize| {
        let text = places[column].and_then(|place| cells.get(place)).map_or("", String::as_str);
        sheet::unescaped(text).trim().to_owned()
    };
    let codes: Vec<ShortCode> = sheet.rows.iter().filter_map(|(_, row)| ShortCode::with_prefix("W-", &cells(row, 0)).ok()).collect();
    let known: HashMap<String, Withdrawal> = named(core.db(), &codes).await?.into_iter().map(|w| (w.code.to_string(), w)).collect();
    let utrs: Vec<String> = sheet.rows.iter().filter_map(|(_, row)| utr_of(&cells(row, 2))).collect();
    let used = used_utrs(core, &utrs).await?;
    let by_gateway = transfer::under_way(core.db(), &known.values().map(|w| w.id).collect::<Vec<_>>()).await?;
    let (mut checked, mut good) = (Checked::default(), Vec::new());
    let (mut seen, mut seen_utrs) = (HashMap::new(), HashMap::new());
    for (row, line) in &sheet.rows {
        let cell = |column| cells(line, column);
        let mut reasons = Vec::from_iter(sheet.is_beyond(line).then_some(Reason::Beyond));
        let says = said(&cell, &mut reasons);
        let code = ShortCode::with_prefix("W-", &cell(0)).ok();
        let Some(withdrawal) = code.and_then(|code| known.get(code.as_str())) else {
            reasons.insert(0, Reason::Unknown(cell(0).chars().take(40).collect()));
            checked.wrong.push(BadRow { row: *row, reasons });
            continue;
        };
        if let Some(first) = seen.insert(withdrawal.id, *row) {
            reasons.push(Reason::Twice(first));
        }
        compared(&cell, withdrawal, &mut reasons);
        if let Some(Says::Paid(utr)) = &says {
            if used.get(utr).is_some_and(|other| *other != withdrawal.id) {
                reasons.push(Reason::UtrUsed);
            }
            if let Some(first) = seen_utrs.insert(utr.clone(), *row) {
                reasons.push(Reason::UtrTwice(first));
            }
        }
        let is_done = match (&says, withdrawal.state) {
            (_, WithdrawalState::Approved) if by_gateway.contains(&withdrawal.id) => {
                reasons.push(Reason::BeingPaid);
                false
            }
            (_, WithdrawalState::Approved) | (None, _) => false,
            (Some(Says::Paid(utr)), WithdrawalState::Paid | WithdrawalState::Returned) if withdrawal.payout_utr.as_ref() == Some(utr) => true,
            (Some(Says::Paid(_)), WithdrawalState::Paid | WithdrawalState::Returned) => {
                reasons.push(Reason::OtherUtr);
                false
            }
            (Some(Says::Failed(_)), WithdrawalState::Failed) => true,
            (Some(_), state) => {
                reasons.push(Reason::State(state));
                false
            }
        };
        match says {
            Some(_) if reasons.is_empty() && is_done => checked.before += 1,
            Some(says) if reasons.is_empty() => {
                let sum = if matches!(says, Says::Paid(_)) { &mut checked.paid } else { &mut checked.failed };
                sum.add(if matches!(says, Says::Paid(_)) { withdrawal.net() } else { withdrawal.amount });
                good.push(Good { row: *row, withdrawal: withdrawal.clone(), says });
            }
            _ => checked.wrong.push(BadRow { row: *row, reasons }),
        }
    }
    if !good.is_empty() {
        checked.draft = Some(keep(core, by, key, &good).await?);
    }
    Ok(checked)
}

/// Whether a row says paid or failed, and with what.
fn said(cell: &impl Fn(usize) -> String, reasons: &mut Vec<Reason>) -> Option<Says> {
    match cell(1).to_lowercase().as_str() {
        "paid" => {
            let utr = utr_of(&cell(2));
            if utr.is_none() {
                reasons.push(Reason::Utr(cell(2).chars().take(40).collect()));
            }
            utr.map(Says::Paid)
        }
        "failed" => {
            let reason = cell(3);
            match reason.chars().count() {
                0 => reasons.push(Reason::NoReason),
                n if n > LONGEST_REASON => reasons.push(Reason::LongReason),
                _ => return Some(Says::Failed(reason)),
            }
            None
        }
        other => {
            reasons.push(Reason::Status(other.chars().take(40).collect()));
            None
        }
    }
}

/// What the bank says of amount and UPI id is what it was told.
fn compared(cell: &impl Fn(usize) -> String, withdrawal: &Withdrawal, reasons: &mut Vec<Reason>) {
    let (upi, amount) = (cell(5), cell(6));
    if !upi.is_empty() && upi.parse::<super::vpa::Vpa>().map_or(true, |upi| upi.as_str() != withdrawal.vpa) {
        reasons.push(Reason::Upi(upi.chars().take(60).collect()));
    }
    if !amount.is_empty() {
        match amount.parse::<Rupees>() {
            Ok(amount) if amount == withdrawal.net() => {}
            Ok(amount) => reasons.push(Reason::Amount(amount, withdrawal.net())),
            Err(_) => reasons.push(Reason::NotAnAmount(amount.chars().take(40).collect())),
        }
    }
}

/// Which withdrawals have these references.
async fn used_utrs(core: &Core, utrs: &[String]) -> Result<HashMap<String, i64>, DbErr> {
    #[derive(FromQueryResult)]
    struct Used {
        id: i64,
        payout_utr: String,
    }
    let text = "SELECT id, payout_utr FROM withdrawal WHERE payout_utr = ANY ($1)";
    let used = Used::find_by_statement(sql(text, [utrs.to_vec().into()])).all(core.db()).await?;
    Ok(used.into_iter().map(|used| (used.payout_utr, used.id)).collect())
}

async fn keep(core: &Core, by: &Actor, key: &str, good: &[Good]) -> Result<i64, DbErr> {
    #[derive(FromQueryResult)]
    struct Id {
        id: i64,
    }
    retrying(|| async {
        let tx = core.begin().await?;
        let text = "INSERT INTO payout_answer (key, checked_at, checked_by) VALUES ($1, $2, $3)
             ON CONFLICT (key) DO UPDATE SET checked_by = excluded.checked_by RETURNING id";
        let id = Id::find_by_statement(sql(text, [key.into(), core.now().into(), by.telegram_id.into()])).one(&tx).await?;
        let Id { id } = id.ok_or(DbErr::RecordNotInserted)?;
        let column = |of: fn(&Good) -> String| good.iter().map(of).collect::<Vec<String>>();
        let rows: Vec<i32> = good.iter().map(|one| i32::try_from(one.row).unwrap_or(i32::MAX)).collect();
        let utrs = column(|one| if let Says::Paid(utr) = &one.says { utr.clone() } else { String::new() });
        let reasons = column(|one| if let Says::Failed(reason) = &one.says { reason.clone() } else { String::new() });
        let text = "INSERT INTO payout_answer_row (answer_id, row, withdrawal_id, utr, reason)
             SELECT $1, r.row, r.id, nullif(r.utr, ''), nullif(r.reason, '') FROM unnest($2::int[], $3::bigint[], $4::text[], $5::text[]) AS r (row, id, utr, reason)
             ON CONFLICT (answer_id, row) DO NOTHING";
        let ids: Vec<i64> = good.iter().map(|one| one.withdrawal.id).collect();
        tx.execute_raw(sql(text, [id.into(), rows.into(), ids.into(), utrs.into(), reasons.into()])).await?;
        tx.commit().await?;
        Ok(id)
    })
    .await
}

/// What was applied of an answer, by whomever and however often it was begun.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Figures {
    /// Marked paid.
    pub paid: Sum,
    /// Given back.
    pub failed: Sum,
    /// Found done by somebody else.
    pub before: usize,
    /// Rows that were good when they were checked, and were refused.
    pub refused: Vec<usize>,
    /// Rows that are not done yet.
    pub open: usize,
    /// Who began to apply it.
    pub by: String,
    /// Whether all of it was done before.
    pub already: bool,
}

#[derive(FromQueryResult)]
struct Row {
    row: i32,
    withdrawal_id: i64,
    utr: Option<String>,
    reason: Option<String>,
}

/// Applies the rows of an answer that are not applied yet; `progress` hears how many are done. Nothing, when there is no such answer.
///
/// # Errors
/// The database. What was applied before it failed stays, and the next try goes on from there.
pub async fn apply(core: &Core, by: &Actor, id: i64, progress: impl Fn(usize)) -> Result<Option<Figures>, AnswerError> {
    #[derive(FromQueryResult)]
    struct Begun {
        done: bool,
    }
    let text = "UPDATE payout_answer SET applied_by = coalesce(applied_by, $2), applied_by_name = coalesce(applied_by_name, $3), applied_at = coalesce(applied_at, $4)
         WHERE id = $1 RETURNING done_at IS NOT NULL AS done";
    let values = [id.into(), by.telegram_id.into(), by.name.clone().into(), core.now().into()];
    let Some(Begun { done }) = Begun::find_by_statement(sql(text, values)).one(core.db()).await? else {
        return Ok(None);
    };
    if !done {
        let text = "SELECT row, withdrawal_id, utr, reason FROM payout_answer_row WHERE answer_id = $1 AND outcome IS NULL ORDER BY row";
        let open = Row::find_by_statement(sql(text, [id.into()])).all(core.db()).await?;
        let few = rows_of(core, id).await? <= CARDS;
        for (done, row) in open.iter().enumerate() {
            one(core, by, id, row, few).await?;
            progress(done + 1);
        }
        let text = "UPDATE payout_answer SET done_at = $2 WHERE id = $1 AND done_at IS NULL AND NOT EXISTS (
             SELECT FROM payout_answer_row WHERE answer_id = $1 AND outcome IS NULL)";
        let ended = core.db().execute_raw(sql(text, [id.into(), core.now().into()])).await?.rows_affected() > 0;
        if ended {
            let figures = figures(core, id, false).await?;
            let detail = format!("{} paid, {} failed, {} refused", figures.paid.count, figures.failed.count, figures.refused.len());
            audit::record(core.db(), core.now(), by, "payouts.answer", &format!("answer {id}"), &detail).await?;
        }
    }
    Ok(Some(figures(core, id, done).await?))
}

/// How many rows an answer has to apply in all.
///
/// # Errors
/// The database.
pub async fn rows_of(core: &Core, id: i64) -> Result<i64, DbErr> {
    #[derive(FromQueryResult)]
    struct Count {
        n: i64,
    }
    let count = Count::find_by_statement(sql("SELECT count(*) AS n FROM payout_answer_row WHERE answer_id = $1", [id.into()])).one(core.db());
    Ok(count.await?.map_or(0, |count| count.n))
}

/// One row: its withdrawal and its outcome in one transaction.
async fn one(core: &Core, by: &Actor, id: i64, row: &Row, redraw: bool) -> Result<(), AnswerError> {
    let changed = retrying(|| async {
        let tx = core.begin().await?;
        // Of two who apply it, the second finds it done.
        let mine = "SELECT 1 FROM payout_answer_row WHERE answer_id = $1 AND row = $2 AND outcome IS NULL FOR UPDATE";
        if tx.query_one_raw(sql(mine, [id.into(), row.row.into()])).await?.is_none() {
            return Ok(());
        }
        if transfer::is_under_way(&tx, row.withdrawal_id).await? {
            return Err(WithdrawalError::BeingPaid);
        }
        let given = "SELECT 1 FROM withdrawal WHERE id = $1 AND batch_id IS NOT NULL";
        let given = tx.query_one_raw(sql(given, [row.withdrawal_id.into()])).await?.is_some();
        let change = match (&row.utr, &row.reason) {
            // What the bank was given has left, whatever the shop thinks of the person by now.
            (Some(utr), _) if given => Change::Left(utr),
            (Some(utr), _) => Change::Pay(utr),
            (None, reason) => Change::Fail(reason.as_deref().unwrap_or_default()),
        };
        let changed = change_in(core, &tx, row.withdrawal_id, change, by).await?;
        let outcome = match (changed.is_now(), row.utr.is_some()) {
            (false, _) => "before",
            (true, true) => "paid",
            (true, false) => "failed",
        };
        let text = "UPDATE payout_answer_row SET outcome = $3 WHERE answer_id = $1 AND row = $2";
        tx.execute_raw(sql(text, [id.into(), row.row.into(), outcome.into()])).await?;
        if redraw && changed.is_now() {
            let notice = Notice::CardChanged { card: Card::Withdrawal, id: row.withdrawal_id };
            notifications::tell_staff(&tx, core.now(), &notice, Some(format!("payout-answer:{id}:{}", row.row))).await?;
        }
        tx.commit().await?;
        Ok(())
    })
    .await;
    match changed {
        Ok(()) => Ok(()),
        Err(error @ (WithdrawalError::Db(_) | WithdrawalError::Ledger(_))) => Err(error.into()),
        // Something has become of it since it was checked.
        Err(_) => {
            let text = "UPDATE payout_answer_row SET outcome = 'refused' WHERE answer_id = $1 AND row = $2 AND outcome IS NULL";
            core.db().execute_raw(sql(text, [id.into(), row.row.into()])).await?;
            Ok(())
        }
    }
}

async fn figures(core: &Core, id: i64, already: bool) -> Result<Figures, DbErr> {
    #[derive(FromQueryResult)]
    struct Done {
        row: i32,
        outcome: Option<String>,
        amount: Rupees,
        net: Rupees,
    }
    #[derive(FromQueryResult)]
    struct Who {
        applied_by_name: Option<String>,
    }
    let rows = Done::find_by_statement(sql(
        "SELECT r.row, r.outcome, w.amount, w.amount - w.tds AS net FROM payout_answer_row r JOIN withdrawal w ON w.id = r.withdrawal_id
         WHERE r.answer_id = $1 ORDER BY r.row",
        [id.into()],
    ))
    .all(core.db())
    .await?;
    let who = Who::find_by_statement(sql("SELECT applied_by_name FROM payout_answer WHERE id = $1", [id.into()]))
        .one(core.db())
        .await?;
    let mut figures = Figures { already, by: who.and_then(|who| who.applied_by_name).unwrap_or_default(), ..Figures::default() };
    for row in rows {
        match row.outcome.as_deref() {
            Some("paid") => figures.paid.add(row.net),
            Some("failed") => figures.failed.add(row.amount),
            Some("before") => figures.before += 1,
            Some(_) => figures.refused.push(usize::try_from(row.row).unwrap_or_default()),
            None => figures.open += 1,
        }
    }
    Ok(figures)
}
