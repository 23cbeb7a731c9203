//! Presses on a ticket's card, and staff's answer to whoever opened it.

use super::Reply;
use super::admin::{Desk, passed_on};
use super::admin_cards::{bring, redraw, shown};
use crate::app::Failure;
use crate::callback::Press;
use crate::card::{self, Kind};
use crate::dialogue::Question;
use crate::inbox;
use crate::reply::{Place, Screen};
use crate::screens::tickets as screen;
use mela_core::tickets::{self, TicketError, TicketState};
use mela_core::users::{self, UserId};
use teloxide::types::Message;

/// Does what a press on a card asks for.
pub(super) async fn press(desk: &Desk, press: Press, place: Place) -> Result<Reply, Failure> {
    let core = desk.app.core();
    let (id, settled) = match press {
        Press::ReplaceTicket(id) => (id, tickets::replace(core, id, &desk.by, false).await),
        Press::RetireTicket(id) => (id, tickets::replace(core, id, &desk.by, true).await),
        Press::CloseTicket(id) => (id, tickets::close(core, id, &desk.by).await),
        Press::BringTicket(id) => return bring(desk, Kind::Ticket, id, &drawn(desk, id).await?, place.chat_id).await,
        Press::AnswerTicket(id) => return ask(desk, id).await,
        _ => return Ok(desk.alert("stale", &[])),
    };
    let late = match settled {
        Ok(_) => None,
        Err(TicketError::Settled(_)) => Some("not-now"),
        Err(TicketError::Over) => Some("ticket-over"),
        Err(TicketError::Waits) => Some("ticket-waits-already"),
        Err(TicketError::ByHand) => Some("ticket-by-hand"),
        Err(TicketError::Moved) => Some("ticket-moved"),
        Err(error) => return Err(error.into()),
    };
    shown(desk, place, &drawn(desk, id).await?, late).await
}

async fn drawn(desk: &Desk, id: i64) -> Result<Screen, Failure> {
    Ok(screen::card(&desk.texts, &card::ticket(desk.app.core(), id).await?))
}

async fn ask(desk: &Desk, id: i64) -> Result<Reply, Failure> {
    let ticket = tickets::get(desk.app.core().db(), id).await?;
    if ticket.state != TicketState::Open {
        return Ok(Reply::Show(drawn(desk, id).await?));
    }
    desk.ask(Some(&Question::TicketAnswer { id })).await?;
    Ok(Reply::Say(desk.sentence("ticket-ask-answer", &[("name", &desk.by.name), ("subject", &format!("T-{}", ticket.code))])))
}

/// Passes what staff sent on to whoever opened the ticket, protected, because it may be a login; nothing of it is kept.
pub(super) async fn answered(desk: &Desk, message: &Message, id: i64) -> Result<Screen, Failure> {
    let core = desk.app.core();
    let ticket = tickets::get(core.db(), id).await?;
    let subject = format!("T-{}", ticket.code);
    if ticket.state != TicketState::Open {
        desk.ask(None).await?;
        return Ok(desk.sentence("not-now", &[]));
    }
    let owner = users::get(core.db(), UserId(ticket.user_id)).await?;
    if let Some(why_not) = passed_on(desk, message, &owner, &subject, ("ticket-answer", &[("ticket", &subject)])).await? {
        return Ok(why_not);
    }
    tickets::answered(core, id, &desk.by).await?;
    redraw(desk, Kind::Ticket, id, &drawn(desk, id).await?).await?;
    desk.ask(None).await?;
    inbox::erase(core.db(), desk.speaker.update_id).await?;
    Ok(desk.sentence("ticket-answer-sent", &[("subject", &subject)]))
}
