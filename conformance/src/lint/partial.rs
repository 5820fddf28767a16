//! Partial content: 206, 416 and `Content-Range` (RFC 9110 sections 14.4 and 15.3.7).

use super::Sink;
use crate::field::media::MediaType;
use crate::field::range::{self, ContentRange};
use crate::rule;

pub(super) fn look(sink: &mut Sink<'_>) {
    match sink.response.status() {
        206 => partial(sink),
        416 => unsatisfied(sink),
        // Where a value is wrong as well, that is worth more than its place.
        status => {
            if let Some((_, offset)) = sink.response.values("content-range").next() {
                sink.add(&rule::CONTENT_RANGE_MEANINGLESS, offset, format!("Content-Range in a {status}"));
            }
        }
    }
}

fn partial(sink: &mut Sink<'_>) {
    let response = *sink.response;
    let media = response.answer.field("content-type").and_then(MediaType::parse);
    if let Some(media) = media.filter(|media| media.name == "multipart/byteranges") {
        return multipart(sink, &media);
    }
    let Some((value, offset)) = response.values("content-range").next() else {
        return sink.add_whole(&rule::CONTENT_RANGE_MISSING, "a 206 without Content-Range");
    };
    let Some(found) = ContentRange::parse(value) else { return };
    let Some(length) = found.length() else {
        return sink.add_value(&rule::CONTENT_RANGE_INVALID, offset, "Content-Range", value);
    };
    let Some(content) = response.content().filter(|_| found.is_bytes()) else { return };
    if content.len() as u128 != length {
        let what = format!("{} octets of content for a range of {length}", content.len());
        sink.add(&rule::CONTENT_RANGE_LENGTH, offset, what);
    }
}

fn multipart(sink: &mut Sink<'_>, media: &MediaType) {
    let response = *sink.response;
    if let Some((_, offset)) = response.values("content-range").next() {
        sink.add(&rule::CONTENT_RANGE_OF_MULTIPART, offset, "Content-Range beside multipart/byteranges");
    }
    if response.request.is_some() {
        let asked = response.asked("range").and_then(range::asked).map_or(0, |(_, count)| count);
        if asked < 2 {
            let what = format!("multipart/byteranges for {asked} ranges asked for");
            sink.add_whole(&rule::BYTERANGES_UNASKED, what);
        }
    }
    let Some(boundary) = media.parameter("boundary").filter(|boundary| !boundary.is_empty()) else {
        return sink.add_whole(&rule::BYTERANGES_WITHOUT_PARTS, "multipart/byteranges without a boundary");
    };
    let Some(content) = response.content() else { return };
    let delimiter = [b"--", boundary].concat();
    let starts = delimiters(content, &delimiter);
    let Some(last) = starts.iter().position(|&at| content[at + delimiter.len()..].starts_with(b"--")) else {
        return sink.add_whole(&rule::BYTERANGES_WITHOUT_PARTS, "the parts have no end");
    };
    if last == 0 {
        return sink.add_whole(&rule::BYTERANGES_WITHOUT_PARTS, "there is no part");
    }
    for (number, pair) in starts[..=last].windows(2).enumerate() {
        let part = &content[pair[0] + delimiter.len()..pair[1]];
        if !look_at_part(sink, part, number + 1) {
            break;
        }
    }
    if starts[..=last].iter().any(|&at| at > 0 && !content[..at].ends_with(b"\r\n")) {
        sink.add_whole(&rule::MULTIPART_LINE_BREAK, "a boundary that does not stand behind CRLF");
    }
}

/// Where the delimiter begins a line, however the line before it ends.
fn delimiters(content: &[u8], delimiter: &[u8]) -> Vec<usize> {
    let is_start = |at: &usize| *at == 0 || content[at - 1] == b'\n';
    let found = content.windows(delimiter.len()).enumerate().filter(|(_, window)| *window == delimiter);
    found.map(|(at, _)| at).filter(is_start).collect()
}

/// A part from behind its delimiter on; says whether it could be read.
fn look_at_part(sink: &mut Sink<'_>, part: &[u8], number: usize) -> bool {
    let crlf = part.windows(4).position(|window| window == b"\r\n\r\n").map(|at| (at, 4));
    let lf = part.windows(2).position(|window| window == b"\n\n").map(|at| (at, 2));
    let Some((end, _)) = crlf.into_iter().chain(lf).min() else {
        sink.add_whole(&rule::BYTERANGES_PART_UNPLACED, format!("part {number} has no head"));
        return false;
    };
    let head = &part[..end];
    let bare = head.iter().enumerate().any(|(at, &octet)| octet == b'\n' && (at == 0 || head[at - 1] != b'\r'));
    if bare || crlf.is_none_or(|(at, _)| at > end) {
        sink.add_whole(&rule::MULTIPART_LINE_BREAK, format!("the head of part {number} has a bare LF"));
    }
    let value = head.split(|&octet| octet == b'\n').find_map(|line| {
        let colon = line.iter().position(|&octet| octet == b':')?;
        line[..colon].eq_ignore_ascii_case(b"content-range").then(|| line[colon + 1..].trim_ascii())
    });
    match value {
        None => sink.add_whole(&rule::BYTERANGES_PART_UNPLACED, format!("part {number} has no Content-Range")),
        Some(value) if ContentRange::parse(value).is_none_or(|range| range.range.is_none()) => {
            let offset = sink.response.answer.start;
            sink.add_value(&rule::CONTENT_RANGE_INVALID, offset, "Content-Range", value);
        }
        Some(_) => {}
    }
    true
}

/// Where another unit than bytes was asked for, nothing is said.
fn unsatisfied(sink: &mut Sink<'_>) {
    let response = *sink.response;
    let is_bytes =
        response.asked("range").and_then(range::asked).is_none_or(|(unit, _)| unit.eq_ignore_ascii_case(b"bytes"));
    match response.values("content-range").next() {
        None if is_bytes => sink.add_whole(&rule::UNSATISFIED_RANGE_MISSING, "a 416 without Content-Range"),
        Some((value, offset)) if ContentRange::parse(value).is_some_and(|range| range.range.is_some()) => {
            sink.add_value(&rule::UNSATISFIED_RANGE_MISSING, offset, "Content-Range", value);
        }
        _ => {}
    }
}
