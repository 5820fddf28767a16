//! GET and HEAD are supported (RFC 9110 section 9.1).
//!
//! GET and HEAD are sent to the known-good path. A 501 says that no resource here knows the method. Where GET is served,
//! a 501 to HEAD breaks the duty. The sentence is about general-purpose servers: one that answers GET with 501 may be
//! made for something else, so that is a note, and a 501 to HEAD where GET is refused is a warning. A 405 to HEAD where
//! GET is served says it of this resource only, and the duty is the server's, so that is a warning and not a failure. An
//! API whose path wants another method than GET is not judged.
//!
//! It cannot cry wolf: whatever is not 501 or 405 counts as support, since a resource may refuse for reasons of its
//! own; silence counts only if a plain GET is answered after it; a close without an answer is always permitted and at
//! most a warning.

use super::talk::{self, Seen};
use super::{Context, Probe};
use crate::judge::expectation::{broken, level};
use crate::judge::{Judgement, Verdict};
use crate::observation::Purpose;
use crate::rule::Level;

pub(super) static METHODS_SUPPORTED: Probe = Probe {
    name: "methods-supported",
    about: "sends GET and HEAD to the known-good path; neither may be answered as a method that the server does not have",
    run: |check, context| {
        Box::pin(async move {
            let seen = converse(context).await;
            (judge(level(check.rule), &seen), seen.exchanges())
        })
    },
};

async fn converse(context: &Context) -> Seen {
    talk::around(context, talk::ask(context, Purpose::Check, "HEAD {path} HTTP/1.1\nHost: {host}\n\n")).await
}

fn judge(level: Level, seen: &Seen) -> Judgement {
    let expected = "GET and HEAD known to the server (neither 501 nor, where GET is served, 405)";
    if let Some(judgement) = seen.blocked() {
        return judgement;
    }
    let get = seen.control_status();
    if get == Some(501) {
        let why = "GET is answered with 501, which a server that is not for general purposes may do";
        return Judgement::new(Verdict::Note, why, expected);
    }
    if get == Some(405) {
        return Judgement::not_judged("the known-good path does not allow GET (405)");
    }
    let head = talk::first(&seen.check);
    let told = talk::words(head.as_ref(), &seen.check);
    let get = get.map_or("something".to_owned(), |status| status.to_string());
    let why = format!("GET got {get}, HEAD was {told}");
    let verdict = match head.and_then(|answer| answer.status) {
        Some(501) => match seen.control_status() {
            Some(200..=399) => broken(level),
            _ => Verdict::Warn,
        },
        Some(405) => match seen.control_status() {
            Some(200..=399) => Verdict::Warn,
            _ => Verdict::Note,
        },
        Some(status) if Some(status) != seen.control_status() => Verdict::Note,
        Some(_) => Verdict::Pass,
        // Closing is always permitted; not answering is not.
        None if seen.check.is_closed() => Verdict::Warn,
        None => broken(level),
    };
    Judgement::new(verdict, why, expected)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::{Ended, Observation};
    use crate::probe::recorded::{dead, seen, seen_dying, turn};

    fn head(received: &str, ended: Ended) -> Observation {
        turn("HEAD / HTTP/1.1\nHost: h\n\n", received, ended)
    }

    fn verdict(check: Observation) -> Verdict {
        judge(Level::Must, &seen(check)).verdict
    }

    #[test]
    fn by_the_status() {
        assert_eq!(verdict(head("HTTP/1.1 200 OK\nContent-Length: 2\n\n", Ended::Answered)), Verdict::Pass);
        assert_eq!(verdict(head("HTTP/1.1 501 No\nContent-Length: 0\n\n", Ended::Answered)), Verdict::Fail);
        assert_eq!(verdict(head("HTTP/1.1 405 No\nContent-Length: 0\n\n", Ended::Answered)), Verdict::Warn);
        assert_eq!(verdict(head("HTTP/1.1 403 No\nContent-Length: 0\n\n", Ended::Answered)), Verdict::Note);
    }

    /// The duty is that of general-purpose servers (RFC 9110 section 9.1).
    #[test]
    fn a_server_without_get_may_be_made_for_something_else() {
        let among = |get: &str| {
            let mut seen = seen(head("HTTP/1.1 501 No\nContent-Length: 0\n\n", Ended::Answered));
            seen.control = turn(crate::probe::recorded::GET, get, Ended::Answered);
            judge(Level::Must, &seen).verdict
        };
        assert_eq!(among("HTTP/1.1 501 No\nContent-Length: 0\n\n"), Verdict::Note);
        assert_eq!(among("HTTP/1.1 401 No\nContent-Length: 0\n\n"), Verdict::Warn);
        assert_eq!(among("HTTP/1.1 302 No\nContent-Length: 0\n\n"), Verdict::Fail);
    }

    #[test]
    fn silence_counts_if_plain_requests_are_answered() {
        assert_eq!(verdict(head("", Ended::Quiet)), Verdict::Fail);
        assert_eq!(judge(Level::Must, &seen_dying(head("", Ended::Quiet))).verdict, Verdict::NotJudged);
        assert_eq!(verdict(head("", Ended::Fin)), Verdict::Warn);
    }

    #[test]
    fn not_judged_without_a_good_path() {
        let mut unanswered = seen(head("HTTP/1.1 501 No\n\n", Ended::Answered));
        unanswered.control = dead();
        assert_eq!(judge(Level::Must, &unanswered).verdict, Verdict::NotJudged);
        unanswered.control =
            turn(crate::probe::recorded::GET, "HTTP/1.1 405 No\nContent-Length: 0\n\n", Ended::Answered);
        assert_eq!(judge(Level::Must, &unanswered).verdict, Verdict::NotJudged);
    }
}
