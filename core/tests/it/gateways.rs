//! Payment gateways, over real HTTP against one of ours: what they take, what they tell, what they give back, what they pay out.

use super::gateway_returns::{refund_back, returns};
use super::shop::Shop;
use super::together::at_once;
use chrono::TimeDelta;
use mela_core::gateways::{self, Charge, Deaf, GatewayError, Swept, Trouble, Which};
use mela_core::orders::{self, Order, OrderState};
use mela_core::users::User;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};
use std::time::Duration;
use testkit::gateway::{Event, Fake, Mood, WEBHOOK_SECRET};

/// A shop with the gateways, and the gateway of both.
pub(crate) async fn open(more: &[(&str, &str)]) -> (Shop, Fake) {
    let clock = mela_core::clock::Clock::standing(super::shop::opening());
    let now = clock.clone();
    let fake = Fake::start(move || now.now()).await;
    let variables = [fake.razorpay(), fake.cashfree()].concat();
    let variables: Vec<(&str, &str)> = variables.iter().map(|(k, v)| (*k, v.as_str())).chain(more.iter().copied()).collect();
    (Shop::with_clock(clock, &variables).await, fake)
}

pub(crate) async fn pay_online(shop: &Shop, buyer: &User, order: &Order, which: Which) -> Result<Charge, GatewayError> {
    gateways::pay_online(&shop.core, buyer.user_id(), &order.code, which).await
}

