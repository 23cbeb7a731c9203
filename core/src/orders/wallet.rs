//! The wallet's part of an order: set aside while the other part is awaited, given back when the order ends unpaid.

use super::{Move, Order, OrderError, OrderState, entity, of_buyer, step};
use crate::code::ShortCode;
use crate::db::{Applied, Tx, retrying, sql};
use crate::ledger::movements::{WalletPart, order_reserved, order_unreserved};
use crate::ledger::{self, Standing};
use crate::money::Rupees;
use crate::users::UserId;
use crate::{Core, commissions, purses};
use sea_orm::{ConnectionTrait, EntityTrait, Value};

/// How a wallet pays an amount: credit first, because it can only be spent, then what is earned. Nothing when it does not cover it.
pub(crate) fn split(person: UserId, standing: &Standing, amount: Rupees) -> Option<WalletPart> {
    let credit = amount.min(standing.credit);
    (amount <= standing.to_spend()).then_some(WalletPart { person, credit, earned: amount - credit })
}

/// What a wallet can pay of an order that is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cover {
    /// Nothing, or a part was set aside before.
    Nothing,
    /// No more than this, with something left to come from outside.
    Part(Rupees),
    /// The whole price.
    All,
}

impl Cover {
    /// What a wallet that stands so can pay of this order.
    #[must_use]
    pub fn of(order: &Order, standing: &Standing) -> Self {
        if order.reserved_at.is_some() {
            return Self::Nothing;
        }
        let most = most_aside(order, standing);
        // No wallet fills itself.
        if !order.fills_wallet && standing.to_spend() >= order.price {
            Self::All
        } else if most.is_positive() {
            Self::Part(most)
        } else {
            Self::Nothing
        }
    }
}

/// The most that a wallet can set aside for an order: a rupee is left to come from outside, and no wallet fills itself.
fn most_aside(order: &Order, standing: &Standing) -> Rupees {
    if order.fills_wallet {
        Rupees::ZERO
    } else {
        standing.to_spend().min(order.price - Rupees::whole(1))
    }
}

/// Sets a part of an order's price aside from the buyer's wallet; the rest is awaited from outside. Once for each order.
///
/// # Errors
/// No such order; it does not await its payment; the wallet does not cover the amount, or nothing would be left to pay; another amount was set aside.
pub async fn set_aside(core: &Core, buyer: UserId, code: &ShortCode, amount: Rupees) -> Result<Applied<Order>, OrderError> {
    retrying(|| async {
        let tx = core.begin().await?;
        let order = set_aside_in(core, &tx, buyer, code, amount).await?;
        tx.commit().await?;
        Ok(order)
    })
    .await
}

async fn set_aside_in(core: &Core, tx: &Tx, buyer: UserId, code: &ShortCode, amount: Rupees) -> Result<Applied<Order>, OrderError> {
    let found = of_buyer(tx, buyer, code).await?.ok_or(OrderError::NotFound)?;
    tx.execute_raw(sql("SELECT FROM orders WHERE id = $1 FOR UPDATE", [found.id.into()])).await?;
    // What is due counts: a late job denies nobody their money.
    commissions::release_in(core, tx, buyer).await?;
    let order = of_buyer(tx, buyer, code).await?.ok_or(OrderError::NotFound)?;
    if order.reserved_at.is_some() {
        let same = order.wallet_part().is_some_and(|part| part.total() == amount);
        return if same { Ok(Applied::Already(order)) } else { Err(OrderError::SetAsideBefore) };
    }
    if order.state != OrderState::AwaitingPayment || order.expires_at <= core.now() {
        return Err(OrderError::NotNow(order.state));
    }
    let standing = purses::free(tx, buyer).await?;
    let most = most_aside(&order, &standing);
    let part = split(buyer, &standing, amount)
        .filter(|_| amount.is_positive() && amount <= most)
        .ok_or(OrderError::NotFromWallet(most))?;
    let order = entity::Entity::find()
        .from_raw_sql(sql(
            "UPDATE orders SET from_credit = $2, from_earned = $3, reserved_at = $4 WHERE id = $1 RETURNING *",
            [order.id.into(), part.credit.into(), part.earned.into(), core.now().into()],
        ))
        .one(tx)
        .await?
        .ok_or(OrderError::NotFound)?;
    ledger::post(tx, core.now(), order_reserved(order.id, order.code.as_str(), &part)).await?;
    Ok(Applied::Now(order))
}

/// A step that ends an unpaid order, and gives back what the wallet had set aside for it.
pub(crate) async fn end_in(core: &Core, tx: &Tx, id: i64, by: Move, and_set: &str, mut values: Vec<Value>) -> Result<Option<Order>, OrderError> {
    // However late it is looked at, its time was over when it was over.
    let and_set = if by == Move::Expire {
        format!("{and_set}, ended_at = expires_at")
    } else {
        values.push(core.now().into());
        format!("{and_set}, ended_at = ${}", values.len() + 1)
    };
    let Some(order) = step(tx, id, by, &and_set, values).await? else {
        return Ok(None);
    };
    if let (Some(part), Some(_)) = (order.wallet_part(), order.reserved_at) {
        purses::lock(tx, &[part.person]).await?;
        let owed = ledger::standing(tx, part.person).await?.owed;
        tx.execute_raw(sql("UPDATE orders SET unreserved_at = $2 WHERE id = $1", [id.into(), core.now().into()])).await?;
        ledger::post(tx, core.now(), order_unreserved(id, order.code.as_str(), &part, owed)).await?;
    }
    Ok(Some(order))
}
