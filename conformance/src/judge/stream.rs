//! A whole stream of requests and a canary in one flight: what is allowed to come back, for any octets whatever.
//!
//! A check knows which rule it tries; a generated stream does not. Every reading that the RFCs permit is walked beside
//! the answers, message by message, and each answer is worth what the [table] says under the faults that
//! apply in that reading. The mildest reading counts. Answers that fit no permitted reading are another reading, which is
//! worth what the table says of that for the faults and features of the message where they part.
//!
//! What cannot be told is never held against the peer: where a refused message is served, or a refusal is followed by
//! further answers, and nobody can say where the message ends, nothing behind it is looked at. A valid message may be
//! refused with any status. An early close explains missing answers.

use std::collections::HashMap;

use startline_parser::Body;
use startline_parser::policy::Point;
use startline_parser::reader::{self, End, Fault, Message, Permitted, Reading, Stage, StartLine};
use startline_parser::rule::field::{FIELD_VALUE_NUL, OBS_FOLD, WHITESPACE_BEFORE_COLON};
use startline_parser::rule::framing::{
    BODY_INCOMPLETE, CHUNKED_NOT_FINAL, TRANSFER_ENCODING_IN_HTTP10, TRANSFER_ENCODING_INVALID,
};
use startline_parser::rule::host::HOST_MISSING;
use startline_parser::rule::message::{BARE_CR, BARE_LF, VERSION_INVALID};
use startline_parser::rule::request_line::{
    ABSOLUTE_FORM, REQUEST_LINE_WHITESPACE, VERSION_MAJOR_UNSUPPORTED, VERSION_MISSING,
};

use super::Verdict;
use super::exchange::Known;
use super::flight::{Looks, look};
use super::folds::{HANDLED_BEFORE, words};
use super::outcome::Outcome;
use super::table::{self, Facts, ReadAs};
use crate::answers::{Answer, answers};
use crate::observation::Ended;
use crate::rule::{self, Action, Impact, On, Reaction, Role, Rule};
use crate::servers::Echo;

/// What was sent, and what a permitted recipient makes of it.
#[derive(Debug, Clone)]
pub struct Sent {
    /// The stream, with the canary at its end.
    pub octets: Vec<u8>,
    /// Where the canary begins.
    pub canary_from: usize,
    /// The canary's token.
    pub token: String,
    /// Every reading that the RFCs permit, the strict one first.
    pub readings: Vec<Permitted>,
}

impl Sent {
    /// A stream and the canary behind it.
    #[must_use]
    pub fn new(stream: &[u8], canary: &[u8], token: &str) -> Self {
        let octets = [stream, canary].concat();
        let readings = super::permitted_requests(&octets);
        Self { octets, canary_from: stream.len(), token: token.to_owned(), readings }
    }

    /// The strict reading.
    ///
    /// # Panics
    /// Never: there is always one.
    #[must_use]
    pub fn strict(&self) -> &Reading {
        &self.readings[0].reading
    }

    /// The rules of every fault before the canary, in a strict reading.
    pub fn faults(&self) -> impl Iterator<Item = &'static Rule> {
        let is_before = |fault: &&Fault| (fault.span.start as usize) < self.canary_from;
        self.strict().faults().filter(is_before).map(|fault| fault.rule)
    }

    /// The methods of the requests under a reading.
    fn methods(&self, reading: &Reading) -> Vec<Vec<u8>> {
        reading.messages.iter().map(|message| message.method(&self.octets).unwrap_or(b"GET").to_vec()).collect()
    }
}

/// What came back.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'s> {
    /// The octets.
    pub octets: &'s [u8],
    /// How it ended.
    pub ended: &'s Ended,
    /// Whether a further request, sent once everything had come, was answered on the same connection.
    pub used_again: bool,
}

/// What is odd about an answer, or about there being none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// Nothing.
    Nothing,
    /// What has to be refused was served.
    Served,
    /// It was refused with a status that is not the one.
    RefusedOddly,
    /// What has to be accepted was refused.
    Refused,
    /// The connection was used again although it has to be closed.
    LeftOpen,
    /// The connection stayed open, and no answer came.
    NoAnswer,
    /// The connection was closed without an answer.
    Closed,
    /// The connection was reset without an answer.
    Reset,
    /// More answers came than there are requests in any permitted reading, or others.
    Surplus,
    /// Fewer answers came, on a connection that stayed open.
    Missing,
    /// The echo shows another message.
    ReadOtherwise,
    /// The server said that it broke.
    ServerError,
    /// A request behind one with `close` was answered.
    AfterClose,
    /// A response breaks a rule for senders.
    Response,
    /// The target stopped answering anybody.
    Down,
}

