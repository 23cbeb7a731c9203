//! Complaints, and what staff do about them: once, in one transaction, while the subscription runs.

use super::renewing::{login, only, stocked, with_key};
use super::shop::{Shop, admin};
use super::together::at_once;
use chrono::TimeDelta;
use mela_core::credentials;
use mela_core::db::{Applied, Fault};
use mela_core::orders::{self, OrderState};
use mela_core::refunds::{self, To};
use mela_core::subscriptions;
use mela_core::tickets::{self, Reason, Ticket, TicketError, TicketState};
use mela_core::users::User;
use sea_orm::DbErr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

async fn complain(shop: &Shop, person: &User, subscription: i64) -> Result<Applied<Ticket>, TicketError> {
    let key = format!("tg:{}", shop.number());
    tickets::open(&shop.core, person, subscription, Reason::Password, None, &key).await
}

async fn told(shop: &Shop) -> Vec<String> {
    shop.column(
        "SELECT coalesce(u.name, 'staff') || ': ' || concat_ws(' ', n.kind, n.args ->> 'became') FROM notification n LEFT JOIN users u ON u.id = n.user_id
         WHERE n.kind IN ('ticket', 'ticket-card', 'replacement') ORDER BY n.id",
    )
    .await
}

async fn bought(accounts: &[(&str, i16, Option<&str>)]) -> (Shop, User, i64) {
    let shop = with_key().await;
    stocked(&shop, accounts).await;
    let (_, _, bina) = shop.chain().await;
    shop.sell(&bina).await;
    let id = only(&shop, &bina).await.id;
    (shop, bina, id)
}

