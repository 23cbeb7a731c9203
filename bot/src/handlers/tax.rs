//! Tax that is withheld: a person's PAN and their yearly statement, and the owner's file of a financial year.

use super::Reply;
use super::admin::Desk;
use super::customer::Talk;
use super::withdrawal;
use crate::app::Failure;
use crate::dialogue::Question;
use crate::inbox;
use crate::reply::{self, Screen};
use crate::screens::{sentence_home, tax as words};
use crate::wire::{Patience, WireError};
use mela_core::tds::{self, BookError, Pan, PanError};
use mela_core::{audit, receipts};
use teloxide::types::Message;

/// Asks for the PAN; `draft` is the withdrawal that it is for.
pub(super) async fn ask(talk: &Talk, draft: Option<i64>) -> Result<Screen, Failure> {
    let core = talk.app.core();
    if core.vault().key_id().is_err() {
        return Ok(sentence_home(&talk.texts, "pan-no-key", &[]));
    }
    let kept = match tds::kept_pan(core, talk.user.user_id()).await {
        Ok(kept) => kept,
        // Sealed under a key that is away: it may be given anew.
        Err(PanError::Vault(_)) => None,
        Err(PanError::Db(error)) => return Err(error.into()),
    };
    talk.ask(Some(&Question::Pan { draft })).await?;
    Ok(words::ask(&talk.texts, kept.as_ref()))
}

/// A PAN was typed, or something else: the message goes away, and nothing of it is said again. What is wrong leaves the question open.
pub(super) async fn typed(talk: &Talk, message: &Message, draft: Option<i64>) -> Result<Screen, Failure> {
    let core = talk.app.core();
    let pan = message.text().unwrap_or_default().parse::<Pan>();
    reply::delete(talk.app.wire(), message.chat.id.0, message.id.0).await?;
    let Ok(pan) = pan else {
        inbox::erase(core.db(), talk.speaker.update_id).await?;
        return Ok(sentence_home(&talk.texts, "pan-wrong", &[]));
    };
    match tds::add_pan(core, talk.user.user_id(), &pan).await {
        Ok(()) => {}
        Err(PanError::Vault(_)) => {
            inbox::erase(core.db(), talk.speaker.update_id).await?;
            talk.ask(None).await?;
            return Ok(sentence_home(&talk.texts, "pan-no-key", &[]));
        }
        Err(PanError::Db(error)) => return Err(error.into()),
    }
    talk.ask(None).await?;
    let screen = match draft {
        Some(id) => withdrawal::again(talk, id).await?,
        None => None,
    };
    inbox::erase(core.db(), talk.speaker.update_id).await?;
    Ok(screen.unwrap_or_else(|| words::kept(&talk.texts, &pan)))
}

/// `/tds`: what was withheld, year by year.
pub(super) async fn statement(talk: &Talk) -> Result<Screen, Failure> {
    let core = talk.app.core();
    let years = tds::of_person(core, talk.user.user_id()).await?;
    let has_pan = tds::has_pan(core.db(), talk.user.user_id()).await?;
    Ok(words::statement(&talk.texts, &years, talk.settings.tds.withhold, has_pan))
}

/// The same as a file.
pub(super) async fn file(talk: &Talk) -> Result<Reply, Failure> {
    let years = tds::of_person(talk.app.core(), talk.user.user_id()).await?;
    let file = words::file(&talk.texts, &years).map_err(|error| Failure::Broken(error.to_string()))?;
    Ok(Reply::Say(file))
}

/// `/tds 2026`: all that was withheld for a financial year, to the owner alone: PANs are in it.
pub(super) async fn book(desk: &Desk, argument: &str) -> Result<Screen, Failure> {
    let core = desk.app.core();
    let year = match argument {
        "" => receipts::financial_year(core.now()),
        text => match text.parse::<i16>() {
            Ok(year) if (2000..=2200).contains(&year) => year,
            _ => return Ok(desk.sentence("usage-tds", &[])),
        },
    };
    let name = tds::written(year);
    let (file, rows) = match tds::book(core, year).await {
        Ok(made) => made,
        Err(BookError::Vault(_)) => return Ok(desk.sentence("tds-no-key", &[])),
        Err(BookError::Db(error)) => return Err(error.into()),
    };
    if rows == 0 {
        return Ok(desk.sentence("tds-none", &[("year", &name)]));
    }
    audit::record(core.db(), core.now(), &desk.by, "tds.file", &name, &format!("{rows} rows")).await?;
    let screen = words::book(&desk.texts, &name, file, rows);
    match reply::say(desk.app.wire(), desk.by.telegram_id, &screen, Patience::Wait).await {
        Ok(_) => Ok(desk.sentence("tds-sent", &[("year", &name), ("rows", &rows)])),
        Err(error @ (WireError::Away(_) | WireError::Wait(_))) => Err(error.into()),
        Err(_) => Ok(desk.sentence("tds-unreachable", &[])),
    }
}
