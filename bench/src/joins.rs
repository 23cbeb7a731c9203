//! People who join by one link in one burst: how soon the first is answered, how many a second, in how much of the program's memory.
//!
//! The yardstick runs in the same run on the same server: `fsync`ed single-row commits, one connection for each of the program's.

use mela_core::embedded::{Cluster, Settings};
use mela_sandbox::{Options, Sandbox};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const OWNER: i64 = 900;
const GROUP: i64 = -901;
/// The first of the burst; who owns the link is one below.
const FIRST: i64 = 1_000_000;
/// Connections of the yardstick, as many as the program's pool has.
const CONNECTIONS: u32 = 16;

/// The program under test; killed when the benchmark ends early.
struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn wrong(error: impl std::fmt::Display) -> String {
    error.to_string()
}

/// Runs the benchmark and prints its table.
pub(crate) async fn run(people: i64) -> Result<(), String> {
    let dir = std::env::temp_dir().join(format!("mela-bench-{}", std::process::id()));
    let cluster = Cluster::start(&Settings { dir, durable: true, throwaway: true }, |line| println!("{line}")).await.map_err(wrong)?;
    cluster.create_database("bench").await.map_err(wrong)?;
    let yardstick = commits(&cluster).await?;

    let sandbox = Sandbox::start(Options::default()).await.map_err(wrong)?;
    let group = sandbox.group(GROUP, "Admins");
    let _owner = sandbox.person(OWNER, "Owner").in_group(&group);
    let program = start(&sandbox, &cluster.url("bench"))?;
    let asha = sandbox.person(FIRST - 1, "Asha");
    asha.send("/start");
    asha.next().await;
    asha.press("Refer & earn");
    let screen = asha.next().await;
    let code: String = screen
        .text
        .split("?start=")
        .nth(1)
        .unwrap_or_default()
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
        .collect();
    let before = memory(&program, "VmRSS")?;

    let began = Instant::now();
    let joining: Vec<_> = (0..people).map(|i| sandbox.person(FIRST + i, "Burst")).collect();
    for person in &joining {
        person.send(&format!("/start {code}"));
    }
    let sent = began.elapsed();
    joining.first().ok_or("nobody joins")?.next().await;
    let first = began.elapsed();
    let mut answered = 0;
    for person in &joining {
        while !person.chat().iter().any(|seen| seen.from_bot && seen.text.contains("invited by Asha")) {
            if began.elapsed() > Duration::from_secs(300) {
                return Err(format!("only {answered} of {people} were answered in 300 s"));
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        answered += 1;
    }
    let all = began.elapsed();
    let peak = memory(&program, "VmHWM")?;
    let db = Database::connect(cluster.url("bench")).await.map_err(wrong)?;
    let row = db
        .query_one_raw(mela_core::db::sql("SELECT count(*) AS n FROM users WHERE referred_by IS NOT NULL", []))
        .await
        .map_err(wrong)?;
    let bound: i64 = row.ok_or("no count")?.try_get("", "n").map_err(wrong)?;
    db.close().await.map_err(wrong)?;

    let rate = f64::from(i32::try_from(people).map_err(wrong)?) / all.as_secs_f64();
    println!("\n| {people} people join by one link in one burst | measured | goal |\n|---|---|---|");
    println!("| registered and attributed | {bound} | all: {} |", verdict(bound == people));
    println!("| answered | {answered} | all: {} |", verdict(answered == people));
    println!(
        "| first answer after (sending the burst took {:.2} s) | {:.2} s | 1 s: {} |",
        sent.as_secs_f64(),
        first.as_secs_f64(),
        verdict(first <= Duration::from_secs(1))
    );
    println!("| answered a second | {rate:.0} | 500: {} |", verdict(rate >= 500.0));
    println!("| beside {yardstick:.0} fsynced one-row commits a second | {:.2} × | – |", rate / yardstick);
    println!("| the program's memory at its peak ({:.0} MB before) | {:.0} MB | 60 MB: {} |", before, peak, verdict(peak <= 60.0));
    drop(program);
    sandbox.shutdown().await;
    cluster.stop().await;
    Ok(())
}

fn verdict(met: bool) -> &'static str {
    if met { "met" } else { "missed" }
}

/// The release build of the program beside this one, as a real bot at the sandbox's Bot API.
fn start(sandbox: &Sandbox, database: &str) -> Result<Program, String> {
    let program: PathBuf = std::env::current_exe().map_err(wrong)?.with_file_name("mela");
    if !program.is_file() {
        return Err(format!("{} is not there: cargo build --release first", program.display()));
    }
    let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).map_err(wrong)?.port();
    let child = Command::new(program)
        .current_dir(std::env::temp_dir())
        .env("TELOXIDE_TOKEN", sandbox.token())
        .env("TELOXIDE_API_URL", sandbox.url())
        .env("DATABASE_URL", database)
        .env("MELA_TELEGRAM__OWNER_ID", OWNER.to_string())
        .env("MELA_TELEGRAM__ADMIN_CHAT_ID", GROUP.to_string())
        .env("MELA_UPI__PAYEE", "shop@bank")
        .env("MELA_HTTP__LISTEN", format!("127.0.0.1:{port}"))
        .env("RUST_LOG", "warn")
        .stdout(Stdio::null())
        .spawn()
        .map_err(wrong)?;
    Ok(Program(child))
}

/// A figure of the program's own memory in MB, as the kernel counts it.
fn memory(program: &Program, figure: &str) -> Result<f64, String> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", program.0.id())).map_err(wrong)?;
    let line = status.lines().find_map(|line| line.strip_prefix(figure)?.strip_prefix(':')).ok_or("no such figure")?;
    let kilobytes: f64 = line.split_whitespace().next().and_then(|n| n.parse().ok()).ok_or("no number")?;
    Ok(kilobytes / 1024.0)
}

/// How many one-row transactions a second this server commits durably.
async fn commits(cluster: &Cluster) -> Result<f64, String> {
    let mut options = ConnectOptions::new(cluster.url("bench"));
    options.max_connections(CONNECTIONS).sqlx_logging(false);
    let db = Database::connect(options).await.map_err(wrong)?;
    db.execute_unprepared("CREATE TABLE yardstick (n bigint)").await.map_err(wrong)?;
    let began = Instant::now();
    let span = Duration::from_secs(3);
    let work = |db: DatabaseConnection| async move {
        let mut done = 0u32;
        while began.elapsed() < span && db.execute_unprepared("INSERT INTO yardstick VALUES (1)").await.is_ok() {
            done += 1;
        }
        done
    };
    let tasks: Vec<_> = (0..CONNECTIONS).map(|_| tokio::spawn(work(db.clone()))).collect();
    let mut all = 0;
    for task in tasks {
        all += task.await.map_err(wrong)?;
    }
    let rate = f64::from(all) / began.elapsed().as_secs_f64();
    db.execute_unprepared("DROP TABLE yardstick").await.map_err(wrong)?;
    db.close().await.map_err(wrong)?;
    Ok(rate)
}
