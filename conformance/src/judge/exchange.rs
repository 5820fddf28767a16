//! Judging a check by its rule: control, check, flight, and the table.

use startline_parser::reader::{Fault, Permitted};

use super::flight::{self, Flight, flight};
use super::outcome::{Outcome, left_open, outcome};
use super::table::{self, Facts, ReadAs};
use super::{Judgement, Verdict, folds, permitted_requests, requests};
use crate::answers::{Answer, answers};
use crate::calibrate::CanarySign;
use crate::check::StatusSet;
use crate::observation::{Ended, Observation};
use crate::rule::{Action, Kind, On, Reaction, Role, Rule};
use crate::servers::Echo;

/// What was observed of one check.
#[derive(Debug, Clone)]
pub struct Evidence {
    /// The exchange without the fault.
    pub control: Observation,
    /// The check itself; a canary may follow on the same connection.
    pub check: Observation,
    /// The check and a canary in one flight, where it was played.
    pub flight: Option<Observation>,
    /// The control and a canary in one flight.
    pub control_flight: Option<Observation>,
    /// The octets of the check, without a canary.
    pub sent: Vec<u8>,
    /// The canary's token in the flights.
    pub token: String,
}

/// How the peer is known to behave, as far as judging needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// How a canary's answer is recognised.
    pub sign: CanarySign,
    /// Whether the target answers with the marked echo.
    pub echoes: bool,
}

/// The methods of the requests in `sent`, in order, as far as they can be read.
#[must_use]
pub fn methods_of(sent: &[u8]) -> Vec<Vec<u8>> {
    let reading = requests(sent);
    reading.messages.iter().map(|message| message.method(sent).unwrap_or(b"GET").to_vec()).collect()
}

/// The answers in an observation.
#[must_use]
pub fn answers_of(observation: &Observation) -> Vec<Answer> {
    // A reset can erase what was still on its way, and completes nothing.
    answers(&observation.octets(), &methods_of(&observation.octets_sent()), observation.ended == Ended::Fin)
}

/// Whether a recipient that uses no more than the RFCs' leave can take all of `sent`. If none can, serving it is wrong
/// however it was read.
#[must_use]
pub fn can_be_accepted(readings: &[Permitted]) -> bool {
    readings.iter().any(|permitted| {
        let messages = &permitted.reading.messages;
        !messages.is_empty() && permitted.reading.accepted() == messages.len()
    })
}

