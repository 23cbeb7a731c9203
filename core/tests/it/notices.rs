//! What people are told, as they want it: topics that are muted, quiet hours, the history with what is unread, the language that was chosen.

#![expect(clippy::unwrap_used, reason = "the helpers of tests are tests")]

use crate::shop::{Shop, rupees};
use crate::together::at_once;
use chrono::TimeDelta;
use mela_core::notifications::{self, Claimed, Letter, Notice, Outcome, Topic, claim, settle};
use mela_core::users::{self, Sender, User};
use sea_orm::ConnectionTrait;

fn joined(name: &str) -> Notice {
    Notice::Joined { name: name.to_owned() }
}

fn earned(shop: &Shop, amount: &str) -> Notice {
    Notice::Earned { amount: rupees(amount), level: 1, release_at: shop.core.now() }
}

async fn tell(shop: &Shop, person: &User, notice: &Notice) {
    notifications::tell(shop.core.db(), shop.core.now(), person.user_id(), notice, None).await.unwrap();
}

async fn sent(shop: &Shop) -> Vec<Notice> {
    let mut all = Vec::new();
    loop {
        let claimed: Vec<Claimed> = claim(&shop.core, 100).await.unwrap();
        if claimed.is_empty() {
            return all;
        }
        for one in claimed {
            settle(&shop.core, &one, &Outcome::Sent).await.unwrap();
            all.extend(one.notices);
        }
    }
}

async fn history(shop: &Shop, person: &User) -> Vec<(Notice, bool)> {
    let told = notifications::history(shop.core.db(), person.user_id(), None, 100).await.unwrap();
    told.into_iter().map(|told| (told.notice.unwrap(), told.unread)).collect()
}

#[tokio::test]
async fn what_is_muted_is_written_down_and_not_sent_not_even_when_it_is_wanted_again() {
    let shop = Shop::open().await;
    let (asha, dev) = (shop.arrive("Asha", None).await, shop.arrive("Dev", None).await);
    tell(&shop, &asha, &joined("before")).await;
    for _ in 0..2 {
        notifications::mute(&shop.core, asha.user_id(), Topic::Joins, true).await.unwrap();
    }
    assert_eq!(notifications::muted(shop.core.db(), asha.user_id()).await.unwrap(), [Topic::Joins]);
    tell(&shop, &asha, &joined("muted")).await;
    tell(&shop, &asha, &earned(&shop, "28")).await;
    tell(&shop, &asha, &Notice::OrderExpired { order: 1 }).await;
    tell(&shop, &dev, &joined("another's")).await;
    assert_eq!(
        sent(&shop).await,
        [joined("before"), joined("another's"), earned(&shop, "28"), Notice::OrderExpired { order: 1 }],
        "what was told before it was muted is sent"
    );
    for _ in 0..2 {
        notifications::mute(&shop.core, asha.user_id(), Topic::Joins, false).await.unwrap();
    }
    assert_eq!(sent(&shop).await, []);
    tell(&shop, &asha, &joined("after")).await;
    assert_eq!(sent(&shop).await, [joined("after")]);
    let all = [joined("after"), Notice::OrderExpired { order: 1 }, earned(&shop, "28"), joined("muted"), joined("before")];
    assert_eq!(history(&shop, &asha).await, all.map(|notice| (notice, true)));
    assert_eq!(shop.column("SELECT args->>'name' FROM notification WHERE muted").await, ["muted"]);
}

#[tokio::test]
async fn many_letters_are_written_in_their_order_and_each_reader_has_muted_what_they_have() {
    let shop = Shop::open().await;
    let mut people = Vec::new();
    for n in 0..5 {
        people.push(shop.arrive(&format!("Person {n}"), None).await);
    }
    notifications::mute(&shop.core, people[1].user_id(), Topic::Commissions, true).await.unwrap();
    notifications::mute(&shop.core, people[2].user_id(), Topic::Joins, true).await.unwrap();
    for topic in Topic::ALL {
        notifications::mute(&shop.core, people[3].user_id(), topic, true).await.unwrap();
    }
    // As values, and as arrays.
    for many in [1_usize, 20] {
        let mut letters = Vec::new();
        for n in 0..many {
            for person in &people {
                letters.push(Letter::to(person.user_id(), earned(&shop, "28")));
                letters.push(Letter::to(person.user_id(), joined(&n.to_string())));
            }
            letters.push(Letter { to: None, notice: joined("staff mute nothing"), dedupe_key: None });
        }
        for part in letters.chunks(if many == 1 { 8 } else { letters.len() }) {
            notifications::tell_all(shop.core.db(), shop.core.now(), part).await.unwrap();
        }
        let written = shop
            .column("SELECT concat_ws(' ', coalesce(user_id, 0), kind, muted, sent_at IS NULL) FROM notification ORDER BY id")
            .await;
        let wanted: Vec<String> = letters
            .iter()
            .map(|letter| {
                let number = letter.to.and_then(|to| people.iter().position(|p| p.user_id() == to));
                let kind = letter.notice.kind();
                let muted = matches!((number, kind), (Some(1), "earned") | (Some(2), "joined") | (Some(3), _));
                format!("{} {kind} {}", letter.to.map_or(0, |to| to.0), if muted { "t f" } else { "t" })
            })
            .collect();
        assert_eq!(written, wanted);
        shop.run("TRUNCATE notification").await;
    }
}

