//! Money seen at the bank, or at a gateway that took it for no open order: unmatched until it is known what it is for.

pub mod alert;
mod assign;
pub mod bank;
mod columns;
pub mod import;
mod leads;
mod many;
mod matching;
mod queue;
mod settle;
pub mod sms;
pub mod statement;
mod told;
mod verdict;
mod wait;
mod words;

pub use assign::{For, assign};
pub use import::take_all;
pub use leads::{Lead, When};
pub(crate) use matching::claimed;
pub use matching::{rematch, sweep};
pub use queue::{Filter, Part, Pile, Suggested, assigned, piles, queue, seen_for, suggested};
pub use settle::{give_back, send_back, to_order, to_wallet};
pub use told::{Teller, references};
pub(crate) use wait::put_to_wait;

use crate::Core;
use crate::audit::Actor;
use crate::db::{Applied, Tx, constraint, retrying, sql, transient};
use crate::ledger::movements::{Till, credit_seen};
use crate::ledger::{self, LedgerError};
use crate::money::Rupees;
use crate::payments::PaymentError;
use crate::withdrawals::vpa::Vpa;
use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

/// Why a credit was not taken or assigned.
#[derive(Debug, thiserror::Error)]
pub enum CreditError {
    /// Nothing, or less.
    #[error("an amount is more than nothing, not {0}")]
    NotAnAmount(Rupees),
    /// A reference is up to 100 letters, digits, dots, dashes, slashes and underscores.
    #[error("{0:?} is no reference of a bank or gateway")]
    NotAReference(String),
    /// The bank's reference stands for another amount.
    #[error("the bank reference {0} was seen with another amount")]
    OtherAmount(String),
    /// Less is left of the credit than it is to be for.
    #[error("only {0} is left of the credit")]
    NotEnough(Rupees),
    /// The payment came another way, or another credit is its money.
    #[error("the payment is not one that this credit can be for")]
    NotForThis,
    /// The key stands for another assignment.
    #[error("this was another assignment")]
    Another,
    /// What was sent back has a reference that was given for another payment or payout.
    #[error("the reference is already used")]
    ReferenceUsed,
    /// Nobody is there whose wallet could take it.
    #[error("there is no such person")]
    Nobody,
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

impl CreditError {
    /// What an assignment means that the database refused: another was there in this moment.
    fn of_assignment(self) -> Self {
        let Self::Db(error) = self else { return self };
        match constraint(&error).as_deref() {
            Some("credit_assignment_key_key") => Self::Another,
            Some("credit_assignment_sent_back_ref_key") => Self::ReferenceUsed,
            Some("credit_assignment_settlement_key" | "credit_assignment_payment_key") => Self::NotForThis,
            _ => Self::Db(error),
        }
    }
}

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

/// Where money was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Source {
    /// In the shop's bank account: by a statement, or an alert of the bank.
    #[sea_orm(string_value = "bank")]
    Bank,
    /// At Razorpay.
    #[sea_orm(string_value = "razorpay")]
    Razorpay,
    /// At Cashfree.
    #[sea_orm(string_value = "cashfree")]
    Cashfree,
    /// With Telegram, in Stars.
    #[sea_orm(string_value = "stars")]
    Stars,
}

impl Source {
    /// Which account of the shop it lies in.
    #[must_use]
    pub fn till(self) -> Till {
        if self == Self::Bank { Till::Bank } else { Till::Gateway }
    }
}

/// Why money waits for staff.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Waits {
    /// Nothing is known that it could be for.
    #[sea_orm(string_value = "unknown")]
    Unknown,
    /// It came after its order had ended.
    #[sea_orm(string_value = "late")]
    Late,
    /// Its order is paid already.
    #[sea_orm(string_value = "double")]
    Double,
    /// It is less than its order costs.
    #[sea_orm(string_value = "short")]
    Short,
    /// It is more than its order costs.
    #[sea_orm(string_value = "excess")]
    Excess,
    /// It could be for several orders.
    #[sea_orm(string_value = "several")]
    Several,
    /// It seems to be for an order, and the settings want a person to say so.
    #[sea_orm(string_value = "ask")]
    Ask,
}

/// Money as it was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Where.
    pub source: Source,
    /// Which bank, as settings and senders name it; empty when not known.
    pub bank: String,
    /// The reference by which it is one: `HDFC/412345678901`, `razorpay/pay_…`.
    pub bank_ref: String,
    /// How much.
    pub amount: Rupees,
    /// Who paid, as the bank names them.
    pub payer: String,
    /// Their UPI id, where it was told.
    pub vpa: Option<String>,
    /// The bank's own words.
    pub note: String,
    /// When it came.
    pub at: DateTime<Utc>,
    /// Whether only the day of that is known.
    pub by_day: bool,
    /// Which of a bank's two tellers tells it: what one says without a reference may be what the other said.
    pub teller: Option<Teller>,
}

