//! Content that is cut off by the end of the connection (RFC 9112 sections 6.3 and 8).
//!
//! A POST whose content stops half-way, after which the client closes its sending side. The message is incomplete and
//! must not be taken for a shorter one; refusing it or closing without an answer are both right.
//!
//! They cannot cry wolf: the same POST with all of its content has to be served, and an answer that comes before the
//! sending side is closed says nothing, since a server may answer without reading content. What counts is only that
//! the server waited for the rest, learned that none would come, and served the request all the same.

use super::talk::{self, PLAIN};
use super::{Context, Probe};
use crate::check::Step;
use crate::judge::exchange::methods_of;
use crate::judge::expectation::{broken, level};
use crate::judge::{Judgement, Verdict};
use crate::observation::{Observation, Purpose};
use crate::rule::Level;

pub(super) static BODY_INCOMPLETE: Probe = Probe {
    name: "body-incomplete",
    about: "sends half of the octets that Content-Length announces, then closes the sending side",
    run: |check, context| {
        Box::pin(async move {
            let cut = converse(context, LENGTH, "helloworld", "hello").await;
            (judge(level(check.rule), &cut), cut.exchanges())
        })
    },
};

pub(super) static BODY_INCOMPLETE_CHUNKED: Probe = Probe {
    name: "body-incomplete-chunked",
    about: "sends a chunk without the last one, then closes the sending side",
    run: |_, context| {
        Box::pin(async move {
            let cut = converse(context, CHUNKED, "5\nhello\n0\n\n", "5\nhello\n").await;
            // Section 8 calls such a message incomplete, and asks nothing of a server by a key word.
            (judge(Level::None, &cut), cut.exchanges())
        })
    },
};

pub(super) static BODY_INCOMPLETE_IN_CHUNK: Probe = Probe {
    name: "body-incomplete-in-chunk",
    about: "sends half of a chunk, then closes the sending side",
    run: |_, context| {
        Box::pin(async move {
            let cut = converse(context, CHUNKED, "5\nhello\n0\n\n", "5\nhe\\\n").await;
            (judge(Level::None, &cut), cut.exchanges())
        })
    },
};

pub(super) static BODY_INCOMPLETE_IN_SIZE: Probe = Probe {
    name: "body-incomplete-in-chunk-size",
    about: "sends a chunk and the first digit of a chunk-size, then closes the sending side",
    run: |_, context| {
        Box::pin(async move {
            let cut = converse(context, CHUNKED, "5\nhello\n0\n\n", "5\nhello\n0\\\n").await;
            (judge(Level::None, &cut), cut.exchanges())
        })
    },
};

const LENGTH: &str = "POST {path} HTTP/1.1\nHost: {host}\nContent-Length: 10\n\n";
const CHUNKED: &str = "POST {path} HTTP/1.1\nHost: {host}\nTransfer-Encoding: chunked\n\n";

/// What was seen of a message that was cut off.
#[derive(Debug)]
struct Cut {
    /// The whole message.
    control: Observation,
    /// The message that was cut off.
    check: Observation,
    /// Whether the answer came before the sending side was closed.
    is_early: bool,
    /// A plain exchange afterwards.
    after: Observation,
}

impl Cut {
    fn exchanges(self) -> Vec<Observation> {
        vec![self.control, self.check, self.after]
    }
}

async fn converse(context: &Context, head: &str, whole: &str, half: &str) -> Cut {
    let control = talk::ask(context, Purpose::Control, &format!("{head}{whole}")).await;
    let octets = context.octets(&format!("{head}{half}"), &talk::values(context));
    let mut exchange = talk::open(context, Purpose::Check, &methods_of(&octets)).await;
    exchange.send(&octets, false).await;
    exchange.answers(1).await;
    let is_early = exchange.finals() > 0 || !exchange.is_open();
    if !is_early {
        exchange.play(&[Step::Shutdown], &talk::values(context)).await;
        exchange.answers(1).await;
    }
    Cut { control, check: exchange.finish(), is_early, after: talk::ask(context, Purpose::Control, PLAIN).await }
}

fn judge(level: Level, cut: &Cut) -> Judgement {
    let expected = "no more than a refusal: the message is incomplete";
    let new = |verdict, why: String| Judgement::new(verdict, why, expected);
    match talk::first(&cut.control).and_then(|answer| answer.status) {
        Some(200..=399) => {}
        Some(status) => return Judgement::not_judged(format!("the same request with all of its content got {status}")),
        None => return Judgement::not_judged("the same request with all of its content was not answered"),
    }
    if cut.is_early {
        return Judgement::not_judged("answered or closed before the content was cut off, which says nothing");
    }
    let answer = talk::first(&cut.check);
    let told = talk::words(answer.as_ref(), &cut.check);
    match answer.and_then(|answer| answer.status) {
        Some(200..=399) => {
            new(broken(level), format!("{told}, once the client had closed in the middle of the content"))
        }
        Some(_) => new(Verdict::Pass, told),
        None if cut.check.is_closed() => new(Verdict::Pass, told),
        None if talk::first(&cut.after).is_none() => {
            Judgement::not_judged("a plain request afterwards was not answered")
        }
        None => {
            new(Verdict::Note, format!("{told}: the connection is still open after the client's end of it was closed"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::recorded::{OK, dead, good, status, turn};
    use super::*;
    use crate::observation::Ended;

    const SENT: &str = "POST / HTTP/1.1\nHost: h\nContent-Length: 10\n\nhello\\\n";

    fn verdict(check: Observation, is_early: bool) -> Verdict {
        judge(Level::Must, &Cut { control: good(), check, is_early, after: good() }).verdict
    }

    #[test]
    fn serving_half_a_message_fails() {
        assert_eq!(verdict(turn(SENT, OK, Ended::Fin), false), Verdict::Fail);
    }

    #[test]
    fn refusing_and_closing_are_right() {
        assert_eq!(verdict(turn(SENT, &status(400), Ended::Fin), false), Verdict::Pass);
        assert_eq!(verdict(turn(SENT, "", Ended::Fin), false), Verdict::Pass);
        assert_eq!(verdict(turn(SENT, "", Ended::Reset), false), Verdict::Pass);
        assert_eq!(verdict(turn(SENT, "", Ended::Quiet), false), Verdict::Note);
    }

    #[test]
    fn an_early_answer_and_a_refused_control_say_nothing() {
        assert_eq!(verdict(turn(SENT, OK, Ended::Answered), true), Verdict::NotJudged);
        let refused = turn(SENT, &status(405), Ended::Answered);
        let cut = Cut { control: refused, check: turn(SENT, OK, Ended::Fin), is_early: false, after: good() };
        assert_eq!(judge(Level::Must, &cut).verdict, Verdict::NotJudged);
        let cut = Cut { control: good(), check: turn(SENT, "", Ended::Quiet), is_early: false, after: dead() };
        assert_eq!(judge(Level::Must, &cut).verdict, Verdict::NotJudged);
    }
}
