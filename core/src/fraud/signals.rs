//! What people share, as marks: keyed hashes that can be compared and not read. The key is the database's own, sealed by the vault where that has one.

use crate::Core;
use crate::credentials::{Sealed, VaultError};
use crate::db::{Tx, sql};
use crate::users::UserId;
use crate::withdrawals::vpa::Vpa;
use hmac::{Hmac, KeyInit, Mac};
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use sha2::Sha256;

/// A kind of mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Kind {
    /// The id that the verify page leaves on a device.
    #[sea_orm(string_value = "device")]
    Device,
    /// An IPv4 address.
    #[sea_orm(string_value = "ip4")]
    Ip4,
    /// An IPv6 network of 64 bits.
    #[sea_orm(string_value = "ip6")]
    Ip6,
    /// An address that many may have: private, or a phone company's.
    #[sea_orm(string_value = "weak-ip")]
    WeakIp,
    /// A UPI id that they withdraw to.
    #[sea_orm(string_value = "payee")]
    Payee,
    /// The phone number in it.
    #[sea_orm(string_value = "payee-phone")]
    PayeePhone,
    /// A UPI id that paid an order of theirs.
    #[sea_orm(string_value = "payer")]
    Payer,
    /// The phone number in it.
    #[sea_orm(string_value = "payer-phone")]
    PayerPhone,
}

impl Kind {
    /// What two kinds must share so that their marks can be compared: who pays by a UPI id may be who withdraws to it.
    fn realm(self) -> &'static str {
        match self {
            Self::Device => "device",
            Self::Ip4 => "ip4",
            Self::Ip6 => "ip6",
            Self::WeakIp => "weak-ip",
            Self::Payee | Self::Payer => "upi",
            Self::PayeePhone | Self::PayerPhone => "phone",
        }
    }
}

/// Why a mark cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum SignalError {
    /// The key of the marks is sealed under a key that is not here.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbErr),
}
crate::db::transient!(SignalError);

const TABLE: &str = "signal_key";

/// Makes marks.
pub(crate) struct Marker([u8; 32]);

impl Marker {
    /// With the database's key, made at the first need, and sealed as soon as the vault has a key.
    pub(crate) async fn of(core: &Core, db: &impl ConnectionTrait) -> Result<Self, SignalError> {
        #[derive(FromQueryResult)]
        struct Row {
            plain: Option<Vec<u8>>,
            key_id: Option<String>,
            nonce: Option<Vec<u8>>,
            sealed: Option<Vec<u8>>,
        }
        let read = || sql("SELECT plain, key_id, nonce, sealed FROM signal_key", []);
        let mut row = Row::find_by_statement(read()).one(db).await?;
        if row.is_none() {
            let fresh: [u8; 32] = core.random_bytes();
            db.execute_raw(sql("INSERT INTO signal_key (plain) VALUES ($1) ON CONFLICT (id) DO NOTHING", [fresh.to_vec().into()]))
                .await?;
            row = Row::find_by_statement(read()).one(db).await?;
        }
        let row = row.ok_or_else(|| DbErr::RecordNotFound("the key of the marks".to_owned()))?;
        let bytes = match (row.plain, row.key_id, row.nonce, row.sealed) {
            (Some(plain), ..) => {
                if core.vault().key_id().is_ok() {
                    seal(core, db, &plain).await?;
                }
                plain
            }
            (None, Some(key_id), Some(nonce), Some(sealed)) => core.vault().open_bytes(TABLE, 1, &Sealed { key_id, nonce, sealed })?,
            _ => return Err(DbErr::RecordNotFound("the key of the marks".to_owned()).into()),
        };
        bytes.try_into().map(Self).map_err(|_| VaultError::Forged(1).into())
    }

    /// The mark of a value in its canonical form.
    pub(crate) fn mark(&self, kind: Kind, value: &str) -> Vec<u8> {
        // A key shorter than a block is the same as one filled up with zeros.
        let mut block = [0; 64];
        block[..32].copy_from_slice(&self.0);
        let mut mac = Hmac::<Sha256>::new(&block.into());
        mac.update(kind.realm().as_bytes());
        mac.update(b"\0");
        mac.update(value.as_bytes());
        mac.finalize().into_bytes()[..16].to_vec()
    }

    /// What a UPI id is known by: itself, and the phone number in it.
    pub(crate) fn upi(&self, whole: Kind, phone: Kind, vpa: &Vpa) -> Vec<(Kind, Vec<u8>)> {
        let mut marks = vec![(whole, self.mark(whole, vpa.as_str()))];
        marks.extend(phone_in(vpa).map(|number| (phone, self.mark(phone, number))));
        marks
    }
}

