//! "I have paid": the proof of a payment, asked for or not.

use super::Reply;
use super::customer::{Talk, own_order};
use crate::app::Failure;
use crate::dialogue::{Offered, Question};
use crate::reply::Screen;
use crate::screens::{self, sentence, sentence_home};
use mela_core::code::ShortCode;
use mela_core::orders::{self, OrderState};
use mela_core::payments::{self, PaymentError, Proof, Utr};
use teloxide::types::{Message, MessageOrigin};

/// Asks for the UTR or a screenshot of an order's payment.
pub(super) async fn ask(talk: &Talk, code: &str) -> Result<Reply, Failure> {
    let Some(order) = own_order(talk, code).await? else {
        return Ok(Reply::Alert(talk.texts.plain("order-unknown", &[])));
    };
    let name = format!("O-{}", order.code);
    Ok(match order.state {
        OrderState::InReview => Reply::Show(sentence_home(&talk.texts, "proof-in-review", &[("order", &name)])),
        OrderState::Paid | OrderState::AwaitingStock | OrderState::Delivered | OrderState::Credited => {
            Reply::Show(sentence_home(&talk.texts, "proof-paid", &[("order", &name)]))
        }
        OrderState::AwaitingPayment | OrderState::Expired | OrderState::Cancelled => {
            talk.ask(Some(&Question::Proof { order: order.code.to_string() })).await?;
            Reply::Show(screens::customer::ask_proof(&talk.texts, &order))
        }
    })
}

/// A proof as it came in a message: a number of twelve digits, or a picture.
fn offered(message: &Message) -> Option<Offered> {
    if let Some(largest) = message.photo().and_then(|sizes| sizes.iter().max_by_key(|size| size.width * size.height)) {
        // Passed on from elsewhere, it was there before.
        let forwarded = message.forward_origin().map(MessageOrigin::date);
        let sent_at = Some(forwarded.map_or(message.date, |at| at.min(message.date)));
        return Some(Offered::Photo { file_id: largest.file.id.0.clone(), unique_id: largest.file.unique_id.0.clone(), sent_at });
    }
    message.text().and_then(|text| text.parse::<Utr>().ok()).map(|utr| Offered::Utr(utr.to_string()))
}

/// Whether a message can be a proof.
pub(super) fn is_one(message: &Message) -> bool {
    offered(message).is_some()
}

/// The next message after "I have paid".
pub(super) async fn answered(talk: &Talk, message: &Message, order: &str) -> Result<Screen, Failure> {
    match (offered(message), order.parse::<ShortCode>()) {
        (Some(offered), Ok(order)) => submit(talk, &order, &offered).await,
        // A screenshot sent as a file, a sticker, a voice message …
        (None, _) if message.text().is_none() => Ok(sentence(&talk.texts, "proof-not-picture", &[])),
        _ => Ok(sentence(&talk.texts, "utr-malformed", &[])),
    }
}

/// A message that nobody asked for: perhaps a proof, then for the one order that can be meant, or the bot asks which.
pub(super) async fn unasked(talk: &Talk, message: &Message) -> Result<Screen, Failure> {
    let Some(offered) = offered(message) else {
        return unexpected(talk).await;
    };
    // Run again after a crash, it may be taken already, and its order no longer open.
    if let Some(taken) = payments::by_key(talk.app.core().db(), &key(talk.speaker.update_id)).await? {
        let order = payments::order_of(talk.app.core().db(), &taken).await?;
        return submit(talk, &order.code, &offered).await;
    }
    match orders::awaiting_proof(talk.app.core(), talk.user.user_id()).await?.as_slice() {
        [] => Ok(sentence_home(&talk.texts, "proof-no-order", &[])),
        [order] => submit(talk, &order.code, &offered).await,
        several => {
            talk.ask(Some(&Question::ProofFor(offered))).await?;
            Ok(screens::customer::which_order(&talk.texts, several))
        }
    }
}

async fn unexpected(talk: &Talk) -> Result<Screen, Failure> {
    let home = super::customer::start(talk, &mela_core::users::Invitation::None).await?;
    Ok(Screen { text: talk.texts.html("unexpected", &[]), ..home })
}

/// The order was chosen for a proof that waits.
pub(super) async fn chosen(talk: &Talk, code: &str) -> Result<Reply, Failure> {
    let (Some(Question::ProofFor(offered)), Ok(order)) = (talk.open_question().await?, code.parse::<ShortCode>()) else {
        return Ok(Reply::Alert(talk.texts.plain("proof-which-gone", &[])));
    };
    Ok(Reply::Show(submit(talk, &order, &offered).await?))
}

fn key(update_id: i64) -> String {
    format!("tg:{update_id}")
}

async fn submit(talk: &Talk, order: &ShortCode, offered: &Offered) -> Result<Screen, Failure> {
    let texts = &talk.texts;
    let name = format!("O-{order}");
    let proof = match offered {
        Offered::Photo { file_id, unique_id, sent_at } => Proof::Photo { file_id: file_id.clone(), unique_id: unique_id.clone(), sent_at: *sent_at },
        Offered::Utr(utr) => match utr.parse() {
            Ok(utr) => Proof::Utr(utr),
            Err(_) => return Ok(sentence(texts, "utr-malformed", &[])),
        },
    };
    let taken = payments::submit(talk.app.core(), talk.user.user_id(), order, &proof, &key(talk.speaker.update_id)).await;
    let screen = match taken {
        Ok(payment) => {
            let payment = payment.into_inner();
            let key = if payment.late { "proof-taken-late" } else { "proof-taken" };
            sentence_home(texts, key, &[("amount", &payment.amount), ("order", &name)])
        }
        // The question stays open: another number may be typed.
        Err(PaymentError::UtrUsed(_)) => return Ok(sentence(texts, "utr-used", &[("order", &name)])),
        Err(PaymentError::NoOrder) => sentence_home(texts, "order-unknown", &[]),
        Err(PaymentError::NotAwaited(OrderState::InReview)) => sentence_home(texts, "proof-in-review", &[("order", &name)]),
        Err(PaymentError::NotAwaited(_)) => sentence_home(texts, "proof-paid", &[("order", &name)]),
        Err(error) => return Err(error.into()),
    };
    talk.ask(None).await?;
    Ok(screen)
}
