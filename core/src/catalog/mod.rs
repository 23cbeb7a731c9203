//! What can be bought.

mod browse;
mod entity;
mod fields;
pub mod import;
mod picture;
mod place;
mod prices;
pub mod restock;
mod staff;

pub(crate) use browse::with_ids;
pub use browse::{By, Group, browsed_by, count_for_sale, groups, of_group, search};
pub use entity::{Delivery, Model as Plan};
pub use fields::{Field, Fields, Wrong};
pub use picture::{Picture, picture_lost, set_picture};
pub use place::{Place, place, place_of};
pub use prices::{NewPrice, Offer, Price, add_price, offer, price_of, priced, prices, prices_of, remove_price};
pub use staff::{CatalogError, Changed, change, create, free_code, get, list};

use crate::db::{Tx, sql};
use crate::settings::Settings;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};

/// The first plans for sale, in the shop's order.
///
/// # Errors
/// The database.
pub async fn for_sale(db: &impl ConnectionTrait, limit: u64) -> Result<Vec<Plan>, DbErr> {
    let first = concat!("SELECT * FROM plan WHERE active ORDER BY ", entity::shop_order!(), " LIMIT $1");
    entity::Entity::find().from_raw_sql(sql(first, [limit.cast_signed().into()])).all(db).await
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
