//! What a check looks like with a server that is right and with one that is wrong: rehearsed, and judged as ever.
//!
//! The right one is the reference server, the wrong one the first of its mutants for the rule that the check finds. No
//! socket is opened and no time passes, so that the pages come out the same each time. Probes are not rehearsed: their
//! next step hangs on the answer before.

use std::time::{Duration, SystemTime};

use crate::answers::AnswerCounter;
use crate::calibrate::{CanarySign, canary_path};
use crate::check::{Awaited, Check, Plan, Step, octets_of};
use crate::credentials::Credentials;
use crate::judge::exchange::{Evidence, Known, answers_of, methods_of};
use crate::judge::lint::Lint;
use crate::judge::{Judgement, Verdict};
use crate::observation::{Ended, Observation, Piece, Purpose, Sent};
use crate::reference::mutant::{self, Mutant};
use crate::reference::{Behaviour, Rehearsal, State, target_options};
use crate::resource::{NOTE, Need, Resource};
use crate::rule::{On, Rule};
use crate::runner::attempt::{closes, closes_control, judged, wants_flight};
use crate::wire::Values;

/// The time in the samples: the first second of 2026, later than everything that the reference server has.
const TIME: Duration = Duration::from_secs(1_767_225_600);

/// One server's answer to a check, and its verdict.
#[derive(Debug, Clone)]
pub struct Answered {
    /// The mutant; none for the server without a fault.
    pub mutant: Option<&'static Mutant>,
    /// The check itself.
    pub check: Observation,
    /// The check and a further request in one segment, where that was needed.
    pub flight: Option<Observation>,
    /// The verdict.
    pub judgement: Judgement,
}

/// A check with a server that is right, with one that is lenient, and with one that is wrong if there is one that it
/// finds.
#[derive(Debug, Clone)]
pub struct Sample<'c> {
    /// The check.
    pub check: &'c Check,
    /// The reference server.
    pub good: Answered,
    /// The first of its lenient variants that is given a note: what is permitted besides.
    pub lenient: Option<Answered>,
    /// The first of its mutants that the check finds.
    pub bad: Option<Answered>,
}

/// Rehearses a check; none for a probe, or where the reference server has no resource that it can be tried on.
#[must_use]
pub fn sample(check: &Check) -> Option<Sample<'_>> {
    let Plan::Exchange { steps, control } = &check.plan else { return None };
    let play = |mutant: Option<&'static Mutant>| {
        let behaviour = still(mutant.map_or_else(Behaviour::default, |mutant| mutant.behaviour.clone()));
        let values = values(check.needs, &behaviour)?;
        Some(rehearse(check, [steps, control], &values, &behaviour, mutant))
    };
    let of_rule = |rule: &'static Rule| mutant::mutants().filter(move |mutant| mutant.rule == rule);
    let wrong = check.rules().flat_map(of_rule).filter(|mutant| !is_in_response(mutant));
    let bad = wrong.filter_map(|mutant| play(Some(mutant))).find(|answered| answered.judgement.verdict.is_finding());
    let lenients = mutant::lenients().filter(|lenient| lenient.rule == check.rule);
    let lenient =
        lenients.filter_map(|lenient| play(Some(lenient))).find(|answered| answered.judgement.verdict == Verdict::Note);
    Some(Sample { check, good: play(None)?, lenient, bad })
}

/// What is wrong in a response of a mutant of the rule, where responses can break it.
#[derive(Debug, Clone)]
pub struct InResponse {
    /// The mutant.
    pub mutant: &'static Mutant,
    /// The exchange that shows it.
    pub bad: Observation,
    /// The same with the reference server.
    pub good: Observation,
    /// What the lint of responses says.
    pub verdict: Verdict,
}

