//! Where the parts of a message stand among the tokens of a stream.

use std::ops::Range;

use fastrand::Rng;

use crate::fuzz::input::{Input, Kind};

/// One message, as places of tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Outline {
    /// From the method to the next message.
    pub(super) whole: Range<usize>,
    /// The request-line without its line end.
    pub(super) line: Range<usize>,
    /// The field lines with their line ends.
    pub(super) fields: Vec<Range<usize>>,
    /// The content, with the coding around it.
    pub(super) content: Range<usize>,
}

/// Where each message begins: at its method.
fn methods(input: &Input) -> Vec<usize> {
    input.tokens().enumerate().filter(|(_, (kind, _))| *kind == Kind::Method).map(|(at, _)| at).collect()
}

impl Outline {
    /// Some message of a stream; none if it has no method.
    pub(super) fn any(rng: &mut Rng, input: &Input) -> Option<Self> {
        let methods = methods(input);
        if methods.is_empty() {
            return None;
        }
        let chosen = rng.usize(..methods.len());
        let end = methods.get(chosen + 1).copied().unwrap_or(input.len());
        Some(Self::of(input, methods[chosen], end))
    }

    fn of(input: &Input, start: usize, end: usize) -> Self {
        let line_end = |from: usize| (from..end).find(|&at| input.token(at).0 == Kind::LineEnd);
        let first = line_end(start).unwrap_or(end);
        let mut at = (first + 1).min(end);
        let mut fields = Vec::with_capacity(8);
        while at < end && input.token(at).0 != Kind::LineEnd {
            let behind = line_end(at).map_or(end, |found| found + 1);
            fields.push(at..behind);
            at = behind;
        }
        Self { whole: start..end, line: start..first, fields, content: (at + 1).min(end)..end }
    }

    /// Where another field line may be put: in front of the empty line.
    pub(super) fn head_end(&self) -> usize {
        self.fields.last().map_or((self.line.end + 1).min(self.whole.end), |last| last.end)
    }
}

/// Text of whole lines, or what a line goes on with, as tokens: line ends have to be seen for lines to be found again.
pub(super) fn lines(text: &[u8]) -> Vec<(Kind, &[u8])> {
    let mut tokens = Vec::with_capacity(4);
    for line in text.split_inclusive(|&octet| octet == b'\n') {
        let content = line.strip_suffix(b"\n").map_or(line, |line| line.strip_suffix(b"\r").unwrap_or(line));
        tokens.push((Kind::Noise, content));
        tokens.push((Kind::LineEnd, &line[content.len()..]));
    }
    tokens
}
