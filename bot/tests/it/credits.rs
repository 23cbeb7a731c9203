//! Money that is seen at the bank: what finds its order by itself, and the queue of what does not.

use crate::world::{World, quoted};
use chrono::TimeDelta;
use mela_core::credits::{self, Seen, Taken};
use mela_core::money::Rupees;

/// Money seen at the bank now.
fn credit(world: &World, utr: &str, amount: &str, note: &str) -> Seen {
    let amount: Rupees = amount.parse().unwrap();
    Seen { note: note.to_owned(), ..Seen::at_bank(&format!("HDFC/{utr}"), amount, "BINA R", world.core.now()) }
}

async fn take(world: &World, seen: &Seen) -> Taken {
    credits::take(&world.core, seen).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn money_that_was_seen_confirms_its_order_and_the_card_says_so() {
    let world = World::new().await;
    let bina = world.joined(1, "Bina", None).await;
    // Seen first, named afterwards.
    take(&world, &credit(&world, "632512345678", "135", "")).await;
    let order = world.order(&bina).await;
    bina.send("632512345678");
    bina.expect(&["being checked"]).await;
    bina.expect(&[&order, "approved"]).await;
    let mut card = world.admins.expect(&[&order, "Seen at the bank: ₹135", "HDFC", "from BINA R"]).await;
    if !card.shows("Approved by HDFC") {
        // It was sent between the proof and its match, and is drawn anew.
        card = world.admins.expect(&[&order, "Approved by HDFC"]).await;
    }
    assert!(card.button("Approve").is_none() && card.button("Deliver").is_some(), "{card}");

    // Named first, seen afterwards: the card that stands there is drawn anew.
    let (order, card) = world.pay(&bina, "632512345679").await;
    assert!(card.shows("Not seen at the bank yet"), "{card}");
    take(&world, &credit(&world, "632512345679", "135", "")).await;
    let drawn = world.admins.expect(&[&order, "Seen at the bank: ₹135", "Approved by HDFC"]).await;
    assert!(drawn.edited && drawn.message_id == card.message_id && drawn.button("Approve").is_none(), "{drawn}");
    bina.expect(&[&order, "approved"]).await;

    // Nobody sent a proof.
    let order = world.order(&bina).await;
    take(&world, &credit(&world, "632512345680", "135", &order)).await;
    bina.expect(&[&order, "approved"]).await;
    let card = world.admins.expect(&[&order, "none, the money was found at the bank", "Approved by HDFC", "To be delivered"]).await;
    assert!(card.button("Deliver").is_some(), "{card}");
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn too_much_is_for_the_order_and_the_rest_for_the_wallet_and_a_second_press_does_nothing() {
    let world = World::new().await;
    let bina = world.joined(1, "Bina", None).await;
    let om = world.person(2, "Om").in_group(&world.admins);
    world.owner.send("/staff add 2 admin Om");
    world.admins.expect(&["Om", "admin"]).await;
    let order = world.order(&bina).await;
    take(&world, &credit(&world, "632512345678", "150", &format!("for {order}"))).await;
    let wants = [
        "₹150",
        "BINA R",
        "HDFC",
        "632512345678",
        &order,
        "more than",
        "₹135 is due",
        "Other order…",
        "To Bina's wallet",
        "To wallet…",
        "Send back…",
    ];
    let card = world.admins.expect(&wants).await;
    let data = card.button("₹15 to the wallet").unwrap().data.clone().unwrap();
    assert!(!data.contains("15|") && !data.contains("150"), "no amount in {data}");
    world.owner.send("/pending");
    world.admins.expect(&["Money to decide on: 1 (₹150)"]).await;
    let guest = world.person(77, "Guest").in_group(&world.admins);
    let foreign = guest.press_data(card.message_id, &data);
    assert!(guest.alert(&foreign).await.is_some());
    world.owner.press_on(card.message_id, "₹15 to the wallet");
    let after = world.admins.expect(&["₹135 for", &order, "by Meera", "₹15 to Bina's wallet"]).await;
    assert!(after.edited && after.message_id == card.message_id && after.buttons.is_empty(), "{after}");
    bina.expect(&[&order, "approved"]).await;
    bina.expect(&["₹15", "added to your wallet", "more than", &order]).await;
    world.admins.expect(&[&order, "Seen at the bank: ₹150", "Approved by Meera", "To be delivered"]).await;
    let again = om.press_data(card.message_id, &data);
    assert!(om.alert(&again).await.is_some_and(|alert| alert.contains("Not possible any more")));
    bina.send("/wallet");
    bina.expect(&["To spend: ₹15"]).await;
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_payment_goes_to_the_wallet_or_back_and_its_owner_is_told() {
    let world = World::new().await;
    let bina = world.joined(1, "Bina", None).await;
    let order = world.buy(&bina, "632512345678").await;
    take(&world, &credit(&world, "632512345678", "135", "")).await;
    world.admins.expect(&[&order, "Seen at the bank", "Approved by Meera"]).await;
    take(&world, &credit(&world, "632512345679", "135", &order)).await;
    let card = world.admins.expect(&["₹135", "paid already", &order, "To Bina's wallet"]).await;
    assert!(card.button("✅").is_none(), "no order is offered: {card}");
    world.owner.press_on(card.message_id, "To Bina's wallet");
    world.admins.expect(&["₹135 to Bina's wallet, by Meera"]).await;
    bina.expect(&["₹135", "added to your wallet", &order, "paid already"]).await;

    take(&world, &credit(&world, "632512345680", "135", &order)).await;
    let card = world.admins.expect(&["paid already", "Send back…"]).await;
    world.owner.press_on(card.message_id, "Send back…");
    world.admins.expect(&["Meera", "₹135", "reference"]).await;
    for (wrong, why) in [("no", "not a payout's UTR"), ("632512345680", "already used"), ("632512345678", "already used")] {
        world.owner.send(wrong);
        world.admins.expect(&[why]).await;
    }
    world.owner.send("6329 8765 4321");
    world.admins.expect(&["₹135 sent back", "632987654321", "by Meera"]).await;
    world.admins.expect(&["Noted: the money was sent back"]).await;
    bina.expect(&["₹135", "sent back", "632987654321"]).await;
    world.owner.send("and a good day");
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn late_money_revives_its_order_at_a_press_and_another_order_or_wallet_can_be_named() {
    let world = World::new().await;
    let bina = world.joined(1, "Bina", None).await;
    let gita = world.joined(3, "Gita", None).await;
    let order = world.order(&bina).await;
    world.advance(TimeDelta::hours(1));
    bina.expect(&[&order, "expired"]).await;
    take(&world, &credit(&world, "632512345678", "135", &order)).await;
    let card = world.admins.expect(&["after", &order, "had ended", "₹135 was due"]).await;
    world.owner.press_on(card.message_id, &order);
    world.admins.expect_all(&[&["₹135 for", &order, "by Meera"], &[&order, "To be delivered"]]).await;
    bina.expect(&[&order, "approved"]).await;

    // Nothing says whose it is: an order is named, and said once more.
    let other = world.order(&gita).await;
    world.owner.send("/credits");
    world.admins.expect(&["Nothing waits"]).await;
    take(&world, &credit(&world, "632512345679", "200", "")).await;
    world.owner.send("/credits");
    let list = world.admins.expect(&["Money that waits", "unknown: 1, ₹200 at the bank"]).await;
    world.owner.press_on(list.message_id, "unknown");
    world.admins.expect(&["₹200 · unknown · BINA R", "to decide"]).await;
    world.owner.press_on(list.message_id, "₹200");
    let card = world.admins.expect(&["₹200", "not known what it is for", "Other order…"]).await;
    world.owner.press_on(card.message_id, "Other order…");
    world.admins.expect(&["Meera", "which order"]).await;
    for (wrong, why) in [("O-ZZZZZZZZ", "no order"), ("hello", "no order"), (order.as_str(), "paid already")] {
        world.owner.send(wrong);
        world.admins.expect(&[why]).await;
    }
    world.owner.send(&other.to_lowercase());
    let sure = world.admins.expect(&["₹200", &other, "₹135 due", "Gita (3)", "₹65 waits"]).await;
    world.owner.press_on(sure.message_id, "₹65 waits");
    let waits: &[&str] = &["₹135 for", &other, "Still waits: ₹65"];
    let mut seen = world.admins.expect_all(&[waits, waits, &[&other, "To be delivered"]]).await;
    seen.retain(|seen| seen.shows("Still waits"));
    assert!(seen.len() == 2 && seen[0].message_id != seen[1].message_id, "where it was pressed, and where the card stands");
    gita.expect(&[&other, "approved"]).await;
    world.owner.press_on(card.message_id, "To wallet…");
    world.admins.expect(&["whose wallet", "₹65"]).await;
    for wrong in ["77", "@nobody", "O-ZZZZZZZZ"] {
        world.owner.send(wrong);
        world.admins.expect(&["nobody"]).await;
    }
    world.owner.send(&order);
    let sure = world.admins.expect(&["₹65", "wallet of Bina (1)"]).await;
    world.owner.press_on(sure.message_id, "To Bina's wallet");
    world.admins.expect(&["₹65 to Bina's wallet"]).await;
    world.admins.expect(&["₹65 to Bina's wallet"]).await;
    bina.expect(&["₹65", "added to your wallet"]).await;
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn payments_are_in_view_and_what_was_not_seen_is_named() {
    let world = World::new().await;
    let bina = world.joined(1, "Bina", None).await;
    take(&world, &credit(&world, "632000000001", "5000", "rent")).await;
    let by_hand = world.buy(&bina, "632512345678").await;
    let by_bank = world.order(&bina).await;
    take(&world, &credit(&world, "632512345679", "135", &by_bank)).await;
    bina.expect(&[&by_bank, "approved"]).await;
    world.admins.expect(&[&by_bank, "To be delivered"]).await;
    let (waiting, _) = world.pay(&bina, "632512345680").await;
    world.order(&bina).await;
    world.owner.send("/payments");
    let view = world
        .admins
        .expect(&[
            "Awaited: 1, ₹135",
            "To check, UPI: 1, ₹135",
            "unknown: 1, ₹5,000",
            "Confirmed in 24 hours: 2, ₹270",
            "UPI, by Meera: 1, ₹135",
            "UPI, by itself (HDFC): 1, ₹135",
            "Confirmed in 7 days: 2",
        ])
        .await;
    world.owner.press_on(view.message_id, "To check");
    world.admins.expect(&[&waiting, "Back"]).await;
    world.owner.press_on(view.message_id, "Back");
    world.admins.expect(&["Awaited: 1"]).await;
    world.owner.press_on(view.message_id, "Confirmed in 7 days");
    world.admins.expect(&[&by_hand, &by_bank, "HDFC", "Meera"]).await;

    world.owner.send("/reconcile");
    world
        .admins
        .expect(&["sum: ₹0", "upi_clearing: ₹135", "not seen at the bank: 1, ₹135", "unmatched: ₹5,000", "waits at the bank: 1, ₹5,000"])
        .await;
    world.advance(TimeDelta::days(3));
    bina.expect(&["expired"]).await;
    world.owner.send("/reconcile");
    world.admins.expect(&["not seen at the bank for too long: 1, ₹135", &by_hand, "reference …5678", "by Meera"]).await;
    let words = mela_bot::run::sandboxed::books_in_words(&world.core).await.unwrap();
    assert!(words.contains(&format!("· {by_hand}: ₹135, reference …5678, by Meera")) && !words.contains("DIFFERENCE"), "{words}");

    // Support reads what is in view, and decides on no money.
    let sita = world.person(2, "Sita").in_group(&world.admins);
    world.owner.send("/staff add 2 support Sita");
    world.admins.expect(&["Sita"]).await;
    sita.send("/payments");
    world.admins.expect(&["Awaited"]).await;
    sita.send("/credits");
    world.admins.expect(&["role does not allow"]).await;
    let forged = sita.press_data(view.message_id, "1|mw|1|1");
    assert!(sita.alert(&forged).await.is_some_and(|alert| alert.contains("role")));
    for stale in ["1|mq|9|0", "1|mc|x"] {
        let pressed = world.owner.press_data(view.message_id, stale);
        assert!(world.owner.alert(&pressed).await.is_some(), "{stale}");
    }
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_that_wait_some_have_cards_and_the_rest_one_word() {
    let world = World::new().await;
    let bina = world.joined(1, "Bina", None).await;
    let order = world.order(&bina).await;
    for n in 0..26 {
        take(&world, &credit(&world, &format!("6325123400{n:02}"), "10", &order)).await;
    }
    for _ in 0..20 {
        let card = world.admins.expect(&["₹10", "less than", &order, "₹135 is due"]).await;
        assert!(quoted(&card, "O-") == order && card.button("✅").is_none(), "{card}");
    }
    world.admins.expect(&["More money waits", "/credits"]).await;
    world.owner.send("/credits");
    let list = world.admins.expect(&["too little: 26, ₹260", "₹10 · too little", "Older"]).await;
    world.owner.press_on(list.message_id, "Older");
    world.admins.expect(&["Newer", "Older"]).await;
    world.ends_well().await;
}
