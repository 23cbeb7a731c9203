//! Where a person is paid to: several UPI ids, and a time in which nothing is paid to a new one.

use super::WithdrawalError;
use super::vpa::Vpa;
use crate::Core;
use crate::db::{Applied, Tx, retrying, sql};
use crate::notifications::{self, Notice};
use crate::purses;
use crate::settings::Settings;
use crate::users::UserId;
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use sha2::{Digest, Sha256};

/// So many a person keeps at most.
pub const MOST: usize = 5;

/// A UPI id that a person keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The UPI id.
    pub vpa: Vpa,
    /// When it was added.
    pub added_at: DateTime<Utc>,
    /// Nothing is paid to it before that.
    pub ready_at: DateTime<Utc>,
}

impl Kept {
    /// Whether something can be paid to it.
    #[must_use]
    pub fn is_ready(&self, now: DateTime<Utc>) -> bool {
        self.ready_at <= now
    }

    /// By which a button names it, without saying it.
    #[must_use]
    pub fn mark(&self) -> u32 {
        let digest = Sha256::digest(self.vpa.as_str().as_bytes());
        u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]])
    }
}

/// Why a UPI id was not added.
#[derive(Debug, thiserror::Error)]
pub enum UpiError {
    /// There are [`MOST`] already.
    #[error("a person keeps {MOST} UPI ids")]
    TooMany,
    /// The database.
    #[error(transparent)]
    Db(#[from] DbErr),
}
crate::db::transient!(UpiError);

#[derive(FromQueryResult)]
struct Row {
    vpa: String,
    added_at: DateTime<Utc>,
}

/// A person's UPI ids, that of their last withdrawal first, then the newest.
///
/// # Errors
/// The database.
pub async fn kept(core: &Core, person: UserId) -> Result<Vec<Kept>, DbErr> {
    let wait = core.settings().await?.withdrawals.new_upi_wait.delta();
    let rows = Row::find_by_statement(sql(
        "SELECT u.vpa, u.added_at FROM upi_id u WHERE u.user_id = $1
         ORDER BY u.vpa = (SELECT w.vpa FROM withdrawal w WHERE w.user_id = $1 ORDER BY w.id DESC LIMIT 1) DESC NULLS LAST, u.added_at DESC, u.vpa",
        [person.0.into()],
    ))
    .all(core.db())
    .await?;
    let kept = rows
        .into_iter()
        .filter_map(|row| Some(Kept { vpa: row.vpa.parse().ok()?, added_at: row.added_at, ready_at: row.added_at + wait }));
    Ok(kept.collect())
}

/// Adds a UPI id. A person who had one already is told of it as of something that they should know: whoever holds their phone may have done it.
///
/// # Errors
/// They keep as many as they may.
pub async fn add(core: &Core, person: UserId, vpa: &Vpa) -> Result<Applied<()>, UpiError> {
    retrying(|| async {
        let tx = core.begin().await?;
        purses::lock(&tx, &[person]).await?;
        let added = add_in(&tx, person, vpa, core.now()).await?;
        tx.commit().await?;
        Ok(added)
    })
    .await
}

/// The person's purse is locked.
async fn add_in(tx: &Tx, person: UserId, vpa: &Vpa, now: DateTime<Utc>) -> Result<Applied<()>, UpiError> {
    let rows = Row::find_by_statement(sql("SELECT vpa, added_at FROM upi_id WHERE user_id = $1", [person.0.into()])).all(tx).await?;
    if rows.iter().any(|row| row.vpa == vpa.as_str()) {
        return Ok(Applied::Already(()));
    }
    if rows.len() >= MOST {
        return Err(UpiError::TooMany);
    }
    let text = "INSERT INTO upi_id (user_id, vpa, added_at) VALUES ($1, $2, $3)";
    tx.execute_raw(sql(text, [person.0.into(), vpa.as_str().into(), now.into()])).await?;
    let paid_before = "SELECT 1 FROM withdrawal WHERE user_id = $1 LIMIT 1";
    if !rows.is_empty() || tx.query_one_raw(sql(paid_before, [person.0.into()])).await?.is_some() {
        notifications::tell(tx, now, person, &Notice::UpiAdded { vpa: vpa.to_string() }, None).await?;
    }
    Ok(Applied::Now(()))
}

/// Takes a UPI id away; answers whether it was there. What was asked for is paid to it still.
///
/// # Errors
/// The database.
pub async fn remove(core: &Core, person: UserId, vpa: &Vpa) -> Result<bool, DbErr> {
    let text = "DELETE FROM upi_id WHERE user_id = $1 AND vpa = $2";
    Ok(core.db().execute_raw(sql(text, [person.0.into(), vpa.as_str().into()])).await?.rows_affected() > 0)
}

/// Whether something can be paid to it now. Where new ones need not wait, one that is not kept is kept from now on.
pub(super) async fn allow_in(tx: &Tx, settings: &Settings, person: UserId, vpa: &Vpa, now: DateTime<Utc>) -> Result<(), WithdrawalError> {
    let wait = settings.withdrawals.new_upi_wait;
    let text = "SELECT vpa, added_at FROM upi_id WHERE user_id = $1 AND vpa = $2 FOR SHARE";
    match Row::find_by_statement(sql(text, [person.0.into(), vpa.as_str().into()])).one(tx).await? {
        Some(row) if row.added_at + wait.delta() > now => Err(WithdrawalError::UpiIsNew(row.added_at + wait.delta())),
        Some(_) => Ok(()),
        None if !wait.is_none() => Err(WithdrawalError::UpiUnknown),
        None => match add_in(tx, person, vpa, now).await {
            // Asked for once, it need not be kept.
            Ok(_) | Err(UpiError::TooMany) => Ok(()),
            Err(UpiError::Db(error)) => Err(error.into()),
        },
    }
}
