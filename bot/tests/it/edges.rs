//! Ordering and paying: the edges that decide whether it is real.

use crate::world::World;
use chrono::TimeDelta;

#[tokio::test(flavor = "multi_thread")]
async fn buy_now_again_shows_the_open_order() {
    let world = World::new().await;
    let asha = world.joined(1, "Asha", None).await;
    let first = world.order(&asha).await;
    asha.send("/plans");
    asha.expect(&["Combo OTT Plan"]).await;
    asha.press("Combo OTT Plan");
    asha.expect(&["Buy now"]).await;
    asha.press("Buy now");
    asha.expect(&[&first, "open already"]).await;
    assert_eq!(world.count("orders").await, 1);
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_and_reused_utrs_are_refused_with_the_reason() {
    let world = World::new().await;
    let asha = world.joined(1, "Asha", None).await;
    let bala = world.joined(2, "Bala", None).await;
    let (first, _) = world.pay(&asha, "632512345678").await;
    let second = world.order(&bala).await;
    bala.press("I have paid");
    bala.expect(&["UTR", &second]).await;
    for wrong in ["12345", "63251234567a", "pay", "1e9", "६३२५१२३४५६७८"] {
        bala.send(wrong);
        bala.expect(&["exactly 12 digits"]).await;
    }
    bala.send_sticker();
    bala.expect(&["as a photo, or type"]).await;
    bala.send("6325-1234 5678");
    bala.expect(&["already used"]).await;
    world.admins.expect(&["632512345678", &first, &second]).await;
    assert_eq!(world.count("payment").await, 1);
    // The question is still open.
    bala.send("632512345679");
    bala.expect(&["being checked"]).await;
    world.admins.expect(&[&second, "632512345679"]).await;
    bala.send("hello");
    bala.expect(&["did not expect"]).await;
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_with_a_proof_neither_expires_nor_can_be_cancelled() {
    let world = World::new().await;
    let asha = world.joined(1, "Asha", None).await;
    let order = world.order(&asha).await;
    let screen = asha.chat().into_iter().rev().find(|m| m.photo).unwrap();
    asha.send("632512345678");
    asha.expect(&["being checked"]).await;
    world.admins.expect(&[&order]).await;
    let query = asha.press_on(screen.message_id, "Cancel order");
    assert!(asha.alert(&query).await.unwrap().contains("being checked"));
    world.advance(TimeDelta::hours(2));
    asha.quiet(2_500).await;
    assert_eq!(world.count("orders WHERE state = 'in_review'").await, 1);
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unpaid_order_expires_and_a_late_proof_is_taken_as_late() {
    let world = World::new().await;
    let asha = world.joined(1, "Asha", None).await;
    let order = world.order(&asha).await;
    world.advance(TimeDelta::minutes(31));
    asha.expect(&[&order, "expired"]).await;
    asha.press("I have paid");
    asha.expect(&["UTR"]).await;
    asha.send_photo(&picture(), None);
    asha.expect(&["being checked", "time for"]).await;
    let card = world.admins.expect(&[&order, "Late", "screenshot"]).await;
    assert!(card.photo);
    world.owner.press_on(card.message_id, "Approve");
    world.admins.expect(&["Approved"]).await;
    asha.expect(&["approved"]).await;
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_several_orders_open_the_bot_asks_which() {
    let world = World::new().await;
    world.sql("INSERT INTO plan (code, title, period_days, price, cost) VALUES ('solo', 'Solo Plan', 30, 99.50, 40)").await;
    let asha = world.joined(1, "Asha", None).await;
    let combo = world.order(&asha).await;
    asha.send("/start plan_solo");
    asha.expect(&["Solo Plan", "₹99.50"]).await;
    asha.press("Buy now");
    asha.expect(&["₹99.50"]).await;
    asha.send("632512345678");
    asha.expect(&["Which order", "Solo Plan", "Combo OTT Plan"]).await;
    asha.press("Combo OTT Plan");
    asha.expect(&[&combo, "being checked"]).await;
    world.admins.expect(&[&combo, "₹135"]).await;
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn old_foreign_forged_and_staff_buttons_change_nothing() {
    let world = World::new().await;
    let asha = world.joined(1, "Asha", None).await;
    let bala = world.joined(2, "Bala", None).await;
    let (order, _) = world.pay(&asha, "632512345678").await;
    let code = order.trim_start_matches("O-");
    let home = bala.chat().into_iter().rev().find(|m| m.from_bot).unwrap().message_id;
    for data in [
        "",
        "0|home",
        "1|nope",
        "x",
        "1|wdok|1",
        &format!("1|drop|{code}"),
        &format!("1|order|{code}"),
        &format!("1|paid|{code}"),
        "1|pa|1",
        "1|wa|1",
        "1|dl|1",
        "1|proof|ZZZZZZZZ",
        "1|wdall",
    ] {
        let query = bala.press_data(home, data);
        assert!(bala.alert(&query).await.is_some_and(|text| !text.is_empty()), "{data}");
    }
    bala.quiet(300).await;
    assert_eq!(world.count("payment WHERE state = 'submitted'").await, 1);
    assert_eq!(world.count("audit WHERE action = 'refused.not-staff' AND actor_id = 2").await, 3);
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_actions_at_once_are_all_served_in_order() {
    let world = World::new().await;
    let asha = world.joined(1, "Asha", None).await;
    for n in 0..60 {
        asha.send(if n % 2 == 0 { "/wallet" } else { "/help" });
    }
    for n in 0..60 {
        asha.expect(&[if n % 2 == 0 { "To spend" } else { "What I can do" }]).await;
    }
    world.ends_well().await;
}

pub(crate) fn picture() -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(90, 160, image::Rgb([91, 33, 182])).write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}
