//! The books of a run: what was entered in the order of the numbers, what was kept, what was found.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::{KEPT_MOST, Outcome, Run};
use crate::fuzz::confirm::{Confirmed, Suspicion};
use crate::fuzz::finding::{Finding, SCHEMA, id, shown};
use crate::fuzz::input::Input;
use crate::judge::Verdict;
use crate::judge::lint::Lint;
use crate::judge::stream::{Judged, What};
use crate::observation::{Ended, Observation, Piece, Purpose, Sent as SentPiece};

/// How often the same suspicion is followed before it is let go.
const TRIES_MOST: u32 = 6;

/// So many inputs in a row without any answer look as if the target were gone.
const SILENCE: usize = 48;

/// So many inputs are remembered in case that one of them has brought the target down.
const RECENT: usize = 512;

/// Numbers of a run.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize)]
pub struct Totals {
    /// Inputs that were played and judged.
    pub inputs: u64,
    /// The number of the next input.
    pub next: u64,
    /// Messages in them, the canaries not counted.
    pub messages: u64,
    /// Messages with a fault, in a strict reading.
    pub faulty: u64,
    /// Answers that came.
    pub answers: u64,
    /// Inputs on a connection that had carried others.
    pub reused: u64,
    /// Inputs after which the target closed the connection.
    pub closed: u64,
    /// Inputs after which nothing came for the quiet period.
    pub quiet: u64,
    /// Inputs that are kept because the target behaved in a new way.
    pub kept: u64,
    /// Suspicions that were followed.
    pub suspected: u64,
    /// Suspicions that were dropped, by the reason.
    pub dropped: std::collections::BTreeMap<&'static str, u64>,
    /// Suspicions that there was no time to decide.
    pub undecided: u64,
    /// How long it took altogether, confirmations included.
    #[serde(serialize_with = "seconds")]
    pub took: Duration,
    /// How long inputs were played.
    #[serde(serialize_with = "seconds")]
    pub played: Duration,
}

fn seconds<S: serde::Serializer>(time: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(time.as_secs_f64())
}

impl Totals {
    /// Messages that were judged in a second while inputs were played.
    #[must_use]
    pub fn rate(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "a rate for people")]
        let messages = self.messages as f64;
        messages / self.played.as_secs_f64().max(1e-9)
    }
}

