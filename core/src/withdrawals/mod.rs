//! Withdrawals: asked (and set aside at that moment), approved, paid; or rejected, or failed, and given back.

pub mod answer;
pub mod batch;
mod draft;
mod entity;
mod error;
mod four_eyes;
mod limits;
mod look;
pub mod upi;
pub mod vpa;

pub use draft::{Drafted, draft, drafted};
pub(crate) use entity::Entity;
pub use entity::{Model as Withdrawal, WithdrawalState};
pub use error::WithdrawalError;
pub use limits::{Limit, Room, room};
pub use look::{Background, background, get, last_vpa, named, open};

use crate::audit::{self, Actor};
use crate::commissions;
use crate::db::{Applied, Tx, constraint, retrying, sql};
use crate::fraud::{self, Happened, signals};
use crate::gateways::transfer;
use crate::ledger::movements::{withdrawal_asked, withdrawal_paid, withdrawal_refused, withdrawal_returned};
use crate::ledger::{self, Standing};
use crate::money::Rupees;
use crate::notifications::{self, Card, Notice, WithdrawalNews};
use crate::users::{User, UserId};
use crate::{Core, purses, tds, verification};
use sea_orm::{ActiveEnum, ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder};
use vpa::Vpa;

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

/// Asks for a payout: the amount leaves `earned` in this moment. `key` is the draft's: confirming it twice is asking once.
///
/// # Errors
/// Below the minimum; more than can be withdrawn; who withdraws for the first time has not verified.
pub async fn ask(core: &Core, person: &User, vpa: &Vpa, amount: Rupees, key: &str) -> Result<Applied<Withdrawal>, WithdrawalError> {
    asking(core, person, vpa, amount, key, None).await
}

/// The same of somebody who was shown that so much tax is withheld: when it is another by now, nothing is asked for.
///
/// # Errors
/// As [`ask`]; another tax.
pub async fn ask_as_shown(core: &Core, person: &User, drafted: &Drafted, key: &str) -> Result<Applied<Withdrawal>, WithdrawalError> {
    asking(core, person, &drafted.vpa, drafted.amount, key, Some(drafted.tds)).await
}

async fn asking(
    core: &Core,
    person: &User,
    vpa: &Vpa,
    amount: Rupees,
    key: &str,
    shown: Option<Rupees>,
) -> Result<Applied<Withdrawal>, WithdrawalError> {
    let asked = retrying(|| async {
        let tx = core.begin().await?;
        let asked = ask_in(core, &tx, person, vpa, amount, key, shown).await?;
        tx.commit().await?;
        Ok::<_, WithdrawalError>(asked)
    })
    .await?;
    // Where it is to go may be the last thing that was to be known.
    fraud::heed(core, person.user_id()).await;
    Ok(asked)
}

async fn ask_in(
    core: &Core,
    tx: &Tx,
    person: &User,
    vpa: &Vpa,
    amount: Rupees,
    key: &str,
    shown: Option<Rupees>,
) -> Result<Applied<Withdrawal>, WithdrawalError> {
    if let Some(asked) = by_key(tx, person, key).await? {
        return Ok(Applied::Already(asked));
    }
    let settings = core.settings_store().get(tx).await?;
    let minimum = settings.withdrawals.minimum;
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
    // Their purse is locked: no other withdrawal of theirs is asked for in this moment.
    let now = core.now();
    upi::allow_in(tx, &settings, person.user_id(), vpa, now).await?;
    limits::allow_in(tx, &settings, person.user_id(), amount, now).await?;
    let available = ledger::standing(tx, person.user_id()).await?.earned;
    if amount > available {
        return Err(WithdrawalError::MoreThanAvailable(available));
    }
    let tax = tds::due(tx, &settings, person.user_id(), amount, now).await?;
    if shown.is_some_and(|shown| shown != tax.amount()) {
        return Err(WithdrawalError::AnotherTax(tax.amount()));
    }
    let withdrawal = entity::Entity::find()
        .from_raw_sql(sql(
            "INSERT INTO withdrawal (code, user_id, vpa, amount, key, asked_at, tds) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING *",
            [
                core.short_code().into(),
                person.id.into(),
                vpa.as_str().into(),
                amount.into(),
                key.into(),
                now.into(),
                tax.amount().into(),
            ],
        ))
        .one(tx)
        .await?
        .ok_or(DbErr::RecordNotInserted)?;
    tax.write_in(tx, withdrawal.id).await?;
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

/// Approves a withdrawal: to be paid. Above a limit it stays asked for until somebody else has approved it, too.
///
/// # Errors
/// It was decided otherwise before; the person owes the shop; whoever approved it first cannot be the second.
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
    let utr = utr_of(utr).ok_or(WithdrawalError::NotAUtr)?;
    change(core, id, Change::Pay(&utr), by).await
}

