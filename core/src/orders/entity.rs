//! Orders.

use crate::code::ShortCode;
use crate::ledger::movements::WalletPart;
use crate::money::Rupees;
use crate::users::UserId;
use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use sea_orm::entity::prelude::*;

/// Where an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum OrderState {
    /// Placed; the money is awaited.
    #[sea_orm(string_value = "awaiting_payment")]
    AwaitingPayment,
    /// A proof of payment is being checked.
    #[sea_orm(string_value = "in_review")]
    InReview,
    /// The payment is confirmed; to be delivered.
    #[sea_orm(string_value = "paid")]
    Paid,
    /// The payment is confirmed; its plan's stock has run out, and what comes next is this order's.
    #[sea_orm(string_value = "awaiting_stock")]
    AwaitingStock,
    /// The buyer has it.
    #[sea_orm(string_value = "delivered")]
    Delivered,
    /// Not paid in time. A late proof still opens it.
    #[sea_orm(string_value = "expired")]
    Expired,
    /// The buyer cancelled it. A late proof still opens it: the money has left.
    #[sea_orm(string_value = "cancelled")]
    Cancelled,
    /// A top-up whose money is in the wallet.
    #[sea_orm(string_value = "credited")]
    Credited,
}

/// A customer's order, with the price, cost, rates and hold that it was placed with.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "orders")]
pub struct Model {
    /// Row id: in keys, never shown.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Shown as `O-…`.
    pub code: ShortCode,
    /// Who ordered.
    pub buyer_id: i64,
    /// Of which plan, when it was bought without a cart: one such order a person is open at a time.
    pub plan_id: Option<i64>,
    /// What is in it, by the plans' titles then.
    pub title: String,
    /// What the customer pays: what its units cost, less the discount.
    pub price: Rupees,
    /// What it costs the shop.
    pub cost: Rupees,
    /// Level 1's share of the profit, in percent.
    pub level1_percent: Decimal,
    /// Level 2's share of the profit, in percent.
    pub level2_percent: Decimal,
    /// How long its commissions are held, in seconds.
    pub hold_s: i64,
    /// Where it stands.
    pub state: OrderState,
    /// When it was placed.
    pub placed_at: DateTime<Utc>,
    /// Until when the payment is awaited.
    pub expires_at: DateTime<Utc>,
    /// When the payment was confirmed.
    pub paid_at: Option<DateTime<Utc>>,
    /// When it was delivered.
    pub delivered_at: Option<DateTime<Utc>>,
    /// What the wallet pays of it from credit.
    pub from_credit: Rupees,
    /// What the wallet pays of it from what was earned.
    pub from_earned: Rupees,
    /// When the wallet's part was set aside.
    pub reserved_at: Option<DateTime<Utc>>,
    /// When it was given back, because the order ended unpaid.
    pub unreserved_at: Option<DateTime<Utc>>,
    /// What was given back of the price.
    pub refunded: Rupees,
    /// What was taken off: by a coupon, as a friend's gift, for an amount of its own.
    pub discount: Rupees,
    /// Of it, the gift of who brought them.
    pub friend_off: Rupees,
    /// That coupon.
    pub coupon_id: Option<i64>,
    /// The subscription that it makes last longer.
    pub renews: Option<i64>,
    /// The secret of a gift's link.
    pub gift_code: Option<ShortCode>,
    /// Who opened the gift.
    pub recipient_id: Option<i64>,
    /// When they did.
    pub opened_at: Option<DateTime<Utc>>,
    /// When the buyer was reminded to pay.
    pub reminded_at: Option<DateTime<Utc>>,
    /// A top-up: what is bought is money in the buyer's wallet. It is never `paid`, so that no sale is counted.
    pub fills_wallet: bool,
    /// What it costs in Telegram Stars, where all that is in it has such a price.
    pub stars: Option<i32>,
    /// When it ended unpaid, the last time that it did.
    pub ended_at: Option<DateTime<Utc>>,
}

/// None are used.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// The buyer, typed.
    #[must_use]
    pub fn buyer(&self) -> UserId {
        UserId(self.buyer_id)
    }

    /// Whose eyes what was bought is for; nobody's while a gift was not opened.
    #[must_use]
    pub fn holder(&self) -> Option<UserId> {
        if self.gift_code.is_some() { self.recipient_id.map(UserId) } else { Some(self.buyer()) }
    }

    /// What the wallet pays of it, while that stands.
    #[must_use]
    pub fn wallet_part(&self) -> Option<WalletPart> {
        let part = WalletPart { person: self.buyer(), credit: self.from_credit, earned: self.from_earned };
        (self.unreserved_at.is_none() && part.total().is_positive()).then_some(part)
    }

    /// What was not given back of the price.
    #[must_use]
    pub fn left(&self) -> Rupees {
        self.price - self.refunded
    }

    /// Whether all of what was paid was given back.
    #[must_use]
    pub fn is_refunded(&self) -> bool {
        self.paid_at.is_some() && !self.left().is_positive()
    }

    /// What it costs in Telegram Stars, when it can be paid so: all of it, with nothing from the wallet.
    #[must_use]
    pub fn due_in_stars(&self) -> Option<i32> {
        self.stars.filter(|_| self.wallet_part().is_none())
    }

    /// What is to come from outside.
    #[must_use]
    pub fn due(&self) -> Rupees {
        self.price - self.wallet_part().map_or(Rupees::ZERO, |part| part.total())
    }
}
