//! How a customer finds a plan: all, by platform where there are many, or by a word.

use super::customer::Talk;
use crate::app::Failure;
use crate::callback::Press;
use crate::reply::Screen;
use crate::screens::{self, PAGE, sentence_home};
use mela_core::{catalog, credentials};

/// More than fit on a page.
const MORE: u64 = PAGE as u64 + 1;

/// All plans for sale where they fit on a page; else a page of their platforms.
pub(super) async fn list(talk: &Talk, page: u32) -> Result<Screen, Failure> {
    let db = talk.app.core().db();
    let plans = catalog::for_sale(db, MORE).await?;
    if plans.len() <= PAGE {
        return Ok(screens::customer::plans(&talk.texts, &plans));
    }
    let platforms = catalog::platforms(db, skip(page), MORE).await?;
    Ok(screens::plans::platforms(&talk.texts, &platforms, page))
}

/// A page of the plans of the platform that a plan is of.
pub(super) async fn platform(talk: &Talk, plan: i64, page: u32) -> Result<Screen, Failure> {
    let plans = catalog::of_platform(talk.app.core().db(), plan, skip(page), MORE).await?;
    if plans.is_empty() {
        return list(talk, 0).await;
    }
    Ok(screens::plans::platform(&talk.texts, plan, &plans, page))
}

/// Plans with these words in title, platform or category.
pub(super) async fn search(talk: &Talk, words: &str) -> Result<Screen, Failure> {
    let found = catalog::search(talk.app.core().db(), words, screens::plans::FOUND as u64 + 1).await?;
    Ok(screens::plans::found(&talk.texts, words, &found))
}

/// One plan by its code, in any letter case.
pub(super) async fn one(talk: &Talk, code: &str) -> Result<Screen, Failure> {
    let db = talk.app.core().db();
    let Some(plan) = catalog::by_code(db, &code.to_lowercase()).await? else {
        return Ok(sentence_home(&talk.texts, "plan-gone", &[]));
    };
    let many = catalog::count_for_sale(db).await? > PAGE as u64;
    let found_at = if many { Press::Platform(plan.id, 0) } else { Press::Plans };
    let in_stock = credentials::in_stock(db, &plan).await?;
    let offer = catalog::offer(db, &plan, talk.app.core().now()).await?;
    Ok(screens::customer::plan(&talk.texts, &plan, &offer, in_stock, &found_at))
}

fn skip(page: u32) -> u64 {
    u64::from(page) * PAGE as u64
}
