//! When jobs run: a ticker for each puts a task into apalis' table, once for each tick however many programs tick; a worker runs it.

use crate::{Outside, bodies};
use apalis::prelude::*;
use apalis_postgres::{Config, PostgresStorage};
use mela_core::Core;
use mela_core::db::sql;
use mela_core::settings::Settings;
use sea_orm::{ConnectionTrait, DbErr};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// A task: the worker of its queue knows what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Tick {}

/// The jobs. Each has a queue of its own, so that a long one delays no other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Job {
    Release,
    Expire,
    Notify,
    Check,
    Prune,
}

impl Job {
    const ALL: [Self; 5] = [Self::Release, Self::Expire, Self::Notify, Self::Check, Self::Prune];

    fn name(self) -> &'static str {
        match self {
            Self::Release => "release",
            Self::Expire => "expire",
            Self::Notify => "notify",
            Self::Check => "check",
            Self::Prune => "prune",
        }
    }

    fn queue(self) -> String {
        format!("mela.{}", self.name())
    }

    fn every(self, settings: &Settings) -> Duration {
        let jobs = &settings.jobs;
        match self {
            Self::Release => jobs.release_every,
            Self::Expire => jobs.expire_every,
            Self::Notify => jobs.notify_every,
            Self::Check => jobs.check_every,
            Self::Prune => jobs.prune_every,
        }
        .duration()
    }
}

/// What a body works with.
#[derive(Clone)]
struct Means {
    core: Core,
    outside: Arc<dyn Outside>,
    wake: Arc<Notify>,
}

/// Ticks and works until `stop`.
pub(crate) async fn run(core: Core, outside: Arc<dyn Outside>, wake: Arc<Notify>, stop: CancellationToken) {
    let settings = core.settings_store().last();
    let mut tickers = JoinSet::new();
    for job in Job::ALL {
        tickers.spawn(tick(core.clone(), job, job.every(&settings), stop.clone()));
    }
    let means = Means { core: core.clone(), outside, wake };
    while !stop.is_cancelled() {
        let signal = stop.clone();
        let worked = workers(&core, &settings, &means).run_with_signal(async move {
            signal.cancelled().await;
            Ok(())
        });
        if let Err(error) = worked.await {
            tracing::error!(%error, "the workers ended; they are started again");
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }
    tickers.shutdown().await;
}

fn workers(core: &Core, settings: &Settings, means: &Means) -> Monitor {
    // Names must never come twice: a job that a killed program left is found by the age of its worker's name.
    let program = ulid::Ulid::new();
    let pool = core.db().get_postgres_connection_pool().clone();
    Job::ALL.into_iter().fold(Monitor::new().shutdown_timeout(Duration::from_secs(5)).should_restart(|_, _| true), |monitor, job| {
        let (pool, means) = (pool.clone(), means.clone());
        let look = (job.every(settings) / 5).clamp(Duration::from_millis(200), Duration::from_secs(2));
        monitor.register(move |restarts| {
            // A batch of one: tasks that were fetched and wait get no heartbeat and would be run twice.
            let config = Config::default().queue(job.queue()).batch_size(1).heartbeat_interval(Duration::from_secs(5)).missed_heartbeats(3);
            let backend = PostgresStorage::<Tick>::new(&pool).with_config(config).poll_with_interval(look);
            WorkerBuilder::new(format!("{}-{program}-{restarts}", job.name())).backend(backend).catch_panic().data(job).data(means.clone()).build(perform)
        })
    })
}

async fn perform(_: Tick, job: Data<Job>, means: Data<Means>) -> Result<(), BoxDynError> {
    let Means { core, outside, wake } = &*means;
    metrics::counter!("mela_job_runs_total", "job" => job.name()).increment(1);
    let done = match *job {
        Job::Release => bodies::release(core).await.map(drop).map_err(BoxDynError::from),
        Job::Expire => bodies::expire(core).await.map(drop).map_err(BoxDynError::from),
        Job::Check => bodies::check(core).await.map(drop).map_err(BoxDynError::from),
        Job::Prune => bodies::prune(core, &**outside).await.map(drop).map_err(BoxDynError::from),
        Job::Notify => {
            wake.notify_one();
            Ok(())
        }
    };
    if let Err(error) = &done {
        metrics::counter!("mela_job_failures_total", "job" => job.name()).increment(1);
        tracing::error!(job = job.name(), %error, "a job failed; its next tick tries again");
    }
    done
}

/// Puts a task into the queue at every tick: numbered by the database's clock, so that each tick is one task in all programs together.
async fn tick(core: Core, job: Job, every: Duration, stop: CancellationToken) {
    let mut clock = tokio::time::interval(every);
    clock.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = clock.tick() => {}
            () = stop.cancelled() => return,
        }
        if let Err(error) = enqueue(&core, job, every).await {
            tracing::warn!(job = job.name(), %error, "a tick is lost; the next one does its work");
        }
    }
}

/// One task for this tick, unless one waits already. A task that fails is not tried again: the next tick is.
async fn enqueue(core: &Core, job: Job, every: Duration) -> Result<(), DbErr> {
    let task = serde_json::to_vec(&Tick {}).map_err(|e| DbErr::Custom(e.to_string()))?;
    core.db()
        .execute_raw(sql(
            "INSERT INTO apalis.jobs (id, job_type, job, status, attempts, max_attempts, run_at, priority, idempotency_key)
             SELECT apalis.generate_ulid(), $1, $2, 'Pending', 0, 1, now(), 0, floor(extract(epoch FROM now()) / $3)::text
             WHERE NOT EXISTS (SELECT FROM apalis.jobs WHERE job_type = $1 AND status = 'Pending')
             ON CONFLICT (job_type, idempotency_key) DO NOTHING",
            [job.queue().into(), task.into(), every.as_secs().max(1).cast_signed().into()],
        ))
        .await?;
    Ok(())
}