/// Requests to which some mutant answers wrongly; the plainest first.
const ASKED: &[&str] = &[
    "GET / HTTP/1.1\r\n",
    "OPTIONS * HTTP/1.1\r\n",
    "GET /missing HTTP/1.1\r\n",
    "HEAD / HTTP/1.1\r\n",
    "FROB / HTTP/1.1\r\n",
    "TRACE / HTTP/1.1\r\n",
    "CONNECT example.com:443 HTTP/1.1\r\n",
    "GET / HTTP/1.0\r\n",
    "POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 0\r\n",
    "GET /fixed HTTP/1.1\r\n",
    "GET /fixed HTTP/1.1\r\nIf-None-Match: *\r\n",
    "GET /fixed HTTP/1.1\r\nRange: bytes=0-1\r\n",
    "GET /fixed HTTP/1.1\r\nRange: bytes=0-1,4-5\r\n",
    "GET /fixed HTTP/1.1\r\nRange: bytes=9999-\r\n",
    "GET /private HTTP/1.1\r\n",
    "GET /negotiated HTTP/1.1\r\n",
    "GET /upgrade HTTP/1.1\r\n",
    "PUT /store/new HTTP/1.1\r\nContent-Length: 0\r\n",
];

/// Rehearses a response that breaks the rule; none if no mutant has one among the answers to a few plain requests.
#[must_use]
pub fn in_response(rule: &'static Rule) -> Option<InResponse> {
    let is_for_senders = rule.sender(On::Response).is_some();
    let wrong = || mutant::mutants().filter(|mutant| mutant.rule == rule);
    for mutant in wrong().filter(|mutant| is_for_senders || is_in_response(mutant)) {
        let behaviour = still(mutant.behaviour.clone());
        for request in ASKED {
            let bad = ask(&behaviour, request);
            let mut lint = Lint::default();
            // Some rules bind only those whose other responses show a clock.
            lint.look(0, &ask(&behaviour, ASKED[0]));
            lint.look(1, &bad);
            if let Some(finding) = lint.findings().find(|finding| finding.rule == rule) {
                let bad = finding.example.clone();
                let good = ask(&still(Behaviour::default()), if finding.at == 0 { ASKED[0] } else { request });
                return Some(InResponse { mutant, verdict: finding.verdict(), good, bad });
            }
        }
    }
    None
}

/// A conversation in which a mutant answers otherwise than the server without a fault.
#[derive(Debug, Clone)]
pub struct Difference {
    /// The mutant.
    pub mutant: &'static Mutant,
    /// What is sent, a segment each; nothing stands for the end of what the client sends.
    pub sent: Vec<Vec<u8>>,
    /// The server without a fault.
    pub good: Observation,
    /// The mutant.
    pub bad: Observation,
}

/// Conversations, a segment each, in which duties show; an empty segment closes the sending side.
const CONVERSATIONS: &[&[&str]] = &[
    &["GET / HTTP/1.1\r\nHost: example.com\r\n\r\n", "GET / HTTP/1.1\r\nHost: example.com\r\n\r\n"],
    &["GET /missing HTTP/1.1\r\nHost: example.com\r\n\r\nGET / HTTP/1.1\r\nHost: example.com\r\n\r\n"],
    &["GET / HTTP/1.1\r\nHost: example.com\r\nConnection: close\r\n\r\nGET / HTTP/1.1\r\nHost: example.com\r\n\r\n"],
    &["POST / HTTP/1.1\r\nHost: example.com\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n", "hello"],
    &["GET / HTTP/1.1\r\nHost: example.com\r\nExpect: frob\r\n\r\n"],
    &["POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n", "hello"],
    &["GET / HTTP/1.0\r\n\r\n"],
    &["GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"],
    &["POST / HTTP/1.1\r\nHost: example.com\r\nContent-Length: 5\r\n\r\nhello"],
    &["GET / HTTP/1.1\r\nHost: example.com\r\nContent-Length: 5\r\n\r\nhello"],
    &["POST / HTTP/1.1\r\nHost: example.com\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"],
    &["POST / HTTP/1.1\r\nHost: example.com\r\nContent-Length: 10\r\n\r\nhello", ""],
    &["GET http://example.com/ HTTP/1.1\r\nHost: other.example\r\n\r\n"],
    &["get / HTTP/1.1\r\nHost: example.com\r\n\r\n"],
    &["GET / HTTP/1.1\r\n\r\n"],
];

