//! A message and a canary in one flight: do the answers, in number and order, fit a reading that the RFCs permit?
//!
//! The count tells where the peer saw the message end. One answer too many is a message that nobody sent; a canary whose
//! answer does not come was swallowed by a body. An early close is always permitted (RFC 9112 section 9.5), so fewer
//! answers and a closed connection prove nothing.

use startline_parser::reader::{End, Permitted, Reading};

use crate::answers::Answer;
use crate::calibrate::CanarySign;
use crate::observation::Observation;

/// What the answers of a flight say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Flight {
    /// They fit a permitted reading, and would not fit every other.
    Fits,
    /// They fit no permitted reading.
    Deviates(String),
    /// They say nothing, for this reason.
    Silent(String),
}

/// What one answer can be, as far as its looks go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Looks {
    Canary,
    Refusal,
    Other,
    /// The canary's answer cannot be told from others.
    Anything,
}

/// Holds the answers to `check` and canary against the permitted readings of the octets. `check_len` is the number of
/// octets before the canary; `token` is the canary's.
#[must_use]
pub fn flight(
    observation: &Observation,
    answers: &[Answer],
    readings: &[Permitted],
    check_len: usize,
    sign: CanarySign,
    token: &str,
) -> Flight {
    // A 408 behind other answers says that the peer waited for a further request, and answers none.
    let is_late = |at: usize, answer: &Answer| at > 0 && answer.status == Some(408);
    let finals: Vec<&Answer> = answers.iter().filter(|answer| !answer.is_interim()).collect();
    let finals: Vec<&Answer> =
        finals.into_iter().enumerate().filter(|(at, answer)| !is_late(*at, answer)).map(|(_, answer)| answer).collect();
    if finals.is_empty() {
        return Flight::Silent("the flight was not answered".to_owned());
    }
    let looks: Vec<Looks> = finals.iter().map(|answer| look(answer, sign, token)).collect();
    // Who has said `close` answers nothing further, and may take its time over closing.
    let closed = observation.is_closed() || finals.last().is_some_and(|answer| answer.says_close);
    if readings.iter().any(|permitted| fits(&permitted.reading, &looks, closed, check_len)) {
        return if closed && finals.len() == 1 {
            Flight::Silent("the connection was closed after the first answer".to_owned())
        } else {
            Flight::Fits
        };
    }
    let statuses: Vec<String> =
        finals.iter().map(|answer| answer.status.map_or("?".to_owned(), |status| status.to_string())).collect();
    let most = readings.iter().map(|permitted| permitted.reading.messages.len()).max().unwrap_or(0);
    Flight::Deviates(format!(
        "the check and a canary in one flight got {} ({}){}, which no permitted reading leads to (at most {most})",
        if finals.len() == 1 { "one answer".to_owned() } else { format!("{} answers", finals.len()) },
        statuses.join(", "),
        if closed { " and a close" } else { ", and the connection stayed open" },
    ))
}

pub(super) fn look(answer: &Answer, sign: CanarySign, token: &str) -> Looks {
    if matches!(answer.status, Some(429 | 500 | 502..=504)) {
        // A server in trouble, or tired of us, says nothing about what it was sent.
        return Looks::Anything;
    }
    match sign {
        CanarySign::Echo => {
            let shows = answer.content.windows(token.len()).any(|window| window == token.as_bytes());
            let is_get = answer.content.starts_with(b"startline-echo/1\nmethod: GET\n");
            match answer.status {
                _ if shows && is_get => Looks::Canary,
                Some(400..=599) => Looks::Refusal,
                _ => Looks::Other,
            }
        }
        CanarySign::Status(status) => match answer.status {
            Some(found) if found == status => Looks::Canary,
            Some(400..=599) => Looks::Refusal,
            _ => Looks::Other,
        },
        CanarySign::CountOnly => Looks::Anything,
    }
}

/// Whether the answer is known to be the canary's.
#[must_use]
pub fn is_canary(answer: &Answer, sign: CanarySign, token: &str) -> bool {
    look(answer, sign, token) == Looks::Canary
}

fn fits(reading: &Reading, looks: &[Looks], closed: bool, check_len: usize) -> bool {
    let mut answered = 0;
    for message in &reading.messages {
        let is_canary = message.start >= check_len;
        if answered == looks.len() {
            // Every answer has its message; this one got none, which only a close explains.
            return closed || matches!(message.end, End::Partial);
        }
        let is_refused = message.refused_for().is_some() || message.limit.is_some();
        if !is_refused && matches!(message.end, End::Partial) {
            // An incomplete message need not be answered; if it is, that was an early answer.
            return answered + 1 >= looks.len();
        }
        let look = looks[answered];
        let is_right = match look {
            Looks::Anything => true,
            Looks::Canary => is_canary && !is_refused,
            // A valid message may be refused (RFC 9110 section 15.5), a canary is known to be answered otherwise.
            Looks::Refusal => !is_canary,
            Looks::Other => !is_canary && !is_refused,
        };
        // The check's own answer may look like a canary's where only the status tells.
        let is_right = is_right || (look == Looks::Canary && !is_canary && !is_refused);
        if !is_right {
            return false;
        }
        answered += 1;
        if is_refused && matches!(message.end, End::Lost) {
            // Nothing after it can be told; no further answer is permitted.
            return answered == looks.len();
        }
    }
    answered == looks.len()
}
