//! Holding every response that was met against the rules for senders.
//!
//! What the reader reports of framing and grammar, that is; what fields mean comes later. One finding per rule, with a
//! count and one example.

use std::collections::BTreeMap;

use startline_parser::reader;

use super::exchange::{answers_of, methods_of};
use super::{Verdict, requests};
use crate::answers::Answer;
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
        let answers = in_count(answers_of(observation), &methods_of(&observation.octets_sent()));
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

/// The answers up to the point where the count is lost: octets without a status-line behind another answer. They are
/// a fault of their own, but what follows from reading them as a head is none; behind an answer to HEAD they are its
/// content, which a rule of its own is about.
fn in_count(mut answers: Vec<Answer>, methods: &[Vec<u8>]) -> Vec<Answer> {
    let Some(lost) = answers.iter().skip(1).position(|answer| answer.status.is_none()).map(|at| at + 1) else {
        return answers;
    };
    let finals = answers[..lost].iter().filter(|answer| !answer.is_interim()).count();
    let behind_head = finals > 0 && methods.get(finals - 1).is_some_and(|method| method == b"HEAD");
    answers.truncate(if behind_head { lost } else { lost + 1 });
    if !behind_head && let Some(last) = answers.last_mut() {
        last.faults.truncate(1);
    }
    answers
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
