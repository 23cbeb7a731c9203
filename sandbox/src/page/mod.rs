//! The chat page and the small JSON API it polls.

mod guard;
mod view;

use std::{sync::Arc, time::Duration};

use axum::{
    Json, Router,
    body::Bytes,
    extract::{Path, Query, State as Shared},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{Core, acts::Parcel, driver::answered, inline::offered, mini_app::opened, picture, stars::checked_out};

pub(crate) use guard::guard;

/// How long the page waits for the answer to a press.
const PRESS_WAIT: Duration = Duration::from_secs(8);

const POLICY: &str = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; \
     img-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

type Answer = Result<Json<Value>, (StatusCode, String)>;

pub(crate) fn routes() -> Router<Arc<Core>> {
    Router::new()
        .route("/", get(page))
        .route("/sandbox/state", get(view::state))
        .route("/sandbox/panel", get(panel))
        .route("/sandbox/file/{id}", get(file))
        .route("/sandbox/people", post(people))
        .route("/sandbox/send", post(send))
        .route("/sandbox/upload", post(upload))
        .route("/sandbox/press", post(press))
        .route("/sandbox/pay", post(pay))
        .route("/sandbox/mini_app", post(mini_app))
        .route("/sandbox/query", post(query))
        .route("/sandbox/choose", post(choose))
        .route("/sandbox/block", post(block))
        .route("/sandbox/advance", post(advance))
}

async fn page() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, include_str!("page.html")).into_response()
}

fn no(why: impl Into<String>) -> (StatusCode, String) {
    (StatusCode::CONFLICT, why.into())
}

async fn panel(Shared(core): Shared<Arc<Core>>) -> Answer {
    let text = match &core.panel {
        Some(panel) => panel().await,
        None => String::new(),
    };
    Ok(Json(json!({ "text": text })))
}

async fn file(Shared(core): Shared<Arc<Core>>, Path(id): Path<String>) -> Response {
    let stored = core.lock().files.get(&id).cloned();
    let Some(stored) = stored else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let bytes = stored.bytes.as_ref().clone();
    if picture::size(&bytes).is_some() {
        let kind = picture::media_type(None, &bytes);
        return ([(header::CONTENT_TYPE, kind)], bytes).into_response();
    }
    // Anything else is only ever downloaded, so that an uploaded page is never run here.
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream"),
        (header::CONTENT_DISPOSITION, "attachment"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, bytes).into_response()
}

#[derive(Deserialize)]
struct NewPerson {
    name: String,
    #[serde(default)]
    username: Option<String>,
}

async fn people(Shared(core): Shared<Arc<Core>>, Json(new): Json<NewPerson>) -> Answer {
    let name = new.name.trim();
    if name.is_empty() || name.chars().count() > 64 {
        return Err(no("a name has 1 to 64 characters"));
    }
    let mut state = core.lock();
    let last = state.people.keys().next_back().copied().unwrap_or(0);
    let id = last.max(700_000_000) + 1;
    state.meet(id, name);
    let username = new.username.filter(|username| !username.is_empty());
    state.change_person(id, |person| person.username = username);
    Ok(Json(json!({ "id": id })))
}

#[derive(Deserialize)]
struct Words {
    person: i64,
    chat: i64,
    text: String,
    #[serde(default)]
    reply_to: Option<i64>,
}

async fn send(Shared(core): Shared<Arc<Core>>, Json(words): Json<Words>) -> Answer {
    let parcel = Parcel::Text(&words.text);
    deliver(&core, words.person, words.chat, parcel, words.reply_to)
}

#[derive(Deserialize)]
struct Sent {
    person: i64,
    chat: i64,
    name: String,
    #[serde(default)]
    caption: String,
    #[serde(default)]
    document: bool,
}

async fn upload(Shared(core): Shared<Arc<Core>>, Query(sent): Query<Sent>, bytes: Bytes) -> Answer {
    let caption = Some(sent.caption.as_str()).filter(|caption| !caption.is_empty());
    let photo = !sent.document && picture::size(&bytes).is_some();
    let parcel = if photo { Parcel::Photo(&bytes, caption) } else { Parcel::Document(&sent.name, &bytes, caption) };
    deliver(&core, sent.person, sent.chat, parcel, None)
}

