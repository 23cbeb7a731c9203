//! A hundred orders through a gateway that drops, doubles, delays and lies. Each seed is another story; in the end every captured rupee is confirmed,
//! unmatched or returned, once.

use super::gateways::{hear, open, pay_online, sweep};
use super::shop::{Shop, rupees};
use chrono::TimeDelta;
use mela_core::gateways::Which;
use mela_core::money::Rupees;
use mela_core::orders::{self, Order};
use mela_core::refunds::To;
use testkit::gateway::{Event, Fake, Mood};

/// Splitmix: the same seed is the same story.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % sides
    }

    fn once_in(&mut self, sides: u64) -> bool {
        self.roll(sides) == 0
    }
}

fn moods(dice: &mut Dice, fake: &Fake) {
    if dice.once_in(3) {
        fake.will_be(&[[Mood::Down, Mood::Forgets, Mood::Busy][dice.roll(3) as usize]]);
    }
}

/// Pays a link: mostly what it wants, at times something else.
fn pay(dice: &mut Dice, fake: &Fake, reference: &str, which: Which) -> Vec<Event> {
    let payment = match dice.roll(12) {
        0 => fake.pay_as(reference, 10_000, "INR", "captured"),
        1 => fake.pay_as(reference, 20_000, "INR", "captured"),
        2 => fake.pay_as(reference, 13_500, "INR", "failed"),
        3 => fake.pay_as(reference, 13_500, "INR", "authorized"),
        _ => fake.pay(reference),
    };
    if which == Which::Razorpay {
        fake.razorpay_events(&payment)
    } else {
        fake.cashfree_events(&payment)
    }
}

async fn story(seed: u64) {
    let (shop, fake) = open(&[("MELA_ORDERS__EXPIRE_AFTER", "30m")]).await;
    let mut dice = Dice(seed);
    let mut late: Vec<(Which, Event)> = Vec::new();
    let mut sold: Vec<Order> = Vec::new();
    for n in 0..100 {
        let buyer = shop.arrive("Bina", None).await;
        let order = shop.order(&buyer).await;
        let which = if dice.once_in(3) { Which::Cashfree } else { Which::Razorpay };
        // Pressed until the page is there.
        let charge = loop {
            moods(&mut dice, &fake);
            match pay_online(&shop, &buyer, &order, which).await {
                Ok(charge) => break charge,
                Err(_) => shop.advance(TimeDelta::seconds(1)),
            }
        };
        if dice.once_in(5) {
            shop.advance(TimeDelta::minutes(31));
            orders::expire_due(&shop.core, 100).await.unwrap();
        }
        let times = if dice.once_in(8) { 2 } else { u64::from(!dice.once_in(10)) };
        for _ in 0..times {
            for event in pay(&mut dice, &fake, &charge.reference, which) {
                match dice.roll(6) {
                    // Lost; later; twice; in time.
                    0 | 1 => {}
                    2 => late.push((which, event)),
                    3 => {
                        late.push((which, event.clone()));
                        hear(&shop, which, &event).await.unwrap();
                    }
                    _ => hear(&shop, which, &event).await.unwrap(),
                }
            }
        }
        sold.push(order);
        if n % 7 == 0 {
            moods(&mut dice, &fake);
            sweep(&shop).await;
        }
        while late.len() > 20 {
            let at = dice.roll(late.len() as u64) as usize;
            let (which, event) = late.swap_remove(at);
            hear(&shop, which, &event).await.unwrap();
        }
        shop.advance(TimeDelta::seconds(20));
    }
    while !late.is_empty() {
        let at = dice.roll(late.len() as u64) as usize;
        let (which, event) = late.swap_remove(at);
        hear(&shop, which, &event).await.unwrap();
    }
    // What was lost is found.
    rest(&shop, 60).await;
    // Some are given back; of these some cannot be.
    for order in &sold {
        let order = orders::get(shop.core.db(), order.id).await.unwrap();
        if order.paid_at.is_some() && dice.once_in(5) {
            fake.refunds_are(["processed", "pending", "failed"][dice.roll(3) as usize]);
            let amount = if dice.once_in(2) { "135" } else { "50" };
            shop.refund(&order, amount, &To::Back).await.unwrap();
            moods(&mut dice, &fake);
            sweep(&shop).await;
        }
    }
    rest(&shop, 60).await;
    let refunds = fake.refunds();
    for (n, refund) in refunds.iter().filter(|refund| refund.status == "pending").enumerate() {
        let cashfree = refund.payment.starts_with("CFPay");
        let status = if n % 2 == 0 && !cashfree { "failed" } else { "processed" };
        // Every other one is not told of.
        if cashfree {
            let event = fake.cashfree_refund(&refund.key, status);
            hear(&shop, Which::Cashfree, &event).await.unwrap();
        } else {
            let event = fake.razorpay_refund(&refund.key, status);
            if n % 4 < 2 {
                hear(&shop, Which::Razorpay, &event).await.unwrap();
            }
        }
    }
    rest(&shop, 60).await;
    settled(&shop, &fake).await;
}

async fn rest(shop: &Shop, sweeps: usize) {
    for _ in 0..sweeps {
        shop.advance(TimeDelta::minutes(20));
        sweep(shop).await;
    }
}

/// Every captured rupee is in one place.
async fn settled(shop: &Shop, fake: &Fake) {
    let captured: Vec<_> = fake.payments().into_iter().filter(|p| p.status == "captured").collect();
    let all: i64 = captured.iter().map(|p| p.amount).sum();
    let sum = |what: &str| {
        let (shop, text) = (shop.clone(), format!("SELECT coalesce(sum({what}), 0)::text"));
        async move { Rupees::try_new(shop.column(&text).await[0].parse().unwrap()).unwrap() }
    };
    let confirmed = sum("(SELECT sum(amount) FROM payment WHERE state = 'confirmed')").await;
    let unmatched = sum("(SELECT sum(amount - assigned) FROM bank_credit)").await;
    let wanted: Rupees = captured.iter().map(|p| rupees(&format!("{}.{:02}", p.amount / 100, p.amount % 100))).sum();
    assert_eq!(confirmed + unmatched, wanted, "of {all} paise");
    assert_eq!(shop.count("SELECT count(*) FROM gateway_payment").await, captured.len() as i64);
    assert_eq!(shop.count("SELECT count(*) - count(DISTINCT order_id) FROM payment WHERE state = 'confirmed'").await, 0);
    assert_eq!(shop.count("SELECT count(*) FROM gateway_refund WHERE state IN ('to_send', 'sent')").await, 0);
    // What the gateway sent back is what the books say it did.
    let gone: i64 = fake.refunds().iter().filter(|r| r.status == "processed").map(|r| r.amount).sum();
    let returned = sum("(SELECT sum(amount) FROM gateway_refund WHERE state = 'processed')").await;
    assert_eq!(returned, rupees(&format!("{}.{:02}", gone / 100, gone % 100)));
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn a_hundred_orders_through_a_gateway_that_drops_doubles_delays_and_lies() {
    story(1).await;
}

#[tokio::test]
async fn another_hundred() {
    story(2).await;
}
