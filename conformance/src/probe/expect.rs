//! `Expect: 100-continue` (RFC 9110 section 10.1.1): an answer before the content, and a final one after it.
//!
//! POST with the expectation and a length; the content is held back until there is a 100 or a final answer, or the
//! patience is over, and then sent. `expect-answered`: something came before the content; a variant spells the
//! expectation in capitals, and is judged where the plain spelling is answered. `expect-final`: after a 100 and the
//! content, a final answer came.
//!
//! They cannot cry wolf: the same POST without the expectation has to be answered before, and a plain request after
//! silence. The repetitions of a finding wait longer. Closing is always permitted: without any answer it is a warning,
//! after a 100 it is noted.

use super::talk::{self, Seen};
use super::{Context, Probe};
use crate::answers::{Answer, answers};
use crate::check::{Awaited, Step};
use crate::judge::expectation::{broken, level};
use crate::judge::{Judgement, Verdict};
use crate::observation::{Observation, Purpose};
use crate::rule::Level;

pub(super) static EXPECT_ANSWERED: Probe = Probe {
    name: "expect-answered",
    about: "sends POST with 100-continue and holds the content back; a 100 or a final answer has to come first",
    run: |check, context| {
        Box::pin(async move {
            let seen = converse(context, "HTTP/1.1", "Expect: 100-continue\n").await;
            (judge_answered(level(check.rule), &seen), seen.exchanges())
        })
    },
};

pub(super) static EXPECT_ANSWERED_CASE: Probe = Probe {
    name: "expect-answered-case",
    about: "sends POST with 100-CONTINUE, which means the same, and holds the content back",
    run: |check, context| {
        Box::pin(async move {
            let level = level(check.rule);
            let plainer = converse(context, "HTTP/1.1", "Expect: 100-continue\n").await;
            if judge_answered(level, &plainer).verdict != Verdict::Pass {
                let why = "the expectation in its plain spelling is not answered either";
                return (Judgement::not_judged(why), plainer.exchanges());
            }
            let seen = converse(context, "HTTP/1.1", "Expect: 100-CONTINUE\n").await;
            (judge_answered(level, &seen), seen.exchanges())
        })
    },
};

pub(super) static EXPECT_FINAL: Probe = Probe {
    name: "expect-final",
    about: "sends the content after the 100; a final answer has to follow",
    run: |check, context| {
        Box::pin(async move {
            let seen = converse(context, "HTTP/1.1", "Expect: 100-continue\n").await;
            (judge_final(level(check.rule), &seen), seen.exchanges())
        })
    },
};

/// A POST without the expectation, and the same with it, its content held back.
pub(super) async fn converse(context: &Context, version: &str, expectation: &str) -> Seen {
    converse_framed(context, version, expectation, ("Content-Length: 5\n", "hello\\\n")).await
}

/// The same with another framing: its field line, and the content in it.
pub(super) async fn converse_framed(
    context: &Context,
    version: &str,
    expectation: &str,
    (framing, content): (&str, &str),
) -> Seen {
    let head = |expectation: &str| format!("POST {{path}} {version}\nHost: {{host}}\n{expectation}{framing}\n");
    let whole = format!("{}{content}", head(""));
    let control = talk::ask(context, Purpose::Control, &whole).await;
    let values = context.target.values();
    let content = crate::wire::Template::parse(content).map_or_else(|_| Vec::new(), |content| content.fill(&values));
    let mut exchange = context.open(Purpose::Check, &["POST"]).await;
    exchange.send(&context.octets(&head(expectation), &values), false).await;
    exchange.play(&[Step::Await(Awaited::Response)], &values).await;
    if exchange.finals() == 0 && exchange.is_open() {
        exchange.send(&content, false).await;
        exchange.answers(1).await;
    }
    let check = exchange.finish();
    let after = talk::after_silence(context, &check).await;
    Seen { control, check, after }
}

/// The answers that came before the content was sent.
fn before_content(check: &Observation) -> Vec<Answer> {
    let content_at = check.sent.get(1).map(|sent| sent.piece.at);
    let is_before = |at| content_at.is_none_or(|content_at| at < content_at);
    let octets: Vec<u8> =
        check.received.iter().filter(|piece| is_before(piece.at)).flat_map(|piece| piece.octets.clone()).collect();
    answers(&octets, &[b"POST".to_vec()], content_at.is_none() && check.is_closed())
}

