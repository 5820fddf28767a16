//! The whole content of a request is read, or the connection closed (RFC 9112 section 9.3).
//!
//! A request whose content looks like another request, sent to where the content is of no use: a path that is missing,
//! a GET, a method nobody knows. Once it is answered the connection is watched; if it stays open, a canary follows. An
//! answer before the canary was sent, or one more than there were requests, is an answer to the content.
//!
//! It cannot cry wolf: a failure is an answer that came to a request that was not sent. A 408 is the end of a peer's
//! patience and not counted, and early answers are permitted. A canary that gets no answer on an open connection, while
//! a plain request on another gets one, is a warning: the peer may still wait for content that was all sent.

use super::talk;
use super::{Context, Probe};
use crate::calibrate::{canary, canary_path};
use crate::judge::expectation::{broken, level};
use crate::judge::{Judgement, Verdict};
use crate::observation::{Observation, Purpose};
use crate::rule::Level;
use crate::servers::Echo;
use crate::target::token;

pub(super) static BODY_READ_MISSING: Probe = Probe {
    name: "body-read-missing",
    about: "sends POST with content to a path that is missing; the content may not be answered as a request",
    run: |check, context| Box::pin(async move { run(level(check.rule), context, "POST", MISSING, "", false).await }),
};

pub(super) static BODY_READ_CHUNKED: Probe = Probe {
    name: "body-read-chunked",
    about: "sends POST with chunked content to a path that is missing; the content may not be answered as a request",
    run: |check, context| Box::pin(async move { run(level(check.rule), context, "POST", MISSING, "", true).await }),
};

pub(super) static BODY_READ_GET: Probe = Probe {
    name: "body-read-get",
    about: "sends GET with content to the known-good path; the content may not be answered as a request",
    run: |check, context| Box::pin(async move { run(level(check.rule), context, "GET", "{path}", "", false).await }),
};

pub(super) static BODY_READ_UNKNOWN: Probe = Probe {
    name: "body-read-unknown-method",
    about: "sends an unknown method with content; the content may not be answered as a request",
    run: |check, context| Box::pin(async move { run(level(check.rule), context, "QZJXVK", "{path}", "", false).await }),
};

pub(super) const MISSING: &str = "/missing-startline-{token}";

/// The conversation; `fields` are field lines in the notation of checks.
pub(super) async fn run(
    level: Level,
    context: &Context,
    method: &str,
    target: &str,
    fields: &str,
    chunked: bool,
) -> (Judgement, Vec<Observation>) {
    let (hidden, last) = (token(), token());
    let content = canary(&context.target, &hidden);
    let framing = match chunked {
        true => "Transfer-Encoding: chunked".to_owned(),
        false => format!("Content-Length: {}", content.len()),
    };
    let head = format!("{method} {target} HTTP/1.1\nHost: {{host}}\n{fields}{framing}\n\n");
    let mut octets = context.octets(&head, &context.target.values());
    match chunked {
        true => octets.extend([format!("{:x}\r\n", content.len()).as_bytes(), &content, b"\r\n0\r\n\r\n"].concat()),
        false => octets.extend(content),
    }
    let mut exchange = context.open(Purpose::Check, &[method, "GET", "GET"]).await;
    exchange.send(&octets, false).await;
    exchange.answers(1).await;
    if exchange.finals() > 0 && exchange.is_open() {
        exchange.close().await;
        if exchange.is_open() {
            exchange.send(&canary(&context.target, &last), true).await;
            exchange.answers(2).await;
            if exchange.is_open() && exchange.finals() > 1 {
                exchange.answers(3).await;
            }
        }
    }
    let check = exchange.finish();
    let control = talk::plain(context).await;
    let judgement = judge(level, &control, &check, &canary_path(&hidden));
    (judgement, vec![check, control])
}

