//! Each parser behind one small adapter, so that all of them are called in the same way.
//!
//! An adapter makes the fastest call that its parser's interface offers for a whole head (or a whole chunked body) in one
//! buffer, reuses what that interface allows to be reused, and answers with what it has [`Seen`]. Parsers differ in how
//! much they hold against the RFCs; the README of this crate says what each does not do.

mod fresh;
mod instructions;

use std::hint::black_box;
use std::mem::MaybeUninit;

use startline_parser::{ChunkedDecoder, ChunkedEvent, FieldSpan, Parsed};

use crate::inputs::Kind;

/// Field lines that every adapter has room for.
const FIELDS: usize = 112;

/// Name of `ntex-httparse`; which version it is hangs on the lock file.
pub const NTEX_HTTPARSE: &str = if cfg!(feature = "newest-ntex") { "ntex-httparse-2.3" } else { "ntex-httparse" };

/// What a parser has found in one message; the test of this module compares it with what is in the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// Octets of the message that were read.
    pub octets: usize,
    /// Field lines.
    pub fields: usize,
    /// Octets of content.
    pub content: usize,
}

impl Seen {
    const fn head(octets: usize, fields: usize) -> Self {
        Self { octets, fields, content: 0 }
    }
}

/// A parser. Each method reads one whole and valid message and panics when it cannot.
pub trait Peer {
    /// Name in the table.
    fn name(&self) -> &'static str;

    /// Why the parser is not given inputs of this kind; none when it is.
    fn skips(&self, kind: Kind) -> Option<&'static str> {
        let _ = kind;
        None
    }

    /// Reads a request head.
    fn request(&mut self, octets: &[u8]) -> Seen;

    /// Reads a response head.
    fn response(&mut self, octets: &[u8]) -> Seen;

    /// Reads a message body in the chunked coding.
    fn chunked(&mut self, octets: &[u8]) -> Seen;

    /// Reads a message of that kind.
    #[inline]
    fn read(&mut self, kind: Kind, octets: &[u8]) -> Seen {
        match kind {
            Kind::Request => self.request(octets),
            Kind::Response => self.response(octets),
            Kind::Chunked => self.chunked(octets),
        }
    }
}

/// Every parser, ours first and httparse, which ratios refer to, second; copying the octets comes last.
#[must_use]
pub fn all() -> Vec<Box<dyn Peer>> {
    let mut all: Vec<Box<dyn Peer>> = vec![
        Box::new(Startline { storage: [FieldSpan::EMPTY; FIELDS], checks: false }),
        Box::new(Httparse),
        Box::new(NtexHttparse::default()),
        Box::new(milo::Milo::new()),
        Box::new(pico::Picohttpparser::new()),
        Box::new(Startline { storage: [FieldSpan::EMPTY; FIELDS], checks: true }),
        Box::new(fresh::Startline),
        Box::new(fresh::Httparse),
    ];
    all.extend(instructions::Startline::all().map(|peer| Box::new(peer) as Box<dyn Peer>));
    all.push(Box::new(Copying { place: Vec::new() }));
    all
}

/// `startline-parser`: `parse_head`, with `check` after it where asked; storage for spans is reused.
struct Startline {
    storage: [FieldSpan; FIELDS],
    checks: bool,
}

impl Peer for Startline {
    fn name(&self) -> &'static str {
        if self.checks { "startline+check" } else { "startline" }
    }

    fn skips(&self, kind: Kind) -> Option<&'static str> {
        (self.checks && kind == Kind::Chunked).then_some("a body has no head to check")
    }

    fn request(&mut self, octets: &[u8]) -> Seen {
        let parsed = startline_parser::Request::parse_head(octets, &mut self.storage);
        let Ok(Parsed::Complete(head)) = &parsed else {
            panic!("not a whole head");
        };
        if self.checks {
            black_box(head.check().expect("a valid message"));
        }
        Seen::head(head.head_len(), black_box(head).fields().len())
    }

    fn response(&mut self, octets: &[u8]) -> Seen {
        let parsed = startline_parser::Response::parse_head(octets, &mut self.storage);
        let Ok(Parsed::Complete(head)) = &parsed else {
            panic!("not a whole head");
        };
        if self.checks {
            black_box(head.check(b"GET").expect("a valid message"));
        }
        Seen::head(head.head_len(), black_box(head).fields().len())
    }

    fn chunked(&mut self, octets: &[u8]) -> Seen {
        let mut decoder = ChunkedDecoder::new();
        let mut rest = octets;
        let mut content = 0;
        loop {
            let (event, used) = decoder.decode_content(rest).expect("a valid body");
            rest = &rest[used..];
            match event {
                ChunkedEvent::Data(data) => content += black_box(data).len(),
                ChunkedEvent::End => return Seen { octets: octets.len() - rest.len(), fields: 0, content },
                ChunkedEvent::NeedMore => panic!("not a whole body"),
                _ => {}
            }
        }
    }
}

