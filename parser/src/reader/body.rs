//! The message body: by length, by chunks, or until the connection is closed.

use super::lines::Lines;
use super::{End, Message, Sink, abnf, field_lines, numbers, semantics};
use crate::error::{Error, Limit};
use crate::framing::{Body, Framing};
use crate::limits::Limits;
use crate::policy::{
    BareCr, ChunkDataEnd, ChunkExtension, ChunkExtensionBlank, ChunkExtensionKnown, ChunkLineEnd, ChunkOverflow,
    ChunkSize, Point, Trailers,
};
use crate::rule::chunked as rules;
use crate::rule::message::BARE_CR;
use crate::span::Span;

/// Reads the body that starts at `at`, and sets content, trailers and end of the message.
pub(super) fn read(
    stream: &[u8],
    at: usize,
    framing: Framing,
    limits: &Limits,
    message: &mut Message,
    sink: &mut Sink<'_>,
) {
    message.end = match framing.body {
        _ if semantics::is_unknown(framing) => End::Lost,
        Body::Length(octets) => {
            let end = usize::try_from(octets).ok().and_then(|octets| at.checked_add(octets));
            match end.filter(|&end| end <= stream.len()) {
                Some(end) => {
                    message.content.extend((end > at).then(|| Span::new(at..end)));
                    End::Complete(end)
                }
                None => {
                    message.content.push(Span::new(at..stream.len()));
                    End::Partial
                }
            }
        }
        Body::Chunked => {
            let mut reader = Chunks { stream, at, limits, extensions: 0 };
            reader.read(message, sink)
        }
        Body::UntilClose => {
            message.content.push(Span::new(at..stream.len()));
            End::UntilClose
        }
        Body::Tunnel => End::Tunnel(at),
        _ => End::Complete(at),
    };
}

struct Chunks<'s> {
    stream: &'s [u8],
    at: usize,
    limits: &'s Limits,
    /// Octets that chunk extensions have taken up so far.
    extensions: usize,
}

/// What a chunk-size line comes to.
enum Size {
    Octets(u64),
    Partial,
    Lost,
}

