//! What the fields of a head come to: Host, Transfer-Encoding, Content-Length and the end of the body.

use alloc::vec::Vec;

use super::{FieldLine, Message, Sink, abnf, numbers};
use crate::framing::{self, Body, ContentLength, Framing, TransferEncoding};
use crate::policy::{
    CodingFinal, CodingIn10, CodingSyntax, CodingUnknown, LengthAndCoding, LengthConflict, LengthNumber,
    LengthOverflow, Point,
};
use crate::rule::chunked::CHUNKED_PARAMETERS;
use crate::rule::framing as rules;
use crate::rule::host;

/// A request: Host, then the framing.
pub(super) fn request(message: &Message, head_end: usize, sink: &mut Sink<'_>) -> Framing {
    if message.version().is_none() {
        // HTTP/0.9 has no fields and no body.
        return framing::of_request(false, TransferEncoding::Absent, ContentLength::Absent);
    }
    let is_11 = message.version().is_some_and(|version| version.is_11());
    let hosts: Vec<&FieldLine> = named(message, "host").collect();
    match hosts[..] {
        [] if is_11 => {
            // The empty line, whose line end is CRLF unless a bare LF was reported.
            let at = head_end.saturating_sub(2);
            sink.fault(&host::HOST_MISSING, at..at, Point::HostMissing);
        }
        [] => {}
        [only] => {
            if !abnf::is_host_value(&only.value) {
                sink.fault(&host::HOST_INVALID, only.value_span, Point::HostInvalid);
            }
        }
        [_, second, ..] => sink.fault(&host::HOST_DUPLICATE, second.name_span, Point::HostDuplicate),
    }
    let coding = transfer_encoding(message, is_11, true, sink);
    let has_coding = named(message, "transfer-encoding").next().is_some();
    let length = if has_coding && coding == TransferEncoding::Absent {
        // The policy passes the Transfer-Encoding over.
        content_length(message, sink)
    } else if has_coding {
        length_beside_coding(message)
    } else {
        content_length(message, sink)
    };
    let framing = framing::of_request(is_11, coding, length);
    let both = has_coding && named(message, "content-length").next().is_some();
    if both {
        match sink.policy.length_and_coding {
            LengthAndCoding::Length => {
                return framing::of_request(is_11, TransferEncoding::Absent, content_length(message, sink));
            }
            LengthAndCoding::CodingPersist => return Framing { close: false, ..framing },
            LengthAndCoding::Reject | LengthAndCoding::Coding => {}
        }
    }
    if !is_11 && has_coding && sink.policy.coding_in_10 == CodingIn10::Persist {
        return Framing { close: false, ..framing };
    }
    framing
}

/// A response to a request with `method`; where arm 1 or 2 decides, the fields are not looked at.
pub(super) fn response(message: &Message, method: &[u8], sink: &mut Sink<'_>) -> Framing {
    let is_11 = message.version().is_none_or(|version| version.is_11());
    let status = message.status().unwrap_or(0);
    let early = framing::of_response(method, status, is_11, TransferEncoding::Absent, ContentLength::Absent);
    if early.arm <= 2 {
        return early;
    }
    let has_coding = named(message, "transfer-encoding").next().is_some();
    let coding = transfer_encoding(message, is_11, false, sink);
    let length = if has_coding { length_beside_coding(message) } else { content_length(message, sink) };
    framing::of_response(method, status, is_11, coding, length)
}

fn named<'m>(message: &'m Message, name: &'static str) -> impl Iterator<Item = &'m FieldLine> {
    message.fields.iter().filter(move |field| field.name.eq_ignore_ascii_case(name.as_bytes()))
}

/// Beside a Transfer-Encoding only the presence of a Content-Length counts.
fn length_beside_coding(message: &Message) -> ContentLength {
    match named(message, "content-length").next() {
        Some(_) => ContentLength::Invalid,
        None => ContentLength::Absent,
    }
}

