//! A cap on connections a second.

use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::Instant;

/// Hands out the times at which connections may be opened.
#[derive(Debug)]
pub struct Pace {
    gap: Option<Duration>,
    next: Mutex<Instant>,
}

impl Pace {
    /// At most `rate` a second; none for no cap.
    #[must_use]
    pub fn new(rate: Option<u32>) -> Self {
        let gap = rate.filter(|&rate| rate > 0).map(|rate| Duration::from_secs(1) / rate);
        Self { gap, next: Mutex::new(Instant::now()) }
    }

    /// Waits for one's turn.
    pub async fn turn(&self) {
        let Some(gap) = self.gap else { return };
        let at = {
            let mut next = self.next.lock().await;
            let at = (*next).max(Instant::now());
            *next = at + gap;
            at
        };
        tokio::time::sleep_until(at).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn turns_are_a_gap_apart() {
        let pace = Pace::new(Some(100));
        let started = Instant::now();
        for _ in 0..6 {
            pace.turn().await;
        }
        assert!(started.elapsed() >= Duration::from_millis(50));
    }
}
