//! What a target made of a stream, in terms that can be held beside another target's.
//!
//! Statuses differ for a hundred reasons that have nothing to do with reading. What is compared is where messages end
//! (number and order of the answers, whether the canary's is among them), whether each was taken or refused, and, where
//! the target echoes, method and content. A status that says something of the resource or the method (404, 405, 412)
//! comes from somebody who has read the message; so does the status that the target gives to a plain request with that
//! method. Statuses that a rule names for the refusal of what is wrong with the stream are refusals all the same.

use startline_parser::reader::{Message, StartLine};

use crate::answers::{Answer, answers};
use crate::calibrate::CanarySign;
use crate::fuzz::play::Played;
use crate::judge::exchange::Known;
use crate::judge::flight::is_canary;
use crate::judge::stream::Sent;
use crate::observation::Ended;
use crate::rule::{On, Role};
use crate::servers::Echo;

/// What a target made of a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Behaviour {
    /// The final answers before that to the canary.
    pub answers: Vec<Answered>,
    /// What came then.
    pub end: End,
}

/// One final answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// Its status; none for octets without a status-line.
    pub status: Option<u16>,
    /// Whether the message was taken, and not refused for what it is.
    pub is_taken: bool,
    /// What the echo shows of the message.
    pub read: Option<Read>,
}

/// What the echo shows of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// The method.
    pub method: Vec<u8>,
    /// How many octets of content were read; none where content without a meaning may have been dropped.
    pub length: Option<u64>,
    /// The content, if all of it was shown.
    pub content: Option<Vec<u8>>,
}

/// What came behind the answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The answer to the canary.
    Canary,
    /// The connection was closed.
    Closed,
    /// Nothing, on an open connection.
    Waits,
}

/// What plain requests get, by method.
#[derive(Debug, Clone, Default)]
pub struct Controls {
    /// The methods that were tried.
    pub by_method: Vec<(Vec<u8>, Option<u16>)>,
    /// What a method gets that nobody knows.
    pub unknown: Option<u16>,
}

/// Methods that servers may know.
const KNOWN_METHODS: [&[u8]; 9] =
    [b"GET", b"HEAD", b"POST", b"PUT", b"DELETE", b"CONNECT", b"OPTIONS", b"TRACE", b"PATCH"];

impl Controls {
    fn of(&self, method: &[u8]) -> Option<u16> {
        match self.by_method.iter().find(|(known, _)| known == method) {
            Some((_, status)) => *status,
            None if KNOWN_METHODS.contains(&method) => None,
            None => self.unknown,
        }
    }
}

impl Behaviour {
    /// What came back, in comparable terms; none where that says nothing: no connection, a server in trouble, one that
    /// refuses plain requests with 400 too.
    #[must_use]
    pub fn of(sent: &Sent, played: &Played, known: Known, controls: &Controls, host: &str) -> Option<Self> {
        if matches!(played.ended, Ended::NotConnected(_) | Ended::Flood | Ended::Deadline) {
            return None;
        }
        let messages = &sent.strict().messages;
        let methods: Vec<Vec<u8>> =
            messages.iter().map(|message| message.method(&sent.octets).unwrap_or(b"GET").to_vec()).collect();
        let found = answers(&played.octets, &methods, played.ended == Ended::Fin);
        // Octets without a status-line behind an answer are its content, or what is left of it.
        let is_answer = |(at, answer): &(usize, &Answer)| *at == 0 || answer.status.is_some();
        let finals = found.iter().filter(|answer| !answer.is_interim()).enumerate().filter(is_answer);
        let mut finals: Vec<&Answer> = finals.map(|(_, answer)| answer).collect();
        let is_closed = matches!(played.ended, Ended::Fin | Ended::Reset);
        // Who sends 408 was waiting; behind other answers it says that a further request did not come.
        let late = finals.iter().position(|answer| answer.status == Some(408));
        finals.truncate(late.unwrap_or(finals.len()));
        let end = if is_answer_to_canary(sent, &finals, known) {
            finals.pop();
            End::Canary
        } else if late.is_some() {
            End::Waits
        } else if is_closed || finals.last().is_some_and(|last| last.says_close) {
            End::Closed
        } else {
            End::Waits
        };
        let named = named_statuses(sent);
        let mut answers = Vec::new();
        for (at, answer) in finals.into_iter().enumerate() {
            let method = methods.get(at).map_or(&b"GET"[..], Vec::as_slice);
            let has_coding =
                messages.get(at).is_some_and(|message| message.values("transfer-encoding").next().is_some());
            let is_taken = match answer.status {
                // Said of a transfer coding (RFC 9112 section 6.1) or of the method (RFC 9110 section 9.1).
                Some(501) if has_coding => false,
                status => is_taken(status, controls.of(method), &named)?,
            };
            let echo = known.echoes.then(|| Echo::parse(&answer.content)).flatten();
            answers.push(Answered { status: answer.status, is_taken, read: echo.map(|echo| read(&echo, host)) });
        }
        Some(Self { answers, end })
    }