/// `#transfer-coding`, over all lines.
fn transfer_encoding(message: &Message, is_11: bool, is_request: bool, sink: &mut Sink<'_>) -> TransferEncoding {
    let lines: Vec<&FieldLine> = named(message, "transfer-encoding").collect();
    let (Some(first), Some(last)) = (lines.first(), lines.last()) else { return TransferEncoding::Absent };
    if !is_11 {
        sink.fault(&rules::TRANSFER_ENCODING_IN_HTTP10, first.value_span, Point::CodingIn10);
        if is_request && sink.policy.coding_in_10 == CodingIn10::Ignore {
            return TransferEncoding::Absent;
        }
    }
    // Names of the codings in order; none for an element that is not a coding.
    let mut names: Vec<Option<Vec<u8>>> = Vec::new();
    let mut syntax = false;
    for line in &lines {
        let elements = codings(&line.value);
        let seen = names.iter().flatten().any(|name| name == b"chunked");
        let here: Vec<&Coding> = elements.iter().flatten().collect();
        let chunked = here.iter().filter(|coding| coding.name == b"chunked").count();
        if elements.iter().any(Option::is_none) {
            syntax = true;
            sink.fault(&rules::TRANSFER_ENCODING_INVALID, line.value_span, Point::CodingSyntax);
        }
        if is_request && here.iter().any(|coding| !is_registered(&coding.name)) {
            sink.fault(&rules::TRANSFER_CODING_UNKNOWN, line.value_span, Point::CodingUnknown);
        }
        if here.iter().any(|coding| coding.name == b"chunked" && coding.parameters) {
            sink.fault(&CHUNKED_PARAMETERS, line.value_span, Point::CodingParameters);
        }
        if chunked > 1 || (seen && chunked > 0) {
            sink.fault(&rules::CHUNKED_REPEATED, line.value_span, Point::CodingRepeated);
        }
        names.extend(elements.into_iter().map(|element| element.map(|coding| coding.name)));
    }
    let chunked_final = matches!(names.last(), Some(Some(name)) if name == b"chunked");
    if is_request && !chunked_final {
        sink.fault(&rules::CHUNKED_NOT_FINAL, last.value_span, Point::CodingFinal);
    }
    if named(message, "content-length").next().is_some() {
        sink.fault(&rules::LENGTH_AND_TRANSFER_ENCODING, first.value_span, Point::LengthAndCoding);
    }
    if syntax {
        let is_chunked = |found: fn(&[u8]) -> bool| lines.iter().any(|line| found(&line.value.to_ascii_lowercase()));
        let found = match sink.policy.coding_syntax {
            CodingSyntax::Reject => false,
            CodingSyntax::Ignore => return TransferEncoding::Absent,
            CodingSyntax::Contains => is_chunked(contains_chunked),
            CodingSyntax::Trim => is_chunked(|value| {
                let is_around = |octet: &u8| !octet.is_ascii_graphic() || matches!(octet, b'"' | b'\'');
                let from = value.iter().take_while(|octet| is_around(octet)).count();
                let behind = value[from..].iter().rev().take_while(|octet| is_around(octet)).count();
                &value[from..value.len() - behind] == b"chunked"
            }),
            CodingSyntax::Words => {
                is_chunked(|value| value.split(|octet| !octet.is_ascii_alphanumeric()).any(|word| word == b"chunked"))
            }
        };
        if found {
            return TransferEncoding::ChunkedFinal;
        }
    }
    let is_lax = match sink.policy.coding_final {
        CodingFinal::Contains => names.iter().flatten().any(|name| contains_chunked(name)),
        CodingFinal::FirstLine => first.value.eq_ignore_ascii_case(b"chunked"),
        CodingFinal::Reject | CodingFinal::Ignore | CodingFinal::Anywhere => false,
    };
    if is_lax {
        return TransferEncoding::ChunkedFinal;
    }
    if sink.policy.coding_unknown == CodingUnknown::Ignore {
        names.retain(|name| name.as_ref().is_none_or(|name| is_registered(name)));
        if names.is_empty() {
            return TransferEncoding::Absent;
        }
    }
    if matches!(names.last(), Some(Some(name)) if name == b"chunked") {
        return TransferEncoding::ChunkedFinal;
    }
    match sink.policy.coding_final {
        CodingFinal::Ignore => TransferEncoding::Absent,
        CodingFinal::Anywhere if names.iter().flatten().any(|name| name == b"chunked") => {
            TransferEncoding::ChunkedFinal
        }
        _ => TransferEncoding::OtherFinal,
    }
}

/// Whether the word is somewhere in the value, which is in lower case.
fn contains_chunked(value: &[u8]) -> bool {
    value.windows(7).any(|word| word == b"chunked")
}

fn is_registered(name: &[u8]) -> bool {
    [&b"chunked"[..], b"compress", b"x-compress", b"deflate", b"gzip", b"x-gzip"].contains(&name)
}

struct Coding {
    /// In lower case.
    name: Vec<u8>,
    parameters: bool,
}

/// The elements of one value. One that is no coding is none, and reading goes on after the next comma.
fn codings(value: &[u8]) -> Vec<Option<Coding>> {
    let mut found = Vec::new();
    let mut at = 0;
    loop {
        while matches!(value.get(at), Some(b' ' | b'\t' | b',')) {
            at += 1;
        }
        if at >= value.len() {
            return found;
        }
        match coding(&value[at..]) {
            Ok((coding, len)) => {
                found.push(Some(coding));
                at += len;
            }
            Err(stopped) => {
                found.push(None);
                at += stopped;
                while at < value.len() && value[at] != b',' {
                    at += 1;
                }
            }
        }
    }
}

