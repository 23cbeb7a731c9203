//! What is kept of a person: said, copied, deleted; at their own wish, or by the owner at their request.

use super::Reply;
use super::admin::Desk;
use super::admin_commands::shortened;
use super::customer::Talk;
use crate::app::Failure;
use crate::callback::Press;
use crate::inbox;
use crate::reply::{self, Screen};
use crate::screens::privacy as screens;
use crate::wire::Patience;
use mela_core::audit::Actor;
use mela_core::privacy::{self, Erasure};
use mela_core::users::{self, UserId};

/// `/privacy`.
pub(super) async fn kept(talk: &Talk) -> Result<Screen, Failure> {
    Ok(screens::kept(&talk.texts, &talk.settings))
}

/// The buttons below it.
pub(super) async fn press(talk: &Talk, press: &Press) -> Result<Reply, Failure> {
    let core = talk.app.core();
    let person = talk.user.user_id();
    let look = || async { Ok::<_, Failure>(privacy::ties(core.db(), person, core.now()).await?) };
    Ok(match press {
        Press::PrivacyCopy => {
            let bytes = privacy::export(core, &talk.user).await?;
            Reply::Say(screens::copy(&talk.texts, bytes))
        }
        Press::PrivacyErase => Reply::Show(screens::ask(&talk.texts, &look().await?)),
        Press::PrivacySure(mark) => {
            let ties = look().await?;
            if ties.hold() || ties.mark() != *mark {
                return Ok(Reply::Show(screens::ask(&talk.texts, &ties)));
            }
            Reply::Show(screens::sure(&talk.texts, &ties))
        }
        Press::PrivacyConfirm(mark) => match privacy::erase(core, person, *mark, &Actor::customer(&talk.user)).await? {
            Erasure::Held(ties) | Erasure::Changed(ties) => Reply::Show(screens::ask(&talk.texts, &ties)),
            Erasure::Done => {
                inbox::erase(core.db(), talk.speaker.update_id).await?;
                Reply::Show(talk_over(talk))
            }
        },
        _ => Reply::Show(kept(talk).await?),
    })
}

fn talk_over(talk: &Talk) -> Screen {
    crate::screens::sentence(&talk.texts, "privacy-gone", &[])
}

/// `/erase WHO`: what it would mean, and the button.
pub(super) async fn of_person(desk: &Desk, argument: &str) -> Result<Screen, Failure> {
    let core = desk.app.core();
    if argument.is_empty() {
        return Ok(desk.sentence("usage-erase", &[]));
    }
    match users::search(core.db(), argument).await? {
        Some(user) if user.erased_at.is_none() => {
            let ties = privacy::ties(core.db(), user.user_id(), core.now()).await?;
            Ok(screens::ask_staff(&desk.texts, &user, &ties))
        }
        _ => Ok(desk.sentence("no-user", &[("what", &shortened(argument))])),
    }
}

/// The owner's buttons.
pub(super) async fn staff_press(desk: &Desk, press: &Press) -> Result<Reply, Failure> {
    let Press::ErasePerson(id, mark) = press else {
        return Ok(Reply::Show(desk.sentence("erase-dropped", &[])));
    };
    let core = desk.app.core();
    let user = users::get(core.db(), UserId(*id)).await?;
    if user.erased_at.is_some() {
        return Ok(Reply::Show(desk.sentence("erase-done", &[("number", id)])));
    }
    Ok(match privacy::erase(core, user.user_id(), *mark, &desk.by).await? {
        Erasure::Held(ties) | Erasure::Changed(ties) => Reply::Show(screens::ask_staff(&desk.texts, &user, &ties)),
        Erasure::Done => {
            // The last word to them, which is kept nowhere.
            let settings = core.settings().await?;
            let bye = crate::screens::sentence(&desk.app.texts(&user.language, &settings), "privacy-gone", &[]);
            if let Err(error) = reply::say(desk.app.wire(), user.telegram_id, &bye, Patience::Wait).await {
                tracing::warn!(%error, "a person whose account was deleted could not be told");
            }
            Reply::Show(desk.sentence("erase-done", &[("number", id)]))
        }
    })
}
