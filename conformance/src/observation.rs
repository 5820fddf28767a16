//! What was sent and what came back: octets and times, raw. Nothing here is judged.

use std::time::Duration;

/// One exchange on one connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// What the exchange is for.
    pub purpose: Purpose,
    /// What was sent, in order.
    pub sent: Vec<Sent>,
    /// What was received, in order, as the pieces arrived.
    pub received: Vec<Piece>,
    /// How it ended.
    pub ended: Ended,
    /// When it ended.
    pub ended_at: Duration,
    /// How many octets had been received when the canary was sent on the same connection, if one was.
    pub before_canary: Option<usize>,
    /// How many octets at the end of what was received are not kept any more.
    pub omitted: usize,
}

impl Observation {
    /// All octets received.
    #[must_use]
    pub fn octets(&self) -> Vec<u8> {
        self.received.iter().flat_map(|piece| &piece.octets).copied().collect()
    }

    /// All octets sent.
    #[must_use]
    pub fn octets_sent(&self) -> Vec<u8> {
        self.sent.iter().flat_map(|sent| &sent.piece.octets).copied().collect()
    }

    /// Forgets what was received beyond `most` octets, once everything has been judged.
    pub fn trim(&mut self, most: usize) {
        let mut left = most;
        for piece in &mut self.received {
            let keep = piece.octets.len().min(left);
            self.omitted += piece.octets.len() - keep;
            piece.octets.truncate(keep);
            piece.octets.shrink_to_fit();
            left -= keep;
        }
        self.received.retain(|piece| !piece.octets.is_empty());
    }

    /// Whether the peer ended the connection, in whatever way.
    #[must_use]
    pub const fn is_closed(&self) -> bool {
        matches!(self.ended, Ended::Fin | Ended::Reset)
    }

    /// When the first octet arrived.
    #[must_use]
    pub fn first_octet_at(&self) -> Option<Duration> {
        self.received.first().map(|piece| piece.at)
    }
}

/// What an exchange is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// The fault, feature or duty itself.
    Check,
    /// The same without it.
    Control,
    /// Check or control and a canary in one flight, to count and order the answers.
    Canary,
    /// A repetition of the check.
    Confirm,
}

/// A piece that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// The octets and when they were handed over.
    pub piece: Piece,
    /// Whether it is the canary.
    pub is_canary: bool,
}

/// Octets and a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Time since the connection was opened.
    pub at: Duration,
    /// The octets.
    pub octets: Vec<u8>,
}

/// How an exchange ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// The peer closed (FIN, or the TLS equivalent).
    Fin,
    /// The peer reset the connection.
    Reset,
    /// Everything awaited had arrived; the connection was still open.
    Answered,
    /// Nothing more came within the quiet period; the connection was still open.
    Quiet,
    /// More octets came than are kept.
    Flood,
    /// The time for the exchange was over while octets still came.
    Deadline,
    /// No connection could be made, or TLS failed.
    NotConnected(String),
}

impl Ended {
    /// A word or two for reports.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Fin => "closed by the peer".to_owned(),
            Self::Reset => "reset by the peer".to_owned(),
            Self::Answered => "answered, left open".to_owned(),
            Self::Quiet => "open and quiet".to_owned(),
            Self::Flood => "more octets than are kept".to_owned(),
            Self::Deadline => "out of time".to_owned(),
            Self::NotConnected(why) => format!("not connected: {why}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trimming_says_what_it_forgot() {
        let piece = |octets: &[u8]| Piece { at: Duration::ZERO, octets: octets.to_vec() };
        let mut observation = Observation {
            purpose: Purpose::Check,
            sent: Vec::new(),
            received: vec![piece(b"abc"), piece(b"def"), piece(b"ghi")],
            ended: Ended::Fin,
            ended_at: Duration::ZERO,
            before_canary: None,
            omitted: 0,
        };
        observation.trim(4);
        assert_eq!((observation.octets(), observation.omitted), (b"abcd".to_vec(), 5));
    }
}
