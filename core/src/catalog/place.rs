//! The shop's order of plans: a number of each, lower first, and then the title.

use super::entity::shop_order;
use super::staff::lock_in;
use super::{CatalogError, get};
use crate::Core;
use crate::audit::{self, Actor};
use crate::db::{Applied, retrying, sql};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

/// Where a plan stands among all, for sale or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromQueryResult)]
pub struct Place {
    /// From 1.
    pub place: i64,
    /// How many plans there are.
    pub of: i64,
}

/// Where a plan stands.
///
/// # Errors
/// The database.
pub async fn place_of(db: &impl ConnectionTrait, id: i64) -> Result<Option<Place>, DbErr> {
    Place::find_by_statement(sql(
        concat!(
            "SELECT place, \"of\" FROM (SELECT id, row_number() OVER (ORDER BY ",
            shop_order!(),
            ") AS place, count(*) OVER () AS \"of\" FROM plan) p WHERE id = $1"
        ),
        [id.into()],
    ))
    .one(db)
    .await
}

/// Puts a plan at a place from 1; beyond the last is the last. The place is named, not the way there: doing it twice is doing it once.
///
/// # Errors
/// There is no such plan.
pub async fn place(core: &Core, by: &Actor, id: i64, to: i64) -> Result<Applied<Place>, CatalogError> {
    #[derive(FromQueryResult)]
    struct Id {
        id: i64,
    }
    retrying(|| async {
        let tx = core.begin().await?;
        lock_in(&tx).await?;
        let plan = get(&tx, id).await?.ok_or(CatalogError::NotFound)?;
        let all = Id::find_by_statement(sql(concat!("SELECT id FROM plan ORDER BY ", shop_order!()), []));
        let mut ids: Vec<i64> = all.all(&tx).await?.into_iter().map(|row| row.id).collect();
        let from = ids.iter().position(|other| *other == id).ok_or(CatalogError::NotFound)?;
        let to = usize::try_from(to.max(1)).unwrap_or(usize::MAX).min(ids.len()) - 1;
        let of = i64::try_from(ids.len()).unwrap_or(i64::MAX);
        let now = Place { place: i64::try_from(to).unwrap_or(i64::MAX).saturating_add(1), of };
        if from == to {
            return Ok(Applied::Already(now));
        }
        let moved = ids.remove(from);
        ids.insert(to, moved);
        tx.execute_raw(sql(
            "UPDATE plan SET position = o.position FROM unnest($1::bigint[]) WITH ORDINALITY AS o (id, position)
             WHERE plan.id = o.id AND plan.position <> o.position",
            [ids.into()],
        ))
        .await?;
        audit::record(&tx, core.now(), by, "product.move", &plan.code, &format!("place {} → {}", from + 1, to + 1)).await?;
        tx.commit().await?;
        Ok(Applied::Now(now))
    })
    .await
}
