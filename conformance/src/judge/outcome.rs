//! What an observation comes to: one of the columns of the verdict table.

use crate::answers::Answer;
use crate::observation::{Ended, Observation};

/// How a message was taken, by its first final answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// A 4xx or 5xx.
    Rejected(u16),
    /// A 2xx or 3xx, another protocol, or octets without a status-line (none).
    Served(Option<u16>),
    /// The connection ended without an answer.
    Closed,
    /// No answer, and the connection stayed open; or one that came only when the peer had lost its own patience.
    Nothing,
}

/// The column of an exchange whose answers are `answers`.
#[must_use]
pub fn outcome(observation: &Observation, answers: &[Answer]) -> Outcome {
    match answers.iter().find(|answer| !answer.is_interim()) {
        Some(Answer { status: Some(408), .. }) => Outcome::Nothing,
        Some(Answer { status: Some(status @ 400..=599), .. }) => Outcome::Rejected(*status),
        Some(answer) => Outcome::Served(answer.status),
        None if observation.is_closed() => Outcome::Closed,
        None => Outcome::Nothing,
    }
}

impl Outcome {
    /// In plain words.
    #[must_use]
    pub fn words(self, observation: &Observation) -> String {
        match self {
            Self::Rejected(status) => format!("refused with {status}"),
            Self::Served(Some(status)) => format!("served with {status}"),
            Self::Served(None) => "answered with octets that begin with no status-line".to_owned(),
            Self::Closed if observation.ended == Ended::Reset => "reset without an answer".to_owned(),
            Self::Closed => "closed without an answer".to_owned(),
            Self::Nothing => "no answer".to_owned(),
        }
    }
}

/// Whether the connection was used again although it has to be closed: the peer answered what was sent on it later.
#[must_use]
pub fn left_open(observation: &Observation, answers: &[Answer]) -> bool {
    // A 408 says that no further request came, and answers none.
    let is_further = |answer: &Answer| answer.is_complete && !answer.is_interim() && answer.status != Some(408);
    let answered = |before| answers.iter().any(|answer| answer.start >= before && is_further(answer));
    observation.before_canary.is_some_and(answered)
}
