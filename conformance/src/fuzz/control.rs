//! The same stream without what is wrong with it: without a control a refusal proves nothing.
//!
//! A feature is taken out where it stands, and everything else stays. A message with a fault is written anew: the same
//! method, the same request-target where that is right, the field lines that have nothing to do with framing and nothing
//! wrong with them, and content in the same framing.

use startline_parser::reader::{End, Fault, Message, Stage};
use startline_parser::rule::On;
use startline_parser::rule::chunked::{CHUNK_EXTENSION, CHUNK_EXTENSION_WHITESPACE, TRAILER_SECTION};
use startline_parser::rule::field::FIELD_VALUE_OBS_TEXT;
use startline_parser::rule::message::EMPTY_LINE_BEFORE_REQUEST;
use startline_parser::rule::request_line::{ABSOLUTE_FORM, VERSION_MINOR_HIGHER};

use super::site::Site;
use crate::judge::requests;
use crate::rule::Role;

/// The stream with message number `at` made plain; none if there is no such message, or it cannot be made so.
#[must_use]
pub fn control(stream: &[u8], at: usize, site: &Site) -> Option<Vec<u8>> {
    let reading = requests(stream);
    let message = reading.messages.get(at)?;
    let end = match message.end {
        End::Complete(end) | End::Tunnel(end) => end,
        _ => stream.len(),
    };
    let plain = if message.faults.is_empty() {
        without_features(&stream[message.start..end], message)?
    } else {
        written_anew(stream, message, site)
    };
    let behind = if message.faults.is_empty() { &stream[end..] } else { b"" };
    let control = [&stream[..message.start], &plain, behind].concat();
    let is_plain =
        |message: &Message| message.faults.is_empty() && message.features.iter().all(|feature| !is_judged(feature));
    requests(&control).messages.get(at).is_some_and(is_plain).then_some(control)
}

/// The stream with SP in the place of every fold, NUL and bare CR of its heads, which is how they may be repaired; none if
/// something else is wrong with it.
#[must_use]
pub fn repaired(stream: &[u8]) -> Option<Vec<u8>> {
    let mut plain: Vec<u8> = stream.iter().map(|octet| if *octet == 0 { b' ' } else { *octet }).collect();
    for at in 0..plain.len() {
        if plain[at] == b'\r' && plain.get(at + 1) != Some(&b'\n') {
            plain[at] = b' ';
        }
        if plain[at..].starts_with(b"\r\n ") || plain[at..].starts_with(b"\r\n\t") {
            plain[at] = b' ';
            plain[at + 1] = b' ';
        }
    }
    requests(&plain).faults().next().is_none().then_some(plain)
}

fn is_judged(feature: &Fault) -> bool {
    feature.rule.reaction(Role::OriginServer, On::Request).is_some()
}

/// A valid message without the features that servers stumble over. `octets` are its own.
fn without_features(octets: &[u8], message: &Message) -> Option<Vec<u8>> {
    let base = message.start;
    let mut plain = octets.to_vec();
    // From behind, so that offsets stay right.
    let mut features: Vec<&Fault> = message.features.iter().filter(|feature| is_judged(feature)).collect();
    features.sort_by_key(|feature| std::cmp::Reverse((feature.span.start, feature.span.end)));
    let mut upto = octets.len();
    for feature in features {
        let (start, end) = (feature.span.start as usize - base, (feature.span.end as usize - base).min(upto));
        if start >= upto {
            continue;
        }
        if [&CHUNK_EXTENSION, &CHUNK_EXTENSION_WHITESPACE, &EMPTY_LINE_BEFORE_REQUEST].contains(&feature.rule) {
            plain.drain(start..end);
        } else if feature.rule == &FIELD_VALUE_OBS_TEXT {
            for octet in plain[start..].iter_mut().take_while(|octet| **octet != b'\n') {
                *octet = if *octet >= 0x80 { b'x' } else { *octet };
            }
        } else if feature.rule == &VERSION_MINOR_HIGHER {
            plain[start] = b'1';
        } else if feature.rule == &TRAILER_SECTION {
            let last = plain.windows(5).rposition(|window| window == b"\r\n0\r\n");
            let last = last.map(|at| at + 5).or_else(|| {
                let head = message.head_end? - base;
                plain[head..].starts_with(b"0\r\n").then_some(head + 3)
            })?;
            plain.truncate(last);
            plain.extend_from_slice(b"\r\n");
        } else if feature.rule == &ABSOLUTE_FORM {
            let target = &plain[start..end];
            let authority = target.windows(3).position(|window| window == b"://")? + 3;
            let path = target[authority..].iter().position(|&octet| octet == b'/' || octet == b'?');
            let origin = match path {
                Some(path) if target[authority + path] == b'/' => target[authority + path..].to_vec(),
                Some(path) => [b"/", &target[authority + path..]].concat(),
                None => b"/".to_vec(),
            };
            plain.splice(start..end, origin);
        } else {
            return None;
        }
        upto = start;
    }
    Some(plain)
}

/// What the names of fields about framing look like without their hyphens.
const FRAMING: [&str; 3] = ["contentlength", "transferencoding", "trailer"];

