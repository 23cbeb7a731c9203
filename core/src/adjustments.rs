//! What staff put into a wallet, or take out of it: asked for with a reason, confirmed, and above a limit approved by somebody else.

use crate::audit::{self, Actor};
use crate::db::{Applied, Tx, retrying, sql, transient};
use crate::ledger::movements::Adjustable;
use crate::money::Rupees;
use crate::notifications::{self, Letter, Notice};
use crate::treasury::{self, ByHand, TreasuryError};
use crate::users::UserId;
use crate::{Core, ledger, purses, staff};
use chrono::{DateTime, Utc};
use sea_orm::{ActiveEnum, ConnectionTrait, DbErr, DeriveActiveEnum, EnumIter, FromQueryResult, Value};

/// Longest reason.
pub const LONGEST_REASON: usize = 300;

/// Why a wallet was not put right.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// Nothing.
    #[error("an amount is more than nothing")]
    NotAnAmount,
    /// Without a reason, or with one that is too long.
    #[error("a reason has 1 to {LONGEST_REASON} characters")]
    NotAReason,
    /// Less is to be had from the wallet.
    #[error("only {0} can be taken out of the wallet")]
    NotThere(Rupees),
    /// Whoever asked cannot approve it.
    #[error("somebody else must approve it")]
    Own,
    /// It is somebody else's to confirm.
    #[error("somebody else asked for it")]
    NotTheirs,
    /// It is decided.
    #[error("it is {:?}", .0.state)]
    NotNow(Box<Ask>),
    /// The books refused.
    #[error(transparent)]
    Treasury(TreasuryError),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbErr),
}
transient!(AskError);

impl From<TreasuryError> for AskError {
    fn from(error: TreasuryError) -> Self {
        if let TreasuryError::Db(error) = error { Self::Db(error) } else { Self::Treasury(error) }
    }
}

/// Where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum AskState {
    /// Whoever asked has not confirmed it.
    #[sea_orm(string_value = "draft")]
    Draft,
    /// Somebody else must approve it.
    #[sea_orm(string_value = "waiting")]
    Waiting,
    /// The wallet is put right.
    #[sea_orm(string_value = "done")]
    Done,
    /// It is not to be.
    #[sea_orm(string_value = "rejected")]
    Rejected,
}

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Ask {
    /// Row id.
    pub id: i64,
    /// Whose wallet.
    pub user_id: i64,
    /// How much: into it when positive.
    pub amount: Rupees,
    /// Why: the person reads it.
    pub reason: String,
    /// Who asked: Telegram's id.
    pub asked_by: i64,
    /// Their name then.
    pub asked_by_name: String,
    /// When.
    pub asked_at: DateTime<Utc>,
    /// Where it stands.
    pub state: AskState,
    /// Whether somebody else must approve it.
    pub second: bool,
    /// Who decided it: their name then.
    pub decided_by_name: Option<String>,
    /// When.
    pub decided_at: Option<DateTime<Utc>>,
}

const COLUMNS: &str = "id, user_id, amount, reason, asked_by, asked_by_name, asked_at, state, second, decided_by_name, decided_at";

impl Ask {
    fn person(&self) -> UserId {
        UserId(self.user_id)
    }
}

/// Keeps what somebody is about to do; `key` says where the command came from: the same again is the same.
///
/// # Errors
/// Nothing is asked for; no reason, or a long one; less is in the wallet than is to be taken.
pub async fn draft(core: &Core, person: UserId, amount: Rupees, reason: &str, by: &Actor, key: &str) -> Result<Ask, AskError> {
    if amount == Rupees::ZERO {
        return Err(AskError::NotAnAmount);
    }
    if !(1..=LONGEST_REASON).contains(&reason.trim().chars().count()) {
        return Err(AskError::NotAReason);
    }
    covered(core.db(), person, amount).await?;
    let second = staff::needs_second(amount, core.settings().await?.staff.second_person_above);
    core.db()
        .execute_raw(sql(
            "INSERT INTO wallet_ask (key, user_id, amount, reason, asked_by, asked_by_name, asked_at, second) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
             ON CONFLICT (key) DO NOTHING",
            [
                key.into(),
                person.0.into(),
                amount.into(),
                reason.trim().into(),
                by.telegram_id.into(),
                by.name.clone().into(),
                core.now().into(),
                second.into(),
            ],
        ))
        .await?;
    let kept = find(core.db(), "key = $1", key.into()).await?;
    Ok(kept.ok_or(DbErr::RecordNotInserted)?)
}

/// What is to be taken out must be there: in what can be spent only, what was earned is the person's.
async fn covered(db: &impl ConnectionTrait, person: UserId, amount: Rupees) -> Result<(), AskError> {
    let credit = ledger::standing(db, person).await?.credit;
    if credit + amount < Rupees::ZERO { Err(AskError::NotThere(credit)) } else { Ok(()) }
}

/// Whoever asked confirms: done at once, or put before somebody else when it is above the limit of now.
///
/// # Errors
/// Somebody else asked; it is rejected; less is in the wallet than is to be taken.
pub async fn confirm(core: &Core, id: i64, by: &Actor) -> Result<Applied<Ask>, AskError> {
    retrying(|| async {
        let tx = core.begin().await?;
        let ask = locked(&tx, id).await?;
        if ask.asked_by != by.telegram_id {
            return Err(AskError::NotTheirs);
        }
        let confirmed = match ask.state {
            AskState::Draft => {
                covered(&tx, ask.person(), ask.amount).await?;
                let second = staff::needs_second(ask.amount, core.settings_store().get(&tx).await?.staff.second_person_above);
                if second {
                    let now =
                        stepped(&tx, id, "state = 'waiting', second = true", "state = 'draft'", vec![]).await?.ok_or(DbErr::RecordNotUpdated)?;
                    audit::record(&tx, core.now(), by, "wallet.ask", &format!("user {}", ask.user_id), &format!("{}: {}", ask.amount, ask.reason))
                        .await?;
                    Applied::Now(now)
                } else {
                    Applied::Now(carry_out(core, &tx, &ask, false, by).await?)
                }
            }
            AskState::Waiting | AskState::Done => Applied::Already(ask),
            AskState::Rejected => return Err(AskError::NotNow(Box::new(ask))),
        };
        tx.commit().await?;
        Ok(confirmed)
    })
    .await
}

