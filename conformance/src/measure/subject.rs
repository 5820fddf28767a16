//! What is measured: the octets up to where the content begins, and the length as it was written.

use startline_parser::Body;
use startline_parser::notation::encode;
use startline_parser::reader::{End, Reading};
use startline_parser::rule::{chunked, field, framing, message};

use crate::judge::requests;
use crate::rule::{self, Rule};

/// A request whose length is in doubt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Subject {
    /// Everything before the octets that the length is about.
    pub(super) prefix: Vec<u8>,
    /// The length as it was sent.
    pub(super) text: String,
    /// The octets of the length.
    pub(super) raw: Vec<u8>,
    /// Whether it is a chunk-size.
    pub(super) is_chunk: bool,
    /// Octets of content before it, in other chunks.
    pub(super) before: usize,
    /// The request's method.
    pub(super) method: String,
}

/// Rules about the number in `Content-Length`.
const LENGTHS: &[&Rule] = &[
    &framing::CONTENT_LENGTH_INVALID,
    &framing::CONTENT_LENGTH_CONFLICT,
    &framing::CONTENT_LENGTH_REPEATED,
    &framing::CONTENT_LENGTH_OVERFLOW,
    &rule::CONTENT_LENGTH_LARGE,
];

/// Rules about the number in a chunk-size line.
const CHUNK_SIZES: &[&Rule] = &[&chunked::CHUNK_SIZE_INVALID, &chunked::CHUNK_SIZE_OVERFLOW, &rule::CHUNK_SIZE_LARGE];

/// Rules about field lines, of which the one with the length may be hidden or bent.
const FIELD_LINES: &[&Rule] = &[
    &field::WHITESPACE_BEFORE_COLON,
    &field::OBS_FOLD,
    &field::FIELD_NAME_INVALID,
    &message::BARE_CR,
    &message::BARE_LF,
    &message::WHITESPACE_BEFORE_FIRST_FIELD,
];

