//! A plan's picture: a photo that staff sent, known by Telegram's ids of it.

use super::staff::lock_in;
use super::{CatalogError, Plan, entity, get};
use crate::Core;
use crate::audit::{self, Actor};
use crate::db::{Applied, retrying, sql};
use crate::notifications::{self, Notice};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter};

/// A photo that Telegram has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// With which this bot sends it.
    pub file_id: String,
    /// With which it is recognised.
    pub unique_id: String,
}

/// Gives a plan a picture in place of the one it has, or takes it away.
///
/// # Errors
/// There is no such plan.
pub async fn set_picture(core: &Core, by: &Actor, id: i64, picture: Option<&Picture>) -> Result<Applied<Plan>, CatalogError> {
    retrying(|| async {
        let tx = core.begin().await?;
        lock_in(&tx).await?;
        let plan = get(&tx, id).await?.ok_or(CatalogError::NotFound)?;
        let file_id = picture.map(|picture| picture.file_id.clone());
        if plan.picture == file_id {
            return Ok(Applied::Already(plan));
        }
        let unique_id = picture.map(|picture| picture.unique_id.clone());
        let plan = entity::Entity::find()
            .from_raw_sql(sql(
                "UPDATE plan SET picture = $2, picture_unique = $3 WHERE id = $1 RETURNING *",
                [id.into(), file_id.into(), unique_id.into()],
            ))
            .one(&tx)
            .await?
            .ok_or(CatalogError::NotFound)?;
        let detail = if picture.is_some() { "set" } else { "removed" };
        audit::record(&tx, core.now(), by, "product.picture", &plan.code, detail).await?;
        tx.commit().await?;
        Ok(Applied::Now(plan))
    })
    .await
}

/// Tells staff of each plan whose picture Telegram does not give to this bot any more: once for each picture.
///
/// # Errors
/// The database.
pub async fn picture_lost(core: &Core, file_id: &str) -> Result<(), DbErr> {
    for plan in entity::Entity::find().filter(entity::Column::Picture.eq(file_id)).all(core.db()).await? {
        let key = format!("picture-lost:{}:{file_id}", plan.id);
        notifications::alert(core, &Notice::PictureLost { plan: plan.id }, Some(key)).await?;
    }
    Ok(())
}
