//! Proofs of payment: a bank reference counts once, a decision falls once, money that has left is never turned away.

use super::shop::{PLAN, Shop, admin};
use super::together::at_once;
use chrono::TimeDelta;
use mela_core::db::Applied;
use mela_core::orders::{self, OrderError, OrderState};
use mela_core::payments::{self, PaymentError, PaymentState, Proof};
use std::collections::HashSet;

async fn state(shop: &Shop, order: i64) -> OrderState {
    orders::get(shop.core.db(), order).await.unwrap().state
}

async fn told(shop: &Shop, payment: &payments::Payment) -> mela_core::evidence::Evidence {
    let order = payments::order_of(shop.core.db(), payment).await.unwrap();
    mela_core::evidence::of(&shop.core, payment, &order).await.unwrap()
}

#[tokio::test]
async fn a_utr_belongs_to_the_order_it_first_came_for_for_ever() {
    let shop = Shop::open().await;
    let (_, asha, bina) = shop.chain().await;
    let utr = "632512345678";
    let first = shop.order(&bina).await;
    let payment = shop.prove(&bina, &first, utr).await.unwrap().into_inner();
    let other = shop.order(&asha).await;
    let used = |answer| matches!(answer, Err(PaymentError::UtrUsed(code)) if code == first.code);
    assert!(used(shop.prove(&asha, &other, utr).await), "while it is checked");
    payments::reject(&shop.core, payment.id, &admin("Meera"), "not found").await.unwrap();
    assert!(used(shop.prove(&asha, &other, utr).await), "after it was rejected");
    assert_eq!(state(&shop, other.id).await, OrderState::AwaitingPayment, "a refused proof leaves the order as it was");

    let again = shop.prove(&bina, &first, "6325-1234 5678").await.unwrap().into_inner();
    assert_ne!(again.id, payment.id, "the same order may send it again");
    shop.approve(&again).await;
    assert!(used(shop.prove(&asha, &other, utr).await), "after it was confirmed");
    let renewal = shop.order(&bina).await;
    assert!(used(shop.prove(&bina, &renewal, utr).await), "for another order of the same person");
    // Staff see both orders, once for each that tried.
    let told = shop
        .column("SELECT concat_ws(' ', args->>'utr', args->>'order', args->>'first') FROM notification WHERE kind = 'utr-reused' ORDER BY id")
        .await;
    assert_eq!(told, [format!("{utr} {} {}", other.code, first.code), format!("{utr} {} {}", renewal.code, first.code)]);
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn of_many_orders_that_send_one_utr_at_once_one_gets_it() {
    let shop = Shop::open().await;
    let mut open = Vec::new();
    for n in 0..8 {
        let buyer = shop.arrive(&format!("Buyer {n}"), None).await;
        open.push((shop.order(&buyer).await, buyer));
    }
    let answers = at_once(8, |n| {
        let (shop, (order, buyer)) = (shop.clone(), open[n].clone());
        async move { shop.prove(&buyer, &order, "632512345678").await }
    })
    .await;
    assert_eq!(answers.iter().filter(|a| a.is_ok()).count(), 1);
    assert_eq!(answers.iter().filter(|a| matches!(a, Err(PaymentError::UtrUsed(_)))).count(), 7);
    assert_eq!(shop.count("SELECT count(*) FROM orders WHERE state = 'in_review'").await, 1);
}

#[tokio::test]
async fn two_who_decide_at_once_decide_one_thing() {
    let shop = Shop::open().await;
    let (_, _, bina) = shop.chain().await;
    let mut confirmed = 0;
    for _ in 0..32 {
        let (order, payment) = shop.order_and_pay(&bina).await;
        let (one, two) = (shop.clone(), shop.clone());
        let (yes, no) = tokio::join!(
            tokio::spawn(async move { payments::confirm(&one.core, payment.id, &admin("Meera")).await }),
            tokio::spawn(async move { payments::reject(&two.core, payment.id, &admin("Om"), "not found").await })
        );
        let won = match (yes.unwrap(), no.unwrap()) {
            (Ok(Applied::Now(p)), Err(PaymentError::Decided(d))) | (Err(PaymentError::Decided(d)), Ok(Applied::Now(p))) => {
                assert_eq!(*d, p, "the loser is shown who did what");
                p.state == PaymentState::Confirmed
            }
            both => panic!("{both:?}"),
        };
        let posted = shop.count(&format!("SELECT count(*) FROM ledger.transaction WHERE key = 'order:{}:paid'", order.id)).await;
        assert_eq!(posted, i64::from(won));
        assert_eq!(state(&shop, order.id).await, if won { OrderState::Paid } else { OrderState::AwaitingPayment });
        confirmed += posted;
    }
    assert_eq!(shop.count("SELECT count(*) FROM audit WHERE action = 'payment.approve'").await, confirmed);
    assert_eq!(shop.count("SELECT count(*) FROM audit WHERE action = 'payment.reject'").await, 32 - confirmed);
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn confirming_again_changes_nothing() {
    let shop = Shop::open().await;
    let (_, _, bina) = shop.chain().await;
    let (order, payment) = shop.order_and_pay(&bina).await;
    let answers = at_once(8, |n| {
        let shop = shop.clone();
        async move { payments::confirm(&shop.core, payment.id, &admin(["Meera", "Om"][n % 2])).await.unwrap() }
    })
    .await;
    assert_eq!(answers.iter().filter(|a| a.is_now()).count(), 1);
    let paid: HashSet<_> = answers.into_iter().map(|a| (a.clone().into_inner().decided_by, a.into_inner().decided_at)).collect();
    assert_eq!(paid.len(), 1, "all are told of the one who did it");
    assert_eq!(shop.count("SELECT count(*) FROM commission").await, 2);
    assert_eq!(shop.count("SELECT count(*) FROM notification WHERE kind IN ('payment-approved', 'earned')").await, 3);
    let refused = payments::reject(&shop.core, payments::of_order(shop.core.db(), order.id).await.unwrap()[0].id, &admin("Om"), "late").await;
    assert!(matches!(refused, Err(PaymentError::Decided(_))));
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn the_same_message_is_one_payment_however_often_it_comes() {
    let shop = Shop::open().await;
    let bina = shop.arrive("Bina", None).await;
    for (n, proof) in [Proof::Utr("632512345678".parse().unwrap()), Proof::Photo { file_id: "f".into(), unique_id: "u".into(), sent_at: None }]
        .into_iter()
        .enumerate()
    {
        let order = shop.order(&bina).await;
        let answers = at_once(8, |_| {
            let (shop, code, buyer, proof, key) = (shop.clone(), order.code.clone(), bina.user_id(), proof.clone(), format!("tg:same-{n}"));
            async move { payments::submit(&shop.core, buyer, &code, &proof, &key).await.unwrap() }
        })
        .await;
        assert_eq!(answers.iter().filter(|a| a.is_now()).count(), 1);
        let ids: HashSet<_> = answers.into_iter().map(|a| a.into_inner().id).collect();
        assert_eq!(ids.len(), 1);
        // Another message for an order that is being checked is another thing.
        assert!(matches!(shop.prove(&bina, &order, &shop.utr()).await, Err(PaymentError::NotAwaited(OrderState::InReview))));
    }
    assert_eq!(shop.count("SELECT count(*) FROM payment").await, 2);
    assert_eq!(shop.count("SELECT count(*) FROM notification WHERE kind = 'payment-card'").await, 2);
    assert_eq!(shop.count("SELECT count(*) FROM utr").await, 1, "what was refused holds no UTR");
}

#[tokio::test]
async fn a_proof_that_comes_late_is_taken_and_marked() {
    let shop = Shop::open().await;
    let (_, _, bina) = shop.chain().await;
    let in_time = shop.order(&bina).await;
    shop.advance(TimeDelta::minutes(30) - TimeDelta::seconds(1));
    let payment = shop.prove(&bina, &in_time, &shop.utr()).await.unwrap().into_inner();
    assert!(!payment.late);

    let over = shop.order(&bina).await;
    shop.advance(TimeDelta::minutes(30));
    let payment = shop.prove(&bina, &over, &shop.utr()).await.unwrap().into_inner();
    assert!(payment.late, "its time was over, though no sweep had come by");

    let expired = shop.order(&bina).await;
    shop.advance(TimeDelta::minutes(31));
    assert_eq!(orders::expire_due(&shop.core, 10).await.unwrap(), 1);
    let cancelled = shop.order(&bina).await;
    orders::cancel(&shop.core, bina.user_id(), &cancelled.code).await.unwrap();
    for order in [expired, cancelled] {
        let payment = shop.prove(&bina, &order, &shop.utr()).await.unwrap().into_inner();
        assert!(payment.late && told(&shop, &payment).await.late);
        shop.approve(&payment).await;
        assert_eq!(state(&shop, order.id).await, OrderState::Paid);
    }
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn an_order_with_a_proof_under_way_neither_expires_nor_can_be_cancelled() {
    let shop = Shop::open().await;
    let bina = shop.arrive("Bina", None).await;
    let (order, payment) = shop.order_and_pay(&bina).await;
    shop.advance(TimeDelta::days(30));
    assert_eq!(orders::expire_due(&shop.core, 10).await.unwrap(), 0);
    let refused = orders::cancel(&shop.core, bina.user_id(), &order.code).await;
    assert!(matches!(refused, Err(OrderError::NotNow(OrderState::InReview))));
    shop.approve(&payment).await;
    assert!(matches!(orders::cancel(&shop.core, bina.user_id(), &order.code).await, Err(OrderError::NotNow(OrderState::Paid))));
    let stranger = shop.arrive("Eve", None).await;
    assert!(matches!(orders::cancel(&shop.core, stranger.user_id(), &order.code).await, Err(OrderError::NotFound)));
    assert!(matches!(shop.prove(&stranger, &order, &shop.utr()).await, Err(PaymentError::NoOrder)));
}

#[tokio::test]
async fn a_rejected_order_waits_anew_for_as_long_as_a_new_one() {
    let shop = Shop::open().await;
    let bina = shop.arrive("Bina", None).await;
    let (order, payment) = shop.order_and_pay(&bina).await;
    shop.advance(TimeDelta::hours(5));
    let rejected = payments::reject(&shop.core, payment.id, &admin("Om"), "not found").await.unwrap().into_inner();
    assert_eq!(rejected.reason.as_deref(), Some("not found"));
    let open = orders::get(shop.core.db(), order.id).await.unwrap();
    assert_eq!((open.state, open.expires_at), (OrderState::AwaitingPayment, shop.core.now() + TimeDelta::minutes(30)));
    assert_eq!(orders::expire_due(&shop.core, 10).await.unwrap(), 0);
    let again = shop.prove(&bina, &order, &shop.utr()).await.unwrap().into_inner();
    assert!(!again.late);
    assert_eq!(told(&shop, &again).await.rejected_before, 1);
    assert!(matches!(payments::reject(&shop.core, payment.id, &admin("Om"), "again").await, Ok(Applied::Already(_))));
    assert_eq!(state(&shop, order.id).await, OrderState::InReview, "an old press does not touch the new proof");
}

#[tokio::test]
async fn a_rejection_beside_another_open_order_ends_this_one() {
    let shop = Shop::open().await;
    let bina = shop.arrive("Bina", None).await;
    let (first, payment) = shop.order_and_pay(&bina).await;
    let second = shop.order(&bina).await;
    assert_ne!(first.id, second.id);
    payments::reject(&shop.core, payment.id, &admin("Om"), "not found").await.unwrap();
    assert_eq!((state(&shop, first.id).await, state(&shop, second.id).await), (OrderState::Expired, OrderState::AwaitingPayment));
    // Its money may have left all the same.
    assert!(shop.prove(&bina, &first, &shop.utr()).await.unwrap().into_inner().late);
}

#[tokio::test]
async fn a_rejection_at_the_moment_of_the_next_order_still_succeeds() {
    let shop = Shop::open().await;
    let bina = shop.arrive("Bina", None).await;
    for round in 0..32 {
        let (first, payment) = shop.order_and_pay(&bina).await;
        let (one, two, buyer) = (shop.clone(), shop.clone(), bina.clone());
        let (rejected, placed) = tokio::join!(
            tokio::spawn(async move { payments::reject(&one.core, payment.id, &admin("Om"), "not found").await }),
            tokio::spawn(async move { orders::place(&two.core, &buyer, PLAN).await })
        );
        assert!(rejected.unwrap().unwrap().is_now(), "round {round}");
        let open = placed.unwrap().unwrap().into_inner();
        let now = state(&shop, first.id).await;
        assert_eq!(now, if open.id == first.id { OrderState::AwaitingPayment } else { OrderState::Expired });
        orders::cancel(&shop.core, bina.user_id(), &open.code).await.unwrap();
    }
}

#[tokio::test]
async fn twenty_presses_at_once_make_one_order() {
    let shop = Shop::open().await;
    let bina = shop.arrive("Bina", None).await;
    for _ in 0..4 {
        // What the settings store last read is old by now for a process that has just begun.
        let fresh = shop.beside().await;
        let answers = at_once(20, |_| {
            let (shop, buyer) = (fresh.clone(), bina.clone());
            async move { orders::place(&shop.core, &buyer, PLAN).await.unwrap() }
        })
        .await;
        assert_eq!(answers.iter().filter(|a| a.is_now()).count(), 1);
        let orders: HashSet<_> = answers.into_iter().map(|a| a.into_inner().id).collect();
        assert_eq!(orders.len(), 1);
        // The next round finds an order whose time is over and that no sweep has touched.
        shop.advance(TimeDelta::minutes(30));
    }
    assert_eq!(shop.count("SELECT count(*) FROM orders WHERE state = 'awaiting_payment'").await, 1);
    assert_eq!(shop.count("SELECT count(*) FROM orders WHERE state = 'expired'").await, 3);
    assert_eq!(shop.count("SELECT count(*) FROM notification WHERE kind = 'order-expired'").await, 3);
}

#[tokio::test]
async fn four_sweepers_expire_each_order_once() {
    let shop = Shop::open().await;
    for n in 0..40 {
        let buyer = shop.arrive(&format!("Buyer {n}"), None).await;
        shop.order(&buyer).await;
    }
    shop.advance(TimeDelta::minutes(30) - TimeDelta::seconds(1));
    assert_eq!(orders::expire_due(&shop.core, 100).await.unwrap(), 0);
    shop.advance(TimeDelta::seconds(1));
    let sweeps = at_once(4, |_| {
        let shop = shop.clone();
        async move {
            let mut swept = 0;
            loop {
                match orders::expire_due(&shop.core, 7).await.unwrap() {
                    0 => break swept,
                    some => swept += some,
                }
            }
        }
    })
    .await;
    assert_eq!(sweeps.into_iter().sum::<usize>(), 40);
    assert_eq!(shop.count("SELECT count(*) FROM orders WHERE state = 'expired'").await, 40);
    assert_eq!(shop.count("SELECT count(*) FROM notification WHERE kind = 'order-expired'").await, 40);
}
