//! What a recipient under a policy is seen to do with a stream and a canary at its end, and whether what came back fits.
//!
//! Conservative on purpose: an observation that two readings can lead to fits both. A server may answer an accepted
//! message with 404 or 405, and refuse one with 400; where a status can be either, it is taken for either. An early close
//! fits every reading whose answers up to there have come. An answer before the end of a message fits one that waits for
//! more.

use startline_parser::Body;
use startline_parser::policy::Policy;
use startline_parser::reader::{self, End, Message, Stage};
use startline_parser::rule::request_line::VERSION_MISSING;

use crate::answers::{Answer, answers};
use crate::calibrate::{Calibration, CanarySign};
use crate::judge::LIMITS;
use crate::observation::Ended;
use crate::rule::On;
use crate::servers::Echo;
use crate::target::Target;

/// What was sent on one connection, and what came back.
#[derive(Debug, Clone, Copy)]
pub struct Observed<'o> {
    /// The stream, with the canary at its end.
    pub octets: &'o [u8],
    /// The canary's token.
    pub token: &'o str,
    /// What came back.
    pub received: &'o [u8],
    /// How it ended.
    pub ended: &'o Ended,
}

impl Observed<'_> {
    fn is_closed(&self) -> bool {
        matches!(self.ended, Ended::Fin | Ended::Reset)
    }
}

/// What has to be known of a server for its answers to be told apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Knowledge {
    /// How a canary's answer is recognised.
    pub sign: CanarySign,
    /// Whether it answers with the marked echo.
    pub echoes: bool,
    /// Path and query of the known-good resource.
    pub path: String,
    /// Its status by method, where it was asked for.
    pub statuses: Vec<(String, u16)>,
    /// The status for a method that nobody knows, if it was asked for.
    pub unknown_method: Option<u16>,
}

impl Knowledge {
    /// What calibration found out.
    #[must_use]
    pub fn of(target: &Target, calibration: &Calibration) -> Self {
        let statuses = &calibration.methods;
        Self {
            sign: calibration.canary,
            echoes: calibration.echoes,
            path: target.path.clone(),
            statuses: statuses.iter().filter_map(|(method, status)| Some(((*method).to_owned(), (*status)?))).collect(),
            unknown_method: None,
        }
    }

    fn status_of(&self, method: &[u8]) -> Option<u16> {
        self.statuses.iter().find(|(known, _)| known.as_bytes() == method).map(|(_, status)| *status)
    }
}

/// Whether an observation fits a prediction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fit {
    /// Such a recipient is not seen to do this.
    No,
    /// It fits, and does not show everything that was predicted.
    Possible,
    /// It fits.
    Yes,
}

/// What is seen of one message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Then {
    /// It is answered.
    Answered,
    /// It is refused.
    Refused {
        /// Its end is known, so that a server could go on behind it.
        goes_on: bool,
        /// What is wrong is in the body, and an answer may have been sent before that was read.
        in_body: bool,
        /// Not all of it has come, and a server may wait for the rest before it refuses.
        may_wait: bool,
    },
    /// More of it is awaited.
    Waits,
    /// Everything from here on belongs to a tunnel, if the server makes one.
    Tunnel,
}

/// One message, as the recipient takes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Predicted {
    /// Where it begins in the stream.
    pub start: usize,
    /// Where it ends, if that is known.
    pub end: Option<usize>,
    /// The method.
    pub method: Vec<u8>,
    /// The request-target.
    pub target: Vec<u8>,
    /// The content.
    pub content: Vec<u8>,
    /// The field lines of the head.
    pub fields: Vec<(Vec<u8>, Vec<u8>)>,
    /// Whether it is of HTTP/0.9.
    pub is_09: bool,
    /// Whether the connection ends behind it.
    pub closes: bool,
    /// Whether it says that more follows than many servers take.
    pub is_large: bool,
    /// What is seen of it.
    pub then: Then,
}

impl Predicted {
    fn of(message: &Message, octets: &[u8]) -> Self {
        // A version that could not be read is none that is missing.
        let is_09 = message.version().is_none() && message.faults.iter().any(|fault| fault.rule == &VERSION_MISSING);
        let is_10 = message.version().is_some_and(|version| !version.is_11());
        let closes = is_09
            || message.framing.is_some_and(|framing| framing.close)
            || message.lists("connection", "close")
            || (is_10 && !message.lists("connection", "keep-alive"));
        let end = match message.end {
            End::Complete(end) | End::Tunnel(end) => Some(end),
            _ => None,
        };
        let refused = message.refused_for();
        let is_refused = refused.is_some() || message.limit.is_some();
        let then = match message.end {
            End::Complete(_) if !is_refused => Then::Answered,
            End::Partial | End::UntilClose if !is_refused => Then::Waits,
            End::Tunnel(_) if !is_refused => Then::Tunnel,
            // Who cannot tell where a message ends refuses it.
            _ => Then::Refused {
                goes_on: matches!(message.end, End::Complete(_)),
                in_body: refused.is_some_and(|fault| fault.stage == Stage::Body),
                may_wait: message.head_end.is_none() || message.end == End::Partial,
            },
        };
        Self {
            start: message.start,
            end,
            method: message.method(octets).unwrap_or_default().to_vec(),
            target: message.target(octets).unwrap_or_default().to_vec(),
            content: message.content(octets),
            fields: message.fields.iter().map(|field| (field.name.clone(), field.value.clone())).collect(),
            is_09,
            closes,
            is_large: is_large(message, octets),
            then,
        }
    }

    fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|(field, _)| field.eq_ignore_ascii_case(name.as_bytes()))
    }

    /// Whether it has a coding that a server need not know although it has read it.
    fn is_compressed(&self) -> bool {
        let is_coding = |(name, _): &&(Vec<u8>, Vec<u8>)| name.eq_ignore_ascii_case(b"transfer-encoding");
        let values = self.fields.iter().filter(is_coding).map(|(_, value)| value.to_ascii_lowercase());
        let names: [&[u8]; 3] = [b"gzip", b"deflate", b"compress"];
        values.into_iter().any(|value| names.iter().any(|name| contains(&value, name)))
    }

    /// Whether it is the canary with this token, whole and by itself.
    #[must_use]
    pub fn is_canary(&self, token: &str) -> bool {
        self.method == b"GET" && contains(&self.target, token.as_bytes())
    }
}

/// A content of so many octets, or a chunk, can be refused for its size alone.
const LARGE: u64 = 1 << 20;

fn is_large(message: &Message, octets: &[u8]) -> bool {
    match message.framing.map(|framing| framing.body) {
        Some(Body::Length(length)) => length >= LARGE,
        Some(Body::Chunked) if message.end == End::Partial => {
            // The size stands in the line before the data that has not come to its end.
            let before = message.content.last().and_then(|span| octets.get(..span.start as usize)).unwrap_or_default();
            let line = before.trim_ascii_end().rsplit(|&octet| octet == b'\n').next().unwrap_or_default();
            line.iter().take_while(|octet| octet.is_ascii_hexdigit()).count() > 5
        }
        _ => false,
    }
}

/// What a recipient is seen to do with a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prediction {
    /// The messages in order, up to the last of which anything is seen.
    pub messages: Vec<Predicted>,
}

type Fields = Vec<(Vec<u8>, Vec<u8>)>;

/// What shows of one message; two predictions with the same of it cannot be told apart.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Visible {
    then: Then,
    is_canary: bool,
    closes: bool,
    /// Method, content and fields, where an echo shows them.
    understood: Option<(Vec<u8>, Vec<u8>, Fields)>,
}

impl Prediction {
    /// What a recipient with `policy` makes of the stream.
    #[must_use]
    pub fn of(policy: &Policy, octets: &[u8]) -> Self {
        let reading = reader::read(octets, On::Request, &[], policy, &LIMITS);
        let messages = reading.messages.iter().map(|message| Predicted::of(message, octets)).collect();
        Self { messages }
    }

    /// What shows from outside, with or without an echo.
    #[must_use]
    pub fn visible(&self, octets: &[u8], token: &str, echoes: bool) -> Vec<Visible> {
        let mut seen = Vec::new();
        for message in &self.messages {
            let is_taken = matches!(message.then, Then::Answered);
            let understood = (echoes && is_taken).then(|| {
                let told = told_fields(&message.fields, octets);
                (message.method.clone(), message.content.clone(), told)
            });
            let then = match message.then {
                // Whether there could be more makes no difference to what is seen.
                Then::Refused { .. } => Then::Refused { goes_on: false, in_body: false, may_wait: false },
                other => other,
            };
            // A refusal may or may not end the connection.
            let closes = is_taken && message.closes;
            seen.push(Visible { then, is_canary: message.is_canary(token), closes, understood });
            if !is_taken || message.closes {
                break;
            }
        }
        seen
    }

    /// Holds what was observed against it.
    #[must_use]
    pub fn fits(&self, observed: &Observed<'_>, known: &Knowledge) -> Fit {
        let methods: Vec<Vec<u8>> = self.messages.iter().map(|message| message.method.clone()).collect();
        let found = answers(observed.received, &methods, *observed.ended == Ended::Fin);
        self.fits_answers(observed, &found, known)
    }