async fn seal(core: &Core, db: &impl ConnectionTrait, plain: &[u8]) -> Result<(), SignalError> {
    let sealed = core.vault().seal_bytes(TABLE, 1, plain, core.random_bytes())?;
    db.execute_raw(sql(
        "UPDATE signal_key SET plain = NULL, key_id = $1, nonce = $2, sealed = $3",
        [sealed.key_id.into(), sealed.nonce.into(), sealed.sealed.into()],
    ))
    .await?;
    Ok(())
}

/// Seals the key of the marks under the newest key: for a rotation.
///
/// # Errors
/// The key that it is under is not here.
pub(crate) async fn rotate(core: &Core) -> Result<(), SignalError> {
    let tx = core.begin().await?;
    tx.execute_raw(sql("SELECT FROM signal_key FOR UPDATE", [])).await?;
    let marker = Marker::of(core, &tx).await?;
    seal(core, &tx, &marker.0).await?;
    tx.commit().await?;
    Ok(())
}

/// The Indian mobile number in a UPI id's name: `98…@ybl` and `98…-2@paytm` are one person's.
fn phone_in(vpa: &Vpa) -> Option<&str> {
    let name = vpa.as_str().split('@').next()?;
    let runs = name.split(|c: char| !c.is_ascii_digit());
    let numbers = runs.filter_map(|run| match run.len() {
        10 => Some(run),
        11 => run.strip_prefix('0'),
        12 => run.strip_prefix("91"),
        _ => None,
    });
    numbers.into_iter().find(|number| number.starts_with(['6', '7', '8', '9']))
}

/// Remembers what a person is known by, in the caller's transaction.
///
/// # Errors
/// The key of the marks is not here; the database.
pub async fn note_in(core: &Core, tx: &Tx, person: UserId, kind: Kind, value: &str) -> Result<(), SignalError> {
    let marker = Marker::of(core, tx).await?;
    Ok(keep(core, tx, person, &[(kind, marker.mark(kind, value))]).await?)
}

/// Remembers the UPI id that a person withdraws to.
pub(crate) async fn note_payee_in(core: &Core, tx: &Tx, person: UserId, vpa: &Vpa) -> Result<(), SignalError> {
    let marker = Marker::of(core, tx).await?;
    Ok(keep(core, tx, person, &marker.upi(Kind::Payee, Kind::PayeePhone, vpa)).await?)
}

/// Keeps marks of a person.
pub(crate) async fn keep(core: &Core, db: &impl ConnectionTrait, person: UserId, marks: &[(Kind, Vec<u8>)]) -> Result<(), DbErr> {
    for (kind, mark) in marks {
        db.execute_raw(sql(
            "INSERT INTO signal (user_id, kind, mark, first_at, last_at) VALUES ($1, $2, $3, $4, $4)
             ON CONFLICT (user_id, kind, mark) DO UPDATE SET last_at = excluded.last_at",
            [person.0.into(), (*kind).into(), mark.clone().into(), core.now().into()],
        ))
        .await?;
    }
    Ok(())
}

/// Forgets devices and addresses that were last seen before `before`; answers how many.
///
/// # Errors
/// The database.
pub async fn forget_before(core: &Core, before: chrono::DateTime<chrono::Utc>) -> Result<u64, DbErr> {
    let text = "DELETE FROM signal WHERE last_at < $1 AND kind IN ('device', 'ip4', 'ip6', 'weak-ip')";
    Ok(core.db().execute_raw(sql(text, [before.into()])).await?.rows_affected())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_number_is_found_under_any_handle() {
        let phone = |vpa: &str| phone_in(&vpa.parse().unwrap()).map(str::to_owned);
        for vpa in ["9876543210@ybl", "9876543210-2@paytm", "919876543210@okaxis", "09876543210@upi", "asha.9876543210@okicici"] {
            assert_eq!(phone(vpa).as_deref(), Some("9876543210"), "{vpa}");
        }
        for vpa in [
            "asha@ybl",
            "1234567890@ybl",
            "98765432101@ybl",
            "987654321@ybl",
            "asha99@ybl",
            "acct1234567890123@hdfc0001234.ifsc.npci",
        ] {
            assert_eq!(phone(vpa), None, "{vpa}");
        }
    }

    #[test]
    fn payer_and_payee_can_be_compared_and_other_things_cannot() {
        let marker = Marker([7; 32]);
        assert_eq!(marker.mark(Kind::Payer, "asha@ybl"), marker.mark(Kind::Payee, "asha@ybl"));
        assert_ne!(marker.mark(Kind::Payer, "9876543210"), marker.mark(Kind::PayerPhone, "9876543210"));
        assert_ne!(marker.mark(Kind::Device, "x"), Marker([8; 32]).mark(Kind::Device, "x"));
        assert_eq!(marker.mark(Kind::Device, "x").len(), 16);
    }
}
