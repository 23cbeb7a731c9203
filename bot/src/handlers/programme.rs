//! What a person earned, and what the next sale earns by the rules of now.

use super::customer::Talk;
use crate::app::Failure;
use crate::reply::Screen;
use crate::screens::{self, PAGE};
use mela_core::{catalog, commissions, fraud};

/// Limits' cuts that are named above the commissions.
const CUTS: u64 = 3;

/// A page of a person's commissions; the first has the rules above them.
pub(super) async fn earnings(talk: &Talk, page: u32) -> Result<Screen, Failure> {
    let (core, person) = (talk.app.core(), talk.user.user_id());
    let found = commissions::history(core.db(), person, u64::from(page) * PAGE as u64, PAGE as u64 + 1).await?;
    let above = if page == 0 {
        let terms = commissions::terms(core, person).await?;
        let plan = catalog::priced(core.db(), catalog::for_sale(core.db(), 1).await?, core.now()).await?.pop();
        let cuts = commissions::not_booked(core.db(), person, CUTS).await?;
        screens::programme::above_earnings(&talk.texts, &terms, plan.as_ref(), &cuts)
    } else {
        String::new()
    };
    let frozen = fraud::is_frozen(core.db(), person).await?;
    super::holds::below(talk, screens::money::earnings(&talk.texts, &above, &found, page, frozen)).await
}

/// All the rules.
pub(super) async fn rules(talk: &Talk) -> Result<Screen, Failure> {
    let core = talk.app.core();
    let terms = commissions::terms(core, talk.user.user_id()).await?;
    let plans = catalog::priced(core.db(), catalog::for_sale(core.db(), PAGE as u64).await?, core.now()).await?;
    Ok(screens::programme::rules(&talk.texts, &terms, &plans))
}