impl Chunks<'_> {
    /// `chunked-body = *chunk last-chunk trailer-section CRLF`.
    fn read(&mut self, message: &mut Message, sink: &mut Sink<'_>) -> End {
        loop {
            match self.line(message, sink) {
                Size::Octets(0) => break,
                Size::Octets(size) => {
                    let available = self.stream.len() - self.at;
                    let take = usize::try_from(size).unwrap_or(usize::MAX).min(available);
                    if take > 0 {
                        message.content.push(Span::new(self.at..self.at + take));
                    }
                    self.at += take;
                    if (take as u64) < size {
                        return End::Partial;
                    }
                    if let Some(end) = self.data_end(sink) {
                        return end;
                    }
                }
                Size::Partial => return End::Partial,
                Size::Lost => return End::Lost,
            }
        }
        if sink.policy.trailers == Trailers::NextMessage && !self.stream[self.at..].starts_with(b"\r\n") {
            return End::Complete(self.at);
        }
        let mut lines = Lines::trailers(self.stream, self.at, self.limits, sink.policy);
        let start = self.at;
        let end = field_lines::read(&mut lines, &mut message.trailers, sink);
        if let Some(first) = message.trailers.first() {
            let refused = sink.policy.trailers == Trailers::Reject;
            sink.feature(&rules::TRAILER_SECTION, start..first.value_span.end as usize, Point::Trailers, refused);
        }
        message.limit = lines.limit;
        match end {
            Some(end) => End::Complete(end),
            None => End::Partial,
        }
    }

    /// The CRLF after the data of a chunk; an end where the message cannot go on.
    fn data_end(&mut self, sink: &mut Sink<'_>) -> Option<End> {
        let rest = &self.stream[self.at..];
        match rest {
            [b'\r', b'\n', ..] => {
                self.at += 2;
                return None;
            }
            [] | [b'\r'] => return Some(End::Partial),
            _ => {}
        }
        let wrong = self.at + usize::from(rest[0] == b'\r');
        sink.fault(&rules::CHUNK_DATA_UNTERMINATED, wrong..wrong + 1, Point::ChunkDataEnd);
        match sink.policy.chunk_data_end {
            ChunkDataEnd::Any if rest.len() < 2 => return Some(End::Partial),
            ChunkDataEnd::Any => self.at += 2,
            ChunkDataEnd::LfToo | ChunkDataEnd::Crlf if rest[0] == b'\n' => self.at += 1,
            ChunkDataEnd::Missing => {}
            ChunkDataEnd::One => self.at += 1,
            ChunkDataEnd::CrToo if rest[0] == b'\r' => self.at += 1,
            ChunkDataEnd::ToLineEnd => match rest.windows(2).position(|pair| pair == b"\r\n") {
                Some(line_end) => self.at += line_end + 2,
                None => return Some(End::Partial),
            },
            ChunkDataEnd::Crlf | ChunkDataEnd::LfToo | ChunkDataEnd::CrToo => return Some(End::Lost),
        }
        None
    }

    /// `chunk-size [ chunk-ext ] CRLF`, as far as it is there. An octet that is wrong is reported although its line is
    /// not complete.
    fn line(&mut self, message: &mut Message, sink: &mut Sink<'_>) -> Size {
        while sink.policy.chunk_size == ChunkSize::EmptyLine && self.stream[self.at..].starts_with(b"\r\n") {
            sink.fault(&rules::CHUNK_SIZE_INVALID, self.at..self.at + 1, Point::ChunkSize);
            self.at += 2;
        }
        let start = self.at;
        let rest = &self.stream[start..];
        if let Some(size) = self.ends_otherwise(sink) {
            return size;
        }
        let line_feed = rest.iter().position(|&octet| octet == b'\n');
        let raw = &rest[..line_feed.unwrap_or(rest.len())];
        let content = raw.strip_suffix(b"\r").unwrap_or(raw);
        let ended_by_cr = content.len() < raw.len();
        let mut walk = Walk { text: content, offset: 0, start, lost: false, detected: None, blanks_end: None, sink };
        let before = walk.sink.faults.len();
        let size = walk.size(line_feed.is_some(), ended_by_cr);
        // After a wrong size there are no extensions to count.
        let extensions_from = if walk.lost && walk.blanks_end.is_none() { content.len() } else { walk.offset };
        let acceptable = walk.extensions();
        let (lost, detected, blanks_end) = (walk.lost, walk.detected, walk.blanks_end);
        if line_feed.is_some() && !lost {
            let end = start + content.len();
            if !ended_by_cr {
                let rule = if content.is_empty() { &rules::CHUNK_SIZE_INVALID } else { &rules::CHUNK_LINE_BARE_LF };
                let point = if content.is_empty() { Point::ChunkSize } else { Point::ChunkLineEnd };
                sink.fault(rule, end..end + 1, point);
            } else if content.is_empty() {
                sink.fault(&rules::CHUNK_SIZE_INVALID, end..end + 1, Point::ChunkSize);
            }
            match acceptable {
                Acceptable::Yes => {}
                Acceptable::No if ended_by_cr => {
                    sink.fault(&rules::CHUNK_EXTENSION_INVALID, end..end + 1, Point::ChunkExtension);
                }
                _ => {}
            }
        }
        // Limits count octets; a fault that shows before the octet that is too many comes first.
        let extensions_end = content.iter().position(|&octet| octet == b'\r').unwrap_or(content.len());
        let extensions_end = blanks_end.map_or(extensions_end, |end| extensions_end.min(end));
        let extensions = extensions_end.saturating_sub(extensions_from);
        let mut limit = None;
        if raw.len() + usize::from(line_feed.is_some()) > self.limits.chunk_line {
            limit = Some(Error::limit(Limit::ChunkLine, start + self.limits.chunk_line));
        }
        if self.extensions + extensions > self.limits.chunk_extensions {
            let at = start + extensions_from + self.limits.chunk_extensions.saturating_sub(self.extensions);
            if limit.is_none_or(|limit| at < limit.offset) {
                limit = Some(Error::limit(Limit::ChunkExtensions, at));
            }
        }
        if let Some(limit) = limit {
            let shown = detected.or(sink.faults[before..].first().map(|fault| fault.span.start as usize));
            if shown.is_none_or(|shown| shown >= limit.offset) {
                sink.faults.truncate(before);
                message.limit = Some(limit);
            }
            return Size::Lost;
        }
        self.extensions += extensions;
        let refused = sink.faults[before..].iter().any(|fault| fault.refused);
        let Some(line_feed) = line_feed else { return if lost { Size::Lost } else { Size::Partial } };
        self.at = start + line_feed + 1;
        let tolerable = [&rules::CHUNK_LINE_BARE_LF, &rules::CHUNK_EXTENSION_INVALID];
        let readable = sink.faults[before..].iter().all(|fault| !fault.refused || tolerable.contains(&fault.rule));
        let size = size.or((content.is_empty() && sink.policy.chunk_size == ChunkSize::Zero).then_some(0));
        match size {
            // The plainest reading goes on where the size itself is plain.
            Some(size) if !refused || (readable && !lost) => Size::Octets(size),
            _ => Size::Lost,
        }
    }
}

