//! Requests and responses that borrow their head from the buffer, and the parsers that they come from.

use crate::error::Error;
use crate::fields::{FieldSpan, Fields};
use crate::head::{self, Head, HeadParser, Message, Parsed, Progress};
use crate::limits::Limits;
use crate::request_line::RequestLine;
use crate::scan::Instructions;
use crate::status_line::StatusLine;
use crate::target::TargetForm;
use crate::version::Version;

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
pub struct RequestParser<'s>(HeadParser<'s, RequestLine>);

impl<'s> RequestParser<'s> {
    /// A parser with the default limits that keeps at most `storage.len()` field lines.
    #[must_use]
    #[inline]
    pub fn new(storage: &'s mut [FieldSpan]) -> Self {
        Self::with_limits(storage, Limits::DEFAULT)
    }

    /// A parser with limits of its own.
    #[must_use]
    #[inline]
    pub fn with_limits(storage: &'s mut [FieldSpan], limits: Limits) -> Self {
        Self(HeadParser::new(storage, limits, Instructions::best()))
    }

    /// The same parser with other instructions than the best, for tests and measurements.
    #[must_use]
    #[inline]
    pub fn with_instructions(mut self, instructions: Instructions) -> Self {
        self.0.instructions = instructions;
        self
    }

    /// Goes on where it stopped. `buffer` holds everything since the start of the head: the octets of the last call and
    /// any that came after them.
    ///
    /// # Errors
    /// The first rule that a complete line breaks, or the first limit that is exceeded, with the octet's offset
    /// (RFC 9112 sections 2 to 5). After an error the parser is of no further use.
    #[inline]
    pub fn advance(&mut self, buffer: &[u8]) -> Result<Progress, Error> {
        self.0.advance(buffer)
    }

    /// The request, once the head is complete; `buffer` is the one that was last handed to [`advance`](Self::advance).
    /// There is none in a buffer that is shorter than the head.
    #[must_use]
    #[inline]
    pub fn head<'b>(&self, buffer: &'b [u8]) -> Option<Request<'b, '_>> {
        let head = self.0.head().filter(|head| head.len <= buffer.len())?;
        Some(Request::new(head, buffer))
    }
}

/// Reads one response head from a buffer that grows; see [`RequestParser`].
#[derive(Debug)]
pub struct ResponseParser<'s>(HeadParser<'s, StatusLine>);

impl<'s> ResponseParser<'s> {
    /// A parser with the default limits that keeps at most `storage.len()` field lines.
    #[must_use]
    #[inline]
    pub fn new(storage: &'s mut [FieldSpan]) -> Self {
        Self::with_limits(storage, Limits::DEFAULT)
    }

    /// A parser with limits of its own.
    #[must_use]
    #[inline]
    pub fn with_limits(storage: &'s mut [FieldSpan], limits: Limits) -> Self {
        Self(HeadParser::new(storage, limits, Instructions::best()))
    }

    /// The same parser with other instructions than the best, for tests and measurements.
    #[must_use]
    #[inline]
    pub fn with_instructions(mut self, instructions: Instructions) -> Self {
        self.0.instructions = instructions;
        self
    }

    /// Goes on where it stopped; see [`RequestParser::advance`].
    ///
    /// # Errors
    /// The first rule that a complete line breaks, or the first limit that is exceeded, with the octet's offset.
    #[inline]
    pub fn advance(&mut self, buffer: &[u8]) -> Result<Progress, Error> {
        self.0.advance(buffer)
    }

    /// The response, once the head is complete; see [`RequestParser::head`].
    #[must_use]
    #[inline]
    pub fn head<'b>(&self, buffer: &'b [u8]) -> Option<Response<'b, '_>> {
        let head = self.0.head().filter(|head| head.len <= buffer.len())?;
        Some(Response::new(head, buffer))
    }
}

/// A request head; everything borrows the buffer.
#[derive(Debug, Clone, Copy)]
pub struct Request<'b, 's> {
    head: &'b [u8],
    line: RequestLine,
    spans: &'s [FieldSpan],
}

impl<'b, 's> Message<'b, 's> for Request<'b, 's> {
    type StartLine = RequestLine;

    #[inline(always)]
    fn new(head: Head<'s, RequestLine>, buffer: &'b [u8]) -> Self {
        Self { head: &buffer[..head.len], line: head.start_line, spans: head.fields }
    }
}

impl<'b, 's> Request<'b, 's> {
    /// Parses the head at the start of `buffer` with the default limits, in one call.
    ///
    /// # Errors
    /// As [`RequestParser::advance`].
    #[inline]
    pub fn parse_head(buffer: &'b [u8], storage: &'s mut [FieldSpan]) -> Result<Parsed<Self>, Error> {
        head::read(buffer, storage)
    }

    /// As [`parse_head`](Self::parse_head), with limits of its own and those instructions, of which
    /// [`Instructions::best`] is the usual choice.
    ///
    /// # Errors
    /// As [`RequestParser::advance`].
    pub fn parse_head_with(
        buffer: &'b [u8],
        storage: &'s mut [FieldSpan],
        limits: &Limits,
        instructions: Instructions,
    ) -> Result<Parsed<Self>, Error> {
        head::read_with(buffer, storage, limits, instructions)
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

impl<'b, 's> Message<'b, 's> for Response<'b, 's> {
    type StartLine = StatusLine;

    #[inline(always)]
    fn new(head: Head<'s, StatusLine>, buffer: &'b [u8]) -> Self {
        Self { head: &buffer[..head.len], line: head.start_line, spans: head.fields }
    }
}

impl<'b, 's> Response<'b, 's> {
    /// Parses the head at the start of `buffer` with the default limits, in one call.
    ///
    /// # Errors
    /// As [`ResponseParser::advance`].
    #[inline]
    pub fn parse_head(buffer: &'b [u8], storage: &'s mut [FieldSpan]) -> Result<Parsed<Self>, Error> {
        head::read(buffer, storage)
    }

    /// As [`parse_head`](Self::parse_head), with limits of its own and those instructions, of which
    /// [`Instructions::best`] is the usual choice.
    ///
    /// # Errors
    /// As [`ResponseParser::advance`].
    pub fn parse_head_with(
        buffer: &'b [u8],
        storage: &'s mut [FieldSpan],
        limits: &Limits,
        instructions: Instructions,
    ) -> Result<Parsed<Self>, Error> {
        head::read_with(buffer, storage, limits, instructions)
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
