//! Money seen at the bank: unmatched until it is said what it is for.

use crate::Core;
use crate::audit::{self, Actor};
use crate::db::{Applied, Tx, constraint, retrying, sql, transient};
use crate::ledger::movements::{Assignment, credit_assigned, credit_seen};
use crate::ledger::{self, LedgerError};
use crate::money::Rupees;
use crate::payments::{self, Method, PaymentError};
use crate::users::UserId;
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

/// Why a credit was not taken or assigned.
#[derive(Debug, thiserror::Error)]
pub enum CreditError {
    /// Nothing, or less.
    #[error("an amount is more than nothing, not {0}")]
    NotAnAmount(Rupees),
    /// The bank's reference stands for another amount.
    #[error("the bank reference {0} was seen with another amount")]
    OtherAmount(String),
    /// Less is left of the credit than it is to be for.
    #[error("only {0} is left of the credit")]
    NotEnough(Rupees),
    /// The payment did not come by UPI, or another credit is its money.
    #[error("the payment is not one that this credit can be for")]
    NotForThis,
    /// The key stands for another assignment.
    #[error("this was another assignment")]
    Another,
    /// The payment could not be confirmed.
    #[error(transparent)]
    Payment(Box<PaymentError>),
    /// The books refused.
    #[error(transparent)]
    Ledger(LedgerError),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbErr),
}
transient!(CreditError);

impl From<LedgerError> for CreditError {
    fn from(error: LedgerError) -> Self {
        if let LedgerError::Db(error) = error { Self::Db(error) } else { Self::Ledger(error) }
    }
}

impl From<PaymentError> for CreditError {
    fn from(error: PaymentError) -> Self {
        if let PaymentError::Db(error) = error { Self::Db(error) } else { Self::Payment(Box::new(error)) }
    }
}

/// Money seen at the bank.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct BankCredit {
    /// Row id.
    pub id: i64,
    /// The bank's reference: the same is the same credit.
    pub bank_ref: String,
    /// How much.
    pub amount: Rupees,
    /// Of it, what it was for is known.
    pub assigned: Rupees,
}

/// Writes down that money was seen at the bank.
///
/// # Errors
/// The reference was seen with another amount; the amount is none.
pub async fn see(core: &Core, bank_ref: &str, amount: Rupees, payer: &str, seen_at: DateTime<Utc>) -> Result<Applied<BankCredit>, CreditError> {
    if !amount.is_positive() {
        return Err(CreditError::NotAnAmount(amount));
    }
    retrying(|| async {
        let tx = core.begin().await?;
        let made = BankCredit::find_by_statement(sql(
            "INSERT INTO bank_credit (bank_ref, amount, payer, seen_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (bank_ref) DO NOTHING RETURNING id, bank_ref, amount, assigned",
            [bank_ref.into(), amount.into(), payer.into(), seen_at.into()],
        ))
        .one(&tx)
        .await?;
        let Some(credit) = made else {
            let found = by_ref(&tx, bank_ref).await?.ok_or_else(|| DbErr::RecordNotFound(bank_ref.to_owned()))?;
            return if found.amount == amount {
                Ok(Applied::Already(found))
            } else {
                Err(CreditError::OtherAmount(found.bank_ref))
            };
        };
        ledger::post(&tx, core.now(), credit_seen(bank_ref, amount)).await?;
        tx.commit().await?;
        Ok(Applied::Now(credit))
    })
    .await
}

/// A credit by the bank's reference.
///
/// # Errors
/// The database.
pub async fn by_ref(db: &impl ConnectionTrait, bank_ref: &str) -> Result<Option<BankCredit>, DbErr> {
    let text = "SELECT id, bank_ref, amount, assigned FROM bank_credit WHERE bank_ref = $1";
    BankCredit::find_by_statement(sql(text, [bank_ref.into()])).one(db).await
}

/// Credits of which something waits, oldest first.
///
/// # Errors
/// The database.
pub async fn unmatched(db: &impl ConnectionTrait, limit: u64) -> Result<Vec<BankCredit>, DbErr> {
    let text = "SELECT id, bank_ref, amount, assigned FROM bank_credit WHERE assigned < amount ORDER BY id LIMIT $1";
    BankCredit::find_by_statement(sql(text, [limit.cast_signed().into()])).all(db).await
}

/// What a credit, or a part of it, was for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct For {
    /// This UPI payment, all of it: it is confirmed by that, if it is not yet.
    pub payment: Option<i64>,
    /// This person's wallet, and how much.
    pub wallet: Option<(UserId, Rupees)>,
    /// How much was sent back.
    pub sent_back: Rupees,
}

