//! RFC 9112 section 7.1: the chunked transfer coding.
//!
//! No sentence says MUST reject about a malformed chunk: section 2.2 asks a server, with SHOULD, to answer 400 and close
//! when octets do not match the grammar of an HTTP message. We read that as reaching the grammar of 7.1, although the
//! body is `*OCTET` to the message grammar proper. The leave of 2.2 to end a line with LF alone is for the start-line and
//! for field lines; chunk-size lines have no such leave.

use super::Rule;
use super::action::*;

crate::rules! { pub static CODING; rfc 9112;
    /// A chunk-size is not hexadecimal digits alone.
    ///
    /// Signs, prefixes, blanks and underscores are taken by the number parsers of many languages. Whoever takes them
    /// finds another end of the chunk than whoever does not. That 2.2's SHOULD reaches chunks is a reading of ours.
    CHUNK_SIZE_INVALID = "chunk-size-invalid", section "7.1", Fault, Framing {
        Server on Request: Should reject(&[400]).then_close(),
        Sender on Response: MustNot duty(),
    }

    /// A chunk-size is too large for 64 bits.
    ///
    /// A size that wraps around is a short chunk, and what follows it a smuggled request.
    CHUNK_SIZE_OVERFLOW = "chunk-size-overflow", section "7.1", Fault, Framing {
        Recipient on Request: Must not_misread(),
        Recipient on Response: Must not_misread(),
    }

    /// The line of a chunk-size ends with LF alone.
    ///
    /// The leave to end a line so is for the start-line and for field lines. Severe desynchronisations come from hops
    /// that differ here. That 2.2's SHOULD reaches chunks is a reading of ours.
    CHUNK_LINE_BARE_LF = "chunk-line-bare-lf", section "7.1", Fault, Framing {
        Server on Request: Should reject(&[400]).then_close(),
        Sender on Response: MustNot duty(),
    }

    /// The data of a chunk is not followed by CRLF.
    ///
    /// Whoever skips two octets unseen, or takes LF alone, reads the next chunk-size from another place. That 2.2's
    /// SHOULD reaches chunks is a reading of ours.
    CHUNK_DATA_UNTERMINATED = "chunk-data-unterminated", section "7.1", Fault, Framing {
        Server on Request: Should reject(&[400]).then_close(),
        Sender on Response: MustNot duty(),
    }

    /// A chunk extension does not match its grammar.
    ///
    /// Extensions are skipped, and each recipient skips to another place when the octets are not what it expects. That
    /// 2.2's SHOULD reaches chunks is a reading of ours.
    CHUNK_EXTENSION_INVALID = "chunk-extension-invalid", section "7.1.1", Fault, Framing {
        Server on Request: Should reject(&[400]).then_close(),
        Sender on Response: MustNot duty(),
    }

    /// The chunked coding has parameters.
    ///
    /// It defines none, and their presence ought to be taken for an error; whoever compares the whole value with
    /// `chunked` does not see the coding at all. The grammar has room for them, and no sentence forbids a sender to use
    /// it; that what ought to be taken for an error ought not to be sent either is a reading of ours.
    CHUNKED_PARAMETERS = "chunked-parameters", section "7.1", Fault, Framing {
        Recipient on Request: Should reject(&[]),
        Sender on Response: ShouldNot duty(),
    }

    /// A chunk has an extension that nobody knows.
    ///
    /// A recipient has to ignore it and to read the chunk.
    CHUNK_EXTENSION = "chunk-extension", section "7.1.1", Feature, Framing {
        Recipient on Request: Must tolerate(),
        Recipient on Response: Must tolerate(),
    }

    /// A chunked message has a trailer section.
    ///
    /// It is part of the coding that every recipient has to decode; the fields may be kept apart or dropped.
    TRAILER_SECTION = "trailer-section", section "7.1", Feature, Framing {
        Recipient on Request: Must tolerate(),
        Recipient on Response: Must tolerate(),
    }
}

crate::rules! { pub static WHITESPACE; rfc 9110;
    /// A chunk extension has whitespace around its semicolon or its equals sign.
    ///
    /// It is bad whitespace: nobody may send it, and every recipient has to read past it.
    CHUNK_EXTENSION_WHITESPACE = "chunk-extension-whitespace", section "5.6.3", Feature, Framing {
        Recipient on Request: Must tolerate(),
        Recipient on Response: Must tolerate(),
        Sender on Response: MustNot duty(),
    }
}

/// The rules of both documents about the chunked coding.
pub static ALL: &[&Rule] = &[
    &CHUNK_SIZE_INVALID,
    &CHUNK_SIZE_OVERFLOW,
    &CHUNK_LINE_BARE_LF,
    &CHUNK_DATA_UNTERMINATED,
    &CHUNK_EXTENSION_INVALID,
    &CHUNKED_PARAMETERS,
    &CHUNK_EXTENSION,
    &TRAILER_SECTION,
    &CHUNK_EXTENSION_WHITESPACE,
];