/// The verdict on a check whose rule is a fault or a feature. `named` are statuses that another sentence names for a
/// refusal, besides those of the rules.
#[must_use]
pub fn judge(
    rule: &'static Rule,
    also: &[&'static Rule],
    named: &[StatusSet],
    evidence: &Evidence,
    known: Known,
) -> Judgement {
    let reaction_of = |rule: &'static Rule| rule.reaction(Role::OriginServer, On::Request);
    // Faults that come with a feature decide alone: a message with a fault need not be tolerated.
    let all: Vec<&'static Rule> = std::iter::once(rule).chain(also.iter().copied()).collect();
    let has_fault = all.iter().any(|rule| rule.kind == Kind::Fault);
    let deciding = all.iter().filter(|rule| !has_fault || rule.kind == Kind::Fault);
    // A value that cannot be read has no final coding; what 6.3 asks for where chunked is not final is said of values
    // that can.
    let unreadable = all.iter().any(|rule| rule.id == "transfer-encoding-invalid");
    let deciding = deciding.filter(|rule| !(unreadable && rule.id == "chunked-not-final"));
    let mut reactions: Vec<&Reaction> = deciding.filter_map(|rule| reaction_of(rule)).collect();
    let expected = table::expected(&reactions);

    let control_answers = answers_of(&evidence.control);
    let control = match outcome(&evidence.control, &control_answers) {
        Outcome::Rejected(status) => Some(status),
        Outcome::Served(Some(status)) => Some(status),
        Outcome::Served(None) => None,
        Outcome::Closed | Outcome::Nothing => {
            return Judgement::not_judged(format!(
                "the control, the same exchange without the fault, was not answered ({})",
                evidence.control.ended.words()
            ));
        }
    };
    if let Ended::NotConnected(why) = &evidence.check.ended {
        return Judgement::not_judged(format!("no connection for the check: {why}"));
    }
    let found = answers_of(&evidence.check);
    let result = outcome(&evidence.check, &found);
    if let (Outcome::Rejected(status), Some(control @ 400..)) = (result, control)
        && status == control
    {
        let why = format!("refused with {status}, and so is the control: nothing tells whether the fault was seen");
        return Judgement::new(Verdict::Masked, why, expected);
    }
    let readings = permitted_requests(&evidence.sent);
    let (read_as, how) = match result {
        Outcome::Served(_) if can_be_accepted(&readings) => {
            // A permitted repair has mended the faults that would have to be refused.
            reactions.retain(|reaction| !matches!(reaction.action, Action::Reject { .. }));
            // Framing that is faulty as such (RFC 9112 section 6.1: HTTP/1.0) leaves open what is taken for the content,
            // a Content-Length beside it or not: all that is asked for is the close. The leave to go by
            // Transfer-Encoding alone is about messages in which that has a meaning.
            let content_matters = reactions.iter().all(|reaction| reaction.action != Action::ProcessThenClose);
            let seen = read_as(evidence, &readings, &found, Known { echoes: known.echoes && content_matters, ..known });
            // Who does not use the leave of RFC 9112 section 3 has an invalid request-line, which section 3.2 asks with
            // SHOULD to refuse. No MUST is about it.
            let is_line = all.iter().all(|rule| rule.id == "request-line-whitespace");
            if is_line && seen.0 == ReadAs::Otherwise { (ReadAs::Invalid, seen.1) } else { seen }
        }
        Outcome::Served(_) if reactions.iter().any(|reaction| reaction.action == Action::NotMisread) => {
            misread(evidence, &found, known)
        }
        _ => (ReadAs::Unseen, String::new()),
    };
    let facts = Facts { outcome: result, read_as, left_open: left_open(&evidence.check, &found) };
    let is_early = matches!(result, Outcome::Served(_))
        && rule.id.starts_with("chunk-")
        && rule.kind == Kind::Fault
        && !facts.left_open
        && read_as != ReadAs::Otherwise
        && evidence.check.is_closed()
        && echo_of(&found, known).is_none();
    if is_early {
        let why = "answered and closed; nothing shows whether the chunks were read before that";
        return Judgement::new(Verdict::NotJudged, why, expected);
    }
    if let (Outcome::Rejected(status @ (429 | 502..=504)), Kind::Feature) = (result, rule.kind) {
        return Judgement::not_judged(format!("answered with {status}, which says nothing about the message"));
    }
    let verdict = match result {
        Outcome::Rejected(status) if named.iter().any(|set| set.has(status)) && !facts.left_open => Verdict::Pass,
        // Without the leave to end a line with LF alone, what is sent may never come to its end.
        Outcome::Nothing if waits_for_crlf(&evidence.sent, &all) => Verdict::Note,
        Outcome::Served(_) if !can_be_accepted(&readings) => {
            table::verdict(&reactions, facts).worse(served_after_repair(&readings))
        }
        _ => table::verdict(&reactions, facts),
    };
    let mut why = format!(
        "{}; the control {}",
        result.words(&evidence.check),
        control.map_or("was answered".to_owned(), |status| format!("got {status}"))
    );
    if facts.left_open && reactions.iter().any(|reaction| reaction.action.closes()) {
        why.push_str("; the connection was left open and a further request on it was answered");
    }
    if !how.is_empty() {
        why.push_str("; ");
        why.push_str(&how);
    }
    Judgement::new(verdict, why, expected)
}

/// What serving is worth by the faults that are left once everything that may be repaired is: the mildest of the
/// readings in which no repair is left to be made.
fn served_after_repair(readings: &[Permitted]) -> Verdict {
    let is_final = |fault: &&Fault| {
        let repairs = fault.point.map_or(&[][..], |point| point.choices());
        fault.refused && repairs.iter().skip(1).all(|(_, permit)| permit.is_none())
    };
    let worst = |permitted: &Permitted| {
        let refused = permitted.reading.faults().filter(|fault| fault.refused).count();
        let left: Vec<&Fault> = permitted.reading.faults().filter(is_final).collect();
        (left.len() == refused).then(|| {
            let reactions = left.iter().filter_map(|fault| fault.rule.reaction(Role::OriginServer, On::Request));
            let facts = Facts { outcome: Outcome::Served(None), read_as: ReadAs::Unseen, left_open: false };
            reactions.map(|reaction| table::verdict(&[reaction], facts)).reduce(Verdict::worse).unwrap_or(Verdict::Note)
        })
    };
    readings.iter().filter_map(worst).reduce(Verdict::milder).unwrap_or(Verdict::Pass)
}

/// Whether a recipient that ends lines with CRLF alone is still waiting for the end of what was sent.
fn waits_for_crlf(sent: &[u8], rules: &[&'static Rule]) -> bool {
    let bare = sent.iter().enumerate().find(|&(at, &octet)| octet == b'\n' && (at == 0 || sent[at - 1] != b'\r'));
    rules.iter().any(|rule| rule.id == "bare-lf")
        && bare.is_some_and(|(at, _)| !sent[at..].windows(4).any(|end| end == b"\r\n\r\n"))
}

/// How a message that was served was read, and how that shows.
fn read_as(evidence: &Evidence, readings: &[Permitted], found: &[Answer], known: Known) -> (ReadAs, String) {
    let seen = flight_of(evidence, known, false);
    if let Some(Flight::Deviates(how)) = seen {
        return (ReadAs::Otherwise, how);
    }
    if let Some(echo) = echo_of(found, known) {
        if let Some(how) = folds::misread(evidence, readings, &echo, known) {
            return (ReadAs::Otherwise, how);
        }
        return echoed(evidence, readings, &echo);
    }
    match seen {
        Some(Flight::Fits) => (ReadAs::Permitted, String::new()),
        _ => (ReadAs::Unseen, String::new()),
    }
}

/// Whether a length that nobody can hold was taken for another one: the end of the message was found, so that content
/// was handed on or a further request answered. An early answer alone says nothing.
fn misread(evidence: &Evidence, found: &[Answer], known: Known) -> (ReadAs, String) {
    if echo_of(found, known).is_some_and(|echo| !echo.body.is_empty()) {
        return (ReadAs::Otherwise, "the echo shows content of another length".to_owned());
    }
    let is_served = |answer: &&Answer| is_final(answer) && answer.status.is_some_and(|status| status < 400);
    let is_canary = |answer: &&Answer| {
        known.sign != CanarySign::CountOnly && flight::is_canary(answer, known.sign, &evidence.token)
    };
    let answers = evidence.flight.as_ref().map(answers_of).unwrap_or_default();
    if answers.iter().filter(is_final).skip(1).any(|answer| is_served(&answer) || is_canary(&answer)) {
        let how = "what follows on the connection was answered as if the message had ended".to_owned();
        return (ReadAs::Otherwise, how);
    }
    (ReadAs::Unseen, "nothing shows that a length was read".to_owned())
}

/// What the echo of a valid message shows that no reading of it leads to, if it does.
#[must_use]
pub fn echoed_otherwise(evidence: &Evidence, found: &[Answer], known: Known) -> Option<String> {
    let mut echo = echo_of(found, known)?;
    // Another method is for other rules to judge.
    echo.method = methods_of(&evidence.sent).into_iter().next()?;
    match echoed(evidence, &permitted_requests(&evidence.sent), &echo) {
        (ReadAs::Otherwise, how) => Some(how),
        _ => None,
    }
}

pub(super) fn echo_of(found: &[Answer], known: Known) -> Option<Echo> {
    found.iter().find(is_final).filter(|_| known.echoes).and_then(|answer| Echo::parse(&answer.content))
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "iterator adaptors hand out references to references")]
fn is_final(answer: &&Answer) -> bool {
    !answer.is_interim()
}

/// What the flight of check and canary says; none if it was not played, or if the control and a canary in one flight
/// were not both answered. A valid message that is misread can do without its control being read rightly: plain
/// requests in one flight were answered when the target was calibrated.
#[must_use]
pub fn flight_of(evidence: &Evidence, known: Known, is_valid: bool) -> Option<Flight> {
    let control = evidence.control_flight.as_ref()?;
    let answers = answers_of(control);
    let is_controlled = match in_flight(control, &answers, evidence, known) {
        Flight::Fits => answers.iter().filter(is_final).count() > 1,
        Flight::Deviates(_) => is_valid,
        Flight::Silent(_) => false,
    };
    let observation = evidence.flight.as_ref().filter(|_| is_controlled)?;
    Some(in_flight(observation, &answers_of(observation), evidence, known))
}

fn in_flight(observation: &Observation, answers: &[Answer], evidence: &Evidence, known: Known) -> Flight {
    let octets = observation.octets_sent();
    let canary = observation.sent.iter().find(|sent| sent.is_canary).map_or(0, |sent| sent.piece.octets.len());
    let before = octets.len() - canary;
    flight(observation, answers, &permitted_requests(&octets), before, known.sign, &evidence.token)
}

/// Holds an echo against the permitted readings: method and content have to be those of one of them, and no NUL or CR
/// may have come through in a value.
fn echoed(evidence: &Evidence, readings: &[Permitted], echo: &Echo) -> (ReadAs, String) {
    let accepted: Vec<_> = readings
        .iter()
        .filter_map(|permitted| permitted.reading.messages.first())
        .filter(|message| message.is_accepted())
        .collect();
    let raw = |octet: u8| echo.fields.iter().any(|(_, value)| value.contains(&octet)) || echo.target.contains(&octet);
    for (octet, name) in [(0, "a NUL"), (b'\r', "a CR")] {
        if evidence.sent.contains(&octet) && raw(octet) {
            return (ReadAs::Otherwise, format!("the echo shows that {name} came through to the application"));
        }
    }
    if accepted.is_empty() {
        return (ReadAs::Unseen, String::new());
    }
    let fits = accepted.iter().any(|message| {
        let method = message.method(&evidence.sent).unwrap_or_default();
        // Content that has no meaning with its method may have been read and dropped.
        let is_dropped = echo.body.is_empty() && !matches!(method, b"POST" | b"PUT" | b"PATCH");
        echo.method == method && (is_dropped || echo.body == message.content(&evidence.sent))
    });
    if fits {
        (ReadAs::Permitted, "the echo shows a permitted reading".to_owned())
    } else {
        let content = startline_parser::notation::encode(&echo.body[..echo.body.len().min(80)]);
        let method = startline_parser::notation::encode(&echo.method);
        (
            ReadAs::Otherwise,
            format!("the echo shows method {method} and content \"{content}\", which no permitted reading leads to"),
        )
    }
}
