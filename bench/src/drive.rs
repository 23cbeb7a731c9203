//! Clients in closed loops, and single calls by the clock.

use crate::wrong;
use std::future::Future;
use std::time::{Duration, Instant};

/// Runs `work` in as many closed loops as there are clients and answers how much of it was done a second; each call answers how much it did.
pub(crate) async fn drive<F, W>(clients: u32, span: Duration, work: F) -> Result<f64, String>
where
    F: Fn(u32) -> W + Clone + Send + Sync + 'static,
    W: Future<Output = Result<u32, String>> + Send + 'static,
{
    let began = Instant::now();
    let tasks: Vec<_> = (0..clients)
        .map(|client| {
            let work = work.clone();
            tokio::spawn(async move {
                let mut done = 0;
                while began.elapsed() < span {
                    done += work(client).await?;
                }
                Ok::<u32, String>(done)
            })
        })
        .collect();
    let mut all = 0;
    for task in tasks {
        all += task.await.map_err(wrong)??;
    }
    Ok(f64::from(all) / began.elapsed().as_secs_f64())
}

/// Milliseconds since then.
pub(crate) fn milliseconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1_000.0
}

/// What a call answers, and the milliseconds that it took.
pub(crate) async fn timed<T, E: std::fmt::Display>(call: impl Future<Output = Result<T, E>>) -> Result<(T, f64), String> {
    let began = Instant::now();
    let answer = call.await.map_err(wrong)?;
    Ok((answer, milliseconds(began)))
}
