//! A copy of one's data, and being forgotten: the books stay right, and tell of nobody.

use super::shop::{PLAN, Shop, admin, rupees};
use chrono::TimeDelta;
use futures::FutureExt;
use mela_core::audit::Actor;
use mela_core::orders;
use mela_core::payments;
use mela_core::privacy::{self, Erasure, Kind, NOBODY, Ties};
use mela_core::receipts;
use mela_core::referrals;
use mela_core::refunds::To;
use mela_core::users::{self, Invitation, Sender, User};
use mela_core::withdrawals;
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::Value;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

async fn ties(shop: &Shop, person: &User) -> Ties {
    privacy::ties(shop.core.db(), person.user_id(), shop.core.now()).await.unwrap()
}

async fn erase(shop: &Shop, person: &User) -> Erasure {
    let mark = ties(shop, person).await.mark();
    privacy::erase(&shop.core, person.user_id(), mark, &Actor::customer(person)).await.unwrap()
}

async fn again(shop: &Shop, person: &User, invited_by: Option<&str>) -> users::Arrival {
    let sender = Sender { telegram_id: person.telegram_id, name: person.name.clone(), username: Some("asha_s".into()), language: None };
    users::arrive(&shop.core, &sender, invited_by, shop.number()).await.unwrap()
}

/// Every table as text.
pub(crate) async fn everything(shop: &Shop) -> String {
    let tables = shop
        .column("SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname IN ('public', 'ledger') AND tablename <> 'seaql_migrations'")
        .await;
    let mut all = String::new();
    for table in tables {
        for row in shop.column(&format!("SELECT x::text FROM {table} x")).await {
            all.push_str(&format!("{table}: {row}\n"));
        }
    }
    all
}