impl Seen {
    /// In the shop's bank account.
    #[must_use]
    pub fn at_bank(bank_ref: &str, amount: Rupees, payer: &str, at: DateTime<Utc>) -> Self {
        let bank = bank_ref.split_once('/').map_or("", |(bank, _)| bank);
        Self {
            source: Source::Bank,
            bank: bank.to_owned(),
            bank_ref: bank_ref.to_owned(),
            amount,
            payer: payer.to_owned(),
            vpa: None,
            note: String::new(),
            at,
            by_day: false,
            teller: None,
        }
    }
}

/// Money that was seen.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct BankCredit {
    /// Row id.
    pub id: i64,
    /// Where.
    pub source: Source,
    /// Which bank.
    pub bank: String,
    /// The reference: the same is the same credit.
    pub bank_ref: String,
    /// How much.
    pub amount: Rupees,
    /// Of it, what it was for is known.
    pub assigned: Rupees,
    /// Who paid, as the bank names them.
    pub payer: String,
    /// Their UPI id.
    pub vpa: Option<String>,
    /// The bank's own words.
    pub note: String,
    /// When it came.
    pub seen_at: DateTime<Utc>,
    /// Whether only the day of that is known.
    pub by_day: bool,
    /// Why it waits for staff.
    pub waits: Option<Waits>,
    /// The order that it may be for.
    pub order_id: Option<i64>,
    /// The twelve digits by which UPI knows it, where its reference has them.
    pub utr: Option<String>,
    /// When the admin chat was given a card of it.
    pub carded_at: Option<DateTime<Utc>>,
}

pub(crate) const COLUMNS: &str = "id, source, bank, bank_ref, amount, assigned, payer, vpa, note, seen_at, by_day, waits, order_id, utr, carded_at";

impl BankCredit {
    /// What of it waits.
    #[must_use]
    pub fn left(&self) -> Rupees {
        self.amount - self.assigned
    }

    /// Its reference where it was seen, without the name of that place.
    #[must_use]
    pub fn own_ref(&self) -> &str {
        self.bank_ref.split_once('/').map_or(self.bank_ref.as_str(), |(_, reference)| reference)
    }

    /// Who says what it was for when nobody has to: the bank, the gateway.
    #[must_use]
    pub fn teller(&self) -> Actor {
        use sea_orm::ActiveEnum;
        let name = if self.bank.is_empty() { self.source.to_value() } else { self.bank.clone() };
        Actor::program(&name)
    }
}

/// A payer's UPI id in the form by which it is found again, however the bank writes it.
pub(crate) fn canonical(vpa: Option<&str>) -> Option<String> {
    let vpa = vpa.map(str::trim).filter(|vpa| !vpa.is_empty())?;
    Some(vpa.parse::<Vpa>().map_or_else(|_| vpa.to_lowercase(), |vpa| vpa.to_string()))
}

fn is_a_reference(text: &str) -> bool {
    (1..=100).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'/' | b'-'))
}

/// Writes down that money was seen.
///
/// # Errors
/// The reference is none, or was seen with another amount; the amount is none.
pub async fn see(core: &Core, seen: &Seen) -> Result<Applied<BankCredit>, CreditError> {
    retrying(|| async {
        let tx = core.begin().await?;
        let credit = see_in(core, &tx, seen).await?;
        tx.commit().await?;
        Ok(credit)
    })
    .await
}

