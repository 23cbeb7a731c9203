//! The outbox: at least once, never out of order for one chat, never by two senders at once.

#![expect(clippy::unwrap_used, reason = "the helpers of tests are tests")]

use crate::shop::{Shop, rupees};
use crate::together::at_once;
use chrono::TimeDelta;
use mela_core::notifications::{self, Claimed, Notice, Outcome, claim, settle};
use mela_core::users::User;
use std::collections::HashSet;

fn joined(name: &str) -> Notice {
    Notice::Joined { name: name.to_owned() }
}

fn alarm(text: &str) -> Notice {
    Notice::Alarm { text: text.to_owned() }
}

async fn tell(shop: &Shop, person: &User, notice: &Notice) {
    notifications::tell(shop.core.db(), shop.core.now(), person.user_id(), notice, None).await.unwrap();
}

/// What a sender would send now, all of it taken by Telegram.
async fn sent(shop: &Shop) -> Vec<Claimed> {
    let claimed = claim(&shop.core, 100).await.unwrap();
    for one in &claimed {
        settle(&shop.core, one, &Outcome::Sent).await.unwrap();
    }
    claimed
}

async fn claimed_one(shop: &Shop) -> Claimed {
    let mut claimed = claim(&shop.core, 100).await.unwrap();
    assert_eq!(claimed.len(), 1);
    claimed.remove(0)
}

#[tokio::test]
async fn one_chat_is_told_in_the_order_in_which_things_happened_and_one_at_a_time() {
    let shop = Shop::open().await;
    let asha = shop.arrive("Asha", None).await;
    let notices = [
        Notice::PaymentApproved { order: 1 },
        Notice::OrderExpired { order: 2 },
        Notice::PaymentApproved { order: 3 },
        Notice::PaymentRejected { order: 4, reason: "<b>no</b>".to_owned() },
    ];
    for notice in &notices {
        tell(&shop, &asha, notice).await;
    }
    for notice in &notices {
        let first = claimed_one(&shop).await;
        assert_eq!((first.user_id, first.notices.as_slice(), first.attempts), (Some(asha.id), std::slice::from_ref(notice), 0));
        assert_eq!(claim(&shop.core, 100).await.unwrap(), [], "nobody writes to a chat that is being written to");
        settle(&shop.core, &first, &Outcome::Sent).await.unwrap();
    }
    assert_eq!(sent(&shop).await, []);
    let told = notifications::history(shop.core.db(), asha.user_id(), None, 10).await.unwrap();
    assert_eq!(told.into_iter().filter_map(|told| told.notice).rev().collect::<Vec<_>>(), notices);
}

#[tokio::test]
async fn chats_do_not_wait_for_each_other_and_the_admin_chat_is_one_of_them() {
    let shop = Shop::open().await;
    let (asha, dev) = (shop.arrive("Asha", None).await, shop.arrive("Dev", None).await);
    tell(&shop, &asha, &Notice::OrderExpired { order: 1 }).await;
    tell(&shop, &asha, &Notice::OrderExpired { order: 2 }).await;
    notifications::tell_staff(shop.core.db(), shop.core.now(), &alarm("first"), None).await.unwrap();
    notifications::tell_staff(shop.core.db(), shop.core.now(), &alarm("second"), None).await.unwrap();
    tell(&shop, &dev, &Notice::OrderExpired { order: 3 }).await;
    let whose = |claimed: &[Claimed]| claimed.iter().map(|one| one.user_id).collect::<Vec<_>>();

    let two = claim(&shop.core, 2).await.unwrap();
    assert_eq!(whose(&two), [Some(asha.id), None], "the longest waiting chats first");
    let rest = claim(&shop.core, 2).await.unwrap();
    assert_eq!(whose(&rest), [Some(dev.id)]);
    for one in two.iter().chain(&rest) {
        settle(&shop.core, one, &Outcome::Sent).await.unwrap();
    }
    assert_eq!(whose(&sent(&shop).await), [Some(asha.id), None]);
}

