//! `GET /verify`, `POST /verify`: the Mini App by which a person verifies, once: it says what is kept, and only then is anything sent.

use super::init_data::{self, Key};
use super::{asker, escape, language};
use crate::screens::verify::kept_for;
use crate::texts::Texts;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{ConnectInfo, DefaultBodyLimit, RawQuery, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, COOKIE, REFERRER_POLICY, SET_COOKIE, VARY, X_CONTENT_TYPE_OPTIONS};
use axum::http::{Extensions, HeaderMap, HeaderName, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use mela_core::Core;
use mela_core::credentials;
use mela_core::fraud::signals::SignalError;
use mela_core::settings::Settings;
use mela_core::users::LANGUAGES;
use mela_core::verification::{self, Device, Seen};
use sea_orm::DbErr;
use serde::Deserialize;
use serde_json::json;
use std::net::SocketAddr;
use url::form_urlencoded;

const STYLE: &str = include_str!("verify.css");
const SCRIPT: &str = include_str!("verify.js");
const SHIELD: &str =
    "<svg viewBox=\"0 0 24 24\"><path d=\"M12 2 4 5v6c0 5 3.4 9.3 8 11 4.6-1.7 8-6 8-11V5z\"/><path d=\"m8.3 12 2.6 2.6 4.8-5\"/></svg>";
const DONE: &str = "<svg viewBox=\"0 0 24 24\"><circle cx=\"12\" cy=\"12\" r=\"10\"/><path d=\"m7.5 12.3 3 3 6-6.4\"/></svg>";
const SORRY: &str = "<svg viewBox=\"0 0 24 24\"><circle cx=\"12\" cy=\"12\" r=\"10\"/><path d=\"M12 6.5v7m0 3.5v.1\"/></svg>";
/// Telegram's own part of every Mini App: what the page knows of the app around it.
const TELEGRAM: &str = "https://telegram.org/js/telegram-web-app.js";
/// The largest body that is read: Telegram's proof has some hundred characters.
const LARGEST: usize = 16 * 1024;
/// What the page tries again.
const NOT_NOW: &str = "not now";
const COOKIE_NAME: &str = "mela_device";
/// Names of one device that are looked at in one request: each of its stores has one.
const NAMES: usize = 4;

/// What the page's answers are made from.
#[derive(Debug, Clone)]
struct Door {
    core: Core,
    key: Key,
}

/// The door, for the bot with this key.
pub fn router(core: &Core, key: &Key) -> Router {
    let door = Door { core: core.clone(), key: key.clone() };
    Router::new().route("/verify", get(page).post(take)).layer(DefaultBodyLimit::max(LARGEST)).with_state(door)
}

/// What the page sends.
#[derive(Deserialize)]
struct Body {
    init_data: String,
    device: String,
}

async fn take(State(door): State<Door>, headers: HeaderMap, extensions: Extensions, body: Result<Bytes, BytesRejection>) -> Response {
    let taken = answer(&door, &headers, &extensions, body).await;
    let outcome = match &taken {
        Ok((_, "unknown")) => "unknown",
        Ok(_) => "verified",
        Err((_, why)) => why,
    };
    metrics::counter!("mela_verifications", "outcome" => outcome).increment(1);
    match taken {
        Ok((response, _)) => response,
        Err((status, why)) => (status, Json(json!({ "error": why }))).into_response(),
    }
}

type Refusal = (StatusCode, &'static str);

async fn answer(
    door: &Door,
    headers: &HeaderMap,
    extensions: &Extensions,
    body: Result<Bytes, BytesRejection>,
) -> Result<(Response, &'static str), Refusal> {
    let body = body.map_err(|rejected| (rejected.status(), "too large"))?;
    let body: Body = serde_json::from_slice(&body).map_err(|_| (StatusCode::BAD_REQUEST, "not such a body"))?;
    let settings = door.core.settings().await.map_err(|error| broken(&error))?;
    // Else a stranger's page could lend the reader's device and address to somebody else.
    if asker::is_foreign(headers, &settings.http) {
        return Err((StatusCode::FORBIDDEN, "another site's page"));
    }
    let telegram_id = init_data::person(&body.init_data, &door.key, door.core.now()).map_err(|why| {
        tracing::debug!(%why, "a Mini App's proof was refused");
        (StatusCode::UNAUTHORIZED, "not proved")
    })?;
    let device: Device = body.device.parse().map_err(|_| (StatusCode::BAD_REQUEST, "not a device"))?;
    let mut devices = vec![device];
    for left in cookies(headers) {
        if devices.len() < NAMES && !devices.contains(&left) {
            devices.push(left);
        }
    }
    let connection = extensions.get::<ConnectInfo<SocketAddr>>().map(|connection| connection.0);
    let seen = Seen { address: asker::address(headers, connection, &settings.http), devices };
    let verified = match verification::verify(&door.core, telegram_id, &seen).await {
        Ok(verified) => verified,
        Err(SignalError::Db(error)) => return Err(broken(&error)),
        Err(SignalError::Vault(trouble)) => {
            credentials::alarm(&door.core, &trouble).await.map_err(|error| broken(&error))?;
            return Err((StatusCode::SERVICE_UNAVAILABLE, NOT_NOW));
        }
    };
    if verified.is_none() {
        return Ok((Json(json!({ "outcome": "unknown" })).into_response(), "unknown"));
    }
    let oldest = Device::oldest(&seen.devices).map(Device::as_str).unwrap_or_default();
    let cookie = cookie(oldest, &settings, asker::is_https(headers, &settings.http));
    let answer = Json(json!({ "outcome": "verified", "device": oldest }));
    Ok((([(SET_COOKIE, cookie), (CACHE_CONTROL, "no-store".to_owned())], answer).into_response(), "verified"))
}

fn broken(error: &DbErr) -> Refusal {
    tracing::error!(%error, "somebody could not verify");
    (StatusCode::SERVICE_UNAVAILABLE, NOT_NOW)
}

/// The device's names in the cookies; what is none is left aside.
fn cookies(headers: &HeaderMap) -> impl Iterator<Item = Device> + '_ {
    let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    let pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.filter(|(name, _)| *name == COOKIE_NAME).filter_map(|(_, value)| value.parse().ok())
}

/// Where the page is inside Telegram's web client, only a cookie that says so is kept. Without a path it is this page's, wherever a proxy has put it.
fn cookie(name: &str, settings: &Settings, https: bool) -> String {
    let site = if https { "SameSite=None; Secure; Partitioned" } else { "SameSite=Lax" };
    format!("{COOKIE_NAME}={name}; Max-Age={}; HttpOnly; {site}", settings.fraud.keep_devices.duration().as_secs())
}

async fn page(State(door): State<Door>, headers: HeaderMap, RawQuery(query): RawQuery) -> Response {
    let settings = match door.core.settings().await {
        Ok(settings) => settings,
        Err(error) => return broken(&error).0.into_response(),
    };
    let query = query.unwrap_or_default();
    let asked = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "lang");
    let asked = asked.and_then(|(_, wanted)| LANGUAGES.into_iter().find(|spoken| *spoken == wanted));
    let texts = Texts::new(asked.unwrap_or_else(|| language(&headers)), settings.shop.timezone);
    let nonce = door.core.short_code();
    let policy = format!(
        "default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}' {TELEGRAM}; connect-src 'self'; base-uri 'none'; form-action 'none'; \
         frame-ancestors https://web.telegram.org https://*.telegram.org"
    );
    let robots = HeaderName::from_static("x-robots-tag");
    let headers = [
        (CONTENT_SECURITY_POLICY, policy.as_str()),
        (REFERRER_POLICY, "no-referrer"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (CACHE_CONTROL, "no-store"),
        (VARY, "Accept-Language"),
        (robots, "noindex, nofollow"),
    ]
    .map(|(name, value)| (name, value.to_owned()));
    (headers, Html(html(&texts, &settings, nonce.as_str(), &Device::fresh(&door.core)))).into_response()
}

/// The page in its four states, of which the script shows one. `fresh` is what the device is called if it has no name yet: until the button is pressed
/// nothing of it is stored.
fn html(texts: &Texts, settings: &Settings, nonce: &str, fresh: &Device) -> String {
    let keep = kept_for(texts, settings);
    let say = |key: &str| escape(&texts.plain(key, &[("keep", &keep), ("shop", &settings.shop.name.as_str())]));
    let kept: String = ["verify-kept-device", "verify-kept-address", "verify-kept-how"].map(|key| format!("<li>{}</li>", say(key))).concat();
    let why: String = [("away", "verify-away"), ("old", "verify-old"), ("outside", "verify-outside"), ("unknown", "verify-unknown")]
        .map(|(why, key)| format!("<p data-why=\"{why}\" hidden>{}</p>", say(key)))
        .concat();
    let ask = format!(
        "<section id=\"ask\"><div class=\"mark\">{SHIELD}</div><h1>{title}</h1><p>{reason}</p><div class=\"card\"><h2>{heading}</h2><ul>{kept}</ul><p>{not}</p></div>\
         <button id=\"go\" class=\"main\" disabled>{go}</button><p class=\"hint\">{free}</p><noscript><p>{script}</p></noscript></section>",
        title = say("verify-title"),
        reason = say("verify-why"),
        heading = say("verify-kept"),
        not = say("verify-kept-not"),
        go = say("verify-go"),
        free = say("verify-free"),
        script = say("verify-no-script"),
    );
    let rest = format!(
        "<section id=\"busy\" hidden><div class=\"mark turning\">{SHIELD}</div><p class=\"middle\">{busy}</p></section>\
         <section id=\"done\" hidden><div class=\"mark\">{DONE}</div><h1>{done}</h1><p class=\"middle\">{then}</p><button class=\"main close\">{close}</button></section>\
         <section id=\"failed\" hidden><div class=\"mark\">{SORRY}</div><h1>{failed}</h1>{why}<button id=\"again\" class=\"main\">{again}</button>\
         <button class=\"plain close\">{close}</button></section>",
        busy = say("verify-busy"),
        done = say("verify-done"),
        then = say("verify-done-then"),
        failed = say("verify-failed"),
        again = say("verify-again"),
        close = say("verify-close"),
    );
    format!(
        "<!doctype html><html lang=\"{language}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"robots\" content=\"noindex, nofollow\"><title>{title}</title><style nonce=\"{nonce}\">:root{{--shop:{color};--ink:{ink}}}{STYLE}</style></head>\
         <body data-fresh=\"{fresh}\" data-telegram=\"{TELEGRAM}\"><header>{shop}</header><main aria-live=\"polite\">{ask}{rest}</main>\
         <script nonce=\"{nonce}\">{SCRIPT}</script></body></html>",
        language = texts.language(),
        title = say("verify-title"),
        color = settings.shop.color,
        ink = settings.shop.color.ink(),
        fresh = fresh.as_str(),
        shop = escape(settings.shop.name.as_str()),
    )
}
