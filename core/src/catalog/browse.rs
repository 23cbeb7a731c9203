//! How customers find a plan among many.
//!
//! Names are compared here: PostgreSQL knows the cases of ASCII only when its locale is C, as that of the embedded one is.

use super::entity::shop_order;
use super::{Plan, entity};
use crate::db::sql;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter};
use std::collections::BTreeMap;
use unicase::UniCase;

/// By what plans are put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// Netflix, Prime, …
    Platform,
    /// Films, sports, …
    Category,
}

/// Plans for sale that have a platform, or a category, in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its name as the first of its plans writes it; empty for plans of none.
    pub name: String,
    /// How many plans it has.
    pub plans: usize,
    /// The plan that stands for it in a button: its oldest.
    pub first: i64,
}

/// A plan for sale by the names with which it is found.
#[derive(Debug, FromQueryResult)]
struct Named {
    id: i64,
    title: String,
    platform: String,
    category: String,
}

impl Named {
    fn of(&self, by: By) -> &str {
        match by {
            By::Platform => &self.platform,
            By::Category => &self.category,
        }
    }
}

/// A text as it is compared: in no letter case, in any script.
fn folded(text: &str) -> String {
    UniCase::unicode(text).to_folded_case()
}

/// Everything that is for sale, in the shop's order.
async fn shelf(db: &impl ConnectionTrait) -> Result<Vec<Named>, DbErr> {
    let all = concat!("SELECT id, title, platform, category FROM plan WHERE active ORDER BY ", shop_order!());
    Named::find_by_statement(sql(all, [])).all(db).await
}

/// Plans by their row ids, for sale or not, in the shop's order.
pub(crate) async fn with_ids(db: &impl ConnectionTrait, ids: Vec<i64>) -> Result<Vec<Plan>, DbErr> {
    let these = concat!("SELECT * FROM plan WHERE id = ANY ($1) ORDER BY ", shop_order!());
    entity::Entity::find().from_raw_sql(sql(these, [ids.into()])).all(db).await
}

fn page<T>(found: impl Iterator<Item = T>, skip: u64, limit: u64) -> Vec<T> {
    let count = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
    found.skip(count(skip)).take(count(limit)).collect()
}

/// How many plans are for sale.
///
/// # Errors
/// The database.
pub async fn count_for_sale(db: &impl ConnectionTrait) -> Result<u64, DbErr> {
    entity::Entity::find().filter(entity::Column::Active.eq(true)).count(db).await
}

/// By what many plans are browsed: by category where all are of one platform and the categories are several, else by platform.
///
/// # Errors
/// The database.
pub async fn browsed_by(db: &impl ConnectionTrait) -> Result<By, DbErr> {
    let shelf = shelf(db).await?;
    let several = |by| shelf.first().is_some_and(|first| shelf.iter().any(|plan| folded(plan.of(by)) != folded(first.of(by))));
    Ok(if several(By::Category) && !several(By::Platform) { By::Category } else { By::Platform })
}

/// Platforms, or categories, with something for sale, by name; those that differ only in letter case are one, and the nameless one is the last.
///
/// # Errors
/// The database.
pub async fn groups(db: &impl ConnectionTrait, by: By, skip: u64, limit: u64) -> Result<Vec<Group>, DbErr> {
    let mut found: BTreeMap<(bool, String), Group> = BTreeMap::new();
    for plan in shelf(db).await? {
        let name = plan.of(by);
        let group = found
            .entry((name.is_empty(), folded(name)))
            .or_insert_with(|| Group { name: name.to_owned(), plans: 0, first: plan.id });
        group.plans += 1;
        group.first = group.first.min(plan.id);
    }
    Ok(page(found.into_values(), skip, limit))
}

/// Plans for sale of the platform, or category, that a plan is of, in the shop's order. The plan itself may be switched off by now.
///
/// # Errors
/// The database.
pub async fn of_group(db: &impl ConnectionTrait, by: By, plan: i64, skip: u64, limit: u64) -> Result<Vec<Plan>, DbErr> {
    let Some(one) = super::get(db, plan).await? else { return Ok(Vec::new()) };
    let name = folded(match by {
        By::Platform => &one.platform,
        By::Category => &one.category,
    });
    let these = shelf(db).await?.into_iter().filter(|plan| folded(plan.of(by)) == name).map(|plan| plan.id);
    with_ids(db, page(these, skip, limit)).await
}

/// Plans for sale that have every one of the `words` in title, platform or category, in any letter case; without words all, in the shop's order.
///
/// # Errors
/// The database.
pub async fn search(db: &impl ConnectionTrait, words: &str, skip: u64, limit: u64) -> Result<Vec<Plan>, DbErr> {
    let words: Vec<String> = words.split_whitespace().map(folded).collect();
    let found = shelf(db).await?.into_iter().filter(|plan| {
        let names = folded(&format!("{} {} {}", plan.title, plan.platform, plan.category));
        words.iter().all(|word| names.contains(word))
    });
    with_ids(db, page(found.map(|plan| plan.id), skip, limit)).await
}
