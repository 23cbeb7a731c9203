//! Joining: a person is made known once, bound to who brought them once, and that one is told once.

use crate::shop::Shop;
use crate::together::at_once;
use mela_core::code::Codes;
use mela_core::settings::Store;
use mela_core::users::{self, Arrival, Invitation, Sender};
use mela_core::{Core, db::sql};
use sea_orm::ConnectionTrait;

fn sender(telegram_id: i64, name: &str) -> Sender {
    Sender { telegram_id, name: name.to_owned(), username: None, language: None }
}

async fn arrive(shop: &Shop, telegram_id: i64, code: Option<&str>, update: i64) -> Arrival {
    users::arrive(&shop.core, &sender(telegram_id, "Dev"), code, update).await.unwrap()
}

async fn accounts(shop: &Shop, telegram_id: i64) -> i64 {
    shop.count(&format!(
        "SELECT count(*) FROM users u JOIN ledger.account a ON a.owner_id = u.id JOIN purse p ON p.user_id = u.id WHERE u.telegram_id = {telegram_id}"
    ))
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn five_first_words_at_once_make_one_person_with_one_set_of_accounts() {
    let shop = Shop::open().await;
    let asha = shop.arrive("Asha", None).await;
    for round in 0..8 {
        let telegram_id = 5_000_000 + round;
        let arrivals = at_once(5, |n| {
            let (shop, code) = (shop.clone(), asha.code.to_string());
            async move { arrive(&shop, telegram_id, Some(&code), 900_000 + round * 10 + n as i64).await }
        })
        .await;
        assert_eq!(arrivals.iter().filter(|arrival| arrival.is_new).count(), 1);
        assert!(arrivals.iter().all(|arrival| arrival.user.id == arrivals[0].user.id && arrival.user.referred_by == Some(asha.id)));
        assert_eq!(accounts(&shop, telegram_id).await, 7);
    }
    assert_eq!(shop.count("SELECT count(*) FROM notification WHERE kind = 'joined'").await, 8);
}

#[tokio::test]
async fn a_person_is_bound_once_and_for_good() {
    let shop = Shop::open().await;
    let (ravi, asha, bina) = shop.chain().await;
    for code in [ravi.code.as_str(), asha.code.as_str(), "ZZZZZZZZ"] {
        let again = arrive(&shop, bina.telegram_id, Some(code), shop.number()).await;
        assert_eq!((again.is_new, again.invitation, again.user.referred_by), (false, Invitation::AlreadyKnown, Some(asha.id)));
    }
    // Known without a referrer is known all the same: nobody is brought later.
    let again = arrive(&shop, ravi.telegram_id, Some(bina.code.as_str()), shop.number()).await;
    assert_eq!((again.invitation, again.user.referred_by), (Invitation::AlreadyKnown, None));
    assert_eq!(shop.count("SELECT count(*) FROM notification WHERE kind = 'joined'").await, 2);
}

#[tokio::test]
async fn ones_own_code_and_a_code_of_nobody_bind_nothing() {
    let shop = Shop::open().await;
    let asha = shop.arrive("Asha", None).await;
    let own = arrive(&shop, asha.telegram_id, Some(asha.code.as_str()), shop.number()).await;
    assert_eq!((own.invitation, own.user.referred_by), (Invitation::OwnCode, None));
    for (n, code) in ["ZZZZZZZZ", "", "not a code", "'; DROP TABLE users; --", "\0\0\0\0\0\0\0\0"].iter().enumerate() {
        let lost = arrive(&shop, 6_000_000 + n as i64, Some(code), shop.number()).await;
        assert!(lost.is_new, "{code}");
        assert_eq!((lost.invitation, lost.user.referred_by), (Invitation::UnknownCode, None), "{code}");
    }
    let nobody = arrive(&shop, 6_000_100, None, shop.number()).await;
    assert_eq!((nobody.is_new, nobody.invitation), (true, Invitation::None));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_hundred_people_by_one_link_at_once_are_all_bound_and_told_once_each() {
    let shop = Shop::open().await;
    let asha = shop.arrive("Asha", None).await;
    let arrivals = at_once(200, |n| {
        let (shop, code) = (shop.clone(), asha.code.to_string());
        async move { arrive(&shop, 7_000_000 + n as i64, Some(&code), 700_000 + n as i64).await }
    })
    .await;
    assert!(arrivals.iter().all(|arrival| arrival.is_new && arrival.user.referred_by == Some(asha.id)));
    assert_eq!(shop.count(&format!("SELECT count(DISTINCT telegram_id) FROM users WHERE referred_by = {}", asha.id)).await, 200);
    let told = format!("SELECT count(DISTINCT dedupe_key) FROM notification WHERE kind = 'joined' AND user_id = {}", asha.id);
    assert_eq!((shop.count(&told).await, shop.count("SELECT count(*) FROM notification").await), (200, 200));
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn a_code_is_known_in_lower_case_and_with_letters_that_look_like_its_digits() {
    let shop = Shop::open().await;
    let asha = shop.arrive("Asha", None).await;
    shop.run(&format!("UPDATE users SET code = '0A1B0C1D' WHERE id = {}", asha.id)).await;
    for (n, written) in ["0a1b0c1d", "oalbocid", "OAIBOCLD", " 0A1b0c1d "].iter().enumerate() {
        let arrival = arrive(&shop, 8_000_000 + n as i64, Some(written), shop.number()).await;
        assert!(matches!(arrival.invitation, Invitation::Bound(referrer) if referrer.id == asha.id), "{written}");
    }
}

#[tokio::test]
async fn a_name_is_kept_as_its_owner_shows_it_but_for_what_would_break_a_line() {
    let shop = Shop::open().await;
    let asha = shop.arrive("Asha", None).await;
    for (n, (raw, kept)) in [
        ("<b>Dev</b> & \"co\" '); DROP TABLE users; --", "<b>Dev</b> & \"co\" '); DROP TABLE users; --"),
        ("\u{202e}veD\u{2066}", "veD"),
        ("देव 👩‍👩‍👧", "देव 👩‍👩‍👧"),
        ("De\0v\r\n\tKumar", "Dev Kumar"),
        ("\0", "Someone"),
    ]
    .iter()
    .enumerate()
    {
        let who = sender(9_000_000 + n as i64, raw);
        let arrival = users::arrive(&shop.core, &who, Some(asha.code.as_str()), shop.number()).await.unwrap();
        assert_eq!(arrival.user.name, *kept);
        let told = shop.column("SELECT args ->> 'name' FROM notification ORDER BY id DESC LIMIT 1").await;
        assert_eq!(told, [*kept], "the referrer reads the same");
    }
}

/// The program died after the person was written and before they were greeted: the same update comes again.
#[tokio::test]
async fn the_same_update_again_answers_what_it_answered_first() {
    let shop = Shop::open().await;
    let asha = shop.arrive("Asha", None).await;
    let code = asha.code.to_string();
    let first = arrive(&shop, 1, Some(&code), 500).await;
    let again = arrive(&shop, 1, Some(&code), 500).await;
    assert_eq!(first, again);
    assert!(again.is_new && matches!(again.invitation, Invitation::Bound(_)));
    let later = arrive(&shop, 1, Some(&code), 501).await;
    assert_eq!((later.is_new, later.invitation), (false, Invitation::AlreadyKnown));
    assert_eq!(shop.count("SELECT count(*) FROM notification").await, 1);
}

#[tokio::test]
async fn a_code_that_is_taken_is_drawn_again_and_the_binding_is_kept() {
    let shop = Shop::open().await;
    let (_, asha, _) = shop.chain().await;
    // Another process that draws the same codes from the start, as the shop's own did for these three.
    let settings = Store::try_new(shop.core.settings_store().layers().clone()).unwrap();
    let twin = Core::new(shop.test.connect().await, shop.core.clock().clone(), Codes::seeded(1), settings);
    let arrival = users::arrive(&twin, &sender(1, "Dev"), Some(asha.code.as_str()), 1).await.unwrap();
    assert!(arrival.is_new);
    assert_eq!(arrival.user.referred_by, Some(asha.id));
    let drawn = Codes::seeded(1);
    let skipped: Vec<_> = (0..3).map(|_| drawn.next()).collect();
    assert!(!skipped.contains(&arrival.user.code) && arrival.user.code == drawn.next(), "the first that is free");
}

#[tokio::test]
async fn whoever_writes_again_is_known_by_the_name_they_have_now_and_can_be_reached() {
    let shop = Shop::open().await;
    let asha = shop.arrive("Asha", None).await;
    users::set_reachable(shop.core.db(), asha.telegram_id, false).await.unwrap();
    let who = Sender { username: Some("Asha_K".to_owned()), ..sender(asha.telegram_id, "Asha K") };
    users::arrive(&shop.core, &who, None, shop.number()).await.unwrap();
    let row = shop.core.db().query_one_raw(sql("SELECT name || reachable::text FROM users", [])).await.unwrap().unwrap();
    assert_eq!(row.try_get_by_index::<String>(0).unwrap(), "Asha Ktrue");
    for text in ["@asha_k", "ASHA_K", &asha.telegram_id.to_string(), &asha.code.as_str().to_lowercase()] {
        assert_eq!(users::search(shop.core.db(), text).await.unwrap().map(|user| user.id), Some(asha.id), "{text}");
    }
    assert_eq!(users::search(shop.core.db(), "@nobody").await.unwrap(), None);
}
