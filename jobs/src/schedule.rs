//! When jobs run: a ticker for each puts a task into apalis' table at every tick, one task however many programs tick.

use crate::Means;
use mela_core::db::sql;
use mela_core::settings::Settings;
use sea_orm::{ConnectionTrait, DbErr};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// A task: the worker of its queue knows what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Tick {}

/// The jobs. Each has a queue of its own, so that a long one delays no other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Job {
    Release,
    Expire,
    Match,
    Stock,
    Receipts,
    Stars,
    Remind,
    Pictures,
    Fraud,
    FraudSweep,
    Notify,
    Check,
    Prove,
    Report,
    Prune,
    Gateways,
    Referrals,
}

impl Job {
    pub(crate) const ALL: [Self; 17] = [
        Self::Release,
        Self::Expire,
        Self::Match,
        Self::Stock,
        Self::Receipts,
        Self::Stars,
        Self::Remind,
        Self::Pictures,
        Self::Fraud,
        Self::FraudSweep,
        Self::Notify,
        Self::Check,
        Self::Prove,
        Self::Report,
        Self::Prune,
        Self::Gateways,
        Self::Referrals,
    ];

    /// In logs and metrics.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Release => "release",
            Self::Expire => "expire",
            Self::Match => "match",
            Self::Stock => "stock",
            Self::Receipts => "receipts",
            Self::Stars => "stars",
            Self::Remind => "remind",
            Self::Pictures => "pictures",
            Self::Fraud => "fraud",
            Self::FraudSweep => "fraud-sweep",
            Self::Notify => "notify",
            Self::Check => "check",
            Self::Prove => "prove",
            Self::Report => "report",
            Self::Prune => "prune",
            Self::Gateways => "gateways",
            Self::Referrals => "referrals",
        }
    }

    /// apalis' job type.
    pub(crate) fn queue(self) -> String {
        format!("mela.{}", self.name())
    }

    /// From tick to tick.
    pub(crate) fn every(self, settings: &Settings) -> Duration {
        let jobs = &settings.jobs;
        match self {
            Self::Release => jobs.release_every,
            Self::Expire => jobs.expire_every,
            Self::Match => jobs.match_every,
            Self::Stock => jobs.stock_every,
            Self::Receipts => jobs.receipts_every,
            Self::Stars => jobs.stars_every,
            Self::Remind => jobs.remind_every,
            Self::Pictures => jobs.pictures_every,
            Self::Fraud => jobs.fraud_every,
            Self::FraudSweep => jobs.fraud_sweep_every,
            Self::Notify => jobs.notify_every,
            Self::Check => jobs.check_every,
            Self::Prove => jobs.prove_every,
            Self::Report => jobs.report_every,
            Self::Prune => jobs.prune_every,
            Self::Gateways => settings.gateways.poll_every,
            Self::Referrals => settings.referrals.count_every,
        }
        .duration()
    }
}

/// Puts a task into the queue at every tick, the running one first, should no program have done it yet.
pub(crate) async fn tick(means: &Means, job: Job, every: Duration) -> Result<(), DbErr> {
    loop {
        let next = enqueue(means, job, every).await?;
        tokio::select! {
            () = tokio::time::sleep(next) => {}
            () = means.stop.cancelled() => return Ok(()),
        }
    }
}

/// One task for the running tick, unless one waits already; answers how long the tick runs still. Ticks are numbered by the database's
/// clock, which all programs share. A task whose job fails is not run again: the next tick is.
async fn enqueue(means: &Means, job: Job, every: Duration) -> Result<Duration, DbErr> {
    let task = serde_json::to_vec(&Tick {}).map_err(|e| DbErr::Custom(e.to_string()))?;
    let row = means
        .core
        .db()
        .query_one_raw(sql(
            "WITH tick AS (SELECT floor(extract(epoch FROM now()) / $3) AS number), task AS (
               INSERT INTO apalis.jobs (id, job_type, job, status, attempts, max_attempts, run_at, priority, idempotency_key)
               SELECT apalis.generate_ulid(), $1, $2, 'Pending', 0, 1, now(), 0, number::text FROM tick
               WHERE NOT EXISTS (SELECT FROM apalis.jobs WHERE job_type = $1 AND status = 'Pending')
               ON CONFLICT (job_type, idempotency_key) DO NOTHING
             )
             SELECT ((number + 1) * $3 - extract(epoch FROM now()))::float8 AS rest FROM tick",
            [job.queue().into(), task.into(), every.as_secs().max(1).cast_signed().into()],
        ))
        .await?
        .ok_or_else(|| DbErr::RecordNotFound("a tick".to_owned()))?;
    let rest: f64 = row.try_get("", "rest")?;
    // A moment late rather than early: an early timer would meet the same tick again.
    Ok(Duration::try_from_secs_f64(rest).unwrap_or_default().min(every) + Duration::from_millis(5))
}
