//! What a person has: shown, opened, renewed.

use super::Reply;
use super::customer::{Talk, payment, revealed_or};
use crate::app::Failure;
use crate::callback::Press;
use crate::reply::Screen;
use crate::screens::{PAGE, sentence_home, subscriptions as screen};
use mela_core::catalog;
use mela_core::credentials;
use mela_core::db::Applied;
use mela_core::orders::{self, OrderState};
use mela_core::subscriptions::{self, Subscription, SubscriptionError};

/// `/subscriptions`: the list, or the only one there is.
pub(super) async fn begin(talk: &Talk) -> Result<Screen, Failure> {
    talk.ask(None).await?;
    list(talk, 0).await
}

async fn list(talk: &Talk, page: u32) -> Result<Screen, Failure> {
    let core = talk.app.core();
    let skip = u64::from(page) * PAGE as u64;
    let found = subscriptions::list(core.db(), talk.user.user_id(), core.now(), skip, PAGE as u64 + 1).await?;
    if let ([only], 0) = (found.as_slice(), page) {
        return one(talk, only, true).await;
    }
    let shown: Vec<_> = found.iter().map(|found| shown(talk, found)).collect();
    Ok(screen::list(&talk.texts, &shown, page))
}

fn shown<'a>(talk: &Talk, found: &'a Subscription) -> screen::Shown<'a> {
    let now = talk.app.core().now();
    screen::Shown {
        state: found.state(now, talk.settings.subscriptions.expiring_within.delta()),
        days_left: found.days_left(&talk.settings.shop, now),
        price: None,
        alone: false,
        found,
    }
}

async fn one(talk: &Talk, found: &Subscription, alone: bool) -> Result<Screen, Failure> {
    let core = talk.app.core();
    let renewable = found.can_be_renewed(core.now(), talk.settings.subscriptions.renew_within.delta());
    let plan = catalog::get(core.db(), found.plan_id).await?.filter(|plan| renewable && plan.active);
    let price = match &plan {
        Some(plan) => Some(catalog::price_of(core.db(), plan, 1, core.now()).await?),
        None => None,
    };
    Ok(screen::one(&talk.texts, &screen::Shown { price, alone, ..shown(talk, found) }))
}

/// The person's own subscription of a button: another's is as unknown as none.
pub(super) async fn own(talk: &Talk, id: i64) -> Result<Option<Subscription>, Failure> {
    Ok(subscriptions::own(talk.app.core().db(), talk.user.user_id(), id).await?)
}

/// Does what a press asks for.
pub(super) async fn press(talk: &Talk, press: Press) -> Result<Reply, Failure> {
    talk.ask(None).await?;
    let alert = |key| Ok(Reply::Alert(talk.texts.plain(key, &[])));
    let id = match press {
        Press::Subscriptions(page) => return Ok(Reply::Show(list(talk, page).await?)),
        Press::Subscription(id) | Press::SubscriptionCredentials(id) | Press::Renew(id) | Press::AutoRenew(id, _) => id,
        _ => return alert("stale"),
    };
    let Some(found) = own(talk, id).await? else {
        return alert("subscription-unknown");
    };
    match press {
        Press::SubscriptionCredentials(_) => credentials(talk, &found).await,
        Press::Renew(_) => renew(talk, id).await,
        Press::AutoRenew(_, on) => match subscriptions::set_auto_renew(talk.app.core(), &talk.user, id, on).await {
            Ok(()) => Ok(Reply::Show(one(talk, &Subscription { auto_renew: on, ..found }, false).await?)),
            Err(SubscriptionError::NotFound | SubscriptionError::Cancelled) => alert("subscription-cancelled"),
            Err(error) => Err(error.into()),
        },
        _ => Ok(Reply::Show(one(talk, &found, false).await?)),
    }
}

/// In a message of its own: one that is edited could not be kept from being passed on.
async fn credentials(talk: &Talk, found: &Subscription) -> Result<Reply, Failure> {
    let core = talk.app.core();
    let alert = |key| Ok(Reply::Alert(talk.texts.plain(key, &[])));
    let (Some(order), Some(n), true) = (found.unit_order, found.unit, found.runs(core.now())) else {
        return alert("subscription-nothing");
    };
    let order = orders::get(core.db(), order).await?;
    // Who holds the subscription holds the order, be it their own or a gift to them.
    if order.holder() != Some(talk.user.user_id()) {
        return alert("subscription-nothing");
    }
    let revealed = credentials::reveal_item(core, &order, n).await.map(|page| (order, page));
    revealed_or(talk, revealed, "subscription-nothing").await
}

/// Orders the renewal: its payment screen.
async fn renew(talk: &Talk, id: i64) -> Result<Reply, Failure> {
    let alert = |key| Ok(Reply::Alert(talk.texts.plain(key, &[])));
    match subscriptions::renew(talk.app.core(), &talk.user, id).await {
        Ok(placed) => {
            let again = matches!(placed, Applied::Already(_));
            let order = placed.into_inner();
            Ok(Reply::Show(if order.state == OrderState::InReview {
                sentence_home(&talk.texts, "proof-in-review", &[("order", &format!("O-{}", order.code))])
            } else {
                payment(talk, &order, again).await?
            }))
        }
        Err(SubscriptionError::NotFound) => alert("subscription-unknown"),
        Err(SubscriptionError::Cancelled) => alert("subscription-cancelled"),
        Err(SubscriptionError::TooLate) => alert("subscription-too-late"),
        Err(SubscriptionError::NotForSale) => alert("plan-gone"),
        Err(error) => Err(error.into()),
    }
}