impl What {
    /// A word for ids.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Served => "served",
            Self::RefusedOddly => "refused-oddly",
            Self::Refused => "refused",
            Self::LeftOpen => "left-open",
            Self::NoAnswer => "no-answer",
            Self::Closed => "closed",
            Self::Reset => "reset",
            Self::Surplus => "surplus",
            Self::Missing => "missing",
            Self::ReadOtherwise => "read-otherwise",
            Self::ServerError => "server-error",
            Self::AfterClose => "after-close",
            Self::Response => "response",
            Self::Down => "down",
        }
    }

    /// Whether it proves something only beside an exchange that is answered otherwise.
    #[must_use]
    pub const fn needs_control(self) -> bool {
        matches!(
            self,
            Self::RefusedOddly | Self::Refused | Self::NoAnswer | Self::Closed | Self::Reset | Self::ServerError
        )
    }

    /// Plain words, for reports.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Nothing => "nothing odd",
            Self::Served => "served",
            Self::RefusedOddly => "refused with another status",
            Self::Refused => "refused",
            Self::LeftOpen => "answered, and the connection used again",
            Self::NoAnswer => "no answer",
            Self::Closed => "closed without an answer",
            Self::Reset => "reset without an answer",
            Self::Surplus => "answers that no permitted reading leads to",
            Self::Missing => "an answer is missing on an open connection",
            Self::ReadOtherwise => "the echo shows another message",
            Self::ServerError => "a server error",
            Self::AfterClose => "a request behind `close` was answered",
            Self::Response => "a response that breaks a rule for senders",
            Self::Down => "the target stopped answering",
        }
    }
}

/// What a stream comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// The verdict: pass, note, warn, fail, or not-judged.
    pub verdict: Verdict,
    /// What decides it, by id.
    pub what: What,
    /// The rules that decide, the first of them first; none where no rule is about it.
    pub blamed: Vec<&'static Rule>,
    /// The message that it is about, from 0.
    pub message: usize,
    /// The statuses of the final answers; none for octets without a status-line.
    pub statuses: Vec<Option<u16>>,
    /// Which of the readings explain what came, as far as it goes.
    pub explained_by: Vec<usize>,
}

