//! More of `Expect: 100-continue` (RFC 9110 section 10.1.1): other spellings and framings, and final answers that come
//! before the content.
//!
//! The variants of `expect-answered` send the expectation with chunked content, in a list with empty elements, and in a
//! second line behind an empty one; each is judged where the plain spelling is answered. `expect-early-announced` sends
//! heads that are likely to be refused at once and holds the content back: if the connection is closed after the answer,
//! the answer ought to have said so.
//!
//! They cannot cry wolf: as in `expect-answered` the request without the expectation has to be answered, and a plain one
//! after silence. A close counts as part of the answer only within a second of it; later it is a time-out.

use std::time::Duration;

use super::expect::{converse_framed, judge_answered};
use super::talk;
use super::{Context, Probe};
use crate::check::{Awaited, Step};
use crate::judge::expectation::{broken, level};
use crate::judge::{Judgement, Verdict};
use crate::observation::{Observation, Purpose};
use crate::rule::Level;

const LENGTH: (&str, &str) = ("Content-Length: 5\n", "hello\\\n");
const CHUNKED: (&str, &str) = ("Transfer-Encoding: chunked\n", "5\nhello\n0\n\n");
const PLAIN: &str = "Expect: 100-continue\n";

pub(super) static EXPECT_ANSWERED_CHUNKED: Probe = Probe {
    name: "expect-answered-chunked",
    about: "sends POST with 100-continue and holds its chunks back; a 100 or a final answer has to come first",
    run: |check, context| Box::pin(async move { variant(level(check.rule), context, PLAIN, CHUNKED).await }),
};

pub(super) static EXPECT_ANSWERED_EMPTY: Probe = Probe {
    name: "expect-answered-empty-elements",
    about: "sends POST with 100-continue in a list with empty elements and holds the content back",
    run: |check, context| {
        Box::pin(async move { variant(level(check.rule), context, "Expect: ,, 100-continue ,\n", LENGTH).await })
    },
};

pub(super) static EXPECT_ANSWERED_LINES: Probe = Probe {
    name: "expect-answered-second-line",
    about: "sends POST with 100-continue in a second line behind an empty one and holds the content back",
    run: |check, context| {
        Box::pin(async move { variant(level(check.rule), context, "Expect:\nExpect: 100-continue\n", LENGTH).await })
    },
};

pub(super) static EXPECT_EARLY_ANNOUNCED: Probe = Probe {
    name: "expect-early-announced",
    about: "holds content back that nobody will want; a final answer before it says whether the connection is closed",
    run: |check, context| {
        Box::pin(async move {
            let control = talk::plain(context).await;
            let mut tries = Vec::new();
            for (head, method) in EARLY {
                let values = talk::values(context);
                let mut exchange = context.open(Purpose::Check, &[method]).await;
                exchange.send(&context.octets(head, &values), false).await;
                exchange.play(&[Step::Await(Awaited::Response)], &values).await;
                if exchange.finals() > 0 && exchange.is_open() {
                    exchange.close().await;
                }
                tries.push(exchange.finish());
            }
            let judgement = match talk::complete(&control) {
                None => Judgement::not_judged(format!("a plain exchange was not answered ({})", control.ended.words())),
                Some(_) => judge_early(level(check.rule), &tries),
            };
            tries.insert(0, control);
            (judgement, tries)
        })
    },
};

/// Heads whose content is held back, each with its method.
const EARLY: [(&str, &str); 4] = [
    ("POST {path} HTTP/1.1\nHost: {host}\nExpect: 100-continue, startline-{token}\nContent-Length: 5\n\n", "POST"),
    ("POST /missing-startline-{token} HTTP/1.1\nHost: {host}\nExpect: 100-continue\nContent-Length: 5\n\n", "POST"),
    ("STARTLINE {path} HTTP/1.1\nHost: {host}\nExpect: 100-continue\nContent-Length: 5\n\n", "STARTLINE"),
    ("POST {path} HTTP/1.1\nHost: {host}\nExpect: 100-continue\nContent-Length: 999999999999\n\n", "POST"),
];

async fn variant(
    level: Level,
    context: &Context,
    expectation: &str,
    framing: (&str, &str),
) -> (Judgement, Vec<Observation>) {
    let plainer = converse_framed(context, "HTTP/1.1", PLAIN, LENGTH).await;
    if judge_answered(level, &plainer).verdict != Verdict::Pass {
        let why = "the expectation in its plain spelling is not answered either";
        return (Judgement::not_judged(why), plainer.exchanges());
    }
    let seen = converse_framed(context, "HTTP/1.1", expectation, framing).await;
    (judge_answered(level, &seen), seen.exchanges())
}

fn judge_early(level: Level, tries: &[Observation]) -> Judgement {
    let expected = "`close` in a final answer before the content, if the connection is closed after it";
    let early: Vec<_> = tries.iter().filter_map(|check| early(check).map(|announced| (check, announced))).collect();
    if early.is_empty() {
        return Judgement::not_judged("no final answer came before the content");
    }
    let unannounced: Vec<_> = early
        .iter()
        .filter(|(_, announced)| !announced)
        .filter_map(|(check, _)| talk::first(check)?.status)
        .map(|status| status.to_string())
        .collect();
    if unannounced.is_empty() {
        let why = format!("{} final answers before the content, each with what became of the connection", early.len());
        return Judgement::new(Verdict::Pass, why, expected);
    }
    let why = format!("closed without `close` after {} before the content", unannounced.join(", "));
    Judgement::new(broken(level), why, expected)
}

/// Whether a final answer that came before the content told what became of the connection; none if there was none.
fn early(check: &Observation) -> Option<bool> {
    const PROMPT: Duration = Duration::from_secs(1);
    let answer = talk::complete(check)?;
    let came = check.received.last()?.at;
    let is_prompt = check.is_closed() && check.ended_at.saturating_sub(came) < PROMPT;
    Some(answer.says_close || !is_prompt)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::Ended;
    use crate::probe::recorded::{status, turn};

    const HEAD: &str = "POST / HTTP/1.1\nHost: h\nExpect: 100-continue\nContent-Length: 5\n\n";
    const LAST: &str = "HTTP/1.1 417 X\nConnection: close\nContent-Length: 0\n\n";

    #[test]
    fn an_unannounced_close_warns() {
        let verdict = |check| judge_early(Level::Should, &[check]).verdict;
        assert_eq!(verdict(turn(HEAD, &status(404), Ended::Fin)), Verdict::Warn);
        assert_eq!(verdict(turn(HEAD, &status(404), Ended::Quiet)), Verdict::Pass);
        assert_eq!(verdict(turn(HEAD, LAST, Ended::Fin)), Verdict::Pass);
    }

    #[test]
    fn a_time_out_is_no_unannounced_close() {
        let mut late = turn(HEAD, &status(404), Ended::Fin);
        late.ended_at = Duration::from_secs(3);
        assert_eq!(judge_early(Level::Should, &[late]).verdict, Verdict::Pass);
    }

    #[test]
    fn not_judged_where_the_content_is_asked_for() {
        let asked = turn(HEAD, "HTTP/1.1 100 Continue\n\n", Ended::Answered);
        assert_eq!(judge_early(Level::Should, &[asked]).verdict, Verdict::NotJudged);
    }
}
