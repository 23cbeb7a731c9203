//! The post office: takes what the outbox holds and has it sent, many chats at once, none waiting for another.

use crate::Outside;
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use mela_core::Core;
use mela_core::notifications::{self, Claimed, Outcome};
use sea_orm::sqlx::postgres::PgListener;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// Chats written to at once.
const AT_ONCE: u32 = 25;
/// The trigger on `notification` notifies on this channel.
const CHANNEL: &str = "mela_notification";
/// After a failure of the database.
const PAUSE: Duration = Duration::from_secs(1);

/// Sends until `stop`: at every wake, when a delayed notice is due, and at the start.
pub(crate) async fn run(core: Core, outside: Arc<dyn Outside>, wake: Arc<Notify>, stop: CancellationToken) {
    let mut under_way = FuturesUnordered::new();
    let mut hungry = true;
    let mut due: Option<Instant> = None;
    loop {
        let room = AT_ONCE.saturating_sub(u32::try_from(under_way.len()).unwrap_or(AT_ONCE));
        if hungry && room > 0 {
            match notifications::claim(&core, room).await {
                Ok(claimed) => {
                    hungry = !claimed.is_empty();
                    under_way.extend(claimed.into_iter().map(|pile| send(&core, &*outside, pile)));
                }
                Err(error) => {
                    tracing::error!(%error, "cannot look for notices, trying again");
                    hungry = false;
                    due = Some(Instant::now() + PAUSE);
                }
            }
            if hungry && !stop.is_cancelled() {
                continue;
            }
        }
        let later = due.unwrap_or_else(|| Instant::now() + Duration::from_secs(3_600));
        tokio::select! {
            Some(wait) = under_way.next(), if !under_way.is_empty() => {
                // A chat is free again: what waited behind can go.
                hungry = true;
                if let Some(wait) = wait {
                    let at = Instant::now() + wait;
                    due = Some(due.map_or(at, |due| due.min(at)));
                }
            }
            () = wake.notified() => hungry = true,
            () = tokio::time::sleep_until(later) => {
                due = None;
                hungry = true;
            }
            () = stop.cancelled() => break,
        }
    }
    // What is being sent is finished, so that it is neither sent again nor waited for at the next start.
    while under_way.next().await.is_some() {}
}

/// Sends one pile and writes down what became of it; answers when to look again, if not at once.
async fn send(core: &Core, outside: &dyn Outside, pile: Claimed) -> Option<Duration> {
    let outcome = match outside.deliver(&pile).await {
        Ok(outcome) => outcome,
        Err(error) => {
            tracing::error!(%error, notices = pile.ids.len(), "a notice could not be prepared, trying again");
            Outcome::Later(chrono::TimeDelta::seconds(2))
        }
    };
    metrics::counter!("mela_notices_total", "outcome" => outcome.name()).increment(pile.ids.len() as u64);
    while let Err(error) = notifications::settle(core, &pile, &outcome).await {
        tracing::error!(%error, "cannot write down what became of a notice, trying again");
        tokio::time::sleep(PAUSE).await;
    }
    match outcome {
        Outcome::Later(wait) => Some(wait.to_std().unwrap_or_default() + Duration::from_millis(10)),
        Outcome::Sent | Outcome::Dropped(_) => None,
    }
}

/// Wakes the post office whenever a transaction commits a notice, and after every reconnect, when NOTIFYs were lost.
pub(crate) async fn listen(core: Core, wake: Arc<Notify>, stop: CancellationToken) {
    let heard = async {
        loop {
            if let Err(error) = hear(&core, &wake).await {
                tracing::warn!(%error, "cannot hear of notices; they are looked for by the clock meanwhile");
            }
            tokio::time::sleep(PAUSE).await;
        }
    };
    tokio::select! {
        () = heard => {}
        () = stop.cancelled() => {}
    }
}

async fn hear(core: &Core, wake: &Notify) -> Result<(), sea_orm::sqlx::Error> {
    let mut listener = PgListener::connect_with(core.db().get_postgres_connection_pool()).await?;
    listener.listen(CHANNEL).await?;
    wake.notify_one();
    while listener.try_recv().await?.is_some() {
        wake.notify_one();
    }
    // The connection was lost.
    Ok(())
}
