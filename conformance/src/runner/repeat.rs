//! Findings are repeated on fresh connections before they are reported.

use std::future::Future;
use std::pin::Pin;
use std::task::Poll;

use tokio::sync::Semaphore;

use super::{Options, attempt};
use crate::check::Check;
use crate::judge::{Judgement, Verdict};
use crate::observation::{Ended, Observation, Purpose};
use crate::probe::Context;

/// Repeats a check that found something; what it comes to, with the exchanges that show it and the verdicts of the
/// repetitions.
///
/// After silence a repetition waits long. Where there is room for it the repetitions then wait side by side, since
/// waiting disturbs nobody; otherwise, and where there was an answer, they follow each other.
pub(super) async fn repeat(
    context: &Context,
    check: &Check,
    mut judgement: Judgement,
    mut exchanges: Vec<Observation>,
    options: &Options,
    room: &Semaphore,
) -> (Judgement, Vec<Observation>, Vec<Verdict>) {
    let was_quiet = exchanges.iter().any(|exchange| exchange.ended == Ended::Quiet);
    let mut longer = context.calibration.patience.times(4);
    if was_quiet {
        longer.quiet = longer.quiet.max(options.after_silence);
        longer.exchange = longer.exchange.max(options.after_silence * 5);
    }
    let permits = room.try_acquire_many(options.repeat.saturating_sub(1));
    let attempts = (0..options.repeat).map(|_| attempt(context, check, longer));
    let found = if was_quiet && permits.is_ok() {
        join_all(attempts).await
    } else {
        let mut found = Vec::new();
        drop(permits);
        for attempt in attempts {
            found.push(attempt.await);
        }
        found
    };
    let confirmed: Vec<Verdict> = found.iter().map(|(again, _)| again.verdict).collect();
    let Some((again, mut more)) = found.into_iter().next_back() else { return (judgement, exchanges, confirmed) };
    for observation in &mut more {
        observation.purpose = Purpose::Confirm;
    }
    let agree = confirmed.iter().all(|verdict| *verdict == again.verdict);
    if agree && again.verdict == judgement.verdict {
        judgement = again;
    } else if agree && was_quiet {
        // The first attempt was out of patience too early; with more of it all attempts agree.
        judgement = again;
        exchanges = more;
    } else {
        let words: Vec<&str> = confirmed.iter().map(|verdict| verdict.word()).collect();
        let why = format!("first {}, then {}: {}", judgement.verdict, words.join(", "), judgement.why);
        judgement = Judgement::new(Verdict::Unstable, why, judgement.expected);
        exchanges.extend(more);
    }
    (judgement, exchanges, confirmed)
}

/// Runs futures side by side in one task.
async fn join_all<F: Future>(futures: impl IntoIterator<Item = F>) -> Vec<F::Output> {
    let mut waiting: Vec<Pin<Box<F>>> = futures.into_iter().map(Box::pin).collect();
    let mut done: Vec<Option<F::Output>> = waiting.iter().map(|_| None).collect();
    std::future::poll_fn(|context| {
        for (future, done) in waiting.iter_mut().zip(&mut done) {
            if done.is_none()
                && let Poll::Ready(output) = future.as_mut().poll(context)
            {
                *done = Some(output);
            }
        }
        if done.iter().all(Option::is_some) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    done.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn side_by_side_takes_as_long_as_the_longest() {
        let started = tokio::time::Instant::now();
        let sleep = |ms: u64| async move {
            tokio::time::sleep(Duration::from_millis(ms)).await;
            ms
        };
        assert_eq!(join_all([30, 10, 20].map(sleep)).await, [30, 10, 20]);
        assert!(started.elapsed() < Duration::from_millis(58));
    }
}
