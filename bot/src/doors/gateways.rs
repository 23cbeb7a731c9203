//! `POST /gateways/razorpay`, `POST /gateways/cashfree`: their webhooks.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use mela_core::Core;
use mela_core::gateways::{self, Deaf, Which};

pub(super) fn routes(core: &Core) -> Router {
    Router::new().route("/gateways/{gateway}", post(hear)).with_state(core.clone())
}

/// 200 when it was taken, now or before; whatever else is answered, the gateway tells it again.
async fn hear(State(core): State<Core>, Path(gateway): Path<String>, head: HeaderMap, body: Bytes) -> (StatusCode, &'static str) {
    let Some(which) = Which::named(&gateway) else {
        return (StatusCode::NOT_FOUND, "no such gateway\n");
    };
    match gateways::hear(&core, which, &head, &body).await {
        Ok(()) => (StatusCode::OK, "ok\n"),
        Err(Deaf::Unsigned) => {
            tracing::warn!(gateway, "a webhook that the gateway did not sign, or under a secret that is not set here");
            (StatusCode::UNAUTHORIZED, "not signed by the gateway\n")
        }
        Err(Deaf::NotJson) => (StatusCode::BAD_REQUEST, "not JSON\n"),
        Err(Deaf::Trouble(error)) => {
            tracing::error!(gateway, %error, "a webhook could not be taken; the gateway tells it again");
            (StatusCode::SERVICE_UNAVAILABLE, "not now\n")
        }
    }
}