/// Rehearses conversations until a mutant of the rule answers otherwise than it should; none if nothing shows in these.
#[must_use]
pub fn difference(rule: &'static Rule) -> Option<Difference> {
    let requests = ASKED.iter().map(|start| vec![format!("{start}Host: example.com\r\n\r\n").into_bytes()]);
    let longer = CONVERSATIONS.iter().map(|pieces| pieces.iter().map(|piece| piece.as_bytes().to_vec()).collect());
    let conversations: Vec<Vec<Vec<u8>>> = requests.chain(longer).collect();
    let sound = still(Behaviour::default());
    for mutant in mutant::mutants().filter(|mutant| mutant.rule == rule && !is_in_response(mutant)) {
        let wrong = still(mutant.behaviour.clone());
        for sent in &conversations {
            let (good, bad) = (converse(&sound, sent), converse(&wrong, sent));
            if (good.octets(), &good.ended) != (bad.octets(), &bad.ended) {
                return Some(Difference { mutant, sent: sent.clone(), good, bad });
            }
        }
    }
    None
}

fn converse(behaviour: &Behaviour, pieces: &[Vec<u8>]) -> Observation {
    let mut stage = Stage::new(behaviour, Purpose::Check, methods_of(&pieces.concat()));
    for piece in pieces {
        if piece.is_empty() {
            stage.shutdown();
        } else {
            stage.send(piece, false);
        }
    }
    stage.close();
    stage.observation
}

fn ask(behaviour: &Behaviour, start: &str) -> Observation {
    let octets = format!("{start}Host: example.com\r\n\r\n").into_bytes();
    let mut stage = Stage::new(behaviour, Purpose::Check, methods_of(&octets));
    stage.send(&octets, false);
    stage.answers(1);
    stage.observation
}

fn is_in_response(mutant: &Mutant) -> bool {
    mutant.variant.starts_with("in-response")
}

/// With a clock that stands still.
fn still(behaviour: Behaviour) -> Behaviour {
    Behaviour { clock: Some(SystemTime::UNIX_EPOCH + TIME), ..behaviour }
}

/// What placeholders stand for: on the resource of this server that has what is needed, as calibration would find it.
fn values(need: Option<Need>, behaviour: &Behaviour) -> Option<Values> {
    let values = Values::sample();
    let Some(need) = need else { return Some(values) };
    let options = target_options();
    let authorization =
        options.credentials.as_deref().and_then(Credentials::parse).map(|credentials| credentials.authorization());
    let look = |path: &String| {
        let ask = |method: &str, more: &str| {
            let request = format!("{method} {path} HTTP/1.1\r\nHost: {}\r\n{more}\r\n", values.host);
            let mut stage = Stage::new(behaviour, Purpose::Control, vec![method.into()]);
            stage.send(request.as_bytes(), false);
            stage.answers(1);
            answers_of(&stage.observation).into_iter().find(|answer| !answer.is_interim() && answer.is_complete)
        };
        let gets = ["", "", NOTE].map(|more| ask("GET", more));
        let ranged = ask("GET", "Range: bytes=0-0\r\n");
        let opened = authorization.as_ref().and_then(|value| ask("GET", &format!("Authorization: {value}\r\n")));
        let options = ask("OPTIONS", "");
        Resource::of(
            path,
            gets.each_ref().map(Option::as_ref),
            ranged.as_ref(),
            options.as_ref(),
            opened.as_ref(),
            behaviour.now(),
        )
    };
    let found = options.paths.iter().map(look).find(|resource| need.is_met_by(resource))?;
    Some(Values {
        path: found.path,
        etag: found.etag.map(|tag| String::from_utf8_lossy(&tag.octets()).into_owned()),
        last_modified: found.last_modified.map(|(text, _)| text),
        authorization,
        ..values
    })
}

/// What the runner does with a check, on the stage.
fn rehearse(
    check: &Check,
    [steps, control]: [&[Step]; 2],
    values: &Values,
    behaviour: &Behaviour,
    mutant: Option<&'static Mutant>,
) -> Answered {
    let close = closes(check);
    let close_control = close && closes_control(check, control, values);
    let mut evidence = Evidence {
        control: play(behaviour, Purpose::Control, control, values, close_control),
        check: play(behaviour, Purpose::Check, steps, values, close),
        flight: None,
        control_flight: None,
        sent: octets_of(steps, values),
        token: values.token.clone(),
    };
    if wants_flight(check, steps, &evidence, true) {
        evidence.flight = Some(flight(behaviour, steps, values));
        evidence.control_flight = Some(flight(behaviour, control, values));
    }
    // As calibration finds the reference server and its mutants.
    let known = Known { sign: CanarySign::Status(404), echoes: true };
    let judgement = judged(check, &evidence, known);
    Answered { mutant, check: evidence.check, flight: evidence.flight, judgement }
}

