//! The slow, obvious reader: a whole stream of octets in, every message, every fault and every boundary out.
//!
//! It is transcribed from the ABNF line by line and makes no attempt to be fast. It shares the rule book and the
//! [`Policy`] with the strict parser, but none of its code for the grammar, so that each can be held against the other:
//! under the strict policy the first fault of a message is the error that the parser stops at, at the same octet.
//!
//! It never stops at the first fault. Where a message is broken it goes on with what the policy makes of the octets, or,
//! where the policy refuses them, with the plainest reading, so that the rest of the faults come to light; only where
//! nobody could tell the end of the message does it stop ([`End::Lost`]).

mod abnf;
mod body;
#[cfg(test)]
mod choices_tests;
mod field_lines;
mod lines;
mod numbers;
mod permitted;
mod semantics;
mod start_line;
mod target;

use alloc::vec::Vec;

use crate::error::Error;
use crate::framing::Framing;
use crate::limits::Limits;
use crate::policy::{Point, Policy};
use crate::rule::{On, Rule};
use crate::span::Span;
use crate::target::TargetForm;
use crate::version::Version;

pub use permitted::{Permitted, permitted};

/// What a stream comes to under one policy.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reading {
    /// The messages in order. The last one may be incomplete.
    pub messages: Vec<Message>,
    /// Offset of the first octet that belongs to no message; the stream's length if all do.
    pub rest: usize,
}

impl Reading {
    /// The faults of all messages, in order.
    pub fn faults(&self) -> impl Iterator<Item = &Fault> {
        self.messages.iter().flat_map(|message| &message.faults)
    }

    /// The features of all messages, in order.
    pub fn features(&self) -> impl Iterator<Item = &Fault> {
        self.messages.iter().flat_map(|message| &message.features)
    }

    /// How many messages a recipient with this policy takes before it refuses one or runs out of octets.
    #[must_use]
    pub fn accepted(&self) -> usize {
        self.messages.iter().take_while(|message| message.is_accepted()).count()
    }
}

/// One message of a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Message {
    /// Offset of its first octet, skipped empty lines included.
    pub start: usize,
    /// The start-line, if its line is complete and could be taken apart.
    pub start_line: Option<StartLine>,
    /// The field lines of the head.
    pub fields: Vec<FieldLine>,
    /// Offset after the empty line that ends the head, once it is there.
    pub head_end: Option<usize>,
    /// How the body is delimited, once the head is complete.
    pub framing: Option<Framing>,
    /// Where the content stands, without what the chunked coding puts around it.
    pub content: Vec<Span>,
    /// The field lines of the trailer section.
    pub trailers: Vec<FieldLine>,
    /// Every fault: of the syntax of the head, then of its checks, then of the body, each part by offset.
    pub faults: Vec<Fault>,
    /// Every feature, in the order met.
    pub features: Vec<Fault>,
    /// The limit that stopped the reading, if one did.
    pub limit: Option<Error>,
    /// How the message ends.
    pub end: End,
}

impl Message {
    /// The fault or limit that the strict parser would stop at.
    #[must_use]
    pub fn first_error(&self) -> Option<Error> {
        let fault = self.faults.first();
        match (fault, self.limit) {
            (None, limit) => limit,
            (Some(fault), Some(limit)) if limit.offset < fault.span.start as usize && fault.stage >= Stage::Check => {
                Some(limit)
            }
            (Some(fault), Some(limit)) if fault.stage == Stage::Syntax && limit.offset < fault.span.start as usize => {
                Some(limit)
            }
            (Some(fault), _) => Some(Error::rule(fault.rule, fault.span.start as usize)),
        }
    }

    /// The first thing for which a recipient with the policy refuses the message.
    #[must_use]
    pub fn refused_for(&self) -> Option<&Fault> {
        self.faults.iter().chain(&self.features).find(|fault| fault.refused)
    }

    /// Whether a recipient with the policy takes the message, and has all of it.
    #[must_use]
    pub fn is_accepted(&self) -> bool {
        self.refused_for().is_none()
            && self.limit.is_none()
            && matches!(self.end, End::Complete(_) | End::Tunnel(_) | End::UntilClose)
    }

