//! Expectations that are ignored or refused (RFC 9110 section 10.1.1).
//!
//! `expect-in-http10`: POST in HTTP/1.0 with 100-continue. The expectation has to be ignored: no 100, no 417, and an
//! answer like that to the same POST without it. `expect-unknown`: GET with an expectation that nobody knows; 417 and
//! being ignored are both right, and the reason says which it was.
//!
//! They cannot cry wolf: a 100 and a 417 are octets that came; another refusal counts only where the same request
//! without the expectation was served; silence counts only if a plain request is answered after it; a close is at most
//! a warning.

use super::Probe;
use super::expect;
use super::talk::{self, Seen};
use crate::judge::exchange::answers_of;
use crate::judge::expectation::{broken, level};
use crate::judge::{Judgement, Verdict};
use crate::observation::{Observation, Purpose};
use crate::rule::Level;

pub(super) static EXPECT_IN_HTTP10: Probe = Probe {
    name: "expect-in-http10",
    about: "sends 100-continue in HTTP/1.0, where it has to be ignored",
    run: |check, context| {
        Box::pin(async move {
            let seen = expect::converse(context, "HTTP/1.0", "Expect: 100-continue\n").await;
            (judge_http10(level(check.rule), &seen), seen.exchanges())
        })
    },
};

pub(super) static EXPECT_UNKNOWN: Probe = Probe {
    name: "expect-unknown",
    about: "sends an expectation that nobody knows; 417 and an ordinary answer are both right",
    run: |_, context| {
        Box::pin(async move {
            let text = "GET {path} HTTP/1.1\nHost: {host}\nExpect: startline-unknown\n\n";
            let seen = talk::around(context, talk::ask(context, Purpose::Check, text)).await;
            (judge_unknown(&seen), seen.exchanges())
        })
    },
};

fn has_interim(check: &Observation) -> bool {
    answers_of(check).iter().any(crate::answers::Answer::is_interim)
}

fn judge_http10(level: Level, seen: &Seen) -> Judgement {
    let expected = "the answer to the same request without the expectation";
    let new = |verdict, why: String| Judgement::new(verdict, why, expected);
    if has_interim(&seen.check) {
        return new(broken(level), "an interim response to an HTTP/1.0 request".to_owned());
    }
    if let Some(judgement) = seen.blocked() {
        return judgement;
    }
    let answer = talk::first(&seen.check);
    let told = talk::words(answer.as_ref(), &seen.check);
    let control = seen.control_status();
    match answer.and_then(|answer| answer.status) {
        status @ Some(_) if status == control => new(Verdict::Pass, told),
        Some(417) => new(broken(level), told),
        Some(400..=499) if control.is_some_and(|control| control < 400) => {
            new(broken(level), format!("{told}, without the expectation served"))
        }
        Some(400..) => new(Verdict::Note, format!("{told}, without the expectation otherwise")),
        Some(_) => new(Verdict::Pass, told),
        None if seen.check.is_closed() => new(Verdict::Warn, told),
        None => new(broken(level), told),
    }
}

fn judge_unknown(seen: &Seen) -> Judgement {
    let expected = "417, or the answer to the same request without the expectation";
    if let Some(judgement) = seen.blocked() {
        return judgement;
    }
    let answer = talk::first(&seen.check);
    let told = talk::words(answer.as_ref(), &seen.check);
    let new = |verdict, why: String| Judgement::new(verdict, why, expected);
    match answer.and_then(|answer| answer.status) {
        status @ Some(_) if status == seen.control_status() => new(Verdict::Pass, format!("ignored ({told})")),
        Some(417) => new(Verdict::Pass, "refused with 417".to_owned()),
        _ => new(Verdict::Note, told),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::Ended;
    use crate::probe::recorded::{GET, OK, dead, seen, seen_dying, status, turn, turns};

    const HEAD: &str = "POST / HTTP/1.0\nHost: h\nExpect: 100-continue\nContent-Length: 5\n\n";
    const REST: &str = "hello\\\n";

    #[test]
    fn ignored_in_http10() {
        let verdict = |check: Observation| judge_http10(Level::Must, &seen(check)).verdict;
        assert_eq!(verdict(turns(&[(HEAD, ""), (REST, OK)], Ended::Fin)), Verdict::Pass);
        let go = "HTTP/1.1 100 Continue\n\n";
        assert_eq!(verdict(turns(&[(HEAD, go), (REST, OK)], Ended::Fin)), Verdict::Fail);
        assert_eq!(verdict(turn(HEAD, &status(417), Ended::Fin)), Verdict::Fail);
        assert_eq!(verdict(turn(HEAD, "", Ended::Fin)), Verdict::Warn);
        assert_eq!(verdict(turns(&[(HEAD, ""), (REST, "")], Ended::Quiet)), Verdict::Fail);
        let dying = seen_dying(turns(&[(HEAD, ""), (REST, "")], Ended::Quiet));
        assert_eq!(judge_http10(Level::Must, &dying).verdict, Verdict::NotJudged);
    }

    #[test]
    fn unknown_expectations_may_be_refused_or_ignored() {
        let verdict = |received: &str| judge_unknown(&seen(turn(GET, received, Ended::Answered))).verdict;
        assert_eq!(verdict(OK), Verdict::Pass);
        assert_eq!(verdict(&status(417)), Verdict::Pass);
        assert_eq!(verdict(&status(400)), Verdict::Note);
        let mut before = seen(turn(GET, OK, Ended::Answered));
        before.control = dead();
        assert_eq!(judge_unknown(&before).verdict, Verdict::NotJudged);
    }
}