/// `httparse`, with its uninitialised headers on the stack, which is the faster of its two calls.
struct Httparse;

impl Peer for Httparse {
    fn name(&self) -> &'static str {
        "httparse"
    }

    fn request(&mut self, octets: &[u8]) -> Seen {
        let mut headers = [const { MaybeUninit::uninit() }; FIELDS];
        let mut request = httparse::Request::new(&mut []);
        let head = request.parse_with_uninit_headers(octets, &mut headers).expect("a valid head").unwrap();
        Seen::head(head, black_box(&request).headers.len())
    }

    fn response(&mut self, octets: &[u8]) -> Seen {
        let mut headers = [const { MaybeUninit::uninit() }; FIELDS];
        let mut response = httparse::Response::new(&mut []);
        let head = httparse::ParserConfig::default()
            .parse_response_with_uninit_headers(&mut response, octets, &mut headers)
            .expect("a valid head")
            .unwrap();
        Seen::head(head, black_box(&response).headers.len())
    }

    fn chunked(&mut self, octets: &[u8]) -> Seen {
        by_chunk_sizes(octets, |rest| httparse::parse_chunk_size(rest).expect("a valid size").unwrap())
    }
}

/// `ntex-httparse`, which reads one line a call and answers with positions.
struct NtexHttparse {
    fields: [ntex_httparse::Header; FIELDS],
}

impl Default for NtexHttparse {
    fn default() -> Self {
        Self { fields: [ntex_httparse::Header::default(); FIELDS] }
    }
}

impl NtexHttparse {
    fn fields(&mut self, octets: &[u8], mut at: usize) -> Seen {
        let mut count = 0;
        loop {
            let field = &mut self.fields[count];
            match field.parse(&octets[at..]).expect("a valid field line").unwrap() {
                ntex_httparse::HeaderParsed::Header(len) => at += len,
                ntex_httparse::HeaderParsed::Eof(len) => {
                    black_box(&self.fields);
                    return Seen::head(at + len, count);
                }
            }
            count += 1;
        }
    }
}

impl Peer for NtexHttparse {
    fn name(&self) -> &'static str {
        NTEX_HTTPARSE
    }

    fn request(&mut self, octets: &[u8]) -> Seen {
        let mut line = ntex_httparse::Request::default();
        let at = line.parse(octets).expect("a valid request-line").unwrap();
        black_box(&line);
        self.fields(octets, at)
    }

    fn response(&mut self, octets: &[u8]) -> Seen {
        let mut line = ntex_httparse::Response::default();
        let at = line.parse(octets).expect("a valid status-line").unwrap();
        black_box(&line);
        self.fields(octets, at)
    }

    fn chunked(&mut self, octets: &[u8]) -> Seen {
        by_chunk_sizes(octets, |rest| ntex_httparse::parse_chunk_size(rest).expect("a valid size").unwrap())
    }
}

/// What a user has to write around a function that reads one chunk-size line: `size` answers with the length of the
/// line and with the size.
#[inline]
fn by_chunk_sizes(octets: &[u8], size: impl Fn(&[u8]) -> (usize, u64)) -> Seen {
    let (mut at, mut content) = (0, 0);
    loop {
        let (line, size) = size(&octets[at..]);
        at += line;
        let size = usize::try_from(size).expect("no chunk is larger than memory");
        content += black_box(&octets[at..at + size]).len();
        at += size + 2;
        assert_eq!(&octets[at - 2..at], b"\r\n", "the end of the chunk data, or of an empty trailer section");
        if size == 0 {
            return Seen { octets: at, fields: 0, content };
        }
    }
}

mod milo {
    //! `milo-parser`: a state machine that writes events into a buffer of its own.
    //!
    //! It reads whole messages and not bodies alone, so a chunked body is preceded by a head of 55 octets.
    #![expect(unsafe_code, reason = "events are read through the pointer that the parser's interface gives")]

