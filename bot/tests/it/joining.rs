//! `/start` in all its shapes.

use crate::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn any_payload_registers_and_answers() {
    let world = World::new().await;
    let payloads = [
        "ref_ZZZZZZZZ",
        "ref_",
        "ref_12",
        "plan_nothing",
        "12345",
        "नमस्ते",
        "<b>",
        "ref_<b>",
        "\u{202e}ref_",
        "-1",
        &"x".repeat(64),
        &format!("ref_{}", "9".repeat(60)),
    ];
    for (number, payload) in payloads.iter().enumerate() {
        let person = world.person(1_000 + number as i64, "Newcomer");
        person.send(&format!("/start {payload}"));
        let seen = person.next().await;
        assert!(seen.shows("Home") || seen.shows("Plans"), "{payload}: {seen}");
    }
    assert_eq!(world.count("users").await, payloads.len() as i64);
    assert_eq!(world.count("users WHERE referred_by IS NOT NULL").await, 0);
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bound_once_and_told_so() {
    let world = World::new().await;
    let asha = world.joined(1, "Asha", None).await;
    let link = world.link(&asha).await;
    asha.send(&format!("/start {link}"));
    asha.expect(&["your own link"]).await;

    let bala = world.person(2, "Bala");
    bala.send(&format!("/start {}", link.to_lowercase()));
    bala.expect(&["Hello Bala", "invited by Asha"]).await;
    asha.expect(&["Bala", "joined"]).await;

    let chitra = world.joined(3, "Chitra", None).await;
    chitra.send(&format!("/start {link}"));
    chitra.expect(&["with us already"]).await;
    bala.send(&format!("/start {}", world.link(&chitra).await));
    bala.expect(&["with us already"]).await;
    bala.send("/start ref_ZZZZZZZZ");
    bala.expect(&["with us already"]).await;
    assert_eq!(world.count("users WHERE referred_by IS NOT NULL").await, 1);
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn five_first_starts_at_once_make_one_person_told_once() {
    let world = World::new().await;
    let asha = world.joined(1, "Asha", None).await;
    let link = world.link(&asha).await;
    world.sandbox.repeat_updates(true);
    let bala = world.person(2, "Bala");
    for _ in 0..5 {
        bala.send(&format!("/start {link}"));
    }
    bala.expect(&["invited by Asha"]).await;
    for _ in 0..4 {
        bala.expect(&["with us already"]).await;
    }
    asha.expect(&["Bala", "joined"]).await;
    asha.quiet(300).await;
    bala.quiet(300).await;
    assert_eq!(world.count("users").await, 2);
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_burst_by_one_link_is_registered_attributed_answered_and_told_in_few_words() {
    let world = World::new().await;
    let asha = world.joined(1, "Asha", None).await;
    let link = world.link(&asha).await;
    let people: Vec<_> = (0..300).map(|i| world.person(10_000 + i, "Burst")).collect();
    for person in &people {
        person.send(&format!("/start {link}"));
    }
    for person in &people {
        person.expect(&["Hello Burst", "invited by Asha"]).await;
    }
    assert_eq!(world.count("users WHERE referred_by IS NOT NULL").await, 300);
    let (mut told, mut messages) = (0, 0);
    while told < 300 {
        let seen = asha.next().await;
        told += seen.text.split_whitespace().nth(1).and_then(|n| n.parse().ok()).unwrap_or(1);
        messages += 1;
    }
    assert_eq!(told, 300);
    assert!(messages < 30, "{messages} messages for one burst");
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn names_show_as_text_everywhere() {
    let world = World::new().await;
    let asha = world.joined(1, "Asha", None).await;
    let link = world.link(&asha).await;
    let name = "<b>Bo</b> & \u{202e}evil\u{0} 👩‍👩‍👧 { $x }";
    let shown = "<b>Bo</b> & evil 👩‍👩‍👧 { $x }";
    let bo = world.person(2, name);
    bo.send(&format!("/start {link}"));
    bo.expect(&[&format!("Hello {shown}!")]).await;
    asha.expect(&[shown, "joined"]).await;
    world.pay(&bo, "632512345678").await;
    let card = world.admins.chat().pop().unwrap();
    assert!(card.shows(shown), "{card}");
    world.owner.send("/user 2");
    world.admins.expect(&[shown, "Referred by: Asha"]).await;
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_referrer_who_blocked_the_bot_still_earns_and_is_not_written_to() {
    let world = World::new().await;
    let asha = world.joined(1, "Asha", None).await;
    let bala = world.joined(2, "Bala", Some(&world.link(&asha).await)).await;
    asha.expect(&["Bala"]).await;
    asha.block_bot();
    world.buy(&bala, "632512345678").await;
    let earned = mela_core::ledger::standing(world.core.db(), mela_core::users::UserId(1)).await.unwrap();
    assert_eq!(earned.held.to_string(), "₹28");
    asha.unblock_bot();
    asha.send("/wallet");
    asha.expect(&["On hold: ₹28"]).await;
    world.ends_well().await;
}
