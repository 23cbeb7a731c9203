//! Cashing out.

use crate::world::{World, quoted};

#[tokio::test(flavor = "multi_thread")]
async fn wrong_answers_say_why_and_leave_the_question_open() {
    let world = World::new().await;
    let asha = world.joined(1, "Asha", None).await;
    asha.send("/withdraw");
    asha.expect(&["₹500", "₹500 is missing"]).await;
    world.earn(&asha, 18).await;
    asha.send("/withdraw");
    asha.expect(&["₹504", "UPI"]).await;
    for (wrong, why) in [("asha@gmail.com", "e-mail"), ("asha", "not a UPI ID"), ("@@", "not a UPI ID"), ("500", "not a UPI ID")] {
        asha.send(wrong);
        asha.expect(&[why]).await;
    }
    asha.send_sticker();
    asha.expect(&["not a UPI ID"]).await;
    asha.send("asha@okbank");
    asha.expect(&["amount", "₹504"]).await;
    for (wrong, why) in [
        ("0", "least withdrawal"),
        ("-5", "not an amount"),
        ("1e9", "not an amount"),
        ("500.555", "two decimals"),
        ("504.01", "at most"),
        ("1000000000000000", "at most"),
        ("499.99", "least"),
    ] {
        asha.send(wrong);
        asha.expect(&[why]).await;
    }
    asha.send_sticker();
    asha.expect(&["not an amount"]).await;
    assert_eq!(world.count("withdrawal").await, 0);
    asha.send("/cancel");
    asha.expect(&["dropped"]).await;
    asha.send("500");
    asha.expect(&["did not expect"]).await;
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn asked_from_two_devices_at_once_one_is_reserved_the_other_sees_what_is_left() {
    let world = World::new().await;
    let asha = world.joined(1, "Asha", None).await;
    world.earn(&asha, 18).await;
    let mut confirms = Vec::new();
    for _ in 0..2 {
        asha.send("/withdraw");
        asha.expect(&["UPI"]).await;
        asha.send("asha@okbank");
        asha.expect(&["amount"]).await;
        asha.send("500");
        confirms.push(asha.expect(&["₹500", "asha@okbank", "Confirm"]).await.message_id);
    }
    for message in &confirms {
        asha.press_on(*message, "Confirm");
    }
    let first = quoted(&asha.expect(&["W-", "₹500"]).await, "W-");
    asha.expect(&["₹4 now", "Nothing has changed"]).await;
    let card = world.admins.expect(&[&first, "₹500", "Lifetime earnings: ₹504"]).await;
    assert_eq!(world.count("withdrawal").await, 1);

    world.owner.press_on(card.message_id, "Reject");
    world.admins.expect(&["Other…"]).await;
    world.owner.press_on(card.message_id, "the UPI ID is not valid");
    world.admins.expect(&["Rejected by Meera", "the UPI ID is not valid"]).await;
    asha.expect(&[&first, "rejected", "the UPI ID is not valid"]).await;
    asha.send("/wallet");
    asha.expect(&["Withdrawable: ₹504", "Being withdrawn: ₹0"]).await;
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn approved_but_could_not_be_paid_goes_back_with_the_reason() {
    let world = World::new().await;
    let asha = world.joined(1, "Asha", None).await;
    world.earn(&asha, 18).await;
    asha.send("/withdraw");
    asha.expect(&["UPI"]).await;
    asha.send("asha@okbank");
    asha.expect(&["Withdraw all"]).await;
    asha.press("Withdraw all");
    asha.expect(&["Confirm"]).await;
    asha.press("Confirm");
    let code = quoted(&asha.expect(&["W-"]).await, "W-");
    let card = world.admins.expect(&[&code]).await.message_id;
    world.owner.press_on(card, "Approve");
    world.admins.expect(&["Mark paid"]).await;
    asha.expect(&["approved"]).await;
    world.owner.press_on(card, "Mark paid");
    world.admins.expect(&["UTR of the payout"]).await;
    for wrong in ["x", "no digits here"] {
        world.owner.send(wrong);
        world.admins.expect(&["not a payout's UTR"]).await;
    }
    world.owner.send("/cancel");
    world.admins.expect(&["left as it is"]).await;
    world.owner.press_on(card, "Could not pay");
    world.admins.expect(&["the bank refused the payout"]).await;
    world.owner.press_on(card, "the bank refused the payout");
    world.admins.expect(&["Could not be paid"]).await;
    asha.expect(&[&code, "could not be paid", "the bank refused"]).await;
    asha.send("/withdraw");
    asha.expect(&["₹504", "asha@okbank"]).await;
    asha.press("Use asha@okbank");
    asha.expect(&["amount", "₹504"]).await;
    world.ends_well().await;
}
