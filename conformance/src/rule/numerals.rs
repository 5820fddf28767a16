//! Large numbers: RFC 9110 section 8.6 and RFC 9112 section 7.1 for numbers that 64 bits hold and fewer do not.
//!
//! Larger ones are faults of their own in the parser's rule book, since it does not take them. These are valid messages
//! like any other; they only are not complete yet when all that a check sends has come.

use startline_parser::rule::action::*;

startline_parser::rules! { pub static LARGE_LENGTHS; rfc 9110;
    /// A large `Content-Length` is not taken for a smaller one.
    ///
    /// Where a length goes through an integer of 32 bits, or through a signed one, another number comes out, and the
    /// content is taken for the next request.
    CONTENT_LENGTH_LARGE = "content-length-large", section "8.6", Duty, Framing {
        Recipient on Request: Must not_misread(),
    }
}

startline_parser::rules! { pub static LARGE_CHUNKS; rfc 9112;
    /// A large chunk-size is not taken for a smaller one.
    ///
    /// Where a size goes through an integer of 32 bits, or through a signed one, the chunk ends early, and what follows
    /// is taken for the next chunk or the next request.
    CHUNK_SIZE_LARGE = "chunk-size-large", section "7.1", Duty, Framing {
        Recipient on Request: Must not_misread(),
    }
}
