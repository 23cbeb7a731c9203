//! A customer reports a problem with what they have.

use super::Reply;
use super::customer::Talk;
use super::subscriptions::own;
use crate::app::Failure;
use crate::callback::Press;
use crate::dialogue::Question;
use crate::reply::Screen;
use crate::screens::tickets::{self as screen, PROBLEMS};
use crate::screens::{sentence, sentence_home};
use mela_core::db::Applied;
use mela_core::subscriptions::{self, Subscription};
use mela_core::tickets::{self, Reason, TicketError};

/// Open tickets that `/support` names.
const NAMED: u64 = 10;

/// `/support`: whom to write to, and which tickets are open.
pub(super) async fn support(talk: &Talk) -> Result<Screen, Failure> {
    let db = talk.app.core().db();
    let mut open = Vec::new();
    for ticket in tickets::open_of(db, talk.user.user_id(), NAMED).await? {
        if let Some(about) = subscriptions::find(db, ticket.subscription_id).await? {
            open.push((ticket, about));
        }
    }
    Ok(screen::support(&talk.texts, &talk.settings.shop.support, &open))
}

/// Does what a press asks for.
pub(super) async fn press(talk: &Talk, press: Press) -> Result<Reply, Failure> {
    let alert = |key| Ok(Reply::Alert(talk.texts.plain(key, &[])));
    let (Press::Report(id) | Press::ReportFor(id, _) | Press::ReportOther(id)) = press else {
        return alert("stale");
    };
    let Some(found) = own(talk, id).await? else {
        return alert("subscription-unknown");
    };
    if let Press::ReportFor(_, number) = press {
        let Some((reason, _)) = PROBLEMS.get(usize::from(number)) else {
            return alert("stale");
        };
        return match opened(talk, &found, *reason, None).await? {
            Ok(screen) => Ok(Reply::Show(screen)),
            Err(key) => alert(key),
        };
    }
    if !found.runs(talk.app.core().now()) {
        return alert("report-over");
    }
    if found.waits_for_stock() {
        return alert("report-waits");
    }
    let open = tickets::open_of(talk.app.core().db(), talk.user.user_id(), u64::from(u16::MAX)).await?;
    if let Some(ticket) = open.iter().find(|ticket| ticket.subscription_id == id) {
        return Ok(Reply::Show(screen::opened(&talk.texts, ticket, &found, true)));
    }
    if let Press::ReportOther(_) = press {
        talk.ask(Some(&Question::TicketWords { subscription: id })).await?;
        return Ok(Reply::Show(screen::ask_words(&talk.texts, &found)));
    }
    talk.ask(None).await?;
    Ok(Reply::Show(screen::ask(&talk.texts, &found)))
}

/// The problem in words: too few or too many leave the question open.
pub(super) async fn words(talk: &Talk, text: &str, id: i64) -> Result<Screen, Failure> {
    let text = text.replace('\0', "");
    let Some(found) = own(talk, id).await? else {
        talk.ask(None).await?;
        return Ok(sentence_home(&talk.texts, "subscription-unknown", &[]));
    };
    match opened(talk, &found, Reason::Other, Some(&text)).await? {
        Ok(screen) => {
            talk.ask(None).await?;
            Ok(screen)
        }
        Err("report-words-wrong") => Ok(sentence(&talk.texts, "report-words-wrong", &[("most", &tickets::LONGEST_WORDS)])),
        Err(key) => {
            talk.ask(None).await?;
            Ok(sentence_home(&talk.texts, key, &[]))
        }
    }
}

/// The screen of the ticket that was opened, or the key of why not.
async fn opened(talk: &Talk, found: &Subscription, reason: Reason, words: Option<&str>) -> Result<Result<Screen, &'static str>, Failure> {
    let key = format!("tg:{}", talk.speaker.update_id);
    Ok(match tickets::open(talk.app.core(), &talk.user, found.id, reason, words, &key).await {
        Ok(ticket) => {
            let again = matches!(&ticket, Applied::Already(ticket) if ticket.reason != reason || ticket.words.as_deref() != words.map(str::trim));
            Ok(screen::opened(&talk.texts, &ticket.into_inner(), found, again))
        }
        Err(TicketError::NotFound) => Err("subscription-unknown"),
        Err(TicketError::Over) => Err("report-over"),
        Err(TicketError::Waits) => Err("report-waits"),
        Err(TicketError::Words) => Err("report-words-wrong"),
        Err(error) => return Err(error.into()),
    })
}
