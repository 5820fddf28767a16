//! How much a peer takes: thresholds, and the search for them.
//!
//! The search is a function of what was taken and what was not, so that it can be tested without a peer. It grows by
//! doubling, halves the gap, then tries both sides of the threshold and larger sizes again: a peer that takes those is
//! said to be so, and not forced into one number.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::target::AddressClass;

/// What is limited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// Octets of the request-line, without its line end.
    RequestLine,
    /// Octets of one field line, without its line end.
    FieldLine,
    /// Octets of all field lines with their line ends.
    FieldSection,
    /// Number of field lines.
    FieldCount,
}

impl What {
    /// Everything that is measured.
    pub const ALL: [Self; 4] = [Self::RequestLine, Self::FieldLine, Self::FieldSection, Self::FieldCount];

    /// In words, for reports.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::RequestLine => "request-line",
            Self::FieldLine => "field line",
            Self::FieldSection => "field section",
            Self::FieldCount => "number of field lines",
        }
    }

    /// What sizes are counted in.
    #[must_use]
    pub const fn unit(self) -> &'static str {
        if matches!(self, Self::FieldCount) { "field lines" } else { "octets" }
    }

    /// The largest size that is tried: less where others share the peer.
    #[must_use]
    pub const fn most(self, class: AddressClass) -> usize {
        match (self, class) {
            (Self::FieldCount, AddressClass::Loopback) => 64 << 10,
            (Self::FieldCount, AddressClass::Elsewhere) => 1 << 10,
            (_, AddressClass::Loopback) => 1 << 20,
            (_, AddressClass::Elsewhere) => 64 << 10,
        }
    }
}

/// A threshold that was looked for.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Limit {
    /// What is limited.
    pub what: What,
    /// The largest size that was taken, with the answer to it.
    pub below: Option<(usize, String)>,
    /// The smallest size that was not, with the answer to it, or what came in place of one.
    pub above: Option<(usize, String)>,
    /// The largest size that would have been tried.
    pub most: usize,
    /// Sizes beyond the threshold that were taken all the same.
    pub taken_beyond: Vec<usize>,
    /// Another limit that was met first, so that this one cannot be seen.
    pub met_first: Option<What>,
}

impl Limit {
    /// Whether the two sides are next to each other and nothing larger was taken.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        let side = |side: &Option<(usize, String)>| side.as_ref().map(|(size, _)| *size);
        matches!((side(&self.below), side(&self.above)), (Some(below), Some(above)) if below + 1 == above)
            && self.taken_beyond.is_empty()
    }

    /// In words, for reports.
    #[must_use]
    pub fn words(&self) -> String {
        let unit = self.what.unit();
        let side = |(size, answer): &(usize, String)| format!("{size} {unit}: {answer}");
        let mut words = match (&self.below, &self.above) {
            (None, None) => "not found".to_owned(),
            (Some(below), None) => format!("none found; {}", side(below)),
            (None, Some(above)) => format!("the smallest that was tried is too large; {}", side(above)),
            (Some(below), Some(above)) => format!("{}; {}", side(below), side(above)),
        };
        if !self.taken_beyond.is_empty() {
            let sizes: Vec<String> = self.taken_beyond.iter().map(ToString::to_string).collect();
            words += &format!("; not one threshold, since larger ones were taken ({})", sizes.join(", "));
        } else if self.below.is_some() && self.above.is_some() && !self.is_exact() {
            words += "; somewhere in between, as the time for the search was over";
        }
        if let Some(first) = self.met_first {
            words += &format!("; the limit of the {} is met there", first.words());
        }
        words
    }
}

/// Thresholds that are known, for whoever needs one after the first.
#[derive(Debug, Clone, Default)]
pub struct Known(Arc<Mutex<BTreeMap<What, Limit>>>);

impl Known {
    /// What is known of this limit.
    #[must_use]
    pub fn get(&self, what: What) -> Option<Limit> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&what).cloned()
    }

    /// Keeps a limit.
    pub fn keep(&self, limit: Limit) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(limit.what, limit);
    }

    /// Every limit that is known, in order.
    #[must_use]
    pub fn all(&self) -> Vec<Limit> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }
}

/// A search under way.
#[derive(Debug, Clone)]
pub struct Search {
    start: usize,
    most: usize,
    taken: usize,
    refused: Option<usize>,
    /// Sizes beyond the threshold that are still to be tried; none before the threshold is known.
    beyond: Option<Vec<usize>>,
    taken_beyond: Vec<usize>,
}

