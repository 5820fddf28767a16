//! A head line by line, from LF to LF: where faults and exceeded limits are found.

use crate::error::{Error, Limit};
use crate::fields::{self, FieldSpan};
use crate::limits::Limits;
use crate::rule::message::BARE_LF;
use crate::scan;

/// The lines of a head: where the next one starts, and the field lines read so far.
#[derive(Debug)]
pub(super) struct Lines<'s> {
    /// No longer than the limit of field lines allows.
    pub(super) storage: &'s mut [FieldSpan],
    pub(super) count: usize,
    pub(super) limits: Limits,
    /// Where the line under way starts; after the end, the length of the head.
    pub(super) at: usize,
    /// How far the line under way has been searched for its end.
    pub(super) searched: usize,
    pub(super) skipped: bool,
    /// Whether the start-line has been read, and so field lines follow.
    pub(super) started: bool,
    pub(super) done: bool,
}

/// A complete line of the buffer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    pub(super) start: usize,
    /// End of the content, before the line end.
    pub(super) end: usize,
    /// Offset of the LF.
    line_feed: usize,
}

impl Line {
    pub(super) fn of(self, buffer: &[u8]) -> &[u8] {
        &buffer[self.start..self.end]
    }

    /// The line end is CRLF (RFC 9112 section 2.2).
    pub(super) fn check_end(self) -> Result<(), Error> {
        if self.end == self.line_feed { Err(Error::rule(&BARE_LF, self.line_feed)) } else { Ok(()) }
    }
}

impl<'s> Lines<'s> {
    #[inline]
    pub(super) fn new(storage: &'s mut [FieldSpan], limits: Limits) -> Self {
        let room = storage.len().min(limits.fields);
        let storage = &mut storage[..room];
        Self { storage, count: 0, limits, at: 0, searched: 0, skipped: false, started: false, done: false }
    }

    /// Looks for the end of the line under way in what has not been searched yet, and leaves `searched` there; false if it
    /// has not arrived.
    pub(super) fn find_end(&mut self, buffer: &[u8]) -> Result<bool, Error> {
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
        if let Some(found) = window.get(self.searched..).and_then(scan::line_feed) {
            self.searched += found;
            return Ok(true);
        }
        self.searched = window.len().max(self.searched);
        if buffer.len() > max { Err(Error::limit(limit, max)) } else { Ok(false) }
    }

    /// The next complete line, or none if its end has not arrived.
    pub(super) fn next(&mut self, buffer: &[u8]) -> Result<Option<Line>, Error> {
        if self.done || !self.find_end(buffer)? {
            return Ok(None);
        }
        let line_feed = self.searched;
        let start = self.at;
        let end = if line_feed > start && buffer[line_feed - 1] == b'\r' { line_feed - 1 } else { line_feed };
        self.at = line_feed + 1;
        self.searched = self.at;
        self.started |= end > start;
        Ok(Some(Line { start, end, line_feed }))
    }

    /// Takes a line after the start-line; true when it was the empty one that ends the head.
    pub(super) fn field(&mut self, line: Line, buffer: &[u8]) -> Result<bool, Error> {
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
