//! Cutting a stream into lines under a policy.

use alloc::vec::Vec;

use crate::error::{Error, Limit};
use crate::limits::Limits;
use crate::policy::{BareCr, LineEnd, Point, Policy};
use crate::reader::Sink;
use crate::rule::message::{BARE_CR, BARE_LF};

/// One complete line.
pub(super) struct Line {
    pub(super) start: usize,
    /// The octets before the line end; a bare CR is a SP here if the policy reads it so.
    pub(super) text: Vec<u8>,
    /// Offsets of the CRs inside the line.
    pub(super) crs: Vec<usize>,
    /// Offsets of the LFs inside the line, where the policy does not end lines at them.
    line_feeds: Vec<usize>,
    /// Offset of the line end.
    pub(super) end: usize,
    /// Offset after the line end.
    pub(super) next: usize,
    ending: Ending,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Ending {
    CrLf,
    Lf,
    Cr,
}

impl Line {
    /// Reports a line end that is not CRLF.
    pub(super) fn check_end(&self, sink: &mut Sink<'_>) {
        for &at in &self.line_feeds {
            sink.fault(&BARE_LF, at..at + 1, Point::LineEnd);
        }
        match self.ending {
            Ending::CrLf => {}
            Ending::Lf => sink.fault(&BARE_LF, self.end..self.end + 1, Point::LineEnd),
            Ending::Cr => sink.fault(&BARE_CR, self.end..self.end + 1, Point::BareCr),
        }
    }

    /// Reports each CR inside the line.
    pub(super) fn check_cr(&self, sink: &mut Sink<'_>) {
        for &at in &self.crs {
            sink.fault(&BARE_CR, at..at + 1, Point::BareCr);
        }
    }
}

/// The lines of a head or a trailer section, with their limits.
pub(super) struct Lines<'s> {
    pub(super) stream: &'s [u8],
    pub(super) at: usize,
    pub(super) limit: Option<Error>,
    pub(super) limits: &'s Limits,
    policy: &'s Policy,
    line: (usize, Limit),
    /// Offset that the section may not go beyond.
    section: (usize, Limit),
}

impl<'s> Lines<'s> {
    pub(super) fn new(stream: &'s [u8], at: usize, limits: &'s Limits, policy: &'s Policy) -> Self {
        let section = (at.saturating_add(limits.head), Limit::Head);
        Self { stream, at, limit: None, limits, policy, line: (limits.start_line, Limit::StartLine), section }
    }

    pub(super) fn trailers(stream: &'s [u8], at: usize, limits: &'s Limits, policy: &'s Policy) -> Self {
        let section = (at.saturating_add(limits.trailer_section), Limit::TrailerSection);
        Self { stream, at, limit: None, limits, policy, line: (limits.field_line, Limit::FieldLine), section }
    }

    /// From here on lines are field lines.
    pub(super) fn start_line_read(&mut self) {
        self.line = (self.limits.field_line, Limit::FieldLine);
    }

    /// Whether an LF without its CR is part of a field line; it ends the start-line, of whose parts no sentence says so.
    fn keeps_line_feeds(&self) -> bool {
        self.policy.line_end == LineEnd::Space && self.line.1 == Limit::FieldLine
    }

    /// The next line; none if it is incomplete or too long.
    pub(super) fn next(&mut self) -> Option<Line> {
        let (line_max, line_limit) = (self.at.saturating_add(self.line.0), self.line.1);
        let (max, limit) = if self.section.0 < line_max { self.section } else { (line_max, line_limit) };
        let mut at = self.at;
        loop {
            if at >= max {
                if at < self.stream.len() {
                    self.limit = Some(Error::limit(limit, max));
                }
                return None;
            }
            match self.stream.get(at)? {
                b'\n' if self.keeps_line_feeds() && (at == self.at || self.stream[at - 1] != b'\r') => at += 1,
                b'\n' => break,
                b'\r' if self.policy.bare_cr == BareCr::LineEnd => match self.stream.get(at + 1) {
                    None => return None,
                    Some(b'\n') => at += 1,
                    Some(_) => break,
                },
                b'\r' if self.policy.bare_cr == BareCr::LineEndAny && self.stream.get(at + 1)? != &b'\n' => break,
                _ => at += 1,
            }
        }
        let start = self.at;
        let swallows = self.stream[at] == b'\r' && self.policy.bare_cr == BareCr::LineEndAny;
        self.at = at + 1 + usize::from(swallows);
        let (end, ending) = if self.stream[at] == b'\r' {
            (at, Ending::Cr)
        } else if at > start && self.stream[at - 1] == b'\r' {
            (at - 1, Ending::CrLf)
        } else {
            (at, Ending::Lf)
        };
        let repair = |&octet: &u8| match octet {
            b'\r' if self.policy.bare_cr == BareCr::Space => b' ',
            // Inside of a line an LF is only where the policy reads it so.
            b'\n' => b' ',
            _ => octet,
        };
        let octets = &self.stream[start..end];
        let crs = octets.iter().enumerate().filter(|&(_, &octet)| octet == b'\r').map(|(at, _)| start + at).collect();
        let line_feeds =
            octets.iter().enumerate().filter(|&(_, &octet)| octet == b'\n').map(|(at, _)| start + at).collect();
        Some(Line { line_feeds, start, text: octets.iter().map(repair).collect(), crs, end, next: self.at, ending })
    }
}
