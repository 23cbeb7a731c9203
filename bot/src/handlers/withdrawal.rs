//! The conversation of a withdrawal: UPI id, amount, confirmation.

use super::Reply;
use super::customer::Talk;
use crate::app::Failure;
use crate::dialogue::Question;
use crate::reply::Screen;
use crate::screens::{money, sentence, upi as words};
use mela_core::db::Applied;
use mela_core::money::{NotAnAmount, Rupees};
use mela_core::tds;
use mela_core::withdrawals::upi::{self, UpiError};
use mela_core::withdrawals::vpa::{NotAVpa, Vpa};
use mela_core::withdrawals::{self, Drafted, Limit, WithdrawalError};

/// What can be asked for now: as far as money and limits go.
struct Room {
    available: Rupees,
    most: Rupees,
    limit: Option<Limit>,
}

async fn room(talk: &Talk) -> Result<Room, Failure> {
    let (core, person) = (talk.app.core(), talk.user.user_id());
    let available = withdrawals::available(core, person).await?.earned;
    let room = withdrawals::room(core, person).await?;
    Ok(Room { available, most: room.of(available), limit: room.limit })
}

/// Why nothing can be asked for now, if that is so.
async fn nothing_now(talk: &Talk, room: &Room) -> Result<Option<Screen>, Failure> {
    let minimum = talk.settings.withdrawals.minimum;
    let screen = match room.limit {
        _ if room.available < minimum => money::withdraw_below(&talk.texts, minimum, room.available),
        Some(limit) if room.most < minimum => words::limited(&talk.texts, limit),
        _ => return Ok(None),
    };
    talk.ask(None).await?;
    Ok(Some(screen))
}

/// Begins: says what is missing, or asks for the UPI id.
pub(super) async fn begin(talk: &Talk) -> Result<Screen, Failure> {
    if let Some(why_not) = super::holds::no_withdrawal(talk).await? {
        return Ok(why_not);
    }
    let room = room(talk).await?;
    if let Some(screen) = nothing_now(talk, &room).await? {
        return super::holds::below(talk, screen).await;
    }
    if let Some(verify) = super::verify::before_withdrawal(talk).await? {
        return Ok(verify);
    }
    talk.ask(Some(&Question::WithdrawVpa)).await?;
    let kept = upi::kept(talk.app.core(), talk.user.user_id()).await?;
    Ok(words::which(&talk.texts, room.available, &kept, talk.app.core().now()))
}

/// What was typed as a UPI id; or why it is none.
pub(super) fn typed(talk: &Talk, text: &str) -> Result<Vpa, Screen> {
    text.parse::<Vpa>().map_err(|wrong| match wrong {
        NotAVpa::Email => sentence(&talk.texts, "withdraw-vpa-email", &[]),
        NotAVpa::Shape => sentence(&talk.texts, "withdraw-vpa-wrong", &[]),
    })
}

/// A UPI id was typed: it is kept from now on.
pub(super) async fn vpa_typed(talk: &Talk, text: &str) -> Result<Screen, Failure> {
    let vpa = match typed(talk, text) {
        Ok(vpa) => vpa,
        Err(screen) => return Ok(screen),
    };
    match upi::add(talk.app.core(), talk.user.user_id(), &vpa).await {
        Ok(Applied::Now(()) | Applied::Already(())) => to(talk, &vpa).await,
        Err(UpiError::TooMany) => Ok(words::too_many(&talk.texts)),
        Err(UpiError::Db(error)) => Err(error.into()),
    }
}

/// One of the UPI ids that are kept was chosen.
pub(super) async fn chosen(talk: &Talk, mark: u32) -> Result<Reply, Failure> {
    let open = talk.open_question().await?;
    let kept = upi::kept(talk.app.core(), talk.user.user_id()).await?;
    Ok(match (open, kept.into_iter().find(|one| one.mark() == mark)) {
        (Some(Question::WithdrawVpa), Some(one)) => Reply::Show(to(talk, &one.vpa).await?),
        _ => Reply::Alert(talk.texts.plain("stale", &[])),
    })
}

/// To this UPI id: unless it is too new.
async fn to(talk: &Talk, vpa: &Vpa) -> Result<Screen, Failure> {
    let (core, kept) = (talk.app.core(), upi::kept(talk.app.core(), talk.user.user_id()).await?);
    if let Some(one) = kept.iter().find(|one| one.vpa == *vpa && !one.is_ready(core.now())) {
        talk.ask(None).await?;
        return Ok(words::is_new(&talk.texts, vpa.as_str(), one.ready_at));
    }
    let room = room(talk).await?;
    if let Some(screen) = nothing_now(talk, &room).await? {
        return Ok(screen);
    }
    talk.ask(Some(&Question::WithdrawAmount { vpa: vpa.to_string() })).await?;
    Ok(words::amount(&talk.texts, vpa.as_str(), talk.settings.withdrawals.minimum, room.most, room.limit))
}

