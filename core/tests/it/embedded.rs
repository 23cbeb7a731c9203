//! The PostgreSQL that the program starts by itself: data stays, owners are alone, nothing is left behind.
//!
//! Passes as root and as an ordinary user; needs PostgreSQL's programs on the machine.

#![expect(clippy::unwrap_used, reason = "the helpers of tests are tests")]

mod killed;

use mela_core::embedded::{Cluster, EmbeddedError, Settings};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::fs;
use std::hash::{BuildHasher, RandomState};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// A folder that is gone after the test.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let path = Path::new("/tmp").join(format!("mela-it-{:016x}", RandomState::new().hash_one(0)));
        fs::create_dir(&path).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        Self(path)
    }

    fn data(&self) -> Settings {
        Settings { dir: self.0.join("data/postgres"), durable: false, throwaway: false }
    }

    fn durable(&self) -> Settings {
        Settings { durable: true, ..self.data() }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

async fn start(settings: &Settings) -> Cluster {
    Cluster::start(settings, |line| println!("{line}")).await.unwrap()
}

async fn query(cluster: &Cluster, sql: &str) -> i64 {
    let mut connection = PgConnection::connect(&cluster.url("shop")).await.unwrap();
    let answer = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    answer
}

async fn execute(cluster: &Cluster, sql: &str) {
    let mut connection = PgConnection::connect(&cluster.url("shop")).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

/// A shop with one row in it.
async fn opened(settings: &Settings) -> Cluster {
    let cluster = start(settings).await;
    assert!(cluster.create_database("shop").await.unwrap());
    execute(&cluster, "CREATE TABLE sales (n bigint); INSERT INTO sales VALUES (42)").await;
    cluster
}

/// Whether the process runs (a zombie that nobody waits for does not).
fn runs(pid: u32) -> bool {
    fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| !stat.rsplit(')').next().unwrap().trim().starts_with('Z'))
}

fn is_root(folder: &Folder) -> bool {
    fs::metadata(&folder.0).unwrap().uid() == 0
}

#[tokio::test]
async fn data_stays_from_start_to_start() {
    let folder = Folder::new();
    let cluster = opened(&folder.data()).await;
    assert!(!cluster.create_database("shop").await.unwrap(), "it is there already");
    let pid = cluster.pid();
    cluster.stop().await;
    assert!(!runs(pid), "stop waits for the end");

    let cluster = start(&folder.data()).await;
    assert_eq!(query(&cluster, "SELECT n FROM sales").await, 42);
    execute(&cluster, "CREATE EXTENSION hstore").await;
}

#[tokio::test]
async fn a_durable_cluster_is_careful_and_speaks_utf8() {
    let folder = Folder::new();
    let cluster = opened(&folder.durable()).await;
    let on =
        "SELECT count(*) FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes', 'data_checksums') AND setting = 'on'";
    assert_eq!(query(&cluster, on).await, 4);
    assert_eq!(
        query(&cluster, "SELECT count(*) FROM pg_settings WHERE (name, setting) IN (('server_encoding', 'UTF8'), ('TimeZone', 'UTC'))").await,
        2
    );
    assert_eq!(query(&cluster, "SELECT length('मेला')::bigint").await, 4);
}

#[tokio::test]
async fn nobody_else_may_reach_the_data_or_the_socket() {
    let folder = Folder::new();
    let cluster = opened(&folder.data()).await;
    for private in ["cluster", "socket"] {
        assert_eq!(fs::metadata(cluster.dir().join(private)).unwrap().mode() & 0o777, 0o700, "{private}");
    }
}

#[tokio::test]
async fn psql_takes_the_url() {
    let folder = Folder::new();
    let cluster = opened(&folder.data()).await;
    let psql = mela_core::embedded::binaries().unwrap().join("psql");
    let output = Command::new(psql).args(["-XAtc", "SELECT n FROM sales", &cluster.url("shop")]).output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "42\n", "{}", String::from_utf8_lossy(&output.stderr));
}

#[tokio::test]
async fn a_second_owner_is_refused_and_the_first_goes_on() {
    let folder = Folder::new();
    let cluster = opened(&folder.data()).await;
    let refused = Cluster::start(&folder.data(), |_| {}).await.unwrap_err();
    assert!(matches!(&refused, EmbeddedError::Busy { pid, .. } if *pid == std::process::id().to_string()), "{refused}");
    assert!(refused.to_string().starts_with(&format!("another mela is running here (pid {})", std::process::id())), "{refused}");
    assert_eq!(query(&cluster, "SELECT n FROM sales").await, 42);
}

#[tokio::test]
async fn of_two_that_start_together_one_wins() {
    let folder = Folder::new();
    let settings = folder.data();
    let (one, two) = tokio::join!(Cluster::start(&settings, |_| {}), Cluster::start(&settings, |_| {}));
    let refused = match (one, two) {
        (Ok(_), Err(refused)) | (Err(refused), Ok(_)) => refused,
        both => panic!("{both:?}"),
    };
    assert!(matches!(refused, EmbeddedError::Busy { .. }), "{refused}");
}

