//! The server of the tests, theirs or somebody's, and the databases of this process on it.

use mela_core::embedded::{Cluster, Settings};
use sea_orm::sqlx::postgres::PgConnectOptions;
use sea_orm::sqlx::{self, AssertSqlSafe, ConnectOptions as _, PgConnection};
use std::hash::{BuildHasher, RandomState};
use std::sync::{LazyLock, mpsc};
use std::time::Duration;

/// The process's server. A static is never dropped: the end of the process ends it.
pub(super) fn server() -> &'static Server {
    static SERVER: LazyLock<Result<Server, String>> = LazyLock::new(Server::start);
    match &*SERVER {
        Ok(server) => server,
        Err(why) => panic!("no database for the tests: {why}"),
    }
}

/// A database to be dropped, and who wants to know when it is.
type Leaving = (String, mpsc::SyncSender<()>);

pub(super) struct Server {
    /// Ours, unless `TEST_DATABASE_URL` names one.
    cluster: Option<Cluster>,
    /// A database from which others are created and dropped.
    admin: String,
    /// How the names of this process's databases begin.
    pub(super) run: String,
    leavings: mpsc::Sender<Leaving>,
}

impl Server {
    fn start() -> Result<Self, String> {
        let (cluster, admin) = match std::env::var("TEST_DATABASE_URL") {
            Ok(url) if !url.trim().is_empty() => (None, url),
            _ => {
                let cluster = Cluster::start_blocking(&Settings::throwaway(), |_| {}).map_err(|e| e.to_string())?;
                let admin = cluster.url("postgres");
                (Some(cluster), admin)
            }
        };
        let run = format!("mela_test_{}_{:08x}", std::process::id(), RandomState::new().hash_one(0) >> 32);
        let leavings = start_dropper(admin.clone(), run.clone())?;
        Ok(Self { cluster, admin, run, leavings })
    }

    pub(super) fn url(&self, database: &str) -> String {
        self.cluster.as_ref().map_or_else(|| with_database(&self.admin, database), |cluster| cluster.url(database))
    }

    pub(super) async fn create(&self, name: &str, template: &str) -> Result<(), sqlx::Error> {
        // One after the other, so that the copies are not in each other's way.
        static TURN: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
        let _turn = TURN.lock().await;
        // Without fsync copying files is faster than logging every page; with it, each copy would wait for two checkpoints.
        let strategy = if self.cluster.is_some() { " STRATEGY file_copy" } else { "" };
        let sql = format!("CREATE DATABASE \"{name}\" TEMPLATE \"{template}\"{strategy}");
        let mut tries = 0;
        loop {
            match self.execute(&sql).await {
                // 55006: someone is connected to the template, a closing connection for one. 53300: too many connections.
                Err(sqlx::Error::Database(e)) if tries < 100 && e.code().is_some_and(|code| code == "55006" || code == "53300") => {
                    tries += 1;
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
                answer => return answer,
            }
        }
    }

    /// Has a database dropped.
    pub(super) fn drop(&self, name: String) {
        let (done, wait) = mpsc::sync_channel(1);
        // Our own cluster goes with the process; on somebody's server nothing may be left, so the process must not end before.
        if self.leavings.send((name, done)).is_ok() && self.cluster.is_none() {
            let _ = wait.recv_timeout(Duration::from_secs(10));
        }
    }

    /// On a connection of its own: every test has its own runtime, and a connection works only on the one that opened it.
    pub(super) async fn execute(&self, sql: &str) -> Result<(), sqlx::Error> {
        execute(&mut connect(&self.admin, &self.run).await?, sql).await
    }
}

async fn connect(url: &str, run: &str) -> Result<PgConnection, sqlx::Error> {
    url.parse::<PgConnectOptions>()?.application_name(run).disable_statement_logging().connect().await
}

async fn execute(connection: &mut PgConnection, sql: &str) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await.map(|_| ())
}

/// The thread that drops databases, on a connection that it keeps: as long as it is there, other processes know that this run lives.
fn start_dropper(admin: String, run: String) -> Result<mpsc::Sender<Leaving>, String> {
    let (leavings, todo) = mpsc::channel::<Leaving>();
    let (started, outcome) = mpsc::sync_channel(1);
    std::thread::spawn(move || {
        let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
            Ok(runtime) => runtime,
            Err(e) => return started.send(Err(e.to_string())).unwrap_or_default(),
        };
        let mut connection = match runtime.block_on(connect(&admin, &run)) {
            Ok(connection) => connection,
            Err(e) => return started.send(Err(format!("cannot connect to the server of the tests: {e}"))).unwrap_or_default(),
        };
        // Not worth a failure: the next run tries again.
        let _ = runtime.block_on(sweep(&mut connection));
        let _ = started.send(Ok(()));
        for (name, done) in todo {
            let _ = runtime.block_on(drop_database(&mut connection, &name));
            let _ = done.send(());
        }
    });
    outcome.recv().map_err(|e| e.to_string())??;
    Ok(leavings)
}

/// Drops the databases, templates too, of runs that are over: their thread's connection is gone.
async fn sweep(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    const DEAD: &str = r"
        SELECT datname::text FROM pg_database d
        WHERE datname ~ '^mela_test_[0-9]+_[0-9a-f]+_' AND pg_get_userbyid(datdba) = current_user
          AND NOT EXISTS (SELECT FROM pg_stat_activity a
                          WHERE a.application_name = substring(d.datname::text FROM '^mela_test_[0-9]+_[0-9a-f]+'))";
    let dead: Vec<String> = sqlx::query_scalar(DEAD).fetch_all(&mut *connection).await?;
    for name in dead {
        // Another run may be at it too.
        let _ = drop_database(connection, &name).await;
    }
    Ok(())
}

async fn drop_database(connection: &mut PgConnection, name: &str) -> Result<(), sqlx::Error> {
    execute(connection, &format!("DROP DATABASE IF EXISTS \"{name}\" WITH (FORCE)")).await
}

/// The same server, another database.
pub(super) fn with_database(url: &str, name: &str) -> String {
    let (base, query) = url.split_once('?').unwrap_or((url, ""));
    let authority = base.find("://").map_or(0, |at| at + 3);
    let server = base[authority..].find('/').map_or(base, |slash| &base[..authority + slash]);
    // A database among the parameters would win over the path.
    let query: Vec<_> = query.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("dbname=")).collect();
    if query.is_empty() {
        format!("{server}/{name}")
    } else {
        format!("{server}/{name}?{}", query.join("&"))
    }
}

#[cfg(test)]
mod tests {
    use super::with_database;

    #[test]
    fn only_the_database_of_a_url_changes() {
        let of = |url: &str| with_database(url, "t");
        assert_eq!(of("postgres://u:p@host:5432/ci"), "postgres://u:p@host:5432/t");
        assert_eq!(of("postgres://host"), "postgres://host/t");
        assert_eq!(of("postgres:///ci?host=/run/pg&dbname=x&user=u"), "postgres:///t?host=/run/pg&user=u");
    }
}
