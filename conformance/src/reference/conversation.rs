//! One connection: what has arrived is read, answered and let go of, until one side closes.
//!
//! [`pass`] is pure: octets in, answers out, and what to do next. Everything that has arrived and was not answered yet is
//! read again from the start of the first message without an answer each time more comes; that is slow where a message
//! trickles in, and simple.

use std::sync::Arc;
use std::time::Duration;

use startline_parser::reader::{self, End, FieldLine, Message};
use startline_parser::rule::host::HOST_MISSING;
use startline_parser::rule::request_line::VERSION_MISSING;
use startline_parser::{Body, TargetForm};
use tokio::io::AsyncWriteExt;

use super::answer::{self, Answer, CONTINUE, Circumstances};
use super::application::{self, Reply, Request, has_wide_blanks};
use super::behaviour::{Behaviour, Deed, Malformation, Manner, When};
use super::refusal;
use super::resources::Store;
use super::running::Peer;
use super::script;
use crate::rule::On;

/// Serves one connection to its end.
pub(super) async fn serve(mut peer: Peer, behaviour: Arc<Behaviour>, store: Store) {
    if behaviour.tls {
        match tokio::time::timeout(behaviour.patience, peer.secured()).await {
            Ok(Ok(secured)) => peer = secured,
            // Whoever does not shake hands is no peer.
            _ => return,
        }
    }
    let mut buffer = Vec::new();
    let mut continued = false;
    loop {
        let before = buffer.len();
        let patience = if buffer.is_empty() { behaviour.idle } else { behaviour.patience };
        let arrival = match tokio::time::timeout(patience, peer.read(&mut buffer)).await {
            Ok(Ok(0)) => Arrival::Fin,
            Ok(Ok(_)) => Arrival::More,
            Ok(Err(_)) => return,
            Err(_) => Arrival::Nothing,
        };
        arrived(&mut buffer, before, &behaviour);
        if let Some(screen) = behaviour.screen
            && (screen.dislikes)(&buffer)
        {
            return if screen.manner == Manner::Reset { peer.reset() } else { peer.hang(behaviour.idle).await };
        }
        if arrival == Arrival::Fin && behaviour.does(Deed::ClosureUnnoticed) {
            return tokio::time::sleep(behaviour.idle).await;
        }
        if arrival == Arrival::Nothing && buffer.is_empty() && behaviour.does(Deed::ResetsWhenIdle) {
            return peer.reset();
        }
        let pass = pass(&buffer, &behaviour, &store, continued, arrival);
        buffer.drain(..pass.consumed);
        continued = pass.continued;
        if !pass.answers.is_empty() && !behaviour.jitter.is_zero() {
            let most = u64::try_from(behaviour.jitter.as_micros()).unwrap_or(u64::MAX);
            tokio::time::sleep(Duration::from_micros(fastrand::u64(..=most))).await;
        }
        if peer.stream.write_all(&pass.answers.concat()).await.is_err() {
            return;
        }
        match pass.then {
            Then::Read => {}
            Then::Close if behaviour.does(Deed::NoClosureAlert) => return peer.cut(behaviour.drain).await,
            Then::Close => return peer.close(behaviour.drain).await,
            Then::Hang => return peer.hang(behaviour.idle).await,
            Then::Echo => return peer.echo(buffer, behaviour.idle).await,
            Then::Reset => return peer.reset(),
        }
    }
}

/// What a server that goes by its reads makes of one of them: of the octets in the buffer, those from `from` on are new.
pub(super) fn arrived(buffer: &mut Vec<u8>, from: usize, behaviour: &Behaviour) {
    if from == 0 || from == buffer.len() {
        return;
    }
    let is_split = buffer[from - 1] == b'\r' && buffer[from] == b'\n';
    if is_split && behaviour.does(Deed::SplitLineEndTwice) {
        buffer.splice(from..from, *b"\n\r");
    }
    let in_head = !buffer[..from].windows(4).any(|window| window == b"\r\n\r\n");
    if in_head && behaviour.does(Deed::HeadInOneRead) {
        buffer.drain(..from);
    }
}

