//! What a reading makes of the first message of a stream, in terms that two readings can be compared in.
//!
//! [`by_parser`] drives the strict parser as a server or a client would: the head, then `check`, then the body.
//! [`by_reader`] asks the reader under the strict policy. Both answer with an [`Outcome`]; where a part was not come to,
//! it is none.

use startline_parser::policy::Policy;
use startline_parser::reader::{self, End, StartLine};
use startline_parser::rule::{Kind, On};
use startline_parser::{
    Body, ChunkedDecoder, ChunkedEvent, Error, FieldSpan, Fields, Framing, Limits, Progress, Request, RequestParser,
    Response, ResponseParser, Span,
};

/// Field lines that the parsers here have room for; a larger `Limits::fields` is cut to it. More than the strict parser
/// takes at one go, so that it has to go on.
pub const FIELDS: usize = 300;

/// How a reading ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The first message is there and right.
    Accept,
    /// More octets are needed.
    Partial,
    /// A rule is broken, or a limit exceeded, first at that octet of the stream.
    Error(Error),
}

/// A head taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The method and the request-target of a request, and the form of the latter.
    pub request: Option<(Vec<u8>, Vec<u8>, &'static str)>,
    /// The status and the reason-phrase of a response.
    pub response: Option<(u16, Vec<u8>)>,
    /// The minor version as sent.
    pub minor: u8,
    /// Names and values of the field lines, with the offsets of both.
    pub fields: Vec<(Vec<u8>, Vec<u8>, Span, Span)>,
    /// Offset of the first octet after the head.
    pub end: usize,
}

/// What one reading makes of the first message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// How it ends.
    pub verdict: Verdict,
    /// The head, once its syntax is right.
    pub head: Option<Head>,
    /// Where the body ends, once the head is right.
    pub framing: Option<Framing>,
    /// The content that has come; none if the body was not come to.
    pub content: Option<Vec<u8>>,
    /// The field lines of the trailer section that have come.
    pub trailers: Vec<(Vec<u8>, Vec<u8>)>,
    /// Offset of the first octet after the message, if its end is there.
    pub end: Option<usize>,
}

impl Outcome {
    const fn new(verdict: Verdict) -> Self {
        Self { verdict, head: None, framing: None, content: None, trailers: Vec::new(), end: None }
    }

    fn error(mut self, error: Error) -> Self {
        self.verdict = Verdict::Error(error);
        self
    }
}

/// The strict parser's outcome; `method` is that of the request which a response answers.
#[must_use]
pub fn by_parser(stream: &[u8], on: On, method: &[u8], limits: &Limits) -> Outcome {
    let mut storage = vec![FieldSpan::EMPTY; limits.fields.min(FIELDS)];
    let mut outcome = Outcome::new(Verdict::Partial);
    let checked = match on {
        On::Request => {
            let mut parser = RequestParser::with_limits(&mut storage, *limits);
            match parser.advance(stream) {
                Ok(Progress::Partial) => return outcome,
                Ok(Progress::Complete(_)) => {}
                Err(error) => return outcome.error(error),
            }
            let head = parser.head(stream).expect("the head is complete");
            outcome.head = Some(Head::of_request(&head));
            outcome.framing = Some(head.framing());
            head.check()
        }
        On::Response => {
            let mut parser = ResponseParser::with_limits(&mut storage, *limits);
            match parser.advance(stream) {
                Ok(Progress::Partial) => return outcome,
                Ok(Progress::Complete(_)) => {}
                Err(error) => return outcome.error(error),
            }
            let head = parser.head(stream).expect("the head is complete");
            outcome.head = Some(Head::of_response(&head));
            outcome.framing = Some(head.framing(method));
            head.check(method)
        }
    };
    match checked {
        Ok(framing) => {
            assert_eq!(Some(framing), outcome.framing, "`check` and `framing` name different ends");
            assert!(framing.body != Body::Unknown, "a body without an end passed `check`");
            body(stream, framing, limits, outcome)
        }
        Err(error) => outcome.error(error),
    }
}

impl Head {
    /// The parts of a request head.
    #[must_use]
    pub fn of_request(head: &Request<'_, '_>) -> Self {
        Self {
            request: Some((head.method().to_vec(), head.target().to_vec(), head.target_form().word())),
            response: None,
            minor: head.version().minor,
            fields: fields(&head.fields()),
            end: head.head_len(),
        }
    }

    /// The parts of a response head.
    #[must_use]
    pub fn of_response(head: &Response<'_, '_>) -> Self {
        Self {
            request: None,
            response: Some((head.status(), head.reason().to_vec())),
            minor: head.version().minor,
            fields: fields(&head.fields()),
            end: head.head_len(),
        }
    }
}

fn fields(fields: &Fields<'_, '_>) -> Vec<(Vec<u8>, Vec<u8>, Span, Span)> {
    fields.iter().map(|field| (field.name.to_vec(), field.value.to_vec(), field.span.name, field.span.value)).collect()
}

