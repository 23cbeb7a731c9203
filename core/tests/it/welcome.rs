//! The friend's gift: something off the first order of who joined by a link.

use super::shop::{PLAN, Shop, admin, rupees};
use super::together::at_once;
use chrono::TimeDelta;
use mela_core::coupons::{self, Terms, Value};
use mela_core::orders::{self, Order};
use mela_core::refunds::To;
use mela_core::users::User;
use mela_core::{cart, welcome};

async fn second_plan(shop: &Shop) {
    shop.run("INSERT INTO plan (code, title, period_days, price, cost) VALUES ('solo', 'Solo', 10, 100, 40)").await;
}

async fn of(shop: &Shop, buyer: &User, plan: &str) -> Order {
    orders::place(&shop.core, buyer, plan).await.unwrap().into_inner()
}

/// Makes a coupon that may sell below cost and puts it on the cart.
async fn coupon(shop: &Shop, person: &User, value: &str) {
    let value: Value = value.parse().unwrap();
    let terms = Terms { value, plans: vec![], per_user: None, total: None, from_at: None, until_at: None, first_order: false };
    let code = format!("SALE-{}", shop.number());
    let drafted = coupons::draft(&shop.core, &code, &terms, &admin("Meera")).await.unwrap().into_inner();
    coupons::switch(&shop.core, drafted.id, true, true, &admin("Meera")).await.unwrap();
    cart::apply_coupon(&shop.core, person.user_id(), &code).await.unwrap();
}

async fn paid(shop: &Shop, buyer: &User, order: &Order) {
    let payment = shop.prove(buyer, order, &shop.utr()).await.unwrap().into_inner();
    shop.approve(&payment).await;
}

#[tokio::test]
async fn the_first_order_of_a_friend_is_cheaper_and_no_other() {
    let shop = Shop::open().await;
    let (_, asha, bina) = shop.chain().await;
    let before = of(&shop, &asha, PLAN).await;
    assert_eq!((before.price, before.friend_off), (rupees("135"), rupees("0")), "off by default");
    shop.set("friend.discount", "10%").await;

    let order = of(&shop, &bina, PLAN).await;
    assert_eq!((order.price, order.discount, order.friend_off), (rupees("121"), rupees("14"), rupees("14")), "13.50 rounds up");
    paid(&shop, &bina, &order).await;
    // 30 % and 10 % of 79, and the shop pays the gift as it pays a coupon.
    let wanted = [
        "upi_clearing: 121",
        "sales: -135",
        "cost_of_sales: 42",
        "commission: 32",
        "promotion: 14",
        "supplier: -42",
        "Ravi held: -8",
        "Asha held: -24",
    ];
    assert_eq!(shop.entries(&format!("order:{}:paid", order.id)).await, wanted);
    assert_eq!(of(&shop, &bina, PLAN).await.price, rupees("135"), "the second costs what it costs");
    let alone = shop.arrive("Alone", None).await;
    assert_eq!(of(&shop, &alone, PLAN).await.price, rupees("135"), "nobody brought them");
    assert_eq!(welcome::offered(&shop.core, alone.user_id(), rupees("135"), rupees("42")).await.unwrap(), rupees("0"));
    // Given back whole it was an order all the same.
    shop.refund(&order, "121", &To::Wallet).await.unwrap();
    assert_eq!(welcome::offered(&shop.core, bina.user_id(), rupees("135"), rupees("42")).await.unwrap(), rupees("0"));
    assert_eq!((shop.has(&asha).await.as_str(), shop.has(&bina).await.as_str()), ("", "credit 121"));
    shop.proof_is_empty().await;
    let falsified = format!("UPDATE orders SET friend_off = 15 WHERE id = {}", order.id);
    let refused = shop.core.db();
    let error = sea_orm::ConnectionTrait::execute_unprepared(refused, &falsified).await.unwrap_err();
    assert!(error.to_string().contains("orders_friend_off"), "{error}");
}

