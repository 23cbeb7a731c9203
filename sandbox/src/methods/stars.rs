//! `sendInvoice` in Stars, its checkout and its refund, checked as Telegram checks them.

use serde_json::{Value, json};

use super::send::Draft;
use crate::{
    message::{Content, Invoice},
    params::Params,
    refusal::Refusal,
    state::State,
};

/// The most Stars of one invoice.
const MOST: i64 = 100_000;

fn sized(params: &Params, name: &str, most: usize) -> Result<String, Refusal> {
    let text = params.text(name).unwrap_or_default();
    match text.chars().count() {
        0 => Err(Refusal::bad(format!("parameter \"{name}\" is required"))),
        n if n > most => Err(Refusal::bad(format!("{name} must have 1 to {most} characters"))),
        _ => Ok(text),
    }
}

pub(super) fn send_invoice(state: &mut State, params: &Params) -> Result<Value, Refusal> {
    let title = sized(params, "title", 32)?;
    let description = sized(params, "description", 255)?;
    let payload = params.text("payload").unwrap_or_default();
    if !(1..=128).contains(&payload.len()) {
        return Err(Refusal::bad("INVOICE_PAYLOAD_INVALID"));
    }
    if params.text("currency").unwrap_or_default() != "XTR" {
        // The sandbox has no other money.
        return Err(Refusal::bad("CURRENCY_INVALID"));
    }
    if params.text("provider_token").is_some_and(|token| !token.is_empty()) {
        return Err(Refusal::bad("PAYMENT_PROVIDER_INVALID"));
    }
    let prices = params.object("prices", "prices")?.unwrap_or(Value::Null);
    let Some([price]) = prices.as_array().map(Vec::as_slice) else {
        return Err(Refusal::bad("STARS_INVOICE_INVALID"));
    };
    let stars = price["amount"].as_i64().filter(|stars| (1..=MOST).contains(stars));
    let stars = stars.filter(|_| price["label"].as_str().is_some_and(|label| !label.is_empty()));
    let stars = stars.ok_or_else(|| Refusal::bad("CURRENCY_TOTAL_AMOUNT_INVALID"))?;
    let mut draft = Draft::read(state, params)?;
    let first = draft.markup.as_ref().map(|markup| markup["inline_keyboard"][0][0]["pay"] == true);
    match first {
        Some(false) => return Err(Refusal::bad("REPLY_MARKUP_BUY_EMPTY")),
        Some(true) => {}
        None => draft.markup = Some(json!({ "inline_keyboard": [[{ "text": format!("Pay ⭐️{stars}"), "pay": true }]] })),
    }
    let start_parameter = params.text("start_parameter").unwrap_or_default();
    let invoice = Invoice { title, description, start_parameter, payload, stars, paid: false };
    let message = draft.post(state, Content::Invoice(invoice));
    Ok(state.message_object(&message))
}

pub(super) fn answer_checkout(state: &mut State, params: &Params) -> Result<Value, Refusal> {
    let id = params.text("pre_checkout_query_id").unwrap_or_default();
    let answer = if params.flag("ok") {
        Ok(())
    } else {
        let why = params.text("error_message").filter(|why| !why.trim().is_empty());
        Err(why.ok_or_else(|| Refusal::bad("parameter \"error_message\" is required"))?)
    };
    if state.answer_checkout(&id, answer) {
        Ok(json!(true))
    } else {
        Err(Refusal::bad("query is too old and response timeout expired or query ID is invalid"))
    }
}

pub(super) fn refund(state: &mut State, params: &Params) -> Result<Value, Refusal> {
    let user = params.int("user_id").ok_or_else(|| Refusal::bad("invalid user_id specified"))?;
    let charge = params.text("telegram_payment_charge_id").unwrap_or_default();
    state.refund_stars(user, &charge).map_err(Refusal::bad)?;
    Ok(json!(true))
}
