//! Any octets to tokens, as what they look like.
//!
//! The tokens cover the octets whatever they are. Where lines, content and messages end is guessed as a lenient recipient
//! would: what was sent to try one recipient's mistake may be cut elsewhere, and nothing depends on it but how a mutation
//! hits.

use std::ops::Range;

use startline_parser::bytes::is_ows;

use super::input::{Input, Kind};

impl Input {
    /// Tokens for octets.
    #[must_use]
    pub fn tokenise(octets: &[u8]) -> Self {
        let mut walk = Walk { rest: octets, input: Self::new() };
        while !walk.rest.is_empty() {
            walk.message();
        }
        walk.input
    }

    /// Appends a field value as words, delimiters and blanks.
    pub fn push_value(&mut self, value: &[u8]) {
        self.push_words(value, Kind::Value);
    }

    /// Appends the extensions of a chunk.
    pub fn push_extensions(&mut self, extensions: &[u8]) {
        self.push_words(extensions, Kind::Extension);
    }

    fn push_words(&mut self, text: &[u8], word: Kind) {
        let kind = |octet: u8| match octet {
            b' ' | b'\t' => Kind::Blank,
            b',' | b';' | b'=' | b'"' | b'(' | b')' => Kind::Delimiter,
            _ => word,
        };
        let mut at = 0;
        while at < text.len() {
            let here = kind(text[at]);
            let same = text[at + 1..].iter().take_while(|&&octet| here != Kind::Delimiter && kind(octet) == here);
            let end = at + 1 + same.count();
            self.push(here, &text[at..end]);
            at = end;
        }
    }
}

struct Walk<'o> {
    rest: &'o [u8],
    input: Input,
}

impl<'o> Walk<'o> {
    fn take(&mut self, kind: Kind, len: usize) {
        let (taken, rest) = self.rest.split_at(len.min(self.rest.len()));
        self.input.push(kind, taken);
        self.rest = rest;
    }

    /// The octets of the next line, and its line end.
    fn line(&mut self) -> (&'o [u8], &'o [u8]) {
        let rest = self.rest;
        let end = rest.iter().position(|&octet| octet == b'\n').map_or(rest.len(), |line_feed| line_feed + 1);
        let (line, behind) = rest.split_at(end);
        self.rest = behind;
        let ending = match line {
            [.., b'\r', b'\n'] => 2,
            [.., b'\n'] => 1,
            _ => 0,
        };
        line.split_at(line.len() - ending)
    }

    fn message(&mut self) {
        loop {
            let (line, end) = self.line();
            if line.is_empty() {
                self.input.push(Kind::LineEnd, end);
                if self.rest.is_empty() {
                    return;
                }
                continue;
            }
            self.request_line(line);
            self.input.push(Kind::LineEnd, end);
            break;
        }
        let framing = self.field_lines();
        if framing.is_chunked {
            self.chunks();
        } else {
            self.take(Kind::Data, framing.length);
        }
    }

    fn request_line(&mut self, line: &[u8]) {
        let words = words(line);
        let last = words.len().saturating_sub(1);
        let mut end = 0;
        for (at, word) in words.into_iter().enumerate() {
            self.input.push(Kind::Space, &line[end..word.start]);
            let text = &line[word.clone()];
            let is_version = at > 0
                && at == last
                && text.get(..4).is_some_and(|http| http.eq_ignore_ascii_case(b"http"))
                && !text.windows(3).any(|octets| octets == b"://");
            let kind = match at {
                0 => Kind::Method,
                _ if is_version => Kind::Version,
                _ => Kind::Target,
            };
            self.input.push(kind, text);
            end = word.end;
        }
        self.input.push(Kind::Space, &line[end..]);
    }

    fn field_lines(&mut self) -> Framing {
        let mut framing = Framing { is_chunked: false, length: 0 };
        while !self.rest.is_empty() {
            let (line, end) = self.line();
            if line.is_empty() {
                self.input.push(Kind::LineEnd, end);
                break;
            }
            match line.iter().position(|&octet| octet == b':') {
                Some(colon) if !is_ows(line[0]) => {
                    let name = line[..colon].trim_ascii_end();
                    framing.look(name, &line[colon + 1..]);
                    self.input.push(Kind::Name, name);
                    self.input.push(Kind::Blank, &line[name.len()..colon]);
                    self.input.push(Kind::Colon, b":");
                    self.input.push_value(&line[colon + 1..]);
                }
                _ => self.input.push_value(line),
            }
            self.input.push(Kind::LineEnd, end);
        }
        framing
    }

