//! Telling the answers in the octets that came back.
//!
//! Responses are read by the reader and not by the strict parser, because real servers send what a strict parser stops
//! at. The reader is told the methods of the requests, without which nobody knows whether a response has a body.

use startline_parser::Limits;
use startline_parser::bytes::is_ows;
use startline_parser::policy::Policy;
use startline_parser::reader::{self, End, Message};

use crate::rule::{On, Rule};

/// One response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status; none for octets without a status-line.
    pub status: Option<u16>,
    /// Whether all of it has come.
    pub is_complete: bool,
    /// Whether all of its head has come.
    pub has_head: bool,
    /// Its field lines.
    pub fields: Vec<(Vec<u8>, Vec<u8>)>,
    /// Where the names of these field lines stand in the stream.
    pub field_offsets: Vec<usize>,
    /// The whitespace before and behind the values of these field lines.
    pub field_blanks: Vec<(usize, usize)>,
    /// The field lines of its trailer section.
    pub trailers: Vec<(Vec<u8>, Vec<u8>)>,
    /// Whether it goes on until the connection ends.
    pub is_until_close: bool,
    /// Its content, without the chunked coding.
    pub content: Vec<u8>,
    /// Whether it has the `close` option, or is of HTTP/1.0 without `keep-alive`.
    pub says_close: bool,
    /// The minor version; none if it could not be read.
    pub minor: Option<u8>,
    /// Offset of its first octet in the stream.
    pub start: usize,
    /// What is wrong with it, by offset in the stream.
    pub faults: Vec<(&'static Rule, usize)>,
}

impl Answer {
    /// Whether it is an interim response; 101 is final to HTTP, since another protocol follows.
    #[must_use]
    pub const fn is_interim(&self) -> bool {
        matches!(self.status, Some(100 | 102..=199))
    }

    /// The first value of a field.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&[u8]> {
        self.fields.iter().find(|(field, _)| field.eq_ignore_ascii_case(name.as_bytes())).map(|(_, value)| &value[..])
    }
}

/// Every response in the octets of one connection. `closed` says that the peer has closed, which completes a response
/// without a length.
#[must_use]
pub fn answers(octets: &[u8], methods: &[Vec<u8>], closed: bool) -> Vec<Answer> {
    let methods: Vec<&[u8]> = methods.iter().map(Vec::as_slice).collect();
    let reading = reader::read(octets, On::Response, &methods, &Policy::STRICT, &Limits::DEFAULT);
    reading.messages.iter().map(|message| answer(message, octets, closed)).collect()
}

fn answer(message: &Message, octets: &[u8], closed: bool) -> Answer {
    let is_complete = match message.end {
        End::Complete(_) | End::Tunnel(_) => true,
        // What has no end that anybody could tell is as complete as it will get.
        End::UntilClose | End::Lost => closed,
        _ => false,
    };
    let is_10 = message.version().is_some_and(|version| !version.is_11());
    // What a recipient has to put up with may still be forbidden to its sender.
    let forbidden = message.features.iter().filter(|feature| feature.rule.sender(On::Response).is_some());
    let found = message.faults.iter().chain(forbidden);
    let mut faults: Vec<_> = found.map(|fault| (fault.rule, fault.span.start as usize)).collect();
    if closed && message.end == End::Partial && message.head_end.is_some() {
        faults.push((&startline_parser::rule::framing::BODY_INCOMPLETE, octets.len()));
    }
    Answer {
        status: message.status().filter(|&status| status != 0),
        is_complete,
        has_head: message.head_end.is_some(),
        fields: message.fields.iter().map(|field| (field.name.clone(), field.value.clone())).collect(),
        field_offsets: message.fields.iter().map(|field| field.name_span.start as usize).collect(),
        field_blanks: message.fields.iter().map(|field| blanks(field, octets)).collect(),
        trailers: message.trailers.iter().map(|field| (field.name.clone(), field.value.clone())).collect(),
        is_until_close: message.end == End::UntilClose,
        content: message.content(octets),
        says_close: message.lists("connection", "close") || (is_10 && !message.lists("connection", "keep-alive")),
        minor: message.version().map(|version| version.minor),
        start: message.start,
        faults,
    }
}