    /// The method of a request.
    #[must_use]
    pub fn method<'b>(&self, stream: &'b [u8]) -> Option<&'b [u8]> {
        match &self.start_line {
            Some(StartLine::Request { method, .. }) => Some(method.of(stream)),
            _ => None,
        }
    }

    /// The request-target of a request, as sent.
    #[must_use]
    pub fn target<'b>(&self, stream: &'b [u8]) -> Option<&'b [u8]> {
        match &self.start_line {
            Some(StartLine::Request { target, .. }) => Some(target.of(stream)),
            _ => None,
        }
    }

    /// The status-code of a response.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match self.start_line {
            Some(StartLine::Response { status, .. }) => Some(status),
            _ => None,
        }
    }

    /// The version; none for HTTP/0.9, or when it could not be read.
    #[must_use]
    pub fn version(&self) -> Option<Version> {
        match self.start_line {
            Some(StartLine::Request { version, .. } | StartLine::Response { version, .. }) => version,
            None => None,
        }
    }

    /// The values of the field lines of that name (case-insensitive), in order.
    pub fn values<'m>(&'m self, name: &str) -> impl Iterator<Item = &'m [u8]> {
        self.fields
            .iter()
            .filter(move |field| field.name.eq_ignore_ascii_case(name.as_bytes()))
            .map(|field| &field.value[..])
    }

    /// The content, put together.
    #[must_use]
    pub fn content(&self, stream: &[u8]) -> Vec<u8> {
        self.content.iter().flat_map(|span| span.of(stream)).copied().collect()
    }

    /// Whether a list-based field (RFC 9110 section 5.6.1) has this member, in any of its lines, without regard to case.
    #[must_use]
    pub fn lists(&self, name: &str, member: &str) -> bool {
        self.values(name)
            .flat_map(|value| value.split(|&b| b == b','))
            .any(|element| element.trim_ascii().eq_ignore_ascii_case(member.as_bytes()))
    }
}

/// A start-line taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum StartLine {
    /// A request-line.
    Request {
        /// The method.
        method: Span,
        /// The request-target; empty if there is none.
        target: Span,
        /// Its form, if it has one.
        form: Option<TargetForm>,
        /// The version; none if there is none (HTTP/0.9) or it is not of major version 1.
        version: Option<Version>,
    },
    /// A status-line.
    Response {
        /// The version; none if it is not of major version 1.
        version: Option<Version>,
        /// The status-code; 0 if it is not three digits.
        status: u16,
        /// The reason-phrase.
        reason: Span,
    },
}

/// A field line as the policy reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FieldLine {
    /// The name.
    pub name: Vec<u8>,
    /// The value, trimmed, and repaired where the policy repairs.
    pub value: Vec<u8>,
    /// Where the name stands.
    pub name_span: Span,
    /// Where the trimmed value stands; after a fold, where its first line's part does.
    pub value_span: Span,
}

/// One fault, or one feature, of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fault {
    /// The rule.
    pub rule: &'static Rule,
    /// The octets; empty where something is missing.
    pub span: Span,
    /// The point at which recipients differ about it.
    pub point: Option<Point>,
    /// Whether the policy refuses the message for it.
    pub refused: bool,
    /// In which part of the reading it was found.
    pub stage: Stage,
}

/// The parts of reading a message, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Stage {
    /// The syntax of the head.
    Syntax,
    /// What the fields of the head come to.
    Check,
    /// The message body.
    Body,
}

/// How a message ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum End {
    /// It is complete; the offset after its last octet.
    Complete(usize),
    /// More octets are needed.
    Partial,
    /// It takes everything until the connection is closed.
    UntilClose,
    /// It ends at this offset, and the connection is a tunnel from there.
    Tunnel(usize),
    /// Nobody can tell where it ends.
    Lost,
}

