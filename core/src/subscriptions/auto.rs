//! Renewing from the wallet, for whoever wants that: on the day of the end, and the day after where the wallet did not cover it.

use super::remind::day_begins;
use super::renew::renew_in;
use super::{SubscriptionError, own};
use crate::db::{Applied, is_away, retrying, sql};
use crate::notifications::{self, Letter, Notice};
use crate::orders::OrderError;
use crate::users::{self, User, UserId};
use crate::{Core, catalog, commissions, ledger, payments, purses};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

/// Whether a person's own subscription is to be renewed from their wallet when it ends.
///
/// # Errors
/// No such subscription; its money went back.
pub async fn set_auto_renew(core: &Core, person: &User, id: i64, on: bool) -> Result<(), SubscriptionError> {
    if own(core.db(), person.user_id(), id).await?.is_none() {
        return Err(SubscriptionError::NotFound);
    }
    // Whoever switches it on on the last day wants it tried.
    let text = "UPDATE subscription SET auto_renew = $3, auto_tried_on = CASE WHEN auto_renew = $3 THEN auto_tried_on END
                WHERE id = $1 AND user_id = $2 AND ended_at IS NULL";
    let changed = core.db().execute_raw(sql(text, [id.into(), person.id.into(), on.into()])).await?;
    if changed.rows_affected() == 0 { Err(SubscriptionError::Cancelled) } else { Ok(()) }
}

/// Renews those that are due, each in a transaction of its own, at most `limit` after the row `after`; answers the last row looked at, nothing when there
/// was none. Any number of workers may do this at once. One that fails is logged and keeps no other.
///
/// # Errors
/// The database is away.
pub async fn auto_renew_due(core: &Core, after: i64, limit: u64) -> Result<Option<i64>, DbErr> {
    #[derive(FromQueryResult)]
    struct Due {
        id: i64,
    }
    let settings = core.settings().await?;
    let now = core.now();
    let due = Due::find_by_statement(sql(
        "SELECT s.id FROM subscription s JOIN plan p ON p.id = s.plan_id AND p.active
         WHERE s.auto_renew AND s.ended_at IS NULL AND s.ends_at >= $1 AND s.ends_at < $2 AND s.auto_tried_on IS DISTINCT FROM $3 AND s.id > $4
         ORDER BY s.id LIMIT $5",
        [
            day_begins(&settings, now, -1).into(),
            day_begins(&settings, now, 1).into(),
            settings.shop.day(now).into(),
            after.into(),
            limit.cast_signed().into(),
        ],
    ))
    .all(core.db())
    .await?;
    for due in &due {
        match retrying(|| renew_one(core, due.id)).await {
            Ok(()) => {}
            Err(SubscriptionError::Db(error)) if is_away(&error) => return Err(error),
            Err(error) => tracing::error!(subscription = due.id, %error, "a subscription could not be renewed from the wallet"),
        }
    }
    Ok(due.last().map(|due| due.id))
}

/// Renews one, or says what is missing. The row's lock lets one worker do it; order, payment and the note that it was tried are one transaction.
async fn renew_one(core: &Core, id: i64) -> Result<(), SubscriptionError> {
    #[derive(FromQueryResult)]
    struct Row {
        user_id: i64,
        plan_id: i64,
    }
    let tx = core.begin().await?;
    let settings = core.settings_store().get(&tx).await?;
    let (now, today) = (core.now(), settings.shop.day(core.now()));
    // Whoever is paying a renewal at this moment is not to pay twice: it is looked at again when that order ended.
    let row = Row::find_by_statement(sql(
        "UPDATE subscription SET auto_tried_on = $4 WHERE id = (
           SELECT s.id FROM subscription s
           WHERE s.id = $1 AND s.auto_renew AND s.ended_at IS NULL AND s.ends_at >= $2 AND s.ends_at < $3 AND s.auto_tried_on IS DISTINCT FROM $4
             AND NOT EXISTS (SELECT FROM orders o WHERE o.renews = s.id AND o.state IN ('awaiting_payment', 'in_review'))
           FOR UPDATE SKIP LOCKED)
         RETURNING user_id, plan_id",
        [id.into(), day_begins(&settings, now, -1).into(), day_begins(&settings, now, 1).into(), today.into()],
    ))
    .one(&tx)
    .await?;
    let Some(row) = row else { return Ok(tx.rollback().await?) };
    let Some(plan) = catalog::get(&tx, row.plan_id).await?.filter(|plan| plan.active) else {
        return Ok(tx.rollback().await?);
    };
    let person = users::get(&tx, UserId(row.user_id)).await?;
    let price = catalog::price_of(&tx, &plan, 1, now).await?;
    purses::lock_chain(&tx, person.user_id()).await?;
    // What is due counts: a late job denies nobody their money.
    commissions::release_in(core, &tx, person.user_id()).await.map_err(OrderError::from)?;
    let to_spend = ledger::standing(&tx, person.user_id()).await?.to_spend();
    if to_spend < price {
        let notice = Notice::AutoRenewMissing { subscription: id, price, missing: price - to_spend };
        let key = format!("auto-renew-missing:{id}:{today}");
        notifications::tell_all(&tx, now, &[Letter { to: Some(person.user_id()), notice, dedupe_key: Some(key) }]).await?;
        return Ok(tx.commit().await?);
    }
    let Applied::Now(order) = renew_in(core, &tx, &person, id, false).await? else {
        return Ok(tx.rollback().await?);
    };
    // One a day at most, whatever happens: the key is the payment's.
    let key = format!("auto-renew:{id}:{today}");
    payments::pay_from_wallet_in(core, &tx, &person, &order.code, &key).await?;
    Ok(tx.commit().await?)
}