#[tokio::test]
async fn joins_earnings_and_releases_pile_up_and_nothing_else_does() {
    let shop = Shop::open().await;
    let asha = shop.arrive("Asha", None).await;
    let earned = |amount: &str| Notice::Earned { amount: rupees(amount), level: 1, release_at: shop.core.now() };
    let released = |amount: &str| Notice::Released { amount: rupees(amount), owed: rupees("0") };
    let story = [
        joined("Bina"),
        earned("28"),
        joined("Chand"),
        Notice::OrderExpired { order: 1 },
        Notice::OrderExpired { order: 2 },
        released("28"),
        earned("9"),
        joined("Dev"),
        released("9"),
    ];
    for notice in &story {
        tell(&shop, &asha, notice).await;
    }
    let mut piles = Vec::new();
    loop {
        let now = sent(&shop).await;
        let [pile] = now.as_slice() else { break };
        assert_eq!(pile.ids.len(), pile.notices.len());
        piles.push(pile.notices.clone());
    }
    assert_eq!(
        piles,
        [
            vec![joined("Bina"), joined("Chand"), joined("Dev")],
            vec![earned("28"), earned("9")],
            vec![Notice::OrderExpired { order: 1 }],
            vec![Notice::OrderExpired { order: 2 }],
            vec![released("28"), released("9")],
        ]
    );
}

#[tokio::test]
async fn a_sender_that_died_frees_its_notices_when_its_lease_is_over() {
    let shop = Shop::open().await;
    let asha = shop.arrive("Asha", None).await;
    tell(&shop, &asha, &joined("Bina")).await;
    tell(&shop, &asha, &joined("Chand")).await;
    let lost = claimed_one(&shop).await;
    // A third of its kind comes while the dead sender's lease runs.
    tell(&shop, &asha, &joined("Dev")).await;
    assert_eq!(claim(&shop.core, 100).await.unwrap(), []);
    shop.run("UPDATE notification SET claimed_until = now() - interval '1 second' WHERE claimed_until IS NOT NULL").await;
    let found = claimed_one(&shop).await;
    assert_eq!((&found.ids[..2], found.notices.len(), found.attempts), (&lost.ids[..], 3, 1));
    // The one believed dead was only slow: its word counts, and what it had is not sent a third time.
    settle(&shop.core, &lost, &Outcome::Sent).await.unwrap();
    settle(&shop.core, &found, &Outcome::Sent).await.unwrap();
    assert_eq!(sent(&shop).await, []);
}

#[tokio::test]
async fn what_is_to_be_sent_later_keeps_its_place_before_what_came_after_it() {
    let shop = Shop::open().await;
    let asha = shop.arrive("Asha", None).await;
    tell(&shop, &asha, &Notice::OrderExpired { order: 1 }).await;
    tell(&shop, &asha, &Notice::OrderExpired { order: 2 }).await;
    let first = claimed_one(&shop).await;
    settle(&shop.core, &first, &Outcome::Later(TimeDelta::hours(1))).await.unwrap();
    assert_eq!(claim(&shop.core, 100).await.unwrap(), [], "neither it nor what comes after it");
    shop.run("UPDATE notification SET not_before = now() - interval '1 second'").await;
    let again = claimed_one(&shop).await;
    assert_eq!((&again.ids, again.attempts), (&first.ids, 1));
    settle(&shop.core, &again, &Outcome::Later(TimeDelta::seconds(-5))).await.unwrap();
    assert_eq!(claimed_one(&shop).await.ids, first.ids, "a time that is over is now");
}

