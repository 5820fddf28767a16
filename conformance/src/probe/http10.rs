//! Answers to HTTP/1.0: the connection closes (RFC 9112 section 9.3), there is no transfer coding (section 6.1).
//!
//! `http10-closes`: an HTTP/1.0 request without `keep-alive` is answered, and the connection is watched for its close
//! and then tried. The text says so without a key word, so staying open is noted. `http10-keep-alive`: with
//! `keep-alive` the server may keep the connection if its answer says so; an open connection that was not announced is
//! noted. `no-coding-to-http10`: no answer to an HTTP/1.0 request, with or without `keep-alive`, good path or missing,
//! has a `Transfer-Encoding`.
//!
//! They cannot cry wolf: the first two note at most; the third is about a field that was received.

use super::talk;
use super::{Context, Probe};
use crate::judge::expectation::{broken, level};
use crate::judge::{Judgement, Verdict};
use crate::observation::{Observation, Purpose};
use crate::rule::Level;

const PLAIN10: &str = "GET {path} HTTP/1.0\nHost: {host}\n\n";
const KEPT10: &str = "GET {path} HTTP/1.0\nHost: {host}\nConnection: keep-alive\n\n";
const MISSING10: &str = "GET /missing-startline-{token} HTTP/1.0\nHost: {host}\n\n";

pub(super) static HTTP10_CLOSES: Probe = Probe {
    name: "http10-closes",
    about: "sends an HTTP/1.0 request without `keep-alive` and looks whether the connection is closed after the answer",
    run: |check, context| Box::pin(async move { closes(level(check.rule), context, PLAIN10).await }),
};

pub(super) static HTTP10_KEEP_ALIVE: Probe = Probe {
    name: "http10-keep-alive",
    about: "sends an HTTP/1.0 request with `keep-alive`; a connection that stays open has to be announced in the answer",
    run: |check, context| Box::pin(async move { closes(level(check.rule), context, KEPT10).await }),
};

pub(super) static NO_CODING_TO_HTTP10: Probe = Probe {
    name: "no-coding-to-http10",
    about: "sends HTTP/1.0 requests of three kinds; no answer may have a Transfer-Encoding",
    run: |check, context| {
        Box::pin(async move {
            let mut exchanges = Vec::new();
            for text in [PLAIN10, KEPT10, MISSING10] {
                exchanges.push(talk::ask(context, Purpose::Check, text).await);
            }
            (judge_coding(level(check.rule), &exchanges), exchanges)
        })
    },
};

async fn closes(level: Level, context: &Context, text: &str) -> (Judgement, Vec<Observation>) {
    let control = talk::plain(context).await;
    let check = talk::then_close(context, Purpose::Check, text).await;
    (judge_close(level, &control, &check), vec![control, check])
}

fn judge_close(level: Level, control: &Observation, check: &Observation) -> Judgement {
    let expected = "the connection closed after the answer, unless `keep-alive` was asked for and granted";
    if talk::complete(control).is_none() {
        return Judgement::not_judged(format!("a plain exchange was not answered ({})", control.ended.words()));
    }
    let Some(answer) = talk::complete(check) else {
        // Without a length, an answer that does not end may be complete to the peer.
        let Some(answer) = talk::first(check).filter(|_| talk::is_silent(check)) else {
            return Judgement::not_judged(format!("the HTTP/1.0 request was not answered ({})", check.ended.words()));
        };
        if talk::ends_by_itself(&answer, false) {
            return Judgement::not_judged("the answer did not come to its end");
        }
        let why = "the answer has no length, and the connection is left open: an HTTP/1.0 client waits for ever";
        return Judgement::new(broken(level), why, expected);
    };
    let grants = answer.field("connection").is_some_and(|value| {
        value.split(|&octet| octet == b',').any(|option| option.trim_ascii().eq_ignore_ascii_case(b"keep-alive"))
    });
    let asked = check.octets_sent().windows(10).any(|ten| ten == b"keep-alive");
    let before = check.before_canary.unwrap_or(usize::MAX);
    let used = talk::finals(check).iter().any(|later| later.start >= before && later.is_complete);
    let status = answer.status.map_or("?".to_owned(), |status| status.to_string());
    let new = |verdict, what: &str| Judgement::new(verdict, format!("answered with {status}, {what}"), expected);
    match check.before_canary {
        None if check.is_closed() => new(Verdict::Pass, "then closed"),
        _ if asked && grants => new(Verdict::Pass, "with `keep-alive`, and left open"),
        _ if used => new(broken(level), "left open without a word, and a further request was answered"),
        _ => new(broken(level), "left open without a word"),
    }
}

