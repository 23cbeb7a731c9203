//! A person chooses the language in which they are served.

use super::Reply;
use super::customer::Talk;
use crate::app::Failure;
use crate::screens;
use mela_core::users::{self, LANGUAGES};

/// From now on this language, beginning with the screen that was pressed.
pub(super) async fn speak(talk: &Talk, language: &str) -> Result<Reply, Failure> {
    let Some(language) = LANGUAGES.into_iter().find(|spoken| *spoken == language) else {
        return Ok(Reply::Alert(talk.texts.plain("stale", &[])));
    };
    users::choose_language(talk.app.core(), talk.user.user_id(), language).await?;
    Ok(Reply::Show(screens::language::choice(&talk.texts.in_language(language), language)))
}
