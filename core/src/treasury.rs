//! The shop's own money, and what staff do to a wallet by hand: settlements, bills and taxes, the opening balance, prizes, adjustments.

use crate::audit::{self, Actor};
use crate::db::{Applied, Tx, retrying, sql, transient};
use crate::ledger::movements::{Adjustable, Adjustment, Bill, adjusted, gateway_settled, opened, prize_given, remitted};
use crate::ledger::{self, LedgerError};
use crate::money::Rupees;
use crate::users::UserId;
use crate::{Core, purses};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};

/// Why money was not moved.
#[derive(Debug, thiserror::Error)]
pub enum TreasuryError {
    /// Nothing, or less.
    #[error("an amount is more than nothing, not {0}")]
    NotAnAmount(Rupees),
    /// The reference or key stands for another one.
    #[error("{0} was written down before, with other figures")]
    Another(String),
    /// What enters `earned` pays what is owed first, so that is put right first.
    #[error("the person owes {0}: lessen that first")]
    Owes(Rupees),
    /// The books refused.
    #[error(transparent)]
    Ledger(LedgerError),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbErr),
}
transient!(TreasuryError);

impl From<LedgerError> for TreasuryError {
    fn from(error: LedgerError) -> Self {
        if let LedgerError::Db(error) = error { Self::Db(error) } else { Self::Ledger(error) }
    }
}

fn is_an_amount(amount: Rupees) -> Result<(), TreasuryError> {
    if amount.is_positive() { Ok(()) } else { Err(TreasuryError::NotAnAmount(amount)) }
}

#[derive(FromQueryResult)]
struct Id {
    id: i64,
}

/// Inserts a row that its reference names once: its id, and whether it is new. `same` finds the row with these figures.
async fn once(
    tx: &impl ConnectionTrait,
    insert: &str,
    same: &str,
    reference: &str,
    values: Vec<Value>,
    found_by: Vec<Value>,
) -> Result<Applied<i64>, TreasuryError> {
    if let Some(Id { id }) = Id::find_by_statement(sql(insert, values)).one(tx).await? {
        return Ok(Applied::Now(id));
    }
    let same = Id::find_by_statement(sql(same, found_by)).one(tx).await?;
    same.map(|Id { id }| Applied::Already(id)).ok_or_else(|| TreasuryError::Another(reference.to_owned()))
}

/// Writes down what a gateway paid out to the bank, and what it kept. The gateway's reference is written down once.
///
/// # Errors
/// The reference was written down with other figures.
pub async fn settle_gateway(core: &Core, reference: &str, net: Rupees, fees: Rupees) -> Result<Applied<i64>, TreasuryError> {
    // The gateway may keep nothing, or all of it.
    is_an_amount(net + fees)?;
    for part in [net, fees].into_iter().filter(|&part| part < Rupees::ZERO) {
        is_an_amount(part)?;
    }
    retrying(|| async {
        let tx = core.begin().await?;
        let row = once(
            &tx,
            "INSERT INTO settlement (reference, net, fees, settled_at) VALUES ($1, $2, $3, $4) ON CONFLICT (reference) DO NOTHING RETURNING id",
            "SELECT id FROM settlement WHERE reference = $1 AND net = $2 AND fees = $3",
            reference,
            vec![reference.into(), net.into(), fees.into(), core.now().into()],
            vec![reference.into(), net.into(), fees.into()],
        )
        .await?;
        if let Applied::Now(id) = row {
            ledger::post(&tx, core.now(), gateway_settled(id, reference, net, fees)).await?;
        }
        tx.commit().await?;
        Ok(row)
    })
    .await
}

/// Writes down that a bill or a tax was paid. The bank's reference is written down once.
///
/// # Errors
/// The reference was written down with other figures.
pub async fn remit(core: &Core, bill: Bill, amount: Rupees, reference: &str, by: &Actor) -> Result<Applied<i64>, TreasuryError> {
    is_an_amount(amount)?;
    let account = bill.account().kind();
    retrying(|| async {
        let tx = core.begin().await?;
        let row = once(
            &tx,
            "INSERT INTO remittance (account, amount, reference, paid_at, actor_id) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (reference) DO NOTHING RETURNING id",
            "SELECT id FROM remittance WHERE account = $1 AND amount = $2 AND reference = $3",
            reference,
            vec![account.into(), amount.into(), reference.into(), core.now().into(), by.telegram_id.into()],
            vec![account.into(), amount.into(), reference.into()],
        )
        .await?;
        if let Applied::Now(id) = row {
            ledger::post(&tx, core.now(), remitted(id, reference, bill, amount, &by.ledger_name())).await?;
            audit::record(&tx, core.now(), by, "treasury.remit", reference, &format!("{account} {amount}")).await?;
        }
        tx.commit().await?;
        Ok(row)
    })
    .await
}

/// Writes down what stood in the bank when the books were opened: once and for all.
///
/// # Errors
/// The books were opened with another amount.
pub async fn open_books(core: &Core, amount: Rupees, by: &Actor) -> Result<(), TreasuryError> {
    is_an_amount(amount)?;
    retrying(|| async {
        let tx = core.begin().await?;
        if ledger::post(&tx, core.now(), opened(amount, &by.ledger_name())).await?.is_now() {
            audit::record(&tx, core.now(), by, "treasury.open", "bank", &amount.to_string()).await?;
        }
        tx.commit().await?;
        Ok(())
    })
    .await
}

