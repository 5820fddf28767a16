//! `field-line = field-name ":" OWS field-value OWS` (RFC 9112 section 5).

use crate::bytes::{is_ows, is_tchar, is_text, trim_ows};
use crate::error::{Error, First};
use crate::rule::{field, message};
use crate::scan::{Lanes, View};
use crate::span::Span;

/// Where the name and the value of one field line stand in the buffer; the value without the OWS around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct FieldSpan {
    /// The field name.
    pub name: Span,
    /// The field value, trimmed.
    pub value: Span,
}

impl FieldSpan {
    /// Storage to hand to a parser.
    pub const EMPTY: Self = Self { name: Span { start: 0, end: 0 }, value: Span { start: 0, end: 0 } };
}

/// One field line of a head or of a trailer section.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Field<'b> {
    /// The field name as sent; compare it without regard to case.
    pub name: &'b [u8],
    /// The field value as sent, trimmed.
    pub value: &'b [u8],
    /// Where both stand in the buffer.
    pub span: FieldSpan,
}

impl Field<'_> {
    /// The same field line of a buffer that starts `by` octets earlier.
    pub(crate) fn shifted(mut self, by: usize) -> Self {
        let shifted = |span: Span| Span::new(span.start as usize + by..span.end as usize + by);
        self.span = FieldSpan { name: shifted(self.span.name), value: shifted(self.span.value) };
        self
    }
}

/// The field lines of a message in the order sent.
#[derive(Debug, Clone, Copy)]
pub struct Fields<'b, 's> {
    buffer: &'b [u8],
    spans: &'s [FieldSpan],
}

impl<'b, 's> Fields<'b, 's> {
    pub(crate) const fn new(buffer: &'b [u8], spans: &'s [FieldSpan]) -> Self {
        Self { buffer, spans }
    }

    /// Number of field lines.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.spans.len()
    }

    /// Whether there is no field line.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// Every field line in the order sent.
    #[inline]
    pub fn iter(&self) -> impl Iterator<Item = Field<'b>> + use<'b, 's> {
        let buffer = self.buffer;
        self.spans.iter().map(move |&span| Field { name: span.name.of(buffer), value: span.value.of(buffer), span })
    }

    /// The same without the first `count` field lines.
    #[inline]
    pub(crate) fn since(&self, count: usize) -> Self {
        Self { buffer: self.buffer, spans: self.spans.get(count..).unwrap_or_default() }
    }

    /// Every field line of that name (case-insensitive) in the order sent.
    pub fn named(&self, name: &str) -> impl Iterator<Item = Field<'b>> {
        self.iter().filter(move |field| field.name.eq_ignore_ascii_case(name.as_bytes()))
    }

    /// The value of the first field line of that name (case-insensitive).
    #[must_use]
    pub fn first(&self, name: &str) -> Option<&'b [u8]> {
        self.named(name).next().map(|field| field.value)
    }
}

/// Parses a line without its line end that starts at offset `at` of the buffer. `opens` says that no field line came
/// before it.
pub(crate) fn parse(line: &[u8], at: usize, opens: bool) -> Result<FieldSpan, Error> {
    strict(line, at).ok_or_else(|| explain(line, at, opens))
}

/// Parses the line that stands at `start..end` of the view into `place`. There is no control in it but perhaps HTAB. False
/// if there is something wrong with it, or no CRLF behind it.
#[inline(always)]
pub(crate) fn skim<L: Lanes>(lanes: L, view: View<'_>, start: u32, end: u32, place: &mut FieldSpan) -> bool {
    let (start, end) = (start as usize, end as usize);
    let name_end = start + lanes.token_len(view, start);
    let value = name_end + 2;
    // The usual form: a name, a colon, one space, and a value that neither begins nor ends with OWS. There is nothing
    // else below `!` in the line.
    if view.get(end..end + 2).is_some_and(|line_end| line_end == b"\r\n")
        && name_end > start
        && value < end
        && view[name_end..value] == *b": "
        && view[value] > b' '
        && view[end - 1] > b' '
    {
        *place = FieldSpan { name: Span::of_short(start, name_end), value: Span::of_short(value, end) };
        return true;
    }
    unusual(&view, start, end, place)
}

/// As [`skim`], for a line of any form.
#[cold]
#[inline(never)]
fn unusual(view: &[u8], start: usize, end: usize, place: &mut FieldSpan) -> bool {
    let line = view.get(start..end).filter(|_| view[end..].starts_with(b"\r\n"));
    let field = line.and_then(|line| strict(line, start));
    field.is_some_and(|field| {
        *place = field;
        true
    })
}

fn strict(line: &[u8], at: usize) -> Option<FieldSpan> {
    let colon = line.iter().position(|&b| !is_tchar(b))?;
    if colon == 0 || line[colon] != b':' {
        return None;
    }
    let value = &line[colon + 1..];
    if !value.iter().all(|&b| is_text(b)) {
        return None;
    }
    let trimmed = trim_ows(value);
    let start = at + colon + 1;
    Some(FieldSpan { name: Span::new(at..at + colon), value: Span::new(start + trimmed.start..start + trimmed.end) })
}

/// The first fault of a line that is known to have one.
#[cold]
fn explain(line: &[u8], at: usize, opens: bool) -> Error {
    if line.first().is_some_and(|&b| is_ows(b)) {
        return Error::rule(if opens { &message::WHITESPACE_BEFORE_FIRST_FIELD } else { &field::OBS_FOLD }, at);
    }
    let Some(colon) = line.iter().position(|&b| b == b':') else {
        return Error::rule(&field::FIELD_LINE_COLON_MISSING, at);
    };
    let mut first = First::default();
    let name = &line[..colon];
    let trimmed = name.len() - name.iter().rev().take_while(|&&b| is_ows(b)).count();
    if let Some(cr) = name.iter().position(|&b| b == b'\r') {
        first.offer(&message::BARE_CR, at + cr);
    } else if let Some(bad) = name[..trimmed].iter().position(|&b| !is_tchar(b)) {
        first.offer(&field::FIELD_NAME_INVALID, at + bad);
    } else if trimmed == 0 {
        first.offer(&field::FIELD_NAME_INVALID, at + colon);
    }
    if trimmed < colon {
        first.offer(&field::WHITESPACE_BEFORE_COLON, at + trimmed);
    }
    if let Some(bad) = line[colon + 1..].iter().position(|&b| !is_text(b)) {
        let rule = match line[colon + 1 + bad] {
            b'\r' => &message::BARE_CR,
            0 => &field::FIELD_VALUE_NUL,
            _ => &field::FIELD_VALUE_CONTROL,
        };
        first.offer(rule, at + colon + 1 + bad);
    }
    first.found().unwrap_or(Error::rule(&field::FIELD_LINE_COLON_MISSING, at))
}
