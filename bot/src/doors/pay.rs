//! `GET /pay/O-…`: the page that opens a UPI app on the phone it is read on. It tells of an order what its code's holder is to pay, and of nobody.

use super::{escape, language};
use crate::qr;
use crate::screens::paying::{minutes_left, reference};
use crate::texts::Texts;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use mela_core::Core;
use mela_core::code::ShortCode;
use mela_core::orders::{self, Order, OrderState};
use mela_core::settings::Settings;
use sea_orm::DbErr;

const STYLE: &str = include_str!("pay.css");
const SCRIPT: &str = include_str!("pay.js");
/// Apps that take the same link under a name of their own, where a phone does not ask which.
const APPS: [(&str, &str); 3] = [("Google Pay", "tez://upi/pay"), ("PhonePe", "phonepe://pay"), ("Paytm", "paytmmp://pay")];

/// The page's door.
pub(super) fn routes(core: &Core) -> Router {
    Router::new().route("/pay/{code}", get(page)).with_state(core.clone())
}

async fn page(State(core): State<Core>, Path(code): Path<String>, headers: HeaderMap) -> Response {
    match answer(&core, &code, &headers).await {
        Ok(response) => response,
        Err(error) => {
            tracing::error!(%error, "a payment page could not be made");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

async fn answer(core: &Core, code: &str, headers: &HeaderMap) -> Result<Response, DbErr> {
    let settings = core.settings().await?;
    let texts = Texts::new(language(headers), settings.shop.timezone);
    let order = match ShortCode::with_prefix("O-", code) {
        Ok(code) => orders::by_code(core.db(), &code).await?,
        Err(_) => None,
    };
    let now = core.now();
    Ok(match order {
        None => framed(core, &texts, &settings, StatusCode::NOT_FOUND, &texts.plain("pay-unknown", &[]), ""),
        Some(order) if order.state != OrderState::AwaitingPayment || order.expires_at <= now || settings.upi.payee.is_empty() => {
            let how = format!("<p>{}</p>", texts.html("pay-ended-how", &[]));
            framed(core, &texts, &settings, StatusCode::GONE, &texts.plain("pay-ended", &[]), &how)
        }
        Some(order) => {
            let title = texts.plain("pay-title", &[("amount", &order.due()), ("shop", &settings.shop.name.as_str())]);
            framed(core, &texts, &settings, StatusCode::OK, &title, &body(&texts, &settings, &order, minutes_left(&order, now)))
        }
    })
}

fn body(texts: &Texts, settings: &Settings, order: &Order, minutes: u64) -> String {
    let upi = &settings.upi;
    let link = qr::upi_link(&upi.payee, upi.name(&settings.shop), order.due(), &order.code);
    let say = |key: &str| texts.html(key, &[]);
    let row = |label: &str, value: &str| {
        let (label, copied, copy, shown) = (say(label), say("pay-copied"), say("pay-copy"), escape(value));
        format!(
            "<div class=\"row\"><div><small>{label}</small><b>{shown}</b></div><button hidden data-copy=\"{shown}\" data-done=\"{copied}\">{copy}</button></div>"
        )
    };
    let apps: String = APPS
        .iter()
        .map(|(name, scheme)| format!("<a href=\"{}\">{name}</a>", escape(&link.replacen("upi://pay", scheme, 1))))
        .collect();
    let (amount, reference) = (order.due().plain(), reference(order));
    let rows: String = [("pay-upi-id", upi.payee.as_str()), ("pay-amount", amount.as_str()), ("pay-reference", reference.as_str())]
        .into_iter()
        .map(|(label, value)| row(label, value))
        .collect();
    let exactly = if upi.unique_amount {
        format!("<p>{}</p>", texts.html("paying-exactly", &[("amount", &order.due())]))
    } else {
        String::new()
    };
    let code = qr::svg(&link).map(|svg| format!("<div class=\"scan\"><p>{}</p>{svg}</div>", say("pay-scan"))).unwrap_or_default();
    format!(
        "<p class=\"amount\">{amount}</p><p class=\"left\">{left}</p><a class=\"main\" id=\"open\" href=\"{link}\">{open}</a>\
         <p class=\"or\">{or}</p><div class=\"apps\">{apps}</div>{rows}<p><small>{order_label} O-{order}</small></p>{exactly}<p>{then}</p>{code}",
        amount = order.due(),
        left = texts.html("pay-left", &[("left", &texts.plain("payment-left", &[("minutes", &minutes)]))]),
        link = escape(&link),
        open = say("pay-open"),
        or = say("pay-or"),
        order_label = say("pay-order"),
        order = order.code,
        then = say("pay-then"),
    )
}

fn framed(core: &Core, texts: &Texts, settings: &Settings, status: StatusCode, title: &str, body: &str) -> Response {
    let (color, ink) = (settings.shop.color, settings.shop.color.ink());
    let nonce = core.short_code();
    let (shop, title) = (escape(settings.shop.name.as_str()), escape(title));
    let head = if body.contains("class=\"amount\"") { String::new() } else { format!("<h1>{title}</h1>") };
    let page = format!(
        "<!doctype html><html lang=\"{language}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"robots\" content=\"noindex, nofollow\"><title>{title}</title><style nonce=\"{nonce}\">:root{{--shop:{color};--ink:{ink}}}{STYLE}</style></head>\
         <body><header>{shop}</header><main>{head}{body}</main><script nonce=\"{nonce}\">{SCRIPT}</script></body></html>",
        language = texts.language(),
    );
    let policy = format!(
        "default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
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
    (status, headers, Html(page)).into_response()
}