fn judge_coding(level: Level, exchanges: &[Observation]) -> Judgement {
    let expected = "no Transfer-Encoding in an answer to HTTP/1.0";
    let answers: Vec<_> = exchanges.iter().filter_map(talk::first).filter(|answer| answer.status.is_some()).collect();
    if let Some(coded) = answers.iter().find(|answer| answer.field("transfer-encoding").is_some()) {
        let value = startline_parser::notation::encode(coded.field("transfer-encoding").unwrap_or_default());
        let status = coded.status.unwrap_or_default();
        let why = format!("an answer with {status} to an HTTP/1.0 request has Transfer-Encoding: {value}");
        return Judgement::new(broken(level), why, expected);
    }
    if answers.is_empty() {
        return Judgement::not_judged("no HTTP/1.0 request was answered");
    }
    let why = format!("{} answers to HTTP/1.0 requests, none with a transfer coding", answers.len());
    Judgement::new(Verdict::Pass, why, expected)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::Ended;
    use crate::probe::recorded::{GET, OK, dead, good, turn, turns};

    const OLD: &str = "GET / HTTP/1.0\nHost: h\n\n";
    const KEPT: &str = "GET / HTTP/1.0\nHost: h\nConnection: keep-alive\n\n";

    #[test]
    fn closing_passes_and_staying_is_noted() {
        let verdict = |check: Observation| judge_close(Level::None, &good(), &check).verdict;
        assert_eq!(verdict(turn(OLD, OK, Ended::Fin)), Verdict::Pass);
        assert_eq!(verdict(turns(&[(OLD, OK), (GET, OK)], Ended::Answered)), Verdict::Note);
        assert_eq!(verdict(turn(OLD, "HTTP/1.1 200 OK\n\nok\\\n", Ended::Quiet)), Verdict::Note);
        assert_eq!(verdict(turn(OLD, "", Ended::Fin)), Verdict::NotJudged);
        assert_eq!(judge_close(Level::None, &dead(), &turn(OLD, OK, Ended::Fin)).verdict, Verdict::NotJudged);
    }

    #[test]
    fn keep_alive_has_to_be_granted() {
        let verdict = |check: Observation| judge_close(Level::None, &good(), &check).verdict;
        let granted = "HTTP/1.1 200 OK\nConnection: Keep-Alive\nContent-Length: 2\n\nok\\\n";
        assert_eq!(verdict(turns(&[(KEPT, granted), (GET, OK)], Ended::Answered)), Verdict::Pass);
        assert_eq!(verdict(turns(&[(KEPT, OK), (GET, OK)], Ended::Answered)), Verdict::Note);
        assert_eq!(verdict(turn(KEPT, OK, Ended::Fin)), Verdict::Pass);
    }

    #[test]
    fn a_coding_fails() {
        let verdict = |received: &str| judge_coding(Level::MustNot, &[turn(OLD, received, Ended::Fin)]).verdict;
        assert_eq!(verdict(OK), Verdict::Pass);
        assert_eq!(verdict("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n0\n\n"), Verdict::Fail);
        assert_eq!(verdict(""), Verdict::NotJudged);
    }
}
