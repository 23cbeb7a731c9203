//! HTTP doors to the domain: what banks' alerts, gateways and phones call. Each is a file of its own that answers a router.

mod credits;
mod gateways;
mod pay;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use mela_core::Core;

/// The largest body that anybody sends; a larger one is refused unread.
const LARGEST: usize = 256 * 1024;

/// All of them.
pub fn router(core: &Core) -> Router {
    let doors = Router::new().merge(credits::routes(core)).merge(gateways::routes(core)).merge(pay::routes(core));
    doors.layer(DefaultBodyLimit::max(LARGEST))
}
