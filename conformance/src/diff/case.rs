//! Disagreements: put together by cause, ranked by what they can do.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::compare::{Clusters, Degree};
use super::source::Stream;
use super::subject::Cell;
use crate::judge::Verdict;
use crate::judge::expectation::level;
use crate::rule::{Impact, Level, Rule};

/// More kinds of disagreement than these are not kept apart.
pub const KINDS_MOST: usize = 1_000;

/// A stream that targets take differently.
#[derive(Debug, Clone)]
pub struct Disagreement {
    /// How far apart they are.
    pub degree: Degree,
    /// Which targets behave alike.
    pub clusters: Vec<Option<usize>>,
    /// The rules that the stream breaks, read strictly, or, if it breaks none, that of the check or those of its features.
    pub rules: Vec<&'static Rule>,
    /// Whether the stream breaks a rule.
    pub is_faulty: bool,
    /// What each target made of it, in the order of the targets.
    pub cells: Vec<Cell>,
    /// The name of the stream, and of others with the same outcome.
    pub names: Vec<String>,
    /// How many streams had this outcome.
    pub count: usize,
    /// What was sent.
    pub stream: Stream,
}

/// More names are not kept.
const NAMES_MOST: usize = 20;

/// What makes disagreements the same.
type Kind = (Degree, Vec<Option<usize>>, Vec<&'static str>);

impl Disagreement {
    /// A disagreement over one stream; none if the targets agree.
    #[must_use]
    pub fn of(name: String, stream: Stream, cells: Vec<Cell>, clusters: Clusters) -> Option<Self> {
        let degree = clusters.degree?;
        let sent = &cells.first()?.sent;
        let reading = crate::judge::requests(sent);
        let mut rules: Vec<&'static Rule> = reading.faults().map(|fault| fault.rule).collect();
        let is_faulty = !rules.is_empty();
        if !is_faulty {
            rules = match &stream {
                Stream::Check(check) => vec![check.rule],
                Stream::Tokens(..) => reading.features().map(|feature| feature.rule).collect(),
            };
        }
        rules.sort_by_key(|rule| (rule.impact, level(rule), rule.id));
        rules.dedup_by_key(|rule| rule.id);
        Some(Self { degree, clusters: clusters.of, rules, is_faulty, cells, names: vec![name], count: 1, stream })
    }

    /// The targets that break a rule, by number.
    pub fn wrong(&self) -> impl Iterator<Item = usize> {
        let is_wrong = |cell: &Cell| cell.behaviour.is_some() && cell.judged.verdict.is_finding();
        self.cells.iter().enumerate().filter(move |(_, cell)| is_wrong(cell)).map(|(at, _)| at)
    }

    /// Whether it is worth being told by itself: anybody may close when they like, so that this is one only where it
    /// parts those who break a rule from those who do not.
    #[must_use]
    pub fn counts(&self) -> bool {
        let of = |at: usize| self.clusters.get(at).copied().flatten();
        let wrong: Vec<usize> = self.wrong().collect();
        let right = |at: &usize| !wrong.contains(at) && of(*at).is_some();
        let parts = |at: usize| (0..self.cells.len()).filter(right).any(|other| of(other) != of(at));
        self.degree > Degree::Closes || wrong.iter().any(|&at| parts(at))
    }

    /// The rules that are broken, or, if none is, those of the stream.
    fn decisive(&self) -> impl Iterator<Item = &'static Rule> {
        let blamed: Vec<&'static Rule> =
            self.wrong().flat_map(|at| self.cells[at].judged.blamed.iter().copied()).collect();
        if blamed.is_empty() { self.rules.clone().into_iter() } else { blamed.into_iter() }
    }

    /// The gravest impact.
    #[must_use]
    pub fn impact(&self) -> Impact {
        self.decisive().map(|rule| rule.impact).min().unwrap_or(Impact::Semantics)
    }

    /// The strictest level.
    #[must_use]
    pub fn level(&self) -> Level {
        self.decisive().map(level).min().unwrap_or(Level::None)
    }

    fn kind(&self) -> Kind {
        (self.degree, self.clusters.clone(), self.rules.iter().map(|rule| rule.id).collect())
    }

    fn size(&self) -> usize {
        self.cells.first().map_or(0, |cell| cell.sent.len())
    }

    /// The order of reports: the widest apart, the gravest impact, the strictest level, a MUST broken, the smallest.
    fn rank(&self) -> impl Ord + use<> {
        let worst = self.wrong().any(|at| self.cells[at].judged.verdict == Verdict::Fail);
        (
            Reverse(self.counts()),
            Reverse(self.degree),
            self.impact(),
            self.level(),
            !worst,
            self.size(),
            self.names.first().cloned(),
        )
    }
}

/// Disagreements, one of each kind: the smallest stream.
#[derive(Debug, Default)]
pub struct Cases {
    found: HashMap<Kind, Disagreement>,
    /// How many were let go because there were too many kinds.
    pub dropped: usize,
}

impl Cases {
    /// Adds one.
    pub fn add(&mut self, mut case: Disagreement) {
        let kind = case.kind();
        let has_room = self.found.len() < KINDS_MOST;
        match self.found.entry(kind) {
            Entry::Occupied(mut known) => {
                let known = known.get_mut();
                if case.size() < known.size() {
                    std::mem::swap(known, &mut case);
                }
                known.count += case.count;
                let room = NAMES_MOST.saturating_sub(known.names.len());
                known.names.extend(case.names.into_iter().take(room));
            }
            Entry::Vacant(_) if !has_room => self.dropped += 1,
            Entry::Vacant(free) => {
                free.insert(case);
            }
        }
    }

    /// Puts a smaller stream in the place of one that is kept, with the count and the names of that.
    pub fn replace(&mut self, old: &Disagreement, small: Disagreement) {
        if let Some(old) = self.found.remove(&old.kind()) {
            self.add(Disagreement { count: old.count, names: old.names, ..small });
        }
    }

    /// All of them, ranked.
    #[must_use]
    pub fn ranked(self) -> Vec<Disagreement> {
        let mut all: Vec<Disagreement> = self.found.into_values().collect();
        all.sort_by_cached_key(Disagreement::rank);
        all
    }
}
