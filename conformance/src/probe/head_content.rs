//! The answer to HEAD has no content (RFC 9110 section 9.3.2).
//!
//! HEAD, and once it is answered a GET on the same connection. Between the empty line of the first answer and the next
//! status-line there may be nothing, whether the octets come at once, late, or before the close. Two variants: the
//! known-good path, and one that is missing, where error pages tend to forget the method.
//!
//! It cannot cry wolf: octets are judged that were received, never their absence; the answer to the second request is
//! told by its status-line. Where GET has no content either, nothing is judged, since nothing could have shown. 400 and
//! 408 are left out: such an answer may not know the method.

use super::talk;
use super::{Context, Probe};
use crate::judge::expectation::{broken, level};
use crate::judge::{Judgement, Verdict};
use crate::observation::{Observation, Purpose};
use crate::rule::Level;

pub(super) static HEAD_WITHOUT_CONTENT: Probe = Probe {
    name: "head-without-content",
    about: "sends HEAD and then GET on one connection; nothing may stand between the first head and the next status-line",
    run: |check, context| Box::pin(async move { run(level(check.rule), context, "{path}").await }),
};

pub(super) static HEAD_WITHOUT_CONTENT_MISSING: Probe = Probe {
    name: "head-without-content-missing",
    about: "sends HEAD for a path that is missing and then GET on one connection; the error may have no content",
    run: |check, context| Box::pin(async move { run(level(check.rule), context, "/missing-startline-{token}").await }),
};

async fn run(level: Level, context: &Context, target: &str) -> (Judgement, Vec<Observation>) {
    let request = |method: &str| format!("{method} {target} HTTP/1.1\nHost: {{host}}\n\n");
    let (head, get) = (request("HEAD"), request("GET"));
    let control = talk::ask(context, Purpose::Control, &get).await;
    let check = talk::in_turn(context, Purpose::Check, &[&head, &get]).await;
    (judge(level, &control, &check), vec![control, check])
}

fn judge(level: Level, control: &Observation, check: &Observation) -> Judgement {
    let Some(get) = talk::complete(control) else {
        return Judgement::not_judged(format!("GET was not answered ({})", control.ended.words()));
    };
    let Some(head) = talk::first(check).filter(|answer| answer.status.is_some_and(|status| status != 400)) else {
        return Judgement::not_judged("HEAD got no answer that knows the method");
    };
    let octets = check.octets();
    let Some(rest) = after_head(&octets[head.start..]) else {
        return Judgement::not_judged("the head of the answer to HEAD did not come to an end");
    };
    let expected = "nothing after the empty line that ends the head";
    let before = check.before_canary.unwrap_or(octets.len());
    let at = octets.len() - rest.len();
    let is_next = before == at && check.before_canary.is_some() && rest.starts_with(b"HTTP/");
    if !rest.is_empty() && !is_next {
        let shown = startline_parser::notation::encode(&rest[..rest.len().min(60)]);
        return Judgement::new(
            broken(level),
            format!("after the head of the answer to HEAD came \"{shown}\""),
            expected,
        );
    }
    if get.content.is_empty() {
        return Judgement::not_judged("GET has no content either, so nothing could show");
    }
    let status = head.status.map_or("?".to_owned(), |status| status.to_string());
    let why = format!("HEAD got {status} and no content, GET has {} octets of it", get.content.len());
    Judgement::new(Verdict::Pass, why, expected)
}

/// What follows the first empty line.
fn after_head(octets: &[u8]) -> Option<&[u8]> {
    let mut start = 0;
    while let Some(len) = octets[start..].iter().position(|&octet| octet == b'\n') {
        let line = &octets[start..start + len];
        start += len + 1;
        if line.is_empty() || line == b"\r" {
            return Some(&octets[start..]);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::Ended;
    use crate::probe::recorded::{GET, OK, dead, good, turn, turns};

    const HEAD: &str = "HEAD / HTTP/1.1\nHost: h\n\n";
    const BARE: &str = "HTTP/1.1 200 OK\nContent-Length: 2\n\n";

    fn verdict(check: &Observation) -> Verdict {
        judge(Level::MustNot, &good(), check).verdict
    }

    #[test]
    fn a_head_alone_passes() {
        assert_eq!(verdict(&turns(&[(HEAD, BARE), (GET, OK)], Ended::Answered)), Verdict::Pass);
        assert_eq!(verdict(&turn(HEAD, BARE, Ended::Fin)), Verdict::Pass);
    }

    #[test]
    fn content_fails_at_once_late_or_before_the_close() {
        assert_eq!(verdict(&turns(&[(HEAD, OK), (GET, OK)], Ended::Answered)), Verdict::Fail);
        let late = format!("ok\\\n{OK}");
        assert_eq!(verdict(&turns(&[(HEAD, BARE), (GET, &late)], Ended::Answered)), Verdict::Fail);
        assert_eq!(verdict(&turn(HEAD, OK, Ended::Fin)), Verdict::Fail);
        assert_eq!(
            verdict(&turn(HEAD, "HTTP/1.1 404 No\nTransfer-Encoding: chunked\n\n0\n\n", Ended::Fin)),
            Verdict::Fail
        );
    }

    #[test]
    fn not_judged_where_nothing_could_show() {
        let empty = turn(GET, "HTTP/1.1 204 No\n\n", Ended::Answered);
        let bare = turn(HEAD, "HTTP/1.1 204 No\n\n", Ended::Answered);
        assert_eq!(judge(Level::MustNot, &empty, &bare).verdict, Verdict::NotJudged);
        assert_eq!(judge(Level::MustNot, &dead(), &bare).verdict, Verdict::NotJudged);
        assert_eq!(verdict(&turn(HEAD, "", Ended::Quiet)), Verdict::NotJudged);
        assert_eq!(verdict(&turn(HEAD, "HTTP/1.1 200 OK\nConte", Ended::Fin)), Verdict::NotJudged);
        assert_eq!(verdict(&turn(HEAD, "HTTP/1.1 400 Bad\n\nno\\\n", Ended::Fin)), Verdict::NotJudged);
    }
}