/// Goes over the body as `framing` says.
fn body(stream: &[u8], framing: Framing, limits: &Limits, mut outcome: Outcome) -> Outcome {
    let start = outcome.head.as_ref().map_or(0, |head| head.end);
    let rest = &stream[start..];
    match framing.body {
        Body::Length(octets) => match usize::try_from(octets).ok().and_then(|octets| rest.get(..octets)) {
            Some(content) => {
                outcome.content = Some(content.to_vec());
                outcome.end = Some(start + content.len());
                outcome.verdict = Verdict::Accept;
            }
            None => outcome.content = Some(rest.to_vec()),
        },
        Body::Chunked => {
            let mut decoder = ChunkedDecoder::with_limits(*limits);
            let (mut used, mut content) = (0, Vec::new());
            let error = loop {
                let event = match decoder.decode(&rest[used..]) {
                    Ok((event, octets)) => {
                        used += octets;
                        event
                    }
                    Err(error) => break Some(shifted(error, start)),
                };
                match event {
                    ChunkedEvent::Data(data) => content.extend_from_slice(data),
                    ChunkedEvent::Trailer(field) => outcome.trailers.push((field.name.to_vec(), field.value.to_vec())),
                    ChunkedEvent::End => {
                        outcome.end = Some(start + used);
                        outcome.verdict = Verdict::Accept;
                        break None;
                    }
                    ChunkedEvent::NeedMore => break None,
                    _ => {}
                }
            };
            outcome.content = Some(content);
            if let Some(error) = error {
                return outcome.error(error);
            }
        }
        Body::UntilClose => {
            outcome.content = Some(rest.to_vec());
            outcome.end = Some(stream.len());
            outcome.verdict = Verdict::Accept;
        }
        _ => {
            outcome.content = Some(Vec::new());
            outcome.end = Some(start);
            outcome.verdict = Verdict::Accept;
        }
    }
    outcome
}

/// An error of the decoder counts from the start of the body.
const fn shifted(mut error: Error, by: usize) -> Error {
    error.offset += by;
    error
}

/// The reader's outcome under the strict policy, and every fault and feature that it names in the first message.
#[must_use]
pub fn by_reader(stream: &[u8], on: On, methods: &[&[u8]], limits: &Limits) -> (Outcome, Vec<&'static str>) {
    let reading = reader::read(stream, on, methods, &Policy::STRICT, limits);
    let mut outcome = Outcome::new(Verdict::Partial);
    let Some(message) = reading.messages.first() else { return (outcome, Vec::new()) };
    let mut rules: Vec<_> = message.faults.iter().chain(&message.features).map(|fault| fault.rule.id).collect();
    rules.sort_unstable();
    rules.dedup();
    outcome.verdict = match (message.first_error(), message.end) {
        (Some(error), _) => Verdict::Error(error),
        (None, End::Partial) => Verdict::Partial,
        (None, End::Lost) => unreachable!("the end is lost, but nothing is wrong"),
        (None, _) => Verdict::Accept,
    };
    // A limit in the head leaves no end of it.
    let syntax_is_right =
        message.head_end.is_some() && message.faults.iter().all(|fault| fault.stage > reader::Stage::Syntax);
    if syntax_is_right {
        outcome.head = head_of(message, stream);
        outcome.framing = message.framing;
    }
    outcome.content = message.head_end.map(|_| message.content(stream));
    outcome.trailers = message.trailers.iter().map(|field| (field.name.clone(), field.value.clone())).collect();
    outcome.end = match message.end {
        End::Complete(end) | End::Tunnel(end) => Some(end),
        End::UntilClose => Some(stream.len()),
        _ => None,
    };
    (outcome, rules)
}

fn head_of(message: &reader::Message, stream: &[u8]) -> Option<Head> {
    let (request, response, version) = match message.start_line.as_ref()? {
        StartLine::Request { method, target, form, version } => {
            let form = form.map_or("none", startline_parser::TargetForm::word);
            (Some((method.of(stream).to_vec(), target.of(stream).to_vec(), form)), None, *version)
        }
        StartLine::Response { version, status, reason } => {
            (None, Some((*status, reason.of(stream).to_vec())), *version)
        }
        _ => return None,
    };
    Some(Head {
        request,
        response,
        minor: version?.minor,
        fields: message
            .fields
            .iter()
            .map(|field| (field.name.clone(), field.value.clone(), field.name_span, field.value_span))
            .collect(),
        end: message.head_end?,
    })
}

/// The rules of that kind among `ids`.
#[must_use]
pub fn of_kind<'i>(ids: &[&'i str], kind: Kind) -> Vec<&'i str> {
    let is = |id: &&&str| startline_parser::rule::by_id(id).is_some_and(|rule| rule.kind == kind);
    ids.iter().filter(is).copied().collect()
}
