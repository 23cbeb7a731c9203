//! Many at once, crashes between any two statements, and a long story of chance: every rupee stays somewhere, once.

use super::{credit, every_rupee_is_somewhere, from, noted, state, take};
use crate::shop::{Shop, admin, rupees};
use crate::together::at_once;
use chrono::TimeDelta;
use mela_core::credits::{self, Seen, Taken, Waits};
use mela_core::db::Fault;
use mela_core::orders::{self, OrderState};
use mela_core::payments::{self, Proof};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use sea_orm::DbErr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_credits_for_one_order_at_once_one_pays_it() {
    let shop = Shop::open().await;
    let (_, _, bina) = shop.chain().await;
    for _ in 0..6 {
        let order = shop.order(&bina).await;
        let seen: Vec<Seen> = (0..4).map(|_| noted(credit(&shop, &shop.utr(), "135"), &format!("O{}", order.code))).collect();
        // Each is told of twice.
        let answers = at_once(8, |n| {
            let (core, seen) = (shop.core.clone(), seen[n % 4].clone());
            async move { credits::take(&core, &seen).await.unwrap() }
        })
        .await;
        assert_eq!(answers.iter().filter(|a| matches!(a, Taken::Matched(..))).count(), 1, "{answers:?}");
        credits::sweep(&shop.core, 100).await.unwrap();
        assert_eq!(state(&shop, &order).await, OrderState::Paid);
        assert_eq!(shop.count(&format!("SELECT count(*) FROM bank_credit WHERE waits = 'double' AND order_id = {}", order.id)).await, 3);
    }
    every_rupee_is_somewhere(&shop).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_reference_and_its_money_that_come_at_once_meet() {
    let shop = Shop::open().await;
    let (_, _, bina) = shop.chain().await;
    for round in 0..10 {
        let order = shop.order(&bina).await;
        let utr = shop.utr();
        at_once(3, |n| {
            let (shop, seen, order, bina, utr) = (shop.clone(), credit(&shop, &utr, "135"), order.clone(), bina.clone(), utr.clone());
            async move {
                match n {
                    0 => drop(take(&shop, &seen).await),
                    1 => drop(shop.prove(&bina, &order, &utr).await.unwrap()),
                    _ => drop(credits::sweep(&shop.core, 10).await.unwrap()),
                }
            }
        })
        .await;
        assert_eq!(state(&shop, &order).await, OrderState::Paid, "round {round}: no sweep is needed after it");
    }
    every_rupee_is_somewhere(&shop).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn staff_and_the_bank_confirm_one_payment_at_once() {
    let shop = Shop::open().await;
    let (_, asha, bina) = shop.chain().await;
    for _ in 0..8 {
        let (_, proof) = shop.order_and_pay(&bina).await;
        let seen = credit(&shop, proof.utr.as_deref().unwrap(), "135");
        at_once(4, |n| {
            let (core, seen, id) = (shop.core.clone(), seen.clone(), proof.id);
            async move {
                if n % 2 == 0 {
                    payments::confirm(&core, id, &admin("Meera")).await.unwrap();
                } else {
                    credits::take(&core, &seen).await.unwrap();
                }
            }
        })
        .await;
    }
    credits::sweep(&shop.core, 100).await.unwrap();
    assert_eq!(shop.has(&asha).await, "held 224", "each earned once");
    assert_eq!(shop.count("SELECT count(*) FROM bank_credit WHERE assigned < amount").await, 0);
    every_rupee_is_somewhere(&shop).await;
}

/// Stops at the `n`th point between statements.
fn crash_at(n: usize) -> Fault {
    let passed = Arc::new(AtomicUsize::new(0));
    Arc::new(move || {
        let stop = passed.fetch_add(1, Ordering::SeqCst) + 1 == n;
        Box::pin(async move { if stop { Err(DbErr::Custom("crash".into())) } else { Ok(()) } })
    })
}

#[tokio::test]
async fn a_crash_between_any_statements_is_made_good_by_the_sweep() {
    let shop = Shop::open().await;
    let (_, _, bina) = shop.chain().await;
    let mut crashed = 0;
    loop {
        crashed += 1;
        assert!(crashed < 100, "it never gets through");
        let order = shop.order(&bina).await;
        let seen = noted(credit(&shop, &shop.utr(), "135"), &format!("O{}", order.code));
        let taken = credits::take(&shop.core.with_fault(crash_at(crashed)), &seen).await;
        every_rupee_is_somewhere(&shop).await;
        let through = taken.is_ok();
        if !through {
            // Told of again, or swept.
            if crashed % 2 == 0 {
                take(&shop, &seen).await;
            }
            credits::sweep(&shop.core, 10).await.unwrap();
            if state(&shop, &order).await != OrderState::Paid {
                take(&shop, &seen).await;
            }
        }
        assert_eq!(state(&shop, &order).await, OrderState::Paid, "crash {crashed}");
        assert_eq!(shop.count(&format!("SELECT count(*) FROM payment WHERE order_id = {}", order.id)).await, 1);
        if through {
            break;
        }
    }
    assert!(crashed > 10, "{crashed}");
    every_rupee_is_somewhere(&shop).await;
}

#[tokio::test]
async fn a_proof_is_taken_whatever_becomes_of_its_match() {
    let shop = Shop::open().await;
    let (_, _, bina) = shop.chain().await;
    let mut failed = 0;
    for point in 1..60 {
        let order = shop.order(&bina).await;
        let utr = shop.utr();
        take(&shop, &credit(&shop, &utr, "135")).await;
        let (proof, key) = (Proof::Utr(utr.parse().unwrap()), format!("tg:crash:{point}"));
        let core = shop.core.with_fault(crash_at(point));
        if payments::submit(&core, bina.user_id(), &order.code, &proof, &key).await.is_err() {
            failed += 1;
            payments::submit(&shop.core, bina.user_id(), &order.code, &proof, &key).await.unwrap();
        }
        credits::sweep(&shop.core, 10).await.unwrap();
        assert_eq!(state(&shop, &order).await, OrderState::Paid, "point {point}");
    }
    assert!((3..40).contains(&failed), "{failed}");
    every_rupee_is_somewhere(&shop).await;
}

/// Two hundred credits and as many orders, of chance: whatever meets whatever, each rupee is confirmed, unmatched or returned.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_hundred_credits_of_chance() {
    let shop = Shop::open().await;
    let mut rng = StdRng::seed_from_u64(5);
    let mut people = vec![];
    for n in 0..12 {
        people.push(shop.arrive(&format!("Person {n}"), None).await);
    }
    let mut orders_of: Vec<orders::Order> = vec![];
    let mut told: Vec<Seen> = vec![];
    let mut outcomes = std::collections::BTreeMap::<String, u32>::new();
    for step in 0..200 {
        let person = people.choose(&mut rng).unwrap().clone();
        let order = shop.order(&person).await;
        orders_of.push(order.clone());
        let meant = if rng.random_bool(0.7) { order } else { orders_of.choose(&mut rng).unwrap().clone() };
        let amount = *["135", "135", "135", "100", "150", "135.01"].choose(&mut rng).unwrap();
        let utr = shop.utr();
        let mut seen = from(credit(&shop, &utr, amount), &format!("p{}@ybl", meant.buyer_id));
        if rng.random_bool(0.4) {
            seen = noted(seen, &format!("O{}", meant.code));
        }
        seen.by_day = rng.random_bool(0.2);
        match rng.random_range(0..10) {
            0 => drop(orders::cancel(&shop.core, meant.buyer(), &meant.code).await),
            1 => shop.advance(TimeDelta::minutes(rng.random_range(1..50))),
            2 => drop(orders::expire_due(&shop.core, 100).await.unwrap()),
            3..=5 => {
                let buyer = people.iter().find(|p| p.id == meant.buyer_id).unwrap();
                drop(shop.prove(buyer, &meant, &utr).await);
            }
            6 => {
                let proof = Proof::Photo { file_id: "file".into(), unique_id: format!("unique{step}"), sent_at: None };
                drop(payments::submit(&shop.core, meant.buyer(), &meant.code, &proof, &format!("tg:{step}")).await);
            }
            _ => {}
        }
        if rng.random_bool(0.3) {
            for payment in payments::waiting(shop.core.db(), 2).await.unwrap() {
                if rng.random_bool(0.7) {
                    payments::confirm(&shop.core, payment.id, &admin("Meera")).await.unwrap();
                } else {
                    payments::reject(&shop.core, payment.id, &admin("Om"), "not received").await.unwrap();
                }
            }
        }
        if rng.random_bool(0.15) && !told.is_empty() {
            assert!(matches!(take(&shop, told.choose(&mut rng).unwrap()).await, Taken::Duplicate(_)));
        }
        let outcome = match take(&shop, &seen).await {
            Taken::Matched(..) => "matched".to_owned(),
            Taken::Unmatched(credit) => format!("{:?}", credit.waits.unwrap()),
            other => panic!("{other:?}"),
        };
        *outcomes.entry(outcome).or_default() += 1;
        told.push(seen);
        if rng.random_bool(0.25) {
            decide(&shop, &mut rng, step).await;
        }
        if rng.random_bool(0.1) {
            credits::sweep(&shop.core, 3).await.unwrap();
        }
    }
    every_rupee_is_somewhere(&shop).await;
    assert!(outcomes["matched"] > 30 && outcomes.len() > 4, "{outcomes:?}");
    // Paid once each, and each payment has at most one credit.
    assert_eq!(
        shop.count("SELECT count(*) FROM (SELECT order_id FROM payment WHERE state = 'confirmed' GROUP BY 1 HAVING count(*) > 1) x")
            .await,
        0
    );
    let before = shop.everything().await;
    for seen in &told {
        assert!(matches!(take(&shop, seen).await, Taken::Duplicate(_)));
    }
    credits::sweep(&shop.core, 50).await.unwrap();
    let after = shop.everything().await;
    credits::sweep(&shop.core, 50).await.unwrap();
    assert_eq!(shop.everything().await, after, "a sweep after a sweep does nothing: {before:?}");
    every_rupee_is_somewhere(&shop).await;
}

/// Staff press something on some credit.
async fn decide(shop: &Shop, rng: &mut StdRng, step: u32) {
    let open = credits::unmatched(shop.core.db(), 500).await.unwrap();
    let Some(credit) = open.choose(rng) else { return };
    let key = format!("press:{step}");
    let suggested = credits::suggested(&shop.core, credit).await.unwrap();
    match (rng.random_range(0..3), suggested.orders.first(), &suggested.payer) {
        (0, Some(lead), _) => {
            drop(credits::to_order(&shop.core, credit.id, lead.order.id, rng.random_bool(0.5), &admin("Meera"), &key).await.unwrap())
        }
        (1, _, Some(payer)) => drop(credits::to_wallet(&shop.core, credit.id, payer.user_id(), &admin("Meera"), &key).await.unwrap()),
        _ => drop(credits::send_back(&shop.core, credit.id, &format!("RET{step:09}"), &admin("Meera"), &key).await.unwrap()),
    }
    assert!(credit.waits != Some(Waits::Short) || suggested.orders.iter().all(|lead| lead.due() <= credit.left()), "{}", rupees("1"));
}
