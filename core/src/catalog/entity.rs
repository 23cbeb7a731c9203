//! Plans.

use crate::money::Rupees;
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// How a plan reaches its buyer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Delivery {
    /// Staff send the credentials: never out of stock.
    #[sea_orm(string_value = "by_hand")]
    ByHand,
    /// From loaded credentials.
    #[sea_orm(string_value = "from_stock")]
    FromStock,
}

/// Something that can be bought.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "plan")]
pub struct Model {
    /// Row id.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// `[a-z0-9-]{1,40}`: what links name.
    pub code: String,
    /// Its name.
    pub title: String,
    /// What it is.
    pub description: String,
    /// Netflix, Prime, …
    pub platform: String,
    /// Films, sports, …
    pub category: String,
    /// How many days it lasts.
    pub period_days: i32,
    /// How many can watch at once.
    pub screens: i32,
    /// What a customer pays.
    pub price: Rupees,
    /// What the shop pays.
    pub cost: Rupees,
    /// How it is delivered.
    pub delivery: Delivery,
    /// Whether it is for sale.
    pub active: bool,
    /// Place in the list: lower first, then by title.
    pub position: i32,
    /// Its picture, as Telegram's file id.
    pub picture: Option<String>,
    /// The same picture as Telegram knows it for every bot.
    pub picture_unique: Option<String>,
    /// What one costs in Telegram Stars; none: it is not sold for them.
    pub stars: Option<i32>,
    /// Level 1's share of its profit, in percent; none: the shop's.
    pub level1_percent: Option<Decimal>,
    /// Level 2's share of its profit, in percent; none: the shop's.
    pub level2_percent: Option<Decimal>,
}

/// None are used.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

/// The shop's order: what was put first, then by title, as SQL.
macro_rules! shop_order {
    () => {
        "position, lower(title), id"
    };
}
pub(crate) use shop_order;

impl ActiveModelBehavior for ActiveModel {}