#[tokio::test]
async fn not_below_cost_but_where_the_settings_say_so_and_never_below_a_rupee() {
    let shop = Shop::open().await;
    let (_, asha, bina) = shop.chain().await;
    let place = async |discount: &str, below: &str| {
        shop.set("friend.discount", discount).await;
        shop.set("friend.below_cost", below).await;
        let order = of(&shop, &bina, PLAN).await;
        orders::cancel(&shop.core, bina.user_id(), &order.code).await.unwrap();
        order.price
    };
    for (discount, below, price) in [
        ("20", "false", "115"),
        ("93", "false", "42"),
        ("94", "false", "42"),
        ("100%", "false", "42"),
        ("94", "true", "41"),
        ("100%", "true", "1"),
        ("5000", "true", "1"),
        ("0.1%", "false", "135"),
    ] {
        assert_eq!(place(discount, below).await, rupees(price), "{discount} {below}");
    }
    shop.set("friend.discount", "100%").await;
    let order = of(&shop, &bina, PLAN).await;
    paid(&shop, &bina, &order).await;
    assert_eq!(shop.has(&asha).await, "", "what makes no profit earns nobody anything");
    shop.run("UPDATE plan SET cost = 200").await;
    shop.set("friend.below_cost", "false").await;
    let friend = shop.arrive("Friend", Some(&asha)).await;
    assert_eq!(of(&shop, &friend, PLAN).await.price, rupees("135"), "what is sold below cost anyway is not made cheaper");
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn a_coupon_comes_first_and_the_gift_has_its_part_of_the_rest() {
    let shop = Shop::with(&[("MELA_FRIEND__DISCOUNT", "10%")]).await;
    let (_, asha, bina) = shop.chain().await;
    cart::put(&shop.core, bina.user_id(), PLAN, 2).await.unwrap();
    coupon(&shop, &bina, "20%").await;
    let seen = cart::get(&shop.core, bina.user_id()).await.unwrap();
    assert_eq!((seen.total(), seen.friend_off, seen.to_pay()), (rupees("270"), rupees("22"), rupees("194")), "21.60 of 216");
    let order = cart::check_out(&shop.core, &bina, false).await.unwrap().into_inner();
    assert_eq!((order.price, order.discount, order.friend_off), (rupees("194"), rupees("76"), rupees("22")));
    paid(&shop, &bina, &order).await;
    let seen = cart::get(&shop.core, bina.user_id()).await.unwrap();
    assert_eq!(seen.friend_off, rupees("0"), "an empty cart");
    shop.proof_is_empty().await;

    // A coupon that goes near cost leaves little room, one that goes below it none.
    for (off, price) in [("90", "42"), ("100", "35")] {
        let friend = shop.arrive("Friend", Some(&asha)).await;
        cart::put(&shop.core, friend.user_id(), PLAN, 1).await.unwrap();
        coupon(&shop, &friend, off).await;
        assert_eq!(cart::get(&shop.core, friend.user_id()).await.unwrap().to_pay(), rupees(price));
        assert_eq!(cart::check_out(&shop.core, &friend, false).await.unwrap().into_inner().price, rupees(price), "{off}");
    }
}

#[tokio::test]
async fn one_order_at_a_time_has_the_gift() {
    let shop = Shop::with(&[("MELA_FRIEND__DISCOUNT", "20")]).await;
    let (_, _, bina) = shop.chain().await;
    second_plan(&shop).await;
    let first = of(&shop, &bina, PLAN).await;
    assert_eq!(first.price, rupees("115"));
    let again = orders::place(&shop.core, &bina, PLAN).await.unwrap();
    assert_eq!((again.is_now(), again.into_inner().price), (false, rupees("115")), "the one that is open");
    assert_eq!(of(&shop, &bina, "solo").await.price, rupees("100"));
    // An order that ended unpaid gives it free, whoever ends it.
    orders::cancel(&shop.core, bina.user_id(), &first.code).await.unwrap();
    let second = of(&shop, &bina, PLAN).await;
    assert_eq!(second.price, rupees("115"));
    shop.advance(TimeDelta::minutes(31));
    let third = of(&shop, &bina, PLAN).await;
    assert_eq!((third.price, third.id == second.id), (rupees("115"), false), "its time was over, and no sweep had come by");
    paid(&shop, &bina, &third).await;
    shop.proof_is_empty().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_first_orders_at_once_one_has_the_gift() {
    let shop = Shop::with(&[("MELA_FRIEND__DISCOUNT", "20")]).await;
    second_plan(&shop).await;
    let asha = shop.arrive("Asha", None).await;
    for _ in 0..8 {
        let friend = shop.arrive("Friend", Some(&asha)).await;
        let orders = at_once(2, |n| {
            let (shop, friend) = (shop.clone(), friend.clone());
            async move { of(&shop, &friend, [PLAN, "solo"][n]).await }
        })
        .await;
        assert_eq!(orders.iter().filter(|order| order.friend_off.is_positive()).count(), 1);
    }
}

#[tokio::test]
async fn with_an_amount_of_its_own_and_without_stars() {
    let shop = Shop::with(&[("MELA_FRIEND__DISCOUNT", "10%"), ("MELA_UPI__UNIQUE_AMOUNT", "true")]).await;
    let (_, _, bina) = shop.chain().await;
    shop.run("UPDATE plan SET stars = 150").await;
    let order = of(&shop, &bina, PLAN).await;
    assert_eq!((order.friend_off, order.stars), (rupees("14"), None), "Stars know no gift");
    assert!(order.price < rupees("121") && order.price > rupees("120"), "{}", order.price);
    assert_eq!(order.price + order.discount, rupees("135"));
    paid(&shop, &bina, &order).await;
    assert_eq!(of(&shop, &bina, PLAN).await.stars, Some(150));
    shop.proof_is_empty().await;
}
