//! A foreign witness: httparse reads the same heads as the strict parser, but for a committed list of differences.
//!
//! Both lists are closed. What httparse takes and the parser refuses has to break one of the rules in [`LAXER`]; what the
//! parser takes and httparse refuses, or reads otherwise, has to be one of the [`STRICTER`]. Each entry says why it is
//! there, and the tests hold that each is still needed.

use std::mem::MaybeUninit;

use startline_parser::notation::encode;
use startline_parser::rule::On;
use startline_parser::{Error, Limits};

use crate::generate::Case;
use crate::outcome::{FIELDS, Head};
use crate::split;

/// A rule that the parser holds octets to and httparse does not.
#[derive(Debug)]
pub struct Laxer {
    /// Id of the rule.
    pub rule: &'static str,
    /// What httparse does instead.
    pub instead: &'static str,
    /// A stream that shows it.
    pub example: (On, &'static [u8]),
}

/// What httparse takes and the parser refuses.
pub const LAXER: &[Laxer] = &[
    Laxer {
        rule: "bare-lf",
        instead: "takes LF for a line end, as RFC 9112 section 2.2 permits",
        example: (On::Request, b"GET / HTTP/1.1\nHost: a\r\n\r\n"),
    },
    Laxer {
        rule: "empty-lines-before-request",
        instead: "skips any number of empty lines, as RFC 9112 section 2.2 permits",
        example: (On::Request, b"\r\n\r\nGET / HTTP/1.1\r\n\r\n"),
    },
    Laxer {
        rule: "status-line-missing",
        instead: "skips empty lines before a status-line too",
        example: (On::Response, b"\r\nHTTP/1.1 200 OK\r\n\r\n"),
    },
    Laxer {
        rule: "status-line-space-missing",
        instead: "takes a status-line that ends after the code",
        example: (On::Response, b"HTTP/1.1 200\r\n\r\n"),
    },
    Laxer {
        rule: "request-target-form",
        instead: "takes a request-target in none of the four forms",
        example: (On::Request, b"GET index HTTP/1.1\r\n\r\n"),
    },
    Laxer {
        rule: "request-target-invalid",
        instead: "takes octets in a request-target that no URI has",
        example: (On::Request, b"GET /<> HTTP/1.1\r\n\r\n"),
    },
    Laxer {
        rule: "request-target-percent",
        instead: "takes a percent sign without two hexadecimal digits",
        example: (On::Request, b"GET /%4 HTTP/1.1\r\n\r\n"),
    },
    Laxer {
        rule: "request-target-fragment",
        instead: "takes a number sign in a request-target",
        example: (On::Request, b"GET /#a HTTP/1.1\r\n\r\n"),
    },
    Laxer {
        rule: "uri-host-empty",
        instead: "does not take a request-target apart",
        example: (On::Request, b"GET http:///a HTTP/1.1\r\n\r\n"),
    },
    Laxer {
        rule: "uri-userinfo",
        instead: "does not take a request-target apart",
        example: (On::Request, b"GET http://u@a/ HTTP/1.1\r\n\r\n"),
    },
    Laxer {
        rule: "connect-port-invalid",
        instead: "does not take a request-target apart",
        example: (On::Request, b"CONNECT a: HTTP/1.1\r\n\r\n"),
    },
];

/// Heads that the parser takes and httparse refuses or reads otherwise.
#[derive(Debug)]
pub struct Stricter {
    /// What they have.
    pub what: &'static str,
    /// Why that is right.
    pub reason: &'static str,
    /// Whether a head has it.
    pub has: fn(&Head) -> bool,
    /// A stream that shows it.
    pub example: (On, &'static [u8]),
}

/// What the parser takes and httparse refuses or reads otherwise.
pub const STRICTER: &[Stricter] = &[
    Stricter {
        what: "a minor version above 1",
        reason: "RFC 9110 section 6.2: a recipient SHOULD process it as the highest minor version that it knows",
        has: |head| head.minor > 1,
        example: (On::Request, b"GET / HTTP/1.2\r\n\r\n"),
    },
    Stricter {
        what: "obs-text in the reason-phrase",
        reason: "RFC 9112 section 4 has obs-text in its grammar; httparse takes the line and hands out an empty reason",
        has: |head| head.response.as_ref().is_some_and(|(_, reason)| reason.iter().any(|octet| *octet >= 0x80)),
        example: (On::Response, b"HTTP/1.1 200 \xe4\r\n\r\n"),
    },
];

/// Compares the head of a stream as the parser and as httparse read it.
///
/// # Errors
/// A difference that is in neither list.
pub fn holds(on: On, stream: &[u8]) -> Result<(), String> {
    match difference(on, stream) {
        Difference::None | Difference::Laxer(_) | Difference::Stricter(_) => Ok(()),
        Difference::Unlisted(text) => Err(text),
    }
}

/// How two readings differ.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Difference {
    None,
    /// As in [`LAXER`], at that index.
    Laxer(usize),
    /// As in [`STRICTER`], at that index.
    Stricter(usize),
    Unlisted(String),
}

fn difference(on: On, stream: &[u8]) -> Difference {
    let ours = split::whole_head(&Case::plain(on, stream));
    let theirs = by_httparse(on, stream);
    let unlisted = || Difference::Unlisted(format!("{}: we have {ours:?}, httparse {theirs:?}", encode(stream)));
    let stricter = |head: &Head| match STRICTER.iter().position(|entry| (entry.has)(head)) {
        Some(at) => Difference::Stricter(at),
        None => unlisted(),
    };
    match (&ours, &theirs) {
        (Ok(Some(ours)), Ok(Some(theirs))) if theirs.matches(ours) => Difference::None,
        (Ok(Some(head)), _) => stricter(head),
        (Ok(None), Ok(None)) | (Err(_), Err(_)) => Difference::None,
        // An incomplete line is no error to us: what comes before it is compared, closed so that it is a head.
        (Ok(None), Err(_)) => {
            let complete = stream.iter().rposition(|&octet| octet == b'\n').map_or(0, |last| last + 1);
            match (&stream[..complete], by_httparse(on, &stream[..complete])) {
                (_, Ok(_)) => Difference::None,
                (lines, Err(_)) => match difference(on, &[lines, b"\r\n"].concat()) {
                    Difference::None => unlisted(),
                    listed => listed,
                },
            }
        }
        (Ok(None), Ok(Some(_))) => unlisted(),
        (Err(error), Ok(_)) => match error.broken_rule() {
            Some(rule) => match LAXER.iter().position(|entry| entry.rule == rule.id) {
                Some(at) => Difference::Laxer(at),
                None => unlisted(),
            },
            // httparse has no limits but the number of fields, which is ours here.
            None if is_size(error) => Difference::None,
            None => unlisted(),
        },
    }
}

fn is_size(error: &Error) -> bool {
    error.offset >= Limits::DEFAULT.start_line.min(Limits::DEFAULT.field_line)
}

/// A head as httparse reads it.
#[derive(Debug)]
struct Foreign {
    request: Option<(Vec<u8>, Vec<u8>)>,
    response: Option<(u16, Vec<u8>)>,
    minor: u8,
    fields: Vec<(Vec<u8>, Vec<u8>)>,
    end: usize,
}

impl Foreign {
    fn matches(&self, head: &Head) -> bool {
        let fields = head.fields.iter().map(|(name, value, ..)| (&name[..], &value[..]));
        let request = head.request.as_ref().map(|(method, target, _)| (method.clone(), target.clone()));
        self.request == request
            && self.response == head.response
            && self.minor == head.minor
            && self.end == head.end
            && fields.eq(self.fields.iter().map(|(name, value)| (&name[..], &value[..])))
    }
}

fn by_httparse(on: On, stream: &[u8]) -> Result<Option<Foreign>, httparse::Error> {
    let mut storage = [const { MaybeUninit::uninit() }; FIELDS];
    let owned = |fields: &[httparse::Header<'_>]| {
        fields.iter().map(|field| (field.name.as_bytes().to_vec(), field.value.to_vec())).collect()
    };
    Ok(match on {
        On::Request => {
            let mut head = httparse::Request::new(&mut []);
            match head.parse_with_uninit_headers(stream, &mut storage)? {
                httparse::Status::Partial => None,
                httparse::Status::Complete(end) => Some(Foreign {
                    request: head.method.zip(head.path).map(|(method, path)| (method.into(), path.into())),
                    response: None,
                    minor: head.version.unwrap_or_default(),
                    fields: owned(head.headers),
                    end,
                }),
            }
        }
        On::Response => {
            let mut head = httparse::Response::new(&mut []);
            let config = httparse::ParserConfig::default();
            match config.parse_response_with_uninit_headers(&mut head, stream, &mut storage)? {
                httparse::Status::Partial => None,
                httparse::Status::Complete(end) => Some(Foreign {
                    request: None,
                    response: head.code.zip(head.reason).map(|(code, reason)| (code, reason.into())),
                    minor: head.version.unwrap_or_default(),
                    fields: owned(head.headers),
                    end,
                }),
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_is_needed_and_has_its_example() {
        for (at, entry) in LAXER.iter().enumerate() {
            let (on, stream) = entry.example;
            assert_eq!(difference(on, stream), Difference::Laxer(at), "{} ({})", entry.rule, entry.instead);
        }
        for (at, entry) in STRICTER.iter().enumerate() {
            let (on, stream) = entry.example;
            assert_eq!(difference(on, stream), Difference::Stricter(at), "{} ({})", entry.what, entry.reason);
        }
    }

    #[test]
    fn what_both_read_alike_is_no_difference() {
        for stream in [&b"GET / HTTP/1.1\r\nHost:  a \r\n\r\n"[..], b"GET / HTTP/1.1\r\nA b: c\r\n", b"GET", b""] {
            assert_eq!(difference(On::Request, stream), Difference::None);
        }
        // An incomplete line that httparse refuses already.
        assert_eq!(difference(On::Request, b"GET / HTTP/1.1\r\nA b"), Difference::None);
    }
}
