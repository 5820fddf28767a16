//! `HTTP-version = HTTP-name "/" DIGIT "." DIGIT` (RFC 9112 section 2.3).

use core::fmt;

use crate::error::Error;
use crate::rule::{message, request_line};

/// A version whose major number is 1, as the sender wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct Version {
    /// The minor digit as sent, 0 to 9.
    pub minor: u8,
}

impl Version {
    /// HTTP/1.0.
    pub const HTTP_10: Self = Self { minor: 0 };
    /// HTTP/1.1.
    pub const HTTP_11: Self = Self { minor: 1 };

    /// Whether the message is to be read as HTTP/1.1: every minor version above 0 is (RFC 9110 section 6.2).
    #[must_use]
    pub const fn is_11(self) -> bool {
        self.minor >= 1
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HTTP/1.{}", self.minor)
    }
}

const PATTERN: &[u8; 8] = b"HTTP/D.D";

/// Parses a whole version word that starts at offset `at` of the buffer.
pub(crate) fn parse(word: &[u8], at: usize) -> Result<Version, Error> {
    <&[u8; 8]>::try_from(word).ok().and_then(of_word).ok_or_else(|| explain(word, at))
}

/// The version of a word that is right.
#[inline(always)]
pub(crate) fn of_word(word: &[u8; 8]) -> Option<Version> {
    // All eight octets in one comparison, but for the last digit.
    const MINOR_ZERO: u64 = u64::from_be_bytes(*b"HTTP/1.0");
    let minor = u64::from_be_bytes(*word).wrapping_sub(MINOR_ZERO);
    (minor <= 9).then_some(Version { minor: minor as u8 })
}

#[cold]
fn explain(word: &[u8], at: usize) -> Error {
    if let Some(cr) = word.iter().position(|&b| b == b'\r') {
        return Error::rule(&message::BARE_CR, at + cr);
    }
    let fits = |(octet, pattern): (&u8, &u8)| if *pattern == b'D' { octet.is_ascii_digit() } else { octet == pattern };
    let good = word.iter().zip(PATTERN).take_while(|&pair| fits(pair)).count();
    if good == PATTERN.len() && word.len() == good {
        return Error::rule(&request_line::VERSION_MAJOR_UNSUPPORTED, at + 5);
    }
    Error::rule(&message::VERSION_INVALID, at + good)
}
