//! Time-outs end in a graceful close (RFC 9112 section 9.5).
//!
//! After an answer the connection is left idle until the server closes it, for twelve seconds at most. A FIN is graceful;
//! a reset can erase what was still on its way.
//!
//! It cannot cry wolf: nothing was sent that the server had not answered, so that nothing of ours can be the cause of a
//! reset. A server that is more patient than that, or closes after each answer, is not judged.

use std::time::Duration;

use super::talk;
use super::{Context, Probe};
use crate::judge::expectation::{broken, level};
use crate::judge::{Judgement, Verdict};
use crate::observation::{Ended, Observation, Purpose};
use crate::rule::Level;

pub(super) static TIMEOUT_GRACEFUL: Probe = Probe {
    name: "timeout-graceful",
    about: "leaves a connection idle until the server has had enough of it; the end is a FIN and no reset",
    run: |check, context| Box::pin(async move { run(level(check.rule), context).await }),
};

/// Some servers wait for five or ten seconds, others for a minute or more.
const LONG: Duration = Duration::from_secs(12);

async fn run(level: Level, context: &Context) -> (Judgement, Vec<Observation>) {
    let context = context.with_patience(crate::exchange::Patience { exchange: LONG * 2, ..context.patience });
    let mut exchange = context.open(Purpose::Check, &["GET"]).await;
    exchange.send(&context.octets(talk::PLAIN, &context.target.values()), false).await;
    exchange.answers(1).await;
    let is_idle = exchange.finals() == 1 && exchange.is_open();
    if is_idle {
        exchange.linger(LONG).await;
    }
    let check = exchange.finish();
    (judge(level, is_idle, &check), vec![check])
}

fn judge(level: Level, is_idle: bool, check: &Observation) -> Judgement {
    let Some(answer) = talk::complete(check) else {
        return Judgement::not_judged(format!("a plain exchange was not answered ({})", check.ended.words()));
    };
    if !is_idle || answer.says_close {
        return Judgement::not_judged("the server closes the connection by itself");
    }
    let expected = "a graceful close of the idle connection";
    match check.ended {
        Ended::Fin => Judgement::new(Verdict::Pass, "the idle connection was closed", expected),
        Ended::Reset => Judgement::new(broken(level), "the idle connection was reset", expected),
        _ => Judgement::not_judged(format!("idle connections are kept for more than {} seconds", LONG.as_secs())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probe::recorded::{GET, OK, turn};

    #[test]
    fn a_reset_is_not_graceful() {
        let verdict = |is_idle, ended| judge(Level::Should, is_idle, &turn(GET, OK, ended)).verdict;
        assert_eq!(verdict(true, Ended::Fin), Verdict::Pass);
        assert_eq!(verdict(true, Ended::Reset), Verdict::Warn);
        assert_eq!(verdict(true, Ended::Answered), Verdict::NotJudged);
        assert_eq!(verdict(false, Ended::Reset), Verdict::NotJudged);
        assert_eq!(judge(Level::Should, true, &turn(GET, "", Ended::Reset)).verdict, Verdict::NotJudged);
    }
}
