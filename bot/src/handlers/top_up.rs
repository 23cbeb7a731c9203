//! Money that people add to their wallet, and what the wallet pays of an order whose rest comes from outside.

use super::Reply;
use super::customer::{Talk, own_order, payment};
use crate::app::Failure;
use crate::dialogue::Question;
use crate::reply::Screen;
use crate::screens::{sentence, wallet};
use mela_core::db::Applied;
use mela_core::ledger;
use mela_core::money::{NotAnAmount, Rupees};
use mela_core::orders::{self, Cover, OrderError};

/// Asks how much.
pub(super) async fn begin(talk: &Talk) -> Result<Screen, Failure> {
    talk.ask(Some(&Question::TopUpAmount)).await?;
    Ok(wallet::ask_sum(&talk.texts, &talk.settings))
}

/// One of the sums that were offered.
pub(super) async fn chosen(talk: &Talk, number: u8) -> Result<Reply, Failure> {
    match wallet::SUMS.get(usize::from(number)) {
        Some(sum) => Ok(Reply::Show(place(talk, Rupees::whole(*sum)).await?)),
        None => Ok(Reply::Alert(talk.texts.plain("stale", &[]))),
    }
}

/// An amount was typed. A wrong one leaves the question open.
pub(super) async fn typed(talk: &Talk, text: &str) -> Result<Screen, Failure> {
    match text.parse::<Rupees>() {
        Ok(amount) => place(talk, amount).await,
        Err(NotAnAmount::TooFine) => Ok(sentence(&talk.texts, "withdraw-amount-fine", &[])),
        Err(NotAnAmount::NotANumber) => Ok(sentence(&talk.texts, "add-money-wrong", &[])),
        Err(NotAnAmount::TooLarge) => {
            let (least, most) = (talk.settings.wallet.least, talk.settings.wallet.most);
            Ok(sentence(&talk.texts, "add-money-range", &[("least", &least), ("most", &most)]))
        }
    }
}

async fn place(talk: &Talk, amount: Rupees) -> Result<Screen, Failure> {
    let placed = match orders::place_top_up(talk.app.core(), &talk.user, amount).await {
        Ok(placed) => placed,
        Err(OrderError::NotATopUp(least, most)) => return Ok(sentence(&talk.texts, "add-money-range", &[("least", &least), ("most", &most)])),
        Err(error) => return Err(error.into()),
    };
    talk.ask(None).await?;
    let again = matches!(placed, Applied::Already(_));
    payment(talk, &placed.into_inner(), again).await
}

/// As much as the wallet has is set aside for an order. The press again, or on another phone, finds that done.
pub(super) async fn set_aside(talk: &Talk, code: &str) -> Result<Reply, Failure> {
    let texts = &talk.texts;
    let Some(order) = own_order(talk, code).await? else {
        return Ok(Reply::Alert(texts.plain("order-unknown", &[])));
    };
    let core = talk.app.core();
    let standing = ledger::standing(core.db(), talk.user.user_id()).await?;
    if let Cover::Part(part) = Cover::of(&order, &standing) {
        match orders::set_aside(core, talk.user.user_id(), &order.code, part).await {
            Ok(_) | Err(OrderError::SetAsideBefore) => {}
            Err(OrderError::NotFromWallet(_)) => return Ok(Reply::Alert(texts.plain("wallet-short", &[]))),
            Err(OrderError::NotNow(_)) => return Ok(Reply::Alert(texts.plain("order-not-open", &[]))),
            Err(error) => return Err(error.into()),
        }
    } else if order.reserved_at.is_none() {
        return Ok(Reply::Alert(texts.plain("wallet-short", &[])));
    }
    let order = own_order(talk, code).await?.unwrap_or(order);
    if order.state != orders::OrderState::AwaitingPayment {
        return Ok(Reply::Alert(texts.plain("order-not-open", &[])));
    }
    // Another amount is another code.
    Ok(Reply::Show(payment(talk, &order, false).await?.replacing_picture()))
}
