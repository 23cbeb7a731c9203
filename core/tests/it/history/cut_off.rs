//! Verbs that lose their connection: before any of their statements, before the commit, and after it, when only the answer is lost.

use super::scenes::{PAYOUTS, SALES, TREASURY, scene};
use super::{Answers, HANDS, World, begun, is_right, make, opened, replay, seed, steps_of};
use crate::shop::Shop;
use crate::together::at_once;
use mela_core::db::{Fault, sql};
use mela_core::ledger;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// What became of a fault.
#[derive(Default)]
struct Cut {
    /// Points that the verb came to.
    points: AtomicUsize,
    /// Transactions whose connection was cut.
    killed: AtomicUsize,
}

/// Ends the connections that a transaction is open on; waiting for it inside PostgreSQL would take a tenth of a second each time.
const END: &str = "SELECT pid, pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND state = 'idle in transaction'";
const ENDING: &str = "SELECT pid FROM pg_stat_activity WHERE pid = ANY ($1)";

/// Answers how many connections were cut. They are gone then.
async fn cut_open_transactions(killer: &DatabaseConnection) -> Result<usize, DbErr> {
    let rows = killer.query_all_raw(sql(END, [])).await?;
    let pids = rows.iter().map(|row| row.try_get_by_index(0)).collect::<Result<Vec<i32>, _>>()?;
    while !killer.query_all_raw(sql(ENDING, [pids.clone().into()])).await?.is_empty() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    Ok(pids.len())
}

/// At the `n`th point cuts the connection of the transaction that is open; when none is, after the commit, the answer alone is lost.
fn at_point(n: usize, killer: DatabaseConnection) -> (Fault, Arc<Cut>) {
    let cut = Arc::new(Cut::default());
    let seen = Arc::clone(&cut);
    let fault: Fault = Arc::new(move || {
        let (cut, killer) = (Arc::clone(&seen), killer.clone());
        Box::pin(async move {
            if cut.points.fetch_add(1, Ordering::SeqCst) + 1 != n {
                return Ok(());
            }
            let killed = cut_open_transactions(&killer).await?;
            cut.killed.store(killed, Ordering::SeqCst);
            if killed == 0 { Err(DbErr::Custom("the answer is lost".to_owned())) } else { Ok(()) }
        })
    });
    (fault, cut)
}

/// Every table with a digest of its rows.
async fn everything(world: &World) -> Vec<String> {
    let tables = replay::column(
        world,
        "SELECT format('SELECT %1$L || '' '' || coalesce(md5(string_agg(t::text, ''|'' ORDER BY t::text)), ''empty'') FROM %1$s t',
                       format('%I.%I', schemaname, tablename)) FROM pg_tables WHERE schemaname IN ('public', 'ledger') ORDER BY 1",
    )
    .await;
    // Of so many tables PostgreSQL may read several at once.
    replay::column(world, &format!("SELECT * FROM ({}) read ORDER BY 1", tables.join(" UNION ALL "))).await
}

/// Cuts the verb off at its first point, at its second, and so on, until it passes; answers how many points there were.
async fn cut_everywhere(verb: &'static str) -> usize {
    let (mut shop, mut world) = opened().await;
    let mut killer = shop.test.connect().await;
    for n in 1.. {
        // The books are opened once.
        if verb == "open books" && n > 1 {
            (shop, world) = opened().await;
            killer = shop.test.connect().await;
        }
        if cut_at(&shop, &world, verb, n, &killer).await {
            continue;
        }
        replay::the_proof_is_empty(&world).await;
        replay::the_model_agrees(&world).await;
        return n - 1;
    }
    unreachable!("a verb has an end")
}