/// How many blanks stand before and behind a value in its line.
fn blanks(field: &reader::FieldLine, octets: &[u8]) -> (usize, usize) {
    let count = |octets: &[u8]| octets.iter().take_while(|&&octet| is_ows(octet)).count();
    let after = |at: u32| octets.get(at as usize..).unwrap_or_default();
    let before = after(field.name_span.end).strip_prefix(b":").map_or(0, count);
    // An empty value has its blanks before it.
    (before, if field.value.is_empty() { 0 } else { count(after(field.value_span.end)) })
}

/// Counts the complete answers of a stream that grows, without reading it anew each time.
#[derive(Debug, Clone)]
pub struct AnswerCounter {
    methods: Vec<Vec<u8>>,
    pending: Vec<u8>,
    finals: usize,
    interims: usize,
}

impl AnswerCounter {
    /// A counter for the answers to requests with these methods.
    #[must_use]
    pub const fn new(methods: Vec<Vec<u8>>) -> Self {
        Self { methods, pending: Vec::new(), finals: 0, interims: 0 }
    }

    /// Complete final answers.
    #[must_use]
    pub const fn finals(&self) -> usize {
        self.finals
    }

    /// Complete answers, interim ones included.
    #[must_use]
    pub const fn responses(&self) -> usize {
        self.finals + self.interims
    }

    /// Whether a final answer is complete, or the head of the next one is.
    #[must_use]
    pub fn has_begun(&self) -> bool {
        self.finals > 0 || self.pending.windows(3).any(|window| window == b"\n\r\n")
    }

    /// More octets.
    pub fn push(&mut self, octets: &[u8]) {
        self.pending.extend_from_slice(octets);
        let methods: Vec<&[u8]> = self.methods.iter().skip(self.finals).map(Vec::as_slice).collect();
        let reading = reader::read(&self.pending, On::Response, &methods, &Policy::STRICT, &Limits::DEFAULT);
        let mut end = 0;
        for message in &reading.messages {
            let End::Complete(next) = message.end else { break };
            end = next;
            if message.status().is_some_and(|status| matches!(status, 100 | 102..=199)) {
                self.interims += 1;
            } else {
                self.finals += 1;
            }
        }
        self.pending.drain(..end);
    }

    /// The peer has closed: an answer that lasts until then is complete.
    pub fn close(&mut self) {
        let methods: Vec<Vec<u8>> = self.methods.iter().skip(self.finals).cloned().collect();
        let rest = answers(&self.pending, &methods, true);
        self.finals += rest.iter().filter(|answer| answer.is_complete && !answer.is_interim()).count();
        self.pending.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn get() -> Vec<Vec<u8>> {
        vec![b"GET".to_vec()]
    }

    #[test]
    fn tells_answers_apart() {
        let octets = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 404 No\r\nConnection: close\r\n\r\nx";
        let found = answers(octets, &get(), true);
        let statuses: Vec<_> = found.iter().map(|answer| answer.status.unwrap()).collect();
        assert_eq!(statuses, [100, 200, 404]);
        assert_eq!(found[1].content, b"ok");
        assert!(found[0].is_interim() && found[2].says_close && found[2].is_complete);
        assert!(!answers(octets, &get(), false)[2].is_complete);
    }

    #[test]
    fn octets_without_a_status_line_are_an_answer_without_a_status() {
        let found = answers(b"<html>hello</html>\r\n", &get(), true);
        assert_eq!(found[0].status, None);
        assert_eq!(found[0].faults[0].0.id, "status-line-missing");
    }

    #[test]
    fn counting_does_not_depend_on_the_split() {
        let octets = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\nHTTP/1.1 204 No\r\n\r\nHTTP/1.1 200 OK\r\n\r\nx";
        for split in 0..octets.len() {
            let mut counter = AnswerCounter::new(get());
            counter.push(&octets[..split]);
            counter.push(&octets[split..]);
            assert_eq!(counter.finals(), 2, "{split}");
            counter.close();
            assert_eq!(counter.finals(), 3, "{split}");
        }
    }
}
