//! Time in many short rounds that every contestant takes part in, so that all of them meet the same weather on a machine
//! that has other work to do.

use std::time::{Duration, Instant};

/// Does its work as many times as it is told.
pub type Contestant<'a> = Box<dyn FnMut(u32) + 'a>;

/// Nanoseconds for each contestant's work once: the figure below which a tenth of its rounds lie.
///
/// Contestants of a group work on the same octets. They take turns with each other, so that all of them find these in the
/// caches; the groups take turns too, but after some rounds, so that each is spread over the whole time.
#[must_use]
pub fn interleaved(groups: &mut [Vec<Contestant<'_>>]) -> Vec<Vec<f64>> {
    const TURNS: usize = 30;
    const ROUNDS: usize = 10;
    let mut samples: Vec<Vec<Vec<f64>>> = groups.iter().map(|group| vec![Vec::new(); group.len()]).collect();
    let mut batches: Vec<Vec<u32>> = groups.iter().map(|group| vec![1; group.len()]).collect();
    for _ in 0..TURNS {
        for ((group, samples), batches) in groups.iter_mut().zip(&mut samples).zip(&mut batches) {
            for _ in 0..ROUNDS {
                for ((run, samples), batch) in group.iter_mut().zip(samples.iter_mut()).zip(batches.iter_mut()) {
                    samples.push(timed(run, batch));
                }
            }
        }
    }
    let lowest = |samples| lowest_tenth(samples).expect("there are rounds");
    samples.into_iter().map(|group| group.into_iter().map(lowest).collect()).collect()
}

/// Runs a batch, and makes the next one larger if this one was over too soon.
fn timed(run: &mut Contestant<'_>, batch: &mut u32) -> f64 {
    const LONG: Duration = Duration::from_micros(500);
    let start = Instant::now();
    run(*batch);
    let taken = start.elapsed();
    let once = taken.as_secs_f64() * 1e9 / f64::from(*batch);
    if taken < LONG / 2 {
        *batch = batch.saturating_mul(2);
    }
    once
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