#[tokio::test]
async fn open_connections_do_not_keep_it_from_stopping() {
    let folder = Folder::new();
    let cluster = opened(&folder.data()).await;
    let _idle = PgConnection::connect(&cluster.url("shop")).await.unwrap();
    let begun = Instant::now();
    cluster.stop().await;
    assert!(begun.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn a_start_that_was_cut_off_does_not_spoil_the_folder() {
    let folder = Folder::new();
    let settings = folder.data();
    let stale = settings.dir.join("cluster.new-1-cafe");
    fs::create_dir_all(stale.join("base")).unwrap();
    fs::write(stale.join("PG_VERSION"), "15\n").unwrap();
    let _cluster = opened(&settings).await;
    assert!(!stale.exists());
}

#[tokio::test]
async fn strange_folders_are_refused_with_a_sentence() {
    let folder = Folder::new();
    let settings = folder.data();
    let cluster = settings.dir.join("cluster");
    fs::create_dir_all(&cluster).unwrap();
    fs::write(cluster.join("notes.txt"), "mine").unwrap();
    let refused = Cluster::start(&settings, |_| {}).await.unwrap_err();
    assert!(matches!(refused, EmbeddedError::NotData { .. }), "{refused}");

    fs::write(cluster.join("PG_VERSION"), "9\n").unwrap();
    let refused = Cluster::start(&settings, |_| {}).await.unwrap_err();
    assert!(matches!(refused, EmbeddedError::OtherVersion { data: 9, .. }), "{refused}");

    fs::write(cluster.join("PG_VERSION"), "15\n").unwrap();
    let refused = Cluster::start(&settings, |_| {}).await.unwrap_err();
    assert!(matches!(refused, EmbeddedError::Exited { .. } | EmbeddedError::OtherVersion { .. }), "{refused}");
    assert!(fs::read(cluster.join("notes.txt")).is_ok(), "nothing of it was touched");
}

#[tokio::test]
async fn a_long_path_gets_its_socket_elsewhere() {
    let folder = Folder::new();
    let settings = Settings { dir: folder.0.join("d".repeat(120)), durable: false, throwaway: false };
    let cluster = opened(&settings).await;
    let url = cluster.url("shop");
    assert!(url.contains("host=/tmp/mela-socket-"), "{url}");
    let socket = url.split_once("host=").unwrap().1.split('&').next().unwrap().to_owned();
    cluster.stop().await;
    assert!(!Path::new(&socket).exists());
}

#[tokio::test]
async fn a_throwaway_leaves_nothing() {
    let cluster = opened(&Settings::throwaway()).await;
    let dir = cluster.dir().to_owned();
    assert!(dir.exists());
    cluster.stop().await;
    assert!(!dir.exists());
}

#[tokio::test]
async fn root_keeps_data_elsewhere_when_the_place_is_closed_and_finds_it_again() {
    let folder = Folder::new();
    if !is_root(&folder) {
        return;
    }
    fs::set_permissions(&folder.0, fs::Permissions::from_mode(0o700)).unwrap();
    let mut said = Vec::new();
    let cluster = Cluster::start(&folder.data(), |line| said.push(line.to_owned())).await.unwrap();
    let elsewhere = Folder(cluster.dir().to_owned());
    assert!(elsewhere.0.starts_with("/var/lib/mela"), "{:?}", elsewhere.0);
    assert!(said[0].contains("/var/lib/mela/"), "{said:?}");
    assert!(!folder.data().dir.exists(), "nothing is left in the closed place");
    cluster.stop().await;

    // A place that was opened since must not make the shop look empty.
    fs::set_permissions(&folder.0, fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(start(&folder.data()).await.dir(), elsewhere.0);
}

#[tokio::test]
async fn data_in_a_place_that_was_closed_since_is_an_error() {
    let folder = Folder::new();
    if !is_root(&folder) {
        return;
    }
    opened(&folder.data()).await.stop().await;
    fs::set_permissions(&folder.0, fs::Permissions::from_mode(0o700)).unwrap();
    let refused = Cluster::start(&folder.data(), |_| {}).await.unwrap_err();
    assert!(matches!(refused, EmbeddedError::Closed { .. }), "{refused}");
}

#[tokio::test]
async fn root_adopts_data_that_root_copied() {
    let folder = Folder::new();
    if !is_root(&folder) {
        return;
    }
    opened(&folder.data()).await.stop().await;
    assert!(Command::new("chown").args(["-R", "root:root"]).arg(folder.data().dir).status().unwrap().success());
    assert_eq!(query(&start(&folder.data()).await, "SELECT n FROM sales").await, 42);
}
