//! The cart: what a person is about to buy, with quantities, and the coupon that is to take something off.

use crate::catalog::{self, Plan};
use crate::coupons::{self, Coupon, CouponError};
use crate::credentials;
use crate::db::{Applied, Tx, retrying, sql, transient};
use crate::money::Rupees;
use crate::orders::{self, Draft, Line, MOST_UNITS, Order, OrderError};
use crate::users::{User, UserId};
use crate::{Core, welcome};
use sea_orm::{ConnectionTrait, DbErr, EntityTrait, FromQueryResult};
use std::collections::HashMap;

/// Why the cart was not changed or not checked out.
#[derive(Debug, thiserror::Error)]
pub enum CartError {
    /// There is nothing in it.
    #[error("the cart is empty")]
    Empty,
    /// A plan in it, or to be put in, is not for sale any more.
    #[error("{0} is not for sale")]
    NotForSale(String),
    /// More units than one order takes.
    #[error("at most {MOST_UNITS} units")]
    Full,
    /// The coupon takes nothing off any more: it was taken out.
    #[error(transparent)]
    Coupon(CouponError),
    /// The order was not placed.
    #[error(transparent)]
    Order(OrderError),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbErr),
}
transient!(CartError);

impl From<CouponError> for CartError {
    fn from(error: CouponError) -> Self {
        if let CouponError::Db(error) = error { Self::Db(error) } else { Self::Coupon(error) }
    }
}

impl From<OrderError> for CartError {
    fn from(error: OrderError) -> Self {
        if let OrderError::Db(error) = error { Self::Db(error) } else { Self::Order(error) }
    }
}

/// A plan in the cart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InCart {
    /// The plan as it is now.
    pub plan: Plan,
    /// How many of it.
    pub quantity: i16,
    /// What one costs now.
    pub price: Rupees,
    /// Whether there is one to be delivered at once.
    pub in_stock: bool,
}

/// A cart, at the prices of now.
#[derive(Debug)]
pub struct Cart {
    /// What is in it, the oldest first.
    pub items: Vec<InCart>,
    /// The coupon, with what it takes off or why it does not.
    pub coupon: Option<(Coupon, Result<Rupees, CouponError>)>,
    /// What the gift of who brought them takes off the rest.
    pub friend_off: Rupees,
}

impl Cart {
    /// What all of it costs, before the coupon.
    #[must_use]
    pub fn total(&self) -> Rupees {
        lines(&self.items).iter().map(Line::total).sum()
    }

    /// What is to be paid.
    #[must_use]
    pub fn to_pay(&self) -> Rupees {
        self.total() - taken_off(self.coupon.as_ref()) - self.friend_off
    }
}

fn taken_off(coupon: Option<&(Coupon, Result<Rupees, CouponError>)>) -> Rupees {
    coupon.and_then(|(_, worth)| worth.as_ref().ok().copied()).unwrap_or(Rupees::ZERO)
}

fn lines(items: &[InCart]) -> Vec<Line> {
    items.iter().map(|item| Line { plan: item.plan.clone(), quantity: item.quantity, price: item.price }).collect()
}

async fn contents(core: &Core, db: &impl ConnectionTrait, person: UserId) -> Result<Vec<InCart>, DbErr> {
    #[derive(FromQueryResult)]
    struct Row {
        plan_id: i64,
        quantity: i16,
    }
    let rows = "SELECT plan_id, quantity FROM cart_item WHERE user_id = $1 ORDER BY added_at, plan_id";
    let rows = Row::find_by_statement(sql(rows, [person.0.into()])).all(db).await?;
    let ids: Vec<i64> = rows.iter().map(|row| row.plan_id).collect();
    let plans = catalog::with_ids(db, ids).await?;
    let mut plans: HashMap<i64, Plan> = plans.into_iter().map(|plan| (plan.id, plan)).collect();
    let held: Vec<(Plan, i16)> = rows.iter().filter_map(|row| Some((plans.remove(&row.plan_id)?, row.quantity))).collect();
    let wanted: Vec<(&Plan, i16)> = held.iter().map(|(plan, quantity)| (plan, *quantity)).collect();
    let prices = catalog::prices_of(db, &wanted, core.now()).await?;
    let mut items = Vec::with_capacity(held.len());
    for (plan, quantity) in held {
        let in_stock = credentials::in_stock(db, &plan).await?;
        items.push(InCart { price: prices.get(&plan.id).copied().unwrap_or(plan.price), plan, quantity, in_stock });
    }
    Ok(items)
}

