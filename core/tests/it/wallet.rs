//! Paying from the wallet: credit first, then what is earned; a part is set aside, and goes back to where it came from.

use super::shop::{PLAN, Shop, admin, rupees};
use super::together::at_once;
use chrono::TimeDelta;
use mela_core::orders::{self, Order, OrderError, OrderState};
use mela_core::payments::{self, Method, PaymentError};
use mela_core::users::User;
use mela_core::withdrawals::WithdrawalError;

/// So many open orders of one buyer, each of a plan of its own for ₹135.
async fn open_orders(shop: &Shop, buyer: &User, number: usize) -> Vec<Order> {
    let mut open = Vec::new();
    for n in 0..number {
        let copy = "title, description, platform, category, period_days, screens, price, cost, delivery";
        shop.run(&format!("INSERT INTO plan (code, {copy}) SELECT 'copy-{n}', {copy} FROM plan WHERE code = '{PLAN}'")).await;
        open.push(orders::place(&shop.core, buyer, &format!("copy-{n}")).await.unwrap().into_inner());
    }
    open
}

async fn nobody_is_below_zero(shop: &Shop) {
    assert_eq!(shop.count("SELECT count(*) FROM ledger.balance WHERE amount < 0").await, 0);
    assert_eq!(shop.count("SELECT count(*) FROM ledger.line WHERE balance_after < 0").await, 0);
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn the_wallet_pays_all_of_it_credit_first() {
    let shop = Shop::open().await;
    let (ravi, asha, bina) = shop.chain().await;
    shop.fill(&bina, "100", "50").await;
    let order = shop.order(&bina).await;
    let payment = shop.pay_from_wallet(&bina, &order).await.unwrap().into_inner();
    assert_eq!((payment.method, payment.amount, payment.decided_by), (Method::Wallet, rupees("135"), Some(-bina.id)));
    assert_eq!(
        shop.entries(&format!("order:{}:paid", order.id)).await,
        [
            "sales: -135",
            "cost_of_sales: 42",
            "commission: 37",
            "supplier: -42",
            "Ravi held: -9",
            "Asha held: -28",
            "Bina credit: 100",
            "Bina earned: 35"
        ]
    );
    assert_eq!(
        (shop.has(&bina).await, shop.has(&asha).await, shop.has(&ravi).await),
        ("earned 15".into(), "held 28".into(), "held 9".into())
    );
    let order = orders::get(shop.core.db(), order.id).await.unwrap();
    assert_eq!(
        (order.state, order.from_credit, order.from_earned, order.due()),
        (OrderState::Paid, rupees("100"), rupees("35"), rupees("0"))
    );
    assert_eq!(shop.count("SELECT count(*) FROM subscription").await, 1);
    assert!(matches!(shop.pay_from_wallet(&bina, &order).await, Err(PaymentError::NotAwaited(OrderState::Paid))));
    assert!(matches!(shop.prove(&bina, &order, &shop.utr()).await, Err(PaymentError::NotAwaited(OrderState::Paid))));
    nobody_is_below_zero(&shop).await;
}

#[tokio::test]
async fn credit_that_suffices_leaves_what_is_earned_alone() {
    let shop = Shop::open().await;
    let bina = shop.arrive("Bina", None).await;
    shop.fill(&bina, "135", "50").await;
    let order = shop.order(&bina).await;
    shop.pay_from_wallet(&bina, &order).await.unwrap();
    assert_eq!(shop.has(&bina).await, "earned 50");
    nobody_is_below_zero(&shop).await;
}

#[tokio::test]
async fn the_wallet_pays_a_part_and_upi_the_rest() {
    let shop = Shop::open().await;
    let (_, _, bina) = shop.chain().await;
    shop.fill(&bina, "40", "50").await;
    let order = shop.order(&bina).await;
    let order = shop.set_aside(&bina, &order, "60").await.unwrap().into_inner();
    assert_eq!(order.due(), rupees("75"));
    assert_eq!(
        shop.entries(&format!("order:{}:reserved", order.id)).await,
        ["Bina credit: 40", "Bina earned: 20", "Bina reserved: -60"]
    );
    assert_eq!(shop.has(&bina).await, "earned 30, reserved 60");
    // What is set aside does not pay the order a second time.
    assert!(matches!(shop.pay_from_wallet(&bina, &order).await, Err(PaymentError::NotCovered)));

    let payment = shop.prove(&bina, &order, &shop.utr()).await.unwrap().into_inner();
    assert_eq!(payment.amount, rupees("75"));
    shop.approve(&payment).await;
    assert_eq!(
        shop.entries(&format!("order:{}:paid", order.id)).await,
        [
            "upi_clearing: 75",
            "sales: -135",
            "cost_of_sales: 42",
            "commission: 37",
            "supplier: -42",
            "Ravi held: -9",
            "Asha held: -28",
            "Bina reserved: 60"
        ]
    );
    assert_eq!(shop.has(&bina).await, "earned 30");
    nobody_is_below_zero(&shop).await;
}

#[tokio::test]
async fn a_part_leaves_at_least_a_rupee_to_pay_and_the_wallet_covers_it() {
    let shop = Shop::open().await;
    let (_, asha, bina) = shop.chain().await;
    shop.fill(&bina, "100", "20").await;
    let order = shop.order(&bina).await;
    let before = shop.everything().await;
    let most = |answer: Result<_, OrderError>, most: &str| matches!(answer, Err(OrderError::NotFromWallet(found)) if found == rupees(most));
    assert!(most(shop.set_aside(&bina, &order, "120.01").await, "120"));
    assert!(most(shop.set_aside(&bina, &order, "0").await, "120"));
    assert!(most(orders::set_aside(&shop.core, bina.user_id(), &order.code, -rupees("5")).await, "120"));
    assert!(matches!(shop.set_aside(&asha, &order, "5").await, Err(OrderError::NotFound)), "nobody pays another's order");
    assert!(matches!(shop.pay_from_wallet(&bina, &order).await, Err(PaymentError::NotCovered)));
    assert!(matches!(shop.pay_from_wallet(&asha, &order).await, Err(PaymentError::NoOrder)));
    assert_eq!(shop.everything().await, before);

    shop.fill(&bina, "0", "30").await;
    assert!(most(shop.set_aside(&bina, &order, "134.01").await, "134"));
    assert!(shop.set_aside(&bina, &order, "134").await.unwrap().is_now());
    nobody_is_below_zero(&shop).await;
}

#[tokio::test]
async fn what_is_on_hold_or_asked_for_pays_nothing() {
    let shop = Shop::open().await;
    let (_, asha, bina) = shop.chain().await;
    for _ in 0..5 {
        shop.sell(&bina).await;
    }
    let order = shop.order(&asha).await;
    assert_eq!(shop.has(&asha).await, "held 140");
    assert!(matches!(shop.pay_from_wallet(&asha, &order).await, Err(PaymentError::NotCovered)));
    shop.fill(&asha, "0", "500").await;
    shop.asked(&asha, "500").await;
    assert!(matches!(shop.pay_from_wallet(&asha, &order).await, Err(PaymentError::NotCovered)));
    nobody_is_below_zero(&shop).await;
}

#[tokio::test]
async fn a_part_is_set_aside_once() {
    let shop = Shop::open().await;
    let bina = shop.arrive("Bina", None).await;
    shop.fill(&bina, "100", "100").await;
    let order = shop.order(&bina).await;
    let answers = at_once(8, |_| {
        let (shop, bina, order) = (shop.clone(), bina.clone(), order.clone());
        async move { shop.set_aside(&bina, &order, "60").await.unwrap() }
    })
    .await;
    assert_eq!(answers.iter().filter(|a| a.is_now()).count(), 1);
    assert!(matches!(shop.set_aside(&bina, &order, "61").await, Err(OrderError::SetAsideBefore)));
    assert_eq!(shop.has(&bina).await, "credit 40, earned 100, reserved 60");

    orders::cancel(&shop.core, bina.user_id(), &order.code).await.unwrap();
    let payment = shop.prove(&bina, &order, &shop.utr()).await.unwrap().into_inner();
    assert_eq!(payment.amount, rupees("135"), "a late proof is for the whole price: its part went back");
    payments::reject(&shop.core, payment.id, &admin("Om"), "not found").await.unwrap();
    for again in ["60", "61"] {
        assert!(matches!(shop.set_aside(&bina, &order, again).await, Err(OrderError::SetAsideBefore)), "once for each order");
    }
    nobody_is_below_zero(&shop).await;
}

#[tokio::test]
async fn an_order_that_ends_unpaid_gives_its_part_back_to_the_same_accounts() {
    let shop = Shop::open().await;
    let bina = shop.arrive("Bina", None).await;
    shop.fill(&bina, "40", "50").await;
    let mut ended = Vec::new();

    let cancelled = shop.order(&bina).await;
    shop.set_aside(&bina, &cancelled, "60").await.unwrap();
    assert!(orders::cancel(&shop.core, bina.user_id(), &cancelled.code).await.unwrap().is_now());
    assert!(!orders::cancel(&shop.core, bina.user_id(), &cancelled.code).await.unwrap().is_now());
    ended.push(cancelled);

    let expired = shop.order(&bina).await;
    shop.set_aside(&bina, &expired, "60").await.unwrap();
    shop.advance(TimeDelta::minutes(30));
    assert_eq!(orders::expire_due(&shop.core, 10).await.unwrap(), 1);
    ended.push(expired);

    let replaced = shop.order(&bina).await;
    shop.set_aside(&bina, &replaced, "60").await.unwrap();
    shop.advance(TimeDelta::minutes(30));
    let next = shop.order(&bina).await;
    assert_ne!(next.id, replaced.id, "the next order of the plan ends the one whose time is over");
    ended.push(replaced);

    shop.set_aside(&bina, &next, "60").await.unwrap();
    let payment = shop.prove(&bina, &next, &shop.utr()).await.unwrap().into_inner();
    let beside = shop.order(&bina).await;
    payments::reject(&shop.core, payment.id, &admin("Om"), "not found").await.unwrap();
    ended.push(next);

    for order in ended {
        let back = shop.entries(&format!("order:{}:unreserved", order.id)).await;
        assert_eq!(back, ["Bina credit: -40", "Bina earned: -20", "Bina reserved: 60"], "{:?}", orders::get(shop.core.db(), order.id).await);
    }
    assert_eq!(shop.has(&bina).await, "credit 40, earned 50");
    assert_eq!(orders::get(shop.core.db(), beside.id).await.unwrap().state, OrderState::AwaitingPayment);
    nobody_is_below_zero(&shop).await;
}

#[tokio::test]
async fn a_refused_proof_keeps_the_part_set_aside() {
    let shop = Shop::open().await;
    let bina = shop.arrive("Bina", None).await;
    shop.fill(&bina, "40", "50").await;
    let order = shop.order(&bina).await;
    shop.set_aside(&bina, &order, "60").await.unwrap();
    let payment = shop.prove(&bina, &order, &shop.utr()).await.unwrap().into_inner();
    payments::reject(&shop.core, payment.id, &admin("Om"), "not found").await.unwrap();
    assert_eq!(shop.has(&bina).await, "earned 30, reserved 60");
    let again = shop.prove(&bina, &order, &shop.utr()).await.unwrap().into_inner();
    assert_eq!(again.amount, rupees("75"));
    shop.approve(&again).await;
    assert_eq!(shop.has(&bina).await, "earned 30");
    nobody_is_below_zero(&shop).await;
}

#[tokio::test]
async fn the_earned_part_that_comes_back_pays_a_debt_first() {
    let shop = Shop::open().await;
    let bina = shop.arrive("Bina", None).await;
    shop.fill(&bina, "40", "50").await;
    for (debt, left) in [(5, "credit 40, earned 45"), (30, "credit 40, earned 25, owed 10")] {
        let order = shop.order(&bina).await;
        shop.set_aside(&bina, &order, "60").await.unwrap();
        shop.owes(&bina, debt).await;
        orders::cancel(&shop.core, bina.user_id(), &order.code).await.unwrap();
        assert_eq!(shop.has(&bina).await, left);
    }
    nobody_is_below_zero(&shop).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn eight_orders_that_one_wallet_could_pay_once_are_paid_once() {
    let shop = Shop::open().await;
    let (_, _, bina) = shop.chain().await;
    shop.fill(&bina, "100", "100").await;
    let open = open_orders(&shop, &bina, 8).await;
    let answers = at_once(8, |n| {
        let (shop, bina, order) = (shop.clone(), bina.clone(), open[n].clone());
        async move { shop.pay_from_wallet(&bina, &order).await }
    })
    .await;
    assert_eq!(answers.iter().filter(|a| a.is_ok()).count(), 1);
    assert_eq!(answers.iter().filter(|a| matches!(a, Err(PaymentError::NotCovered))).count(), 7, "{answers:?}");
    assert_eq!(shop.has(&bina).await, "earned 65");

    // The rest can be set aside once, too.
    let answers = at_once(8, |n| {
        let (shop, bina, order) = (shop.clone(), bina.clone(), open[n].clone());
        async move { shop.set_aside(&bina, &order, "40").await }
    })
    .await;
    assert_eq!(answers.iter().filter(|a| a.is_ok()).count(), 1);
    assert_eq!(shop.has(&bina).await, "earned 25, reserved 40");
    nobody_is_below_zero(&shop).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_same_hundred_and_fifty_are_spent_set_aside_or_withdrawn() {
    let shop = Shop::with(&[("MELA_WITHDRAWALS__MINIMUM", "1")]).await;
    for _ in 0..4 {
        let (_, _, bina) = shop.chain().await;
        shop.fill(&bina, "0", "150").await;
        shop.run("DELETE FROM plan WHERE code LIKE 'copy-%' AND id NOT IN (SELECT plan_id FROM orders)").await;
        shop.run("UPDATE plan SET code = 'old-' || id WHERE code LIKE 'copy-%'").await;
        let open = open_orders(&shop, &bina, 8).await;
        let won = at_once(8, |n| {
            let (shop, bina, order) = (shop.clone(), bina.clone(), open[n].clone());
            async move {
                match n % 3 {
                    0 => match shop.pay_from_wallet(&bina, &order).await {
                        Err(PaymentError::NotCovered) => false,
                        paid => paid.unwrap().is_now(),
                    },
                    1 => match shop.set_aside(&bina, &order, "100").await {
                        Err(OrderError::NotFromWallet(_)) => false,
                        aside => aside.unwrap().is_now(),
                    },
                    _ => match shop.ask(&bina, "120", &format!("draft:{}", shop.number())).await {
                        Err(WithdrawalError::MoreThanAvailable(_)) => false,
                        asked => asked.unwrap().is_now(),
                    },
                }
            }
        })
        .await;
        assert_eq!(won.into_iter().filter(|&won| won).count(), 1);
        nobody_is_below_zero(&shop).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_order_pressed_eight_times_is_paid_once() {
    let shop = Shop::open().await;
    let bina = shop.arrive("Bina", None).await;
    shop.fill(&bina, "1000", "1000").await;
    let order = shop.order(&bina).await;
    let answers = at_once(8, |_| {
        let (shop, bina, order) = (shop.clone(), bina.clone(), order.clone());
        async move { payments::pay_from_wallet(&shop.core, &bina, &order.code, "press:same").await.unwrap() }
    })
    .await;
    assert_eq!(answers.iter().filter(|a| a.is_now()).count(), 1, "one press that came eight times");

    let order = shop.order(&bina).await;
    let answers = at_once(8, |_| {
        let (shop, bina, order) = (shop.clone(), bina.clone(), order.clone());
        async move { shop.pay_from_wallet(&bina, &order).await }
    })
    .await;
    assert_eq!(answers.iter().filter(|a| a.is_ok()).count(), 1, "eight presses");
    assert_eq!(answers.iter().filter(|a| matches!(a, Err(PaymentError::NotAwaited(OrderState::Paid)))).count(), 7, "{answers:?}");
    assert_eq!(shop.has(&bina).await, "credit 730, earned 1000");

    // The key stands for the order that it paid.
    let next = shop.order(&bina).await;
    let other = payments::pay_from_wallet(&shop.core, &bina, &next.code, "press:same").await;
    assert!(matches!(other, Err(PaymentError::Decided(_))), "{other:?}");
    assert_eq!(shop.has(&bina).await, "credit 730, earned 1000");
    nobody_is_below_zero(&shop).await;
}

#[tokio::test]
async fn an_order_whose_time_is_over_is_not_paid_from_the_wallet() {
    let shop = Shop::open().await;
    let bina = shop.arrive("Bina", None).await;
    shop.fill(&bina, "500", "0").await;
    let order = shop.order(&bina).await;
    shop.advance(TimeDelta::minutes(30));
    let before = shop.everything().await;
    assert!(matches!(shop.pay_from_wallet(&bina, &order).await, Err(PaymentError::NotAwaited(_))), "though no sweep had come by");
    assert!(matches!(shop.set_aside(&bina, &order, "60").await, Err(OrderError::NotNow(_))));
    assert_eq!(shop.everything().await, before);
    // What was refused lets go of the order a moment later, and a sweep passes by what someone holds.
    while orders::expire_due(&shop.core, 10).await.unwrap() == 0 {
        tokio::task::yield_now().await;
    }
    assert!(matches!(shop.pay_from_wallet(&bina, &order).await, Err(PaymentError::NotAwaited(OrderState::Expired))));
    assert!(matches!(shop.set_aside(&bina, &order, "60").await, Err(OrderError::NotNow(OrderState::Expired))));
    assert_eq!(shop.has(&bina).await, "credit 500");
    nobody_is_below_zero(&shop).await;
}

/// The part goes back once, and either into the wallet or into the sale.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_cancel_a_sweep_and_a_proof_at_once_leave_the_part_in_one_place() {
    let shop = Shop::open().await;
    let bina = shop.arrive("Bina", None).await;
    shop.fill(&bina, "60", "0").await;
    for _ in 0..8 {
        let order = shop.order(&bina).await;
        shop.set_aside(&bina, &order, "60").await.unwrap();
        shop.advance(TimeDelta::minutes(30));
        at_once(8, |n| {
            let (shop, bina, order) = (shop.clone(), bina.clone(), order.clone());
            async move {
                match n % 3 {
                    0 => drop(orders::cancel(&shop.core, bina.user_id(), &order.code).await),
                    1 => drop(orders::expire_due(&shop.core, 10).await.unwrap()),
                    _ => drop(shop.prove(&bina, &order, &shop.utr()).await),
                }
            }
        })
        .await;
        shop.proof_is_empty().await;
        if let [payment] = &payments::waiting(shop.core.db(), 10).await.unwrap()[..] {
            let order = orders::get(shop.core.db(), order.id).await.unwrap();
            assert_eq!(payment.amount, order.due());
            let standing = shop.standing(&bina).await;
            assert_eq!(standing.credit + standing.reserved, rupees("60"));
            shop.prove(&bina, &order, &shop.utr()).await.unwrap_err();
            payments::reject(&shop.core, payment.id, &admin("Om"), "not found").await.unwrap();
            let _ = orders::cancel(&shop.core, bina.user_id(), &order.code).await.unwrap();
        }
        assert_eq!(shop.has(&bina).await, "credit 60");
    }
    nobody_is_below_zero(&shop).await;
}
