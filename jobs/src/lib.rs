//! What time does: apalis workers over the domain. The truth is in the rows; every body is a sweep, safe to run twice and by many at once.
//!
//! | job | how often | what it does |
//! |---|---|---|
//! | release | `jobs.release_every` | commissions whose hold is over become withdrawable |
//! | expire | `jobs.expire_every` | orders whose time to pay is over end |
//! | match | `jobs.match_every` | money that was seen and not looked at, or named since, is matched with its orders |
//! | stock | `jobs.stock_every` | paid orders that wait for stock get what has come, and who waits for a plan is told that it is back |
//! | receipts | `jobs.receipts_every` | paid orders get the numbers of their receipts, in the order of payment |
//! | stars | `jobs.stars_every` | Stars that are to go back are sent to their payers |
//! | remind | `jobs.remind_every` | reminds of what ends and of what expires unpaid; renews from wallets |
//! | pictures | `jobs.pictures_every` | screenshots of payments are looked at: whether they came before |
//! | referrals | `referrals.count_every` | what links brought is counted, and contests that are over are decided |
//! | notify | `jobs.notify_every` | wakes the post office, should a NOTIFY have been lost |
//! | check | `jobs.check_every` | proves what is new in the ledger, seals it; alarms the admin chat when it is not right |
//! | prove | `jobs.prove_every` | proves the whole ledger from its beginning |
//! | report | `jobs.report_every` | tells the admin chat of a day that is over, with the ledger's digest |
//! | gateways | `gateways.poll_every` | payment gateways are asked what was paid; refunds go out through them; their payouts are booked |
//! | prune | `jobs.prune_every` | clears away handled updates and finished jobs, and forgets devices and addresses of long ago |

pub mod bodies;
mod ear;
mod keep;
mod post;
mod schedule;
mod worker;

use apalis_postgres::PostgresStorage;
use futures::future::BoxFuture;
use keep::keep;
use mela_core::Core;
use mela_core::db::sql;
use mela_core::evidence::{Due, Print};
use mela_core::notifications::{self, Claimed, Outcome};
use mela_core::stars::{Back, Sent};
use schedule::Job;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, SetOnce};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// How long parts may take to end.
const GRACE: Duration = Duration::from_secs(5);

/// What the jobs need from outside the domain.
pub trait Outside: Send + Sync + 'static {
    /// Sends one pile of notices, at its own pace, well within the twenty seconds for which a claim holds. After an error or a panic the
    /// pile is tried again, after pauses that grow.
    fn deliver<'a>(&'a self, claimed: &'a Claimed) -> BoxFuture<'a, Result<Outcome, DbErr>>;

    /// Sends Stars back to their payer; twice is once.
    fn send_stars_back<'a>(&'a self, back: &'a Back) -> BoxFuture<'a, Sent>;
    /// Looks at a payment's screenshot; answers what is to be known of it, none where there is nothing, and an error where it is to be tried again.
    fn look<'a>(&'a self, due: &'a Due) -> BoxFuture<'a, Result<Option<Print>, String>>;

    /// Clears away what is old outside the domain; answers how many rows.
    fn prune(&self) -> BoxFuture<'_, Result<u64, DbErr>>;
}

/// Why the jobs' own tables could not be made.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// PostgreSQL lacks an extension, or the role may not create it.
    #[error(
        "the job queue needs the extensions hstore and pgcrypto: install PostgreSQL's contrib package, or have a superuser create both in this database ({0})"
    )]
    Extension(apalis_postgres::Error),
    /// Anything else: the database is away, or the role may not create a schema.
    #[error("the job queue's tables cannot be made: {0}")]
    Refused(apalis_postgres::Error),
}

/// Makes apalis' tables, or brings them up to date, under an advisory lock: two programs may call this at the same time.
///
/// # Errors
/// An extension or a right is missing.
pub async fn setup(db: &DatabaseConnection) -> Result<(), SetupError> {
    PostgresStorage::<()>::setup(db.get_postgres_connection_pool()).await.map_err(|error| {
        if error.to_string().contains("extension") {
            SetupError::Extension(error)
        } else {
            SetupError::Refused(error)
        }
    })
}

/// Whether [`setup`] has nothing to do: a program whose role may not make tables starts then.
///
/// # Errors
/// The database.
pub async fn is_set_up(db: &DatabaseConnection) -> Result<bool, DbErr> {
    let there = "SELECT to_regclass('apalis._sqlx_migrations') IS NOT NULL AS there";
    let row = db.query_one_raw(sql(there, [])).await?;
    if !row.map_or(Ok(false), |row| row.try_get::<bool>("", "there"))? {
        return Ok(false);
    }
    let rows = db.query_all_raw(sql("SELECT version FROM apalis._sqlx_migrations WHERE success", [])).await?;
    let done: Vec<i64> = rows.iter().map(|row| row.try_get("", "version")).collect::<Result<_, _>>()?;
    Ok(PostgresStorage::<()>::migrations().iter().all(|migration| done.contains(&migration.version)))
}

/// Gives a role what the jobs need of their own tables.
///
/// # Errors
/// There is no such role, or the caller may not grant.
pub async fn grant(db: &DatabaseConnection, quoted_role: &str) -> Result<(), DbErr> {
    let rights = format!(
        "GRANT USAGE ON SCHEMA apalis TO {quoted_role}; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA apalis TO {quoted_role}"
    );
    db.execute_unprepared(&rights).await.map(|_| ())
}

/// Rings for this program's own notices until `stop`.
async fn ring(means: &Means) -> Result<(), DbErr> {
    tokio::select! {
        rung = notifications::toll(&means.core) => rung,
        () = means.stop.cancelled() => Ok(()),
    }
}

/// What every part works with.
struct Means {
    core: Core,
    outside: Arc<dyn Outside>,
    /// Wakes the post office.
    wake: Notify,
    stop: CancellationToken,
    /// Set once this program is known to be alive: the post office claims nothing before.
    signed_in: SetOnce<()>,
}

/// Runs all jobs until `stop`, then gives what is under way five seconds to end. Whatever fails meanwhile is logged once and tried
/// again with growing pauses: the database may be away for any time, and work resumes within seconds of its return.
///
/// Needs the tables of [`setup`]. The settings' `jobs` section is read at the start.
pub async fn run(core: Core, outside: Arc<dyn Outside>, stop: CancellationToken) {
    let settings = core.settings_store().last();
    let means = Arc::new(Means { core, outside, wake: Notify::new(), stop: stop.clone(), signed_in: SetOnce::new() });
    let mut parts = JoinSet::new();
    for job in Job::ALL {
        let every = job.every(&settings);
        let (ticking, working) = (Arc::clone(&means), Arc::clone(&means));
        parts.spawn(async move { keep("ticker", job.name(), &ticking.stop, || schedule::tick(&ticking, job, every)).await });
        parts.spawn(async move { keep("worker", job.name(), &working.stop, || worker::work(&working, job, every)).await });
    }
    let (hearing, ringing, sending) = (Arc::clone(&means), Arc::clone(&means), means);
    parts.spawn(async move { keep("bell", "notices", &ringing.stop, || ring(&ringing)).await });
    parts.spawn(async move { keep("listener", "notices", &hearing.stop, || ear::listen(&hearing)).await });
    parts.spawn(async move { keep("post office", "notices", &sending.stop, || post::run(&sending)).await });
    stop.cancelled().await;
    let all = async { while parts.join_next().await.is_some() {} };
    if tokio::time::timeout(GRACE, all).await.is_err() {
        tracing::warn!("some jobs did not end in time; they are run again at the next start");
    }
    parts.shutdown().await;
}
