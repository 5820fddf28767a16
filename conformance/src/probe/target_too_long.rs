//! A request-target that is too long is refused with 414 (RFC 9112 section 3).
//!
//! The known-good path with a query of 16 KiB, 64 KiB and 256 KiB; the first that is not served is judged. 414 passes.
//! A 400, 413 or 431, or a 5xx, is a warning: it is a refusal all the same, and a server whose limit is on the whole
//! head never gets to the length of the target. No answer at all, from a peer that answers a plain request afterwards,
//! breaks the MUST. Any other status means that the target was read and looked up, so the next length is tried.
//!
//! It cannot cry wolf: where a peer closes while octets are still on their way, the reset can erase the 414 (RFC 9112
//! section 9.6). So a close without an answer is repeated slowly, a piece at a time and reading in between, and even
//! then it is a warning only, since closing is always permitted. A peer that takes all three lengths is not judged.

use std::time::Duration;

use super::talk::{self, Seen};
use super::{Context, Probe};
use crate::exchange::Patience;
use crate::judge::expectation::{broken, level};
use crate::judge::{Judgement, Verdict};
use crate::observation::{Observation, Purpose};
use crate::rule::Level;

/// Octets of the query.
const LENGTHS: [usize; 3] = [16 << 10, 64 << 10, 256 << 10];

/// Octets of a piece when writing slowly, and the wait for an answer after each.
const PIECE: usize = 8 << 10;
const BETWEEN: Duration = Duration::from_millis(20);

pub(super) static TARGET_TOO_LONG: Probe = Probe {
    name: "target-too-long",
    about: "sends longer and longer request-targets up to 256 KiB; the first that is refused has to be refused with 414",
    run: |check, context| Box::pin(async move { run(level(check.rule), context).await }),
};

async fn run(level: Level, context: &Context) -> (Judgement, Vec<Observation>) {
    let mut exchanges = Vec::new();
    for len in LENGTHS {
        let text = format!("GET {} HTTP/1.1\nHost: {{host}}\n\n", talk::long_target(context, len));
        let mut seen = talk::around(context, talk::ask(context, Purpose::Check, &text)).await;
        if seen.check.is_closed() && talk::first(&seen.check).is_none() {
            exchanges.push(seen.check);
            seen.check = slowly(context, &text).await;
            seen.after = talk::after_silence(context, &seen.check).await;
        }
        let judgement = judge(level, &seen, len);
        exchanges.extend(seen.exchanges());
        if let Some(judgement) = judgement {
            return (judgement, exchanges);
        }
    }
    let most = LENGTHS[LENGTHS.len() - 1];
    (Judgement::not_judged(format!("a query of {most} octets is not too long for it")), exchanges)
}

/// Sends in pieces, and stops as soon as there is an answer.
async fn slowly(context: &Context, text: &str) -> Observation {
    let octets = context.octets(text, &context.target.values());
    let short = Patience { quiet: BETWEEN, ..context.patience };
    let waiting = context.with_patience(short);
    let mut exchange = talk::open(&waiting, Purpose::Check, &[b"GET".to_vec()]).await;
    for piece in octets.chunks(PIECE) {
        exchange.send(piece, false).await;
        exchange.answers(1).await;
        if exchange.finals() > 0 || !exchange.is_open() {
            return exchange.finish();
        }
    }
    let waits = context.patience.quiet.as_millis() / BETWEEN.as_millis();
    for _ in 0..waits {
        if exchange.finals() > 0 || !exchange.is_open() {
            break;
        }
        exchange.answers(1).await;
    }
    exchange.finish()
}

/// The judgement, or none if the target was not too long.
fn judge(level: Level, seen: &Seen, len: usize) -> Option<Judgement> {
    let expected = "414 to a request-target that is too long";
    if let Some(judgement) = seen.blocked() {
        return Some(judgement);
    }
    let answer = talk::first(&seen.check);
    let why = format!("a query of {len} octets was {}", talk::words(answer.as_ref(), &seen.check));
    let new = |verdict, why: String| Some(Judgement::new(verdict, why, expected));
    match answer {
        Some(answer) => match answer.status {
            Some(414) => new(Verdict::Pass, why),
            Some(status) if seen.control_status() == Some(status) => None,
            Some(400 | 413 | 431) => {
                new(Verdict::Warn, format!("{why}, which does not say that the target is too long"))
            }
            Some(500..) => new(Verdict::Warn, format!("{why}, which blames the server for the length")),
            Some(_) => None,
            None => new(broken(level), why),
        },
        None if seen.check.is_closed() => new(Verdict::Warn, format!("{why}, also when sent slowly")),
        None => new(broken(level), why),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::Ended;
    use crate::probe::recorded::{GET, OK, dead, seen, seen_dying, status, turn};

    fn verdict(received: &str, ended: Ended) -> Option<Verdict> {
        judge(Level::Must, &seen(turn(GET, received, ended)), 1).map(|judgement| judgement.verdict)
    }

    #[test]
    fn by_the_status() {
        for (code, wanted) in [
            (414, Some(Verdict::Pass)),
            (431, Some(Verdict::Warn)),
            (400, Some(Verdict::Warn)),
            (500, Some(Verdict::Warn)),
            (404, None),
            (301, None),
        ] {
            assert_eq!(verdict(&status(code), Ended::Fin), wanted, "{code}");
        }
        assert_eq!(verdict(OK, Ended::Answered), None);
    }

    #[test]
    fn closing_is_a_warning_and_silence_a_failure() {
        assert_eq!(verdict("", Ended::Reset), Some(Verdict::Warn));
        assert_eq!(verdict("", Ended::Quiet), Some(Verdict::Fail));
    }

    #[test]
    fn not_judged_if_nothing_is_answered() {
        let dying = seen_dying(turn(GET, "", Ended::Quiet));
        assert_eq!(judge(Level::Must, &dying, 1).unwrap().verdict, Verdict::NotJudged);
        let mut before = seen(turn(GET, &status(431), Ended::Fin));
        before.control = dead();
        assert_eq!(judge(Level::Must, &before, 1).unwrap().verdict, Verdict::NotJudged);
    }
}
