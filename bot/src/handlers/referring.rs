//! `/refer` and what is behind it: the card, the figures, who joined, leaderboards, a code of one's own.

use super::Reply;
use super::customer::Talk;
use crate::app::Failure;
use crate::callback::Press;
use crate::commands::Start;
use crate::dialogue::Question;
use crate::reply::{Picture, Screen};
use crate::screens::{PAGE, referring as screens, sentence_home};
use mela_core::referrals::contests::{self, ContestState};
use mela_core::referrals::{self, Board, Vanity, VanityError};
use mela_core::{catalog, commissions};
use std::sync::Arc;

/// Days in the chart.
const DAYS: u64 = 30;
/// Contests that are offered on a leaderboard.
const CONTESTS: u64 = 5;

fn link(talk: &Talk, code: &str) -> String {
    Start { invited_by: Some(code.to_owned()), ..Start::default() }.link(talk.app.bot_name())
}

/// What is drawn is drawn beside all else that is served. Without it the words say everything.
async fn drawn(draw: impl FnOnce() -> Result<Picture, String> + Send + 'static) -> Option<Picture> {
    let drawn = tokio::task::spawn_blocking(draw).await.map_err(|error| error.to_string());
    drawn.flatten().inspect_err(|error| tracing::error!(%error, "a picture could not be drawn")).ok()
}

/// The person's link with its card.
pub(super) async fn refer(talk: &Talk) -> Result<Screen, Failure> {
    let core = talk.app.core();
    let chosen = referrals::vanity_of(core.db(), talk.user.user_id()).await?;
    let code = chosen.clone().unwrap_or_else(|| talk.user.code.to_string());
    let link = link(talk, &code);
    let plans = catalog::priced(core.db(), catalog::for_sale(core.db(), 1).await?, core.now()).await?;
    let terms = commissions::terms(core, talk.user.user_id()).await?;
    let example = plans.first().map(|plan| {
        let earns = terms.on(plan, plan.price);
        (plan.title.as_str(), earns.level1, earns.level2)
    });
    let funnel = referrals::funnel(core, talk.user.user_id()).await?;
    let card = {
        let (texts, settings, name) = (talk.texts.clone(), Arc::clone(&talk.settings), talk.user.name.clone());
        let (code, link) = (code.clone(), link.clone());
        drawn(move || screens::card(&texts, &settings, &name, &code, &link)).await
    };
    let inline = talk.app.me().is_asked_inline();
    let referring = screens::Referring { link: &link, chosen: chosen.is_some(), funnel, example, inline };
    Ok(screens::refer(&talk.texts, &referring, card))
}

async fn figures(talk: &Talk) -> Result<Screen, Failure> {
    let (core, person) = (talk.app.core(), talk.user.user_id());
    let funnel = referrals::funnel(core, person).await?;
    let days = referrals::days(core, person, DAYS).await?;
    let (texts, settings) = (talk.texts.clone(), Arc::clone(&talk.settings));
    let chart = drawn(move || screens::chart(&texts, &settings, &days)).await;
    Ok(screens::figures(&talk.texts, &funnel, chart))
}

async fn board(talk: &Talk, board: Board) -> Result<Screen, Failure> {
    let core = talk.app.core();
    let contest = match board {
        Board::Contest(id) => contests::get(core.db(), id).await?.filter(|contest| matches!(contest.state, ContestState::Open | ContestState::Done)),
        Board::Week(_) | Board::Month(_) => None,
    };
    if matches!(board, Board::Contest(_)) && contest.is_none() {
        return Ok(sentence_home(&talk.texts, "contest-unknown", &[]));
    }
    let winners = match &contest {
        Some(contest) => contests::winners(core.db(), contest.id).await?,
        None => Vec::new(),
    };
    let running = contests::running(core.db(), CONTESTS).await?;
    let standings = referrals::standings(core, board, talk.user.user_id()).await?;
    let on = screens::OnBoard { board, contest: contest.as_ref(), winners: &winners, running: &running };
    Ok(screens::board(&talk.texts, &on, &standings))
}

/// The leaderboard of this week.
pub(super) async fn this_week(talk: &Talk) -> Result<Screen, Failure> {
    let today = talk.settings.shop.day(talk.app.core().now());
    board(talk, Board::week_of(today)).await
}

/// The buttons behind `/refer`.
pub(super) async fn press(talk: &Talk, press: Press) -> Result<Reply, Failure> {
    let (core, person) = (talk.app.core(), talk.user.user_id());
    let screen = match press {
        Press::ReferFigures => figures(talk).await?,
        Press::ReferFriends(below) => {
            let below = (below > 0).then_some(below);
            let found = referrals::friends(core.db(), person, below, PAGE as u64 + 1).await?;
            screens::friends(&talk.texts, &found, below)
        }
        Press::BoardWeek => this_week(talk).await?,
        Press::BoardMonth => board(talk, Board::month_of(talk.settings.shop.day(core.now()))).await?,
        Press::BoardContest(id) => board(talk, Board::Contest(id)).await?,
        Press::AppearOnBoards(on) => {
            referrals::appear(core, person, on).await?;
            this_week(talk).await?
        }
        Press::AskVanity => {
            if let Some(code) = referrals::vanity_of(core.db(), person).await? {
                return Ok(Reply::Alert(screens::not_that_vanity(&talk.texts, &VanityError::Chosen(code))));
            }
            talk.ask(Some(&Question::Vanity)).await?;
            screens::ask_vanity(&talk.texts)
        }
        Press::TakeVanity(code) => return take(talk, &code).await,
        _ => {
            talk.ask(None).await?;
            refer(talk).await?
        }
    };
    Ok(Reply::Show(screen))
}

/// A code was typed. One that cannot be leaves the question open.
pub(super) async fn vanity_typed(talk: &Talk, text: &str) -> Result<Screen, Failure> {
    let free = match Vanity::try_new(text, talk.settings.shop.name.as_str()) {
        Ok(vanity) => referrals::free(talk.app.core().db(), talk.user.user_id(), &vanity).await.map(|()| vanity),
        Err(error) => Err(error),
    };
    match free {
        Ok(vanity) => {
            talk.ask(None).await?;
            let link = link(talk, vanity.as_str());
            Ok(screens::confirm_vanity(&talk.texts, &vanity, &link))
        }
        Err(VanityError::Db(error)) => Err(error.into()),
        Err(error) => {
            if let VanityError::Chosen(_) = error {
                talk.ask(None).await?;
            }
            let why = screens::not_that_vanity(&talk.texts, &error);
            Ok(sentence_home(&talk.texts, "vanity-not", &[("why", &why)]))
        }
    }
}

/// It is meant. What a button carries is read like what is typed.
async fn take(talk: &Talk, code: &str) -> Result<Reply, Failure> {
    let chosen = match Vanity::try_new(code, talk.settings.shop.name.as_str()) {
        Ok(vanity) => referrals::choose(talk.app.core(), talk.user.user_id(), &vanity).await.map(|_| ()),
        Err(error) => Err(error),
    };
    match chosen {
        Ok(()) => Ok(Reply::Show(refer(talk).await?)),
        Err(VanityError::Db(error)) => Err(error.into()),
        Err(error) => Ok(Reply::Alert(screens::not_that_vanity(&talk.texts, &error))),
    }
}
