//! Time in many short rounds that every contestant takes part in, so that all of them meet the same weather on a machine
//! that has other work to do.

use std::time::{Duration, Instant};

/// Does its work as many times as it is told.
pub type Contestant<'a> = Box<dyn FnMut(u32) + 'a>;

/// Nanoseconds for each contestant's work once: the figure below which a tenth of its rounds lie.
#[must_use]
pub fn interleaved(contestants: &mut [Contestant<'_>]) -> Vec<f64> {
    const ROUNDS: usize = 300;
    const ROUND: Duration = Duration::from_micros(500);
    let mut samples = vec![Vec::with_capacity(ROUNDS); contestants.len()];
    let mut batches = vec![1_u32; contestants.len()];
    for _ in 0..ROUNDS {
        for ((run, samples), batch) in contestants.iter_mut().zip(&mut samples).zip(&mut batches) {
            let start = Instant::now();
            run(*batch);
            let taken = start.elapsed();
            samples.push(taken.as_secs_f64() * 1e9 / f64::from(*batch));
            if taken < ROUND / 2 {
                *batch = batch.saturating_mul(2);
            }
        }
    }
    samples.into_iter().map(|samples| lowest_tenth(samples).expect("there are rounds")).collect()
}

/// The figure below which a tenth of them lie; none where there are none.
#[must_use]
pub fn lowest_tenth(mut figures: Vec<f64>) -> Option<f64> {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 10).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenth_lies_below() {
        assert_eq!(lowest_tenth((0..100).rev().map(f64::from).collect()), Some(10.0));
        assert_eq!(lowest_tenth(vec![7.0]), Some(7.0));
        assert_eq!(lowest_tenth(Vec::new()), None);
    }
}