fn deliver(core: &Core, person: i64, chat: i64, parcel: Parcel<'_>, reply_to: Option<i64>) -> Answer {
    let mut state = core.lock();
    if !state.people.contains_key(&person) || (chat > 0 && chat != person) {
        return Err(no("there is no such person in this chat"));
    }
    if chat != person {
        state.join(chat, person);
    }
    let chat = state.current(chat);
    let sent = state.send(person, chat, parcel, reply_to).map_err(no)?;
    Ok(Json(json!({ "message_id": sent })))
}

#[derive(Deserialize)]
struct Press {
    person: i64,
    chat: i64,
    message: i64,
    data: String,
    caption: String,
}

async fn press(Shared(core): Shared<Arc<Core>>, Json(press): Json<Press>) -> Answer {
    let query = {
        let mut state = core.lock();
        let chat = state.holder(press.chat, press.message);
        state.press(press.person, chat, press.message, &press.data, &press.caption).map_err(no)?
    };
    let answer = answered(&core, &query, PRESS_WAIT).await;
    Ok(Json(json!({
        "answered": answer.is_some(),
        "text": answer.as_ref().and_then(|answer| answer.text.clone()),
        "show_alert": answer.is_some_and(|answer| answer.show_alert),
    })))
}

#[derive(Deserialize)]
struct Pay {
    person: i64,
    chat: i64,
    message: i64,
}

/// Pays an invoice; what the bot says when it refuses.
async fn pay(Shared(core): Shared<Arc<Core>>, Json(pay): Json<Pay>) -> Answer {
    let query = {
        let mut state = core.lock();
        let chat = state.holder(pay.chat, pay.message);
        state.begin_checkout(pay.person, chat, pay.message).map_err(no)?
    };
    let answer = checked_out(&core, &query).await.ok_or_else(|| no("the bot did not answer within ten seconds"))?;
    answer.map_err(no)?;
    Ok(Json(json!({})))
}

#[derive(Deserialize)]
struct Opening {
    person: i64,
    url: String,
}

/// Where a person's browser opens a Mini App.
async fn mini_app(Shared(core): Shared<Arc<Core>>, Json(opening): Json<Opening>) -> Answer {
    let url = opened(&core, opening.person, &opening.url).ok_or_else(|| no("there is no such person"))?;
    Ok(Json(json!({ "url": url })))
}

#[derive(Deserialize)]
struct Typed {
    person: i64,
    text: String,
}

/// What the bot offers when someone types behind its name.
async fn query(Shared(core): Shared<Arc<Core>>, Json(typed): Json<Typed>) -> Answer {
    let query = core.lock().ask_inline(typed.person, &typed.text, "", "private").map_err(no)?;
    let offer = offered(&core, &query, PRESS_WAIT).await.ok_or_else(|| no("the bot did not answer this query"))?;
    let results: Vec<Value> = offer.results.iter().map(|one| json!({ "id": one.id, "title": one.title, "description": one.description })).collect();
    Ok(Json(json!({ "query": query, "results": results, "start": offer.button })))
}

#[derive(Deserialize)]
struct Choice {
    query: String,
    result: String,
    chat: i64,
}

async fn choose(Shared(core): Shared<Arc<Core>>, Json(choice): Json<Choice>) -> Answer {
    let mut state = core.lock();
    let chat = state.current(choice.chat);
    let seen = state.choose(&choice.query, &choice.result, chat).map_err(no)?;
    Ok(Json(json!({ "message_id": seen.message_id })))
}

#[derive(Deserialize)]
struct Block {
    person: i64,
    blocked: bool,
}

async fn block(Shared(core): Shared<Arc<Core>>, Json(block): Json<Block>) -> Answer {
    core.lock().set_blocked(block.person, block.blocked);
    Ok(Json(json!({})))
}

#[derive(Deserialize)]
struct Passing {
    hours: i64,
}

async fn advance(Shared(core): Shared<Arc<Core>>, Json(passing): Json<Passing>) -> Answer {
    let Some(advance) = &core.advance else {
        return Err(no("time cannot be moved here"));
    };
    let hours = chrono::Duration::hours(passing.hours.clamp(1, 24 * 366));
    advance(hours).await.map_err(no)?;
    Ok(Json(json!({})))
}
