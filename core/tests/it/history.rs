//! Whatever happens in whatever order, by many hands at once: the books are right, and what was answered with success is in them once.

mod command;

use crate::shop::Shop;
use command::{Done, Hand};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

const HANDS: u64 = 8;
const COMMANDS: usize = 50;

/// Sums of the business rows beside the same sums of the books; each line is one that must be equal.
const SUMS: &str = "
WITH book AS (SELECT kind, amount FROM ledger.trial_balance), sums (what, rows, books) AS (
  SELECT 'sales', (SELECT sum(amount) FROM payment WHERE state = 'confirmed'), (SELECT -amount FROM book WHERE kind = 'sales')
  UNION ALL SELECT 'clearing', (SELECT sum(price) FROM orders WHERE paid_at IS NOT NULL), (SELECT amount FROM book WHERE kind = 'upi_clearing')
  UNION ALL SELECT 'cost', (SELECT sum(cost) FROM orders WHERE paid_at IS NOT NULL), (SELECT amount FROM book WHERE kind = 'cost_of_sales')
  UNION ALL SELECT 'commissions', (SELECT sum(amount) FROM commission), (SELECT amount FROM book WHERE kind = 'commission')
  UNION ALL SELECT 'held', (SELECT sum(amount) FROM commission_now WHERE state = 'held'), (SELECT -amount FROM book WHERE kind = 'held')
  UNION ALL SELECT 'paid out', (SELECT sum(amount) FROM withdrawal WHERE state = 'paid'), (SELECT -amount FROM book WHERE kind = 'bank')
  UNION ALL SELECT 'earned by ' || u.name,
    (SELECT coalesce(sum(amount), 0) FROM commission_now WHERE beneficiary_id = u.id AND state = 'released')
    - (SELECT coalesce(sum(amount), 0) FROM withdrawal WHERE user_id = u.id AND state IN ('asked', 'approved', 'paid')),
    (SELECT amount FROM ledger.balance WHERE account_id = u.id * 32 + 18) FROM users u)
SELECT format('%s: %s, in the books %s', what, rows, books) FROM sums WHERE coalesce(rows, 0) <> coalesce(books, 0)";

/// Several people who know each other, and a shop where ₹1 can be withdrawn.
async fn opened() -> Shop {
    let shop = Shop::with(&[("MELA_WITHDRAWALS__MINIMUM", "1")]).await;
    let (_, asha, _) = shop.chain().await;
    shop.arrive("Dev", Some(&asha)).await;
    shop
}

/// The rows that say that something was done, each as the hands noted it.
async fn done_by_the_rows(shop: &Shop) -> HashSet<String> {
    let rows = shop
        .column(
            "SELECT 'joined ' || telegram_id FROM users UNION ALL SELECT 'placed ' || id FROM orders UNION ALL SELECT 'proved ' || key FROM payment
             UNION ALL SELECT state || ' payment ' || id FROM payment WHERE state <> 'submitted' UNION ALL SELECT 'asked ' || key FROM withdrawal
             UNION ALL SELECT state || ' withdrawal ' || id FROM withdrawal WHERE state IN ('paid', 'rejected', 'failed')
             UNION ALL SELECT 'delivered ' || id FROM orders WHERE delivered_at IS NOT NULL",
        )
        .await;
    rows.into_iter().collect()
}

