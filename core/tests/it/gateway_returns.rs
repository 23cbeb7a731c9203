//! What gateways give back and pay out.

use super::gateways::{alarms, hear, linked, open, paid, sweep, waiting};
use super::shop::{Shop, admin, rupees};
use super::together::at_once;
use chrono::TimeDelta;
use mela_core::audit::Actor;
use mela_core::credits::{self, For};
use mela_core::gateways::Which;
use mela_core::orders::Order;
use mela_core::refunds::{self, Refund, To};
use serde_json::json;
use testkit::gateway::{Event, Mood, WEBHOOK_SECRET};

pub(crate) async fn refund_back(shop: &Shop, order: &Order, amount: &str) -> Refund {
    shop.refund(order, amount, &To::Back).await.unwrap().into_inner()
}

async fn told(shop: &Shop) -> Vec<String> {
    shop.column("SELECT args ->> 'became' FROM notification WHERE kind = 'refund' ORDER BY id").await
}

pub(crate) async fn returns(shop: &Shop) -> Vec<String> {
    shop.column("SELECT concat_ws(' ', trim_scale(amount), state) FROM gateway_refund ORDER BY id").await
}

#[tokio::test]
async fn a_refund_goes_back_the_way_it_was_paid_once_whatever_the_gateway_does() {
    let (shop, fake) = open(&[]).await;
    let bina = shop.arrive("Bina", None).await;
    let (order, payment) = paid(&shop, &fake, &bina).await;
    let first = refund_back(&shop, &order, "35").await;
    assert_eq!(shop.entries(&format!("refund:{}", first.id)).await[0], "gateway_clearing: -35");
    assert_eq!(returns(&shop).await, ["35 to_send"]);
    // In flight elsewhere; then it does it and forgets to say so; then it is down; then it says so.
    fake.will_be(&[Mood::Busy, Mood::Forgets, Mood::Down]);
    for _ in 0..60 {
        sweep(&shop).await;
        shop.advance(TimeDelta::minutes(1));
    }
    assert_eq!((returns(&shop).await, fake.refunds().len()), (vec!["35 processed".to_owned()], 1));
    let sent = &fake.refunds()[0];
    assert_eq!((sent.payment.as_str(), sent.amount, sent.key.clone()), (payment.as_str(), 3_500, format!("refund-R-{}", first.code)));
    assert_eq!(told(&shop).await, ["made", "returned"]);

    // The rest, whose end is told by a webhook, twice, and by the one that comes before the answer.
    fake.refunds_are("pending");
    let second = refund_back(&shop, &order, "100").await;
    sweep(&shop).await;
    assert_eq!(returns(&shop).await, ["35 processed", "100 sent"]);
    let event = fake.razorpay_refund(&format!("refund-R-{}", second.code), "processed");
    for _ in 0..2 {
        hear(&shop, Which::Razorpay, &event).await.unwrap();
    }
    assert_eq!(returns(&shop).await, ["35 processed", "100 processed"]);
    assert_eq!(told(&shop).await, ["made", "returned", "made", "returned"]);
    assert_eq!(refunds::get(shop.core.db(), second.id).await.unwrap().gateway_state.as_deref(), Some("processed"));
    assert_eq!(shop.count("SELECT count(*) FROM notification WHERE kind = 'card-changed' AND args ->> 'card' = 'refund'").await, 3);
    // It says the other thing now: nothing changes by that, a person looks.
    hear(&shop, Which::Razorpay, &fake.razorpay_refund(&format!("refund-R-{}", second.code), "failed")).await.unwrap();
    assert_eq!((returns(&shop).await.join(", "), alarms(&shop).await.len()), ("35 processed, 100 processed".to_owned(), 1));
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn a_refund_that_cannot_be_sent_is_in_the_wallet() {
    let (shop, fake) = open(&[]).await;
    let bina = shop.arrive("Bina", None).await;
    // Refused at once, and refused in the end.
    let (order, _) = paid(&shop, &fake, &bina).await;
    fake.refunds_are("failed");
    let refused = refund_back(&shop, &order, "135").await;
    sweep(&shop).await;
    assert_eq!((returns(&shop).await, shop.has(&bina).await), (vec!["135 failed".to_owned()], "credit 135".to_owned()));
    assert_eq!(shop.entries("return:1:failed").await, ["gateway_clearing: 135", "Bina credit: -135"]);
    assert!(refunds::get(shop.core.db(), refused.id).await.unwrap().gateway_error.unwrap().contains("6 months"));

    let (order, _) = paid(&shop, &fake, &bina).await;
    fake.refunds_are("pending");
    let failed = refund_back(&shop, &order, "135").await;
    sweep(&shop).await;
    let event = fake.razorpay_refund(&format!("refund-R-{}", failed.code), "failed");
    let heard = at_once(4, |_| {
        let (shop, event) = (shop.clone(), event.clone());
        async move { hear(&shop, Which::Razorpay, &event).await }
    })
    .await;
    assert!(heard.iter().all(Result::is_ok));
    assert_eq!(shop.has(&bina).await, "credit 270");
    assert_eq!(told(&shop).await, ["made", "not-returned", "made", "not-returned"]);
    // The incremental proof, too.
    assert_eq!(mela_core::ledger::proof_since(shop.core.db(), 1).await.unwrap(), []);
    shop.proof_is_empty().await;

    // The webhook of a refund is lost: it is asked about.
    let (order, _) = paid(&shop, &fake, &bina).await;
    let lost = refund_back(&shop, &order, "135").await;
    sweep(&shop).await;
    let _ = fake.razorpay_refund(&format!("refund-R-{}", lost.code), "failed");
    shop.advance(TimeDelta::hours(2));
    sweep(&shop).await;
    assert_eq!(shop.has(&bina).await, "credit 405");
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn money_that_was_given_back_beside_us_is_not_given_twice() {
    let (shop, fake) = open(&[]).await;
    let bina = shop.arrive("Bina", None).await;
    let (order, payment) = paid(&shop, &fake, &bina).await;
    // Somebody refunded all of it in the dashboard: whether ours is to be in the wallet, a person must say.
    let client = reqwest::Client::new();
    let url = format!("{}/v1/payments/{payment}/refund", fake.url());
    let by_hand = client
        .post(url)
        .basic_auth(testkit::gateway::KEY_ID, Some(testkit::gateway::KEY_SECRET))
        .header("X-Refund-Idempotency", "by-hand-in-dashboard");
    assert!(by_hand.json(&json!({ "amount": 13_500 })).send().await.unwrap().status().is_success());
    refund_back(&shop, &order, "135").await;
    for _ in 0..5 {
        sweep(&shop).await;
        shop.advance(TimeDelta::minutes(10));
    }
    assert_eq!((returns(&shop).await, shop.has(&bina).await), (vec!["135 to_send".to_owned()], String::new()));
    assert_eq!((alarms(&shop).await.len(), fake.refunds().len()), (1, 1));
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn a_credit_for_nothing_is_sent_back_and_waits_again_when_that_fails() {
    let (shop, fake) = open(&[]).await;
    let bina = shop.arrive("Bina", None).await;
    let (_, charge) = linked(&shop, &bina).await;
    let short = fake.pay_as(&charge.reference, 10_000, "INR", "captured");
    hear(&shop, Which::Razorpay, &fake.razorpay_events(&short)[3]).await.unwrap();
    let to = For { sent_back: rupees("100"), ..For::default() };
    for _ in 0..2 {
        credits::assign(&shop.core, 1, &to, &admin("Meera"), "press:1").await.unwrap();
    }
    let key = "credit-0000001-1";
    fake.refunds_are("pending");
    sweep(&shop).await;
    assert_eq!(returns(&shop).await, ["100 sent"]);
    hear(&shop, Which::Razorpay, &fake.razorpay_refund(key, "failed")).await.unwrap();
    let found = waiting(&shop).await;
    assert_eq!(found[1], format!("razorpay razorpay/{}/{key} 100 unknown", short.id), "it is with the gateway still");
    shop.proof_is_empty().await;

    // Sent back once more, by what the credit is called now.
    credits::assign(&shop.core, 2, &to, &Actor::program("x"), "press:2").await.unwrap();
    fake.refunds_are("processed");
    sweep(&shop).await;
    assert_eq!(returns(&shop).await, ["100 failed", "100 processed"]);
    assert_eq!(shop.count("SELECT count(*) FROM bank_credit WHERE assigned < amount").await, 0);
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn payouts_are_booked_once_with_what_was_kept() {
    let (shop, fake) = open(&[]).await;
    let bina = shop.arrive("Bina", None).await;
    for _ in 0..2 {
        paid(&shop, &fake, &bina).await;
    }
    let (order, _) = paid(&shop, &fake, &bina).await;
    refund_back(&shop, &order, "100").await;
    sweep(&shop).await;
    // Told of by webhook, twice; the fees are known by asking alone, and the gateway is away at first.
    let event = fake.razorpay_payout();
    for _ in 0..2 {
        hear(&shop, Which::Razorpay, &event).await.unwrap();
    }
    fake.will_be(&[Mood::Down]);
    for _ in 0..5 {
        sweep(&shop).await;
        shop.advance(TimeDelta::minutes(10));
    }
    // 3 × 135, less a refund of 100, less a fiftieth of each.
    let booked = "SELECT concat_ws(' ', s.reference, trim_scale(s.net), trim_scale(s.fees)) FROM settlement s";
    let utr = shop.column("SELECT utr FROM gateway_settlement").await[0].clone();
    assert_eq!(shop.column(booked).await, [format!("{utr} 296.9 8.1")]);
    assert_eq!(shop.count("SELECT count(*) FROM gateway_payment WHERE settlement IS NOT NULL").await, 3);
    let clearing = "SELECT trim_scale(sum(gateway_clearing))::text FROM ledger.journal";
    assert_eq!(shop.column(clearing).await, ["0"]);

    // One of which no webhook told.
    paid(&shop, &fake, &bina).await;
    let _ = fake.razorpay_payout();
    shop.advance(TimeDelta::hours(7));
    sweep(&shop).await;
    assert_eq!((shop.column(booked).await.len(), shop.column(clearing).await), (2, vec!["0".to_owned()]));
    assert!(alarms(&shop).await.is_empty());
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn a_payout_whose_parts_are_not_told_waits_and_a_person_hears_of_it() {
    let (shop, _fake) = open(&[]).await;
    let body = json!({ "event": "settlement.processed", "payload": { "settlement": { "entity": { "id": "setl_1", "amount": 500, "utr": null, "created_at": 1_795_000_000, "status": "processed" } } } });
    hear(&shop, Which::Razorpay, &Event::of_razorpay("x", "evt_1", body.to_string().into_bytes(), WEBHOOK_SECRET))
        .await
        .unwrap();
    for _ in 0..30 {
        sweep(&shop).await;
        shop.advance(TimeDelta::hours(1));
    }
    assert_eq!(shop.count("SELECT count(*) FROM settlement").await, 0);
    let told = alarms(&shop).await;
    assert!(told.len() == 1 && told[0].contains("setl_1"), "{told:?}");
    shop.proof_is_empty().await;
}
