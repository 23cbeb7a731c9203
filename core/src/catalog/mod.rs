//! What can be bought.

mod browse;
mod entity;
mod fields;
pub mod import;
mod prices;
mod staff;

pub use browse::{Platform, count_for_sale, of_platform, platforms, search};
pub use entity::{Delivery, Model as Plan};
pub use fields::{Field, Fields, Wrong};
pub use prices::{NewPrice, Offer, Price, add_price, offer, price_of, prices, prices_of, remove_price};
pub(crate) use staff::with_ids;
pub use staff::{CatalogError, Changed, change, create, free_code, get, list};

use crate::db::{Tx, sql};
use crate::settings::Settings;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

/// The first plans for sale, in the shop's order.
///
/// # Errors
/// The database.
pub async fn for_sale(db: &impl ConnectionTrait, limit: u64) -> Result<Vec<Plan>, DbErr> {
    entity::Entity::find()
        .filter(entity::Column::Active.eq(true))
        .order_by_asc(entity::Column::Position)
        .order_by_asc(entity::Column::Id)
        .limit(limit)
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