pub(super) fn judge_answered(level: Level, seen: &Seen) -> Judgement {
    let expected = "a 100 or a final answer before the content is sent";
    if let Some(judgement) = seen.blocked() {
        return judgement;
    }
    let new = |verdict, why: &str| Judgement::new(verdict, why, expected);
    if let Some(answer) = before_content(&seen.check).first() {
        let status = answer.status.map_or("octets without a status-line".to_owned(), |status| status.to_string());
        return new(Verdict::Pass, &format!("{status} before the content was sent"));
    }
    if talk::first(&seen.check).is_some() {
        return new(broken(level), "the first answer came only after the content was sent");
    }
    if seen.check.is_closed() {
        return new(Verdict::Warn, "closed without an answer");
    }
    new(broken(level), "no answer, neither before the content was sent nor after")
}

fn judge_final(level: Level, seen: &Seen) -> Judgement {
    let expected = "a final answer after the content";
    if let Some(judgement) = seen.blocked() {
        return judgement;
    }
    let early = before_content(&seen.check);
    if !early.iter().any(|answer| answer.status == Some(100)) {
        return Judgement::not_judged("there was no 100 before the content was sent");
    }
    let new = |verdict, why: &str| Judgement::new(verdict, why, expected);
    match talk::complete(&seen.check).and_then(|answer| answer.status) {
        Some(status) => new(Verdict::Pass, &format!("100, then {status}")),
        None if seen.check.is_closed() => new(Verdict::Note, "closed after the 100"),
        None => new(broken(level), "nothing complete came after the 100 and the content"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::Ended;
    use crate::probe::recorded::{OK, dead, seen, seen_dying, status, turn, turns};

    const HEAD: &str = "POST / HTTP/1.1\nHost: h\nExpect: 100-continue\nContent-Length: 5\n\n";
    const REST: &str = "hello\\\n";
    const GO: &str = "HTTP/1.1 100 Continue\n\n";

    #[test]
    fn something_before_the_content_passes() {
        let verdict = |check: Observation| judge_answered(Level::Must, &seen(check)).verdict;
        assert_eq!(verdict(turns(&[(HEAD, GO), (REST, OK)], Ended::Answered)), Verdict::Pass);
        assert_eq!(verdict(turn(HEAD, &status(417), Ended::Answered)), Verdict::Pass);
        assert_eq!(verdict(turns(&[(HEAD, ""), (REST, OK)], Ended::Answered)), Verdict::Fail);
        assert_eq!(verdict(turns(&[(HEAD, ""), (REST, &format!("{GO}{OK}"))], Ended::Answered)), Verdict::Fail);
        assert_eq!(verdict(turns(&[(HEAD, ""), (REST, "")], Ended::Quiet)), Verdict::Fail);
        assert_eq!(verdict(turn(HEAD, "", Ended::Fin)), Verdict::Warn);
    }

    #[test]
    fn not_judged_if_the_peer_answers_nothing() {
        let check = || turns(&[(HEAD, ""), (REST, "")], Ended::Quiet);
        assert_eq!(judge_answered(Level::Must, &seen_dying(check())).verdict, Verdict::NotJudged);
        let mut before = seen(check());
        before.control = dead();
        assert_eq!(judge_answered(Level::Must, &before).verdict, Verdict::NotJudged);
    }

    #[test]
    fn a_final_answer_follows_the_100() {
        let verdict = |check: Observation| judge_final(Level::Must, &seen(check)).verdict;
        assert_eq!(verdict(turns(&[(HEAD, GO), (REST, OK)], Ended::Answered)), Verdict::Pass);
        assert_eq!(verdict(turns(&[(HEAD, GO), (REST, "")], Ended::Quiet)), Verdict::Fail);
        assert_eq!(verdict(turns(&[(HEAD, GO), (REST, "")], Ended::Fin)), Verdict::Note);
        assert_eq!(verdict(turn(HEAD, &status(417), Ended::Answered)), Verdict::NotJudged);
    }
}
