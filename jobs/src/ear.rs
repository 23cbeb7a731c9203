//! Hears of notices the moment they are committed.

use crate::Means;
use mela_core::notifications::{self, CHANNEL};
use sea_orm::sqlx::{self, postgres::PgListener};

/// Every program with jobs holds this advisory lock, shared, for as long as its connection lives ("post" in ASCII).
const ALIVE: i64 = 0x706f_7374;

/// Signs in as a living program, again after every reconnect. Who finds no other at the start takes over at once what a killed one had
/// claimed, instead of letting it run out. Nobody claims before signing in, so all claims are the dead's then.
async fn sign_in(means: &Means, listener: &mut PgListener) -> Result<(), sqlx::Error> {
    let first = !means.signed_in.initialized();
    let alone: bool = first && sqlx::query_scalar("SELECT pg_try_advisory_lock($1)").bind(ALIVE).fetch_one(&mut *listener).await?;
    if alone {
        match notifications::free(&means.core).await {
            Ok(0) => {}
            Ok(notices) => tracing::info!(notices, "notices that a killed program was sending are sent again"),
            // They run out by themselves.
            Err(error) => tracing::debug!(%error, "could not free what a killed program had claimed"),
        }
    }
    // Signed in before the door is opened to others.
    sqlx::query("SELECT pg_advisory_lock_shared($1)").bind(ALIVE).execute(&mut *listener).await?;
    if alone {
        sqlx::query("SELECT pg_advisory_unlock($1)").bind(ALIVE).execute(&mut *listener).await?;
    }
    // Set already after a reconnect.
    let _ = means.signed_in.set(());
    Ok(())
}

/// Wakes the post office whenever a transaction commits a notice, and after every reconnect: NOTIFYs were lost meanwhile.
pub(crate) async fn listen(means: &Means) -> Result<(), sqlx::Error> {
    let hear = async {
        let mut listener = PgListener::connect_with(means.core.db().get_postgres_connection_pool()).await?;
        listener.listen(CHANNEL).await?;
        loop {
            sign_in(means, &mut listener).await?;
            means.wake.notify_one();
            while listener.try_recv().await?.is_some() {
                means.wake.notify_one();
            }
            // Nothing received is a connection that was lost and is there again.
        }
    };
    tokio::select! {
        ended = hear => ended,
        () = means.stop.cancelled() => Ok(()),
    }
}