/// Whether the verb came to its `n`th point.
async fn cut_at(shop: &Shop, world: &World, verb: &str, n: usize, killer: &DatabaseConnection) -> bool {
    let deed = scene(world, shop, verb).await;
    // No verb has to read them while it is watched: the number of its statements is always the same.
    world.core.settings_store().refresh(world.core.db()).await.unwrap();
    let before = everything(world).await;
    let (fault, cut) = at_point(n, killer.clone());
    let answer = deed.perform(&world.core.with_fault(fault)).await;
    if cut.points.load(Ordering::SeqCst) < n {
        assert!(answer.is_ok(), "{verb}: {answer:?}");
        assert_ne!(everything(world).await, before, "{verb} did nothing");
        return false;
    }
    assert!(answer.is_err(), "{verb} was cut off at {n} and answered {answer:?}");
    let after = everything(world).await;
    assert_eq!(ledger::proof(world.core.db()).await.unwrap(), [], "{verb} was cut off at {n}");
    let failed = cut.killed.load(Ordering::SeqCst) > 0;
    if failed {
        assert_eq!(after, before, "{verb} was cut off at {n}, and something of it is there");
    }

    let repeated = deed.perform(&world.core).await.unwrap_or_else(|e| panic!("{verb} again after {n}: {e}"));
    let whole = everything(world).await;
    assert!(!repeated.is_refused(), "{verb} again after {n}: {repeated:?}");
    assert_ne!(whole, before, "{verb} again after {n} did nothing");
    if !failed {
        assert!(!repeated.is_now(), "{verb} was done, only the answer was lost: {repeated:?}");
        assert_eq!(whole, after, "{verb} was done twice");
    }
    let again = deed.perform(&world.core).await.unwrap_or_else(|e| panic!("{verb} again: {e}"));
    assert!(!again.is_now() && !again.is_refused(), "{verb} was done again: {again:?}");
    assert_eq!(everything(world).await, whole, "{verb} again did something");
    if let super::Answer::Now(done) | super::Answer::Already(done) = &repeated
        && let Some(promise) = deed.promise(done)
    {
        let there = replay::column(world, replay::PROMISED).await;
        assert_eq!(there.iter().filter(|row| **row == promise).count(), 1, "{verb}: {promise}");
    }
    true
}

async fn cut_all(verbs: &'static [&'static str]) {
    for some in verbs.chunks(5) {
        for (verb, points) in some.iter().zip(at_once(some.len(), |n| cut_everywhere(some[n])).await) {
            println!("{verb}: {points} points");
            assert!(points > 2, "{verb} is a transaction: a statement, the commit, the answer");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_sale_that_is_cut_off_between_any_two_statements_is_whole_or_not_at_all() {
    cut_all(&SALES).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_payout_that_is_cut_off_between_any_two_statements_is_whole_or_not_at_all() {
    cut_all(&PAYOUTS).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn refunds_and_the_treasury_cut_off_between_any_two_statements_are_whole_or_not_at_all() {
    cut_all(&TREASURY).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn tasks_that_are_aborted_and_connections_that_are_killed_leave_the_books_right() {
    let seed = seed();
    let (shop, world) = opened().await;
    let mut answers = begun(&world).await;
    let killed = Arc::new(AtomicUsize::new(0));
    let killer = tokio::spawn(kill_connections(shop.clone(), Arc::clone(&killed)));
    let hands: Vec<_> = (0..HANDS).map(|n| tokio::spawn(in_a_storm(world.clone(), seed.wrapping_add(n)))).collect();
    for hand in hands {
        answers.add(hand.await.unwrap());
    }
    killer.abort();
    assert!(killer.await.unwrap_err().is_cancelled(), "the killer lived as long as the hands");
    println!("{} commands, {} done, {killed:?} connections killed", answers.commands, answers.done.len());
    assert!(
        killed.load(Ordering::Relaxed) > 0 && !answers.done.is_empty(),
        "a storm that breaks nothing, or everything, shows nothing"
    );
    is_right(&world, &answers, false).await;

    // The same shop still works: no connection was left in the middle of something.
    let (_, _, bina) = shop.chain().await;
    for _ in 0..16 {
        shop.sell(&bina).await;
    }
    shop.proof_is_empty().await;
}

/// One hand whose every third move is cut off somewhere in the middle.
async fn in_a_storm(world: World, seed: u64) -> Answers {
    let mut rng = StdRng::seed_from_u64(!seed);
    let answers = Arc::new(std::sync::Mutex::new(Answers::default()));
    for step in steps_of(seed, 60) {
        let (world, noted) = (world.clone(), Arc::clone(&answers));
        let moving = tokio::spawn(async move { make(&world, &step, |deed, answer| noted.lock().unwrap().note(deed, answer)).await });
        if rng.random_ratio(1, 3) {
            tokio::time::sleep(Duration::from_micros(rng.random_range(0..6_000))).await;
            moving.abort();
        }
        // An answer that never came, or a lost connection, says nothing about what was done.
        let ended = moving.await;
        assert!(!ended.is_err_and(|e| e.is_panic()), "HISTORY_SEED={seed}");
    }
    std::mem::take(&mut *answers.lock().unwrap())
}

async fn kill_connections(shop: Shop, killed: Arc<AtomicUsize>) {
    let other = shop.beside().await;
    loop {
        tokio::time::sleep(Duration::from_millis(15)).await;
        let victim = "SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity
                      WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle' LIMIT 1";
        killed.fetch_add(other.column(victim).await.len(), Ordering::Relaxed);
    }
}
