//! The apalis workers: one for each job takes the tasks of its queue and runs the job's body.

use crate::keep::panic_text;
use crate::schedule::{Job, Tick};
use crate::{Means, bodies};
use apalis::prelude::*;
use apalis_postgres::{Config, PostgresStorage};
use futures::FutureExt;
use futures::future::BoxFuture;
use mela_core::commissions::CommissionError;
use mela_core::credits::CreditError;
use mela_core::db::{Transient, is_away};
use mela_core::gateways::GatewayError;
use mela_core::notifications::{self, Notice};
use mela_core::orders::OrderError;
use mela_core::referrals::contests::ContestError;
use sea_orm::DbErr;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::Instant;

/// A worker that missed so many heartbeats is dead: its task is another's. Short, because a poll that takes longer than its interval
/// can lose apalis' timer, and then a heartbeat is what wakes the worker.
const HEARTBEAT: Duration = Duration::from_secs(2);
const MISSED: usize = 5;

/// Works until the program stops, or the database fails the worker: apalis' workers do not survive that, so a fresh one is begun.
pub(crate) async fn work(means: &Arc<Means>, job: Job, every: Duration) -> Result<(), WorkerError> {
    // A name never comes twice: the task that a dead worker left is found by the age of its name.
    let context = WorkerContext::new(&format!("{}-{}", job.name(), ulid::Ulid::new()));
    let look = (every / 5).clamp(Duration::from_millis(200), Duration::from_secs(2));
    // A batch of one: tasks that were fetched and wait get no heartbeat and would be run twice.
    let config = Config::default().queue(job.queue()).batch_size(1).heartbeat_interval(HEARTBEAT).missed_heartbeats(MISSED);
    let backend = PostgresStorage::<Tick>::new(means.core.db().get_postgres_connection_pool())
        .with_config(config)
        .poll_with_interval(look);
    let (given, turn) = (Arc::clone(means), Arc::new(Mutex::new(())));
    let perform = move |_: Tick| {
        let (means, turn) = (Arc::clone(&given), Arc::clone(&turn));
        async move {
            // While a job runs here, the next tick has nothing to add: what it would do is done by the running one, or by the tick after.
            match turn.try_lock() {
                Ok(_turn) => perform(&means, job, every).await.map_err(BoxDynError::from),
                Err(_) => Ok(()),
            }
        }
    };
    // Boxed: the compiler cannot see otherwise that it is Send.
    let mut working: BoxFuture<'_, _> = WorkerBuilder::new(&context).backend(backend).build(perform).run().boxed();
    tokio::select! {
        ended = &mut working => return ended,
        () = means.stop.cancelled() => {}
    }
    // Refused only to a worker that has not begun.
    if context.stop().is_ok() { working.await } else { Ok(()) }
}

/// Why a job failed.
#[derive(Debug, thiserror::Error)]
#[error("{why}")]
struct Failed {
    why: String,
    /// The database is away: no one's fault, and nobody could be told.
    away: bool,
}

impl From<DbErr> for Failed {
    fn from(error: DbErr) -> Self {
        Self { why: error.to_string(), away: is_away(&error) }
    }
}

macro_rules! failed {
    ($($error:ty),+) => {
        $(impl From<$error> for Failed {
            fn from(error: $error) -> Self {
                Self { why: error.to_string(), away: error.db().is_some_and(is_away) }
            }
        })+
    };
}
failed!(CommissionError, ContestError, CreditError, OrderError, GatewayError);

/// Runs a body, again with growing pauses while it fails and half the time to the next tick is not over. What fails even then, though
/// the database is there, needs a person's eye: the admin chat is told once a day.
async fn perform(means: &Means, job: Job, every: Duration) -> Result<(), Failed> {
    metrics::counter!("mela_job_runs_total", "job" => job.name()).increment(1);
    let begun = Instant::now();
    let mut pause = Duration::from_secs(1);
    loop {
        let failed = match AssertUnwindSafe(body(means, job)).catch_unwind().await {
            Ok(Ok(())) => return Ok(()),
            Ok(Err(failed)) => failed,
            Err(panic) => Failed { why: panic_text(&*panic), away: false },
        };
        metrics::counter!("mela_job_failures_total", "job" => job.name()).increment(1);
        let last = begun.elapsed() + pause > every / 2 || means.stop.is_cancelled();
        if last {
            tracing::error!(job = job.name(), error = failed.why, "a job failed; its next tick tries again");
            if !failed.away {
                alarm(means, job, &failed).await;
            }
            return Err(failed);
        }
        tracing::debug!(job = job.name(), error = failed.why, "a job failed; it is tried again");
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = means.stop.cancelled() => return Err(failed),
        }
        pause = (pause * 2).min(Duration::from_secs(60));
    }
}

async fn body(means: &Means, job: Job) -> Result<(), Failed> {
    let Means { core, outside, wake, .. } = means;
    match job {
        Job::Release => drop(bodies::release(core).await?),
        Job::Expire => drop(bodies::expire(core).await?),
        Job::Match => drop(bodies::match_credits(core).await?),
        Job::Stock => drop(bodies::stock(core).await?),
        Job::Receipts => drop(bodies::receipts(core).await?),
        Job::Stars => drop(bodies::stars(core, &**outside).await?),
        Job::Remind => drop(bodies::remind(core).await?),
        Job::Pictures => drop(bodies::pictures(core, &**outside).await?),
        Job::Fraud => drop(bodies::fraud(core).await?),
        Job::FraudSweep => drop(bodies::fraud_sweep(core).await?),
        Job::Check => drop(bodies::check(core).await?),
        Job::Prove => drop(bodies::prove(core).await?),
        Job::Report => drop(bodies::report(core).await?),
        Job::Gateways => drop(bodies::gateways(core).await?),
        Job::Referrals => drop(bodies::referrals(core).await?),
        Job::Prune => drop(bodies::prune(core, &**outside).await?),
        // The post office does not fail with its waker, and what it sends must not be cut off with a worker.
        Job::Notify => wake.notify_one(),
    }
    Ok(())
}

async fn alarm(means: &Means, job: Job, failed: &Failed) {
    let core = &means.core;
    let text = format!("The job `{}` fails: {}", job.name(), failed.why);
    let key = format!("job-alarm:{}:{}", job.name(), core.now().date_naive());
    if let Err(error) = notifications::alert(core, &Notice::Alarm { text }, Some(key)).await {
        tracing::error!(job = job.name(), %error, "nobody could be told that a job fails");
    }
}
