//! Version, framing and trailers.

use startline_parser::rule::request_line::VERSION_MAJOR_UNSUPPORTED;

use super::{Sink, shown};
use crate::rule;

/// Fields whose definition does not let them stand in a trailer section, because they are needed before the content
/// (RFC 9110 section 6.5.1). Fields that are not defined there are not judged.
const NEVER_LATE: [&str; 21] = [
    "age",
    "allow",
    "cache-control",
    "connection",
    "content-encoding",
    "content-language",
    "content-length",
    "content-location",
    "content-range",
    "content-type",
    "date",
    "expires",
    "host",
    "location",
    "proxy-authenticate",
    "retry-after",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "vary",
    "www-authenticate",
];

pub(super) fn look(sink: &mut Sink<'_>) {
    version(sink);
    forbidden(sink);
    until_close(sink);
    without_end(sink);
    trailers(sink);
}

fn version(sink: &mut Sink<'_>) {
    let answer = sink.response.answer;
    if answer.faults.iter().any(|(rule, _)| *rule == &VERSION_MAJOR_UNSUPPORTED) {
        sink.add_whole(&rule::RESPONSE_VERSION_UNKNOWN, "the major version in the status-line is not 1");
    } else if let Some(minor @ 2..) = answer.minor {
        sink.add_whole(&rule::RESPONSE_VERSION_UNKNOWN, format!("the status-line says HTTP/1.{minor}"));
    }
}

/// Fields about a body where there is none, and bodies and interim responses where there must be none.
fn forbidden(sink: &mut Sink<'_>) {
    let response = *sink.response;
    let status = response.status();
    let is_tunnel = matches!(status, 200..=299) && response.is_to("CONNECT") && response.request.is_some();
    if matches!(status, 100..=199 | 204) || is_tunnel {
        for (rule, name) in [
            (&rule::TRANSFER_ENCODING_FORBIDDEN, "Transfer-Encoding"),
            (&rule::CONTENT_LENGTH_FORBIDDEN, "Content-Length"),
        ] {
            if let Some((_, offset)) = response.values(name).next() {
                sink.add(rule, offset, format!("{name} in a {status}"));
            }
        }
    }
    let is_to_10 = response.request.and_then(startline_parser::reader::Message::version).is_some_and(|v| !v.is_11());
    if is_to_10 && matches!(status, 100..=199) {
        sink.add_whole(&rule::INTERIM_TO_HTTP10, format!("a {status} to an HTTP/1.0 request"));
    }
    if is_to_10 && let Some((_, offset)) = response.values("transfer-encoding").next() {
        sink.add(&rule::NO_CODING_TO_HTTP10, offset, "Transfer-Encoding to an HTTP/1.0 request");
    }
    if status == 205 && response.content().is_some_and(|content| !content.is_empty()) {
        sink.add_whole(&rule::RESET_CONTENT_WITH_CONTENT, "a 205 with content");
    }
    if status > 599 {
        sink.add_whole(&rule::STATUS_CODE_OUT_OF_RANGE, format!("the status-code is {status}"));
    }
}

/// The answer to a request of HTTP/1.1 that goes on until the connection ends. One of HTTP/1.0 has no chunks, and so may
/// have to.
fn until_close(sink: &mut Sink<'_>) {
    let response = *sink.response;
    let answer = response.answer;
    let is_11 = answer.minor.is_some_and(|minor| minor >= 1) && response.version.is_some_and(|version| version.is_11());
    // A coding that is not chunked delimits nothing either, and is the other way that section 6.1 leaves.
    if is_11 && answer.is_until_close && !response.has("transfer-encoding") {
        sink.add_whole(&rule::RESPONSE_UNTIL_CLOSE, "neither Content-Length nor Transfer-Encoding");
    }
}

/// A coding that is not chunked last, on a connection that is not closed.
fn without_end(sink: &mut Sink<'_>) {
    let response = *sink.response;
    let Some((value, offset)) = response.values("transfer-encoding").next() else { return };
    if response.method.is_some() && response.answer.is_until_close && response.is_quiet {
        sink.add_value(&rule::CODING_WITHOUT_END, offset, "Transfer-Encoding", value);
    }
}

fn trailers(sink: &mut Sink<'_>) {
    let response = *sink.response;
    let answer = response.answer;
    for (name, _) in &answer.trailers {
        let shown = shown(name);
        if NEVER_LATE.iter().any(|never| name.eq_ignore_ascii_case(never.as_bytes())) {
            sink.add_whole(&rule::TRAILER_FIELD_FORBIDDEN, format!("{shown} in the trailer section"));
        }
        if !std::str::from_utf8(name).is_ok_and(|name| response.lists("trailer", name)) {
            sink.add_whole(&rule::TRAILER_UNANNOUNCED, format!("{shown} in the trailer section alone"));
        }
    }
}
