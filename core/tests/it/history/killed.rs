//! The program is killed, or its PostgreSQL: what was answered before is there afterwards, once.

use super::hand::Seen;
use super::{Answers, HANDS, MORE_PLANS, World, begun, is_right, make, opened, replay, seed, steps_of};
use crate::shop::opening;
use chrono::{DateTime, Utc};
use mela_core::clock::Clock;
use mela_core::code::Codes;
use mela_core::db::sql;
use mela_core::embedded::{Cluster, Settings};
use mela_core::settings::{Layers, Store};
use mela_core::{Core, shop};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use sea_orm::{ConnectOptions, ConnectionTrait, Database};
use std::io::{BufRead, BufReader};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Answers after which, at the latest, nobody waits any more for a kill.
const STEPS: usize = 1_000;
const DATABASE: &str = "MELA_IT_HISTORY_OF";
const SEED: &str = "MELA_IT_HISTORY_SEED";
const NUMBER: &str = "MELA_IT_HISTORY_NUMBER";

/// A shop in a database that may have a history: everything there is seen, its time goes on, numbers begin at `number`.
async fn come_to(url: &str, number: i64) -> World {
    let mut options = ConnectOptions::new(url);
    options.max_connections(8).acquire_timeout(Duration::from_secs(3)).sqlx_logging(false);
    let db = Database::connect(options).await.unwrap();
    let last = "SELECT greatest((SELECT max(occurred_at) FROM ledger.journal), (SELECT max(released_through) FROM purse), (SELECT max(placed_at) FROM orders)) AS at";
    let last: Option<DateTime<Utc>> = db.query_one_raw(sql(last, [])).await.unwrap().and_then(|row| row.try_get("", "at").unwrap());
    let variables = [("MELA_WITHDRAWALS__MINIMUM".to_owned(), "1".to_owned())];
    let settings = Store::try_new(Layers::try_new(Path::new("/nowhere"), variables).unwrap()).unwrap();
    let now = last.map_or_else(opening, |last| last.max(opening()));
    let world = World::new(Core::new(db, Clock::standing(now), Codes::random(), settings), number);
    *world.seen() = Seen::of(&world).await.unwrap();
    world
}

/// Hands that go on until the database is away; answers go to `told` at once.
async fn hands_until_the_end(world: &World, seed: u64, told: impl Fn(&mut Answers) + Clone + Send + Sync + 'static) {
    let hands: Vec<_> = (0..HANDS)
        .map(|n| {
            let (world, told) = (world.clone(), told.clone());
            tokio::spawn(async move {
                for step in steps_of(seed.wrapping_add(n), STEPS) {
                    let tell = |deed: &_, answer: &_| {
                        let mut one = Answers::default();
                        one.note(deed, answer);
                        told(&mut one);
                    };
                    if make(&world, &step, tell).await.is_err() {
                        return;
                    }
                }
            })
        })
        .collect();
    for hand in hands {
        hand.await.unwrap();
    }
}

/// Not a test by itself: the program that [`a_killed_program_loses_nothing_that_it_answered`] starts and kills. It is this binary again, which runs
/// one test; in every other run it has no database to go to and is over at once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_program() {
    let Ok(url) = std::env::var(DATABASE) else { return };
    let number = |name| std::env::var(name).unwrap().parse::<u64>().unwrap();
    let world = come_to(&url, number(NUMBER).cast_signed()).await;
    println!();
    let told = |answers: &mut Answers| {
        let lines = answers.done.keys().map(|done| format!("done {done}")).chain(answers.refused.iter().map(|key| format!("refused {key}")));
        // One write for a line: a kill cuts between lines.
        lines.for_each(|line| println!("{line}"));
    };
    hands_until_the_end(&world, number(SEED), told).await;
    println!("ended");
}

