//! `request-line = method SP request-target SP HTTP-version` (RFC 9112 section 3).

use crate::bytes::{is_line_whitespace, is_tchar};
use crate::error::{Error, First};
use crate::head::StartLine;
use crate::rule::{message, request_line};
use crate::scan::{Lanes, View};
use crate::span::Span;
use crate::target::{self, TargetForm};
use crate::version::{self, Version};

/// The parts of a request-line, as spans of the buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RequestLine {
    pub(crate) method: Span,
    pub(crate) target: Span,
    pub(crate) form: TargetForm,
    pub(crate) version: Version,
}

impl StartLine for RequestLine {
    const SKIPS_EMPTY_LINE: bool = true;

    fn parse(line: &[u8], at: usize) -> Result<Self, Error> {
        strict(line, at).ok_or_else(|| explain(line, at))
    }

    #[inline(always)]
    fn skim<L: Lanes>(lanes: L, view: View<'_>, start: usize, line: &[u8]) -> Option<Self> {
        /// Octets of `A / HTTP/1.1` with its CRLF. A shorter line is wrong.
        const SHORTEST: usize = 14;
        /// Octets from the end of the target on.
        const BEHIND_TARGET: usize = 11;
        let len = line.len();
        if len < SHORTEST {
            return None;
        }
        let method_end = lanes.token_len(view, start);
        // The usual form: an absolute path with any method but CONNECT.
        if method_end > 0
            && method_end + 2 + BEHIND_TARGET <= len
            && line[method_end..method_end + 2] == *b" /"
            && line[len - BEHIND_TARGET] == b' '
            && let Some(version) = line[len - 10..].first_chunk().and_then(version::of_word)
            && line[len - 2..] == *b"\r\n"
            && !(method_end == 7 && is_connect(line))
        {
            let target = start + method_end + 1..start + len - BEHIND_TARGET;
            let is_fine = target.len() == 1 || lanes.is_path_and_query(view, target.clone());
            return is_fine.then(|| Self {
                method: Span::of_short(start, start + method_end),
                target: Span::of_short(target.start, target.end),
                form: TargetForm::Origin,
                version,
            });
        }
        let Self { method, target, form, version } = unusual(line, start)?;
        // Put together anew: otherwise both ways meet in memory, and the fast one waits for it.
        let copy = |span: Span| Span { start: span.start, end: span.end };
        Some(Self { method: copy(method), target: copy(target), form, version })
    }
}

#[inline(never)]
fn is_connect(line: &[u8]) -> bool {
    line.starts_with(b"CONNECT ")
}

#[cold]
#[inline(never)]
fn unusual(line: &[u8], at: usize) -> Option<RequestLine> {
    strict(line.strip_suffix(b"\r\n")?, at)
}

fn strict(line: &[u8], at: usize) -> Option<RequestLine> {
    let method_end = line.iter().position(|&b| !is_tchar(b))?;
    if method_end == 0 || line[method_end] != b' ' {
        return None;
    }
    let target_start = method_end + 1;
    let target_end = target_start + line[target_start..].iter().position(|&b| is_line_whitespace(b))?;
    if target_end == target_start || line[target_end] != b' ' {
        return None;
    }
    let form = target::parse(&line[target_start..target_end], &line[..method_end], at + target_start).ok()?;
    let version = version::parse(&line[target_end + 1..], at + target_end + 1).ok()?;
    Some(RequestLine {
        method: Span::new(at..at + method_end),
        target: Span::new(at + target_start..at + target_end),
        form,
        version,
    })
}

/// The first fault of a line that is known to have one.
#[cold]
fn explain(line: &[u8], at: usize) -> Error {
    let mut first = First::default();
    let words = Words::of(line);
    if words.leading > 0 {
        first.offer(&request_line::REQUEST_LINE_WHITESPACE, at);
    }
    if words.end < line.len() {
        first.offer(&request_line::REQUEST_LINE_WHITESPACE, at + words.end);
    }
    let method = &line[words.method.range()];
    match method.iter().position(|&b| !is_tchar(b)) {
        None if method.is_empty() => first.offer(&request_line::METHOD_INVALID, at + words.leading),
        None => {}
        Some(bad) => match method.iter().position(|&b| b == b'\r') {
            Some(cr) => first.offer(&message::BARE_CR, at + words.leading + cr),
            None => first.offer(&request_line::METHOD_INVALID, at + words.leading + bad),
        },
    }
    // At one offset a separator comes before what it separates: an empty host may end where the whitespace begins.
    if let (Some(target), Some(version)) = (words.target, words.version) {
        separator(line, target.end as usize..version.start as usize, at, &mut first);
    }
    match words.target {
        None => first.offer(&request_line::REQUEST_TARGET_FORM, at + line.len()),
        Some(target) => {
            separator(line, words.method.end as usize..target.start as usize, at, &mut first);
            first.offer_error(target_fault(&line[target.range()], method, at + target.start as usize));
        }
    }
    match (words.target, words.version) {
        (Some(_), Some(version)) => {
            let word = &line[version.range()];
            first.offer_error(version::parse(word, at + version.start as usize).err());
        }
        _ => first.offer(&request_line::VERSION_MISSING, at + line.len()),
    }
    first.found().unwrap_or(Error::rule(&request_line::REQUEST_LINE_WHITESPACE, at))
}

/// A target in one word is held against the grammar; in one of several words the whitespace is the fault.
fn target_fault(target: &[u8], method: &[u8], at: usize) -> Option<Error> {
    match target.iter().position(|&b| is_line_whitespace(b)) {
        None => target::parse(target, method, at).err(),
        Some(blank) => {
            let mut first = First::default();
            first.offer(&request_line::REQUEST_TARGET_WHITESPACE, at + blank);
            if let Some(cr) = target.iter().position(|&b| b == b'\r') {
                first.offer(&message::BARE_CR, at + cr);
            }
            first.found()
        }
    }
}

/// Offers the first octet of `gap` that is not the one SP which belongs there.
fn separator(line: &[u8], gap: core::ops::Range<usize>, at: usize, first: &mut First) {
    let superfluous = usize::from(line[gap.start] == b' ');
    if superfluous < gap.len() {
        first.offer(&request_line::REQUEST_LINE_WHITESPACE, at + gap.start + superfluous);
    }
}

/// The words of a line between runs of whitespace: the first is the method, the last of three or more is the version,
/// and what lies between is the target.
struct Words {
    leading: usize,
    method: Span,
    target: Option<Span>,
    version: Option<Span>,
    /// Where the last word ends.
    end: usize,
}

impl Words {
    fn of(line: &[u8]) -> Self {
        let word_end =
            |from: usize| line[from..].iter().position(|&b| is_line_whitespace(b)).map_or(line.len(), |n| from + n);
        let blank_end =
            |from: usize| line[from..].iter().position(|&b| !is_line_whitespace(b)).map_or(line.len(), |n| from + n);
        let leading = blank_end(0);
        let method = leading..word_end(leading);
        let mut words =
            Self { leading, method: Span::new(method.clone()), target: None, version: None, end: method.end };
        let mut start = blank_end(method.end);
        while start < line.len() {
            let end = word_end(start);
            match (words.target, words.version) {
                (None, _) => words.target = Some(Span::new(start..end)),
                (Some(_), None) => words.version = Some(Span::new(start..end)),
                (Some(target), Some(version)) => {
                    words.target = Some(Span { start: target.start, end: version.end });
                    words.version = Some(Span::new(start..end));
                }
            }
            words.end = end;
            start = blank_end(end);
        }
        words
    }
}
