//! Money into wallets, as people press it: added, used for a part of an order, put right by staff.

use crate::world::{OWNER, World, quoted};
use chrono::TimeDelta;
use mela_sandbox::Person;

fn said(alert: Option<String>, words: &str) {
    let alert = alert.unwrap_or_default();
    assert!(alert.contains(words), "“{alert}” does not say “{words}”");
}

/// Opens a top-up of ₹500; answers its `O-…`.
async fn five_hundred(person: &Person) -> String {
    person.send("/wallet");
    person.expect(&["To spend", "Add money", "Withdraw", "Statement"]).await;
    person.press("Add money");
    person.expect(&["How much?", "₹100", "₹200", "₹500", "Back"]).await;
    person.press("₹500");
    let screen = person.expect(&["O-", "Add money to wallet", "₹500", "shop@bank", "I have paid", "Cancel order"]).await;
    assert!(screen.photo && screen.button("wallet").is_none() && screen.button("⭐").is_none(), "{screen}");
    quoted(&screen, "O-")
}

#[tokio::test(flavor = "multi_thread")]
async fn money_is_added_proved_approved_and_spent() {
    let world = World::new().await;
    let bina = world.joined(2, "Bina", None).await;
    let order = five_hundred(&bina).await;
    bina.press("I have paid");
    bina.expect(&["UTR", "₹500"]).await;
    bina.send("632145678901");
    bina.expect(&["being checked"]).await;
    let card = world.admins.expect(&[&order, "₹500", "own wallet", "Approve"]).await;
    world.owner.press_on(card.message_id, "Reject");
    world.admins.expect(&["not received"]).await;
    world.owner.press_on(card.message_id, "not received");
    world.admins.expect(&["Rejected by Meera"]).await;
    bina.expect(&["was rejected", &order]).await;
    bina.send("632145678902");
    bina.expect(&["being checked"]).await;
    let card = world.admins.expect(&[&order, "632145678902", "Approve"]).await;
    world.owner.press_on(card.message_id, "Approve");
    let card = world.admins.expect(&["Approved by Meera", "in the customer's wallet"]).await;
    assert!(card.button("Deliver").is_none(), "{card}");
    bina.expect(&["approved", "₹500", &order, "in your wallet"]).await;
    bina.send("/wallet");
    bina.expect(&["To spend: ₹500", "Withdrawable: ₹0"]).await;
    bina.send("/orders");
    bina.expect(&["Add money to wallet", "in the wallet"]).await;
    bina.press(&order);
    let shown = bina.expect(&["Add money to wallet", "₹500", "added to your wallet"]).await;
    assert!(shown.button("receipt").is_none(), "{shown}");
    world.owner.send(&format!("/order {order}"));
    world.admins.expect(&[&order, "Add money to wallet"]).await;
    world.owner.send(&format!("/refund {order}"));
    world.admins.expect(&["nothing to refund", "/debit"]).await;
    world.owner.send("/pending");
    world.admins.expect(&["Nothing waits"]).await;
    world.owner.send("/stats");
    world.admins.expect(&["Orders: 0 placed, 0 paid"]).await;
    bina.send("/start plan_combo-ott");
    bina.expect(&["Buy now"]).await;
    bina.press("Buy now");
    bina.expect(&["Pay from wallet"]).await;
    bina.press("Pay from wallet");
    bina.expect(&["paid"]).await;
    bina.expect(&["approved"]).await;
    world.admins.expect(&["from the wallet"]).await;
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn typed_amounts_other_amounts_and_what_ends() {
    let world = World::with(&[("MELA_WALLET__MOST", "700")]).await;
    let bina = world.joined(2, "Bina", None).await;
    bina.send("/wallet");
    bina.expect(&["Add money"]).await;
    bina.press("Add money");
    let asked = bina.expect(&["₹50 to ₹700", "₹500"]).await;
    assert!(asked.button("₹1,000").is_none(), "{asked}");
    for (typed, answer) in [
        ("many", "not an amount"),
        ("49", "From ₹50 to ₹700"),
        ("700.01", "From ₹50"),
        ("99999999999999", "From ₹50"),
        ("1.005", "two decimals"),
    ] {
        bina.send(typed);
        bina.expect(&[answer]).await;
    }
    said(bina.alert(&bina.press_data(asked.message_id, "1|addmo|9")).await, "older screen");
    // One that the settings do not let, by a forged button.
    bina.press_data(asked.message_id, "1|addmo|3");
    bina.expect(&["From ₹50 to ₹700"]).await;
    bina.send("249.50");
    let first = quoted(&bina.expect(&["₹249.50", "I have paid"]).await, "O-");
    let same = five_hundred(&bina).await;
    assert_ne!(first, same);
    bina.send("/orders");
    bina.expect(&[&first, "cancelled", &same]).await;
    // A reference is no amount, though an amount was asked for last.
    bina.send("/wallet");
    bina.expect(&["Add money"]).await;
    bina.press("Add money");
    bina.expect(&["How much?"]).await;
    bina.send("632145678909");
    bina.expect(&["₹500", "being checked"]).await;
    let card = world.admins.expect(&[&same, "632145678909"]).await;
    world.owner.press_on(card.message_id, "Reject");
    world.admins.expect(&["not received"]).await;
    world.owner.press_on(card.message_id, "not received");
    world.admins.expect(&["Rejected"]).await;
    bina.expect(&["was rejected"]).await;
    bina.send("/orders");
    bina.expect(&[&first, &same]).await;
    // The first one's money had left.
    bina.press(&first);
    bina.expect(&["cancelled", "I have paid"]).await;
    bina.press("I have paid");
    bina.expect(&["UTR"]).await;
    bina.send("632145678901");
    bina.expect(&["being checked"]).await;
    let card = world.admins.expect(&[&first, "Late", "₹249.50"]).await;
    world.owner.press_on(card.message_id, "Approve");
    world.admins.expect(&["Approved by Meera"]).await;
    bina.expect(&["approved", "₹249.50"]).await;
    world.advance(TimeDelta::hours(1));
    bina.expect(&[&same, "Add money to wallet", "expired"]).await;
    assert_eq!(world.count("ledger.balance WHERE amount = 249.50").await, 1);
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_from_the_wallet_and_the_rest_by_upi() {
    let world = World::new().await;
    let bina = world.joined(2, "Bina", None).await;
    world.owner.send("/credit 2 60 a late refund");
    world.admins.expect(&["Put ₹60 into the wallet", "Bina", "₹0 → ₹60", "Confirm"]).await;
    world.owner.press("Confirm");
    world.admins.expect(&["Done by Meera"]).await;
    bina.expect(&["₹60", "a late refund"]).await;
    bina.send("/start plan_combo-ott");
    bina.expect(&["Buy now"]).await;
    bina.press("Buy now");
    let screen = bina.expect(&["Pay ₹135", "Use ₹60 from wallet"]).await;
    assert!(screen.button("Pay from wallet").is_none());
    let order = quoted(&screen, "O-");
    bina.press("Use ₹60 from wallet");
    let screen = bina.expect(&["Pay ₹75", "₹60 of ₹135", "₹75 is left to pay", "comes back"]).await;
    assert!(screen.photo && screen.button("from wallet").is_none() && screen.button("Copy amount").is_some(), "{screen}");
    assert_eq!(screen.button("Copy amount").unwrap().copy.as_deref(), Some("75.00"));
    // An old button finds it done.
    bina.press_data(screen.message_id, &format!("1|wpart|{}", &order[2..]));
    bina.expect(&["₹75 is left to pay"]).await;
    bina.send("/orders");
    bina.expect(&[&order]).await;
    bina.press(&order);
    bina.expect(&["From the wallet: ₹60; otherwise: ₹75", "Cancel order"]).await;
    bina.press("Cancel order");
    bina.expect(&["cancelled"]).await;
    bina.send("/wallet");
    bina.expect(&["To spend: ₹60"]).await;
    said(bina.alert(&bina.press_data(screen.message_id, &format!("1|wpart|{}", &order[2..]))).await, "not waiting");

    bina.send("/start plan_combo-ott");
    bina.expect(&["Buy now"]).await;
    bina.press("Buy now");
    bina.expect(&["Use ₹60 from wallet"]).await;
    bina.press("Use ₹60 from wallet");
    bina.expect(&["₹75 is left to pay"]).await;
    bina.send("632145678901");
    bina.expect(&["₹75", "being checked"]).await;
    let card = world.admins.expect(&["₹75", "₹60 of ₹135 is paid from the wallet"]).await;
    world.owner.press_on(card.message_id, "Approve");
    world.admins.expect(&["Approved by Meera", "Deliver"]).await;
    bina.expect(&["approved"]).await;
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_put_wallets_right_and_above_a_limit_by_two() {
    let world = World::new().await;
    let bina = world.joined(2, "Bina", None).await;
    let sita = world.person(901, "Sita").in_group(&world.admins);
    for (typed, answer) in [
        ("/credit", "Use: /credit"),
        ("/credit 2", "Use: /credit"),
        ("/credit 2 50", "Use: /credit"),
        ("/credit 77 50 why", "nobody 77"),
        ("/credit 2 fifty why", "not an amount"),
        ("/credit 2 -50 why", "not an amount"),
        ("/credit 2 0 why", "more than nothing"),
        ("/debit 2 50 why", "Only ₹0"),
        ("/debit", "Use: /debit"),
    ] {
        world.owner.send(typed);
        world.admins.expect(&[answer]).await;
    }
    world.owner.send(&format!("/credit 2 50 {}", "x".repeat(301)));
    world.admins.expect(&["too long"]).await;
    sita.send("/credit 2 50 mine");
    world.admins.expect(&["Only the shop's staff"]).await;
    world.owner.send("/credit 2 1500 a prize & more");
    let card = world.admins.expect(&["₹1,500", "Bina", "₹0 → ₹1,500", "nobody else may", "Confirm"]).await;
    world.owner.press("Confirm");
    world.admins.expect(&["a prize & more", "Asked for by Meera", "Approve", "Reject"]).await;
    said(world.owner.alert(&world.owner.press_on(card.message_id, "Approve")).await, "nobody else may approve it yet");
    world.owner.send("/pending");
    world.admins.expect(&["Pending", "👛 ₹1,500"]).await;
    world.owner.send("/staff add 901 admin Sita");
    world.admins.expect(&["Sita"]).await;
    said(world.owner.alert(&world.owner.press_on(card.message_id, "Approve")).await, "another admin");
    world.owner.press("👛 ₹1,500");
    let again = world.admins.expect(&["₹1,500", "Another admin", "Approve"]).await;
    sita.press_on(again.message_id, "Approve");
    world.admins.expect(&["Done by Sita"]).await;
    bina.expect(&["₹1,500", "a prize & more"]).await;
    // The older card says what became of it.
    world.owner.press_data(card.message_id, "1|akr|1");
    world.admins.expect(&["Done by Sita"]).await;
    assert_eq!(world.count("ledger.balance WHERE amount = 1500").await, 1);
    // Someone else's draft is nobody's to confirm; a debit is told as one.
    sita.send("/debit @nobody 1 x");
    world.admins.expect(&["nobody @nobody"]).await;
    sita.send("/debit 2 500 a mistake");
    let draft = world.admins.expect(&["Take ₹500 out", "₹1,500 → ₹1,000"]).await;
    said(world.owner.alert(&world.owner.press_on(draft.message_id, "Confirm")).await, "Somebody else began this");
    sita.press_on(draft.message_id, "Confirm");
    world.admins.expect(&["Done by Sita"]).await;
    bina.expect(&["took", "₹500", "a mistake"]).await;
    assert_eq!(world.count(&format!("audit WHERE actor_id = {OWNER} AND action = 'wallet.ask'")).await, 1);
    world.ends_well().await;
}
