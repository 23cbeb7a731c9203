//! The post office: takes what the outbox holds and has it sent, many chats at once, none waiting for another.

use crate::keep::{Pause, panic_text};
use crate::{Means, Outside};
use chrono::TimeDelta;
use futures::future::BoxFuture;
use futures::stream::FuturesUnordered;
use futures::{FutureExt, StreamExt};
use mela_core::Core;
use mela_core::notifications::{self, Claimed, Outcome};
use sea_orm::DbErr;
use std::collections::BTreeSet;
use std::convert::Infallible;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::time::Instant;

/// How long signing in is waited for.
const UNSIGNED: Duration = Duration::from_secs(10);
/// Piles under way at once, at most.
const AT_ONCE: u32 = 100;
/// A claim must not run out while its notices wait for their turn: no more are taken than go out in these seconds.
const AHEAD_S: u32 = 4;
/// The longest rest between two looks into the outbox.
const REST: Duration = Duration::from_secs(2);
/// No notice is put off for less, nor for more.
const SOONEST: TimeDelta = TimeDelta::milliseconds(100);
const LATEST: TimeDelta = TimeDelta::days(1);
/// The longest pause after failures of one notice.
const LONGEST: TimeDelta = TimeDelta::seconds(30);

/// Something that was under way has ended.
enum Step {
    /// The outbox was looked into, for so many piles; that took so long.
    Looked {
        found: Result<Vec<Claimed>, DbErr>,
        room: u32,
        took: Duration,
    },
    /// A pile was settled: how many notices are told, and when to look again for those that are not.
    Settled { told: usize, again: Option<Duration> },
}

/// One process's or one sweep's.
struct Office<'a> {
    core: &'a Core,
    outside: &'a dyn Outside,
    under_way: FuturesUnordered<BoxFuture<'a, Step>>,
    /// Piles that may be under way at once, and that are.
    limit: u32,
    piles: u32,
    /// There may be something to claim; it is being looked for; and not before.
    hungry: bool,
    looking: bool,
    look_at: Instant,
    pause: Pause,
    /// When notices that were put off are due.
    due: BTreeSet<Instant>,
    /// Piles that are told, which could not be written down yet. No claim meanwhile: it could bring them again.
    unwritten: &'a AtomicUsize,
    told: usize,
}

impl<'a> Office<'a> {
    fn new(core: &'a Core, outside: &'a dyn Outside, unwritten: &'a AtomicUsize) -> Self {
        let rate = core.settings_store().last().limits.notices_per_second.get();
        Self {
            core,
            outside,
            under_way: FuturesUnordered::new(),
            limit: rate.saturating_mul(AHEAD_S).clamp(1, AT_ONCE),
            piles: 0,
            hungry: true,
            looking: false,
            look_at: Instant::now(),
            pause: Pause::default(),
            due: BTreeSet::new(),
            unwritten,
            told: 0,
        }
    }

    /// Whether there is reason and room to look into the outbox.
    fn may_look(&self) -> bool {
        self.hungry && !self.looking && self.piles < self.limit && self.unwritten.load(Ordering::Relaxed) == 0
    }

    /// Looks into the outbox, if it may.
    fn look(&mut self) {
        if !self.may_look() || Instant::now() < self.look_at {
            return;
        }
        let room = self.limit.saturating_sub(self.piles);
        // What is committed from now on may be missed by this look, and wakes for another.
        (self.hungry, self.looking) = (false, true);
        let core = self.core;
        let look = async move {
            let begun = Instant::now();
            Step::Looked { found: notifications::claim(core, room).await, room, took: begun.elapsed() }
        };
        self.under_way.push(look.boxed());
    }

    /// Goes on after a step. A failed look is repeated after a pause.
    fn take(&mut self, step: Step) -> Result<(), DbErr> {
        match step {
            Step::Looked { found: Ok(claimed), room, took } => {
                self.looking = false;
                self.pause = Pause::default();
                self.hungry |= claimed.len() >= room as usize;
                // A look costs more the more chats wait (0.4 s at 100,000): a fifth of the time is enough for it.
                self.look_at = Instant::now() + (took * 4).min(REST);
                for pile in claimed {
                    self.piles += 1;
                    self.under_way.push(send(self.core, self.outside, pile, self.unwritten).boxed());
                }
            }
            Step::Looked { found: Err(error), .. } => {
                (self.hungry, self.looking) = (true, false);
                self.look_at = Instant::now() + self.pause.longer();
                return Err(error);
            }
            Step::Settled { told, again } => {
                self.piles = self.piles.saturating_sub(1);
                self.told += told;
                // A chat is free again: what waited behind can go.
                self.hungry = true;
                self.due.extend(again.map(|wait| Instant::now() + wait));
            }
        }
        Ok(())
    }

