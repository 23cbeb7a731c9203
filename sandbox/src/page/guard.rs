//! Who may talk to the page: only itself, on this machine.

use axum::{
    extract::Request,
    http::{HeaderMap, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

/// Refuses other sites' requests (Origin) and other names for this machine (Host, against DNS
/// rebinding). Bot API calls carry the token; of them only a browser's foreign Origin is refused.
pub(crate) async fn guard(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let api = path.starts_with("/bot") || path.starts_with("/file/");
    let headers = request.headers();
    let host = text(headers, header::HOST);
    let origin = headers.get(header::ORIGIN).map(|_| text(headers, header::ORIGIN));
    // Scripts and bots send no such header; a browser always does to a local address.
    let browser = headers.contains_key("sec-fetch-site");
    let same = origin.is_none_or(|origin| origin.strip_prefix("http://") == Some(host));
    if !same || !((api && !browser) || local(host)) {
        let why = "the sandbox is only for pages of its own, at 127.0.0.1 or localhost";
        return (StatusCode::FORBIDDEN, why).into_response();
    }
    next.run(request).await
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> &str {
    let value = headers.get(name);
    value.and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn local(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|c| c.is_ascii_digit()) => name,
        _ => host,
    };
    name == "127.0.0.1" || name.eq_ignore_ascii_case("localhost")
}