/// One `transfer-coding` up to a comma or the end, and its length; or where it breaks off.
fn coding(text: &[u8]) -> Result<(Coding, usize), usize> {
    let name = abnf::token(text).ok_or(0_usize)?;
    let mut parameters = false;
    let mut at = name;
    loop {
        at += abnf::blanks(&text[at..]);
        match text.get(at) {
            None | Some(b',') => return Ok((Coding { name: text[..name].to_ascii_lowercase(), parameters }, at)),
            Some(b';') => at += 1,
            Some(_) => return Err(at),
        }
        parameters = true;
        at += abnf::blanks(&text[at..]);
        at += abnf::token(&text[at..]).ok_or(at)?;
        at += abnf::blanks(&text[at..]);
        if text.get(at) != Some(&b'=') {
            return Err(at);
        }
        at += 1;
        at += abnf::blanks(&text[at..]);
        at += if text.get(at) == Some(&b'"') {
            abnf::quoted_string(&text[at..]).map_err(|bad| at + bad)?
        } else {
            abnf::token(&text[at..]).ok_or(at)?
        };
    }
}

/// `Content-Length`, over all lines as one list, without a Transfer-Encoding.
fn content_length(message: &Message, sink: &mut Sink<'_>) -> ContentLength {
    let lines: Vec<&FieldLine> = named(message, "content-length").collect();
    if lines.is_empty() {
        return ContentLength::Absent;
    }
    // Each element with the line that it stands in.
    let mut elements: Vec<(&[u8], &FieldLine)> = Vec::new();
    let mut bad: Vec<&FieldLine> = Vec::new();
    for line in &lines {
        let here: Vec<&[u8]> =
            line.value.split(|&octet| octet == b',').map(trim).filter(|element| !element.is_empty()).collect();
        if here.iter().any(|element| !element.iter().all(u8::is_ascii_digit)) {
            bad.push(line);
        }
        elements.extend(here.into_iter().map(|element| (element, *line)));
    }
    // A line without elements is an empty element of the list that all lines are.
    if elements.is_empty() {
        bad.push(lines[0]);
    }
    if let Some(line) = bad.first() {
        sink.fault(&rules::CONTENT_LENGTH_INVALID, line.value_span, Point::LengthNumber);
        let texts: Vec<&[u8]> = elements.iter().map(|(element, _)| *element).collect();
        return match sink.policy.length_number {
            LengthNumber::Ignore => ContentLength::Absent,
            choice => numbers::length(choice, &texts).map_or(ContentLength::Invalid, ContentLength::Octets),
        };
    }
    let plain = |digits: &[u8]| digits.iter().skip_while(|&&digit| digit == b'0').copied().collect::<Vec<u8>>();
    let first = plain(elements[0].0);
    if let Some((_, line)) = elements.iter().find(|(element, _)| plain(element) != first) {
        sink.fault(&rules::CONTENT_LENGTH_CONFLICT, line.value_span, Point::LengthConflict);
        let chosen = match sink.policy.length_conflict {
            LengthConflict::Reject => return ContentLength::Invalid,
            LengthConflict::First => elements.first(),
            LengthConflict::Last => elements.last(),
        };
        return chosen
            .and_then(|(element, _)| numbers::decimal(element))
            .map_or(ContentLength::TooLarge, ContentLength::Octets);
    }
    // The list syntax alone is a deviation, even around one value.
    let second = elements.get(1).map(|(_, line)| *line);
    let listed = lines.iter().copied().find(|line| line.value.is_empty() || line.value.contains(&b','));
    if let Some(line) = [second, listed].into_iter().flatten().min_by_key(|line| line.value_span.start) {
        sink.fault(&rules::CONTENT_LENGTH_REPEATED, line.value_span, Point::LengthRepeated);
    }
    match numbers::decimal(if first.is_empty() { b"0" } else { &first }) {
        Some(octets) => {
            let octets = numbers::length_value(sink.policy.length_value, elements[0].0, octets);
            ContentLength::Octets(octets)
        }
        None => {
            sink.fault(&rules::CONTENT_LENGTH_OVERFLOW, elements[0].1.value_span, Point::LengthOverflow);
            match sink.policy.length_overflow {
                LengthOverflow::Reject => ContentLength::TooLarge,
                LengthOverflow::Wrap => {
                    let wrap = |number: u64, digit: &u8| number.wrapping_mul(10).wrapping_add(u64::from(digit - b'0'));
                    ContentLength::Octets(first.iter().fold(0, wrap))
                }
            }
        }
    }
}

fn trim(element: &[u8]) -> &[u8] {
    let leading = abnf::blanks(element);
    let trailing = element[leading..].iter().rev().take_while(|&&octet| octet == b' ' || octet == b'\t').count();
    &element[leading..element.len() - trailing]
}

/// Whether the framing leaves the end of the message open.
pub(super) fn is_unknown(framing: Framing) -> bool {
    framing.body == Body::Unknown
}
