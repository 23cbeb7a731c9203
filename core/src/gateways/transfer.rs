//! Withdrawals that are sent through a gateway. Written down before the gateway is asked, and asked for under one key with one body however often: a crash,
//! a lost answer and a second press pay nothing twice. While it is under way nobody can say by hand what became of it.

use super::{GatewayError, Sent, Transfer, Trouble, Went, Which, heard};
use crate::Core;
use crate::audit::{self, Actor};
use crate::db::{Applied, Tx, retrying, sql};
use crate::money::Rupees;
use crate::notifications::{self, Card, Notice};
use crate::settings::Settings;
use crate::withdrawals::{self, Change, Withdrawal, WithdrawalError, WithdrawalState, batch, change_in};
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ActiveEnum, ConnectionTrait, DbErr, EntityTrait, FromQueryResult};
use std::collections::HashSet;

/// A withdrawal on its way through a gateway.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Row {
    /// Row id.
    pub id: i64,
    /// The withdrawal.
    pub withdrawal_id: i64,
    /// Which gateway.
    pub gateway: Which,
    /// The key under which it is sent, and our name of it there.
    pub key: String,
    /// What is sent.
    pub amount: Rupees,
    /// To whom, by the name of then.
    pub payee: String,
    /// `to_send`, `sent`, `paid`, `failed`, or `refused`: the gateway took no such order.
    pub state: String,
    /// As the gateway words it.
    pub status: Option<String>,
    /// The gateway's name of it.
    pub gateway_id: Option<String>,
    /// Why it did not work last.
    pub error: Option<String>,
    /// How often it was asked for, or about.
    pub tries: i32,
    /// When it was asked for.
    pub made_at: DateTime<Utc>,
    /// By whom.
    pub made_by_name: String,
}

const COLUMNS: &str = "id, withdrawal_id, gateway, key, amount, payee, state, status, gateway_id, error, tries, made_at, made_by_name";

/// Whoever is asked and answers this late may still do it: no sooner is the same asked for again.
const AGAIN: TimeDelta = TimeDelta::seconds(30);
/// So long after it was first asked for, a gateway that says no and knows of nothing under that name will do nothing any more.
const SURE: TimeDelta = TimeDelta::minutes(15);
/// After so long a person is told that it does not go.
const STUCK: TimeDelta = TimeDelta::hours(24);
/// Rows of one sweep.
const MOST: usize = 100;

impl Row {
    /// Whether nobody knows yet what becomes of it.
    #[must_use]
    pub fn is_under_way(&self) -> bool {
        matches!(self.state.as_str(), "to_send" | "sent")
    }
}

/// Why a withdrawal is not sent through a gateway.
#[derive(Debug, thiserror::Error)]
pub enum TransferError {
    /// No gateway that pays out is set up.
    #[error("no gateway pays out")]
    Off,
    /// It is in a file that the bank was given.
    #[error("the bank was given a file with it")]
    InAFile,
    /// The withdrawal says no.
    #[error(transparent)]
    Withdrawal(Box<WithdrawalError>),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbErr),
}
crate::db::transient!(TransferError);

impl From<WithdrawalError> for TransferError {
    fn from(error: WithdrawalError) -> Self {
        if let WithdrawalError::Db(error) = error {
            Self::Db(error)
        } else {
            Self::Withdrawal(Box::new(error))
        }
    }
}

impl From<WithdrawalError> for GatewayError {
    fn from(error: WithdrawalError) -> Self {
        match error {
            WithdrawalError::Db(error) => Self::Db(error),
            WithdrawalError::Ledger(error) => Self::Ledger(error),
            other => Self::Another(other.to_string()),
        }
    }
}

/// The gateway through which withdrawals are paid, when its keys are set.
#[must_use]
pub fn pays_out(core: &Core) -> Option<Which> {
    let layers = core.settings_store().layers();
    let set = ["key_id", "key_secret", "account_number"].iter().all(|key| layers.secret(&format!("razorpayx.{key}")).is_some());
    set.then_some(Which::Razorpay)
}

async fn find(db: &impl ConnectionTrait, which: &str, values: impl IntoIterator<Item = sea_orm::Value>) -> Result<Option<Row>, DbErr> {
    Row::find_by_statement(sql(&format!("SELECT {COLUMNS} FROM gateway_transfer WHERE {which} ORDER BY id DESC LIMIT 1"), values))
        .one(db)
        .await
}

/// The last of a withdrawal.
///
/// # Errors
/// The database.
pub async fn of(db: &impl ConnectionTrait, withdrawal: i64) -> Result<Option<Row>, DbErr> {
    find(db, "withdrawal_id = $1", [withdrawal.into()]).await
}

