//! Readers of request heads of any size that arrive whole or in pieces: startline, which goes on where it stopped, and
//! httparse, which has to begin anew.

use std::hint::black_box;
use std::mem::MaybeUninit;

use startline_parser::{FieldSpan, Limits, Progress, RequestParser};

use crate::inputs::Message;
use crate::peers::Seen;

/// Field lines that there is room for in the table of the peers.
const FEW: usize = 112;

/// Field lines that there is room for in a larger head.
const MANY: usize = 2048;

/// Room for a value of 1 MiB.
const LIMITS: Limits = Limits::DEFAULT.with_head(2 << 20).with_field_line(2 << 20);

/// A parser that is handed a request head.
pub struct HeadReader {
    name: String,
    piece: usize,
    most: usize,
    parser: Parser,
}

enum Parser {
    Startline(Box<[FieldSpan]>),
    Httparse,
}

impl HeadReader {
    /// `startline-parser`: `RequestParser::advance` into storage that is reused, with limits raised.
    #[must_use]
    pub fn startline() -> Self {
        let storage = vec![FieldSpan::EMPTY; MANY].into();
        Self { name: "startline".to_owned(), piece: usize::MAX, most: usize::MAX, parser: Parser::Startline(storage) }
    }

    /// `httparse`, with uninitialised headers on the stack; with much room for them only where there are many, because a
    /// large place on the stack takes time although it is not initialised.
    #[must_use]
    pub fn httparse() -> Self {
        Self { name: "httparse".to_owned(), piece: usize::MAX, most: usize::MAX, parser: Parser::Httparse }
    }

    /// The same parser, which is called each time that so many octets more are there.
    #[must_use]
    pub fn in_pieces(mut self, octets: usize) -> Self {
        self.name += &format!(", {octets}-octet pieces");
        self.piece = octets;
        self
    }

    /// The same, but not for heads of more than so many octets.
    #[must_use]
    pub const fn up_to(mut self, octets: usize) -> Self {
        self.most = octets;
        self
    }

    /// The parser, and the pieces unless heads are handed over whole.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether it is given a head of so many octets.
    #[must_use]
    pub const fn takes(&self, octets: usize) -> bool {
        octets <= self.most
    }

    /// Reads one whole and valid head.
    ///
    /// # Panics
    /// When it cannot.
    pub fn read(&mut self, message: &Message) -> Seen {
        let octets = &message.octets;
        match &mut self.parser {
            Parser::Startline(storage) => startline(octets, self.piece, storage),
            Parser::Httparse if message.fields <= FEW => httparse::<FEW>(octets, self.piece),
            Parser::Httparse => httparse::<MANY>(octets, self.piece),
        }
    }
}

#[inline(never)]
fn startline(octets: &[u8], piece: usize, storage: &mut [FieldSpan]) -> Seen {
    let mut parser = RequestParser::with_limits(storage, LIMITS);
    let mut there = 0_usize;
    loop {
        there = octets.len().min(there.saturating_add(piece));
        match parser.advance(black_box(&octets[..there])).expect("a valid head") {
            Progress::Complete(len) => {
                let head = parser.head(octets).expect("the head is complete");
                return Seen { octets: len, fields: black_box(&head).fields().len(), content: 0 };
            }
            Progress::Partial => assert!(there < octets.len(), "not a whole head"),
        }
    }
}

#[inline(never)]
fn httparse<const ROOM: usize>(octets: &[u8], piece: usize) -> Seen {
    let mut there = 0_usize;
    loop {
        there = octets.len().min(there.saturating_add(piece));
        let mut headers = [const { MaybeUninit::uninit() }; ROOM];
        let mut request = httparse::Request::new(&mut []);
        let status = request.parse_with_uninit_headers(black_box(&octets[..there]), &mut headers);
        match status.expect("a valid head") {
            httparse::Status::Complete(len) => {
                return Seen { octets: len, fields: black_box(&request).headers.len(), content: 0 };
            }
            httparse::Status::Partial => assert!(there < octets.len(), "not a whole head"),
        }
    }
}
