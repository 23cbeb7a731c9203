//! The bodies by themselves, and the tables that they need.

use crate::world::World;
use chrono::TimeDelta;
use mela_core::commissions::Released;
use mela_jobs::{SetupError, bodies, setup};
use sea_orm::ConnectionTrait;
use testkit::db::TestDb;

#[tokio::test(flavor = "multi_thread")]
async fn programs_that_start_together_make_the_tables_once() {
    let test = TestDb::empty().await;
    let db = test.connect().await;
    let all = tokio::join!(setup(&db), setup(&db), setup(&db), setup(&db));
    assert!(matches!(all, (Ok(()), Ok(()), Ok(()), Ok(()))), "{all:?}");
    setup(&db).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_extension_is_named_in_one_sentence() {
    let test = TestDb::empty().await;
    let db = test.connect().await;
    // What PostgreSQL says where its contrib package is not installed.
    let bare = r#"CREATE FUNCTION bare() RETURNS event_trigger LANGUAGE plpgsql AS $$
                  BEGIN RAISE EXCEPTION 'extension "hstore" is not available' USING ERRCODE = '0A000'; END $$;
                  CREATE EVENT TRIGGER bare ON ddl_command_start WHEN TAG IN ('CREATE EXTENSION') EXECUTE FUNCTION bare()"#;
    db.execute_unprepared(bare).await.unwrap();
    let error = setup(&db).await.unwrap_err();
    assert!(matches!(error, SetupError::Extension(_)), "{error:?}");
    let text = error.to_string();
    assert!(text.starts_with("the job queue needs the extensions hstore and pgcrypto: "), "{text}");
    assert!(!text.contains('\n'), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn releasing_and_expiring_twice_and_by_many_is_doing_it_once() {
    let world = World::new(&[]).await;
    let asha = world.arrive(None).await;
    for _ in 0..3 {
        world.sell(&asha).await;
    }
    let late = world.arrive(None).await;
    mela_core::orders::place(&world.core, &late, "combo-ott").await.unwrap();
    world.advance(TimeDelta::hours(24));
    let core = &world.core;
    let (a, b, c) = tokio::join!(bodies::release(core), bodies::release(core), bodies::release(core));
    let commissions = [a, b, c].map(|released| released.unwrap().commissions);
    assert_eq!(commissions.iter().sum::<usize>(), 3);
    assert_eq!(bodies::release(core).await.unwrap(), Released::default());
    let (a, b) = tokio::join!(bodies::expire(core), bodies::expire(core));
    assert_eq!(a.unwrap() + b.unwrap(), 1);
    assert_eq!(bodies::check(core).await.unwrap(), []);
    assert_eq!(world.count("notification WHERE kind = 'alarm'").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_paid_is_numbered_once_however_many_do_it() {
    let world = World::new(&[]).await;
    let asha = world.arrive(None).await;
    for _ in 0..3 {
        world.sell(&asha).await;
    }
    let core = &world.core;
    let (a, b, c) = tokio::join!(bodies::receipts(core), bodies::receipts(core), bodies::receipts(core));
    assert_eq!([a, b, c].map(Result::unwrap).iter().sum::<usize>(), 3);
    assert_eq!(bodies::receipts(core).await.unwrap(), 0);
    assert_eq!(world.column("SELECT n::text FROM receipt ORDER BY n").await, ["1", "2", "3"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tampered_row_alarms_once_a_day() {
    let world = World::new(&[]).await;
    let asha = world.arrive(None).await;
    world.sell(&asha).await;
    let core = &world.core;
    assert_eq!(bodies::check(core).await.unwrap(), []);
    let tamper = "INSERT INTO commission (order_id, level, buyer_id, beneficiary_id, amount, release_at, created_at)
                  SELECT id, 2, buyer_id, (SELECT min(id) FROM users), 1000, now(), now() FROM orders";
    world.sql(tamper).await;
    assert!(!bodies::check(core).await.unwrap().is_empty());
    bodies::check(core).await.unwrap();
    let alarms = || world.column("SELECT args ->> 'text' FROM notification WHERE kind = 'alarm' AND user_id IS NULL");
    let told = alarms().await;
    assert_eq!(told.len(), 1);
    assert!(told[0].contains("held is not the held commissions") && told[0].contains("28"), "{}", told[0]);
    world.advance(TimeDelta::days(1));
    bodies::check(core).await.unwrap();
    assert_eq!(alarms().await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn pruning_keeps_what_is_new_and_what_says_which_tick_is_done() {
    let world = World::new(&[]).await;
    world.sql("INSERT INTO apalis.workers (id, worker_type, storage_name, last_seen)
                 VALUES ('gone', 'mela.check', '', now() - interval '2 days'), ('held', 'mela.check', '', now() - interval '2 days'), ('new', 'mela.check', '', now());
               INSERT INTO apalis.jobs (id, job_type, job, status, run_at, done_at, lock_by, idempotency_key) VALUES
                 ('1', 'mela.check', '{}', 'Done', now() - interval '4 hours', now() - interval '4 hours', 'gone', '1'),
                 ('2', 'mela.check', '{}', 'Failed', now() - interval '3 hours', now() - interval '3 hours', NULL, '2'),
                 ('3', 'mela.check', '{}', 'Running', now() - interval '3 hours', NULL, 'held', '3'),
                 ('4', 'mela.check', '{}', 'Done', now() - interval '2 hours', now() - interval '2 hours', NULL, '4'),
                 ('5', 'mela.prune', '{}', 'Killed', now() - interval '5 hours', now() - interval '5 hours', NULL, '1'),
                 ('6', 'mela.prune', '{}', 'Done', now(), now(), NULL, '2')").await;
    let cleared = bodies::prune(&world.core, &*world.outside).await.unwrap();
    assert_eq!(cleared, 4);
    assert_eq!(world.column("SELECT id FROM apalis.jobs ORDER BY id").await, ["3", "4", "6"]);
    assert_eq!(world.column("SELECT id FROM apalis.workers ORDER BY id").await, ["held", "new"]);
    assert_eq!(bodies::prune(&world.core, &*world.outside).await.unwrap(), 0);
}