pub(crate) async fn see_in(core: &Core, tx: &Tx, seen: &Seen) -> Result<Applied<BankCredit>, CreditError> {
    use sea_orm::ActiveEnum;
    let (bank_ref, amount) = (seen.bank_ref.as_str(), seen.amount);
    if !amount.is_positive() {
        return Err(CreditError::NotAnAmount(amount));
    }
    if !is_a_reference(bank_ref) {
        return Err(CreditError::NotAReference(bank_ref.to_owned()));
    }
    if let Some(known) = told::before_in(core, tx, seen).await? {
        return if known.amount == amount {
            Ok(Applied::Already(known))
        } else {
            Err(CreditError::OtherAmount(known.bank_ref))
        };
    }
    let text = format!(
        "INSERT INTO bank_credit (source, bank, bank_ref, amount, payer, vpa, note, seen_at, by_day, noted_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (bank_ref) DO NOTHING RETURNING {COLUMNS}"
    );
    let values = [
        seen.source.to_value().into(),
        seen.bank.clone().into(),
        bank_ref.into(),
        amount.into(),
        seen.payer.clone().into(),
        canonical(seen.vpa.as_deref()).into(),
        seen.note.clone().into(),
        seen.at.into(),
        seen.by_day.into(),
        core.now().into(),
    ];
    let Some(credit) = BankCredit::find_by_statement(sql(&text, values)).one(tx).await? else {
        let found = by_ref(tx, bank_ref).await?.ok_or_else(|| DbErr::RecordNotFound(bank_ref.to_owned()))?;
        return if found.amount == amount {
            Ok(Applied::Already(found))
        } else {
            Err(CreditError::OtherAmount(found.bank_ref))
        };
    };
    told::note_in(core, tx, seen, credit.id).await?;
    ledger::post(tx, core.now(), credit_seen(seen.source.till(), bank_ref, amount)).await?;
    Ok(Applied::Now(credit))
}

/// What became of money that was told of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    /// It was for this order, which is confirmed by it, or was before.
    Matched(BankCredit, i64),
    /// It was a gateway's payout, which the books know.
    Payout(BankCredit),
    /// It waits for staff, or for a proof that names it.
    Unmatched(BankCredit),
    /// It was told of before.
    Duplicate(BankCredit),
}

/// Takes money that was told of: writes it down, and looks what it is for. Every teller (a statement's row, an alert, a gateway) comes through here. What
/// was told before, and is for nothing yet, is looked at again: this teller may know more of it.
///
/// # Errors
/// As [`see`].
pub async fn take(core: &Core, seen: &Seen) -> Result<Taken, CreditError> {
    match see(core, seen).await? {
        Applied::Now(credit) => matching::found(core, credit).await,
        Applied::Already(credit) => {
            matching::learn(core, &credit, seen).await?;
            if !credit.assigned.is_positive() {
                matching::found(core, credit.clone()).await?;
            }
            Ok(Taken::Duplicate(get(core.db(), credit.id).await?))
        }
    }
}

/// A credit by its row id.
///
/// # Errors
/// The database; there is none.
pub async fn get(db: &impl ConnectionTrait, id: i64) -> Result<BankCredit, DbErr> {
    let text = format!("SELECT {COLUMNS} FROM bank_credit WHERE id = $1");
    let found = BankCredit::find_by_statement(sql(&text, [id.into()])).one(db).await?;
    found.ok_or_else(|| DbErr::RecordNotFound(format!("bank credit {id}")))
}

/// A credit, held until the transaction ends.
async fn locked(tx: &Tx, id: i64) -> Result<BankCredit, DbErr> {
    let text = format!("SELECT {COLUMNS} FROM bank_credit WHERE id = $1 FOR UPDATE");
    let found = BankCredit::find_by_statement(sql(&text, [id.into()])).one(tx).await?;
    found.ok_or_else(|| DbErr::RecordNotFound(format!("bank credit {id}")))
}

/// An order as one that a credit may be for.
///
/// # Errors
/// The database.
pub async fn lead(db: &impl ConnectionTrait, credit: &BankCredit, order_id: i64) -> Result<Option<Lead>, DbErr> {
    leads::of_order(db, credit, order_id).await
}

/// Whether money was ever seen at the bank: without a statement or an alert it never is.
///
/// # Errors
/// The database.
pub async fn are_seen(db: &impl ConnectionTrait) -> Result<bool, DbErr> {
    let row = db.query_one_raw(sql("SELECT 1 FROM bank_credit WHERE source = 'bank' LIMIT 1", [])).await?;
    Ok(row.is_some())
}

/// A credit by the bank's reference.
///
/// # Errors
/// The database.
pub async fn by_ref(db: &impl ConnectionTrait, bank_ref: &str) -> Result<Option<BankCredit>, DbErr> {
    let text = format!("SELECT {COLUMNS} FROM bank_credit WHERE bank_ref = $1");
    BankCredit::find_by_statement(sql(&text, [bank_ref.into()])).one(db).await
}

/// Credits of which something waits, oldest first.
///
/// # Errors
/// The database.
pub async fn unmatched(db: &impl ConnectionTrait, limit: u64) -> Result<Vec<BankCredit>, DbErr> {
    let text = format!("SELECT {COLUMNS} FROM bank_credit WHERE assigned < amount ORDER BY id LIMIT $1");
    BankCredit::find_by_statement(sql(&text, [limit.cast_signed().into()])).all(db).await
}