/// What the last read brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Arrival {
    More,
    Fin,
    Nothing,
}

/// What is done about the octets that have arrived.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Pass {
    /// The answers, in the order in which they are sent.
    pub(super) answers: Vec<Vec<u8>>,
    /// How many octets have been dealt with.
    pub(super) consumed: usize,
    /// Whether the message that is still incomplete was answered with 100.
    pub(super) continued: bool,
    pub(super) then: Then,
}

/// What comes after the answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Then {
    Read,
    Close,
    Hang,
    /// Everything from here on is sent back.
    Echo,
    Reset,
}

/// What is done about one message.
pub(super) enum Turn {
    /// More has to come first.
    Wait,
    /// A 100 is sent, and the content has to come.
    Continue,
    /// It is answered, and the next one begins at the offset.
    Answered(Vec<u8>, usize, Then),
    /// Nothing is answered.
    Stop(Then),
}

/// Deals with everything that has arrived and was not answered yet.
pub(super) fn pass(buffer: &[u8], behaviour: &Behaviour, store: &Store, continued: bool, arrival: Arrival) -> Pass {
    let mut pass = Pass { answers: Vec::new(), consumed: 0, continued, then: Then::Read };
    let mut closing = false;
    'anew: while pass.consumed < buffer.len() {
        let base = pass.consumed;
        let stream = &buffer[base..];
        let limits = if behaviour.does(Deed::LargeFieldsIgnored) {
            // They are read, and left out by the application.
            behaviour.limits.with_field_line(48 << 10)
        } else {
            behaviour.limits
        };
        let reading = reader::read(stream, On::Request, &[], &behaviour.policy, &limits);
        for message in &reading.messages {
            let turn = Server { behaviour, store, stream, continued: pass.continued, arrival };
            match turn.of(message) {
                Turn::Wait => break 'anew,
                Turn::Continue => {
                    pass.answers.push(CONTINUE.to_vec());
                    pass.continued = true;
                    break 'anew;
                }
                Turn::Answered(octets, next, then) => {
                    pass.answers.push(octets);
                    pass.consumed = base + next;
                    pass.continued = false;
                    match then {
                        Then::Read => {}
                        Then::Close if behaviour.does(Deed::ProcessesAfterClose) => closing = true,
                        _ => {
                            pass.then = then;
                            break 'anew;
                        }
                    }
                    if message.end != End::Complete(next) {
                        continue 'anew;
                    }
                }
                Turn::Stop(then) => {
                    pass.then = then;
                    break 'anew;
                }
            }
        }
    }
    if pass.then == Then::Read && (closing || arrival != Arrival::More) {
        pass.then = Then::Close;
    }
    if behaviour.does(Deed::PipelineReversed) {
        pass.answers.reverse();
    }
    pass
}

/// The server in front of one message.
struct Server<'s> {
    behaviour: &'s Behaviour,
    store: &'s Store,
    stream: &'s [u8],
    continued: bool,
    arrival: Arrival,
}