/// Says what a credit, or a part of it, was for. `key` says where the command came from: the same again is the same assignment.
///
/// # Errors
/// Less is left of it; a part is less than nothing; the payment is not by UPI, or another credit is its money; the payment was rejected; the key stands for
/// another assignment.
pub async fn assign(core: &Core, credit_id: i64, to: &For, by: &Actor, key: &str) -> Result<Applied<BankCredit>, CreditError> {
    retrying(|| async {
        let tx = core.begin().await?;
        let assigned = match assign_in(core, &tx, credit_id, to, by, key).await {
            // A part of another credit was assigned by this key in this moment.
            Err(CreditError::Db(error)) if constraint(&error).as_deref() == Some("credit_assignment_key_key") => return Err(CreditError::Another),
            assigned => assigned?,
        };
        tx.commit().await?;
        Ok(assigned)
    })
    .await
}

async fn assign_in(core: &Core, tx: &Tx, credit_id: i64, to: &For, by: &Actor, key: &str) -> Result<Applied<BankCredit>, CreditError> {
    #[derive(FromQueryResult)]
    struct Before {
        n: i32,
        repeated: bool,
        same: bool,
        taken: bool,
    }
    let text = "SELECT id, bank_ref, amount, assigned FROM bank_credit WHERE id = $1 FOR UPDATE";
    let credit = BankCredit::find_by_statement(sql(text, [credit_id.into()])).one(tx).await?;
    let credit = credit.ok_or_else(|| DbErr::RecordNotFound(format!("bank credit {credit_id}")))?;
    // Whose money a payment is, is decided under its row.
    if let Some(payment) = to.payment {
        tx.execute_raw(sql("SELECT FROM payment WHERE id = $1 FOR UPDATE", [payment.into()])).await?;
    }
    let (person, over) = to.wallet.map_or((None, Rupees::ZERO), |(person, amount)| (Some(person.0), amount));
    let before = Before::find_by_statement(sql(
        "SELECT (SELECT count(*)::int + 1 FROM credit_assignment WHERE credit_id = $1) AS n, EXISTS (SELECT FROM credit_assignment WHERE key = $2) AS repeated,
                EXISTS (SELECT FROM credit_assignment WHERE key = $2 AND credit_id = $1 AND payment_id IS NOT DISTINCT FROM $3
                          AND user_id IS NOT DISTINCT FROM $4 AND to_credit = $5 AND sent_back = $6) AS same,
                EXISTS (SELECT FROM credit_assignment WHERE payment_id = $3) AS taken",
        [credit_id.into(), key.into(), to.payment.into(), person.into(), over.into(), to.sent_back.into()],
    ))
    .one(tx)
    .await?
    .ok_or_else(|| DbErr::RecordNotFound("a count".to_owned()))?;
    if before.repeated {
        return if before.same { Ok(Applied::Already(credit)) } else { Err(CreditError::Another) };
    }
    let mut to_payment = Rupees::ZERO;
    if let Some(id) = to.payment {
        let payment = payments::get(tx, id).await?;
        if before.taken || payment.method != Method::Upi {
            return Err(CreditError::NotForThis);
        }
        to_payment = payment.amount;
    }
    let left = credit.amount - credit.assigned;
    let total = to_payment + over + to.sent_back;
    if over < Rupees::ZERO || to.sent_back < Rupees::ZERO || !total.is_positive() || total > left {
        return Err(CreditError::NotEnough(left));
    }
    let text = "UPDATE bank_credit SET assigned = assigned + $2 WHERE id = $1 RETURNING id, bank_ref, amount, assigned";
    let credit = BankCredit::find_by_statement(sql(text, [credit_id.into(), total.into()]))
        .one(tx)
        .await?
        .ok_or(DbErr::RecordNotUpdated)?;
    tx.execute_raw(sql(
        "INSERT INTO credit_assignment (credit_id, n, payment_id, user_id, to_payment, to_credit, sent_back, key, at, actor_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        [
            credit_id.into(),
            before.n.into(),
            to.payment.into(),
            person.into(),
            to_payment.into(),
            over.into(),
            to.sent_back.into(),
            key.into(),
            core.now().into(),
            by.telegram_id.into(),
        ],
    ))
    .await?;
    if let Some(id) = to.payment {
        payments::confirm_in(core, tx, id, by).await?;
    }
    let assignment = Assignment { credit_id, n: before.n, to_payment, to_credit: to.wallet, sent_back: to.sent_back };
    ledger::post(tx, core.now(), credit_assigned(&assignment, &by.ledger_name())).await?;
    audit::record(tx, core.now(), by, "credit.assign", &credit.bank_ref, &total.to_string()).await?;
    Ok(Applied::Now(credit))
}
