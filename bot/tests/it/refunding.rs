//! Giving money back.

use crate::world::{World, quoted};
use mela_bot::screens::notices;
use mela_bot::texts::Texts;
use mela_core::audit::Actor;
use mela_core::ledger::movements::Adjustable;
use mela_core::notifications::Notice;
use mela_core::payments::Proof;
use mela_core::{orders, payments, refunds, treasury, users};
use mela_sandbox::{Member, Person, Seen};

/// Ravi brought Asha, Asha brought Bala; what they were told is read.
async fn chain(world: &World) -> (Person, Person, Person) {
    let ravi = world.joined(1, "Ravi", None).await;
    let asha = world.joined(2, "Asha", Some(&world.link(&ravi).await)).await;
    ravi.expect(&["joined"]).await;
    let bala = world.joined(3, "Bala", Some(&world.link(&asha).await)).await;
    asha.expect(&["joined"]).await;
    (ravi, asha, bala)
}

/// The chain, and Bala's paid order.
async fn sold(world: &World) -> (Person, Person, Person, String) {
    let (ravi, asha, bala) = chain(world).await;
    let order = world.buy(&bala, "632512345678").await;
    asha.expect(&["₹28", "level 1"]).await;
    ravi.expect(&["₹9", "level 2"]).await;
    (ravi, asha, bala, order)
}

/// An order of someone whom nobody brought.
async fn lone(world: &World, utr: &str) -> (Person, String) {
    let bala = world.joined(3, "Bala", None).await;
    let order = world.buy(&bala, utr).await;
    (bala, order)
}

/// Up to the summary of all that is left, to the wallet; answers the message and its buttons.
async fn drafted(world: &World, by: &Member, order: &str, left: &str) -> Seen {
    by.send(&format!("/refund {order}"));
    let screen = world.admins.expect(&[order, &format!("Left: {left}"), &format!("Refund all {left}"), "A part…"]).await.message_id;
    by.press_on(screen, "Refund all");
    world.admins.expect(&["To the wallet", "By UPI", "Back"]).await;
    by.press_on(screen, "To the wallet");
    world.admins.expect(&["the plan did not work", "Other…", "Back"]).await;
    by.press_on(screen, "the plan did not work");
    let summary = world.admins.expect(&["Confirm refund", order, left, "to the wallet", "the plan did not work"]).await;
    assert_eq!(summary.message_id, screen, "one screen is one message");
    summary
}

