//! From the inbox to the handlers: one update at a time in a chat, many chats at once, none forgotten.

use crate::app::{App, Failure, UpdateNo};
use crate::handlers::{customer, stars};
use crate::inbox::{self, Ticket};
use crate::schema::Schema;
use futures::FutureExt;
use mela_core::notifications::{self, Notice};
use std::collections::{HashMap, VecDeque};
use std::panic::AssertUnwindSafe;
use std::time::Duration;
use teloxide::dptree;
use teloxide::types::{Update, UpdateKind};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

/// Updates handled at once.
const AT_ONCE: usize = 64;
/// And so many more of what Telegram waits for, so that no queue keeps it.
const URGENT: usize = 16;
/// A handler that takes longer is undone and run again.
const LONGEST: Duration = Duration::from_secs(300);
/// How long a stopping program waits for the handlers under way.
const GRACE: Duration = Duration::from_secs(10);

/// The chats that have something to do. Holds ids only: a flood costs sixteen bytes an update.
#[derive(Debug, Default)]
struct Lanes {
    /// What waits in each lane that is being worked on or is ready; a lane without an entry is idle.
    waiting: HashMap<i64, VecDeque<i64>>,
    /// Lanes whose head may start, in the order in which they became ready.
    ready: VecDeque<Ticket>,
    /// The same of what Telegram waits for.
    urgent: VecDeque<Ticket>,
}

impl Lanes {
    fn push(&mut self, ticket: Ticket) {
        match self.waiting.get_mut(&ticket.lane) {
            Some(queue) => queue.push_back(ticket.update_id),
            None => {
                self.waiting.insert(ticket.lane, VecDeque::new());
                self.is_ready(ticket);
            }
        }
    }

    fn is_ready(&mut self, ticket: Ticket) {
        if ticket.is_urgent() {
            self.urgent.push_back(ticket);
        } else {
            self.ready.push_back(ticket);
        }
    }

    /// What may start while so many are running.
    fn next(&mut self, running: usize) -> Option<Ticket> {
        let urgent = if running < AT_ONCE + URGENT { self.urgent.pop_front() } else { None };
        urgent.or_else(|| if running < AT_ONCE { self.ready.pop_front() } else { None })
    }

    fn finished(&mut self, lane: i64) {
        match self.waiting.get_mut(&lane).and_then(VecDeque::pop_front) {
            Some(update_id) => self.is_ready(Ticket { update_id, lane }),
            None => {
                self.waiting.remove(&lane);
            }
        }
    }
}

/// Handles what the listener stored, and what an earlier run left, until `stop`; then lets the handlers under way end.
pub async fn run(app: App, schema: Schema, mut tickets: mpsc::Receiver<Ticket>, stop: CancellationToken) {
    let (done, marks) = mpsc::channel(AT_ONCE * 2);
    let marker = AbortOnDropHandle::new(tokio::spawn(mark_done(app.clone(), marks)));
    let mut lanes = Lanes::default();
    let mut running: JoinSet<i64> = JoinSet::new();
    loop {
        while let Some(ticket) = lanes.next(running.len()) {
            let work = handle(app.clone(), schema.clone(), ticket, done.clone(), stop.clone());
            running.spawn(async move {
                work.await;
                ticket.lane
            });
        }
        metrics::gauge!("mela_updates_running").set(running.len() as f64);
        tokio::select! {
            Some(ended) = running.join_next() => match ended {
                Ok(lane) => lanes.finished(lane),
                Err(error) => tracing::error!(%error, "a handler's task ended by itself"),
            },
            ticket = tickets.recv() => match ticket {
                Some(ticket) => lanes.push(ticket),
                None => break,
            },
            () = stop.cancelled() => break,
        }
    }
    let all = async { while running.join_next().await.is_some() {} };
    if tokio::time::timeout(GRACE, all).await.is_err() {
        tracing::warn!("stopping before every handler ended: what is unfinished is run again at the next start");
    }
    running.shutdown().await;
    drop(done);
    if let Err(error) = marker.await {
        tracing::error!(%error, "marking updates done ended by itself");
    }
}

/// A handled update, and whom to tell that it is marked.
type Mark = (i64, oneshot::Sender<()>);

/// Marks updates done, together those that came while the last were being marked.
async fn mark_done(app: App, mut marks: mpsc::Receiver<Mark>) {
    let mut batch = Vec::new();
    while marks.recv_many(&mut batch, 500).await > 0 {
        let ids: Vec<i64> = batch.iter().map(|(id, _)| *id).collect();
        let mut pause = Duration::from_millis(100);
        while let Err(error) = inbox::done(app.core().db(), app.core().now(), &ids).await {
            tracing::error!(%error, updates = ids.len(), "cannot mark updates done, trying again");
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(Duration::from_secs(10));
            if marks.is_closed() {
                // Stopping: they are run again at the next start, which changes nothing.
                return;
            }
        }
        for (_, marked) in batch.drain(..) {
            // Whoever asked may have been stopped meanwhile.
            let _ = marked.send(());
        }
    }
}

