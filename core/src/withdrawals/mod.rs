//! Withdrawals: asked (and set aside at that moment), approved, paid; or rejected, or failed, and given back.

mod entity;
pub mod vpa;

pub use entity::{Model as Withdrawal, WithdrawalState};

use crate::audit::{self, Actor};
use crate::commissions::{self, CommissionError};
use crate::credentials::VaultError;
use crate::db::{Applied, Tx, constraint, retrying, sql, transient};
use crate::fraud::signals::{self, SignalError};
use crate::fraud::{self, Happened};
use crate::ledger::movements::{withdrawal_asked, withdrawal_paid, withdrawal_refused, withdrawal_returned};
use crate::ledger::{self, LedgerError, Standing};
use crate::money::Rupees;
use crate::notifications::{self, Card, Notice, WithdrawalNews};
use crate::users::{User, UserId};
use crate::{Core, purses, verification};
use sea_orm::{ActiveEnum, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect};
use vpa::Vpa;

/// Why a withdrawal was not asked for or changed.
#[derive(Debug, thiserror::Error)]
pub enum WithdrawalError {
    /// Below the least amount.
    #[error("the least withdrawal is {0}")]
    BelowMinimum(Rupees),
    /// Their first withdrawal: they are to verify before.
    #[error("the person is to verify first")]
    NotVerified,
    /// More than can be withdrawn.
    #[error("{0} can be withdrawn")]
    MoreThanAvailable(Rupees),
    /// It is in another state than the change starts from.
    #[error("the withdrawal is {:?}", .0.state)]
    NotNow(Box<Withdrawal>),
    /// While the person owes something, an open withdrawal can only be refused.
    #[error("the person owes {0}")]
    Owes(Rupees),
    /// What the person has is on hold until staff decide.
    #[error("what the person has is on hold")]
    OnHold,
    /// The payout's UTR was given for another withdrawal.
    #[error("the payout's UTR is already used")]
    UtrUsed,
    /// The payout's UTR is not one.
    #[error("not a payout's UTR")]
    NotAUtr,
    /// What people are known by is sealed under a key that is not here.
    #[error(transparent)]
    Vault(VaultError),
    /// The books refused.
    #[error(transparent)]
    Ledger(LedgerError),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbErr),
}
transient!(WithdrawalError);

impl From<LedgerError> for WithdrawalError {
    fn from(error: LedgerError) -> Self {
        if let LedgerError::Db(error) = error { Self::Db(error) } else { Self::Ledger(error) }
    }
}

impl From<SignalError> for WithdrawalError {
    fn from(error: SignalError) -> Self {
        match error {
            SignalError::Vault(trouble) => Self::Vault(trouble),
            SignalError::Db(error) => Self::Db(error),
        }
    }
}

impl From<CommissionError> for WithdrawalError {
    fn from(error: CommissionError) -> Self {
        match error {
            CommissionError::Ledger(error) => Self::Ledger(error),
            CommissionError::Db(error) => Self::Db(error),
        }
    }
}

/// Releases what is due to a person and answers their standing: a late job never denies anyone their money.
///
/// # Errors
/// The database.
pub async fn available(core: &Core, person: UserId) -> Result<Standing, WithdrawalError> {
    retrying(|| async {
        let tx = core.begin().await?;
        commissions::release_in(core, &tx, person).await?;
        let standing = ledger::standing(&tx, person).await?;
        tx.commit().await?;
        Ok(standing)
    })
    .await
}

/// Keeps what a person is about to ask for, under an id that a button can carry.
///
/// # Errors
/// The database.
pub async fn draft(core: &Core, person: &User, id: i64, vpa: &str, amount: Rupees) -> Result<(), DbErr> {
    core.db()
        .execute_raw(sql(
            "INSERT INTO withdrawal_draft (id, user_id, vpa, amount, made_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO NOTHING",
            [id.into(), person.id.into(), vpa.into(), amount.into(), core.now().into()],
        ))
        .await?;
    Ok(())
}

/// What a person is about to ask for, if the draft is theirs.
///
/// # Errors
/// The database.
pub async fn drafted(db: &impl ConnectionTrait, person: UserId, id: i64) -> Result<Option<(Vpa, Rupees)>, DbErr> {
    #[derive(FromQueryResult)]
    struct Draft {
        vpa: String,
        amount: Rupees,
    }
    let draft =
        Draft::find_by_statement(sql("SELECT vpa, amount FROM withdrawal_draft WHERE id = $1 AND user_id = $2", [id.into(), person.0.into()]))
            .one(db)
            .await?;
    Ok(draft.and_then(|d| Some((d.vpa.parse().ok()?, d.amount))))
}

