//! Long polling: updates are stored, then Telegram is told that they were taken.

use crate::app::App;
use crate::inbox::{self, Raw, Ticket};
use crate::wire::{POLL_SECONDS, Patience, WireError};
use serde_json::json;
use serde_json::value::RawValue;
use std::time::Duration;
use tokio::sync::mpsc::Sender;
use tokio_util::sync::CancellationToken;

/// Kinds of updates that the shop understands: what it asks Telegram for, whichever way they come.
pub const KINDS: [&str; 5] = ["message", "callback_query", "my_chat_member", "inline_query", "pre_checkout_query"];
/// Longest pause between tries when something is away.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// Polls until `stop`. The offset starts at 0 and is never kept: what was stored but not confirmed comes again and is known.
pub async fn run(app: App, lanes: Sender<Ticket>, stop: CancellationToken) {
    let mut offset = 0;
    let mut pause = Duration::from_millis(100);
    while !stop.is_cancelled() {
        let polled = tokio::select! {
            polled = poll(&app, offset) => polled,
            () = stop.cancelled() => return,
        };
        let updates = match polled {
            Ok(updates) => {
                pause = Duration::from_millis(100);
                crate::http::polled();
                updates
            }
            Err(WireError::Wait(wait)) => {
                tokio::time::sleep(wait).await;
                continue;
            }
            Err(error) => {
                tracing::warn!(%error, pause_ms = pause.as_millis(), "cannot fetch updates, trying again");
                tokio::select! {
                    () = tokio::time::sleep(pause) => {}
                    () = stop.cancelled() => return,
                }
                pause = (pause * 2).min(LONGEST_PAUSE);
                continue;
            }
        };
        let Some(last) = updates.iter().map(|u| u.update_id).max() else {
            continue;
        };
        let Some(fresh) = keep(&app, &updates, &stop).await else { return };
        offset = last + 1;
        metrics::counter!("mela_updates_received_total").increment(fresh.len() as u64);
        for ticket in fresh {
            // A full queue makes polling wait: Telegram keeps what we do not fetch.
            if lanes.send(ticket).await.is_err() {
                return;
            }
        }
    }
}

async fn poll(app: &App, offset: i64) -> Result<Vec<Raw>, WireError> {
    let params = json!({ "offset": offset, "limit": 100, "timeout": POLL_SECONDS, "allowed_updates": KINDS });
    let bodies: Vec<Box<RawValue>> = app.wire().call("getUpdates", &params, Patience::Tell).await?;
    Ok(bodies.iter().filter_map(|body| Raw::read(body.get())).collect())
}

/// Stores updates however long the database is away; `None` when the program stops first.
async fn keep(app: &App, updates: &[Raw], stop: &CancellationToken) -> Option<Vec<Ticket>> {
    let mut pause = Duration::from_millis(100);
    loop {
        match inbox::store(app.core(), updates).await {
            Ok(fresh) => return Some(fresh),
            Err(error) => {
                tracing::error!(%error, updates = updates.len(), pause_ms = pause.as_millis(), "cannot store updates, trying again; Telegram keeps them");
                tokio::select! {
                    () = tokio::time::sleep(pause) => {}
                    () = stop.cancelled() => return None,
                }
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
        }
    }
}
