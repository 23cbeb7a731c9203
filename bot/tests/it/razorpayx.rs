//! `Pay by RazorpayX`: the program, its HTTP door, and a RazorpayX over HTTP.

use crate::world::{World, quoted};
use chrono::{DateTime, Utc};
use mela_bot::doors;
use testkit::gateway::{Event, Fake, Mood};

#[tokio::test(flavor = "multi_thread")]
async fn one_press_pays_it_and_the_card_says_how_it_goes() {
    let begins: DateTime<Utc> = "2026-11-21T05:30:00Z".parse().unwrap();
    let fake = Fake::start(move || begins).await;
    let own = fake.razorpayx();
    let variables: Vec<(&str, &str)> = own
        .iter()
        .map(|(k, v)| (*k, v.as_str()))
        .chain([("MELA_GATEWAYS__POLL_EVERY", "1s"), ("MELA_WITHDRAWALS__MINIMUM", "10")])
        .collect();
    let world = World::with(&variables).await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let door = format!("http://{}/gateways/razorpay", listener.local_addr().unwrap());
    let router = doors::router(&world.core);
    tokio::spawn(async move { axum::serve(listener, router).await });
    let tell = |event: Event| {
        let request = event.headers.iter().fold(reqwest::Client::new().post(&door), |request, (name, value)| request.header(*name, value));
        request.body(event.body).send()
    };
    let asha = world.joined(1, "Asha", None).await;
    world.earn(&asha, 18).await;
    let mut codes = Vec::new();
    for amount in ["100", "50"] {
        asha.send("/withdraw");
        asha.expect(&["UPI"]).await;
        asha.send("asha@okbank");
        asha.expect(&["amount"]).await;
        asha.send(amount);
        asha.expect(&["Confirm"]).await;
        asha.press("Confirm");
        let code = quoted(&asha.expect(&["W-"]).await, "W-");
        let card = world.admins.expect(&[&code, "Approve"]).await;
        world.owner.press_on(card.message_id, "Approve");
        world.admins.expect(&["Pay by RazorpayX", "Mark paid"]).await;
        asha.expect(&["approved"]).await;
        world.owner.press_on(card.message_id, "Pay by RazorpayX");
        codes.push((code, card.message_id));
        let shown = world.admins.expect(&["RazorpayX: processing", "Asked for by Meera"]).await;
        assert!(shown.button("Mark paid").is_none(), "{shown}");
        let forged = world.owner.press_data(card.message_id, &format!("1|wp|{}", codes.len()));
        world.admins.expect(&["UTR of the payout"]).await;
        world.owner.send("632512345678");
        world.admins.expect(&["RazorpayX is paying this withdrawal"]).await;
        let _ = forged;
    }
    assert_eq!(fake.transfers().len(), 2);
    assert_eq!(tell(fake.transfer_is(&codes[0].0, "processed")).await.unwrap().status(), 200);
    // Cards that moved on are drawn anew as they come.
    let until = |part: &'static str| {
        let admins = &world.admins;
        async move {
            loop {
                let seen = admins.next().await;
                if seen.shows(part) {
                    return seen;
                }
            }
        }
    };
    let paid = until("Paid by RazorpayX").await;
    assert!(paid.message_id == codes[0].1 && paid.shows("UTR"), "{paid}");
    asha.expect(&[&codes[0].0, "paid", "UTR"]).await;
    assert_eq!(tell(fake.transfer_is(&codes[1].0, "rejected")).await.unwrap().status(), 200);
    assert!(until("Could not be paid, says RazorpayX").await.shows("The UPI ID does not exist"));
    asha.expect(&[&codes[1].0, "could not be paid", "The UPI ID does not exist"]).await;
    let mut forged = fake.transfer_is(&codes[0].0, "reversed");
    forged.headers[0].1 = "00".repeat(32);
    assert_eq!(tell(forged).await.unwrap().status(), 401);
    fake.is(Mood::Fine);
    world.books_are_right().await;
}
