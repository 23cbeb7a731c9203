//! Verifying a device: the button of the page, before the first withdrawal or when asked for.

use super::customer::Talk;
use crate::app::Failure;
use crate::reply::Screen;
use crate::screens::verify as screens;
use mela_core::verification;

/// `/verify`.
pub(super) async fn asked(talk: &Talk) -> Result<Screen, Failure> {
    talk.ask(None).await?;
    Ok(match verification::of(talk.app.core().db(), talk.user.user_id()).await? {
        Some(verified) => screens::already(&talk.texts, &verified),
        None => screens::ask(&talk.texts, &talk.settings, false),
    })
}

/// What a person has to do before they withdraw, if anything.
pub(super) async fn before_withdrawal(talk: &Talk) -> Result<Option<Screen>, Failure> {
    let core = talk.app.core();
    if !verification::is_due(core, core.db(), talk.user.user_id()).await? {
        return Ok(None);
    }
    talk.ask(None).await?;
    Ok(Some(screens::ask(&talk.texts, &talk.settings, true)))
}
