//! A sale, what it earns whom, and when that can be withdrawn.

use super::shop::{PLAN, Shop, rupees};
use super::together::at_once;
use chrono::TimeDelta;
use mela_core::commissions::{self, Commission, CommissionState};
use mela_core::users::User;
use mela_core::{ledger, orders, referrals};

async fn commissions_of(shop: &Shop, person: &User) -> Vec<Commission> {
    commissions::history(shop.core.db(), person.user_id(), 0, 100).await.unwrap()
}

#[tokio::test]
async fn a_sale_of_135_earns_28_and_9_on_hold() {
    let shop = Shop::open().await;
    let (ravi, asha, bina) = shop.chain().await;
    let order = shop.sell(&bina).await;

    let entries = shop.entries(&format!("order:{}:paid", order.id)).await;
    let wanted = [
        "upi_clearing: 135",
        "sales: -135",
        "cost_of_sales: 42",
        "commission: 37",
        "supplier: -42",
        "Ravi held: -9",
        "Asha held: -28",
    ];
    assert_eq!(entries, wanted);
    assert_eq!(order.paid_at, Some(shop.core.now()));
    let release_at = shop.core.now() + TimeDelta::hours(24);
    for (person, level, amount) in [(&asha, 1, "28"), (&ravi, 2, "9")] {
        let [c] = &commissions_of(&shop, person).await[..] else {
            panic!("one commission each")
        };
        assert_eq!((c.level, c.amount, c.state, c.release_at), (level, rupees(amount), CommissionState::Held, release_at));
        assert_eq!(commissions::next_release(shop.core.db(), person.user_id()).await.unwrap(), Some((release_at, rupees(amount))));
    }
    let funnel = referrals::funnel(&shop.core, asha.user_id()).await.unwrap();
    assert_eq!(
        (funnel.level1.joined, funnel.level1.bought, funnel.level1.earned, funnel.level2.earned),
        (1, 1, rupees("28"), rupees("0"))
    );
    let funnel = referrals::funnel(&shop.core, ravi.user_id()).await.unwrap();
    assert_eq!(
        (funnel.level1.joined, funnel.level1.bought, funnel.level1.earned, funnel.level2.earned),
        (1, 0, rupees("0"), rupees("9"))
    );
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn it_is_released_after_24_hours_and_not_a_moment_before() {
    let shop = Shop::open().await;
    let (ravi, asha, bina) = shop.chain().await;
    shop.sell(&bina).await;

    shop.advance(TimeDelta::hours(24) - TimeDelta::milliseconds(1));
    assert_eq!(shop.release().await.commissions, 0);
    assert_eq!(shop.standing(&asha).await.earned, rupees("0"));

    shop.advance(TimeDelta::milliseconds(1));
    let released = shop.release().await;
    assert_eq!((released.commissions, released.people, released.amount), (2, 2, rupees("37")));
    let batch = shop.column("SELECT key FROM ledger.transaction WHERE kind = 'commissions_released'").await;
    assert_eq!(shop.entries(&batch[0]).await, ["Ravi held: 9", "Ravi earned: -9", "Asha held: 28", "Asha earned: -28"]);
    for (person, amount) in [(&asha, "28"), (&ravi, "9")] {
        let standing = shop.standing(person).await;
        assert_eq!((standing.held, standing.earned), (rupees("0"), rupees(amount)));
        let [c] = &commissions_of(&shop, person).await[..] else {
            panic!("one commission each")
        };
        assert_eq!((c.state, c.release_at), (CommissionState::Released, shop.core.now()));
    }
    assert_eq!(shop.release().await, commissions::Released::default(), "nothing is released twice");
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn eight_workers_release_each_commission_once_in_chunks() {
    let shop = Shop::open().await;
    for _ in 0..5 {
        let (_, _, bina) = shop.chain().await;
        for _ in 0..4 {
            shop.sell(&bina).await;
        }
    }
    shop.holds_end();
    let released = at_once(8, |_| {
        let shop = shop.clone();
        async move {
            let mut released = 0;
            loop {
                match commissions::release_due(&shop.core, 3).await.unwrap() {
                    None => break released,
                    Some(some) => released += some.commissions,
                }
            }
        }
    })
    .await;
    assert_eq!(released.into_iter().sum::<usize>(), 40);
    assert_eq!(shop.count("SELECT sum(amount)::bigint FROM ledger.balance WHERE account_id % 32 = 18").await, 20 * 37);
    shop.proof_is_empty().await;
}

/// So many accounts that their balances move by sets, at first when none of them was born, then when all were.
#[tokio::test]
async fn a_day_on_which_very_many_holds_end_is_one_transaction() {
    let shop = Shop::open().await;
    let mut chains = Vec::new();
    for _ in 0..10 {
        chains.push(shop.chain().await);
    }
    shop.owes(&chains[3].1, 40).await;
    for earned in ["28", "56"] {
        for (_, _, bina) in &chains {
            shop.sell(bina).await;
        }
        shop.holds_end();
        assert_eq!(shop.release().await.people, 20);
        let standing = shop.standing(&chains[7].1).await;
        assert_eq!((standing.held, standing.earned), (rupees("0"), rupees(earned)));
        shop.proof_is_empty().await;
    }
    assert_eq!(shop.count("SELECT count(*) FROM ledger.transaction WHERE kind = 'commissions_released'").await, 2);
    let indebted = shop.standing(&chains[3].1).await;
    assert_eq!((indebted.owed, indebted.earned, indebted.held), (rupees("0"), rupees("16"), rupees("0")));
    assert_eq!(shop.column("SELECT DISTINCT seq::text FROM ledger.balance WHERE account_id % 32 = 17").await, ["4"]);
}

#[tokio::test]
async fn what_is_owed_is_paid_before_anything_becomes_withdrawable() {
    let shop = Shop::open().await;
    let (_, asha, bina) = shop.chain().await;
    shop.owes(&asha, 40).await;
    shop.sell(&bina).await;
    shop.holds_end();
    shop.release().await;
    let standing = shop.standing(&asha).await;
    assert_eq!((standing.owed, standing.earned, standing.held), (rupees("12"), rupees("0"), rupees("0")));

    shop.sell(&bina).await;
    shop.holds_end();
    shop.release().await;
    let standing = shop.standing(&asha).await;
    assert_eq!((standing.owed, standing.earned), (rupees("0"), rupees("16")));
    let batch = shop.column("SELECT key FROM ledger.transaction WHERE kind = 'commissions_released' ORDER BY id DESC LIMIT 1").await;
    assert!(shop.entries(&batch[0]).await.ends_with(&["Asha held: 28".into(), "Asha earned: -16".into(), "Asha owed: -12".into()]));
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn what_already_waits_keeps_its_hold() {
    let shop = Shop::open().await;
    let (_, asha, bina) = shop.chain().await;
    shop.sell(&bina).await;
    let (_, pending) = shop.order_and_pay(&bina).await;
    shop.set("commissions.hold", "1h").await;
    shop.approve(&pending).await;

    shop.advance(TimeDelta::hours(23));
    assert_eq!(shop.release().await.commissions, 0, "placed under 24 hours, both of them");
    let order = shop.sell(&bina).await;
    assert_eq!(order.hold_s, 3_600);
    shop.advance(TimeDelta::hours(1));
    assert_eq!(shop.release().await.commissions, 6);
    assert_eq!(shop.standing(&asha).await.earned, rupees("84"));
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn an_order_keeps_the_price_and_the_rates_it_was_placed_with() {
    let shop = Shop::open().await;
    let (ravi, asha, bina) = shop.chain().await;
    let (placed, payment) = shop.order_and_pay(&bina).await;
    shop.set("commissions.level1_percent", "50").await;
    shop.set("commissions.level2_percent", "0").await;
    shop.run("UPDATE plan SET price = 1000, cost = 1, title = 'Other'").await;
    shop.approve(&payment).await;
    let paid = orders::get(shop.core.db(), placed.id).await.unwrap();
    assert_eq!((paid.price, paid.cost, paid.title.as_str()), (rupees("135"), rupees("42"), "Combo OTT Plan"));
    assert_eq!((shop.standing(&asha).await.held, shop.standing(&ravi).await.held), (rupees("28"), rupees("9")));

    shop.sell(&bina).await;
    // Half of ₹999 is ₹499.50; level 2 has no share any more, and no row.
    assert_eq!((shop.standing(&asha).await.held, shop.standing(&ravi).await.held), (rupees("528"), rupees("9")));
    assert_eq!(commissions_of(&shop, &ravi).await.len(), 1);
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn without_profit_nobody_earns() {
    let shop = Shop::open().await;
    let (ravi, asha, bina) = shop.chain().await;
    for (cost, lines) in [
        ("135", vec!["upi_clearing: 135", "sales: -135", "cost_of_sales: 135", "supplier: -135"]),
        ("200.50", vec!["upi_clearing: 135", "sales: -135", "cost_of_sales: 200.5", "supplier: -200.5"]),
        ("0", vec!["upi_clearing: 135", "sales: -135", "commission: 55", "Ravi held: -14", "Asha held: -41"]),
    ] {
        shop.run(&format!("UPDATE plan SET cost = {cost}")).await;
        let order = shop.sell(&bina).await;
        assert_eq!(shop.entries(&format!("order:{}:paid", order.id)).await, lines);
    }
    // Of ₹135 profit: ₹40.50 and ₹13.50, half-up.
    assert_eq!((shop.standing(&asha).await.held, shop.standing(&ravi).await.held), (rupees("41"), rupees("14")));
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn a_buyer_who_came_alone_earns_nobody_anything_and_a_short_chain_one_level() {
    let shop = Shop::open().await;
    let alone = shop.arrive("Ravi", None).await;
    let brought = shop.arrive("Asha", Some(&alone)).await;
    let order = shop.sell(&alone).await;
    assert_eq!(
        shop.entries(&format!("order:{}:paid", order.id)).await,
        ["upi_clearing: 135", "sales: -135", "cost_of_sales: 42", "supplier: -42"]
    );
    let order = shop.sell(&brought).await;
    let entries = shop.entries(&format!("order:{}:paid", order.id)).await;
    assert_eq!(entries, ["upi_clearing: 135", "sales: -135", "cost_of_sales: 42", "commission: 28", "supplier: -42", "Ravi held: -28"]);
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn the_fourth_in_a_line_earns_the_first_nothing() {
    let shop = Shop::open().await;
    let (ravi, asha, bina) = shop.chain().await;
    let chitra = shop.arrive("Chitra", Some(&bina)).await;
    shop.sell(&chitra).await;
    let held = [shop.standing(&bina).await.held, shop.standing(&asha).await.held, shop.standing(&ravi).await.held];
    assert_eq!(held, [rupees("28"), rupees("9"), rupees("0")]);
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn the_statement_tells_what_moved_and_what_was_left() {
    let shop = Shop::open().await;
    let asha = shop.earner().await;
    let withdrawal = shop.asked(&asha, "500").await;
    let lines = ledger::statement(shop.core.db(), asha.user_id(), None, 3).await.unwrap();
    let told: Vec<_> = lines.iter().map(|l| (l.account.as_str(), l.movement.as_str(), l.amount, l.balance_after)).collect();
    assert_eq!(
        told[..2],
        [
            ("withdrawing", "withdrawal_asked", rupees("500"), rupees("500")),
            ("earned", "withdrawal_asked", -rupees("500"), rupees("4"))
        ]
    );
    assert_eq!(lines[0].memo, format!("W-{}", withdrawal.code));
    // The next page goes on below the last line.
    let next = ledger::statement(shop.core.db(), asha.user_id(), Some(lines[1].id), 1).await.unwrap();
    assert_eq!(next[0], lines[2]);
    assert_eq!((next[0].account.as_str(), next[0].amount), ("earned", rupees("504")));
}

#[tokio::test]
async fn a_plan_that_was_taken_off_is_not_sold() {
    let shop = Shop::open().await;
    let ravi = shop.arrive("Ravi", None).await;
    shop.run("UPDATE plan SET active = false").await;
    for code in [PLAN, "no-such-plan", ""] {
        assert!(matches!(orders::place(&shop.core, &ravi, code).await, Err(orders::OrderError::NotForSale)));
    }
}
