//! Coupons and prices in the admin chat.

use super::Reply;
use super::admin::Desk;
use crate::app::Failure;
use crate::callback::Press;
use crate::dialogue::Question;
use crate::reply::Screen;
use crate::screens::{PAGE, coupons as screens};
use crate::terms;
use mela_core::catalog::{self, Plan};
use mela_core::coupons::{self, Coupon, CouponError};
use mela_core::db::Applied;

/// `/coupon`: all of them; one by its code; or a new one, with its terms behind the code.
pub(super) async fn command(desk: &Desk, argument: &str) -> Result<Screen, Failure> {
    let core = desk.app.core();
    let (code, line) = argument.split_once(char::is_whitespace).unwrap_or((argument, ""));
    if code.is_empty() {
        return list(desk, 0).await;
    }
    let Some(normal) = coupons::normal(code) else {
        return Ok(desk.sentence("coupon-code-wrong", &[]));
    };
    let known = coupons::by_code(core.db(), &normal).await?;
    match (known, line.trim()) {
        (Some(coupon), "") => show(desk, &coupon).await,
        (None, "") => Ok(desk.sentence("usage-coupon", &[])),
        (_, line) => draft(desk, &normal, line).await,
    }
}

pub(super) async fn list(desk: &Desk, page: u32) -> Result<Screen, Failure> {
    let found = coupons::list(desk.app.core().db(), u64::from(page) * PAGE as u64, PAGE as u64 + 1).await?;
    Ok(screens::list(&desk.texts, &found, page))
}

/// Switched off, so that what it does is seen before anybody can use it.
async fn draft(desk: &Desk, code: &str, line: &str) -> Result<Screen, Failure> {
    let core = desk.app.core();
    let (mut terms, codes) = match terms::coupon(line, core.settings().await?.shop.timezone) {
        Ok(parsed) => parsed,
        Err(unclear) => return Ok(screens::unclear(&desk.texts, &unclear.0)),
    };
    let plans = plans(desk).await?;
    for code in codes {
        match plans.iter().find(|plan| plan.code == code) {
            Some(plan) => terms.plans.push(plan.id),
            None => return Ok(desk.sentence("coupon-no-plan", &[("code", &super::admin_commands::shortened(&code))])),
        }
    }
    match coupons::draft(core, code, &terms, &desk.by).await? {
        Applied::Now(coupon) => show(desk, &coupon).await,
        Applied::Already(coupon) => Ok(desk.sentence("coupon-taken", &[("code", &coupon.code)])),
    }
}

async fn plans(desk: &Desk) -> Result<Vec<Plan>, Failure> {
    Ok(catalog::list(desk.app.core().db(), 0, 1_000_000).await?)
}

async fn show(desk: &Desk, coupon: &Coupon) -> Result<Screen, Failure> {
    let plans = plans(desk).await?;
    let used = coupons::uses(desk.app.core().db(), coupon.id, None).await?;
    Ok(screens::coupon(&desk.texts, coupon, used, &plans, &coupon.terms.below_cost(&plans)))
}

/// The buttons of coupons and prices.
pub(super) async fn press(desk: &Desk, press: Press) -> Result<Reply, Failure> {
    let core = desk.app.core();
    match press {
        Press::Coupons(page) => Ok(Reply::Show(list(desk, page).await?)),
        Press::Coupon(id) => match coupons::get(core.db(), id).await? {
            Some(coupon) => Ok(Reply::Show(show(desk, &coupon).await?)),
            None => Ok(desk.alert("stale", &[])),
        },
        // The button of a coupon that sells below cost says so: that is the yes to it.
        Press::SwitchCoupon(id, on, told) => match coupons::switch(core, id, on, told, &desk.by).await {
            Ok(coupon) => Ok(Reply::Show(show(desk, &coupon.into_inner()).await?)),
            Err(CouponError::Db(error)) => Err(error.into()),
            Err(_) => Ok(desk.alert("stale", &[])),
        },
        Press::Prices(plan) => with_plan(desk, plan).await,
        Press::AddPrice(plan) => match catalog::get(core.db(), plan).await? {
            Some(found) => {
                desk.ask(Some(&Question::PlanPrice { plan })).await?;
                Ok(Reply::Say(screens::ask_price(&desk.texts, &desk.by.name, &found)))
            }
            None => Ok(desk.alert("product-unknown", &[])),
        },
        Press::RemovePrice(plan, price) => {
            catalog::remove_price(core, price, &desk.by).await?;
            with_plan(desk, plan).await
        }
        _ => Ok(desk.alert("stale", &[])),
    }
}

async fn with_plan(desk: &Desk, id: i64) -> Result<Reply, Failure> {
    Ok(match catalog::get(desk.app.core().db(), id).await? {
        Some(plan) => Reply::Show(prices(desk, &plan).await?),
        None => desk.alert("product-unknown", &[]),
    })
}

async fn prices(desk: &Desk, plan: &Plan) -> Result<Screen, Failure> {
    let prices = catalog::prices(desk.app.core().db(), &[plan.id]).await?;
    Ok(screens::prices(&desk.texts, plan, &prices))
}

/// A price was typed. What is not understood leaves the question open.
pub(super) async fn price_typed(desk: &Desk, plan: i64, line: &str) -> Result<Screen, Failure> {
    let core = desk.app.core();
    let new = match terms::price(line, core.settings().await?.shop.timezone) {
        Ok(new) => new,
        Err(unclear) => return Ok(screens::unclear(&desk.texts, &unclear.0)),
    };
    let Some(plan) = catalog::get(core.db(), plan).await? else {
        desk.ask(None).await?;
        return Ok(desk.sentence("product-unknown", &[]));
    };
    catalog::add_price(core, &plan, &new, &desk.by).await?;
    desk.ask(None).await?;
    prices(desk, &plan).await
}
