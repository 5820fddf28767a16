//! A request-line of 8,000 octets is supported (RFC 9112 section 3).
//!
//! The known-good path with a query that makes the request-line, without its line end, exactly 8,000 octets long. Only
//! a refusal that speaks of lengths or of the syntax (400, 413, 414, 431), a 5xx, a close or silence breaks the SHOULD;
//! with any other status the line was read and the target looked up.
//!
//! It cannot cry wolf: the same refusal as that of the plain path is masked; silence counts only if a plain request is
//! answered after it.

use super::talk::{self, Seen};
use super::{Context, Probe};
use crate::judge::expectation::{broken, level};
use crate::judge::{Judgement, Verdict};
use crate::observation::{Observation, Purpose};
use crate::rule::Level;

/// Octets of the request-line without its line end, and of a URI (RFC 9110 section 4.1).
pub(super) const LENGTH: usize = 8_000;

pub(super) static REQUEST_LINE_8000: Probe = Probe {
    name: "request-line-8000",
    about: "sends a request-line of exactly 8,000 octets; it may not be refused for its length",
    run: |check, context| Box::pin(async move { run(level(check.rule), context).await }),
};

async fn run(level: Level, context: &Context) -> (Judgement, Vec<Observation>) {
    let without = format!("GET {} HTTP/1.1", talk::long_target(context, 0)).len();
    let Some(len) = LENGTH.checked_sub(without) else {
        return (Judgement::not_judged("the known-good path is longer than that"), Vec::new());
    };
    let text = format!("GET {} HTTP/1.1\nHost: {{host}}\n\n", talk::long_target(context, len));
    let seen = talk::around(context, talk::ask(context, Purpose::Check, &text)).await;
    (judge(level, "a request-line", &seen), seen.exchanges())
}

/// Judges the answer to a message with a part of [`LENGTH`] octets; `what` names the part.
pub(super) fn judge(level: Level, what: &str, seen: &Seen) -> Judgement {
    let expected = "an answer that does not hang on the length";
    if let Some(judgement) = seen.blocked() {
        return judgement;
    }
    let answer = talk::first(&seen.check);
    let why = format!("{what} of {LENGTH} octets was {}", talk::words(answer.as_ref(), &seen.check));
    let verdict = match answer.map(|answer| answer.status) {
        Some(Some(status)) if status >= 400 && seen.control_status() == Some(status) => Verdict::Masked,
        Some(Some(400 | 413 | 414 | 431 | 500..) | None) | None => broken(level),
        Some(Some(_)) => Verdict::Pass,
    };
    Judgement::new(verdict, why, expected)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::Ended;
    use crate::probe::recorded::{GET, OK, seen, seen_dying, status, turn};

    fn verdict(received: &str, ended: Ended) -> Verdict {
        judge(Level::Should, "a request-line", &seen(turn(GET, received, ended))).verdict
    }

    #[test]
    fn by_the_status() {
        assert_eq!(verdict(OK, Ended::Answered), Verdict::Pass);
        assert_eq!(verdict(&status(404), Ended::Answered), Verdict::Pass);
        assert_eq!(verdict(&status(414), Ended::Fin), Verdict::Warn);
        assert_eq!(verdict(&status(400), Ended::Fin), Verdict::Warn);
        assert_eq!(verdict("", Ended::Reset), Verdict::Warn);
        assert_eq!(verdict("", Ended::Quiet), Verdict::Warn);
    }

    #[test]
    fn masked_or_not_judged_by_the_control() {
        let mut refused = seen(turn(GET, &status(400), Ended::Answered));
        refused.control = turn(GET, &status(400), Ended::Answered);
        assert_eq!(judge(Level::Should, "a request-line", &refused).verdict, Verdict::Masked);
        assert_eq!(
            judge(Level::Should, "a request-line", &seen_dying(turn(GET, "", Ended::Quiet))).verdict,
            Verdict::NotJudged
        );
    }
}
