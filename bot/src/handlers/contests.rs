//! Campaigns and contests in the admin chat.

use super::Reply;
use super::admin::Desk;
use crate::app::Failure;
use crate::callback::Press;
use crate::reply::Screen;
use crate::screens::{PAGE, contests as screens, coupons};
use crate::terms;
use mela_core::db::Applied;
use mela_core::referrals::contests::{self, Contest, ContestError};
use mela_core::referrals::{self, Board, Campaign, CampaignError};
use mela_core::users::UserId;

/// Days of a campaign that are listed.
const DAYS: u64 = 14;
/// People whom `/referrers` lists.
const REFERRERS: u64 = 15;

/// `/campaign`: all of them; one by its name, made where there was none.
pub(super) async fn campaign(desk: &Desk, argument: &str) -> Result<Screen, Failure> {
    if argument.is_empty() {
        return campaigns(desk, 0).await;
    }
    match referrals::make_campaign(desk.app.core(), argument, &desk.by).await {
        Ok(Applied::Now(made)) => show_campaign(desk, &made, true).await,
        Ok(Applied::Already(found)) => show_campaign(desk, &found, false).await,
        Err(CampaignError::Name) => Ok(desk.sentence("campaign-name-wrong", &[])),
        Err(CampaignError::Db(error)) => Err(error.into()),
    }
}

async fn campaigns(desk: &Desk, page: u32) -> Result<Screen, Failure> {
    let found = referrals::campaigns(desk.app.core().db(), u64::from(page) * PAGE as u64, PAGE as u64 + 1).await?;
    Ok(screens::campaigns(&desk.texts, &found, page))
}

async fn show_campaign(desk: &Desk, campaign: &Campaign, made: bool) -> Result<Screen, Failure> {
    let core = desk.app.core();
    let figures = referrals::campaign_figures(core, campaign.id).await?;
    let days = referrals::campaign_days(core.db(), campaign.id, DAYS).await?;
    Ok(screens::campaign(&desk.texts, desk.app.bot_name(), campaign, made, &figures, &days))
}

/// `/referrers`: who sells most by their link this month, with all that they brought.
pub(super) async fn referrers(desk: &Desk) -> Result<Screen, Failure> {
    let core = desk.app.core();
    let today = core.settings().await?.shop.day(core.now());
    let mut found = Vec::new();
    for leader in referrals::leaders(core, Board::month_of(today), REFERRERS).await? {
        let funnel = referrals::funnel(core, UserId(leader.user_id)).await?;
        found.push((leader, funnel));
    }
    Ok(screens::referrers(&desk.texts, &found))
}

/// `/contest`: all of them; or a draft of a new one.
pub(super) async fn contest(desk: &Desk, argument: &str) -> Result<Screen, Failure> {
    if argument.is_empty() {
        return contests(desk, 0).await;
    }
    let core = desk.app.core();
    let new = match terms::contest(argument, core.settings().await?.shop.timezone, core.now()) {
        Ok(new) => new,
        Err(unclear) => return Ok(coupons::unclear(&desk.texts, &unclear.0)),
    };
    match contests::draft(core, &new, &desk.by, &format!("tg:{}", desk.speaker.update_id)).await {
        Ok(contest) => show_contest(desk, &contest).await,
        Err(ContestError::Time) => Ok(desk.sentence("contest-time-wrong", &[])),
        Err(error) => Err(error.into()),
    }
}

async fn contests(desk: &Desk, page: u32) -> Result<Screen, Failure> {
    let found = contests::list(desk.app.core().db(), u64::from(page) * PAGE as u64, PAGE as u64 + 1).await?;
    Ok(screens::contests(&desk.texts, &found, page))
}

async fn show_contest(desk: &Desk, contest: &Contest) -> Result<Screen, Failure> {
    let winners = contests::winners(desk.app.core().db(), contest.id).await?;
    Ok(screens::contest(&desk.texts, contest, &winners))
}

/// The buttons of campaigns and contests.
pub(super) async fn press(desk: &Desk, press: Press) -> Result<Reply, Failure> {
    let core = desk.app.core();
    let changed = match press {
        Press::Campaigns(page) => return Ok(Reply::Show(campaigns(desk, page).await?)),
        Press::Campaign(name) => {
            return Ok(match referrals::campaign(core.db(), &name).await? {
                Some(campaign) => Reply::Show(show_campaign(desk, &campaign, false).await?),
                None => desk.alert("stale", &[]),
            });
        }
        Press::Contests(page) => return Ok(Reply::Show(contests(desk, page).await?)),
        Press::Contest(id) => contests::get(core.db(), id).await.map_err(ContestError::from),
        Press::StartContest(id) => contests::start(core, id, &desk.by).await.map(|started| Some(started.into_inner())),
        Press::CancelContest(id) => contests::cancel(core, id, &desk.by).await.map(|cancelled| Some(cancelled.into_inner())),
        _ => Ok(None),
    };
    match changed {
        Ok(Some(contest)) => Ok(Reply::Show(show_contest(desk, &contest).await?)),
        Ok(None) => Ok(desk.alert("stale", &[])),
        Err(ContestError::NotNow(contest)) => Ok(Reply::Show(show_contest(desk, &contest).await?)),
        Err(ContestError::Own) => Ok(desk.alert("contest-own", &[])),
        Err(ContestError::Time) => Ok(desk.alert("contest-time-wrong", &[])),
        Err(error) => Err(error.into()),
    }
}
