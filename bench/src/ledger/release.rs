//! A day on which very many holds end at once: two workers release them while other people buy.

use super::Size;
use super::confirm::confirm;
use crate::bed::{Bed, figure};
use crate::drive::timed;
use crate::table::{Table, median, part};
use crate::{fill, wrong};
use mela_core::{Core, commissions};
use sea_orm::{ConnectionTrait, DatabaseConnection};
use std::time::{Duration, Instant};
use tokio::time::MissedTickBehavior;

/// People of one transaction, as in the jobs.
const CHUNK: u64 = 2_000;
/// Workers that release.
const WORKERS: usize = 2;
/// Between two purchases of the others.
const PACE: Duration = Duration::from_millis(20);
/// How long purchases are watched before.
const BEFORE: Duration = Duration::from_secs(10);
/// Others: they buy, and earn on hold.
const OTHERS: i64 = 30_000;
/// Purchases prepared for them.
const PURCHASES: i64 = 20_000;

/// The rows about the release.
pub(super) async fn run(bed: &Bed, size: &Size, table: &mut Table) -> Result<(), String> {
    bed.database("release").await?;
    let workers = bed.core("release", 3).await?;
    let shop = bed.core("release", 1).await?;
    let db = workers.db();
    let first_purchase = prepare(db, size).await?;
    let start: i64 = figure(db, "SELECT max(id) FROM ledger.journal").await?;
    // Full-page images count: each page that is touched first after this is written to the WAL whole.
    db.execute_unprepared("CHECKPOINT").await.map_err(wrong)?;

    let (before, next) = buy(&shop, first_purchase, || false, BEFORE).await?;
    std::fs::write("/proc/self/clear_refs", "5").map_err(wrong)?;
    let resident = memory("VmRSS")?;
    let wal: i64 = figure(db, WAL).await?;
    let began = Instant::now();
    let releasing: Vec<_> = (0..WORKERS).map(|_| tokio::spawn(work(workers.clone()))).collect();
    let over = || releasing.iter().all(tokio::task::JoinHandle::is_finished);
    let (during, _) = buy(&shop, next, over, Duration::from_secs(600)).await?;
    let (mut released, mut calls, mut seconds) = (0, Vec::new(), 0.0_f64);
    for worker in releasing {
        let done = worker.await.map_err(wrong)??;
        released += done.0;
        calls.extend(done.1);
        seconds = seconds.max(done.2.duration_since(began).as_secs_f64());
    }
    let wal = figure::<i64>(db, WAL).await? - wal;
    let growth = memory("VmHWM")? - resident;

    let count = f64::from(u32::try_from(released).map_err(wrong)?);
    let people = size.matured / 5;
    table.judge(
        &format!("released of {} commissions of {people} people", size.matured),
        &released.to_string(),
        "all",
        released == size.matured,
    );
    let rate = count / seconds;
    table.judge(
        &format!("released a second by {WORKERS} workers, {CHUNK} people in a transaction"),
        &format!("{rate:.0}"),
        "at least 100000",
        rate >= 100_000.0,
    );
    let bytes = f64::from(u32::try_from(wal).map_err(wrong)?) / count;
    table.judge("WAL of a released commission", &format!("{bytes:.0} bytes"), "at most 200 bytes", bytes <= 200.0);
    let longest = calls.iter().copied().fold(0.0, f64::max);
    table.judge("the longest call", &format!("{longest:.0} ms (median {:.0} ms)", median(&calls)), "at most 1000 ms", longest <= 1_000.0);
    table.judge("growth of this process's memory at its peak", &format!("{growth:.1} MB"), "at most 32 MB", growth <= 32.0);
    let slower = median(&during) / median(&before);
    table.judge(
        &format!("others' purchases meanwhile, {} a second: median", 1_000 / PACE.as_millis()),
        &format!("{:.2} ms beside {:.2} ms before: {slower:.2} ×", median(&during), median(&before)),
        "at most 1.25 ×",
        slower <= 1.25,
    );
    table.tell("… 95 of 100 within", &format!("{:.2} ms beside {:.2} ms before", part(&during, 95), part(&before, 95)));
    check(db, start, table).await?;
    db.clone().close().await.map_err(wrong)?;
    shop.db().clone().close().await.map_err(wrong)
}

const WAL: &str = "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint";