/// An amount was typed.
pub(super) async fn amount_typed(talk: &Talk, text: &str, vpa: &str) -> Result<Screen, Failure> {
    let room = room(talk).await?;
    let minimum = talk.settings.withdrawals.minimum;
    let range: crate::texts::Args<'_> = &[("minimum", &minimum), ("available", &room.most)];
    match text.parse::<Rupees>() {
        Ok(amount) if amount < minimum => Ok(sentence(&talk.texts, "withdraw-amount-low", range)),
        Ok(amount) if amount > room.most => Ok(match room.limit.filter(|_| amount <= room.available) {
            Some(limit) => words::limited(&talk.texts, limit),
            None => sentence(&talk.texts, "withdraw-amount-high", range),
        }),
        Ok(amount) => draft(talk, vpa, amount).await,
        Err(NotAnAmount::TooLarge) => Ok(sentence(&talk.texts, "withdraw-amount-high", range)),
        Err(NotAnAmount::TooFine) => Ok(sentence(&talk.texts, "withdraw-amount-fine", &[])),
        Err(NotAnAmount::NotANumber) => Ok(sentence(&talk.texts, "withdraw-amount-wrong", range)),
    }
}

/// All that can be withdrawn was chosen.
pub(super) async fn all(talk: &Talk) -> Result<Reply, Failure> {
    let Some(Question::WithdrawAmount { vpa }) = talk.open_question().await? else {
        return Ok(Reply::Alert(talk.texts.plain("stale", &[])));
    };
    let room = room(talk).await?;
    if let Some(screen) = nothing_now(talk, &room).await? {
        return Ok(Reply::Show(screen));
    }
    Ok(Reply::Show(draft(talk, &vpa, room.most).await?))
}

/// Keeps what is to be confirmed, under the id of the update that completed it.
async fn draft(talk: &Talk, vpa: &str, amount: Rupees) -> Result<Screen, Failure> {
    let Ok(vpa) = vpa.parse::<Vpa>() else {
        return Ok(sentence(&talk.texts, "withdraw-vpa-wrong", &[]));
    };
    talk.ask(None).await?;
    to_confirm(talk, talk.speaker.update_id, vpa, amount).await
}

/// What is to be confirmed, with the tax as it is now.
async fn to_confirm(talk: &Talk, id: i64, vpa: Vpa, amount: Rupees) -> Result<Screen, Failure> {
    let core = talk.app.core();
    let tax = tds::preview(core, talk.user.user_id(), amount).await?;
    let drafted = Drafted { vpa, amount, tds: tax.amount() };
    withdrawals::draft(core, &talk.user, id, &drafted).await?;
    Ok(words::confirm(&talk.texts, id, &drafted, tax.for_want_of_pan && core.vault().key_id().is_ok()))
}

/// A draft shown once more, with the tax of now.
pub(super) async fn again(talk: &Talk, id: i64) -> Result<Option<Screen>, Failure> {
    match withdrawals::drafted(talk.app.core().db(), talk.user.user_id(), id).await? {
        Some(drafted) => Ok(Some(to_confirm(talk, id, drafted.vpa, drafted.amount).await?)),
        None => Ok(None),
    }
}

/// A draft was confirmed. Twice is once; from two devices at once, each draft meets what is left.
pub(super) async fn confirm(talk: &Talk, draft: i64) -> Result<Reply, Failure> {
    let texts = &talk.texts;
    let Some(drafted) = withdrawals::drafted(talk.app.core().db(), talk.user.user_id(), draft).await? else {
        return Ok(Reply::Alert(texts.plain("stale", &[])));
    };
    let Drafted { vpa, amount, .. } = &drafted;
    Ok(Reply::Show(match withdrawals::ask_as_shown(talk.app.core(), &talk.user, &drafted, &format!("draft:{draft}")).await {
        Ok(asked) => money::withdraw_asked(texts, &asked.into_inner()),
        Err(WithdrawalError::MoreThanAvailable(available)) => {
            crate::screens::sentence_home(texts, "withdraw-now-less", &[("available", &available), ("amount", amount)])
        }
        Err(WithdrawalError::BelowMinimum(minimum)) => crate::screens::sentence_home(texts, "withdraw-amount-low", &[("minimum", &minimum)]),
        Err(WithdrawalError::NotVerified) => {
            super::verify::before_withdrawal(talk).await?.unwrap_or_else(|| crate::screens::sentence_home(texts, "stale", &[]))
        }
        Err(WithdrawalError::UpiIsNew(at)) => words::is_new(texts, vpa.as_str(), at),
        Err(WithdrawalError::UpiUnknown) => words::unknown(texts, vpa.as_str()),
        Err(WithdrawalError::Limited(limit)) => words::limited(texts, limit),
        // What they were shown is not so any more: shown anew.
        Err(WithdrawalError::AnotherTax(_)) => to_confirm(talk, draft, vpa.clone(), *amount).await?,
        Err(error) => super::holds::or_no_withdrawal(talk, error).await?,
    }))
}
