//! Observations written by hand, for the tests of the judgements.

use std::time::Duration;

use super::talk::Seen;
use crate::observation::{Ended, Observation, Piece, Purpose, Sent};

/// What was sent and received, turn by turn, in the notation of checks, a millisecond between any two. From the second
/// turn on it is a canary.
pub(super) fn turns(turns: &[(&str, &str)], ended: Ended) -> Observation {
    let octets = |text: &str| startline_parser::notation::decode(text).expect("the notation");
    let piece = |text: &str, at: usize| Piece { at: Duration::from_millis(at as u64), octets: octets(text) };
    let mut observation = Observation {
        purpose: Purpose::Check,
        sent: Vec::new(),
        received: Vec::new(),
        ended,
        ended_at: Duration::ZERO,
        before_canary: None,
        omitted: 0,
    };
    for (at, (sent, received)) in turns.iter().enumerate() {
        if at > 0 {
            observation.before_canary.get_or_insert(observation.octets().len());
        }
        if !sent.is_empty() {
            observation.sent.push(Sent { piece: piece(sent, 2 * at), is_canary: at > 0 });
        }
        if !received.is_empty() {
            observation.received.push(piece(received, 2 * at + 1));
        }
    }
    observation
}

/// One turn.
pub(super) fn turn(sent: &str, received: &str, ended: Ended) -> Observation {
    turns(&[(sent, received)], ended)
}

/// A plain exchange that was answered with 200.
pub(super) fn good() -> Observation {
    turn(GET, OK, Ended::Answered)
}

/// A plain exchange that was not answered.
pub(super) fn dead() -> Observation {
    turn(GET, "", Ended::Quiet)
}

/// A check between plain exchanges that were answered.
pub(super) fn seen(check: Observation) -> Seen {
    Seen { control: good(), check, after: Some(good()) }
}

/// A check after which the peer answers no more.
pub(super) fn seen_dying(check: Observation) -> Seen {
    Seen { control: good(), check, after: Some(dead()) }
}

pub(super) const GET: &str = "GET / HTTP/1.1\nHost: h\n\n";
pub(super) const OK: &str = "HTTP/1.1 200 OK\nContent-Length: 2\n\nok\\\n";

/// An answer with this status and two octets of content.
pub(super) fn status(status: u16) -> String {
    format!("HTTP/1.1 {status} X\nContent-Length: 2\n\nno\\\n")
}
