//! How a customer finds a plan: all, by platform where there are many, or by a word.

use super::customer::Talk;
use crate::app::Failure;
use crate::callback::Press;
use crate::reply::Screen;
use crate::screens::{self, PAGE, sentence_home};
use mela_core::catalog::By;
use mela_core::money::Rupees;
use mela_core::users::Invitation;
use mela_core::{catalog, credentials, welcome};

/// More than fit on a page.
const MORE: u64 = PAGE as u64 + 1;

/// All plans for sale where they fit on a page; else a page of their platforms.
pub(super) async fn list(talk: &Talk, page: u32) -> Result<Screen, Failure> {
    let db = talk.app.core().db();
    let plans = catalog::for_sale(db, MORE).await?;
    if plans.len() <= PAGE {
        let plans = catalog::priced(db, plans, talk.app.core().now()).await?;
        return Ok(screens::customer::plans(&talk.texts, &plans));
    }
    let by = catalog::browsed_by(db).await?;
    let groups = catalog::groups(db, by, skip(page), MORE).await?;
    Ok(screens::plans::groups(&talk.texts, by, &groups, page))
}

/// A page of the plans of the platform, or category, that a plan is of.
pub(super) async fn group(talk: &Talk, by: By, plan: i64, page: u32) -> Result<Screen, Failure> {
    let plans = catalog::of_group(talk.app.core().db(), by, plan, skip(page), MORE).await?;
    if plans.is_empty() {
        return list(talk, 0).await;
    }
    let plans = catalog::priced(talk.app.core().db(), plans, talk.app.core().now()).await?;
    Ok(screens::plans::group(&talk.texts, by, plan, &plans, page))
}

/// One plan by its code, with a word on the invitation that came along in its link.
pub(super) async fn linked(talk: &Talk, code: &str, invitation: &Invitation) -> Result<Screen, Failure> {
    let mut screen = one(talk, code).await?;
    if let Some(word) = screens::customer::invited(&talk.texts, invitation) {
        screen.text = format!("{word}\n\n{}", screen.text);
    }
    Ok(screen)
}

/// To be told when a plan is back, or no more. One that is back already is simply shown.
pub(super) async fn wait(talk: &Talk, code: &str, on: bool) -> Result<Screen, Failure> {
    let db = talk.app.core().db();
    if let Some(plan) = catalog::by_code(db, code).await?
        && (!on || !credentials::in_stock(db, &plan).await?)
    {
        catalog::restock::wait(talk.app.core(), talk.user.user_id(), plan.id, on).await?;
    }
    one(talk, code).await
}

/// Plans with these words in title, platform or category.
pub(super) async fn search(talk: &Talk, words: &str) -> Result<Screen, Failure> {
    let found = catalog::search(talk.app.core().db(), words, 0, screens::plans::FOUND as u64 + 1).await?;
    let found = catalog::priced(talk.app.core().db(), found, talk.app.core().now()).await?;
    Ok(screens::plans::found(&talk.texts, words, &found))
}

/// One plan by its code, in any letter case.
pub(super) async fn one(talk: &Talk, code: &str) -> Result<Screen, Failure> {
    let db = talk.app.core().db();
    let Some(plan) = catalog::by_code(db, &code.to_lowercase()).await? else {
        return Ok(sentence_home(&talk.texts, "plan-gone", &[]));
    };
    let many = catalog::count_for_sale(db).await? > PAGE as u64;
    let found_at = if many { screens::plans::of(catalog::browsed_by(db).await?, plan.id, 0) } else { Press::Plans };
    let in_stock = credentials::in_stock(db, &plan).await?;
    let offer = catalog::offer(db, &plan, talk.app.core().now()).await?;
    let gift = if in_stock {
        welcome::offered(talk.app.core(), talk.user.user_id(), offer.price, plan.cost).await?
    } else {
        Rupees::ZERO
    };
    let screen = screens::customer::plan(&talk.texts, &plan, &offer, in_stock, gift, &found_at);
    if in_stock {
        return Ok(screen);
    }
    let waits = catalog::restock::waits(db, talk.user.user_id(), plan.id).await?;
    Ok(screens::plans::run_out(&talk.texts, screen, &plan, waits))
}

fn skip(page: u32) -> u64 {
    u64::from(page) * PAGE as u64
}