    fn fits_answers(&self, observed: &Observed<'_>, found: &[Answer], known: &Knowledge) -> Fit {
        if matches!(observed.ended, Ended::NotConnected(_) | Ended::Flood | Ended::Deadline) {
            return Fit::Possible;
        }
        let finals: Vec<&Answer> = found.iter().filter(|answer| !answer.is_interim()).collect();
        // A 408 says that the server waited for more, and answers nothing.
        let waited = finals.last().is_some_and(|answer| answer.status == Some(408));
        let finals = if waited { &finals[..finals.len() - 1] } else { &finals[..] };
        let closed = observed.is_closed() || finals.last().is_some_and(|answer| answer.says_close);
        let mut fit = Fit::Yes;
        for (at, message) in self.messages.iter().enumerate() {
            let is_last = at + 1 >= finals.len();
            let Some(answer) = finals.get(at) else {
                return fit.min(match message.then {
                    Then::Waits if waited || !closed => Fit::Yes,
                    Then::Waits | Then::Answered | Then::Tunnel if at > 0 && closed && !waited => Fit::Possible,
                    Then::Refused { .. } if observed.is_closed() && at == 0 => Fit::Yes,
                    Then::Refused { .. } if closed && !waited => Fit::Possible,
                    Then::Refused { may_wait: true, .. } => Fit::Possible,
                    _ => Fit::No,
                });
            };
            let taken = taken(answer, &observed.received[answer.start..], message, known);
            fit = fit.min(match (message.then, taken) {
                // Too large is no matter of reading.
                (Then::Waits, Taken::No) if message.is_large && is_last => return Fit::Possible,
                (Then::Answered | Then::Tunnel | Then::Waits, Taken::No) => return Fit::No,
                (Then::Answered, taken) => {
                    let mut here = if taken == Taken::Yes { Fit::Yes } else { Fit::Possible };
                    here = here.min(looks(answer, message, observed.token, known));
                    if here == Fit::No {
                        return Fit::No;
                    }
                    if let Some(echo) = Echo::parse(&answer.content).filter(|_| known.echoes) {
                        if !is_echo_of(&echo, message, observed.octets) {
                            return Fit::No;
                        }
                        here = Fit::Yes;
                    }
                    here
                }
                // Whether a tunnel was made decides on what follows.
                (Then::Tunnel, _) if answer.status.is_some_and(|status| status >= 300) => {
                    return if taken == Taken::Yes { fit } else { Fit::Possible };
                }
                (Then::Tunnel, _) => return if is_last { fit } else { Fit::No },
                (Then::Waits, _) => {
                    // An early answer, behind which everything belongs to the content.
                    let echo = Echo::parse(&answer.content).filter(|_| known.echoes);
                    let read = echo.is_some_and(|echo| !is_echo_of(&echo, message, observed.octets));
                    return if is_last && !read && !is_canary_for_sure(answer, observed.token, known) {
                        Fit::Possible
                    } else {
                        Fit::No
                    };
                }
                (Then::Refused { in_body, .. }, Taken::Yes) => {
                    // It may have been answered before the fault was read, and the connection closed for that.
                    let is_early = in_body && is_last && closed && Echo::parse(&answer.content).is_none();
                    return if is_early { Fit::Possible } else { Fit::No };
                }
                (Then::Refused { goes_on, .. }, taken) => {
                    let here = if taken == Taken::No { Fit::Yes } else { Fit::Possible };
                    if is_last {
                        return fit.min(here);
                    }
                    if !goes_on {
                        return Fit::No;
                    }
                    Fit::Possible
                }
            });
            if message.closes && message.then == Then::Answered {
                return match (is_last, closed) {
                    (true, true) => fit,
                    (true, false) => Fit::Possible,
                    _ => Fit::No,
                };
            }
        }
        if self.messages.len() < finals.len() { Fit::No } else { fit }
    }
}

/// Whether an answer says that the message was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Taken {
    Yes,
    No,
    Either,
}

/// `octets` are those of the answer and of what follows it.
fn taken(answer: &Answer, octets: &[u8], message: &Predicted, known: &Knowledge) -> Taken {
    let Some(status) = answer.status else {
        // HTTP/0.9 has no statuses: an error page can only be told by its text.
        let is_error = contains(octets, b"400") || contains(octets, b"Bad ");
        return if is_error { Taken::Either } else { Taken::Yes };
    };
    let own = known.status_of(&message.method);
    let expected = own.or(known.unknown_method);
    match status {
        ..=399 => Taken::Yes,
        429 | 500 | 502..=504 => Taken::Either,
        _ if expected == Some(status) => {
            if matches!(status, 400 | 403) || message.has("transfer-encoding") {
                Taken::Either
            } else {
                Taken::Yes
            }
        }
        400 | 411 | 414 | 431 | 505 => Taken::No,
        404 | 405 => Taken::Yes,
        // Nothing that was sent is large; what is still awaited may be.
        413 if message.then == Then::Answered => Taken::No,
        // A method that is not known, or a coding.
        501 if own.is_some() && !message.is_compressed() => Taken::No,
        _ => Taken::Either,
    }
}

