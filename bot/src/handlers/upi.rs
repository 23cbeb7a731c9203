//! `/upi`: the UPI ids that a person keeps.

use super::Reply;
use super::customer::Talk;
use super::withdrawal;
use crate::app::Failure;
use crate::callback::Press;
use crate::dialogue::Question;
use crate::reply::Screen;
use crate::screens::upi as words;
use mela_core::db::Applied;
use mela_core::withdrawals::upi::{self, MOST, UpiError};

/// What they keep.
pub(super) async fn list(talk: &Talk) -> Result<Screen, Failure> {
    let core = talk.app.core();
    Ok(words::list(&talk.texts, &upi::kept(core, talk.user.user_id()).await?, core.now()))
}

/// Its buttons.
pub(super) async fn press(talk: &Talk, press: &Press) -> Result<Reply, Failure> {
    let (core, person) = (talk.app.core(), talk.user.user_id());
    talk.ask(None).await?;
    Ok(match press {
        Press::AddUpi if upi::kept(core, person).await?.len() >= MOST => Reply::Show(words::too_many(&talk.texts)),
        Press::AddUpi => {
            talk.ask(Some(&Question::UpiId)).await?;
            Reply::Show(words::ask(&talk.texts, talk.settings.withdrawals.new_upi_wait))
        }
        Press::RemoveUpi(mark) => {
            // Pressed again it is gone already.
            if let Some(one) = upi::kept(core, person).await?.iter().find(|one| one.mark() == *mark) {
                upi::remove(core, person, &one.vpa).await?;
            }
            Reply::Show(list(talk).await?)
        }
        _ => Reply::Show(list(talk).await?),
    })
}

/// A UPI id was typed to be kept.
pub(super) async fn typed(talk: &Talk, text: &str) -> Result<Screen, Failure> {
    let vpa = match withdrawal::typed(talk, text) {
        Ok(vpa) => vpa,
        Err(screen) => return Ok(screen),
    };
    match upi::add(talk.app.core(), talk.user.user_id(), &vpa).await {
        Ok(Applied::Now(()) | Applied::Already(())) => {
            talk.ask(None).await?;
            list(talk).await
        }
        Err(UpiError::TooMany) => {
            talk.ask(None).await?;
            Ok(words::too_many(&talk.texts))
        }
        Err(UpiError::Db(error)) => Err(error.into()),
    }
}
