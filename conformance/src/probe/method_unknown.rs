//! A method that the server does not know, or that is longer than any that it knows, is answered with 501 (RFC 9110
//! section 9.1, RFC 9112 section 3).
//!
//! 501 passes. 405 says that the method is known here; nobody outside can prove the contrary of a server that takes any
//! word for a method, so it is noted and no more. 400, 414, 431 and other 5xx name another trouble than the method: the
//! SHOULD is broken. 401, 403, 404 and 429 may come before the method is looked at, and are noted. A method that is
//! *served* is a warning only where it shows that it was taken for GET, by an echo or by the very content of GET; an
//! application that takes any method is its author's choice and noted.
//!
//! It cannot cry wolf: the same refusal as that of a plain GET is masked; silence counts only if a plain GET is
//! answered after it.

use super::talk::{self, Seen};
use super::{Context, Probe};
use crate::judge::expectation::{broken, level};
use crate::judge::{Judgement, Verdict};
use crate::observation::{Observation, Purpose};
use crate::rule::Level;
use crate::servers::Echo;

/// In no registry, and of the looks of the methods that are.
const UNKNOWN: &str = "QZJXVK";

/// Longer than any method, and far from the 8,000 octets that a request-line may have anywhere.
const LONG: usize = 2_000;

pub(super) static METHOD_UNKNOWN: Probe = Probe {
    name: "method-unknown",
    about: "sends a method that is in no registry; 501 is right, and being taken for GET is wrong",
    run: |check, context| Box::pin(async move { run(level(check.rule), context, UNKNOWN.to_owned()).await }),
};

pub(super) static METHOD_TOO_LONG: Probe = Probe {
    name: "method-too-long",
    about: "sends a method of 2,000 letters; 501 is right",
    run: |check, context| Box::pin(async move { run(level(check.rule), context, "M".repeat(LONG)).await }),
};

async fn run(level: Level, context: &Context, method: String) -> (Judgement, Vec<Observation>) {
    let text = format!("{method} {{path}} HTTP/1.1\nHost: {{host}}\n\n");
    let seen = talk::around(context, talk::ask(context, Purpose::Check, &text)).await;
    (judge(level, &seen, method.as_bytes()), seen.exchanges())
}

fn judge(level: Level, seen: &Seen, method: &[u8]) -> Judgement {
    let expected = "501 (or 405, if the method is known here after all)";
    if let Some(judgement) = seen.blocked() {
        return judgement;
    }
    let answer = talk::first(&seen.check);
    let why = talk::words(answer.as_ref(), &seen.check);
    let new = |verdict, why: String| Judgement::new(verdict, why, expected);
    let Some(answer) = answer else { return new(broken(level), why) };
    let control = talk::complete(&seen.control);
    let is_get = control.as_ref().is_some_and(|get| !get.content.is_empty() && get.content == answer.content);
    match answer.status {
        Some(501) => new(Verdict::Pass, why),
        Some(status @ 400..) if seen.control_status() == Some(status) => {
            new(Verdict::Masked, format!("{why}, and so is a plain GET"))
        }
        Some(405) => new(Verdict::Note, format!("{why}: that says that the method is known here")),
        Some(401 | 403 | 404 | 407 | 429) => {
            new(Verdict::Note, format!("{why}, which may have come before the method was looked at"))
        }
        Some(400..) => new(broken(level), format!("{why}, which says that something else is wrong")),
        Some(_) => match Echo::parse(&answer.content) {
            Some(echo) if echo.method == method => {
                new(Verdict::Note, format!("{why} by an application that was told the method"))
            }
            Some(echo) => {
                let shown = startline_parser::notation::encode(&echo.method[..echo.method.len().min(40)]);
                new(broken(level), format!("{why}: the echo shows that it was taken for {shown}"))
            }
            None if is_get => new(broken(level), format!("{why} and the very content of GET")),
            None => new(Verdict::Note, format!("{why}: the method is served")),
        },
        None => new(broken(level), why),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::Ended;
    use crate::probe::recorded::{OK, seen, seen_dying, status, turn};

    const QZJXVK: &str = "QZJXVK / HTTP/1.1\nHost: h\n\n";

    fn verdict(received: &str, ended: Ended) -> Verdict {
        judge(Level::Should, &seen(turn(QZJXVK, received, ended)), b"QZJXVK").verdict
    }

    #[test]
    fn by_the_status() {
        for (code, wanted) in [
            (501, Verdict::Pass),
            (405, Verdict::Note),
            (403, Verdict::Note),
            (400, Verdict::Warn),
            (414, Verdict::Warn),
            (500, Verdict::Warn),
            (204, Verdict::Note),
        ] {
            assert_eq!(verdict(&status(code), Ended::Answered), wanted, "{code}");
        }
    }

    #[test]
    fn served_is_a_warning_where_it_was_taken_for_get() {
        assert_eq!(verdict(OK, Ended::Answered), Verdict::Warn);
        let echo = |method: &str| {
            format!("HTTP/1.1 200 OK\n\nstartline-echo/1\\nmethod: {method}\\ntarget: /\\nlength: 0\\nbody:\\n\\\n")
        };
        assert_eq!(verdict(&echo("QZJXVK"), Ended::Fin), Verdict::Note);
        assert_eq!(verdict(&echo("GET"), Ended::Fin), Verdict::Warn);
    }

    #[test]
    fn silence_close_and_a_refused_control() {
        assert_eq!(verdict("", Ended::Fin), Verdict::Warn);
        assert_eq!(verdict("", Ended::Quiet), Verdict::Warn);
        let dying = seen_dying(turn(QZJXVK, "", Ended::Quiet));
        assert_eq!(judge(Level::Should, &dying, b"QZJXVK").verdict, Verdict::NotJudged);
        let mut refused = seen(turn(QZJXVK, &status(400), Ended::Answered));
        refused.control = turn(crate::probe::recorded::GET, &status(400), Ended::Answered);
        assert_eq!(judge(Level::Should, &refused, b"QZJXVK").verdict, Verdict::Masked);
    }
}
