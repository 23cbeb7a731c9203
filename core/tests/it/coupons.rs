//! Coupons: what they take off, whom they are for, and that no limit is overrun.

use super::cart::{check_out, pay, put};
use super::shop::{PLAN, Shop, admin, rupees};
use super::together::at_once;
use chrono::TimeDelta;
use mela_core::cart::{self, CartError};
use mela_core::coupons::{self, Coupon, CouponError, Terms};
use mela_core::db::Applied;
use mela_core::orders;
use mela_core::refunds::To;
use mela_core::users::User;

pub(crate) fn terms(value: &str) -> Terms {
    Terms {
        value: value.parse().unwrap(),
        plans: vec![],
        per_user: None,
        total: None,
        from_at: None,
        until_at: None,
        first_order: false,
    }
}

pub(crate) async fn coupon(shop: &Shop, code: &str, terms: Terms) -> Coupon {
    let drafted = coupons::draft(&shop.core, code, &terms, &admin("Meera")).await.unwrap().into_inner();
    coupons::switch(&shop.core, drafted.id, true, false, &admin("Meera")).await.unwrap().into_inner()
}

async fn apply(shop: &Shop, person: &User, code: &str) -> Result<(), CouponError> {
    match cart::apply_coupon(&shop.core, person.user_id(), code).await {
        Err(CartError::Coupon(why)) => Err(why),
        other => {
            other.unwrap();
            Ok(())
        }
    }
}

/// Why a coupon takes nothing off a cart of one plan, in a word.
async fn why(shop: &Shop, person: &User, code: &str) -> String {
    put(shop, person, PLAN, 1).await;
    format!("{:?}", apply(shop, person, code).await.unwrap_err()).split(['(', ' ']).next().unwrap().to_owned()
}

async fn uses(shop: &Shop, coupon: &Coupon) -> i64 {
    coupons::uses(shop.core.db(), coupon.id, None).await.unwrap()
}

