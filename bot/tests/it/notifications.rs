//! The notification centre: what was told, what is unread, what is muted.

use crate::world::World;
use chrono::TimeDelta;
use mela_core::notifications::{self, Letter, Notice};
use mela_core::users::{self, UserId};
use mela_sandbox::{Person, Seen};

/// Tells a person that these joined, one after another, and waits until it is done.
async fn joins(world: &World, person: &Person, names: &[String]) {
    let user = users::by_telegram_id(world.core.db(), person.id()).await.unwrap().unwrap();
    let letters: Vec<Letter> = names.iter().map(|name| Letter::to(user.user_id(), Notice::Joined { name: name.clone() })).collect();
    notifications::tell_all(world.core.db(), world.core.now(), &letters).await.unwrap();
    world.all_told().await;
}

/// The names on a page, newest first, each with whether it is marked unread.
fn listed(seen: &Seen) -> Vec<(String, bool)> {
    let lines: Vec<&str> = seen.text.lines().filter(|line| !line.is_empty()).skip(1).collect();
    lines
        .chunks(2)
        .map(|pair| (pair[1].trim_start_matches("🎉 ").trim_end_matches(" joined by your link.").to_owned(), pair[0].starts_with('🔵')))
        .collect()
}

fn friends(numbers: impl Iterator<Item = i32>) -> Vec<String> {
    numbers.map(|n| format!("Friend {n}")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn newest_first_paged_and_what_was_shown_is_read() {
    let world = World::new().await;
    let asha = world.joined(1, "Asha", None).await;
    asha.send("/notifications");
    let empty = asha.expect(&["Nothing yet", "Settings", "Back"]).await;
    assert!(empty.button("Older").is_none());

    joins(&world, &asha, &friends(1..=20)).await;
    asha.expect(&["20 people joined"]).await;
    asha.send("/start");
    asha.expect(&["Notifications (20)"]).await;
    asha.press("Notifications (20)");
    let first = asha.expect(&["newest first", "Older"]).await;
    assert_eq!(listed(&first), friends((13..=20).rev()).into_iter().map(|name| (name, true)).collect::<Vec<_>>());
    assert!(first.button("Newest").is_none());
    // What comes meanwhile moves no page.
    joins(&world, &asha, &["Latecomer".to_owned()]).await;
    asha.expect(&["Latecomer"]).await;
    asha.press_on(first.message_id, "Older");
    let second = asha.expect(&["Newest", "Older"]).await;
    assert_eq!(listed(&second), friends((5..=12).rev()).into_iter().map(|name| (name, true)).collect::<Vec<_>>());
    asha.press_on(first.message_id, "Older");
    let third = asha.expect(&["Newest"]).await;
    assert_eq!(listed(&third), friends((1..=4).rev()).into_iter().map(|name| (name, true)).collect::<Vec<_>>());
    assert!(third.button("Older").is_none());
    asha.press_on(first.message_id, "Newest");
    let newest = asha.expect(&["Latecomer"]).await;
    assert_eq!(listed(&newest)[..2], [("Latecomer".to_owned(), true), ("Friend 20".to_owned(), false)]);
    asha.press_on(first.message_id, "Back");
    let home = asha.expect(&["Hello Asha", "🔔 Notifications"]).await;
    assert!(home.captions().iter().all(|caption| !caption.contains('(')), "nothing is unread: {home}");
    // Nobody reads another's.
    let bala = world.joined(2, "Bala", None).await;
    bala.send("/notifications");
    bala.expect(&["Nothing yet"]).await;
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn more_than_can_be_counted_is_said_so() {
    let world = World::new().await;
    let asha = world.joined(1, "Asha", None).await;
    joins(&world, &asha, &friends(1..=150)).await;
    asha.expect(&["150 people joined"]).await;
    asha.send("/start");
    asha.expect(&["Notifications (99+)"]).await;
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_topic_is_muted_and_heard_of_again_and_nothing_is_lost_or_late() {
    let mut world = World::new().await;
    let asha = world.joined(1, "Asha", None).await;
    let link = world.link(&asha).await;
    asha.send("/notifications");
    asha.expect(&["Settings"]).await;
    asha.press("Settings");
    asha.expect(&["cannot be muted", "Reminders wait from 22:00 to 08:00", "🔔 Someone joined", "🔔 Commissions", "🔔 Reminders"])
        .await;
    asha.press("Someone joined");
    asha.expect(&["🔕 Someone joined by your link (muted)", "🔔 Commissions"]).await;
    world.joined(2, "Bala", Some(&link)).await;
    asha.quiet(500).await;
    world.restart_with("MELA_SHOP__NAME", "Mela").await;
    world.joined(3, "Chitra", Some(&link)).await;
    asha.quiet(1_500).await;
    asha.press("Someone joined");
    asha.expect(&["🔔 Someone joined by your link"]).await;
    asha.quiet(1_500).await;
    world.joined(4, "Dev", Some(&link)).await;
    asha.expect(&["Dev", "joined"]).await;
    asha.send("/start");
    asha.expect(&["Notifications (3)"]).await;
    asha.press("Notifications (3)");
    let page = asha.expect(&["newest first"]).await;
    assert_eq!(listed(&page), ["Dev", "Chitra", "Bala"].map(|name| (name.to_owned(), true)));
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_mutes_everything_still_hears_of_their_own_money_and_orders() {
    let world = World::new().await;
    let asha = world.joined(1, "Asha", None).await;
    let bala = world.joined(2, "Bala", Some(&world.link(&asha).await)).await;
    asha.expect(&["Bala"]).await;
    for person in [&asha, &bala] {
        person.send("/notifications");
        person.expect(&["Settings"]).await;
        person.press("Settings");
        let mut screen = person.expect(&["🔔 Commissions"]).await;
        while let Some(on) = screen.captions().iter().find(|caption| caption.starts_with('🔔')) {
            person.press(on);
            screen = person.next().await;
        }
    }
    let order = world.order(&bala).await;
    bala.send("632512345678");
    bala.expect(&["being checked"]).await;
    let card = world.admins.expect(&[&order, "Approve"]).await;
    world.owner.press_on(card.message_id, "Approve");
    world.admins.expect(&["Approved"]).await;
    bala.expect(&[&order, "approved"]).await;
    world.advance(TimeDelta::hours(25));
    // Earned and released are muted: written down, not sent.
    while world.count("notification WHERE user_id = 1 AND kind = 'released' AND muted").await == 0 {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    asha.quiet(500).await;
    asha.send("/wallet");
    asha.expect(&["Withdrawable: ₹28"]).await;
    asha.send("/notifications");
    asha.expect(&["₹28 is released", "You earned ₹28", "Bala"]).await;
    // What is taken back is money, and told.
    let user = users::by_telegram_id(world.core.db(), 1).await.unwrap().unwrap();
    let reversed = Notice::Reversed { amount: "28".parse().unwrap(), level: 1, owed: "0".parse().unwrap(), whole: true };
    notifications::tell(world.core.db(), world.core.now(), user.user_id(), &reversed, None).await.unwrap();
    asha.expect(&["₹28", "taken back"]).await;
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn presses_twice_old_and_forged() {
    let world = World::new().await;
    let asha = world.joined(1, "Asha", None).await;
    asha.send("/notifications");
    asha.expect(&["Settings"]).await;
    asha.press("Settings");
    let screen = asha.expect(&["🔔 Reminders"]).await;
    // Both presses say the same: it is muted, not muted and heard of again.
    let presses = [asha.press_on(screen.message_id, "Reminders"), asha.press_on(screen.message_id, "Commissions")];
    let old = asha.press_data(screen.message_id, "1|mute|reminders|true");
    for query in presses.iter().chain([&old]) {
        assert_eq!(asha.alert(query).await, None);
    }
    asha.next().await;
    asha.next().await;
    assert_eq!(world.count("mute WHERE topic = 'reminders'").await, 1);
    for forged in ["1|mute|money|true", "1|mute|reminders", "1|mute|reminders|maybe", "1|told|x", "1|mute|all|true"] {
        let query = asha.press_data(screen.message_id, forged);
        assert!(asha.alert(&query).await.unwrap().contains("older screen"), "{forged}");
    }
    // Below a row of another, or of none: a page of one's own, perhaps an empty one.
    asha.press_data(screen.message_id, "1|told|1");
    asha.expect(&["Notifications", "Newest"]).await;
    assert_eq!(world.count("mute").await, 2);
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_delivered_is_named_and_not_shown() {
    let world = World::new().await;
    let asha = world.joined(1, "Asha", None).await;
    let order = world.buy(&asha, "632512345678").await;
    let id: i64 = world.count("orders").await;
    notifications::tell(world.core.db(), world.core.now(), UserId(1), &Notice::Credentials { order: id }, None)
        .await
        .unwrap();
    world.sql("UPDATE notification SET sent_at = created_at WHERE kind = 'credentials'").await;
    world.all_told().await;
    asha.send("/notifications");
    let page = asha.expect(&[&order, "was delivered", "approved"]).await;
    assert!(!page.text.contains("Login"), "{page}");
    world.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reminder_of_the_night_is_sent_in_the_morning() {
    let world = World::new().await;
    let asha = world.joined(1, "Asha", None).await;
    let order = world.order(&asha).await;
    // 11:00 is the beginning: 23:30 then.
    world.advance(TimeDelta::minutes(12 * 60 + 30));
    asha.expect(&[&order, "expired"]).await;
    // As one of the reminders' topic is written.
    world.sql("INSERT INTO notification (user_id, kind, args, created_at, not_before, held) SELECT user_id, kind, args, created_at, now(), true FROM notification WHERE user_id = 1").await;
    asha.quiet(2_500).await;
    world.advance(TimeDelta::hours(8) + TimeDelta::minutes(29));
    asha.quiet(2_500).await;
    world.advance(TimeDelta::minutes(1));
    asha.expect(&[&order, "expired"]).await;
    world.ends_well().await;
}
