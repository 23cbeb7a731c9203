//! The shop's own money and what staff do by hand: each written down once by its reference, and no amount that is none.

use super::shop::{Shop, admin, rupees};
use super::together::at_once;
use mela_core::ledger::LedgerError;
use mela_core::ledger::movements::{Adjustable, Bill};
use mela_core::money::Rupees;
use mela_core::payments::Method;
use mela_core::treasury::{self, TreasuryError};
use mela_core::users::UserId;
use mela_core::{credits, payments};

fn another<T: std::fmt::Debug>(answer: Result<T, TreasuryError>) {
    assert!(matches!(answer, Err(TreasuryError::Another(_))), "{answer:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_gateways_payout_is_written_down_once() {
    let shop = Shop::open().await;
    let (_, _, bina) = shop.chain().await;
    let (_, payment) = shop.order_and_pay(&bina).await;
    shop.run(&format!("UPDATE payment SET method = 'gateway' WHERE id = {}", payment.id)).await;
    shop.approve(&payment).await;
    let answers = at_once(8, |_| {
        let core = shop.core.clone();
        async move { treasury::settle_gateway(&core, "setl_1", rupees("132.30"), rupees("2.70")).await.unwrap() }
    })
    .await;
    assert_eq!(answers.iter().filter(|a| a.is_now()).count(), 1);
    // Those who came second drew a number, too.
    let id = shop.count("SELECT id FROM settlement").await;
    assert_eq!(shop.entries(&format!("settlement:{id}")).await, ["gateway_clearing: -135", "bank: 132.3", "fees: 2.7"]);
    let before = shop.everything().await;
    another(treasury::settle_gateway(&shop.core, "setl_1", rupees("132.31"), rupees("2.70")).await);
    another(treasury::settle_gateway(&shop.core, "setl_1", rupees("132.30"), rupees("2.69")).await);
    assert_eq!(shop.everything().await, before);
    // A payout of which the gateway kept nothing, and one of which it kept all.
    treasury::settle_gateway(&shop.core, "setl_2", rupees("5"), rupees("0")).await.unwrap();
    treasury::settle_gateway(&shop.core, "setl_3", rupees("0"), rupees("5")).await.unwrap();
    shop.proof_is_empty().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_bill_and_a_tax_are_paid_once() {
    let shop = Shop::open().await;
    let (_, _, bina) = shop.chain().await;
    shop.sell(&bina).await;
    let answers = at_once(8, |_| {
        let core = shop.core.clone();
        async move { treasury::remit(&core, Bill::Supplier, rupees("42"), "N1", &admin("Meera")).await.unwrap() }
    })
    .await;
    assert_eq!(answers.iter().filter(|a| a.is_now()).count(), 1);
    assert_eq!(shop.entries("remittance:1").await, ["bank: -42", "supplier: 42"]);
    let before = shop.everything().await;
    another(treasury::remit(&shop.core, Bill::Supplier, rupees("41"), "N1", &admin("Meera")).await);
    another(treasury::remit(&shop.core, Bill::Gst, rupees("42"), "N1", &admin("Meera")).await);
    assert_eq!(shop.everything().await, before);
    for (bill, reference, account) in [(Bill::Tds, "N2", "tds_payable: 5"), (Bill::Gst, "N3", "gst_payable: 5")] {
        let id = treasury::remit(&shop.core, bill, rupees("5"), reference, &admin("Meera")).await.unwrap().into_inner();
        assert_eq!(shop.entries(&format!("remittance:{id}")).await, ["bank: -5", account]);
    }
    assert_eq!(shop.count("SELECT count(*) FROM audit WHERE action = 'treasury.remit'").await, 3);
    shop.proof_is_empty().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_prize_is_given_once_and_cannot_be_withdrawn() {
    let shop = Shop::open().await;
    let (_, asha, bina) = shop.chain().await;
    let give = |person: UserId, amount: &'static str| {
        let core = shop.core.clone();
        async move { treasury::give_prize(&core, person, rupees(amount), "best of November", &admin("Meera"), "press:1").await }
    };
    let answers = at_once(8, |_| give(asha.user_id(), "500")).await;
    assert_eq!(answers.iter().filter(|a| a.as_ref().unwrap().is_now()).count(), 1);
    assert_eq!(shop.entries("prize:1").await, ["promotion: 500", "Asha credit: -500"]);
    let before = shop.everything().await;
    another(give(asha.user_id(), "501").await);
    another(give(bina.user_id(), "500").await);
    assert!(shop.ask(&asha, "500", "draft:1").await.is_err());
    assert_eq!(shop.everything().await, before);
    shop.proof_is_empty().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_books_are_opened_once() {
    let shop = Shop::open().await;
    at_once(8, |_| {
        let core = shop.core.clone();
        async move { treasury::open_books(&core, rupees("10000"), &admin("Meera")).await.unwrap() }
    })
    .await;
    assert_eq!(shop.entries("opening").await, ["bank: 10000", "opening: -10000"]);
    assert_eq!(shop.count("SELECT count(*) FROM audit WHERE action = 'treasury.open'").await, 1);
    let before = shop.everything().await;
    let again = treasury::open_books(&shop.core, rupees("10001"), &admin("Om")).await;
    assert!(matches!(again, Err(TreasuryError::Ledger(LedgerError::KeyTaken(_)))), "{again:?}");
    assert_eq!(shop.everything().await, before);
    shop.proof_is_empty().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_adjustment_is_made_once_either_way() {
    let shop = Shop::open().await;
    let (_, asha, bina) = shop.chain().await;
    let adjust = |person: UserId, account, amount: Rupees, key: &'static str| {
        let core = shop.core.clone();
        async move { treasury::adjust(&core, person, account, amount, "a mistake", &admin("Meera"), key).await }
    };
    let answers = at_once(8, |_| adjust(asha.user_id(), Adjustable::Earned, rupees("50"), "press:1")).await;
    assert_eq!(answers.iter().filter(|a| a.as_ref().unwrap().is_now()).count(), 1);
    let id = answers.into_iter().next().unwrap().unwrap().into_inner();
    assert_eq!(shop.entries(&format!("staff:{id}")).await, ["adjustment: 50", "Asha earned: -50"]);
    for (account, amount, has) in [
        (Adjustable::Earned, -rupees("20"), "earned 30"),
        (Adjustable::Credit, rupees("10"), "credit 10, earned 30"),
        (Adjustable::Credit, -rupees("10"), "earned 30"),
        (Adjustable::Owed, -rupees("7"), "earned 30, owed 7"),
        (Adjustable::Owed, rupees("2"), "earned 30, owed 5"),
    ] {
        let key = format!("press:{}", shop.number() + 1);
        treasury::adjust(&shop.core, asha.user_id(), account, amount, "a mistake", &admin("Meera"), &key).await.unwrap();
        assert_eq!(shop.has(&asha).await, has);
    }
    let before = shop.everything().await;
    another(adjust(asha.user_id(), Adjustable::Credit, rupees("50"), "press:1").await);
    another(adjust(asha.user_id(), Adjustable::Earned, -rupees("50"), "press:1").await);
    another(adjust(bina.user_id(), Adjustable::Earned, rupees("50"), "press:1").await);
    let owes = adjust(asha.user_id(), Adjustable::Earned, rupees("1"), "press:owes").await;
    assert!(matches!(owes, Err(TreasuryError::Owes(owed)) if owed == rupees("5")), "more earned would pass by what is owed");
    for (account, amount) in [(Adjustable::Earned, -rupees("30.01")), (Adjustable::Credit, -rupees("0.01")), (Adjustable::Owed, rupees("5.01"))] {
        let below = adjust(asha.user_id(), account, amount, "press:below").await;
        assert!(matches!(below, Err(TreasuryError::Ledger(LedgerError::Insufficient))), "{below:?}");
    }
    assert_eq!(shop.everything().await, before);
    shop.proof_is_empty().await;
}

/// Eight who take the same ₹30 by hand, by different presses: it is there once.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn adjustments_at_once_do_not_go_below_zero() {
    let shop = Shop::open().await;
    let asha = shop.arrive("Asha", None).await;
    shop.fill(&asha, "0", "30").await;
    let answers = at_once(8, |n| {
        let (core, asha) = (shop.core.clone(), asha.user_id());
        async move { treasury::adjust(&core, asha, Adjustable::Earned, -rupees("30"), "a mistake", &admin("Meera"), &format!("press:{n}")).await }
    })
    .await;
    assert_eq!(answers.iter().filter(|a| a.is_ok()).count(), 1);
    assert_eq!(shop.has(&asha).await, "");
    assert_eq!(shop.count("SELECT count(*) FROM audit WHERE action = 'wallet.adjust'").await, 2, "what was refused is not in the audit");
    shop.proof_is_empty().await;
}

/// Each verb that is given an amount, with one that is none. The answer is the shop's own word, not PostgreSQL's.
#[tokio::test]
async fn no_verb_takes_an_amount_that_is_none() {
    let shop = Shop::with(&[("MELA_WITHDRAWALS__MINIMUM", "0.01")]).await;
    let (_, asha, bina) = shop.chain().await;
    shop.fill(&bina, "100", "100").await;
    let paid = shop.sell(&bina).await;
    let order = shop.order(&bina).await;
    let credit = credits::see(&shop.core, &credits::Seen::at_bank("HDFC0001", rupees("150"), "", shop.core.now()))
        .await
        .unwrap()
        .into_inner();
    let (core, meera, who) = (&shop.core, admin("Meera"), bina.user_id());
    let before = shop.everything().await;
    let mut unclear = Vec::new();
    for none in [Rupees::ZERO, -rupees("0.01"), -rupees("5")] {
        let to_wallet = credits::For { wallet: Some((who, none)), ..credits::For::default() };
        let back = credits::For { sent_back: none, ..credits::For::default() };
        let vpa = super::shop::vpa();
        let mut heard = |verb: &str, answer: Option<String>| {
            if answer.as_ref().is_none_or(|words| words.contains("database") || words.contains("constraint")) {
                unclear.push(format!("{verb} {none}: {}", answer.unwrap_or_else(|| "was done".to_owned())));
            }
        };
        let words = |error: &dyn std::fmt::Display| error.to_string();
        heard("set aside", mela_core::orders::set_aside(core, who, &order.code, none).await.err().map(|e| words(&e)));
        heard("withdraw", mela_core::withdrawals::ask(core, &bina, &vpa, none, "bad:1").await.err().map(|e| words(&e)));
        heard(
            "refund",
            mela_core::refunds::refund(core, paid.id, none, &mela_core::refunds::To::Wallet, &meera, "", "bad:2")
                .await
                .err()
                .map(|e| words(&e)),
        );
        heard("top up", payments::top_up_wallet(core, who, none, Method::Upi, "bad:3", &meera).await.err().map(|e| words(&e)));
        heard(
            "see a credit",
            credits::see(core, &credits::Seen::at_bank("bad:4", none, "", core.now())).await.err().map(|e| words(&e)),
        );
        heard("assign to a wallet", credits::assign(core, credit.id, &to_wallet, &meera, "bad:5").await.err().map(|e| words(&e)));
        heard("send back", credits::assign(core, credit.id, &back, &meera, "bad:6").await.err().map(|e| words(&e)));
        heard("settle the net", treasury::settle_gateway(core, "bad:7", none, rupees("0")).await.err().map(|e| words(&e)));
        heard("remit", treasury::remit(core, Bill::Supplier, none, "bad:9", &meera).await.err().map(|e| words(&e)));
        heard("prize", treasury::give_prize(core, who, none, "", &meera, "bad:10").await.err().map(|e| words(&e)));
        heard("open", treasury::open_books(core, none, &meera).await.err().map(|e| words(&e)));
        if none == Rupees::ZERO {
            for account in [Adjustable::Credit, Adjustable::Earned, Adjustable::Owed] {
                heard("adjust", treasury::adjust(core, who, account, none, "", &meera, "bad:11").await.err().map(|e| words(&e)));
            }
        } else {
            heard("settle the fees", treasury::settle_gateway(core, "bad:8", rupees("50"), none).await.err().map(|e| words(&e)));
            heard(
                "settle more net than was taken",
                treasury::settle_gateway(core, "bad:8", none, rupees("50")).await.err().map(|e| words(&e)),
            );
        }
    }
    assert!(unclear.is_empty(), "{}", unclear.join("\n"));
    assert_eq!(shop.everything().await, before);
    assert_eq!(shop.has(&asha).await, "held 28");
    shop.proof_is_empty().await;
}
