//! The friend's gift: what somebody who joined by a link gets off their first order.

use crate::Core;
use crate::coupons::discount;
use crate::db::{Tx, sql};
use crate::money::Rupees;
use crate::settings::Friend;
use crate::users::UserId;
use sea_orm::{ConnectionTrait, DbErr};

/// What the gift takes off what is left of a price when coupons are off it: not below a rupee, and below cost only where the settings say so.
#[must_use]
pub fn off(friend: &Friend, price: Rupees, cost: Rupees) -> Rupees {
    let Some(value) = friend.discount.get() else { return Rupees::ZERO };
    let off = discount(value, price, price);
    if friend.below_cost { off } else { off.min(price - cost).max(Rupees::ZERO) }
}

/// What the gift takes off an order that a person would place now.
///
/// # Errors
/// The database.
pub async fn offered(core: &Core, person: UserId, price: Rupees, cost: Rupees) -> Result<Rupees, DbErr> {
    let off = off(&core.settings().await?.friend, price, cost);
    if off.is_positive() && is_due(core.db(), person).await? { Ok(off) } else { Ok(Rupees::ZERO) }
}

/// The same for an order that is placed now. Who has it due waits for their own other orders, so that one alone gets it.
pub(crate) async fn take_in(tx: &Tx, friend: &Friend, person: UserId, price: Rupees, cost: Rupees) -> Result<Rupees, DbErr> {
    let off = off(friend, price, cost);
    if !off.is_positive() || !is_due(tx, person).await? {
        return Ok(Rupees::ZERO);
    }
    tx.execute_raw(sql("SELECT FROM users WHERE id = $1 FOR NO KEY UPDATE", [person.0.into()])).await?;
    Ok(if is_due(tx, person).await? { off } else { Rupees::ZERO })
}

/// Whether somebody joined by a link, has bought nothing, and no other order of theirs has the gift. As of a coupon's use: an order that ended unpaid
/// does not count.
async fn is_due(db: &impl ConnectionTrait, person: UserId) -> Result<bool, DbErr> {
    let text = "SELECT 1 FROM users u WHERE u.id = $1 AND u.referred_by IS NOT NULL AND NOT EXISTS (
                  SELECT FROM orders o WHERE o.buyer_id = u.id AND (o.paid_at IS NOT NULL OR o.friend_off > 0 AND o.state NOT IN ('expired', 'cancelled')))";
    Ok(db.query_one_raw(sql(text, [person.0.into()])).await?.is_some())
}