#[tokio::test]
async fn the_shop_pays_what_a_coupon_takes_off_and_the_profit_is_less() {
    let shop = Shop::open().await;
    let (_, _, bina) = shop.chain().await;
    let diwali = coupon(&shop, "DIWALI", terms("20%")).await;
    put(&shop, &bina, PLAN, 1).await;
    apply(&shop, &bina, " diwali ").await.unwrap();
    let cart = cart::get(&shop.core, bina.user_id()).await.unwrap();
    assert_eq!((cart.total(), cart.to_pay()), (rupees("135"), rupees("108")));
    let order = check_out(&shop, &bina).await;
    assert_eq!((order.price, order.discount, order.coupon_id), (rupees("108"), rupees("27"), Some(diwali.id)));
    pay(&shop, &bina, &order).await;
    // 30 % and 10 % of 66.
    let wanted = [
        "upi_clearing: 108",
        "sales: -135",
        "cost_of_sales: 42",
        "commission: 27",
        "promotion: 27",
        "supplier: -42",
        "Ravi held: -7",
        "Asha held: -20",
    ];
    assert_eq!(shop.entries(&format!("order:{}:paid", order.id)).await, wanted);
    assert_eq!(uses(&shop, &diwali).await, 1);
    shop.proof_is_empty().await;
    let falsified = format!("UPDATE orders SET discount = 26 WHERE id = {}", order.id);
    assert!(!shop.problems_after(&falsified).await.is_empty(), "the proof knows what was taken off");

    assert!(shop.refund(&order, "108.01", &To::Wallet).await.is_err(), "never more than was paid");
    shop.refund(&order, "108", &To::Wallet).await.unwrap();
    assert_eq!(shop.has(&bina).await, "credit 108");
    assert_eq!(uses(&shop, &diwali).await, 0, "its use is returned");
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn a_sale_without_profit_earns_nobody_anything() {
    let shop = Shop::open().await;
    let (_, _, bina) = shop.chain().await;
    let drafted = coupons::draft(&shop.core, "LOSS", &terms("100%"), &admin("Meera")).await.unwrap().into_inner();
    let plans = mela_core::catalog::for_sale(shop.core.db(), 10).await.unwrap();
    let below: Vec<_> = drafted.terms.below_cost(&plans).into_iter().map(|(plan, price)| (plan.code.clone(), price)).collect();
    assert_eq!(below, [(PLAN.to_owned(), rupees("1"))]);

    // Switched on without the word, it takes nothing off; with it, all but a rupee.
    coupons::switch(&shop.core, drafted.id, true, false, &admin("Meera")).await.unwrap();
    assert_eq!(why(&shop, &bina, "LOSS").await, "BelowCost");
    coupons::switch(&shop.core, drafted.id, false, false, &admin("Meera")).await.unwrap();
    assert_eq!(why(&shop, &bina, "LOSS").await, "Unknown", "switched off it is unknown");
    coupons::switch(&shop.core, drafted.id, true, true, &admin("Meera")).await.unwrap();
    apply(&shop, &bina, "LOSS").await.unwrap();
    let order = check_out(&shop, &bina).await;
    pay(&shop, &bina, &order).await;
    let wanted = ["upi_clearing: 1", "sales: -135", "cost_of_sales: 42", "promotion: 134", "supplier: -42"];
    assert_eq!(shop.entries(&format!("order:{}:paid", order.id)).await, wanted);
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn each_reason_for_which_a_coupon_takes_nothing_off() {
    let shop = Shop::open().await;
    let (_, asha, bina) = shop.chain().await;
    shop.run("INSERT INTO plan (code, title, period_days, price, cost) VALUES ('solo', 'Solo', 10, 100, 60)").await;
    let solo = shop.count("SELECT id FROM plan WHERE code = 'solo'").await;
    let now = shop.core.now();
    coupon(&shop, "FIRST", Terms { first_order: true, ..terms("10") }).await;
    coupon(&shop, "LATER", Terms { from_at: Some(now + TimeDelta::hours(1)), ..terms("10") }).await;
    coupon(&shop, "EARLIER", Terms { until_at: Some(now), ..terms("10") }).await;
    coupon(&shop, "SOLO", Terms { plans: vec![solo], ..terms("10") }).await;
    coupon(&shop, "दिवाली", Terms { per_user: Some(1), ..terms("10") }).await;
    coupons::draft(&shop.core, "DRAFT", &terms("10"), &admin("Meera")).await.unwrap();

    assert!(matches!(cart::apply_coupon(&shop.core, bina.user_id(), "FIRST").await, Err(CartError::Empty)));
    put(&shop, &bina, PLAN, 1).await;
    apply(&shop, &bina, "FIRST").await.unwrap();
    let first = check_out(&shop, &bina).await;
    assert_eq!(why(&shop, &bina, "FIRST").await, "FirstOrder", "two first orders at once are none");
    orders::cancel(&shop.core, bina.user_id(), &first.code).await.unwrap();
    apply(&shop, &bina, "FIRST").await.unwrap();
    shop.sell(&bina).await;
    for (code, reason) in [
        ("FIRST", "FirstOrder"),
        ("LATER", "NotYet"),
        ("EARLIER", "Over"),
        ("SOLO", "NotForThese"),
        ("DRAFT", "Unknown"),
        ("NOBODY", "Unknown"),
        ("'; DROP TABLE coupon; --", "Unknown"),
        ("", "Unknown"),
    ] {
        assert_eq!(why(&shop, &bina, code).await, reason, "{code}");
    }
    put(&shop, &bina, "solo", 1).await;
    apply(&shop, &bina, "solo").await.unwrap();
    // A wrong one afterwards leaves what was there.
    apply(&shop, &bina, "LATER").await.unwrap_err();
    let cart = cart::get(&shop.core, bina.user_id()).await.unwrap();
    assert_eq!((cart.coupon.unwrap().0.code.as_str(), cart.items.len()), ("SOLO", 2));

    apply(&shop, &bina, "दिवाली").await.unwrap();
    let order = check_out(&shop, &bina).await;
    assert_eq!(why(&shop, &bina, "दिवाली").await, "UsedBefore", "a placed order is a use");
    put(&shop, &asha, PLAN, 1).await;
    apply(&shop, &asha, "दिवाली").await.unwrap();
    orders::cancel(&shop.core, bina.user_id(), &order.code).await.unwrap();
    apply(&shop, &bina, "दिवाली").await.unwrap();
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn the_last_use_is_one_persons_of_many_at_once() {
    let shop = Shop::open().await;
    let three = coupon(&shop, "THREE", Terms { total: Some(3), ..terms("10") }).await;
    let mut people = Vec::new();
    for n in 0..8 {
        let person = shop.arrive(&format!("P{n}"), None).await;
        put(&shop, &person, PLAN, 1).await;
        apply(&shop, &person, "three").await.unwrap();
        people.push(person);
    }
    let placed = at_once(8, |n| {
        let (shop, person) = (shop.clone(), people[n].clone());
        async move { cart::check_out(&shop.core, &person, false).await }
    })
    .await;
    let refused = placed.iter().filter(|placed| matches!(placed, Err(CartError::Coupon(CouponError::UsedUp)))).count();
    assert_eq!((placed.iter().filter(|placed| placed.is_ok()).count(), refused), (3, 5));
    assert_eq!(uses(&shop, &three).await, 3);
    // Who was refused sees the full price first, then pays it.
    let loser = people.iter().zip(&placed).find(|(_, placed)| placed.is_err()).unwrap().0;
    let cart = cart::get(&shop.core, loser.user_id()).await.unwrap();
    assert!(cart.coupon.is_none() && cart.to_pay() == rupees("135"));
    check_out(&shop, loser).await;
    // What expires gives its use back; paid late all the same, it keeps its price.
    shop.advance(TimeDelta::hours(1));
    orders::expire_due(&shop.core, 100).await.unwrap();
    assert_eq!(uses(&shop, &three).await, 0);
    let (winner, order) = people.iter().zip(&placed).find_map(|(p, placed)| placed.as_ref().ok().map(|o| (p, o.clone().into_inner()))).unwrap();
    let paid = pay(&shop, winner, &order).await;
    assert_eq!((paid.price, uses(&shop, &three).await), (rupees("125"), 1));
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn a_code_that_was_in_use_keeps_its_meaning() {
    let shop = Shop::open().await;
    let first = coupons::draft(&shop.core, "SALE", &terms("10"), &admin("Meera")).await.unwrap();
    let second = coupons::draft(&shop.core, "SALE", &terms("20"), &admin("Meera")).await.unwrap();
    assert!(first.is_now() && second.is_now(), "a draft that nobody said yes to makes way");
    let id = second.into_inner().id;
    let switched = at_once(4, |_| {
        let core = shop.core.clone();
        async move { coupons::switch(&core, id, true, false, &admin("Meera")).await.unwrap() }
    })
    .await;
    assert_eq!(switched.iter().filter(|switched| switched.is_now()).count(), 1);
    coupons::switch(&shop.core, id, false, false, &admin("Meera")).await.unwrap();
    let third = coupons::draft(&shop.core, "SALE", &terms("99%"), &admin("Meera")).await.unwrap();
    assert!(matches!(&third, Applied::Already(coupon) if coupon.terms.value == "20".parse().unwrap()));
    assert_eq!(shop.column("SELECT action FROM audit WHERE action LIKE 'coupon%' ORDER BY id").await, ["coupon.on", "coupon.off"]);
}