/// Somebody else approves it: the wallet is put right and the person is told.
///
/// # Errors
/// Whoever asked cannot; it is rejected, or not confirmed yet; less is in the wallet than is to be taken.
pub async fn approve(core: &Core, id: i64, by: &Actor) -> Result<Applied<Ask>, AskError> {
    retrying(|| async {
        let tx = core.begin().await?;
        let ask = locked(&tx, id).await?;
        let approved = match ask.state {
            AskState::Done => Applied::Already(ask),
            AskState::Waiting if ask.asked_by == by.telegram_id => return Err(AskError::Own),
            AskState::Waiting => Applied::Now(carry_out(core, &tx, &ask, true, by).await?),
            AskState::Draft | AskState::Rejected => return Err(AskError::NotNow(Box::new(ask))),
        };
        tx.commit().await?;
        Ok(approved)
    })
    .await
}

/// It is not to be: said by anybody of the staff, also by whoever asked. A draft is its maker's.
///
/// # Errors
/// It is done; it is another's draft.
pub async fn reject(core: &Core, id: i64, by: &Actor) -> Result<Applied<Ask>, AskError> {
    retrying(|| async {
        let tx = core.begin().await?;
        let ask = locked(&tx, id).await?;
        let rejected = match ask.state {
            AskState::Rejected => Applied::Already(ask),
            AskState::Done => return Err(AskError::NotNow(Box::new(ask))),
            AskState::Draft if ask.asked_by != by.telegram_id => return Err(AskError::NotTheirs),
            AskState::Draft | AskState::Waiting => {
                if ask.state == AskState::Waiting {
                    audit::record(&tx, core.now(), by, "wallet.reject", &format!("user {}", ask.user_id), &format!("{}: {}", ask.amount, ask.reason))
                        .await?;
                }
                Applied::Now(decided(core, &tx, id, AskState::Rejected, by).await?)
            }
        };
        tx.commit().await?;
        Ok(rejected)
    })
    .await
}

async fn carry_out(core: &Core, tx: &Tx, ask: &Ask, second: bool, by: &Actor) -> Result<Ask, AskError> {
    let person = ask.person();
    purses::lock(tx, &[person]).await?;
    covered(tx, person, ask.amount).await?;
    stepped(tx, ask.id, "second = $2", "true", vec![second.into()]).await?;
    let done = decided(core, tx, ask.id, AskState::Done, by).await?;
    let key = format!("ask:{}", ask.id);
    treasury::adjust_in(core, tx, &ByHand { person, account: Adjustable::Credit, amount: ask.amount, reason: &ask.reason, by, key: &key }).await?;
    let notice = Notice::Adjusted { amount: ask.amount, reason: ask.reason.clone() };
    notifications::tell_all(tx, core.now(), &[Letter { to: Some(person), notice, dedupe_key: Some(format!("adjusted:{}", ask.id)) }]).await?;
    Ok(done)
}

async fn decided(core: &Core, tx: &Tx, id: i64, state: AskState, by: &Actor) -> Result<Ask, DbErr> {
    let set = "state = $2, decided_by = $3, decided_by_name = $4, decided_at = $5";
    let values = vec![state.to_value().into(), by.telegram_id.into(), by.name.clone().into(), core.now().into()];
    stepped(tx, id, set, "state IN ('draft', 'waiting')", values).await?.ok_or(DbErr::RecordNotUpdated)
}

async fn stepped(tx: &Tx, id: i64, set: &str, among: &str, values: Vec<Value>) -> Result<Option<Ask>, DbErr> {
    let text = format!("UPDATE wallet_ask SET {set} WHERE id = $1 AND {among} RETURNING {COLUMNS}");
    Ask::find_by_statement(sql(&text, std::iter::once(id.into()).chain(values))).one(tx).await
}

async fn locked(tx: &Tx, id: i64) -> Result<Ask, DbErr> {
    find(tx, "id = $1 FOR UPDATE", id.into()).await?.ok_or_else(|| DbErr::RecordNotFound(format!("ask {id}")))
}

async fn find(db: &impl ConnectionTrait, which: &str, value: Value) -> Result<Option<Ask>, DbErr> {
    Ask::find_by_statement(sql(&format!("SELECT {COLUMNS} FROM wallet_ask WHERE {which}"), [value])).one(db).await
}

/// One by its row id.
///
/// # Errors
/// The database; there is none.
pub async fn get(db: &impl ConnectionTrait, id: i64) -> Result<Ask, DbErr> {
    find(db, "id = $1", id.into()).await?.ok_or_else(|| DbErr::RecordNotFound(format!("ask {id}")))
}

/// Those that wait for a second person, oldest first.
///
/// # Errors
/// The database.
pub async fn waiting(db: &impl ConnectionTrait, limit: u64) -> Result<Vec<Ask>, DbErr> {
    let text = format!("SELECT {COLUMNS} FROM wallet_ask WHERE state = 'waiting' ORDER BY id LIMIT $1");
    Ask::find_by_statement(sql(&text, [limit.cast_signed().into()])).all(db).await
}
