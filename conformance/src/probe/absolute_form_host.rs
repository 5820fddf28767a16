//! In absolute-form the host of the request-target counts, and `Host` is ignored (RFC 9112 section 3.2.2).
//!
//! Four exchanges: the plain path; absolute-form with the same host in `Host`; origin-form with another host in `Host`;
//! and the check, absolute-form with the right host and another in `Host`. An application that echoes shows which host
//! it was told. Without an echo, the check has to be answered like absolute-form with the same `Host`; that says
//! something only if the other host alone is answered otherwise, and a refusal that the same absolute-form without the
//! other host does not get is a failure: `Host` was not ignored.
//!
//! It cannot cry wolf: where absolute-form is refused as such, nothing is judged here; where the echo shows the
//! absolute-form as well as the other host, the application has both and the server's part cannot be told, which is
//! noted. Where it shows the other host alone, the application can only go wrong, but the server may have chosen it by
//! the right host all the same, so that is a warning. A close is always permitted and at most a warning; silence counts
//! only if a plain request is answered after it.

use super::talk::{self, Seen};
use super::{Context, Probe};
use crate::judge::expectation::{broken, level};
use crate::judge::{Judgement, Verdict};
use crate::observation::{Observation, Purpose};
use crate::rule::Level;
use crate::servers::Echo;

/// A name that no server has (RFC 6761).
const OTHER: &str = "startline-other.invalid";

pub(super) static ABSOLUTE_FORM_HOST: Probe = Probe {
    name: "absolute-form-host",
    about: "sends absolute-form with the right host and another in Host, which has to be ignored",
    run: |check, context| Box::pin(async move { run(level(check.rule), context).await }),
};

/// What is compared.
#[derive(Debug)]
struct Compared {
    /// Absolute-form with the right host in `Host` too.
    same: Observation,
    /// Origin-form with the other host.
    other: Observation,
    /// Plain exchanges and the check.
    seen: Seen,
}

async fn run(level: Level, context: &Context) -> (Judgement, Vec<Observation>) {
    let absolute = |host: &str| format!("GET {{scheme}}://{{host}}{{path}} HTTP/1.1\nHost: {host}\n\n");
    let same = talk::ask(context, Purpose::Control, &absolute("{host}")).await;
    let other = format!("GET {{path}} HTTP/1.1\nHost: {OTHER}\n\n");
    let other = talk::ask(context, Purpose::Control, &other).await;
    let seen = talk::around(context, talk::ask(context, Purpose::Check, &absolute(OTHER))).await;
    let compared = Compared { same, other, seen };
    let judgement = judge(level, &compared, &context.target.host);
    let Compared { same, other, seen } = compared;
    let mut exchanges = seen.exchanges();
    exchanges.splice(1..1, [same, other]);
    (judgement, exchanges)
}

fn judge(level: Level, compared: &Compared, host: &str) -> Judgement {
    let expected = "the answer for the host in the request-target";
    let seen = &compared.seen;
    if let Some(judgement) = seen.blocked() {
        return judgement;
    }
    let status = |observation: &Observation| talk::complete(observation).and_then(|answer| answer.status);
    let same = status(&compared.same);
    if same.is_none() || same != seen.control_status() {
        return Judgement::not_judged("absolute-form is not answered like origin-form even with the same Host");
    }
    let answer = talk::first(&seen.check);
    let told = talk::words(answer.as_ref(), &seen.check);
    let new = |verdict, why: String| Judgement::new(verdict, why, expected);
    let Some(answer) = answer else {
        let verdict = if seen.check.is_closed() { Verdict::Warn } else { broken(level) };
        return new(verdict, format!("with another Host it was {told}"));
    };
    if answer.status == same
        && let Some(echo) = Echo::parse(&answer.content)
    {
        return echoed(&echo, host, expected);
    }
    let right = same.map_or_else(String::new, |status| status.to_string());
    if answer.status != same {
        let verdict = match answer.status {
            Some(500..) => Verdict::Warn,
            _ => broken(level),
        };
        return new(verdict, format!("with another Host it was {told}, with the same {right}"));
    }
    match status(&compared.other) {
        Some(other) if Some(other) != same => {
            new(Verdict::Pass, format!("{told}, although the other host alone gets {other}"))
        }
        _ => Judgement::not_judged(format!("{told}, and so is the other host alone: which one counted does not show")),
    }
}

