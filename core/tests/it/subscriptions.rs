//! What people have: their own alone, in the order in which it matters, told by its times.

use super::renewing::{mine, only, stocked, with_key};
use super::shop::Shop;
use super::together::at_once;
use chrono::TimeDelta;
use mela_core::cart;
use mela_core::credentials::{self, CredentialError};
use mela_core::gifts::{self, GiftError};
use mela_core::orders::{self, Order};
use mela_core::payments::Payment;
use mela_core::refunds::To;
use mela_core::subscriptions::State;
use mela_core::users::User;

fn days(days: i64) -> TimeDelta {
    TimeDelta::days(days)
}

#[tokio::test]
async fn it_runs_is_ending_and_is_over_by_its_times_and_cancelled_with_its_money() {
    let shop = Shop::open().await;
    let (_, _, bina) = shop.chain().await;
    let order = shop.sell(&bina).await;
    let found = only(&shop, &bina).await;
    let settings = shop.core.settings().await.unwrap();
    let soon = settings.subscriptions.expiring_within.delta();
    let ends = found.ends_at;
    for (at, state, left) in [
        (ends - days(30), State::Active, 30),
        (ends - days(3) - TimeDelta::seconds(1), State::Active, 3),
        (ends - days(3), State::Expiring, 3),
        (ends - TimeDelta::hours(13), State::Expiring, 1),
        (ends - TimeDelta::hours(12), State::Expiring, 0),
        (ends - TimeDelta::seconds(1), State::Expiring, 0),
        (ends, State::Expired, 0),
    ] {
        assert_eq!((found.state(at, soon), found.days_left(&settings.shop, at)), (state, left), "{at}");
        assert_eq!(found.runs(at), state != State::Expired);
    }
    shop.refund(&order, "135", &To::Wallet).await.unwrap();
    assert_eq!(only(&shop, &bina).await.state(shop.core.now(), soon), State::Cancelled);
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn the_next_to_end_comes_first_what_is_over_last_and_nobody_elses() {
    let shop = Shop::open().await;
    let (_, _, bina) = shop.chain().await;
    let dev = shop.arrive("Dev", None).await;
    shop.sell(&dev).await;
    let gone = shop.sell(&bina).await;
    shop.advance(days(1));
    let refunded = shop.sell(&bina).await;
    shop.advance(days(1));
    let (soon, late) = (shop.sell(&bina).await, {
        shop.advance(days(1));
        shop.sell(&bina).await
    });
    shop.refund(&refunded, "135", &To::Wallet).await.unwrap();
    shop.advance(days(27));
    let found = mine(&shop, &bina).await;
    let orders: Vec<_> = found.iter().map(|s| s.unit_order).collect();
    assert_eq!(orders, [Some(soon.id), Some(late.id), Some(gone.id), None]);
    let page = mela_core::subscriptions::list(shop.core.db(), bina.user_id(), shop.core.now(), 1, 2).await.unwrap();
    assert_eq!(page, found[1..3]);
    let theirs = mela_core::subscriptions::own(shop.core.db(), dev.user_id(), found[0].id).await.unwrap();
    assert_eq!(theirs, None);
}

#[tokio::test]
async fn each_unit_of_a_cart_has_its_own_credential_and_its_own_end() {
    let shop = with_key().await;
    stocked(&shop, &[("first", 1, None), ("second", 1, None), ("third", 1, None)]).await;
    let (_, _, bina) = shop.chain().await;
    cart::put(&shop.core, bina.user_id(), "combo-ott", 3).await.unwrap();
    let order = cart::check_out(&shop.core, &bina, false).await.unwrap().into_inner();
    let payment = shop.prove(&bina, &order, &shop.utr()).await.unwrap().into_inner();
    shop.approve(&payment).await;
    let order = orders::get(shop.core.db(), order.id).await.unwrap();
    let mut found = mine(&shop, &bina).await;
    found.sort_by_key(|s| s.unit);
    let mut logins = Vec::new();
    for unit in &found {
        let page = credentials::reveal_item(&shop.core, &order, unit.unit.unwrap()).await.unwrap();
        assert_eq!((page.credentials.len(), page.next), (1, None));
        logins.push(page.credentials[0].secret.login.clone());
    }
    assert_eq!(logins, ["first@example.com", "second@example.com", "third@example.com"]);
    assert!(matches!(credentials::reveal_item(&shop.core, &order, 4).await, Err(CredentialError::Nothing)));
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn a_gift_that_nobody_opened_is_in_no_list() {
    let shop = Shop::open().await;
    let (_, _, bina) = shop.chain().await;
    cart::put(&shop.core, bina.user_id(), "combo-ott", 1).await.unwrap();
    let order = cart::check_out(&shop.core, &bina, true).await.unwrap().into_inner();
    let payment = shop.prove(&bina, &order, &shop.utr()).await.unwrap().into_inner();
    shop.approve(&payment).await;
    assert_eq!(shop.count("SELECT count(*) FROM subscription").await, 1);
    assert_eq!(mine(&shop, &bina).await, []);
}

async fn given(shop: &Shop, giver: &User) -> (Order, Payment) {
    cart::put(&shop.core, giver.user_id(), "combo-ott", 2).await.unwrap();
    let order = cart::check_out(&shop.core, giver, true).await.unwrap().into_inner();
    let payment = shop.prove(giver, &order, &shop.utr()).await.unwrap().into_inner();
    (order, payment)
}

#[tokio::test]
async fn a_gift_is_whose_who_opens_it_first_and_its_time_begins_then() {
    let shop = with_key().await;
    stocked(&shop, &[("first", 1, None), ("second", 1, None)]).await;
    let (_, asha, bina) = shop.chain().await;
    let (order, payment) = given(&shop, &bina).await;
    let code = order.gift_code.clone().unwrap();
    let people = [shop.arrive("Dev", None).await, shop.arrive("Esha", None).await];
    let open = async |person: &User| gifts::open(&shop.core, person, &code).await;
    assert!(matches!(open(&people[0]).await, Err(GiftError::NotPaid)));
    shop.approve(&payment).await;
    assert_eq!(shop.count("SELECT count(*) FROM notification WHERE kind = 'credentials'").await, 0, "nobody's yet");
    assert!(matches!(open(&bina).await, Err(GiftError::Own)));
    assert!(matches!(gifts::open(&shop.core, &people[0], &"00000000".parse().unwrap()).await, Err(GiftError::Unknown)));

    shop.advance(days(10));
    let press = |n: usize| {
        let (core, person, code) = (shop.core.clone(), people[n % 2].clone(), code.clone());
        async move { gifts::open(&core, &person, &code).await.map(|opened| opened.is_now()) }
    };
    let answers = at_once(6, press).await;
    assert_eq!(answers.iter().filter(|answer| matches!(answer, Ok(true))).count(), 1);
    assert_eq!(answers.iter().filter(|answer| matches!(answer, Err(GiftError::Taken))).count(), 3);
    let winner = &people[answers.iter().position(Result::is_ok).unwrap() % 2];
    let theirs = mine(&shop, winner).await;
    assert_eq!(theirs.len(), 2);
    for one in &theirs {
        assert_eq!((one.starts_at, one.ends_at), (shop.core.now(), shop.core.now() + days(30)));
    }
    assert_eq!(mine(&shop, &bina).await, []);
    let order = orders::get(shop.core.db(), order.id).await.unwrap();
    assert!(credentials::reveal_to(&shop.core, winner, &order.code, 0).await.is_ok());
    assert!(matches!(credentials::reveal_to(&shop.core, &bina, &order.code, 0).await, Err(CredentialError::Nothing)));
    let told = "SELECT u.name || ': ' || n.kind FROM notification n JOIN users u ON u.id = n.user_id WHERE n.kind IN ('gift-opened', 'credentials') ORDER BY 1";
    assert_eq!(shop.column(told).await, ["Bina: gift-opened".to_owned(), format!("{}: credentials", winner.name)]);
    let referred = "SELECT count(*) FROM users WHERE referred_by IS NOT NULL AND name IN ('Dev', 'Esha')";
    assert_eq!(shop.count(referred).await, 0, "a gift binds nobody");
    assert_eq!(shop.has(&asha).await, "held 56", "the giver's referrer earns");

    // They renew it themselves.
    let renewal = mela_core::subscriptions::renew(&shop.core, winner, theirs[0].id).await.unwrap().into_inner();
    assert_eq!(renewal.buyer(), winner.user_id());
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn a_gift_that_was_given_back_is_opened_by_nobody() {
    let shop = Shop::open().await;
    let (_, _, bina) = shop.chain().await;
    let dev = shop.arrive("Dev", None).await;
    let (order, payment) = given(&shop, &bina).await;
    shop.approve(&payment).await;
    shop.refund(&order, "270", &To::Wallet).await.unwrap();
    let answer = gifts::open(&shop.core, &dev, &order.gift_code.clone().unwrap()).await;
    assert!(matches!(answer, Err(GiftError::Refunded)));
    assert_eq!(mine(&shop, &dev).await, []);
    shop.proof_is_empty().await;
}
