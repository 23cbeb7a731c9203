//! The schema's history. Knows nothing of the domain types: an old migration must not change when they do.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DatabaseConnection, TransactionTrait};

/// Migrations in the order they were written.
#[derive(Debug)]
pub struct Migrator;

/// One migration that is a SQL file.
struct SqlFile {
    name: &'static str,
    sql: &'static str,
}

const FILES: [(&str, &str); 25] = [
    ("m0001_shop", include_str!("sql/m0001_shop.sql")),
    ("m0002_ledger", include_str!("sql/m0002_ledger.sql")),
    ("m0003_journal", include_str!("sql/m0003_journal.sql")),
    ("m0004_money", include_str!("sql/m0004_money.sql")),
    ("m0005_pace", include_str!("sql/m0005_pace.sql")),
    ("m0006_stock", include_str!("sql/m0006_stock.sql")),
    ("m0007_refunds", include_str!("sql/m0007_refunds.sql")),
    ("m0008_catalogue", include_str!("sql/m0008_catalogue.sql")),
    ("m0009_items", include_str!("sql/m0009_items.sql")),
    ("m0010_notices", include_str!("sql/m0010_notices.sql")),
    ("m0011_privacy", include_str!("sql/m0011_privacy.sql")),
    ("m0012_shelf", include_str!("sql/m0012_shelf.sql")),
    ("m0013_subscriptions", include_str!("sql/m0013_subscriptions.sql")),
    ("m0014_money_in", include_str!("sql/m0014_money_in.sql")),
    ("m0015_tellers", include_str!("sql/m0015_tellers.sql")),
    ("m0016_matching", include_str!("sql/m0016_matching.sql")),
    ("m0017_gateways", include_str!("sql/m0017_gateways.sql")),
    ("m0018_wallets", include_str!("sql/m0018_wallets.sql")),
    ("m0019_evidence", include_str!("sql/m0019_evidence.sql")),
    ("m0020_referring", include_str!("sql/m0020_referring.sql")),
    ("m0021_programme", include_str!("sql/m0021_programme.sql")),
    ("m0022_payouts", include_str!("sql/m0022_payouts.sql")),
    ("m0023_devices", include_str!("sql/m0023_devices.sql")),
    ("m0024_fraud", include_str!("sql/m0024_fraud.sql")),
    ("m0025_tree", include_str!("sql/m0025_tree.sql")),
];

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        FILES.iter().map(|&(name, sql)| Box::new(SqlFile { name, sql }) as Box<dyn MigrationTrait>).collect()
    }
}

impl MigrationName for SqlFile {
    fn name(&self) -> &str {
        self.name
    }
}

#[async_trait::async_trait]
impl MigrationTrait for SqlFile {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared(self.sql).await.map(|_| ())
    }
}

/// Key of the advisory lock that keeps two programs that start together from migrating at once ("mela" in ASCII).
const LOCK: i64 = 0x6d65_6c61;

/// Brings the database to the newest schema; does nothing when it is there already.
///
/// Two programs may call this at the same time: one works, the other waits for it.
pub async fn up(db: &DatabaseConnection) -> Result<(), DbErr> {
    // A transaction-level lock on a connection of its own: released by commit, by an error, and by a crash.
    let lock = db.begin().await?;
    lock.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({LOCK})")).await?;
    Migrator::up(db, None).await?;
    lock.commit().await
}

/// Whether the database lacks a migration that this program has.
pub async fn pending(db: &DatabaseConnection) -> Result<bool, DbErr> {
    Migrator::get_pending_migrations_read_only(db).await.map(|pending| !pending.is_empty())
}

/// Gives a role what the program needs of a migrated database, and no more: for shops whose program is not to own its tables.
///
/// # Errors
/// There is no such role, or the caller may not grant.
pub async fn grant(db: &DatabaseConnection, role: &str) -> Result<(), DbErr> {
    let tx = db.begin().await?;
    tx.execute_unprepared(&include_str!("sql/grants.sql").replace("$ROLE", &quoted(role))).await?;
    tx.commit().await
}

/// A name as SQL takes it, whatever is in it.
#[must_use]
pub fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
