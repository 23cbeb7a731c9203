//! Renewing: an order like any other, which lets its subscription last longer when it is paid.

use super::{Subscription, SubscriptionError, own};
use crate::Core;
use crate::catalog;
use crate::db::{Applied, Tx, retrying, sql};
use crate::orders::{self, Draft, Line, Order};
use crate::settings::Settings;
use crate::users::User;
use sea_orm::{ConnectionTrait, DbErr, EntityTrait};

/// Orders a renewal at the plan's price of now; while one is open, that one is the answer.
///
/// # Errors
/// No such subscription; its money went back, or it ended too long ago; its plan is not for sale.
pub async fn renew(core: &Core, person: &User, id: i64) -> Result<Applied<Order>, SubscriptionError> {
    retrying(|| async {
        let tx = core.begin().await?;
        let order = renew_in(core, &tx, person, id, true).await?;
        tx.commit().await?;
        Ok(order)
    })
    .await
}

/// `awaited`: whether its money is to come from outside.
pub(super) async fn renew_in(core: &Core, tx: &Tx, person: &User, id: i64, awaited: bool) -> Result<Applied<Order>, SubscriptionError> {
    let settings = core.settings_store().get(tx).await?;
    let now = core.now();
    let found = own(tx, person.user_id(), id).await?.ok_or(SubscriptionError::NotFound)?;
    // What is being checked is as good as paid: it is not to be paid twice.
    let checked = "SELECT * FROM orders WHERE renews = $1 AND buyer_id = $2 AND state = 'in_review' ORDER BY id LIMIT 1";
    if let Some(order) = orders::Entity::find().from_raw_sql(sql(checked, [id.into(), person.id.into()])).one(tx).await? {
        return Ok(Applied::Already(order));
    }
    if found.ended_at.is_some() {
        return Err(SubscriptionError::Cancelled);
    }
    if !found.can_be_renewed(now, settings.subscriptions.renew_within.delta()) {
        return Err(SubscriptionError::TooLate);
    }
    let plan = catalog::get(tx, found.plan_id).await?.filter(|plan| plan.active).ok_or(SubscriptionError::NotForSale)?;
    let price = catalog::price_of(tx, &plan, 1, now).await?;
    let earns = earns(tx, &settings, &found).await?;
    let line = Line { plan, quantity: 1, price };
    let draft = Draft { lines: vec![line], direct: false, coupon: None, renews: Some(id), gift: false, earns, awaited };
    Ok(orders::place_draft_in(core, tx, person, &draft).await?)
}

/// Whether the next renewal shares its profit, by how many did before; one that was given back is as if it had not been.
async fn earns(tx: &Tx, settings: &Settings, found: &Subscription) -> Result<bool, DbErr> {
    let Some(most) = settings.commissions.renewals.most() else {
        return Ok(true);
    };
    let counted = "SELECT 1 FROM orders WHERE renews = $1 AND paid_at IS NOT NULL AND refunded < price LIMIT $2";
    let before = tx.query_all_raw(sql(counted, [found.id.into(), i64::from(most).into()])).await?;
    Ok(before.len() < most as usize)
}