fn play(behaviour: &Behaviour, purpose: Purpose, steps: &[Step], values: &Values, watch: bool) -> Observation {
    let mut methods = methods_of(&octets_of(steps, values));
    let wanted = methods.len().max(1);
    methods.push(b"GET".to_vec());
    let mut stage = Stage::new(behaviour, purpose, methods);
    for step in steps {
        match step {
            Step::Send(template) => stage.send(&template.fill(values), false),
            // What is awaited has come already, or will not.
            Step::Pause(_) | Step::Await(Awaited::Response | Awaited::Final) => {}
            Step::Shutdown => stage.shutdown(),
            Step::Reset => break,
        }
    }
    stage.answers(wanted);
    if watch && stage.counter.finals() > 0 {
        stage.close();
        if stage.conversation.state() == State::Open {
            let finals = stage.counter.finals();
            stage.send(&canary(values), true);
            stage.answers(finals + 1);
        }
    }
    stage.observation
}

fn flight(behaviour: &Behaviour, steps: &[Step], values: &Values) -> Observation {
    let octets = octets_of(steps, values);
    let mut methods = methods_of(&octets);
    let wanted = methods.len() + 1;
    methods.push(b"GET".to_vec());
    let mut stage = Stage::new(behaviour, Purpose::Canary, methods);
    stage.send_flight(&octets, &canary(values));
    stage.answers(wanted);
    stage.observation
}

fn canary(values: &Values) -> Vec<u8> {
    format!("GET {} HTTP/1.1\r\nHost: {}\r\n\r\n", canary_path(&values.token), values.host).into_bytes()
}

/// An exchange that is rehearsed, with the observation that the real one would have led to.
struct Stage<'b> {
    conversation: Rehearsal<'b>,
    counter: AnswerCounter,
    observation: Observation,
}

impl<'b> Stage<'b> {
    fn new(behaviour: &'b Behaviour, purpose: Purpose, methods: Vec<Vec<u8>>) -> Self {
        Self {
            conversation: Rehearsal::new(behaviour),
            counter: AnswerCounter::new(methods),
            observation: Observation {
                purpose,
                sent: Vec::new(),
                received: Vec::new(),
                ended: Ended::Quiet,
                ended_at: Duration::ZERO,
                before_canary: None,
                omitted: 0,
            },
        }
    }

    fn send(&mut self, octets: &[u8], is_canary: bool) {
        if is_canary {
            self.observation.before_canary.get_or_insert(self.observation.octets().len());
        }
        self.note(octets, is_canary);
        let came = self.conversation.send(octets);
        self.received(came);
    }

    fn send_flight(&mut self, message: &[u8], canary: &[u8]) {
        self.note(message, false);
        self.note(canary, true);
        let came = self.conversation.send(&[message, canary].concat());
        self.received(came);
    }

    fn shutdown(&mut self) {
        let came = self.conversation.shutdown();
        self.received(came);
    }

    fn note(&mut self, octets: &[u8], is_canary: bool) {
        let piece = Piece { at: Duration::ZERO, octets: octets.to_vec() };
        self.observation.sent.push(Sent { piece, is_canary });
    }

    fn received(&mut self, octets: Vec<u8>) {
        if octets.is_empty() {
            return;
        }
        self.counter.push(&octets);
        self.observation.received.push(Piece { at: Duration::ZERO, octets });
    }

    /// How it ends once so many final answers are awaited.
    fn answers(&mut self, wanted: usize) {
        match self.conversation.state() {
            _ if self.counter.finals() >= wanted => self.observation.ended = Ended::Answered,
            _ => self.close(),
        }
    }

    /// How it ends once the close is awaited.
    fn close(&mut self) {
        self.observation.ended = match self.conversation.state() {
            State::Open | State::Mute => Ended::Quiet,
            State::Closed => {
                self.counter.close();
                Ended::Fin
            }
            State::Reset => Ended::Reset,
        };
    }
}
