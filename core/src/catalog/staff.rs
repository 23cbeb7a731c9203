//! What staff do with the catalogue. Whoever writes there waits for who writes already, so each sees what the other did; who buys waits for nobody.

use super::fields::{Field, Fields, Wrong, code_from};
use super::{Plan, entity, entity::shop_order};
use crate::Core;
use crate::audit::{self, Actor};
use crate::db::{Applied, Tx, constraint, retrying, sql, transient};
use crate::settings::Percent;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, Value};

/// Why a plan was not created or changed.
#[derive(Debug, thiserror::Error)]
pub enum CatalogError {
    /// A field does not take what was given.
    #[error(transparent)]
    Wrong(#[from] Wrong),
    /// Another plan has this code.
    #[error("another plan has the code {0}")]
    Taken(String),
    /// There is no such plan.
    #[error("no such plan")]
    NotFound,
    /// The database.
    #[error(transparent)]
    Db(DbErr),
}
transient!(CatalogError);

impl From<DbErr> for CatalogError {
    fn from(error: DbErr) -> Self {
        Self::Db(error)
    }
}

/// A page of all plans, for sale or not, in the shop's order.
///
/// # Errors
/// The database.
pub async fn list(db: &impl ConnectionTrait, skip: u64, limit: u64) -> Result<Vec<Plan>, DbErr> {
    let page = concat!("SELECT * FROM plan ORDER BY ", shop_order!(), " OFFSET $1 LIMIT $2");
    entity::Entity::find().from_raw_sql(sql(page, [skip.cast_signed().into(), limit.cast_signed().into()])).all(db).await
}

/// A plan by its row id, for sale or not.
///
/// # Errors
/// The database.
pub async fn get(db: &impl ConnectionTrait, id: i64) -> Result<Option<Plan>, DbErr> {
    entity::Entity::find_by_id(id).one(db).await
}

/// Plans by their codes, for sale or not.
pub(super) async fn with_codes(db: &impl ConnectionTrait, codes: Vec<String>) -> Result<Vec<Plan>, DbErr> {
    entity::Entity::find().from_raw_sql(sql("SELECT * FROM plan WHERE code = ANY ($1)", [codes.into()])).all(db).await
}

/// Keeps others who write in the catalogue waiting until the end of the transaction.
pub(super) async fn lock_in(tx: &Tx) -> Result<(), DbErr> {
    tx.execute_unprepared("LOCK TABLE plan IN SHARE ROW EXCLUSIVE MODE").await.map(|_| ())
}

/// A code for a title that no plan has yet: `netflix-1-month`, or `netflix-1-month-2`.
///
/// # Errors
/// The database.
pub async fn free_code(db: &impl ConnectionTrait, title: &str) -> Result<String, DbErr> {
    #[derive(FromQueryResult)]
    struct Free {
        code: String,
    }
    let base = code_from(title);
    // Of so many names as there are plans and one more, one is free.
    let free = Free::find_by_statement(sql(
        "SELECT $1 || CASE n WHEN 1 THEN '' ELSE '-' || n END AS code FROM generate_series(1, (SELECT count(*) + 1 FROM plan)) n
         WHERE NOT EXISTS (SELECT FROM plan WHERE code = $1 || CASE n WHEN 1 THEN '' ELSE '-' || n END) ORDER BY n LIMIT 1",
        [base.clone().into()],
    ))
    .one(db)
    .await?;
    Ok(free.map_or(base, |free| free.code))
}

/// Creates a plan; the same once more is the same plan.
///
/// # Errors
/// The code is another plan's.
pub async fn create(core: &Core, by: &Actor, fields: &Fields) -> Result<Applied<Plan>, CatalogError> {
    retrying(|| async {
        let tx = core.begin().await?;
        lock_in(&tx).await?;
        if let Some(plan) = entity::Entity::find().filter(entity::Column::Code.eq(&fields.code)).one(&tx).await? {
            let same = Fields::from(plan.clone()) == *fields;
            return if same { Ok(Applied::Already(plan)) } else { Err(CatalogError::Taken(fields.code.clone())) };
        }
        let plan = write(&tx, INSERT, fields, []).await?.ok_or(CatalogError::NotFound)?;
        let detail = format!("{}, price {}, cost {}", plan.title, plan.price, plan.cost);
        audit::record(&tx, core.now(), by, "product.create", &plan.code, &detail).await?;
        tx.commit().await?;
        Ok(Applied::Now(plan))
    })
    .await
}

/// Where a new plan goes, as SQL: behind all that staff put in order; as long as they put none in order, by its title.
macro_rules! new_place {
    () => {
        "(SELECT CASE WHEN max(position) > 0 THEN max(position) + 1 ELSE 0 END FROM plan)"
    };
}
pub(super) use new_place;

const INSERT: &str = concat!(
    "INSERT INTO plan (code, title, platform, category, period_days, screens, price, cost, delivery, active, description, stars,
                       level1_percent, level2_percent, position)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, ",
    new_place!(),
    ") RETURNING *"
);
const UPDATE: &str = "UPDATE plan SET code = $1, title = $2, platform = $3, category = $4, period_days = $5, screens = $6, price = $7, cost = $8,
    delivery = $9, active = $10, description = $11, stars = $12, level1_percent = $13, level2_percent = $14 WHERE id = $15 RETURNING *";

async fn write(tx: &Tx, statement: &str, fields: &Fields, more: impl IntoIterator<Item = Value>) -> Result<Option<Plan>, CatalogError> {
    let f = fields.clone();
    let values: [Value; 14] = [
        f.code.into(),
        f.title.into(),
        f.platform.into(),
        f.category.into(),
        f.period_days.into(),
        f.screens.into(),
        f.price.into(),
        f.cost.into(),
        f.delivery.name().into(),
        f.active.into(),
        f.description.into(),
        f.stars.into(),
        f.level1_percent.map(Percent::decimal).into(),
        f.level2_percent.map(Percent::decimal).into(),
    ];
    let written = entity::Entity::find().from_raw_sql(sql(statement, values.into_iter().chain(more))).one(tx).await;
    written.map_err(|error| match constraint(&error).as_deref() {
        Some("plan_code_key") => CatalogError::Taken(fields.code.clone()),
        _ => error.into(),
    })
}

/// A plan after a change, and the field before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// The plan as it is now.
    pub plan: Plan,
    /// What the field was.
    pub before: String,
    /// What it is now; the same where there was nothing to change.
    pub after: String,
}

/// Sets one field of a plan from what staff typed. Orders keep the price with which they were placed.
///
/// # Errors
/// The field does not take that; there is no such plan.
pub async fn change(core: &Core, by: &Actor, id: i64, field: Field, typed: &str) -> Result<Changed, CatalogError> {
    retrying(|| async {
        let tx = core.begin().await?;
        lock_in(&tx).await?;
        let plan = get(&tx, id).await?.ok_or(CatalogError::NotFound)?;
        let old = Fields::from(plan.clone());
        let mut new = old.clone();
        new.set(field, typed)?;
        let (before, after) = (old.text(field), new.text(field));
        if old == new {
            return Ok(Changed { plan, before, after });
        }
        let plan = write(&tx, UPDATE, &new, [id.into()]).await?.ok_or(CatalogError::NotFound)?;
        audit::record(&tx, core.now(), by, "product.change", &old.code, &old.changes(&new)).await?;
        tx.commit().await?;
        Ok(Changed { plan, before, after })
    })
    .await
}
