//! Empty lines before a request, the request-line and the status-line.

use alloc::vec::Vec;
use core::ops::Range;

use super::lines::{Line, Lines};
use super::{Sink, StartLine, abnf, target};
use crate::policy::{EmptyLines, Point, VersionMinor};
use crate::rule::{On, message, request_line, status_line};
use crate::span::Span;
use crate::version::Version;

/// The first line that is not empty; a response has no leave to begin with an empty one.
pub(super) fn skip_empty_lines(lines: &mut Lines<'_>, on: On, sink: &mut Sink<'_>) -> Option<Line> {
    let mut skipped = 0;
    loop {
        let line = lines.next()?;
        if on == On::Response || !line.text.is_empty() {
            return Some(line);
        }
        match skipped {
            0 => {
                let refused = sink.policy.empty_lines == EmptyLines::None;
                sink.feature(&message::EMPTY_LINE_BEFORE_REQUEST, line.start..line.next, Point::EmptyLines, refused);
            }
            1 => {
                sink.fault(&message::EMPTY_LINES_BEFORE_REQUEST, line.start..line.next, Point::EmptyLines);
                if sink.policy.empty_lines == EmptyLines::None
                    && let Some(fault) = sink.faults.last_mut()
                {
                    fault.refused = true;
                }
            }
            _ => {}
        }
        line.check_end(sink);
        skipped += 1;
    }
}

/// Whitespace by which RFC 9112 section 3 lets a recipient split a start-line, a bare CR apart.
fn is_blank(octet: u8) -> bool {
    octet == b' ' || octet == b'\t' || octet == 0x0B || octet == 0x0C
}

/// The words of a line, as ranges of its text.
fn words(text: &[u8]) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, &octet) in text.iter().enumerate() {
        match (is_blank(octet), start) {
            (false, None) => start = Some(at),
            (true, Some(from)) => {
                words.push(from..at);
                start = None;
            }
            _ => {}
        }
    }
    words.extend(start.map(|from| from..text.len()));
    words
}

/// `request-line = method SP request-target SP HTTP-version`.
pub(super) fn request(line: &Line, sink: &mut Sink<'_>) -> StartLine {
    let text = &line.text[..];
    let at = line.start;
    let end = text.len();
    line.check_cr(sink);
    let words = words(text);
    let blank = |sink: &mut Sink<'_>, offset: usize| {
        sink.fault(&request_line::REQUEST_LINE_WHITESPACE, at + offset..at + offset + 1, Point::LineWhitespace);
    };
    let leading = words.first().map_or(end, |word| word.start);
    if leading > 0 {
        blank(sink, 0);
    }
    if let Some(last) = words.last()
        && last.end < end
    {
        blank(sink, last.end);
    }
    let method = words.first().cloned().unwrap_or(end..end);
    let name = &text[method.clone()];
    if !has_cr(name) {
        let good = abnf::token(name).unwrap_or(0);
        if good < name.len() || name.is_empty() {
            let bad = at + method.start + good;
            sink.fault(&request_line::METHOD_INVALID, bad..bad + usize::from(good < name.len()), Point::MethodOctets);
        }
    }
    let separator = |sink: &mut Sink<'_>, gap: Range<usize>| {
        let wrong = if text[gap.start] == b' ' { gap.start + 1 } else { gap.start };
        if gap.contains(&wrong) {
            blank(sink, wrong);
        }
    };
    let (target, version) = match &words[..] {
        [] | [_] => {
            sink.fault(&request_line::REQUEST_TARGET_FORM, at + end..at + end, Point::TargetFormPoint);
            (end..end, None)
        }
        [_, target] => {
            separator(sink, method.end..target.start);
            (target.clone(), None)
        }
        [_, first, .., last] => {
            let before = &words[words.len() - 2];
            separator(sink, method.end..first.start);
            separator(sink, before.end..last.start);
            for pair in words[1..words.len() - 1].windows(2) {
                let gap = at + pair[0].end..at + pair[1].start;
                sink.fault(&request_line::REQUEST_TARGET_WHITESPACE, gap, Point::TargetWhitespace);
            }
            (first.start..before.end, Some(last.clone()))
        }
    };
    let form = if words.len() < 2 { None } else { target::read(&text[target.clone()], name, at + target.start, sink) };
    let version = match version {
        Some(word) => read_version(&text[word.clone()], at + word.start, sink),
        None => {
            sink.fault(&request_line::VERSION_MISSING, at + end..at + end, Point::VersionMissing);
            None
        }
    };
    let span = |range: Range<usize>| Span::new(at + range.start..at + range.end);
    StartLine::Request { method: span(method), target: span(target), form, version }
}