impl Chunks<'_> {
    /// A chunk-size line of which the policy does not see, or sees too early, where it ends: a CR alone ends it, or an
    /// LF inside of an extension does not.
    fn ends_otherwise(&mut self, sink: &mut Sink<'_>) -> Option<Size> {
        let rest = &self.stream[self.at..];
        let line_feed = rest.iter().position(|&octet| octet == b'\n').unwrap_or(rest.len());
        let (text, next) = match sink.policy.bare_cr {
            BareCr::LineEnd | BareCr::LineEndAny => {
                let cr = rest[..line_feed].iter().position(|&octet| octet == b'\r')?;
                let behind = usize::from(sink.policy.bare_cr == BareCr::LineEndAny);
                if cr + 1 >= rest.len() {
                    return Some(Size::Partial);
                }
                if cr + 1 == line_feed {
                    return None;
                }
                sink.fault(&BARE_CR, self.at + cr..self.at + cr + 1, Point::BareCr);
                (&rest[..cr], cr + 1 + behind)
            }
            _ if sink.policy.chunk_line_end == ChunkLineEnd::InExtension => {
                let is_bare = line_feed < rest.len() && !rest[..line_feed].ends_with(b"\r");
                if !is_bare || !rest[..line_feed].contains(&b';') {
                    return None;
                }
                sink.fault(
                    &rules::CHUNK_LINE_BARE_LF,
                    self.at + line_feed..self.at + line_feed + 1,
                    Point::ChunkLineEnd,
                );
                match rest.windows(2).position(|pair| pair == b"\r\n") {
                    Some(end) => (&rest[..line_feed], end + 2),
                    None => return Some(Size::Partial),
                }
            }
            _ => return None,
        };
        let word = text.split(|&octet| octet == b';').next().unwrap_or(text);
        let is_plain = !word.is_empty() && word.iter().all(u8::is_ascii_hexdigit);
        let plain = || numbers::chunk_value(sink.policy.chunk_value, word, numbers::hex(word));
        let size = if is_plain { Some(plain()) } else { numbers::chunk(sink.policy.chunk_size, word) };
        self.at += next;
        Some(size.map_or(Size::Lost, Size::Octets))
    }
}

/// Whether a chunk-size line may end here.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Acceptable {
    Yes,
    /// Inside of an extension.
    No,
}

/// Goes over the text of a chunk-size line.
struct Walk<'w, 'p> {
    text: &'w [u8],
    offset: usize,
    start: usize,
    /// Whether nothing more can be said about the line.
    lost: bool,
    /// At which octet of the stream the first fault shows; it may have begun earlier.
    detected: Option<usize>,
    /// Where blanks that belong to nothing end, in the text.
    blanks_end: Option<usize>,
    sink: &'w mut Sink<'p>,
}

impl Walk<'_, '_> {
    fn rest(&self) -> &[u8] {
        &self.text[self.offset..]
    }

    /// A bare CR is reported as such and ends the walk, unless the policy reads it as SP or keeps it.
    fn wrong(&mut self, rule: &'static crate::rule::Rule, point: Point) {
        let at = self.start + self.offset;
        if self.rest().first() == Some(&b'\r') {
            self.sink.fault(&BARE_CR, at..at + 1, Point::BareCr);
        } else {
            self.sink.fault(rule, at..at + 1, point);
        }
        self.lost = true;
    }

    /// `chunk-size = 1*HEXDIG`, or what the policy takes for one.
    fn size(&mut self, complete: bool, cr: bool) -> Option<u64> {
        let digits = self.rest().iter().take_while(|octet| octet.is_ascii_hexdigit()).count();
        // Blanks belong to an extension or to nothing.
        let ends_in_blanks = digits < self.text.len() && digits + abnf::blanks(&self.text[digits..]) == self.text.len();
        if digits == 0 || self.is_wrong_after(digits) || (ends_in_blanks && (complete || cr)) {
            if self.text.is_empty() {
                return None;
            }
            return self.odd_size(digits, complete);
        }
        let size = self.value(digits);
        self.offset = digits;
        size
    }

    /// Whether what follows the digits is neither the end nor an extension.
    fn is_wrong_after(&self, digits: usize) -> bool {
        let after = digits + abnf::blanks(&self.text[digits..]);
        !matches!(self.text.get(after), None | Some(b';'))
    }

    fn value(&mut self, digits: usize) -> Option<u64> {
        let significant: &[u8] = &self.text[..digits];
        let zeros = significant.iter().take_while(|&&digit| digit == b'0').count();
        if digits - zeros > 16 {
            let span = self.start..self.start + digits;
            self.detected.get_or_insert(self.start + zeros + 16);
            self.sink.fault(&rules::CHUNK_SIZE_OVERFLOW, span, Point::ChunkOverflow);
            if self.sink.policy.chunk_overflow != ChunkOverflow::Wrap {
                self.lost = true;
                return None;
            }
        }
        let digits = &self.text[..digits];
        Some(numbers::chunk_value(self.sink.policy.chunk_value, digits, numbers::hex(digits)))
    }

