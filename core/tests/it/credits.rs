//! Money seen at the bank, what it was for, and money that comes for a wallet.

use super::shop::{Shop, admin, rupees};
use super::together::at_once;
use mela_core::credits::{self, BankCredit, CreditError, For};
use mela_core::db::Applied;
use mela_core::money::Rupees;
use mela_core::orders::{self, OrderState};
use mela_core::payments::{self, Method, PaymentError, PaymentState};
use mela_core::users::User;

async fn seen(shop: &Shop, bank_ref: &str, amount: &str) -> BankCredit {
    credits::see(&shop.core, &credits::Seen::at_bank(bank_ref, rupees(amount), "BINA R", shop.core.now()))
        .await
        .unwrap()
        .into_inner()
}

async fn assign(shop: &Shop, credit: &BankCredit, to: For) -> Result<Applied<BankCredit>, CreditError> {
    let key = format!("press:{}", shop.number());
    credits::assign(&shop.core, credit.id, &to, &admin("Meera"), &key).await
}

fn payment(id: i64) -> For {
    For { payment: Some(id), ..For::default() }
}

fn wallet(person: &User, amount: &str) -> For {
    For { wallet: Some((person.user_id(), rupees(amount))), ..For::default() }
}

async fn unmatched(shop: &Shop) -> i64 {
    shop.count("SELECT coalesce(-sum(unmatched), 0)::bigint FROM ledger.journal").await
}

