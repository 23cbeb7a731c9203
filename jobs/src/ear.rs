//! Hears of notices the moment they are committed.

use crate::Means;
use sea_orm::sqlx::{self, postgres::PgListener};

/// The trigger on `notification` notifies on this channel.
const CHANNEL: &str = "mela_notification";

/// Wakes the post office whenever a transaction commits a notice, and after every reconnect: NOTIFYs were lost meanwhile.
pub(crate) async fn listen(means: &Means) -> Result<(), sqlx::Error> {
    let hear = async {
        let mut listener = PgListener::connect_with(means.core.db().get_postgres_connection_pool()).await?;
        listener.listen(CHANNEL).await?;
        loop {
            means.wake.notify_one();
            // Nothing received is a connection that was lost and is there again.
            listener.try_recv().await?;
        }
    };
    tokio::select! {
        ended = hear => ended,
        () = means.stop.cancelled() => Ok(()),
    }
}