/// Whether a withdrawal is on its way through a gateway.
pub(crate) async fn is_under_way(db: &impl ConnectionTrait, withdrawal: i64) -> Result<bool, DbErr> {
    let text = "SELECT 1 FROM gateway_transfer WHERE withdrawal_id = $1 AND state IN ('to_send', 'sent')";
    Ok(db.query_one_raw(sql(text, [withdrawal.into()])).await?.is_some())
}

/// Those of these withdrawals that are on their way through a gateway.
pub(crate) async fn under_way(db: &impl ConnectionTrait, withdrawals: &[i64]) -> Result<HashSet<i64>, DbErr> {
    #[derive(FromQueryResult)]
    struct Id {
        withdrawal_id: i64,
    }
    let text = "SELECT withdrawal_id FROM gateway_transfer WHERE withdrawal_id = ANY ($1) AND state IN ('to_send', 'sent')";
    let found = Id::find_by_statement(sql(text, [withdrawals.to_vec().into()])).all(db).await?;
    Ok(found.into_iter().map(|row| row.withdrawal_id).collect())
}

async fn locked(tx: &Tx, id: i64) -> Result<Withdrawal, DbErr> {
    let text = "SELECT * FROM withdrawal WHERE id = $1 FOR UPDATE";
    let found = withdrawals::Entity::find().from_raw_sql(sql(text, [id.into()])).one(tx).await?;
    found.ok_or_else(|| DbErr::RecordNotFound(format!("withdrawal {id}")))
}

/// Has an approved withdrawal sent through the gateway: written down, to be sent by [`send`] or the job. Pressed twice it is one.
///
/// # Errors
/// No gateway pays out; it is not approved; its owner owes the shop; the bank was given a file with it.
pub async fn begin(core: &Core, withdrawal: i64, by: &Actor) -> Result<Applied<Row>, TransferError> {
    let which = pays_out(core).ok_or(TransferError::Off)?;
    retrying(|| async {
        let tx = core.begin().await?;
        let row = begin_in(core, &tx, which, withdrawal, by).await?;
        tx.commit().await?;
        Ok(row)
    })
    .await
}

async fn begin_in(core: &Core, tx: &Tx, which: Which, id: i64, by: &Actor) -> Result<Applied<Row>, TransferError> {
    let withdrawal = locked(tx, id).await?;
    if let Some(row) = find(tx, "withdrawal_id = $1 AND state <> 'refused'", [id.into()]).await? {
        return Ok(Applied::Already(row));
    }
    if withdrawal.state != WithdrawalState::Approved {
        return Err(WithdrawalError::NotNow(Box::new(withdrawal)).into());
    }
    if withdrawal.batch_id.is_some() {
        return Err(TransferError::InAFile);
    }
    withdrawals::may_leave_in(tx, &withdrawal).await?;
    let text = format!(
        "INSERT INTO gateway_transfer (withdrawal_id, gateway, key, amount, payee, next_try_at, made_at, made_by, made_by_name)
         SELECT $1, $2, 'W-' || $3 || coalesce('-' || (SELECT nullif(count(*), 0) + 1 FROM gateway_transfer WHERE withdrawal_id = $1)::text, ''), $4,
                u.name, $6, $6, $7, $8 FROM users u WHERE u.id = $5 RETURNING {COLUMNS}"
    );
    let values = [
        id.into(),
        which.to_value().into(),
        withdrawal.code.to_string().into(),
        withdrawal.net().into(),
        withdrawal.user_id.into(),
        core.now().into(),
        by.telegram_id.into(),
        by.name.clone().into(),
    ];
    let row = Row::find_by_statement(sql(&text, values)).one(tx).await?.ok_or(DbErr::RecordNotInserted)?;
    audit::record(tx, core.now(), by, "withdrawal.send", &format!("W-{}", withdrawal.code), which.name()).await?;
    Ok(Applied::Now(row))
}

/// Asks the gateway for one that is due, now; what it answers is written down. Nothing is asked that somebody else is asking for.
///
/// # Errors
/// The database; a gateway that is away is none.
pub async fn send(core: &Core, id: i64) -> Result<(), GatewayError> {
    let settings = core.settings().await?;
    match claim(core, &settings, "id = $3", Some(id)).await? {
        Some(row) => ask(core, &settings, &row).await,
        None => Ok(()),
    }
}

/// Sends, or asks about, all that is due; answers how many there were.
pub(super) async fn sweep(core: &Core, settings: &Settings) -> Result<usize, GatewayError> {
    if pays_out(core).is_none() {
        return Ok(0);
    }
    for done in 0..MOST {
        let Some(row) = claim(core, settings, "true", None).await? else {
            return Ok(done);
        };
        ask(core, settings, &row).await?;
    }
    Ok(MOST)
}