impl Server<'_> {
    fn of(&self, message: &Message) -> Turn {
        if let Some(refusal) = refusal::of(message, self.stream, self.behaviour) {
            return self.refuse(message, &refusal);
        }
        if let Some(head_end) = message.head_end
            && self.leaves_body(message)
        {
            return self.answer(message, head_end, Vec::new());
        }
        match message.end {
            End::Complete(end) | End::Tunnel(end) => self.complete(message, end),
            _ => self.incomplete(message),
        }
    }

    fn refuse(&self, message: &Message, refusal: &refusal::Refusal) -> Turn {
        let mut answer = refusal.answer();
        let manner = match refusal.rule {
            Some(rule) => self.behaviour.manner_for(rule),
            None if refusal.is_target_too_long => self.behaviour.deeds.iter().find_map(|deed| match deed {
                Deed::LongTarget(manner) => Some(*manner),
                _ => None,
            }),
            None if refusal.status == 431 => self.behaviour.deeds.iter().find_map(|deed| match deed {
                Deed::LargeFields(manner) => Some(*manner),
                _ => None,
            }),
            None => None,
        };
        match manner {
            Some(Manner::Hang) => return Turn::Stop(Then::Hang),
            Some(Manner::Reset) => return Turn::Stop(Then::Reset),
            Some(Manner::StayOpen) => {
                let next = match message.end {
                    End::Complete(next) | End::Tunnel(next) => next,
                    End::Partial if self.arrival == Arrival::More => return Turn::Wait,
                    // Where it ends nobody knows; what has come is thrown away.
                    _ => self.stream.len(),
                };
                return Turn::Answered(answer::octets(&answer, self.circumstances(message, None)), next, Then::Read);
            }
            Some(Manner::Status(status)) => answer.status = status,
            None => {}
        }
        let said = (!self.behaviour.does(Deed::RefusalUnannounced)).then_some("close");
        let octets = answer::octets(&answer, self.circumstances(message, said));
        if let End::Complete(next) = message.end
            && refusal.rule == Some(&HOST_MISSING)
            && self.behaviour.does(Deed::CloseSaidNotDone)
        {
            return Turn::Answered(octets, next, Then::Read);
        }
        Turn::Answered(octets, self.stream.len(), Then::Close)
    }

    /// Whether the body is left where it is, to be taken for the next request.
    fn leaves_body(&self, message: &Message) -> bool {
        let posts = matches!(message.method(self.stream), Some(b"POST" | b"PUT"));
        let beside = |deed: &Deed| match deed {
            Deed::ContentBesideUnread(name) => message.values(name).next().is_some(),
            Deed::ContentOfMissingUnread => {
                message.target(self.stream).is_some_and(|path| path.starts_with(b"/missing"))
            }
            _ => false,
        };
        match message.framing.map(|framing| framing.body) {
            Some(Body::Length(_)) if self.behaviour.deeds.iter().any(beside) => true,
            Some(Body::Length(_)) if posts => self.behaviour.does(Deed::ContentOfPostUnread),
            Some(Body::Length(_)) => self.behaviour.does(Deed::ContentOfGetUnread),
            Some(Body::Chunked) => self.behaviour.does(Deed::ChunkedUnseen),
            _ => false,
        }
    }

    fn complete(&self, message: &Message, end: usize) -> Turn {
        if self.continued && self.behaviour.does(Deed::NothingAfterContinue) {
            return Turn::Stop(Then::Hang);
        }
        let is_chunked = message.framing.is_some_and(|framing| framing.body == Body::Chunked);
        if is_chunked && self.behaviour.does(Deed::ChunkedRefused) {
            return self.finish(message, end, &Answer::new(501, "no chunked coding here\n"), false);
        }
        // It knows no compression coding (RFC 9112 section 6.1).
        let mut codings = message.values("transfer-encoding").flat_map(|value| value.split(|&octet| octet == b','));
        let is_compression = |coding: &[u8]| {
            let name =
                coding.split(|&octet| octet == b';').next().unwrap_or_default().trim_ascii().to_ascii_lowercase();
            matches!(&name[..], b"gzip" | b"x-gzip" | b"deflate" | b"compress" | b"x-compress")
        };
        if is_chunked && codings.any(is_compression) && !self.behaviour.does(Deed::CompressionTaken) {
            return self.finish(message, end, &Answer::new(501, "no coding here but chunked\n"), false);
        }
        let content = match message.head_end {
            Some(head_end) if is_chunked && self.behaviour.does(Deed::ChunkedUndecoded) => {
                self.stream[head_end..end].to_vec()
            }
            _ => message.content(self.stream),
        };
        self.answer(message, end, content)
    }

    fn incomplete(&self, message: &Message) -> Turn {
        match self.arrival {
            Arrival::Fin if message.head_end.is_some() && self.behaviour.does(Deed::IncompleteServed) => {
                return self.answer(message, self.stream.len(), message.content(self.stream));
            }
            Arrival::Fin
                if message.head_end.is_none()
                    && matches!(message.start_line, Some(reader::StartLine::Request { .. }))
                    && self.behaviour.does(Deed::IncompleteHeadServed) =>
            {
                return self.answer(message, self.stream.len(), Vec::new());
            }
            Arrival::Fin => return Turn::Stop(Then::Close),
            Arrival::Nothing => {
                let answer = Answer::new(408, "the rest of the request did not come\n");
                return self.finish(message, self.stream.len(), &answer, true);
            }
            Arrival::More => {}
        }
        let Some(head_end) = message.head_end else { return Turn::Wait };
        if self.expects_unknown(message) {
            return self.finish(message, self.stream.len(), &expectation_failed(), true);
        }
        if self.behaviour.does(Deed::SwitchesBeforeContinue) && message.lists("connection", "upgrade") {
            return self.answer(message, self.stream.len(), Vec::new());
        }
        let is_chunked = message.framing.is_some_and(|framing| framing.body == Body::Chunked);
        let wanted = self.expects_continue(message)
            && self.may_continue(message)
            && !(is_chunked && self.behaviour.does(Deed::NoContinueForChunks));
        if wanted && !self.continued && self.stream.len() == head_end && !self.behaviour.does(Deed::NoContinue) {
            return Turn::Continue;
        }
        Turn::Wait
    }

    /// HTTP/1.0 has no interim responses (RFC 9110 section 10.1.1).
    fn may_continue(&self, message: &Message) -> bool {
        !is_10(message) || self.behaviour.does(Deed::ContinueToHttp10)
    }

    fn expects_continue(&self, message: &Message) -> bool {
        let lines = if self.behaviour.does(Deed::FirstExpectCounts) { 1 } else { usize::MAX };
        let elements = message.values("expect").take(lines).flat_map(|value| value.split(|&octet| octet == b','));
        let elements = elements.map(<[u8]>::trim_ascii);
        let ends_early = self.behaviour.does(Deed::EmptyElementEndsList);
        let mut seen = elements.take_while(|element| !(ends_early && element.is_empty()));
        seen.any(|element| element.eq_ignore_ascii_case(b"100-continue"))
    }

    fn expects_unknown(&self, message: &Message) -> bool {
        let unknown = |element: &[u8]| {
            let element = element.trim_ascii();
            !element.is_empty() && !element.eq_ignore_ascii_case(b"100-continue")
        };
        !is_10(message)
            && !self.behaviour.does(Deed::UnknownExpectationIgnored)
            && message.values("expect").flat_map(|value| value.split(|&octet| octet == b',')).any(unknown)
    }

    fn answer(&self, message: &Message, end: usize, content: Vec<u8>) -> Turn {
        if self.expects_unknown(message) {
            return self.finish(message, end, &expectation_failed(), false);
        }
        if let Some(script) = self.script(message) {
            return script::turn(script, end, self.behaviour.now());
        }
        let request = Request { message, stream: self.stream, content };
        match application::reply(&request, self.behaviour, self.store) {
            Reply::Answer(answer) => self.finish(message, end, &answer, false),
            Reply::Tunnel(answer) => {
                let at = Circumstances { is_tunnel: true, ..self.circumstances(message, None) };
                Turn::Answered(answer::octets(&answer, at), end, Then::Hang)
            }
            Reply::Switch(answer) => {
                let at = Circumstances { is_tunnel: true, ..self.circumstances(message, None) };
                let mut octets = answer::octets(&answer, at);
                // Whoever waits for a 100 gets it before the 101 (RFC 9110 section 7.8).
                let hastens = self.behaviour.does(Deed::SwitchesBeforeContinue);
                if message.lists("expect", "100-continue") && !self.continued && !hastens {
                    octets.splice(..0, CONTINUE.iter().copied());
                }
                Turn::Answered(octets, end, Then::Echo)
            }
            Reply::Instead(Manner::Reset) => Turn::Stop(Then::Reset),
            Reply::Instead(_) => Turn::Stop(Then::Hang),
        }
    }

    /// What a faulty server has to say to this request.
    fn script(&self, message: &Message) -> Option<&'static str> {
        let is_connect = message.method(self.stream) == Some(b"CONNECT");
        let is_server_wide = self.circumstances(message, None).is_server_wide && !is_10(message);
        self.behaviour.deeds.iter().find_map(|deed| match deed {
            Deed::Scripted(When::Connect, script) if is_connect => Some(*script),
            Deed::Scripted(When::ServerWide, script) if is_server_wide => Some(*script),
            _ => None,
        })
    }

    /// Puts the answer into octets and decides on the connection.
    fn finish(&self, message: &Message, end: usize, answer: &Answer, must_close: bool) -> Turn {
        let does = |deed| self.behaviour.does(deed);
        let mut at = self.circumstances(message, None);
        let says_close = self.option(message, b"close") && !does(Deed::CloseUnseen);
        let keeps_alive = at.is_10 && self.option(message, b"keep-alive");
        let ends_10 = at.is_10 && !keeps_alive && !does(Deed::Http10StaysOpen);
        let framing = message.framing.is_some_and(|framing| framing.close);
        let malformed = at.malformation().is_some_and(|how| how.is_confined() && how != Malformation::ContentLonger);
        let closes = must_close || says_close || ends_10 || framing || malformed || at.is_09;
        let is_early_refusal = must_close && answer.status == 417;
        let (connection, then) = if does(Deed::ClosesUnannounced) {
            (None, Then::Close)
        } else if says_close && does(Deed::CloseNotDone) {
            (Some("close"), Then::Hang)
        } else if says_close && does(Deed::CloseNotEchoed) || is_early_refusal && does(Deed::EarlyCloseUnannounced) {
            (None, Then::Close)
        } else if closes || does(Deed::ClosesAlways) {
            (Some("close"), Then::Close)
        } else {
            (keeps_alive.then_some("keep-alive"), Then::Read)
        };
        at.connection = connection;
        let mut octets = answer::octets(answer, at);
        if at.is_10 && does(Deed::ContinueToHttp10) && message.lists("expect", "100-continue") && !self.continued {
            octets.splice(..0, CONTINUE.iter().copied());
        }
        if !at.is_10 && does(Deed::ContinueAnyway) && self.expects_continue(message) && !self.continued && !must_close {
            octets.splice(..0, CONTINUE.iter().copied());
        }
        Turn::Answered(octets, end, then)
    }

    /// Whether `Connection` has the option.
    fn option(&self, message: &Message, wanted: &[u8]) -> bool {
        let is_seen = |field: &&FieldLine| {
            field.name.eq_ignore_ascii_case(b"connection")
                && !(self.behaviour.does(Deed::BlanksKeptInOption) && has_wide_blanks(field, self.stream))
        };
        let values = message.fields.iter().filter(is_seen).map(|field| &field.value);
        for element in values.flat_map(|value| value.split(|&octet| octet == b',')) {
            let element = element.trim_ascii();
            if element.is_empty() && self.behaviour.does(Deed::EmptyElementEndsList) {
                return false;
            }
            if element.eq_ignore_ascii_case(wanted) {
                return true;
            }
        }
        false
    }

    fn circumstances(&self, message: &Message, connection: Option<&'static str>) -> Circumstances<'_> {
        let method = message.method(self.stream);
        let is_asterisk =
            matches!(message.start_line, Some(reader::StartLine::Request { form: Some(TargetForm::Asterisk), .. }));
        Circumstances {
            behaviour: self.behaviour,
            is_head: method == Some(b"HEAD"),
            is_10: is_10(message),
            is_09: is_09(message),
            is_server_wide: is_asterisk,
            is_tunnel: false,
            connection,
        }
    }
}

fn is_10(message: &Message) -> bool {
    message.version().is_some_and(|version| !version.is_11())
}

/// Whether it was taken for HTTP/0.9, whose answer has no head. Where a version is there, and wrong, it is not.
fn is_09(message: &Message) -> bool {
    let without = |fault: &reader::Fault| fault.rule == &VERSION_MISSING && !fault.refused;
    message.version().is_none() && message.faults.iter().any(without)
}

fn expectation_failed() -> Answer {
    Answer::new(417, "there is no such expectation here\n")
}
