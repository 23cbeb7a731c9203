//! Invoices in Stars: what is taken, who may pay, what is answered when, and the way back.

use crate::helpers::{Bot, sandbox};
use mela_sandbox::{Options, Sandbox};
use serde_json::{Value, json};

fn invoice(chat: i64) -> Value {
    json!({
        "chat_id": chat, "title": "Combo", "description": "A month", "payload": "7K2M9QXA", "provider_token": "", "currency": "XTR",
        "prices": [{"label": "Combo", "amount": 150}], "start_parameter": "stars",
    })
}

fn with(name: &str, value: Value) -> Value {
    let mut params = invoice(1);
    params[name] = value;
    params
}

#[tokio::test]
async fn an_invoice_is_checked_as_telegram_checks_it() {
    let (sandbox, bot) = sandbox().await;
    let asha = sandbox.person(1, "Asha");
    asha.send("/start");
    for (name, value, why) in [
        ("title", json!(""), "title"),
        ("title", json!("x".repeat(33)), "32"),
        ("description", json!("x".repeat(256)), "255"),
        ("payload", json!(""), "INVOICE_PAYLOAD_INVALID"),
        ("payload", json!("x".repeat(129)), "INVOICE_PAYLOAD_INVALID"),
        ("currency", json!("INR"), "CURRENCY_INVALID"),
        ("provider_token", json!("1:TEST"), "PAYMENT_PROVIDER_INVALID"),
        ("prices", json!([]), "STARS_INVOICE_INVALID"),
        ("prices", json!([{"label": "a", "amount": 1}, {"label": "b", "amount": 1}]), "STARS_INVOICE_INVALID"),
        ("prices", json!([{"label": "a", "amount": 0}]), "CURRENCY_TOTAL_AMOUNT_INVALID"),
        ("prices", json!([{"label": "a", "amount": 100_001}]), "CURRENCY_TOTAL_AMOUNT_INVALID"),
        ("reply_markup", json!({"inline_keyboard": [[{"text": "x", "callback_data": "x"}]]}), "REPLY_MARKUP_BUY_EMPTY"),
        ("chat_id", json!(5), "chat not found"),
    ] {
        let said = bot.no("sendInvoice", with(name, value.clone())).await;
        assert!(said.contains(why), "{name} {value}: {said}");
    }
    let sent = bot.ok("sendInvoice", invoice(1)).await;
    assert_eq!((&sent["invoice"]["total_amount"], &sent["invoice"]["currency"]), (&json!(150), &json!("XTR")));
    asha.expect(&["Combo", "A month", "Pay ⭐️150"]).await;
}

async fn asked(bot: &Bot) -> Value {
    let updates = bot.drain().await;
    updates.into_iter().find(|update| update.get("pre_checkout_query").is_some()).unwrap()["pre_checkout_query"].clone()
}

#[tokio::test]
async fn the_bot_is_asked_first_and_what_is_paid_can_go_back_once() {
    let (sandbox, bot) = sandbox().await;
    let (asha, bina) = (sandbox.person(1, "Asha"), sandbox.person(2, "Bina"));
    asha.send("/start");
    bot.drain().await;
    let sent = bot.ok("sendInvoice", invoice(1)).await;
    let id = sent["message_id"].as_i64().unwrap();
    assert!(bina.begin_paying(1, id).unwrap_err().contains("link"), "a copy opens the bot");
    let query = asha.begin_paying(1, id).unwrap();
    let told = asked(&bot).await;
    assert_eq!(
        (told["id"].as_str(), &told["total_amount"], &told["invoice_payload"]),
        (Some(query.as_str()), &json!(150), &json!("7K2M9QXA"))
    );
    assert!(bot.no("answerPreCheckoutQuery", json!({"pre_checkout_query_id": query, "ok": false})).await.contains("error_message"));
    bot.ok("answerPreCheckoutQuery", json!({"pre_checkout_query_id": query, "ok": false, "error_message": "Sold out"}))
        .await;
    assert!(bot.no("answerPreCheckoutQuery", json!({"pre_checkout_query_id": query, "ok": true})).await.contains("too old"));
    assert_eq!((asha.stars(), sandbox.star_balance()), (10_000, 0));

    let query = asha.begin_paying(1, id).unwrap();
    bot.ok("answerPreCheckoutQuery", json!({"pre_checkout_query_id": query, "ok": true})).await;
    assert_eq!((asha.stars(), sandbox.star_balance()), (9_850, 150));
    assert!(asha.begin_paying(1, id).unwrap_err().contains("paid"));
    let updates = bot.drain().await;
    let paid = &updates.last().unwrap()["message"]["successful_payment"];
    let charge = paid["telegram_payment_charge_id"].as_str().unwrap();
    assert_eq!((&paid["total_amount"], &paid["currency"]), (&json!(150), &json!("XTR")));

    let refund = |user: i64, charge: &str| json!({"user_id": user, "telegram_payment_charge_id": charge});
    assert!(bot.no("refundStarPayment", refund(2, charge)).await.contains("CHARGE_ID_INVALID"));
    assert!(bot.no("refundStarPayment", refund(1, "")).await.contains("CHARGE_ID_EMPTY"));
    assert!(bot.no("refundStarPayment", refund(7, charge)).await.contains("USER_ID_INVALID"));
    bot.ok("refundStarPayment", refund(1, charge)).await;
    assert!(bot.no("refundStarPayment", refund(1, charge)).await.contains("CHARGE_ALREADY_REFUNDED"));
    assert_eq!((asha.stars(), sandbox.star_balance()), (10_000, 0));
    assert!(bot.drain().await.last().unwrap()["message"]["refunded_payment"].is_object());
}

#[tokio::test]
async fn paid_stars_outlive_the_sandbox() {
    let folder = std::env::temp_dir().join(format!("mela-stars-{}", std::process::id()));
    let options = || Options { journal: Some(folder.join("journal")), ..Options::default() };
    let sandbox = Sandbox::start(options()).await.unwrap();
    let bot = Bot::new(&sandbox);
    let asha = sandbox.person(1, "Asha");
    asha.send("/start");
    let id = bot.ok("sendInvoice", invoice(1)).await["message_id"].as_i64().unwrap();
    let query = asha.begin_paying(1, id).unwrap();
    bot.ok("answerPreCheckoutQuery", json!({"pre_checkout_query_id": query, "ok": true})).await;
    let charges = sandbox.charges();
    sandbox.shutdown().await;
    let again = Sandbox::start(options()).await.unwrap();
    assert_eq!((again.person(1, "Asha").stars(), again.star_balance(), again.charges()), (9_850, 150, charges));
    again.shutdown().await;
    std::fs::remove_dir_all(folder).unwrap();
}