/// The next that is due, put off so that nobody else takes it before an answer can have come.
async fn claim(core: &Core, settings: &Settings, which: &str, id: Option<i64>) -> Result<Option<Row>, DbErr> {
    let every = settings.gateways.poll_every.delta().max(AGAIN);
    let text = format!(
        "UPDATE gateway_transfer SET tries = tries + 1, next_try_at = $1 + least($2 * power(2, least(tries, 12)), 3600) * interval '1 second'
         WHERE id = (SELECT id FROM gateway_transfer WHERE state IN ('to_send', 'sent') AND next_try_at <= $1 AND {which}
                     ORDER BY next_try_at, id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING {COLUMNS}"
    );
    let values = [core.now().into(), every.num_seconds().into()].into_iter().chain(id.map(Into::into));
    Row::find_by_statement(sql(&text, values)).one(core.db()).await
}

async fn ask(core: &Core, settings: &Settings, row: &Row) -> Result<(), GatewayError> {
    let gateway = heard(core.settings_store().layers(), settings, row.gateway);
    let withdrawal = withdrawals::get(core.db(), row.withdrawal_id).await?;
    let order = Transfer {
        key: row.key.clone(),
        amount: row.amount,
        vpa: withdrawal.vpa.clone(),
        payee: row.payee.clone(),
        payee_id: format!("user-{}", withdrawal.user_id),
        note: batch::note("", withdrawal.code.as_str()),
        again: row.tries > 1,
    };
    let answer = match &row.gateway_id {
        Some(id) => gateway.transferred(id).await,
        None => gateway.transfer(&order).await,
    };
    let trouble = match answer {
        Ok(sent) => return told(core, row.gateway, &sent).await,
        Err(trouble) => trouble,
    };
    let why = trouble.to_string();
    let text = "UPDATE gateway_transfer SET error = $2 WHERE id = $1 AND state IN ('to_send', 'sent')";
    core.db().execute_raw(sql(text, [row.id.into(), why.clone().into()])).await?;
    let sure = row.gateway_id.is_none() && (row.tries == 1 || core.now() - row.made_at > SURE);
    if matches!(trouble, Trouble::Refused(_)) && sure {
        return refused(core, row, &why).await;
    }
    tracing::warn!(gateway = row.gateway.name(), transfer = row.id, "a withdrawal could not be sent, or asked about; it is tried again");
    if matches!(trouble, Trouble::Unsure(_)) || core.now() - row.made_at > STUCK {
        let text = format!(
            "W-{} is on its way through RazorpayX for long ({why}). It is asked about on and on; look in its dashboard whether it was paid.",
            withdrawal.code
        );
        let key = format!("transfer:{}:stuck:{}", row.id, core.now().date_naive());
        notifications::alert(core, &Notice::Alarm { text }, Some(key)).await?;
    }
    Ok(())
}

/// The gateway took no such order: it is approved as before, to be paid otherwise, or sent again under another key.
async fn refused(core: &Core, row: &Row, why: &str) -> Result<(), GatewayError> {
    retrying(|| async {
        let tx = core.begin().await?;
        locked(&tx, row.withdrawal_id).await?;
        let text =
            "UPDATE gateway_transfer SET state = 'refused', error = $2, settled_at = $3 WHERE id = $1 AND state = 'to_send' AND gateway_id IS NULL";
        if tx.execute_raw(sql(text, [row.id.into(), why.into(), core.now().into()])).await?.rows_affected() > 0 {
            redraw(core, &tx, row, "refused").await?;
        }
        tx.commit().await?;
        Ok(())
    })
    .await
}

async fn redraw(core: &Core, tx: &Tx, row: &Row, state: &str) -> Result<(), DbErr> {
    let notice = Notice::CardChanged { card: Card::Withdrawal, id: row.withdrawal_id };
    notifications::tell_staff(tx, core.now(), &notice, Some(format!("transfer:{}:{state}", row.id))).await
}

async fn told(core: &Core, which: Which, sent: &Sent) -> Result<(), GatewayError> {
    retrying(|| async {
        let tx = core.begin().await?;
        told_in(core, &tx, which, sent).await?;
        tx.commit().await?;
        Ok(())
    })
    .await
}

/// What a gateway tells of one, whoever asked. Of one that is not ours there is nothing to be done.
pub(super) async fn told_in(core: &Core, tx: &Tx, which: Which, sent: &Sent) -> Result<(), GatewayError> {
    let ours = "gateway = $1 AND (gateway_id = $2 OR gateway_id IS NULL AND key = $3)";
    let values = || [which.to_value().into(), sent.id.clone().into(), sent.key.clone().into()];
    let Some(row) = find(tx, ours, values()).await? else { return Ok(()) };
    let withdrawal = locked(tx, row.withdrawal_id).await?;
    // What was committed while the lock was waited for.
    let row = find(tx, "id = $1", [row.id.into()]).await?.unwrap_or(row);
    let by = Actor::program("RazorpayX");
    match (&sent.went, row.state.as_str()) {
        (Went::OnItsWay, "to_send" | "sent") => {
            // Heard of at last, it is asked about sooner again.
            let text = "UPDATE gateway_transfer SET state = 'sent', gateway_id = $2, status = $3, error = NULL, tries = CASE state WHEN 'to_send' THEN 1 ELSE tries END
                 WHERE id = $1 AND (state, coalesce(status, '')) IS DISTINCT FROM ('sent', $3)";
            let changed = tx.execute_raw(sql(text, [row.id.into(), sent.id.clone().into(), sent.status.clone().into()])).await?;
            if changed.rows_affected() > 0 {
                redraw(core, tx, &row, &sent.status).await?;
            }
        }
        (Went::Paid(utr), "to_send" | "sent" | "refused") => {
            let Some(utr) = withdrawals::utr_of(utr) else {
                // Paid, and its reference comes later: it is asked for again.
                let text = "UPDATE gateway_transfer SET state = 'sent', gateway_id = $2, status = $3 WHERE id = $1 AND state IN ('to_send', 'sent')";
                tx.execute_raw(sql(text, [row.id.into(), sent.id.clone().into(), sent.status.clone().into()])).await?;
                return Ok(());
            };
            if withdrawal.state != WithdrawalState::Approved {
                return contradicted(core, tx, &row, &withdrawal, &sent.status).await;
            }
            match taken(tx, &utr, withdrawal.id).await? {
                true => return contradicted(core, tx, &row, &withdrawal, &format!("{} with the UTR of another withdrawal", sent.status)).await,
                false => change_in(core, tx, withdrawal.id, Change::Left(&utr), &by).await?,
            };
            over(core, tx, &row, "paid", sent, None).await?;
        }
        (Went::Back(reason) | Went::Failed(reason), "to_send" | "sent") => {
            if withdrawal.state != WithdrawalState::Approved {
                return contradicted(core, tx, &row, &withdrawal, &sent.status).await;
            }
            change_in(core, tx, withdrawal.id, Change::Bounce(reason), &by).await?;
            over(core, tx, &row, "failed", sent, Some(reason)).await?;
        }
        (Went::Back(reason), "paid") => {
            change_in(core, tx, withdrawal.id, Change::ComeBack(reason), &by).await?;
            over(core, tx, &row, "failed", sent, Some(reason)).await?;
        }
        (Went::Paid(_), "failed") | (Went::Failed(_), "paid") => {
            contradicted(core, tx, &row, &withdrawal, &sent.status).await?;
        }
        // Told before, or an older state that comes late.
        _ => {}
    }
    Ok(())
}

/// Whether a reference is another withdrawal's: asked first, because a refused statement would end the transaction.
async fn taken(tx: &Tx, utr: &str, withdrawal: i64) -> Result<bool, DbErr> {
    let text = "SELECT 1 FROM withdrawal WHERE payout_utr = $1 AND id <> $2";
    Ok(tx.query_one_raw(sql(text, [utr.into(), withdrawal.into()])).await?.is_some())
}

async fn over(core: &Core, tx: &Tx, row: &Row, state: &str, sent: &Sent, why: Option<&str>) -> Result<(), DbErr> {
    let text = "UPDATE gateway_transfer SET state = $2, gateway_id = $3, status = $4, error = $5, settled_at = $6 WHERE id = $1";
    let values = [
        row.id.into(),
        state.into(),
        sent.id.clone().into(),
        sent.status.clone().into(),
        why.map(str::to_owned).into(),
        core.now().into(),
    ];
    tx.execute_raw(sql(text, values)).await?;
    redraw(core, tx, row, &sent.status).await
}

/// The gateway tells another end than the shop knows: a person must look.
async fn contradicted(core: &Core, tx: &Tx, row: &Row, withdrawal: &Withdrawal, status: &str) -> Result<(), GatewayError> {
    let text = format!(
        "RazorpayX says that W-{} is {status}; here it is {:?}. Nothing was changed by that: look in its dashboard.",
        withdrawal.code, withdrawal.state
    );
    let key = format!("transfer:{}:{status}", row.id);
    notifications::tell_staff(tx, core.now(), &Notice::Alarm { text }, Some(key)).await?;
    Ok(())
}
