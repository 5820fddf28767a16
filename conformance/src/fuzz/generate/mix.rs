//! Mixes: how much of what is generated, as named sets of weights.

use fastrand::Rng;

use super::draw::weighted;

/// What is done to a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    /// Method, version, whitespace and line end of the request-line, and what stands before it.
    Line,
    /// The request-target.
    Target,
    /// Field lines.
    Field,
    /// `Content-Length`, with content to match.
    Length,
    /// `Transfer-Encoding`, with content to match.
    Coding,
    /// The chunked coding.
    Chunk,
    /// Any token, as befits its kind.
    Token,
    /// Any octet.
    Octet,
    /// What the RFCs give recipients leave to repair.
    Lenient,
}

impl Family {
    const ALL: [Self; 9] = [
        Self::Line,
        Self::Target,
        Self::Field,
        Self::Length,
        Self::Coding,
        Self::Chunk,
        Self::Token,
        Self::Octet,
        Self::Lenient,
    ];
}

/// How often what is generated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mix {
    /// The name by which it is chosen.
    pub name: &'static str,
    /// What it is for, in one line.
    pub about: &'static str,
    /// Of 256 messages so many are damaged.
    damaged: u8,
    /// Weights of one message in a stream, of two, and so on.
    messages: &'static [u8],
    /// Weights of the families, in their order.
    families: [u8; Family::ALL.len()],
    /// Of 256 streams so many are made of inputs that there are already, if there are any.
    recombined: u8,
    /// Whether messages are such that the connection is kept after them.
    pub(super) is_kept: bool,
}

const STREAM: &[u8] = &[10, 6, 3, 2];

impl Mix {
    /// Most messages are damaged, in every way.
    pub const DEFAULT: &'static Self = &Self {
        name: "default",
        about: "every part of a request, most messages damaged, one to four in a stream",
        damaged: 200,
        messages: STREAM,
        families: [12, 14, 24, 30, 24, 34, 12, 8, 0],
        recombined: 70,
        is_kept: false,
    };
    /// Messages after which the connection is kept.
    pub const KEPT: &'static Self = &Self {
        name: "kept",
        about: "right messages and repairable ones, four to eight in a stream, after which a connection is kept",
        damaged: 70,
        messages: &[0, 0, 0, 2, 2, 2, 1, 1],
        families: [0, 0, 0, 0, 0, 0, 0, 0, 1],
        recombined: 0,
        is_kept: true,
    };
    /// Where messages end.
    pub const FRAMING: &'static Self = &Self {
        name: "framing",
        about: "Content-Length, Transfer-Encoding and what they come to together",
        families: [0, 0, 2, 30, 30, 10, 4, 2, 0],
        ..*Self::DEFAULT
    };
    /// Request-lines.
    pub const TARGET: &'static Self = &Self {
        name: "target",
        about: "the request-target and the rest of the request-line",
        families: [16, 30, 2, 0, 0, 0, 2, 2, 0],
        ..*Self::DEFAULT
    };
    /// Field lines.
    pub const FIELDS: &'static Self = &Self {
        name: "fields",
        about: "field lines, folds, Host, and the line ends of the head",
        families: [2, 0, 40, 2, 2, 0, 3, 3, 0],
        ..*Self::DEFAULT
    };
    /// The chunked coding.
    pub const CHUNKED: &'static Self = &Self {
        name: "chunked",
        about: "chunk sizes, extensions, data and trailer sections",
        families: [0, 0, 1, 0, 4, 40, 3, 3, 0],
        ..*Self::DEFAULT
    };
    /// Every mix.
    pub const ALL: &'static [&'static Self] =
        &[Self::DEFAULT, Self::KEPT, Self::FRAMING, Self::TARGET, Self::FIELDS, Self::CHUNKED];

    /// The mix of that name.
    #[must_use]
    pub fn by_name(name: &str) -> Option<&'static Self> {
        Self::ALL.iter().copied().find(|mix| mix.name == name)
    }

    pub(super) fn messages(&self, rng: &mut Rng) -> usize {
        weighted(rng, self.messages) + 1
    }

    /// What is done to the next message; nothing if it stays as it is.
    pub(super) fn damage(&self, rng: &mut Rng) -> Option<Family> {
        (rng.u8(..) < self.damaged).then(|| self.family(rng))
    }

    pub(super) fn family(&self, rng: &mut Rng) -> Family {
        Family::ALL[weighted(rng, &self.families)]
    }

    pub(super) fn recombines(&self, rng: &mut Rng) -> bool {
        rng.u8(..) < self.recombined
    }
}
