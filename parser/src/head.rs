//! Reading a head from a buffer that grows.
//!
//! A head is read line by line. Each complete line is held against the grammar as soon as it is there, so that an error
//! in it is reported although the head is not complete, and no line is read twice when the head arrives in pieces. An
//! incomplete line is never an error, unless it is already longer than a limit allows.
//!
//! Two things read lines. [`skim`] takes many at a time, answers for those that are right, and stops before the first
//! that is not. [`Lines`] goes from LF to LF and is the one that finds faults and exceeded limits; it takes over wherever
//! skimming has stopped, so that skimming may stop for any reason without a change of the result.

mod skim;
#[cfg(test)]
mod tests;

use core::marker::PhantomData;

use crate::error::{Error, Limit};
use crate::fields::{self, FieldSpan};
use crate::limits::Limits;
use crate::rule::message::{BARE_LF, EMPTY_LINES_BEFORE_REQUEST};
use crate::scan::{self, Instructions, Lanes, Task, View};
use skim::Skimmed;

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

    /// Parses the line that stands at `start..end` of the view and in which there is no control but perhaps HTAB; none
    /// if there is something wrong with it.
    fn skim<L: Lanes>(lanes: L, view: View<'_>, start: usize, end: usize) -> Option<Self>;
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
    pub(crate) fn advance(&mut self, buffer: &[u8]) -> Result<Progress, Error> {
        if self.lines.has_line(buffer) {
            self.skim(buffer);
        }
        if self.lines.done {
            return Ok(Progress::Complete(self.lines.at));
        }
        self.plod(buffer)
    }

    /// Reads lines that are right, as many as there are.
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
        let Some(view) = View::of(head) else { return false };
        let places = &mut lines.storage[lines.count..];
        let came_to = skim::skim(lanes, view, lines.at, start_line.is_some(), places, &lines.limits);
        let is_cut = came_to.is_cut;
        self.parser.skimmed(came_to);
        is_cut
    }
}

/// A message that its head can be made into.
pub(crate) trait Message<'b, 's> {
    type StartLine: StartLine;

    /// The message whose head is at the start of `buffer`.
    fn new(head: Head<'s, Self::StartLine>, buffer: &'b [u8]) -> Self;
}

/// Reads a head in one call: skims it, and only if that does not come to its end goes on with a parser.
///
/// All of it is one task, so that the parts of the message are written where the caller wants them and nowhere else
/// before.
struct ReadHead<'b, 's, M> {
    buffer: &'b [u8],
    storage: &'s mut [FieldSpan],
    message: PhantomData<M>,
}

/// Parses the head at the start of `buffer` with the default limits.
#[inline]
pub(crate) fn read<'b, 's, M: Message<'b, 's>>(
    buffer: &'b [u8],
    storage: &'s mut [FieldSpan],
) -> Result<Parsed<M>, Error> {
    Instructions::best().run(ReadHead { buffer, storage, message: PhantomData })
}

impl<'b, 's, M: Message<'b, 's>> Task for ReadHead<'b, 's, M> {
    type Output = Result<Parsed<M>, Error>;

    #[inline(always)]
    fn run<L: Lanes>(self, lanes: L) -> Self::Output {
        let Self { buffer, storage, .. } = self;
        let limits = &Limits::DEFAULT;
        let mut came_to = None;
        if let Some(view) = View::of(buffer.get(..limits.head).unwrap_or(buffer)) {
            let skimmed = skim::skim::<L, M::StartLine>(lanes, view, 0, false, storage, limits);
            if skimmed.is_complete
                && let Some(start_line) = skimmed.start_line
            {
                let head = Head { len: skimmed.at, start_line, fields: &storage[..skimmed.fields] };
                return Ok(Parsed::Complete(M::new(head, buffer)));
            }
            came_to = Some(skimmed);
        }
        read_on(buffer, storage, came_to)
    }
}