/// `status-line = HTTP-version SP status-code SP [ reason-phrase ]`.
pub(super) fn response(line: &Line, sink: &mut Sink<'_>) -> StartLine {
    let text = &line.text[..];
    let at = line.start;
    let no_point = Point::VersionText;
    let leading = text.iter().take_while(|&&octet| is_blank(octet)).count();
    if !text[leading..].starts_with(b"HTTP") {
        sink.fault(&status_line::STATUS_LINE_MISSING, at..line.end, no_point);
        return StartLine::Response { version: None, status: 0, reason: Span::new(line.end..line.end) };
    }
    line.check_cr(sink);
    let blank = |sink: &mut Sink<'_>, offset: usize| {
        sink.fault(&status_line::STATUS_LINE_WHITESPACE, at + offset..at + offset + 1, Point::LineWhitespace);
    };
    if leading > 0 {
        blank(sink, 0);
    }
    let word_end = leading + text[leading..].iter().take_while(|&&octet| !is_blank(octet)).count();
    let version = read_version(&text[leading..word_end], at + leading, sink);
    let code_at = word_end + text[word_end..].iter().take_while(|&&octet| is_blank(octet)).count();
    let gap = word_end..code_at;
    let wrong = if text.get(gap.start) == Some(&b' ') { gap.start + 1 } else { gap.start };
    if gap.contains(&wrong) {
        blank(sink, wrong);
    }
    let code = &text[code_at..text.len().min(code_at + 3)];
    let digits = code.iter().take_while(|octet| octet.is_ascii_digit()).count();
    let mut status = 0;
    let mut reason_at = text.len();
    if digits < 3 {
        if text.get(code_at + digits) != Some(&b'\r') {
            let bad = at + code_at + digits;
            sink.fault(&status_line::STATUS_CODE_INVALID, bad..bad, no_point);
        }
    } else {
        status = code.iter().fold(0, |number, digit| number * 10 + u16::from(digit - b'0'));
        let after = code_at + 3;
        match text.get(after) {
            None => sink.fault(&status_line::STATUS_LINE_SPACE_MISSING, at + after..at + after, no_point),
            Some(b' ') => reason_at = after + 1,
            Some(&octet) if is_blank(octet) => {
                blank(sink, after);
                reason_at = after + 1;
            }
            Some(b'\r') => {}
            Some(_) => {
                status = 0;
                sink.fault(&status_line::STATUS_CODE_INVALID, at + after..at + after + 1, no_point);
            }
        }
    }
    for (offset, &octet) in text.iter().enumerate().skip(reason_at) {
        if (octet < 0x20 && octet != b'\t' && octet != b'\r') || octet == 0x7F {
            sink.fault(&status_line::REASON_PHRASE_INVALID, at + offset..at + offset + 1, no_point);
        }
    }
    StartLine::Response { version, status, reason: Span::new(at + reason_at..line.end) }
}

/// `HTTP-version`, the whole word.
fn read_version(word: &[u8], at: usize, sink: &mut Sink<'_>) -> Option<Version> {
    if has_cr(word) {
        return None;
    }
    let expected: [fn(u8) -> bool; 8] = [
        |octet| octet == b'H',
        |octet| octet == b'T',
        |octet| octet == b'T',
        |octet| octet == b'P',
        |octet| octet == b'/',
        |octet| octet.is_ascii_digit(),
        |octet| octet == b'.',
        |octet| octet.is_ascii_digit(),
    ];
    let good = word.iter().zip(expected).take_while(|(octet, matches)| matches(**octet)).count();
    if good < 8 || word.len() > 8 {
        sink.fault(&message::VERSION_INVALID, at + good..at + word.len().max(good), Point::VersionText);
        return Some(Version::HTTP_11);
    }
    if word[5] != b'1' {
        sink.fault(&request_line::VERSION_MAJOR_UNSUPPORTED, at + 5..at + 6, Point::VersionMajor);
        return Some(Version::HTTP_11);
    }
    let minor = word[7] - b'0';
    if minor > 1 {
        let refused = sink.policy.version_minor == VersionMinor::Reject;
        sink.feature(&request_line::VERSION_MINOR_HIGHER, at + 7..at + 8, Point::VersionMinor, refused);
    }
    Some(Version { minor })
}

fn has_cr(text: &[u8]) -> bool {
    text.contains(&b'\r')
}