impl Subject {
    /// What is in doubt in a check of these rules; none if it is no length.
    pub(super) fn of(rules: &[&'static Rule], sent: &[u8]) -> Option<Self> {
        let reading = requests(sent);
        let has = |all: &[&Rule]| rules.iter().any(|rule| all.contains(rule));
        if has(CHUNK_SIZES) {
            return Self::chunk(&reading, sent);
        }
        let message = reading.messages.first()?;
        let head = &sent[..message.head_end?];
        let lower = head.to_ascii_lowercase();
        let contains = |word: &[u8]| lower.windows(word.len()).any(|window| window == word);
        if contains(b"transfer-encoding") || !contains(b"content-length") {
            return None;
        }
        let raw = if has(LENGTHS) {
            message.values("content-length").collect::<Vec<_>>().join(&b"\n"[..])
        } else if has(FIELD_LINES) {
            let from = lower.windows(14).position(|window| window == b"content-length")?;
            let len = head[from..].windows(2).position(|pair| pair == b"\r\n").unwrap_or(head.len() - from);
            // The value of a folded one stands in the next line.
            let next = from + len + 2;
            let folded = matches!(head.get(next), Some(b' ' | b'\t'));
            let is_bent = message.faults.iter().any(|fault| {
                let at = fault.span.start as usize;
                FIELD_LINES.contains(&fault.rule) && (from.saturating_sub(3)..=next).contains(&at)
            });
            if !is_bent {
                return None;
            }
            let more = if folded { head[next..].windows(2).position(|pair| pair == b"\r\n") } else { None };
            head[from..more.map_or(from + len, |more| next + more)].to_vec()
        } else {
            return None;
        };
        let lines: Vec<String> = raw.split(|&octet| octet == b'\n').map(encode).collect();
        let text = if has(LENGTHS) { lines.join("` and `") } else { encode(&raw) };
        Some(Self { prefix: head.to_vec(), text, raw, is_chunk: false, before: 0, method: method(&reading, sent) })
    }

    /// A chunk-size in doubt is the one in the line of the first fault, or the first line if there is none.
    fn chunk(reading: &Reading, sent: &[u8]) -> Option<Self> {
        let message = reading.messages.first()?;
        let head_end = message.head_end?;
        let at = message.faults.iter().find(|fault| CHUNK_SIZES.contains(&fault.rule)).map(|fault| fault.span.start);
        let at = at.map_or(head_end, |at| at as usize).max(head_end);
        let start = sent[..at].iter().rposition(|&octet| octet == b'\n').map_or(head_end, |line_feed| line_feed + 1);
        let end = start + sent[start..].iter().position(|&octet| octet == b'\n')? + 1;
        let line = &sent[start..end];
        let raw = line.strip_suffix(b"\r\n").or(line.strip_suffix(b"\n"))?;
        let raw = raw.split(|&octet| octet == b';').next().unwrap_or(raw).to_vec();
        let method = method(reading, sent);
        let before =
            message.content.iter().filter(|span| (span.start as usize) < start).map(|span| span.of(sent).len()).sum();
        Some(Self { prefix: sent[..end].to_vec(), text: encode(&raw), raw, is_chunk: true, before, method })
    }

    /// The length of a control, and its number.
    pub(super) fn known(sent: &[u8]) -> Option<(Self, usize)> {
        let reading = requests(sent);
        let message = reading.messages.first().filter(|message| matches!(message.end, End::Complete(_)))?;
        let head_end = message.head_end?;
        let subject = |prefix: &[u8], is_chunk| Self {
            prefix: prefix.to_vec(),
            text: String::new(),
            raw: Vec::new(),
            is_chunk,
            before: 0,
            method: method(&reading, sent),
        };
        match message.framing?.body {
            Body::Chunked => {
                let first = message.content.first()?;
                Some((subject(&sent[..first.start as usize], true), first.of(sent).len()))
            }
            _ => Some((subject(&sent[..head_end], false), message.content(sent).len())),
        }
    }

    /// The request with so many octets where the length is about them, and complete if that is what it says.
    pub(super) fn content(&self, octets: usize) -> Vec<u8> {
        let mut message = self.prefix.clone();
        // No octet of a request-line, of a number or of a line end.
        message.extend(std::iter::repeat_n(b'(', octets));
        match (self.is_chunk, octets) {
            (true, 0) => message.extend(b"\r\n"),
            (true, _) => message.extend(b"\r\n0\r\n\r\n"),
            (false, _) => {}
        }
        message
    }
}

fn method(reading: &Reading, sent: &[u8]) -> String {
    let method = reading.messages.first().and_then(|message| message.method(sent)).unwrap_or(b"GET");
    String::from_utf8_lossy(method).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subject(rules: &[&'static Rule], sent: &str) -> Option<Subject> {
        Subject::of(rules, sent.replace('\n', "\r\n").as_bytes())
    }

    #[test]
    fn lengths_are_quoted_as_they_were_sent() {
        let plus =
            subject(&[&framing::CONTENT_LENGTH_INVALID], "POST / HTTP/1.1\nHost: a\nContent-Length: +5\n\nhello");
        let plus = plus.unwrap();
        assert_eq!((&plus.text[..], plus.is_chunk, &plus.method[..]), ("+5", false, "POST"));
        assert!(plus.prefix.ends_with(b"+5\r\n\r\n"));
        let two = "POST / HTTP/1.1\nHost: a\nContent-Length: 0\nContent-Length: 5\n\nhello";
        assert_eq!(subject(&[&framing::CONTENT_LENGTH_CONFLICT], two).unwrap().text, "0` and `5");
        let spaced = "POST / HTTP/1.1\nHost: a\nContent-Length : 5\n\nhello";
        assert_eq!(subject(&[&field::WHITESPACE_BEFORE_COLON], spaced).unwrap().text, "Content-Length : 5");
        let folded = "POST / HTTP/1.1\nHost: a\nContent-Length:\n 5\n\nhello";
        assert_eq!(subject(&[&field::OBS_FOLD], folded).unwrap().text, r"Content-Length:\r\n 5");
    }

    #[test]
    fn a_chunk_size_in_doubt_is_the_one_with_the_fault() {
        let head = "POST / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n";
        let rules: &[&Rule] = &[&chunked::CHUNK_SIZE_INVALID];
        let first = subject(rules, &format!("{head}0x5;a=b\nhello\n0\n\n")).unwrap();
        assert_eq!((&first.text[..], first.is_chunk), ("0x5", true));
        assert!(first.prefix.ends_with(b"\r\n\r\n0x5;a=b\r\n"));
        let last = subject(rules, &format!("{head}5\nhello\n-0\n\n")).unwrap();
        assert_eq!(last.text, "-0");
        assert!(last.prefix.ends_with(b"5\r\nhello\r\n-0\r\n"));
        assert!(last.content(0).ends_with(b"-0\r\n\r\n"));
        assert!(last.content(2).ends_with(b"-0\r\n((\r\n0\r\n\r\n"));
    }

    #[test]
    fn what_is_no_length_is_not_measured() {
        assert_eq!(subject(&[&field::OBS_FOLD], "GET / HTTP/1.1\nHost: a\nX: a\n b\n\n"), None);
        let both = "POST / HTTP/1.1\nHost: a\nContent-Length : 5\nTransfer-Encoding: chunked\n\n0\n\n";
        assert_eq!(subject(&[&field::WHITESPACE_BEFORE_COLON], both), None);
    }

    #[test]
    fn the_length_of_a_control_is_known() {
        let plain = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello";
        assert_eq!(Subject::known(plain).unwrap().1, 5);
        let chunks =
            b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n0123456789abcdef\r\n0\r\n\r\n";
        let (subject, octets) = Subject::known(chunks).unwrap();
        assert_eq!(octets, 16);
        assert!(subject.prefix.ends_with(b"\r\n10\r\n"));
    }
}
