//! What the jobs do. Called by the workers, and directly by whoever does not want to wait.

use crate::{Outside, post};
use mela_core::commissions::{self, CommissionError, Released};
use mela_core::credits::{self, CreditError};
use mela_core::db::sql;
use mela_core::gateways::{self, GatewayError, Swept};
use mela_core::ledger::{self, Problem};
use mela_core::notifications::{self, Notice};
use mela_core::orders::{self, OrderError};
use mela_core::referrals::contests::{self, ContestError};
use mela_core::{Core, catalog, clock, credentials, evidence, fraud, receipts, referrals, stars, subscriptions, verification};
use sea_orm::{ConnectionTrait, DbErr};

/// People whose commissions are released in one transaction.
const RELEASE: u64 = 2_000;
/// Orders expired in one transaction.
const EXPIRE: u64 = 500;
/// Credits looked at in one go.
const MATCH: u64 = 500;
/// Orders served from stock in one transaction.
const SERVE: u64 = 100;
/// Events that the fraud rules look at in one go.
const EVENTS: u64 = 200;
/// Screenshots taken to be looked at in one go.
const LOOK: u64 = 4;
/// Reminders written in one transaction, and subscriptions looked at in one go.
const REMIND: u64 = 200;
/// Transactions between two snapshots: what the balance of one of the shop's accounts is summed over at most, beside a minute's.
const SNAPSHOT: i64 = 1_000;
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

/// Matches credits that nobody has looked at, and those that a customer or staff named since; answers how many found what they are for.
///
/// # Errors
/// The database, or the books refused: what was matched before stays matched.
pub async fn match_credits(core: &Core) -> Result<usize, CreditError> {
    let matched = credits::sweep(core, MATCH).await?;
    if matched > 0 {
        tracing::info!(matched, "credits were matched by the sweep");
    }
    Ok(matched)
}

/// Serves every order that waits for stock that has come, then tells who waits for a plan that is back; answers how many orders.
///
/// # Errors
/// The database.
pub async fn stock(core: &Core) -> Result<usize, DbErr> {
    let mut all = 0;
    loop {
        let part = credentials::serve_waiting(core, SERVE).await?;
        all += part;
        if part == 0 {
            break;
        }
    }
    let told = catalog::restock::tell_back(core).await?;
    if told > 0 {
        tracing::info!(told, "people are told that a plan is back");
    }
    Ok(all)
}

/// Gives every paid order its receipt's number; answers how many.
///
/// # Errors
/// The database.
pub async fn receipts(core: &Core) -> Result<usize, DbErr> {
    receipts::number_due(core).await
}

/// Sends back all Stars that are to go back to their payers; answers how many did.
///
/// # Errors
/// The database.
pub async fn stars(core: &Core, outside: &dyn Outside) -> Result<usize, DbErr> {
    let mut all = 0;
    while let Some(back) = stars::claim_back(core).await? {
        let sent = outside.send_stars_back(&back).await;
        stars::settle_back(core, &back, &sent).await?;
        all += usize::from(sent == stars::Sent::Back);
    }
    Ok(all)
}

/// Renews from wallets what is due, then reminds of subscriptions that end and of orders that expire soon, unpaid; answers how many reminders.
///
/// # Errors
/// The database: what was done before stays done.
pub async fn remind(core: &Core) -> Result<usize, DbErr> {
    let mut looked_at = 0;
    while let Some(last) = subscriptions::auto_renew_due(core, looked_at, REMIND).await? {
        looked_at = last;
    }
    let mut all = 0;
    loop {
        let part = subscriptions::remind_due(core, REMIND).await? + orders::remind_due(core, REMIND).await?;
        all += part;
        if part == 0 {
            return Ok(all);
        }
    }
}

/// Proves what came into the ledger since its last snapshot, and seals it. When it is right and a thousand transactions came, it is summed up: a
/// snapshot is a point up to which the books were proved. What is wrong is told to the admin chat, once a day for the same findings.
///
/// # Errors
/// The database.
pub async fn check(core: &Core) -> Result<Vec<Problem>, DbErr> {
    let db = core.db();
    let (proved, settled) = (ledger::snapshotted_through(db).await?, ledger::settled(db).await?);
    let problems = ledger::proof_since(db, proved).await?;
    if problems.is_empty() && settled - proved >= SNAPSHOT {
        ledger::snapshot_at(db, settled).await?;
    }
    ledger::seal(db, core.now()).await?;
    alarm(core, &problems).await?;
    Ok(problems)
}

