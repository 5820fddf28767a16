//! A request with the `close` option is the last one (RFC 9112 section 9.6).
//!
//! `close-honoured`: after the answer the connection is watched for its close; if it stays open, a plain request shows
//! whether it is still used. Variants spell the option in capitals, put it behind another option, and put both into a
//! list with empty elements. `close-echoed`: the answer carries `close` too, or is of HTTP/1.0 and says it by that.
//!
//! They cannot cry wolf: a failure is only a further request that was *answered*. It is sent after the same short wait in
//! every repetition, before a server closes because the connection is idle, which honours nothing. A connection that stays open and mute
//! is a warning, since a lingering close may be under way. A variant is judged only if the plainer spelling is
//! honoured, so that one defect is told once: `close` alone for the first two, the list without empty elements for the
//! third.

use super::talk;
use super::{Context, Probe};
use crate::answers::Answer;
use crate::judge::expectation::{broken, level};
use crate::judge::{Judgement, Verdict};
use crate::observation::{Observation, Purpose};
use crate::rule::Level;

pub(super) static CLOSE_HONOURED: Probe = Probe {
    name: "close-honoured",
    about: "sends a request with `close`; the connection has to be closed after the answer",
    run: |check, context| Box::pin(async move { honoured(level(check.rule), context).await }),
};

pub(super) static CLOSE_HONOURED_CASE: Probe = Probe {
    name: "close-honoured-case",
    about: "sends a request with `CLOSE`; the connection has to be closed after the answer",
    run: |check, context| Box::pin(async move { variant(level(check.rule), context, "close", "CLOSE").await }),
};

pub(super) static CLOSE_HONOURED_LIST: Probe = Probe {
    name: "close-honoured-list",
    about: "sends a request with another option and `close`; the connection has to be closed after the answer",
    run: |check, context| Box::pin(async move { variant(level(check.rule), context, "close", LIST).await }),
};

pub(super) static CLOSE_HONOURED_EMPTY: Probe = Probe {
    name: "close-honoured-empty-elements",
    about: "sends a request with `close` in a list with empty elements; the connection has to be closed after the answer",
    run: |check, context| Box::pin(async move { variant(level(check.rule), context, LIST, HOLED).await }),
};

const LIST: &str = "x-startline, close";
const HOLED: &str = ", ,x-startline,\\t,close ,,";

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

async fn honoured(level: Level, context: &Context) -> (Judgement, Vec<Observation>) {
    let control = talk::plain(context).await;
    let check = talk::then_close(context, Purpose::Check, &request("close")).await;
    let judgement = match talk::complete(&control) {
        None => Judgement::not_judged(format!("a plain exchange was not answered ({})", control.ended.words())),
        Some(_) => judge(level, &check),
    };
    (judgement, vec![control, check])
}

/// `other` spells the option otherwise than `plainer` does.
async fn variant(level: Level, context: &Context, plainer: &str, other: &str) -> (Judgement, Vec<Observation>) {
    let control = talk::then_close(context, Purpose::Control, &request(plainer)).await;
    let check = talk::then_close(context, Purpose::Check, &request(other)).await;
    (judge_variant(level, other == HOLED, &control, &check), vec![control, check])
}

/// `parses` says that refusing the spelling breaks the rule, and not only leaving the connection open.
fn judge_variant(level: Level, parses: bool, control: &Observation, check: &Observation) -> Judgement {
    match judge(level, control).verdict {
        // Closed at last, or only when the canary came.
        Verdict::Pass | Verdict::Note => match (talk::first(control), talk::first(check)) {
            (Some(Answer { status: Some(..400), .. }), Some(Answer { status: Some(status @ 400..), .. })) => {
                let why = format!("refused with {status}, unlike the plainer spelling");
                Judgement::new(if parses { broken(level) } else { Verdict::Note }, why, "the spelling read as it is")
            }
            _ => judge(level, check),
        },
        _ => Judgement::not_judged("`close` in a plainer spelling is not honoured either"),
    }
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
    fn a_variant_is_judged_only_where_the_plainer_spelling_is_honoured() {
        let used = || turns(&[(LAST, OK), (GET, OK)], Ended::Answered);
        let closed = || turn(LAST, OK, Ended::Fin);
        assert_eq!(judge_variant(Level::Must, true, &closed(), &used()).verdict, Verdict::Fail);
        assert_eq!(judge_variant(Level::Must, true, &closed(), &closed()).verdict, Verdict::Pass);
        assert_eq!(judge_variant(Level::Must, true, &used(), &used()).verdict, Verdict::NotJudged);
        // On a busy machine the close comes only after the canary was sent.
        let late = turns(&[(LAST, OK), (GET, "")], Ended::Reset);
        assert_eq!(judge_variant(Level::Must, true, &late, &used()).verdict, Verdict::Fail);
        let refused = turn(LAST, "HTTP/1.1 400 No\nContent-Length: 0\n\n", Ended::Fin);
        assert_eq!(judge_variant(Level::Must, true, &closed(), &refused).verdict, Verdict::Fail);
        assert_eq!(judge_variant(Level::Must, false, &closed(), &refused).verdict, Verdict::Note);
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
