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

/// Platforms with something for sale, by name; those that differ only in the case of ASCII letters are one.
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
    #[derive(FromQueryResult)]
    struct Named {
        id: i64,
        names: String,
    }
    // Compared here: PostgreSQL knows the cases of ASCII only when its locale is C, as that of the embedded one is.
    let words: Vec<String> = words.split_whitespace().map(str::to_lowercase).collect();
    let all = Named::find_by_statement(sql(
        "SELECT id, concat_ws(' ', title, platform, category) AS names FROM plan WHERE active ORDER BY position, id",
        [],
    ));
    let found = all.all(db).await?.into_iter().filter(|plan| {
        let names = plan.names.to_lowercase();
        words.iter().all(|word| names.contains(word))
    });
    let ids: Vec<i64> = found.take(usize::try_from(limit).unwrap_or(usize::MAX)).map(|plan| plan.id).collect();
    entity::Entity::find()
        .from_raw_sql(sql("SELECT * FROM plan WHERE id = ANY ($1) ORDER BY position, id", [ids.into()]))
        .all(db)
        .await
}
