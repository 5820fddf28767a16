//! Heads: the parser that is fed, and the requests and responses that borrow its input.
//!
//! A head is read line by line. Each complete line is held against the grammar as soon as it is there, so that an error
//! in it is reported although the head is not complete, and no line is read twice when the head arrives in pieces. An
//! incomplete line is never an error, unless it is already longer than a limit allows.

use crate::error::{Error, Limit};
use crate::fields::{self, FieldSpan, Fields};
use crate::limits::Limits;
use crate::request_line::{self, RequestLine};
use crate::rule::message::{BARE_LF, EMPTY_LINES_BEFORE_REQUEST};
use crate::scan;
use crate::status_line::{self, StatusLine};
use crate::target::TargetForm;
use crate::version::Version;

/// How far a head has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a head is there or it is not")]
pub enum Progress {
    /// All complete lines so far are right; more octets are needed.
    Partial,
    /// The head is complete. Its length in octets from the start of the buffer, the empty line included.
    Complete(usize),
}

/// Reads one request head from a buffer that grows.
///
/// ```
/// use startline_parser::{FieldSpan, Progress, RequestParser};
///
/// let mut storage = [FieldSpan::EMPTY; 16];
/// let mut parser = RequestParser::new(&mut storage);
/// let whole = b"GET /where?q=now HTTP/1.1\r\nHost: example.com\r\n\r\n";
/// assert_eq!(parser.advance(&whole[..30])?, Progress::Partial);
/// assert_eq!(parser.advance(whole)?, Progress::Complete(whole.len()));
/// let request = parser.head(whole).unwrap();
/// assert_eq!(request.method(), b"GET");
/// assert_eq!(request.fields().first("host"), Some(&b"example.com"[..]));
/// # Ok::<(), startline_parser::Error>(())
/// ```
#[derive(Debug)]
pub struct RequestParser<'s> {
    lines: Lines<'s>,
    line: Option<RequestLine>,
}

impl<'s> RequestParser<'s> {
    /// A parser with the default limits that keeps at most `storage.len()` field lines.
    #[must_use]
    pub const fn new(storage: &'s mut [FieldSpan]) -> Self {
        Self::with_limits(storage, Limits::DEFAULT)
    }

    /// A parser with limits of its own.
    #[must_use]
    pub const fn with_limits(storage: &'s mut [FieldSpan], limits: Limits) -> Self {
        Self { lines: Lines::new(storage, limits), line: None }
    }

    /// Goes on where it stopped. `buffer` holds everything since the start of the head: the octets of the last call and
    /// any that came after them.
    ///
    /// # Errors
    /// The first rule that a complete line breaks, or the first limit that is exceeded, with the octet's offset
    /// (RFC 9112 sections 2 to 5). After an error the parser is of no further use.
    pub fn advance(&mut self, buffer: &[u8]) -> Result<Progress, Error> {
        while let Some(line) = self.lines.next(buffer)? {
            if self.line.is_none() {
                if line.end == line.start {
                    if self.lines.skipped {
                        return Err(Error::rule(&EMPTY_LINES_BEFORE_REQUEST, line.start));
                    }
                    line.check_end()?;
                    self.lines.skipped = true;
                    continue;
                }
                self.line = Some(request_line::parse(line.of(buffer), line.start)?);
                line.check_end()?;
            } else if self.lines.field(line, buffer)? {
                return Ok(Progress::Complete(self.lines.at));
            }
        }
        Ok(if self.lines.done { Progress::Complete(self.lines.at) } else { Progress::Partial })
    }

    /// The request, once the head is complete; `buffer` is the one that was last handed to [`advance`](Self::advance).
    #[must_use]
    pub fn head<'b>(&self, buffer: &'b [u8]) -> Option<Request<'b, '_>> {
        let line = self.line.filter(|_| self.lines.done)?;
        Some(Request { head: buffer.get(..self.lines.at)?, line, spans: self.lines.fields() })
    }

    /// As [`head`](Self::head), for as long as the storage lives.
    fn into_head<'b>(self, buffer: &'b [u8]) -> Option<Request<'b, 's>> {
        let line = self.line.filter(|_| self.lines.done)?;
        let head = buffer.get(..self.lines.at)?;
        Some(Request { head, line, spans: self.lines.into_fields() })
    }
}

/// Reads one response head from a buffer that grows; see [`RequestParser`].
#[derive(Debug)]
pub struct ResponseParser<'s> {
    lines: Lines<'s>,
    line: Option<StatusLine>,
}

impl<'s> ResponseParser<'s> {
    /// A parser with the default limits that keeps at most `storage.len()` field lines.
    #[must_use]
    pub const fn new(storage: &'s mut [FieldSpan]) -> Self {
        Self::with_limits(storage, Limits::DEFAULT)
    }

    /// A parser with limits of its own.
    #[must_use]
    pub const fn with_limits(storage: &'s mut [FieldSpan], limits: Limits) -> Self {
        Self { lines: Lines::new(storage, limits), line: None }
    }

    /// Goes on where it stopped; see [`RequestParser::advance`].
    ///
    /// # Errors
    /// The first rule that a complete line breaks, or the first limit that is exceeded, with the octet's offset.
    pub fn advance(&mut self, buffer: &[u8]) -> Result<Progress, Error> {
        while let Some(line) = self.lines.next(buffer)? {
            if self.line.is_none() {
                self.line = Some(status_line::parse(line.of(buffer), line.start)?);
                line.check_end()?;
            } else if self.lines.field(line, buffer)? {
                return Ok(Progress::Complete(self.lines.at));
            }
        }
        Ok(if self.lines.done { Progress::Complete(self.lines.at) } else { Progress::Partial })
    }

