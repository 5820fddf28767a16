//! Requests for another origin than the connection is good for (RFC 9110 section 7.4).
//!
//! `https-in-cleartext`: absolute-form with an `https` URI of the target's own host over TCP. `https-other-host`: another
//! host in `Host` over TLS, under a name that no certificate can be valid for. `host-not-configured`: the same over TCP,
//! which the text leaves to the server.
//!
//! They cannot cry wolf: the same request for the right origin has to be served. Redirecting, refusing and dropping the
//! connection are all right. The text excepts connections from gateways that the server trusts, and whether it trusts
//! this one cannot be seen: so serving is a warning, although the sentence is a MUST.

use super::talk::{self, Seen};
use super::{Context, Probe};
use crate::judge::{Judgement, Verdict};
use crate::observation::{Observation, Purpose};

/// A name that no server has (RFC 6761).
const OTHER: &str = "startline-other.invalid";

pub(super) static HTTPS_IN_CLEARTEXT: Probe = Probe {
    name: "https-in-cleartext",
    about: "asks for an https URI of the right host in the clear, which has to be refused",
    run: |_, context| {
        Box::pin(async move {
            let absolute = |scheme: &str| format!("GET {scheme}://{{host}}{{path}} HTTP/1.1\nHost: {{host}}\n\n");
            run(context, &absolute("http"), &absolute("https"), Verdict::Warn).await
        })
    },
};

pub(super) static HTTPS_OTHER_HOST: Probe = Probe {
    name: "https-other-host",
    about: "asks over TLS for a host that no certificate is valid for, which has to be refused",
    run: |_, context| Box::pin(async move { run(context, talk::PLAIN, &other(), Verdict::Warn).await }),
};

pub(super) static HOST_NOT_CONFIGURED: Probe = Probe {
    name: "host-not-configured",
    about: "asks for a host that no server has",
    run: |_, context| Box::pin(async move { run(context, talk::PLAIN, &other(), Verdict::Note).await }),
};

fn other() -> String {
    format!("GET {{path}} HTTP/1.1\nHost: {OTHER}\n\n")
}

async fn run(context: &Context, right: &str, other: &str, served: Verdict) -> (Judgement, Vec<Observation>) {
    let right = talk::ask(context, Purpose::Control, right).await;
    let seen = talk::around(context, talk::ask(context, Purpose::Check, other)).await;
    let judgement = judge(served, &right, &seen);
    let mut exchanges = seen.exchanges();
    exchanges.insert(1, right);
    (judgement, exchanges)
}

/// `served` is what serving the request is worth.
fn judge(served: Verdict, right: &Observation, seen: &Seen) -> Judgement {
    let expected = "the request refused, redirected or dropped";
    if let Some(judgement) = seen.blocked() {
        return judgement;
    }
    let Some(200..=299) = talk::complete(right).and_then(|answer| answer.status) else {
        return Judgement::not_judged("the same request for the right origin is not served either");
    };
    let answer = talk::first(&seen.check);
    let told = talk::words(answer.as_ref(), &seen.check);
    match answer.and_then(|answer| answer.status) {
        Some(200..=299) => Judgement::new(served, format!("{told}, like the request for the right origin"), expected),
        Some(_) => Judgement::new(Verdict::Pass, told, expected),
        None if seen.check.is_closed() => Judgement::new(Verdict::Pass, told, expected),
        None => Judgement::new(Verdict::Note, told, expected),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::Ended;
    use crate::probe::recorded::{GET, OK, good, seen, seen_dying, status, turn};

    fn verdict(check: &str, ended: Ended) -> Verdict {
        judge(Verdict::Warn, &good(), &seen(turn(GET, check, ended))).verdict
    }

    #[test]
    fn serving_warns_and_refusing_is_right() {
        assert_eq!(verdict(OK, Ended::Answered), Verdict::Warn);
        for refusal in [301, 400, 403, 404, 421, 500] {
            assert_eq!(verdict(&status(refusal), Ended::Answered), Verdict::Pass);
        }
        assert_eq!(verdict("", Ended::Reset), Verdict::Pass);
        assert_eq!(verdict("", Ended::Quiet), Verdict::Note);
    }

    #[test]
    fn not_judged_where_nothing_is_served_or_answered() {
        let refused = turn(GET, &status(404), Ended::Answered);
        let check = || turn(GET, OK, Ended::Answered);
        assert_eq!(judge(Verdict::Warn, &refused, &seen(check())).verdict, Verdict::NotJudged);
        assert_eq!(judge(Verdict::Warn, &good(), &seen_dying(turn(GET, "", Ended::Quiet))).verdict, Verdict::NotJudged);
    }
}
