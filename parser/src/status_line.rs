//! `status-line = HTTP-version SP status-code SP [ reason-phrase ]` (RFC 9112 section 4).

use crate::bytes::{is_line_whitespace, is_text};
use crate::error::{Error, First};
use crate::head::StartLine;
use crate::rule::{message, status_line};
use crate::scan::{Lanes, View};
use crate::span::Span;
use crate::version::{self, Version};

/// The parts of a status-line, as spans of the buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct StatusLine {
    pub(crate) version: Version,
    pub(crate) status: u16,
    pub(crate) reason: Span,
}

impl StartLine for StatusLine {
    const SKIPS_EMPTY_LINE: bool = false;

    fn parse(line: &[u8], at: usize) -> Result<Self, Error> {
        let is_text = line.iter().all(|&b| is_text(b));
        of_text(line, at).filter(|_| is_text).ok_or_else(|| explain(line, at))
    }

    #[inline(always)]
    fn skim<L: Lanes>(_: L, _: View<'_>, start: usize, line: &[u8]) -> Option<Self> {
        of_text(line.strip_suffix(b"\r\n")?, start)
    }
}

/// Parses a line without controls other than HTAB.
#[inline(always)]
fn of_text(line: &[u8], at: usize) -> Option<StatusLine> {
    let (word, rest) = line.split_first_chunk::<8>()?;
    let version = version::of_word(word)?;
    let [b' ', a @ b'0'..=b'9', b @ b'0'..=b'9', c @ b'0'..=b'9', b' ', reason @ ..] = rest else { return None };
    let digit = |octet: &u8| u16::from(octet - b'0');
    Some(StatusLine {
        version,
        status: digit(a) * 100 + digit(b) * 10 + digit(c),
        reason: Span::new(at + line.len() - reason.len()..at + line.len()),
    })
}

/// The first fault of a line that is known to have one.
#[cold]
fn explain(line: &[u8], at: usize) -> Error {
    let blank_end =
        |from: usize| line[from..].iter().position(|&b| !is_line_whitespace(b)).map_or(line.len(), |n| from + n);
    let mut first = First::default();
    let leading = blank_end(0);
    if !line[leading..].starts_with(b"HTTP") {
        return Error::rule(&status_line::STATUS_LINE_MISSING, at);
    }
    if leading > 0 {
        first.offer(&status_line::STATUS_LINE_WHITESPACE, at);
    }
    let word_end =
        line[leading..].iter().position(|&b| is_line_whitespace(b)).map_or(line.len(), |found| leading + found);
    first.offer_error(version::parse(&line[leading..word_end], at + leading).err());
    let code = blank_end(word_end);
    let superfluous = usize::from(line.get(word_end) == Some(&b' '));
    if code - word_end > superfluous {
        first.offer(&status_line::STATUS_LINE_WHITESPACE, at + word_end + superfluous);
    }
    let digits = line[code..].iter().take(3).take_while(|b| b.is_ascii_digit()).count();
    let after = code + digits;
    match line.get(after) {
        Some(b'\r') if digits < 3 => first.offer(&message::BARE_CR, at + after),
        _ if digits < 3 => first.offer(&status_line::STATUS_CODE_INVALID, at + after),
        None => first.offer(&status_line::STATUS_LINE_SPACE_MISSING, at + after),
        Some(b' ') => reason(line, after + 1, at, &mut first),
        Some(b'\r') => first.offer(&message::BARE_CR, at + after),
        Some(&octet) if is_line_whitespace(octet) => {
            first.offer(&status_line::STATUS_LINE_WHITESPACE, at + after);
            reason(line, after + 1, at, &mut first);
        }
        Some(_) => first.offer(&status_line::STATUS_CODE_INVALID, at + after),
    }
    first.found().unwrap_or(Error::rule(&status_line::STATUS_LINE_MISSING, at))
}

fn reason(line: &[u8], from: usize, at: usize, first: &mut First) {
    if let Some(bad) = line[from..].iter().position(|&b| !is_text(b)) {
        let rule = if line[from + bad] == b'\r' { &message::BARE_CR } else { &status_line::REASON_PHRASE_INVALID };
        first.offer(rule, at + from + bad);
    }
}
