//! Octets as text that people can read, write and review.
//!
//! The notation of vectors and checks: a newline in the text is CRLF, a backslash before a newline is nothing, and
//! `\r \n \t \\ \{ \xHH` are those octets. `{name}` is a placeholder that the caller fills. What cannot be seen in a
//! review (octets above 126, a raw TAB, other controls, blanks at the end of a line) is refused.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::{self, Write as _};

/// One piece of a text in the notation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Piece<'t> {
    /// One octet.
    Octet(u8),
    /// The name between braces.
    Placeholder(&'t str),
}

/// Why a text is not in the notation.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct NotationError {
    /// Line of the text, from 1.
    pub line: usize,
    /// What is wrong.
    pub problem: &'static str,
}

impl NotationError {
    /// An error of the notation's users, such as an unknown placeholder.
    #[must_use]
    pub const fn new(line: usize, problem: &'static str) -> Self {
        Self { line, problem }
    }
}

impl fmt::Display for NotationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} in line {}", self.problem, self.line)
    }
}

impl core::error::Error for NotationError {}

/// The pieces of `text`.
///
/// # Errors
/// The first place that is not in the notation, by its line.
pub fn pieces(text: &str) -> Result<Vec<Piece<'_>>, NotationError> {
    let mut pieces = Vec::with_capacity(text.len());
    let mut line = 1;
    let mut rest = text;
    while let Some(&first) = rest.as_bytes().first() {
        let error = |problem| NotationError { line, problem };
        let mut taken = 1;
        match first {
            b'\n' => {
                line += 1;
                pieces.extend([Piece::Octet(b'\r'), Piece::Octet(b'\n')]);
            }
            b'\\' => match rest.as_bytes().get(1) {
                Some(b'\n') => {
                    line += 1;
                    taken = 2;
                }
                Some(b'x') => {
                    let digits = rest.get(2..4).ok_or(error("\\x without two hexadecimal digits"))?;
                    let octet = u8::from_str_radix(digits, 16).ok().filter(|_| !digits.starts_with('+'));
                    pieces.push(Piece::Octet(octet.ok_or(error("\\x without two hexadecimal digits"))?));
                    taken = 4;
                }
                Some(&escaped) => {
                    let octet = match escaped {
                        b'r' => b'\r',
                        b'n' => b'\n',
                        b't' => b'\t',
                        b'\\' | b'{' => escaped,
                        _ => return Err(error("a backslash before another character than r, n, t, x, \\ or {")),
                    };
                    pieces.push(Piece::Octet(octet));
                    taken = 2;
                }
                None => return Err(error("a backslash at the end")),
            },
            b'{' => {
                let end = rest.find(['}', '\n']).filter(|&end| rest.as_bytes()[end] == b'}');
                let end = end.ok_or(error("a brace that is not closed (write \\{ for the octet)"))?;
                pieces.push(Piece::Placeholder(&rest[1..end]));
                taken = end + 1;
            }
            b' ' if matches!(rest.trim_start_matches(' ').as_bytes().first(), None | Some(b'\n')) => {
                return Err(error("a blank at the end of the line (write \\x20)"));
            }
            b' '..=b'~' => pieces.push(Piece::Octet(first)),
            b'\t' => return Err(error("a raw TAB (write \\t)")),
            _ => return Err(error("a character outside of printable ASCII (write \\xHH)")),
        }
        rest = &rest[taken..];
    }
    Ok(pieces)
}

/// The octets of a `text` without placeholders.
///
/// # Errors
/// The first place that is not in the notation, or a placeholder.
pub fn decode(text: &str) -> Result<Vec<u8>, NotationError> {
    pieces(text)?
        .into_iter()
        .map(|piece| match piece {
            Piece::Octet(octet) => Ok(octet),
            Piece::Placeholder(_) => Err(NotationError { line: 1, problem: "a placeholder where none can be filled" }),
        })
        .collect()
}

/// `octets` as one line of printable ASCII that [`decode`] turns back into the same octets.
#[must_use]
pub fn encode(octets: &[u8]) -> String {
    let mut text = String::with_capacity(octets.len() + octets.len() / 8);
    for (at, &octet) in octets.iter().enumerate() {
        match octet {
            b'\r' => text.push_str("\\r"),
            b'\n' => text.push_str("\\n"),
            b'\t' => text.push_str("\\t"),
            b'\\' => text.push_str("\\\\"),
            b'{' => text.push_str("\\{"),
            b' ' if at + 1 == octets.len() => text.push_str("\\x20"),
            b' '..=b'~' => text.push(char::from(octet)),
            // Writing to a String cannot fail.
            _ => drop(write!(text, "\\x{octet:02x}")),
        }
    }
    text
}

/// `octets` as a text of several lines that [`decode`] turns back into the same octets: each CRLF is a newline, and a
/// text that does not end in one ends in a backslash and a newline.
#[must_use]
pub fn encode_lines(octets: &[u8]) -> String {
    let mut text = String::with_capacity(octets.len() + octets.len() / 8);
    let mut rest = octets;
    while !rest.is_empty() {
        match rest.windows(2).position(|pair| pair == b"\r\n") {
            Some(end) => {
                text.push_str(&encode(&rest[..end]));
                text.push('\n');
                rest = &rest[end + 2..];
            }
            None => {
                text.push_str(&encode(rest));
                text.push_str("\\\n");
                rest = &[];
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;

    #[test]
    fn decodes_what_the_docs_say() {
        assert_eq!(decode("a\nb\\\nc\\r\\n\\t\\\\\\{\\x00\\xfF").unwrap(), b"a\r\nbc\r\n\t\\{\x00\xff");
        assert_eq!(pieces("{host}:").unwrap(), vec![Piece::Placeholder("host"), Piece::Octet(b':')]);
    }

    #[test]
    fn refuses_what_cannot_be_reviewed() {
        for (text, line) in [
            ("a \n", 1),
            ("a", 0),
            ("\n\ta", 2),
            ("a\n\u{e9}", 2),
            ("\\q", 1),
            ("\\x4", 1),
            ("\\x+4", 1),
            ("{a\n}", 1),
            ("\\", 1),
        ] {
            match decode(text) {
                Ok(_) => assert_eq!(line, 0, "{text:?}"),
                Err(error) => assert_eq!(error.line, line, "{text:?}"),
            }
        }
    }

    #[test]
    fn encoding_round_trips() {
        let all: Vec<u8> = (0..=255).chain(*b"a \r\n b\r\n ").collect();
        assert_eq!(decode(&encode(&all)).unwrap(), all);
        assert_eq!(decode(&encode_lines(&all)).unwrap(), all);
        assert_eq!(decode(&encode_lines(b"a \r\nb\r\n")).unwrap(), b"a \r\nb\r\n");
    }
}