/// Judges what came back.
#[must_use]
pub fn judge(sent: &Sent, seen: Seen<'_>, known: Known) -> Judged {
    let mut parsed: HashMap<Vec<Vec<u8>>, Vec<Answer>> = HashMap::with_capacity(1);
    let closed = *seen.ended == Ended::Fin;
    let mut best: Option<Judged> = None;
    let mut parting: Option<(Walk<'_>, usize)> = None;
    let mut explained_by = Vec::new();
    for (at, permitted) in sent.readings.iter().enumerate() {
        let methods = sent.methods(&permitted.reading);
        let found = parsed.entry(methods).or_insert_with_key(|methods| answers(seen.octets, methods, closed));
        let finals = finals(found);
        let mut walk = Walk::new(sent, &permitted.reading, &finals, seen, known);
        walk.run();
        if walk.is_beside {
            continue;
        }
        if walk.misfit.is_some() {
            if parting.as_ref().is_none_or(|(_, message)| walk.message > *message) {
                let message = walk.message;
                parting = Some((walk, message));
            }
            continue;
        }
        explained_by.push(at);
        let judged = walk.judged();
        if best
            .as_ref()
            .is_none_or(|best| best.verdict != judged.verdict && best.verdict.worse(judged.verdict) == best.verdict)
        {
            best = Some(judged);
        }
    }
    let mut judged = match (best, parting) {
        (Some(best), _) => best,
        (None, Some((walk, _))) => walk.parted(),
        (None, None) => Judged {
            verdict: Verdict::NotJudged,
            what: What::Nothing,
            blamed: Vec::new(),
            message: 0,
            statuses: Vec::new(),
            explained_by: Vec::new(),
        },
    };
    judged.explained_by = explained_by;
    if judged.verdict.is_finding()
        && judged.blamed.iter().any(|rule| reaction(rule).is_some_and(|r| r.action != Action::Duty))
    {
        blame_the_choice(&mut judged, sent, seen, known);
    }
    if judged.what.needs_control() {
        blame_all(&mut judged, sent);
    }
    judged
}

/// How a message is refused does not say for which of its faults.
fn blame_all(judged: &mut Judged, sent: &Sent) {
    let Some(message) = sent.strict().messages.get(judged.message) else { return };
    let mut binding: Vec<&'static Rule> = Vec::new();
    for fault in message.faults.iter().filter(|fault| fault.refused && reaction(fault.rule).is_some()) {
        if !binding.contains(&fault.rule) {
            binding.push(fault.rule);
        }
    }
    if !binding.is_empty() {
        judged.blamed = binding;
    }
}

/// Where several rules are broken at once, those are to blame about which one choice of the peer explains everything.
///
/// A bare CR that a peer takes for a line end makes a field line of what was no `Host`; the CR is to blame, and not the
/// missing `Host`.
fn blame_the_choice(judged: &mut Judged, sent: &Sent, seen: Seen<'_>, known: Known) {
    let taken = matches!(judged.what, What::Served | What::Surplus | What::Missing | What::ReadOtherwise);
    let Some(message) = sent.strict().messages.get(judged.message).filter(|_| taken) else { return };
    let all = || message.faults.iter().chain(&message.features);
    let mut points: Vec<Point> = all().filter_map(|fault| fault.point).collect();
    points.sort_unstable();
    points.dedup();
    if points.len() < 2 {
        return;
    }
    // What may be repaired besides is.
    let bases = || sent.readings.iter().map(|permitted| permitted.policy).take(BASES_MOST);
    let explains = |point: Point| {
        let choices =
            bases().flat_map(|base| (1..point.choices().len()).filter_map(move |choice| base.with(point, choice)));
        choices.into_iter().any(|policy| {
            let reading = reader::read(&sent.octets, On::Request, &[], &policy, &super::LIMITS);
            let is_taken = reading.messages.get(judged.message).is_some_and(Message::is_accepted);
            is_taken && fits(sent, &reading, seen, known)
        })
    };
    let guilty: Vec<Point> = points.into_iter().filter(|point| explains(*point)).collect();
    let mut blamed: Vec<&'static Rule> = Vec::new();
    for fault in all().filter(|fault| fault.point.is_some_and(|point| guilty.contains(&point))) {
        if !blamed.contains(&fault.rule) && reaction(fault.rule).is_some() {
            blamed.push(fault.rule);
        }
    }
    // Where several explain it, the mildest has to do.
    let verdict_of = |rule: &'static Rule| by_table(&[rule], Outcome::Served(Some(200)), ReadAs::Otherwise, false);
    if let Some(verdict) = blamed.iter().filter_map(|rule| verdict_of(rule)).reduce(Verdict::milder) {
        blamed.retain(|rule| verdict_of(rule) == Some(verdict));
        (judged.verdict, judged.blamed) = (verdict, blamed);
    }
}

/// More policies than these are not tried as the base of a choice.
const BASES_MOST: usize = 8;

/// Whether what came is what a recipient with this reading is seen to do.
fn fits(sent: &Sent, reading: &Reading, seen: Seen<'_>, known: Known) -> bool {
    let found = answers(seen.octets, &sent.methods(reading), *seen.ended == Ended::Fin);
    let finals = finals(&found);
    let mut walk = Walk::new(sent, reading, &finals, seen, known);
    walk.run();
    walk.misfit.is_none() && !walk.is_beside
}

/// The final answers that answer something: a 408 behind others says that a further request was waited for.
fn finals(found: &[Answer]) -> Vec<&Answer> {
    let finals = found.iter().filter(|answer| !answer.is_interim());
    // Nor do octets without a status-line behind one: they are its content, or what is left of the count.
    let is_answer = |at: usize, answer: &Answer| at == 0 || answer.status.is_some_and(|status| status != 408);
    finals.enumerate().filter(|(at, answer)| is_answer(*at, answer)).map(|(_, answer)| answer).collect()
}

/// A reading beside the answers.
struct Walk<'w> {
    sent: &'w Sent,
    reading: &'w Reading,
    looks: Vec<(Option<u16>, Looks, bool)>,
    echoes: Vec<Option<Echo>>,
    is_closed: bool,
    is_reset: bool,
    used_again: bool,
    /// Whether this is not how it was read: it was served, and there is a reading that may serve it.
    is_beside: bool,
    known: Known,
    message: usize,
    verdict: Verdict,
    what: What,
    blamed: Vec<&'static Rule>,
    at: usize,
    misfit: Option<What>,
}

