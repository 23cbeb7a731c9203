//! What the jobs survive.

use crate::world::{World, until};
use std::time::Duration;

#[tokio::test(flavor = "multi_thread")]
async fn a_job_cut_off_by_a_kill_is_run_again_and_its_ticks_go_on() {
    let world = World::new(&[("prune", "1s")]).await;
    *world.outside.slow_prune.lock().unwrap() = Duration::from_secs(3_600);
    let program = world.start().await;
    until("it runs", async || world.count("apalis.jobs WHERE job_type = 'mela.prune' AND status = 'Running'").await == 1).await;
    program.kill().await;
    *world.outside.slow_prune.lock().unwrap() = Duration::ZERO;

    let begun = world.outside.prunes();
    let program = world.start().await;
    let took = until("later ticks run", async || world.outside.prunes() >= begun + 2).await;
    assert!(took < Duration::from_secs(8), "{took:?}");
    program.stop().await;
    // Its own tick is taken over once its worker was not seen for long enough.
    assert_eq!(world.count("apalis.jobs WHERE job_type = 'mela.prune' AND status = 'Running'").await, 1);
    world.sql("UPDATE apalis.workers SET last_seen = now() - interval '16 seconds'").await;
    let program = world.start().await;
    until("the one that was cut off is done", async || {
        world.count("apalis.jobs WHERE job_type = 'mela.prune' AND attempts = 2 AND status = 'Done'").await == 1
    })
    .await;
    until("nothing hangs", async || world.count("apalis.jobs WHERE status IN ('Running', 'Queued')").await == 0).await;
    program.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_jobs_resume_when_their_connections_are_cut() {
    let world = World::new(&[("prune", "1s")]).await;
    let asha = world.arrive(None).await;
    let program = world.start().await;
    until("they run", async || world.outside.prunes() >= 2).await;
    for cut in 1..4 {
        world
            .sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
            .await;
        let before = world.outside.prunes();
        until("ticks run again", async || world.outside.prunes() >= before + 2).await;
        world.tell(&asha, "1").await;
        let took = until("a notice goes out", async || world.outside.delivered().len() == cut).await;
        assert!(took < Duration::from_secs(5), "the listener is back: {took:?}");
    }
    program.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_jobs_resume_when_the_database_was_away() {
    let world = World::new(&[("prune", "1s")]).await;
    let asha = world.arrive(None).await;
    let program = world.start().await;
    until("they run", async || world.outside.prunes() >= 2).await;
    let door = world.door().await;
    door.shut().await;
    tokio::time::sleep(Duration::from_secs(6)).await;
    let before = world.outside.prunes();
    door.open().await;
    let took = until("ticks run again", async || world.outside.prunes() > before).await;
    assert!(took < Duration::from_secs(9), "{took:?}");
    tokio::time::sleep(Duration::from_secs(2)).await;
    world.tell(&asha, "1").await;
    let took = until("a notice goes out", async || world.outside.delivered().len() == 1).await;
    assert!(took < Duration::from_secs(5), "{took:?}");
    program.stop().await;
    // Each worker began again a handful of times, not in a storm.
    assert!(world.count("apalis.workers").await < 40);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_sent_is_not_sent_again_because_it_could_not_be_written_down() {
    let world = World::new(&[("notify", "1s")]).await;
    let asha = world.arrive(None).await;
    let refuse = "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'disk full'; END $$;
                  CREATE TRIGGER refuse BEFORE UPDATE OF sent_at ON notification FOR EACH ROW EXECUTE FUNCTION refuse()";
    world.sql(refuse).await;
    let program = world.start().await;
    world.tell(&asha, "1").await;
    until("it is sent", async || world.outside.delivered().len() == 1).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    // As after twenty seconds: the claim has run out, and everything wakes the post office.
    world.sql("UPDATE notification SET claimed_until = now() - interval '1 second'; NOTIFY mela_notification").await;
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    world.sql("DROP TRIGGER refuse ON notification").await;
    until("it is written down", async || world.count("notification WHERE sent_at IS NOT NULL").await == 1).await;
    assert_eq!(world.outside.delivered().len(), 1);
    program.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_program_ends_in_time_though_somebody_outside_hangs() {
    let world = World::new(&[("prune", "1s")]).await;
    *world.outside.slow.lock().unwrap() = Duration::from_secs(3_600);
    *world.outside.slow_prune.lock().unwrap() = Duration::from_secs(3_600);
    let asha = world.arrive(None).await;
    world.tell(&asha, "1").await;
    let program = world.start().await;
    until("pruning hangs", async || world.outside.prunes() == 1).await;
    until("sending hangs", async || world.count("notification WHERE claimed_until IS NOT NULL").await == 1).await;
    let took = program.stop().await;
    assert!(took > Duration::from_secs(4) && took < Duration::from_secs(9), "{took:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_killed_program_was_sending_is_taken_over_before_its_claim_runs_out() {
    let world = World::new(&[]).await;
    let asha = world.arrive(None).await;
    world.tell(&asha, "1").await;
    // Claimed, and then never heard of again.
    assert_eq!(mela_core::notifications::claim(&world.core, 5).await.unwrap().len(), 1);
    let program = world.start().await;
    let took = until("it is sent", async || world.outside.delivered().len() == 1).await;
    assert!(took < Duration::from_secs(10), "half of what the claim would hold: {took:?}");
    program.stop().await;
}
