//! A URI of 8,000 octets is supported (RFC 9110 section 4.1).
//!
//! The known-good path with a query that makes the request-target exactly 8,000 octets long; a second probe does the same
//! with the whole URI in absolute-form. Only a refusal that speaks of lengths or of the syntax (400, 413, 414, 431), a
//! 5xx, a close or silence breaks the SHOULD; with any other status the URI was read and the resource looked up.
//!
//! They cannot cry wolf: the control is a short URI in the same form, and the same refusal as the control's is masked;
//! silence counts only if a plain request is answered after it.

use super::request_line_length::{LENGTH, judge};
use super::talk::{self, Seen};
use super::{Context, Probe};
use crate::judge::Judgement;
use crate::judge::expectation::level;
use crate::observation::{Observation, Purpose};
use crate::rule::Level;

pub(super) static URI_8000: Probe = Probe {
    name: "uri-8000",
    about: "sends a path and query of exactly 8,000 octets; they may not be refused for their length",
    run: |check, context| Box::pin(async move { run(level(check.rule), context, "").await }),
};

pub(super) static URI_8000_ABSOLUTE: Probe = Probe {
    name: "uri-8000-absolute",
    about: "sends a URI of exactly 8,000 octets in absolute-form; it may not be refused for its length",
    run: |check, context| Box::pin(async move { run(level(check.rule), context, "{scheme}://{host}").await }),
};

/// `origin` stands before the path.
async fn run(level: Level, context: &Context, origin: &str) -> (Judgement, Vec<Observation>) {
    let short = talk::long_target(context, 0);
    let start = String::from_utf8_lossy(&context.octets(origin, &context.target.values())).len() + short.len();
    let Some(len) = LENGTH.checked_sub(start) else {
        return (Judgement::not_judged("the known-good path is longer than that"), Vec::new());
    };
    let request = |target: &str| format!("GET {origin}{target} HTTP/1.1\nHost: {{host}}\n\n");
    let control = talk::ask(context, Purpose::Control, &request(&short)).await;
    let check = talk::ask(context, Purpose::Check, &request(&talk::long_target(context, len))).await;
    let after = talk::after_silence(context, &check).await;
    let seen = Seen { control, check, after };
    (judge(level, "a URI", &seen), seen.exchanges())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::Verdict;
    use crate::observation::Ended;
    use crate::probe::recorded::{GET, OK, seen, seen_dying, status, turn};

    fn verdict(received: &str, ended: Ended) -> Verdict {
        judge(Level::Should, "a URI", &seen(turn(GET, received, ended))).verdict
    }

    #[test]
    fn by_the_status() {
        assert_eq!(verdict(OK, Ended::Answered), Verdict::Pass);
        assert_eq!(verdict(&status(404), Ended::Answered), Verdict::Pass);
        assert_eq!(verdict(&status(414), Ended::Fin), Verdict::Warn);
        assert_eq!(verdict("", Ended::Reset), Verdict::Warn);
        assert_eq!(verdict("", Ended::Quiet), Verdict::Warn);
    }

    #[test]
    fn masked_or_not_judged_by_the_control() {
        let mut refused = seen(turn(GET, &status(400), Ended::Answered));
        refused.control = turn(GET, &status(400), Ended::Answered);
        assert_eq!(judge(Level::Should, "a URI", &refused).verdict, Verdict::Masked);
        assert_eq!(judge(Level::Should, "a URI", &seen_dying(turn(GET, "", Ended::Quiet))).verdict, Verdict::NotJudged);
    }
}