impl<'w> Walk<'w> {
    fn new(sent: &'w Sent, reading: &'w Reading, finals: &[&Answer], seen: Seen<'_>, known: Known) -> Self {
        let looks = finals
            .iter()
            .map(|answer| (answer.status, look(answer, known.sign, &sent.token), answer.says_close))
            .collect();
        let echo = |answer: &&Answer| known.echoes.then(|| Echo::parse(&answer.content)).flatten();
        let says_close = finals.last().is_some_and(|answer| answer.says_close);
        // Who answers without an end, or out of time, is cut off by us.
        let is_cut = matches!(seen.ended, Ended::Flood | Ended::Deadline);
        Self {
            sent,
            reading,
            looks,
            echoes: finals.iter().map(echo).collect(),
            is_closed: matches!(seen.ended, Ended::Fin | Ended::Reset) || says_close || is_cut,
            is_reset: *seen.ended == Ended::Reset,
            used_again: seen.used_again,
            is_beside: false,
            known,
            message: 0,
            verdict: Verdict::Pass,
            what: What::Nothing,
            blamed: Vec::new(),
            at: 0,
            misfit: None,
        }
    }

    /// Goes through the messages until one has no answer, or nothing more can be told.
    fn run(&mut self) {
        for (at, message) in self.reading.messages.iter().enumerate() {
            self.message = at;
            if at == self.looks.len() {
                return self.unanswered(message);
            }
            if !self.answered(message, at) {
                return;
            }
        }
        if self.looks.len() > self.reading.messages.len() {
            self.misfit = Some(What::Surplus);
        }
    }

    /// What it is worth that a message got no answer.
    fn unanswered(&mut self, message: &Message) {
        let is_waited_for = message.end == End::Partial || message.end == End::UntilClose;
        let faults = refused(message);
        if self.is_closed {
            // Whoever has answered may leave (RFC 9112 section 9.5).
            if self.message > 0 {
                return;
            }
            let what = if self.is_reset { What::Reset } else { What::Closed };
            if is_waited_for && faults.is_empty() {
                return self.note(what, &[]);
            }
            let verdict = by_table(&faults, Outcome::Closed, ReadAs::Unseen, false).unwrap_or(Verdict::Note);
            return self.found(verdict, what, &faults);
        }
        // Silence is right where more has to come, if only for a length that nobody can hold; who ends lines with CRLF alone
        // may not have seen the end.
        let is_endless = faults.iter().any(|rule| reaction(rule).is_some_and(|r| r.action == Action::NotMisread));
        if is_waited_for || is_endless || self.waits_for_crlf(message) {
            return;
        }
        // Who expects a 100 and sends no content has waiting servers; without a version nobody knows what is waited for.
        let expects = |message: &Message| message.values("expect").next().is_some();
        let has_content =
            ["content-length", "transfer-encoding"].iter().any(|name| message.values(name).next().is_some());
        let is_unclear = faults.contains(&&VERSION_MISSING) && has_content;
        if self.reading.messages[..=self.message].iter().any(expects) || is_unclear {
            return;
        }
        // Who has refused something may be done with the connection, and let it run out.
        if self.looks.iter().any(|(status, ..)| matches!(status, Some(400..))) {
            return;
        }
        if faults.is_empty() {
            if self.message == 0 {
                let repaired = repaired(message);
                match by_table(&repaired, Outcome::Nothing, ReadAs::Unseen, false) {
                    Some(verdict) => self.found(verdict, What::NoAnswer, &repaired),
                    None => self.found(Verdict::Note, What::NoAnswer, &[]),
                }
            } else {
                self.misfit = Some(What::Missing);
            }
            return;
        }
        if self.message > 0 {
            // Something before it may have been read otherwise; what is refused in it need not have been seen.
            return;
        }
        let verdict = by_table(&faults, Outcome::Nothing, ReadAs::Unseen, false).unwrap_or(Verdict::Note);
        self.found(verdict, What::NoAnswer, &faults);
    }