    use milo_parser::{
        EVENT_ACTIVE_ON_DATA, EVENT_ACTIVE_ON_HEADER_NAME, EVENT_ACTIVE_ON_HEADER_VALUE, EVENT_ACTIVE_ON_METHOD,
        EVENT_ACTIVE_ON_REASON, EVENT_ACTIVE_ON_STATUS, EVENT_ACTIVE_ON_URL, EVENT_DATA, EVENT_END, EVENT_HEADER_NAME,
        Parser, STATE_ERROR, STATE_START,
    };

    use super::{Peer, Seen};

    const CHUNKED_HEAD: &[u8] = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

    pub(super) struct Milo {
        parser: Parser,
        message: Vec<u8>,
    }

    impl Milo {
        pub(super) fn new() -> Self {
            let mut parser = Parser::new();
            parser.max_header_length = 64 * 1024;
            parser.autodetect = false;
            Self { parser, message: CHUNKED_HEAD.to_vec() }
        }

        fn head(&mut self, octets: &[u8], is_request: bool) -> Seen {
            let line = if is_request {
                EVENT_ACTIVE_ON_METHOD | EVENT_ACTIVE_ON_URL
            } else {
                EVENT_ACTIVE_ON_STATUS | EVENT_ACTIVE_ON_REASON
            };
            self.parser.reset(false);
            self.parser.is_request = is_request;
            self.parser.suspend_after_headers = true;
            self.parser.active_events = line | EVENT_ACTIVE_ON_HEADER_NAME | EVENT_ACTIVE_ON_HEADER_VALUE;
            let read = self.parser.parse(octets.as_ptr(), octets.len());
            assert!(self.parser.state != STATE_ERROR, "a valid head");
            Seen::head(read, self.events(EVENT_HEADER_NAME).0)
        }

        /// How many events of that type the last call has left, and how many octets they cover.
        fn events(&self, wanted: u8) -> (usize, usize) {
            /// Type, position and length.
            const EVENT: usize = 1 + 4 + 4;
            let (mut count, mut octets, mut at) = (0, 0, 0);
            loop {
                // SAFETY: the parser owns 64 KiB of events, and ends what it has written there with EVENT_END. Only
                // events with a range are switched on, so each one takes EVENT octets.
                let event = unsafe { std::slice::from_raw_parts(self.parser.events.add(at), EVENT) };
                if event[0] == EVENT_END {
                    return (count, octets);
                }
                if event[0] == wanted {
                    count += 1;
                    octets += u32::from_le_bytes([event[5], event[6], event[7], event[8]]) as usize;
                }
                at += EVENT;
            }
        }
    }

    impl Peer for Milo {
        fn name(&self) -> &'static str {
            "milo"
        }

        fn request(&mut self, octets: &[u8]) -> Seen {
            self.head(octets, true)
        }

        fn response(&mut self, octets: &[u8]) -> Seen {
            self.head(octets, false)
        }

        fn chunked(&mut self, octets: &[u8]) -> Seen {
            if self.message.len() != CHUNKED_HEAD.len() + octets.len() {
                self.message.truncate(CHUNKED_HEAD.len());
                self.message.extend_from_slice(octets);
            }
            self.parser.reset(false);
            self.parser.is_request = true;
            self.parser.suspend_after_headers = false;
            self.parser.active_events = EVENT_ACTIVE_ON_DATA;
            let (mut at, mut content) = (0, 0);
            // The buffer of events fills up long before the end of the body; each call goes on after the last one.
            loop {
                let rest = &self.message[at..];
                let read = self.parser.parse(rest.as_ptr(), rest.len());
                assert!(self.parser.state != STATE_ERROR && read > 0, "a valid body");
                content += self.events(EVENT_DATA).1;
                at += read;
                if at == self.message.len() && self.parser.state == STATE_START {
                    return Seen { octets: at - CHUNKED_HEAD.len(), fields: 0, content };
                }
            }
        }
    }
}

mod pico {
    //! `picohttpparser`, through the crate that bundles its C source.
    //!
    //! It decodes a chunked body in place, so the body is copied first; the line of copying says what that costs.
    #![expect(unsafe_code, reason = "a C library is called")]

    use std::ptr;

    use picohttpparser_sys::{
        phr_chunked_decoder, phr_decode_chunked, phr_header, phr_parse_request, phr_parse_response,
    };

