//! startline and httparse for users who do not keep storage: room for the fields is made anew for each message, and
//! initialised, which is the call that both show in their documentation.

use std::hint::black_box;

use startline_parser::{FieldSpan, Parsed};

use super::{FIELDS, Peer, Seen};
use crate::inputs::Kind;

const NO_FIELDS: Option<&str> = Some("a body has no fields to make room for");

/// `parse_head` into spans that are made for the call.
pub(super) struct Startline;

impl Peer for Startline {
    fn name(&self) -> &'static str {
        "startline+init"
    }

    fn skips(&self, kind: Kind) -> Option<&'static str> {
        NO_FIELDS.filter(|_| kind == Kind::Chunked)
    }

    fn request(&mut self, octets: &[u8]) -> Seen {
        let mut storage = [FieldSpan::EMPTY; FIELDS];
        let parsed = startline_parser::Request::parse_head(octets, &mut storage);
        let Ok(Parsed::Complete(head)) = &parsed else {
            panic!("not a whole head");
        };
        Seen::head(head.head_len(), black_box(head).fields().len())
    }

    fn response(&mut self, octets: &[u8]) -> Seen {
        let mut storage = [FieldSpan::EMPTY; FIELDS];
        let parsed = startline_parser::Response::parse_head(octets, &mut storage);
        let Ok(Parsed::Complete(head)) = &parsed else {
            panic!("not a whole head");
        };
        Seen::head(head.head_len(), black_box(head).fields().len())
    }

    fn chunked(&mut self, _: &[u8]) -> Seen {
        unreachable!("bodies are skipped")
    }
}

/// `parse` with headers that are empty at first.
pub(super) struct Httparse;

impl Peer for Httparse {
    fn name(&self) -> &'static str {
        "httparse+init"
    }

    fn skips(&self, kind: Kind) -> Option<&'static str> {
        NO_FIELDS.filter(|_| kind == Kind::Chunked)
    }

    fn request(&mut self, octets: &[u8]) -> Seen {
        let mut headers = [httparse::EMPTY_HEADER; FIELDS];
        let mut request = httparse::Request::new(&mut headers);
        let head = request.parse(octets).expect("a valid head").unwrap();
        Seen::head(head, black_box(&request).headers.len())
    }

    fn response(&mut self, octets: &[u8]) -> Seen {
        let mut headers = [httparse::EMPTY_HEADER; FIELDS];
        let mut response = httparse::Response::new(&mut headers);
        let head = response.parse(octets).expect("a valid head").unwrap();
        Seen::head(head, black_box(&response).headers.len())
    }

    fn chunked(&mut self, _: &[u8]) -> Seen {
        unreachable!("bodies are skipped")
    }
}