    /// What an answer is worth; whether what follows can be told.
    fn answered(&mut self, message: &Message, at: usize) -> bool {
        let (status, look, says_close) = self.looks[at];
        let begin = begin(message);
        let is_canary = begin == self.sent.canary_from;
        // Where content has swallowed the begin of the canary, nobody knows what the rest of it looks like.
        let ends_behind = matches!(message.end, End::Complete(end) if end > self.sent.canary_from);
        let is_rest = begin > self.sent.canary_from || (begin < self.sent.canary_from && ends_behind);
        let more = self.looks.len() > at + 1;
        let outcome = match status {
            Some(408) => Outcome::Nothing,
            Some(status @ 400..=599) => Outcome::Rejected(status),
            status => Outcome::Served(status),
        };
        let is_trouble = matches!(status, Some(429 | 500 | 502..=504));
        let faults = refused(message);
        if !faults.is_empty() {
            return self.answered_faulty(message, &faults, outcome, more);
        }
        if message.end == End::Partial {
            // An early answer; whoever goes on behind it has found an end that is not there.
            if more {
                self.misfit = Some(What::Surplus);
            }
            return false;
        }
        let is_right = is_trouble
            || is_rest
            || match look {
                Looks::Anything => true,
                Looks::Canary => is_canary || matches!(self.known.sign, crate::calibrate::CanarySign::Status(_)),
                Looks::Refusal | Looks::Other => !is_canary,
            };
        if !is_right || (outcome == Outcome::Nothing && more) {
            self.misfit = Some(What::Surplus);
            return false;
        }
        let mut repaired = repaired(message);
        // Who is asked for another origin, or in a scheme that is not its own, may refuse; and a trailer section with fields
        // that have no place there (RFC 9110 section 6.5.1) may be refused. Neither says anything of what else there is.
        let is_foreign = repaired.contains(&&ABSOLUTE_FORM) && !is_own_absolute(message, &self.sent.octets);
        if is_foreign || message.trailers.iter().any(|field| !has_place_in_trailers(&field.name)) {
            let is_tolerated = |rule: &Rule| reaction(rule).is_some_and(|r| r.action == Action::Tolerate);
            repaired.retain(|rule| !is_tolerated(rule));
        }
        let left_open = more && !says_close;
        if let Some(verdict) = by_table(&repaired, outcome, ReadAs::Permitted, left_open) {
            let closes = |rule: &&Rule| reaction(rule).is_some_and(|reaction| reaction.action.closes());
            let what = match outcome {
                Outcome::Served(_) if left_open && repaired.iter().any(closes) => What::LeftOpen,
                Outcome::Rejected(500 | 502..=504 | 506..) => What::ServerError,
                Outcome::Rejected(_) if left_open && repaired.iter().any(closes) => What::LeftOpen,
                Outcome::Rejected(_) => What::Refused,
                Outcome::Nothing => What::NoAnswer,
                _ => What::Served,
            };
            self.found(verdict, what, &repaired);
        } else if matches!(outcome, Outcome::Rejected(500 | 502 | 506..)) {
            self.note(What::ServerError, &[]);
        }
        if !is_canary
            && !is_rest
            && let (Outcome::Served(_), Some(echo)) = (outcome, &self.echoes[at])
        {
            if let Some(octet) = came_through(&self.sent.octets[message.start..], message, echo) {
                self.found(Verdict::Fail, What::ReadOtherwise, &[octet]);
                return false;
            }
            if let Some(rule) = value_otherwise(message, echo) {
                self.found(Verdict::Fail, What::ReadOtherwise, &[rule]);
                return false;
            }
            // Framing that is faulty as such (RFC 9112 section 6.1) leaves open what is taken for the content.
            let content_matters = !repaired.contains(&&TRANSFER_ENCODING_IN_HTTP10);
            if content_matters && !shows(message, &self.sent.octets, echo) {
                self.misfit = Some(What::ReadOtherwise);
                return false;
            }
        }
        if more && message.faults.is_empty() && message.lists("connection", "close") && !is_canary && !is_rest {
            self.found(Verdict::Fail, What::AfterClose, &[&rule::NOTHING_AFTER_CLOSE]);
            return false;
        }
        // Behind a tunnel or another protocol there is no HTTP.
        matches!(message.end, End::Complete(_)) && status != Some(101)
    }