/// What holds at the end of every history. `complete`: nothing happened beside what was answered.
async fn is_right(shop: &Shop, done: Vec<Done>, complete: bool) {
    shop.proof_is_empty().await;
    assert_eq!(shop.column(SUMS).await, Vec::<String>::new());
    let answered: HashSet<&String> = done.iter().collect();
    assert_eq!(answered.len(), done.len(), "something was done twice");
    let rows = done_by_the_rows(shop).await;
    let lost: Vec<_> = answered.iter().filter(|&&done| !rows.contains(done)).collect();
    assert!(lost.is_empty(), "answered, but not there: {lost:?}");
    if complete {
        // The four whom the story opens with were not answered to a hand.
        assert_eq!(rows.len(), answered.len() + 4);
    }
    for once in [
        "SELECT key FROM ledger.transaction GROUP BY key HAVING count(*) > 1",
        "SELECT subject || action FROM audit WHERE action IN ('payment.approve', 'withdrawal.pay') GROUP BY subject, action HAVING count(*) > 1",
        "SELECT id::text FROM withdrawal WHERE state = 'paid' EXCEPT SELECT split_part(key, ':', 2) FROM ledger.transaction WHERE kind = 'withdrawal_paid'",
    ] {
        assert_eq!(shop.column(once).await, Vec::<String>::new(), "{once}");
    }
}

/// A failed history is told by its seed: `HISTORY_SEED=… cargo test` begins it again (what the tasks do to each other is the scheduler's).
fn seed() -> u64 {
    let seed = std::env::var("HISTORY_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or_else(|| StdRng::from_os_rng().random());
    println!("HISTORY_SEED={seed}");
    seed
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn eight_hands_make_four_hundred_random_moves_and_the_books_are_right() {
    let seed = seed();
    let shop = opened().await;
    let hands: Vec<_> = (0..HANDS)
        .map(|n| {
            let mut hand = Hand::new(shop.clone(), seed.wrapping_add(n));
            tokio::spawn(async move {
                let mut done = Vec::new();
                for _ in 0..COMMANDS {
                    // In calm weather a verb answers with success or with a reason of the business, never with a database error.
                    done.extend(hand.next().await.unwrap_or_else(|e| panic!("HISTORY_SEED={seed}: {e}")));
                }
                done
            })
        })
        .collect();
    let mut done = Vec::new();
    for hand in hands {
        done.extend(hand.await.unwrap());
    }
    let paid = shop.count("SELECT count(*) FROM ledger.transaction WHERE kind = 'order_paid'").await;
    assert!(paid > 0, "a history without a sale shows nothing");
    is_right(&shop, done, true).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn tasks_that_are_aborted_and_connections_that_are_killed_leave_the_books_right() {
    let seed = seed();
    let shop = opened().await;
    let killed = Arc::new(AtomicUsize::new(0));
    let killer = tokio::spawn(kill_connections(shop.clone(), Arc::clone(&killed)));
    let hands: Vec<_> = (0..HANDS).map(|n| tokio::spawn(in_a_storm(shop.clone(), seed.wrapping_add(n)))).collect();
    let mut done = Vec::new();
    for hand in hands {
        done.extend(hand.await.unwrap());
    }
    killer.abort();
    assert!(killer.await.unwrap_err().is_cancelled(), "the killer lived as long as the hands");
    assert!(killed.load(Ordering::Relaxed) > 0 && !done.is_empty(), "a storm that breaks nothing, or everything, shows nothing");
    is_right(&shop, done, false).await;

    // The same shop still works: no connection was left in the middle of something.
    let (_, _, bina) = shop.chain().await;
    for _ in 0..16 {
        shop.sell(&bina).await;
    }
    shop.proof_is_empty().await;
}

/// One hand whose every third move is cut off somewhere in the middle.
async fn in_a_storm(shop: Shop, seed: u64) -> Vec<Done> {
    let mut rng = StdRng::seed_from_u64(!seed);
    let mut done = Vec::new();
    for _ in 0..COMMANDS {
        let mut hand = Hand::new(shop.clone(), rng.random());
        let moving = tokio::spawn(async move { hand.next().await });
        if rng.random_ratio(1, 3) {
            tokio::time::sleep(Duration::from_micros(rng.random_range(0..6_000))).await;
            moving.abort();
        }
        // An answer that never came, or a lost connection, says nothing about what was done.
        if let Ok(Ok(answered)) = moving.await {
            done.extend(answered);
        }
    }
    done
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
