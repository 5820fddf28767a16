//! The machine for chunk-size lines and for the CRLF after the data: octet by octet.
//!
//! It takes every line that is right, names the octet that breaks a rule, and can stop and go on after any octet. Plain
//! lines come here in pieces and near the end of an input; `fast` takes the others.

use super::{ChunkedDecoder, ChunkedEvent, State};
use crate::bytes::{is_ows, is_tchar, is_text};
use crate::error::{Error, Limit};
use crate::rule::chunked as rules;
use crate::rule::message::BARE_CR;

/// What an octet comes to.
enum Step {
    /// The octet is taken.
    Next,
    /// The octet ends a chunk-size line.
    Chunk,
    /// The octet cannot be judged before the next one is there.
    Wait,
}

impl ChunkedDecoder {
    /// Takes what there is of a chunk-size line, and of the CRLF before it.
    pub(super) fn octets<'b>(&mut self, input: &'b [u8]) -> Result<(ChunkedEvent<'b>, usize), Error> {
        let mut used = 0;
        let event = loop {
            let Some(&octet) = input.get(used) else { break ChunkedEvent::NeedMore };
            match self.octet(octet, self.position + used, input.get(used + 1).copied())? {
                Step::Next => used += 1,
                Step::Chunk => {
                    used += 1;
                    break self.chunk(self.position + used);
                }
                Step::Wait => break ChunkedEvent::NeedMore,
            }
        };
        self.position += used;
        Ok((event, used))
    }

    /// Takes one octet of a chunk-size line or of the CRLF after the data.
    fn octet(&mut self, octet: u8, at: usize, next: Option<u8>) -> Result<Step, Error> {
        let fault = |rule| Err(Error::rule(rule, at));
        if self.state == State::SizeStart {
            self.line = at;
        }
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
            (State::DataLf, b'\n') => State::SizeStart,
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
        self.state = if size == 0 { State::Trailers } else { State::Data(size) };
        self.trailers_from = end;
        ChunkedEvent::Chunk { size, extensions }
    }
}
