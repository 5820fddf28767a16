//! Making an input smaller while the same thing is seen of it: tokens first, then octets.
//!
//! Delta debugging with pieces that become smaller. It asks for one trial after the other, so that whoever plays them
//! may take the time for it; it is bounded by a number of trials.

use super::input::{Input, Kind};

/// Trials of one minimisation, at most, unless somebody says otherwise.
pub const TRIALS_MOST: usize = 300;

/// A minimisation under way.
#[derive(Debug, Clone)]
pub struct Minimiser {
    input: Input,
    trials: usize,
    size: usize,
    at: usize,
    /// Whether something was left out since the input was last gone over from the start.
    any: bool,
    by_octet: bool,
}

impl Minimiser {
    /// Begins with an input that is known to show it.
    #[must_use]
    pub fn new(input: Input, trials: usize) -> Self {
        let size = input.len().div_ceil(2).max(1);
        Self { input, trials, size, at: 0, any: false, by_octet: false }
    }

    /// The next smaller input to be tried; none when there is nothing left to leave out, or no trial.
    pub fn candidate(&mut self) -> Option<Input> {
        loop {
            if self.trials == 0 {
                return None;
            }
            if self.at >= self.input.len() {
                if !self.next_size() {
                    return None;
                }
                continue;
            }
            let smaller = self.input.spliced(self.at..(self.at + self.size).min(self.input.len()), &[]);
            if smaller.is_empty() {
                self.at += self.size;
                continue;
            }
            self.trials -= 1;
            return Some(smaller);
        }
    }

    /// What became of the candidate.
    pub fn tell(&mut self, candidate: Input, shows: bool) {
        if shows {
            self.input = candidate;
            self.any = true;
        } else {
            self.at += self.size;
        }
    }

    /// The smallest input so far that shows it.
    #[must_use]
    pub fn into_smallest(self) -> Input {
        self.input
    }

    fn next_size(&mut self) -> bool {
        self.at = 0;
        if self.size > 1 {
            self.size /= 2;
        } else if self.any {
            self.any = false;
        } else if self.by_octet {
            return false;
        } else {
            let octets = self.input.octets().iter();
            self.input = octets.map(|octet| (Kind::Noise, std::slice::from_ref(octet))).collect();
            self.by_octet = true;
            self.size = self.input.len().div_ceil(4).max(1);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn smallest(input: Input, mut shows: impl FnMut(&Input) -> bool) -> Input {
        let mut minimiser = Minimiser::new(input, TRIALS_MOST);
        while let Some(candidate) = minimiser.candidate() {
            let it_shows = shows(&candidate);
            minimiser.tell(candidate, it_shows);
        }
        minimiser.into_smallest()
    }

    #[test]
    fn what_shows_it_stays_and_nothing_else() {
        let has = |octets: &[u8], what: &[u8]| octets.windows(what.len()).any(|window| window == what);
        let words = "a b c needle d e f pin g h".split_inclusive(' ').map(|word| (Kind::Value, word.as_bytes()));
        let small = smallest(words.collect(), |input| has(input.octets(), b"edl") && has(input.octets(), b"in"));
        assert_eq!(small.octets(), b"edlin");
    }

    #[test]
    fn trials_are_bounded() {
        let mut trials = 0;
        let input: Input = (0..5_000).map(|_| (Kind::Value, &b"ab"[..])).collect();
        smallest(input, |_| {
            trials += 1;
            trials % 3 == 0
        });
        assert!(trials <= TRIALS_MOST, "{trials}");
    }
}