type Key = (Vec<&'static str>, What);

pub(super) struct Books {
    pub(super) totals: Totals,
    pub(super) first_finding_at: Option<u64>,
    next: u64,
    early: HashMap<u64, Box<Outcome>>,
    behaviours: HashSet<u64>,
    tries: HashMap<Key, u32>,
    /// Rules and what was seen, of what has been found.
    found: HashMap<Key, usize>,
    findings: Vec<Finding>,
    lint: Lint,
    linted: HashSet<&'static str>,
    silent: usize,
    refused: usize,
    recent: VecDeque<(u64, Arc<Input>)>,
}

fn key(judged: &Judged) -> Key {
    (judged.blamed.iter().map(|rule| rule.id).collect(), judged.what)
}

impl Books {
    pub(super) fn new(first: u64, known: Vec<Finding>) -> Self {
        let key = |finding: &Finding| (finding.known_rules().map(|rule| rule.id).collect(), finding.what);
        Self {
            totals: Totals { next: first, ..Totals::default() },
            first_finding_at: None,
            next: first,
            early: HashMap::new(),
            behaviours: HashSet::new(),
            tries: HashMap::new(),
            found: known.iter().enumerate().map(|(at, finding)| (key(finding), at)).collect(),
            findings: known,
            lint: Lint::with_clock(SystemTime::now()),
            linted: HashSet::new(),
            silent: 0,
            refused: 0,
            recent: VecDeque::new(),
        }
    }

    pub(super) fn arrived(&mut self, outcome: Box<Outcome>) {
        self.early.insert(outcome.index, outcome);
    }

    /// The next outcome in the order of the numbers, once it is there.
    pub(super) fn pop(&mut self) -> Option<Box<Outcome>> {
        let outcome = self.early.remove(&self.next)?;
        self.next += 1;
        Some(outcome)
    }

    /// Enters an outcome; the input, if the behaviour is new.
    pub(super) fn enter(&mut self, outcome: &Outcome) -> Option<Arc<Input>> {
        let totals = &mut self.totals;
        let own = |start: usize| start < outcome.sent.canary_from;
        let messages = outcome.sent.strict().messages.iter().filter(|message| own(message.start));
        for message in messages {
            totals.messages += 1;
            totals.faulty += u64::from(!message.faults.is_empty());
        }
        totals.inputs += 1;
        totals.next = outcome.index + 1;
        totals.answers += outcome.judged.statuses.len() as u64;
        totals.reused += u64::from(outcome.played.before > 0);
        totals.closed += u64::from(matches!(outcome.played.ended, Ended::Fin | Ended::Reset));
        totals.quiet += u64::from(outcome.played.ended == Ended::Quiet);
        if matches!(outcome.played.ended, Ended::NotConnected(_)) {
            self.refused += 1;
        } else if outcome.played.octets.is_empty() {
            self.silent += 1;
        } else {
            (self.silent, self.refused) = (0, 0);
        }
        self.remember(outcome);
        if matches!(outcome.played.ended, Ended::NotConnected(_)) || !self.behaviours.insert(outcome.behaviour) {
            return None;
        }
        self.look_at_responses(outcome);
        if self.totals.kept >= KEPT_MOST as u64 {
            return None;
        }
        self.totals.kept += 1;
        self.recent.back().map(|(_, input)| input.clone())
    }

    fn remember(&mut self, outcome: &Outcome) {
        if self.recent.len() == RECENT {
            self.recent.pop_front();
        }
        self.recent.push_back((outcome.index, Arc::new(outcome.input.clone())));
    }

    /// Holds responses that were seen for the first time against the rules for senders, where the answers are in step.
    fn look_at_responses(&mut self, outcome: &Outcome) {
        let is_valid = outcome.sent.strict().faults().next().is_none();
        let is_in_step = outcome.judged.statuses.len() == outcome.sent.strict().messages.len();
        if !is_valid || !is_in_step || outcome.judged.verdict != Verdict::Pass {
            return;
        }
        let at = Duration::ZERO;
        let observation = Observation {
            purpose: Purpose::Check,
            sent: vec![SentPiece { piece: Piece { at, octets: outcome.sent.octets.clone() }, is_canary: false }],
            received: vec![Piece { at, octets: outcome.played.octets.clone() }],
            ended: outcome.played.ended.clone(),
            ended_at: outcome.played.took,
            before_canary: None,
            omitted: 0,
        };
        self.lint.look(usize::try_from(outcome.index).unwrap_or(usize::MAX), &observation);
    }

    /// Whether a suspicion is followed: not for ever the same one, and not what has been found already.
    pub(super) fn is_worth_it(&mut self, judged: &Judged) -> bool {
        if self.is_known(judged) {
            return false;
        }
        let tries = self.tries.entry(key(judged)).or_default();
        *tries += 1;
        let is_worth_it = *tries <= TRIES_MOST;
        self.totals.suspected += u64::from(is_worth_it);
        is_worth_it
    }

    /// Whether the same has been found, for these rules or for some of them.
    pub(super) fn is_known(&self, judged: &Judged) -> bool {
        let (rules, what) = key(judged);
        let is_part = |found: &[&str]| !found.is_empty() && found.iter().all(|rule| rules.contains(rule));
        self.found.keys().any(|(found, seen)| *seen == what && (*found == rules || is_part(found)))
    }

    /// Enters what became of a suspicion; the finding, if it is a new one.
    pub(super) fn decide(&mut self, suspicion: &Suspicion, confirmed: Confirmed) -> Option<&Finding> {
        match confirmed {
            Confirmed::Not(why) => {
                *self.totals.dropped.entry(why).or_default() += 1;
                None
            }
            Confirmed::Finding(finding) => {
                let is_new = self.found.insert(key(&suspicion.judged), self.findings.len()).is_none();
                if !is_new {
                    return None;
                }
                Some(self.add(*finding))
            }
        }
    }

    pub(super) fn add(&mut self, finding: Finding) -> &Finding {
        if finding.verdict().is_finding() {
            let entered = self.first_finding_at.get_or_insert(finding.input);
            *entered = (*entered).min(finding.input);
        }
        self.findings.push(finding);
        &self.findings[self.findings.len() - 1]
    }

    /// Whether the target seems not to answer anybody.
    pub(super) const fn looks_down(&self) -> bool {
        self.refused > 0 || self.silent >= SILENCE
    }

    pub(super) const fn forget_silence(&mut self) {
        (self.silent, self.refused) = (0, 0);
    }

    /// The inputs played last, those that are not entered yet behind the others.
    pub(super) fn recent(&self) -> Vec<(u64, Arc<Input>)> {
        let mut early: Vec<_> =
            self.early.values().map(|outcome| (outcome.index, Arc::new(outcome.input.clone()))).collect();
        early.sort_by_key(|(index, _)| *index);
        self.recent.iter().cloned().chain(early).collect()
    }

    /// What the responses break, as findings; each is told once.
    pub(super) fn responses(&mut self, target: &crate::target::Target) -> Vec<Finding> {
        let mut new = Vec::new();
        for found in self.lint.findings() {
            let verdict = found.verdict();
            if !verdict.is_finding() || !self.linted.insert(found.rule.id) {
                continue;
            }
            let sent = found.example.octets_sent();
            let redact = crate::report::Redactor::new(&target.secrets);
            new.push(Finding {
                schema: SCHEMA,
                id: id(&[found.rule], What::Response, &sent),
                target: target.url.clone(),
                host: target.host.clone(),
                verdict: verdict.word().to_owned(),
                what: What::Response,
                rules: vec![found.rule.id.to_owned()],
                impact: found.rule.impact.word().to_owned(),
                message: redact.text(&shown(&sent, usize::MAX)),
                found_in: String::new(),
                input: found.at as u64,
                statuses: Vec::new(),
                received: redact.text(&shown(&found.example.octets(), 2 * 1024)),
                ended: found.example.ended.words(),
                control: None,
                shown: (u32::try_from(found.count).unwrap_or(u32::MAX), u32::try_from(found.count).unwrap_or(u32::MAX)),
                why: redact.text(&found.why()),
                expected: String::new(),
                explained: Vec::new(),
            });
        }
        new
    }

    pub(super) fn finish(mut self, interrupted: bool, is_down: bool) -> Run {
        self.findings.sort_by_key(Finding::order);
        Run {
            totals: self.totals,
            findings: self.findings,
            first_finding_at: self.first_finding_at,
            interrupted,
            is_down,
        }
    }
}