/// The bank's reference of a payout, as it is kept; nothing when it is none.
pub(crate) fn utr_of(text: &str) -> Option<String> {
    let utr: String = text.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_uppercase();
    let shape = (10..=35).contains(&utr.len()) && utr.bytes().all(|b| b.is_ascii_alphanumeric()) && utr.bytes().any(|b| b.is_ascii_digit());
    shape.then_some(utr)
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

/// Whether an approved withdrawal may be given to a gateway: as far as its owner goes, who is locked from here on.
pub(crate) async fn may_leave_in(tx: &Tx, withdrawal: &Withdrawal) -> Result<(), WithdrawalError> {
    purses::lock(tx, &[withdrawal.owner()]).await?;
    let owed = ledger::standing(tx, withdrawal.owner()).await?.owed;
    if owed.is_positive() {
        return Err(WithdrawalError::Owes(owed));
    }
    if fraud::is_frozen(tx, withdrawal.owner()).await? { Err(WithdrawalError::OnHold) } else { Ok(()) }
}

/// What can be done to a withdrawal.
#[derive(Clone, Copy)]
pub(crate) enum Change<'a> {
    Approve,
    Reject(&'a str),
    Pay(&'a str),
    /// As the bank or a gateway tells it of what it was given: the money has left, whatever the shop thinks of the person by now.
    Left(&'a str),
    Fail(&'a str),
    /// As a gateway tells it of what it was given.
    Bounce(&'a str),
    ComeBack(&'a str),
}

impl Change<'_> {
    fn states(self) -> (WithdrawalState, WithdrawalState) {
        use WithdrawalState::{Approved, Asked, Failed, Paid, Rejected, Returned};
        match self {
            Self::Approve => (Asked, Approved),
            Self::Reject(_) => (Asked, Rejected),
            Self::Pay(_) | Self::Left(_) => (Approved, Paid),
            Self::Fail(_) | Self::Bounce(_) => (Approved, Failed),
            Self::ComeBack(_) => (Paid, Returned),
        }
    }

    /// Whether somebody says so by hand: not while a gateway pays it.
    fn is_by_hand(self) -> bool {
        matches!(self, Self::Pay(_) | Self::Fail(_))
    }

    fn action(self) -> (&'static str, WithdrawalNews) {
        match self {
            Self::Approve => ("withdrawal.approve", WithdrawalNews::Approved),
            Self::Reject(_) => ("withdrawal.reject", WithdrawalNews::Rejected),
            Self::Pay(_) | Self::Left(_) => ("withdrawal.pay", WithdrawalNews::Paid),
            Self::Fail(_) | Self::Bounce(_) => ("withdrawal.fail", WithdrawalNews::Failed),
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
        // What a gateway is paying has left, as far as anybody knows.
        if transfer::is_under_way(tx, withdrawal.id).await? {
            continue;
        }
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

pub(crate) async fn change_in(core: &Core, tx: &Tx, id: i64, change: Change<'_>, by: &Actor) -> Result<Applied<Withdrawal>, WithdrawalError> {
    let (from, to) = change.states();
    let now = core.now();
    if let Change::Approve = change
        && let Some(first) = four_eyes::first_in(core, tx, id, by).await?
    {
        return Ok(first);
    }
    let decision = "decided_at = $4, decided_by = $5, decided_by_name = $6";
    let settlement = "settled_at = $4, settled_by = $5, settled_by_name = $6";
    let (who, what, value) = match change {
        Change::Approve => (decision, "", None),
        Change::Reject(reason) => (decision, ", reason = $7", Some(reason)),
        Change::Pay(utr) | Change::Left(utr) => (settlement, ", payout_utr = $7", Some(utr)),
        Change::Fail(reason) | Change::Bounce(reason) => (settlement, ", reason = $7", Some(reason)),
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
    if change.is_by_hand() && transfer::is_under_way(tx, id).await? {
        return Err(WithdrawalError::BeingPaid);
    }
    let person = withdrawal.owner();
    purses::lock(tx, &[person]).await?;
    let owed = ledger::standing(tx, person).await?.owed;
    let (id, code, amount, tds, actor) = (withdrawal.id, withdrawal.code.as_str(), withdrawal.amount, withdrawal.tds, by.ledger_name());
    let posting = match change {
        Change::Approve | Change::Pay(_) if owed.is_positive() => return Err(WithdrawalError::Owes(owed)),
        Change::Approve | Change::Pay(_) if fraud::is_frozen(tx, person).await? => return Err(WithdrawalError::OnHold),
        Change::Approve => None,
        Change::Pay(_) | Change::Left(_) => Some(withdrawal_paid(id, code, person, amount, tds, &actor)),
        Change::Reject(_) | Change::Fail(_) | Change::Bounce(_) => Some(withdrawal_refused(id, code, person, amount, owed, &actor)),
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
