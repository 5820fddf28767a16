//! Decoding the chunked transfer coding as its octets arrive (RFC 9112 section 7.1).
//!
//! The decoder copies nothing: it hands out slices of what it is given and says how much of it is used up. It keeps no
//! octets either, so the unused ones have to be handed over again in front of the next ones; that only happens to an
//! incomplete trailer line. Plain chunk-size lines that are whole are taken at one go; all others are read octet by
//! octet, and an error in one is reported at its octet.

use crate::error::{Error, Limit};
use crate::fields::{self, Field, FieldSpan};
use crate::limits::Limits;
use crate::rule::message::BARE_LF;
use crate::scan;

mod fast;
mod octets;

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
///     let (event, used) = decoder.decode_content(input)?;
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
    /// Where the chunk-size line under way starts, once an octet of it is taken.
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
    /// octets after those. Every chunk is told; [`decode_content`](Self::decode_content) takes fewer calls for those who do
    /// not need that.
    ///
    /// ```
    /// use startline_parser::{ChunkedDecoder, ChunkedEvent};
    ///
    /// let input = b"5;x=y\r\nhel";
    /// let mut decoder = ChunkedDecoder::new();
    /// assert_eq!(decoder.decode(input)?, (ChunkedEvent::Chunk { size: 5, extensions: 4 }, 7));
    /// assert_eq!(decoder.decode(&input[7..])?, (ChunkedEvent::Data(b"hel"), 3));
    /// # Ok::<(), startline_parser::Error>(())
    /// ```
    ///
    /// # Errors
    /// The first rule that is broken or limit that is exceeded; the offset counts from the start of the body. After an
    /// error the decoder is of no further use.
    #[inline]
    pub fn decode<'b>(&mut self, input: &'b [u8]) -> Result<(ChunkedEvent<'b>, usize), Error> {
        let crlf = match self.state {
            State::Data(left) => return Ok(self.data(left, input)),
            State::SizeStart => Some(0),
            State::DataCr if input.starts_with(b"\r\n") => Some(2),
            _ => None,
        };
        if let Some(crlf) = crlf
            && let Some((size, line)) = fast::line(&input[crlf..], self.limits.chunk_line)
        {
            self.state = State::Data(size);
            self.position += crlf + line;
            return Ok((ChunkedEvent::Chunk { size, extensions: 0 }, crlf + line));
        }
        self.step(input)
    }

    /// As [`decode`](Self::decode), but tells content, trailers and the end alone: chunk-size lines are passed over.
    ///
    /// It never answers with [`ChunkedEvent::Chunk`]. A chunk that is whole in `input` takes one call, which uses up
    /// the line before its data and the CRLF after them. The two methods hold a body against the same rules and limits.
    ///
    /// ```
    /// use startline_parser::{ChunkedDecoder, ChunkedEvent};
    ///
    /// let input = b"5\r\nhello\r\n6;x=y\r\n wor";
    /// let mut decoder = ChunkedDecoder::new();
    /// assert_eq!(decoder.decode_content(input)?, (ChunkedEvent::Data(b"hello"), 10));
    /// assert_eq!(decoder.decode_content(&input[10..])?, (ChunkedEvent::Data(b" wor"), 11));
    /// assert_eq!(decoder.decode_content(b"ld\r\n")?, (ChunkedEvent::Data(b"ld"), 4));
    /// let error = decoder.decode_content(b"oops").unwrap_err();
    /// assert_eq!((error.broken_rule().unwrap().id, error.offset), ("chunk-size-invalid", 25));
    /// # Ok::<(), startline_parser::Error>(())
    /// ```
    ///
    /// # Errors
    /// As for [`decode`](Self::decode). Content before the fault is handed out first.
    #[inline]
    pub fn decode_content<'b>(&mut self, input: &'b [u8]) -> Result<(ChunkedEvent<'b>, usize), Error> {
        if self.state == State::SizeStart
            && let Some((data, used)) = fast::chunk(input, self.limits.chunk_line)
        {
            self.position += used;
            return Ok((ChunkedEvent::Data(data), used));
        }
        // In the midst of a chunk that goes on behind `input`, there is no line to be passed over.
        if let State::Data(left) = self.state
            && input.len() as u64 <= left
        {
            return Ok(self.data(left, input));
        }
        self.content_in_steps(input)
    }

    /// What [`decode_content`](Self::decode_content) does with anything but a whole and plain chunk.
    #[cold]
    #[inline(never)]
    fn content_in_steps<'b>(&mut self, input: &'b [u8]) -> Result<(ChunkedEvent<'b>, usize), Error> {
        let mut used = 0;
        loop {
            let (event, octets) = self.decode(&input[used..])?;
            let passed = used;
            used += octets;
            match event {
                ChunkedEvent::Chunk { .. } => {}
                ChunkedEvent::Data(_) => {
                    // The next call is to find the start of a chunk.
                    if self.state == State::DataCr && input[used..].starts_with(b"\r\n") {
                        self.state = State::SizeStart;
                        self.position += 2;
                        used += 2;
                    }
                    return Ok((event, used));
                }
                ChunkedEvent::Trailer(field) => return Ok((ChunkedEvent::Trailer(field.shifted(passed)), used)),
                ChunkedEvent::NeedMore | ChunkedEvent::End => return Ok((event, used)),
            }
        }
    }

    /// What there is of the data, of which `left` octets are to come.
    #[inline]
    fn data<'b>(&mut self, left: u64, input: &'b [u8]) -> (ChunkedEvent<'b>, usize) {
        let take = usize::try_from(left).unwrap_or(usize::MAX).min(input.len());
        if take == 0 {
            return (ChunkedEvent::NeedMore, 0);
        }
        let left = left - take as u64;
        self.state = if left == 0 { State::DataCr } else { State::Data(left) };
        self.position += take;
        (ChunkedEvent::Data(&input[..take]), take)
    }

    /// What [`decode`](Self::decode) does with anything but data and plain chunk-size lines.
    #[cold]
    #[inline(never)]
    fn step<'b>(&mut self, input: &'b [u8]) -> Result<(ChunkedEvent<'b>, usize), Error> {
        match self.state {
            State::Trailers => self.trailer(input),
            State::End => Ok((ChunkedEvent::End, 0)),
            _ => self.octets(input),
        }
    }

    /// Takes one line of the trailer section, whose start `input` begins with.
    fn trailer<'b>(&mut self, input: &'b [u8]) -> Result<(ChunkedEvent<'b>, usize), Error> {
        let start = self.position;
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
            self.position += line_feed + 1;
            return Ok((ChunkedEvent::End, line_feed + 1));
        }
        let span: FieldSpan = fields::parse(&input[..end], 0, !self.trailers).map_err(|error| error.shifted(start))?;
        bare?;
        self.trailers = true;
        self.position += line_feed + 1;
        let field = Field { name: span.name.of(input), value: span.value.of(input), span };
        Ok((ChunkedEvent::Trailer(field), line_feed + 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::chunked::CHUNK_DATA_UNTERMINATED;

    /// Wherever the first chunk is cut, the decoder is at the start of a chunk again after the second.
    #[test]
    fn whole_chunks_take_one_call_each_after_any_cut() {
        let input = b"5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n";
        let last_chunk = input.len() - 5;
        for cut in 0..10 {
            let mut decoder = ChunkedDecoder::new();
            while decoder.decode_content(&input[decoder.position()..cut]).unwrap().0 != ChunkedEvent::NeedMore {}
            let mut calls = 0;
            while decoder.position() < last_chunk {
                assert!(matches!(decoder.decode_content(&input[decoder.position()..]), Ok((ChunkedEvent::Data(_), _))));
                calls += 1;
            }
            assert!(calls <= 2, "cut at {cut}");
            assert_eq!((decoder.state, decoder.position()), (State::SizeStart, last_chunk), "cut at {cut}");
        }
    }
    type Call = for<'b> fn(&mut ChunkedDecoder, &'b [u8]) -> Result<(ChunkedEvent<'b>, usize), Error>;

    /// What stands in the place of the CRLF after the data is looked at, although a plain line follows.
    #[test]
    fn data_end_with_crlf_alone() {
        for (end, fault) in [(b"\rx", 5), (b"x\n", 4), (b"\n\r", 4), (b"\r\r", 5), (b"\n\n", 4)] {
            let input = [b"1\r\na", &end[..], b"1\r\nb\r\n0\r\n\r\n"].concat();
            let calls: [Call; 2] = [ChunkedDecoder::decode, ChunkedDecoder::decode_content];
            for call in calls {
                let (mut decoder, mut used) = (ChunkedDecoder::new(), 0);
                let error = loop {
                    match call(&mut decoder, &input[used..]) {
                        Ok((ChunkedEvent::NeedMore | ChunkedEvent::End, _)) => panic!("{end:?} is no fault"),
                        Ok((_, octets)) => used += octets,
                        Err(error) => break error,
                    }
                };
                assert_eq!(error, Error::rule(&CHUNK_DATA_UNTERMINATED, fault), "{end:?}");
            }
        }
    }
}
