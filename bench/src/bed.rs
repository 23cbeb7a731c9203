//! The server under test: a durable PostgreSQL of the benchmark's own, its databases, and the yardstick on it.

use crate::wrong;
use chrono::TimeDelta;
use mela_core::clock::Clock;
use mela_core::code::Codes;
use mela_core::db::sql;
use mela_core::embedded::{Cluster, Settings, binaries};
use mela_core::settings::{Layers, Store};
use mela_core::{Core, shop};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, TryGetable};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::process::Command;

/// The yardstick's database.
const YARDSTICK: &str = "yardstick";

/// A running server.
#[derive(Debug)]
pub(crate) struct Bed {
    cluster: Cluster,
    bin: PathBuf,
}

impl Bed {
    /// Starts a server whose commits are durable. Checkpoints are put off: one would fall on one of two that are compared.
    pub(crate) async fn start() -> Result<Self, String> {
        let dir = std::env::temp_dir().join(format!("mela-bench-{}", std::process::id()));
        let cluster = Cluster::start(&Settings { dir, durable: true, throwaway: true }, |line| println!("{line}")).await.map_err(wrong)?;
        let bed = Self { cluster, bin: binaries().map_err(wrong)? };
        let db = bed.pool("postgres", 1).await?;
        for text in ["ALTER SYSTEM SET max_wal_size = '16GB'", "ALTER SYSTEM SET checkpoint_timeout = '1h'", "SELECT pg_reload_conf()"] {
            db.execute_unprepared(text).await.map_err(wrong)?;
        }
        db.close().await.map_err(wrong)?;
        Ok(bed)
    }

    /// Where a database of it is reached.
    pub(crate) fn url(&self, database: &str) -> String {
        self.cluster.url(database)
    }

    /// Stops the server; its folder goes with it.
    pub(crate) async fn stop(self) {
        self.cluster.stop().await;
    }

    /// A pool as the program's own, every connection open.
    pub(crate) async fn pool(&self, database: &str, connections: u32) -> Result<DatabaseConnection, String> {
        let mut options = ConnectOptions::new(self.cluster.url(database));
        options
            .max_connections(connections)
            .min_connections(connections)
            .acquire_timeout(Duration::from_secs(60))
            .test_before_acquire(false)
            .sqlx_logging(false)
            .map_sqlx_postgres_opts(|pg| {
                pg.application_name("mela").options([
                    ("statement_timeout", "300s"),
                    ("idle_in_transaction_session_timeout", "60s"),
                    ("timezone", "UTC"),
                ])
            });
        Database::connect(options).await.map_err(wrong)
    }

    /// The domain over a database, with a pool of so many connections.
    pub(crate) async fn core(&self, database: &str, connections: u32) -> Result<Core, String> {
        let db = self.pool(database, connections).await?;
        let settings = Store::try_new(Layers::try_new(Path::new("/nowhere"), []).map_err(wrong)?).map_err(wrong)?;
        Ok(Core::new(db, Clock::system(TimeDelta::zero()), Codes::random(), settings))
    }

    /// A new database with the schema and the first plan.
    pub(crate) async fn database(&self, name: &str) -> Result<(), String> {
        self.cluster.create_database(name).await.map_err(wrong)?;
        let core = self.core(name, 2).await?;
        migration::up(core.db()).await.map_err(wrong)?;
        shop::seed(&core).await.map_err(wrong)?;
        core.db().clone().close().await.map_err(wrong)
    }

    /// A copy of a database to which nobody is connected; one of that name is dropped first.
    pub(crate) async fn copy(&self, from: &str, to: &str) -> Result<(), String> {
        let db = self.pool("postgres", 1).await?;
        for text in [format!("DROP DATABASE IF EXISTS {to} WITH (FORCE)"), format!("CREATE DATABASE {to} TEMPLATE {from}")] {
            db.execute_unprepared(&text).await.map_err(wrong)?;
        }
        db.close().await.map_err(wrong)
    }

    /// Fills the yardstick's tables.
    pub(crate) async fn prepare_yardstick(&self, scale: u32) -> Result<(), String> {
        self.cluster.create_database(YARDSTICK).await.map_err(wrong)?;
        self.pgbench(&["-i", "-q", "-s", &scale.to_string()]).await.map(|_| ())
    }

    /// TPC-B transactions a second with so many clients.
    pub(crate) async fn tpc_b(&self, clients: u32, span: Duration) -> Result<f64, String> {
        let said = self
            .pgbench(&["-c", &clients.to_string(), "-j", &clients.min(2).to_string(), "-T", &span.as_secs().max(1).to_string()])
            .await?;
        let figure = said.lines().find_map(|line| line.strip_prefix("tps = ")?.split_whitespace().next()?.parse().ok());
        figure.ok_or_else(|| format!("pgbench told no rate: {said}"))
    }

    async fn pgbench(&self, arguments: &[&str]) -> Result<String, String> {
        let output = Command::new(self.bin.join("pgbench"))
            .args(arguments)
            .arg(self.cluster.url(YARDSTICK))
            .output()
            .await
            .map_err(|error| format!("pgbench: {error}"))?;
        if output.status.success() {
            Ok(String::from_utf8_lossy(&output.stdout).into_owned())
        } else {
            Err(format!("pgbench: {}", String::from_utf8_lossy(&output.stderr)))
        }
    }
}

/// The one figure that a statement answers.
pub(crate) async fn figure<T: TryGetable>(db: &impl ConnectionTrait, text: &str) -> Result<T, String> {
    let row = db.query_one_raw(sql(text, [])).await.map_err(wrong)?.ok_or_else(|| format!("no row: {text}"))?;
    row.try_get_by_index(0).map_err(wrong)
}
