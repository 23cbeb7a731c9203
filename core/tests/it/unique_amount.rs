//! With `upi.unique_amount` no two orders whose money may still come await the same amount; nothing else changes for anybody.

use super::coupons::{coupon, terms};
use super::shop::{PLAN, Shop, admin, rupees};
use chrono::TimeDelta;
use mela_core::money::Rupees;
use mela_core::orders::{self, Order, OrderState};
use mela_core::refunds::To;
use mela_core::{cart, payments, subscriptions};
use std::collections::BTreeSet;

async fn shop() -> Shop {
    Shop::with(&[("MELA_UPI__UNIQUE_AMOUNT", "true"), ("MELA_UPI__PAYEE", "shop@bank")]).await
}

/// An order each of `n` people.
async fn orders_of(shop: &Shop, n: usize) -> Vec<Order> {
    let mut placed = Vec::new();
    for k in 0..n {
        let person = shop.arrive(&format!("P{k}"), None).await;
        placed.push(shop.order(&person).await);
    }
    placed
}

fn dues(orders: &[Order]) -> BTreeSet<Rupees> {
    orders.iter().map(Order::due).collect()
}

#[tokio::test]
async fn off_unless_it_is_switched_on() {
    let shop = Shop::open().await;
    let placed = orders_of(&shop, 2).await;
    assert_eq!(dues(&placed), BTreeSet::from([rupees("135")]));
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn ninety_nine_of_a_price_are_told_apart_and_the_next_pays_it_whole() {
    let shop = shop().await;
    let placed = orders_of(&shop, 99).await;
    assert_eq!(dues(&placed).len(), 99);
    for order in &placed {
        assert!(order.discount > Rupees::ZERO && order.discount < rupees("1") && order.price + order.discount == rupees("135"));
    }
    let over = orders_of(&shop, 2).await;
    assert_eq!(dues(&over), BTreeSet::from([rupees("135")]), "no amount is left, and nobody is turned away");
    // An ended order's amount stays its own for a day: its money may be on the way.
    let expired = &placed[7];
    shop.advance(TimeDelta::minutes(31));
    while orders::expire_due(&shop.core, 500).await.unwrap() > 0 {}
    assert_eq!(dues(&orders_of(&shop, 1).await), BTreeSet::from([rupees("135")]));
    shop.advance(TimeDelta::hours(24));
    let next = orders_of(&shop, 99).await;
    assert!(dues(&next).len() == 99 && dues(&next).contains(&expired.due()));
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn what_is_being_checked_keeps_its_amount_however_long() {
    let shop = shop().await;
    let placed = orders_of(&shop, 99).await;
    let person = mela_core::users::get(shop.core.db(), placed[3].buyer()).await.unwrap();
    shop.prove(&person, &placed[3], &shop.utr()).await.unwrap();
    shop.advance(TimeDelta::days(3));
    while orders::expire_due(&shop.core, 500).await.unwrap() > 0 {}
    let next = orders_of(&shop, 99).await;
    let own: Vec<_> = next.iter().filter(|order| order.due() == placed[3].due()).collect();
    assert!(own.is_empty(), "98 are free");
    assert_eq!(next.iter().filter(|order| order.due() == rupees("135")).count(), 1);
}

#[tokio::test]
async fn two_at_once_never_share() {
    let shop = shop().await;
    let mut people = Vec::new();
    for k in 0..40 {
        people.push(shop.arrive(&format!("P{k}"), None).await);
    }
    let others = shop.beside().await;
    let placing = people.iter().enumerate().map(|(n, person)| {
        let core = if n % 2 == 0 { shop.core.clone() } else { others.core.clone() };
        let person = person.clone();
        tokio::spawn(async move { orders::place(&core, &person, PLAN).await.unwrap().into_inner() })
    });
    let mut placed = Vec::new();
    for task in placing.collect::<Vec<_>>() {
        placed.push(task.await.unwrap());
    }
    assert_eq!(dues(&placed).len(), 40);
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn the_same_order_asked_for_twice_is_one() {
    let shop = shop().await;
    let bina = shop.arrive("Bina", None).await;
    let first = shop.order(&bina).await;
    let again = orders::place(&shop.core, &bina, PLAN).await.unwrap();
    assert_eq!(again.into_inner(), first);
}

/// ₹93 less up to ₹0.99 is shared: 30 % is 27.60 to 27.90 and 10 % is 9.20 to 9.30, half-up to ₹28 and ₹9 whatever is taken off.
#[tokio::test]
async fn commissions_receipt_refund_and_renewal_are_right() {
    let shop = shop().await;
    let (ravi, asha, bina) = shop.chain().await;
    let (order, payment) = shop.order_and_pay(&bina).await;
    assert_eq!(payment.amount, order.price);
    shop.approve(&payment).await;
    assert_eq!(shop.standing(&asha).await.held, rupees("28"));
    assert_eq!(shop.standing(&ravi).await.held, rupees("9"));
    // What was taken off is the shop's promotion.
    let entries = shop.entries(&format!("order:{}:paid", order.id)).await;
    assert!(
        entries.contains(&format!("promotion: {}", order.discount.decimal())) && entries.contains(&"sales: -135".to_owned()),
        "{entries:?}"
    );
    let order = orders::get(shop.core.db(), order.id).await.unwrap();
    let receipt = mela_core::receipts::of_order(&shop.core, &order).await.unwrap().unwrap();
    assert_eq!((receipt.total, receipt.discount), (order.price, order.discount));
    // Renewed, another amount; refunded, what was paid.
    let subscription = subscriptions::list(shop.core.db(), bina.user_id(), shop.core.now(), 0, 1).await.unwrap().remove(0);
    let renewal = subscriptions::renew(&shop.core, &bina, subscription.id).await.unwrap().into_inner();
    assert!(renewal.discount > Rupees::ZERO && renewal.due() != order.due(), "the paid order's amount is its own for the day");
    let refund = shop.refund(&order, &order.price.plain(), &To::Wallet).await.unwrap().into_inner();
    assert_eq!(refund.amount, order.price);
    let whole = orders::get(shop.core.db(), order.id).await.unwrap();
    assert!(whole.is_refunded());
    shop.proof_is_empty().await;
}

#[test]
fn whatever_is_taken_off_the_default_plan_earns_the_same() {
    use mela_core::commissions::policy::commission;
    for paise in 0..100 {
        let price = rupees("135") - Rupees::try_new(rust_decimal::Decimal::new(paise, 2)).unwrap();
        let earn = |percent: i64| commission(price, rupees("42"), percent.into());
        assert_eq!((earn(30), earn(10)), (rupees("28"), rupees("9")), "{price}");
    }
}

#[tokio::test]
async fn a_rupee_remains_to_be_paid() {
    let shop = shop().await;
    shop.run("UPDATE plan SET price = 1.02, cost = 0").await;
    let placed = orders_of(&shop, 4).await;
    assert_eq!(dues(&placed), BTreeSet::from([rupees("1"), rupees("1.01"), rupees("1.02")]));
    shop.run("UPDATE plan SET price = 1").await;
    assert_eq!(dues(&orders_of(&shop, 2).await), BTreeSet::from([rupees("1")]));
}

#[tokio::test]
async fn a_cart_with_a_coupon_has_both_taken_off() {
    let shop = shop().await;
    let bina = shop.arrive("Bina", None).await;
    coupon(&shop, "DIWALI", terms("50")).await;
    cart::put(&shop.core, bina.user_id(), PLAN, 2).await.unwrap();
    cart::apply_coupon(&shop.core, bina.user_id(), "DIWALI").await.unwrap();
    let order = cart::check_out(&shop.core, &bina, false).await.unwrap().into_inner();
    assert!(order.price < rupees("220") && order.price > rupees("219") && order.price + order.discount == rupees("270"));
    let payment = shop.prove(&bina, &order, &shop.utr()).await.unwrap().into_inner();
    payments::confirm(&shop.core, payment.id, &admin("Meera")).await.unwrap();
    assert_eq!(orders::get(shop.core.db(), order.id).await.unwrap().state, OrderState::Paid);
    shop.proof_is_empty().await;
}
