//! Keeps the parts going: whatever ends one, it begins again, after pauses that grow while it fails.

use futures::FutureExt;
use std::any::Any;
use std::fmt::Display;
use std::panic::AssertUnwindSafe;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// The pause after a first failure.
const SHORTEST: Duration = Duration::from_millis(100);
/// No pause is longer: work resumes within seconds of the database's return.
const LONGEST: Duration = Duration::from_secs(2);
/// What has run for so long works again: longer than a connection is waited for.
const WELL: Duration = Duration::from_secs(10);

/// Runs a part until `stop`, which the part itself obeys. A failure is logged once, not at every try until it works.
pub(crate) async fn keep<F, Fut, E>(part: &'static str, of: &'static str, stop: &CancellationToken, mut run: F)
where
    F: FnMut() -> Fut,
    Fut: Future<Output = Result<(), E>>,
    E: Display,
{
    let mut pause = Pause::default();
    let mut known = false;
    while !stop.is_cancelled() {
        let running = AssertUnwindSafe(run()).catch_unwind();
        tokio::pin!(running);
        let ended = tokio::select! {
            ended = &mut running => ended,
            () = tokio::time::sleep(WELL) => {
                pause = Pause::default();
                if std::mem::take(&mut known) {
                    tracing::info!(part, of, "works again");
                }
                running.await
            }
        };
        if stop.is_cancelled() {
            return;
        }
        let error = match ended {
            Ok(Ok(())) => "it ended".to_owned(),
            Ok(Err(error)) => error.to_string(),
            Err(panic) => panic_text(&*panic),
        };
        if known {
            tracing::debug!(part, of, error, "still fails");
        } else {
            tracing::error!(part, of, error, "a part of the jobs failed; it is tried again until it works");
        }
        known = true;
        tokio::select! {
            () = tokio::time::sleep(pause.longer()) => {}
            () = stop.cancelled() => {}
        }
    }
}

/// Pauses between tries.
#[derive(Debug, Default)]
pub(crate) struct Pause(Option<Duration>);

impl Pause {
    /// The next pause: each is twice the one before.
    pub(crate) fn longer(&mut self) -> Duration {
        let next = self.0.map_or(SHORTEST, |last| (last * 2).min(LONGEST));
        *self = Self(Some(next));
        next
    }
}

/// What a panic said.
pub(crate) fn panic_text(panic: &(dyn Any + Send)) -> String {
    let said = panic.downcast_ref::<&str>().map(|said| (*said).to_owned()).or_else(|| panic.downcast_ref::<String>().cloned());
    format!("panic: {}", said.unwrap_or_default())
}
