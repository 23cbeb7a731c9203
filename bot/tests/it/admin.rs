//! The admin chat.

use crate::world::{GROUP, World};
use mela_core::payments::{self, PaymentState};

#[tokio::test(flavor = "multi_thread")]
async fn approve_and_reject_in_the_same_moment_one_wins_the_other_is_told() {
    let world = World::new().await;
    let asha = world.joined(1, "Asha", None).await;
    let second = world.person(901, "Omar").in_group(&world.admins);
    world.owner.send("/staff add 901 admin Omar");
    world.admins.expect(&["Omar", "admin"]).await;
    let (order, card) = world.pay(&asha, "632512345678").await;
    let approve = world.owner.press_on(card.message_id, "Approve");
    let reject = second.press_data(card.message_id, "1|prr|1|0");
    let (a, b) = (world.owner.alert(&approve).await, second.alert(&reject).await);
    assert!(a.is_some() != b.is_some(), "exactly one is told that it was too late: {a:?} {b:?}");
    let payment = payments::get(world.core.db(), 1).await.unwrap();
    if payment.state == PaymentState::Confirmed {
        world.admins.expect(&["Approved by Meera"]).await;
        asha.expect(&[&order, "approved"]).await;
    } else {
        world.admins.expect(&["Rejected by Omar"]).await;
        asha.expect(&[&order, "rejected"]).await;
    }
    world.books_are_right().await;
    assert_eq!(world.count("audit WHERE action IN ('payment.approve', 'payment.reject')").await, 1);
    // A press on what is decided changes nothing.
    let again = world.owner.press_data(card.message_id, "1|pa|1");
    let answer = world.owner.alert(&again).await;
    assert_eq!(answer.is_some(), payment.state != PaymentState::Confirmed);
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rejected_for_a_reason_and_sent_again_for_the_same_order() {
    let world = World::new().await;
    let asha = world.joined(1, "Asha", None).await;
    let (order, card) = world.pay(&asha, "632512345678").await;
    world.owner.press_on(card.message_id, "Reject");
    world.admins.expect(&["the money was not received", "Other…", "Back"]).await;
    world.owner.press_on(card.message_id, "Back");
    world.admins.expect(&["Approve"]).await;
    world.owner.press_on(card.message_id, "Reject");
    world.admins.expect(&["Other…"]).await;
    world.owner.press_on(card.message_id, "Other…");
    world.admins.expect(&["Meera", "why?"]).await;
    // Talk of others, and of nobody who was asked, gets no answer.
    world.person(901, "Omar").in_group(&world.admins).send("good morning");
    world.owner.send("wrong <amount> sent");
    world.admins.expect(&["Rejected by Meera", "wrong <amount> sent"]).await;
    world.admins.expect(&["the customer is told"]).await;
    asha.expect(&[&order, "rejected", "wrong <amount> sent"]).await;
    // The question is answered: what Meera says next is talk.
    world.owner.send("good morning to you, too");
    world.admins.quiet(300).await;
    asha.press("I have paid");
    asha.expect(&["UTR"]).await;
    asha.send("632512345678");
    asha.expect(&["being checked"]).await;
    world.admins.expect(&[&order, "A proof for this order was rejected before"]).await;
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_staff_act_and_support_only_reads() {
    let world = World::new().await;
    let asha = world.joined(1, "Asha", None).await;
    let (_, card) = world.pay(&asha, "632512345678").await;
    let guest = world.person(77, "Guest").in_group(&world.admins);
    let query = guest.press_on(card.message_id, "Approve");
    assert!(guest.alert(&query).await.unwrap().contains("staff"));
    guest.send("/stats");
    world.admins.expect(&["Only the shop's staff"]).await;
    guest.send("nice weather");

    world.owner.send("/staff add 77 support Guest");
    world.admins.expect(&["support"]).await;
    let query = guest.press_on(card.message_id, "Approve");
    assert!(guest.alert(&query).await.unwrap().contains("role"));
    guest.send("/settings commissions.hold 1s");
    world.admins.expect(&["role does not allow"]).await;
    guest.send("/stats");
    world.admins.expect(&["Today", "Joined: 1"]).await;
    world.owner.send("/staff remove 77");
    world.admins.expect(&["not staff any more"]).await;
    guest.send("/pending");
    world.admins.expect(&["Only the shop's staff"]).await;
    assert_eq!(world.count("audit WHERE actor_id = 77 AND action LIKE 'refused.%'").await, 5);
    assert_eq!(world.count("payment WHERE state = 'submitted'").await, 1);
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_answer_and_without_argument_say_how_they_are_used() {
    let world = World::new().await;
    let asha = world.joined(1, "Asha", None).await;
    let (order, _) = world.pay(&asha, "632512345678").await;
    for (command, answer) in [
        ("/order", "Use: /order"),
        ("/order O-ZZZZZZZZ", "no order"),
        ("/order <b>", "no order"),
        (&*format!("/order {}", order.to_lowercase()), "Payment 1: 632512345678"),
        ("/user", "Use: /user"),
        ("/user @nobody", "nobody"),
        ("/user 1", "Asha"),
        ("/staff", "Owner: 900"),
        ("/staff add", "Use: /staff"),
        ("/staff add 900 admin", "owner"),
        ("/release", "Nothing is due"),
        ("/help", "What staff can do"),
        ("/nonsense", "do not know that command"),
        ("/id", "-901"),
        ("/pending", "Payments to check: 1"),
    ] {
        world.owner.send(command);
        let seen = world.admins.expect(&[answer]).await;
        assert!(seen.reply_to.is_some(), "{command}");
    }
    world.owner.press(&order);
    world.admins.expect(&[&order, "Approve"]).await;
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_change_live_within_bounds_and_what_waits_keeps_its_own() {
    let world = World::new().await;
    let asha = world.joined(1, "Asha", None).await;
    let bala = world.joined(2, "Bala", Some(&world.link(&asha).await)).await;
    asha.expect(&["joined"]).await;
    world.buy(&bala, "632512345678").await;
    asha.expect(&["22 Nov 2026, 11:00 IST"]).await;
    world.owner.send("/settings");
    world.admins.expect(&["commissions.hold = 24h", "upi.payee = shop@bank (fixed by the environment)"]).await;
    for (command, answer) in [
        ("/settings commissions.hold", "Use: /settings"),
        ("/settings commissions.hold soon", "Not changed"),
        ("/settings commissions.level1_percent 130", "Not changed"),
        ("/settings withdrawals.minimum -5", "Not changed"),
        ("/settings upi.payee thief@bank", "fixed"),
        ("/settings telegram.owner_id 5", "fixed"),
        ("/settings no.such 5", "no setting"),
        ("/settings commissions.hold 48h", "24h → 48h"),
    ] {
        world.owner.send(command);
        world.admins.expect(&[answer]).await;
    }
    world.buy(&bala, "632512345679").await;
    asha.expect(&["23 Nov 2026, 11:00 IST"]).await;
    world.advance(chrono::TimeDelta::hours(24));
    asha.expect(&["₹28", "withdrawable"]).await;
    asha.quiet(1_500).await;
    assert_eq!(world.count("audit WHERE action = 'setting.change'").await, 1);
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn delivery_goes_to_the_buyer_protected_and_leaves_no_trace() {
    let world = World::new().await;
    let asha = world.joined(1, "Asha", None).await;
    let order = world.buy(&asha, "632512345678").await;
    world.owner.press("Deliver");
    world.admins.expect(&[&order, "send what the customer gets"]).await;
    world.owner.send("login combo-7 password hunter2");
    asha.expect(&["Combo OTT Plan", &order]).await;
    assert!(asha.expect(&["hunter2"]).await.protected);
    world.admins.expect(&["Delivered"]).await;
    world.admins.expect(&["is delivered"]).await;
    asha.send("/orders");
    asha.expect(&[&order, "delivered"]).await;
    assert_eq!(world.count("inbox WHERE body LIKE '%hunter2%'").await, 0);
    assert_eq!(world.count("dialogue WHERE state LIKE '%hunter2%'").await, 0);

    let bala = world.joined(2, "Bala", None).await;
    let order = world.buy(&bala, "632512345670").await;
    bala.block_bot();
    world.owner.press("Deliver");
    world.admins.expect(&["send what the customer gets"]).await;
    world.owner.send("login combo-8");
    world.admins.expect(&[&order, "cannot be reached"]).await;
    assert_eq!(world.count("orders WHERE state = 'paid'").await, 1);
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_admin_group_becomes_a_supergroup_and_is_followed() {
    let mut world = World::new().await;
    let asha = world.joined(1, "Asha", None).await;
    let new = world.admins.upgrade_to_supergroup();
    assert_ne!(new, GROUP);
    let (order, card) = world.pay(&asha, "632512345678").await;
    assert_eq!(card.chat_id, new);
    // What is sent but not yet written down when the program is killed would come a second time, as it may.
    world.all_told().await;
    world.kill().await;
    world.start().await;
    world.owner.send("/pending");
    world.admins.expect(&["Payments to check: 1"]).await;
    world.owner.press_on(card.message_id, "Approve");
    world.admins.expect(&["Approved"]).await;
    asha.expect(&[&order, "approved"]).await;
    world.ends_well().await;
}
