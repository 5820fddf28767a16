//! The parts that field values are made of (RFC 9110 section 5.6): tokens, whitespace, quoted strings and comments.

use startline_parser::bytes::{is_obs_text, is_ows, is_tchar};

/// A place in a value.
#[derive(Debug, Clone, Copy)]
pub struct Cursor<'v> {
    rest: &'v [u8],
}

/// A quoted string, or a comment, without what quotes it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Quoted {
    /// The octets that are meant.
    pub octets: Vec<u8>,
    /// Whether an octet is quoted by a backslash that could stand for itself (section 5.6.4).
    pub is_needless: bool,
}

impl<'v> Cursor<'v> {
    /// The start of a value.
    #[must_use]
    pub const fn new(value: &'v [u8]) -> Self {
        Self { rest: value }
    }

    /// What is left.
    #[must_use]
    pub const fn rest(&self) -> &'v [u8] {
        self.rest
    }

    /// Whether nothing is left.
    #[must_use]
    pub const fn is_end(&self) -> bool {
        self.rest.is_empty()
    }

    /// The next octet.
    #[must_use]
    pub fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    /// Goes past `octet` if it is the next one.
    pub fn eat(&mut self, octet: u8) -> bool {
        let is_next = self.peek() == Some(octet);
        if is_next {
            self.rest = &self.rest[1..];
        }
        is_next
    }

    /// Goes past octets of a class, and says which.
    pub fn take_while(&mut self, class: impl Fn(u8) -> bool) -> &'v [u8] {
        let length = self.rest.iter().position(|&octet| !class(octet)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        taken
    }

    /// `OWS`: goes past whitespace, and says how much.
    pub fn whitespace(&mut self) -> usize {
        self.take_while(is_ows).len()
    }

    /// `token`.
    pub fn token(&mut self) -> Option<&'v [u8]> {
        Some(self.take_while(is_tchar)).filter(|token| !token.is_empty())
    }

    /// `1*DIGIT`.
    pub fn digits(&mut self) -> Option<&'v [u8]> {
        Some(self.take_while(|octet| octet.is_ascii_digit())).filter(|digits| !digits.is_empty())
    }

    /// `quoted-string`; none, at an unknown place, if there is none.
    pub fn quoted_string(&mut self) -> Option<Quoted> {
        let mut quoted = Quoted::default();
        if !self.eat(b'"') {
            return None;
        }
        loop {
            let octet = self.peek()?;
            self.rest = &self.rest[1..];
            match octet {
                b'"' => return Some(quoted),
                b'\\' => self.quoted_pair(&mut quoted, b"\"\\")?,
                b'\t' | b' '..=b'~' | 0x80.. => quoted.octets.push(octet),
                _ => return None,
            }
        }
    }

    /// `comment`, with those inside of it; none, at an unknown place, if there is none.
    pub fn comment(&mut self) -> Option<Quoted> {
        let mut quoted = Quoted::default();
        let mut depth = 0;
        loop {
            let octet = self.peek()?;
            if depth == 0 && octet != b'(' {
                return None;
            }
            self.rest = &self.rest[1..];
            match octet {
                b'(' => depth += 1,
                b')' => depth -= 1,
                b'\\' => {
                    self.quoted_pair(&mut quoted, b"()\\")?;
                    continue;
                }
                b'\t' | b' '..=b'~' | 0x80.. => {}
                _ => return None,
            }
            if depth == 0 {
                return Some(quoted);
            }
            quoted.octets.push(octet);
        }
    }

    fn quoted_pair(&mut self, quoted: &mut Quoted, special: &[u8]) -> Option<()> {
        let octet =
            self.peek().filter(|&octet| octet == b'\t' || (b' '..=b'~').contains(&octet) || is_obs_text(octet))?;
        self.rest = &self.rest[1..];
        quoted.is_needless |= !special.contains(&octet);
        quoted.octets.push(octet);
        Some(())
    }
}

/// Whether the whole value is a `token`.
#[must_use]
pub fn is_token(value: &[u8]) -> bool {
    !value.is_empty() && value.iter().all(|&octet| is_tchar(octet))
}

/// Whether the whole value is `1*DIGIT`, as `delay-seconds` and `delta-seconds` are.
#[must_use]
pub fn is_number(value: &[u8]) -> bool {
    !value.is_empty() && value.iter().all(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quoted(value: &str) -> Option<(String, bool)> {
        let mut cursor = Cursor::new(value.as_bytes());
        let quoted = cursor.quoted_string().filter(|_| cursor.is_end())?;
        Some((String::from_utf8(quoted.octets).unwrap(), quoted.is_needless))
    }

    #[test]
    fn quoted_strings() {
        assert_eq!(quoted(r#""""#), Some((String::new(), false)));
        assert_eq!(quoted(r#""a, b""#), Some(("a, b".to_owned(), false)));
        assert_eq!(quoted(r#""a\"\\""#), Some(("a\"\\".to_owned(), false)));
        assert_eq!(quoted(r#""\a""#), Some(("a".to_owned(), true)));
        for bad in ["", "a", "\"", "\"a", "\"a\\\"", "\"a\"b", "\"a\x07\"", "\"a\\\x07\""] {
            assert_eq!(quoted(bad), None, "{bad}");
        }
    }

    #[test]
    fn comments() {
        let comment = |value: &str| {
            let mut cursor = Cursor::new(value.as_bytes());
            cursor.comment().filter(|_| cursor.is_end()).map(|comment| comment.is_needless)
        };
        for good in ["()", "(a (b) c)", "(\\))", "(\\( \\\\)"] {
            assert_eq!(comment(good), Some(false), "{good}");
        }
        assert_eq!(comment("(\\a)"), Some(true));
        for bad in ["", "a", "(", "(()", "(a))", "(\x01)", "(\\"] {
            assert_eq!(comment(bad), None, "{bad}");
        }
    }

    #[test]
    fn tokens_and_numbers() {
        assert!(is_token(b"no-cache") && !is_token(b"") && !is_token(b"a b") && !is_token("\u{e4}".as_bytes()));
        assert!(is_number(b"0120") && !is_number(b"") && !is_number(b"-1") && !is_number(b"1.5"));
    }
}
