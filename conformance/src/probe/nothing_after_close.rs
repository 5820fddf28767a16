//! Nothing is processed that comes after a request with `close` (RFC 9112 section 9.6).
//!
//! A request with `close` and a further one in the same segment. Two answers: the further one was processed. To
//! compare, the same two without `close`, which get two answers from a server that reads on.
//!
//! It cannot cry wolf: a failure is a second final answer that came. One answer passes only if the pair without `close`
//! got two; no answer at all is a reset that erased it, and not judged.

use super::talk;
use super::{Context, Probe};
use crate::judge::expectation::{broken, level};
use crate::judge::{Judgement, Verdict};
use crate::observation::{Observation, Purpose};
use crate::rule::Level;

pub(super) static NOTHING_AFTER_CLOSE: Probe = Probe {
    name: "nothing-after-close",
    about: "sends a request with `close` and another behind it in one segment; the other may not be answered",
    run: |check, context| {
        Box::pin(async move {
            let control = flight(context, Purpose::Control, talk::PLAIN).await;
            let last = "GET {path} HTTP/1.1\nHost: {host}\nConnection: close\n\n";
            let check_seen = flight(context, Purpose::Check, last).await;
            let judgement = judge(level(check.rule), &control, &check_seen);
            (judgement, vec![control, check_seen])
        })
    },
};

async fn flight(context: &Context, purpose: Purpose, text: &str) -> Observation {
    let values = talk::values(context);
    let both = [context.octets(text, &values), context.octets(talk::MISSING, &values)].concat();
    // A reader of the request stops at `close`, so the methods are told.
    let mut exchange = context.open(purpose, &["GET", "GET"]).await;
    exchange.send(&both, false).await;
    exchange.answers(2).await;
    exchange.finish()
}

fn judge(level: Level, control: &Observation, check: &Observation) -> Judgement {
    let expected = "one answer and a close";
    let count = |observation: &Observation| {
        talk::finals(observation).iter().filter(|answer| answer.is_complete && answer.status != Some(408)).count()
    };
    let answers = count(check);
    if answers > 1 {
        return Judgement::new(broken(level), "the request after the one with `close` was answered", expected);
    }
    if count(control) < 2 {
        return Judgement::not_judged("two requests in one segment do not get two answers even without `close`");
    }
    match answers {
        1 => Judgement::new(Verdict::Pass, format!("one answer, then {}", check.ended.words()), expected),
        _ => Judgement::not_judged(format!("the request with `close` was not answered ({})", check.ended.words())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::Ended;
    use crate::probe::recorded::{OK, turn};

    const BOTH: &str = "GET / HTTP/1.1\nHost: h\nConnection: close\n\nGET /missing HTTP/1.1\nHost: h\n\n";

    #[test]
    fn one_answer_passes_and_two_fail() {
        let two = turn(BOTH, &format!("{OK}{OK}"), Ended::Answered);
        let judge = |check: &Observation| judge(Level::MustNot, &two, check).verdict;
        assert_eq!(judge(&turn(BOTH, OK, Ended::Fin)), Verdict::Pass);
        assert_eq!(judge(&two), Verdict::Fail);
        assert_eq!(judge(&turn(BOTH, "", Ended::Reset)), Verdict::NotJudged);
    }

    #[test]
    fn not_judged_without_pipelining() {
        let one = turn(BOTH, OK, Ended::Quiet);
        assert_eq!(judge(Level::MustNot, &one, &turn(BOTH, OK, Ended::Fin)).verdict, Verdict::NotJudged);
    }
}