/// Others with purchases to come, and people whose commissions matured, each five of them from sales far apart. Answers the first purchase.
async fn prepare(db: &DatabaseConnection, size: &Size) -> Result<i64, String> {
    let chains = OTHERS / 3;
    fill::chains(db, OTHERS).await?;
    fill::sales(db, chains, chains, chains).await?;
    let earners = size.matured / 5;
    fill::people(db, OTHERS + 1, OTHERS + earners, "NULL::bigint").await?;
    let first_sale = chains + 1;
    let last_sale = chains + size.matured / 2;
    let code = fill::code_of("o.id");
    for text in [
        format!(
            "INSERT INTO orders (id, code, buyer_id, plan_id, title, price, cost, level1_percent, level2_percent, hold_s, placed_at, expires_at, state, paid_at, delivered_at)
             OVERRIDING SYSTEM VALUE
             SELECT o.id, {code}, 3 + 3 * (o.id % {chains}), 1, 'Combo OTT', 135, 42, 30, 10, 86400, now() - interval '3 days', now(), 'delivered', now() - interval '2 days', now()
             FROM generate_series({first_sale}::bigint, {last_sale}) o (id)"
        ),
        // The multipliers have no factor of the number of people: each has five, in five places.
        format!(
            "INSERT INTO commission (order_id, level, buyer_id, beneficiary_id, amount, release_at, created_at)
             SELECT {first_sale} + n / 2, 1 + n % 2, 3 + 3 * (({first_sale} + n / 2) % {chains}),
                    {OTHERS} + 1 + (n % {earners} * (ARRAY[1, 7919, 104729, 1299709, 15485863])[1 + n / {earners}]) % {earners}, CASE n % 2 WHEN 0 THEN 28 ELSE 9 END,
                    now() - interval '12 hours' + n * interval '10 milliseconds', now() - interval '36 hours'
             FROM generate_series(0::bigint, {} - 1) n",
            size.matured
        ),
        format!(
            "INSERT INTO ledger.journal (kind, key, occurred_at, actor, commission, accounts, amounts)
             SELECT 'adjusted', 'staff:' || 1000000 + h.part, now(), 'bench', sum(h.held), array_agg(h.person * 32 + 17 ORDER BY h.person), array_agg(-h.held ORDER BY h.person)
             FROM (SELECT beneficiary_id AS person, beneficiary_id / 2000 AS part, sum(amount) AS held FROM commission WHERE beneficiary_id > {OTHERS} GROUP BY 1) h
             GROUP BY h.part ORDER BY h.part"
        ),
        format!(
            "UPDATE purse p SET next_release_at = c.next FROM (SELECT beneficiary_id, min(release_at) AS next FROM commission GROUP BY 1) c
             WHERE c.beneficiary_id = p.user_id AND p.user_id > {OTHERS}"
        ),
    ] {
        fill::load(db, &text).await?;
    }
    fill::waiting(db, last_sale + 1, last_sale + PURCHASES, &fill::buyer(&format!("(n * 7919) % {chains}"))).await?;
    fill::tidy(db).await?;
    Ok(last_sale + 1)
}

/// A worker's loop: how many commissions, how long each call took, and when it was done.
async fn work(core: Core) -> Result<(i64, Vec<f64>, Instant), String> {
    let (mut released, mut calls) = (0, Vec::new());
    loop {
        let (done, took) = timed(commissions::release_due(&core, CHUNK)).await?;
        let Some(done) = done else {
            return Ok((released, calls, Instant::now()));
        };
        released += i64::try_from(done.commissions).map_err(wrong)?;
        calls.push(took);
    }
}

/// One client buys at an even pace until it is over; answers what each purchase took and the payment that is next.
async fn buy(core: &Core, first: i64, over: impl Fn() -> bool, longest: Duration) -> Result<(Vec<f64>, i64), String> {
    let began = Instant::now();
    let mut pace = tokio::time::interval(PACE);
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (mut took, mut payment) = (Vec::new(), first);
    while !over() && began.elapsed() < longest {
        pace.tick().await;
        took.push(timed(confirm(core.clone(), payment)).await?.1);
        payment += 1;
    }
    Ok((took, payment))
}

/// A figure of this process's memory in MB.
fn memory(figure: &str) -> Result<f64, String> {
    let status = std::fs::read_to_string("/proc/self/status").map_err(wrong)?;
    let line = status.lines().find_map(|line| line.strip_prefix(figure)?.strip_prefix(':')).ok_or("no such figure")?;
    let kilobytes: f64 = line.split_whitespace().next().and_then(|n| n.parse().ok()).ok_or("no number")?;
    Ok(kilobytes / 1024.0)
}

/// The books afterwards. The rows that stand for sales have no business rows of their own; what the proof says of those is not asked.
async fn check(db: &DatabaseConnection, start: i64, table: &mut Table) -> Result<(), String> {
    let held: String = figure(
        db,
        &format!("SELECT coalesce(sum(amount), 0)::text FROM ledger.balance WHERE account_id % 32 = 17 AND account_id / 32 > {OTHERS}"),
    )
    .await?;
    table.judge("left on hold of it", &held, "0", held == "0");
    let text = format!(
        "SELECT count(*) FROM ledger.proof_since({start}) WHERE problem LIKE 'held%' OR problem LIKE 'balance%' OR problem LIKE 'entr%' OR problem LIKE 'a hold%' OR problem LIKE 'unbalanced%'"
    );
    let problems: i64 = figure(db, &text).await?;
    table.judge("problems of balances, entries and holds that the proof finds since", &problems.to_string(), "0", problems == 0);
    Ok(())
}