fn data(seen: &Seen, caption: &str) -> String {
    seen.button(caption).unwrap().data.clone().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn all_of_it_by_upi_everybody_is_told_and_then_it_is_sent() {
    let world = World::new().await;
    let (ravi, asha, bala, order) = sold(&world).await;
    world.owner.send(&format!("/refund {}", order.to_lowercase()));
    let parts = ["Paid: ₹135 (₹135 from outside, ₹0 from the wallet)", "Refunded before: ₹0", "Left: ₹135", "Refund all ₹135", "A part…"];
    world.admins.expect(&parts).await;
    world.owner.press("Refund all ₹135");
    assert!(world.admins.expect(&["To the wallet", "By UPI"]).await.edited);
    world.owner.press("By UPI");
    let asked = world.admins.expect(&["Meera", "UPI ID", "₹135"]).await;
    assert!(asked.button("Use").is_none(), "Bala was never sent anything: {asked}");
    for (wrong, why) in [("bala@gmail.com", "e-mail"), ("bala", "not a UPI ID"), ("@@", "not a UPI ID"), ("135", "not a UPI ID")] {
        world.owner.send(wrong);
        world.admins.expect(&[why]).await;
    }
    world.owner.send("Bala.k@OKBANK");
    world.admins.expect(&["₹135 by UPI to bala.k@okbank", "it was bought by mistake"]).await;
    world.owner.press("the plan did not work");
    let summary = world.admins.expect(&["Confirm refund", "bala.k@okbank", "the subscription ends", "Bala (3)"]).await;
    assert!(!data(&summary, "Confirm refund").contains("135"), "a button never carries an amount");
    world.owner.press("Confirm refund");
    let card = world
        .admins
        .expect(&["R-", &order, "Amount: ₹135", "₹28 from Asha (2), level 1", "₹9 from Ravi (1), level 2", "Mark paid"])
        .await;
    assert_eq!((card.message_id, card.edited), (summary.message_id, true));
    let payment = world.admins.expect(&["Approved by Meera", "Refunded: ₹135", "by Meera"]).await;
    assert!(payment.button("Deliver").is_none() && !payment.shows("To be delivered"), "{payment}");
    let code = quoted(&card, "R-");
    bala.expect(&[&code, "₹135", &order, "by UPI to bala.k@okbank", "the plan did not work", "has ended"]).await;
    asha.expect(&["₹28", "level 1", "taken back", "the order was refunded"]).await;
    ravi.expect(&["₹9", "level 2", "taken back", "the order was refunded"]).await;
    assert_eq!(world.count("subscription WHERE ended_at IS NOT NULL AND end_reason = 'the plan did not work'").await, 1);
    world.books_are_right().await;

    world.owner.send("/pending");
    world.admins.expect(&["Orders to deliver: 0", "Refunds to send: 1", &code]).await;
    world.owner.press_on(card.message_id, "Mark paid");
    world.admins.expect(&["Meera", "12-digit UTR", &code]).await;
    for (wrong, why) in [("12345", "12 digits"), ("63251234567a", "12 digits"), ("", "12 digits"), ("632512345678", "already used")] {
        world.owner.send(if wrong.is_empty() { "thanks" } else { wrong });
        world.admins.expect(&[why]).await;
    }
    world.owner.send("6325 9876 5432");
    world.admins.expect(&[&code, "Paid by Meera", "632598765432"]).await;
    world.admins.expect(&[&code, "is marked paid"]).await;
    bala.expect(&[&code, "is sent", "bala.k@okbank", "UTR: 632598765432"]).await;
    world.owner.send("and a good day");

    world.owner.send(&format!("/order {order}"));
    world.admins.expect(&["State: refunded", &code, "sent, UTR 632598765432"]).await;
    bala.send("/orders");
    bala.expect(&[&order, "refunded"]).await;
    bala.press(&order);
    bala.expect(&["State: refunded", &code, "₹135 refunded (₹135 by UPI to bala.k@okbank)", "sent, UTR 632598765432"]).await;
    asha.send("/earnings");
    asha.expect(&["₹28 · level 1 · reversed"]).await;
    world.owner.send(&format!("/refund {order}"));
    world.admins.expect(&[&order, "refunded already", &code]).await;
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_in_words_wrong_answers_leave_the_question_open_and_twice_is_once() {
    let world = World::new().await;
    let (ravi, asha, bala, order) = sold(&world).await;
    world.owner.send(&format!("/refund {order}"));
    let first = world.admins.expect(&["Refund all ₹135"]).await;
    world.owner.press("A part…");
    world.admins.expect(&["Meera", "how much", "₹135"]).await;
    let too_much = "Only ₹135 is left";
    for (wrong, why) in [
        ("0", "more than nothing"),
        ("-1", "not an amount"),
        ("1,35.00.0", "not an amount"),
        ("1e2", "not an amount"),
        ("half", "not an amount"),
        ("1.234", "two decimals"),
        ("135.01", too_much),
        ("1000000000000", too_much),
        ("99999999999999999999999999999999999999", too_much),
    ] {
        world.owner.send(wrong);
        world.admins.expect(&[why]).await;
    }
    world.owner.send("/cancel");
    world.admins.expect(&["left as it is"]).await;
    world.owner.send("50");
    world.admins.quiet(300).await;
    assert_eq!(world.count("refund").await, 0);

    // The screen is still there: back, and again.
    world.owner.press_on(first.message_id, "Back");
    world.admins.expect(&["Refund all ₹135"]).await;
    world.owner.press_on(first.message_id, "A part…");
    world.admins.expect(&["how much"]).await;
    world.owner.send("₹50");
    let second = world.admins.expect(&["Refund ₹50", "To the wallet"]).await;
    world.owner.press("To the wallet");
    world.admins.expect(&["Other…"]).await;
    world.owner.press("Other…");
    world.admins.expect(&["Meera", "why?", &order]).await;
    world.owner.send(&"x".repeat(301));
    world.admins.expect(&["at most 300"]).await;
    world.owner.send("too <slow>");
    let summary = world.admins.expect(&["Refund ₹50", "too <slow>", "Confirm refund"]).await;
    assert!(!summary.shows("the subscription ends"));
    let confirm = data(&summary, "Confirm refund");
    world.owner.press("Confirm refund");
    let card = world.admins.expect(&["R-", "₹50 to the wallet, to spend", "too <slow>", "₹15 from Asha", "₹5 from Ravi"]).await;
    assert!(card.buttons.is_empty(), "nothing of it is to be sent: {card}");
    world.admins.expect(&["Refunded: ₹50", "To be delivered by hand", "Deliver"]).await;
    let code = quoted(&card, "R-");
    let told = bala.expect(&["₹50", &order, "to the wallet", "too <slow>"]).await;
    assert!(!told.shows("has ended"));
    asha.expect(&["₹15", "level 1", "a part of the order was refunded"]).await;
    ravi.expect(&["₹5", "level 2", "a part of the order was refunded"]).await;

    // The same press again, and what is left of the other screens: the refund that there is.
    let again = world.owner.press_data(summary.message_id, &confirm);
    assert_eq!(world.owner.alert(&again).await, None);
    for old in [second.message_id, first.message_id] {
        let buttons: Vec<_> = world.admins.chat().into_iter().filter(|m| m.message_id == old).flat_map(|m| m.captions()).collect();
        world.owner.press_on(old, &buttons[0]);
        world.admins.expect(&[&code]).await;
    }
    assert_eq!((world.count("refund").await, world.count("notification WHERE kind = 'refund'").await), (1, 1));
    assert_eq!(world.count("subscription WHERE ended_at IS NOT NULL").await, 0);
    world.owner.send(&format!("/refund {order}"));
    world.admins.expect(&["Refunded before: ₹50", "Left: ₹85", &code, "Refund all ₹85"]).await;
    bala.send("/wallet");
    bala.expect(&["To spend: ₹50", "Withdrawable: ₹0"]).await;
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_admins_at_once_refund_it_once_and_foreign_or_stale_presses_change_nothing() {
    let world = World::new().await;
    let (bala, order) = lone(&world, "632512345678").await;
    let omar = world.person(901, "Omar").in_group(&world.admins);
    let gita = world.person(902, "Gita").in_group(&world.admins);
    for (command, role) in [("/staff add 901 admin Omar", "admin"), ("/staff add 902 support Gita", "support")] {
        world.owner.send(command);
        world.admins.expect(&[role]).await;
    }
    gita.send(&format!("/refund {order}"));
    world.admins.expect(&["role does not allow"]).await;
    world.person(77, "Guest").in_group(&world.admins).send(&format!("/refund {order}"));
    world.admins.expect(&["Only the shop's staff"]).await;

    let (meeras, omars) = (drafted(&world, &world.owner, &order, "₹135").await, drafted(&world, &omar, &order, "₹135").await);
    for (who, says) in [(&gita, "role"), (&omar, "someone else")] {
        let query = who.press_on(meeras.message_id, "Confirm refund");
        assert!(who.alert(&query).await.unwrap().contains(says));
    }
    for stale in ["1|rok|999999", "1|rw|0", "1|ryr|1|9", "1|rf|1|9", "1|rok|x", "2|rok|1"] {
        let query = world.owner.press_data(meeras.message_id, stale);
        assert!(world.owner.alert(&query).await.is_some(), "{stale}");
    }
    let begun = data(&meeras, "Confirm refund").rsplit('|').next().unwrap().to_owned();
    let query = world.owner.press_data(meeras.message_id, &format!("1|ryr|{begun}|200"));
    assert!(world.owner.alert(&query).await.unwrap().contains("older screen"));
    assert_eq!(world.count("refund").await, 0);

    world.owner.press_on(meeras.message_id, "Confirm refund");
    omar.press_on(omars.message_id, "Confirm refund");
    let shown = [world.admins.next().await, world.admins.next().await, world.admins.next().await];
    let count = |part: &str| shown.iter().filter(|seen| seen.shows(part)).count();
    assert_eq!((count("Where to: ₹135"), count("Refunded: ₹135"), count("refunded already")), (1, 1, 1), "{shown:#?}");
    bala.expect(&["₹135", "refunded", "to the wallet"]).await;
    assert_eq!((world.count("refund").await, world.count("audit WHERE action = 'order.refund'").await), (1, 1));
    assert_eq!(world.count("audit WHERE actor_id IN (902, 77) AND action LIKE 'refused.%'").await, 3);
    bala.press_data(bala.chat().last().unwrap().message_id, &data(&meeras, "Confirm refund"));
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_somebody_elses_part_the_rest_is_less_and_the_summary_is_not_carried_out() {
    let world = World::new().await;
    let (bala, order) = lone(&world, "632512345678").await;
    let omar = world.person(901, "Omar").in_group(&world.admins);
    world.owner.send("/staff add 901 admin Omar");
    world.admins.expect(&["admin"]).await;
    let meeras = drafted(&world, &world.owner, &order, "₹135").await;
    omar.send(&format!("/refund {order}"));
    world.admins.expect(&["Left: ₹135"]).await;
    omar.press("A part…");
    world.admins.expect(&["Omar", "how much"]).await;
    omar.send("100");
    world.admins.expect(&["Refund ₹100", "To the wallet"]).await;
    omar.press("To the wallet");
    world.admins.expect(&["it could not be delivered"]).await;
    omar.press("it could not be delivered");
    world.admins.expect(&["Confirm refund"]).await;
    omar.press("Confirm refund");
    world.admins.expect(&["R-", "Refunded by Omar"]).await;
    world.admins.expect(&["Refunded: ₹100"]).await;
    bala.expect(&["₹100"]).await;
    world.owner.press_on(meeras.message_id, "Confirm refund");
    world.admins.expect(&["Only ₹35 of", &order, "₹135 was not refunded"]).await;
    assert_eq!(world.count("orders WHERE refunded = 100").await, 1);
    let summary = drafted(&world, &world.owner, &order, "₹35").await;
    world.owner.press_on(summary.message_id, "Cancel");
    world.admins.expect(&["left as it is"]).await;
    assert_eq!(world.count("refund").await, 1);
    world.ends_well().await;
}

/// Refunds all that is left by UPI; answers the card.
async fn refunded_by_upi(world: &World, order: &str, vpa: &str, offered: bool) -> Seen {
    world.owner.send(&format!("/refund {order}"));
    world.admins.expect(&["Refund all"]).await;
    world.owner.press("Refund all");
    world.admins.expect(&["By UPI"]).await;
    world.owner.press("By UPI");
    world.admins.expect(&["UPI ID"]).await;
    if offered {
        world.owner.press(&format!("Use {vpa}"));
    } else {
        world.owner.send(vpa);
    }
    world.admins.expect(&[vpa, "it could not be delivered"]).await;
    world.owner.press("it could not be delivered");
    world.admins.expect(&["Confirm refund"]).await;
    world.owner.press("Confirm refund");
    let card = world.admins.expect(&["R-", vpa, "Mark paid", "Could not pay"]).await;
    world.admins.expect(&["Refunded: "]).await;
    card
}

#[tokio::test(flavor = "multi_thread")]
async fn what_could_not_be_sent_stays_in_the_wallet_with_the_reason_and_settles_once() {
    let world = World::new().await;
    let (bala, order) = lone(&world, "632512345678").await;
    let omar = world.person(901, "Omar").in_group(&world.admins);
    world.owner.send("/staff add 901 admin Omar");
    world.admins.expect(&["admin"]).await;
    let card = refunded_by_upi(&world, &order, "bala@okbank", false).await;
    let code = quoted(&card, "R-");
    bala.expect(&[&code, "₹135 by UPI to bala@okbank"]).await;
    omar.press_on(card.message_id, "Mark paid");
    world.admins.expect(&["Omar", "12-digit UTR"]).await;
    world.owner.press_on(card.message_id, "Could not pay");
    world.admins.expect(&["the bank refused the payout", "Other…", "Back"]).await;
    world.owner.press_on(card.message_id, "Back");
    let whole = world.admins.expect(&["Mark paid"]).await;
    let (paid, unpaid) = (data(&whole, "Mark paid"), data(&whole, "Could not pay"));
    world.owner.press_on(card.message_id, "Could not pay");
    let choosing = world.admins.expect(&["Other…"]).await;
    let (bank, other) = (data(&choosing, "the bank refused"), data(&choosing, "Other…"));
    world.owner.press_on(card.message_id, "Other…");
    world.admins.expect(&["Meera", "why?", &code]).await;
    world.owner.send("the account is closed");
    world
        .admins
        .expect(&[&code, "Could not be paid, says Meera", "the account is closed", "₹135 is in the customer's wallet"])
        .await;
    world.admins.expect(&[&code, "the customer is told"]).await;
    bala.expect(&[&code, "could not be sent", "the account is closed", "/wallet"]).await;

    // Omar was too late; so is every button that is left somewhere.
    omar.send("632598765432");
    world.admins.expect(&["Not possible any more"]).await;
    for data in [paid, unpaid, other, bank] {
        let query = omar.press_data(card.message_id, &data);
        assert_eq!(omar.alert(&query).await, None, "{data}");
    }
    assert_eq!(world.count("refund WHERE state = 'failed' AND failure = 'the account is closed'").await, 1);
    world.owner.send("/pending");
    world.admins.expect(&["Nothing waits"]).await;
    bala.send("/wallet");
    bala.expect(&["To spend: ₹135"]).await;
    bala.send("/orders");
    bala.expect(&[&order, "refunded"]).await;
    bala.press(&order);
    bala.expect(&["not sent (the account is closed), so it is in the wallet"]).await;

    // The next time that UPI id is offered; a reason at a press; a UTR of another refund.
    let order = world.buy(&bala, "632512345679").await;
    let first = refunded_by_upi(&world, &order, "bala@okbank", true).await;
    bala.expect(&["bala@okbank"]).await;
    world.owner.press_on(first.message_id, "Mark paid");
    world.admins.expect(&["12-digit UTR"]).await;
    world.owner.send("632598765432");
    world.admins.expect(&["Paid by Meera"]).await;
    world.admins.expect(&["is marked paid"]).await;
    bala.expect(&["is sent"]).await;
    let order = world.buy(&bala, "632512345670").await;
    let second = refunded_by_upi(&world, &order, "bala@okbank", true).await;
    bala.expect(&["bala@okbank"]).await;
    world.owner.press_on(second.message_id, "Mark paid");
    world.admins.expect(&["12-digit UTR"]).await;
    world.owner.send("632598765432");
    world.admins.expect(&["already used"]).await;
    world.owner.press_on(second.message_id, "Could not pay");
    world.admins.expect(&["the bank refused the payout"]).await;
    world.owner.press_on(second.message_id, "the bank refused the payout");
    world.admins.expect(&["Could not be paid", "the bank refused the payout"]).await;
    bala.expect(&["could not be sent", "the bank refused the payout"]).await;
    assert_eq!(world.count("refund WHERE state = 'sent'").await, 1);
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_wallet_paid_goes_back_there_without_being_asked() {
    let world = World::new().await;
    let bala = world.joined(3, "Bala", None).await;
    let user = users::by_telegram_id(world.core.db(), 3).await.unwrap().unwrap();
    let by = Actor { telegram_id: 900, name: "Meera".into() };
    for (account, amount, key) in [(Adjustable::Credit, "100", "a"), (Adjustable::Earned, "35", "b")] {
        treasury::adjust(&world.core, user.user_id(), account, amount.parse().unwrap(), "a gift", &by, key).await.unwrap();
    }
    let order = orders::place(&world.core, &user, "combo-ott").await.unwrap().into_inner();
    payments::pay_from_wallet(&world.core, &user, &order.code, "press:1").await.unwrap();
    let code = format!("O-{}", order.code);
    bala.expect(&[&code, "approved"]).await;
    world.admins.expect(&[&code, "Paid from the wallet", "Deliver"]).await;

    world.owner.send(&format!("/refund {code}"));
    world.admins.expect(&["₹0 from outside, ₹135 from the wallet"]).await;
    world.owner.press("Refund all ₹135");
    let why = world.admins.expect(&["₹100 to the wallet, to spend", "₹35 to the wallet, withdrawable", "Why?"]).await;
    assert!(why.button("By UPI").is_none());
    world.owner.press_on(why.message_id, "Back");
    world.admins.expect(&["Refund all ₹135"]).await;
    world.owner.press("Refund all ₹135");
    world.admins.expect(&["Why?"]).await;
    world.owner.press("it was bought by mistake");
    world.admins.expect(&["Confirm refund"]).await;
    world.owner.press("Confirm refund");
    // The refund's card, and the order's that nothing is to be delivered for any more, in either order.
    let cards = [world.admins.next().await, world.admins.next().await];
    let card = cards.iter().find(|card| card.to_string().contains("₹100 to the wallet, to spend")).unwrap();
    assert!(card.to_string().contains("R-") && card.to_string().contains("₹35 to the wallet, withdrawable"), "{card}");
    assert!(cards.iter().any(|card| card.to_string().contains("Refunded: ₹135")));
    assert!(cards.iter().all(|card| card.buttons.is_empty()));
    bala.expect(&["₹135", "to the wallet, to spend", "withdrawable", "bought by mistake"]).await;
    bala.send("/wallet");
    bala.expect(&["To spend: ₹135", "Withdrawable: ₹35"]).await;
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_says_what_is_wrong_and_a_brought_card_is_the_one_that_follows() {
    let world = World::new().await;
    let (bala, order) = lone(&world, "632512345678").await;
    let unpaid = world.order(&bala).await;
    for (command, answer) in [
        ("/refund".to_owned(), "Use: /refund"),
        ("/refund O-ZZZZZZZZ".to_owned(), "no order"),
        ("/refund <b>".to_owned(), "no order"),
        (format!("/refund {unpaid}"), "is not paid"),
        ("/help".to_owned(), "/refund O-"),
    ] {
        world.owner.send(&command);
        assert!(world.admins.expect(&[answer]).await.reply_to.is_some(), "{command}");
    }
    let card = refunded_by_upi(&world, &order, "bala@okbank", false).await;
    bala.expect(&["bala@okbank"]).await;
    let code = quoted(&card, "R-");
    world.owner.send("/pending");
    world.admins.expect(&[&code]).await;
    world.owner.press(&format!("↩️ {code}"));
    let brought = world.admins.expect(&[&code, "Mark paid"]).await;
    assert_ne!(brought.message_id, card.message_id);
    world.owner.press_on(brought.message_id, "Mark paid");
    world.admins.expect(&["12-digit UTR"]).await;
    world.owner.send("632598765432");
    assert_eq!(world.admins.expect(&["Paid by Meera"]).await.message_id, brought.message_id);
    world.admins.expect(&["is marked paid"]).await;
    bala.expect(&["is sent"]).await;
    world.ends_well().await;
}

/// An order of Bala's with ₹60 from the wallet and ₹75 from outside, paid this way and approved.
async fn paid_in_parts(world: &World, method: &str) -> (Person, String) {
    let bala = world.joined(3, "Bala", None).await;
    let user = users::by_telegram_id(world.core.db(), 3).await.unwrap().unwrap();
    let by = Actor { telegram_id: 900, name: "Meera".into() };
    treasury::adjust(&world.core, user.user_id(), Adjustable::Credit, "60".parse().unwrap(), "a gift", &by, "gift")
        .await
        .unwrap();
    let order = orders::place(&world.core, &user, "combo-ott").await.unwrap().into_inner();
    orders::set_aside(&world.core, user.user_id(), &order.code, "60".parse().unwrap()).await.unwrap();
    let proof = Proof::Utr("632512345678".parse().unwrap());
    let payment = payments::submit(&world.core, user.user_id(), &order.code, &proof, "test:1").await.unwrap().into_inner();
    world.sql(&format!("UPDATE payment SET method = '{method}'")).await;
    let code = format!("O-{}", order.code);
    world.admins.expect(&[&code, "Amount: ₹75"]).await;
    payments::confirm(&world.core, payment.id, &by).await.unwrap();
    bala.expect(&[&code, "approved"]).await;
    (bala, code)
}

#[tokio::test(flavor = "multi_thread")]
async fn each_part_goes_back_to_where_it_came_from() {
    let world = World::new().await;
    let (bala, order) = paid_in_parts(&world, "upi").await;
    world.owner.send(&format!("/refund {order}"));
    world.admins.expect(&["₹75 from outside, ₹60 from the wallet"]).await;
    world.owner.press("Refund all ₹135");
    world.admins.expect(&["Refund ₹135", "₹75 of it was paid from outside"]).await;
    world.owner.press("By UPI");
    world.admins.expect(&["UPI ID is ₹75"]).await;
    world.owner.send("bala@okbank");
    world.admins.expect(&["₹75 by UPI to bala@okbank, ₹60 to the wallet, to spend"]).await;
    world.owner.press("it could not be delivered");
    let summary = world.admins.expect(&["Confirm refund", "₹75 by UPI to bala@okbank, ₹60 to the wallet, to spend"]).await;

    // The program died right after the refund was made: the press that is run again shows it.
    let id: i64 = data(&summary, "Confirm refund").rsplit('|').next().unwrap().parse().unwrap();
    let draft = refunds::drafted(world.core.db(), 900, id).await.unwrap().unwrap();
    let by = Actor { telegram_id: 900, name: "Meera".into() };
    let reason = draft.reason.clone().unwrap();
    refunds::refund(&world.core, draft.order_id, draft.amount, &draft.to(), &by, &reason, &draft.key()).await.unwrap();
    world.owner.press("Confirm refund");
    let card = world
        .admins
        .expect(&["R-", "₹75 by UPI to bala@okbank, ₹60 to the wallet, to spend", "Send ₹75 to bala@okbank", "Mark paid"])
        .await;
    world.admins.expect(&["Refunded: ₹135"]).await;
    bala.expect(&["₹135", "₹75 by UPI to bala@okbank, ₹60 to the wallet, to spend"]).await;
    assert_eq!(world.count("refund").await, 1);
    world.owner.press_on(card.message_id, "Mark paid");
    world.admins.expect(&["12-digit UTR"]).await;
    world.owner.send("632598765432");
    world.admins.expect(&["Paid by Meera"]).await;
    world.admins.expect(&["is marked paid"]).await;
    bala.expect(&["₹75 is sent to bala@okbank", "632598765432"]).await;
    bala.send("/wallet");
    bala.expect(&["To spend: ₹60"]).await;
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_gateway_took_is_not_sent_by_upi_and_support_reads_the_card() {
    let world = World::new().await;
    let (bala, order) = paid_in_parts(&world, "gateway").await;
    let summary = {
        world.owner.send(&format!("/refund {order}"));
        world.admins.expect(&["Refund all ₹135"]).await;
        world.owner.press("Refund all ₹135");
        let ways = world.admins.expect(&["To the wallet", "Back"]).await;
        assert!(ways.button("By UPI").is_none(), "{ways}");
        world.owner.press("To the wallet");
        world.admins.expect(&["₹135 to the wallet, to spend"]).await;
        world.owner.press("bought by mistake");
        world.admins.expect(&["Confirm refund"]).await
    };
    world.owner.press_on(summary.message_id, "Confirm refund");
    let card = world.admins.expect(&["R-", "₹135 to the wallet, to spend"]).await;
    world.admins.expect(&["Refunded: ₹135"]).await;
    bala.expect(&["₹135 to the wallet, to spend"]).await;
    let gita = world.person(902, "Gita").in_group(&world.admins);
    world.owner.send("/staff add 902 support Gita");
    world.admins.expect(&["support"]).await;
    gita.send(&format!("/order {order}"));
    world.admins.expect(&["State: refunded", "₹135 refunded (₹135 to the wallet, to spend), done"]).await;
    gita.press(&format!("↩️ {}", quoted(&card, "R-")));
    world.admins.expect(&["Refunded by Meera", "bought by mistake"]).await;
    world.ends_well().await;
}

#[test]
fn reversals_that_pile_up_are_one_message_and_say_what_is_owed() {
    let texts = Texts::new("en", chrono_tz::Asia::Kolkata);
    let reversed =
        |amount: &str, owed: &str, whole| Notice::Reversed { amount: amount.parse().unwrap(), level: 2, owed: owed.parse().unwrap(), whole };
    let one = notices::reversed(&texts, &[reversed("9", "9", false)]).text;
    for part in ["<b>₹9</b>", "level 2", "a part of the order was refunded", "₹9 of it was withdrawn or spent", "you owe that"] {
        assert!(one.contains(part), "{one}");
    }
    let many = notices::reversed(&texts, &[reversed("28", "0", true), reversed("9", "4.50", true)]).text;
    for part in ["<b>₹37</b>", "2 orders were refunded", "₹4.50 of it"] {
        assert!(many.contains(part), "{many}");
    }
    assert!(!notices::reversed(&texts, &[reversed("28", "0", true)]).text.contains("owe"));
}
