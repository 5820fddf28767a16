//! How often something is repeated before it is believed: Wald's sequential probability ratio test.
//!
//! A behaviour that shows in at most one repetition of five is chance, one that shows in nine of ten is the target's. The
//! test goes on until it can tell the two apart: it takes chance for a behaviour in at most one case of a thousand
//! ([`FALSE_ALARMS`]), and a behaviour for chance in at most one of a hundred ([`MISSES`]). Five repetitions that all show
//! it are enough, and so are three that do not. What lies between is told as unstable after [`MOST`].

/// Share of repetitions in which chance shows.
pub const CHANCE: f64 = 0.2;

/// Share of repetitions in which a behaviour shows.
pub const BEHAVIOUR: f64 = 0.9;

/// Share of cases in which chance is taken for a behaviour, at most.
pub const FALSE_ALARMS: f64 = 0.001;

/// Share of cases in which a behaviour is taken for chance, at most.
pub const MISSES: f64 = 0.01;

/// After so many repetitions it is left undecided.
pub const MOST: u32 = 40;

/// The test under way.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Test {
    evidence: f64,
    /// Repetitions that showed it.
    pub shown: u32,
    /// All repetitions.
    pub repeated: u32,
}

/// What is known after some repetitions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Another repetition is needed.
    Open,
    /// The target behaves so.
    Holds,
    /// It was chance.
    Chance,
    /// Neither: it shows now and then.
    Unstable,
}

impl Test {
    /// Adds a repetition.
    pub fn add(&mut self, shows: bool) -> Decision {
        self.repeated += 1;
        self.shown += u32::from(shows);
        self.evidence += if shows { (BEHAVIOUR / CHANCE).ln() } else { ((1.0 - BEHAVIOUR) / (1.0 - CHANCE)).ln() };
        if self.evidence >= ((1.0 - MISSES) / FALSE_ALARMS).ln() {
            Decision::Holds
        } else if self.evidence <= (MISSES / (1.0 - FALSE_ALARMS)).ln() {
            Decision::Chance
        } else if self.repeated >= MOST {
            Decision::Unstable
        } else {
            Decision::Open
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decide(rng: &mut fastrand::Rng, share: f64) -> Decision {
        let mut test = Test::default();
        loop {
            match test.add(rng.f64() < share) {
                Decision::Open => {}
                decision => return decision,
            }
        }
    }

    #[test]
    fn five_that_show_it_or_three_that_do_not_are_enough() {
        let run = |shows: bool| {
            let mut test = Test::default();
            while test.add(shows) == Decision::Open {}
            test.repeated
        };
        assert_eq!((run(true), run(false)), (5, 3));
    }

    #[test]
    fn the_error_rates_are_those_that_are_stated() {
        let mut rng = fastrand::Rng::with_seed(9112);
        let cases = 100_000;
        let mut count = |share, wrong| (0..cases).filter(|_| decide(&mut rng, share) == wrong).count();
        let alarms = count(CHANCE, Decision::Holds);
        let misses = count(BEHAVIOUR, Decision::Chance);
        assert!(f64::from(u32::try_from(alarms).unwrap()) / 100_000.0 <= FALSE_ALARMS, "{alarms}");
        assert!(f64::from(u32::try_from(misses).unwrap()) / 100_000.0 <= MISSES * 1.1, "{misses}");
    }
}
