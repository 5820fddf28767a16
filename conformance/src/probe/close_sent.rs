//! A response with `close` is the last one (RFC 9112 section 9.6).
//!
//! Requests that servers like to close after, none of which asks for it: without `Host`, with a method that nobody knows,
//! for a missing path, with a request-line of one word, with content that the method has no use for. Where the response
//! carries `close`, the connection is watched for its close; if it stays open, a plain request shows whether it is still
//! used.
//!
//! It cannot cry wolf: only responses that carry the option count, and a failure is only a further request that was
//! *answered*. A connection that stays open and mute is a warning, since a lingering close may be under way.

use super::talk;
use super::Probe;
use crate::judge::expectation::{broken, level};
use crate::judge::{Judgement, Verdict};
use crate::observation::{Observation, Purpose};
use crate::rule::Level;

const REQUESTS: [&str; 5] = [
    "GET {path} HTTP/1.1\n\n",
    "STARTLINE {path} HTTP/1.1\nHost: {host}\n\n",
    talk::MISSING,
    "STARTLINE\nHost: {host}\n\n",
    "DELETE /missing-startline-{token} HTTP/1.1\nHost: {host}\nContent-Length: 0\n\n",
];

pub(super) static CLOSE_SENT_HONOURED: Probe = Probe {
    name: "close-sent-honoured",
    about: "looks for responses that carry `close`; the connection has to be closed after them",
    run: |check, context| {
        Box::pin(async move {
            let control = talk::plain(context).await;
            let mut tries = Vec::new();
            for request in REQUESTS {
                tries.push(talk::then_close(context, Purpose::Check, request).await);
            }
            let judgement = match talk::complete(&control) {
                None => Judgement::not_judged(format!("a plain exchange was not answered ({})", control.ended.words())),
                Some(_) => judge(level(check.rule), &tries),
            };
            tries.insert(0, control);
            (judgement, tries)
        })
    },
};

fn judge(level: Level, tries: &[Observation]) -> Judgement {
    let expected = "the connection closed after the response with `close`";
    let found: Vec<_> = tries.iter().filter_map(|check| fate(level, check)).collect();
    let worst = found.iter().map(|(verdict, _)| *verdict).reduce(Verdict::worse);
    let Some(worst) = worst else {
        return Judgement::not_judged("no response carried `close` that was not asked for");
    };
    let why = found.iter().find(|(verdict, _)| *verdict == worst).map_or("", |(_, why)| *why);
    let why = format!("{} of {} responses carried `close`; {why}", found.len(), tries.len());
    Judgement::new(worst, why, expected)
}

/// What became of a connection after a response that carries the option; none if none does.
fn fate(level: Level, check: &Observation) -> Option<(Verdict, &'static str)> {
    let before = check.before_canary.unwrap_or(usize::MAX);
    let finals = talk::finals(check);
    let (first, later): (Vec<_>, Vec<_>) = finals.iter().partition(|answer| answer.start < before);
    let answer = first.first().filter(|answer| answer.is_complete)?;
    let is_close = |option: &[u8]| option.trim_ascii().eq_ignore_ascii_case(b"close");
    let carries = answer
        .fields
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case(b"connection"))
        .any(|(_, value)| value.split(|&octet| octet == b',').any(is_close));
    if !carries {
        return None;
    }
    Some(if later.iter().any(|answer| answer.is_complete && answer.status != Some(408)) {
        (broken(level), "the connection was left open, and a further request answered")
    } else if check.is_closed() {
        (Verdict::Pass, "the connection was closed")
    } else {
        (Verdict::Warn, "the connection stays open, and a further request is not answered")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::Ended;
    use crate::probe::recorded::{GET, OK, status, turn, turns};

    const LAST: &str = "HTTP/1.1 400 X\nConnection: x, Close\nContent-Length: 0\n\n";

    #[test]
    fn a_further_answer_fails() {
        let verdict = |check| judge(Level::Must, &[turn(GET, &status(404), Ended::Quiet), check]).verdict;
        assert_eq!(verdict(turns(&[(GET, LAST), (GET, OK)], Ended::Answered)), Verdict::Fail);
        assert_eq!(verdict(turns(&[(GET, LAST), (GET, "")], Ended::Quiet)), Verdict::Warn);
        assert_eq!(verdict(turns(&[(GET, LAST), (GET, "")], Ended::Reset)), Verdict::Pass);
        assert_eq!(verdict(turn(GET, LAST, Ended::Fin)), Verdict::Pass);
    }

    #[test]
    fn responses_without_the_option_say_nothing() {
        let tries = [turns(&[(GET, OK), (GET, OK)], Ended::Answered), turn(GET, "", Ended::Fin)];
        assert_eq!(judge(Level::Must, &tries).verdict, Verdict::NotJudged);
    }
}
