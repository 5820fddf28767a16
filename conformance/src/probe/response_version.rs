//! The version of responses to HTTP/1.0 requests (RFC 9110 section 6.2).
//!
//! The same request in HTTP/1.1 and in HTTP/1.0. A server that answers the first in HTTP/1.1 conforms to it, and ought to
//! say so in the second answer as well.
//!
//! It cannot cry wolf: a server that answers everything in HTTP/1.0 is left to another rule, and so are versions that
//! nobody has. Only answers of the same class are compared.

use super::talk::{self, Seen};
use super::{Context, Probe};
use crate::judge::expectation::{broken, level};
use crate::judge::{Judgement, Verdict};
use crate::observation::Purpose;
use crate::rule::Level;

pub(super) static RESPONSE_VERSION: Probe = Probe {
    name: "response-version",
    about: "asks in HTTP/1.0; a server of HTTP/1.1 says so in its response",
    run: |check, context| Box::pin(async move { run(level(check.rule), context, "{path}").await }),
};

pub(super) static RESPONSE_VERSION_MISSING: Probe = Probe {
    name: "response-version-missing",
    about: "asks for a missing path in HTTP/1.0; a server of HTTP/1.1 says so in its response",
    run: |check, context| Box::pin(async move { run(level(check.rule), context, "/missing-startline-{token}").await }),
};

async fn run(level: Level, context: &Context, target: &str) -> (Judgement, Vec<crate::observation::Observation>) {
    let request = |version: &str| format!("GET {target} {version}\nHost: {{host}}\n\n");
    let control = talk::ask(context, Purpose::Control, &request("HTTP/1.1")).await;
    let check = talk::ask(context, Purpose::Check, &request("HTTP/1.0")).await;
    let after = talk::after_silence(context, &check).await;
    let seen = Seen { control, check, after };
    (judge(level, &seen), seen.exchanges())
}

fn judge(level: Level, seen: &Seen) -> Judgement {
    let expected = "HTTP/1.1 in the status-line";
    if let Some(judgement) = seen.blocked() {
        return judgement;
    }
    let (Some(control), Some(answer)) = (talk::complete(&seen.control), talk::first(&seen.check)) else {
        return Judgement::not_judged("the request in HTTP/1.0 was not answered");
    };
    if control.minor != Some(1) {
        return Judgement::not_judged("requests in HTTP/1.1 are not answered in HTTP/1.1 either");
    }
    let class = |status: Option<u16>| status.map(|status| status / 100);
    match answer.minor {
        _ if class(answer.status) != class(control.status) => {
            Judgement::not_judged("the request in HTTP/1.0 is answered otherwise, and perhaps by somebody else")
        }
        Some(0) => Judgement::new(broken(level), "HTTP/1.0 is answered in HTTP/1.0, HTTP/1.1 in HTTP/1.1", expected),
        Some(minor) => Judgement::new(Verdict::Pass, format!("HTTP/1.0 is answered in HTTP/1.{minor}"), expected),
        None => Judgement::not_judged("the answer has no version"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::Ended;
    use crate::probe::recorded::{OK, seen, status, turn};

    const GET: &str = "GET / HTTP/1.0\nHost: h\n\n";
    const OLD: &str = "HTTP/1.0 200 OK\nContent-Length: 2\n\nok\\\n";

    fn verdict(check: &str) -> Verdict {
        judge(Level::Should, &seen(turn(GET, check, Ended::Fin))).verdict
    }

    #[test]
    fn a_server_of_http11_says_so() {
        assert_eq!(verdict(OK), Verdict::Pass);
        assert_eq!(verdict(OLD), Verdict::Warn);
    }

    #[test]
    fn other_answers_say_nothing() {
        assert_eq!(verdict(&status(426).replace("HTTP/1.1", "HTTP/1.0")), Verdict::NotJudged);
        assert_eq!(verdict(""), Verdict::NotJudged);
        let mut old = seen(turn(GET, OLD, Ended::Fin));
        old.control = turn(GET, OLD, Ended::Fin);
        assert_eq!(judge(Level::Should, &old).verdict, Verdict::NotJudged);
    }
}
