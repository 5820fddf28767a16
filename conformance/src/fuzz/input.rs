//! A stream of octets taken apart into tokens: what is mutated, and what is made smaller.
//!
//! Tokens cover the stream without gaps. Their kinds say what the octets were meant to be when they were written, or what
//! they look like; a mutation may have made something else of them, and nothing judges by a kind.

use std::ops::Range;

/// What a token is meant to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A method.
    Method,
    /// Whitespace between the elements of a request-line.
    Space,
    /// A request-target, or a piece of one.
    Target,
    /// HTTP-version.
    Version,
    /// The end of a line, in the head, in the trailer section or in the chunked coding.
    LineEnd,
    /// A field name.
    Name,
    /// The colon behind a field name.
    Colon,
    /// Whitespace around a field value, or inside of it.
    Blank,
    /// A word of a field value.
    Value,
    /// A delimiter in a field value or in a chunk extension.
    Delimiter,
    /// A chunk-size.
    ChunkSize,
    /// A name or value of a chunk extension.
    Extension,
    /// Content, or the data of a chunk.
    Data,
    /// Something that was inserted and is meant to be nothing.
    Noise,
}

/// A stream and its tokens.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Input {
    octets: Vec<u8>,
    /// Kind and end of each token; the first begins at 0, each of the others where the one before ends.
    tokens: Vec<(Kind, u32)>,
}

impl Input {
    /// Nothing.
    #[must_use]
    pub const fn new() -> Self {
        Self { octets: Vec::new(), tokens: Vec::new() }
    }

    /// Appends a token; an empty one is left out.
    pub fn push(&mut self, kind: Kind, octets: &[u8]) {
        if octets.is_empty() {
            return;
        }
        self.octets.extend_from_slice(octets);
        let end = u32::try_from(self.octets.len()).unwrap_or(u32::MAX);
        self.tokens.push((kind, end));
    }

    /// Appends all tokens of another input.
    pub fn append(&mut self, other: &Self) {
        for (kind, octets) in other.tokens() {
            self.push(kind, octets);
        }
    }

    /// The whole stream.
    #[must_use]
    pub fn octets(&self) -> &[u8] {
        &self.octets
    }

    /// Number of tokens.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.tokens.len()
    }

    /// Whether there is nothing.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }

    /// Where token `at` stands in the stream.
    ///
    /// # Panics
    /// If there is no such token.
    #[must_use]
    pub fn span(&self, at: usize) -> Range<usize> {
        let start = at.checked_sub(1).map_or(0, |before| self.tokens[before].1);
        start as usize..self.tokens[at].1 as usize
    }

    /// Kind and octets of token `at`.
    ///
    /// # Panics
    /// If there is no such token.
    #[must_use]
    pub fn token(&self, at: usize) -> (Kind, &[u8]) {
        (self.tokens[at].0, &self.octets[self.span(at)])
    }

    /// Every token, in order.
    pub fn tokens(&self) -> impl ExactSizeIterator<Item = (Kind, &[u8])> + Clone {
        (0..self.tokens.len()).map(|at| self.token(at))
    }

    /// Takes everything out, and keeps the room.
    pub fn clear(&mut self) {
        self.octets.clear();
        self.tokens.clear();
    }

    /// Puts others in the place of the tokens of `range`; empty ones are left out.
    ///
    /// # Panics
    /// If the range is not within the tokens.
    pub fn splice(&mut self, range: Range<usize>, with: &[(Kind, &[u8])]) {
        let end_of = |at: usize| at.checked_sub(1).map_or(0, |before| self.tokens[before].1);
        let (from, to) = (end_of(range.start), end_of(range.end));
        let mut end = from;
        let added = with.iter().filter(|(_, octets)| !octets.is_empty()).map(|&(kind, octets)| {
            end += u32::try_from(octets.len()).unwrap_or(u32::MAX);
            (kind, end)
        });
        let added: Vec<(Kind, u32)> = added.collect();
        for (_, behind) in &mut self.tokens[range.end..] {
            *behind = *behind - to + end;
        }
        self.tokens.splice(range, added);
        self.octets.splice(from as usize..to as usize, with.iter().flat_map(|(_, octets)| octets.iter().copied()));
    }

    /// The same with the tokens of `range` replaced by others.
    ///
    /// # Panics
    /// If the range is not within the tokens.
    #[must_use]
    pub fn spliced(&self, range: Range<usize>, with: &[(Kind, &[u8])]) -> Self {
        let mut input = self.clone();
        input.splice(range, with);
        input
    }
}

impl<'t> FromIterator<(Kind, &'t [u8])> for Input {
    fn from_iter<I: IntoIterator<Item = (Kind, &'t [u8])>>(tokens: I) -> Self {
        let mut input = Self::new();
        for (kind, octets) in tokens {
            input.push(kind, octets);
        }
        input
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_cover_the_stream() {
        let parts = [(Kind::Method, &b"GET"[..]), (Kind::Space, b" "), (Kind::Noise, b""), (Kind::Target, b"/")];
        let input: Input = parts.into_iter().collect();
        assert_eq!((input.octets(), input.len()), (&b"GET /"[..], 3));
        assert_eq!(input.token(2), (Kind::Target, &b"/"[..]));
        assert_eq!(input.span(1), 3..4);
        let other = input.spliced(1..2, &[(Kind::Space, b"\t"), (Kind::Noise, b"\0")]);
        assert_eq!(other.octets(), b"GET\t\0/");
        assert_eq!(input.spliced(0..3, &[]), Input::new());
    }
}