#[tokio::test]
async fn a_broken_slot_is_replaced_once_by_one_of_another_account() {
    let (shop, bina, id) = bought(&[("first", 2, None), ("second", 1, None)]).await;
    let ticket = complain(&shop, &bina, id).await.unwrap().into_inner();
    let again = complain(&shop, &bina, id).await.unwrap();
    assert!(matches!(again, Applied::Already(found) if found == ticket), "one is open at a time");
    let press = |n: usize| {
        let (core, id, by) = (shop.core.clone(), ticket.id, admin(["Meera", "Om"][n % 2]));
        async move { tickets::replace(&core, id, &by, false).await.unwrap().is_now() }
    };
    assert_eq!(at_once(4, press).await.iter().filter(|now| **now).count(), 1);
    assert_eq!(login(&shop, &bina).await, "second@example.com");
    let slots = "SELECT id || CASE WHEN order_id IS NULL THEN ' free' ELSE ' taken' END || CASE WHEN retired_at IS NULL THEN '' ELSE ', retired' END FROM slot ORDER BY id";
    assert_eq!(shop.column(slots).await, ["1 taken, retired", "2 free", "3 taken"]);
    assert_eq!(told(&shop).await, ["staff: ticket-card", "Bina: replacement"]);
    assert!(matches!(tickets::close(&shop.core, ticket.id, &admin("Om")).await, Err(TicketError::Settled(_))));
    assert_eq!(shop.count("SELECT count(*) FROM audit WHERE action LIKE 'ticket.%'").await, 1);

    // The next one finds the same account's other slot, when there is no other.
    let next = complain(&shop, &bina, id).await.unwrap().into_inner();
    assert_eq!(tickets::replaced_before(shop.core.db(), &next).await.unwrap(), 1);
    tickets::replace(&shop.core, next.id, &admin("Om"), false).await.unwrap();
    assert_eq!(login(&shop, &bina).await, "first@example.com");
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn with_an_empty_shelf_it_waits_like_a_paid_order_and_is_served_when_stock_comes() {
    let (shop, bina, id) = bought(&[("first", 1, None)]).await;
    let ticket = complain(&shop, &bina, id).await.unwrap().into_inner();
    tickets::replace(&shop.core, ticket.id, &admin("Meera"), false).await.unwrap();
    assert_eq!(told(&shop).await, ["staff: ticket-card", "Bina: ticket waits"]);
    let order = orders::get(shop.core.db(), 1).await.unwrap();
    assert_eq!(order.state, OrderState::AwaitingStock);
    let waits = only(&shop, &bina).await;
    assert!(waits.waits_for_stock() && waits.runs(shop.core.now()));
    assert!(matches!(complain(&shop, &bina, id).await, Err(TicketError::Waits)));
    assert!(credentials::reveal(&shop.core, &order, 0).await.is_err(), "the broken one is not shown any more");

    stocked(&shop, &[("second", 1, None)]).await;
    assert_eq!(credentials::serve_waiting(&shop.core, 10).await.unwrap(), 1);
    assert_eq!(login(&shop, &bina).await, "second@example.com");
    assert_eq!(orders::get(shop.core.db(), 1).await.unwrap().state, OrderState::Delivered);
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn a_retired_account_is_sold_to_nobody_and_a_longer_lasting_one_is_preferred() {
    let (shop, bina, id) = bought(&[("first", 3, None), ("short", 1, Some("2026-12-01")), ("long", 1, Some("2026-12-21"))]).await;
    let ticket = complain(&shop, &bina, id).await.unwrap().into_inner();
    let replaced = tickets::replace(&shop.core, ticket.id, &admin("Meera"), true).await.unwrap().into_inner();
    assert!(replaced.account_retired && replaced.state == TicketState::Replaced);
    assert_eq!(login(&shop, &bina).await, "long@example.com");
    assert_eq!(credentials::shelves(shop.core.db()).await.unwrap()[0].free, 1, "the short one");
    let next = complain(&shop, &bina, id).await.unwrap().into_inner();
    tickets::replace(&shop.core, next.id, &admin("Meera"), false).await.unwrap();
    assert_eq!(login(&shop, &bina).await, "short@example.com");
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn nothing_is_replaced_after_the_end_of_a_strangers_or_by_hand() {
    let (shop, bina, id) = bought(&[("first", 1, None), ("second", 1, None)]).await;
    let dev = shop.arrive("Dev", None).await;
    assert!(matches!(complain(&shop, &dev, id).await, Err(TicketError::NotFound)));
    let long = "x".repeat(501);
    for words in [None, Some(""), Some("  "), Some(long.as_str())] {
        let answer = tickets::open(&shop.core, &bina, id, Reason::Other, words, "tg:1").await;
        assert!(matches!(answer, Err(TicketError::Words)), "{words:?}");
    }
    let ticket = tickets::open(&shop.core, &bina, id, Reason::Other, Some("black screen"), "tg:1").await.unwrap().into_inner();
    assert_eq!(ticket.words.as_deref(), Some("black screen"));
    shop.advance(TimeDelta::days(30));
    let before = shop.everything().await;
    assert!(matches!(tickets::replace(&shop.core, ticket.id, &admin("Meera"), false).await, Err(TicketError::Over)));
    assert_eq!(shop.everything().await, before);
    assert_eq!(tickets::get(shop.core.db(), ticket.id).await.unwrap().state, TicketState::Open);
    tickets::close(&shop.core, ticket.id, &admin("Meera")).await.unwrap();
    assert!(!tickets::close(&shop.core, ticket.id, &admin("Om")).await.unwrap().is_now());
    assert!(matches!(complain(&shop, &bina, id).await, Err(TicketError::Over)));

    shop.run("UPDATE plan SET delivery = 'by_hand'").await;
    shop.sell(&dev).await;
    let theirs = only(&shop, &dev).await.id;
    let ticket = complain(&shop, &dev, theirs).await.unwrap().into_inner();
    assert!(matches!(tickets::replace(&shop.core, ticket.id, &admin("Meera"), false).await, Err(TicketError::ByHand)));
    let order = orders::get(shop.core.db(), 2).await.unwrap();
    shop.refund(&order, "135", &To::Wallet).await.unwrap();
    assert!(matches!(tickets::replace(&shop.core, ticket.id, &admin("Meera"), false).await, Err(TicketError::Over)));
    shop.proof_is_empty().await;
}

/// The renewal kept the slot that is replaced: what follows keeps the new one.
#[tokio::test]
async fn what_was_renewed_is_replaced_with_all_its_orders() {
    let (shop, bina, id) = bought(&[("first", 1, None), ("second", 1, None)]).await;
    let renew = async || {
        let order = subscriptions::renew(&shop.core, &bina, id).await.unwrap().into_inner();
        let payment = shop.prove(&bina, &order, &shop.utr()).await.unwrap().into_inner();
        shop.approve(&payment).await;
    };
    renew().await;
    let ticket = complain(&shop, &bina, id).await.unwrap().into_inner();
    tickets::replace(&shop.core, ticket.id, &admin("Meera"), false).await.unwrap();
    assert_eq!(shop.column("SELECT DISTINCT slot_id::text FROM order_item").await, ["2"]);
    renew().await;
    assert_eq!(login(&shop, &bina).await, "second@example.com");
    // Given back, the first order takes nothing from the renewals, which live on its slot.
    let order = orders::get(shop.core.db(), 1).await.unwrap();
    shop.refund(&order, "135", &To::Wallet).await.unwrap();
    assert_eq!(login(&shop, &bina).await, "second@example.com");
    assert_eq!(shop.count("SELECT count(*) FROM slot WHERE id = 2 AND retired_at IS NULL").await, 1);
    shop.proof_is_empty().await;
}

/// The renewal waits for the replacement in the name of both; given back, it hands its place on.
#[tokio::test]
async fn what_a_refunded_renewal_waited_for_comes_to_the_order_that_was_renewed() {
    let (shop, bina, id) = bought(&[("first", 1, None)]).await;
    let renewal = subscriptions::renew(&shop.core, &bina, id).await.unwrap().into_inner();
    let payment = shop.prove(&bina, &renewal, &shop.utr()).await.unwrap().into_inner();
    shop.approve(&payment).await;
    let ticket = complain(&shop, &bina, id).await.unwrap().into_inner();
    tickets::replace(&shop.core, ticket.id, &admin("Meera"), false).await.unwrap();
    let renewal = orders::get(shop.core.db(), renewal.id).await.unwrap();
    assert_eq!(renewal.state, OrderState::AwaitingStock);
    shop.refund(&renewal, "135", &To::Wallet).await.unwrap();
    assert!(only(&shop, &bina).await.runs(shop.core.now()), "the first order's time is not over");
    stocked(&shop, &[("second", 1, None)]).await;
    assert_eq!(credentials::serve_waiting(&shop.core, 10).await.unwrap(), 1);
    assert_eq!(login(&shop, &bina).await, "second@example.com");
    assert_eq!(shop.column("SELECT order_id::text FROM slot WHERE claimed_at IS NOT NULL AND retired_at IS NULL").await, ["1"]);
    shop.proof_is_empty().await;
}

/// A crash between any two statements: all of the replacement is done, or nothing.
#[tokio::test]
async fn a_crash_in_the_middle_replaces_all_or_nothing() {
    let (shop, bina, id) = bought(&[("first", 1, None), ("second", 1, None), ("third", 1, None)]).await;
    let ticket = complain(&shop, &bina, id).await.unwrap().into_inner();
    let mut crashed = 0;
    while tickets::get(shop.core.db(), ticket.id).await.unwrap().state == TicketState::Open {
        assert_eq!(login(&shop, &bina).await, "first@example.com", "statement {crashed}");
        assert_eq!(shop.count("SELECT count(*) FROM slot WHERE retired_at IS NOT NULL").await, 0);
        crashed += 1;
        assert!(crashed < 100, "it never gets through");
        let passed = Arc::new(AtomicUsize::new(0));
        let fault: Fault = Arc::new(move || {
            let stop = passed.fetch_add(1, Ordering::SeqCst) + 1 == crashed;
            Box::pin(async move { if stop { Err(DbErr::Custom("crash".into())) } else { Ok(()) } })
        });
        let _answer = tickets::replace(&shop.core.with_fault(fault), ticket.id, &admin("Meera"), false).await;
    }
    assert!(crashed > 8, "{crashed}");
    assert!(!tickets::replace(&shop.core, ticket.id, &admin("Om"), false).await.unwrap().is_now());
    assert_eq!(login(&shop, &bina).await, "second@example.com");
    assert_eq!(told(&shop).await, ["staff: ticket-card", "Bina: replacement"]);
    shop.proof_is_empty().await;
}

/// Whichever comes first, whoever had their money back has nothing that works.
#[tokio::test]
async fn replaced_and_refunded_at_once_nothing_is_left_that_works() {
    for _ in 0..3 {
        let (shop, bina, id) = bought(&[("first", 1, None), ("second", 1, None)]).await;
        let ticket = complain(&shop, &bina, id).await.unwrap().into_inner();
        let both = |n: usize| {
            let (core, ticket) = (shop.core.clone(), ticket.id);
            async move {
                if n == 0 {
                    refunds::refund(&core, 1, "135".parse().unwrap(), &To::Wallet, &admin("Meera"), "broken", "press:1").await.unwrap();
                } else {
                    let answer = tickets::replace(&core, ticket, &admin("Om"), false).await;
                    assert!(matches!(answer, Ok(_) | Err(TicketError::Over)), "{answer:?}");
                }
            }
        };
        at_once(2, both).await;
        assert_eq!(shop.count("SELECT count(*) FROM slot WHERE order_id IS NOT NULL AND retired_at IS NULL").await, 0);
        shop.proof_is_empty().await;
    }
}
