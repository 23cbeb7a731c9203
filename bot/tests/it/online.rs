//! Paying at a gateway, and getting it back: the program, its HTTP door, and a gateway over HTTP.

use crate::world::{World, quoted};
use chrono::{DateTime, TimeDelta, Utc};
use mela_bot::doors;
use mela_sandbox::Person;
use testkit::gateway::{Event, Fake, Mood, WEBHOOK_SECRET};

struct Online {
    world: World,
    fake: Fake,
    door: String,
}

async fn open(more: &[(&str, &str)]) -> Online {
    let begins: DateTime<Utc> = "2026-11-21T05:30:00Z".parse().unwrap();
    let fake = Fake::start(move || begins).await;
    let own = fake.razorpay();
    let variables: Vec<(&str, &str)> = own
        .iter()
        .map(|(k, v)| (*k, v.as_str()))
        .chain([("MELA_GATEWAYS__POLL_EVERY", "1s")])
        .chain(more.iter().copied())
        .collect();
    let world = World::with(&variables).await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let door = format!("http://{}/gateways", listener.local_addr().unwrap());
    let router = doors::router(&world.core);
    tokio::spawn(async move { axum::serve(listener, router).await });
    Online { world, fake, door }
}

impl Online {
    async fn tell(&self, gateway: &str, event: &Event) -> u16 {
        let request = event
            .headers
            .iter()
            .fold(reqwest::Client::new().post(format!("{}/{gateway}", self.door)), |request, (name, value)| request.header(*name, value));
        request.body(event.body.clone()).send().await.unwrap().status().as_u16()
    }