    fn answered_faulty(&mut self, message: &Message, faults: &[&'static Rule], outcome: Outcome, more: bool) -> bool {
        let is_served = matches!(outcome, Outcome::Served(_));
        let in_body = message.faults.iter().filter(|fault| fault.refused).all(|fault| fault.stage >= Stage::Body);
        let echo = self.echoes.get(self.message).and_then(Option::as_ref);
        if is_served && in_body && self.is_closed && !more && echo.is_none() {
            // Answered before the chunks were looked at, and closed: permitted, and nothing shows of how they are read.
            return false;
        }
        // Served in spite of what may be repaired: then it was, and the readings in which it is say how.
        let may_be_repaired = |fault: &&Fault| {
            fault.point.is_some_and(|point| point.choices().iter().any(|(_, permit)| permit.is_some()))
        };
        if is_served && message.faults.iter().filter(|fault| fault.refused).any(|fault| may_be_repaired(&fault)) {
            self.is_beside = true;
            return false;
        }
        let misread = faults.iter().any(|rule| reaction(rule).is_some_and(|r| r.action == Action::NotMisread));
        let later = self.looks.iter().skip(self.message + 1);
        let found_end =
            later.clone().any(|(status, look, _)| *look == Looks::Canary || status.is_none_or(|status| status < 400));
        let read_as = if is_served && misread && found_end { ReadAs::Otherwise } else { ReadAs::Unseen };
        let goes_on = more && self.looks.iter().skip(self.message + 1).any(|(status, ..)| status.is_some());
        let is_last = self.message + 1 == self.looks.len();
        // A peer that has refused for a fault after which it may go on need not have looked for others.
        let closes = |rule: &&'static Rule| reaction(rule).is_none_or(|reaction| reaction.action.closes());
        let left_open = (goes_on || (is_last && self.used_again)) && (is_served || faults.iter().all(closes));
        let Some(verdict) = by_table(faults, outcome, read_as, left_open) else { return false };
        let without_close = by_table(faults, outcome, read_as, false).unwrap_or(Verdict::Pass);
        // With several faults in a message a status that is right for one of them is right.
        let is_right_for = |rule: &&'static Rule| by_table(&[*rule], outcome, read_as, false) == Some(Verdict::Pass);
        let is_refused_rightly = matches!(outcome, Outcome::Rejected(_)) && faults.iter().any(is_right_for);
        let verdict = if is_refused_rightly && verdict == without_close { Verdict::Pass } else { verdict };
        let what = match outcome {
            _ if verdict != without_close => What::LeftOpen,
            Outcome::Served(_) => What::Served,
            Outcome::Rejected(500 | 502..=504 | 506..) => What::ServerError,
            Outcome::Rejected(_) => What::RefusedOddly,
            Outcome::Nothing | Outcome::Closed => What::NoAnswer,
        };
        // The rules that bring the verdict about by themselves.
        let decides = |rule: &&&'static Rule| by_table(&[**rule], outcome, read_as, left_open) == Some(verdict);
        let blamed: Vec<_> = faults.iter().filter(decides).copied().collect();
        self.found(verdict, what, if blamed.is_empty() { faults } else { &blamed });
        // Where the message ends is certain only if nothing about its framing is in doubt.
        let is_certain = faults.iter().all(|rule| rule.impact != Impact::Framing)
            && message.faults.iter().all(|fault| fault.rule.impact != Impact::Framing);
        is_certain && matches!(message.end, End::Complete(_))
    }

    fn waits_for_crlf(&self, message: &Message) -> bool {
        let mut bare = message.faults.iter().filter(|fault| fault.rule == &BARE_LF);
        let own = &self.sent.octets[..self.sent.canary_from];
        bare.any(|fault| !own[(fault.span.start as usize).min(own.len())..].windows(4).any(|end| end == b"\r\n\r\n"))
    }

    fn note(&mut self, what: What, rules: &[&'static Rule]) {
        self.found(Verdict::Note, what, rules);
    }

    /// The gravest counts, of several the first.
    fn found(&mut self, verdict: Verdict, what: What, rules: &[&'static Rule]) {
        if self.verdict.worse(verdict) != self.verdict {
            self.verdict = verdict;
            self.what = if verdict == Verdict::Pass { What::Nothing } else { what };
            self.blamed = rules.to_vec();
            self.at = self.message;
        }
    }

    fn judged(self) -> Judged {
        Judged {
            verdict: self.verdict,
            what: self.what,
            blamed: self.blamed,
            message: self.at,
            statuses: self.looks.iter().map(|(status, ..)| *status).collect(),
            explained_by: Vec::new(),
        }
    }

    /// No reading leads to what came: what that is worth where this reading, which goes farthest, parts from it.
    fn parted(mut self) -> Judged {
        let what = self.misfit.unwrap_or(What::Surplus);
        // The message at which they part may be the victim of the one before it.
        let upto = self.message.min(self.reading.messages.len().saturating_sub(1));
        let messages = &self.reading.messages[..=upto];
        let is_culprit = |message: &Message| message.start < self.sent.canary_from && is_odd(message);
        let culprit = messages.iter().rposition(is_culprit);
        let mut rules: Vec<&'static Rule> = Vec::new();
        if let Some(message) = culprit.map(|at| &messages[at]) {
            rules = repaired(message);
            rules.extend(refused(message));
        }
        let outcome = Outcome::Served(Some(200));
        // Who does not use the leave of section 3 has an invalid request-line, which 3.2 asks with SHOULD to refuse.
        let is_line = rules.iter().all(|rule| *rule == &REQUEST_LINE_WHITESPACE);
        let read_as = if is_line { ReadAs::Invalid } else { ReadAs::Otherwise };
        let by_faults = by_table(&rules, outcome, read_as, false);
        let decides = |rule: &&&'static Rule| by_table(&[**rule], outcome, read_as, false) == by_faults;
        let blamed: Vec<_> = rules.iter().filter(decides).copied().collect();
        let (verdict, blamed) = match by_faults {
            Some(verdict) if !blamed.is_empty() => (verdict, blamed),
            _ => {
                let duty = duty_of(messages, self.sent);
                (super::expectation::broken(super::expectation::level(duty)), vec![duty])
            }
        };
        self.at = culprit.unwrap_or(upto);
        self.verdict = verdict;
        self.what = what;
        self.blamed = blamed;
        self.judged()
    }
}

/// Where a message begins, without the empty lines before it.
fn begin(message: &Message) -> usize {
    match &message.start_line {
        Some(StartLine::Request { method, .. }) => method.start as usize,
        _ => message.start,
    }
}

fn reaction(rule: &Rule) -> Option<&'static Reaction> {
    rule.reaction(Role::OriginServer, On::Request)
}

fn is_odd(message: &Message) -> bool {
    !message.faults.is_empty() || message.features.iter().any(|feature| reaction(feature.rule).is_some())
}

/// Whether a field of this name says nothing about framing, routing, authentication, or how content is to be taken.
fn has_place_in_trailers(name: &[u8]) -> bool {
    let prefixes: [&[u8]; 3] = [b"content-", b"proxy-", b"if-"];
    let names: [&[u8]; 16] = [
        b"host",
        b"transfer-encoding",
        b"trailer",
        b"te",
        b"connection",
        b"keep-alive",
        b"upgrade",
        b"expect",
        b"authorization",
        b"cookie",
        b"set-cookie",
        b"cache-control",
        b"max-forwards",
        b"range",
        b"pragma",
        b"age",
    ];
    let name = name.to_ascii_lowercase();
    !prefixes.iter().any(|prefix| name.starts_with(prefix)) && !names.contains(&&name[..])
}

/// Whether a request-target in absolute-form names the origin that `Host` names.
fn is_own_absolute(message: &Message, stream: &[u8]) -> bool {
    let target = message.target(stream).unwrap_or_default();
    let scheme = b"http://";
    let Some(rest) = target.get(scheme.len()..).filter(|_| target[..scheme.len()].eq_ignore_ascii_case(scheme)) else {
        return false;
    };
    let authority = rest.split(|octet| b"/?#".contains(octet)).next().unwrap_or_default();
    message.values("host").next().is_some_and(|host| !host.is_empty() && host.eq_ignore_ascii_case(authority))
}

/// The rules for which the reading refuses the message.
fn refused(message: &Message) -> Vec<&'static Rule> {
    let mut rules: Vec<&'static Rule> = Vec::new();
    for fault in message.faults.iter().chain(&message.features).filter(|fault| fault.refused) {
        // That the end of the stream cut it off is what more octets would mend.
        if fault.rule != &BODY_INCOMPLETE && !rules.contains(&fault.rule) {
            rules.push(fault.rule);
        }
    }
    // Framing that is faulty as such (RFC 9112 section 6.1) leaves open what is taken for the content.
    if message.faults.iter().any(|fault| fault.rule == &TRANSFER_ENCODING_IN_HTTP10) {
        let in_body =
            |rule: &&'static Rule| message.faults.iter().any(|fault| fault.rule == *rule && fault.stage == Stage::Body);
        rules.retain(|rule| !in_body(rule));
    }
    // A request without a version ends with its line for who takes it, and what follows is not looked at.
    if rules.contains(&&VERSION_MISSING) {
        rules.retain(|rule| *rule == &VERSION_MISSING);
    }
    // Whether `Host` is needed hangs on the version.
    if rules.contains(&&VERSION_INVALID) {
        rules.retain(|rule| *rule != &HOST_MISSING);
    }
    // RFC 9112 section 5.1 speaks of header fields.
    let in_head = |fault: &Fault| fault.rule == &WHITESPACE_BEFORE_COLON && fault.stage != Stage::Body;
    if !message.faults.iter().any(in_head) {
        rules.retain(|rule| *rule != &WHITESPACE_BEFORE_COLON);
    }
    // What is asked for is asked of HTTP/1.x.
    if rules.contains(&&VERSION_MAJOR_UNSUPPORTED) {
        rules.retain(|rule| *rule == &VERSION_MAJOR_UNSUPPORTED);
    }
    // A value that cannot be read has no final coding; what 6.3 asks for is said of values that can.
    if rules.contains(&&TRANSFER_ENCODING_INVALID) {
        rules.retain(|rule| *rule != &CHUNKED_NOT_FINAL);
    }
    rules
}

/// The rules of what the reading repairs or tolerates.
fn repaired(message: &Message) -> Vec<&'static Rule> {
    let mut rules: Vec<&'static Rule> = Vec::new();
    let has_fault = !message.faults.is_empty();
    // A message with a fault need not be tolerated for its features.
    let features = message.features.iter().filter(|_| !has_fault);
    for fault in message.faults.iter().chain(features).filter(|fault| !fault.refused) {
        if !rules.contains(&fault.rule) {
            rules.push(fault.rule);
        }
    }
    rules
}

