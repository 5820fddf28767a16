//! A server that speaks HTTP/1.1 does not answer HTTP/1.1 requests in HTTP/1.0 (RFC 9112 section 2.3).
//!
//! Valid requests only: the known-good path twice by GET on one connection, by HEAD and by OPTIONS, and a path that is
//! missing. A server that answers some in HTTP/1.1 and others in HTTP/1.0 speaks HTTP/1.1 and downgrades. So does one
//! that answers all in HTTP/1.0 and keeps the connection for the second GET, though nobody asked for `keep-alive`: only
//! HTTP/1.1 persists unasked.
//!
//! It cannot cry wolf: a server whose every answer is of HTTP/1.0 and the last on its connection may speak nothing
//! else, which is noted; the versions judged were received.

use super::Probe;
use super::talk;
use crate::judge::expectation::{broken, level};
use crate::judge::{Judgement, Verdict};
use crate::observation::{Observation, Purpose};
use crate::rule::Level;

pub(super) static NO_DOWNGRADE: Probe = Probe {
    name: "no-downgrade",
    about: "sends valid HTTP/1.1 requests of several kinds; none may be answered in HTTP/1.0 if others are in HTTP/1.1",
    run: |check, context| {
        Box::pin(async move {
            let mut exchanges = vec![talk::in_turn(context, Purpose::Check, &[talk::PLAIN; 2]).await];
            for text in [
                "HEAD {path} HTTP/1.1\nHost: {host}\n\n",
                "OPTIONS {path} HTTP/1.1\nHost: {host}\n\n",
                talk::MISSING,
                "HEAD /missing-startline-{token} HTTP/1.1\nHost: {host}\n\n",
            ] {
                exchanges.push(talk::ask(context, Purpose::Check, text).await);
            }
            (judge(level(check.rule), &exchanges), exchanges)
        })
    },
};

fn judge(level: Level, exchanges: &[Observation]) -> Judgement {
    let expected = "HTTP/1.1 in every answer";
    let answers: Vec<_> = exchanges.iter().filter_map(talk::first).filter(|answer| answer.minor.is_some()).collect();
    let old: Vec<u16> =
        answers.iter().filter(|answer| answer.minor == Some(0)).filter_map(|answer| answer.status).collect();
    if answers.is_empty() {
        return Judgement::not_judged("no request was answered with a version");
    }
    if old.is_empty() {
        return Judgement::new(
            Verdict::Pass,
            format!("{}, all in HTTP/1.1", crate::report::count(answers.len(), "answer")),
            expected,
        );
    }
    let persists =
        |exchange: &Observation| talk::finals(exchange).iter().filter(|answer| answer.is_complete).count() > 1;
    if old.len() == answers.len() && exchanges.iter().any(persists) {
        let why = "every answer is in HTTP/1.0, but connections persist unasked as in HTTP/1.1";
        return Judgement::new(broken(level), why, expected);
    }
    if old.len() == answers.len() {
        let why = "every answer is in HTTP/1.0: the server may speak nothing else";
        return Judgement::new(Verdict::Note, why, expected);
    }
    let why = format!("{} of {} answers are in HTTP/1.0 (the first with {})", old.len(), answers.len(), old[0]);
    Judgement::new(broken(level), why, expected)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::Ended;
    use crate::probe::recorded::{GET, dead, good, turn, turns};

    #[test]
    fn one_downgrade_among_others_is_a_warning() {
        let old = || turn(GET, "HTTP/1.0 404 No\nContent-Length: 0\n\n", Ended::Fin);
        let verdict = |exchanges: &[Observation]| judge(Level::ShouldNot, exchanges).verdict;
        assert_eq!(verdict(&[good(), good()]), Verdict::Pass);
        assert_eq!(verdict(&[good(), old()]), Verdict::Warn);
        assert_eq!(verdict(&[old(), old()]), Verdict::Note);
        assert_eq!(verdict(&[dead(), dead()]), Verdict::NotJudged);
        let kept = "HTTP/1.0 200 OK\nConnection: keep-alive\nContent-Length: 0\n\n";
        assert_eq!(verdict(&[turns(&[(GET, kept), (GET, kept)], Ended::Answered), old()]), Verdict::Warn);
    }
}