/// Handles one update until it is done or put aside, or the program stops. The lane goes on only after it is marked.
async fn handle(app: App, schema: Schema, ticket: Ticket, done: mpsc::Sender<Mark>, stop: CancellationToken) {
    let mut pause = Duration::from_millis(100);
    loop {
        match attempt(&app, &schema, ticket).await {
            Ok(()) => {
                let (marked, wait) = oneshot::channel();
                if done.send((ticket.update_id, marked)).await.is_ok() {
                    // An error is the marker stopping: the update is run again at the next start.
                    let _ = wait.await;
                }
                return;
            }
            Err(Attempt::Gone) => return,
            Err(Attempt::Again(why)) => {
                tracing::warn!(update_id = ticket.update_id, lane = ticket.lane, why, pause_ms = pause.as_millis(), "an update will be run again");
            }
        }
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = stop.cancelled() => return,
        }
        pause = (pause * 2).min(Duration::from_secs(10));
    }
}

/// Why an update is not done after an attempt.
enum Attempt {
    /// It was done or put aside before, or is now put aside.
    Gone,
    /// To be run again.
    Again(String),
}

async fn attempt(app: &App, schema: &Schema, ticket: Ticket) -> Result<(), Attempt> {
    let again = |error: sea_orm::DbErr| Attempt::Again(error.to_string());
    let taken = inbox::take(app.core().db(), ticket.update_id).await.map_err(again)?.ok_or(Attempt::Gone)?;
    let (body, sealed) = match taken.opened(app.core(), ticket.update_id) {
        Ok(body) => (body, None),
        // Under a key that is not here: put aside like what cannot be handled, so that the rest of the chat goes on. The row stays.
        Err(trouble) => (String::new(), Some(trouble.to_string())),
    };
    let started = std::time::Instant::now();
    let work = async {
        match sealed {
            Some(why) => Err(Failure::Broken(why)),
            None => dispatch(app, schema, ticket, &body).await,
        }
    };
    let handled = AssertUnwindSafe(tokio::time::timeout(LONGEST, work)).catch_unwind().await;
    metrics::histogram!("mela_update_seconds").record(started.elapsed().as_secs_f64());
    let failure = match handled {
        Ok(Ok(Ok(()) | Err(Failure::Unreachable))) => return Ok(()),
        Ok(Ok(Err(Failure::Away(why)))) => return Err(Attempt::Again(why)),
        Ok(Ok(Err(Failure::Broken(why)))) => why,
        Ok(Err(_)) => "it took too long".to_owned(),
        Err(panic) => panic
            .downcast_ref::<&str>()
            .map(|s| (*s).to_owned())
            .or_else(|| panic.downcast_ref::<String>().cloned())
            .unwrap_or_else(|| "a panic".to_owned()),
    };
    let aside = inbox::failed(app.core().db(), app.core().now(), ticket.update_id, &failure).await.map_err(again)?;
    metrics::counter!("mela_update_failures_total").increment(1);
    if !aside {
        return Err(Attempt::Again(failure));
    }
    tracing::error!(update_id = ticket.update_id, lane = ticket.lane, error = failure, "an update failed too often and is put aside");
    put_aside(app, ticket, &failure).await.map_err(again)?;
    Err(Attempt::Gone)
}

/// Alarms the staff, and says to the person that it was our fault. Telling must not fail the rest.
async fn put_aside(app: &App, ticket: Ticket, failure: &str) -> Result<(), sea_orm::DbErr> {
    let text = format!("update {} in chat {} failed {} times and is put aside: {failure}", ticket.update_id, ticket.lane, inbox::PATIENCE);
    notifications::alert(app.core(), &Notice::Alarm { text }, Some(format!("aside:{}", ticket.update_id))).await?;
    if ticket.lane > 0 {
        let texts = app.texts_for(ticket.lane, None).await?;
        let sorry = crate::reply::Screen::new(texts.html("failed", &[]));
        if let Err(error) = crate::reply::say(app.wire(), ticket.lane, &sorry, crate::wire::Patience::Wait).await {
            tracing::warn!(%error, lane = ticket.lane, "could not say that an update failed");
        }
    }
    Ok(())
}

async fn dispatch(app: &App, schema: &Schema, ticket: Ticket, body: &str) -> Result<(), Failure> {
    if let Some(handled) = stars::update(app, body).await {
        return handled;
    }
    // From text, not from a Value: that turns every update into an unknown kind. Parsing can panic; the caller catches it.
    // What is wrong is told by its place: the error's own words may repeat what was written.
    let place = |e: serde_json::Error| Failure::Broken(format!("an update that cannot be read, at line {} column {}", e.line(), e.column()));
    let update: Update = serde_json::from_str(body).map_err(place)?;
    if matches!(update.kind, UpdateKind::Error(_)) {
        return customer::unreadable(app, body).await;
    }
    match schema.dispatch(dptree::deps![app.clone(), update, UpdateNo(ticket.update_id)]).await {
        std::ops::ControlFlow::Break(handled) => handled,
        // Kinds that the shop does not understand are done.
        std::ops::ControlFlow::Continue(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_at_a_time_in_a_lane_and_lanes_in_order_of_arrival() {
        let mut lanes = Lanes::default();
        for (update_id, lane) in [(1, 7), (2, 7), (3, 8), (4, 7)] {
            lanes.push(Ticket { update_id, lane });
        }
        let mut next = |finished: Option<i64>| {
            if let Some(lane) = finished {
                lanes.finished(lane);
            }
            lanes.next(0).map(|t| t.update_id)
        };
        assert_eq!((next(None), next(None), next(None)), (Some(1), Some(3), None));
        assert_eq!((next(Some(7)), next(Some(8))), (Some(2), None));
        assert_eq!((next(Some(7)), next(Some(7)), next(None)), (Some(4), None, None));
    }
}
