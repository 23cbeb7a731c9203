//! The cart, coupons and prices, as people press them.

use crate::world::{World, quoted};

async fn second_plan(world: &World) {
    world.sql("INSERT INTO plan (code, title, period_days, price, cost) VALUES ('solo', 'Solo Plan', 30, 99.50, 40)").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn several_plans_are_gathered_and_paid_at_once_with_a_coupon() {
    let world = World::new().await;
    second_plan(&world).await;
    let asha = world.joined(1, "Asha", None).await;
    let link = world.link(&asha).await;
    let bina = world.joined(2, "Bina", Some(&link)).await;
    asha.expect(&["joined"]).await;
    world.owner.send("/coupon diwali 20% plans combo-ott each 1");
    world.admins.expect(&["DIWALI", "20 % off", "Off", "For: Combo OTT Plan", "One person: 1", "Switch on"]).await;
    world.owner.press("Switch on");
    world.admins.expect(&["DIWALI", "On. 0 orders", "Switch off"]).await;

    bina.send("/cart");
    bina.expect(&["empty", "Plans"]).await;
    bina.send("/start plan_combo-ott");
    bina.expect(&["Buy now", "Add to cart", "Cart"]).await;
    bina.press("Add to cart");
    bina.expect(&["Combo OTT Plan: 1 × ₹135 = ₹135", "To pay: ₹135", "Checkout · ₹135", "Apply coupon", "Empty cart"]).await;
    bina.press("➕");
    bina.expect(&["2 × ₹135 = ₹270", "To pay: ₹270"]).await;
    bina.send("/start plan_solo");
    bina.expect(&["Solo Plan", "₹99.50"]).await;
    bina.press("Add to cart");
    bina.expect(&["Solo Plan: 1 × ₹99.50", "To pay: ₹369.50"]).await;
    bina.press("Apply coupon");
    bina.expect(&["coupon's code", "Back"]).await;
    bina.send("holi");
    bina.expect(&["no such coupon", "send it again"]).await;
    bina.send("Diwali");
    bina.expect(&["Coupon DIWALI: −₹54", "To pay: ₹315.50", "Remove coupon"]).await;
    bina.press("Checkout");
    let order = quoted(&bina.expect(&["O-", "₹315.50", "I have paid", "Copy UPI ID"]).await, "O-");
    bina.send("632145678901");
    bina.expect(&["being checked"]).await;
    let card = world.admins.expect(&[&order, "₹315.50", "Combo OTT Plan × 2, Solo Plan", "Approve"]).await;
    world.owner.press_on(card.message_id, "Approve");
    world.admins.expect(&["Approved by Meera"]).await;
    bina.expect(&[&order, "approved"]).await;
    // 30 % of 315.50 - 124.
    asha.expect(&["₹57"]).await;
    bina.send("/orders");
    bina.expect(&["My orders", &order]).await;
    bina.press(&order);
    bina.expect(&["2 × Combo OTT Plan: ₹270", "1 × Solo Plan: ₹99.50", "Coupon: −₹54", "₹315.50"]).await;
    world.owner.send("/coupon DIWALI");
    world.admins.expect(&["On. 1 order has it"]).await;
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn quantities_go_down_to_nothing_and_old_buttons_mean_what_they_show() {
    let world = World::new().await;
    let bina = world.joined(2, "Bina", None).await;
    bina.send("/start plan_combo-ott");
    bina.expect(&["Add to cart"]).await;
    bina.press("Add to cart");
    let cart = bina.expect(&["1 × ₹135"]).await;
    for quantity in 2..=20 {
        bina.press("➕");
        bina.expect(&[&format!("{quantity} × ₹135")]).await;
    }
    said(bina.alert(&bina.press("➕")).await, "at most 20");
    bina.press("Empty cart");
    bina.expect(&["empty"]).await;
    bina.send("/start plan_combo-ott");
    bina.expect(&["Add to cart"]).await;
    bina.press("Add to cart");
    bina.expect(&["1 × ₹135"]).await;
    bina.press("➖");
    bina.expect(&["empty"]).await;
    said(bina.alert(&bina.press_data(cart.message_id, "1|cbuy")).await, "cart is empty");
    world.sql("UPDATE plan SET active = false").await;
    said(bina.alert(&bina.press_data(cart.message_id, "1|cadd|combo-ott")).await, "not for sale");
    bina.press_data(cart.message_id, "1|cput|combo-ott|-5");
    assert_eq!(world.count("cart_item").await, 0);
    said(bina.alert(&bina.press_data(cart.message_id, "1|cput|combo-ott|99999")).await, "older screen");
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_coupon_that_ran_out_meanwhile_is_said_before_anything_is_to_be_paid() {
    let world = World::new().await;
    let bina = world.joined(2, "Bina", None).await;
    world.owner.send("/coupon once 50 total 1");
    world.admins.expect(&["ONCE", "₹50 off", "In all: 1"]).await;
    world.owner.press("Switch on");
    world.admins.expect(&["On."]).await;
    bina.send("/start plan_combo-ott");
    bina.expect(&["Add to cart"]).await;
    bina.press("Add to cart");
    bina.expect(&["1 × ₹135"]).await;
    bina.press("Apply coupon");
    bina.expect(&["code"]).await;
    bina.send("ONCE");
    bina.expect(&["To pay: ₹85"]).await;
    world.owner.send("/coupon ONCE");
    world.admins.expect(&["Switch off"]).await;
    world.owner.press("Switch off");
    world.admins.expect(&["Off: nobody can use it"]).await;
    bina.press("Checkout");
    bina.expect(&["no such coupon", "look at the sum once more", "To pay: ₹135"]).await;
    assert_eq!(world.count("orders").await, 0);
    bina.press("Checkout");
    bina.expect(&["₹135", "I have paid"]).await;
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_are_told_what_sells_below_cost_and_what_they_mistyped() {
    let world = World::new().await;
    for (line, answer) in [
        ("/coupon", "no coupons yet"),
        ("/coupon x 20%", "3 to 32 letters"),
        ("/coupon SALE", "makes one"),
        ("/coupon SALE 120%", "“120%”"),
        ("/coupon SALE 20% plans netflix", "no product netflix"),
        ("/coupon SALE 20% until 2026-02-30", "“until 2026-02-30”"),
        ("/coupon SALE 20% each zero", "“each zero”"),
        ("/coupon SALE 20% for all", "“for”"),
    ] {
        world.owner.send(line);
        world.admins.expect(&[answer]).await;
    }
    assert_eq!(world.count("coupon").await, 0);
    world.owner.send("/coupon SALE 90%");
    world
        .admins
        .expect(&["Sells Combo OTT Plan for ₹13, below its cost of ₹42", "no commission", "Switch on, below cost"])
        .await;
    world.owner.press("Switch on, below cost");
    world.admins.expect(&["On. 0 orders"]).await;
    world.owner.send("/coupon SALE 10%");
    world.admins.expect(&["in use before"]).await;
    world.owner.send("/coupon");
    world.admins.expect(&["Coupons", "SALE · 90 % · 0 used"]).await;
    // Support sees coupons and makes none.
    world.owner.send("/staff add 950 support Sita");
    world.admins.expect(&["Sita"]).await;
    let sita = world.person(950, "Sita").in_group(&world.admins);
    sita.send("/coupon SALE");
    world.admins.expect(&["90 % off"]).await;
    sita.send("/coupon OTHER 10%");
    world.admins.expect(&["does not allow"]).await;
    said(sita.alert(&sita.press("Switch off")).await, "does not allow");
    assert_eq!(world.count("coupon WHERE active").await, 1);
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_price_for_many_and_one_for_a_time_are_shown_and_taken() {
    let world = World::new().await;
    let bina = world.joined(2, "Bina", None).await;
    world.owner.send("/products");
    world.admins.expect(&["Products"]).await;
    world.owner.press("Combo OTT Plan");
    world.admins.expect(&["Price: ₹135", "Prices"]).await;
    world.owner.press("Prices");
    world.admins.expect(&["Combo OTT Plan costs ₹135", "There are none", "Add a price"]).await;
    for (line, answer) in [
        ("125 least 2", "₹125 each, from 2 in one order"),
        ("99 until 2026-11-21", "₹99 each, from 1 in one order until 22 Nov 2026, 00:00 IST"),
    ] {
        world.owner.press("Add a price");
        world.admins.expect(&["Meera", "125 least 3"]).await;
        world.owner.send("cheap");
        world.admins.expect(&["do not understand “cheap”"]).await;
        world.owner.send(line);
        world.admins.expect(&[answer, "Remove 1"]).await;
    }
    bina.send("/start plan_combo-ott");
    bina.expect(&["Price: ₹99", "Offer until 22 Nov 2026, 00:00 IST, instead of ₹135", "Buy now · ₹99"]).await;
    world.owner.press("Remove 1");
    world.admins.expect(&["1. ₹125"]).await;
    bina.send("/start plan_combo-ott");
    bina.expect(&["Price: ₹135", "₹125 each from 2 on"]).await;
    bina.press("Add to cart");
    bina.expect(&["To pay: ₹135"]).await;
    bina.press("➕");
    bina.expect(&["2 × ₹125 = ₹250"]).await;
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wallet_that_covers_an_order_pays_it_in_one_press() {
    let world = World::new().await;
    let (asha, bina) = (world.joined(1, "Asha", None).await, world.joined(2, "Bina", None).await);
    world.earn(&asha, 5).await;
    bina.send("/start plan_combo-ott");
    bina.expect(&["Buy now"]).await;
    bina.press("Buy now");
    let poor = bina.expect(&["I have paid"]).await;
    assert!(!poor.to_string().contains("from wallet"), "{poor}");
    asha.send("/start plan_combo-ott");
    asha.expect(&["Buy now"]).await;
    asha.press("Buy now");
    let screen = asha.expect(&["I have paid", "Pay from wallet · ₹135"]).await;
    asha.press("Pay from wallet · ₹135");
    // The screen is edited and the notice comes, in either order.
    let (first, second) = (asha.next().await.to_string(), asha.next().await.to_string());
    assert!(
        [&first, &second].iter().any(|seen| seen.contains("paid, being prepared")) && [&first, &second].iter().any(|seen| seen.contains("approved")),
        "{first}\n{second}"
    );
    let card = world.admins.expect(&[&quoted(&screen, "O-"), "Asha", "from the wallet", "To be delivered by hand", "Deliver"]).await;
    assert!(!card.to_string().contains("Approved by Asha"), "{card}");
    asha.send("/start");
    let home = asha.expect(&["Plans"]).await;
    asha.press_data(home.message_id, &pay(&quoted(&screen, "O-")));
    asha.expect(&["paid, being prepared"]).await;
    said(bina.alert(&bina.press_data(poor.message_id, &pay(&quoted(&screen, "O-")))).await, "No such order");
    said(bina.alert(&bina.press_data(poor.message_id, &pay(&quoted(&poor, "O-")))).await, "does not cover");
    asha.send("/wallet");
    asha.expect(&["To spend: ₹5"]).await;
    world.ends_well().await;
}

fn said(alert: Option<String>, wanted: &str) {
    let alert = alert.unwrap_or_default();
    assert!(alert.contains(wanted), "{alert}");
}

fn pay(order: &str) -> String {
    format!("1|paw|{}", order.trim_start_matches("O-"))
}
