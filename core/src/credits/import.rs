//! A statement's credits taken, all of them once; and which statements were read.

use super::statement::{BadRow, Statement};
use super::{CreditError, Seen, Taken, found, many, take, told};
use crate::Core;
use crate::audit::{self, Actor};
use crate::db::{retrying, sql};
use crate::money::Rupees;
use chrono::NaiveDate;
use futures::StreamExt;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use std::collections::HashMap;

/// Credits looked up, and written down, together.
const CHUNK: usize = 250;
/// Credits that are taken at once: their commits share the disk's.
const AT_ONCE: usize = 4;

/// What became of a statement's credits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Figures {
    /// Told for the first time.
    pub fresh: usize,
    /// Told before.
    pub before: usize,
    /// Of the new ones, those that confirmed an order.
    pub matched: usize,
    /// Of the new ones, those that wait.
    pub waiting: usize,
}

/// A statement that was read to its end.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Read {
    /// Row id.
    pub id: i64,
    /// Whose it is.
    pub bank: String,
    /// The first day.
    pub from_day: NaiveDate,
    /// The last day.
    pub through_day: NaiveDate,
    /// What lay in the account at the end.
    pub closing: Option<Rupees>,
    /// Transactions in it.
    pub rows: i32,
    /// Credits that it told of first.
    pub fresh: i32,
}

/// Takes many credits, as [`take`] does each; `progress` hears how many are done. Answers in the order of `seen`. What was told before by the same teller is
/// known in one look; what has the bank's reference goes first, so that none of it is taken by a row without one.
///
/// # Errors
/// The database; those before it are taken. A credit that is refused by itself is answered as such.
pub async fn take_all(core: &Core, seen: &[Seen], progress: impl Fn(usize)) -> Result<Vec<Result<Taken, CreditError>>, DbErr> {
    let mut answers: Vec<Option<Result<Taken, CreditError>>> = Vec::new();
    answers.resize_with(seen.len(), || None);
    let mut done = 0;
    let all: Vec<usize> = (0..seen.len()).collect();
    for chunk in all.chunks(CHUNK) {
        for teller in [told::Teller::Alert, told::Teller::Statement] {
            let refs: Vec<&str> = chunk.iter().filter(|at| seen[**at].teller == Some(teller)).map(|at| seen[*at].bank_ref.as_str()).collect();
            if refs.is_empty() {
                continue;
            }
            let known: HashMap<_, _> = told::known(core.db(), &refs, teller).await?.into_iter().collect();
            for at in chunk.iter().filter(|at| seen[**at].teller == Some(teller)) {
                if let Some(credit) = known.get(&seen[*at].bank_ref) {
                    let same = credit.amount == seen[*at].amount;
                    answers[*at] = Some(if same {
                        Ok(Taken::Duplicate(credit.clone()))
                    } else {
                        Err(CreditError::OtherAmount(credit.bank_ref.clone()))
                    });
                    done += 1;
                }
            }
        }
        progress(done);
    }
    for own in [false, true] {
        let open: Vec<usize> = all.iter().copied().filter(|at| answers[*at].is_none() && told::is_own(&seen[*at].bank_ref) == own).collect();
        for chunk in open.chunks(CHUNK) {
            let new = many::see(core, &chunk.iter().map(|at| &seen[*at]).collect::<Vec<_>>()).await?;
            let work = chunk.iter().copied().zip(new).map(|(at, new)| async move {
                let taken = match new {
                    Some(credit) => found(core, credit).await,
                    // Known, or another's pair, or not right: each has its own answer.
                    None => take(core, &seen[at]).await,
                };
                (at, taken)
            });
            let mut taking = std::pin::pin!(futures::stream::iter(work).buffer_unordered(AT_ONCE));
            while let Some((at, taken)) = taking.next().await {
                if let Err(CreditError::Db(error)) = taken {
                    return Err(error);
                }
                answers[at] = Some(taken);
                done += 1;
                progress(done);
            }
        }
    }
    Ok(answers.into_iter().flatten().collect())
}

/// Takes a statement's credits and writes down that it was read. Interrupted, it is sent again: what was taken is known. `key` says where it came from.
/// Rows that are refused join the statement's bad ones.
///
/// # Errors
/// The database.
pub async fn import(core: &Core, statement: &mut Statement, by: &Actor, key: &str, progress: impl Fn(usize)) -> Result<Figures, CreditError> {
    let seen: Vec<Seen> = statement.credits.iter().map(|(_, seen)| seen.clone()).collect();
    let answers = take_all(core, &seen, progress).await?;
    let mut figures = Figures::default();
    for ((row, seen), answer) in statement.credits.iter().zip(answers) {
        match answer {
            Ok(Taken::Duplicate(_)) => figures.before += 1,
            Ok(Taken::Unmatched(_)) => (figures.fresh, figures.waiting) = (figures.fresh + 1, figures.waiting + 1),
            Ok(_) => (figures.fresh, figures.matched) = (figures.fresh + 1, figures.matched + 1),
            Err(CreditError::OtherAmount(_)) => statement.bad.push((*row, BadRow::OtherAmount)),
            Err(CreditError::NotAnAmount(_)) => statement.bad.push((*row, BadRow::Amount(seen.amount.plain()))),
            Err(error) => return Err(error),
        }
    }
    statement.bad.sort_by_key(|(row, _)| *row);
    let number = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
    let rows = statement.credits.len() + statement.debits + statement.returned;
    let statement = &*statement;
    retrying(|| async {
        let tx = core.begin().await?;
        let written = tx
            .execute_raw(sql(
                "INSERT INTO statement (bank, from_day, through_day, closing, rows, fresh, actor_id, actor_name, at, key)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (key) DO NOTHING",
                [
                    statement.bank.clone().into(),
                    statement.from.into(),
                    statement.through.into(),
                    statement.closing.into(),
                    number(rows).into(),
                    number(figures.fresh).into(),
                    by.telegram_id.into(),
                    by.name.clone().into(),
                    core.now().into(),
                    key.into(),
                ],
            ))
            .await?;
        if written.rows_affected() == 1 {
            let detail = format!("{} to {}: {} new credits of {}", statement.from, statement.through, figures.fresh, statement.credits.len());
            audit::record(&tx, core.now(), by, "statement.import", &statement.bank, &detail).await?;
        }
        tx.commit().await
    })
    .await?;
    Ok(figures)
}

/// The statements of a bank that were read, the latest first.
///
/// # Errors
/// The database.
pub async fn statements(db: &impl ConnectionTrait, bank: &str, limit: u64) -> Result<Vec<Read>, DbErr> {
    Read::find_by_statement(sql(
        "SELECT id, bank, from_day, through_day, closing, rows, fresh FROM statement WHERE bank = $1 ORDER BY through_day DESC, id DESC LIMIT $2",
        [bank.into(), limit.cast_signed().into()],
    ))
    .all(db)
    .await
}