#[tokio::test]
async fn a_credit_is_seen_once_by_its_reference() {
    let shop = Shop::open().await;
    let answers = at_once(8, |_| {
        let (core, now) = (shop.core.clone(), shop.core.now());
        async move { credits::see(&core, &credits::Seen::at_bank("HDFC0001", rupees("150"), "BINA R", now)).await.unwrap() }
    })
    .await;
    assert_eq!(answers.iter().filter(|a| a.is_now()).count(), 1);
    assert_eq!(shop.entries("credit:HDFC0001").await, ["bank: 150", "unmatched: -150"]);
    let before = shop.everything().await;
    let other = credits::see(&shop.core, &credits::Seen::at_bank("HDFC0001", rupees("151"), "BINA R", shop.core.now())).await;
    assert!(matches!(&other, Err(CreditError::OtherAmount(first)) if first == "HDFC0001"), "{other:?}");
    assert_eq!(shop.everything().await, before);
    assert_eq!(credits::by_ref(shop.core.db(), "HDFC0001").await.unwrap().unwrap().amount, rupees("150"));
    assert_eq!(credits::by_ref(shop.core.db(), "HDFC0002").await.unwrap(), None);
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn a_credit_of_150_confirms_the_order_of_135_and_the_rest_goes_to_the_wallet() {
    let shop = Shop::open().await;
    let (_, asha, bina) = shop.chain().await;
    let credit = seen(&shop, "HDFC0001", "150").await;
    let (order, proof) = shop.order_and_pay(&bina).await;
    let both = For { payment: Some(proof.id), ..wallet(&bina, "15") };
    let assigned = credits::assign(&shop.core, credit.id, &both, &admin("Meera"), "press:1").await.unwrap();
    assert!(assigned.is_now());
    assert_eq!(shop.entries("credit:1:assigned:1").await, ["upi_clearing: -135", "unmatched: 150", "Bina credit: -15"]);
    assert_eq!(orders::get(shop.core.db(), order.id).await.unwrap().state, OrderState::Paid);
    assert_eq!((shop.has(&bina).await, shop.has(&asha).await), ("credit 15".into(), "held 28".into()));
    assert!(credits::unmatched(shop.core.db(), 10).await.unwrap().is_empty());

    let again = credits::assign(&shop.core, credit.id, &both, &admin("Meera"), "press:1").await.unwrap();
    assert_eq!(again, Applied::Already(assigned.into_inner()));
    assert!(matches!(assign(&shop, &credit, both).await, Err(CreditError::NotForThis)), "another press for the same payment");
    assert!(matches!(assign(&shop, &credit, wallet(&bina, "1")).await, Err(CreditError::NotEnough(left)) if left == rupees("0")));
    assert_eq!(unmatched(&shop).await, 0);
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn the_rest_is_sent_back_or_waits() {
    let shop = Shop::open().await;
    let (_, _, bina) = shop.chain().await;
    let credit = seen(&shop, "HDFC0001", "150").await;
    let (_, proof) = shop.order_and_pay(&bina).await;
    shop.approve(&proof).await;
    assign(&shop, &credit, payment(proof.id)).await.unwrap();
    assert_eq!(shop.entries("credit:1:assigned:1").await, ["upi_clearing: -135", "unmatched: 135"], "it was confirmed before");
    let [waits] = &credits::unmatched(shop.core.db(), 10).await.unwrap()[..] else {
        panic!("one waits")
    };
    assert_eq!((waits.amount, waits.assigned), (rupees("150"), rupees("135")));
    assert_eq!(unmatched(&shop).await, 15);
    let more = For { sent_back: rupees("15.01"), ..For::default() };
    assert!(matches!(assign(&shop, &credit, more).await, Err(CreditError::NotEnough(left)) if left == rupees("15")));
    assign(&shop, &credit, For { sent_back: rupees("15"), ..For::default() }).await.unwrap();
    assert_eq!(shop.entries("credit:1:assigned:2").await, ["bank: -15", "unmatched: 15"]);
    assert_eq!(shop.count("SELECT sum(bank)::bigint FROM ledger.journal").await, 135);
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn too_little_money_confirms_nothing() {
    let shop = Shop::open().await;
    let (_, _, bina) = shop.chain().await;
    let credit = seen(&shop, "HDFC0001", "134.99").await;
    let (order, proof) = shop.order_and_pay(&bina).await;
    let before = shop.everything().await;
    assert!(matches!(assign(&shop, &credit, payment(proof.id)).await, Err(CreditError::NotEnough(left)) if left == rupees("134.99")));
    assert_eq!(shop.everything().await, before);
    assert_eq!(orders::get(shop.core.db(), order.id).await.unwrap().state, OrderState::InReview);
}

#[tokio::test]
async fn a_credit_is_not_for_a_rejected_payment_nor_for_one_that_came_otherwise() {
    let shop = Shop::open().await;
    let (_, _, bina) = shop.chain().await;
    let credit = seen(&shop, "HDFC0001", "300").await;
    let (order, rejected) = shop.order_and_pay(&bina).await;
    payments::reject(&shop.core, rejected.id, &admin("Om"), "not found").await.unwrap();
    shop.fill(&bina, "135", "0").await;
    let by_wallet = shop.pay_from_wallet(&bina, &order).await.unwrap().into_inner();
    let by_gateway = payments::top_up_wallet(&shop.core, bina.user_id(), rupees("100"), Method::Gateway, "rzp:1", &admin("Meera"))
        .await
        .unwrap();
    let before = shop.everything().await;
    let refused = assign(&shop, &credit, payment(rejected.id)).await;
    assert!(
        matches!(&refused, Err(CreditError::Payment(why)) if matches!(&**why, PaymentError::Decided(p) if p.state == PaymentState::Rejected)),
        "{refused:?}"
    );
    for id in [by_wallet.id, by_gateway.into_inner().id] {
        assert!(matches!(assign(&shop, &credit, payment(id)).await, Err(CreditError::NotForThis)));
    }
    assert!(assign(&shop, &credit, payment(999)).await.is_err());
    assert!(matches!(assign(&shop, &credit, For::default()).await, Err(CreditError::NotEnough(_))), "for nothing");
    let nobody = BankCredit { id: 999, ..credit.clone() };
    assert!(assign(&shop, &nobody, wallet(&bina, "5")).await.is_err());
    assert_eq!(shop.everything().await, before);
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn a_top_up_by_upi_is_found_at_the_bank() {
    let shop = Shop::open().await;
    let bina = shop.arrive("Bina", None).await;
    let topped = payments::top_up_wallet(&shop.core, bina.user_id(), rupees("100"), Method::Upi, "upi:1", &admin("Meera")).await.unwrap();
    assert_eq!(shop.entries("payment:upi:1").await, ["upi_clearing: 100", "Bina credit: -100"]);
    let credit = seen(&shop, "HDFC0001", "100").await;
    assign(&shop, &credit, payment(topped.into_inner().id)).await.unwrap();
    assert_eq!(shop.count("SELECT coalesce(sum(upi_clearing), 0)::bigint FROM ledger.journal").await, 0);
    assert_eq!(shop.has(&bina).await, "credit 100", "it is in the wallet once");
    shop.proof_is_empty().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_credit_claimed_for_many_payments_at_once_pays_one() {
    let shop = Shop::open().await;
    let mut proofs = Vec::new();
    for n in 0..8 {
        let buyer = shop.arrive(&format!("Buyer {n}"), None).await;
        proofs.push(shop.order_and_pay(&buyer).await.1);
    }
    let credit = seen(&shop, "HDFC0001", "150").await;
    let answers = at_once(8, |n| {
        let (shop, credit, id) = (shop.clone(), credit.clone(), proofs[n].id);
        async move { assign(&shop, &credit, payment(id)).await }
    })
    .await;
    assert_eq!(answers.iter().filter(|a| a.is_ok()).count(), 1);
    assert_eq!(
        answers.iter().filter(|a| matches!(a, Err(CreditError::NotEnough(left)) if *left == rupees("15"))).count(),
        7,
        "{answers:?}"
    );
    assert_eq!(shop.count("SELECT count(*) FROM orders WHERE state = 'paid'").await, 1);
    shop.proof_is_empty().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_credits_claimed_for_one_payment_at_once_one_is_its_money() {
    let shop = Shop::open().await;
    let (_, _, bina) = shop.chain().await;
    let (order, proof) = shop.order_and_pay(&bina).await;
    let mut seen_at_bank = Vec::new();
    for n in 0..8 {
        seen_at_bank.push(seen(&shop, &format!("HDFC{n}"), "135").await);
    }
    let answers = at_once(8, |n| {
        let (shop, credit, id) = (shop.clone(), seen_at_bank[n].clone(), proof.id);
        async move {
            // Staff press `Approve` meanwhile.
            if n == 3 {
                shop.approve(&payments::get(shop.core.db(), id).await.unwrap()).await;
            }
            assign(&shop, &credit, payment(id)).await
        }
    })
    .await;
    assert_eq!(answers.iter().filter(|a| a.is_ok()).count(), 1);
    assert_eq!(answers.iter().filter(|a| matches!(a, Err(CreditError::NotForThis))).count(), 7, "{answers:?}");
    assert_eq!(shop.count(&format!("SELECT count(*) FROM ledger.journal WHERE key = 'order:{}:paid'", order.id)).await, 1);
    assert_eq!(unmatched(&shop).await, 7 * 135);
    shop.proof_is_empty().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_press_is_one_assignment_and_its_key_stands_for_it_alone() {
    let shop = Shop::open().await;
    let bina = shop.arrive("Bina", None).await;
    let asha = shop.arrive("Asha", None).await;
    let credit = seen(&shop, "HDFC0001", "150").await;
    let press = |credit: i64, to: For| {
        let core = shop.core.clone();
        async move { credits::assign(&core, credit, &to, &admin("Meera"), "press:same").await }
    };
    let answers = at_once(8, |_| press(credit.id, wallet(&bina, "10"))).await;
    assert_eq!(answers.iter().filter(|a| a.as_ref().unwrap().is_now()).count(), 1);
    let second = seen(&shop, "HDFC0002", "150").await;
    let before = shop.everything().await;
    assert!(matches!(press(second.id, wallet(&bina, "10")).await, Err(CreditError::Another)), "another credit");
    assert!(matches!(press(credit.id, wallet(&bina, "11")).await, Err(CreditError::Another)), "another amount");
    assert!(matches!(press(credit.id, wallet(&asha, "10")).await, Err(CreditError::Another)), "another person");
    assert!(
        matches!(press(credit.id, For { sent_back: rupees("10"), ..For::default() }).await, Err(CreditError::Another)),
        "sent back"
    );
    assert_eq!(shop.everything().await, before);
    assert_eq!(shop.has(&bina).await, "credit 10");

    // What fits is assigned, whoever comes first.
    let answers = at_once(8, |_| {
        let (shop, credit, bina) = (shop.clone(), credit.clone(), bina.clone());
        async move { assign(&shop, &credit, wallet(&bina, "30")).await }
    })
    .await;
    assert_eq!(answers.iter().filter(|a| a.is_ok()).count(), 4);
    assert_eq!(shop.has(&bina).await, "credit 130");
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn a_part_of_an_assignment_below_zero_is_refused() {
    let shop = Shop::open().await;
    let bina = shop.arrive("Bina", None).await;
    let credit = seen(&shop, "HDFC0001", "150").await;
    let before = shop.everything().await;
    for to in [
        For { sent_back: -rupees("5"), ..wallet(&bina, "10") },
        For { wallet: Some((bina.user_id(), -rupees("5"))), sent_back: rupees("10"), ..For::default() },
        For { wallet: Some((bina.user_id(), -rupees("5"))), ..For::default() },
        For { wallet: Some((bina.user_id(), Rupees::ZERO)), ..For::default() },
    ] {
        let refused = assign(&shop, &credit, to.clone()).await;
        assert!(matches!(refused, Err(CreditError::NotEnough(left)) if left == rupees("150")), "{to:?}: {refused:?}");
    }
    assert_eq!(shop.everything().await, before);
    shop.proof_is_empty().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_top_up_that_comes_eight_times_at_once_is_credited_once() {
    let shop = Shop::open().await;
    let bina = shop.arrive("Bina", None).await;
    let asha = shop.arrive("Asha", None).await;
    for (n, method) in [Method::Upi, Method::Gateway].into_iter().enumerate() {
        let answers = at_once(8, |_| {
            let (core, bina) = (shop.core.clone(), bina.user_id());
            async move { payments::top_up_wallet(&core, bina, rupees("100"), method, &format!("ref:{n}"), &admin("Meera")).await.unwrap() }
        })
        .await;
        assert_eq!(answers.iter().filter(|a| a.is_now()).count(), 1);
    }
    assert_eq!(shop.has(&bina).await, "credit 200");
    assert_eq!(shop.entries("payment:ref:1").await, ["gateway_clearing: 100", "Bina credit: -100"]);
    let before = shop.everything().await;
    for (person, amount, method) in [(&bina, "101", Method::Upi), (&asha, "100", Method::Upi), (&bina, "100", Method::Gateway)] {
        let other = payments::top_up_wallet(&shop.core, person.user_id(), rupees(amount), method, "ref:0", &admin("Meera")).await;
        assert!(matches!(other, Err(PaymentError::Decided(_))), "{amount} {method:?}: {other:?}");
    }
    assert!(
        payments::top_up_wallet(&shop.core, bina.user_id(), rupees("100"), Method::Wallet, "ref:9", &admin("Meera"))
            .await
            .is_err()
    );
    assert_eq!(shop.everything().await, before);
    shop.proof_is_empty().await;
}

/// One key for parts of two credits in the same moment: the loser is told in the shop's words.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_credits_assigned_by_one_key_at_once_one_is() {
    let shop = Shop::open().await;
    let bina = shop.arrive("Bina", None).await;
    for round in 0..8 {
        let both = [seen(&shop, &format!("HDFC{round}-1"), "5").await, seen(&shop, &format!("HDFC{round}-2"), "5").await];
        let answers = at_once(2, |n| {
            let (core, credit, to) = (shop.core.clone(), both[n].id, wallet(&bina, "5"));
            async move { credits::assign(&core, credit, &to, &admin("Meera"), &format!("press:{round}:same")).await }
        })
        .await;
        assert_eq!(answers.iter().filter(|a| a.is_ok()).count(), 1);
        assert!(answers.iter().any(|a| matches!(a, Err(CreditError::Another))), "{answers:?}");
    }
    assert_eq!(shop.has(&bina).await, "credit 40");
    shop.proof_is_empty().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_a_rejection_and_an_assignment_at_once_one_falls() {
    let shop = Shop::open().await;
    let (_, _, bina) = shop.chain().await;
    for round in 0..8 {
        let (order, proof) = shop.order_and_pay(&bina).await;
        let credit = seen(&shop, &format!("HDFC{round}"), "135").await;
        at_once(8, |n| {
            let (shop, credit, id) = (shop.clone(), credit.clone(), proof.id);
            async move {
                if n % 2 == 0 {
                    drop(payments::reject(&shop.core, id, &admin("Om"), "not found").await);
                } else {
                    drop(assign(&shop, &credit, payment(id)).await);
                }
            }
        })
        .await;
        let paid = orders::get(shop.core.db(), order.id).await.unwrap().state == OrderState::Paid;
        let left = credits::by_ref(shop.core.db(), &credit.bank_ref).await.unwrap().unwrap();
        assert_eq!(left.assigned, if paid { rupees("135") } else { rupees("0") });
        if !paid {
            orders::cancel(&shop.core, bina.user_id(), &order.code).await.unwrap();
        }
        shop.proof_is_empty().await;
    }
}