/// Asks for a payout: the amount leaves `earned` in this moment. `key` is the draft's: confirming it twice is asking once.
///
/// # Errors
/// Below the minimum; more than can be withdrawn; who withdraws for the first time has not verified.
pub async fn ask(core: &Core, person: &User, vpa: &Vpa, amount: Rupees, key: &str) -> Result<Applied<Withdrawal>, WithdrawalError> {
    let asked = retrying(|| async {
        let tx = core.begin().await?;
        let asked = ask_in(core, &tx, person, vpa, amount, key).await?;
        tx.commit().await?;
        Ok::<_, WithdrawalError>(asked)
    })
    .await?;
    // Where it is to go may be the last thing that was to be known.
    fraud::heed(core, person.user_id()).await;
    Ok(asked)
}

async fn ask_in(core: &Core, tx: &Tx, person: &User, vpa: &Vpa, amount: Rupees, key: &str) -> Result<Applied<Withdrawal>, WithdrawalError> {
    if let Some(asked) = by_key(tx, person, key).await? {
        return Ok(Applied::Already(asked));
    }
    let minimum = core.settings_store().get(tx).await?.withdrawals.minimum;
    if amount < minimum || !amount.is_positive() {
        return Err(WithdrawalError::BelowMinimum(minimum));
    }
    if verification::is_due(core, tx, person.user_id()).await? {
        return Err(WithdrawalError::NotVerified);
    }
    commissions::release_in(core, tx, person.user_id()).await?;
    // The same confirmation from another device may have been under way: it held the lock, and what it asked for is gone from `earned`.
    if let Some(asked) = by_key(tx, person, key).await? {
        return Ok(Applied::Already(asked));
    }
    if fraud::is_frozen(tx, person.user_id()).await? {
        return Err(WithdrawalError::OnHold);
    }
    let available = ledger::standing(tx, person.user_id()).await?.earned;
    if amount > available {
        return Err(WithdrawalError::MoreThanAvailable(available));
    }
    let now = core.now();
    let withdrawal = entity::Entity::find()
        .from_raw_sql(sql(
            "INSERT INTO withdrawal (code, user_id, vpa, amount, key, asked_at) VALUES ($1, $2, $3, $4, $5, $6) RETURNING *",
            [core.short_code().into(), person.id.into(), vpa.as_str().into(), amount.into(), key.into(), now.into()],
        ))
        .one(tx)
        .await?
        .ok_or(DbErr::RecordNotInserted)?;
    ledger::post(tx, now, withdrawal_asked(withdrawal.id, withdrawal.code.as_str(), person.user_id(), amount)).await?;
    signals::note_payee_in(core, tx, person.user_id(), vpa).await?;
    fraud::happened_in(tx, now, Happened::Asked, person.user_id(), None).await?;
    notifications::tell_staff(tx, now, &Notice::WithdrawalCard { withdrawal: withdrawal.id }, Some(format!("withdrawal-card:{}", withdrawal.id)))
        .await?;
    Ok(Applied::Now(withdrawal))
}

async fn by_key(tx: &Tx, person: &User, key: &str) -> Result<Option<Withdrawal>, DbErr> {
    entity::Entity::find().filter(entity::Column::Key.eq(key)).filter(entity::Column::UserId.eq(person.id)).one(tx).await
}

/// Approves a withdrawal: to be paid by hand.
///
/// # Errors
/// It was decided otherwise before; the person owes the shop.
pub async fn approve(core: &Core, id: i64, by: &Actor) -> Result<Applied<Withdrawal>, WithdrawalError> {
    change(core, id, Change::Approve, by).await
}

/// Refuses a withdrawal: the money goes back.
///
/// # Errors
/// It was decided otherwise before.
pub async fn reject(core: &Core, id: i64, by: &Actor, reason: &str) -> Result<Applied<Withdrawal>, WithdrawalError> {
    change(core, id, Change::Reject(reason), by).await
}

/// Notes that an approved withdrawal was paid, with the payout's bank reference.
///
/// # Errors
/// It is not approved; the reference is not one, or was given for another withdrawal.
pub async fn pay(core: &Core, id: i64, by: &Actor, utr: &str) -> Result<Applied<Withdrawal>, WithdrawalError> {
    let utr: String = utr.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_uppercase();
    if !(10..=35).contains(&utr.len()) || !utr.bytes().all(|b| b.is_ascii_alphanumeric()) || !utr.bytes().any(|b| b.is_ascii_digit()) {
        return Err(WithdrawalError::NotAUtr);
    }
    change(core, id, Change::Pay(&utr), by).await
}