#[tokio::test]
async fn what_is_dropped_is_never_sent_and_what_follows_is() {
    let shop = Shop::open().await;
    let asha = shop.arrive("Asha", None).await;
    tell(&shop, &asha, &Notice::OrderExpired { order: 1 }).await;
    tell(&shop, &asha, &Notice::OrderExpired { order: 2 }).await;
    let blocked = claimed_one(&shop).await;
    settle(&shop.core, &blocked, &Outcome::Dropped("bot was blocked by the user".to_owned())).await.unwrap();
    assert_eq!(sent(&shop).await[0].notices, [Notice::OrderExpired { order: 2 }]);
    assert_eq!(sent(&shop).await, []);
    assert_eq!(shop.column("SELECT dropped FROM notification WHERE dropped IS NOT NULL").await, ["bot was blocked by the user"]);
}

#[tokio::test]
async fn a_notice_with_a_key_is_written_once() {
    let shop = Shop::open().await;
    let asha = shop.arrive("Asha", None).await;
    for _ in 0..3 {
        notifications::tell(shop.core.db(), shop.core.now(), asha.user_id(), &joined("Bina"), Some("joined:2".to_owned()))
            .await
            .unwrap();
    }
    assert_eq!(claimed_one(&shop).await.notices, [joined("Bina")]);
}

#[tokio::test]
async fn a_notice_that_cannot_be_read_is_shown_as_an_alarm_and_holds_nobody_up() {
    let shop = Shop::open().await;
    let (asha, dev) = (shop.arrive("Asha", None).await, shop.arrive("Dev", None).await);
    tell(&shop, &asha, &Notice::OrderExpired { order: 1 }).await;
    shop.run("UPDATE notification SET kind = 'of-tomorrow', args = '{\"kind\": \"of-tomorrow\"}'").await;
    tell(&shop, &dev, &Notice::OrderExpired { order: 2 }).await;
    let claimed = sent(&shop).await;
    assert!(
        matches!(&claimed[0].notices[..], [Notice::Alarm { text }] if text.contains("of kind of-tomorrow cannot be read")),
        "{claimed:?}"
    );
    assert_eq!(claimed[1].notices, [Notice::OrderExpired { order: 2 }]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn claimers_at_once_never_share_a_row_and_keep_each_chats_order() {
    let shop = Shop::open().await;
    let mut people = Vec::new();
    for n in 0..6 {
        people.push(shop.arrive(&format!("Person {n}"), None).await);
    }
    for order in 0..20 {
        for person in &people {
            tell(&shop, person, &Notice::OrderExpired { order }).await;
            tell(&shop, person, &joined("Dev")).await;
        }
    }
    let sides = [shop.clone(), shop.beside().await, shop.beside().await, shop.clone()];
    let sent: Vec<(i64, i64, Notice)> = at_once(4, |n| {
        let side = sides[n].clone();
        async move {
            let mut sent = Vec::new();
            // Until all is told: a claimer that was not let in answers nothing, which does not mean that nothing is left.
            while side.count("SELECT count(*) FROM notification WHERE sent_at IS NULL").await > 0 {
                for one in claim(&side.core, 3).await.unwrap() {
                    let person = one.user_id.unwrap();
                    // In the order of the moment at which it is sent, which the lease keeps others out of.
                    let at = side.number();
                    sent.extend(one.ids.iter().zip(&one.notices).map(|(_, notice)| (at, person, notice.clone())));
                    settle(&side.core, &one, &Outcome::Sent).await.unwrap();
                }
            }
            sent
        }
    })
    .await
    .concat();
    assert_eq!(sent.len(), 6 * 40, "each once");
    for person in &people {
        let mut orders: Vec<(i64, i64)> = Vec::new();
        for (at, whose, notice) in &sent {
            if let (Notice::OrderExpired { order }, true) = (notice, *whose == person.id) {
                orders.push((*at, *order));
            }
        }
        orders.sort_unstable();
        assert_eq!(orders.iter().map(|(_, order)| *order).collect::<Vec<_>>(), (0..20).collect::<Vec<_>>());
    }
    let attempts: HashSet<String> = shop.column("SELECT attempts::text FROM notification").await.into_iter().collect();
    assert_eq!(attempts, HashSet::from(["1".to_owned()]));
}
