//! The program's own HTTP: health, readiness, metrics, and the doors that money comes through.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use metrics_exporter_prometheus::PrometheusHandle;
use sea_orm::{ConnectionTrait, DatabaseConnection};
use serde_json::json;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::reply;
use crate::wire::Wire;

/// Seconds since the program began when Telegram last answered a poll, plus one; 0: never.
static POLLED: AtomicU64 = AtomicU64::new(0);
static BEGAN: std::sync::LazyLock<Instant> = std::sync::LazyLock::new(Instant::now);
/// A poll that was answered this recently shows that Telegram can be reached.
const RECENT: Duration = Duration::from_secs(60);
/// A check of readiness takes no longer.
const PATIENCE: Duration = Duration::from_secs(3);

/// Notes that Telegram answered a poll.
pub fn polled() {
    POLLED.store(BEGAN.elapsed().as_secs() + 1, Ordering::Relaxed);
}

fn polled_recently() -> bool {
    let at = POLLED.load(Ordering::Relaxed);
    at > 0 && BEGAN.elapsed().as_secs() + 1 < at + RECENT.as_secs()
}

/// What the answers are made from.
#[derive(Debug, Clone)]
pub struct Health {
    /// The database.
    pub db: DatabaseConnection,
    /// Telegram.
    pub wire: Wire,
    /// Everything that was counted.
    pub metrics: PrometheusHandle,
}

/// Serves until `stop`.
///
/// # Errors
/// The listener fails.
pub async fn serve(listener: TcpListener, health: Health, doors: Router, stop: CancellationToken) -> std::io::Result<()> {
    let router = Router::new()
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(|State(health): State<Health>| async move { health.metrics.render() }))
        .with_state(health)
        .merge(doors);
    // Who asks is known by their address.
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service).with_graceful_shutdown(async move { stop.cancelled().await }).await
}

/// Ready: the database answers, its schema is the newest, and Telegram can be reached.
async fn ready(State(health): State<Health>) -> impl IntoResponse {
    let database = tokio::time::timeout(PATIENCE, health.db.execute_unprepared("SELECT 1")).await.is_ok_and(|r| r.is_ok());
    let schema = database && tokio::time::timeout(PATIENCE, migration::pending(&health.db)).await.is_ok_and(|r| r.is_ok_and(|pending| !pending));
    let telegram = polled_recently() || tokio::time::timeout(PATIENCE, reply::me(&health.wire)).await.is_ok_and(|r| r.is_ok());
    let status = if database && schema && telegram { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let word = |fine| if fine { "ok" } else { "away" };
    (
        status,
        Json(json!({ "database": word(database), "schema": if schema { "ok" } else { "pending or unknown" }, "telegram": word(telegram) })),
    )
}