#[tokio::test]
async fn what_is_muted_keeps_its_key() {
    let shop = Shop::open().await;
    let asha = shop.arrive("Asha", None).await;
    notifications::mute(&shop.core, asha.user_id(), Topic::Joins, true).await.unwrap();
    let key = || Some("joined:2".to_owned());
    for muted in [true, false] {
        notifications::mute(&shop.core, asha.user_id(), Topic::Joins, muted).await.unwrap();
        notifications::tell(shop.core.db(), shop.core.now(), asha.user_id(), &joined("Bina"), key()).await.unwrap();
    }
    assert_eq!(sent(&shop).await, []);
    assert_eq!(history(&shop, &asha).await, [(joined("Bina"), true)]);
}

#[tokio::test]
async fn money_and_orders_cannot_be_muted_whatever_is_written_by_hand() {
    let shop = Shop::open().await;
    let asha = shop.arrive("Asha", None).await;
    let error = shop.core.db().execute_unprepared(&format!("INSERT INTO mute VALUES ({}, 'money')", asha.id)).await.unwrap_err();
    assert!(error.to_string().contains("mute_topic"), "{error}");
    for topic in Topic::ALL {
        notifications::mute(&shop.core, asha.user_id(), topic, true).await.unwrap();
    }
    let reversed = Notice::Reversed { amount: rupees("28"), level: 1, owed: rupees("0"), whole: true };
    for notice in [Notice::PaymentApproved { order: 1 }, Notice::Credentials { order: 1 }, reversed] {
        tell(&shop, &asha, &notice).await;
        assert_eq!(sent(&shop).await, [notice]);
    }
}

#[tokio::test]
async fn a_page_that_was_looked_at_is_read_and_the_rest_is_counted() {
    let shop = Shop::open().await;
    let (asha, dev) = (shop.arrive("Asha", None).await, shop.arrive("Dev", None).await);
    for order in 0..5 {
        tell(&shop, &asha, &Notice::OrderExpired { order }).await;
    }
    let db = shop.core.db();
    let unread = async || notifications::unread(db, asha.user_id()).await.unwrap();
    assert_eq!((unread().await, history(&shop, &asha).await.len()), (0, 0), "what is not sent yet was not told");
    sent(&shop).await;
    assert_eq!(unread().await, 5);

    let page = notifications::history(db, asha.user_id(), None, 2).await.unwrap();
    let ids: Vec<i64> = page.iter().map(|told| told.id).collect();
    notifications::mark_read(&shop.core, dev.user_id(), ids.clone()).await.unwrap();
    assert_eq!(unread().await, 5, "nobody reads another's");
    for _ in 0..2 {
        notifications::mark_read(&shop.core, asha.user_id(), ids.clone()).await.unwrap();
    }
    assert_eq!(unread().await, 3);
    let below = notifications::history(db, asha.user_id(), ids.last().copied(), 10).await.unwrap();
    let orders: Vec<_> = page.iter().chain(&below).map(|told| told.notice.clone().unwrap()).collect();
    assert_eq!(orders, [4, 3, 2, 1, 0].map(|order| Notice::OrderExpired { order }));
    assert_eq!(history(&shop, &asha).await.iter().map(|(_, unread)| *unread).collect::<Vec<_>>(), [false, false, true, true, true]);

    let flood: Vec<Letter> = (0..150).map(|n| Letter::to(asha.user_id(), Notice::OrderExpired { order: n })).collect();
    notifications::tell_all(db, shop.core.now(), &flood).await.unwrap();
    shop.run("UPDATE notification SET sent_at = created_at").await;
    assert_eq!(unread().await, notifications::UNREAD_AT_MOST, "no more are counted than are shown");
}

#[tokio::test]
async fn what_another_version_wrote_is_counted_and_hinders_nothing() {
    let shop = Shop::open().await;
    let asha = shop.arrive("Asha", None).await;
    tell(&shop, &asha, &joined("Bina")).await;
    shop.run("UPDATE notification SET kind = 'of-tomorrow', args = '{\"kind\": \"of-tomorrow\"}', sent_at = created_at")
        .await;
    let page = notifications::history(shop.core.db(), asha.user_id(), None, 10).await.unwrap();
    assert_eq!(page.iter().map(|told| told.notice.clone()).collect::<Vec<_>>(), [None]);
}

/// A notice as one of the reminders' topic is written.
async fn remind(shop: &Shop, person: &User, order: i64) {
    tell(shop, person, &Notice::OrderExpired { order }).await;
    shop.run(&format!("UPDATE notification SET held = true WHERE args->>'order' = '{order}'")).await;
}

