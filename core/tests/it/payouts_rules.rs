//! Where, how often and how much a person can withdraw; and two pairs of eyes.

use super::shop::{Shop, admin, own_vpa, rupees, vpa};
use super::together::at_once;
use chrono::TimeDelta;
use mela_core::db::Applied;
use mela_core::users::User;
use mela_core::withdrawals::upi::{self, UpiError};
use mela_core::withdrawals::vpa::Vpa;
use mela_core::withdrawals::{self, Limit, WithdrawalError, WithdrawalState};

fn to(name: &str) -> Vpa {
    format!("{name}@okbank").parse().unwrap()
}

async fn kept(shop: &Shop, person: &User) -> Vec<String> {
    upi::kept(&shop.core, person.user_id()).await.unwrap().iter().map(|one| one.vpa.to_string()).collect()
}

async fn told(shop: &Shop) -> Vec<String> {
    shop.column("SELECT args ->> 'vpa' FROM notification WHERE kind = 'upi-added' ORDER BY id").await
}

#[tokio::test]
async fn several_upi_ids_the_last_one_used_first_and_a_new_one_is_told() {
    let shop = Shop::with(&[("MELA_WITHDRAWALS__MINIMUM", "10")]).await;
    let asha = shop.earner().await;
    let person = asha.user_id();
    assert_eq!(upi::add(&shop.core, person, &to("first")).await.unwrap(), Applied::Now(()));
    assert_eq!(told(&shop).await, [""; 0], "the first is told where it is typed");
    shop.advance(TimeDelta::minutes(1));
    assert_eq!(upi::add(&shop.core, person, &to("second")).await.unwrap(), Applied::Now(()));
    assert_eq!(upi::add(&shop.core, person, &" SECOND @ OKBANK".parse().unwrap()).await.unwrap(), Applied::Already(()));
    assert_eq!(told(&shop).await, ["second@okbank"]);
    assert_eq!(kept(&shop, &asha).await, ["second@okbank", "first@okbank"]);
    withdrawals::ask(&shop.core, &asha, &to("first"), rupees("10"), "draft:1").await.unwrap();
    assert_eq!(kept(&shop, &asha).await, ["first@okbank", "second@okbank"]);
    // One that is not kept, where none need wait, is kept by being used, and told.
    withdrawals::ask(&shop.core, &asha, &vpa(), rupees("10"), "draft:2").await.unwrap();
    assert_eq!((kept(&shop, &asha).await[0].as_str(), told(&shop).await.len()), ("asha@ybl", 2));
    for name in ["fourth", "fifth"] {
        upi::add(&shop.core, person, &to(name)).await.unwrap();
    }
    assert!(matches!(upi::add(&shop.core, person, &to("sixth")).await, Err(UpiError::TooMany)));
    assert!(upi::remove(&shop.core, person, &to("fifth")).await.unwrap());
    assert!(!upi::remove(&shop.core, person, &to("fifth")).await.unwrap());
    let ravi = shop.arrive("Ravi", None).await;
    assert!(!upi::remove(&shop.core, ravi.user_id(), &to("first")).await.unwrap(), "another's");
    shop.proof_is_empty().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_added_at_once_no_more_are_kept_than_may_be() {
    let shop = Shop::open().await;
    let asha = shop.arrive("Asha", None).await;
    let answers = at_once(8, |n| {
        let (core, person) = (shop.core.clone(), asha.user_id());
        async move { upi::add(&core, person, &to(&format!("own{}", n / 2))).await }
    })
    .await;
    assert_eq!(answers.iter().filter(|answer| matches!(answer, Ok(Applied::Now(())))).count(), 4);
    let answers = at_once(4, |n| {
        let (core, person) = (shop.core.clone(), asha.user_id());
        async move { upi::add(&core, person, &to(&format!("more{n}"))).await }
    })
    .await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    assert_eq!(kept(&shop, &asha).await.len(), upi::MOST);
}

#[tokio::test]
async fn nothing_is_paid_to_a_new_upi_id_until_its_time() {
    let shop = Shop::open().await;
    shop.set("withdrawals.new_upi_wait", "24h").await;
    let asha = shop.earner().await;
    assert!(matches!(shop.ask(&asha, "500", "draft:1").await, Err(WithdrawalError::UpiUnknown)), "not kept, and not by this");
    upi::add(&shop.core, asha.user_id(), &own_vpa(&asha)).await.unwrap();
    let ready = shop.core.now() + TimeDelta::hours(24);
    for hours in [0, 23] {
        shop.advance(TimeDelta::hours(hours));
        assert!(matches!(shop.ask(&asha, "500", "draft:2").await, Err(WithdrawalError::UpiIsNew(at)) if at == ready));
    }
    // Taken away and added again, it waits anew.
    upi::remove(&shop.core, asha.user_id(), &own_vpa(&asha)).await.unwrap();
    upi::add(&shop.core, asha.user_id(), &own_vpa(&asha)).await.unwrap();
    shop.advance(TimeDelta::hours(1));
    assert!(matches!(shop.ask(&asha, "500", "draft:3").await, Err(WithdrawalError::UpiIsNew(at)) if at == ready + TimeDelta::hours(23)));
    assert_eq!(shop.count("SELECT count(*) FROM withdrawal").await, 0);
    shop.set("withdrawals.new_upi_wait", "1h").await;
    assert!(shop.ask(&asha, "500", "draft:4").await.unwrap().is_now());
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn a_pause_between_two_and_a_most_for_day_and_month() {
    let shop = Shop::with(&[("MELA_WITHDRAWALS__MINIMUM", "10")]).await;
    shop.set("withdrawals.cooldown", "2h").await;
    let asha = shop.earner().await;
    let first = shop.asked(&asha, "10").await;
    let next = shop.core.now() + TimeDelta::hours(2);
    assert!(matches!(shop.ask(&asha, "10", "draft:a").await, Err(WithdrawalError::Limited(Limit::Pause(at))) if at == next));
    // What was refused counts for nothing.
    withdrawals::reject(&shop.core, first.id, &admin("Meera"), "no").await.unwrap();
    shop.asked(&asha, "10").await;
    shop.advance(TimeDelta::hours(2));
    shop.asked(&asha, "10").await;

    shop.set("withdrawals.cooldown", "0s").await;
    shop.set("withdrawals.most_per_day", "100").await;
    // Noon and two hours in India: the day ends at its midnight.
    let midnight = "2026-11-22T18:30:00Z".parse().unwrap();
    assert_eq!(withdrawals::room(&shop.core, asha.user_id()).await.unwrap().limit, Some(Limit::Day(rupees("80"), midnight)));
    assert!(matches!(shop.ask(&asha, "80.01", "draft:b").await, Err(WithdrawalError::Limited(Limit::Day(left, _))) if left == rupees("80")));
    shop.asked(&asha, "80").await;
    assert!(matches!(shop.ask(&asha, "10", "draft:c").await, Err(WithdrawalError::Limited(Limit::Day(left, _))) if left == rupees("0")));
    shop.set("withdrawals.most_per_month", "150").await;
    shop.advance(TimeDelta::hours(12));
    let december = "2026-11-30T18:30:00Z".parse().unwrap();
    assert_eq!(withdrawals::room(&shop.core, asha.user_id()).await.unwrap().limit, Some(Limit::Month(rupees("50"), december)));
    shop.asked(&asha, "50").await;
    assert!(
        matches!(shop.ask(&asha, "10", "draft:d").await, Err(WithdrawalError::Limited(Limit::Month(left, at))) if left == rupees("0") && at == december)
    );
    shop.proof_is_empty().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn eight_devices_do_not_get_past_the_most_of_a_day() {
    let shop = Shop::with(&[("MELA_WITHDRAWALS__MINIMUM", "10"), ("MELA_WITHDRAWALS__MOST_PER_DAY", "100")]).await;
    let asha = shop.earner().await;
    let answers = at_once(8, |n| {
        let (shop, asha) = (shop.clone(), asha.clone());
        async move { shop.ask(&asha, "40", &format!("draft:{n}")).await }
    })
    .await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 2);
    assert!(answers.iter().all(|answer| matches!(answer, Ok(_) | Err(WithdrawalError::Limited(Limit::Day(..))))));
    shop.proof_is_empty().await;
}

#[tokio::test]
async fn above_a_limit_two_must_approve_and_the_first_is_never_the_second() {
    let shop = Shop::with(&[("MELA_WITHDRAWALS__MINIMUM", "10")]).await;
    shop.set("withdrawals.second_person_above", "100").await;
    let asha = shop.earner().await;
    let (small, large) = (shop.asked(&asha, "100").await, shop.asked(&asha, "100.01").await);
    let approve = |id: i64, name: &'static str| {
        let core = shop.core.clone();
        async move { withdrawals::approve(&core, id, &admin(name)).await }
    };
    assert_eq!(approve(small.id, "Meera").await.unwrap().into_inner().state, WithdrawalState::Approved);
    let first = approve(large.id, "Meera").await.unwrap().into_inner();
    assert_eq!((first.state, first.first_by_name.as_deref(), first.decided_by), (WithdrawalState::Asked, Some("Meera"), None));
    assert!(matches!(approve(large.id, "Meera").await, Err(WithdrawalError::Own)));
    assert!(matches!(withdrawals::pay(&shop.core, large.id, &admin("Om"), "N123456789").await, Err(WithdrawalError::NotNow(_))));
    let both = approve(large.id, "Om").await.unwrap().into_inner();
    assert_eq!(
        (both.state, both.first_by_name.as_deref(), both.decided_by_name.as_deref()),
        (WithdrawalState::Approved, Some("Meera"), Some("Om"))
    );
    assert!(!approve(large.id, "Meera").await.unwrap().is_now(), "done is done");
    assert_eq!(
        shop.column("SELECT concat_ws(' ', actor_name, action) FROM audit WHERE action LIKE 'withdrawal.%' ORDER BY id").await,
        ["Meera withdrawal.approve", "Meera withdrawal.approve.first", "Om withdrawal.approve"]
    );
    assert_eq!(shop.count("SELECT count(*) FROM notification WHERE kind = 'withdrawal' AND args ->> 'became' = 'approved'").await, 2);
    // Whoever approved first may refuse; and where one is enough by now, one is enough.
    let refused = shop.asked(&asha, "101").await;
    approve(refused.id, "Meera").await.unwrap();
    assert!(withdrawals::reject(&shop.core, refused.id, &admin("Meera"), "no").await.unwrap().is_now());
    let alone = shop.asked(&asha, "101").await;
    approve(alone.id, "Meera").await.unwrap();
    shop.set("withdrawals.second_person_above", "0").await;
    assert_eq!(approve(alone.id, "Meera").await.unwrap().into_inner().state, WithdrawalState::Approved);
    // By hand, past the program: the database refuses.
    let forged = format!("UPDATE withdrawal SET first_by = decided_by, first_by_name = 'x', first_at = now() WHERE id = {}", small.id);
    use sea_orm::ConnectionTrait;
    assert!(shop.core.db().execute_unprepared(&forged).await.unwrap_err().to_string().contains("withdrawal_four_eyes"));
    shop.proof_is_empty().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_who_press_at_once_one_is_first_and_the_other_second() {
    let shop = Shop::with(&[("MELA_WITHDRAWALS__MINIMUM", "10"), ("MELA_WITHDRAWALS__SECOND_PERSON_ABOVE", "10")]).await;
    let asha = shop.earner().await;
    for _ in 0..6 {
        let asked = shop.asked(&asha, "20").await;
        let answers = at_once(6, |n| {
            let core = shop.core.clone();
            async move { withdrawals::approve(&core, asked.id, &admin(["Meera", "Om"][n % 2])).await.map(|done| done.into_inner().state) }
        })
        .await;
        let found = withdrawals::get(shop.core.db(), asked.id).await.unwrap();
        assert_eq!(found.state, WithdrawalState::Approved, "{answers:?}");
        assert_ne!(found.first_by, found.decided_by);
    }
    shop.proof_is_empty().await;
}
