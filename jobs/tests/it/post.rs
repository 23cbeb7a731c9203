//! The post office: at once, once, and again when it must.

use crate::world::{World, until};
use chrono::TimeDelta;
use mela_core::notifications::Outcome;
use mela_jobs::bodies;
use sea_orm::DbErr;
use std::collections::HashSet;
use std::time::{Duration, Instant};

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_goes_out_at_once() {
    let world = World::new(&[]).await;
    let asha = world.arrive(None).await;
    world.tell(&asha, "1").await;
    let program = world.start().await;
    let at_start = until("what waited is sent at the start", async || world.outside.delivered().len() == 1).await;
    assert!(at_start < SECOND * 5, "{at_start:?}");
    // Long after the start, with no tick in sight.
    tokio::time::sleep(SECOND).await;
    for n in 2..5 {
        world.tell(&asha, "2").await;
        let took = until("it is sent", async || world.outside.delivered().len() == n).await;
        assert!(took < SECOND * 5, "{took:?}");
    }
    until("all are written down", async || world.count("notification WHERE sent_at IS NOT NULL").await == 4).await;
    program.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_put_off_is_sent_when_its_time_comes() {
    let world = World::new(&[]).await;
    let (asha, ravi) = (world.arrive(None).await, world.arrive(None).await);
    let (quick, slow) = (asha.id, ravi.id);
    // Two waits at once: the second must not be forgotten with the first.
    world.outside.answer(move |nth, pile| match pile.user_id {
        Some(id) if nth < 2 && id == quick => Ok(Outcome::Later(TimeDelta::milliseconds(700))),
        Some(id) if nth < 2 && id == slow => Ok(Outcome::Later(TimeDelta::milliseconds(2_200))),
        _ => Ok(Outcome::Sent),
    });
    world.tell(&asha, "1").await;
    world.tell(&ravi, "1").await;
    let begun = Instant::now();
    let program = world.start().await;
    until("both are sent", async || world.count("notification WHERE sent_at IS NOT NULL").await == 2).await;
    let came: Vec<f32> = world.outside.delivered().iter().map(|(_, at)| (*at - begun).as_secs_f32()).collect();
    assert_eq!(came.len(), 4, "{came:?}");
    assert!(came[2] - came[0] > 0.7 && came[2] - came[0] < 1.2, "{came:?}");
    assert!(came[3] - came[0] > 2.2 && came[3] - came[0] < 2.7, "{came:?}");
    program.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_slow_chat_keeps_no_other_waiting() {
    let world = World::new(&[]).await;
    let (asha, ravi) = (world.arrive(None).await, world.arrive(None).await);
    *world.outside.slow.lock().unwrap() = 3 * SECOND;
    let program = world.start().await;
    world.tell(&asha, "1").await;
    tokio::time::sleep(SECOND / 2).await;
    *world.outside.slow.lock().unwrap() = Duration::ZERO;
    world.tell(&ravi, "1").await;
    let took = until("the other is told", async || world.outside.delivered().len() == 1).await;
    assert!(took < SECOND * 2, "{took:?}");
    assert!(program.stop().await > SECOND / 2, "what is being sent is finished");
    assert_eq!(world.count("notification WHERE sent_at IS NOT NULL").await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_senders_never_deliver_the_same_notice() {
    let world = World::new(&[]).await;
    world
        .sql(
            "INSERT INTO users (telegram_id, name, code, first_update_id, joined_at)
               SELECT 7000 + n, 'P', translate(lpad(n::text, 8, '0'), 'ILOU', '1100'), 7000 + n, now() FROM generate_series(1, 300) n;
               INSERT INTO notification (user_id, kind, args, created_at, not_before)
               SELECT id, 'no-rights', '{\"kind\": \"no-rights\"}', now(), now() FROM users CROSS JOIN generate_series(1, 3)",
        )
        .await;
    *world.outside.slow.lock().unwrap() = Duration::from_millis(5);
    let (one, other) = (world.start().await, world.start().await);
    // A sweep does not sign in: it begins when no program can take it for a dead one.
    let signed_in = "pg_locks WHERE locktype = 'advisory' AND objid = 1886352244 AND mode = 'ShareLock' AND granted
                       AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    until("both are there", async || world.count(signed_in).await == 2).await;
    let swept = bodies::deliver(&world.core, &*world.outside).await.unwrap();
    assert!(swept <= 900);
    until("all are sent", async || world.count("notification WHERE sent_at IS NULL").await == 0).await;
    tokio::join!(one.stop(), other.stop());
    let delivered = world.outside.delivered();
    let distinct: HashSet<i64> = delivered.iter().map(|(id, _)| *id).collect();
    assert_eq!((delivered.len(), distinct.len()), (900, 900));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_or_a_panic_over_one_notice_stops_no_other() {
    let world = World::new(&[]).await;
    let (asha, ravi, bina) = (world.arrive(None).await, world.arrive(None).await, world.arrive(None).await);
    let (broken, worse) = (asha.id, ravi.id);
    world.outside.answer(move |nth, pile| match pile.user_id {
        Some(id) if nth < 3 && id == broken => Err(DbErr::Custom("no such order".to_owned())),
        Some(id) if nth < 3 && id == worse => panic!("a screen panics"),
        _ => Ok(Outcome::Sent),
    });
    for person in [&asha, &ravi, &bina] {
        world.tell(person, "1").await;
    }
    let program = world.start().await;
    until("all are sent in the end", async || world.count("notification WHERE sent_at IS NOT NULL").await == 3).await;
    assert_eq!(world.outside.delivered().len(), 5);
    program.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sweep_tells_everything_that_is_due_and_no_more() {
    let world = World::new(&[]).await;
    let asha = world.arrive(None).await;
    world.sell(&asha).await;
    world.tell(&asha, "1").await;
    world
        .outside
        .answer(|_, pile| Ok(if pile.user_id.is_none() { Outcome::Later(TimeDelta::minutes(1)) } else { Outcome::Sent }));
    // Joined, earned and released to Asha, the approval to the buyer; the admin chat's card is put off.
    let told = bodies::deliver(&world.core, &*world.outside).await.unwrap();
    assert_eq!(told, 4);
    assert_eq!(bodies::deliver(&world.core, &*world.outside).await.unwrap(), 0);
    assert_eq!(world.count("notification WHERE sent_at IS NULL AND user_id IS NULL").await, 1);
}
