//! For every verb a moment at which it can be done.

use super::World;
use super::deed::Deed;
use crate::shop::{Shop, rupees};
use chrono::TimeDelta;
use mela_core::credits::{self, For};
use mela_core::ledger::movements::{Adjustable, Bill};
use mela_core::orders::Order;
use mela_core::payments::Method;
use mela_core::users::User;
use mela_core::{commissions, orders, payments};
use std::sync::Arc;

pub(super) const SALES: [&str; 14] = [
    "join",
    "place",
    "place anew",
    "set aside",
    "cancel",
    "expire",
    "prove",
    "confirm",
    "confirm both",
    "reject",
    "reject beside",
    "pay from wallet",
    "receive",
    "receive what was proved otherwise",
];
pub(super) const PAYOUTS: [&str; 11] = [
    "release",
    "ask",
    "approve",
    "refuse",
    "pay",
    "fail",
    "come back",
    "come back to a debt",
    "cancel commission",
    "cancel released commission",
    "deliver",
];
pub(super) const TREASURY: [&str; 15] = [
    "refund to wallet",
    "refund outside",
    "refund of a spent commission",
    "refund sent",
    "refund failed",
    "top up",
    "see",
    "assign",
    "assign what is confirmed",
    "assign to an order",
    "adjust",
    "prize",
    "remit",
    "settle gateway",
    "open books",
];

/// Sales to someone whose referrers then have something to lose: the first has earned ₹28 of each.
async fn sold(shop: &Shop) -> (User, User, Order) {
    let (_, asha, bina) = shop.chain().await;
    let order = shop.sell(&bina).await;
    (asha, bina, order)
}

/// A wallet with credit in it and with something earned.
async fn rich(shop: &Shop) -> User {
    let (asha, _, _) = sold(shop).await;
    shop.holds_end();
    shop.release().await;
    let key = format!("draw:{}", shop.number());
    let prize = Deed::Prize { person: asha.user_id(), amount: rupees("120.5"), key };
    assert!(prize.perform(&shop.core).await.unwrap().is_now());
    asha
}

/// An order for which ₹130 are set aside: all credit and a part of what was earned.
async fn half_paid(shop: &Shop) -> (User, Order) {
    let asha = rich(shop).await;
    let order = shop.order(&asha).await;
    let order = orders::set_aside(&shop.core, asha.user_id(), &order.code, rupees("130")).await.unwrap().into_inner();
    (asha, order)
}

async fn paid_out(shop: &Shop) -> (User, i64) {
    let (asha, withdrawal) = approved(shop).await;
    let pay = Deed::Pay { withdrawal, utr: format!("N{:011}", shop.number()) };
    assert!(pay.perform(&shop.core).await.unwrap().is_now());
    (asha, withdrawal)
}

async fn approved(shop: &Shop) -> (User, i64) {
    let asha = rich(shop).await;
    let withdrawal = shop.asked(&asha, "20").await.id;
    assert!(Deed::Approve { withdrawal }.perform(&shop.core).await.unwrap().is_now());
    (asha, withdrawal)
}

async fn to_send(shop: &Shop) -> i64 {
    let (_, _, order) = sold(shop).await;
    let key = format!("refund:{}", shop.number());
    let to = mela_core::refunds::To::Outside(crate::shop::vpa());
    let refunded = mela_core::refunds::refund(&shop.core, order.id, rupees("100"), &to, &crate::shop::admin("Om"), "a wish", &key).await;
    refunded.unwrap().into_inner().id
}