fn written_anew(stream: &[u8], message: &Message, site: &Site) -> Vec<u8> {
    let is_token =
        |method: &[u8]| !method.is_empty() && method.iter().all(|&octet| startline_parser::bytes::is_tchar(octet));
    let method = message.method(stream).filter(|method| is_token(method)).unwrap_or(b"GET");
    let is_wrong = |from: usize, to: usize| {
        message.faults.iter().any(|fault| (fault.span.start as usize) < to && fault.span.end as usize >= from)
    };
    let host = site.host.as_bytes();
    let line = message.fields.first().map_or(usize::MAX, |field| field.name_span.start as usize);
    let target = match message.target(stream) {
        Some(target) if target.starts_with(b"/") && !is_wrong(message.start, line.min(message.start + 1)) => {
            let at = stream[message.start..].windows(target.len()).position(|window| window == target).unwrap_or(0);
            if is_wrong(message.start + at, message.start + at + target.len()) { site.path.as_bytes() } else { target }
        }
        _ if method == b"CONNECT" => host,
        _ => site.path.as_bytes(),
    };
    let mut plain = [method, b" ", target, b" HTTP/1.1\r\nHost: ", host, b"\r\n"].concat();
    // Framing stays as it is, odd as it may be, if nothing is wrong with it.
    let in_head = |fault: &&Fault| fault.stage != Stage::Body;
    let keeps_framing = !message.faults.iter().filter(in_head).any(is_about_framing);
    let keeps_body = keeps_framing && message.faults.iter().all(|fault| in_head(&fault));
    for field in &message.fields {
        let (from, to) = (field.name_span.start as usize, field.value_span.end as usize);
        let near: Vec<u8> = field.name.iter().filter(|octet| octet.is_ascii_alphanumeric()).copied().collect();
        let is_framing = FRAMING.iter().any(|name| near.eq_ignore_ascii_case(name.as_bytes()));
        let is_kept = !near.eq_ignore_ascii_case(b"host") && (keeps_framing || !is_framing);
        let raw = stream.get(from..to).unwrap_or_default();
        if is_kept && !is_wrong(from, to + 2) && is_token(&field.name) && !raw.contains(&b'\n') {
            let behind = stream[to..].iter().take_while(|octet| matches!(octet, b' ' | b'\t')).count();
            plain.extend_from_slice(&stream[from..to + behind]);
            plain.extend_from_slice(b"\r\n");
        }
    }
    let has = |name: &str| message.values(name).next().is_some();
    let body = match (message.end, message.head_end) {
        (End::Complete(end), Some(head_end)) if keeps_body => Some(&stream[head_end..end]),
        _ => None,
    };
    if let Some(body) = body {
        plain.extend_from_slice(b"\r\n");
        plain.extend_from_slice(body);
    } else if has("transfer-encoding") && keeps_framing {
        plain.extend_from_slice(b"\r\n5\r\nhello\r\n0\r\n\r\n");
    } else if has("transfer-encoding") {
        plain.extend_from_slice(b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
    } else if has("content-length") || (!keeps_framing && method == b"POST") {
        plain.extend_from_slice(b"Content-Length: 5\r\n\r\nhello");
    } else {
        plain.extend_from_slice(b"\r\n");
    }
    plain
}

/// Whether a fault is in what says where the message ends, or in the body itself.
fn is_about_framing(fault: &Fault) -> bool {
    let id = fault.rule.id;
    ["content-length", "transfer-", "chunk", "length-and", "body-", "version-"].iter().any(|part| id.starts_with(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(stream: &[u8]) -> String {
        let site = Site { host: "h".to_owned(), path: "/p".to_owned(), scheme: "http" };
        String::from_utf8(control(stream, 0, &site).unwrap()).unwrap()
    }

    #[test]
    fn features_are_taken_out_where_they_stand() {
        for (stream, plain) in [
            (
                &b"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1 ;a = b\r\nx\r\n0;c\r\n\r\n"[..],
                "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
            ),
            (
                b"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\na: b\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
            ),
            (
                b"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\na: b\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            ),
            (b"\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n", "GET / HTTP/1.1\r\nHost: h\r\n\r\n"),
            (b"GET / HTTP/1.7\r\nHost: h\r\nA: \xE9b\r\n\r\n", "GET / HTTP/1.1\r\nHost: h\r\nA: xb\r\n\r\n"),
            (b"GET http://h?q HTTP/1.1\r\nHost: h\r\n\r\n", "GET /?q HTTP/1.1\r\nHost: h\r\n\r\n"),
            (b"GET http://h/a HTTP/1.1\r\nHost: h\r\n\r\n", "GET /a HTTP/1.1\r\nHost: h\r\n\r\n"),
        ] {
            assert_eq!(of(stream), plain);
        }
    }

    #[test]
    fn what_may_be_repaired_is_with_blanks() {
        let plain = repaired(b"GET / HTTP/1.1\r\nHost: h\r\nA: b\r\n\tc\0d\re\r\n\r\n").unwrap();
        assert_eq!(plain, b"GET / HTTP/1.1\r\nHost: h\r\nA: b  \tc d e\r\n\r\n");
        assert_eq!(repaired(b"GET / HTTP/1.1\r\nA: b\0\r\n\r\n"), None);
    }

    #[test]
    fn a_message_with_a_fault_is_written_anew_with_what_is_right_about_it() {
        assert_eq!(
            of(b"PUT /x HTTP/1.1\r\nHost: h\r\nA: b\r\nC : d\r\nContent-Length: +5\r\n\r\nhello"),
            "PUT /x HTTP/1.1\r\nHost: h\r\nA: b\r\nContent-Length: 5\r\n\r\nhello"
        );
        assert_eq!(of(b"GET /a%zz HTTP/1.1\r\nHost: h\r\n\r\n"), "GET /p HTTP/1.1\r\nHost: h\r\n\r\n");
        assert_eq!(of(b"GET / HTTP/1.1\r\nA: b\r\n\r\n"), "GET / HTTP/1.1\r\nHost: h\r\nA: b\r\n\r\n");
    }
}