fn by_table(rules: &[&'static Rule], outcome: Outcome, read_as: ReadAs, left_open: bool) -> Option<Verdict> {
    let mut reactions: Vec<&Reaction> = rules.iter().filter_map(|rule| reaction(rule)).collect();
    if matches!(outcome, Outcome::Rejected(429 | 502..=504)) {
        // That says nothing about a message that has to be tolerated.
        reactions.retain(|reaction| reaction.action != Action::Tolerate);
    }
    (!reactions.is_empty()).then(|| table::verdict(&reactions, Facts { outcome, read_as, left_open }))
}

/// The rule for a NUL or CR of a field value that the application is shown.
fn came_through(sent: &[u8], message: &Message, echo: &Echo) -> Option<&'static Rule> {
    let raw = |octet: u8| echo.fields.iter().any(|(_, value)| value.contains(&octet)) || echo.target.contains(&octet);
    let pairs = [(0, &FIELD_VALUE_NUL), (b'\r', &BARE_CR)];
    let head = message.head_end.map_or(sent.len(), |end| end - message.start).min(sent.len());
    pairs
        .into_iter()
        .find(|&(octet, rule)| {
            message.faults.iter().any(|fault| fault.rule == rule) && sent[..head].contains(&octet) && raw(octet)
        })
        .map(|(_, rule)| rule)
}