    /// The response, once the head is complete; see [`RequestParser::head`].
    #[must_use]
    pub fn head<'b>(&self, buffer: &'b [u8]) -> Option<Response<'b, '_>> {
        let line = self.line.filter(|_| self.lines.done)?;
        Some(Response { head: buffer.get(..self.lines.at)?, line, spans: self.lines.fields() })
    }

    fn into_head<'b>(self, buffer: &'b [u8]) -> Option<Response<'b, 's>> {
        let line = self.line.filter(|_| self.lines.done)?;
        let head = buffer.get(..self.lines.at)?;
        Some(Response { head, line, spans: self.lines.into_fields() })
    }
}

/// The lines of a head: where the next one starts, and the field lines read so far.
#[derive(Debug)]
struct Lines<'s> {
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
    const fn new(storage: &'s mut [FieldSpan], limits: Limits) -> Self {
        Self { storage, count: 0, limits, at: 0, searched: 0, skipped: false, started: false, done: false }
    }

    fn fields(&self) -> &[FieldSpan] {
        &self.storage[..self.count]
    }

    fn into_fields(self) -> &'s [FieldSpan] {
        &self.storage[..self.count]
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
        let Some(place) = self.storage.get_mut(self.count).filter(|_| self.count < self.limits.fields) else {
            return Err(Error::limit(Limit::FieldCount, line.start));
        };
        *place = span;
        self.count += 1;
        Ok(false)
    }
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

/// A request head; everything borrows the buffer.
#[derive(Debug, Clone, Copy)]
pub struct Request<'b, 's> {
    head: &'b [u8],
    line: RequestLine,
    spans: &'s [FieldSpan],
}

impl<'b, 's> Request<'b, 's> {
    /// Parses the head at the start of `buffer` with the default limits, in one call.
    ///
    /// # Errors
    /// As [`RequestParser::advance`].
    pub fn parse_head(buffer: &'b [u8], storage: &'s mut [FieldSpan]) -> Result<Parsed<Self>, Error> {
        let mut parser = RequestParser::new(storage);
        parser.advance(buffer)?;
        Ok(parser.into_head(buffer).map_or(Parsed::Partial, Parsed::Complete))
    }

    /// The method as sent; it is case-sensitive (RFC 9110 section 9.1).
    #[must_use]
    pub fn method(&self) -> &'b [u8] {
        self.line.method.of(self.head)
    }

    /// The request-target as sent (RFC 9112 section 3.2).
    #[must_use]
    pub fn target(&self) -> &'b [u8] {
        self.line.target.of(self.head)
    }

    /// Which of its four forms the request-target has.
    #[must_use]
    pub const fn target_form(&self) -> TargetForm {
        self.line.form
    }

    /// The version as sent; 1.2 to 1.9 are to be read as 1.1.
    #[must_use]
    pub const fn version(&self) -> Version {
        self.line.version
    }

    /// The field lines in the order sent.
    #[must_use]
    pub const fn fields(&self) -> Fields<'b, 's> {
        Fields::new(self.head, self.spans)
    }

    /// Number of octets of the head, from the start of the buffer to the end of the empty line; the body starts there.
    #[must_use]
    pub const fn head_len(&self) -> usize {
        self.head.len()
    }

    /// Where the method stands in the buffer.
    #[must_use]
    pub const fn method_span(&self) -> crate::Span {
        self.line.method
    }

    /// Where the request-target stands in the buffer.
    #[must_use]
    pub const fn target_span(&self) -> crate::Span {
        self.line.target
    }
}

/// A response head; everything borrows the buffer.
#[derive(Debug, Clone, Copy)]
pub struct Response<'b, 's> {
    head: &'b [u8],
    line: StatusLine,
    spans: &'s [FieldSpan],
}

impl<'b, 's> Response<'b, 's> {
    /// Parses the head at the start of `buffer` with the default limits, in one call.
    ///
    /// # Errors
    /// As [`ResponseParser::advance`].
    pub fn parse_head(buffer: &'b [u8], storage: &'s mut [FieldSpan]) -> Result<Parsed<Self>, Error> {
        let mut parser = ResponseParser::new(storage);
        parser.advance(buffer)?;
        Ok(parser.into_head(buffer).map_or(Parsed::Partial, Parsed::Complete))
    }

    /// The version as sent.
    #[must_use]
    pub const fn version(&self) -> Version {
        self.line.version
    }

    /// The status-code: three digits, of which the grammar asks no more (RFC 9112 section 4).
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.line.status
    }

    /// The reason-phrase, possibly empty.
    #[must_use]
    pub fn reason(&self) -> &'b [u8] {
        self.line.reason.of(self.head)
    }

    /// The field lines in the order sent.
    #[must_use]
    pub const fn fields(&self) -> Fields<'b, 's> {
        Fields::new(self.head, self.spans)
    }

    /// Number of octets of the head, from the start of the buffer to the end of the empty line; the body starts there.
    #[must_use]
    pub const fn head_len(&self) -> usize {
        self.head.len()
    }
}
