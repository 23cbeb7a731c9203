//! What a person was told, and what they do not want to be told.

use super::customer::Talk;
use crate::app::Failure;
use crate::deliver;
use crate::reply::Screen;
use crate::screens::PAGE;
use crate::screens::notifications::{self as screens, Line};
use mela_core::notifications::{self, Notice, QuietHours, Told, Topic};
use mela_core::{orders, tickets};

/// A page of the history, below a row if one is named; what is on it is read by being shown.
pub(super) async fn page(talk: &Talk, below: Option<i64>) -> Result<Screen, Failure> {
    let (core, person) = (talk.app.core(), talk.user.user_id());
    let mut lines = Vec::new();
    for told in notifications::history(core.db(), person, below, PAGE as u64 + 1).await? {
        let text = words(talk, &told).await?;
        lines.push(Line { id: told.id, at: told.at, text, unread: told.unread });
    }
    let (screen, shown) = screens::page(&talk.texts, below, &lines, PAGE);
    notifications::mark_read(core, person, shown).await?;
    Ok(screen)
}

/// What was delivered is shown where it is kept from being passed on, and each look is written down: not here.
async fn words(talk: &Talk, told: &Told) -> Result<Option<String>, Failure> {
    let core = talk.app.core();
    match &told.notice {
        Some(Notice::Credentials { order }) => {
            let order = orders::get(core.db(), *order).await?;
            let args: crate::texts::Args<'_> = &[("title", &order.title), ("order", &format!("O-{}", order.code))];
            Ok(Some(talk.texts.html("credentials-told", args)))
        }
        Some(Notice::Replacement { ticket }) => {
            let code = format!("T-{}", tickets::get(core.db(), *ticket).await?.code);
            Ok(Some(talk.texts.html("ticket-replaced-told", &[("ticket", &code)])))
        }
        Some(notice) => Ok(deliver::personal(core, &talk.texts, &talk.user, std::slice::from_ref(notice)).await?.map(|screen| screen.text)),
        None => Ok(None),
    }
}

/// How many notices the person has not looked at.
pub(super) async fn unread(talk: &Talk) -> Result<i64, Failure> {
    Ok(notifications::unread(talk.app.core().db(), talk.user.user_id()).await?)
}

/// What the person is told, and what not.
pub(super) async fn settings(talk: &Talk) -> Result<Screen, Failure> {
    let muted = notifications::muted(talk.app.core().db(), talk.user.user_id()).await?;
    Ok(screens::settings(&talk.texts, &muted, &QuietHours::of(&talk.settings)))
}

/// Mutes a topic, or no longer.
pub(super) async fn mute(talk: &Talk, topic: Topic, on: bool) -> Result<Screen, Failure> {
    notifications::mute(talk.app.core(), talk.user.user_id(), topic, on).await?;
    settings(talk).await
}