/// The rule for a field line of which the echo shows another value than the repair that is permitted leads to.
fn value_otherwise(message: &Message, echo: &Echo) -> Option<&'static Rule> {
    message.faults.iter().filter(|fault| REPAIRED_IN_VALUES.contains(&fault.rule)).find_map(|fault| {
        let at = fault.span.start;
        let field = message.fields.iter().rfind(|field| field.name_span.start < at)?;
        let name = String::from_utf8_lossy(&field.name).to_ascii_lowercase();
        // A CR before the field lines, or in a name, is in no value.
        let is_in_value = at >= field.value_span.start || fault.rule == &OBS_FOLD;
        let is_alone = message.values(&name).count() == 1;
        if !is_in_value || !is_alone || HANDLED_BEFORE.contains(&&*name) {
            return None;
        }
        let mut shown = echo.values(&name);
        let (value, more) = (shown.next()?, shown.next());
        (more.is_none() && words(value) != words(&field.value)).then_some(fault.rule)
    })
}

/// Rules about values that a recipient may repair in one way.
const REPAIRED_IN_VALUES: [&Rule; 3] = [&OBS_FOLD, &FIELD_VALUE_NUL, &BARE_CR];

/// Whether the echo shows the message as the reading has it: method and content.
fn shows(message: &Message, stream: &[u8], echo: &Echo) -> bool {
    let method = message.method(stream).unwrap_or_default();
    // Content that has no meaning with its method may have been read and dropped; and an echo may be cut short.
    let is_dropped = echo.body.is_empty() && !matches!(method, b"POST" | b"PUT" | b"PATCH");
    let content = message.content(stream);
    let is_content = is_dropped || echo.body == content || content.len() > crate::reference::ECHOED_MOST;
    echo.method == method && is_content
}

/// The duty that is broken where messages without a fault are answered otherwise than in any permitted reading.
fn duty_of(messages: &[Message], sent: &Sent) -> &'static Rule {
    let own = messages.iter().rev().filter(|message| message.start < sent.canary_from);
    for message in own {
        match message.framing.map(|framing| framing.body) {
            Some(Body::Chunked) => return &rule::CHUNKED_DECODED,
            Some(Body::Length(length)) if length > u64::from(u32::MAX >> 1) => return &rule::CONTENT_LENGTH_LARGE,
            Some(Body::Length(1..)) => return &rule::BODY_READ,
            _ => {}
        }
    }
    &rule::PIPELINE_ORDER
}
