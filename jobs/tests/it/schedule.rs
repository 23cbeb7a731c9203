//! Each tick once, however many programs there are.

use crate::world::{World, until};
use chrono::TimeDelta;
use mela_core::ledger;
use std::time::Duration;

/// So many jobs are there.
const JOBS: i64 = 17;

#[tokio::test(flavor = "multi_thread")]
async fn two_programs_run_each_tick_once() {
    let world = World::new(&[("prune", "1s")]).await;
    let (one, other) = (world.start().await, world.start().await);
    until("five ticks ran", async || world.outside.prunes() >= 5).await;
    let (first, second) = tokio::join!(one.stop(), other.stop());
    assert!(first.max(second) < Duration::from_secs(4), "idle jobs end at once, not after {first:?}, {second:?}");

    let ticks = world.column("SELECT idempotency_key FROM apalis.jobs WHERE job_type = 'mela.prune' ORDER BY run_at").await;
    let ticks: Vec<i64> = ticks.iter().map(|tick| tick.parse().unwrap()).collect();
    assert!(ticks.len() >= 5, "{ticks:?}");
    assert!(ticks.windows(2).all(|pair| pair[0] < pair[1]), "no tick twice: {ticks:?}");
    // apalis took what our own INSERT wrote. The stop may have found one waiting and one in each program's hands.
    let done = world
        .count("apalis.jobs WHERE job_type = 'mela.prune' AND status = 'Done' AND attempts = 1 AND lock_by LIKE 'prune-%'")
        .await;
    let (done, runs) = (usize::try_from(done).unwrap(), world.outside.prunes());
    assert!(done + 3 >= ticks.len(), "{done} of {} ticks", ticks.len());
    // Fewer runs than ticks: one that comes while the job runs adds nothing to it. One more: a machine that stalls for longer than a heartbeat lets apalis
    // hand a task over, and every body is a sweep that may run twice.
    assert!(runs <= ticks.len() + 1, "{runs} runs for {} ticks", ticks.len());
    assert_eq!(world.count("apalis.workers").await, 2 * JOBS);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_ticks_rarely_runs_at_the_first_start_only() {
    let world = World::new(&[]).await;
    for _ in 0..2 {
        let program = world.start().await;
        until("all jobs ran", async || world.count("apalis.jobs WHERE status = 'Done'").await == JOBS).await;
        tokio::time::sleep(Duration::from_millis(300)).await;
        program.stop().await;
    }
    assert_eq!(world.outside.prunes(), 1);
    assert_eq!(world.count("apalis.jobs").await, JOBS);
}

#[tokio::test(flavor = "multi_thread")]
async fn commissions_are_released_and_orders_expire_by_the_schedule() {
    let world = World::new(&[("release", "1s"), ("expire", "1s")]).await;
    let asha = world.arrive(None).await;
    world.sell(&asha).await;
    let late = world.arrive(None).await;
    mela_core::orders::place(&world.core, &late, "combo-ott").await.unwrap();
    let program = world.start().await;
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert_eq!(ledger::standing(world.core.db(), asha.user_id()).await.unwrap().held, "28".parse().unwrap(), "the hold is not over");

    world.advance(TimeDelta::hours(24));
    let earned = async || ledger::standing(world.core.db(), asha.user_id()).await.unwrap().earned == "28".parse().unwrap();
    let took = until("the commission is released", earned).await;
    assert!(took < Duration::from_secs(8), "{took:?}");
    until("the order expires", async || world.count("orders WHERE state = 'expired'").await == 1).await;
    assert_eq!(ledger::proof(world.core.db()).await.unwrap(), []);
    program.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_outlasts_its_ticks_runs_once_at_a_time() {
    let world = World::new(&[("prune", "1s")]).await;
    *world.outside.slow_prune.lock().unwrap() = Duration::from_millis(3_500);
    let program = world.start().await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(world.outside.prunes(), 1);
    until("the next tick after it runs", async || world.outside.prunes() == 2).await;
    assert!(program.stop().await < Duration::from_millis(4_900), "a running job is waited for");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_fails_or_panics_goes_on_and_a_person_is_told_once() {
    let world = World::new(&[("prune", "1s")]).await;
    *world.outside.prune_fails.lock().unwrap() = Some("");
    let program = world.start().await;
    until("it ran three times", async || world.outside.prunes() >= 3).await;
    *world.outside.prune_fails.lock().unwrap() = Some("disk full");
    until("it ran three times more", async || world.outside.prunes() >= 6).await;
    *world.outside.prune_fails.lock().unwrap() = None;
    until("it works again", async || world.count("apalis.jobs WHERE job_type = 'mela.prune' AND status = 'Done'").await >= 2).await;
    assert!(world.count("apalis.jobs WHERE job_type = 'mela.prune' AND status = 'Failed'").await >= 5);
    let told = world.column("SELECT args ->> 'text' FROM notification WHERE kind = 'alarm'").await;
    assert_eq!(told, ["The job `prune` fails: panic: pruning panics"]);
    program.stop().await;
}
