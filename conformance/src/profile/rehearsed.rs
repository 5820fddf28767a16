//! Observations of the reference server without a network, for tests.

use startline_parser::policy::Policy;

use super::predict::{Knowledge, Observed};
use crate::calibrate::CanarySign;
use crate::observation::Ended;
use crate::reference::{Application, Behaviour, Rehearsal, State};

pub(super) const TOKEN: &str = "0123456789ab";

/// The reference server under a policy, as the mutants have it.
pub(super) fn behaviour(policy: Policy, application: Application) -> Behaviour {
    Behaviour { application, ..Behaviour::default().with_policy(policy) }
}

/// A stream with a canary behind it.
pub(super) fn with_canary(stream: &[u8]) -> Vec<u8> {
    let canary = format!("GET /startline-canary-{TOKEN} HTTP/1.1\r\nHost: example.com\r\n\r\n");
    [stream, canary.as_bytes()].concat()
}

/// What the reference server answers to a flight.
pub(super) fn play(behaviour: &Behaviour, octets: &[u8]) -> (Vec<u8>, Ended) {
    let mut rehearsal = Rehearsal::new(behaviour);
    let received = rehearsal.send(octets);
    let ended = match rehearsal.state() {
        State::Open | State::Mute => Ended::Quiet,
        State::Closed => Ended::Fin,
        State::Reset => Ended::Reset,
    };
    (received, ended)
}

/// What is known of the reference server.
pub(super) fn knowledge(echoes: bool) -> Knowledge {
    Knowledge {
        sign: CanarySign::Status(404),
        echoes,
        path: "/".to_owned(),
        statuses: ["GET", "HEAD", "OPTIONS", "POST"].map(|method| (method.to_owned(), 200)).into(),
        unknown_method: Some(501),
    }
}

/// As [`Observed`].
pub(super) fn observed<'o>(octets: &'o [u8], (received, ended): &'o (Vec<u8>, Ended)) -> Observed<'o> {
    Observed { octets, token: TOKEN, received, ended }
}