#[tokio::test]
async fn nothing_of_them_is_left_and_the_books_are_right() {
    let shop = Shop::open().await;
    let ravi = shop.arrive("Ravi", None).await;
    let asha = again(&shop, &User { telegram_id: 77_000_123, name: "Asha Unmistakable".into(), ..ravi.clone() }, Some(ravi.code.as_str()))
        .await
        .user;
    let bina = shop.arrive("Bina", Some(&asha)).await;
    // Everything that a person can leave behind.
    let bought = shop.sell(&asha).await;
    let (rejected, proof) = shop.order_and_pay(&asha).await;
    payments::reject(&shop.core, proof.id, &admin("Meera"), "not received").await.unwrap();
    orders::cancel(&shop.core, asha.user_id(), &rejected.code).await.unwrap();
    for _ in 0..18 {
        shop.sell(&bina).await;
    }
    shop.holds_end();
    shop.release().await;
    let paid = shop.asked(&asha, "500").await;
    withdrawals::approve(&shop.core, paid.id, &admin("Meera")).await.unwrap();
    withdrawals::pay(&shop.core, paid.id, &admin("Meera"), "998877665544").await.unwrap();
    shop.refund(&bought, "35", &To::Wallet).await.unwrap();
    let by_wallet = shop.order(&asha).await;
    shop.fill(&asha, "135", "0").await;
    shop.pay_from_wallet(&asha, &by_wallet).await.unwrap();
    shop.sell(&bina).await;
    for order in [&bought, &by_wallet] {
        orders::deliver(&shop.core, order.id, &admin("Meera")).await.unwrap();
        let order = orders::get(shop.core.db(), order.id).await.unwrap();
        assert_eq!(receipts::of_order(&shop.core, &order).await.unwrap().unwrap().buyer, "Asha Unmistakable");
    }
    super::cart::put(&shop, &asha, PLAN, 1).await;
    shop.run(
        "INSERT INTO dialogue (chat_id, user_id, state, update_id) VALUES (77000123, 77000123, '{}', 1);
              INSERT INTO inbox (update_id, lane, body, received_at, done_at) VALUES (9000, 77000123, 'Asha Unmistakable wrote', now(), now())",
    )
    .await;
    let before = everything(&shop).await;
    for trace in ["Unmistakable", "77000123", "asha_s", "person-2@ybl"] {
        assert!(before.contains(trace), "{trace}: the search finds nothing anyway");
    }

    let found = ties(&shop, &asha).await;
    assert_eq!((found.open.len(), found.wallet, found.held, found.running), (0, rupees("39"), rupees("28"), 2));
    assert!(found.cost() && !found.hold());
    // Another sum than what was agreed to loses nothing.
    let other = privacy::erase(&shop.core, asha.user_id(), found.mark() ^ 1, &Actor::customer(&asha)).await.unwrap();
    assert_eq!(other, Erasure::Changed(found));
    assert_eq!(erase(&shop, &asha).await, Erasure::Done);
    shop.proof_is_empty().await;
    assert_eq!(erase(&shop, &asha).await, Erasure::Done, "twice is once");

    let after = everything(&shop).await;
    let left: Vec<&str> = after
        .lines()
        .filter(|line| ["Unmistakable", "77000123", "asha_s", "person-2@ybl"].iter().any(|trace| line.contains(trace)))
        .collect();
    assert!(left.is_empty(), "{left:#?}");
    assert_eq!(shop.has(&asha).await, "", "what they had is the shop's");
    assert_eq!(shop.count("SELECT count(*) FROM cart_item").await, 0);
    // The books say the same of everybody else, and what was paid to whom can be found at the bank.
    assert!(after.contains("998877665544"));
    let seen = users::get(shop.core.db(), asha.user_id()).await.unwrap();
    assert_eq!((seen.name.as_str(), seen.telegram_id, seen.username, seen.reachable), (NOBODY, -asha.id, None, false));
    assert_eq!(referrals::funnel(&shop.core, ravi.user_id()).await.unwrap().level1.joined, 1);
    let told = shop.column(&format!("SELECT args ->> 'name' FROM notification WHERE user_id = {} AND kind = 'joined'", ravi.id)).await;
    assert_eq!(told, [NOBODY]);
    let order = orders::get(shop.core.db(), bought.id).await.unwrap();
    let receipt = receipts::of_order(&shop.core, &order).await.unwrap().unwrap();
    assert_eq!((receipt.buyer.as_str(), receipt.number.as_str(), receipt.total), (NOBODY, "MELA/26-27/00001", rupees("135")));

    // Nobody earns in their name, and nobody joins by their link.
    let held = shop.has(&ravi).await;
    shop.sell(&bina).await;
    assert_eq!((shop.has(&asha).await.as_str(), shop.has(&ravi).await == held), ("", false), "the level above earns as before");
    let link = Sender { telegram_id: 5, name: "Dev".into(), username: None, language: None };
    let dev = users::arrive(&shop.core, &link, Some(asha.code.as_str()), shop.number()).await.unwrap();
    assert_eq!((dev.user.referred_by, dev.invitation), (None, Invitation::UnknownCode));
    // Who comes back is a new person.
    let back = again(&shop, &asha, Some(bina.code.as_str())).await;
    assert!(back.is_new && back.user.id > bina.id && back.user.referred_by == Some(bina.id));
    assert_eq!(orders::history(shop.core.db(), back.user.user_id(), 0, 10).await.unwrap(), []);
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn refused_while_money_is_on_its_way() {
    let shop = Shop::open().await;
    let (_, asha, bina) = shop.chain().await;
    let held = |kind: Kind| {
        let (shop, bina) = (shop.clone(), bina.clone());
        async move {
            let Erasure::Held(ties) = erase(&shop, &bina).await else {
                panic!("not held by {kind:?}")
            };
            assert_eq!(ties.open.iter().map(|(kind, _)| *kind).collect::<Vec<_>>(), [kind]);
            ties.open[0].1.clone()
        }
    };
    let order = shop.order(&bina).await;
    assert_eq!(held(Kind::Unpaid).await, format!("O-{}", order.code));
    let payment = shop.prove(&bina, &order, &shop.utr()).await.unwrap().into_inner();
    assert_eq!(held(Kind::InReview).await, format!("O-{}", order.code));
    shop.approve(&payment).await;
    held(Kind::Undelivered).await;
    orders::deliver(&shop.core, order.id, &admin("Meera")).await.unwrap();
    shop.fill(&bina, "0", "600").await;
    let asked = shop.asked(&bina, "500").await;
    assert_eq!(held(Kind::Withdrawal).await, format!("W-{}", asked.code));
    withdrawals::reject(&shop.core, asked.id, &admin("Meera"), "a typo").await.unwrap();
    let order = orders::get(shop.core.db(), order.id).await.unwrap();
    let refund = shop.refund(&order, "10", &To::Outside("bina@ybl".parse().unwrap())).await.unwrap().into_inner();
    assert_eq!(held(Kind::Refund).await, format!("R-{}", refund.code));
    mela_core::refunds::settle(&shop.core, refund.id, &admin("Meera"), mela_core::refunds::Payout::Sent("112233445566"))
        .await
        .unwrap();
    shop.owes(&asha, 50).await;
    let Erasure::Held(owing) = erase(&shop, &asha).await else {
        panic!("who owes is held")
    };
    assert_eq!((owing.owed, owing.open.len()), (rupees("50"), 0));
    assert_eq!(erase(&shop, &bina).await, Erasure::Done);
    shop.proof_is_empty().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_sale_at_the_same_moment_and_two_at_once() {
    let shop = Shop::open().await;
    for _ in 0..8 {
        let (_, asha, bina) = shop.chain().await;
        let (_, payment) = shop.order_and_pay(&bina).await;
        let mark = ties(&shop, &asha).await.mark();
        let by = Actor::customer(&asha);
        let (one, two, _) = tokio::join!(
            privacy::erase(&shop.core, asha.user_id(), mark, &by),
            privacy::erase(&shop.core, asha.user_id(), mark, &by),
            shop.approve(&payment)
        );
        // The sale came before, and there is something to lose now; or after, and earned nobody in their place.
        for erasure in [one.unwrap(), two.unwrap()] {
            assert!(matches!(erasure, Erasure::Done | Erasure::Changed(_)), "{erasure:?}");
        }
        shop.proof_is_empty().await;
    }
}

#[tokio::test]
async fn cut_off_anywhere_it_is_whole_or_not_at_all() {
    let shop = Shop::open().await;
    let (_, asha, bina) = shop.chain().await;
    shop.sell(&bina).await;
    shop.fill(&asha, "10", "20").await;
    let mark = ties(&shop, &asha).await.mark();
    for cut in 0.. {
        let passed = Arc::new(AtomicUsize::new(0));
        let fault = move || {
            let stops = passed.fetch_add(1, Ordering::Relaxed) == cut;
            async move { if stops { Err(DbErr::Custom("cut off".into())) } else { Ok(()) } }.boxed()
        };
        let done = privacy::erase(&shop.core.with_fault(Arc::new(fault)), asha.user_id(), mark, &Actor::customer(&asha)).await;
        let user = users::get(shop.core.db(), asha.user_id()).await.unwrap();
        let has = shop.has(&asha).await;
        assert_eq!(user.erased_at.is_some(), has.is_empty(), "{cut}: {has}");
        assert_eq!(user.name == NOBODY, user.erased_at.is_some());
        if done.is_ok() {
            assert!(user.erased_at.is_some() && cut > 20, "{cut}");
            break;
        }
    }
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn a_copy_of_all_that_is_kept_names_nobody_else() {
    let shop = Shop::open().await;
    let (ravi, asha, bina) = shop.chain().await;
    shop.sell(&bina).await;
    let order = shop.sell(&asha).await;
    shop.holds_end();
    shop.release().await;
    let paid = orders::get(shop.core.db(), order.id).await.unwrap();
    receipts::of_order(&shop.core, &paid).await.unwrap();
    shop.refund(&paid, "10", &To::Wallet).await.unwrap();
    shop.fill(&asha, "0", "600").await;
    shop.asked(&asha, "500").await;
    let text = String::from_utf8(privacy::export(&shop.core, &asha).await.unwrap()).unwrap();
    for other in [&ravi, &bina] {
        assert!(!text.contains(&other.name) && !text.contains(&other.telegram_id.to_string()), "{}", other.name);
    }
    let copy: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(copy["profile"][0]["name"], "Asha");
    assert_eq!(copy["profile"][0]["invited_by"], "R…");
    assert_eq!((copy["referrals"][0]["name"].as_str(), copy["referrals"][0]["bought"].as_bool()), (Some("B…"), Some(true)));
    assert_eq!(copy["orders"][0]["receipt"], "MELA/26-27/00002");
    assert_eq!(copy["commissions"][0]["amount"].to_string(), "28");
    assert_eq!(copy["withdrawals"][0]["upi_id"], "person-2@ybl");
    assert_eq!(copy["refunds"][0]["amount"].to_string(), "10");
    assert_eq!(copy["payments"][0]["utr"].as_str().map(str::len), Some(12));
    assert_eq!(copy["subscriptions"].as_array().map(Vec::len), Some(1));
    assert!(copy["wallet"].as_array().unwrap().len() >= 4, "{}", copy["wallet"]);
    assert!(copy["notifications"].as_array().unwrap().iter().any(|notice| notice["kind"] == "earned"));
    // Of someone who has nothing: empty parts, no error.
    shop.advance(TimeDelta::days(1));
    let dev = shop.arrive("Dev", None).await;
    let copy: Value = serde_json::from_slice(&privacy::export(&shop.core, &dev).await.unwrap()).unwrap();
    assert_eq!(copy["orders"], serde_json::json!([]));
    assert!(
        shop.core.db().execute_unprepared("UPDATE users SET telegram_id = 5, erased_at = now()").await.is_err(),
        "nobody is half forgotten"
    );
}
