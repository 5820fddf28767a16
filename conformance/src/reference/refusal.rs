//! Which messages are refused, with which status, and what the answer says.

use startline_parser::reader::{End, Fault, Message, Stage, StartLine};
use startline_parser::{Body, ErrorKind, Limit};

use super::answer::Answer;
use super::behaviour::Behaviour;
use crate::rule::{On, Role, Rule};

/// Why a message is refused, and with what.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) status: u16,
    /// The rule that it breaks; none where it exceeds a limit.
    pub(super) rule: Option<&'static Rule>,
    /// Whether the trouble is the length of the request-target.
    pub(super) is_target_too_long: bool,
    why: String,
}

impl Refusal {
    fn of_rule(fault: &Fault, message: &Message) -> Self {
        let rule = fault.rule;
        let offset = (fault.span.start as usize).saturating_sub(message.start);
        let why = format!("{rule} at octet {offset} of the message: {}", rule.summary());
        Self { status: status(rule), rule: Some(rule), is_target_too_long: false, why }
    }

    fn of_size(status: u16, why: impl Into<String>) -> Self {
        Self { status, rule: None, is_target_too_long: status == 414, why: why.into() }
    }

    /// What is answered.
    pub(super) fn answer(&self) -> Answer {
        Answer::new(self.status, format!("{}\n", self.why))
    }
}

/// The status that the rule's sentence names first; 400 where it names none.
fn status(rule: &'static Rule) -> u16 {
    match rule.id {
        // No sentence names one, but these say best what is wrong.
        "content-length-overflow" => 413,
        "version-major-unsupported" => 505,
        _ => {
            let named = rule.reaction(Role::OriginServer, On::Request).and_then(|r| r.action.statuses().first());
            named.copied().unwrap_or(400)
        }
    }
}

/// Whether a message, or what has come of it, is refused.
pub(super) fn of(message: &Message, stream: &[u8], behaviour: &Behaviour) -> Option<Refusal> {
    if let Some(fault) = message.refused_for() {
        return Some(Refusal::of_rule(fault, message));
    }
    if let Some(limit) = message.limit {
        return Some(match limit.kind {
            ErrorKind::Limit(limit) => of_limit(limit, message, stream),
            _ => Refusal::of_size(400, limit.to_string()),
        });
    }
    if message.end == End::Lost {
        // The policy takes the fault, but can make nothing of these octets.
        let fault = message.faults.iter().rfind(|fault| fault.stage >= Stage::Check).or(message.faults.last());
        return Some(match fault {
            Some(fault) => Refusal::of_rule(fault, message),
            None => Refusal::of_size(400, "nobody can tell where this message ends"),
        });
    }
    let announced = match message.framing.map(|framing| framing.body) {
        Some(Body::Length(octets)) => usize::try_from(octets).unwrap_or(usize::MAX),
        Some(Body::Chunked) => message.content.iter().map(|span| span.len()).sum(),
        _ => 0,
    };
    (announced > behaviour.content_most).then(|| Refusal::of_size(413, "the content is too large"))
}

fn of_limit(limit: Limit, message: &Message, stream: &[u8]) -> Refusal {
    match limit {
        Limit::StartLine if is_method_too_long(message, stream) => Refusal::of_size(501, "the method is too long"),
        Limit::StartLine => Refusal::of_size(414, "the request-target is too long"),
        Limit::Head if message.start_line.is_none() => Refusal::of_size(414, "the request-target is too long"),
        Limit::ChunkLine | Limit::ChunkExtensions => Refusal::of_size(400, limit.to_string()),
        _ => Refusal::of_size(431, limit.to_string()),
    }
}

/// Whether the first word of a request-line is most of it.
fn is_method_too_long(message: &Message, stream: &[u8]) -> bool {
    if matches!(message.start_line, Some(StartLine::Request { .. })) {
        return false;
    }
    let line = stream[message.start..].trim_ascii_start();
    let method = line.iter().take_while(|octet| **octet != b' ').count();
    method > line.len() / 2
}