/// Proves the whole ledger from its beginning.
///
/// # Errors
/// The database.
pub async fn prove(core: &Core) -> Result<Vec<Problem>, DbErr> {
    let problems = ledger::proof(core.db()).await?;
    alarm(core, &problems).await?;
    if problems.is_empty() {
        tracing::info!("the ledger is right: its proof is empty");
    }
    Ok(problems)
}

async fn alarm(core: &Core, problems: &[Problem]) -> Result<(), DbErr> {
    if problems.is_empty() {
        return Ok(());
    }
    let named: Vec<String> = problems.iter().take(NAMED).map(|p| format!("{}: {} ({})", p.problem, p.subject, p.detail)).collect();
    let text = format!("The ledger's proof is not empty, {} finding(s):\n{}", problems.len(), named.join("\n"));
    tracing::error!(findings = problems.len(), text, "the ledger is wrong");
    let key = format!("ledger-alarm:{}:{}", core.now().date_naive(), named.join("|").chars().take(400).collect::<String>());
    notifications::alert(core, &Notice::Alarm { text }, Some(key)).await
}

/// Tells the admin chat of yesterday in the shop's zone, once, when there is a ledger to tell of.
///
/// # Errors
/// The database.
pub async fn report(core: &Core) -> Result<bool, DbErr> {
    let zone = core.settings().await?.shop.timezone;
    let until = clock::midnight(core.now(), zone);
    let day = until.with_timezone(&zone).date_naive() - chrono::Days::new(1);
    let since = clock::midnight(until - chrono::TimeDelta::hours(12), zone);
    let key = format!("daily-report:{day}");
    if notifications::was_told(core.db(), &key).await? || !ledger::moved_between(core.db(), since, until).await? {
        return Ok(false);
    }
    // What happened until midnight is under the seal that the report names.
    ledger::seal(core.db(), core.now()).await?;
    let Some((through, digest)) = ledger::digest(core.db()).await? else {
        return Ok(false);
    };
    let notice = Notice::DailyReport { day, since, until, through, digest: digest.to_string() };
    notifications::alert(core, &notice, Some(key)).await?;
    Ok(true)
}

/// Asks payment gateways what was paid, sends refunds through them, and books what they paid out.
///
/// # Errors
/// The database; a gateway that is away is none.
pub async fn gateways(core: &Core) -> Result<Swept, GatewayError> {
    let swept = gateways::sweep(core).await?;
    if swept.found > 0 {
        tracing::info!(payments = swept.found, "payments were found that no webhook had told of");
    }
    Ok(swept)
}

/// Counts what links brought, and decides contests that are over; answers how many.
///
/// # Errors
/// The database, or the books refused a prize: what was counted or decided stays so.
pub async fn referrals(core: &Core) -> Result<usize, ContestError> {
    referrals::count(core).await?;
    let decided = contests::end_due(core).await?;
    if decided > 0 {
        tracing::info!(decided, "contests were decided");
    }
    Ok(decided)
}

/// Looks at every screenshot that waits for it; answers how many were looked at. One that cannot be had now is tried again later.
///
/// # Errors
/// The database.
pub async fn pictures(core: &Core, outside: &dyn Outside) -> Result<usize, DbErr> {
    let mut looked = 0;
    loop {
        let due = evidence::due(core, LOOK).await?;
        if due.is_empty() {
            return Ok(looked);
        }
        for due in &due {
            match outside.look(due).await {
                Ok(print) => {
                    evidence::looked(core, due.payment_id, print).await?;
                    looked += 1;
                }
                Err(why) => tracing::warn!(payment = due.payment_id, why, "a screenshot could not be looked at"),
            }
        }
    }
}

/// Lets the fraud rules look at everything that happened; answers at how much.
///
/// # Errors
/// The database.
pub async fn fraud(core: &Core) -> Result<usize, DbErr> {
    let mut all = 0;
    loop {
        let part = fraud::look_at_events(core, EVENTS).await?;
        all += part;
        if part == 0 {
            return Ok(all);
        }
    }
}

/// Lets the fraud rules look at everybody; answers at how many people.
///
/// # Errors
/// The database.
pub async fn fraud_sweep(core: &Core) -> Result<usize, DbErr> {
    let all = fraud::sweep(core, |done| tracing::debug!(done, "people were looked at")).await?;
    tracing::info!(people = all, "the fraud rules have looked at everybody");
    Ok(all)
}

/// Clears away handled updates, finished jobs, workers of programs that are gone, drafts that nobody confirmed, and what devices and addresses were known
/// by long ago.
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
    for drafts in ["withdrawal_draft", "refund_draft"] {
        rows += db.execute_raw(sql(&format!("DELETE FROM {drafts} WHERE made_at < $1"), [old.into()])).await?.rows_affected();
    }
    rows += verification::forget_old(core).await?;
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
