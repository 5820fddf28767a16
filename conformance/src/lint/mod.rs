//! What fields and statuses mean, for every response that is met: a function of one response, and of the request that it
//! answers where that is known.
//!
//! What the reader finds in a response, of grammar and of framing, is found without this module. Which exchanges are
//! looked at, and what is counted, is for [`judge::lint`](crate::judge::lint).

mod cookies;
mod fields;
mod framing;
mod partial;
mod statuses;
mod style;
#[cfg(test)]
mod tests;

use std::time::{SystemTime, UNIX_EPOCH};

use startline_parser::reader::Message;
use startline_parser::{Version, notation};

use crate::answers::Answer;
use crate::field::{date, list};
use crate::rule::Rule;

/// A rule that a response breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The rule.
    pub rule: &'static Rule,
    /// Where it shows, as an offset in what was received.
    pub offset: usize,
    /// What shows it.
    pub what: String,
}

/// A response and what is known of its request.
#[derive(Debug, Clone, Copy)]
pub struct Response<'a> {
    /// The response.
    pub answer: &'a Answer,
    /// The request that it answers; none if it is not known, or had a fault.
    pub request: Option<&'a Message>,
    /// The method of the request, if it is known.
    pub method: Option<&'a [u8]>,
    /// The version of the request, if it is known.
    pub version: Option<Version>,
    /// Whether nothing more has come for a while, on a connection that is still open.
    pub is_quiet: bool,
    /// Between which times the response was made by the server's own clock, if that is known.
    pub made: Option<(SystemTime, SystemTime)>,
}

/// Every rule about fields and statuses that the response breaks, `date-present` aside, for which other responses are
/// needed.
#[must_use]
pub fn lint(response: &Response<'_>) -> Vec<Found> {
    let mut sink = Sink { response, found: Vec::new() };
    if response.status() == 0 || !response.answer.has_head {
        return sink.found;
    }
    framing::look(&mut sink);
    statuses::look(&mut sink);
    partial::look(&mut sink);
    fields::look(&mut sink);
    style::look(&mut sink);
    cookies::look(&mut sink);
    sink.found
}

/// Whether the response shows that the server has a clock (RFC 9110 section 5.6.7).
#[must_use]
pub fn shows_clock(answer: &Answer) -> bool {
    answer.field("date").and_then(|value| date::read(value, UNIX_EPOCH)).is_some()
}

/// Whether a server with a clock owes a `Date` in this response (section 6.6.1).
#[must_use]
pub fn owes_date(answer: &Answer) -> bool {
    answer.has_head && matches!(answer.status, Some(200..=499)) && answer.field("date").is_none()
}

impl<'a> Response<'a> {
    fn status(&self) -> u16 {
        self.answer.status.unwrap_or(0)
    }

    /// The values of the field, each with the offset of its line.
    fn values(&self, name: &str) -> impl Iterator<Item = (&'a [u8], usize)> {
        let answer = self.answer;
        let lines = answer.fields.iter().zip(&answer.field_offsets);
        let wanted = lines.filter(move |((field, _), _)| field.eq_ignore_ascii_case(name.as_bytes()));
        wanted.map(|((_, value), &offset)| (&value[..], offset))
    }

    fn has(&self, name: &str) -> bool {
        self.answer.field(name).is_some()
    }

    /// Whether a list-based field has the member.
    fn lists(&self, name: &str, member: &str) -> bool {
        self.values(name).any(|(value, _)| list::has(value, member))
    }

    /// Whether it is the answer to a request with this method.
    fn is_to(&self, method: &str) -> bool {
        self.method == Some(method.as_bytes())
    }

    /// The content, if all of it is there, and it is known that there could have been some.
    fn content(&self) -> Option<&'a [u8]> {
        let is_known = self.method.is_some_and(|method| !method.eq_ignore_ascii_case(b"HEAD") && method != b"CONNECT");
        (is_known && self.answer.is_complete).then_some(&self.answer.content[..])
    }
}

/// Collects what is found.
struct Sink<'r> {
    response: &'r Response<'r>,
    found: Vec<Found>,
}

impl Sink<'_> {
    /// The rule is broken at the offset.
    fn add(&mut self, rule: &'static Rule, offset: usize, what: impl Into<String>) {
        self.found.push(Found { rule, offset, what: what.into() });
    }

    /// The rule is broken by the response as a whole.
    fn add_whole(&mut self, rule: &'static Rule, what: impl Into<String>) {
        self.add(rule, self.response.answer.start, what);
    }

    /// The rule is broken by the value of a field.
    fn add_value(&mut self, rule: &'static Rule, offset: usize, name: &str, value: &[u8]) {
        self.add(rule, offset, format!("{name}: {}", shown(value)));
    }
}

/// A value for reports.
fn shown(value: &[u8]) -> String {
    const MOST: usize = 80;
    let text = notation::encode(&value[..value.len().min(MOST)]);
    if value.len() > MOST { format!("{text}...") } else { text }
}
