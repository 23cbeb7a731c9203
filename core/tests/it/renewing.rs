//! Renewals: paid like any order, they let a subscription last longer; each counts, however many come at once.

use super::shop::{PLAN, Shop, admin, rupees};
use super::together::at_once;
use chrono::{DateTime, TimeDelta, Utc};
use mela_core::catalog;
use mela_core::credentials::{self, Account, Secret};
use mela_core::db::{Applied, Fault};
use mela_core::orders::{self, Order, OrderState};
use mela_core::payments::{self, Payment};
use mela_core::refunds::To;
use mela_core::subscriptions::{self, Subscription, SubscriptionError};
use mela_core::users::User;
use sea_orm::DbErr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

pub(crate) async fn mine(shop: &Shop, person: &User) -> Vec<Subscription> {
    subscriptions::list(shop.core.db(), person.user_id(), shop.core.now(), 0, 50).await.unwrap()
}

/// The only one that a person has.
pub(crate) async fn only(shop: &Shop, person: &User) -> Subscription {
    let mut all = mine(shop, person).await;
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

async fn renew(shop: &Shop, person: &User, id: i64) -> Result<Applied<Order>, SubscriptionError> {
    subscriptions::renew(&shop.core, person, id).await
}

/// A renewal whose proof is being checked.
async fn renewing(shop: &Shop, person: &User, id: i64) -> (Order, Payment) {
    let order = renew(shop, person, id).await.unwrap().into_inner();
    let payment = shop.prove(person, &order, &shop.utr()).await.unwrap().into_inner();
    (order, payment)
}

async fn renewed(shop: &Shop, person: &User, id: i64) -> Order {
    let (order, payment) = renewing(shop, person, id).await;
    assert!(shop.approve(&payment).await.is_now());
    orders::get(shop.core.db(), order.id).await.unwrap()
}

fn days(days: i64) -> TimeDelta {
    TimeDelta::days(days)
}

/// Accounts of one slot each, the named last days of which are told as `YYYY-MM-DD`.
pub(crate) async fn stocked(shop: &Shop, accounts: &[(&str, i16, Option<&str>)]) {
    shop.run("UPDATE plan SET delivery = 'from_stock'").await;
    let plan = catalog::by_code(shop.core.db(), PLAN).await.unwrap().unwrap();
    for (name, slots, expires_on) in accounts {
        let login = format!("{name}@example.com");
        let secret = Secret { login, password: format!("Sesame-{name}"), profile: String::new(), pin: String::new() };
        let account = Account { secret, slots: *slots, expires_on: expires_on.map(|day| day.parse().unwrap()) };
        credentials::load(&shop.core, &plan, &[account], &admin("Meera")).await.unwrap();
    }
}

pub(crate) async fn with_key() -> Shop {
    Shop::with(&[("MELA_CREDENTIALS__KEY", &"a1".repeat(32))]).await
}

/// Who a person logs in as now.
pub(crate) async fn login(shop: &Shop, person: &User) -> String {
    let found = only(shop, person).await;
    let order = orders::get(shop.core.db(), found.unit_order.unwrap()).await.unwrap();
    let page = credentials::reveal_item(&shop.core, &order, found.unit.unwrap()).await.unwrap();
    page.credentials[0].secret.login.clone()
}

async fn told(shop: &Shop, kind: &str) -> i64 {
    shop.count(&format!("SELECT count(*) FROM notification WHERE kind = '{kind}'")).await
}

#[tokio::test]
async fn a_renewal_adds_its_time_to_the_end_at_the_price_of_now_and_is_placed_once() {
    let shop = Shop::open().await;
    let (ravi, asha, bina) = shop.chain().await;
    shop.sell(&bina).await;
    let before = only(&shop, &bina).await;
    shop.advance(days(20));
    shop.run("UPDATE plan SET price = 200, title = 'Combo, renamed'").await;
    let order = renew(&shop, &bina, before.id).await.unwrap();
    assert!(order.is_now());
    let again = renew(&shop, &bina, before.id).await.unwrap();
    assert!(!again.is_now());
    assert_eq!((again.into_inner().id, order.into_inner().price), (2, rupees("200")));
    assert_eq!(shop.order(&bina).await.renews, None, "an order of the same plan is another thing");

    let order = orders::get(shop.core.db(), 2).await.unwrap();
    let payment = shop.prove(&bina, &order, &shop.utr()).await.unwrap().into_inner();
    let checked = renew(&shop, &bina, before.id).await.unwrap();
    assert!(matches!(&checked, Applied::Already(o) if o.id == order.id && o.state == OrderState::InReview), "{checked:?}");
    shop.approve(&payment).await;
    let after = only(&shop, &bina).await;
    assert_eq!((after.ends_at, after.renewals, after.id), (before.ends_at + days(30), 1, before.id));
    assert_eq!(shop.has(&asha).await, "held 75", "28, and 30 % of 158");
    assert_eq!(shop.has(&ravi).await, "held 25");
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn what_is_not_ones_own_is_over_too_long_cancelled_or_not_for_sale_is_not_renewed() {
    let shop = Shop::open().await;
    let (_, _, bina) = shop.chain().await;
    let dev = shop.arrive("Dev", None).await;
    shop.sell(&bina).await;
    let found = only(&shop, &bina).await;
    assert!(matches!(renew(&shop, &dev, found.id).await, Err(SubscriptionError::NotFound)));
    assert!(matches!(renew(&shop, &bina, 999).await, Err(SubscriptionError::NotFound)));
    shop.run("UPDATE plan SET active = false").await;
    assert!(matches!(renew(&shop, &bina, found.id).await, Err(SubscriptionError::NotForSale)));
    shop.run("UPDATE plan SET active = true").await;

    // Thirty days it lasts, and thirty more it can be renewed: then it begins anew on that day.
    shop.advance(days(60));
    renewed(&shop, &bina, found.id).await;
    assert_eq!(only(&shop, &bina).await.ends_at, shop.core.now() + days(30));
    shop.advance(days(60) + TimeDelta::seconds(1));
    assert!(matches!(renew(&shop, &bina, found.id).await, Err(SubscriptionError::TooLate)));

    let order = shop.sell(&dev).await;
    shop.refund(&order, "135", &To::Wallet).await.unwrap();
    let cancelled = only(&shop, &dev).await;
    assert!(matches!(renew(&shop, &dev, cancelled.id).await, Err(SubscriptionError::Cancelled)));
    assert_eq!(shop.count("SELECT count(*) FROM orders WHERE renews IS NOT NULL").await, 1);
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn many_presses_at_once_place_one_and_two_paid_at_once_both_count() {
    let shop = Shop::open().await;
    let (_, _, bina) = shop.chain().await;
    shop.sell(&bina).await;
    let before = only(&shop, &bina).await;
    let press = |_| {
        let (core, person, id) = (shop.core.clone(), bina.clone(), before.id);
        async move { subscriptions::renew(&core, &person, id).await.unwrap() }
    };
    let placed = at_once(6, press).await;
    assert_eq!(placed.iter().filter(|order| order.is_now()).count(), 1);
    assert_eq!(shop.count("SELECT count(*) FROM orders WHERE renews IS NOT NULL").await, 1);

    // The first expired before its money came; both are being checked, and two admins approve at once.
    shop.advance(TimeDelta::hours(1));
    let second = renew(&shop, &bina, before.id).await.unwrap().into_inner();
    let first = orders::get(shop.core.db(), placed[0].clone().into_inner().id).await.unwrap();
    assert_eq!(first.state, OrderState::Expired);
    let mut payments = Vec::new();
    for order in [&first, &second] {
        payments.push(shop.prove(&bina, order, &shop.utr()).await.unwrap().into_inner().id);
    }
    let confirm = |n: usize| {
        let (core, id) = (shop.core.clone(), payments[n % 2]);
        async move { payments::confirm(&core, id, &admin("Meera")).await.unwrap().is_now() }
    };
    assert_eq!(at_once(4, confirm).await.iter().filter(|now| **now).count(), 2);
    let after = only(&shop, &bina).await;
    assert_eq!((after.ends_at, after.renewals), (before.ends_at + days(60), 2));
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn a_rejected_renewal_beside_an_open_one_ends_and_alone_it_is_open_again() {
    let shop = Shop::open().await;
    let (_, _, bina) = shop.chain().await;
    shop.sell(&bina).await;
    let found = only(&shop, &bina).await;
    let (first, payment) = renewing(&shop, &bina, found.id).await;
    payments::reject(&shop.core, payment.id, &admin("Meera"), "no money").await.unwrap();
    assert_eq!(orders::get(shop.core.db(), first.id).await.unwrap().state, OrderState::AwaitingPayment);

    orders::cancel(&shop.core, bina.user_id(), &first.code).await.unwrap();
    let second = renew(&shop, &bina, found.id).await.unwrap().into_inner();
    let late = shop.prove(&bina, &first, &shop.utr()).await.unwrap().into_inner();
    payments::reject(&shop.core, late.id, &admin("Meera"), "no money").await.unwrap();
    assert_eq!(orders::get(shop.core.db(), first.id).await.unwrap().state, OrderState::Expired);
    assert_eq!(orders::get(shop.core.db(), second.id).await.unwrap().state, OrderState::AwaitingPayment);
    assert_eq!(only(&shop, &bina).await.renewals, 0);
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn what_was_refunded_takes_its_own_time_back() {
    let shop = Shop::open().await;
    let (_, _, bina) = shop.chain().await;
    let first = shop.sell(&bina).await;
    let before = only(&shop, &bina).await;
    let renewal = renewed(&shop, &bina, before.id).await;
    shop.refund(&renewal, "135", &To::Wallet).await.unwrap();
    let after = only(&shop, &bina).await;
    assert_eq!((after.ends_at, after.ended_at), (before.ends_at, None));

    let renewal = renewed(&shop, &bina, before.id).await;
    shop.refund(&first, "135", &To::Wallet).await.unwrap();
    assert_eq!(only(&shop, &bina).await.ends_at, before.ends_at, "what was renewed is paid and runs on");
    shop.refund(&renewal, "135", &To::Wallet).await.unwrap();
    let ended = only(&shop, &bina).await;
    assert_eq!((ended.ended_at, ended.unit_order), (Some(shop.core.now()), None));
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn a_renewal_that_was_paid_after_its_subscription_was_refunded_begins_it_anew() {
    let shop = Shop::open().await;
    let (_, _, bina) = shop.chain().await;
    let first = shop.sell(&bina).await;
    let found = only(&shop, &bina).await;
    let (_, payment) = renewing(&shop, &bina, found.id).await;
    shop.refund(&first, "135", &To::Wallet).await.unwrap();
    assert!(only(&shop, &bina).await.ended_at.is_some());
    shop.approve(&payment).await;
    let anew = only(&shop, &bina).await;
    assert_eq!((anew.ended_at, anew.ends_at), (None, shop.core.now() + days(30)));
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn a_slot_is_kept_while_its_account_lasts_and_else_another_is_given() {
    let shop = with_key().await;
    // Noon of 21 November: the plan ends on 21 December, renewed on 20 January, renewed twice on 19 February.
    stocked(&shop, &[("first", 1, Some("2027-01-20")), ("second", 1, None)]).await;
    let (_, _, bina) = shop.chain().await;
    shop.sell(&bina).await;
    let found = only(&shop, &bina).await;
    assert_eq!(login(&shop, &bina).await, "first@example.com");
    let kept = renewed(&shop, &bina, found.id).await;
    assert_eq!((kept.state, login(&shop, &bina).await.as_str()), (OrderState::Delivered, "first@example.com"));
    assert_eq!(told(&shop, "credentials").await, 1, "who has it already is not sent it again");
    let given = renewed(&shop, &bina, found.id).await;
    assert_eq!((given.state, login(&shop, &bina).await.as_str()), (OrderState::Delivered, "second@example.com"));
    assert_eq!(told(&shop, "credentials").await, 2);
    let kept = renewed(&shop, &bina, found.id).await;
    assert_eq!((kept.state, login(&shop, &bina).await.as_str()), (OrderState::Delivered, "second@example.com"));
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn which_renewals_earn_is_a_setting_and_a_second_order_is_none() {
    for (setting, earning) in [("always", [1, 1, 1]), ("first", [0, 0, 0]), ("1", [1, 0, 0]), ("2", [1, 1, 0])] {
        let shop = Shop::with(&[("MELA_COMMISSIONS__RENEWALS", setting)]).await;
        let (_, asha, bina) = shop.chain().await;
        shop.sell(&bina).await;
        let found = only(&shop, &bina).await;
        let earned = async || shop.count(&format!("SELECT count(*) FROM commission WHERE beneficiary_id = {}", asha.id)).await;
        for (n, earns) in earning.into_iter().enumerate() {
            let before = earned().await;
            renewed(&shop, &bina, found.id).await;
            assert_eq!(earned().await - before, earns, "{setting}: renewal {n}");
        }
        let before = earned().await;
        shop.sell(&bina).await;
        assert_eq!(earned().await - before, 1, "{setting}: a second order");
        shop.proof_is_empty().await;
    }
    // What was given back is as if it had not been; and an order keeps what it was placed with.
    let shop = Shop::with(&[]).await;
    let (_, asha, bina) = shop.chain().await;
    shop.set("commissions.renewals", "1").await;
    shop.sell(&bina).await;
    let found = only(&shop, &bina).await;
    let order = renewed(&shop, &bina, found.id).await;
    shop.refund(&order, "135", &To::Wallet).await.unwrap();
    let (_, payment) = renewing(&shop, &bina, found.id).await;
    shop.set("commissions.renewals", "first").await;
    shop.approve(&payment).await;
    assert_eq!(shop.has(&asha).await, "held 56", "the sale, and the renewal that was kept");
    shop.proof_is_empty().await;
}

/// What people were told by the clock, as `whom: what`.
async fn reminded(shop: &Shop) -> Vec<String> {
    shop.column(
        "SELECT u.name || ': ' || n.kind FROM notification n JOIN users u ON u.id = n.user_id
         WHERE n.kind IN ('plan-ends', 'auto-renew-missing', 'order-unpaid') ORDER BY n.id",
    )
    .await
}

async fn sweep(shop: &Shop) {
    // As the job does, and by two workers at once.
    let work = |_| {
        let core = shop.core.clone();
        async move {
            let mut after = 0;
            while let Some(last) = subscriptions::auto_renew_due(&core, after, 2).await.unwrap() {
                after = last;
            }
            while subscriptions::remind_due(&core, 2).await.unwrap() + orders::remind_due(&core, 2).await.unwrap() > 0 {}
        }
    };
    at_once(2, work).await;
}

/// Moves the clock to a time of the shop, which is in India.
fn at(shop: &Shop, time: &str) {
    let time: DateTime<Utc> = format!("{time}:00+05:30").parse::<DateTime<chrono::FixedOffset>>().unwrap().to_utc();
    shop.advance(time - shop.core.now());
}

#[tokio::test]
async fn the_day_before_and_on_the_day_each_once_in_the_shops_days() {
    let shop = Shop::open().await;
    let (_, _, bina) = shop.chain().await;
    shop.sell(&bina).await;
    assert_eq!(only(&shop, &bina).await.ends_at.to_rfc3339(), "2026-12-21T06:30:00+00:00");
    for (time, expected) in [
        ("2026-12-19T23:59", 0),
        ("2026-12-20T00:00", 1),
        ("2026-12-20T23:59", 1),
        ("2026-12-21T00:00", 2),
        ("2026-12-21T11:59", 2),
        ("2026-12-21T12:00", 2),
        ("2026-12-30T12:00", 2),
    ] {
        at(&shop, time);
        sweep(&shop).await;
        assert_eq!(reminded(&shop).await, vec!["Bina: plan-ends"; expected], "{time}");
    }
    // Renewed, it has another end, of which it is reminded anew; refunded, of the old one it was reminded already.
    let renewal = renewed(&shop, &bina, 1).await;
    at(&shop, "2027-01-28T12:00");
    sweep(&shop).await;
    assert_eq!(reminded(&shop).await.len(), 3);
    shop.refund(&renewal, "135", &To::Wallet).await.unwrap();
    at(&shop, "2027-01-29T08:00");
    sweep(&shop).await;
    assert_eq!(reminded(&shop).await.len(), 3, "it ended with its money");
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn a_job_that_was_down_sends_one_and_who_renewed_or_is_being_checked_none() {
    let shop = Shop::open().await;
    let (_, _, bina) = shop.chain().await;
    let people = [bina, shop.arrive("Dev", None).await, shop.arrive("Esha", None).await, shop.arrive("Farid", None).await];
    for person in &people {
        shop.sell(person).await;
    }
    let [_, dev, esha, farid] = &people;
    shop.advance(days(29) - TimeDelta::hours(1));
    renewed(&shop, dev, only(&shop, dev).await.id).await;
    renewing(&shop, esha, only(&shop, esha).await.id).await;
    let order = orders::get(shop.core.db(), 4).await.unwrap();
    shop.refund(&order, "135", &To::Wallet).await.unwrap();
    assert!(only(&shop, farid).await.ended_at.is_some());
    // Nobody swept on the day before.
    at(&shop, "2026-12-21T09:00");
    sweep(&shop).await;
    assert_eq!(reminded(&shop).await, ["Bina: plan-ends"]);
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn an_unpaid_order_is_reminded_of_once_and_not_when_its_life_is_short() {
    let shop = Shop::open().await;
    let (_, _, bina) = shop.chain().await;
    let dev = shop.arrive("Dev", None).await;
    shop.order(&bina).await;
    shop.order_and_pay(&dev).await;
    for (minutes, expected) in [(19, 0), (1, 1), (5, 1), (4, 1)] {
        shop.advance(TimeDelta::minutes(minutes));
        sweep(&shop).await;
        assert_eq!(reminded(&shop).await, vec!["Bina: order-unpaid"; expected]);
    }
    orders::expire_due(&shop.core, 10).await.unwrap();
    shop.set("orders.expire_after", "10m").await;
    shop.advance(TimeDelta::hours(1));
    shop.order(&bina).await;
    shop.advance(TimeDelta::minutes(5));
    sweep(&shop).await;
    assert_eq!(reminded(&shop).await.len(), 1, "it lives no longer than the reminder comes before its end");
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn what_renews_itself_is_paid_once_on_its_day_from_the_wallet() {
    let shop = with_key().await;
    stocked(&shop, &[("first", 1, None)]).await;
    let (_, asha, bina) = shop.chain().await;
    shop.sell(&bina).await;
    shop.fill(&bina, "100", "100").await;
    let found = only(&shop, &bina).await;
    subscriptions::set_auto_renew(&shop.core, &bina, found.id, true).await.unwrap();
    at(&shop, "2026-12-20T23:00");
    sweep(&shop).await;
    assert_eq!((only(&shop, &bina).await.renewals, reminded(&shop).await.len()), (0, 1), "the day before it is only reminded of");
    at(&shop, "2026-12-21T00:00");
    for _ in 0..2 {
        sweep(&shop).await;
    }
    let after = only(&shop, &bina).await;
    assert_eq!((after.ends_at, after.renewals), (found.ends_at + days(30), 1));
    assert_eq!(shop.has(&bina).await, "earned 65");
    assert_eq!(reminded(&shop).await.len(), 1, "what came of it is told, not that it ends");
    assert_eq!(told(&shop, "payment-approved").await, 2);
    assert_eq!(shop.count("SELECT count(*) FROM payment WHERE method = 'wallet'").await, 1);
    assert_eq!(login(&shop, &bina).await, "first@example.com");
    assert!(shop.has(&asha).await.contains("held"), "a renewal earns as any sale");
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn what_the_wallet_lacks_is_told_each_day_until_the_day_after_and_paid_when_it_came() {
    let shop = Shop::open().await;
    let (_, _, bina) = shop.chain().await;
    let dev = shop.arrive("Dev", None).await;
    for person in [&bina, &dev] {
        shop.sell(person).await;
        shop.fill(person, "100", "0").await;
        let found = only(&shop, person).await;
        assert!(matches!(
            subscriptions::set_auto_renew(&shop.core, &shop.arrive("X", None).await, found.id, true).await,
            Err(SubscriptionError::NotFound)
        ));
        subscriptions::set_auto_renew(&shop.core, person, found.id, true).await.unwrap();
    }
    let missing = async || {
        shop.column("SELECT u.name || ' ' || (n.args ->> 'price') || ' ' || (n.args ->> 'missing') FROM notification n JOIN users u ON u.id = n.user_id WHERE n.kind = 'auto-renew-missing' ORDER BY n.id")
            .await
    };
    at(&shop, "2026-12-21T09:00");
    for _ in 0..2 {
        sweep(&shop).await;
    }
    let mut first = missing().await;
    first.sort();
    assert_eq!(first, ["Bina 135 35", "Dev 135 35"]);
    shop.fill(&bina, "35", "0").await;
    at(&shop, "2026-12-22T00:10");
    for _ in 0..2 {
        sweep(&shop).await;
    }
    let after = only(&shop, &bina).await;
    assert_eq!((after.renewals, after.ends_at), (1, shop.core.now() + days(30)), "it had ended, and begins on the day it was paid");
    assert_eq!(missing().await.len(), 3);
    shop.fill(&dev, "100", "0").await;
    at(&shop, "2026-12-23T00:10");
    sweep(&shop).await;
    assert_eq!((only(&shop, &dev).await.renewals, missing().await.len()), (0, 3), "two days after, nothing is tried any more");
    assert_eq!(shop.has(&dev).await, "credit 200");
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn whoever_pays_it_at_this_moment_is_not_charged_beside() {
    let shop = Shop::open().await;
    let (_, _, bina) = shop.chain().await;
    shop.sell(&bina).await;
    shop.fill(&bina, "500", "0").await;
    let found = only(&shop, &bina).await;
    subscriptions::set_auto_renew(&shop.core, &bina, found.id, true).await.unwrap();
    at(&shop, "2026-12-21T09:00");
    let (order, payment) = renewing(&shop, &bina, found.id).await;
    sweep(&shop).await;
    assert_eq!(shop.has(&bina).await, "credit 500");
    payments::reject(&shop.core, payment.id, &admin("Meera"), "no money").await.unwrap();
    sweep(&shop).await;
    assert_eq!(shop.has(&bina).await, "credit 500", "it is open still");
    orders::cancel(&shop.core, bina.user_id(), &order.code).await.unwrap();
    sweep(&shop).await;
    assert_eq!((shop.has(&bina).await.as_str(), only(&shop, &bina).await.renewals), ("credit 365", 1));
    shop.proof_is_empty().await;
}

/// A crash between any two statements: nothing is charged that is not renewed, and the next sweep does what is left.
#[tokio::test]
async fn a_crash_in_the_middle_charges_nobody_twice() {
    let shop = Shop::open().await;
    let (_, _, bina) = shop.chain().await;
    shop.sell(&bina).await;
    shop.fill(&bina, "500", "0").await;
    let found = only(&shop, &bina).await;
    subscriptions::set_auto_renew(&shop.core, &bina, found.id, true).await.unwrap();
    at(&shop, "2026-12-21T09:00");
    let mut crashed = 0;
    while only(&shop, &bina).await.renewals == 0 {
        crashed += 1;
        assert!(crashed < 100, "it never gets through");
        let passed = Arc::new(AtomicUsize::new(0));
        let fault: Fault = Arc::new(move || {
            let stop = passed.fetch_add(1, Ordering::SeqCst) + 1 == crashed;
            Box::pin(async move { if stop { Err(DbErr::Custom("crash".into())) } else { Ok(()) } })
        });
        subscriptions::auto_renew_due(&shop.core.with_fault(fault), 0, 10).await.unwrap();
        let renewals = only(&shop, &bina).await.renewals;
        let wanted = if renewals == 1 { "credit 365" } else { "credit 500" };
        assert_eq!(shop.has(&bina).await, wanted, "statement {crashed}");
    }
    assert!(crashed > 8, "{crashed}");
    sweep(&shop).await;
    assert_eq!((shop.has(&bina).await.as_str(), only(&shop, &bina).await.renewals), ("credit 365", 1));
    assert_eq!(shop.count("SELECT count(*) FROM orders WHERE renews IS NOT NULL").await, 1);
    assert_eq!(shop.count("SELECT count(*) FROM commission c JOIN orders o ON o.id = c.order_id WHERE o.renews IS NOT NULL").await, 2);
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn a_renewal_that_was_paid_keeps_its_whole_time_when_the_order_before_it_is_refunded_late() {
    let shop = Shop::open().await;
    let (_, _, bina) = shop.chain().await;
    let first = shop.sell(&bina).await;
    let before = only(&shop, &bina).await;
    shop.advance(TimeDelta::days(29));
    renewed(&shop, &bina, before.id).await;
    let paid = shop.core.now();
    shop.advance(TimeDelta::days(11));
    shop.refund(&first, "135", &To::Wallet).await.unwrap();
    let after = only(&shop, &bina).await;
    assert_eq!((after.ends_at, after.ended_at), (paid + TimeDelta::days(30), None));
    shop.proof_is_empty().await;
}
