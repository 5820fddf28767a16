//! Ends of connections (RFC 9112 sections 9.5 and 9.6).
//!
//! `closure-noticed`: after an answer the client closes its side of the idle connection; the server has to close its own
//! within two seconds. `close-unannounced`: a request whose length is no number is refused, and the connection has
//! to be closed after that; the refusal says so with `close`, or by being of HTTP/1.0.
//!
//! They cannot cry wolf: a server that closes by itself after every answer is not judged by the first; one that does not
//! refuse, or leaves the connection open, is not judged by the second, as other rules are about that. Both ask for a
//! plain exchange that is answered.

use std::time::Duration;

use super::talk;
use super::{Context, Probe};
use crate::check::Step;
use crate::judge::expectation::{broken, level};
use crate::judge::{Judgement, Verdict};
use crate::observation::{Observation, Purpose};
use crate::rule::Level;

pub(super) static CLOSURE_NOTICED: Probe = Probe {
    name: "closure-noticed",
    about: "closes its side of an idle connection; the server closes its own",
    run: |check, context| Box::pin(async move { noticed(level(check.rule), context).await }),
};

pub(super) static CLOSE_UNANNOUNCED: Probe = Probe {
    name: "close-unannounced",
    about: "sends a length that is no number; the refusal says that the connection will be closed",
    run: |check, context| Box::pin(async move { unannounced(level(check.rule), context).await }),
};

/// A server that has not closed after so long has not noticed, or does not mean to respond.
const LONG: Duration = Duration::from_secs(2);

async fn noticed(level: Level, context: &Context) -> (Judgement, Vec<Observation>) {
    let values = context.target.values();
    let mut exchange = context.open(Purpose::Check, &["GET"]).await;
    exchange.send(&context.octets(talk::PLAIN, &values), false).await;
    exchange.answers(1).await;
    let is_idle = exchange.finals() == 1 && exchange.is_open();
    if is_idle {
        exchange.play(&[Step::Shutdown], &values).await;
        exchange.linger(LONG).await;
    }
    let check = exchange.finish();
    (judge_noticed(level, is_idle, &check), vec![check])
}

fn judge_noticed(level: Level, is_idle: bool, check: &Observation) -> Judgement {
    let Some(answer) = talk::complete(check) else {
        return Judgement::not_judged(format!("a plain exchange was not answered ({})", check.ended.words()));
    };
    if !is_idle || answer.says_close {
        return Judgement::not_judged("the server closes the connection by itself");
    }
    let expected = "the connection closed by the server too";
    if check.is_closed() {
        return Judgement::new(Verdict::Pass, "closed when the client had closed its side", expected);
    }
    Judgement::new(broken(level), "left open two seconds after the client had closed its side", expected)
}

/// A length that has to be refused, and closed after (RFC 9112 section 6.3).
const BROKEN: &str = "GET {path} HTTP/1.1\nHost: {host}\nContent-Length: none\n\n";

async fn unannounced(level: Level, context: &Context) -> (Judgement, Vec<Observation>) {
    let control = talk::plain(context).await;
    let check = talk::then_close(context, Purpose::Check, BROKEN).await;
    (judge_unannounced(level, &control, &check), vec![control, check])
}

fn judge_unannounced(level: Level, control: &Observation, check: &Observation) -> Judgement {
    if talk::complete(control).is_none() {
        return Judgement::not_judged(format!("a plain exchange was not answered ({})", control.ended.words()));
    }
    let Some(answer) = talk::complete(check) else {
        return Judgement::not_judged(format!("the length is not refused with an answer ({})", check.ended.words()));
    };
    let Some(status @ 400..) = answer.status else {
        return Judgement::not_judged("the length is not refused");
    };
    if check.before_canary.is_some() || !check.is_closed() {
        return Judgement::not_judged(format!("refused with {status}, and the connection left open"));
    }
    let expected = "`Connection: close` in the answer before the close";
    if answer.says_close {
        return Judgement::new(Verdict::Pass, format!("refused with {status}, and the close announced"), expected);
    }
    Judgement::new(broken(level), format!("refused with {status} and closed, without saying so"), expected)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::Ended;
    use crate::probe::recorded::{GET, OK, good, status, turn, turns};

    #[test]
    fn a_close_by_the_client_is_followed_by_one_of_the_server() {
        let verdict = |is_idle, ended| judge_noticed(Level::Should, is_idle, &turn(GET, OK, ended)).verdict;
        assert_eq!(verdict(true, Ended::Fin), Verdict::Pass);
        assert_eq!(verdict(true, Ended::Reset), Verdict::Pass);
        assert_eq!(verdict(true, Ended::Answered), Verdict::Warn);
        assert_eq!(verdict(true, Ended::Deadline), Verdict::Warn);
        assert_eq!(verdict(false, Ended::Fin), Verdict::NotJudged);
        assert_eq!(judge_noticed(Level::Should, true, &turn(GET, "", Ended::Quiet)).verdict, Verdict::NotJudged);
    }

    #[test]
    fn a_refusal_before_a_close_says_so() {
        let verdict = |check: &Observation| judge_unannounced(Level::Should, &good(), check).verdict;
        assert_eq!(verdict(&turn(GET, &status(400), Ended::Fin)), Verdict::Warn);
        assert_eq!(verdict(&turn(GET, &status(400), Ended::Reset)), Verdict::Warn);
        let says = "HTTP/1.1 400 No\nConnection: close\nContent-Length: 0\n\n";
        assert_eq!(verdict(&turn(GET, says, Ended::Fin)), Verdict::Pass);
        assert_eq!(verdict(&turn(GET, "HTTP/1.0 400 No\n\nno\\\n", Ended::Fin)), Verdict::Pass);
        assert_eq!(verdict(&turn(GET, OK, Ended::Fin)), Verdict::NotJudged);
        assert_eq!(verdict(&turn(GET, "", Ended::Fin)), Verdict::NotJudged);
        assert_eq!(verdict(&turns(&[(GET, &status(400)), (GET, OK)], Ended::Answered)), Verdict::NotJudged);
        let dead = turn(GET, "", Ended::Quiet);
        assert_eq!(judge_unannounced(Level::Should, &dead, &turn(GET, says, Ended::Fin)).verdict, Verdict::NotJudged);
    }
}
