//! How a notice is heard of the moment it is committed, without a word in the transaction that tells it: PostgreSQL takes a lock of the whole server
//! for a NOTIFY and keeps it through the commit, so all sales of a shop would wait for each other's disk.

use crate::Core;
use crate::db::sql;
use sea_orm::{ConnectionTrait, DbErr};
use std::time::Duration;

/// What programs that send notices LISTEN to.
pub const CHANNEL: &str = "mela_notification";

/// The least time between two rings: whoever is told in between is heard of by the second.
const REST: Duration = Duration::from_millis(20);

/// Tells the programs that send notices, in whatever process, that something was committed in this one; for as long as it runs.
///
/// # Errors
/// The database is away: what was told meanwhile is found by the regular look.
pub async fn toll(core: &Core) -> Result<(), DbErr> {
    loop {
        core.bell().notified().await;
        core.db().execute_raw(sql("SELECT pg_notify($1, '')", [CHANNEL.into()])).await?;
        tokio::time::sleep(REST).await;
    }
}
