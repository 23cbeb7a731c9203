//! Who showed, on a page of the shop's own, by which device and address they come: once, before money leaves for the first time.
//!
//! Nothing of what is seen there is kept as it is: only keyed marks, which can be compared and not read, and these for a while.

mod address;
mod device;

pub use address::Address;
pub use device::{Device, NotADevice};

use crate::Core;
use crate::db::{Applied, Tx, retrying, sql};
use crate::fraud::signals::{self, Kind, SignalError};
use crate::fraud::{self, Happened};
use crate::notifications::{self, Notice};
use crate::referrals;
use crate::users::UserId;
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

/// Devices of one person that are marked, and addresses: somebody who comes by more says nothing by it, and fills no disk.
const MOST: i64 = 50;

/// When a person verified.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Verification {
    /// The first time.
    pub verified_at: DateTime<Utc>,
    /// The last time.
    pub seen_at: DateTime<Utc>,
}

/// By what a person came to the page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen {
    /// The device, under each name that was found on it.
    pub devices: Vec<Device>,
    /// The network's end of the line, where it is known.
    pub address: Option<Address>,
}

#[derive(FromQueryResult)]
struct Written {
    verified_at: DateTime<Utc>,
    seen_at: DateTime<Utc>,
    first: bool,
}

/// Notes that whoever is known to Telegram by this id verified, and by what; they are told the first time. Nothing where nobody is known by it: whoever
/// never wrote to the shop, or deleted their account, leaves no trace here.
///
/// # Errors
/// The database; the marks' key cannot be opened.
pub async fn verify(core: &Core, telegram_id: i64, seen: &Seen) -> Result<Option<Applied<Verification>>, SignalError> {
    retrying(|| async {
        let tx = core.begin().await?;
        let verified = verify_in(core, &tx, telegram_id, seen).await?;
        tx.commit().await?;
        Ok::<_, SignalError>(verified)
    })
    .await
}

async fn verify_in(core: &Core, tx: &Tx, telegram_id: i64, seen: &Seen) -> Result<Option<Applied<Verification>>, SignalError> {
    // Locked against an erasure: what it deletes must not come back behind it.
    let found = tx
        .query_one_raw(sql("SELECT id FROM users WHERE telegram_id = $1 AND erased_at IS NULL FOR SHARE", [telegram_id.into()]))
        .await?;
    let Some(row) = found else { return Ok(None) };
    let person = UserId(row.try_get("", "id")?);
    let now = core.now();
    let written = Written::find_by_statement(sql(
        "INSERT INTO verification (user_id, verified_at, seen_at) VALUES ($1, $2, $2)
         ON CONFLICT (user_id) DO UPDATE SET seen_at = greatest(verification.seen_at, excluded.seen_at)
         RETURNING verified_at, seen_at, xmax = 0 AS first",
        [person.0.into(), now.into()],
    ))
    .one(tx)
    .await?
    .ok_or(DbErr::RecordNotInserted)?;
    mark_in(core, tx, person, seen).await?;
    fraud::happened_in(tx, now, Happened::Verified, person, None).await?;
    let verification = Verification { verified_at: written.verified_at, seen_at: written.seen_at };
    if !written.first {
        return Ok(Some(Applied::Already(verification)));
    }
    referrals::verified_in(tx, now, person).await?;
    notifications::tell(tx, now, person, &Notice::Verified, Some(format!("verified:{}", person.0))).await?;
    Ok(Some(Applied::Now(verification)))
}

/// Marks what a person came by.
async fn mark_in(core: &Core, tx: &Tx, person: UserId, seen: &Seen) -> Result<(), SignalError> {
    let devices = "SELECT 1 WHERE (SELECT count(*) FROM signal WHERE user_id = $1 AND kind = 'device') < $2";
    let addresses = "SELECT 1 WHERE (SELECT count(*) FROM signal WHERE user_id = $1 AND kind IN ('ip4', 'ip6', 'weak-ip')) < $2";
    let room = async |text: &str| Ok::<_, DbErr>(tx.query_one_raw(sql(text, [person.0.into(), MOST.into()])).await?.is_some());
    for device in &seen.devices {
        if room(devices).await? {
            signals::note_in(core, tx, person, Kind::Device, device.as_str()).await?;
        }
    }
    if let Some(address) = seen.address
        && room(addresses).await?
    {
        let kind = match address {
            Address::V4(_) => Kind::Ip4,
            Address::V6(_) => Kind::Ip6,
            Address::Weak(_) => Kind::WeakIp,
        };
        signals::note_in(core, tx, person, kind, &address.canonical()).await?;
    }
    Ok(())
}

/// Forgets the marks of devices and addresses that were not seen for as long as the settings say; answers how many.
///
/// # Errors
/// The database.
pub async fn forget_old(core: &Core) -> Result<u64, DbErr> {
    let keep = core.settings().await?.fraud.keep_devices.delta();
    signals::forget_before(core, core.now() - keep).await
}

/// When a person verified, if they did.
///
/// # Errors
/// The database.
pub async fn of(db: &impl ConnectionTrait, person: UserId) -> Result<Option<Verification>, DbErr> {
    Verification::find_by_statement(sql("SELECT verified_at, seen_at FROM verification WHERE user_id = $1", [person.0.into()]))
        .one(db)
        .await
}

/// Whether a person is to verify before they withdraw: nobody was paid to them yet, and the page can be opened.
///
/// # Errors
/// The database.
pub async fn is_due(core: &Core, db: &impl ConnectionTrait, person: UserId) -> Result<bool, DbErr> {
    let settings = core.settings_store().get(db).await?;
    if !settings.fraud.verify_first_withdrawal || settings.http.public_url.get().is_none() {
        return Ok(false);
    }
    let due = "SELECT 1 WHERE NOT EXISTS (SELECT FROM verification WHERE user_id = $1)
               AND NOT EXISTS (SELECT FROM withdrawal WHERE user_id = $1 AND state IN ('paid', 'returned'))";
    Ok(db.query_one_raw(sql(due, [person.0.into()])).await?.is_some())
}