    /// Orders, presses `Pay online` and pays on the page; answers the order, and what the gateway has to tell.
    async fn pays(&self, person: &Person) -> (String, Vec<Event>) {
        person.send("/start plan_combo-ott");
        person.expect(&["Buy now"]).await;
        person.press("Buy now");
        let order = quoted(&person.expect(&["O-", "₹135", "confirmed by itself", "Pay online"]).await, "O-");
        person.press("Pay online");
        let shown = person.expect(&[&order, "Open the payment page"]).await;
        assert!(shown.button("Open the payment page").unwrap().url.as_deref().unwrap().starts_with("https://rzp.io/i/plink_"), "{shown}");
        let reference = self.fake.references().last().unwrap().clone();
        assert_eq!(reference, format!("{order}-1"));
        (order, self.fake.razorpay_events(&self.fake.pay(&reference)))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn paid_online_it_is_confirmed_by_itself_and_given_back_the_way_it_came() {
    let online = open(&[]).await;
    let world = &online.world;
    let bala = world.joined(3, "Bala", None).await;
    let (order, events) = online.pays(&bala).await;

    // The door: who is not the gateway is not heard.
    let good = &events[3];
    assert_eq!(online.tell("razorpay", &Event { headers: vec![], ..good.clone() }).await, 401);
    assert_eq!(online.tell("cashfree", good).await, 401, "it is not set up");
    assert_eq!(online.tell("paytm", good).await, 404);
    assert_eq!(online.tell("razorpay", &Event::of_razorpay("x", "e", b"{\"event\": ".to_vec(), WEBHOOK_SECRET)).await, 400);
    assert_eq!(online.tell("razorpay", &Event::of_razorpay("x", "e", vec![b' '; 300 * 1024], WEBHOOK_SECRET)).await, 413);
    for event in events.iter().rev().chain(&events) {
        assert_eq!(online.tell("razorpay", event).await, 200);
    }
    bala.expect(&[&order, "approved"]).await;
    world.admins.expect(&[&order, "Bala (3)", "Deliver"]).await;
    bala.send("/orders");
    bala.expect(&[&order]).await;
    bala.press(&order);
    bala.expect(&[&order, "Receipt"]).await;
    world.books_are_right().await;

    // Back, without a question for a UPI id; it goes by itself.
    online.fake.refunds_are("pending");
    world.owner.send(&format!("/refund {order}"));
    let screen = world.admins.expect(&["Refund all ₹135"]).await.message_id;
    world.owner.press_on(screen, "Refund all");
    let shown = world.admins.expect(&["To the wallet", "Back the way it was paid"]).await;
    assert!(shown.button("By UPI").is_none(), "{shown}");
    world.owner.press_on(screen, "Back the way");
    world.admins.expect(&["₹135 back the way it was paid", "the plan did not work"]).await;
    world.owner.press_on(screen, "the plan did not work");
    world.admins.expect(&["Confirm refund", "₹135 back the way it was paid"]).await;
    world.owner.press_on(screen, "Confirm refund");
    let card = world.admins.expect(&["R-", &order, "goes by itself"]).await;
    let refund = quoted(&card, "R-");
    world.admins.expect(&[&order, "Refunded: ₹135"]).await;
    bala.expect(&[&refund, "₹135 back the way it was paid", "has ended"]).await;
    world.admins.expect(&[&refund, "with the gateway, on its way back"]).await;
    let told = online.fake.razorpay_refund(&format!("refund-{refund}"), "processed");
    for _ in 0..2 {
        assert_eq!(online.tell("razorpay", &told).await, 200);
    }
    world.admins.expect(&[&refund, "is sent back by the gateway"]).await;
    bala.expect(&[&refund, "₹135", "sent back the way you paid"]).await;
    bala.send("/orders");
    bala.expect(&[&order, "refunded"]).await;
    bala.press(&order);
    bala.expect(&[&refund, "sent back the way it was paid"]).await;
    online.world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_upi_id_the_gateway_is_the_way_and_a_lost_webhook_is_asked_for() {
    let online = open(&[("MELA_UPI__PAYEE", "")]).await;
    let world = &online.world;
    let bala = world.joined(3, "Bala", None).await;
    bala.send("/start plan_combo-ott");
    bala.expect(&["Buy now"]).await;
    bala.press("Buy now");
    let shown = bala.expect(&["Pay ₹135 online", "30 min", "Pay online", "Cancel order", "Home"]).await;
    let order = quoted(&shown, "O-");

    // The gateway is down: it is said so, and nothing is lost.
    online.fake.is(Mood::Down);
    let press = bala.press("Pay online");
    assert!(bala.alert(&press).await.unwrap().contains("try again"));
    online.fake.is(Mood::Fine);
    bala.press("Pay online");
    bala.expect(&[&order, "Open the payment page"]).await;
    assert_eq!(online.fake.references().len(), 1);
    let _ = online.fake.pay(&online.fake.references()[0]);
    world.advance(TimeDelta::minutes(2));
    bala.expect(&[&order, "approved"]).await;
    world.admins.expect(&[&order, "Deliver"]).await;
    online.world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_gateway_cannot_send_back_is_in_the_wallet_and_everybody_is_told() {
    let online = open(&[("MELA_RAZORPAY__WAY", "link")]).await;
    let world = &online.world;
    let bala = world.joined(3, "Bala", None).await;
    let (order, events) = online.pays(&bala).await;
    assert_eq!(online.tell("razorpay", &events[2]).await, 200);
    bala.expect(&[&order, "approved"]).await;
    world.admins.expect(&[&order, "Deliver"]).await;
    online.fake.refunds_are("failed");
    world.owner.send(&format!("/refund {order}"));
    let screen = world.admins.expect(&["Refund all ₹135"]).await.message_id;
    for (press, shows) in [
        ("Refund all", "Back the way"),
        ("Back the way", "the plan did not work"),
        ("the plan did not work", "Confirm refund"),
        ("Confirm refund", "R-"),
    ] {
        world.owner.press_on(screen, press);
        world.admins.expect(&[shows]).await;
    }
    world.admins.expect(&[&order, "Refunded: ₹135"]).await;
    bala.expect(&["R-", "₹135 back the way it was paid"]).await;
    world.admins.expect(&["R-", "could not send ₹135 back", "6 months", "in the customer's wallet"]).await;
    bala.expect(&["R-", "could not be sent back the way you paid", "in your wallet"]).await;
    bala.send("/wallet");
    bala.expect(&["₹135"]).await;
    online.world.ends_well().await;
}
