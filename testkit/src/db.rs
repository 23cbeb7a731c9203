//! A database per test: cloned from one that was migrated once per process.
//!
//! `TEST_DATABASE_URL` names a server and a database whose user may create databases. Without it the process starts a throw-away
//! PostgreSQL of its own, which is gone when the process is, however it ends.

mod server;

use sea_orm::{ConnectOptions, Database, DatabaseConnection};
use server::server;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio::sync::OnceCell;

/// A database of one test; dropped with it.
#[derive(Debug)]
pub struct TestDb {
    /// For `DATABASE_URL`, sqlx, psql.
    pub url: String,
    name: String,
}

impl TestDb {
    /// A database with the whole schema and no rows but the migrations' own.
    ///
    /// # Panics
    /// There is no server, or a migration fails: the message says which.
    pub async fn new() -> Self {
        static TEMPLATE: OnceCell<Result<String, String>> = OnceCell::const_new();
        match TEMPLATE.get_or_init(migrated).await {
            Ok(template) => Self::create(template).await,
            Err(why) => panic!("{why}"),
        }
    }

    /// A database with nothing in it.
    ///
    /// # Panics
    /// There is no server.
    pub async fn empty() -> Self {
        // Nobody can connect to template0, so nobody is ever in the way of copying it.
        Self::create("template0").await
    }

    /// A pool of its own, for the runtime of the caller.
    ///
    /// # Panics
    /// The server refuses.
    pub async fn connect(&self) -> DatabaseConnection {
        let mut options = ConnectOptions::new(&self.url);
        options.max_connections(8).acquire_timeout(Duration::from_secs(20)).sqlx_logging(false);
        Database::connect(options).await.unwrap_or_else(|e| panic!("cannot connect to {}: {e}", self.name))
    }

    async fn create(template: &str) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let server = server();
        let name = format!("{}_{}", server.run, NEXT.fetch_add(1, Ordering::Relaxed));
        server.create(&name, template).await.unwrap_or_else(|e| panic!("cannot create the database {name}: {e}"));
        Self { url: server.url(&name), name }
    }
}

impl Drop for TestDb {
    fn drop(&mut self) {
        server().drop(self.name.clone());
    }
}

/// Creates and migrates the template.
async fn migrated() -> Result<String, String> {
    let server = server();
    let name = format!("{}_template", server.run);
    let failed = |e: &dyn std::fmt::Display| format!("cannot make the template of the tests' databases: {e}");
    // A test that ended in the middle of this may have left half of one.
    server.execute(&format!("DROP DATABASE IF EXISTS \"{name}\" WITH (FORCE)")).await.map_err(|e| failed(&e))?;
    server.create(&name, "template0").await.map_err(|e| failed(&e))?;
    let mut options = ConnectOptions::new(server.url(&name));
    options.max_connections(4).sqlx_logging(false);
    let db = Database::connect(options).await.map_err(|e| failed(&e))?;
    migration::up(&db).await.map_err(|e| failed(&e))?;
    db.close().await.map_err(|e| failed(&e))?;
    // A template that someone is connected to cannot be cloned.
    server.execute(&format!("ALTER DATABASE \"{name}\" ALLOW_CONNECTIONS false")).await.map_err(|e| failed(&e))?;
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use sea_orm::ConnectionTrait;

    /// Each with a runtime of its own, as tests have.
    #[test]
    fn tests_in_parallel_see_only_their_own_rows() {
        let tests = (0..8).map(|n| {
            std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                runtime.block_on(async {
                    let test = if n % 4 == 0 { TestDb::empty().await } else { TestDb::new().await };
                    let db = test.connect().await;
                    db.execute_unprepared("CREATE TABLE mine (n int); INSERT INTO mine VALUES (1)").await.unwrap();
                    let migrated = !migration::pending(&db).await.unwrap_or(true);
                    assert_eq!(migrated, n % 4 != 0);
                });
            })
        });
        tests.collect::<Vec<_>>().into_iter().for_each(|test| test.join().unwrap());
    }
}
