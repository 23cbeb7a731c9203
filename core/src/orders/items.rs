//! What an order is of: one row for each unit sold.

use crate::db::sql;
use crate::money::Rupees;
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

/// A unit of an order, with the price and cost that it was sold at.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Item {
    /// Its number in the order, from 1.
    pub n: i16,
    /// Of which plan.
    pub plan_id: i64,
    /// The plan's title then.
    pub title: String,
    /// What it cost, before any discount.
    pub price: Rupees,
    /// What it cost the shop.
    pub cost: Rupees,
    /// How long it lasts, in days.
    pub period_days: i32,
    /// When the buyer got it.
    pub delivered_at: Option<DateTime<Utc>>,
}

/// The units of an order, in its order.
///
/// # Errors
/// The database.
pub async fn items(db: &impl ConnectionTrait, order_id: i64) -> Result<Vec<Item>, DbErr> {
    let text = "SELECT n, plan_id, title, price, cost, period_days, delivered_at FROM order_item WHERE order_id = $1 ORDER BY n";
    Item::find_by_statement(sql(text, [order_id.into()])).all(db).await
}

/// Units of one plan at one price, as people read an order or a receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The plan's title then.
    pub title: String,
    /// How long each lasts, in days.
    pub period_days: i32,
    /// How many.
    pub quantity: u32,
    /// What one cost, before any discount.
    pub price: Rupees,
    /// What all of them cost.
    pub total: Rupees,
}

/// The units of an order by plan, price and period.
#[must_use]
pub fn rows(items: &[Item]) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for item in items {
        let same = |row: &&mut Row| row.title == item.title && row.price == item.price && row.period_days == item.period_days;
        match rows.iter_mut().find(same) {
            Some(row) => {
                row.quantity += 1;
                row.total = row.total + item.price;
            }
            None => {
                let (title, period_days) = (item.title.clone(), item.period_days);
                rows.push(Row { title, period_days, quantity: 1, price: item.price, total: item.price });
            }
        }
    }
    rows
}
