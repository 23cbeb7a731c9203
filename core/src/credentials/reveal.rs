//! What was delivered from stock is opened, for the eyes of whom it is for alone: each look is written down.

use super::vault::Sealed;
use super::{CredentialError, Secret};
use crate::Core;
use crate::code::ShortCode;
use crate::db::sql;
use crate::orders::{self, Order};
use crate::users::User;
use sea_orm::{ConnectionTrait, FromQueryResult};

/// One unit's credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revealed {
    /// The plan's title.
    pub title: String,
    /// What its holder logs in with.
    pub secret: Secret,
}

/// Credentials that are shown at once: with the longest cells they fit into a message.
const SHOWN: usize = 4;

/// A page of an order's credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// At most [`SHOWN`] of them.
    pub credentials: Vec<Revealed>,
    /// Which page comes next.
    pub next: Option<u32>,
}

/// A page of the credentials that were delivered for an order, for its holder's eyes.
///
/// # Errors
/// Nothing was delivered for it from stock, or it was given back, or is a gift that nobody opened; the key is missing or another one.
pub async fn reveal(core: &Core, order: &Order, page: u32) -> Result<Page, CredentialError> {
    reveal_some(core, order, None, page).await
}

/// The credential of one unit of an order, for its holder's eyes.
///
/// # Errors
/// As [`reveal`].
pub async fn reveal_item(core: &Core, order: &Order, n: i16) -> Result<Page, CredentialError> {
    reveal_some(core, order, Some(n), 0).await
}

async fn reveal_some(core: &Core, order: &Order, only: Option<i16>, page: u32) -> Result<Page, CredentialError> {
    #[derive(FromQueryResult)]
    struct Row {
        title: String,
        slot_id: i64,
        id: i64,
        #[sea_orm(nested)]
        sealed: Sealed,
    }
    let holder = order.holder().filter(|_| !order.is_refunded()).ok_or(CredentialError::Nothing)?;
    let mut rows = Row::find_by_statement(sql(
        "SELECT i.title, s.id AS slot_id, c.id, c.key_id, c.nonce, c.sealed
         FROM order_item i JOIN slot s ON s.id = i.slot_id JOIN credential c ON c.id = s.credential_id WHERE i.order_id = $1 AND i.n = coalesce($4, i.n) ORDER BY i.n OFFSET $2 LIMIT $3",
        [order.id.into(), (i64::from(page) * SHOWN as i64).into(), (SHOWN as i64 + 1).into(), only.into()],
    ))
    .all(core.db())
    .await?;
    if rows.is_empty() {
        return Err(CredentialError::Nothing);
    }
    let next = (rows.len() > SHOWN).then(|| page.saturating_add(1));
    rows.truncate(SHOWN);
    let slots: Vec<i64> = rows.iter().map(|row| row.slot_id).collect();
    let opened = rows.into_iter().map(|row| Ok(Revealed { title: row.title, secret: core.vault().open(row.id, &row.sealed)? }));
    let credentials = opened.collect::<Result<Vec<_>, CredentialError>>()?;
    core.db()
        .execute_raw(sql(
            "INSERT INTO reveal (slot_id, order_id, user_id, at) SELECT slot_id, $2, $3, $4 FROM unnest($1::bigint[]) AS s (slot_id)",
            [slots.into(), order.id.into(), holder.0.into(), core.now().into()],
        ))
        .await?;
    Ok(Page { credentials, next })
}

/// The same by the order's code, for whoever asks: only its holder is answered.
///
/// # Errors
/// As [`reveal`]; it is not theirs.
pub async fn reveal_to(core: &Core, person: &User, code: &ShortCode, page: u32) -> Result<(Order, Page), CredentialError> {
    let order = orders::by_code(core.db(), code)
        .await?
        .filter(|order| order.holder() == Some(person.user_id()))
        .ok_or(CredentialError::Nothing)?;
    let revealed = reveal(core, &order, page).await?;
    Ok((order, revealed))
}
