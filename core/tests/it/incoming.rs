//! Money that nobody claims: it is confirmed as it comes, or waits where staff see it.

use super::shop::{Shop, rupees};
use super::together::at_once;
use chrono::TimeDelta;
use mela_core::audit::Actor;
use mela_core::credits::{self, CreditError, For, Seen};
use mela_core::db::Applied;
use mela_core::money::Rupees;
use mela_core::orders::{self, Order, OrderState};
use mela_core::payments::{self, Incoming, Method, Payment, PaymentError, PaymentState};

fn gateway() -> Actor {
    Actor::program("razorpay")
}

fn incoming(id: &str, amount: &str) -> Incoming {
    Incoming {
        method: Method::Gateway,
        amount: rupees(amount),
        key: format!("razorpay:{id}"),
        gateway: Some(("razorpay".to_owned(), id.to_owned())),
        payer: Some("bina@okhdfc".to_owned()),
        credit: None,
    }
}

async fn receive(shop: &Shop, order: &Order, id: &str, amount: &str) -> Result<Applied<Payment>, PaymentError> {
    payments::receive(&shop.core, order.id, &incoming(id, amount), &gateway()).await
}

async fn state(shop: &Shop, order: &Order) -> OrderState {
    orders::get(shop.core.db(), order.id).await.unwrap().state
}