    /// Whether the first message was refused, by an answer or by a close.
    #[must_use]
    pub fn refuses(&self) -> bool {
        match self.answers.first() {
            Some(first) => !first.is_taken,
            None => self.end == End::Closed,
        }
    }

    /// In a word or two, for a grid.
    #[must_use]
    pub fn words(&self) -> String {
        let status = |answer: &Answered| answer.status.map_or("no status".to_owned(), |status| status.to_string());
        let first = match &self.answers[..] {
            [] => {
                return match self.end {
                    End::Canary => "passes over it",
                    End::Closed => "closes",
                    End::Waits => "waits",
                }
                .to_owned();
            }
            [one] if one.is_taken => match one.status {
                Some(200..=299) => "served".to_owned(),
                None => "served, no status".to_owned(),
                _ => format!("taken, {}", status(one)),
            },
            [one] => status(one),
            [.., last] if last.is_taken => format!("{} answers", self.answers.len()),
            [.., last] => format!("{} answers, {}", self.answers.len(), status(last)),
        };
        let is_taken = self.answers.last().is_some_and(|last| last.is_taken);
        let then = match self.end {
            End::Canary if is_taken => "",
            End::Canary => ", goes on",
            End::Closed if is_taken => ", closes",
            End::Waits if is_taken => ", waits",
            End::Closed | End::Waits => "",
        };
        first + then
    }

    /// What the echoes show, in words; none where none came.
    #[must_use]
    pub fn reads(&self) -> Option<String> {
        let reads: Vec<String> = self.answers.iter().filter_map(|answer| answer.read.as_ref()).map(told).collect();
        (!reads.is_empty()).then(|| reads.join("; "))
    }
}

fn told(read: &Read) -> String {
    let method = startline_parser::notation::encode(&read.method);
    match read.length {
        Some(length) => {
            format!("{method} with {}", crate::report::count(usize::try_from(length).unwrap_or(usize::MAX), "octet"))
        }
        None => method,
    }
}

/// Whether the last answer is the canary's.
fn is_answer_to_canary(sent: &Sent, finals: &[&Answer], known: Known) -> bool {
    let Some(last) = finals.last() else { return false };
    if sent.canary_from == sent.octets.len() {
        return false;
    }
    let is_alone = own_messages(sent) == 0;
    // Where nothing but a status or the count tells, the first answer is that to the first message.
    let is_behind = finals.len() > 1 || is_alone;
    match known.sign {
        CanarySign::Echo => Echo::parse(&last.content).is_some_and(|echo| {
            let token = sent.token.as_bytes();
            echo.method == b"GET" && echo.target.windows(token.len()).any(|window| window == token)
        }),
        CanarySign::Status(_) => is_behind && is_canary(last, known.sign, &sent.token),
        CanarySign::CountOnly => is_behind && last.status.is_none_or(|status| status < 400),
    }
}

/// The number of messages before the canary in a strict reading; empty lines are none.
#[must_use]
pub fn own_messages(sent: &Sent) -> usize {
    let begins = |message: &Message| match &message.start_line {
        Some(StartLine::Request { method, .. }) => method.start as usize,
        _ => message.start,
    };
    sent.strict().messages.iter().filter(|message| begins(message) < sent.canary_from).count()
}

/// The statuses that rules name for the refusal of what is wrong with the stream.
fn named_statuses(sent: &Sent) -> Vec<u16> {
    let reactions = sent.faults().filter_map(|rule| rule.reaction(Role::OriginServer, On::Request));
    reactions.flat_map(|reaction| reaction.action.statuses()).copied().collect()
}

/// Whether an answer with this status comes from somebody who took the message; none if that cannot be told.
fn is_taken(status: Option<u16>, control: Option<u16>, named: &[u16]) -> Option<bool> {
    let Some(status) = status else { return Some(true) };
    match status {
        429 | 503 => None,
        _ if control == Some(status) && status >= 400 => (status != 400).then_some(true),
        _ if named.contains(&status) => Some(false),
        101..=399 => Some(true),
        401..=407 | 409 | 410 | 412 | 415..=417 | 422..=424 | 428 | 451 | 501 => Some(true),
        _ => Some(false),
    }
}

