//! Programs and servers that are killed: nothing is lost, and nothing stays behind.

use super::{Folder, opened, query, runs, start};
use mela_core::embedded::{Cluster, EmbeddedError, Settings};
use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

fn signal(name: &str, pid: u32) {
    assert!(Command::new("sh").args(["-c", "kill -s \"$1\" \"$2\"", "sh", name, &pid.to_string()]).status().unwrap().success());
}

fn wait_for(what: &str, mut done: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !done() {
        assert!(begun.elapsed() < Duration::from_secs(10), "{what}: not within 10 s");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[tokio::test]
async fn a_killed_server_is_recovered() {
    let folder = Folder::new();
    let cluster = opened(&folder.durable()).await;
    signal("KILL", cluster.pid());
    cluster.stop().await;
    let cluster = start(&folder.durable()).await;
    assert_eq!(query(&cluster, "SELECT n FROM sales").await, 42);
}

/// Not a test by itself: the program that [`owner`] starts and kills.
#[tokio::test]
async fn the_owner() {
    let Some(dir) = std::env::var_os("MELA_IT_OWNER_OF") else { return };
    let throwaway = std::env::var_os("MELA_IT_THROWAWAY").is_some();
    let settings = Settings { dir: dir.into(), durable: !throwaway, throwaway };
    let cluster = opened(&settings).await;
    println!("\nserver {}", cluster.pid());
    std::thread::sleep(Duration::from_secs(60));
}

/// This test binary again, as a program that owns a running cluster; with its server's process id.
fn owner(settings: &Settings) -> (Child, u32) {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["embedded::killed::the_owner", "--exact", "--nocapture"]).env("MELA_IT_OWNER_OF", &settings.dir);
    if settings.throwaway {
        command.env("MELA_IT_THROWAWAY", "1");
    }
    let mut child = command.stdout(Stdio::piped()).process_group(0).spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let server = lines.map_while(Result::ok).find_map(|line| line.strip_prefix("server ")?.parse().ok());
    (child, server.unwrap())
}

#[tokio::test]
async fn a_killed_owner_takes_its_server_along() {
    let folder = Folder::new();
    let settings = folder.durable();
    let (mut child, server) = owner(&settings);
    let refused = Cluster::start(&settings, |_| {}).await.unwrap_err();
    assert!(matches!(&refused, EmbeddedError::Busy { pid, .. } if *pid == child.id().to_string()), "{refused}");
    assert!(runs(server));

    child.kill().unwrap();
    child.wait().unwrap();
    wait_for("the watchdog stops the server", || !runs(server));
    assert_eq!(query(&start(&settings).await, "SELECT n FROM sales").await, 42);
}

#[tokio::test]
async fn a_new_owner_does_not_wait_for_the_watchdog() {
    let folder = Folder::new();
    let (mut child, server) = owner(&folder.durable());
    child.kill().unwrap();
    child.wait().unwrap();
    let cluster = start(&folder.durable()).await;
    assert!(!runs(server));
    // The old watchdog has had time to do harm.
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(query(&cluster, "SELECT n FROM sales").await, 42);
}

#[tokio::test]
async fn a_server_that_lost_owner_and_watchdog_is_replaced() {
    let folder = Folder::new();
    let (mut child, server) = owner(&folder.durable());
    let watchdog = watchdog_of(child.id());
    signal("KILL", watchdog);
    child.kill().unwrap();
    child.wait().unwrap();
    std::thread::sleep(Duration::from_millis(300));
    assert!(runs(server), "nobody stopped it");
    let mut said = Vec::new();
    let cluster = Cluster::start(&folder.durable(), |line| said.push(line.to_owned())).await.unwrap();
    assert_eq!(said, ["stopping the PostgreSQL that a killed mela left behind"]);
    assert!(!runs(server));
    assert_eq!(query(&cluster, "SELECT n FROM sales").await, 42);
}

#[tokio::test]
async fn everything_killed_at_once_is_recovered() {
    let folder = Folder::new();
    let (mut child, server) = owner(&folder.durable());
    signal("KILL", watchdog_of(child.id()));
    child.kill().unwrap();
    signal("KILL", server);
    child.wait().unwrap();
    assert_eq!(query(&start(&folder.durable()).await, "SELECT n FROM sales").await, 42);
}

#[tokio::test]
async fn a_killed_owner_of_a_throwaway_leaves_nothing() {
    let settings = Settings::throwaway();
    let (mut child, server) = owner(&settings);
    child.kill().unwrap();
    child.wait().unwrap();
    wait_for("the watchdog stops the server", || !runs(server));
    wait_for("the watchdog clears away", || !settings.dir.exists());
}

fn watchdog_of(pid: u32) -> u32 {
    let all = fs::read_dir("/proc").unwrap().flatten().filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let is_ours = |&candidate: &u32| {
        let stat = fs::read_to_string(format!("/proc/{candidate}/stat")).unwrap_or_default();
        let parent = stat.rsplit(')').next().and_then(|rest| rest.split_whitespace().nth(1)).map(str::to_owned);
        let line = fs::read_to_string(format!("/proc/{candidate}/cmdline")).unwrap_or_default();
        parent == Some(pid.to_string()) && line.contains("mela-watchdog")
    };
    all.into_iter().find(is_ours).expect("a watchdog")
}
