//! How much of everything a recipient takes.

/// Sizes beyond which parsing stops with an error of its own for each.
///
/// The defaults are generous beside the 8,000 octets that RFC 9112 section 3 recommends for a request-line. The number
/// of field lines is also bounded by the storage that the caller hands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Octets of the whole head, from the first octet of the buffer to the end of the empty line. Default 256 KiB.
    pub head: usize,
    /// Octets of the start-line with its line end. Default 64 KiB.
    pub start_line: usize,
    /// Octets of one field line with its line end, in the head and in the trailer section. Default 64 KiB.
    pub field_line: usize,
    /// Field lines of the head. No limit by default, as the storage that the caller hands to a parser is one.
    pub fields: usize,
    /// Octets of one chunk-size line with its extensions and its line end. Default 8 KiB.
    pub chunk_line: usize,
    /// Octets of all chunk extensions of one message together (RFC 9112 section 7.1.1 asks for such a limit).
    /// Default 16 KiB.
    pub chunk_extensions: usize,
    /// Octets of the trailer section with its line ends. Default 64 KiB.
    pub trailer_section: usize,
}

impl Limits {
    /// The defaults.
    pub const DEFAULT: Self = Self {
        head: 256 * 1024,
        start_line: 64 * 1024,
        field_line: 64 * 1024,
        fields: usize::MAX,
        chunk_line: 8 * 1024,
        chunk_extensions: 16 * 1024,
        trailer_section: 64 * 1024,
    };

    /// The same limits with another [`head`](Self::head).
    #[must_use]
    pub const fn with_head(mut self, octets: usize) -> Self {
        self.head = octets;
        self
    }

    /// The same limits with another [`start_line`](Self::start_line).
    #[must_use]
    pub const fn with_start_line(mut self, octets: usize) -> Self {
        self.start_line = octets;
        self
    }

    /// The same limits with another [`field_line`](Self::field_line).
    #[must_use]
    pub const fn with_field_line(mut self, octets: usize) -> Self {
        self.field_line = octets;
        self
    }

    /// The same limits with another [`fields`](Self::fields).
    #[must_use]
    pub const fn with_fields(mut self, lines: usize) -> Self {
        self.fields = lines;
        self
    }

    /// The same limits with another [`chunk_line`](Self::chunk_line).
    #[must_use]
    pub const fn with_chunk_line(mut self, octets: usize) -> Self {
        self.chunk_line = octets;
        self
    }

    /// The same limits with another [`chunk_extensions`](Self::chunk_extensions).
    #[must_use]
    pub const fn with_chunk_extensions(mut self, octets: usize) -> Self {
        self.chunk_extensions = octets;
        self
    }

    /// The same limits with another [`trailer_section`](Self::trailer_section).
    #[must_use]
    pub const fn with_trailer_section(mut self, octets: usize) -> Self {
        self.trailer_section = octets;
        self
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}