/// Whether an answer looks like a canary's where one is predicted, and nowhere else.
fn looks(answer: &Answer, message: &Predicted, token: &str, known: &Knowledge) -> Fit {
    if matches!(answer.status, Some(429 | 500 | 502..=504)) {
        return Fit::Yes;
    }
    let is_canary = message.is_canary(token);
    let yes = |is_right| if is_right { Fit::Yes } else { Fit::No };
    match known.sign {
        CanarySign::Echo => yes(is_canary == is_canary_for_sure(answer, token, known)),
        CanarySign::Status(status) if is_canary => yes(answer.status == Some(status)),
        CanarySign::Status(status) if answer.status == Some(status) => {
            let is_known = message.target == known.path.as_bytes() && known.status_of(&message.method).is_some();
            let is_unknown = !METHODS.contains(&&message.method[..]);
            if is_known || (is_unknown && known.unknown_method.is_some_and(|unknown| unknown != status)) {
                return Fit::No;
            }
            // Octets before the canary that became part of it.
            if contains(&message.target, token.as_bytes()) { Fit::Possible } else { Fit::Yes }
        }
        CanarySign::Status(_) | CanarySign::CountOnly => Fit::Yes,
    }
}

/// The methods that servers know.
const METHODS: [&[u8]; 9] = [b"GET", b"HEAD", b"POST", b"PUT", b"DELETE", b"CONNECT", b"OPTIONS", b"TRACE", b"PATCH"];

fn is_canary_for_sure(answer: &Answer, token: &str, known: &Knowledge) -> bool {
    let echo = Echo::parse(&answer.content).filter(|_| known.sign == CanarySign::Echo);
    echo.is_some_and(|echo| echo.method == b"GET" && contains(&echo.target, token.as_bytes()))
}

/// Whether what the application was told is what was predicted, as far as servers tell it unchanged.
fn is_echo_of(echo: &Echo, message: &Predicted, octets: &[u8]) -> bool {
    if echo.method != message.method {
        return false;
    }
    // Content that has no meaning with its method may have been read and dropped.
    let is_dropped = echo.body.is_empty()
        && echo.length.is_none_or(|length| length == 0)
        && !matches!(&message.method[..], b"POST" | b"PUT" | b"PATCH");
    let is_cut = echo.length.is_some_and(|length| length > echo.body.len() as u64);
    let is_whole = if is_cut {
        echo.length == Some(message.content.len() as u64) && message.content.starts_with(&echo.body)
    } else {
        echo.body == message.content
    };
    if !is_dropped && !is_whole && message.then == Then::Answered {
        return false;
    }
    echo.fields.is_empty() || told_fields(&echo.fields, octets) == told_fields(&message.fields, octets)
}

/// The fields of nobody's own that stand in the stream, as far as servers hand them on: names in lower case and with
/// hyphens, the values of lines with the same name together, blanks as one SP.
fn told_fields(fields: &[(Vec<u8>, Vec<u8>)], octets: &[u8]) -> Fields {
    let octets = octets.to_ascii_lowercase();
    let mut told = Fields::new();
    for (name, value) in fields {
        let lower = name.to_ascii_lowercase();
        if !lower.starts_with(b"x-") || !contains(&octets, &lower) || !value.is_ascii() {
            continue;
        }
        let name: Vec<u8> = lower.iter().map(|&octet| if octet == b'_' { b'-' } else { octet }).collect();
        let value = plain(value);
        match told.iter_mut().find(|(known, _)| *known == name) {
            Some((_, all)) => all.extend([b",", &value[..]].concat()),
            None => told.push((name, value)),
        }
    }
    told.sort();
    told
}

/// Blanks, and folds that were handed on, as one SP.
fn plain(value: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    let mut at = 0;
    while at < value.len() {
        let rest = &value[at..];
        let line_end = if rest.starts_with(b"\r\n") { 2 } else { usize::from(rest[0] == b'\n') };
        let is_fold = line_end > 0 && rest.get(line_end).is_some_and(|octet| matches!(octet, b' ' | b'\t'));
        if is_fold || matches!(rest[0], b' ' | b'\t') {
            if text.last() != Some(&b' ') {
                text.push(b' ');
            }
            at += line_end.max(1);
        } else {
            text.push(if rest[0] == b',' && rest.get(1) == Some(&b' ') { b',' } else { rest[0] });
            at += 1 + usize::from(rest[0] == b',' && rest.get(1) == Some(&b' '));
        }
    }
    text.trim_ascii_end().to_vec()
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    !part.is_empty() && text.windows(part.len()).any(|window| window == part)
}