    /// A size that is not digits alone.
    fn odd_size(&mut self, digits: usize, complete: bool) -> Option<u64> {
        if digits > 0 {
            // Digits that overflow are reported before what follows them.
            self.value(digits);
            if self.lost {
                return None;
            }
        }
        self.offset = digits;
        let blanks = abnf::blanks(self.rest());
        if digits > 0 && blanks > 0 {
            self.detected.get_or_insert(self.start + digits + blanks);
            self.blanks_end = Some(digits + blanks);
        }
        self.wrong(&rules::CHUNK_SIZE_INVALID, Point::ChunkSize);
        if !complete || self.text.get(self.offset) == Some(&b'\r') {
            return None;
        }
        let end = self.text.iter().position(|&octet| octet == b';').unwrap_or(self.text.len());
        let size = numbers::chunk(self.sink.policy.chunk_size, &self.text[..end]);
        if size.is_some() {
            self.lost = false;
            self.offset = end;
        }
        size
    }

    /// `chunk-ext = *( BWS ";" BWS chunk-ext-name [ BWS "=" BWS chunk-ext-val ] )`.
    fn extensions(&mut self) -> Acceptable {
        if self.lost {
            return Acceptable::Yes;
        }
        let from = self.offset;
        let mut acceptable = Acceptable::Yes;
        let mut blanks = false;
        loop {
            let skipped = abnf::blanks(self.rest());
            self.offset += skipped;
            if self.rest().is_empty() {
                if skipped > 0 && self.offset - skipped > from {
                    acceptable = Acceptable::No;
                }
                break;
            }
            if self.rest()[0] != b';' {
                self.bad_extension();
                break;
            }
            blanks |= skipped > 0;
            self.offset += 1;
            acceptable = Acceptable::No;
            let skipped = abnf::blanks(self.rest());
            self.offset += skipped;
            blanks |= skipped > 0;
            let Some(name) = abnf::token(self.rest()) else {
                if !self.rest().is_empty() {
                    self.bad_extension();
                }
                break;
            };
            self.offset += name;
            acceptable = Acceptable::Yes;
            let skipped = abnf::blanks(self.rest());
            if self.rest().get(skipped) != Some(&b'=') {
                continue;
            }
            self.offset += skipped + 1;
            blanks |= skipped > 0;
            acceptable = Acceptable::No;
            let skipped = abnf::blanks(self.rest());
            self.offset += skipped;
            blanks |= skipped > 0;
            if self.rest().is_empty() {
                break;
            }
            let value = if self.rest()[0] == b'"' {
                abnf::quoted_string(self.rest())
            } else {
                abnf::token(self.rest()).ok_or(0)
            };
            match value {
                Ok(len) => self.offset += len,
                Err(bad) => {
                    self.offset += bad;
                    if !self.rest().is_empty() {
                        self.bad_extension();
                    }
                    break;
                }
            }
            acceptable = Acceptable::Yes;
        }
        if from < self.text.len() && !self.lost && self.text[from..].contains(&b';') {
            let span = self.start + from..self.start + self.text.len();
            let refused = self.sink.policy.chunk_extension_known == ChunkExtensionKnown::Reject;
            self.sink.feature(&rules::CHUNK_EXTENSION, span.clone(), Point::ChunkExtensionKnown, refused);
            if blanks {
                let refused = self.sink.policy.chunk_extension_blank == ChunkExtensionBlank::Reject;
                self.sink.feature(&rules::CHUNK_EXTENSION_WHITESPACE, span, Point::ChunkExtensionBlank, refused);
            }
        }
        if self.lost {
            // The line is passed over where the policy, or the plainest reading, does so.
            let is_cr = self.sink.faults.last().is_some_and(|fault| fault.rule == &BARE_CR);
            self.lost = is_cr && self.sink.policy.bare_cr == BareCr::Reject;
            return Acceptable::Yes;
        }
        if self.sink.policy.chunk_extension == ChunkExtension::Skip { Acceptable::Yes } else { acceptable }
    }

    fn bad_extension(&mut self) {
        self.wrong(&rules::CHUNK_EXTENSION_INVALID, Point::ChunkExtension);
    }
}

/// Under the strict choice a bare LF ends no chunk-size line, but the reading goes on as if it did.
const _: () = assert!(ChunkLineEnd::Crlf as usize == 0);