/// Goes on where skimming has stopped.
#[cold]
#[inline(never)]
fn read_on<'b, 's, M: Message<'b, 's>>(
    buffer: &'b [u8],
    storage: &'s mut [FieldSpan],
    came_to: Option<Skimmed<M::StartLine>>,
) -> Result<Parsed<M>, Error> {
    let mut parser = HeadParser::new(storage, Limits::DEFAULT, Instructions::best());
    match came_to {
        Some(came_to) if !came_to.is_cut => {
            parser.skimmed(came_to);
            parser.plod(buffer)?;
        }
        came_to => {
            came_to.into_iter().for_each(|came_to| parser.skimmed(came_to));
            parser.advance(buffer)?;
        }
    }
    Ok(parser.into_head().map_or(Parsed::Partial, |head| Parsed::Complete(M::new(head, buffer))))
}

/// The lines of a head: where the next one starts, and the field lines read so far.
#[derive(Debug)]
struct Lines<'s> {
    /// No longer than the limit of field lines allows.
    storage: &'s mut [FieldSpan],
    count: usize,
    limits: Limits,
    /// Where the line under way starts; after the end, the length of the head.
    at: usize,
    /// How far the line under way has been searched for its end.
    searched: usize,
    skipped: bool,
    /// Whether the start-line has been read, and so field lines follow.
    started: bool,
    done: bool,
}

/// A complete line of the buffer.
#[derive(Debug, Clone, Copy)]
struct Line {
    start: usize,
    /// End of the content, before the line end.
    end: usize,
    /// Offset of the LF.
    line_feed: usize,
}

impl Line {
    fn of(self, buffer: &[u8]) -> &[u8] {
        &buffer[self.start..self.end]
    }

    /// The line end is CRLF (RFC 9112 section 2.2).
    fn check_end(self) -> Result<(), Error> {
        if self.end == self.line_feed { Err(Error::rule(&BARE_LF, self.line_feed)) } else { Ok(()) }
    }
}

impl<'s> Lines<'s> {
    #[inline]
    fn new(storage: &'s mut [FieldSpan], limits: Limits) -> Self {
        let room = storage.len().min(limits.fields);
        let storage = &mut storage[..room];
        Self { storage, count: 0, limits, at: 0, searched: 0, skipped: false, started: false, done: false }
    }

    /// Whether the line under way may have come to its end; if it is known that it has not, nothing needs to look at it.
    #[inline]
    fn has_line(&mut self, buffer: &[u8]) -> bool {
        if self.done {
            return false;
        }
        if self.searched == self.at {
            return true;
        }
        let window = &buffer[..buffer.len().min(self.limits.head)];
        let found = window.get(self.searched..).and_then(scan::line_feed);
        self.searched = found.map_or(window.len().max(self.searched), |found| self.searched + found);
        found.is_some()
    }

    /// The next complete line, or none if its end has not arrived.
    fn next(&mut self, buffer: &[u8]) -> Result<Option<Line>, Error> {
        if self.done {
            return Ok(None);
        }
        let (line_limit, limit) = if self.started {
            (self.limits.field_line, Limit::FieldLine)
        } else {
            (self.limits.start_line, Limit::StartLine)
        };
        let line_max = self.at.saturating_add(line_limit);
        let (max, limit) =
            if self.limits.head < line_max { (self.limits.head, Limit::Head) } else { (line_max, limit) };
        let max = max.min(u32::MAX as usize);
        let window = &buffer[..buffer.len().min(max)];
        let Some(found) = window.get(self.searched..).and_then(scan::line_feed) else {
            self.searched = window.len().max(self.searched);
            return if buffer.len() > max { Err(Error::limit(limit, max)) } else { Ok(None) };
        };
        let line_feed = self.searched + found;
        let start = self.at;
        let end = if line_feed > start && buffer[line_feed - 1] == b'\r' { line_feed - 1 } else { line_feed };
        self.at = line_feed + 1;
        self.searched = self.at;
        self.started |= end > start;
        Ok(Some(Line { start, end, line_feed }))
    }

    /// Takes a line after the start-line; true when it was the empty one that ends the head.
    fn field(&mut self, line: Line, buffer: &[u8]) -> Result<bool, Error> {
        if line.start == line.end {
            line.check_end()?;
            self.done = true;
            return Ok(true);
        }
        let span = fields::parse(line.of(buffer), line.start, self.count == 0)?;
        line.check_end()?;
        let Some(place) = self.storage.get_mut(self.count) else {
            return Err(Error::limit(Limit::FieldCount, line.start));
        };
        *place = span;
        self.count += 1;
        Ok(false)
    }
}
