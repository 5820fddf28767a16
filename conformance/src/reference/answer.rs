//! An answer, and the octets that it becomes: `Date`, `Content-Length` and `Connection` on each, or what a fault of the
//! server makes of them.

use super::behaviour::{Behaviour, Deed, Malformation};
use super::date::{self, DateFormat};
use super::lapse::Lapse;

/// What is answered, before anybody has thought of framing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) fields: Vec<(&'static str, String)>,
    pub(super) content: Vec<u8>,
    /// The value of `Content-Type`, if it is sent.
    pub(super) content_type: Option<String>,
}

impl Answer {
    pub(super) fn new(status: u16, content: impl Into<Vec<u8>>) -> Self {
        Self { status, fields: Vec::new(), content: content.into(), content_type: Some("text/plain".to_owned()) }
    }

    pub(super) fn with_field(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.fields.push((name, value.into()));
        self
    }

    pub(super) fn with_type(mut self, content_type: Option<&str>) -> Self {
        self.content_type = content_type.map(str::to_owned);
        self
    }

    /// Whether its status has no content, whatever is asked for.
    pub(super) fn is_bodiless(&self) -> bool {
        matches!(self.status, 100..=199 | 204 | 304)
    }
}

/// What the request and the connection have to do with the octets of its answer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Circumstances<'b> {
    pub(super) behaviour: &'b Behaviour,
    /// The request is a HEAD.
    pub(super) is_head: bool,
    /// The request is of HTTP/1.0.
    pub(super) is_10: bool,
    /// The request is of HTTP/0.9.
    pub(super) is_09: bool,
    /// The request is `OPTIONS *`.
    pub(super) is_server_wide: bool,
    /// The connection turns into a tunnel.
    pub(super) is_tunnel: bool,
    /// The value of `Connection`.
    pub(super) connection: Option<&'static str>,
}

impl Circumstances<'_> {
    /// What is wrong with the answer, if anything is.
    pub(super) fn malformation(&self) -> Option<Malformation> {
        self.behaviour.deeds.iter().find_map(|deed| match deed {
            Deed::Malformed(how) if self.is_server_wide || !how.is_confined() => Some(*how),
            _ => None,
        })
    }
}

/// The 100 that asks for the content.
pub(super) const CONTINUE: &[u8] = b"HTTP/1.1 100 Continue\r\n\r\n";

/// Puts an answer into octets.
pub(super) fn octets(answer: &Answer, at: Circumstances<'_>) -> Vec<u8> {
    use Malformation as M;
    let malformation = at.malformation();
    if at.is_09 {
        return answer.content.clone();
    }
    if malformation == Some(M::StatusLineMissing) {
        return b"these octets have no head\r\n".to_vec();
    }
    let line_end: &[u8] = if malformation == Some(M::BareLf) { b"\n" } else { b"\r\n" };
    let (coding, body) = body(answer, at);
    let mut octets = Vec::with_capacity(body.len() + 512);
    let mut line = |line: &[u8]| {
        octets.extend_from_slice(line);
        octets.extend_from_slice(line_end);
    };
    line(status_line(answer.status, at).as_bytes());
    if malformation == Some(M::LeadingWhitespace) {
        line(b" X-Note: first");
    }
    if let Some(date) = date(answer.status, at.behaviour) {
        line(format!("Date: {date}").as_bytes());
    }
    if let Some(value) = connection(answer.status, at) {
        line(format!("Connection: {value}").as_bytes());
    }
    for (name, value) in &answer.fields {
        line(format!("{name}: {value}").as_bytes());
    }
    if answer.fields.iter().any(|(name, _)| *name == "Upgrade") {
        line(b"Connection: upgrade");
    }
    if !at.is_tunnel && !answer.is_bodiless() {
        if let Some(content_type) = &answer.content_type {
            line(format!("Content-Type: {content_type}").as_bytes());
        }
        if !at.is_head || !at.behaviour.lapses(Lapse::HeadWithoutLength) {
            framing(answer.content.len(), coding, malformation, &mut line);
        }
    }
    if at.behaviour.does(Deed::LongFieldSent) {
        line(format!("X-Long: {}", "a".repeat(6_000 - "X-Long: ".len())).as_bytes());
    }
    if let Some(odd) = malformation.and_then(odd_line) {
        line(odd);
    }
    line(b"");
    if answer.is_bodiless() {
        return octets;
    }
    if !at.is_head || at.behaviour.does(Deed::HeadWithContent) {
        octets.extend_from_slice(&body);
    }
    octets
}

fn status_line(status: u16, at: Circumstances<'_>) -> String {
    use Malformation as M;
    let malformation = at.malformation();
    let is_10 = answers_10(status, at) || malformation == Some(M::CodingInHttp10);
    let version = if is_10 { "HTTP/1.0" } else { "HTTP/1.1" };
    match malformation {
        Some(M::StatusLineWhitespace) => format!("{version}  {status} {}", reason(status)),
        Some(M::StatusSpaceMissing) => format!("{version} {status}"),
        Some(M::ReasonInvalid) => format!("{version} {status} {}\x07", reason(status)),
        Some(M::StatusCodeInvalid) => format!("{version} {} {}", status / 10, reason(status)),
        Some(M::VersionInvalid) => format!("{version}.0 {status} {}", reason(status)),
        _ => format!("{version} {status} {}", reason(status)),
    }
}

