//! The catalogue: staff see, change and create products; customers find them.

use crate::world::World;
use mela_core::audit::Actor;
use mela_core::catalog::{self, Fields};

/// So many more plans on each of these platforms.
async fn stocked(world: &World, platforms: &[&str], each: usize) {
    let by = Actor { telegram_id: 900, name: "Meera".into() };
    for platform in platforms {
        for n in 1..=each {
            let fields = Fields {
                code: format!("{}-{n}-of-{each}", platform.to_lowercase()),
                title: format!("{platform} {n} months"),
                platform: (*platform).to_owned(),
                category: "Films".into(),
                price: "199".parse().unwrap(),
                ..Fields::default()
            };
            catalog::create(&world.core, &by, &fields).await.unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_product_is_created_in_the_chat_and_bought() {
    let world = World::new().await;
    let asha = world.joined(1, "Asha", None).await;
    world.owner.send("/products");
    world.admins.expect(&["Products", "Combo OTT Plan · ₹135", "New product"]).await;
    world.owner.press("New product");
    world.admins.expect(&["Meera", "Title", "1 to 80 characters"]).await;
    world.owner.send("Netflix <4K> 1 month");
    world.admins.expect(&["Price", "at most two decimals"]).await;
    for wrong in ["-1", "1,35.00.0", "NaN", "1e3", "0", "1.005", "1000000000000"] {
        world.owner.send(wrong);
        world.admins.expect(&[wrong, "cannot be the Price", "/cancel"]).await;
    }
    world.owner.send("₹1,35,000.50");
    world.admins.expect(&["Cost"]).await;
    world.owner.send("120");
    world.admins.expect(&["Period", "1 to 3650"]).await;
    world.owner.send("30");
    world
        .admins
        .expect(&["Created", "Netflix <4K> 1 month", "netflix-4k-1-month", "₹1,35,000.50", "₹120", "for sale", "Switch off"])
        .await;

    asha.send("/start plan_Netflix-4K-1-month");
    asha.expect(&["Netflix <4K> 1 month", "₹1,35,000.50", "30 days", "Screens: 1", "Buy now"]).await;
    world.owner.press("Preview");
    world.admins.expect(&["As customers see it", "Netflix <4K> 1 month", "In stock", "Back"]).await;
    world.owner.press("Back");
    world.admins.expect(&["Cost: ₹120"]).await;
    // The same title makes another product, with a code of its own.
    world.owner.press("New product");
    world.admins.expect(&["Title"]).await;
    for (answer, next) in [("Netflix 4K 1 month", "Price"), ("150", "Cost"), ("0", "Period"), ("365", "netflix-4k-1-month-2")] {
        world.owner.send(answer);
        world.admins.expect(&[next]).await;
    }
    assert_eq!(world.count("audit WHERE action = 'product.create'").await, 2);
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_field_is_changed_with_before_and_after_and_a_wrong_value_leaves_the_question_open() {
    let world = World::new().await;
    world.owner.send("/products");
    world.admins.expect(&["Products"]).await;
    world.owner.press("Combo OTT Plan");
    let card = world.admins.expect(&["combo-ott", "Price: ₹135", "Cost: ₹42", "by hand", "Category: –"]).await;
    for (button, wrong, answer, shown) in [
        ("Title", "", "Combo Plus", "Combo OTT Plan → Combo Plus"),
        ("Price", "1,35.00.0", "₹1,499.50", "135 → 1499.5"),
        ("Cost", "-1", "0", "42 → 0"),
        ("Period", "0", "365", "30 → 365"),
        ("Screens", "101", "4", "1 → 4"),
        ("Platform", &"x".repeat(41), "Netflix", "Combo → Netflix"),
        ("Category", &"x".repeat(41), "Films", "– → Films"),
        ("Delivery", "by post", "from_stock", "by_hand → from_stock"),
        ("Description", &"x".repeat(1_001), "-", "in one plan. → –"),
        ("Code", "Not This", "combo-plus", "combo-ott → combo-plus"),
        ("Code", "a|b", "combo-plus", "it is combo-plus already"),
    ] {
        world.owner.press_on(card.message_id, button);
        world.admins.expect(&["Meera, send the new value", button, "It is now"]).await;
        if !wrong.is_empty() {
            world.owner.send(wrong);
            world.admins.expect(&["cannot be the", button, "send it again"]).await;
        }
        world.owner.send(answer);
        world.admins.expect(&[shown, "Show product"]).await;
    }
    world.owner.press_on(card.message_id, "Price");
    world.admins.expect(&["It is now: 1499.5"]).await;
    world.owner.send("/cancel");
    world.admins.expect(&["left as it is"]).await;
    world.owner.send("7");
    world.owner.press("Show product");
    world
        .admins
        .expect(&["Combo Plus", "₹1,499.50", "365 days", "Screens: 4", "Netflix", "Films", "from stock", "Description: –"])
        .await;
    assert_eq!(world.count("audit WHERE action = 'product.change' AND subject LIKE 'combo-%'").await, 10);
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_switched_off_is_bought_by_no_old_button_and_an_order_keeps_its_price() {
    let world = World::new().await;
    let (asha, bala) = (world.joined(1, "Asha", None).await, world.joined(2, "Bala", None).await);
    asha.send("/start plan_combo-ott");
    let old = asha.expect(&["₹135", "Buy now"]).await;
    let order = world.order(&bala).await;
    world.owner.send("/products");
    world.admins.expect(&["🟢 Combo"]).await;
    world.owner.press("Combo OTT Plan");
    let card = world.admins.expect(&["for sale", "Switch off"]).await;
    world.owner.press("Price");
    world.admins.expect(&["It is now: 135"]).await;
    world.owner.send("500");
    world.admins.expect(&["135 → 500"]).await;
    world.owner.press_on(card.message_id, "Switch off");
    world.admins.expect(&["switched off", "Price: ₹500", "Switch on"]).await;
    world.owner.press_on(card.message_id, "Preview");
    world.admins.expect(&["it is switched off", "₹500"]).await;

    let press = asha.press_on(old.message_id, "Buy now");
    assert!(asha.alert(&press).await.unwrap().contains("not for sale any more"));
    asha.send("/start plan_combo-ott");
    asha.expect(&["not for sale any more"]).await;
    asha.send("/plans");
    asha.expect(&["Nothing is for sale"]).await;
    bala.send("632512345678");
    bala.expect(&["being checked"]).await;
    let proof = world.admins.expect(&[&order, "Amount: ₹135"]).await;
    world.owner.press_on(proof.message_id, "Approve");
    world.admins.expect(&["Approved"]).await;
    bala.expect(&["approved"]).await;
    // An old press that switches it off again changes nothing, nor is it written down.
    world.owner.press_data(card.message_id, "1|psw|1|false");
    world.admins.expect(&["switched off", "Switch on"]).await;
    world.owner.press_on(card.message_id, "Switch on");
    world.admins.expect(&["for sale"]).await;
    assert_eq!(world.count("audit WHERE action = 'product.change'").await, 3);
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn support_reads_the_catalogue_and_others_get_nothing_of_it() {
    let world = World::new().await;
    let asha = world.joined(1, "Asha", None).await;
    let guest = world.person(77, "Guest").in_group(&world.admins);
    guest.send("/products");
    world.admins.expect(&["Only the shop's staff"]).await;
    world.owner.send("/staff add 77 support Guest");
    world.admins.expect(&["support"]).await;
    guest.send("/products");
    world.admins.expect(&["Combo"]).await;
    guest.press("Combo OTT Plan");
    let card = world.admins.expect(&["Cost: ₹42"]).await;
    guest.press("Preview");
    world.admins.expect(&["As customers see it"]).await;
    for data in ["1|pe|1|1", "1|psw|1|false", "1|pn", "1|ia|1"] {
        let press = guest.press_data(card.message_id, data);
        assert!(guest.alert(&press).await.unwrap().contains("role"), "{data}");
    }
    guest.send("/import products");
    world.admins.expect(&["role does not allow"]).await;
    for (data, word) in [
        ("1|pd|99", "no such product"),
        ("1|pe|1|99", "older screen"),
        ("1|pe|1|x", "older screen"),
        ("1|ia|1", "waited too long"),
    ] {
        let press = world.owner.press_data(card.message_id, data);
        assert!(world.owner.alert(&press).await.unwrap().contains(word), "{data}");
    }
    // A customer with a forged button, in private.
    asha.send("/plans");
    let plans = asha.expect(&["Combo"]).await;
    let press = asha.press_data(plans.message_id, "1|psw|1|false");
    assert!(asha.alert(&press).await.unwrap().contains("staff"));
    assert_eq!(world.count("audit WHERE action LIKE 'refused.%'").await, 7);
    assert_eq!(world.count("audit WHERE action LIKE 'product.%'").await, 0);
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_plans_are_found_by_platform_and_by_a_word() {
    let world = World::new().await;
    let asha = world.joined(1, "Asha", None).await;
    stocked(&world, &["Netflix"], 7).await;
    asha.send("/plans");
    asha.expect(&["Combo OTT Plan", "Netflix 7 months"]).await;
    stocked(&world, &["Prime", "Zee", "Sony", "Hotstar", "Aha", "Hoichoi", "Mubi", "SonyLIV"], 1).await;
    stocked(&world, &["netflix"], 10).await;
    asha.send("/plans");
    let first = asha.expect(&["Choose a platform", "Aha (1)", "Combo (1)", "etflix (17)", "Next"]).await;
    asha.press("Next");
    let second = asha.expect(&["SonyLIV (1)", "Zee (1)", "Previous", "Back to Home"]).await;
    assert_eq!(first.message_id, second.message_id, "one screen, one message");
    asha.press("Previous");
    asha.expect(&["Aha (1)"]).await;
    asha.press("etflix (17)");
    asha.expect(&["Netflix 1 months · ₹199", "Next", "Back"]).await;
    asha.press("Next");
    asha.expect(&["months", "Previous"]).await;
    asha.press("Previous");
    asha.expect(&["Netflix 3 months"]).await;
    asha.press("Netflix 3 months");
    asha.expect(&["Price: ₹199", "Period: 30 days", "Screens: 1", "Buy now"]).await;
    asha.press("Back");
    asha.expect(&["Netflix 1 months"]).await;
    asha.press("Back");
    asha.expect(&["Choose a platform"]).await;
    asha.send("/plans SONY films");
    asha.expect(&["Sony 1 months", "SonyLIV 1 months"]).await;
    asha.send("/plans n<t");
    asha.expect(&["No plan has “n<t”"]).await;
    world.owner.send("/products");
    world.admins.expect(&["Aha 1 months", "Netflix 10 months", "Next"]).await;
    world.owner.press("Next");
    world.admins.expect(&["Netflix 2 months", "Previous", "Next"]).await;
    world.ends_well().await;
}
