//! What probes have in common: ordinary requests, plain exchanges around them, and words for what came back.

use super::Context;
use crate::answers::Answer;
use crate::exchange::Exchange;
use crate::judge::Judgement;
use crate::judge::exchange::{answers_of, methods_of};
use crate::observation::{Ended, Observation, Purpose};
use crate::target::token;
use crate::wire::Values;

/// The plainest request.
pub(super) const PLAIN: &str = "GET {path} HTTP/1.1\nHost: {host}\n\n";

/// A request for something that is hardly there; the path has the token.
pub(super) const MISSING: &str = "GET /missing-startline-{token} HTTP/1.1\nHost: {host}\n\n";

/// An exchange and what is needed to judge it: a plain one before, and another after it if it ended in silence.
#[derive(Debug)]
pub(super) struct Seen {
    /// A plain exchange.
    pub(super) control: Observation,
    /// What is judged.
    pub(super) check: Observation,
    /// A plain exchange after silence.
    pub(super) after: Option<Observation>,
}

impl Seen {
    /// Why nothing can be said, if nothing can: a plain exchange went unanswered, before or after.
    pub(super) fn blocked(&self) -> Option<Judgement> {
        let plain = |observation: &Observation, when: &str| {
            let why = format!("a plain exchange {when} was not answered ({})", observation.ended.words());
            complete(observation).is_none().then(|| Judgement::not_judged(why))
        };
        if let Some(judgement) = plain(&self.control, "before") {
            return Some(judgement);
        }
        if let Ended::NotConnected(why) = &self.check.ended {
            return Some(Judgement::not_judged(format!("no connection for the check: {why}")));
        }
        match &self.after {
            Some(after) => plain(after, "after the check"),
            None if is_silent(&self.check) => {
                Some(Judgement::not_judged("no plain exchange followed the silence of the peer"))
            }
            None => None,
        }
    }

    /// Everything observed, in order.
    pub(super) fn exchanges(self) -> Vec<Observation> {
        [Some(self.control), Some(self.check), self.after].into_iter().flatten().collect()
    }

    /// The status of the plain exchange.
    pub(super) fn control_status(&self) -> Option<u16> {
        complete(&self.control).and_then(|answer| answer.status)
    }
}

/// A plain exchange, the check, and a plain exchange again if the check ended in silence.
pub(super) async fn around(context: &Context, check: impl Future<Output = Observation>) -> Seen {
    let control = plain(context).await;
    let check = check.await;
    let after = after_silence(context, &check).await;
    Seen { control, check, after }
}

/// A plain exchange if this one ended in silence: it tells whether the peer still answers at all.
pub(super) async fn after_silence(context: &Context, check: &Observation) -> Option<Observation> {
    if is_silent(check) { Some(plain(context).await) } else { None }
}

/// A plain exchange.
pub(super) async fn plain(context: &Context) -> Observation {
    ask(context, Purpose::Control, PLAIN).await
}

/// One request on a connection of its own, and its answer. The text is in the notation of checks.
pub(super) async fn ask(context: &Context, purpose: Purpose, text: &str) -> Observation {
    let octets = context.octets(text, &context.target.values());
    let mut exchange = open(context, purpose, &methods_of(&octets)).await;
    exchange.send(&octets, false).await;
    exchange.answers(1).await;
    exchange.finish()
}

/// Requests on one connection, each sent when the one before is answered. All but the first are marked as canaries.
pub(super) async fn in_turn(context: &Context, purpose: Purpose, texts: &[&str]) -> Observation {
    let values = context.target.values();
    let requests: Vec<Vec<u8>> = texts.iter().map(|text| context.octets(text, &values)).collect();
    let mut exchange = open(context, purpose, &methods_of(&requests.concat())).await;
    for (at, request) in requests.iter().enumerate() {
        if exchange.finals() < at || !exchange.is_open() {
            break;
        }
        exchange.send(request, at > 0).await;
        exchange.answers(at + 1).await;
    }
    exchange.finish()
}

/// Sends a request, waits for the answer and then a short time for the close; if the connection stays open, a plain request follows
/// as a canary.
pub(super) async fn then_close(context: &Context, purpose: Purpose, text: &str) -> Observation {
    let values = context.target.values();
    let request = context.octets(text, &values);
    let canary = context.octets(PLAIN, &values);
    let mut exchange = open(context, purpose, &methods_of(&[&request[..], &canary[..]].concat())).await;
    exchange.send(&request, false).await;
    exchange.answers(1).await;
    if exchange.finals() > 0 && exchange.is_open() {
        exchange.close_due().await;
        if exchange.is_open() {
            let finals = exchange.finals();
            exchange.send(&canary, true).await;
            exchange.answers(finals + 1).await;
        }
    }
    exchange.finish()
}

/// A connection for requests with these methods.
pub(super) async fn open<'c>(context: &'c Context, purpose: Purpose, methods: &[Vec<u8>]) -> Exchange<'c> {
    let methods: Vec<&str> = methods.iter().map(|method| std::str::from_utf8(method).unwrap_or("GET")).collect();
    context.open(purpose, &methods).await
}

/// Values with a token of their own.
pub(super) fn values(context: &Context) -> Values {
    Values { token: token(), ..context.target.values() }
}

/// The path of the target with a query of `len` letters more.
pub(super) fn long_target(context: &Context, len: usize) -> String {
    let path = &context.target.path;
    let separator = if path.contains('?') { '&' } else { '?' };
    format!("{path}{separator}{}", "a".repeat(len))
}

/// The final answers, complete or not, in order.
pub(super) fn finals(observation: &Observation) -> Vec<Answer> {
    answers_of(observation).into_iter().filter(|answer| !answer.is_interim()).collect()
}

/// The first final answer, complete or not, unless it is the 408 of a peer that lost its patience.
pub(super) fn first(observation: &Observation) -> Option<Answer> {
    finals(observation).into_iter().next().filter(|answer| answer.status != Some(408))
}

/// The first final answer, if all of it came.
pub(super) fn complete(observation: &Observation) -> Option<Answer> {
    first(observation).filter(|answer| answer.is_complete)
}

/// Whether the peer left the connection open without what was waited for.
pub(super) fn is_silent(observation: &Observation) -> bool {
    matches!(observation.ended, Ended::Quiet | Ended::Deadline)
}

/// The status in words.
pub(super) fn words(answer: Option<&Answer>, observation: &Observation) -> String {
    match answer {
        Some(Answer { status: Some(status), .. }) => format!("answered with {status}"),
        Some(_) => "answered with octets that begin with no status-line".to_owned(),
        None => format!("not answered ({})", observation.ended.words()),
    }
}

/// Whether the answer has a framing of its own, or lasts until the close. `is_bodiless` says that it answers HEAD.
pub(super) fn ends_by_itself(answer: &Answer, is_bodiless: bool) -> bool {
    is_bodiless
        || matches!(answer.status, Some(204 | 304))
        || answer.field("content-length").is_some()
        || answer.field("transfer-encoding").is_some()
}
