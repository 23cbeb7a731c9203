//! Updates as they wait to be handled: staff type credentials to the bot, customers their payments' references, so they lie sealed like credentials.

use super::CredentialError;
use super::vault::{NONCE, Sealed, VaultError};
use crate::Core;
use crate::db::{retrying, sql};
use sea_orm::{ConnectionTrait, FromQueryResult};

/// The table, as what is sealed is bound to it.
const TABLE: &str = "inbox";

/// Seals what an update said.
///
/// # Errors
/// There is no key.
pub fn seal(core: &Core, update_id: i64, body: &str) -> Result<Sealed, VaultError> {
    core.vault().seal_bytes(TABLE, update_id, body.as_bytes(), core.random_bytes::<NONCE>())
}

/// Opens what an update said.
///
/// # Errors
/// The key is missing or another one; the row was changed by hand, or is another's.
pub fn open(core: &Core, update_id: i64, sealed: &Sealed) -> Result<String, VaultError> {
    String::from_utf8(core.vault().open_bytes(TABLE, update_id, sealed)?).map_err(|_| VaultError::Forged(update_id))
}

/// Updates of one transaction.
const CHUNK: i64 = 500;

/// Seals anew, under the newest key, what waits to be handled, and erases what was handled: nobody reads that again. Answers how many were sealed anew.
///
/// # Errors
/// A row was changed by hand.
pub(super) async fn rotate(core: &Core) -> Result<usize, CredentialError> {
    #[derive(FromQueryResult)]
    struct Row {
        update_id: i64,
        key_id: String,
        nonce: Vec<u8>,
        sealed: Vec<u8>,
    }
    let key_id = core.vault().key_id()?.to_owned();
    let erase = "UPDATE inbox SET body = format('{\"update_id\":%s}', update_id), key_id = NULL, nonce = NULL, sealed = NULL
                 WHERE key_id <> $1 AND done_at IS NOT NULL";
    core.db().execute_raw(sql(erase, [key_id.clone().into()])).await?;
    // Under a key that is not here nothing can be sealed anew: it waits for it.
    let Some(old) = core.vault().old_key_id().filter(|old| *old != key_id).map(str::to_owned) else {
        return Ok(0);
    };
    let mut all = 0;
    loop {
        let part = retrying(|| async {
            let tx = core.begin().await?;
            let waiting =
                "SELECT update_id, key_id, nonce, sealed FROM inbox WHERE key_id = $1 AND done_at IS NULL ORDER BY update_id LIMIT $2 FOR UPDATE";
            let rows = Row::find_by_statement(sql(waiting, [old.clone().into(), CHUNK.into()])).all(&tx).await?;
            let part = rows.len();
            for Row { update_id, key_id, nonce, sealed } in rows {
                let body = open(core, update_id, &Sealed { key_id, nonce, sealed })?;
                let anew = seal(core, update_id, &body)?;
                tx.execute_raw(sql(
                    "UPDATE inbox SET key_id = $2, nonce = $3, sealed = $4 WHERE update_id = $1",
                    [update_id.into(), anew.key_id.into(), anew.nonce.into(), anew.sealed.into()],
                ))
                .await?;
            }
            tx.commit().await?;
            Ok::<_, CredentialError>(part)
        })
        .await?;
        all += part;
        if part == 0 {
            return Ok(all);
        }
    }
}