/// A person's cart.
///
/// # Errors
/// The database.
pub async fn get(core: &Core, person: UserId) -> Result<Cart, DbErr> {
    let items = contents(core, core.db(), person).await?;
    let coupon = match coupon_of(core.db(), person).await? {
        Some(id) => coupons::get(core.db(), id).await?,
        None => None,
    };
    let coupon = match coupon {
        Some(coupon) if !items.is_empty() => match coupons::worth(core, core.db(), &coupon, person, &lines(&items)).await {
            Err(CouponError::Db(error)) => return Err(error),
            worth => Some((coupon, worth)),
        },
        _ => None,
    };
    let lines = lines(&items);
    let (total, cost): (Rupees, Rupees) = (lines.iter().map(Line::total).sum(), lines.iter().map(Line::cost).sum());
    let friend_off = if items.is_empty() {
        Rupees::ZERO
    } else {
        welcome::offered(core, person, total - taken_off(coupon.as_ref()), cost).await?
    };
    Ok(Cart { items, coupon, friend_off })
}

async fn coupon_of(db: &impl ConnectionTrait, person: UserId) -> Result<Option<i64>, DbErr> {
    #[derive(FromQueryResult)]
    struct Row {
        coupon_id: i64,
    }
    let row = Row::find_by_statement(sql("SELECT coupon_id FROM cart_coupon WHERE user_id = $1", [person.0.into()])).one(db).await?;
    Ok(row.map(|row| row.coupon_id))
}

/// Whoever changes a cart waits here for whoever else does: two phones, or a press twice.
async fn lock_in(tx: &Tx, person: UserId) -> Result<(), DbErr> {
    tx.execute_raw(sql("SELECT FROM users WHERE id = $1 FOR NO KEY UPDATE", [person.0.into()])).await?;
    Ok(())
}

/// Puts so many of a plan into the cart, in place of how many there were: none takes it out.
///
/// # Errors
/// The plan is not for sale; more than one order takes.
pub async fn put(core: &Core, person: UserId, plan_code: &str, quantity: i16) -> Result<(), CartError> {
    change(core, person, plan_code, |_| quantity).await
}

/// Puts a plan into the cart, unless it is there: a press that is handled again changes nothing.
///
/// # Errors
/// The plan is not for sale; more than one order takes.
pub async fn add(core: &Core, person: UserId, plan_code: &str) -> Result<(), CartError> {
    change(core, person, plan_code, |there| there.max(1)).await
}

async fn change(core: &Core, person: UserId, plan_code: &str, quantity: impl Fn(i16) -> i16) -> Result<(), CartError> {
    retrying(|| async {
        let tx = core.begin().await?;
        lock_in(&tx, person).await?;
        let items = contents(core, &tx, person).await?;
        let there = items.iter().find(|item| item.plan.code == plan_code).map_or(0, |item| item.quantity);
        let wanted = quantity(there).max(0);
        if wanted == 0 {
            let out = "DELETE FROM cart_item c USING plan p WHERE c.user_id = $1 AND p.id = c.plan_id AND p.code = $2";
            tx.execute_raw(sql(out, [person.0.into(), plan_code.into()])).await?;
        } else {
            let plan = catalog::by_code(&tx, plan_code).await?.ok_or_else(|| CartError::NotForSale(plan_code.to_owned()))?;
            let others: usize = items.iter().filter(|item| item.plan.code != plan_code).map(|item| usize::from(item.quantity.unsigned_abs())).sum();
            if others + usize::from(wanted.unsigned_abs()) > MOST_UNITS {
                return Err(CartError::Full);
            }
            tx.execute_raw(sql(
                "INSERT INTO cart_item (user_id, plan_id, quantity, added_at) VALUES ($1, $2, $3, $4)
                 ON CONFLICT (user_id, plan_id) DO UPDATE SET quantity = excluded.quantity",
                [person.0.into(), plan.id.into(), wanted.into(), core.now().into()],
            ))
            .await?;
        }
        tx.commit().await?;
        Ok(())
    })
    .await
}

