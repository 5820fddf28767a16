//! Holding every response that was met against the rules for senders.
//!
//! What the reader reports of framing and grammar, and what [`lint`] makes of fields and statuses. One
//! finding per rule, with a count and one example.

use std::collections::BTreeMap;
use std::time::SystemTime;

use startline_parser::reader::Message;
use startline_parser::rule::status_line::STATUS_LINE_MISSING;

use super::exchange::{answers_of, methods_of};
use super::{Verdict, requests};
use crate::answers::Answer;
use crate::lint::{self, Response};
use crate::observation::{Ended, Observation};
use crate::rule::{DATE_PRESENT, Level, On, Rule};

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
    /// What shows it there; nothing where the octet says all.
    pub what: String,
}

impl Finding {
    /// The level at which the rule binds senders of responses.
    #[must_use]
    pub fn level(&self) -> Level {
        self.rule.sender(On::Response).map_or(Level::None, |reaction| reaction.level)
    }

    /// What happened, for reports.
    #[must_use]
    pub fn why(&self) -> String {
        let what = if self.what.is_empty() { String::new() } else { format!(": {}", self.what) };
        let responses = if self.count == 1 { "1 response shows" } else { &format!("{} responses show", self.count) };
        format!("{responses} it; the first at octet {}{what}", self.offset)
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
    /// Whether some response shows that the server has a clock, without which it owes no date.
    has_clock: bool,
    /// When the first response can have been made, if the server goes by our clock.
    since: Option<SystemTime>,
    responses: usize,
}

impl Lint {
    /// For a server that goes by our clock, and has sent nothing before `since`.
    #[must_use]
    pub fn with_clock(since: SystemTime) -> Self {
        Self { since: Some(since), ..Self::default() }
    }

    /// Looks at every response of an exchange of the check at this place in the catalogue.
    pub fn look(&mut self, at: usize, observation: &Observation) {
        let sent = observation.octets_sent();
        let requests = requests(&sent).messages;
        let answers = answers_of(observation);
        let is_quiet = observation.ended == Ended::Quiet;
        let made = self.since.map(|since| (since, SystemTime::now()));
        if !answered_in_kind(&requests) {
            // Whatever was made of the requests, the first answer is one, and can be looked at by itself.
            if let Some(answer) = answers.first().filter(|answer| answer.status.is_some()) {
                self.responses += 1;
                self.look_at(
                    at,
                    observation,
                    &Response { answer, request: None, method: None, version: None, is_quiet, made },
                );
            }
            return;
        }
        let answers = in_count(in_http(answers), &methods_of(&sent));
        self.responses += answers.len();
        let mut finals = 0;
        for answer in &answers {
            let request = requests.get(finals);
            finals += usize::from(!answer.is_interim());
            for &(rule, offset) in answer.faults.iter().filter(|(rule, _)| rule.sender(On::Response).is_some()) {
                self.add(at, observation, rule, offset, String::new());
            }
            let method = request.and_then(|request| request.method(&sent));
            let version = request.and_then(Message::version);
            let request = request.filter(|request| request.faults.is_empty());
            self.look_at(at, observation, &Response { answer, request, method, version, is_quiet, made });
        }
    }

    fn look_at(&mut self, at: usize, observation: &Observation, response: &Response<'_>) {
        for found in lint::lint(response) {
            self.add(at, observation, found.rule, found.offset, found.what);
        }
        let answer = response.answer;
        self.has_clock |= lint::shows_clock(answer);
        if lint::owes_date(answer) {
            let what = format!("a {} without Date", answer.status.unwrap_or(0));
            self.add(at, observation, &DATE_PRESENT, answer.start, what);
        }
    }

    fn add(&mut self, at: usize, observation: &Observation, rule: &'static Rule, offset: usize, what: String) {
        let new = |what| Finding { rule, count: 0, at, example: observation.clone(), offset, what };
        match self.findings.get_mut(rule.id) {
            // Checks end in any order; the example is always that of the first one.
            Some(finding) if at < finding.at => *finding = Finding { count: finding.count + 1, ..new(what) },
            Some(finding) => finding.count += 1,
            None => {
                self.findings.insert(rule.id, Finding { count: 1, ..new(what) });
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
        self.findings.values().filter(|finding| self.has_clock || finding.rule != &DATE_PRESENT)
    }
}

/// The answers up to a switch of protocols: what stands behind the head of a 101 is not HTTP/1.1 (RFC 9110 section 7.8).
fn in_http(mut answers: Vec<Answer>) -> Vec<Answer> {
    if let Some(switch) = answers.iter().position(|answer| answer.status == Some(101)) {
        answers.truncate(switch + 1);
    }
    answers
}

/// The answers up to the point where the count is lost: octets without a status-line, be it the first of all. They are
/// a fault of their own, but what follows from reading them as a head is none; behind an answer to HEAD they are its
/// content, which a rule of its own is about.
fn in_count(mut answers: Vec<Answer>, methods: &[Vec<u8>]) -> Vec<Answer> {
    let misses_line = |answer: &Answer| answer.faults.iter().any(|(rule, _)| *rule == &STATUS_LINE_MISSING);
    let is_lost = |(at, answer): (usize, &Answer)| answer.status.is_none() && (at > 0 || misses_line(answer));
    let Some(lost) = answers.iter().enumerate().position(is_lost) else { return answers };
    let finals = answers[..lost].iter().filter(|answer| !answer.is_interim()).count();
    let behind_head = finals > 0 && methods.get(finals - 1).is_some_and(|method| method == b"HEAD");
    answers.truncate(if behind_head { lost } else { lost + 1 });
    if !behind_head && let Some(last) = answers.last_mut() {
        if misses_line(last) {
            last.faults.retain(|(rule, _)| *rule == &STATUS_LINE_MISSING);
        }
        last.faults.truncate(1);
    }
    answers
}

/// A server that takes a broken request-line for HTTP/0.9 answers without a status-line, and a server that lost count of
/// the requests answers in another order than the methods say. Neither is the sender's grammar, so only answers to
/// requests without faults are looked at beyond the first, and none to a request without a version.
fn answered_in_kind(requests: &[Message]) -> bool {
    let has_version = |message: &Message| {
        message.version().is_some() && !message.faults.iter().any(|fault| fault.rule.id.starts_with("version-"))
    };
    let broken = requests.iter().filter(|message| !message.faults.is_empty()).count();
    requests.iter().all(has_version) && (broken == 0 || requests.len() == 1)
}