/// What the application was told.
fn echoed(echo: &Echo, host: &str, expected: &str) -> Judgement {
    let hosts: Vec<&[u8]> = echo.values("host").collect();
    let is_right = |value: &&[u8]| value.eq_ignore_ascii_case(host.as_bytes());
    let keeps_target = echo.target.windows(3).any(|three| three == b"://");
    if !hosts.is_empty() && hosts.iter().all(is_right) {
        return Judgement::new(Verdict::Pass, "the application was told the host of the request-target", expected);
    }
    if keeps_target || hosts.is_empty() {
        let why =
            "the application was given both the absolute-form and Host as they are, and has to ignore Host itself";
        return Judgement::new(Verdict::Note, why, expected);
    }
    let why = "the application was told the other host, and nothing of the one in the request-target";
    Judgement::new(Verdict::Warn, why, expected)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::Ended;
    use crate::probe::recorded::{GET, OK, seen, seen_dying, status, turn};

    const ABSOLUTE: &str = "GET http://h/ HTTP/1.1\nHost: startline-other.invalid\n\n";

    fn compared(check: Observation, other: &str) -> Compared {
        let answered = |received: &str| turn(GET, received, Ended::Answered);
        Compared { same: answered(OK), other: answered(other), seen: seen(check) }
    }

    fn verdict(check: &str, ended: Ended, other: &str) -> Verdict {
        judge(Level::Must, &compared(turn(ABSOLUTE, check, ended), other), "h").verdict
    }

    fn echo(target: &str, host: &str) -> String {
        format!(
            "HTTP/1.1 200 OK\n\nstartline-echo/1\\nmethod: GET\\ntarget: {target}\\nfield: Host: {host}\\nlength: 0\\nbody:\\n\\\n"
        )
    }

    #[test]
    fn by_the_echo() {
        assert_eq!(verdict(&echo("/", "h"), Ended::Fin, OK), Verdict::Pass);
        assert_eq!(verdict(&echo("/", OTHER), Ended::Fin, OK), Verdict::Warn);
        assert_eq!(verdict(&echo("http://h/", OTHER), Ended::Fin, OK), Verdict::Note);
    }

    #[test]
    fn by_the_status() {
        assert_eq!(verdict(OK, Ended::Answered, &status(404)), Verdict::Pass);
        assert_eq!(verdict(OK, Ended::Answered, OK), Verdict::NotJudged);
        assert_eq!(verdict(&status(404), Ended::Answered, &status(404)), Verdict::Fail);
        assert_eq!(verdict(&status(400), Ended::Answered, OK), Verdict::Fail);
        assert_eq!(verdict("", Ended::Reset, OK), Verdict::Warn);
        assert_eq!(verdict("", Ended::Quiet, OK), Verdict::Fail);
    }

    #[test]
    fn not_judged_where_absolute_form_is_refused_as_such() {
        let mut refused = compared(turn(ABSOLUTE, &status(400), Ended::Fin), OK);
        refused.same = turn(GET, &status(400), Ended::Fin);
        assert_eq!(judge(Level::Must, &refused, "h").verdict, Verdict::NotJudged);
        let mut dying = compared(turn(ABSOLUTE, "", Ended::Quiet), OK);
        dying.seen = seen_dying(turn(ABSOLUTE, "", Ended::Quiet));
        assert_eq!(judge(Level::Must, &dying, "h").verdict, Verdict::NotJudged);
    }
}
