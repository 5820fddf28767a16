//! A response with `close` is the last one (RFC 9112 section 9.6).
//!
//! Requests that servers like to close after, none of which asks for it: without `Host`, with a method that nobody knows,
//! for a missing path, with a request-line of one word, with content that the method has no use for. Where the response
//! carries `close`, the connection is watched for its close; if it stays open, a plain request shows whether it is still
//! used.
//!
//! It cannot cry wolf: only responses that carry the option count, and a failure is only a further request that was
//! *answered*. A connection that stays open and mute is a warning, since a lingering close may be under way.

use std::time::Duration;

use super::talk;
use super::{Context, Probe};
use crate::answers::Answer;
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
    run: |check, context| Box::pin(async move { run(level(check.rule), context, judge).await }),
};

pub(super) static CLOSE_UNANNOUNCED: Probe = Probe {
    name: "close-unannounced",
    about: "looks for connections that are closed right after a response without `close`",
    run: |check, context| Box::pin(async move { run(level(check.rule), context, judge_unannounced).await }),
};

/// A plain exchange, and each of the requests with a wait for the close.
async fn run(
    level: Level,
    context: &Context,
    judge: fn(Level, &[Observation]) -> Judgement,
) -> (Judgement, Vec<Observation>) {
    let control = talk::plain(context).await;
    let mut tries = Vec::new();
    for request in REQUESTS {
        tries.push(talk::then_close(context, Purpose::Check, request).await);
    }
    let judgement = unanswered(&control).unwrap_or_else(|| judge(level, &tries));
    tries.insert(0, control);
    (judgement, tries)
}

/// Why nothing can be said, if the plain exchange went unanswered.
fn unanswered(control: &Observation) -> Option<Judgement> {
    let why = format!("a plain exchange was not answered ({})", control.ended.words());
    talk::complete(control).is_none().then(|| Judgement::not_judged(why))
}

pub(super) static NOTHING_AFTER_CLOSE_SENT: Probe = Probe {
    name: "nothing-after-close-sent",
    about: "sends a request that is refused and a plain one in one segment; after a response with `close` there is no other",
    run: |check, context| {
        Box::pin(async move {
            let values = context.target.values();
            let first = context.octets(REQUESTS[0], &values);
            let second = context.octets(talk::PLAIN, &values);
            let control = talk::plain(context).await;
            let mut exchange = context.open(Purpose::Check, &["GET", "GET"]).await;
            exchange.send_flight(&first, &second).await;
            exchange.answers(2).await;
            let flight = exchange.finish();
            let judgement = unanswered(&control).unwrap_or_else(|| judge_flight(level(check.rule), &flight));
            (judgement, vec![control, flight])
        })
    },
};

/// A later close is a time-out.
const PROMPT: Duration = Duration::from_secs(1);

fn judge_unannounced(level: Level, tries: &[Observation]) -> Judgement {
    let expected = "`close` in a response after which the connection is closed";
    let silent: Vec<_> = tries
        .iter()
        .filter_map(|check| Some((check, talk::complete(check)?)))
        .filter(|(_, answer)| answer.minor == Some(1) && !answer.says_close && talk::ends_by_itself(answer, false))
        .collect();
    if silent.is_empty() {
        return Judgement::new(Verdict::Pass, "every response that came carried `close`", expected);
    }
    let closed = |check: &Observation| {
        let came = check.received.last().map_or(Duration::ZERO, |piece| piece.at);
        check.is_closed() && check.before_canary.is_none() && check.ended_at.saturating_sub(came) < PROMPT
    };
    let count = silent.iter().filter(|(check, _)| closed(check)).count();
    if count == 0 {
        return Judgement::new(Verdict::Pass, "no connection was closed after a response without `close`", expected);
    }
    let why = format!("{count} of {} connections were closed after a response without `close`", silent.len());
    Judgement::new(broken(level), why, expected)
}

fn judge_flight(level: Level, flight: &Observation) -> Judgement {
    let expected = "nothing behind the response with `close`";
    let finals = talk::finals(flight);
    let Some(first) = finals.first().filter(|answer| answer.is_complete && carries_close(answer)) else {
        return Judgement::not_judged("the refusal did not carry `close`");
    };
    let status = first.status.map_or("?".to_owned(), |status| status.to_string());
    match finals.get(1) {
        Some(second) if second.is_complete && second.status != Some(408) => {
            let why = format!("{status} with `close`, and then an answer to the request behind it");
            Judgement::new(broken(level), why, expected)
        }
        _ => Judgement::new(Verdict::Pass, format!("{status} with `close`, and nothing behind it"), expected),
    }
}

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
    if !carries_close(answer) {
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

fn carries_close(answer: &Answer) -> bool {
    let is_close = |option: &[u8]| option.trim_ascii().eq_ignore_ascii_case(b"close");
    let lines = answer.fields.iter().filter(|(name, _)| name.eq_ignore_ascii_case(b"connection"));
    lines.flat_map(|(_, value)| value.split(|&octet| octet == b',')).any(is_close)
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
    fn an_unannounced_close_warns_if_it_is_prompt() {
        let verdict = |check| judge_unannounced(Level::Should, &[check]).verdict;
        assert_eq!(verdict(turn(GET, &status(404), Ended::Fin)), Verdict::Warn);
        assert_eq!(verdict(turn(GET, LAST, Ended::Fin)), Verdict::Pass);
        assert_eq!(verdict(turns(&[(GET, OK), (GET, OK)], Ended::Answered)), Verdict::Pass);
        let mut late = turn(GET, &status(404), Ended::Fin);
        late.ended_at = Duration::from_secs(5);
        assert_eq!(verdict(late), Verdict::Pass);
    }

    #[test]
    fn nothing_is_answered_behind_a_response_with_close() {
        let verdict = |answers: &str| judge_flight(Level::Must, &turn(GET, answers, Ended::Fin)).verdict;
        assert_eq!(verdict(LAST), Verdict::Pass);
        assert_eq!(verdict(&format!("{LAST}{OK}")), Verdict::Fail);
        assert_eq!(verdict(&format!("{}{OK}", status(400))), Verdict::NotJudged);
    }

    #[test]
    fn responses_without_the_option_say_nothing() {
        let tries = [turns(&[(GET, OK), (GET, OK)], Ended::Answered), turn(GET, "", Ended::Fin)];
        assert_eq!(judge(Level::Must, &tries).verdict, Verdict::NotJudged);
    }
}
