//! Prices beside a plan's own: from a number of units on (tiers), and for a time (promotions).

use super::Plan;
use crate::Core;
use crate::audit::{self, Actor};
use crate::db::{retrying, sql};
use crate::money::Rupees;
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use std::collections::HashMap;

/// A price that holds from a number of units on, and for a time.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Price {
    /// Row id.
    pub id: i64,
    /// Of which plan.
    pub plan_id: i64,
    /// What one unit costs then.
    pub price: Rupees,
    /// Of how many units in one order at least, 1 to 100.
    pub least: i16,
    /// From when; none: always.
    pub from_at: Option<DateTime<Utc>>,
    /// Until when, exclusive; none: for ever.
    pub until_at: Option<DateTime<Utc>>,
}

impl Price {
    fn holds(&self, quantity: i16, at: DateTime<Utc>) -> bool {
        quantity >= self.least && self.from_at.is_none_or(|from| from <= at) && self.until_at.is_none_or(|until| at < until)
    }
}

/// What one unit costs in an order of `quantity`: the lowest of the plan's own price and those that hold.
fn lowest(plan: &Plan, prices: &[Price], quantity: i16, at: DateTime<Utc>) -> Rupees {
    let holding = prices.iter().filter(|price| price.plan_id == plan.id && price.holds(quantity, at));
    holding.map(|price| price.price).fold(plan.price, Rupees::min)
}

/// What one unit of a plan costs in an order of `quantity`.
///
/// # Errors
/// The database.
pub async fn price_of(db: &impl ConnectionTrait, plan: &Plan, quantity: i16, at: DateTime<Utc>) -> Result<Rupees, DbErr> {
    Ok(lowest(plan, &prices(db, &[plan.id]).await?, quantity, at))
}

/// What one unit of each plan costs in an order of so many, by the plan's id.
///
/// # Errors
/// The database.
pub async fn prices_of(db: &impl ConnectionTrait, plans: &[(&Plan, i16)], at: DateTime<Utc>) -> Result<HashMap<i64, Rupees>, DbErr> {
    let ids: Vec<i64> = plans.iter().map(|(plan, _)| plan.id).collect();
    let all = prices(db, &ids).await?;
    Ok(plans.iter().map(|(plan, quantity)| (plan.id, lowest(plan, &all, *quantity, at))).collect())
}

/// Plans as lists show them: each at what one costs now.
///
/// # Errors
/// The database.
pub async fn priced(db: &impl ConnectionTrait, mut plans: Vec<Plan>, at: DateTime<Utc>) -> Result<Vec<Plan>, DbErr> {
    let prices = prices_of(db, &plans.iter().map(|plan| (plan, 1)).collect::<Vec<_>>(), at).await?;
    for plan in &mut plans {
        plan.price = prices.get(&plan.id).copied().unwrap_or(plan.price);
    }
    Ok(plans)
}

/// The prices of some plans beside their own, tiers first.
///
/// # Errors
/// The database.
pub async fn prices(db: &impl ConnectionTrait, plans: &[i64]) -> Result<Vec<Price>, DbErr> {
    Price::find_by_statement(sql(
        "SELECT id, plan_id, price, least, from_at, until_at FROM plan_price WHERE plan_id = ANY ($1) AND removed_at IS NULL ORDER BY least, from_at, id",
        [plans.to_vec().into()],
    ))
    .all(db)
    .await
}

/// What a plan costs now, as customers are told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// What one costs.
    pub price: Rupees,
    /// Until when it costs that.
    pub until: Option<DateTime<Utc>>,
    /// From how many on each costs less, and what.
    pub tiers: Vec<(i16, Rupees)>,
}

/// What a plan costs now.
///
/// # Errors
/// The database.
pub async fn offer(db: &impl ConnectionTrait, plan: &Plan, at: DateTime<Utc>) -> Result<Offer, DbErr> {
    let prices = prices(db, &[plan.id]).await?;
    let price = lowest(plan, &prices, 1, at);
    let until = prices
        .iter()
        .filter(|p| p.price == price && p.holds(1, at))
        .map(|p| p.until_at)
        .max_by_key(|until| (until.is_none(), *until))
        .flatten();
    let mut tiers: Vec<(i16, Rupees)> = Vec::new();
    for least in prices.iter().map(|p| p.least).filter(|least| *least > 1) {
        let lower = lowest(plan, &prices, least, at);
        if lower < tiers.last().map_or(price, |(_, price)| *price) {
            tiers.push((least, lower));
        }
    }
    Ok(Offer { price, until, tiers })
}

/// A price to be added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewPrice {
    /// What one unit costs.
    pub price: Rupees,
    /// Of how many units at least.
    pub least: i16,
    /// From when.
    pub from_at: Option<DateTime<Utc>>,
    /// Until when, exclusive.
    pub until_at: Option<DateTime<Utc>>,
}

/// Adds a price to a plan; the same again changes nothing.
///
/// # Errors
/// The database; figures that its rules refuse.
pub async fn add_price(core: &Core, plan: &Plan, new: &NewPrice, by: &Actor) -> Result<(), DbErr> {
    retrying(|| async {
        let tx = core.begin().await?;
        let added = tx
            .execute_raw(sql(
                "INSERT INTO plan_price (plan_id, price, least, from_at, until_at, made_by) SELECT $1, $2, $3, $4, $5, $6
                 WHERE NOT EXISTS (SELECT FROM plan_price WHERE plan_id = $1 AND price = $2 AND least = $3 AND removed_at IS NULL
                                     AND (from_at, until_at) IS NOT DISTINCT FROM ($4, $5))",
                [plan.id.into(), new.price.into(), new.least.into(), new.from_at.into(), new.until_at.into(), by.telegram_id.into()],
            ))
            .await?;
        if added.rows_affected() > 0 {
            audit::record(&tx, core.now(), by, "product.price", &plan.code, &format!("{} from {} units", new.price, new.least)).await?;
        }
        tx.commit().await
    })
    .await
}

/// Takes a price away; orders that were placed keep theirs.
///
/// # Errors
/// The database.
pub async fn remove_price(core: &Core, id: i64, by: &Actor) -> Result<(), DbErr> {
    retrying(|| async {
        let tx = core.begin().await?;
        let removed = tx
            .execute_raw(sql("UPDATE plan_price SET removed_at = $2 WHERE id = $1 AND removed_at IS NULL", [id.into(), core.now().into()]))
            .await?;
        if removed.rows_affected() > 0 {
            audit::record(&tx, core.now(), by, "product.price-removed", &format!("price {id}"), "").await?;
        }
        tx.commit().await
    })
    .await
}