#[tokio::test]
async fn the_same_money_told_of_eight_times_at_once_is_one_payment() {
    let shop = Shop::open().await;
    let (_, asha, bina) = shop.chain().await;
    let order = shop.order(&bina).await;
    let answers = at_once(8, |_| {
        let (core, id) = (shop.core.clone(), order.id);
        async move { payments::receive(&core, id, &incoming("pay_1", "135"), &gateway()).await.unwrap() }
    })
    .await;
    assert_eq!(answers.iter().filter(|a| a.is_now()).count(), 1);
    assert_eq!(shop.entries("order:1:paid").await[0], "gateway_clearing: 135");
    assert_eq!((state(&shop, &order).await, shop.has(&asha).await), (OrderState::Paid, "held 28".to_owned()));
    let cards = "SELECT kind || coalesce(dedupe_key, '') FROM notification WHERE user_id IS NULL";
    assert_eq!(shop.column(cards).await, ["payment-cardgateway:1"], "what is to be delivered by hand is on a card");
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn what_comes_after_the_end_is_taken_and_what_is_not_the_sum_or_comes_twice_is_not() {
    let shop = Shop::open().await;
    let (_, _, bina) = shop.chain().await;
    let order = shop.order(&bina).await;
    let before = shop.everything().await;
    for wrong in ["134.99", "135.01"] {
        assert!(matches!(receive(&shop, &order, "pay_1", wrong).await, Err(PaymentError::OtherAmount(due)) if due == rupees("135")));
    }
    assert_eq!(shop.everything().await, before);
    shop.advance(TimeDelta::hours(2));
    assert_eq!(orders::expire_due(&shop.core, 10).await.unwrap(), 1);
    let late = receive(&shop, &order, "pay_1", "135").await.unwrap().into_inner();
    assert!(late.late && state(&shop, &order).await == OrderState::Paid);
    assert!(matches!(receive(&shop, &order, "pay_2", "135").await, Err(PaymentError::NotAwaited(OrderState::Paid))));
    let other = shop.order(&bina).await;
    assert!(matches!(receive(&shop, &other, "pay_1", "135").await, Err(PaymentError::Decided(_))));
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn a_proof_that_waits_is_put_aside_when_the_order_is_paid_another_way() {
    let shop = Shop::open().await;
    let (_, _, bina) = shop.chain().await;
    let (order, proof) = shop.order_and_pay(&bina).await;
    receive(&shop, &order, "pay_1", "135").await.unwrap();
    let proof = payments::get(shop.core.db(), proof.id).await.unwrap();
    assert_eq!((proof.state, proof.reason.as_deref()), (PaymentState::Rejected, Some("paid by razorpay")));
    assert_eq!(state(&shop, &order).await, OrderState::Paid);
    assert_eq!(
        shop.count("SELECT count(*) FROM notification WHERE kind = 'payment-rejected'").await,
        0,
        "the buyer is not told of a refusal"
    );
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn a_credit_becomes_the_payment_of_an_order_that_nobody_proved() {
    let shop = Shop::open().await;
    let (_, _, bina) = shop.chain().await;
    let order = shop.order(&bina).await;
    let seen = Seen {
        vpa: Some("bina@okhdfc".to_owned()),
        ..Seen::at_bank("HDFC/412345678901", rupees("150"), "BINA R", shop.core.now())
    };
    let credit = credits::see(&shop.core, &seen).await.unwrap().into_inner();
    let to = For { order: Some(order.id), wallet: Some((bina.user_id(), rupees("15"))), ..For::default() };
    let by = Actor::program("HDFC");
    let answers = at_once(4, |_| {
        let (core, to, by) = (shop.core.clone(), to.clone(), by.clone());
        async move { credits::assign(&core, 1, &to, &by, "match:1").await.unwrap() }
    })
    .await;
    assert_eq!(answers.iter().filter(|a| a.is_now()).count(), 1);
    let payment = payments::of_order(shop.core.db(), order.id).await.unwrap().remove(0);
    assert_eq!((payment.credit_id, payment.payer.as_deref(), payment.utr.as_deref()), (Some(credit.id), Some("bina@okhdfc"), None));
    assert_eq!(shop.entries("credit:1:assigned:1").await, ["upi_clearing: -135", "unmatched: 150", "Bina credit: -15"]);
    assert_eq!(shop.count("SELECT sum(upi_clearing)::bigint FROM ledger.journal").await, 0);
    let next = shop.order(&bina).await;
    let again = credits::assign(&shop.core, credit.id, &For { order: Some(next.id), ..For::default() }, &by, "match:2").await;
    assert!(matches!(again, Err(CreditError::NotEnough(left)) if left == Rupees::ZERO));
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn a_gateways_credit_lies_with_the_gateway_until_it_is_known_what_for() {
    let shop = Shop::open().await;
    let (_, _, bina) = shop.chain().await;
    let order = shop.order(&bina).await;
    let seen = Seen { source: credits::Source::Razorpay, ..Seen::at_bank("razorpay/pay_9", rupees("200"), "", shop.core.now()) };
    let credit = credits::see(&shop.core, &seen).await.unwrap().into_inner();
    assert_eq!(shop.entries("credit:razorpay/pay_9").await, ["gateway_clearing: 200", "unmatched: -200"]);
    let to = For { order: Some(order.id), sent_back: rupees("65"), ..For::default() };
    credits::assign(&shop.core, credit.id, &to, &gateway(), "press:1").await.unwrap();
    assert_eq!(shop.entries("credit:1:assigned:1").await, ["gateway_clearing: -200", "unmatched: 200"]);
    let payment = payments::of_order(shop.core.db(), order.id).await.unwrap().remove(0);
    assert_eq!((payment.method, payment.gateway_ref.as_deref()), (Method::Gateway, Some("pay_9")));
    shop.proof_is_empty().await;
}

/// A top-up is an order whose goods are money in the wallet: no sale, no commission, no receipt.
#[tokio::test]
async fn a_paid_top_up_is_in_the_wallet_and_no_sale() {
    let shop = Shop::open().await;
    let (_, asha, bina) = shop.chain().await;
    let order = shop.order(&bina).await;
    shop.run("DELETE FROM order_item; UPDATE orders SET fills_wallet = true, plan_id = NULL, cost = 0").await;
    receive(&shop, &order, "pay_1", "135").await.unwrap();
    assert_eq!(
        (state(&shop, &order).await, shop.has(&bina).await, shop.has(&asha).await),
        (OrderState::Credited, "credit 135".into(), String::new())
    );
    assert_eq!(shop.entries("payment:razorpay:pay_1").await, ["gateway_clearing: 135", "Bina credit: -135"]);
    assert!(matches!(receive(&shop, &order, "pay_2", "135").await, Err(PaymentError::NotAwaited(OrderState::Credited))));
    assert_eq!(mela_core::receipts::number_due(&shop.core).await.unwrap(), 0);
    shop.proof_is_empty().await;
    // The books say so when a top-up has no money, or its money has no top-up.
    let found = shop.problems_after("ALTER TABLE orders DISABLE TRIGGER USER; UPDATE orders SET state = 'expired'").await;
    assert!(found.iter().any(|problem| problem.contains("paid order and its payment differ")), "{found:?}");
}

#[tokio::test]
async fn references_that_would_be_other_keys_are_refused() {
    let shop = Shop::open().await;
    for wrong in ["", "1:assigned:1", "a b", "ref\n", &"9".repeat(101)] {
        let answer = credits::see(&shop.core, &Seen::at_bank(wrong, rupees("1"), "", shop.core.now())).await;
        assert!(matches!(answer, Err(CreditError::NotAReference(_))), "{wrong}");
    }
    shop.proof_is_empty().await;
}