fn read(echo: &Echo, host: &str) -> Read {
    let is_whole = echo.length.is_none_or(|length| length == echo.body.len() as u64);
    // Content in which the target's own host stands is another for each target.
    let content = is_whole.then(|| replaced(&echo.body, host.as_bytes()));
    let is_dropped = echo.body.is_empty() && !matches!(&echo.method[..], b"POST" | b"PUT" | b"PATCH");
    let length = content.as_ref().map_or(echo.length, |content| Some(content.len() as u64));
    Read {
        method: echo.method.clone(),
        length: if is_dropped { None } else { length },
        content: if is_dropped { None } else { content },
    }
}

fn replaced(content: &[u8], host: &[u8]) -> Vec<u8> {
    let mut written = Vec::with_capacity(content.len());
    let mut rest = content;
    while let Some(&first) = rest.first() {
        match rest.strip_prefix(host) {
            Some(after) if !host.is_empty() => {
                written.extend_from_slice(b"{host}");
                rest = after;
            }
            _ => {
                written.push(first);
                rest = &rest[1..];
            }
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const KNOWN: Known = Known { sign: CanarySign::Status(404), echoes: true };

    fn behaviour(stream: &[u8], octets: &str, ended: Ended) -> Option<Behaviour> {
        let sent = Sent::new(stream, b"GET /canary-t0k3n HTTP/1.1\r\nHost: a\r\n\r\n", "t0k3n");
        let played =
            Played { octets: octets.as_bytes().to_vec(), ended, took: Duration::ZERO, before: 0, used_again: false };
        let by_method = vec![(b"GET".to_vec(), Some(200)), (b"POST".to_vec(), Some(405))];
        Behaviour::of(&sent, &played, KNOWN, &Controls { by_method, unknown: Some(400) }, "a.test")
    }

    fn answer(status: u16) -> String {
        format!("HTTP/1.1 {status} x\r\nContent-Length: 0\r\n\r\n")
    }

    #[test]
    fn what_came_in_a_word_or_two() {
        let get = &b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"[..];
        for (statuses, ended, words) in [
            (&[200, 404][..], Ended::Answered, "served"),
            (&[200], Ended::Quiet, "served, waits"),
            (&[200], Ended::Fin, "served, closes"),
            (&[404], Ended::Quiet, "taken, 404, waits"),
            (&[400], Ended::Fin, "400"),
            (&[400, 404], Ended::Answered, "400, goes on"),
            (&[200, 200, 404], Ended::Answered, "2 answers"),
            (&[200, 400], Ended::Fin, "2 answers, 400"),
            (&[200, 408], Ended::Fin, "served, waits"),
            (&[408], Ended::Fin, "waits"),
            (&[], Ended::Reset, "closes"),
            (&[], Ended::Quiet, "waits"),
        ] {
            let octets: String = statuses.iter().map(|&status| answer(status)).collect();
            assert_eq!(behaviour(get, &octets, ended).unwrap().words(), words, "{statuses:?}");
        }
        assert_eq!(behaviour(b"\r\n", &answer(404), Ended::Answered).unwrap().words(), "passes over it");
    }

    #[test]
    fn a_status_that_the_plain_request_gets_too_is_no_refusal() {
        let post = &b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"[..];
        assert!(behaviour(post, &answer(405), Ended::Fin).unwrap().answers[0].is_taken);
        // What nobody knows gets 400 here whatever it says.
        assert_eq!(behaviour(b"GZT / HTTP/1.1\r\nHost: a\r\n\r\n", &answer(400), Ended::Fin), None);
        assert_eq!(behaviour(post, &answer(503), Ended::Fin), None);
        let coding = &b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: x, chunked\r\n\r\n0\r\n\r\n"[..];
        assert!(!behaviour(coding, &answer(501), Ended::Fin).unwrap().answers[0].is_taken);
        assert!(behaviour(post, &answer(501), Ended::Fin).unwrap().answers[0].is_taken);
    }

    #[test]
    fn content_is_seen_without_the_targets_own_host() {
        let body = "startline-echo/1\nmethod: POST\ntarget: /\nlength: 8\nbody:\n<a.test>";
        let octets = format!("HTTP/1.1 200 x\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        let found = behaviour(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", &octets, Ended::Quiet).unwrap();
        let read = found.answers[0].read.as_ref().unwrap();
        assert_eq!((read.length, read.content.as_deref()), (Some(8), Some(&b"<{host}>"[..])));
        assert_eq!(found.reads().unwrap(), "POST with 8 octets");
    }
}
