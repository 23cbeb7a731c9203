//! Telegram Stars, read from the raw update: the library refuses a payment whose `order_info` is null, and none may be lost.

use super::Reply;
use super::customer::{Talk, own_order};
use crate::app::{App, Failure, Handled};
use crate::reply;
use crate::screens::{sentence_home, stars as screens};
use crate::wire::Patience;
use mela_core::notifications::{self, Notice};
use mela_core::orders::OrderState;
use mela_core::stars::{self, Became, No, Offered};
use serde::Deserialize;

/// The currency of Stars.
const XTR: &str = "XTR";

#[derive(Deserialize)]
struct Update {
    pre_checkout_query: Option<Query>,
    message: Option<Message>,
}

#[derive(Deserialize)]
struct Query {
    id: String,
    from: Person,
    currency: String,
    total_amount: i64,
    invoice_payload: String,
}

#[derive(Deserialize)]
struct Person {
    id: i64,
    language_code: Option<String>,
}

#[derive(Deserialize)]
struct Message {
    from: Option<Person>,
    chat: Chat,
    successful_payment: Option<Charged>,
    refunded_payment: Option<Charged>,
}

#[derive(Deserialize)]
struct Chat {
    id: i64,
}

#[derive(Deserialize)]
struct Charged {
    currency: String,
    total_amount: i64,
    invoice_payload: String,
    telegram_payment_charge_id: String,
}

/// Whether an update is about a payment. What people type has its quotes escaped, so that nobody can write these words into one.
fn is_about_payment(body: &str) -> bool {
    ["\"pre_checkout_query\"", "\"successful_payment\"", "\"refunded_payment\""].iter().any(|words| body.contains(words))
}

/// Handles an update that is about a payment; nothing where it is about something else.
pub async fn update(app: &App, body: &str) -> Option<Handled> {
    if !is_about_payment(body) {
        return None;
    }
    let update: Update = serde_json::from_str(body).ok()?;
    if let Some(query) = update.pre_checkout_query {
        return Some(checkout(app, &query).await);
    }
    let message = update.message?;
    let payer = message.from.as_ref().map_or(message.chat.id, |from| from.id);
    if let Some(paid) = message.successful_payment {
        return Some(paid_for(app, payer, &message.chat, message.from.and_then(|from| from.language_code), &paid).await);
    }
    let back = message.refunded_payment?;
    Some(stars::went_back(app.core(), &back.telegram_payment_charge_id).await.map_err(Failure::from))
}

/// Somebody is about to pay: Telegram waits ten seconds for the answer.
async fn checkout(app: &App, query: &Query) -> Handled {
    let verdict = match i32::try_from(query.total_amount) {
        Ok(stars) if query.currency == XTR => {
            stars::check(app.core(), &Offered { payer: query.from.id, stars, payload: query.invoice_payload.clone() }).await?
        }
        _ => Err(No::Changed),
    };
    let refusal = match verdict {
        Ok(()) => None,
        Err(no) => Some(screens::refused(&app.texts_for(query.from.id, query.from.language_code.as_deref()).await?, no)),
    };
    Ok(reply::answer_checkout(app.wire(), &query.id, refusal.as_deref()).await?)
}

/// Somebody paid.
async fn paid_for(app: &App, payer: i64, chat: &Chat, language: Option<String>, paid: &Charged) -> Handled {
    let charge = paid.telegram_payment_charge_id.as_str();
    let stars = i32::try_from(paid.total_amount).ok().filter(|stars| *stars > 0 && paid.currency == XTR);
    let Some(stars) = stars else {
        // We make no such invoice.
        let text = format!(
            "A payment of {} {} came that is not in Stars (charge {charge}): nothing was done with it.",
            paid.total_amount, paid.currency
        );
        let key: String = format!("not-stars:{charge}").chars().take(200).collect();
        return Ok(notifications::alert(app.core(), &Notice::Alarm { text }, Some(key)).await?);
    };
    let offered = Offered { payer, stars, payload: paid.invoice_payload.clone() };
    let key = match stars::receive(app.core(), charge, &offered).await? {
        // What follows is told as every approved payment is.
        Became::Paid => return Ok(()),
        Became::Waits => "stars-wait",
        Became::GoBack => "stars-go-back",
    };
    let texts = app.texts_for(payer, language.as_deref()).await?;
    reply::say(app.wire(), chat.id, &sentence_home(&texts, key, &[("stars", &stars)]), Patience::Wait).await?;
    Ok(())
}

/// `Pay with ⭐`: the invoice, as a message of its own; the payment screen stays.
pub(super) async fn invoice(talk: &Talk, code: &str) -> Result<Reply, Failure> {
    let Some(order) = own_order(talk, code).await? else {
        return Ok(Reply::Alert(talk.texts.plain("order-unknown", &[])));
    };
    let open = order.state == OrderState::AwaitingPayment && order.expires_at > talk.app.core().now();
    let Some(stars) = order.due_in_stars().filter(|_| open) else {
        return Ok(Reply::Alert(talk.texts.plain("order-not-open", &[])));
    };
    reply::send_invoice(talk.app.wire(), talk.speaker.chat_id, &screens::invoice(&talk.texts, &order, stars)).await?;
    Ok(Reply::Taken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_telegram_says_is_about_a_payment() {
        let typed = serde_json::json!({ "message": { "text": "\"successful_payment\" {\"pre_checkout_query\": 1}" } }).to_string();
        assert!(!is_about_payment(&typed));
        for body in [
            r#"{"update_id":1,"pre_checkout_query":{"id":"1","from":{"id":5,"is_bot":false,"first_name":"A"},"currency":"XTR","total_amount":9,"invoice_payload":"X","order_info":null,"shipping_option_id":null}}"#,
            r#"{"update_id":1,"message":{"message_id":1,"date":1,"from":{"id":5},"chat":{"id":5,"type":"private"},"successful_payment":{"currency":"XTR","total_amount":9,"invoice_payload":"X","telegram_payment_charge_id":"c","provider_payment_charge_id":"","order_info":null}}}"#,
        ] {
            assert!(is_about_payment(body));
            let update: Update = serde_json::from_str(body).unwrap();
            assert!(update.pre_checkout_query.is_some() || update.message.unwrap().successful_payment.is_some());
        }
    }
}