impl Search {
    /// A search that begins at `start` and ends at `most`. `least` is known to be taken.
    #[must_use]
    pub const fn new(least: usize, start: usize, most: usize) -> Self {
        Self { start, most, taken: least, refused: None, beyond: None, taken_beyond: Vec::new() }
    }

    /// The size to try next; none when there is nothing left to learn.
    #[must_use]
    pub fn next(&self) -> Option<usize> {
        match self.refused {
            None if self.taken >= self.most => None,
            None if self.taken < self.start => Some(self.start.min(self.most)),
            None => Some(self.taken.saturating_mul(2).min(self.most)),
            Some(refused) if refused - self.taken > 1 => Some(self.taken + (refused - self.taken) / 2),
            Some(_) => self.beyond.as_ref().and_then(|left| left.last().copied()),
        }
    }

    /// What came of the size that [`next`](Self::next) gave.
    pub fn tell(&mut self, size: usize, was_taken: bool) {
        if let Some(left) = &mut self.beyond {
            left.retain(|other| *other != size);
            if was_taken {
                self.taken_beyond.push(size);
            }
            return;
        }
        if was_taken {
            self.taken = size
        } else {
            self.refused = Some(size)
        }
        if let Some(refused) = self.refused
            && refused - self.taken <= 1
        {
            let larger = [refused.saturating_mul(2), refused.saturating_mul(5), self.most];
            let larger = larger.into_iter().filter(|size| refused < *size && *size <= self.most);
            self.beyond = Some(larger.collect());
        }
    }

    /// The largest size that was taken and the smallest that was not.
    #[must_use]
    pub const fn found(&self) -> (usize, Option<usize>) {
        (self.taken, self.refused)
    }

    /// Sizes beyond the threshold that were taken.
    #[must_use]
    pub fn taken_beyond(&self) -> &[usize] {
        &self.taken_beyond
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn search(start: usize, most: usize, takes: impl Fn(usize) -> bool) -> (Search, usize) {
        let mut search = Search::new(20, start, most);
        let mut tries = 0;
        while let Some(size) = search.next() {
            assert!(size <= most);
            search.tell(size, takes(size));
            tries += 1;
            assert!(tries < 64, "the search does not end");
        }
        (search, tries)
    }

    #[test]
    fn every_threshold_is_found() {
        for limit in (20..5000).chain([8190, 65_535, 65_536, 999_999, 1 << 20]) {
            let (found, tries) = search(64, 1 << 20, |size| size <= limit);
            let above = (limit < 1 << 20).then_some(limit + 1);
            assert_eq!(found.found(), (limit.min(1 << 20), above));
            assert!(found.taken_beyond().is_empty() && tries < 40);
        }
    }

    #[test]
    fn the_ends() {
        assert_eq!(search(64, 1000, |_| true).0.found(), (1000, None));
        assert_eq!(search(64, 1000, |_| false).0.found(), (20, Some(21)));
        assert_eq!(search(64, 32, |_| true).0.found(), (32, None));
    }

    #[test]
    fn a_peer_that_takes_more_beyond_is_seen() {
        let (found, _) = search(64, 100_000, |size| size <= 700 || size > 3000);
        assert_eq!(found.found(), (700, Some(701)));
        assert_eq!(found.taken_beyond(), [100_000, 3505]);
    }

    #[test]
    fn a_peer_without_any_order_ends_the_search_too() {
        for seed in 0..200 {
            let mut random = fastrand::Rng::with_seed(seed);
            let random = std::cell::RefCell::new(&mut random);
            search(64, 1 << 20, |_| random.borrow_mut().bool());
        }
    }

    #[test]
    fn words_say_what_was_found() {
        let side = |size, answer: &str| Some((size, answer.to_owned()));
        let limit = |below, above, beyond: &[usize]| Limit {
            what: What::FieldLine,
            below,
            above,
            most: 1 << 20,
            taken_beyond: beyond.to_vec(),
            met_first: None,
        };
        let exact = limit(side(10, "200"), side(11, "reset"), &[]);
        assert_eq!((exact.is_exact(), &exact.words()[..]), (true, "10 octets: 200; 11 octets: reset"));
        assert!(limit(side(10, "200"), side(11, "431"), &[40]).words().contains("not one threshold"));
        assert!(limit(side(10, "200"), side(20, "431"), &[]).words().contains("somewhere in between"));
        assert!(limit(side(10, "200"), None, &[]).words().starts_with("none found"));
    }
}
