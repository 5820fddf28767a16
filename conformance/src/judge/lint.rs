//! Holding every response that was met against the rules for senders.
//!
//! What the reader reports of framing and grammar, that is; what fields mean comes later. One finding per rule, with a
//! count and one example.

use std::collections::BTreeMap;

use startline_parser::reader;

use super::exchange::answers_of;
use super::{Verdict, requests};
use crate::observation::Observation;
use crate::rule::{Level, On, Rule};

/// A rule for senders that responses break.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// How often it was broken.
    pub count: usize,
    /// The place in the catalogue of the check whose exchange is the example.
    pub at: usize,
    /// The first exchange that shows it.
    pub example: Observation,
    /// Offset of the octet in what was received.
    pub offset: usize,
}

impl Finding {
    /// The level at which the rule binds senders of responses.
    #[must_use]
    pub fn level(&self) -> Level {
        self.rule.sender(On::Response).map_or(Level::None, |reaction| reaction.level)
    }

    /// The verdict.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        super::expectation::broken(self.level())
    }
}

/// Collects findings over many exchanges.
#[derive(Debug, Default)]
pub struct Lint {
    findings: BTreeMap<&'static str, Finding>,
    responses: usize,
}

impl Lint {
    /// Looks at every response of an exchange of the check at this place in the catalogue.
    pub fn look(&mut self, at: usize, observation: &Observation) {
        if !answered_in_kind(observation) {
            return;
        }
        let answers = answers_of(observation);
        self.responses += answers.len();
        for answer in answers {
            for (rule, offset) in answer.faults {
                if rule.sender(On::Response).is_none() {
                    continue;
                }
                let new = || Finding { rule, count: 0, at, example: observation.clone(), offset };
                let finding = self.findings.entry(rule.id).or_insert_with(new);
                // Checks end in any order; the example is always that of the first one.
                if at < finding.at {
                    *finding = Finding { count: finding.count, ..new() };
                }
                finding.count += 1;
            }
        }
    }

    /// How many responses were looked at.
    #[must_use]
    pub const fn responses(&self) -> usize {
        self.responses
    }

    /// What was found, by rule.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.findings.values()
    }
}

/// A server that takes a broken request-line for HTTP/0.9 answers without a status-line, and a server that lost count of
/// the requests answers in another order than the methods say. Neither is the sender's grammar, so only answers to
/// requests without faults are looked at beyond the first, and none to a request without a version.
fn answered_in_kind(observation: &Observation) -> bool {
    let sent = observation.octets_sent();
    let reading = requests(&sent);
    let has_version = |message: &reader::Message| {
        message.version().is_some() && !message.faults.iter().any(|fault| fault.rule.id.starts_with("version-"))
    };
    let broken = reading.messages.iter().filter(|message| !message.faults.is_empty()).count();
    reading.messages.iter().all(has_version) && (broken == 0 || reading.messages.len() == 1)
}
