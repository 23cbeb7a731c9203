//! Problems with what was bought: reported by the customer, solved in the admin chat.

use crate::subscriptions::{load, stocked};
use crate::world::{World, quoted};
use mela_sandbox::{Person, Seen};

/// Reports a problem up to its ticket and its card.
async fn complain(world: &World, person: &Person, problem: &str) -> (String, Seen) {
    person.send("/subscriptions");
    person.expect(&["Report a problem"]).await;
    person.press("Report a problem");
    person.expect(&["Password does not work", "Screen limit", "Account expired", "Other…", "Back"]).await;
    person.press(problem);
    let ticket = quoted(&person.expect(&["T-", problem, "You will be told here"]).await, "T-");
    let card = world.admins.expect(&[&ticket, problem]).await;
    (ticket, card)
}

async fn customer(world: &World, login: &str) -> Person {
    let bina = world.joined(1, "Bina", None).await;
    world.buy(&bina, "632112345678").await;
    bina.expect(&[login]).await;
    bina
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_that_does_not_work_is_replaced_at_a_press() {
    let world = stocked(&[], &["first.account", "second", "third"]).await;
    let bina = customer(&world, "first.account@example.com").await;
    let (ticket, card) = complain(&world, &bina, "Password does not work").await;
    assert!(card.shows("Bina (1)") && card.shows("30 days left") && card.shows("Account 1, slot 1: fi…@example.com"), "{card}");
    assert!(!card.shows("first.account"));
    bina.send("/support");
    bina.expect(&["Open problems", &ticket, "Password does not work"]).await;
    bina.press("My subscriptions");
    bina.expect(&["Report a problem"]).await;
    bina.press("Report a problem");
    bina.expect(&[&ticket, "is open already"]).await;
    world.owner.send("/pending");
    world.admins.expect(&["Problems: 1", &ticket]).await;

    world.owner.press_on(card.message_id, "Replace");
    let card = world.admins.expect(&[&ticket, "Replaced by Meera, 21 Nov 2026, 11:00 IST"]).await;
    assert!(card.buttons.is_empty());
    let given = bina.expect(&[&ticket, "new login", "second@example.com"]).await;
    assert!(given.protected);
    for data in ["1|tr|1", "1|tra|1", "1|tc|1", "1|ta|1"] {
        let press = world.owner.press_data(card.message_id, data);
        world.owner.alert(&press).await;
    }
    assert_eq!(world.count("slot WHERE retired_at IS NOT NULL").await, 1);
    bina.send("/notifications");
    let told = bina.expect(&[&ticket, "given a new login"]).await;
    assert!(!told.text.contains("example.com"));

    // The next one's card knows of it.
    let (_, card) = complain(&world, &bina, "Screen limit").await;
    assert!(card.shows("Replaced 1 times before") && card.shows("se…@example.com"), "{card}");
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_an_empty_shelf_the_buyer_is_told_and_served_when_stock_comes() {
    let world = stocked(&[], &["first", "second"]).await;
    let bina = customer(&world, "first@example.com").await;
    world.sql("UPDATE slot SET retired_at = '2026-11-21' WHERE order_id IS NULL").await;
    let (ticket, card) = complain(&world, &bina, "Account expired").await;
    world.owner.press_on(card.message_id, "Replace");
    let (one, other) = (world.admins.next().await.to_string(), world.admins.next().await.to_string());
    let both = format!("{one}\n{other}");
    assert!(both.contains("Replaced by Meera") && both.contains("Out of stock") && both.contains("is out of stock"), "{both}");
    bina.expect(&[&ticket, "stock has just run out"]).await;
    bina.press("📺 Show");
    let waits = bina.expect(&["Waiting for stock"]).await;
    assert!(!waits.buttons.iter().flatten().any(|b| b.caption.contains("Show credentials")));
    bina.press("Report a problem");
    load(&world, &["third", "fourth"]).await;
    bina.expect(&["third@example.com"]).await;
    bina.send("/subscriptions");
    bina.expect(&["Show credentials"]).await;
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn in_words_answered_by_support_and_closed() {
    let world = World::new().await;
    let bina = world.joined(1, "Bina", None).await;
    world.buy(&bina, "632112345678").await;
    world.owner.send("/staff add 77 support Gita");
    world.admins.expect(&["Gita"]).await;
    let gita = world.person(77, "Gita").in_group(&world.admins);
    bina.send("/subscriptions");
    bina.expect(&["Report a problem"]).await;
    bina.press("Report a problem");
    bina.expect(&["Other…"]).await;
    bina.press("Other…");
    bina.expect(&["Describe the problem"]).await;
    bina.send_sticker();
    bina.expect(&["in words"]).await;
    bina.send(&"x".repeat(501));
    bina.expect(&["at most 500"]).await;
    bina.send("<b>black</b> screen");
    let ticket = quoted(&bina.expect(&["T-", "<b>black</b> screen"]).await, "T-");
    let card = world.admins.expect(&[&ticket, "<b>black</b> screen", "Delivered by hand", "Answer", "Close"]).await;
    assert!(!card.buttons.iter().flatten().any(|b| b.caption.contains("Replace") || b.caption.contains("Retire")));

    gita.press_on(card.message_id, "Answer");
    world.admins.expect(&["Gita", "send what the customer"]).await;
    gita.send("Log in as new@example.com");
    bina.expect(&[&ticket, "from our staff"]).await;
    assert!(bina.expect(&["new@example.com"]).await.protected);
    world.admins.expect(&[&ticket, "Answered by Gita"]).await;
    world.admins.expect(&["Sent to the customer"]).await;
    assert_eq!(world.count("inbox WHERE body LIKE '%new@example.com%'").await, 0);
    gita.press_on(card.message_id, "Close");
    let closed = world.admins.expect(&[&ticket, "Closed by Gita"]).await;
    assert!(closed.buttons.is_empty());
    bina.expect(&[&ticket, "is closed"]).await;
    let press = world.owner.press_data(card.message_id, "1|tr|1");
    assert!(world.owner.alert(&press).await.unwrap().contains("Not possible any more"));
    assert_eq!(world.count("audit WHERE action IN ('ticket.answer', 'ticket.close')").await, 2);
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_replace_and_who_may_retire_an_account() {
    let world = stocked(&[], &["first", "second"]).await;
    let bina = customer(&world, "first@example.com").await;
    world.owner.send("/staff add 77 support Gita");
    world.admins.expect(&["Gita"]).await;
    let (gita, guest) = (world.person(77, "Gita").in_group(&world.admins), world.person(78, "Guest").in_group(&world.admins));
    let (ticket, card) = complain(&world, &bina, "Screen limit").await;
    let press = guest.press_on(card.message_id, "Replace");
    assert!(guest.alert(&press).await.unwrap().contains("Only the shop's staff"));
    let press = gita.press_on(card.message_id, "Retire the account");
    assert!(gita.alert(&press).await.unwrap().contains("Your role"));
    bina.send("/help");
    let place = bina.expect(&["/subscriptions"]).await.message_id;
    let press = bina.press_data(place, "1|tr|1");
    assert!(bina.alert(&press).await.unwrap().contains("Only the shop's staff"));
    assert_eq!(world.count("slot WHERE retired_at IS NOT NULL").await, 0);
    world.owner.press_on(card.message_id, "Retire the account");
    let (one, other) = (world.admins.next().await.to_string(), world.admins.next().await.to_string());
    let both = format!("{one}\n{other}");
    assert!(both.contains("Replaced by Meera") && both.contains("sold no more") && both.contains("is out of stock"), "{both}");
    bina.expect(&[&ticket, "second@example.com"]).await;
    world.ends_well().await;
}