    fn chunks(&mut self) {
        while !self.rest.is_empty() {
            let (line, end) = self.line();
            let size = line.iter().position(|&octet| octet == b';').unwrap_or(line.len());
            self.input.push(Kind::ChunkSize, &line[..size]);
            self.input.push_extensions(&line[size..]);
            self.input.push(Kind::LineEnd, end);
            let octets = number(&line[..size], 16);
            if octets == 0 && !line.is_empty() {
                self.field_lines();
                return;
            }
            self.take(Kind::Data, octets);
            if self.rest.starts_with(b"\r\n") {
                self.take(Kind::LineEnd, 2);
            } else if self.rest.starts_with(b"\n") {
                self.take(Kind::LineEnd, 1);
            }
        }
    }
}

struct Framing {
    is_chunked: bool,
    length: usize,
}

impl Framing {
    fn look(&mut self, name: &[u8], value: &[u8]) {
        // A name that is nearly one of these is often meant to be taken for it.
        let near = |known: &[u8]| {
            let letters = name.iter().filter(|octet| octet.is_ascii_alphabetic()).map(u8::to_ascii_lowercase);
            letters.eq(known.iter().copied())
        };
        if near(b"contentlength") {
            self.length = number(value, 10);
        }
        self.is_chunked |=
            near(b"transferencoding") && value.windows(7).any(|word| word.eq_ignore_ascii_case(b"chunked"));
    }
}

/// The first digits that there are; 0 if there are none.
fn number(text: &[u8], radix: u32) -> usize {
    let digits = text.iter().skip_while(|octet| !char::from(**octet).is_digit(radix));
    digits
        .map_while(|octet| char::from(*octet).to_digit(radix))
        .fold(0, |number: usize, digit| number.saturating_mul(radix as usize).saturating_add(digit as usize))
}

/// What stands between blanks, as ranges of the line.
fn words(line: &[u8]) -> Vec<Range<usize>> {
    let mut words = Vec::with_capacity(3);
    let mut start = None;
    for (at, &octet) in line.iter().enumerate() {
        match (is_ows(octet), start) {
            (false, None) => start = Some(at),
            (true, Some(from)) => {
                words.push(from..at);
                start = None;
            }
            _ => {}
        }
    }
    words.extend(start.map(|from| from..line.len()));
    words
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn kinds(octets: &[u8]) -> Vec<(Kind, String)> {
        let input = Input::tokenise(octets);
        input.tokens().map(|(kind, octets)| (kind, String::from_utf8_lossy(octets).into_owned())).collect()
    }

    #[test]
    fn a_request_is_taken_apart() {
        use Kind::*;
        let found = kinds(
            b"POST /a b HTTP/1.1\r\nA : b,\"c\"\r\nTransfer-Encoding:chunked\n\r\n2;x=y\r\nab\r\n0\r\nT: u\r\n\r\nGET",
        );
        let expected = [
            (Method, "POST"),
            (Space, " "),
            (Target, "/a"),
            (Space, " "),
            (Target, "b"),
            (Space, " "),
            (Version, "HTTP/1.1"),
            (LineEnd, "\r\n"),
            (Name, "A"),
            (Blank, " "),
            (Colon, ":"),
            (Blank, " "),
            (Value, "b"),
            (Delimiter, ","),
            (Delimiter, "\""),
            (Value, "c"),
            (Delimiter, "\""),
            (LineEnd, "\r\n"),
            (Name, "Transfer-Encoding"),
            (Colon, ":"),
            (Value, "chunked"),
            (LineEnd, "\n"),
            (LineEnd, "\r\n"),
            (ChunkSize, "2"),
            (Delimiter, ";"),
            (Extension, "x"),
            (Delimiter, "="),
            (Extension, "y"),
            (LineEnd, "\r\n"),
            (Data, "ab"),
            (LineEnd, "\r\n"),
            (ChunkSize, "0"),
            (LineEnd, "\r\n"),
            (Name, "T"),
            (Colon, ":"),
            (Blank, " "),
            (Value, "u"),
            (LineEnd, "\r\n"),
            (LineEnd, "\r\n"),
            (Method, "GET"),
        ];
        assert_eq!(found, expected.map(|(kind, text)| (kind, text.to_owned())));
        let found = kinds(b"POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nhelloGET");
        assert_eq!(found[found.len() - 2..], [(Data, "hello".to_owned()), (Method, "GET".to_owned())]);
    }

    proptest! {
        #[test]
        fn tokens_cover_any_octets(octets in proptest::collection::vec(
            prop_oneof![Just(b'\r'), Just(b'\n'), Just(b':'), Just(b' '), Just(b'0'), any::<u8>()], 0..200)) {
            let input = Input::tokenise(&octets);
            prop_assert_eq!(input.octets(), &octets[..]);
            let chunked = [b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", &octets[..]].concat();
            let input = Input::tokenise(&chunked);
            prop_assert_eq!(input.octets(), &chunked[..]);
        }
    }
}
