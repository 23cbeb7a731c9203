//! Many tasks at once.

#![expect(clippy::unwrap_used, reason = "the helpers of tests are tests")]

use std::sync::Arc;
use tokio::sync::Barrier;

/// Runs so many tasks, all let loose in the same moment, and answers what they answer, in their order.
pub(crate) async fn at_once<T, F>(tasks: usize, task: impl Fn(usize) -> F) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let gate = Arc::new(Barrier::new(tasks));
    let running: Vec<_> = (0..tasks)
        .map(|n| {
            let (gate, work) = (Arc::clone(&gate), task(n));
            tokio::spawn(async move {
                gate.wait().await;
                work.await
            })
        })
        .collect();
    let mut answers = Vec::with_capacity(tasks);
    for task in running {
        answers.push(task.await.unwrap());
    }
    answers
}
