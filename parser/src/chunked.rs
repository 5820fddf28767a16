//! Decoding the chunked transfer coding as its octets arrive (RFC 9112 section 7.1).
//!
//! The decoder copies nothing: it hands out slices of what it is given and says how much of it is used up. It keeps no
//! octets either, so the unused ones have to be handed over again in front of the next ones; that only happens to an
//! incomplete trailer line. Lines of chunk-sizes are read octet by octet, and an error in one is reported at its octet.

use crate::bytes::{is_ows, is_tchar, is_text};
use crate::error::{Error, Limit};
use crate::fields::{self, Field, FieldSpan};
use crate::limits::Limits;
use crate::rule::chunked as rules;
use crate::rule::message::{BARE_CR, BARE_LF};
use crate::scan;

/// What the decoder has come upon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChunkedEvent<'b> {
    /// All that was handed over is right so far; more octets are needed.
    NeedMore,
    /// The line of a chunk-size is complete; zero announces the end of the data.
    Chunk {
        /// Octets of data to come.
        size: u64,
        /// Octets that the chunk extensions took up.
        extensions: usize,
    },
    /// The next octets of content.
    Data(&'b [u8]),
    /// A field line of the trailer section; its spans count from the start of the octets handed over.
    Trailer(Field<'b>),
    /// The body is complete.
    End,
}

/// An incremental decoder for one chunked message body.
///
/// ```
/// use startline_parser::{ChunkedDecoder, ChunkedEvent};
///
/// let mut input = &b"5;x=\"y\"\r\nhello\r\n0\r\n\r\nGET"[..];
/// let (mut decoder, mut content) = (ChunkedDecoder::new(), Vec::new());
/// loop {
///     let (event, used) = decoder.decode(input)?;
///     input = &input[used..];
///     match event {
///         ChunkedEvent::Data(data) => content.extend_from_slice(data),
///         ChunkedEvent::End => break,
///         ChunkedEvent::NeedMore => unreachable!("the body is whole"),
///         _ => {}
///     }
/// }
/// assert_eq!((&content[..], input), (&b"hello"[..], &b"GET"[..]));
/// # Ok::<(), startline_parser::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct ChunkedDecoder {
    limits: Limits,
    state: State,
    /// Octets used up so far, from the start of the body.
    position: usize,
    /// Where the line under way starts.
    line: usize,
    size: u64,
    /// Where the extensions of the line under way start.
    extensions_from: Option<usize>,
    extensions: usize,
    /// Where the trailer section starts.
    trailers_from: usize,
    trailers: bool,
    searched: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    SizeStart,
    Size,
    SizeBlank,
    ExtensionStart,
    Name,
    NameBlank,
    ValueStart,
    Value,
    Quoted,
    QuotedPair,
    ValueEnd,
    ValueBlank,
    LineFeed,
    Data(u64),
    DataCr,
    DataLf,
    Trailers,
    End,
}

impl Default for ChunkedDecoder {
    fn default() -> Self {
        Self::new()
    }
}

impl ChunkedDecoder {
    /// A decoder with the default limits, at the start of a body.
    #[must_use]
    pub const fn new() -> Self {
        Self::with_limits(Limits::DEFAULT)
    }

    /// A decoder with limits of its own.
    #[must_use]
    pub const fn with_limits(limits: Limits) -> Self {
        Self {
            limits,
            state: State::SizeStart,
            position: 0,
            line: 0,
            size: 0,
            extensions_from: None,
            extensions: 0,
            trailers_from: 0,
            trailers: false,
            searched: 0,
        }
    }

    /// Octets of the body that are used up, all calls together.
    #[must_use]
    pub const fn position(&self) -> usize {
        self.position
    }

