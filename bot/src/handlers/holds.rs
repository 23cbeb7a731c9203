//! What a customer sees of what is being checked, and what they say to it.

use super::Reply;
use super::customer::Talk;
use crate::app::Failure;
use crate::dialogue::Question;
use crate::reply::Screen;
use crate::screens::holds::{self as screen, Holds};
use crate::screens::{sentence, sentence_home};
use mela_core::fraud::{self, Flag, FlagError, FlagState, LONGEST_WORDS, Part, Word};
use mela_core::users::User;
use mela_core::withdrawals::WithdrawalError;
use sea_orm::{DatabaseConnection, DbErr};

/// Flags that a person is told of at once.
const SHOWN: usize = 5;
/// Words of one person that a flag takes before staff ask again.
const ENOUGH: usize = 5;
/// Words of a flag that are looked through for that.
const LOOKED_AT: u64 = 200;

/// What is on hold of a person.
pub(crate) async fn of(db: &DatabaseConnection, person: &User) -> Result<Holds, DbErr> {
    let mut holds = Holds {
        frozen: fraud::is_frozen(db, person.user_id()).await?,
        blocked: person.blocked_reason.clone(),
        ..Holds::default()
    };
    for flag in fraud::holds_of(db, person.user_id()).await?.into_iter().take(SHOWN) {
        if let Some(part) = fraud::part_of(db, flag.id, person.user_id()).await? {
            holds.flags.push((flag, part));
        }
    }
    if !holds.flags.is_empty() {
        holds.amount = fraud::held_commissions(db, person.user_id()).await?;
    }
    Ok(holds)
}

async fn own(talk: &Talk) -> Result<Holds, Failure> {
    Ok(of(talk.app.core().db(), &talk.user).await?)
}

/// A screen of money with what is being checked.
pub(super) async fn below(talk: &Talk, on: Screen) -> Result<Screen, Failure> {
    Ok(screen::below(&talk.texts, on, &own(talk).await?))
}

/// Why nothing can be withdrawn, when that is so.
pub(super) async fn no_withdrawal(talk: &Talk) -> Result<Option<Screen>, Failure> {
    let holds = own(talk).await?;
    if !holds.frozen {
        return Ok(None);
    }
    talk.ask(None).await?;
    Ok(Some(screen::no_withdrawal(&talk.texts, &holds)))
}

/// The same for who asked at the moment in which it was put on hold.
pub(super) async fn or_no_withdrawal(talk: &Talk, error: WithdrawalError) -> Result<Screen, Failure> {
    match error {
        WithdrawalError::OnHold => Ok(screen::no_withdrawal(&talk.texts, &own(talk).await?)),
        error => Err(error.into()),
    }
}

/// A flag that holds something of this person, if it is still to be decided.
async fn open(talk: &Talk, id: i64) -> Result<Option<(Flag, Part)>, Failure> {
    let db = talk.app.core().db();
    let Some(part) = fraud::part_of(db, id, talk.user.user_id()).await? else {
        return Ok(None);
    };
    let flag = fraud::get(db, id).await?;
    Ok((flag.state == FlagState::Open).then_some((flag, part)))
}

/// What was said last, from the last question to them on.
async fn since_asked(talk: &Talk, id: i64) -> Result<Vec<Word>, Failure> {
    let words = fraud::words_of(talk.app.core().db(), id, LOOKED_AT).await?;
    let mut own: Vec<Word> = words.into_iter().filter(|word| word.user_id == talk.user.id).collect();
    if let Some(asked) = own.iter().rposition(|word| word.asked_by.is_some()) {
        own.drain(..asked);
    }
    Ok(own)
}

/// `Appeal`, or `Answer`: asks what they have to say.
pub(super) async fn appeal(talk: &Talk, id: i64) -> Result<Reply, Failure> {
    let Some((flag, part)) = open(talk, id).await? else {
        return Ok(Reply::Alert(talk.texts.plain("appeal-over", &[])));
    };
    let words = since_asked(talk, id).await?;
    if words.len() > ENOUGH {
        return Ok(Reply::Alert(talk.texts.plain("appeal-enough", &[])));
    }
    talk.ask(Some(&Question::Appeal { flag: id })).await?;
    let question = words.first().filter(|word| word.asked_by.is_some()).map(|word| word.words.as_str());
    // The question stays where it stands.
    Ok(Reply::Say(screen::ask(&talk.texts, &flag, part, question)))
}

/// What they say. Nothing, or too much, leaves the question open.
pub(super) async fn said(talk: &Talk, text: &str, id: i64) -> Result<Screen, Failure> {
    let (words, key) = (text.replace('\0', ""), format!("tg:{}", talk.speaker.update_id));
    let screen = match fraud::answer(talk.app.core(), id, talk.user.user_id(), &words, &key).await {
        Ok(flag) => screen::taken(&talk.texts, &flag.into_inner()),
        Err(FlagError::Reason) => return Ok(sentence(&talk.texts, "appeal-wrong", &[("most", &LONGEST_WORDS)])),
        Err(FlagError::Decided(_) | FlagError::NotTheirs) => sentence_home(&talk.texts, "appeal-over", &[]),
        Err(error) => return Err(error.into()),
    };
    talk.ask(None).await?;
    Ok(screen)
}
