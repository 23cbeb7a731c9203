//! The conversation of a withdrawal: UPI id, amount, confirmation.

use super::Reply;
use super::customer::Talk;
use crate::app::Failure;
use crate::dialogue::Question;
use crate::reply::Screen;
use crate::screens::{self, money, sentence, sentence_home};
use mela_core::money::{NotAnAmount, Rupees};
use mela_core::withdrawals::vpa::{NotAVpa, Vpa};
use mela_core::withdrawals::{self, WithdrawalError};

/// Begins: says what is missing, or asks for the UPI id.
pub(super) async fn begin(talk: &Talk) -> Result<Screen, Failure> {
    let available = withdrawals::available(talk.app.core(), talk.user.user_id()).await?.earned;
    let minimum = talk.settings.withdrawals.minimum;
    if available < minimum {
        talk.ask(None).await?;
        return Ok(money::withdraw_below(&talk.texts, minimum, available));
    }
    if let Some(verify) = super::verify::before_withdrawal(talk).await? {
        return Ok(verify);
    }
    talk.ask(Some(&Question::WithdrawVpa)).await?;
    let last = withdrawals::last_vpa(talk.app.core().db(), talk.user.user_id()).await?;
    Ok(money::withdraw_vpa(&talk.texts, available, last.as_ref()))
}

/// A UPI id was typed.
pub(super) async fn vpa_typed(talk: &Talk, text: &str) -> Result<Screen, Failure> {
    match text.parse::<Vpa>() {
        Ok(vpa) => ask_amount(talk, &vpa).await,
        Err(NotAVpa::Email) => Ok(sentence(&talk.texts, "withdraw-vpa-email", &[])),
        Err(NotAVpa::Shape) => Ok(sentence(&talk.texts, "withdraw-vpa-wrong", &[])),
    }
}

/// The UPI id of last time was chosen.
pub(super) async fn last_vpa(talk: &Talk) -> Result<Reply, Failure> {
    let open = talk.open_question().await?;
    let last = withdrawals::last_vpa(talk.app.core().db(), talk.user.user_id()).await?;
    Ok(match (open, last) {
        (Some(Question::WithdrawVpa), Some(vpa)) => Reply::Show(ask_amount(talk, &vpa).await?),
        _ => Reply::Alert(talk.texts.plain("stale", &[])),
    })
}

async fn ask_amount(talk: &Talk, vpa: &Vpa) -> Result<Screen, Failure> {
    let available = withdrawals::available(talk.app.core(), talk.user.user_id()).await?.earned;
    let minimum = talk.settings.withdrawals.minimum;
    if available < minimum {
        talk.ask(None).await?;
        return Ok(money::withdraw_below(&talk.texts, minimum, available));
    }
    talk.ask(Some(&Question::WithdrawAmount { vpa: vpa.to_string() })).await?;
    Ok(money::withdraw_amount(&talk.texts, vpa.as_str(), minimum, available))
}

/// An amount was typed.
pub(super) async fn amount_typed(talk: &Talk, text: &str, vpa: &str) -> Result<Screen, Failure> {
    let available = withdrawals::available(talk.app.core(), talk.user.user_id()).await?.earned;
    let minimum = talk.settings.withdrawals.minimum;
    let range: crate::texts::Args<'_> = &[("minimum", &minimum), ("available", &available)];
    match text.parse::<Rupees>() {
        Ok(amount) if amount < minimum => Ok(sentence(&talk.texts, "withdraw-amount-low", range)),
        Ok(amount) if amount > available => Ok(sentence(&talk.texts, "withdraw-amount-high", range)),
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
    let available = withdrawals::available(talk.app.core(), talk.user.user_id()).await?.earned;
    let minimum = talk.settings.withdrawals.minimum;
    if available < minimum {
        return Ok(Reply::Show(money::withdraw_below(&talk.texts, minimum, available)));
    }
    Ok(Reply::Show(draft(talk, &vpa, available).await?))
}

/// Keeps what is to be confirmed, under the id of the update that completed it.
async fn draft(talk: &Talk, vpa: &str, amount: Rupees) -> Result<Screen, Failure> {
    let id = talk.speaker.update_id;
    withdrawals::draft(talk.app.core(), &talk.user, id, vpa, amount).await?;
    talk.ask(None).await?;
    Ok(money::withdraw_confirm(&talk.texts, id, vpa, amount))
}

/// A draft was confirmed. Twice is once; from two devices at once, each draft meets what is left.
pub(super) async fn confirm(talk: &Talk, draft: i64) -> Result<Reply, Failure> {
    let texts = &talk.texts;
    let Some((vpa, amount)) = withdrawals::drafted(talk.app.core().db(), talk.user.user_id(), draft).await? else {
        return Ok(Reply::Alert(texts.plain("stale", &[])));
    };
    Ok(Reply::Show(match withdrawals::ask(talk.app.core(), &talk.user, &vpa, amount, &format!("draft:{draft}")).await {
        Ok(asked) => money::withdraw_asked(texts, &asked.into_inner()),
        Err(WithdrawalError::MoreThanAvailable(available)) => {
            sentence_home(texts, "withdraw-now-less", &[("available", &available), ("amount", &amount)])
        }
        Err(WithdrawalError::OnHold) => sentence_home(texts, "hold-held", &[]),
        Err(WithdrawalError::BelowMinimum(minimum)) => screens::sentence_home(texts, "withdraw-amount-low", &[("minimum", &minimum)]),
        Err(WithdrawalError::NotVerified) => super::verify::before_withdrawal(talk).await?.unwrap_or_else(|| sentence_home(texts, "stale", &[])),
        Err(error) => return Err(error.into()),
    }))
}
