//! What the jobs do. Called by the workers, and directly by whoever does not want to wait.

use crate::{Outside, post};
use mela_core::Core;
use mela_core::commissions::{self, CommissionError, Released};
use mela_core::db::sql;
use mela_core::ledger::{self, Problem};
use mela_core::notifications::{self, Notice};
use mela_core::orders::{self, OrderError};
use sea_orm::{ConnectionTrait, DbErr};

/// People whose commissions are released in one transaction.
const RELEASE: u64 = 2_000;
/// Orders expired in one transaction.
const EXPIRE: u64 = 500;
/// Problems that an alarm names.
const NAMED: usize = 5;

/// Releases everything that is due.
///
/// # Errors
/// The database: what was released before stays released.
pub async fn release(core: &Core) -> Result<Released, CommissionError> {
    let mut all = Released::default();
    while let Some(part) = commissions::release_due(core, RELEASE).await? {
        all = Released {
            commissions: all.commissions + part.commissions,
            people: all.people + part.people,
            amount: all.amount + part.amount,
        };
    }
    if all.commissions > 0 {
        tracing::info!(commissions = all.commissions, people = all.people, amount = %all.amount, "commissions released");
    }
    Ok(all)
}

/// Expires every order whose time to pay is over; answers how many.
///
/// # Errors
/// The database.
pub async fn expire(core: &Core) -> Result<usize, OrderError> {
    let mut all = 0;
    loop {
        let part = orders::expire_due(core, EXPIRE).await?;
        all += part;
        if part == 0 {
            return Ok(all);
        }
    }
}

/// Proves the ledger; what is wrong is told to the admin chat, once a day for the same findings.
///
/// # Errors
/// The database.
pub async fn check(core: &Core) -> Result<Vec<Problem>, DbErr> {
    let problems = ledger::proof(core.db()).await?;
    if problems.is_empty() {
        tracing::info!("the ledger is right: its proof is empty");
        return Ok(problems);
    }
    let named: Vec<String> = problems.iter().take(NAMED).map(|p| format!("{}: {} ({})", p.problem, p.subject, p.detail)).collect();
    let text = format!("The ledger's proof is not empty, {} finding(s):\n{}", problems.len(), named.join("\n"));
    tracing::error!(findings = problems.len(), text, "the ledger is wrong");
    let key = format!("ledger-alarm:{}:{}", core.now().date_naive(), named.join("|").chars().take(400).collect::<String>());
    notifications::tell_staff(core.db(), core.now(), &Notice::Alarm { text }, Some(key)).await?;
    Ok(problems)
}

/// Clears away handled updates, finished jobs, workers of programs that are gone, and drafts that nobody confirmed.
///
/// # Errors
/// The database.
pub async fn prune(core: &Core, outside: &dyn Outside) -> Result<u64, DbErr> {
    let updates = outside.prune().await?;
    let db = core.db();
    let mut rows = 0;
    for text in [
        // The newest task of each queue stays: it says which tick is done.
        "DELETE FROM apalis.jobs j WHERE j.status IN ('Done', 'Failed', 'Killed') AND j.done_at < now() - interval '1 hour'
         AND EXISTS (SELECT FROM apalis.jobs newer WHERE newer.job_type = j.job_type AND newer.run_at > j.run_at)",
        "DELETE FROM apalis.workers w WHERE w.last_seen < now() - interval '1 day' AND NOT EXISTS (SELECT FROM apalis.jobs j WHERE j.lock_by = w.id)",
    ] {
        rows += db.execute_raw(sql(text, [])).await?.rows_affected();
    }
    let old = core.now() - chrono::TimeDelta::days(7);
    rows += db.execute_raw(sql("DELETE FROM withdrawal_draft WHERE made_at < $1", [old.into()])).await?.rows_affected();
    tracing::debug!(updates, rows, "cleared away");
    Ok(updates + rows)
}

/// Sends what is due in the outbox until nothing is; answers how many notices were told. It does not sign in as [`crate::run`] does: a
/// program that starts meanwhile would take it for a dead one and send its notices again.
///
/// # Errors
/// The database, when it is asked for notices: those that were sent stay sent.
pub async fn deliver(core: &Core, outside: &dyn Outside) -> Result<usize, DbErr> {
    post::sweep(core, outside).await
}
