//! What time does: apalis workers over the domain. The truth is in the rows; every body is a sweep, safe to run twice and by many at once.
//!
//! | job | how often | what it does |
//! |---|---|---|
//! | release | `jobs.release_every` | commissions whose hold is over become withdrawable |
//! | expire | `jobs.expire_every` | orders whose time to pay is over end |
//! | notify | `jobs.notify_every` | wakes the post office, should a NOTIFY have been lost |
//! | check | `jobs.check_every` | proves the ledger; alarms the admin chat when it is not right |
//! | prune | `jobs.prune_every` | clears away handled updates and finished jobs |

pub mod bodies;
mod post;
mod schedule;

use apalis_postgres::PostgresStorage;
use futures::future::BoxFuture;
use mela_core::Core;
use mela_core::notifications::{Claimed, Outcome};
use sea_orm::{DatabaseConnection, DbErr};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// How long parts may take to end.
const GRACE: Duration = Duration::from_secs(8);

/// What the jobs need from outside the domain.
pub trait Outside: Send + Sync + 'static {
    /// Sends one pile of notices, at its own pace.
    fn deliver<'a>(&'a self, claimed: &'a Claimed) -> BoxFuture<'a, Result<Outcome, DbErr>>;

    /// Clears away what is old outside the domain; answers how many rows.
    fn prune(&self) -> BoxFuture<'_, Result<u64, DbErr>>;
}

/// Why the jobs' own tables could not be made.
#[derive(Debug, thiserror::Error)]
#[error("the job queue's tables cannot be made ({0}); they need PostgreSQL's contrib extensions (hstore)")]
pub struct SetupError(apalis_postgres::Error);

/// Makes apalis' tables, or brings them up to date. Two programs may call this at the same time.
///
/// # Errors
/// An extension or a right is missing.
pub async fn setup(db: &DatabaseConnection) -> Result<(), SetupError> {
    PostgresStorage::<()>::setup(db.get_postgres_connection_pool()).await.map_err(SetupError)
}

/// Runs all jobs until `stop`. Whatever fails meanwhile is logged once and tried again: the database may be away for any time.
pub async fn run(core: Core, outside: Arc<dyn Outside>, stop: CancellationToken) {
    let wake = Arc::new(Notify::new());
    let mut parts = JoinSet::new();
    parts.spawn(schedule::run(core.clone(), Arc::clone(&outside), Arc::clone(&wake), stop.clone()));
    parts.spawn(post::listen(core.clone(), Arc::clone(&wake), stop.clone()));
    parts.spawn(post::run(core, outside, wake, stop.clone()));
    stop.cancelled().await;
    let all = async { while parts.join_next().await.is_some() {} };
    if tokio::time::timeout(GRACE, all).await.is_err() {
        tracing::warn!("some jobs did not end in time; they are run again at the next start");
    }
    parts.shutdown().await;
}
