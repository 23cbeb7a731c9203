//! Pictures of plans, their order, categories, and being told when one is back.

use crate::world::{OWNER, World};
use mela_core::audit::Actor;
use mela_core::catalog::{self, Fields, Picture};
use mela_core::credentials::{self, Account, Secret};
use mela_sandbox::Seen;

/// Two PNGs of 40 by 40 points; only their headers are ever read.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x28\0\0\0\x28\x08\0\0\0\0";
const OTHER: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x29\0\0\0\x28\x08\0\0\0\0";

fn meera() -> Actor {
    Actor { telegram_id: OWNER, name: "Meera".into() }
}

async fn plan(world: &World, code: &str, title: &str, platform: &str, category: &str) -> i64 {
    let fields = Fields {
        code: code.into(),
        title: title.into(),
        platform: platform.into(),
        category: category.into(),
        price: "199".parse().unwrap(),
        ..Fields::default()
    };
    catalog::create(&world.core, &meera(), &fields).await.unwrap().into_inner().id
}

/// Opens a product in the admin chat.
async fn product(world: &World, title: &str) -> Seen {
    world.owner.send("/products");
    world.admins.expect(&["Products"]).await;
    world.owner.press(title);
    world.admins.expect(&[title, "Cost:", "Picture"]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_gets_a_picture_and_customers_see_it_in_one_message() {
    let world = World::new().await;
    let asha = world.joined(1, "Asha", None).await;
    let card = product(&world, "Combo OTT Plan").await;
    assert!(card.text.contains("Picture: none"));
    world.owner.press("Picture");
    let asked = world.admins.expect(&["Meera, send the picture of Combo OTT Plan as a photo"]).await;
    assert!(asked.button("Remove").is_none(), "there is none to remove");
    // A file and words are not a photo; the question stays open.
    world.owner.send_document("picture.png", PNG, None);
    world.admins.expect(&["not a photo", "/cancel"]).await;
    world.owner.send("https://example.com/picture.png");
    world.admins.expect(&["not a photo"]).await;
    world.owner.send_photo(PNG, Some("with words"));
    world.admins.expect(&["has a new picture", "Show product", "Preview"]).await;
    world.owner.send_photo(OTHER, None);
    world.owner.press("Preview");
    let preview = world.admins.expect(&["As customers see it", "Combo OTT Plan", "In stock"]).await;
    assert_eq!(preview.photo_bytes().as_deref(), Some(PNG), "the photo that nobody asked for was other talk");
    world.owner.press("Back");
    assert!(!world.admins.expect(&["Picture: yes"]).await.photo);

    // From the list to the plan, to the payment with its QR, and back.
    asha.send("/plans");
    asha.expect(&["Choose one"]).await;
    asha.press("Combo OTT Plan");
    let shown = asha.expect(&["Combo OTT Plan", "₹135", "Buy now"]).await;
    assert_eq!(shown.photo_bytes().as_deref(), Some(PNG));
    asha.press("Buy now");
    let payment = asha.expect(&["O-", "Time left", "I have paid"]).await;
    assert_eq!(payment.message_id, shown.message_id, "a photo becomes a photo in place");
    assert_ne!(payment.photo_bytes().as_deref(), Some(PNG), "what is to be scanned is the payment's code");
    asha.press("Cancel order");
    assert!(!asha.expect(&["is cancelled"]).await.photo);
    asha.press("Home");
    asha.expect(&["Hello Asha"]).await;
    asha.press("Plans");
    let list = asha.expect(&["Choose one"]).await;
    let press = asha.press("Combo OTT Plan");
    assert_ne!(asha.expect(&["Buy now"]).await.message_id, list.message_id);
    asha.alert(&press).await;
    assert!(!asha.chat().iter().any(|seen| seen.message_id == list.message_id), "words become a photo, not a second message");
    asha.press("Back");
    assert!(!asha.expect(&["Choose one"]).await.photo);

    // Another one, and none.
    world.owner.press_on(card.message_id, "Picture");
    world.admins.expect(&["send the picture", "Remove picture"]).await;
    world.owner.send_photo(OTHER, None);
    world.admins.expect(&["has a new picture"]).await;
    asha.press("Combo OTT Plan");
    assert_eq!(asha.expect(&["Buy now"]).await.photo_bytes().as_deref(), Some(OTHER));
    world.owner.press("Show product");
    world.admins.expect(&["Picture: yes"]).await;
    world.owner.press("🖼 Picture");
    world.admins.expect(&["Remove picture"]).await;
    world.owner.press("Remove picture");
    world.admins.expect(&["Picture: none"]).await;
    world.owner.send_photo(PNG, None);
    asha.send("/start plan_combo-ott");
    assert!(!asha.expect(&["Buy now"]).await.photo);
    assert_eq!(world.count("audit WHERE action = 'product.picture'").await, 3);
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_longest_plan_fits_in_a_caption_with_an_invitation_and_in_the_preview() {
    let world = World::new().await;
    let asha = world.joined(1, &"<A&>".repeat(16), None).await;
    let link = world.link(&asha).await;
    world.owner.send_photo(PNG, None);
    product(&world, "Combo OTT Plan").await;
    world.owner.press("Picture");
    world.admins.expect(&["send the picture"]).await;
    world.owner.send_photo(PNG, None);
    world.admins.expect(&["has a new picture"]).await;
    world.sql("UPDATE plan SET title = repeat('<&', 40), description = repeat('🎬', 1000), platform = 'x'").await;
    let bina = world.person(2, "Bina");
    bina.send(&format!("/start {link}_plan_combo-ott"));
    let shown = bina.expect(&["invited by <A&><A&>", "🎬…", "₹135", "In stock", "Buy now"]).await;
    assert!(shown.photo && shown.text.chars().count() <= 1_024);
    asha.expect(&["Bina", "joined"]).await;
    world.owner.press("Preview");
    assert!(world.admins.expect(&["As customers see it", "🎬…", "In stock"]).await.photo);
    // Inline it is words, and all of them.
    let offer = asha.query("<&").await;
    assert!(offer.results[0].text().contains(&"🎬".repeat(1_000)));
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_that_telegram_does_not_know_any_more_costs_nobody_their_screen() {
    let world = World::new().await;
    let asha = world.joined(1, "Asha", None).await;
    let lost = Picture { file_id: "AgACAgU-of-another-bot".into(), unique_id: "AQAD-1".into() };
    catalog::set_picture(&world.core, &meera(), 1, Some(&lost)).await.unwrap();
    asha.send("/start plan_combo-ott");
    assert!(!asha.expect(&["Combo OTT Plan", "₹135", "Buy now"]).await.photo);
    world.admins.expect(&["does not know the picture of Combo OTT Plan", "Show product"]).await;
    asha.send("/plans");
    asha.expect(&["Choose one"]).await;
    asha.press("Combo OTT Plan");
    asha.expect(&["Buy now"]).await;
    asha.press("Buy now");
    asha.expect(&["I have paid"]).await;
    // From a photo to a plan whose picture is lost.
    asha.send("/refer");
    let refer = asha.expect(&["Share"]).await;
    assert!(refer.photo);
    let press = asha.press_data(refer.message_id, "1|plan|combo-ott");
    assert!(!asha.expect(&["Combo OTT Plan", "Buy now"]).await.photo);
    assert_eq!(asha.alert(&press).await, None);
    world.owner.press("Show product");
    world.admins.expect(&["Picture: yes"]).await;
    world.owner.press("Preview");
    world.admins.expect(&["As customers see it", "Combo OTT Plan"]).await;
    world.all_told().await;
    assert_eq!(world.count("notification WHERE kind = 'picture-lost'").await, 1, "staff are told once");
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_an_album_the_first_photo_counts() {
    let world = World::new().await;
    product(&world, "Combo OTT Plan").await;
    world.owner.press("Picture");
    world.admins.expect(&["send the picture"]).await;
    for number in [1, 2] {
        let size = |id: &str, side: i64| serde_json::json!({"file_id": id, "file_unique_id": id, "file_size": 9, "width": side, "height": side});
        world.sandbox.push_raw_update(serde_json::json!({"message": {
            "message_id": 5_000 + number, "date": 1_790_000_000, "media_group_id": "77",
            "from": {"id": OWNER, "is_bot": false, "first_name": "Meera"},
            "chat": {"id": world.admins.id(), "type": "group", "title": "Admins"},
            "photo": [size(&format!("small-{number}"), 9), size(&format!("large-{number}"), 90)],
        }}));
    }
    world.admins.expect(&["the first of these"]).await;
    world.admins.quiet(300).await;
    let plan = catalog::get(world.core.db(), 1).await.unwrap().unwrap();
    assert_eq!(plan.picture.as_deref(), Some("large-1"));
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_put_plans_in_order_and_every_list_keeps_to_it() {
    let world = World::new().await;
    let asha = world.joined(1, "Asha", None).await;
    let zee = plan(&world, "zee", "Zee", "Zee", "").await;
    plan(&world, "aha", "aha", "Aha", "").await;
    let first = async |person: &mela_sandbox::Person| {
        person.send("/plans");
        person.expect(&["Choose one"]).await.captions()[..3]
            .iter()
            .map(|c| c.split(" · ").next().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(first(&asha).await, ["aha", "Combo OTT Plan", "Zee"], "by title as long as nobody put them in order");
    let card = product(&world, "Zee").await;
    assert!(card.text.contains("Place: 3 of 3") && card.button("Move down").is_none());
    // Pressed twice at once it moves by one: the button names the place, not the way.
    world.owner.press_on(card.message_id, "Move up");
    world.owner.press_data(card.message_id, &format!("1|pm|{zee}|2"));
    world.admins.expect(&["Place: 2 of 3", "Move up", "Move down"]).await;
    assert_eq!(first(&asha).await, ["aha", "Zee", "Combo OTT Plan"]);
    assert_eq!(asha.query_from("", "0").await.titles(), ["🎁 Invite a friend", "aha", "Zee", "Combo OTT Plan"]);
    world.owner.press("Place…");
    world.admins.expect(&["Meera, send the new place of Zee", "1 (the first) to 3"]).await;
    for wrong in ["0", "4", "-1", "+1", "first", "1.0"] {
        world.owner.send(wrong);
        world.admins.expect(&["not a place", "1 to 3"]).await;
    }
    world.owner.send("1");
    world.admins.expect(&["Zee is at place 1 of 3 now", "Show product"]).await;
    assert_eq!(first(&asha).await, ["Zee", "aha", "Combo OTT Plan"]);
    world.owner.press("Show product");
    let top = world.admins.expect(&["Place: 1 of 3", "Move down"]).await;
    assert!(top.button("Move up").is_none());
    world.owner.press("Move down");
    world.admins.expect(&["Place: 2 of 3"]).await;
    assert_eq!(first(&asha).await, ["aha", "Zee", "Combo OTT Plan"]);
    // Only staff who may; and a product that there is.
    let guest = world.person(77, "Guest").in_group(&world.admins);
    let press = guest.press_data(card.message_id, &format!("1|pm|{zee}|1"));
    assert!(guest.alert(&press).await.unwrap().contains("staff"));
    for data in ["1|pm|99|1", "1|pp|99", "1|pi|99", "1|px|99"] {
        let press = world.owner.press_data(card.message_id, data);
        assert!(world.owner.alert(&press).await.unwrap().contains("no such product"), "{data}");
    }
    assert_eq!(world.count("audit WHERE action = 'product.move'").await, 3);
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_plans_of_one_platform_are_browsed_by_category() {
    let world = World::new().await;
    let asha = world.joined(1, "Asha", None).await;
    world.sql("UPDATE plan SET platform = 'Netflix', category = 'фильмы'").await;
    for n in 0..9 {
        plan(
            &world,
            &format!("p{n}"),
            &format!("Plan {n}"),
            if n % 2 == 0 { "NETFLIX" } else { "netflix" },
            ["Фильмы", "ФИЛЬМЫ", ""][n % 3],
        )
        .await;
    }
    asha.send("/plans");
    asha.expect(&["Choose a category", "фильмы (7)", "Other (3)", "Back to Home"]).await;
    asha.press("(7)");
    asha.expect(&["Combo OTT Plan", "Plan 7", "Back"]).await;
    asha.press("Plan 7");
    asha.expect(&["Plan 7", "Buy now"]).await;
    asha.press("Back");
    asha.expect(&["Combo OTT Plan", "Plan 7"]).await;
    asha.press("Back");
    asha.expect(&["Choose a category"]).await;
    asha.press("Other");
    asha.expect(&["Other", "Plan 2", "Plan 8"]).await;
    // A second platform, and they are browsed by platform again; an old button leads on.
    let old = asha.chat().last().unwrap().message_id;
    plan(&world, "zee", "Zee", "Zee", "Films").await;
    asha.press_on(old, "Back");
    asha.expect(&["Choose a platform", "Netflix (10)", "Zee (1)"]).await;
    asha.press_data(old, "1|ct|1|0");
    asha.expect(&["Combo OTT Plan", "Plan 7"]).await;
    asha.press_data(old, "1|ct|99|0");
    asha.expect(&["Choose a platform"]).await;
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asked_is_told_once_when_a_plan_is_back() {
    let world = World::with(&[("MELA_CREDENTIALS__KEY", &"a1".repeat(32)), ("MELA_JOBS__STOCK_EVERY", "1s")]).await;
    world.sql("UPDATE plan SET delivery = 'from_stock'").await;
    let (asha, bina, chitra) = (world.joined(1, "Asha", None).await, world.joined(2, "Bina", None).await, world.joined(3, "Chitra", None).await);
    for person in [&asha, &bina, &chitra] {
        person.send("/start plan_combo-ott");
        let shown = person.expect(&["Out of stock", "Tell me when it is back", "Back"]).await;
        assert!(shown.button("Buy now").is_none());
        person.press("Tell me when");
        let shown = person.expect(&["You will be told here", "Do not tell me any more"]).await;
        // A second press on the old button changes nothing.
        let press = person.press_data(shown.message_id, "1|wt|combo-ott|true");
        assert_eq!(person.alert(&press).await, None);
    }
    chitra.press("Do not tell me");
    chitra.expect(&["Out of stock", "Tell me when it is back"]).await;
    assert_eq!(world.count("restock_wait").await, 2);
    // Blocking the bot is no obstacle for the others.
    bina.block_bot();
    while world.count("users WHERE NOT reachable").await == 0 {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let plan = catalog::by_code(world.core.db(), "combo-ott").await.unwrap().unwrap();
    let secret = Secret { login: "l@example.com".into(), password: "p".into(), profile: String::new(), pin: String::new() };
    credentials::load(&world.core, &plan, &[Account { secret, slots: 2, expires_on: None }], &meera()).await.unwrap();
    let told = asha.expect(&["Combo OTT Plan is back in stock, at ₹135", "Show the plan"]).await;
    assert_eq!(world.count("restock_wait").await, 0);
    asha.press_on(told.message_id, "Show the plan");
    asha.expect(&["In stock", "Buy now"]).await;
    // Pressed late: it is back already, so it is shown, and nobody waits.
    asha.press_data(told.message_id, "1|wt|combo-ott|true");
    world.all_told().await;
    asha.send("/notifications");
    asha.expect(&["is back in stock"]).await;
    assert_eq!(world.count("restock_wait").await, 0);
    asha.press_data(told.message_id, "1|wt|gone|true");
    asha.expect(&["not for sale any more"]).await;
    world.ends_well().await;
}
