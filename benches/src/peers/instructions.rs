//! startline with instructions other than the best: what CPUs without AVX2, or builds without `std`, get.

use std::hint::black_box;

use startline_parser::{FieldSpan, Instructions, Limits, Parsed};

use super::{FIELDS, Peer, Seen};
use crate::inputs::Kind;

/// `parse_head_with` into reused spans.
pub(super) struct Startline {
    name: &'static str,
    instructions: Instructions,
    storage: [FieldSpan; FIELDS],
}

impl Startline {
    /// One for each set of instructions that this CPU has, without the best.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        let others = Instructions::available().filter(|&instructions| instructions != Instructions::best());
        others.map(|instructions| {
            let name = match instructions.name() {
                "portable" => "startline+portable",
                "sse2" => "startline+sse2",
                other => unreachable!("{other} is the best where it is there"),
            };
            Self { name, instructions, storage: [FieldSpan::EMPTY; FIELDS] }
        })
    }
}

impl Peer for Startline {
    fn name(&self) -> &'static str {
        self.name
    }

    fn skips(&self, kind: Kind) -> Option<&'static str> {
        (kind == Kind::Chunked).then_some("chunks are read with no instructions in particular")
    }

    fn request(&mut self, octets: &[u8]) -> Seen {
        let parsed =
            startline_parser::Request::parse_head_with(octets, &mut self.storage, &Limits::DEFAULT, self.instructions);
        let Ok(Parsed::Complete(head)) = &parsed else {
            panic!("not a whole head");
        };
        Seen::head(head.head_len(), black_box(head).fields().len())
    }

    fn response(&mut self, octets: &[u8]) -> Seen {
        let parsed =
            startline_parser::Response::parse_head_with(octets, &mut self.storage, &Limits::DEFAULT, self.instructions);
        let Ok(Parsed::Complete(head)) = &parsed else {
            panic!("not a whole head");
        };
        Seen::head(head.head_len(), black_box(head).fields().len())
    }

    fn chunked(&mut self, _: &[u8]) -> Seen {
        unreachable!("bodies are skipped")
    }
}
