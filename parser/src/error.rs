//! What stops a parse: a rule that the bytes break, or a limit that they exceed.

use core::fmt;

use crate::rule::Rule;

/// Why the bytes were not accepted, and at which octet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Error {
    /// The rule or the limit.
    pub kind: ErrorKind,
    /// Offset of the first octet that cannot be right, in the buffer that was parsed.
    pub offset: usize,
}

/// The rule that is broken or the limit that is exceeded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The bytes break this rule.
    Rule(&'static Rule),
    /// The bytes may be right, but exceed what this recipient takes.
    Limit(Limit),
}

/// A limit of [`Limits`](crate::Limits) that was exceeded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Limit {
    /// [`Limits::head`](crate::Limits::head).
    Head,
    /// [`Limits::start_line`](crate::Limits::start_line).
    StartLine,
    /// [`Limits::field_line`](crate::Limits::field_line).
    FieldLine,
    /// [`Limits::fields`](crate::Limits::fields), or the storage for field lines is full.
    FieldCount,
    /// [`Limits::chunk_line`](crate::Limits::chunk_line).
    ChunkLine,
    /// [`Limits::chunk_extensions`](crate::Limits::chunk_extensions).
    ChunkExtensions,
    /// [`Limits::trailer_section`](crate::Limits::trailer_section).
    TrailerSection,
}

impl Error {
    pub(crate) const fn rule(rule: &'static Rule, offset: usize) -> Self {
        Self { kind: ErrorKind::Rule(rule), offset }
    }

    pub(crate) const fn limit(limit: Limit, offset: usize) -> Self {
        Self { kind: ErrorKind::Limit(limit), offset }
    }

    /// The rule that is broken; none when a limit was exceeded.
    #[must_use]
    pub const fn broken_rule(&self) -> Option<&'static Rule> {
        match self.kind {
            ErrorKind::Rule(rule) => Some(rule),
            ErrorKind::Limit(_) => None,
        }
    }

    pub(crate) const fn shifted(self, by: usize) -> Self {
        Self { kind: self.kind, offset: self.offset + by }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            ErrorKind::Rule(rule) => write!(f, "{rule} at octet {}", self.offset),
            ErrorKind::Limit(limit) => write!(f, "{limit} at octet {}", self.offset),
        }
    }
}

impl core::error::Error for Error {}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Head => "the head is too large",
            Self::StartLine => "the start-line is too long",
            Self::FieldLine => "a field line is too long",
            Self::FieldCount => "there are too many field lines",
            Self::ChunkLine => "the line of a chunk-size is too long",
            Self::ChunkExtensions => "the chunk extensions are too large",
            Self::TrailerSection => "the trailer section is too large",
        })
    }
}

/// Keeps the fault with the smallest offset of those offered; of equals, the one offered first.
#[derive(Debug, Default)]
pub(crate) struct First(Option<Error>);

impl First {
    pub(crate) fn offer(&mut self, rule: &'static Rule, offset: usize) {
        if self.0.is_none_or(|first| offset < first.offset) {
            self.0 = Some(Error::rule(rule, offset));
        }
    }

    pub(crate) fn offer_error(&mut self, error: Option<Error>) {
        if let Some(error) = error
            && self.0.is_none_or(|first| error.offset < first.offset)
        {
            self.0 = Some(error);
        }
    }

    pub(crate) fn found(self) -> Option<Error> {
        self.0
    }
}
