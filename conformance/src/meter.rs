//! What an audit costs: quiet periods that were waited for, and memory.
//!
//! Waiting is charged to the check on whose behalf somebody waits. It is found there by way of the task, so that probes
//! need not know of it.

use std::future::Future;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

/// Waits: how many, and how long together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Waits {
    /// How often nothing came for a quiet period, or a pause was made.
    pub count: usize,
    /// Their sum.
    pub total: Duration,
    /// How long somebody had to wait for them, as some of them overlap.
    pub chain: Duration,
}

impl std::ops::AddAssign for Waits {
    fn add_assign(&mut self, other: Self) {
        self.count += other.count;
        self.total += other.total;
        self.chain += other.chain;
    }
}

tokio::task_local! {
    static METER: Mutex<Waits>;
}

/// Counts the waits while the future runs, in its own task.
pub async fn metered<T>(work: impl Future<Output = T>) -> (T, Waits) {
    METER
        .scope(Mutex::default(), async {
            let done = work.await;
            let waits = METER.with(|meter| *meter.lock().unwrap_or_else(PoisonError::into_inner));
            (done, waits)
        })
        .await
}

/// Charges a wait, if anybody counts.
pub fn waited(time: Duration) {
    // Outside of an audit nobody does.
    let _ = METER.try_with(|meter| {
        *meter.lock().unwrap_or_else(PoisonError::into_inner) += Waits { count: 1, total: time, chain: time };
    });
}

/// The most memory that this process has had resident so far, in octets; none where the system does not tell.
#[must_use]
pub fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    peak(&status)
}

fn peak(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

/// What an audit cost.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cost {
    /// Waits of all checks.
    pub waits: Waits,
    /// Waits of those checks that are tagged `slow`.
    pub slow: Waits,
    /// How many checks are tagged so.
    pub slow_checks: usize,
    /// The longest that a single check has waited.
    pub longest: Duration,
    /// Exchanges at once.
    pub capacity: usize,
    /// Wall time from the first check to the last.
    pub checking: Duration,
    /// Checks that were run.
    pub checks: usize,
    /// The most memory that the process has had resident, in octets, where the system tells.
    pub peak_memory: Option<u64>,
}

impl Cost {
    /// What waiting alone comes to: quiet periods overlap up to the capacity, but those of one check follow each other.
    #[must_use]
    pub fn waiting(&self) -> Duration {
        (self.waits.total / u32::try_from(self.capacity).unwrap_or(u32::MAX).max(1)).max(self.longest)
    }

    /// Milliseconds a check beyond waiting.
    #[must_use]
    pub fn ms_a_check(&self) -> f64 {
        let beyond = self.checking.saturating_sub(self.waiting());
        if self.checks == 0 { 0.0 } else { beyond.as_secs_f64() * 1e3 / self.checks as f64 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn waits_are_charged_to_the_task_that_waits() {
        waited(Duration::from_secs(9));
        let ((), waits) = metered(async {
            waited(Duration::from_millis(5));
            let ((), inner) = metered(async { waited(Duration::from_millis(1)) }).await;
            assert_eq!(inner.count, 1);
            waited(Duration::from_millis(7));
        })
        .await;
        assert_eq!((waits.count, waits.total), (2, Duration::from_millis(12)));
    }

    #[test]
    fn reads_the_peak_of_a_status() {
        assert_eq!(peak("VmPeak:\t  9 kB\nVmHWM:\t    44432 kB\n"), Some(44_432 * 1024));
        assert_eq!(peak("Name: x\n"), None);
    }

    #[test]
    fn waiting_is_the_longest_chain_or_the_sum_at_capacity() {
        let of = |total, longest| Cost {
            waits: Waits { count: 1, total: Duration::from_millis(total), ..Waits::default() },
            longest: Duration::from_millis(longest),
            capacity: 10,
            checking: Duration::from_millis(500),
            checks: 100,
            ..Cost::default()
        };
        assert_eq!(of(1000, 300).waiting(), Duration::from_millis(300));
        assert_eq!(of(4000, 300).waiting(), Duration::from_millis(400));
        assert!((of(4000, 300).ms_a_check() - 1.0).abs() < 1e-9);
    }
}