fn date(status: u16, behaviour: &Behaviour) -> Option<String> {
    let (of_2xx, of_4xx) = (behaviour.does(Deed::DateMissing(true)), behaviour.does(Deed::DateMissing(false)));
    // Without a clock there is none anywhere.
    if of_2xx && (of_4xx || status / 100 == 2) || of_4xx && status / 100 == 4 {
        return None;
    }
    let format = behaviour.deeds.iter().find_map(|deed| match deed {
        Deed::DateWritten(format) => Some(*format),
        _ => None,
    });
    Some(date::write(behaviour.now(), format.unwrap_or(DateFormat::Fixdate)))
}

fn answers_10(status: u16, at: Circumstances<'_>) -> bool {
    at.behaviour.does(Deed::AnswersHttp10)
        || at.is_10 && at.behaviour.does(Deed::AnswersInKind)
        || status >= 400 && at.behaviour.does(Deed::RefusesInHttp10)
}

/// Whoever goes on after an HTTP/1.0 answer has to say so.
fn connection(status: u16, at: Circumstances<'_>) -> Option<&'static str> {
    let goes_on = answers_10(status, at) && !(at.is_10 && at.behaviour.does(Deed::AnswersInKind));
    at.connection.or(goes_on.then_some("keep-alive"))
}

fn framing(length: usize, coding: Option<&str>, malformation: Option<Malformation>, line: &mut impl FnMut(&[u8])) {
    use Malformation as M;
    if let Some(coding) = coding {
        line(format!("Transfer-Encoding: {coding}").as_bytes());
        if malformation == Some(M::LengthAndCoding) {
            line(format!("Content-Length: {length}").as_bytes());
        }
        return;
    }
    let value = match malformation {
        Some(M::LengthRepeated) => format!("{length}, {length}"),
        Some(M::LengthInvalid) => format!("{length}x"),
        Some(M::ContentShorter) => (length + 10).to_string(),
        _ => length.to_string(),
    };
    line(format!("Content-Length: {value}").as_bytes());
    if malformation == Some(M::LengthConflict) {
        line(format!("Content-Length: {}", length + 1).as_bytes());
    }
}

/// The line that is wrong in an answer whose other lines are right.
fn odd_line(malformation: Malformation) -> Option<&'static [u8]> {
    use Malformation as M;
    Some(match malformation {
        M::BareCr => b"X-Note: a\rb",
        M::ColonMissing => b"X-Note",
        M::NameInvalid => b"X-(Note): a",
        M::ColonWhitespace => b"X-Note : a",
        M::ObsFold => b"X-Note: a\r\n b",
        M::ValueNul => b"X-Note: a\0b",
        M::ValueControl => b"X-Note: a\x07b",
        _ => return None,
    })
}

/// The value of `Transfer-Encoding`, if the content is chunked, and the body.
fn body(answer: &Answer, at: Circumstances<'_>) -> (Option<&'static str>, Vec<u8>) {
    use Malformation as M;
    let malformation = at.malformation();
    let content = &answer.content[..];
    let chunked_to_10 = at.is_10 && at.behaviour.does(Deed::ChunkedToHttp10);
    let coding = match malformation {
        _ if chunked_to_10 => "chunked",
        Some(M::CodingInHttp10) => "chunked",
        // An HTTP/1.0 client gets no coding, whatever else is wrong.
        _ if at.is_10 => "",
        Some(
            M::LengthAndCoding
            | M::ChunkLineBareLf
            | M::ChunkDataUnterminated
            | M::ChunkExtensionInvalid
            | M::ChunkExtensionWhitespace
            | M::ChunkSizeInvalid,
        ) => "chunked",
        Some(M::CodingRepeated) => "chunked, chunked",
        Some(M::CodingParameters) => "chunked;level=1",
        Some(M::CodingInvalid) => "chunked;",
        _ => "",
    };
    if coding.is_empty() {
        let more: &[u8] = if malformation == Some(M::ContentLonger) { b"more\r\n" } else { b"" };
        return (None, [content, more].concat());
    }
    let (prefix, extension, size_end, data_end) = match malformation {
        Some(M::ChunkLineBareLf) => ("", "", "\n", "\r\n"),
        Some(M::ChunkDataUnterminated) => ("", "", "\r\n", "\n"),
        Some(M::ChunkExtensionInvalid) => ("", ";=a", "\r\n", "\r\n"),
        Some(M::ChunkExtensionWhitespace) => ("", " ; a = b", "\r\n", "\r\n"),
        Some(M::ChunkSizeInvalid) => ("0x", "", "\r\n", "\r\n"),
        _ => ("", "", "\r\n", "\r\n"),
    };
    let mut body = Vec::new();
    if !content.is_empty() {
        body.extend_from_slice(format!("{prefix}{:x}{extension}{size_end}", content.len()).as_bytes());
        body.extend_from_slice(content);
        body.extend_from_slice(data_end.as_bytes());
    }
    body.extend_from_slice(b"0\r\n\r\n");
    (Some(coding), body)
}

/// The reason-phrase of the statuses in use here.
fn reason(status: u16) -> &'static str {
    match status {
        101 => "Switching Protocols",
        200 => "OK",
        201 => "Created",
        204 => "No Content",
        206 => "Partial Content",
        301 => "Moved Permanently",
        304 => "Not Modified",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        406 => "Not Acceptable",
        408 => "Request Timeout",
        411 => "Length Required",
        412 => "Precondition Failed",
        413 => "Content Too Large",
        414 => "URI Too Long",
        415 => "Unsupported Media Type",
        416 => "Range Not Satisfiable",
        417 => "Expectation Failed",
        421 => "Misdirected Request",
        426 => "Upgrade Required",
        431 => "Request Header Fields Too Large",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        505 => "HTTP Version Not Supported",
        _ => "",
    }
}