pub(crate) async fn hear(shop: &Shop, which: Which, event: &Event) -> Result<(), Deaf> {
    let mut head = HeaderMap::new();
    for (name, value) in &event.headers {
        head.insert(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
    }
    gateways::hear(&shop.core, which, &head, &event.body).await
}

pub(crate) async fn sweep(shop: &Shop) -> Swept {
    gateways::sweep(&shop.core).await.unwrap()
}

pub(crate) async fn state(shop: &Shop, order: &Order) -> OrderState {
    orders::get(shop.core.db(), order.id).await.unwrap().state
}

/// An order whose link is open.
pub(crate) async fn linked(shop: &Shop, buyer: &User) -> (Order, Charge) {
    let order = shop.order(buyer).await;
    let charge = pay_online(shop, buyer, &order, Which::Razorpay).await.unwrap();
    (order, charge)
}

/// An order that was paid at the gateway, and the payment's name there.
pub(crate) async fn paid(shop: &Shop, fake: &Fake, buyer: &User) -> (Order, String) {
    let (order, charge) = linked(shop, buyer).await;
    let payment = fake.pay(&charge.reference);
    hear(shop, Which::Razorpay, &fake.razorpay_events(&payment)[1]).await.unwrap();
    assert_eq!(state(shop, &order).await, OrderState::Paid);
    (order, payment.id)
}

pub(crate) async fn alarms(shop: &Shop) -> Vec<String> {
    shop.column("SELECT args ->> 'text' FROM notification WHERE kind = 'alarm' ORDER BY id").await
}

pub(crate) async fn waiting(shop: &Shop) -> Vec<String> {
    shop.column("SELECT concat_ws(' ', source, bank_ref, trim_scale(amount), waits, order_id) FROM bank_credit ORDER BY id")
        .await
}

fn posted(fake: &Fake, path: &str) -> usize {
    fake.asked().iter().filter(|asked| *asked == &format!("POST {path}")).count()
}

#[tokio::test]
async fn two_presses_at_once_make_one_link_and_it_is_shown_again() {
    let (shop, fake) = open(&[]).await;
    let bina = shop.arrive("Bina", None).await;
    let order = shop.order(&bina).await;
    fake.is(Mood::Slow(Duration::from_millis(300)));
    let made = at_once(4, |_| {
        let (shop, bina, order) = (shop.clone(), bina.clone(), order.clone());
        async move { pay_online(&shop, &bina, &order, Which::Razorpay).await.unwrap() }
    })
    .await;
    assert!(made.iter().all(|charge| charge == &made[0]), "{made:?}");
    assert_eq!(posted(&fake, "/v1/payment_links"), 1);
    assert_eq!(fake.references(), [format!("O-{}-1", order.code)]);
    assert_eq!(gateways::current(&shop.core, &order).await.unwrap(), [made[0].clone()]);

    // Nobody else's, and not when nothing is awaited.
    let ravi = shop.arrive("Ravi", None).await;
    assert!(matches!(pay_online(&shop, &ravi, &order, Which::Razorpay).await, Err(GatewayError::NoOrder)));
    orders::cancel(&shop.core, bina.user_id(), &order.code).await.unwrap();
    assert!(matches!(pay_online(&shop, &bina, &order, Which::Razorpay).await, Err(GatewayError::NotAwaited(OrderState::Cancelled))));
    let plain = Shop::open().await;
    let asha = plain.arrive("Asha", None).await;
    let order = plain.order(&asha).await;
    assert!(matches!(pay_online(&plain, &asha, &order, Which::Razorpay).await, Err(GatewayError::Off)));
    assert_eq!(gateways::on(&plain.core), []);
}

#[tokio::test]
async fn a_link_whose_making_was_cut_short_is_found_by_its_reference() {
    for which in [Which::Razorpay, Which::Cashfree] {
        let (shop, fake) = open(&[]).await;
        let bina = shop.arrive("Bina", None).await;
        let order = shop.order(&bina).await;
        // Made, but the answer is lost; then it is down; then it is there.
        fake.will_be(&[Mood::Forgets, Mood::Down]);
        for _ in 0..2 {
            assert!(matches!(pay_online(&shop, &bina, &order, which).await, Err(GatewayError::Trouble(Trouble::Away(_)))));
        }
        let charge = pay_online(&shop, &bina, &order, which).await.unwrap();
        assert_eq!((fake.references().len(), charge.state.as_str()), (1, "open"));

        // The program died between the answer and its note.
        shop.run("UPDATE gateway_charge SET state = 'making', gateway_id = NULL, url = NULL, claimed_until = now() + interval '1 year', tries = 1")
            .await;
        shop.run("UPDATE gateway_charge SET claimed_until = made_at + interval '30 seconds'").await;
        shop.advance(TimeDelta::seconds(31));
        let again = pay_online(&shop, &bina, &order, which).await.unwrap();
        assert_eq!((again.url, again.gateway_id, fake.references().len()), (charge.url, charge.gateway_id, 1));
    }
}

#[tokio::test]
async fn what_is_paid_is_confirmed_once_in_whatever_order_and_however_often_it_is_told() {
    for (way, number) in [("link", 4), ("qr", 3)] {
        let (shop, fake) = open(&[("MELA_RAZORPAY__WAY", way)]).await;
        let (_, asha, bina) = shop.chain().await;
        let mut orders_paid = Vec::new();
        for first in 0..number {
            let (order, charge) = linked(&shop, &bina).await;
            let mut events = fake.razorpay_events(&fake.pay(&charge.reference));
            assert_eq!(events.len(), number);
            events.rotate_left(first);
            let doubled: Vec<Event> = events.iter().rev().chain(&events).cloned().collect();
            // All at once, each twice.
            let heard = at_once(doubled.len(), |n| {
                let (shop, event) = (shop.clone(), doubled[n].clone());
                async move { hear(&shop, Which::Razorpay, &event).await }
            })
            .await;
            assert!(heard.iter().all(Result::is_ok), "{heard:?}");
            assert_eq!(state(&shop, &order).await, OrderState::Paid, "{way} {first}");
            orders_paid.push(order);
        }
        let payments = shop.column("SELECT concat_ws(' ', method, trim_scale(amount), gateway, payer, state) FROM payment ORDER BY id").await;
        assert_eq!(payments.len(), number);
        assert!(payments.iter().all(|p| p.starts_with("gateway 135 razorpay payer") && p.ends_with("@okbank confirmed")), "{payments:?}");
        assert_eq!(shop.has(&asha).await, format!("held {}", 28 * number));
        assert_eq!(shop.entries(&format!("order:{}:paid", orders_paid[0].id)).await[0], "gateway_clearing: 135");
        assert!(alarms(&shop).await.is_empty() && waiting(&shop).await.is_empty());
        assert_eq!(sweep(&shop).await.looked, 0, "what is paid is not asked about");
        shop.proof_is_empty().await;
    }
}

#[tokio::test]
async fn money_captured_alone_is_known_by_its_link_though_it_does_not_name_our_reference() {
    let (shop, fake) = open(&[]).await;
    let bina = shop.arrive("Bina", None).await;
    let (order, charge) = linked(&shop, &bina).await;
    let payment = fake.pay(&charge.reference);
    let events = fake.razorpay_events(&payment);
    hear(&shop, Which::Razorpay, &events[0]).await.unwrap();
    assert_eq!(state(&shop, &order).await, OrderState::AwaitingPayment, "authorized is not captured");
    hear(&shop, Which::Razorpay, &events[1]).await.unwrap();
    assert_eq!(state(&shop, &order).await, OrderState::Paid);
    shop.proof_is_empty().await;
}

/// An event about the payment of a link, changed.
fn changed(fake: &Fake, reference: &str, id: &str, change: impl Fn(&mut Value)) -> Event {
    let payment = fake.payments().into_iter().rfind(|p| p.reference == reference).unwrap();
    let events = fake.razorpay_events(&payment);
    let mut body: Value = serde_json::from_slice(&events.last().unwrap().body).unwrap();
    change(&mut body);
    Event::of_razorpay("payment_link.paid", id, body.to_string().into_bytes(), WEBHOOK_SECRET)
}

#[tokio::test]
async fn bad_bodies_each_have_one_outcome() {
    let (shop, fake) = open(&[]).await;
    let bina = shop.arrive("Bina", None).await;
    let (order, charge) = linked(&shop, &bina).await;
    let reference = charge.reference.as_str();
    let _ = fake.pay(reference);
    let good = changed(&fake, reference, "evt_good", |_| {});
    let entity = |body: &mut Value| body["payload"]["payment"]["entity"].clone();
    let before = shop.everything().await;

    // Not the gateway's, or not whole.
    let unsigned = Event { headers: vec![], ..good.clone() };
    let other_secret = Event::of_razorpay("x", "evt_1", good.body.clone(), "another");
    let not_hex = Event { headers: vec![("x-razorpay-signature", "zz".to_owned())], ..good.clone() };
    let touched = Event { body: [good.body.as_slice(), b" "].concat(), ..good.clone() };
    let truncated = Event { body: good.body[..good.body.len() / 2].to_vec(), ..good.clone() };
    let wrong_gateway = hear(&shop, Which::Cashfree, &good).await;
    assert!(matches!(wrong_gateway, Err(Deaf::Unsigned)));
    for event in [unsigned, other_secret, not_hex, touched, truncated] {
        assert!(matches!(hear(&shop, Which::Razorpay, &event).await, Err(Deaf::Unsigned)), "{event:?}");
    }
    for (n, body) in [&good.body[..good.body.len() / 2], b"", b"hello", b"[]", b"3", b"\xff\xfe"].into_iter().enumerate() {
        let event = Event::of_razorpay("x", &format!("evt_json_{n}"), body.to_vec(), WEBHOOK_SECRET);
        assert!(matches!(hear(&shop, Which::Razorpay, &event).await, Err(Deaf::NotJson)), "{event:?}");
    }
    // Of another shop on the same account; of nothing that is known.
    let others = changed(&fake, reference, "evt_other", |body| {
        let text = body
            .to_string()
            .replace(reference, "INV-77")
            .replace(charge.gateway_id.as_deref().unwrap(), "plink_other")
            .replace('#', "");
        *body = serde_json::from_str(&text).unwrap();
    });
    let unknown = json!({ "event": "subscription.charged", "payload": { "subscription": { "entity": { "id": "sub_1" } } } });
    for event in [others, Event::of_razorpay("x", "evt_new", unknown.to_string().into_bytes(), WEBHOOK_SECRET)] {
        hear(&shop, Which::Razorpay, &event).await.unwrap();
    }
    for (n, body) in [
        "{}",
        r#"{"event": null}"#,
        r#"{"event": 7, "payload": []}"#,
        r#"{"event": "payment.captured", "payload": null}"#,
        r#"{"event": "payment.captured", "payload": {"payment": {"entity": null}}}"#,
    ]
    .into_iter()
    .enumerate()
    {
        hear(&shop, Which::Razorpay, &Event::of_razorpay("x", &format!("evt_empty_{n}"), body.into(), WEBHOOK_SECRET))
            .await
            .unwrap();
    }
    assert_eq!(shop.everything().await, before, "nothing came of all that");

    // Money that cannot be read, or is in another currency: never confirmed, told to staff once.
    let mut n = 0;
    for (key, value) in [
        ("currency", json!("USD")),
        ("currency", json!(null)),
        ("amount", json!("13500")),
        ("amount", json!(135.5)),
        ("amount", json!(null)),
        ("amount", json!(-13500)),
        ("amount", json!(0)),
        ("amount", json!(99_999_999_999_999_999_i64)),
        ("id", json!("pay_<b>&x")),
    ] {
        for _ in 0..2 {
            n += 1;
            let event = changed(&fake, reference, &format!("evt_bad_{n}"), |body| body["payload"]["payment"]["entity"][key] = value.clone());
            hear(&shop, Which::Razorpay, &event).await.unwrap();
        }
        assert_eq!(state(&shop, &order).await, OrderState::AwaitingPayment, "{key} {value}");
    }
    assert_eq!(shop.count("SELECT count(*) FROM payment").await + shop.count("SELECT count(*) FROM bank_credit").await, 0);
    let told = alarms(&shop).await;
    assert!(
        !told.is_empty() && told.len() < 9 && told.iter().all(|text| text.contains(reference) && !text.contains("okbank")),
        "{told:#?}"
    );

    // `notes` of any shape, ids without their prefix, null where there is nothing: that is money.
    let event = changed(&fake, reference, "evt_odd", |body| {
        let id = entity(body)["id"].as_str().unwrap().trim_start_matches("pay_").to_owned();
        let payment = &mut body["payload"]["payment"]["entity"];
        for (key, value) in [
            ("id", json!(id)),
            ("notes", Value::Null),
            ("description", Value::Null),
            ("vpa", Value::Null),
            ("created_at", Value::Null),
        ] {
            payment[key] = value;
        }
        payment["acquirer_data"]["rrn"] = Value::Null;
        body["payload"]["order"]["entity"]["notes"] = json!({});
        body["payload"]["payment_link"]["entity"]["notes"] = json!([]);
    });
    hear(&shop, Which::Razorpay, &event).await.unwrap();
    assert_eq!(state(&shop, &order).await, OrderState::Paid);
    // With its prefix it is the same.
    hear(&shop, Which::Razorpay, &good).await.unwrap();
    assert_eq!(shop.column("SELECT gateway_ref FROM payment").await, [fake.payments()[0].id.clone()]);
    assert!(waiting(&shop).await.is_empty());
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn an_old_secret_holds_while_both_are_set_and_without_one_nothing_is_heard() {
    for (secrets, fine) in [("new, old", true), ("new", false), ("", false), (",", false)] {
        let (shop, fake) = open(&[("MELA_RAZORPAY__WEBHOOK_SECRET", secrets)]).await;
        let body = br#"{"event": "payment.captured"}"#.to_vec();
        let old = hear(&shop, Which::Razorpay, &Event::of_razorpay("x", "evt_1", body.clone(), "old")).await;
        assert_eq!(old.is_ok(), fine, "{secrets}: {old:?}");
        let empty = hear(&shop, Which::Razorpay, &Event::of_razorpay("x", "evt_2", body, "")).await;
        assert!(matches!(empty, Err(Deaf::Unsigned)), "{secrets}");
        drop(fake);
    }
}

#[tokio::test]
async fn what_is_late_is_confirmed_and_what_is_short_too_much_or_twice_waits_for_staff() {
    let (shop, fake) = open(&[]).await;
    let bina = shop.arrive("Bina", None).await;
    let (late, charge) = linked(&shop, &bina).await;
    shop.advance(TimeDelta::hours(2));
    assert_eq!(orders::expire_due(&shop.core, 10).await.unwrap(), 1);
    hear(&shop, Which::Razorpay, &fake.razorpay_events(&fake.pay(&charge.reference))[1]).await.unwrap();
    assert_eq!(state(&shop, &late).await, OrderState::Paid);

    let (order, charge) = linked(&shop, &bina).await;
    for (amount, more) in [(10_000, "short"), (20_000, "excess")] {
        let payment = fake.pay_as(&charge.reference, amount, "INR", "captured");
        for event in fake.razorpay_events(&payment) {
            hear(&shop, Which::Razorpay, &event).await.unwrap();
        }
        assert!(waiting(&shop).await.last().unwrap().contains(more));
    }
    assert_eq!(state(&shop, &order).await, OrderState::AwaitingPayment);
    hear(&shop, Which::Razorpay, &fake.razorpay_events(&fake.pay(&charge.reference))[3]).await.unwrap();
    assert_eq!(state(&shop, &order).await, OrderState::Paid);
    let double = fake.pay(&charge.reference);
    hear(&shop, Which::Razorpay, &fake.razorpay_events(&double)[3]).await.unwrap();
    let found = waiting(&shop).await;
    let wanted = [format!("100 short {}", order.id), format!("200 excess {}", order.id), format!("135 double {}", order.id)];
    assert!(
        found.len() == 3 && found.iter().zip(&wanted).all(|(found, wanted)| found.starts_with("razorpay razorpay/pay_") && found.ends_with(wanted)),
        "{found:?}"
    );
    assert_eq!(shop.count("SELECT count(*) FROM notification WHERE kind = 'credit-card'").await, 3);
    assert_eq!(shop.count("SELECT count(*) FROM bank_credit WHERE carded_at IS NOT NULL").await, 3, "each knows of its card");
    assert_eq!(shop.entries(&format!("credit:razorpay/{}", double.id)).await, ["gateway_clearing: 135", "unmatched: -135"]);

    // The same payment told of with another amount changes nothing; a person is told.
    let before = waiting(&shop).await;
    let event = changed(&fake, &charge.reference, "evt_lie", |body| body["payload"]["payment"]["entity"]["amount"] = json!(50_000));
    hear(&shop, Which::Razorpay, &event).await.unwrap();
    assert_eq!((waiting(&shop).await, alarms(&shop).await.len()), (before, 1));
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn a_lost_webhook_loses_nothing_though_the_gateway_is_down_for_an_hour() {
    for (which, way) in [(Which::Razorpay, "link"), (Which::Razorpay, "qr"), (Which::Cashfree, "link")] {
        let (shop, fake) = open(&[("MELA_RAZORPAY__WAY", way)]).await;
        let bina = shop.arrive("Bina", None).await;
        let order = shop.order(&bina).await;
        let charge = pay_online(&shop, &bina, &order, which).await.unwrap();
        assert_eq!(sweep(&shop).await, Swept { looked: 1, ..Swept::default() });
        let _ = fake.pay(&charge.reference);
        fake.is(Mood::Down);
        let mut looked = 0;
        for _ in 0..60 {
            shop.advance(TimeDelta::minutes(1));
            let swept = sweep(&shop).await;
            assert_eq!(swept.found, 0);
            looked += swept.looked;
        }
        assert!((2..20).contains(&looked), "pauses grow: {looked}");
        orders::expire_due(&shop.core, 10).await.unwrap();
        assert_eq!(state(&shop, &order).await, OrderState::Expired);
        fake.is(Mood::Fine);
        let mut found = 0;
        for _ in 0..70 {
            shop.advance(TimeDelta::minutes(1));
            found += sweep(&shop).await.found;
        }
        assert_eq!((found, state(&shop, &order).await), (1, OrderState::Paid), "{which:?} {way}");
        let payer = shop.column("SELECT payer FROM payment").await;
        assert!(payer[0].ends_with("@okbank"), "{payer:?}");
        shop.proof_is_empty().await;
    }
}

#[tokio::test]
async fn links_that_nobody_pays_are_asked_about_less_and_less_and_then_no_more() {
    let (shop, fake) = open(&[]).await;
    let bina = shop.arrive("Bina", None).await;
    linked(&shop, &bina).await;
    let mut looked = 0;
    for _ in 0..(4 * 24 * 6) {
        shop.advance(TimeDelta::minutes(10));
        looked += sweep(&shop).await.looked;
    }
    assert!((10..60).contains(&looked), "{looked}");
    assert_eq!(shop.column("SELECT state FROM gateway_charge").await, ["closed"]);
    shop.advance(TimeDelta::days(1));
    assert_eq!(sweep(&shop).await.looked, 0);
    // Told of by the gateway, it is taken even so.
    let reference = fake.references()[0].clone();
    hear(&shop, Which::Razorpay, &fake.razorpay_events(&fake.pay(&reference))[1]).await.unwrap();
    assert_eq!(shop.column("SELECT state FROM orders").await, ["paid"]);
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn cashfree_is_a_second_file() {
    let (shop, fake) = open(&[]).await;
    let (_, asha, bina) = shop.chain().await;
    let mut orders = Vec::new();
    for first in 0..2 {
        let order = shop.order(&bina).await;
        let charge = pay_online(&shop, &bina, &order, Which::Cashfree).await.unwrap();
        assert!(charge.url.as_deref().unwrap().starts_with("https://payments.cashfree.com/links/"));
        let mut events = fake.cashfree_events(&fake.pay(&charge.reference));
        events.rotate_left(first);
        for event in events.iter().chain(&events) {
            hear(&shop, Which::Cashfree, event).await.unwrap();
        }
        assert_eq!(state(&shop, &order).await, OrderState::Paid);
        orders.push(order);
    }
    assert_eq!(shop.has(&asha).await, "held 56");
    let payments = shop.column("SELECT concat_ws(' ', gateway, gateway_ref, payer) FROM payment ORDER BY id").await;
    assert!(
        payments.len() == 2 && payments.iter().all(|p| p.starts_with("cashfree CFPay_") && p.ends_with("@okbank")),
        "{payments:?}"
    );

    // Forged, cut, and of another time.
    let good = &fake.cashfree_events(&fake.payments()[0])[0];
    let mut other_time = good.clone();
    other_time.headers[1].1 = "1763700000001".to_owned();
    for event in [Event { headers: vec![], ..good.clone() }, Event { body: good.body[1..].to_vec(), ..good.clone() }, other_time] {
        assert!(matches!(hear(&shop, Which::Cashfree, &event).await, Err(Deaf::Unsigned)));
    }
    // In dollars.
    let order = shop.order(&bina).await;
    let charge = pay_online(&shop, &bina, &order, Which::Cashfree).await.unwrap();
    let dollars = fake.pay_as(&charge.reference, 13_500, "USD", "captured");
    for event in fake.cashfree_events(&dollars) {
        hear(&shop, Which::Cashfree, &event).await.unwrap();
    }
    assert_eq!((state(&shop, &order).await, alarms(&shop).await.len()), (OrderState::AwaitingPayment, 1));

    // Back: whole, in parts, failing.
    refund_back(&shop, &orders[0], "35").await;
    fake.will_be(&[Mood::Forgets]);
    for _ in 0..20 {
        sweep(&shop).await;
        shop.advance(TimeDelta::minutes(1));
    }
    fake.refunds_are("pending");
    let rest = refund_back(&shop, &orders[0], "100").await;
    sweep(&shop).await;
    assert_eq!(returns(&shop).await, ["35 processed", "100 sent"]);
    hear(&shop, Which::Cashfree, &fake.cashfree_refund(&format!("refund-R-{}", rest.code), "failed")).await.unwrap();
    assert_eq!(
        (returns(&shop).await, shop.has(&bina).await),
        (vec!["35 processed".to_owned(), "100 failed".to_owned()], "credit 100".to_owned())
    );

    let payout = json!({ "type": "SETTLEMENT_SUCCESS", "data": { "settlement": { "settlement_id": 738, "amount_settled": 97.94, "payment_amount": 100, "service_charge": 1.75,
        "service_tax": 0.31, "utr": 1_644_822_317_781_212_u64, "settled_on": "2026-11-21T12:35:19+05:30", "settlement_charge": 0, "settlement_tax": 0 } } });
    for id in ["a", "b"] {
        hear(&shop, Which::Cashfree, &Event::of_cashfree("x", id, payout.to_string().into_bytes(), WEBHOOK_SECRET))
            .await
            .unwrap();
        sweep(&shop).await;
    }
    assert_eq!(
        shop.column("SELECT concat_ws(' ', reference, trim_scale(net), trim_scale(fees)) FROM settlement").await,
        ["1644822317781212 97.94 2.06"]
    );
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn the_gateways_keys_cannot_be_sent_elsewhere_from_the_chat() {
    let (shop, _fake) = open(&[]).await;
    for key in ["razorpay.api_url", "cashfree.api_url"] {
        let tx = shop.core.begin().await.unwrap();
        let set = mela_core::settings::set(shop.core.settings_store(), &tx, shop.core.now(), 1, key, "https://thief.example").await;
        assert!(set.is_err(), "{key}");
    }
}
