//! A PostgreSQL that the program starts by itself, out of the machine's own binaries.
//!
//! For a shop that was given no `DATABASE_URL`, for the story, and for tests. It listens on a Unix socket in a folder that only
//! its user and root may enter, and never outlives the program: [`Cluster::stop`] or dropping it stops it, and a watchdog
//! does when the program was killed. A folder has one owner at a time.

mod account;
mod binaries;
mod error;
mod initdb;
mod place;
mod server;
mod watchdog;

pub use binaries::binaries;
pub use error::EmbeddedError;

use place::{Lock, Place};
use server::Server;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, postgres::PgConnectOptions};
use std::path::{Path, PathBuf};
use tokio::sync::mpsc;
use watchdog::Watchdog;

/// Where a cluster lives and how careful it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The folder for everything it keeps: data, socket, log, lock. Created when missing, with those above it.
    pub dir: PathBuf,
    /// Whether what was committed survives a power cut. Without, it is several times faster.
    pub durable: bool,
    /// Whether the folder is removed at the end, also when the program was killed.
    pub throwaway: bool,
}

impl Settings {
    /// Fast and passing: a folder of its own with a short name under the machine's temporary folder.
    #[must_use]
    pub fn throwaway() -> Self {
        Self { dir: std::env::temp_dir().join(place::unique("mela")), durable: false, throwaway: true }
    }
}

/// A running PostgreSQL of ours, superuser `mela`. Dropping it stops it (blocking; [`Cluster::stop`] is for async code).
#[derive(Debug)]
pub struct Cluster {
    // Dropped in this order: the server stops, what must not stay is removed, the watchdog is dismissed, the folder is given back.
    server: Server,
    place: Place,
    _watchdog: Watchdog,
    _lock: Lock,
}

impl Cluster {
    /// Starts PostgreSQL on a folder, creating its data first when there is none. `progress` gets a line for each slow step.
    ///
    /// # Errors
    /// See [`EmbeddedError`]; each is a sentence for the operator.
    pub async fn start(settings: &Settings, mut progress: impl FnMut(&str)) -> Result<Self, EmbeddedError> {
        let (lines, mut heard) = mpsc::unbounded_channel();
        let settings = settings.clone();
        let dir = settings.dir.clone();
        let starting = tokio::task::spawn_blocking(move || {
            Self::start_blocking(&settings, |line| {
                // Nobody listens any more when the caller gave up; the cluster is dropped then, and so stopped.
                let _ = lines.send(line.to_owned());
            })
        });
        while let Some(line) = heard.recv().await {
            progress(&line);
        }
        starting.await.map_err(|e| EmbeddedError::io("start PostgreSQL in", &dir, std::io::Error::other(e)))?
    }

    /// The same for callers without a runtime.
    ///
    /// # Errors
    /// See [`EmbeddedError`].
    pub fn start_blocking(settings: &Settings, mut progress: impl FnMut(&str)) -> Result<Self, EmbeddedError> {
        let progress: &mut dyn FnMut(&str) = &mut progress;
        // Without programs nothing is created.
        binaries()?;
        // The lock is declared before the place, so that on an error the place, which removes what must not stay, goes first:
        // only the owner may remove.
        let (lock, place) = Place::take(settings, progress)?;
        let mut watchdog = Watchdog::set(&place)?;
        let programs = initdb::ensure(&place, settings.durable, progress)?;
        server::stop_abandoned(&programs, &place, progress)?;
        place.fresh_socket_dir()?;
        let server = Server::start(&programs, &place, settings.durable, &mut watchdog, progress)?;
        tracing::info!(dir = %place.dir.display(), "PostgreSQL runs");
        Ok(Self { server, place, _watchdog: watchdog, _lock: lock })
    }

    /// Creates a database unless it is there; answers whether this call made it.
    ///
    /// # Errors
    /// [`EmbeddedError::Database`] with the server's refusal.
    pub async fn create_database(&self, name: &str) -> Result<bool, EmbeddedError> {
        self.try_create_database(name).await.map_err(|source| EmbeddedError::Database { name: name.to_owned(), source })
    }

    async fn try_create_database(&self, name: &str) -> Result<bool, sqlx::Error> {
        let options: PgConnectOptions = self.url("postgres").parse()?;
        let mut connection: PgConnection = options.disable_statement_logging().connect().await?;
        let there: bool = sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)")
            .bind(name)
            .fetch_one(&mut connection)
            .await?;
        let made = if there {
            false
        } else {
            let sql = format!("CREATE DATABASE \"{}\"", name.replace('"', "\"\""));
            match sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await {
                Ok(_) => true,
                // Another connection was faster.
                Err(sqlx::Error::Database(e)) if e.code().is_some_and(|code| code == "42P04" || code == "23505") => false,
                Err(e) => return Err(e),
            }
        };
        connection.close().await?;
        Ok(made)
    }

    /// Where a database of this cluster is reached: for sqlx, and as it stands for psql and `pg_dump`.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        // The host as a parameter: neither side accepts a user without a host before the path. No TLS on a socket.
        let socket = escaped(&self.place.socket.to_string_lossy());
        format!("postgres:///{}?host={socket}&port=5432&user=mela&sslmode=disable", escaped(database))
    }

    /// The folder it lives in; not the one asked for when PostgreSQL's user cannot enter that.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.place.dir
    }

    /// The server's process id.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.server.pid()
    }

    /// Stops it in order and waits for it: some tens of milliseconds, at worst about ten seconds.
    pub async fn stop(self) {
        // An error would be a panic in drop, which has none.
        let _ = tokio::task::spawn_blocking(move || drop(self)).await;
    }
}

/// Percent-encoded for a URL's path or query.
fn escaped(text: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(byte);
    text.bytes().map(|byte| if plain(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