/// Brings the shop to a moment at which the verb can be done, and hands out the verb. Each time with other people.
pub(super) async fn scene(world: &World, shop: &Shop, verb: &str) -> Deed {
    let key = format!("key:{}", shop.number());
    let reference = format!("N{:011}", shop.number());
    let refund = |order: i64, amount: &str, outside| Deed::Refund { order, amount: rupees(amount), outside, key: key.clone() };
    match verb {
        "join" => {
            let ravi = shop.arrive("Ravi", None).await;
            Deed::Join { number: shop.number(), inviter: Some(Arc::new(ravi)) }
        }
        "place" => Deed::Place { buyer: Arc::new(shop.arrive("Bina", None).await), plan: crate::shop::PLAN },
        "place anew" => {
            let (asha, _) = half_paid(shop).await;
            shop.advance(TimeDelta::minutes(31));
            Deed::Place { buyer: Arc::new(asha), plan: crate::shop::PLAN }
        }
        "set aside" => {
            let asha = rich(shop).await;
            Deed::SetAside { order: Arc::new(shop.order(&asha).await), amount: rupees("130") }
        }
        "cancel" => Deed::Cancel { order: Arc::new(half_paid(shop).await.1) },
        "expire" => {
            half_paid(shop).await;
            half_paid(shop).await;
            shop.advance(TimeDelta::minutes(31));
            Deed::Expire { limit: 10 }
        }
        "prove" => Deed::Prove { order: Arc::new(half_paid(shop).await.1), utr: shop.utr(), key },
        "confirm" => {
            let (_, _, bina) = shop.chain().await;
            Deed::Confirm { payment: shop.order_and_pay(&bina).await.1.id }
        }
        "confirm both" | "reject" | "reject beside" => {
            let (asha, order) = half_paid(shop).await;
            let payment = shop.prove(&asha, &order, &shop.utr()).await.unwrap().into_inner().id;
            if verb == "reject beside" {
                shop.order(&asha).await;
            }
            if verb == "confirm both" { Deed::Confirm { payment } } else { Deed::Reject { payment } }
        }
        "pay from wallet" => {
            let asha = rich(shop).await;
            let order = Arc::new(shop.order(&asha).await);
            Deed::PayFromWallet { buyer: Arc::new(asha), order, key }
        }
        "receive" | "receive what was proved otherwise" => {
            let (asha, order) = half_paid(shop).await;
            if verb != "receive" {
                shop.prove(&asha, &order, &shop.utr()).await.unwrap();
            }
            Deed::Receive { amount: order.due(), order: Arc::new(order), key }
        }
        "release" => {
            sold(shop).await;
            let (asha, _, _) = sold(shop).await;
            shop.owes(&asha, 5).await;
            shop.holds_end();
            Deed::Release { people: 10_000 }
        }
        "ask" => {
            let (asha, _, _) = sold(shop).await;
            shop.holds_end();
            Deed::Ask { person: Arc::new(asha), amount: rupees("27.5"), key }
        }
        "approve" | "refuse" => {
            let asha = rich(shop).await;
            let withdrawal = shop.asked(&asha, "20").await.id;
            if verb == "approve" { Deed::Approve { withdrawal } } else { Deed::Refuse { withdrawal } }
        }
        "pay" => Deed::Pay { withdrawal: approved(shop).await.1, utr: reference },
        "fail" => {
            let (asha, withdrawal) = approved(shop).await;
            shop.owes(&asha, 5).await;
            Deed::Fail { withdrawal }
        }
        "come back" => Deed::ComeBack { withdrawal: paid_out(shop).await.1 },
        "come back to a debt" => {
            let (asha, withdrawal) = paid_out(shop).await;
            shop.owes(&asha, 5).await;
            Deed::ComeBack { withdrawal }
        }
        "cancel commission" | "cancel released commission" => {
            let (asha, _, order) = sold(shop).await;
            if verb != "cancel commission" {
                shop.holds_end();
                shop.asked(&asha, "20").await;
            }
            Deed::CancelCommission { commission: commissions::of_order(shop.core.db(), order.id).await.unwrap()[0].id }
        }
        "deliver" => Deed::Deliver { order: sold(shop).await.2.id },
        "refund to wallet" => {
            let (asha, order) = half_paid(shop).await;
            let payment = shop.prove(&asha, &order, &shop.utr()).await.unwrap().into_inner();
            shop.approve(&payment).await;
            refund(order.id, "134", false)
        }
        "refund outside" => refund(sold(shop).await.2.id, "60.25", true),
        "refund of a spent commission" => {
            let (asha, _, order) = sold(shop).await;
            shop.holds_end();
            shop.asked(&asha, "20").await;
            refund(order.id, "135", true)
        }
        "refund sent" => Deed::SettleRefund { refund: to_send(shop).await, utr: Some(reference) },
        "refund failed" => Deed::SettleRefund { refund: to_send(shop).await, utr: None },
        "top up" => Deed::TopUp { person: shop.arrive("Bina", None).await.user_id(), amount: rupees("50.5"), method: Method::Gateway, key },
        "see" => Deed::See { bank_ref: reference, amount: rupees("150") },
        "assign" | "assign what is confirmed" => {
            let (_, _, bina) = shop.chain().await;
            let payment = shop.order_and_pay(&bina).await.1;
            if verb != "assign" {
                assert!(payments::confirm(&shop.core, payment.id, &crate::shop::admin("Om")).await.unwrap().is_now());
            }
            let seen = credits::see(&shop.core, &credits::Seen::at_bank(&reference, rupees("150"), "BINA", shop.core.now()))
                .await
                .unwrap()
                .into_inner();
            let to = For {
                payment: Some(payment.id),
                wallet: Some((bina.user_id(), rupees("10"))),
                sent_back: rupees("5"),
                ..For::default()
            };
            Deed::Assign { credit: seen.id, to, key }
        }
        "assign to an order" => {
            let (asha, order) = half_paid(shop).await;
            let seen = credits::Seen::at_bank(&reference, rupees("15"), "ASHA", shop.core.now());
            let seen = credits::see(&shop.core, &seen).await.unwrap().into_inner();
            let to = For { order: Some(order.id), wallet: Some((asha.user_id(), rupees("10"))), ..For::default() };
            Deed::Assign { credit: seen.id, to, key }
        }
        "adjust" => {
            let (asha, _, _) = sold(shop).await;
            Deed::Adjust { person: asha.user_id(), account: Adjustable::Owed, amount: -rupees("7.5"), key }
        }
        "prize" => Deed::Prize { person: shop.arrive("Bina", None).await.user_id(), amount: rupees("9"), key },
        "remit" => Deed::Remit { bill: Bill::Supplier, amount: rupees("42"), reference },
        "settle gateway" => Deed::SettleGateway { reference, net: rupees("98"), fees: rupees("2") },
        "open books" => Deed::OpenBooks { amount: rupees("1000") },
        other => panic!("no scene for {other} in {world:?}"),
    }
}
