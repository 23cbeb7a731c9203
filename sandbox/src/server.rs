//! The HTTP door: `/bot<TOKEN>/<Method>`, `/file/bot<TOKEN>/<path>`, and the page.

use std::sync::Arc;

use axum::{
    Router,
    extract::{ConnectInfo, DefaultBodyLimit, Request, State as Shared},
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use crate::{Core, Fault, methods, page, params::Params, picture, refusal::Refusal, state::State, wire::Wire};

pub(crate) fn router(core: Arc<Core>) -> Router {
    page::routes()
        .fallback(bot_api)
        .layer(DefaultBodyLimit::disable())
        .layer(axum::middleware::from_fn(page::guard))
        .with_state(core)
}

async fn bot_api(Shared(core): Shared<Arc<Core>>, ConnectInfo(wire): ConnectInfo<Wire>, request: Request) -> Response {
    // teloxide escapes the slash within a file_path; colons are escaped by some clients.
    let path = request.uri().path().replace("%3A", ":").replace("%2F", "/");
    if let Some(rest) = path.strip_prefix("/file/bot") {
        return match rest.split_once('/') {
            Some((token, path)) if token == core.token => download(&core, path),
            Some(_) => refused(&Refusal::new(401, "Unauthorized")),
            None => refused(&Refusal::new(404, "Not Found")),
        };
    }
    let Some((token, method)) = path.strip_prefix("/bot").and_then(|rest| rest.split_once('/')) else {
        return refused(&Refusal::new(404, "Not Found"));
    };
    if token != core.token {
        return refused(&Refusal::new(401, "Unauthorized"));
    }
    let method = method.trim_end_matches('/').to_ascii_lowercase();
    let params = match Params::read(request).await {
        Ok(params) => params,
        Err(refusal) => return refused(&refusal),
    };
    let fault = core.lock().spring(&method);
    match fault {
        Some(Fault::TooManyRequests { retry_after }) => {
            let text = format!("Too Many Requests: retry after {retry_after}");
            let refusal = Refusal::new(429, text);
            return refused(&refusal.with(json!({ "retry_after": retry_after })));
        }
        Some(Fault::ServerError(code)) => {
            let status = StatusCode::from_u16(code).unwrap_or(StatusCode::BAD_GATEWAY);
            let reason = status.canonical_reason().unwrap_or("Internal Server Error");
            return refused(&Refusal::new(status.as_u16(), reason));
        }
        Some(Fault::Drop) => wire.cut(),
        Some(Fault::DropAfter) => {
            let _unsaid = answer(&core, &method, &params).await;
            wire.cut();
        }
        None => {
            return match answer(&core, &method, &params).await {
                Ok(result) => said(format!("{{\"ok\":true,\"result\":{result}}}")),
                Err(refusal) => refused(&refusal),
            };
        }
    }
    // The wire is cut: this is never seen.
    StatusCode::NO_CONTENT.into_response()
}

/// The result as JSON text.
async fn answer(core: &Core, method: &str, params: &Params) -> Result<String, Refusal> {
    if method == "getupdates" {
        return methods::get_updates(core, params).await;
    }
    let result = methods::call(&mut core.lock(), method, params);
    match result {
        Some(Ok(value)) => Ok(value.to_string()),
        Some(Err(refusal)) => {
            tracing::debug!(method, refusal = refusal.description, "the sandbox refused");
            Err(refusal)
        }
        None => Err(Refusal::new(404, "Not Found")),
    }
}

fn download(core: &Core, path: &str) -> Response {
    let id = path.strip_prefix("files/").unwrap_or_default();
    let found = {
        let state = core.lock();
        state.file_behind(id).map(|(stored, small)| (stored.clone(), small))
    };
    match found {
        Some((_, true)) => ([(CONTENT_TYPE, "image/png")], picture::POINT).into_response(),
        Some((stored, false)) => {
            let kind = picture::media_type(stored.record.name.as_deref(), &stored.bytes);
            ([(CONTENT_TYPE, kind)], stored.bytes.as_ref().clone()).into_response()
        }
        None => refused(&Refusal::new(404, "Not Found")),
    }
}

fn said(body: String) -> Response {
    ([(CONTENT_TYPE, "application/json")], body).into_response()
}

fn refused(refusal: &Refusal) -> Response {
    let status = StatusCode::from_u16(refusal.code).unwrap_or(StatusCode::BAD_REQUEST);
    let body: Value = refusal.body();
    (status, [(CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}

impl State {
    /// The fault that waits for this method, counted down.
    fn spring(&mut self, method: &str) -> Option<Fault> {
        let at = self.traps.iter().position(|trap| trap.method == method || (trap.method == "*" && method != "getupdates"))?;
        let trap = self.traps.get_mut(at)?;
        let fault = trap.fault;
        trap.times -= 1;
        if trap.times == 0 {
            self.traps.remove(at);
        }
        Some(fault)
    }
}