/// Notes that an approved withdrawal could not be paid: the money goes back.
///
/// # Errors
/// It is not approved.
pub async fn fail(core: &Core, id: i64, by: &Actor, reason: &str) -> Result<Applied<Withdrawal>, WithdrawalError> {
    change(core, id, Change::Fail(reason), by).await
}

/// Notes that a withdrawal that was paid came back from the bank: the money goes back.
///
/// # Errors
/// It is not paid.
pub async fn come_back(core: &Core, id: i64, by: &Actor, reason: &str) -> Result<Applied<Withdrawal>, WithdrawalError> {
    change(core, id, Change::ComeBack(reason), by).await
}

/// What staff can do to a withdrawal.
#[derive(Clone, Copy)]
enum Change<'a> {
    Approve,
    Reject(&'a str),
    Pay(&'a str),
    Fail(&'a str),
    ComeBack(&'a str),
}

impl Change<'_> {
    fn states(self) -> (WithdrawalState, WithdrawalState) {
        use WithdrawalState::{Approved, Asked, Failed, Paid, Rejected, Returned};
        match self {
            Self::Approve => (Asked, Approved),
            Self::Reject(_) => (Asked, Rejected),
            Self::Pay(_) => (Approved, Paid),
            Self::Fail(_) => (Approved, Failed),
            Self::ComeBack(_) => (Paid, Returned),
        }
    }

    fn action(self) -> (&'static str, WithdrawalNews) {
        match self {
            Self::Approve => ("withdrawal.approve", WithdrawalNews::Approved),
            Self::Reject(_) => ("withdrawal.reject", WithdrawalNews::Rejected),
            Self::Pay(_) => ("withdrawal.pay", WithdrawalNews::Paid),
            Self::Fail(_) => ("withdrawal.fail", WithdrawalNews::Failed),
            Self::ComeBack(_) => ("withdrawal.return", WithdrawalNews::Returned),
        }
    }
}

/// Refuses all that a person has asked for and was not paid yet: the money goes back to where it was.
pub(crate) async fn refuse_open_in(core: &Core, tx: &Tx, person: UserId, by: &Actor, reason: &str) -> Result<(), WithdrawalError> {
    let open = entity::Column::State.is_in([WithdrawalState::Asked, WithdrawalState::Approved]);
    let found = entity::Entity::find()
        .filter(open)
        .filter(entity::Column::UserId.eq(person.0))
        .order_by_asc(entity::Column::Id)
        .all(tx)
        .await?;
    for withdrawal in found {
        let refuse = if withdrawal.state == WithdrawalState::Asked {
            Change::Reject(reason)
        } else {
            Change::Fail(reason)
        };
        change_in(core, tx, withdrawal.id, refuse, by).await?;
        let changed = Notice::CardChanged { card: Card::Withdrawal, id: withdrawal.id };
        notifications::tell_staff(tx, core.now(), &changed, None).await?;
    }
    Ok(())
}

async fn change(core: &Core, id: i64, change: Change<'_>, by: &Actor) -> Result<Applied<Withdrawal>, WithdrawalError> {
    if matches!(change, Change::Approve | Change::Pay(_)) {
        fraud::heed(core, get(core.db(), id).await?.owner()).await;
    }
    retrying(|| async {
        let tx = core.begin().await?;
        let changed = change_in(core, &tx, id, change, by).await?;
        tx.commit().await?;
        Ok(changed)
    })
    .await
}

async fn change_in(core: &Core, tx: &Tx, id: i64, change: Change<'_>, by: &Actor) -> Result<Applied<Withdrawal>, WithdrawalError> {
    let (from, to) = change.states();
    let now = core.now();
    let decision = "decided_at = $4, decided_by = $5, decided_by_name = $6";
    let settlement = "settled_at = $4, settled_by = $5, settled_by_name = $6";
    let (who, what, value) = match change {
        Change::Approve => (decision, "", None),
        Change::Reject(reason) => (decision, ", reason = $7", Some(reason)),
        Change::Pay(utr) => (settlement, ", payout_utr = $7", Some(utr)),
        Change::Fail(reason) => (settlement, ", reason = $7", Some(reason)),
        Change::ComeBack(reason) => ("returned_at = $4", ", settled_by = $5, settled_by_name = $6, reason = $7", Some(reason)),
    };
    let text = format!("UPDATE withdrawal SET state = $3, {who}{what} WHERE id = $1 AND state = $2 RETURNING *");
    let values = [id.into(), from.to_value().into(), to.to_value().into(), now.into(), by.telegram_id.into(), by.name.clone().into()];
    let changed = entity::Entity::find().from_raw_sql(sql(&text, values.into_iter().chain(value.map(Into::into)))).one(tx).await;
    let changed = match changed {
        Err(error) if constraint(&error).as_deref() == Some("withdrawal_payout_utr_key") => return Err(WithdrawalError::UtrUsed),
        other => other?,
    };
    let Some(withdrawal) = changed else {
        let found = get(tx, id).await?;
        let same = found.state == to && (to != WithdrawalState::Paid || found.payout_utr.as_deref() == value);
        return if same { Ok(Applied::Already(found)) } else { Err(WithdrawalError::NotNow(Box::new(found))) };
    };
    let person = withdrawal.owner();
    purses::lock(tx, &[person]).await?;
    let owed = ledger::standing(tx, person).await?.owed;
    let (id, code, amount, tds, actor) = (withdrawal.id, withdrawal.code.as_str(), withdrawal.amount, withdrawal.tds, by.ledger_name());
    let posting = match change {
        Change::Approve | Change::Pay(_) if owed.is_positive() => return Err(WithdrawalError::Owes(owed)),
        Change::Approve | Change::Pay(_) if fraud::is_frozen(tx, person).await? => return Err(WithdrawalError::OnHold),
        Change::Approve => None,
        Change::Pay(_) => Some(withdrawal_paid(id, code, person, amount, tds, &actor)),
        Change::Reject(_) | Change::Fail(_) => Some(withdrawal_refused(id, code, person, amount, owed, &actor)),
        Change::ComeBack(_) => Some(withdrawal_returned(id, code, person, amount, tds, owed, &actor)),
    };
    if let Some(posting) = posting {
        ledger::post(tx, now, posting).await?;
    }
    let (action, became) = change.action();
    let notice = Notice::Withdrawal { withdrawal: withdrawal.id, became };
    notifications::tell(tx, now, person, &notice, Some(format!("{action}:{}", withdrawal.id))).await?;
    audit::record(tx, now, by, action, &format!("W-{}", withdrawal.code), value.unwrap_or_default()).await?;
    Ok(Applied::Now(withdrawal))
}

/// A withdrawal by its row id.
///
/// # Errors
/// The database; there is none.
pub async fn get(db: &impl ConnectionTrait, id: i64) -> Result<Withdrawal, DbErr> {
    entity::Entity::find_by_id(id).one(db).await?.ok_or_else(|| DbErr::RecordNotFound(format!("withdrawal {id}")))
}

/// Withdrawals that wait for staff, oldest first.
///
/// # Errors
/// The database.
pub async fn open(db: &impl ConnectionTrait, limit: u64) -> Result<Vec<Withdrawal>, DbErr> {
    let open = entity::Column::State.is_in([WithdrawalState::Asked, WithdrawalState::Approved]);
    entity::Entity::find().filter(open).order_by_asc(entity::Column::Id).limit(limit).all(db).await
}

/// The UPI id that a person was last paid to, or asked to be.
///
/// # Errors
/// The database.
pub async fn last_vpa(db: &impl ConnectionTrait, person: UserId) -> Result<Option<Vpa>, DbErr> {
    let last = entity::Entity::find().filter(entity::Column::UserId.eq(person.0)).order_by_desc(entity::Column::Id).one(db).await?;
    Ok(last.and_then(|w| w.vpa.parse().ok()))
}

/// What staff should know beside a withdrawal.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Background {
    /// All that the person ever earned, less what was reversed.
    pub lifetime: Rupees,
    /// All that they were paid.
    pub paid_out: Rupees,
    /// Other people who asked for a payout to the same UPI id.
    pub same_vpa: i64,
}

/// Gathers what staff should know beside a withdrawal.
///
/// # Errors
/// The database.
pub async fn background(db: &impl ConnectionTrait, withdrawal: &Withdrawal) -> Result<Background, DbErr> {
    let found = Background::find_by_statement(sql(
        "SELECT (SELECT coalesce(sum(amount - reversed), 0) FROM commission WHERE beneficiary_id = $1) AS lifetime,
                (SELECT coalesce(sum(amount), 0) FROM withdrawal WHERE user_id = $1 AND state = 'paid') AS paid_out,
                (SELECT count(DISTINCT user_id) FROM withdrawal WHERE vpa = $2 AND user_id <> $1) AS same_vpa",
        [withdrawal.user_id.into(), withdrawal.vpa.clone().into()],
    ))
    .one(db)
    .await?;
    found.ok_or_else(|| DbErr::RecordNotFound("an aggregate without a row".to_owned()))
}
