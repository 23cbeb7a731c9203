//! What can be bought.

mod entity;

pub use entity::{Delivery, Model as Plan};

use crate::db::{Tx, sql};
use crate::settings::Settings;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder};

/// Plans for sale, in the shop's order.
///
/// # Errors
/// The database.
pub async fn for_sale(db: &impl ConnectionTrait) -> Result<Vec<Plan>, DbErr> {
    entity::Entity::find()
        .filter(entity::Column::Active.eq(true))
        .order_by_asc(entity::Column::Position)
        .order_by_asc(entity::Column::Id)
        .all(db)
        .await
}

/// A plan for sale by its code.
///
/// # Errors
/// The database.
pub async fn by_code(db: &impl ConnectionTrait, code: &str) -> Result<Option<Plan>, DbErr> {
    entity::Entity::find().filter(entity::Column::Code.eq(code)).filter(entity::Column::Active.eq(true)).one(db).await
}

/// Plans for staff, for sale or not.
///
/// # Errors
/// The database.
pub async fn list(db: &impl ConnectionTrait, skip: u64, limit: u64) -> Result<Vec<Plan>, DbErr> {
    use sea_orm::QuerySelect;
    entity::Entity::find()
        .order_by_asc(entity::Column::Position)
        .order_by_asc(entity::Column::Id)
        .offset(skip)
        .limit(limit)
        .all(db)
        .await
}

/// A plan by its row id, for sale or not.
///
/// # Errors
/// The database; there is none.
pub async fn get(db: &impl ConnectionTrait, id: i64) -> Result<Plan, DbErr> {
    entity::Entity::find_by_id(id).one(db).await?.ok_or_else(|| DbErr::RecordNotFound(format!("plan {id}")))
}

/// Gives an empty shop its first plan, delivered by hand.
///
/// # Errors
/// The database.
pub(crate) async fn seed_in(tx: &Tx, settings: &Settings) -> Result<(), DbErr> {
    let plan = &settings.plan;
    tx.execute_raw(sql(
        "INSERT INTO plan (code, title, description, platform, period_days, screens, price, cost, delivery)
         SELECT $1, $2, $3, $4, $5, $6, $7, $8, 'by_hand' WHERE NOT EXISTS (SELECT FROM plan)",
        [
            plan.code.clone().into(),
            plan.title.as_str().into(),
            plan.description.clone().into(),
            plan.platform.clone().into(),
            i32::from(plan.period_days).into(),
            i32::from(plan.screens).into(),
            plan.price.into(),
            plan.cost.into(),
        ],
    ))
    .await?;
    Ok(())
}