/// Runs the program, kills it after so many answers, and hands out the answers.
fn run_and_kill(url: &str, seed: u64, number: u64, after: usize) -> Answers {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["history::killed::the_program", "--exact", "--nocapture"]).env(DATABASE, url);
    command.env(SEED, seed.to_string()).env(NUMBER, number.to_string());
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut answers = Answers::default();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    // The last line may be cut: without its end it is no answer.
    while output.read_line(&mut line).unwrap() > 0 && line.ends_with('\n') {
        match line.trim_end().split_once(' ') {
            Some(("done", promise)) => *answers.done.entry(promise.to_owned()).or_default() += 1,
            Some(("refused", key)) => drop(answers.refused.insert(key.to_owned())),
            _ if line.trim_end() == "ended" => panic!("the program ended before it was killed"),
            _ => {}
        }
        answers.commands += 1;
        if answers.commands == after {
            child.kill().unwrap();
        }
        line.clear();
    }
    child.wait().unwrap();
    answers
}

#[tokio::test]
async fn a_killed_program_loses_nothing_that_it_answered() {
    let seed = seed();
    let mut rng = StdRng::seed_from_u64(seed);
    let (shop, world) = opened().await;
    let mut answers = begun(&world).await;
    let url = format!("{}{}application_name=killed", shop.test.url, if shop.test.url.contains('?') { '&' } else { '?' });
    for round in 0..6 {
        let (url, after) = (url.clone(), rng.random_range(20..250));
        let killed = tokio::task::spawn_blocking(move || run_and_kill(&url, seed.wrapping_add(round * HANDS), round * 1_000_000 + 1, after));
        answers.add(killed.await.unwrap());
        // What PostgreSQL was doing for it comes to an end by itself.
        while shop.count("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'killed'").await > 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        is_right(&world, &answers, false).await;
    }
    println!("{} answers, {} done", answers.commands, answers.done.len());
}

/// A folder that is gone after the test.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// PostgreSQL as a shop runs it: what it committed must be on the disk.
async fn careful_server() -> (Folder, Settings, Cluster) {
    let settings = Settings { durable: true, throwaway: false, ..Settings::throwaway() };
    let folder = Folder(settings.dir.clone());
    let cluster = Cluster::start(&settings, |_| {}).await.unwrap();
    assert!(cluster.create_database("shop").await.unwrap());
    let db = Database::connect(cluster.url("shop")).await.unwrap();
    migration::up(&db).await.unwrap();
    db.execute_unprepared(MORE_PLANS).await.unwrap();
    db.close().await.unwrap();
    (folder, settings, cluster)
}

async fn until_so_many(answers: &Mutex<Answers>, range: Range<usize>, rng: &mut StdRng) {
    let wanted = answers.lock().unwrap().commands + rng.random_range(range);
    while answers.lock().unwrap().commands < wanted {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_server_that_is_stopped_without_a_word_recovers_all_that_was_answered() {
    let seed = seed();
    let mut rng = StdRng::seed_from_u64(seed);
    let (_folder, settings, mut cluster) = careful_server().await;
    let answers = Arc::new(Mutex::new(Answers::default()));
    for round in 0..4 {
        let world = come_to(&cluster.url("shop"), round * 1_000_000 + 1).await;
        if round == 0 {
            shop::seed(&world.core).await.unwrap();
            let begun = begun(&world).await;
            answers.lock().unwrap().add(begun);
        }
        let noted = Arc::clone(&answers);
        let working = tokio::spawn(async move {
            let told = move |one: &mut Answers| noted.lock().unwrap().add(std::mem::take(one));
            hands_until_the_end(&world, seed.wrapping_add(round.cast_unsigned() * HANDS), told).await;
        });
        until_so_many(&answers, 40..250, &mut rng).await;
        let pid = cluster.pid().to_string();
        assert!(Command::new("sh").args(["-c", "kill -s QUIT \"$1\"", "sh", &pid]).status().unwrap().success());
        working.await.unwrap();
        cluster.stop().await;

        cluster = Cluster::start(&settings, |_| {}).await.unwrap();
        let world = come_to(&cluster.url("shop"), 0).await;
        assert!(!replay::column(&world, replay::PROMISED).await.is_empty());
        let so_far = answers.lock().unwrap().clone();
        is_right(&world, &so_far, false).await;
    }
    let answers = answers.lock().unwrap();
    println!("{} commands, {} done", answers.commands, answers.done.len());
}
