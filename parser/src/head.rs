//! Reading a head from a buffer that grows.
//!
//! A head is read line by line. Each complete line is held against the grammar as soon as it is there, so that an error
//! in it is reported although the head is not complete. What has been read stays read when the head arrives in pieces. An
//! incomplete line is never an error, unless it is already longer than a limit allows.
//!
//! Two things read lines. [`skim`] takes many at a time, answers for those that are right, and stops before the first
//! that is not. [`Lines`] goes from LF to LF and is the one that finds faults and exceeded limits; it takes over wherever
//! skimming has stopped, so that skimming may stop for any reason without a change of the result.

mod at_once;
mod lines;
mod skim;
#[cfg(test)]
mod tests;

use crate::error::Error;
use crate::fields::FieldSpan;
use crate::limits::Limits;
use crate::rule::message::EMPTY_LINES_BEFORE_REQUEST;
use crate::scan::{Instructions, Lanes, Task, View, WINDOW};
use lines::Lines;
use skim::Skimmed;

pub(crate) use at_once::{Message, read, read_with};

/// How far a head has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a head is there or it is not")]
pub enum Progress {
    /// All complete lines so far are right; more octets are needed.
    Partial,
    /// The head is complete. Its length in octets from the start of the buffer, the empty line included.
    Complete(usize),
}

/// What one-shot parsing comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a head is there or it is not")]
pub enum Parsed<H> {
    /// All complete lines are right; more octets are needed.
    Partial,
    /// The head.
    Complete(H),
}

/// What a head begins with: a request-line or a status-line.
pub(crate) trait StartLine: Copy {
    /// Whether one empty line before it is skipped (RFC 9112 section 2.2).
    const SKIPS_EMPTY_LINE: bool;

    /// Parses a line without its line end that starts at offset `at` of the buffer.
    fn parse(line: &[u8], at: usize) -> Result<Self, Error>;

    /// Parses a line with the two octets of its line end, which stands at `start` of the view. There is no control in it
    /// but perhaps HTAB, and those of the line end. None if there is something wrong with it or with the line end.
    fn skim<L: Lanes>(lanes: L, view: View<'_>, start: usize, line: &[u8]) -> Option<Self>;
}

/// Reads one head that begins with an `S`.
#[derive(Debug)]
pub(crate) struct HeadParser<'s, S> {
    lines: Lines<'s>,
    start_line: Option<S>,
    pub(crate) instructions: Instructions,
}

/// A complete head.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Head<'s, S> {
    pub(crate) len: usize,
    pub(crate) start_line: S,
    pub(crate) fields: &'s [FieldSpan],
}

impl<'s, S: StartLine> HeadParser<'s, S> {
    #[inline]
    pub(crate) fn new(storage: &'s mut [FieldSpan], limits: Limits, instructions: Instructions) -> Self {
        Self { lines: Lines::new(storage, limits), start_line: None, instructions }
    }

    /// As [`RequestParser::advance`](crate::RequestParser::advance).
    #[inline]
    pub(crate) fn advance(&mut self, buffer: &[u8]) -> Result<Progress, Error> {
        if self.lines.done {
            return Ok(Progress::Complete(self.lines.at));
        }
        // Of a line that has not come to its end, what is there has been looked at.
        if self.lines.searched > self.lines.at && !self.lines.find_end(buffer)? {
            return Ok(Progress::Partial);
        }
        self.skim(buffer);
        if self.lines.done {
            return Ok(Progress::Complete(self.lines.at));
        }
        self.plod(buffer)
    }

    /// Reads lines that are right, as many as there are.
    #[inline]
    fn skim(&mut self, buffer: &[u8]) {
        while self.instructions.run(Advance { parser: self, buffer }) {}
    }

    /// Line by line, with an answer for everything.
    #[cold]
    #[inline(never)]
    fn plod(&mut self, buffer: &[u8]) -> Result<Progress, Error> {
        while let Some(line) = self.lines.next(buffer)? {
            if self.start_line.is_none() {
                if S::SKIPS_EMPTY_LINE && line.end == line.start {
                    if self.lines.skipped {
                        return Err(Error::rule(&EMPTY_LINES_BEFORE_REQUEST, line.start));
                    }
                    line.check_end()?;
                    self.lines.skipped = true;
                    // What follows is an ordinary head.
                    self.skim(buffer);
                    continue;
                }
                self.start_line = Some(S::parse(line.of(buffer), line.start)?);
                line.check_end()?;
            } else if self.lines.field(line, buffer)? {
                break;
            }
        }
        Ok(if self.lines.done { Progress::Complete(self.lines.at) } else { Progress::Partial })
    }

    #[inline(always)]
    fn skimmed(&mut self, came_to: Skimmed<S>) {
        if came_to.at > self.lines.at {
            self.start_line = self.start_line.or(came_to.start_line);
            self.lines.started = true;
            self.lines.count += came_to.fields;
            self.lines.at = came_to.at;
            self.lines.searched = came_to.at;
            self.lines.done = came_to.is_complete;
        }
    }

    /// The head, once it is complete.
    #[inline]
    pub(crate) fn head(&self) -> Option<Head<'_, S>> {
        let start_line = self.start_line.filter(|_| self.lines.done)?;
        Some(Head { len: self.lines.at, start_line, fields: &self.lines.storage[..self.lines.count] })
    }

    /// As [`head`](Self::head), for as long as the storage lives.
    fn into_head(self) -> Option<Head<'s, S>> {
        let start_line = self.start_line.filter(|_| self.lines.done)?;
        Some(Head { len: self.lines.at, start_line, fields: &self.lines.storage[..self.lines.count] })
    }
}

/// Skims what has arrived, or a good many lines of it; true if there may be more.
struct Advance<'a, 's, S> {
    parser: &'a mut HeadParser<'s, S>,
    buffer: &'a [u8],
}

impl<S: StartLine> Task for Advance<'_, '_, S> {
    type Output = bool;

    #[inline(always)]
    fn run<L: Lanes>(self, lanes: L) -> bool {
        let HeadParser { lines, start_line, .. } = &mut *self.parser;
        let head = self.buffer.get(..lines.limits.head).unwrap_or(self.buffer);
        // A head that is too short to be looked at is continued with octets that end nothing.
        let mut continued = [b'a'; WINDOW];
        let view = match View::of(head) {
            Some(view) => view,
            None => {
                continued[..head.len()].copy_from_slice(head);
                View::of_window(&continued)
            }
        };
        let places = &mut lines.storage[lines.count..];
        let came_to = skim::skim(lanes, view, lines.at, start_line.is_some(), places, &lines.limits);
        let is_cut = came_to.is_cut;
        self.parser.skimmed(came_to);
        is_cut
    }
}