/// Gives a prize: credit to spend. `key` says where it came from: the same again is the same prize.
///
/// # Errors
/// The key stands for another prize.
pub async fn give_prize(core: &Core, person: UserId, amount: Rupees, reason: &str, by: &Actor, key: &str) -> Result<Applied<i64>, TreasuryError> {
    retrying(|| async {
        let tx = core.begin().await?;
        let row = give_prize_in(core, &tx, person, amount, reason, by, key).await?;
        tx.commit().await?;
        Ok(row)
    })
    .await
}

/// The same in the caller's transaction.
pub(crate) async fn give_prize_in(
    core: &Core,
    tx: &Tx,
    person: UserId,
    amount: Rupees,
    reason: &str,
    by: &Actor,
    key: &str,
) -> Result<Applied<i64>, TreasuryError> {
    is_an_amount(amount)?;
    let row = once(
        tx,
        "INSERT INTO prize (user_id, amount, reason, key, given_at, actor_id) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (key) DO NOTHING RETURNING id",
        "SELECT id FROM prize WHERE user_id = $1 AND amount = $2 AND key = $3",
        key,
        vec![person.0.into(), amount.into(), reason.into(), key.into(), core.now().into(), by.telegram_id.into()],
        vec![person.0.into(), amount.into(), key.into()],
    )
    .await?;
    if let Applied::Now(id) = row {
        ledger::post(tx, core.now(), prize_given(id, reason, person, amount, &by.ledger_name())).await?;
        audit::record(tx, core.now(), by, "wallet.prize", &format!("user {}", person.0), &format!("{amount}: {reason}")).await?;
    }
    Ok(row)
}

/// What is put right by hand: for the person's good when the amount is positive.
pub(crate) struct ByHand<'a> {
    pub(crate) person: UserId,
    pub(crate) account: Adjustable,
    pub(crate) amount: Rupees,
    pub(crate) reason: &'a str,
    pub(crate) by: &'a Actor,
    /// Where the command came from: the same again is the same adjustment.
    pub(crate) key: &'a str,
}

/// Puts one account of a person right by hand; for their good when the amount is positive. `key` says where the command came from: the same again is the
/// same adjustment.
///
/// # Errors
/// The key stands for another adjustment; the account would go below zero; more earned while something is owed.
pub async fn adjust(
    core: &Core,
    person: UserId,
    account: Adjustable,
    amount: Rupees,
    reason: &str,
    by: &Actor,
    key: &str,
) -> Result<Applied<i64>, TreasuryError> {
    retrying(|| async {
        let tx = core.begin().await?;
        let adjusted = adjust_in(core, &tx, &ByHand { person, account, amount, reason, by, key }).await?;
        tx.commit().await?;
        Ok(adjusted)
    })
    .await
}

/// The same in the caller's transaction. The person's purse is locked from here on.
pub(crate) async fn adjust_in(core: &Core, tx: &Tx, hand: &ByHand<'_>) -> Result<Applied<i64>, TreasuryError> {
    let &ByHand { person, account, amount, reason, by, key } = hand;
    if amount == Rupees::ZERO {
        return Err(TreasuryError::NotAnAmount(amount));
    }
    purses::lock(tx, &[person]).await?;
    let found = Id::find_by_statement(sql(
        "SELECT audit_id AS id FROM adjustment WHERE key = $1 AND user_id = $2 AND account = $3 AND amount = $4",
        [key.into(), person.0.into(), account.account().kind().into(), amount.into()],
    ));
    if let Some(Id { id }) = found.one(tx).await? {
        return Ok(Applied::Already(id));
    }
    let owed = ledger::standing(tx, person).await?.owed;
    if account == Adjustable::Earned && amount.is_positive() && owed.is_positive() {
        return Err(TreasuryError::Owes(owed));
    }
    let row = once(
        tx,
        "WITH noted AS (
           INSERT INTO audit (at, actor_id, actor_name, action, subject, detail)
           SELECT $1, $2, $3, 'wallet.adjust', $4, $5 WHERE NOT EXISTS (SELECT FROM adjustment WHERE key = $6) RETURNING id)
         INSERT INTO adjustment (audit_id, user_id, account, amount, key) SELECT id, $7, $8, $9, $6 FROM noted ON CONFLICT (key) DO NOTHING RETURNING audit_id AS id",
        "SELECT audit_id AS id FROM adjustment WHERE false",
        key,
        vec![
            core.now().into(),
            by.telegram_id.into(),
            by.name.clone().into(),
            format!("user {}", person.0).into(),
            format!("{} {amount}: {reason}", account.account().kind()).into(),
            key.into(),
            person.0.into(),
            account.account().kind().into(),
            amount.into(),
        ],
        vec![],
    )
    .await?;
    let id = row.into_inner();
    let posting = adjusted(&Adjustment { audit_id: id, person, account, amount, reason, actor: &by.ledger_name() });
    ledger::post(tx, core.now(), posting).await?;
    Ok(Applied::Now(id))
}
