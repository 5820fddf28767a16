//! Why a requirement on a server cannot be tested from outside: a closed list.

/// Why nobody outside of a server can see whether it keeps a requirement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// It says how the text is to be read.
    Definition,
    /// It is a principle, and other rows say what follows from it.
    Principle,
    /// It gives leave, and both ways are right.
    Permission,
    /// It is about what a server holds or does inside, and no octet hangs on it.
    Internal,
    /// It hangs on what a resource, its content or a field is meant for.
    Meaning,
    /// It holds under a condition that a peer can neither see nor bring about.
    Condition,
    /// A server that broke it could not be spoken with at all.
    Implied,
}

impl Reason {
    /// Every one of them.
    pub const ALL: [Self; 7] = [
        Self::Definition,
        Self::Principle,
        Self::Permission,
        Self::Internal,
        Self::Meaning,
        Self::Condition,
        Self::Implied,
    ];

    /// The word of the tables.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Definition => "definition",
            Self::Principle => "principle",
            Self::Permission => "permission",
            Self::Internal => "internal",
            Self::Meaning => "meaning",
            Self::Condition => "condition",
            Self::Implied => "implied",
        }
    }

    /// What the word stands for, in a line.
    #[must_use]
    pub const fn line(self) -> &'static str {
        match self {
            Self::Definition => "says how the text is to be read",
            Self::Principle => "a principle; other rows say what follows from it",
            Self::Permission => "leave, with both ways right",
            Self::Internal => "what a server holds or does inside; no octet hangs on it",
            Self::Meaning => "hangs on what a resource, its content or a field is meant for",
            Self::Condition => "under a condition that a peer can neither see nor bring about",
            Self::Implied => "whoever broke it could not be spoken with at all",
        }
    }
}
