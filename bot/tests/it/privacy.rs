//! What a person asks of their own data in the chat, and what the owner does at their request.

use crate::world::{OWNER, World};
use mela_core::audit::Actor;
use mela_core::ledger::movements::Adjustable;
use mela_core::treasury;
use serde_json::Value;

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_and_then_forgotten_and_back_as_someone_new() {
    let world = World::new().await;
    let asha = world.joined(1, "Asha", None).await;
    let link = world.link(&asha).await;
    let bina = world.joined(2, "Bina Unmistakable", Some(&link)).await;
    asha.expect(&["Bina Unmistakable", "joined"]).await;
    let order = world.buy(&bina, "632112345678").await;
    asha.expect(&["₹28"]).await;
    bina.send("/privacy");
    bina.expect(&["keeps of you", "8 years", "3d", "Download my data", "Delete my account", "Back"]).await;
    bina.press("Download my data");
    let copy = bina.expect(&["All that is kept of you"]).await;
    assert_eq!(copy.file_name.as_deref(), Some("my-data.json"));
    let copy: Value = serde_json::from_slice(&copy.file_bytes().unwrap()).unwrap();
    assert_eq!((copy["orders"][0]["id"].as_str(), copy["profile"][0]["telegram_id"].as_i64()), (Some(order.as_str()), Some(2)));
    assert_eq!(copy["profile"][0]["invited_by"], "A…");

    // Paid and not delivered: not yet.
    bina.send("/privacy");
    let screen = bina.expect(&["Delete my account"]).await;
    bina.press("Delete my account");
    let held = bina.expect(&["cannot be deleted yet", &order, "not delivered"]).await;
    assert!(held.buttons.iter().flatten().all(|button| !button.caption.contains("Go on")));
    world.sql("UPDATE orders SET state = 'delivered', delivered_at = paid_at").await;
    bina.press("Back");
    bina.expect(&["Delete my account"]).await;
    bina.press("Delete my account");
    bina.expect(&["Delete your account?", "You lose", "1 plan that runs", "Go on"]).await;
    bina.press("Go on");
    bina.expect(&["Really delete it?", "cannot be undone", "Delete for good"]).await;
    assert_eq!(world.count("users WHERE erased_at IS NOT NULL").await, 0);
    bina.press("Delete for good");
    bina.expect(&["Your account is deleted", "new customer"]).await;
    assert_eq!(world.count("users WHERE erased_at IS NOT NULL AND name = 'Deleted person'").await, 1);
    for table in ["users", "notification", "receipt", "payment", "orders", "audit"] {
        assert_eq!(world.count(&format!("{table} x WHERE x::text LIKE '%Unmistakable%'")).await, 0, "{table}");
    }

    // An old button does nothing, and makes nobody known.
    for data in ["1|wallet", "1|prv", "1|orders|0", "1|prvok|1", "forged"] {
        let press = bina.press_data(screen.message_id, data);
        assert!(bina.alert(&press).await.unwrap().contains("was deleted"), "{data}");
    }
    assert_eq!(world.count("users").await, 2);
    // Their referrer's figures stay; staff see nobody.
    asha.send("/refer");
    asha.expect(&["₹28"]).await;
    world.owner.send(&format!("/order {order}"));
    world.admins.expect(&[&order, "Deleted person"]).await;
    world.owner.send("/user 2");
    world.admins.expect(&["2"]).await;
    // Whoever writes is a new customer, and may be invited like one.
    let again = world.joined(2, "Bina", Some(&link)).await;
    asha.expect(&["Bina", "joined"]).await;
    again.send("/orders");
    again.expect(&["no orders"]).await;
    assert_eq!(world.count("users").await, 3);
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_lost_is_agreed_to_as_it_is() {
    let world = World::new().await;
    let asha = world.joined(1, "Asha", None).await;
    world.earn(&asha, 1).await;
    asha.send("/privacy");
    asha.expect(&["Delete my account"]).await;
    asha.press("Delete my account");
    asha.expect(&["You lose", "₹28 in your wallet", "Go on"]).await;
    asha.press("Go on");
    let sure = asha.expect(&["Really delete it?", "₹28"]).await;
    // Meanwhile more is earned: who agreed to lose ₹28 loses nothing.
    let user = mela_core::users::by_telegram_id(world.core.db(), 1).await.unwrap().unwrap();
    let by = Actor { telegram_id: OWNER, name: "Meera".into() };
    treasury::adjust(&world.core, user.user_id(), Adjustable::Earned, "28".parse().unwrap(), "a gift", &by, "gift")
        .await
        .unwrap();
    asha.press_on(sure.message_id, "Delete for good");
    asha.expect(&["Delete your account?", "₹56 in your wallet", "Go on"]).await;
    assert_eq!(world.count("users WHERE erased_at IS NOT NULL").await, 0);
    asha.press("Go on");
    asha.expect(&["₹56"]).await;
    asha.press("Delete for good");
    asha.expect(&["Your account is deleted"]).await;
    world.books_are_right().await;
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_owner_does_it_at_a_persons_request_and_nobody_else() {
    let world = World::new().await;
    let asha = world.joined(1, "Asha", None).await;
    world
        .sql("INSERT INTO staff (telegram_id, name, role, added_by, added_at) VALUES (950, 'Gita', 'admin', 900, now())")
        .await;
    let gita = world.sandbox.person(950, "Gita").in_group(&world.admins);
    gita.send("/erase 1");
    world.admins.expect(&["does not allow"]).await;
    world.owner.send("/erase");
    world.admins.expect(&["/erase ID"]).await;
    world.owner.send("/erase 77");
    world.admins.expect(&["77"]).await;
    world.owner.send("/erase 1");
    let card = world.admins.expect(&["Delete the account of Asha", "Delete for good"]).await;
    let button = card.buttons.iter().flatten().find(|button| button.caption.contains("Delete for good")).unwrap().clone();
    let data = button.data.unwrap();
    let press = gita.press_data(card.message_id, &data);
    assert!(gita.alert(&press).await.is_some());
    asha.send("/help");
    let place = asha.expect(&["/plans"]).await;
    let press = asha.press_data(place.message_id, &data);
    assert!(asha.alert(&press).await.unwrap().contains("staff"));
    assert_eq!(world.count("users WHERE erased_at IS NOT NULL").await, 0);
    world.owner.press_on(card.message_id, "Delete for good");
    asha.expect(&["Your account is deleted"]).await;
    world.admins.expect(&["The account is deleted", "person 1"]).await;
    assert_eq!(world.count("users WHERE telegram_id = -1 AND name = 'Deleted person'").await, 1);
    assert_eq!(world.count("audit WHERE action = 'person.erase' AND actor_name = 'Meera' AND subject = 'user 1'").await, 1);
    world.owner.press_data(card.message_id, &data);
    world.ends_well().await;
}
