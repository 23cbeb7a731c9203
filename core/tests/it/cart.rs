//! Several things in one payment: quantities, prices by number and time, what each unit becomes.

use super::shop::{PLAN, Shop, admin, rupees};
use super::together::at_once;
use chrono::{DateTime, TimeDelta, Utc};
use mela_core::cart::{self, CartError};
use mela_core::catalog::{self, NewPrice};
use mela_core::credentials::{self, Account, Secret};
use mela_core::db::Applied;
use mela_core::orders::{self, Order, OrderState};
use mela_core::refunds::To;
use mela_core::users::User;

/// A shop with a second plan, `solo`: ₹100, cost ₹60.
async fn two_plans(environment: &[(&str, &str)]) -> Shop {
    let shop = Shop::with(environment).await;
    shop.run("INSERT INTO plan (code, title, period_days, price, cost) VALUES ('solo', 'Solo', 10, 100, 60)").await;
    shop
}

pub(super) async fn put(shop: &Shop, person: &User, plan: &str, quantity: i16) {
    cart::put(&shop.core, person.user_id(), plan, quantity).await.unwrap();
}

pub(super) async fn check_out(shop: &Shop, person: &User) -> Order {
    let placed = cart::check_out(&shop.core, person, false).await.unwrap();
    assert!(placed.is_now());
    placed.into_inner()
}

pub(super) async fn pay(shop: &Shop, person: &User, order: &Order) -> Order {
    let payment = shop.prove(person, order, &shop.utr()).await.unwrap().into_inner();
    assert!(shop.approve(&payment).await.is_now());
    orders::get(shop.core.db(), order.id).await.unwrap()
}