/// Takes everything out, the coupon too.
///
/// # Errors
/// The database.
pub async fn empty(core: &Core, person: UserId) -> Result<(), DbErr> {
    retrying(|| async {
        let tx = core.begin().await?;
        lock_in(&tx, person).await?;
        empty_in(&tx, person).await?;
        tx.commit().await
    })
    .await
}

async fn empty_in(tx: &Tx, person: UserId) -> Result<(), DbErr> {
    tx.execute_raw(sql("DELETE FROM cart_item WHERE user_id = $1", [person.0.into()])).await?;
    no_coupon_in(tx, person).await
}

async fn no_coupon_in(db: &impl ConnectionTrait, person: UserId) -> Result<(), DbErr> {
    db.execute_raw(sql("DELETE FROM cart_coupon WHERE user_id = $1", [person.0.into()])).await?;
    Ok(())
}

/// Puts a coupon on the cart, in place of the one that was there.
///
/// # Errors
/// The cart is empty; the coupon takes nothing off it, and then what was there stays.
pub async fn apply_coupon(core: &Core, person: UserId, typed: &str) -> Result<(), CartError> {
    let items = contents(core, core.db(), person).await?;
    if items.is_empty() {
        return Err(CartError::Empty);
    }
    let coupon = coupons::by_code(core.db(), typed).await?.ok_or(CartError::Coupon(CouponError::Unknown))?;
    coupons::worth(core, core.db(), &coupon, person, &lines(&items)).await?;
    core.db()
        .execute_raw(sql(
            "INSERT INTO cart_coupon (user_id, coupon_id) VALUES ($1, $2) ON CONFLICT (user_id) DO UPDATE SET coupon_id = excluded.coupon_id",
            [person.0.into(), coupon.id.into()],
        ))
        .await?;
    Ok(())
}

/// Takes the coupon off the cart.
///
/// # Errors
/// The database.
pub async fn remove_coupon(core: &Core, person: UserId) -> Result<(), DbErr> {
    no_coupon_in(core.db(), person).await
}

/// Orders what is in the cart, in one payment, at the prices of now; the cart is empty then. A second press finds the order of the first. `gift`: for
/// whoever opens the link.
///
/// # Errors
/// The cart is empty; a plan in it is not for sale; the coupon takes nothing off any more, and is taken out: what is paid then is to be seen first.
pub async fn check_out(core: &Core, buyer: &User, gift: bool) -> Result<Applied<Order>, CartError> {
    let checked_out = retrying(|| async {
        let tx = core.begin().await?;
        let order = check_out_in(core, &tx, buyer, gift).await?;
        tx.commit().await?;
        Ok(order)
    })
    .await;
    if let Err(CartError::Coupon(_)) = checked_out {
        no_coupon_in(core.db(), buyer.user_id()).await?;
    }
    checked_out
}

async fn check_out_in(core: &Core, tx: &Tx, buyer: &User, gift: bool) -> Result<Applied<Order>, CartError> {
    let person = buyer.user_id();
    lock_in(tx, person).await?;
    let items = contents(core, tx, person).await?;
    if items.is_empty() {
        return before(core, tx, person).await?.map(Applied::Already).ok_or(CartError::Empty);
    }
    if let Some(gone) = items.iter().find(|item| !item.plan.active) {
        return Err(CartError::NotForSale(gone.plan.title.clone()));
    }
    let lines = lines(&items);
    let coupon = match coupon_of(tx, person).await? {
        Some(id) => Some((id, coupons::spend_in(core, tx, id, person, &lines).await?)),
        None => None,
    };
    let draft = Draft { lines, direct: false, coupon, renews: None, gift, earns: true, awaited: true };
    let order = orders::place_draft_in(core, tx, buyer, &draft).await?;
    empty_in(tx, person).await?;
    Ok(order)
}

/// The order that the cart became a moment ago, while it awaits its payment.
async fn before(core: &Core, tx: &Tx, person: UserId) -> Result<Option<Order>, DbErr> {
    let text = "SELECT * FROM orders WHERE buyer_id = $1 AND plan_id IS NULL AND renews IS NULL AND NOT fills_wallet AND state = 'awaiting_payment' AND expires_at > $2 ORDER BY id DESC LIMIT 1";
    orders::Entity::find().from_raw_sql(sql(text, [person.0.into(), core.now().into()])).one(tx).await
}
