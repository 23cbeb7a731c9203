//! The programme's rules as people read and press them.

use crate::world::{World, quoted};
use chrono::TimeDelta;

#[tokio::test(flavor = "multi_thread")]
async fn a_friends_gift_is_seen_on_every_screen_and_the_terms_say_what_it_costs() {
    let world = World::new().await;
    let asha = world.joined(1, "Asha", None).await;
    let link = world.link(&asha).await;
    asha.send("/earnings");
    asha.expect(&["Nothing yet", "Combo OTT Plan (₹135): you earn ₹28 when a friend buys it, and ₹9 when their friends do", "What I earn"])
        .await;
    world.owner.send("/settings friend.discount 110%");
    world.admins.expect(&["Not changed", "at most 100%"]).await;
    world.owner.send("/settings friend.discount 10%");
    world.admins.expect(&["friend.discount", "10%"]).await;

    let bina = world.joined(2, "Bina", Some(&link)).await;
    asha.expect(&["joined"]).await;
    bina.send("/start plan_combo-ott");
    bina.expect(&["Price: ₹135", "Your friend's gift: −₹14 off your first order, so you pay ₹121", "Buy now · ₹121"]).await;
    bina.press("Add to cart");
    bina.expect(&["1 × ₹135 = ₹135", "Your friend's gift: −₹14", "To pay: ₹121", "Checkout · ₹121"]).await;
    bina.press("Checkout");
    let order = quoted(&bina.expect(&["O-", "Amount: ₹121", "Your friend's gift: −₹14", "I have paid"]).await, "O-");
    bina.send("/start plan_combo-ott");
    let plan = bina.expect(&["Buy now · ₹135"]).await;
    assert!(!plan.text.contains("gift"), "the order that waits has it: {plan}");
    bina.send("632512345678");
    bina.expect(&["being checked"]).await;
    let card = world.admins.expect(&[&order, "₹121", "Approve"]).await;
    world.owner.press_on(card.message_id, "Approve");
    world.admins.expect(&["Approved by Meera"]).await;
    bina.expect(&[&order, "₹121", "approved"]).await;
    asha.expect(&["You earned ₹24"]).await;
    bina.send("/orders");
    bina.expect(&["My orders", &order]).await;
    bina.press(&order);
    let shown = bina.expect(&[&order, "Your friend's gift: −₹14"]).await;
    assert!(!shown.text.contains("Coupon"), "{shown}");

    asha.send("/earnings");
    asha.expect(&["you earn ₹28 when a friend buys it", "first order, which your gift makes cheaper: ₹24 and ₹8", "₹24 · level 1 · held"])
        .await;
    asha.press("What I earn");
    asha.expect(&["What you earn", "• Combo OTT Plan (₹135)", "on hold for 24h", "gets 10 % off their first order", "Back"])
        .await;
    asha.press("‹ Back");
    asha.expect(&["Earnings"]).await;
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_is_told_once_and_what_was_not_booked_is_listed() {
    let world =
        World::with(&[("MELA_COMMISSIONS__DAY_CAP", "30"), ("MELA_COMMISSIONS__SALES", "4"), ("MELA_COMMISSIONS__TIERS", "0:30, 40:33")]).await;
    let asha = world.person(1, "Asha");
    asha.send("/start");
    asha.expect(&["Bring friends and earn on what they buy. How much: /earnings", "Refer & earn"]).await;
    let link = world.link(&asha).await;
    let bina = world.joined(2, "Bina", Some(&link)).await;
    asha.expect(&["joined"]).await;
    world.buy(&bina, "632512345671").await;
    asha.expect(&["You earned ₹28"]).await;
    world.buy(&bina, "632512345672").await;
    asha.expect(&["You earned ₹2 "]).await;
    asha.expect(&["Your limit of ₹30 a day is reached", "not booked", "Earnings"]).await;
    world.buy(&bina, "632512345673").await;
    world.all_told().await;
    asha.send("/earnings");
    let page = asha
        .expect(&["Today's limit of ₹30 is reached", "Not booked", "₹26 · level 1 · the day's limit", "₹28 · level 1 · the day's limit"])
        .await;
    assert!(page.text.contains("₹2 · level 1 · held") && page.text.contains("₹28 · level 1 · held"), "{page}");
    asha.press("What I earn");
    asha.expect(&[
        "Your share is now 30 % of the profit, by 2 sales of the last 30 days",
        "38 sales more, and it is 33 %",
        "Only the first 4 sales to each friend earn something",
        "Today's limit of ₹30 is reached",
    ])
    .await;
    world.advance(TimeDelta::days(1));
    asha.expect(&["₹30 is released"]).await;
    world.buy(&bina, "632512345674").await;
    asha.expect(&["You earned ₹28"]).await;
    // The fifth sale earns nothing by the rules: no limit was reached, and nobody is told of one.
    world.buy(&bina, "632512345675").await;
    world.all_told().await;
    asha.send("/earnings");
    asha.expect(&["At most ₹30 a day; today you have ₹28 of it"]).await;
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_are_set_in_the_chat_and_hold_for_the_next_sale() {
    let world = World::new().await;
    let asha = world.joined(1, "Asha", None).await;
    let bina = world.joined(2, "Bina", Some(&world.link(&asha).await)).await;
    asha.expect(&["joined"]).await;
    for (command, answer) in [
        ("/settings commissions.tiers 10:33, 5:36", "both rise"),
        ("/settings commissions.level1_percent 95", "105 % of the profit, wanted at most 100"),
        ("/settings commissions.day_cap 27.50", "whole rupees"),
        ("/settings commissions.sales 0", "how many sales (1 to 1000)"),
    ] {
        world.owner.send(command);
        world.admins.expect(&["Not changed", answer]).await;
    }
    world.owner.send("/products");
    world.admins.expect(&["Products"]).await;
    world.owner.press("Combo OTT Plan");
    let card = world.admins.expect(&["combo-ott", "Level 1 %", "Level 2 %"]).await;
    for (button, wrong, answer, shown) in
        [("Level 1 %", "101", "50", "– → 50"), ("Level 2 %", "50.5", "0%", "– → 0"), ("Level 2 %", "ten", "-", "0 → –")]
    {
        world.owner.press_on(card.message_id, button);
        world.admins.expect(&["Meera, send the new value", button, "at most 100"]).await;
        world.owner.send(wrong);
        world.admins.expect(&["cannot be the", button, "send it again"]).await;
        world.owner.send(answer);
        world.admins.expect(&[shown, "Show product"]).await;
    }
    world.owner.press("Show product");
    world.admins.expect(&["Level 1: 50 % of the profit, its own"]).await;
    asha.send("/earnings");
    asha.expect(&["you earn ₹47 when a friend buys it, and ₹9"]).await;
    asha.send("/refer");
    asha.expect(&["₹47"]).await;
    world.buy(&bina, "632512345671").await;
    asha.expect(&["You earned ₹47"]).await;
    world.owner.send("/settings commissions.level2_percent 0");
    world.admins.expect(&["10 → 0"]).await;
    asha.send("/earnings");
    let page = asha.expect(&["you earn ₹47 when a friend buys it."]).await;
    assert!(!page.text.contains("their friends"), "{page}");
    world.ends_well().await;
}
