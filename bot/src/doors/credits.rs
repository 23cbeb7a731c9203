//! `POST /credits`: a bank's alert, forwarded from the operator's phone.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use chrono::{DateTime, Utc};
use mela_core::Core;
use mela_core::credits::alert::{self, WINDOW};
use mela_core::credits::{BankCredit, CreditError, Taken};
use mela_core::orders;
use mela_core::signature::proves;
use sea_orm::DbErr;
use serde::Deserialize;
use serde_json::{Value, json};

/// What the phone sends; what else it says is not asked.
#[derive(Deserialize)]
struct Body {
    from: String,
    text: String,
    received_at: DateTime<chrono::FixedOffset>,
}

pub(super) fn routes(core: &Core) -> Router {
    Router::new().route("/credits", post(told)).with_state(core.clone())
}

async fn told(State(core): State<Core>, headers: HeaderMap, body: Bytes) -> Response {
    let (signature, signed_at) = match proved(&core, &headers, &body) {
        Ok(proved) => proved,
        Err(why) => return refused(StatusCode::UNAUTHORIZED, why),
    };
    match alert::is_used(&core, &signature).await {
        Ok(false) => {}
        Ok(true) => return refused(StatusCode::UNAUTHORIZED, REPLAYED),
        Err(error) => return broken(&error),
    }
    let body: Body = match serde_json::from_slice(&body) {
        Ok(body) => body,
        Err(error) => return refused(StatusCode::BAD_REQUEST, &wrong(&error)),
    };
    let answer = match answer(&core, &body).await {
        Ok(answer) => answer,
        Err(CreditError::Db(error)) => return broken(&error),
        Err(error) => return refused(StatusCode::UNPROCESSABLE_ENTITY, &error.to_string()),
    };
    // Last, so that whoever was cut off may send the same again: what was taken is known by its reference.
    match alert::use_up(&core, &signature, signed_at).await {
        Ok(true) => Json(answer).into_response(),
        Ok(false) => refused(StatusCode::UNAUTHORIZED, REPLAYED),
        Err(error) => broken(&error),
    }
}

const REPLAYED: &str = "this signature has served already: sign anew, with the time of now";

/// The signature and when it was made, where it is that of this body and of now.
fn proved(core: &Core, headers: &HeaderMap, body: &[u8]) -> Result<(Vec<u8>, DateTime<Utc>), &'static str> {
    let secret = core
        .settings_store()
        .layers()
        .secret("credits.secret")
        .ok_or("MELA_CREDITS__SECRET is not set: nothing is taken here")?;
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let timestamp = header("x-mela-timestamp").ok_or("the header X-Mela-Timestamp is missing")?;
    let signature = header("x-mela-signature").ok_or("the header X-Mela-Signature is missing")?;
    let signature = hex::decode(signature).map_err(|_| "X-Mela-Signature is not in hex")?;
    if !proves(secret, &[timestamp.as_bytes(), b".", body], &signature) {
        return Err("the signature is not that of TIMESTAMP.BODY");
    }
    let seconds = timestamp.parse().map_err(|_| "X-Mela-Timestamp is not in seconds")?;
    let signed_at = DateTime::from_timestamp(seconds, 0).ok_or("X-Mela-Timestamp is not in seconds")?;
    if (core.now() - signed_at).abs() > WINDOW {
        return Err("X-Mela-Timestamp is more than five minutes from now");
    }
    Ok((signature, signed_at))
}

async fn answer(core: &Core, body: &Body) -> Result<Value, CreditError> {
    let heard = alert::hear(core, &body.from, &body.text, body.received_at.with_timezone(&Utc)).await?;
    let outcome = match &heard {
        Ok(Taken::Unmatched(_)) => "unmatched",
        Ok(Taken::Duplicate(_)) => "duplicate",
        Ok(_) => "matched",
        Err(_) => "ignored",
    };
    metrics::counter!("mela_credit_alerts", "outcome" => outcome).increment(1);
    Ok(match heard {
        Ok(Taken::Matched(credit, order)) => {
            let order = orders::get(core.db(), order).await?;
            said(outcome, &credit, &[("order", json!(format!("O-{}", order.code)))])
        }
        Ok(Taken::Unmatched(credit) | Taken::Duplicate(credit) | Taken::Payout(credit)) => said(outcome, &credit, &[]),
        Err(why) => {
            metrics::counter!("mela_credit_alerts_ignored", "why" => why.word()).increment(1);
            json!({ "outcome": outcome, "reason": why.to_string() })
        }
    })
}

fn said(outcome: &str, credit: &BankCredit, more: &[(&str, Value)]) -> Value {
    let mut said = json!({ "outcome": outcome, "reference": credit.bank_ref, "amount": credit.amount.plain() });
    for (name, value) in more {
        said[*name] = value.clone();
    }
    said
}

fn refused(status: StatusCode, why: &str) -> Response {
    (status, Json(json!({ "error": why }))).into_response()
}

/// What is wrong with a body, without its words.
fn wrong(error: &serde_json::Error) -> String {
    let wanted = r#"wanted {"from": "VM-HDFCBK", "text": "…", "received_at": "2026-11-21T11:05:33+05:30"}"#;
    let kind = if error.is_data() { "a field is missing or wrong" } else { "the body is not JSON" };
    format!("{kind}, at line {} column {}; {wanted}", error.line(), error.column())
}

fn broken(error: &DbErr) -> Response {
    tracing::error!(%error, "an alert could not be taken");
    refused(StatusCode::SERVICE_UNAVAILABLE, "the shop's database is away: send it again")
}
