//! A person's PAN (permanent account number): asked for by the tax, sealed at rest, opened for the owner's return alone.

use crate::Core;
use crate::credentials::{Sealed, VaultError};
use crate::db::sql;
use crate::users::UserId;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use std::fmt;
use std::str::FromStr;

/// The table, as what is sealed is bound to it.
const TABLE: &str = "pan";

/// A PAN.
#[derive(Clone, PartialEq, Eq)]
pub struct Pan(String);

impl fmt::Debug for Pan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pan(…)")
    }
}

/// A text that is no PAN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no PAN")]
pub struct NotAPan;

impl FromStr for Pan {
    type Err = NotAPan;

    /// Five letters, of which the fourth says what its holder is, four digits, a letter.
    fn from_str(text: &str) -> Result<Self, NotAPan> {
        let pan: String = text.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_uppercase();
        let fits = |(n, b): (usize, u8)| match n {
            3 => b"ABCFGHJLPT".contains(&b),
            5..=8 => b.is_ascii_digit(),
            _ => b.is_ascii_uppercase(),
        };
        if pan.len() == 10 && pan.bytes().enumerate().all(fits) { Ok(Self(pan)) } else { Err(NotAPan) }
    }
}

impl Pan {
    /// The letters and digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// So much that its holder knows it again.
    #[must_use]
    pub fn masked(&self) -> String {
        format!("••••••{}", &self.0[6..])
    }
}

/// Whether a person's PAN is known.
///
/// # Errors
/// The database.
pub async fn is_kept(db: &impl ConnectionTrait, person: UserId) -> Result<bool, DbErr> {
    Ok(db.query_one_raw(sql("SELECT 1 FROM pan WHERE user_id = $1", [person.0.into()])).await?.is_some())
}

/// Why a PAN was not kept, or not opened.
#[derive(Debug, thiserror::Error)]
pub enum PanError {
    /// The key is missing or another one.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbErr),
}

/// Keeps a person's PAN, sealed, in place of another.
///
/// # Errors
/// There is no key to seal with.
pub async fn add(core: &Core, person: UserId, pan: &Pan) -> Result<(), PanError> {
    let row = core.vault().seal_bytes(TABLE, person.0, pan.0.as_bytes(), core.random_bytes())?;
    let text = "INSERT INTO pan (user_id, key_id, nonce, sealed, added_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (user_id) DO UPDATE SET key_id = excluded.key_id, nonce = excluded.nonce, sealed = excluded.sealed, added_at = excluded.added_at";
    let values = [person.0.into(), row.key_id.into(), row.nonce.into(), row.sealed.into(), core.now().into()];
    core.db().execute_raw(sql(text, values)).await?;
    Ok(())
}

/// What lies in a person's row, opened.
///
/// # Errors
/// The key is missing or another one; the row was changed by hand.
pub(super) fn of(core: &Core, person: UserId, sealed: &Sealed) -> Result<Pan, VaultError> {
    let plain = core.vault().open_bytes(TABLE, person.0, sealed)?;
    String::from_utf8(plain).ok().and_then(|text| text.parse().ok()).ok_or(VaultError::Forged(person.0))
}

/// A person's own PAN, for themselves.
///
/// # Errors
/// The key is missing or another one.
pub async fn kept(core: &Core, person: UserId) -> Result<Option<Pan>, PanError> {
    let row = Sealed::find_by_statement(sql("SELECT key_id, nonce, sealed FROM pan WHERE user_id = $1", [person.0.into()]));
    Ok(row.one(core.db()).await?.map(|sealed| of(core, person, &sealed)).transpose()?)
}

/// Seals anew, under the newest key, what is sealed under another.
pub(crate) async fn rotate(core: &Core) -> Result<usize, PanError> {
    #[derive(FromQueryResult)]
    struct Row {
        user_id: i64,
        key_id: String,
        nonce: Vec<u8>,
        sealed: Vec<u8>,
    }
    let key_id = core.vault().key_id()?.to_owned();
    let text = "SELECT user_id, key_id, nonce, sealed FROM pan WHERE key_id <> $1 ORDER BY user_id";
    let rows = Row::find_by_statement(sql(text, [key_id.into()])).all(core.db()).await?;
    let all = rows.len();
    for Row { user_id, key_id, nonce, sealed } in rows {
        let old = Sealed { key_id, nonce, sealed };
        let pan = of(core, UserId(user_id), &old)?;
        let new = core.vault().seal_bytes(TABLE, user_id, pan.0.as_bytes(), core.random_bytes())?;
        // Unless it was given anew meanwhile.
        let text = "UPDATE pan SET key_id = $2, nonce = $3, sealed = $4 WHERE user_id = $1 AND nonce = $5";
        let values = [user_id.into(), new.key_id.into(), new.nonce.into(), new.sealed.into(), old.nonce.into()];
        core.db().execute_raw(sql(text, values)).await?;
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_its_shape_and_told_by_nobody() {
        let pan: Pan = " abcpe 1234f ".parse().unwrap();
        assert_eq!((pan.as_str(), pan.masked().as_str(), format!("{pan:?}").as_str()), ("ABCPE1234F", "••••••234F", "Pan(…)"));
        for wrong in ["", "ABCPE1234", "ABCPE12345", "ABCDE1234F", "1BCPE1234F", "ABCPE1234FF", "ABCPE१२३४F", "ABCPE1234é"] {
            assert_eq!(wrong.parse::<Pan>(), Err(NotAPan), "{wrong}");
        }
    }
}
