//! A request with the `close` option is the last one (RFC 9112 section 9.6).
//!
//! `close-honoured`: after the answer the connection is watched for its close; if it stays open, a plain request shows
//! whether it is still used. Variants spell the option in capitals, and put it into a list with empty elements and other
//! options around it. `close-echoed`: the answer carries `close` too, or is of HTTP/1.0 and says it by that.
//!
//! They cannot cry wolf: a failure is only a further request that was *answered*. A connection that stays open and mute
//! is a warning, since a lingering close may be under way. The variants are judged only if `close` in its plain spelling
//! is honoured, so that one defect is told once.

use super::talk;
use super::{Context, Probe};
use crate::judge::expectation::{broken, level};
use crate::judge::{Judgement, Verdict};
use crate::observation::{Observation, Purpose};
use crate::rule::Level;

pub(super) static CLOSE_HONOURED: Probe = Probe {
    name: "close-honoured",
    about: "sends a request with `close`; the connection has to be closed after the answer",
    run: |check, context| Box::pin(async move { honoured(level(check.rule), context, None).await }),
};

pub(super) static CLOSE_HONOURED_CASE: Probe = Probe {
    name: "close-honoured-case",
    about: "sends a request with `CLOSE`; the connection has to be closed after the answer",
    run: |check, context| Box::pin(async move { honoured(level(check.rule), context, Some("CLOSE")).await }),
};

pub(super) static CLOSE_HONOURED_LIST: Probe = Probe {
    name: "close-honoured-list",
    about: "sends a request with `close` in a list with empty elements; the connection has to be closed after the answer",
    run: |check, context| {
        Box::pin(async move { honoured(level(check.rule), context, Some(", ,x-startline,\\t,close ,,")).await })
    },
};

pub(super) static CLOSE_ECHOED: Probe = Probe {
    name: "close-echoed",
    about: "sends a request with `close`; the answer carries `close` too",
    run: |check, context| {
        Box::pin(async move {
            let control = talk::plain(context).await;
            let check_seen = talk::ask(context, Purpose::Check, &request("close")).await;
            let judgement = judge_echoed(level(check.rule), &check_seen);
            (judgement, vec![control, check_seen])
        })
    },
};

fn request(option: &str) -> String {
    format!("GET {{path}} HTTP/1.1\nHost: {{host}}\nConnection: {option}\n\n")
}

/// `variant` is another spelling of the option.
async fn honoured(level: Level, context: &Context, variant: Option<&str>) -> (Judgement, Vec<Observation>) {
    let Some(variant) = variant else {
        let control = talk::plain(context).await;
        let check = talk::then_close(context, Purpose::Check, &request("close")).await;
        let judgement = match talk::complete(&control) {
            None => Judgement::not_judged(format!("a plain exchange was not answered ({})", control.ended.words())),
            Some(_) => judge(level, &check),
        };
        return (judgement, vec![control, check]);
    };
    let control = talk::then_close(context, Purpose::Control, &request("close")).await;
    let check = talk::then_close(context, Purpose::Check, &request(variant)).await;
    let judgement = match judge(level, &control).verdict {
        Verdict::Pass => judge(level, &check),
        _ => Judgement::not_judged("`close` in its plain spelling is not honoured either"),
    };
    (judgement, vec![control, check])
}

fn judge(level: Level, check: &Observation) -> Judgement {
    let expected = "the connection closed after the answer";
    let before = check.before_canary.unwrap_or(usize::MAX);
    let finals = talk::finals(check);
    let (first, later): (Vec<_>, Vec<_>) = finals.iter().partition(|answer| answer.start < before);
    let Some(answer) = first.first().filter(|answer| answer.is_complete && answer.status != Some(408)) else {
        return Judgement::not_judged(format!("the request with `close` was not answered ({})", check.ended.words()));
    };
    let status = answer.status.map_or("?".to_owned(), |status| status.to_string());
    let new = |verdict, what: &str| Judgement::new(verdict, format!("answered with {status}, {what}"), expected);
    match check.before_canary {
        _ if later.iter().any(|answer| answer.is_complete && answer.status != Some(408)) => {
            new(broken(level), "left open, and a further request was answered")
        }
        None if check.is_closed() => new(Verdict::Pass, "then closed"),
        // It closed when the canary came, or does not answer it.
        Some(_) if check.is_closed() => {
            new(Verdict::Note, "closed only when further octets came, which were not answered")
        }
        _ => new(Verdict::Warn, "left open, though nothing further is answered"),
    }
}

fn judge_echoed(level: Level, check: &Observation) -> Judgement {
    let expected = "`Connection: close` in the answer";
    let Some(answer) = talk::complete(check) else {
        return Judgement::not_judged(format!("the request with `close` was not answered ({})", check.ended.words()));
    };
    if answer.says_close {
        return Judgement::new(Verdict::Pass, "the answer says `close`, or is of HTTP/1.0 and means it", expected);
    }
    Judgement::new(broken(level), "the answer does not say `close`", expected)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::Ended;
    use crate::probe::recorded::{GET, OK, turn, turns};

    const LAST: &str = "GET / HTTP/1.1\nHost: h\nConnection: close\n\n";

    #[test]
    fn closing_passes_and_a_second_answer_fails() {
        let verdict = |observation: Observation| judge(Level::Must, &observation).verdict;
        assert_eq!(verdict(turn(LAST, OK, Ended::Fin)), Verdict::Pass);
        assert_eq!(verdict(turn(LAST, OK, Ended::Reset)), Verdict::Pass);
        assert_eq!(verdict(turns(&[(LAST, OK), (GET, OK)], Ended::Answered)), Verdict::Fail);
        assert_eq!(verdict(turns(&[(LAST, OK), (GET, "")], Ended::Quiet)), Verdict::Warn);
        assert_eq!(verdict(turns(&[(LAST, OK), (GET, "")], Ended::Reset)), Verdict::Note);
        assert_eq!(verdict(turn(LAST, "", Ended::Fin)), Verdict::NotJudged);
        assert_eq!(verdict(turn(LAST, "", Ended::Quiet)), Verdict::NotJudged);
    }

    #[test]
    fn the_answer_says_close() {
        let verdict = |received: &str| judge_echoed(Level::Should, &turn(LAST, received, Ended::Fin)).verdict;
        assert_eq!(verdict("HTTP/1.1 200 OK\nConnection: x, Close\nContent-Length: 2\n\nok\\\n"), Verdict::Pass);
        assert_eq!(verdict("HTTP/1.0 200 OK\nContent-Length: 2\n\nok\\\n"), Verdict::Pass);
        assert_eq!(verdict(OK), Verdict::Warn);
        assert_eq!(verdict(""), Verdict::NotJudged);
    }
}