#[tokio::test]
async fn a_reminder_of_the_night_waits_for_the_morning_and_holds_nothing_up() {
    let shop = Shop::open().await;
    let asha = shop.arrive("Asha", None).await;
    // The shop opens at noon.
    remind(&shop, &asha, 1).await;
    assert_eq!(sent(&shop).await, [Notice::OrderExpired { order: 1 }]);
    shop.advance(TimeDelta::hours(10));
    remind(&shop, &asha, 2).await;
    tell(&shop, &asha, &Notice::PaymentApproved { order: 3 }).await;
    assert_eq!(sent(&shop).await, [Notice::PaymentApproved { order: 3 }], "what is waited for is told at night, too");
    assert_eq!(history(&shop, &asha).await.len(), 2);
    shop.advance(TimeDelta::hours(9) + TimeDelta::minutes(59));
    assert_eq!(sent(&shop).await, []);
    shop.advance(TimeDelta::minutes(1));
    assert_eq!(sent(&shop).await, [Notice::OrderExpired { order: 2 }]);
    assert_eq!(sent(&shop).await, []);
}

#[tokio::test]
async fn quiet_hours_are_what_the_settings_say_now() {
    let shop = Shop::open().await;
    let asha = shop.arrive("Asha", None).await;
    shop.advance(TimeDelta::hours(11));
    remind(&shop, &asha, 1).await;
    assert_eq!(sent(&shop).await, []);
    shop.set("notifications.quiet_from", "08:00").await;
    assert_eq!(sent(&shop).await, [Notice::OrderExpired { order: 1 }], "from and until the same: none");
    shop.set("notifications.quiet_until", "23:30").await;
    remind(&shop, &asha, 2).await;
    assert_eq!(sent(&shop).await, []);
    shop.advance(TimeDelta::minutes(30));
    assert_eq!(sent(&shop).await, [Notice::OrderExpired { order: 2 }]);
}

#[tokio::test]
async fn a_reminder_does_not_cut_in_on_a_chat_that_is_being_written_to() {
    let shop = Shop::open().await;
    let asha = shop.arrive("Asha", None).await;
    shop.advance(TimeDelta::hours(10));
    remind(&shop, &asha, 1).await;
    tell(&shop, &asha, &Notice::PaymentApproved { order: 2 }).await;
    let under_way = claim(&shop.core, 10).await.unwrap();
    assert_eq!(under_way[0].notices, [Notice::PaymentApproved { order: 2 }]);
    shop.advance(TimeDelta::hours(10));
    assert_eq!(claim(&shop.core, 10).await.unwrap(), []);
    settle(&shop.core, &under_way[0], &Outcome::Sent).await.unwrap();
    assert_eq!(sent(&shop).await, [Notice::OrderExpired { order: 1 }]);
}

#[tokio::test]
async fn a_language_follows_the_app_until_one_is_chosen() {
    let shop = Shop::open().await;
    let comes = async |language: Option<&str>| {
        let sender = Sender { telegram_id: 77, name: "Asha".to_owned(), username: None, language: language.map(str::to_owned) };
        users::arrive(&shop.core, &sender, None, shop.number()).await.unwrap().user
    };
    for (app, language) in [(Some("hi-IN"), "hi"), (Some("en"), "en"), (Some("hi"), "hi"), (None, "hi"), (Some("ta"), "en")] {
        assert_eq!(comes(app).await.language, language, "{app:?}");
    }
    let asha = comes(Some("en")).await;
    assert!(users::choose_language(&shop.core, asha.user_id(), "hi").await.unwrap().is_now());
    assert!(!users::choose_language(&shop.core, asha.user_id(), "hi").await.unwrap().is_now());
    for app in [Some("en"), None, Some("ta")] {
        let asha = comes(app).await;
        assert_eq!((asha.language.as_str(), asha.language_chosen), ("hi", true), "{app:?}");
    }
    // What the app says is as good a choice as any other.
    users::choose_language(&shop.core, asha.user_id(), "en").await.unwrap();
    assert_eq!(comes(Some("hi")).await.language, "en");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_switch_pressed_by_many_at_once_is_where_one_of_them_put_it() {
    let shop = Shop::open().await;
    let asha = shop.arrive("Asha", None).await;
    at_once(8, |n| {
        let (core, asha) = (shop.core.clone(), asha.user_id());
        async move { notifications::mute(&core, asha, Topic::Joins, n % 2 == 0).await.unwrap() }
    })
    .await;
    let muted = notifications::muted(shop.core.db(), asha.user_id()).await.unwrap();
    assert!(muted.is_empty() || muted == [Topic::Joins]);
    notifications::mute(&shop.core, asha.user_id(), Topic::Joins, true).await.unwrap();
    assert_eq!(notifications::muted(shop.core.db(), asha.user_id()).await.unwrap(), [Topic::Joins]);
}