/// `hidden` is the target of the request that the content looks like.
fn judge(level: Level, control: &Observation, check: &Observation, hidden: &str) -> Judgement {
    let expected = "one answer to each request that was sent, none to the content";
    if talk::complete(control).is_none() {
        return Judgement::not_judged(format!("a plain exchange was not answered ({})", control.ended.words()));
    }
    let mut finals = talk::finals(check);
    finals.retain(|answer| answer.status != Some(408));
    if finals.is_empty() {
        return Judgement::not_judged(format!("the request with content was not answered ({})", check.ended.words()));
    }
    let before = check.before_canary.unwrap_or(usize::MAX);
    let early = finals.iter().filter(|answer| answer.start < before).count();
    let requests = if check.before_canary.is_some() { 2 } else { 1 };
    let is_hidden = |echo: Echo| echo.target == hidden.as_bytes();
    let shown = finals.iter().any(|answer| Echo::parse(&answer.content).is_some_and(is_hidden));
    let statuses: Vec<String> =
        finals.iter().map(|answer| answer.status.map_or("?".to_owned(), |status| status.to_string())).collect();
    let got = format!("answered with {}", statuses.join(", "));
    if shown || early > 1 || finals.len() > requests {
        return Judgement::new(broken(level), format!("{got}: the content was answered as a request"), expected);
    }
    match (check.before_canary, finals.len()) {
        (None, _) if check.is_closed() => Judgement::new(Verdict::Pass, format!("{got}, then closed"), expected),
        (Some(_), 1) if check.is_closed() => {
            Judgement::new(Verdict::Pass, format!("{got}, closed when the next request came"), expected)
        }
        (Some(_), 2) => Judgement::new(Verdict::Pass, format!("{got}, one for each request"), expected),
        _ => Judgement::new(Verdict::Warn, format!("{got}; the next request on the open connection was not"), expected),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::Ended;
    use crate::probe::recorded::{GET, OK, dead, good, status, turn, turns};

    const POST: &str = "POST /missing HTTP/1.1\nHost: h\nContent-Length: 35\n\nGET /hidden HTTP/1.1\nHost: hhhhh\n\n";

    fn verdict(check: Observation) -> Verdict {
        judge(Level::Must, &good(), &check, "/hidden").verdict
    }

    #[test]
    fn one_answer_each_or_a_close_passes() {
        let no = status(404);
        assert_eq!(verdict(turns(&[(POST, &no), (GET, OK)], Ended::Quiet)), Verdict::Pass);
        assert_eq!(verdict(turn(POST, &no, Ended::Fin)), Verdict::Pass);
        assert_eq!(verdict(turn(POST, &no, Ended::Reset)), Verdict::Pass);
        let idle = format!("{no}{}", status(408));
        assert_eq!(verdict(turn(POST, &idle, Ended::Fin)), Verdict::Pass);
    }

    #[test]
    fn an_answer_to_the_content_fails() {
        let (no, two) = (status(404), format!("{}{OK}", status(404)));
        assert_eq!(verdict(turns(&[(POST, &two), (GET, OK)], Ended::Quiet)), Verdict::Fail);
        assert_eq!(verdict(turns(&[(POST, &no), (GET, &format!("{OK}{OK}"))], Ended::Quiet)), Verdict::Fail);
        let bad = format!("{no}{}", status(400));
        assert_eq!(verdict(turn(POST, &bad, Ended::Fin)), Verdict::Fail);
    }

    #[test]
    fn a_canary_without_an_answer_warns() {
        assert_eq!(verdict(turns(&[(POST, &status(404)), (GET, "")], Ended::Quiet)), Verdict::Warn);
    }

    #[test]
    fn not_judged_without_answers() {
        assert_eq!(verdict(turn(POST, "", Ended::Quiet)), Verdict::NotJudged);
        let check = turn(POST, &status(404), Ended::Fin);
        assert_eq!(judge(Level::Must, &dead(), &check, "/hidden").verdict, Verdict::NotJudged);
    }
}