#[tokio::test]
async fn three_things_are_paid_at_once_and_each_has_its_own_time() {
    let shop = two_plans(&[]).await;
    let (_, _, bina) = shop.chain().await;
    put(&shop, &bina, PLAN, 2).await;
    put(&shop, &bina, "solo", 1).await;
    put(&shop, &bina, "solo", 1).await;
    let cart = cart::get(&shop.core, bina.user_id()).await.unwrap();
    assert_eq!((cart.items.len(), cart.total(), cart.to_pay()), (2, rupees("370"), rupees("370")));

    let order = check_out(&shop, &bina).await;
    assert_eq!((order.title.as_str(), order.price, order.cost), ("Combo OTT Plan × 2, Solo", rupees("370"), rupees("144")));
    assert!(cart::get(&shop.core, bina.user_id()).await.unwrap().items.is_empty(), "it is an order now");
    pay(&shop, &bina, &order).await;
    // 30 % and 10 % of a profit of 226.
    let wanted = [
        "upi_clearing: 370",
        "sales: -370",
        "cost_of_sales: 144",
        "commission: 91",
        "supplier: -144",
        "Ravi held: -23",
        "Asha held: -68",
    ];
    assert_eq!(shop.entries(&format!("order:{}:paid", order.id)).await, wanted);
    let lasts = "SELECT p.code || ' ' || (s.ends_at - s.starts_at) FROM subscription s JOIN plan p ON p.id = s.plan_id ORDER BY s.item";
    assert_eq!(shop.column(lasts).await, ["combo-ott 30 days", "combo-ott 30 days", "solo 10 days"]);

    let items = orders::items(shop.core.db(), order.id).await.unwrap();
    let rows: Vec<_> = orders::rows(&items).into_iter().map(|row| (row.quantity, row.title, row.total)).collect();
    assert_eq!(rows, [(2, "Combo OTT Plan".to_owned(), rupees("270")), (1, "Solo".to_owned(), rupees("100"))]);
    shop.proof_is_empty().await;

    shop.refund(&order, "370", &To::Wallet).await.unwrap();
    assert_eq!(shop.count("SELECT count(*) FROM subscription WHERE ended_at IS NOT NULL").await, 3);
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn the_checkout_pressed_on_two_phones_is_one_order() {
    let shop = two_plans(&[]).await;
    let (_, _, bina) = shop.chain().await;
    put(&shop, &bina, PLAN, 1).await;
    let placed = at_once(8, |_| {
        let (shop, bina) = (shop.clone(), bina.clone());
        async move { cart::check_out(&shop.core, &bina, false).await.unwrap() }
    })
    .await;
    assert_eq!(placed.iter().filter(|placed| placed.is_now()).count(), 1);
    assert_eq!(shop.count("SELECT count(*) FROM orders").await, 1);
    // Paid, an empty cart is an empty cart.
    let order = placed.into_iter().next().map(Applied::into_inner).unwrap();
    pay(&shop, &bina, &order).await;
    assert!(matches!(cart::check_out(&shop.core, &bina, false).await, Err(CartError::Empty)));
    // Another cart is another order, however alike.
    put(&shop, &bina, PLAN, 1).await;
    assert_ne!(check_out(&shop, &bina).await.id, order.id);
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn a_cart_takes_twenty_and_nothing_that_is_not_for_sale() {
    let shop = two_plans(&[]).await;
    let (_, asha, bina) = shop.chain().await;
    put(&shop, &bina, PLAN, 19).await;
    put(&shop, &bina, "solo", 1).await;
    for (plan, quantity) in [(PLAN, 20), ("solo", 2), (PLAN, i16::MAX)] {
        assert!(matches!(cart::put(&shop.core, bina.user_id(), plan, quantity).await, Err(CartError::Full)), "{plan} {quantity}");
    }
    assert!(matches!(cart::put(&shop.core, bina.user_id(), "no-such", 1).await, Err(CartError::NotForSale(_))));
    put(&shop, &bina, PLAN, -3).await;
    assert_eq!(cart::get(&shop.core, bina.user_id()).await.unwrap().items.len(), 1);
    cart::add(&shop.core, bina.user_id(), "solo").await.unwrap();
    cart::add(&shop.core, bina.user_id(), PLAN).await.unwrap();
    let cart = cart::get(&shop.core, bina.user_id()).await.unwrap();
    assert_eq!(cart.items.iter().map(|item| item.quantity).collect::<Vec<_>>(), [1, 1], "what is there already stays as it is");

    shop.run("UPDATE plan SET active = false WHERE code = 'solo'").await;
    assert!(matches!(cart::check_out(&shop.core, &bina, false).await, Err(CartError::NotForSale(title)) if title == "Solo"));
    assert_eq!(shop.count("SELECT count(*) FROM orders").await, 0);
    put(&shop, &bina, "solo", 0).await;
    check_out(&shop, &bina).await;
    assert!(cart::get(&shop.core, asha.user_id()).await.unwrap().items.is_empty(), "nobody sees another's cart");
    cart::empty(&shop.core, asha.user_id()).await.unwrap();
}

fn at(text: &str) -> Option<DateTime<Utc>> {
    Some(text.parse().unwrap())
}

#[tokio::test]
async fn the_lowest_price_that_holds_is_taken_and_an_order_keeps_it() {
    let shop = two_plans(&[]).await;
    let (_, _, bina) = shop.chain().await;
    let plan = catalog::by_code(shop.core.db(), PLAN).await.unwrap().unwrap();
    let add = async |price: &str, least, from_at, until_at| {
        catalog::add_price(&shop.core, &plan, &NewPrice { price: rupees(price), least, from_at, until_at }, &admin("Meera"))
            .await
            .unwrap();
    };
    add("125", 3, None, None).await;
    add("125", 3, None, None).await;
    add("150", 2, None, None).await;
    add("99", 1, at("2026-11-22T00:00:00Z"), at("2026-11-23T00:00:00Z")).await;
    assert_eq!(catalog::prices(shop.core.db(), &[plan.id]).await.unwrap().len(), 3, "the same again is nothing");

    let of = async |quantity| catalog::price_of(shop.core.db(), &plan, quantity, shop.core.now()).await.unwrap().to_string();
    assert_eq!(
        [of(1).await, of(2).await, of(3).await, of(20).await],
        ["₹135", "₹135", "₹125", "₹125"],
        "a higher price beside never counts"
    );
    let offer = catalog::offer(shop.core.db(), &plan, shop.core.now()).await.unwrap();
    assert_eq!((offer.price, offer.until, offer.tiers), (rupees("135"), None, vec![(3, rupees("125"))]));
    put(&shop, &bina, PLAN, 3).await;
    let early = check_out(&shop, &bina).await;
    assert_eq!(early.price, rupees("375"));

    shop.advance(TimeDelta::hours(18));
    assert_eq!([of(1).await, of(3).await], ["₹99", "₹99"]);
    let offer = catalog::offer(shop.core.db(), &plan, shop.core.now()).await.unwrap();
    assert_eq!((offer.price, offer.until, offer.tiers), (rupees("99"), at("2026-11-23T00:00:00Z"), vec![]));
    let cheap = shop.order(&bina).await;
    assert_eq!((cheap.price, orders::get(shop.core.db(), early.id).await.unwrap().price), (rupees("99"), rupees("375")));
    shop.advance(TimeDelta::hours(24));
    assert_eq!(of(1).await, "₹135", "over at the moment itself");
    let sold = pay(&shop, &bina, &cheap).await;
    assert_eq!(shop.entries(&format!("order:{}:paid", sold.id)).await[..2], ["upi_clearing: 99", "sales: -99"]);

    let [tier, ..] = &catalog::prices(shop.core.db(), &[plan.id]).await.unwrap()[..] else {
        panic!("there are prices")
    };
    for _ in 0..2 {
        catalog::remove_price(&shop.core, tier.id, &admin("Meera")).await.unwrap();
    }
    assert_eq!(shop.count("SELECT count(*) FROM audit WHERE action LIKE 'product.price%'").await, 4);
    shop.proof_is_empty().await;
}

fn accounts(name: &str, count: usize) -> Vec<Account> {
    let secret = |n| Secret { login: format!("{name}{n}"), password: "Sesame".into(), profile: String::new(), pin: String::new() };
    (0..count).map(|n| Account { secret: secret(n), slots: 1, expires_on: None }).collect()
}

#[tokio::test]
async fn what_is_in_stock_is_given_at_once_and_the_rest_as_it_comes() {
    let shop = two_plans(&[("MELA_CREDENTIALS__KEY", &"a1".repeat(32))]).await;
    shop.run("UPDATE plan SET delivery = 'from_stock' WHERE code = 'combo-ott'").await;
    let plan = catalog::by_code(shop.core.db(), PLAN).await.unwrap().unwrap();
    credentials::load(&shop.core, &plan, &accounts("first", 3), &admin("Meera")).await.unwrap();
    let (_, _, bina) = shop.chain().await;
    put(&shop, &bina, PLAN, 5).await;
    put(&shop, &bina, "solo", 1).await;
    let order = check_out(&shop, &bina).await;
    let order = pay(&shop, &bina, &order).await;
    assert_eq!(order.state, OrderState::AwaitingStock);
    let logins = async |page| {
        let shown = credentials::reveal(&shop.core, &order, page).await.unwrap();
        (shown.credentials.into_iter().map(|one| one.secret.login).collect::<Vec<_>>(), shown.next)
    };
    assert_eq!(logins(0).await, (vec!["first0".into(), "first1".into(), "first2".into()], None), "what there is");
    assert_eq!(credentials::shelves(shop.core.db()).await.unwrap()[0].waiting, 2);

    credentials::load(&shop.core, &plan, &accounts("second", 4), &admin("Meera")).await.unwrap();
    let served = at_once(4, |_| {
        let core = shop.core.clone();
        async move { credentials::serve_waiting(&core, 10).await.unwrap() }
    })
    .await;
    assert_eq!(served.into_iter().sum::<usize>(), 1);
    assert_eq!(logins(0).await.1, Some(1), "four at a time");
    assert_eq!(logins(1).await, (vec!["second1".into()], None));
    let waits = orders::get(shop.core.db(), order.id).await.unwrap();
    assert_eq!(waits.state, OrderState::Paid, "what is delivered by hand is still to come");
    assert_eq!(shop.count("SELECT count(*) FROM slot WHERE order_id IS NULL").await, 2);
    orders::deliver(&shop.core, order.id, &admin("Meera")).await.unwrap();
    assert_eq!(shop.count("SELECT count(*) FROM order_item WHERE delivered_at IS NULL").await, 0);

    shop.refund(&order, "775", &To::Wallet).await.unwrap();
    assert_eq!(shop.count("SELECT count(*) FROM slot WHERE retired_at IS NOT NULL").await, 5);
    assert!(
        credentials::reveal(&shop.core, &orders::get(shop.core.db(), order.id).await.unwrap(), 0).await.is_err(),
        "given back, nothing is shown"
    );
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn the_last_slots_are_shared_by_two_carts_without_one_twice() {
    let shop = two_plans(&[("MELA_CREDENTIALS__KEY", &"a1".repeat(32))]).await;
    shop.run("UPDATE plan SET delivery = 'from_stock' WHERE code = 'combo-ott'").await;
    let plan = catalog::by_code(shop.core.db(), PLAN).await.unwrap().unwrap();
    credentials::load(&shop.core, &plan, &accounts("first", 10), &admin("Meera")).await.unwrap();
    let (_, asha, bina) = shop.chain().await;
    let mut payments = Vec::new();
    for person in [&asha, &bina, &asha, &bina] {
        put(&shop, person, PLAN, 3).await;
        let order = check_out(&shop, person).await;
        payments.push(shop.prove(person, &order, &shop.utr()).await.unwrap().into_inner());
    }
    at_once(4, |n| {
        let (shop, payment) = (shop.clone(), payments[n].clone());
        async move { shop.approve(&payment).await }
    })
    .await;
    assert_eq!(shop.count("SELECT count(DISTINCT slot_id) FROM order_item WHERE slot_id IS NOT NULL").await, 10);
    assert_eq!(shop.count("SELECT count(*) FROM order_item WHERE slot_id IS NULL").await, 2, "they wait");
    assert_eq!(shop.count("SELECT count(*) FROM order_item i JOIN slot s ON s.id = i.slot_id WHERE s.order_id <> i.order_id").await, 0);
    assert_eq!(shop.count("SELECT count(*) FROM subscription").await, 12);
    shop.proof_is_empty().await;
}
