//! What staff say of money that waits: once, whoever presses; and who is told.

use super::{credit, every_rupee_is_somewhere, from, noted, state, take};
use crate::shop::{Shop, admin, rupees};
use crate::together::at_once;
use chrono::TimeDelta;
use mela_core::audit::Actor;
use mela_core::credits::{self, CreditError, Filter, Source, Waits};
use mela_core::db::Applied;
use mela_core::money::Rupees;
use mela_core::orders::{self, OrderState};
use mela_core::payments::{self, PaymentError};
use mela_core::privacy::{self, Erasure};
use mela_core::users::UserId;

/// What people were told, as its kind and arguments.
async fn told(shop: &Shop, kind: &str) -> Vec<String> {
    shop.column(&format!("SELECT user_id || ': ' || (args - 'kind')::text FROM notification WHERE kind = '{kind}' ORDER BY id"))
        .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_order_gets_its_due_and_the_rest_goes_to_the_wallet_once() {
    let shop = Shop::open().await;
    let (_, _, bina) = shop.chain().await;
    let order = shop.order(&bina).await;
    take(&shop, &noted(from(credit(&shop, &shop.utr(), "150"), "bina@okhdfc"), &format!("O{}", order.code))).await;
    let waiting = credits::get(shop.core.db(), 1).await.unwrap();
    let suggested = credits::suggested(&shop.core, &waiting).await.unwrap();
    assert_eq!(suggested.payer.map(|user| user.id), Some(bina.id));
    assert_eq!(suggested.orders.iter().map(|lead| (lead.order.id, lead.due())).collect::<Vec<_>>(), [(order.id, rupees("135"))]);
    let answers = at_once(8, |n| {
        let (core, order) = (shop.core.clone(), order.id);
        async move { credits::to_order(&core, 1, order, true, &admin("Meera"), &format!("press:{n}")).await }
    })
    .await;
    assert_eq!(answers.iter().filter(|a| matches!(a, Ok(Applied::Now(_)))).count(), 1);
    let nothing_left = |a: &Result<_, CreditError>| matches!(a, Err(CreditError::NotEnough(left)) if *left == Rupees::ZERO);
    assert!(answers.iter().all(|a| a.is_ok() || nothing_left(a)), "{answers:?}");
    assert_eq!((state(&shop, &order).await, shop.has(&bina).await), (OrderState::Paid, "credit 15".to_owned()));
    assert_eq!(
        told(&shop, "credit-kept").await,
        [format!(r#"{}: {{"why": "excess", "order": {}, "amount": "15"}}"#, bina.id, order.id)]
    );
    let parts = credits::assigned(shop.core.db(), 1).await.unwrap();
    let said: Vec<_> = parts.iter().map(|p| (p.order.clone(), p.to_payment, p.person.as_deref(), p.to_credit, p.by.as_str())).collect();
    assert_eq!(said, [(Some(order.code.clone()), rupees("135"), Some("Bina"), rupees("15"), "Meera")]);
    assert_eq!(credits::queue(shop.core.db(), Filter::ToDecide, 0, 10).await.unwrap(), []);
    every_rupee_is_somewhere(&shop).await;
}

#[tokio::test]
async fn the_rest_can_wait_and_be_sent_back_by_a_reference_of_its_own() {
    let shop = Shop::open().await;
    let (_, _, bina) = shop.chain().await;
    let (sold, order) = (shop.sell(&bina).await, shop.order(&bina).await);
    take(&shop, &noted(credit(&shop, "632111111111", "150"), &format!("O{}", order.code))).await;
    credits::to_order(&shop.core, 1, order.id, false, &admin("Meera"), "press:1").await.unwrap();
    let waits = credits::queue(shop.core.db(), Filter::Why(Waits::Excess), 0, 10).await.unwrap();
    assert_eq!(waits.iter().map(|credit| credit.left()).collect::<Vec<_>>(), [rupees("15")]);
    let used = payments::of_order(shop.core.db(), sold.id).await.unwrap()[0].utr.clone().unwrap();
    let before = shop.everything().await;
    for (reference, why) in [
        (used.as_str(), "a customer's"),
        ("632111111111", "the credit's own"),
        ("12345", "too short"),
        ("₹₹₹₹₹₹₹₹₹₹", "no letters"),
    ] {
        let refused = credits::send_back(&shop.core, 1, reference, &admin("Meera"), "press:2").await;
        assert!(matches!(refused, Err(CreditError::ReferenceUsed | CreditError::NotAReference(_))), "{why}: {refused:?}");
    }
    assert_eq!(shop.everything().await, before);
    assert!(credits::send_back(&shop.core, 1, "6329 8765-4321", &admin("Meera"), "press:2").await.unwrap().is_now());
    assert!(!credits::send_back(&shop.core, 1, "632987654321", &admin("Meera"), "press:2").await.unwrap().is_now(), "the same press");
    assert_eq!(told(&shop, "credit-returned").await, [format!(r#"{}: {{"amount": "15", "reference": "632987654321"}}"#, bina.id)]);
    // One return is one credit's.
    take(&shop, &credit(&shop, &shop.utr(), "99")).await;
    let again = credits::send_back(&shop.core, 2, "632987654321", &admin("Om"), "press:3").await;
    assert!(matches!(again, Err(CreditError::ReferenceUsed)), "{again:?}");
    credits::send_back(&shop.core, 2, "632987654322", &admin("Om"), "press:4").await.unwrap();
    assert_eq!(told(&shop, "credit-returned").await.len(), 1, "of a stranger nobody is told");
    every_rupee_is_somewhere(&shop).await;
}

#[tokio::test]
async fn double_and_late_money_goes_to_the_wallet_and_its_owner_is_told_why() {
    let shop = Shop::open().await;
    let (_, _, bina) = shop.chain().await;
    let order = shop.order(&bina).await;
    for utr in ["632000000001", "632000000002"] {
        take(&shop, &noted(credit(&shop, utr, "135"), &format!("O{}", order.code))).await;
    }
    credits::to_wallet(&shop.core, 2, bina.user_id(), &admin("Meera"), "press:1").await.unwrap();
    let again = credits::to_wallet(&shop.core, 2, bina.user_id(), &admin("Om"), "press:2").await;
    assert!(matches!(again, Err(CreditError::NotEnough(left)) if left == Rupees::ZERO));
    assert_eq!(shop.has(&bina).await, "credit 135");
    assert_eq!(
        told(&shop, "credit-kept").await,
        [format!(r#"{}: {{"why": "double", "order": {}, "amount": "135"}}"#, bina.id, order.id)]
    );
    // Nobody, and who was forgotten.
    take(&shop, &credit(&shop, &shop.utr(), "77")).await;
    let nobody = credits::to_wallet(&shop.core, 3, UserId(999), &admin("Meera"), "press:3").await;
    assert!(matches!(nobody, Err(CreditError::Nobody)));
    let mark = privacy::ties(shop.core.db(), bina.user_id(), shop.core.now()).await.unwrap().mark();
    orders::deliver(&shop.core, order.id, &admin("Meera")).await.unwrap();
    let erased = privacy::erase(&shop.core, bina.user_id(), mark, &Actor::customer(&bina)).await.unwrap();
    assert_eq!(erased, Erasure::Done);
    assert!(matches!(credits::to_wallet(&shop.core, 3, bina.user_id(), &admin("Meera"), "press:4").await, Err(CreditError::Nobody)));
    every_rupee_is_somewhere(&shop).await;
}

#[tokio::test]
async fn what_does_not_fit_changes_nothing() {
    let shop = Shop::open().await;
    let (_, _, bina) = shop.chain().await;
    let (paid, order) = (shop.sell(&bina).await, shop.order(&bina).await);
    take(&shop, &credit(&shop, &payments::of_order(shop.core.db(), paid.id).await.unwrap()[0].utr.clone().unwrap(), "135")).await;
    take(&shop, &noted(credit(&shop, &shop.utr(), "100"), &format!("O{}", order.code))).await;
    let before = shop.everything().await;
    let short = credits::to_order(&shop.core, 2, order.id, true, &admin("Meera"), "press:1").await;
    assert!(matches!(short, Err(CreditError::NotEnough(left)) if left == rupees("100")), "{short:?}");
    let of_paid = credits::to_order(&shop.core, 2, paid.id, true, &admin("Meera"), "press:2").await;
    assert!(matches!(&of_paid, Err(CreditError::Payment(why)) if matches!(**why, PaymentError::NotAwaited(_))), "{of_paid:?}");
    let none = credits::to_order(&shop.core, 2, 999, true, &admin("Meera"), "press:3").await;
    assert!(matches!(&none, Err(CreditError::Payment(why)) if matches!(**why, PaymentError::NoOrder)));
    assert_eq!(shop.everything().await, before);
    every_rupee_is_somewhere(&shop).await;
}

#[tokio::test]
async fn a_gateways_money_for_a_paid_order_waits_with_a_card() {
    let shop = Shop::open().await;
    let (_, _, bina) = shop.chain().await;
    let (order, open) = (shop.sell(&bina).await, shop.order(&bina).await);
    let at_gateway = |id: &str, note: String| credits::Seen {
        source: Source::Razorpay,
        bank: String::new(),
        ..noted(credits::Seen::at_bank(id, rupees("135"), "", shop.core.now()), &note)
    };
    for (seen, waits) in [
        (at_gateway("razorpay/pay_1", format!("O-{}", order.code)), Some(Waits::Double)),
        (at_gateway("razorpay/pay_2", "no order of ours".to_owned()), Some(Waits::Unknown)),
    ] {
        assert!(matches!(take(&shop, &seen).await, credits::Taken::Unmatched(credit) if credit.waits == waits));
    }
    assert_eq!(
        shop.count("SELECT count(*) FROM notification WHERE kind = 'credit-card'").await,
        2,
        "what a gateway takes is always the shop's"
    );
    assert_eq!(credits::queue(shop.core.db(), Filter::ToDecide, 0, 10).await.unwrap().len(), 2);
    // Its order was offered it before, and refused.
    let refused = take(&shop, &at_gateway("razorpay/pay_3", format!("O-{}", open.code))).await;
    assert!(matches!(refused, credits::Taken::Unmatched(credit) if credit.waits == Some(Waits::Ask) && credit.order_id == Some(open.id)));
    every_rupee_is_somewhere(&shop).await;
}

#[tokio::test]
async fn what_should_have_been_seen_by_now_is_named() {
    let shop = Shop::open().await;
    let (_, _, bina) = shop.chain().await;
    let report = async || mela_core::reconciliation::reconcile(&shop.core).await.unwrap();
    let old = shop.sell(&bina).await;
    shop.advance(TimeDelta::days(3));
    assert!(!report().await.statements && report().await.unseen.is_empty(), "where no statement is read, nothing is missed");
    take(&shop, &credit(&shop, &shop.utr(), "9")).await;
    let order = shop.sell(&bina).await;
    let fresh = shop.sell(&bina).await;
    assert!(report().await.unseen.is_empty(), "not yet");
    shop.advance(TimeDelta::days(3));
    let utr = payments::of_order(shop.core.db(), order.id).await.unwrap()[0].utr.clone().unwrap();
    let found = report().await;
    let named: Vec<_> = found
        .unseen
        .iter()
        .map(|o| (o.order.clone().unwrap(), o.amount, o.ending.clone(), o.by.as_str(), o.of, o.total))
        .collect();
    assert_eq!(named.len(), 2, "of before the first statement nothing is expected: {old:?}");
    assert_eq!(named[0], (order.code.clone(), rupees("135"), Some(utr[8..].to_owned()), "Meera", 2, rupees("270")));
    take(&shop, &credit(&shop, &utr, "135")).await;
    let unseen: Vec<_> = report().await.unseen.into_iter().map(|o| o.order.unwrap().to_string()).collect();
    assert_eq!(unseen, [fresh.code.to_string()]);
    // A gateway's money, of which the oldest was paid out.
    for n in ["1", "2"] {
        let order = shop.order(&bina).await;
        let incoming = payments::Incoming {
            method: payments::Method::Gateway,
            amount: rupees("135"),
            key: format!("razorpay:pay_{n}"),
            gateway: Some(("razorpay".to_owned(), format!("pay_{n}"))),
            payer: None,
            credit: None,
        };
        payments::receive(&shop.core, order.id, &incoming, &mela_core::audit::Actor::program("razorpay")).await.unwrap();
        shop.advance(TimeDelta::minutes(1));
    }
    mela_core::treasury::settle_gateway(&shop.core, "setl_1", rupees("132"), rupees("3")).await.unwrap();
    assert!(report().await.unsettled.is_empty(), "not yet");
    shop.advance(TimeDelta::days(3));
    let unsettled = report().await.unsettled;
    assert_eq!(
        unsettled.iter().map(|o| (o.amount, o.ending.as_deref(), o.by.as_str())).collect::<Vec<_>>(),
        [(rupees("135"), Some("ay_2"), "razorpay")]
    );
    every_rupee_is_somewhere(&shop).await;
}
