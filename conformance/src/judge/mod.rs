//! From octets to verdicts. Pure: what was observed goes in, a verdict with its reasons comes out, and can be computed
//! again at any time.
//!
//! [`table`] is the one place that knows what an outcome is worth under a reaction; [`outcome`] tells what an
//! observation comes to; [`flight`] holds answers against the readings that the RFCs permit, `folds` values that go on in the next line; [`expectation`] judges the
//! checks that say themselves what they expect; [`lint`] holds every response against the rules for senders.

pub mod exchange;
pub mod expectation;
pub mod flight;
mod folds;
pub mod lint;
pub mod outcome;
pub mod stream;
#[cfg(test)]
mod stream_tests;
pub mod table;
#[cfg(test)]
mod tests;

use startline_parser::Limits;
use startline_parser::policy::Policy;
use startline_parser::reader::{self, Permitted, Reading};

use crate::measure::Measured;
use crate::resource::Need;
use crate::rule::{On, Rule};

/// Limits for reading what was sent by ourselves and what came back of it; no check comes near them.
pub const LIMITS: Limits =
    Limits::DEFAULT.with_head(1 << 23).with_start_line(1 << 23).with_field_line(1 << 23).with_trailer_section(1 << 23);

/// What requests a stream of octets comes to for a strict recipient, with every fault.
#[must_use]
pub fn requests(octets: &[u8]) -> Reading {
    reader::read(octets, On::Request, &[], &Policy::STRICT, &LIMITS)
}

/// Every reading of a stream of requests that the RFCs permit.
#[must_use]
pub fn permitted_requests(octets: &[u8]) -> Vec<Permitted> {
    reader::permitted(octets, On::Request, &[], &LIMITS)
}

/// What a check comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The peer does what the text asks for.
    Pass,
    /// Permitted, and worth knowing.
    Note,
    /// The check got the same refusal as its control.
    Masked,
    /// Nothing can be said.
    NotJudged,
    /// A SHOULD is broken, or a MUST is met in an odd way.
    Warn,
    /// A MUST is broken.
    Fail,
    /// Repetitions disagree.
    Unstable,
    /// The harness could not do its work.
    Error,
}

impl Verdict {
    /// Every verdict, in the order of reports.
    pub const ALL: [Self; 8] =
        [Self::Fail, Self::Warn, Self::Note, Self::Pass, Self::Masked, Self::NotJudged, Self::Unstable, Self::Error];

    /// The word used in reports.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Note => "note",
            Self::Masked => "masked",
            Self::NotJudged => "not-judged",
            Self::Warn => "warn",
            Self::Fail => "fail",
            Self::Unstable => "unstable",
            Self::Error => "error",
        }
    }

    /// The verdict with this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verdict| verdict.word() == word)
    }

    /// Whether the check told something about the peer.
    #[must_use]
    pub const fn is_judged(self) -> bool {
        matches!(self, Self::Pass | Self::Note | Self::Warn | Self::Fail)
    }

    /// Whether it has to be confirmed before it is reported.
    #[must_use]
    pub const fn is_finding(self) -> bool {
        matches!(self, Self::Fail | Self::Warn)
    }

    /// The graver of two verdicts of the table.
    #[must_use]
    pub fn worse(self, other: Self) -> Self {
        let grade = |verdict| match verdict {
            Self::Pass => 0,
            Self::Note => 1,
            Self::Warn => 2,
            Self::Fail => 3,
            Self::Masked | Self::NotJudged | Self::Unstable | Self::Error => 4,
        };
        if grade(other) > grade(self) { other } else { self }
    }

    /// The milder of two verdicts of the table.
    #[must_use]
    pub fn milder(self, other: Self) -> Self {
        if self.worse(other) == self { other } else { self }
    }
}

impl std::fmt::Display for Verdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.word())
    }
}

/// A verdict with its reasons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// The verdict.
    pub verdict: Verdict,
    /// What happened, in plain words.
    pub why: String,
    /// What would have been right, in plain words.
    pub expected: String,
    /// The rule that decided, where it is not the check's own.
    pub decided_by: Option<&'static Rule>,
    /// How many octets the peer was measured to read for a length in doubt.
    pub reading: Option<Measured>,
    /// What the target would have to have for more to be said.
    pub needs: Option<Need>,
}

impl Judgement {
    /// A judgement by the check's own rule.
    #[must_use]
    pub fn new(verdict: Verdict, why: impl Into<String>, expected: impl Into<String>) -> Self {
        let (why, expected) = (why.into(), expected.into());
        Self { verdict, why, expected, decided_by: None, reading: None, needs: None }
    }

    /// Nothing can be said.
    #[must_use]
    pub fn not_judged(why: impl Into<String>) -> Self {
        Self::new(Verdict::NotJudged, why, "")
    }

    /// Nothing can be said, because no resource of the target has what the check needs.
    #[must_use]
    pub fn without(need: Need) -> Self {
        let why = format!("no given path has what this needs ({need})");
        Self { needs: Some(need), ..Self::not_judged(why) }
    }
}
