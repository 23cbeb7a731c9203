//! How customers find a plan among many.

use super::{Plan, entity};
use crate::db::sql;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter};

/// A platform that has something for sale.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Platform {
    /// Its name as one of its plans writes it; empty for plans of none.
    pub name: String,
    /// How many plans it has.
    pub plans: i64,
    /// The plan that stands for it in a button.
    pub first: i64,
}

/// How many plans are for sale.
///
/// # Errors
/// The database.
pub async fn count_for_sale(db: &impl ConnectionTrait) -> Result<u64, DbErr> {
    entity::Entity::find().filter(entity::Column::Active.eq(true)).count(db).await
}

/// Platforms with something for sale, by name; those that differ in letter case only are one.
///
/// # Errors
/// The database.
pub async fn platforms(db: &impl ConnectionTrait, skip: u64, limit: u64) -> Result<Vec<Platform>, DbErr> {
    Platform::find_by_statement(sql(
        "SELECT min(platform) AS name, count(*) AS plans, min(id) AS first FROM plan WHERE active
         GROUP BY lower(platform) ORDER BY lower(platform) = '', lower(platform) OFFSET $1 LIMIT $2",
        [skip.cast_signed().into(), limit.cast_signed().into()],
    ))
    .all(db)
    .await
}

/// Plans for sale of the platform that a plan is of, in the shop's order.
///
/// # Errors
/// The database.
pub async fn of_platform(db: &impl ConnectionTrait, plan: i64, skip: u64, limit: u64) -> Result<Vec<Plan>, DbErr> {
    entity::Entity::find()
        .from_raw_sql(sql(
            "SELECT * FROM plan WHERE active AND lower(platform) = (SELECT lower(platform) FROM plan WHERE id = $1)
             ORDER BY position, id OFFSET $2 LIMIT $3",
            [plan.into(), skip.cast_signed().into(), limit.cast_signed().into()],
        ))
        .all(db)
        .await
}

/// Plans for sale that have every one of the `words` in title, platform or category, in any letter case.
///
/// # Errors
/// The database.
pub async fn search(db: &impl ConnectionTrait, words: &str, limit: u64) -> Result<Vec<Plan>, DbErr> {
    let words: Vec<String> = words.split_whitespace().map(str::to_lowercase).collect();
    entity::Entity::find()
        .from_raw_sql(sql(
            "SELECT * FROM plan WHERE active
             AND (SELECT bool_and(strpos(lower(concat_ws(' ', title, platform, category)), lower(word)) > 0) FROM unnest($1::text[]) word)
             ORDER BY position, id LIMIT $2",
            [words.into(), limit.cast_signed().into()],
        ))
        .all(db)
        .await
}
