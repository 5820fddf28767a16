//! Each parser's own judgement, without the panics of the adapters that are measured.

use std::ptr;

use milo_parser::{Parser, STATE_BODY_DECISION, STATE_ERROR, STATE_START};
use picohttpparser_sys::{phr_chunked_decoder, phr_decode_chunked, phr_header, phr_parse_request, phr_parse_response};
use startline_parser::{ChunkedDecoder, ChunkedEvent, FieldSpan, Parsed};

use crate::inputs::Kind;
use crate::peers::NTEX_HTTPARSE;

/// Field lines that there is room for.
const FIELDS: usize = 16;

/// A parser that says whether a message is one.
#[derive(Clone, Copy)]
pub struct Judge {
    /// As in the table of figures.
    pub name: &'static str,
    /// Whether the parser takes the octets for exactly one whole message of that kind.
    pub takes: fn(Kind, &[u8]) -> bool,
}

/// startline first; then its peers in the order of the table of figures.
#[must_use]
pub fn all() -> [Judge; 5] {
    [
        Judge { name: "startline", takes: startline },
        Judge { name: "httparse", takes: httparse },
        Judge { name: NTEX_HTTPARSE, takes: ntex },
        Judge { name: "milo", takes: milo },
        Judge { name: "picohttpparser", takes: pico },
    ]
}

/// `parse_head` and `check`, or the decoder.
fn startline(kind: Kind, octets: &[u8]) -> bool {
    let mut storage = [FieldSpan::EMPTY; FIELDS];
    match kind {
        Kind::Request => matches!(
            startline_parser::Request::parse_head(octets, &mut storage),
            Ok(Parsed::Complete(head)) if head.head_len() == octets.len() && head.check().is_ok()
        ),
        Kind::Response => matches!(
            startline_parser::Response::parse_head(octets, &mut storage),
            Ok(Parsed::Complete(head)) if head.head_len() == octets.len() && head.check(b"GET").is_ok()
        ),
        Kind::Chunked => {
            let (mut decoder, mut rest) = (ChunkedDecoder::new(), octets);
            loop {
                let Ok((event, used)) = decoder.decode(rest) else { return false };
                rest = &rest[used..];
                match event {
                    ChunkedEvent::End => return rest.is_empty(),
                    ChunkedEvent::NeedMore => return false,
                    _ => {}
                }
            }
        }
    }
}

fn httparse(kind: Kind, octets: &[u8]) -> bool {
    let mut headers = [httparse::EMPTY_HEADER; FIELDS];
    let whole = Ok(httparse::Status::Complete(octets.len()));
    match kind {
        Kind::Request => httparse::Request::new(&mut headers).parse(octets) == whole,
        Kind::Response => httparse::Response::new(&mut headers).parse(octets) == whole,
        Kind::Chunked => by_chunk_sizes(octets, |rest| match httparse::parse_chunk_size(rest) {
            Ok(httparse::Status::Complete(line)) => Some(line),
            _ => None,
        }),
    }
}

fn ntex(kind: Kind, octets: &[u8]) -> bool {
    use ntex_httparse::{Header, HeaderParsed, Request, Response, Status};

    let line = match kind {
        Kind::Request => Request::default().parse(octets),
        Kind::Response => Response::default().parse(octets),
        Kind::Chunked => {
            return by_chunk_sizes(octets, |rest| match ntex_httparse::parse_chunk_size(rest) {
                Ok(Status::Complete(line)) => Some(line),
                _ => None,
            });
        }
    };
    let Ok(Status::Complete(mut at)) = line else { return false };
    loop {
        match Header::default().parse(&octets[at..]) {
            Ok(Status::Complete(HeaderParsed::Header(len))) => at += len,
            Ok(Status::Complete(HeaderParsed::Eof(len))) => return at + len == octets.len(),
            _ => return false,
        }
    }
}

/// What users write around a function that reads one chunk-size line, with an empty trailer section.
fn by_chunk_sizes(octets: &[u8], line: impl Fn(&[u8]) -> Option<(usize, u64)>) -> bool {
    let mut rest = octets;
    loop {
        let Some((line, size)) = line(rest) else { return false };
        let after = usize::try_from(size).ok().and_then(|size| line.checked_add(size)).and_then(|at| rest.get(at..));
        let Some(next) = after.and_then(|after| after.strip_prefix(b"\r\n")) else { return false };
        rest = next;
        if size == 0 {
            return rest.is_empty();
        }
    }
}

fn milo(kind: Kind, octets: &[u8]) -> bool {
    let mut parser = Parser::new();
    parser.autodetect = false;
    parser.is_request = kind != Kind::Response;
    parser.suspend_after_headers = kind != Kind::Chunked;
    if kind == Kind::Chunked {
        let message = [b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", octets].concat();
        let read = parser.parse(message.as_ptr(), message.len());
        return read == message.len() && parser.state == STATE_START;
    }
    let read = parser.parse(octets.as_ptr(), octets.len());
    if read != octets.len() || parser.state != STATE_BODY_DECISION {
        return false;
    }
    // What the fields say of the body is looked at as it goes on.
    parser.continue_without_data = true;
    parser.parse(octets.as_ptr(), 0);
    parser.state != STATE_ERROR
}

#[expect(unsafe_code, reason = "a C library is called")]
fn pico(kind: Kind, octets: &[u8]) -> bool {
    let mut fields = [phr_header::default(); FIELDS];
    let (mut count, mut minor, mut status) = (FIELDS, 0, 0);
    let (mut one, mut one_len, mut two, mut two_len) = (ptr::null(), 0, ptr::null(), 0);
    let read = match kind {
        // SAFETY: buffer and length belong together, `fields` has FIELDS places, and every result has a place.
        Kind::Request => unsafe {
            phr_parse_request(
                octets.as_ptr().cast(),
                octets.len(),
                &raw mut one,
                &raw mut one_len,
                &raw mut two,
                &raw mut two_len,
                &raw mut minor,
                fields.as_mut_ptr(),
                &raw mut count,
                0,
            )
        },
        // SAFETY: as above.
        Kind::Response => unsafe {
            phr_parse_response(
                octets.as_ptr().cast(),
                octets.len(),
                &raw mut minor,
                &raw mut status,
                &raw mut one,
                &raw mut one_len,
                fields.as_mut_ptr(),
                &raw mut count,
                0,
            )
        },
        Kind::Chunked => {
            let mut body = octets.to_vec();
            let mut content = body.len();
            // SAFETY: the decoder is three integers, to be zero at the start, as its documentation asks.
            let mut decoder: phr_chunked_decoder = unsafe { std::mem::zeroed() };
            decoder.consume_trailer = 1;
            // SAFETY: the body is writable for as many octets as `content` says.
            let left = unsafe { phr_decode_chunked(&raw mut decoder, body.as_mut_ptr().cast(), &raw mut content) };
            return left == 0;
        }
    };
    usize::try_from(read) == Ok(octets.len())
}
