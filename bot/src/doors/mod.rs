//! HTTP doors to the domain: what banks' alerts, gateways and phones call. Each is a file of its own that answers a router.

mod asker;
mod credits;
mod gateways;
pub mod init_data;
mod pay;
pub mod verify;

use crate::texts;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::HeaderMap;
use axum::http::header::ACCEPT_LANGUAGE;
use mela_core::Core;
use mela_core::users::LANGUAGES;

/// The largest body that anybody sends; a larger one is refused unread.
const LARGEST: usize = 256 * 1024;

/// All of them but [`verify`], which needs the bot's key.
pub fn router(core: &Core) -> Router {
    let doors = Router::new().merge(credits::routes(core)).merge(gateways::routes(core)).merge(pay::routes(core));
    doors.layer(DefaultBodyLimit::max(LARGEST))
}

/// The first language that the reader's browser asks for and that is spoken here.
fn language(headers: &HeaderMap) -> &'static str {
    let wanted = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut wanted = wanted.split(',').take(20).map(|part| part.split([';', '-']).next().unwrap_or_default().trim().to_ascii_lowercase());
    wanted.find_map(|wanted| LANGUAGES.into_iter().find(|spoken| *spoken == wanted)).unwrap_or(LANGUAGES[0])
}

/// Text inside a tag or between quotes.
fn escape(text: &str) -> String {
    texts::escape(text.to_owned()).replace('"', "&quot;").replace('\'', "&#39;")
}
