//! Telegram Stars, from the invoice to the refund, through the program.

use crate::world::{World, quoted};
use chrono::TimeDelta;
use mela_sandbox::{Fault, Person, Seen};
use serde_json::json;

/// Orders the plan and asks for its invoice; answers the order's `O-…` and the invoice.
async fn invoiced(person: &Person) -> (String, Seen) {
    person.send("/start plan_combo-ott");
    person.expect(&["Combo OTT Plan", "Buy now"]).await;
    person.press("Buy now");
    let order = quoted(&person.expect(&["O-", "I have paid", "Pay with ⭐ 150"]).await, "O-");
    person.press("Pay with ⭐ 150");
    let invoice = person.expect(&["Combo OTT Plan", &order, "⭐️ 150", "Pay"]).await;
    assert!(invoice.protected);
    (order, invoice)
}

async fn for_stars() -> World {
    let world = World::with(&[("MELA_JOBS__STARS_EVERY", "1s")]).await;
    world.sql("UPDATE plan SET stars = 150").await;
    world
}

#[tokio::test(flavor = "multi_thread")]
async fn paid_in_stars_delivered_and_given_back() {
    let world = for_stars().await;
    let asha = world.joined(1, "Asha", None).await;
    let link = world.link(&asha).await;
    let bina = world.joined(2, "Bina", Some(&link)).await;
    asha.expect(&["joined"]).await;
    let (order, invoice) = invoiced(&bina).await;
    assert!(asha.pay_in(2, invoice.message_id).await.unwrap_err().contains("link"), "a copy opens the bot");
    bina.pay(invoice.message_id).await.unwrap();
    bina.expect(&["approved", &order]).await;
    world.admins.expect(&[&order, "in Telegram Stars", "Approved by Telegram Stars", "Deliver"]).await;
    asha.expect(&["₹28"]).await;
    assert_eq!((bina.stars(), world.sandbox.star_balance()), (9_850, 150));
    // Telegram tells of it again.
    let charge = world.sandbox.charges().remove(0);
    world.sandbox.push_raw_update(json!({ "message": {
        "message_id": 9_999, "date": 1, "from": { "id": 2, "is_bot": false, "first_name": "Bina" }, "chat": { "id": 2, "type": "private" },
        "successful_payment": { "currency": "XTR", "total_amount": 150, "invoice_payload": &order[2..], "telegram_payment_charge_id": charge,
                                "provider_payment_charge_id": "", "order_info": null },
    }}));
    world.owner.send(&format!("/refund {order}"));
    world.admins.expect(&["Refund all ₹135", "A part"]).await;
    world.owner.press("A part");
    world.admins.expect(&["how much"]).await;
    world.owner.send("35");
    let part = world.admins.expect(&["Refund ₹35", "To the wallet"]).await;
    assert!(part.button("⭐").is_none() && part.button("By UPI").is_none(), "Stars go back whole: {part}");
    world.owner.press_on(part.message_id, "Back");
    world.admins.expect(&["Refund all"]).await;
    world.owner.press_on(part.message_id, "Refund all");
    let whole = world.admins.expect(&["Refund ₹135", "To the wallet", "Back, ⭐ 150"]).await;
    assert!(whole.button("By UPI").is_none(), "{whole}");
    world.sandbox.fail_next("refundStarPayment", 1, Fault::ServerError(500));
    world.owner.press_on(whole.message_id, "Back, ⭐ 150");
    world.admins.expect(&["₹135 back in Telegram Stars", "did not work"]).await;
    world.owner.press_on(whole.message_id, "did not work");
    world.admins.expect(&["Confirm refund"]).await;
    world.owner.press_on(whole.message_id, "Confirm refund");
    world.admins.expect(&["Refunded by Meera"]).await;
    world.admins.expect(&["Refunded: ₹135"]).await;
    bina.expect(&["₹135", "refunded"]).await;
    asha.expect(&["₹28"]).await;
    while bina.stars() < 10_000 {
        // After the fault its pause is some seconds of the database's clock.
        world.sql("UPDATE star_charge SET back_next_at = now() WHERE back_at IS NULL").await;
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    while world.count("star_charge WHERE back_at IS NULL").await > 0 {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!(world.sandbox.star_balance(), 0);
    assert_eq!(world.count("payment").await, 1);
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_pay_is_told_why_in_their_language() {
    let world = for_stars().await;
    let bina = world.joined(2, "Bina", None).await;
    let (order, invoice) = invoiced(&bina).await;
    bina.send("/orders");
    bina.expect(&[&order]).await;
    bina.press(&order);
    bina.expect(&["Cancel order"]).await;
    bina.press("Cancel order");
    bina.expect(&["cancelled"]).await;
    assert!(bina.pay(invoice.message_id).await.unwrap_err().contains("This order has ended"));
    // A second invoice of one order is not paid when the first was.
    let (_, first) = invoiced(&bina).await;
    bina.press("Pay with ⭐ 150");
    let second = bina.expect(&["⭐️ 150"]).await;
    bina.pay(first.message_id).await.unwrap();
    bina.expect(&["approved"]).await;
    world.admins.expect(&["Approved by Telegram Stars"]).await;
    assert!(bina.pay(second.message_id).await.unwrap_err().contains("paid already"));
    let ravi = world.person(3, "Ravi").with_language("hi");
    ravi.send("/start plan_combo-ott");
    ravi.expect(&["Combo OTT Plan"]).await;
    ravi.press("ख़रीदें");
    let order = quoted(&ravi.expect(&["⭐ 150"]).await, "O-");
    ravi.press("⭐ 150");
    let invoice = ravi.expect(&["⭐️ 150"]).await;
    world.advance(TimeDelta::hours(1));
    ravi.expect(&[&order]).await;
    assert!(ravi.pay(invoice.message_id).await.unwrap_err().contains("यह ऑर्डर ख़त्म"));
    // What teloxide cannot read is answered all the same.
    world.sandbox.push_raw_update(json!({ "pre_checkout_query": {
        "id": "7", "from": { "id": 3, "is_bot": false, "first_name": "Ravi" }, "currency": "XTR", "total_amount": 150, "invoice_payload": "x", "order_info": null,
    }}));
    world.sandbox.push_raw_update(json!({ "pre_checkout_query": {
        "id": "8", "from": { "id": 3, "is_bot": false, "first_name": "Ravi" }, "currency": "INR", "total_amount": 99_999_999_999_i64, "invoice_payload": "",
    }}));
    while world.count("inbox WHERE done_at IS NULL").await > 0 {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!(world.count("inbox WHERE failed_at IS NOT NULL").await, 0);
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn stars_that_no_order_takes_wait_or_go_back() {
    let world = for_stars().await;
    let (bina, ravi) = (world.joined(2, "Bina", None).await, world.joined(3, "Ravi", None).await);
    let (order, _) = invoiced(&bina).await;
    let came = |from: i64, charge: &str, payload: &str, currency: &str| {
        json!({ "message": {
            "message_id": 9_999, "date": 1, "from": { "id": from, "is_bot": false, "first_name": "X" }, "chat": { "id": from, "type": "private" },
            "successful_payment": { "currency": currency, "total_amount": 150, "invoice_payload": payload, "telegram_payment_charge_id": charge,
                                    "provider_payment_charge_id": "" },
        }})
    };
    world.sandbox.push_raw_update(came(3, "foreign", &order[2..], "XTR"));
    ravi.expect(&["150 Stars", "A person looks at it", "/paysupport"]).await;
    assert_eq!(world.count("bank_credit WHERE source = 'stars' AND amount = 135").await, 1);
    world.admins.expect(&["₹135 came in", "Telegram Stars", "Send back"]).await;
    world.sandbox.push_raw_update(came(3, "unknown", "what?", "XTR"));
    ravi.expect(&["150 Stars", "sent back"]).await;
    world.admins.expect(&["no order of ours"]).await;
    // Telegram knows no such charge: staff are told, and it is tried again.
    world.admins.expect(&["does not send Stars back", "CHARGE_ID_INVALID"]).await;
    world.sandbox.push_raw_update(came(3, "rupees", &order[2..], "INR"));
    world.admins.expect(&["not in Stars"]).await;
    // Telegram's support gave them back: nobody here did.
    bina.press("Pay with ⭐ 150");
    let invoice = bina.expect(&["⭐️ 150"]).await;
    bina.pay(invoice.message_id).await.unwrap();
    bina.expect(&["approved"]).await;
    world.admins.expect(&["Approved by Telegram Stars"]).await;
    let charge = world.sandbox.charges().remove(0);
    assert!(world.sandbox.refund_stars(2, &charge));
    world.admins.expect(&["without a refund of ours"]).await;
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_dies_between_the_payment_and_the_order_loses_nothing() {
    let mut world = for_stars().await;
    let bina = world.joined(2, "Bina", None).await;
    let (order, invoice) = invoiced(&bina).await;
    bina.pay(invoice.message_id).await.unwrap();
    world.kill().await;
    world.start().await;
    bina.expect(&["approved", &order]).await;
    world.admins.expect(&["Approved by Telegram Stars"]).await;
    world.all_told().await;
    assert_eq!(world.count("payment WHERE state = 'confirmed'").await, 1);
    world.ends_well().await;
}

/// Telegram waits ten seconds: what others do, or the same person, does not stand in the way.
#[tokio::test(flavor = "multi_thread")]
async fn a_checkout_waits_behind_nobody() {
    let world = for_stars().await;
    let bina = world.joined(2, "Bina", None).await;
    let (order, invoice) = invoiced(&bina).await;
    // Each of these keeps its handler busy: what they are sent is tried again, with pauses.
    world.sandbox.fail_next("sendMessage", 256, Fault::ServerError(500));
    for n in 0..80 {
        world.person(100 + n, "Many").send("/help");
    }
    bina.send("/help");
    bina.pay(invoice.message_id).await.unwrap();
    assert!(world.sandbox.unread().is_empty(), "the others wait still");
    for n in 0..80 {
        world.person(100 + n, "Many").expect(&["/plans"]).await;
    }
    bina.expect(&["/plans"]).await;
    bina.expect(&["approved", &order]).await;
    world.admins.expect(&["Approved by Telegram Stars"]).await;
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_price_in_stars_is_set_like_any_other_and_telegrams_commands_answer() {
    let world = World::with(&[("MELA_SHOP__SUPPORT", "@meera"), ("MELA_SHOP__TERMS_URL", "https://example.com/terms")]).await;
    world.owner.send("/products");
    world.admins.expect(&["Combo OTT Plan"]).await;
    world.owner.press("Combo OTT Plan");
    world.admins.expect(&["Price: ₹135", "Stars"]).await;
    for (typed, answer) in [("0", "cannot be the Stars"), ("1.5", "cannot be"), ("150", "150"), ("-", "Stars")] {
        if answer.len() < 6 {
            world.owner.press("Stars");
            world.admins.expect(&["Stars", "Wanted"]).await;
        }
        if typed == "0" {
            world.owner.press("Stars");
            world.admins.expect(&["Wanted"]).await;
        }
        world.owner.send(typed);
        world.admins.expect(&[answer]).await;
    }
    assert_eq!(world.count("plan WHERE stars IS NULL").await, 1);
    let bina = world.joined(2, "Bina", None).await;
    bina.send("/paysupport");
    bina.expect(&["Help with a payment", "@meera"]).await;
    bina.send("/terms");
    bina.expect(&["Terms of Mela", "given back", "https://example.com/terms", "/paysupport"]).await;
    bina.send("/start plan_combo-ott");
    bina.expect(&["Buy now"]).await;
    bina.press("Buy now");
    let screen = bina.expect(&["I have paid"]).await;
    assert!(screen.button("⭐").is_none());
    let forged = bina.press_data(screen.message_id, &format!("1|stars|{}", &quoted(&screen, "O-")[2..]));
    assert!(bina.alert(&forged).await.unwrap().contains("not waiting"));
    world.ends_well().await;
}
