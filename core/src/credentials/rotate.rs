//! Another key: every credential sealed anew under it, chunk by chunk; interrupted, it goes on where it was.

use super::CredentialError;
use super::vault::{NONCE, Sealed};
use crate::Core;
use crate::db::{retrying, sql};
use crate::fraud::signals;
use crate::tds::{self, PanError};
use sea_orm::{ConnectionTrait, FromQueryResult};

/// Credentials of one transaction.
const CHUNK: i64 = 500;

/// What a rotation did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rotated {
    /// Sealed anew.
    pub sealed: usize,
    /// Under the new key already.
    pub before: usize,
    /// Stored updates that wait to be handled: sealed anew, too.
    pub updates: usize,
    /// People's PANs: sealed anew, too.
    pub pans: usize,
}

/// Seals everything under the key of `MELA_CREDENTIALS__KEY` that is still under `MELA_CREDENTIALS__OLD_KEY`. `progress` hears how many are done.
///
/// # Errors
/// A key is missing; a row was changed by hand. What was done so far stands, and both keys open what they sealed.
pub async fn rotate(core: &Core, mut progress: impl FnMut(usize)) -> Result<Rotated, CredentialError> {
    #[derive(FromQueryResult)]
    struct Count {
        n: i64,
    }
    let key_id = core.vault().key_id()?.to_owned();
    let before = Count::find_by_statement(sql("SELECT count(*) AS n FROM credential WHERE key_id = $1", [key_id.clone().into()]))
        .one(core.db())
        .await?;
    let mut rotated = Rotated { before: usize::try_from(before.map_or(0, |count| count.n)).unwrap_or_default(), ..Rotated::default() };
    loop {
        let done = retrying(|| chunk(core, &key_id)).await?;
        if done == 0 {
            rotated.updates = super::updates::rotate(core).await?;
            signals::rotate(core).await?;
            rotated.pans = tds::rotate_pans(core).await.map_err(|error| match error {
                PanError::Vault(error) => CredentialError::Vault(error),
                PanError::Db(error) => CredentialError::Db(error),
            })?;
            return Ok(rotated);
        }
        rotated.sealed += done;
        progress(rotated.sealed);
    }
}

async fn chunk(core: &Core, key_id: &str) -> Result<usize, CredentialError> {
    #[derive(FromQueryResult)]
    struct Which {
        id: i64,
        plan_id: i64,
    }
    let tx = core.begin().await?;
    let rows = tx
        .query_all_raw(sql(
            "SELECT id, plan_id, key_id, nonce, sealed FROM credential WHERE key_id <> $1 ORDER BY key_id, id LIMIT $2 FOR UPDATE",
            [key_id.into(), CHUNK.into()],
        ))
        .await?;
    for row in &rows {
        let Which { id, plan_id } = Which::from_query_result(row, "")?;
        let secret = core.vault().open(id, &Sealed::from_query_result(row, "")?)?;
        let (sealed, mark) = (core.vault().seal(id, &secret, core.random_bytes::<NONCE>())?, core.vault().mark(plan_id, &secret)?);
        tx.execute_raw(sql(
            "UPDATE credential SET key_id = $2, nonce = $3, sealed = $4, mark = $5 WHERE id = $1",
            [id.into(), sealed.key_id.into(), sealed.nonce.into(), sealed.sealed.into(), mark.into()],
        ))
        .await?;
    }
    tx.commit().await?;
    Ok(rows.len())
}