    /// When to look by the clock.
    fn next(&self) -> Option<Instant> {
        self.may_look().then_some(self.look_at).into_iter().chain(self.due.first().copied()).min()
    }

    /// Forgets what is due by now, and looks for it.
    fn wake_due(&mut self) {
        let later = self.due.split_off(&Instant::now());
        self.hungry |= !self.due.is_empty();
        self.due = later;
    }

    /// Ends what is under way, so that it is neither sent again nor waited for at the next start.
    async fn close(mut self) {
        while let Some(step) = self.under_way.next().await {
            if let Step::Looked { found: Ok(claimed), .. } = step {
                for pile in claimed {
                    // Left to run out otherwise.
                    let _ = notifications::settle(self.core, &pile, &Outcome::Later(TimeDelta::zero())).await;
                }
            }
        }
    }
}

/// Sends until the program stops: at every wake, when a delayed notice is due, and at the start.
pub(crate) async fn run(means: &Means) -> Result<(), Infallible> {
    tokio::select! {
        _ = means.signed_in.wait() => {}
        // Where nobody can LISTEN (a pooler), notices go out all the same.
        () = tokio::time::sleep(UNSIGNED) => {}
        () = means.stop.cancelled() => return Ok(()),
    }
    let unwritten = AtomicUsize::new(0);
    let mut office = Office::new(&means.core, &*means.outside, &unwritten);
    let mut known = false;
    loop {
        office.look();
        let next = office.next().unwrap_or_else(|| Instant::now() + Duration::from_secs(3_600));
        tokio::select! {
            Some(step) = office.under_way.next(), if !office.under_way.is_empty() => {
                let looked = matches!(step, Step::Looked { .. });
                match office.take(step) {
                    Err(error) if !known => {
                        known = true;
                        tracing::error!(%error, "cannot look for notices; it is tried again until it works");
                    }
                    Ok(()) if looked => known = false,
                    _ => {}
                }
            }
            () = means.wake.notified() => office.hungry = true,
            () = tokio::time::sleep_until(next) => office.wake_due(),
            () = means.stop.cancelled() => break,
        }
    }
    office.close().await;
    Ok(())
}

/// Sends what is due now, until a look finds nothing; answers how many notices were told.
pub(crate) async fn sweep(core: &Core, outside: &dyn Outside) -> Result<usize, DbErr> {
    let unwritten = AtomicUsize::new(0);
    let mut office = Office::new(core, outside, &unwritten);
    let mut failed = None;
    loop {
        if failed.is_none() {
            office.look();
        }
        if let Some(step) = office.under_way.next().await {
            failed = office.take(step).err().or(failed);
        } else if failed.is_some() || !office.hungry {
            return failed.map_or(Ok(office.told), Err);
        } else {
            tokio::time::sleep_until(office.look_at).await;
        }
    }
}

/// Sends one pile and writes down what became of it.
async fn send(core: &Core, outside: &dyn Outside, pile: Claimed, unwritten: &AtomicUsize) -> Step {
    let delivered = AssertUnwindSafe(outside.deliver(&pile)).catch_unwind().await;
    let failed = match delivered {
        Ok(Ok(Outcome::Later(wait))) => Ok(Outcome::Later(wait.clamp(SOONEST, LATEST))),
        Ok(Ok(outcome)) => Ok(outcome),
        Ok(Err(error)) => Err(error.to_string()),
        Err(panic) => Err(panic_text(&*panic)),
    };
    let outcome = failed.unwrap_or_else(|error| {
        let wait = TimeDelta::seconds(1 << pile.attempts.clamp(0, 5)).min(LONGEST);
        tracing::error!(error, first = ?pile.ids.first(), notices = pile.ids.len(), attempts = pile.attempts, "a notice could not be prepared; it is tried again");
        Outcome::Later(wait)
    });
    metrics::counter!("mela_notices_total", "outcome" => outcome.name()).increment(pile.ids.len() as u64);
    let mut pause = Pause::default();
    let mut known = false;
    while let Err(error) = notifications::settle(core, &pile, &outcome).await {
        if !std::mem::replace(&mut known, true) {
            unwritten.fetch_add(1, Ordering::Relaxed);
            tracing::error!(%error, "cannot write down what became of a notice; it is tried again until it works");
        }
        tokio::time::sleep(pause.longer()).await;
    }
    if known {
        unwritten.fetch_sub(1, Ordering::Relaxed);
    }
    match outcome {
        Outcome::Sent => Step::Settled { told: pile.ids.len(), again: None },
        Outcome::Dropped(_) => Step::Settled { told: 0, again: None },
        // A moment late rather than early: an early look would find nothing.
        Outcome::Later(wait) => Step::Settled { told: 0, again: Some(wait.to_std().unwrap_or_default() + Duration::from_millis(10)) },
    }
}