/// Reads `stream` as a recipient with `policy` and `limits` does.
///
/// For responses, `methods` are those of the requests that they answer, in order; a missing one is taken for GET, and
/// informational responses do not use one up (RFC 9112 section 9.2).
#[must_use]
pub fn read(stream: &[u8], on: On, methods: &[&[u8]], policy: &Policy, limits: &Limits) -> Reading {
    let mut reading = Reading { messages: Vec::new(), rest: 0 };
    let mut methods = methods.iter();
    let mut method = methods.next();
    while reading.rest < stream.len() {
        let sink = Sink { policy, stage: Stage::Syntax, faults: Vec::new(), features: Vec::new() };
        let message = message(stream, reading.rest, on, method.copied().unwrap_or(b"GET"), limits, sink);
        let end = message.end;
        if !message.status().is_some_and(|status| (100..200).contains(&status) && status != 101) {
            method = methods.next();
        }
        reading.messages.push(message);
        match end {
            End::Complete(next) => reading.rest = next,
            End::Tunnel(next) => {
                reading.rest = next;
                break;
            }
            End::Partial | End::UntilClose => {
                reading.rest = stream.len();
                break;
            }
            End::Lost => {
                let last = reading.messages.last();
                reading.rest = last.and_then(|message| message.head_end).unwrap_or(stream.len());
                break;
            }
        }
    }
    reading
}

fn message(stream: &[u8], start: usize, on: On, method: &[u8], limits: &Limits, mut sink: Sink<'_>) -> Message {
    let mut message = Message {
        start,
        start_line: None,
        fields: Vec::new(),
        head_end: None,
        framing: None,
        content: Vec::new(),
        trailers: Vec::new(),
        faults: Vec::new(),
        features: Vec::new(),
        limit: None,
        end: End::Partial,
    };
    let mut lines = lines::Lines::new(stream, start, limits, sink.policy);
    head(&mut lines, on, &mut message, &mut sink);
    if let Some(head_end) = message.head_end {
        sink.stage = Stage::Check;
        let framing = match on {
            On::Request => semantics::request(&message, head_end, &mut sink),
            On::Response => semantics::response(&message, method, &mut sink),
        };
        message.framing = Some(framing);
        sink.stage = Stage::Body;
        body::read(stream, head_end, framing, limits, &mut message, &mut sink);
    }
    message.limit = message.limit.or(lines.limit);
    if message.limit.is_some() {
        message.end = End::Lost;
    }
    message.faults = sink.faults;
    message.features = sink.features;
    message.faults.sort_by_key(|fault| (fault.stage, fault.span.start));
    message
}

/// Reads the start-line and the field lines, and sets `head_end` when the empty line is there.
fn head(lines: &mut lines::Lines<'_>, on: On, message: &mut Message, sink: &mut Sink<'_>) {
    let Some(line) = start_line::skip_empty_lines(lines, on, sink) else { return };
    message.start_line = Some(match on {
        On::Request => start_line::request(&line, sink),
        On::Response => start_line::response(&line, sink),
    });
    line.check_end(sink);
    if matches!(message.start_line, Some(StartLine::Request { version: None, .. }))
        && sink.policy.version_missing == crate::policy::VersionMissing::Http09
        && sink.faults.iter().any(|fault| fault.rule == &crate::rule::request_line::VERSION_MISSING)
    {
        message.head_end = Some(line.next);
        return;
    }
    lines.start_line_read();
    message.head_end = field_lines::read(lines, &mut message.fields, sink);
}

/// Collects what is found, and knows what the policy refuses.
struct Sink<'p> {
    policy: &'p Policy,
    stage: Stage,
    faults: Vec<Fault>,
    features: Vec<Fault>,
}

impl Sink<'_> {
    /// A fault about which recipients differ at `point`; the strict choice refuses it.
    fn fault(&mut self, rule: &'static Rule, span: impl Into<Span>, point: Point) {
        let refused = self.policy.choice(point) == 0;
        self.faults.push(Fault { rule, span: span.into(), point: Some(point), refused, stage: self.stage });
    }

    /// A feature about which recipients differ at `point`; any choice but the strict one refuses it.
    fn feature(&mut self, rule: &'static Rule, span: impl Into<Span>, point: Point, refused: bool) {
        self.features.push(Fault { rule, span: span.into(), point: Some(point), refused, stage: self.stage });
    }
}