    use super::{FIELDS, Peer, Seen};

    pub(super) struct Picohttpparser {
        fields: [phr_header; FIELDS],
        body: Vec<u8>,
    }

    impl Picohttpparser {
        pub(super) fn new() -> Self {
            Self { fields: [phr_header::default(); FIELDS], body: Vec::new() }
        }
    }

    impl Peer for Picohttpparser {
        fn name(&self) -> &'static str {
            "picohttpparser"
        }

        fn request(&mut self, octets: &[u8]) -> Seen {
            let (mut method, mut method_len, mut path, mut path_len) = (ptr::null(), 0, ptr::null(), 0);
            let (mut minor, mut fields) = (0, FIELDS);
            // SAFETY: buffer and length belong together, `fields` has FIELDS places, and every result has a place.
            let head = unsafe {
                phr_parse_request(
                    octets.as_ptr().cast(),
                    octets.len(),
                    &raw mut method,
                    &raw mut method_len,
                    &raw mut path,
                    &raw mut path_len,
                    &raw mut minor,
                    self.fields.as_mut_ptr(),
                    &raw mut fields,
                    0,
                )
            };
            Seen::head(usize::try_from(head).expect("a valid head"), fields)
        }

        fn response(&mut self, octets: &[u8]) -> Seen {
            let (mut reason, mut reason_len) = (ptr::null(), 0);
            let (mut minor, mut status, mut fields) = (0, 0, FIELDS);
            // SAFETY: buffer and length belong together, `fields` has FIELDS places, and every result has a place.
            let head = unsafe {
                phr_parse_response(
                    octets.as_ptr().cast(),
                    octets.len(),
                    &raw mut minor,
                    &raw mut status,
                    &raw mut reason,
                    &raw mut reason_len,
                    self.fields.as_mut_ptr(),
                    &raw mut fields,
                    0,
                )
            };
            Seen::head(usize::try_from(head).expect("a valid head"), fields)
        }

        fn chunked(&mut self, octets: &[u8]) -> Seen {
            self.body.clear();
            self.body.extend_from_slice(octets);
            let mut content = self.body.len();
            // SAFETY: the decoder is three integers, to be zero at the start, as its documentation asks.
            let mut decoder: phr_chunked_decoder = unsafe { std::mem::zeroed() };
            decoder.consume_trailer = 1;
            // SAFETY: the body is writable for as many octets as `content` says.
            let left = unsafe { phr_decode_chunked(&raw mut decoder, self.body.as_mut_ptr().cast(), &raw mut content) };
            Seen { octets: octets.len() - usize::try_from(left).expect("a valid body"), fields: 0, content }
        }
    }
}

/// Copies the octets and reads nothing: how much of a figure is memory alone.
struct Copying {
    place: Vec<u8>,
}

impl Copying {
    fn copy(&mut self, octets: &[u8]) -> Seen {
        self.place.clear();
        self.place.extend_from_slice(octets);
        Seen::head(black_box(&self.place).len(), 0)
    }
}

impl Peer for Copying {
    fn name(&self) -> &'static str {
        "copy"
    }

    fn request(&mut self, octets: &[u8]) -> Seen {
        self.copy(octets)
    }

    fn response(&mut self, octets: &[u8]) -> Seen {
        self.copy(octets)
    }

    fn chunked(&mut self, octets: &[u8]) -> Seen {
        self.copy(octets)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inputs;

    #[test]
    fn every_peer_reads_every_input_to_its_end() {
        for mut peer in all().into_iter().filter(|peer| peer.name() != "copy") {
            for input in inputs::all() {
                if peer.skips(input.kind).is_some() {
                    continue;
                }
                // Twice, because adapters keep storage from one message to the next.
                for message in input.messages.iter().chain(&input.messages) {
                    let there = Seen { octets: message.octets.len(), fields: message.fields, content: message.content };
                    assert_eq!(peer.read(input.kind, &message.octets), there, "{} on {}", peer.name(), input.id);
                }
            }
        }
    }

    #[test]
    fn names_are_unique_and_httparse_is_the_measure() {
        let names: Vec<_> = all().iter().map(|peer| peer.name()).collect();
        assert_eq!(names[..2], ["startline", "httparse"]);
        assert!(names.iter().enumerate().all(|(at, name)| !names[..at].contains(name)));
    }
}