    /// Reads on: what comes next in `input`, and how many octets of it are used up with that. The next call takes the
    /// octets after those.
    ///
    /// # Errors
    /// The first rule that is broken or limit that is exceeded; the offset counts from the start of the body. After an
    /// error the decoder is of no further use.
    pub fn decode<'b>(&mut self, input: &'b [u8]) -> Result<(ChunkedEvent<'b>, usize), Error> {
        let mut used = 0;
        let event = loop {
            match self.state {
                State::Data(left) => {
                    let available = (input.len() - used) as u64;
                    let take = usize::try_from(left.min(available)).unwrap_or(usize::MAX);
                    if take == 0 {
                        break ChunkedEvent::NeedMore;
                    }
                    let left = left - take as u64;
                    self.state = if left == 0 { State::DataCr } else { State::Data(left) };
                    used += take;
                    break ChunkedEvent::Data(&input[used - take..used]);
                }
                State::Trailers => {
                    let (event, taken) = self.trailer(&input[used..], used)?;
                    used += taken;
                    break event;
                }
                State::End => break ChunkedEvent::End,
                _ => {
                    let Some(&octet) = input.get(used) else { break ChunkedEvent::NeedMore };
                    let chunk = self.octet(octet, self.position + used, input.get(used + 1).copied())?;
                    match chunk {
                        Step::Next => used += 1,
                        Step::Chunk => {
                            used += 1;
                            break self.chunk(self.position + used);
                        }
                        Step::Wait => break ChunkedEvent::NeedMore,
                    }
                }
            }
        };
        self.position += used;
        Ok((event, used))
    }

    /// Takes one octet of a chunk-size line or of the CRLF after the data.
    fn octet(&mut self, octet: u8, at: usize, next: Option<u8>) -> Result<Step, Error> {
        let fault = |rule| Err(Error::rule(rule, at));
        if !matches!(self.state, State::DataCr | State::DataLf) {
            if at - self.line >= self.limits.chunk_line {
                return Err(Error::limit(Limit::ChunkLine, at));
            }
            if self.state == State::SizeBlank && !matches!(octet, b' ' | b'\t' | b';') {
                // Blanks belong to an extension or to nothing.
                let from = self.extensions_from.unwrap_or(at);
                return Err(Error::rule(&rules::CHUNK_SIZE_INVALID, from));
            }
            if self.state == State::LineFeed {
                // Only the LF of a line that is right so far can come here.
            } else if octet == b'\n' {
                return fault(if self.state == State::SizeStart {
                    &rules::CHUNK_SIZE_INVALID
                } else {
                    &rules::CHUNK_LINE_BARE_LF
                });
            } else if octet == b'\r' {
                // Whether this is a line end or a bare CR hangs on the octet after it.
                match next {
                    None => return Ok(Step::Wait),
                    Some(b'\n') => {}
                    Some(_) => return fault(&BARE_CR),
                }
            } else if let Some(from) = self.extensions_from.or(self.opens_extensions(octet).then_some(at))
                && self.extensions + (at - from) >= self.limits.chunk_extensions
            {
                return Err(Error::limit(Limit::ChunkExtensions, at));
            }
        }
        self.state = match (self.state, octet) {
            (State::SizeStart | State::Size, _) if octet.is_ascii_hexdigit() => {
                self.push_digit(octet)?;
                State::Size
            }
            (State::Size | State::SizeBlank, b';') => {
                self.extensions_from.get_or_insert(at);
                State::ExtensionStart
            }
            (State::Size | State::SizeBlank, b' ' | b'\t') => {
                self.extensions_from.get_or_insert(at);
                State::SizeBlank
            }
            (State::Size | State::Name | State::Value | State::ValueEnd, b'\r') => State::LineFeed,
            (State::SizeStart | State::Size, _) => return fault(&rules::CHUNK_SIZE_INVALID),
            (State::ExtensionStart | State::ValueStart, b' ' | b'\t') => self.state,
            (State::ExtensionStart | State::Name, _) if is_tchar(octet) => State::Name,
            (State::Name | State::NameBlank, b'=') => State::ValueStart,
            (State::Name | State::NameBlank | State::Value | State::ValueEnd | State::ValueBlank, b';') => {
                State::ExtensionStart
            }
            (State::Name | State::NameBlank, _) if is_ows(octet) => State::NameBlank,
            (State::ValueStart, b'"') => State::Quoted,
            (State::ValueStart | State::Value, _) if is_tchar(octet) => State::Value,
            (State::Value | State::ValueEnd | State::ValueBlank, _) if is_ows(octet) => State::ValueBlank,
            (State::Quoted, b'"') => State::ValueEnd,
            (State::Quoted, b'\\') => State::QuotedPair,
            (State::Quoted | State::QuotedPair, _) if is_text(octet) => State::Quoted,
            (State::LineFeed, b'\n') => return Ok(Step::Chunk),
            (State::DataCr, b'\r') => State::DataLf,
            (State::DataLf, b'\n') => {
                self.line = at + 1;
                State::SizeStart
            }
            (State::DataCr | State::DataLf, _) => return fault(&rules::CHUNK_DATA_UNTERMINATED),
            _ => return fault(&rules::CHUNK_EXTENSION_INVALID),
        };
        Ok(Step::Next)
    }

    /// Whether an octet after the digits of the size is the first of the extensions.
    fn opens_extensions(&self, octet: u8) -> bool {
        self.state == State::Size && matches!(octet, b';' | b' ' | b'\t')
    }

    fn push_digit(&mut self, digit: u8) -> Result<(), Error> {
        let value = char::from(digit).to_digit(16).unwrap_or_default();
        if self.size >> 60 != 0 {
            return Err(Error::rule(&rules::CHUNK_SIZE_OVERFLOW, self.line));
        }
        self.size = self.size << 4 | u64::from(value);
        Ok(())
    }

    /// The line that ends at offset `end` is complete.
    fn chunk(&mut self, end: usize) -> ChunkedEvent<'static> {
        let extensions = self.extensions_from.take().map_or(0, |from| end - 2 - from);
        self.extensions += extensions;
        let size = core::mem::take(&mut self.size);
        self.line = end;
        self.state = if size == 0 { State::Trailers } else { State::Data(size) };
        self.trailers_from = end;
        ChunkedEvent::Chunk { size, extensions }
    }

    /// Takes one line of the trailer section from `input`, which starts `skipped` octets after the position.
    fn trailer<'b>(&mut self, input: &'b [u8], skipped: usize) -> Result<(ChunkedEvent<'b>, usize), Error> {
        let start = self.position + skipped;
        let line_max = start.saturating_add(self.limits.field_line);
        let section_max = self.trailers_from.saturating_add(self.limits.trailer_section);
        let (max, limit) =
            if section_max < line_max { (section_max, Limit::TrailerSection) } else { (line_max, Limit::FieldLine) };
        let window = &input[..input.len().min(max - start)];
        let Some(found) = window.get(self.searched..).and_then(scan::line_feed) else {
            self.searched = window.len().max(self.searched);
            return if input.len() > max - start {
                Err(Error::limit(limit, max))
            } else {
                Ok((ChunkedEvent::NeedMore, 0))
            };
        };
        let line_feed = self.searched + found;
        self.searched = 0;
        let end = if line_feed > 0 && input[line_feed - 1] == b'\r' { line_feed - 1 } else { line_feed };
        let bare = if end == line_feed { Err(Error::rule(&BARE_LF, start + line_feed)) } else { Ok(()) };
        if end == 0 {
            bare?;
            self.state = State::End;
            return Ok((ChunkedEvent::End, line_feed + 1));
        }
        let span: FieldSpan = fields::parse(&input[..end], 0, !self.trailers).map_err(|error| error.shifted(start))?;
        bare?;
        self.trailers = true;
        let field = Field { name: span.name.of(input), value: span.value.of(input), span };
        Ok((ChunkedEvent::Trailer(field), line_feed + 1))
    }
}

enum Step {
    /// The octet is taken.
    Next,
    /// The octet ends a chunk-size line.
    Chunk,
    /// The octet cannot be judged before the next one is there.
    Wait,
}
