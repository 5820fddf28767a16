//! Content of one mebibyte that nobody wants (RFC 9112 sections 9.3 and 9.6).
//!
//! POST to a path that is missing, with a length; the content is made of requests for a hidden path. It is written to
//! the end, or until the server is gone, although the answer may be there long before. `body-read-large`: none of the
//! content is answered as a request, and a plain request behind it is answered, or the connection is closed.
//! `answer-survives`: where the connection was closed, the answer arrived all the same.
//!
//! They cannot cry wolf: more answers than requests is a failure and nothing else. Losing the answer to a reset is a
//! note; no sentence asks for the stages in which it would survive.

use std::time::Duration;

use super::talk;
use super::{Context, Probe};
use crate::calibrate::canary_path;
use crate::exchange::Patience;
use crate::judge::expectation::{broken, level};
use crate::judge::{Judgement, Verdict};
use crate::observation::{Observation, Purpose};
use crate::rule::Level;
use crate::servers::Echo;
use crate::target::token;

const CONTENT: usize = 1 << 20;
const PIECE: usize = 64 * 1024;

/// More octets of each piece are not kept for the report.
const KEPT: usize = 256;

pub(super) static BODY_READ_LARGE: Probe = Probe {
    name: "body-read-large",
    about: "sends a mebibyte of content to a path that is missing; none of it may be answered as a request",
    run: |check, context| {
        Box::pin(async move {
            let (control, check_seen, hidden) = converse(context).await;
            let judgement = judge_read(level(check.rule), &control, &check_seen, &hidden);
            (judgement, vec![check_seen, control])
        })
    },
};

pub(super) static ANSWER_SURVIVES: Probe = Probe {
    name: "answer-survives",
    about: "sends a mebibyte of content to a path that is missing; the answer arrives although content is left unread",
    run: |_, context| {
        Box::pin(async move {
            let (control, check_seen, _) = converse(context).await;
            (judge_survival(&control, &check_seen), vec![check_seen, control])
        })
    },
};

async fn converse(context: &Context) -> (Observation, Observation, String) {
    // So much content takes its time.
    let patience = Patience { quiet: context.patience.quiet.max(Duration::from_secs(2)), ..context.patience };
    let context = &context.with_patience(patience);
    let values = talk::values(context);
    let hidden = canary_path(&token());
    let lure = context.octets(&format!("GET {hidden} HTTP/1.1\nHost: {{host}}\n\n"), &values);
    let content: Vec<u8> = lure.iter().copied().cycle().take(CONTENT / lure.len() * lure.len()).collect();
    let head =
        format!("POST /missing-startline-{{token}} HTTP/1.1\nHost: {{host}}\nContent-Length: {}\n\n", content.len());
    let mut exchange = context.open(Purpose::Check, &["POST", "GET"]).await;
    exchange.send(&context.octets(&head, &values), false).await;
    for piece in content.chunks(PIECE) {
        exchange.send(piece, false).await;
    }
    exchange.answers(1).await;
    if exchange.finals() > 0 && exchange.is_open() {
        exchange.send(&context.octets(talk::PLAIN, &values), true).await;
        exchange.answers(2).await;
        exchange.linger(context.calibration.latency_worst.min(context.patience.quiet)).await;
    }
    let mut check = exchange.finish();
    for sent in &mut check.sent {
        sent.piece.octets.truncate(KEPT);
    }
    (talk::plain(context).await, check, hidden)
}

fn judge_read(level: Level, control: &Observation, check: &Observation, hidden: &str) -> Judgement {
    let expected = "one answer to each request that was sent, none to the content; or a close";
    if talk::complete(control).is_none() {
        return Judgement::not_judged(format!("a plain exchange was not answered ({})", control.ended.words()));
    }
    let mut finals = talk::finals(check);
    finals.retain(|answer| answer.status != Some(408));
    let is_hidden = |echo: Echo| echo.target == hidden.as_bytes();
    let shown = finals.iter().any(|answer| Echo::parse(&answer.content).is_some_and(is_hidden));
    let before = check.before_canary.unwrap_or(usize::MAX);
    let early = finals.iter().filter(|answer| answer.start < before).count();
    let got = format!("{} answers", finals.len());
    if shown || early > 1 || finals.len() > 2 {
        return Judgement::new(broken(level), format!("{got}: content was answered as a request"), expected);
    }
    match (finals.len(), check.before_canary) {
        (2, Some(_)) => {
            Judgement::new(Verdict::Pass, "the whole content was read, and the next request answered", expected)
        }
        _ if check.is_closed() => Judgement::new(Verdict::Pass, format!("{got}, then closed"), expected),
        (1, Some(_)) => {
            let why = "answered once; the next request on the open connection was not";
            Judgement::new(Verdict::Warn, why, expected)
        }
        _ => Judgement::not_judged(format!("the request with content was not answered ({})", check.ended.words())),
    }
}

fn judge_survival(control: &Observation, check: &Observation) -> Judgement {
    let expected = "the answer, whatever becomes of the content and of the connection";
    if talk::complete(control).is_none() {
        return Judgement::not_judged(format!("a plain exchange was not answered ({})", control.ended.words()));
    }
    let answer = talk::first(check);
    let told = talk::words(answer.as_ref(), check);
    match answer {
        Some(answer) if answer.is_complete => Judgement::new(Verdict::Pass, told, expected),
        Some(_) => Judgement::new(Verdict::Note, format!("{told}, and cut off ({})", check.ended.words()), expected),
        None if check.is_closed() => Judgement::new(Verdict::Note, told, expected),
        None => Judgement::not_judged(told),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::Ended;
    use crate::probe::recorded::{GET, OK, dead, good, status, turn, turns};

    const POST: &str = "POST /missing HTTP/1.1\nHost: h\nContent-Length: 1048560\n\n";

    fn verdict(check: Observation) -> Verdict {
        judge_read(Level::Must, &good(), &check, "/hidden").verdict
    }

    #[test]
    fn reading_it_all_and_closing_are_right() {
        let no = status(404);
        assert_eq!(verdict(turns(&[(POST, &no), (GET, OK)], Ended::Answered)), Verdict::Pass);
        assert_eq!(verdict(turn(POST, &no, Ended::Fin)), Verdict::Pass);
        assert_eq!(verdict(turn(POST, "", Ended::Reset)), Verdict::Pass);
        assert_eq!(verdict(turn(POST, "", Ended::Quiet)), Verdict::NotJudged);
        assert_eq!(verdict(turns(&[(POST, &no), (GET, "")], Ended::Quiet)), Verdict::Warn);
    }

    #[test]
    fn answers_to_the_content_fail() {
        let many = format!("{}{}", status(404), OK.repeat(20));
        assert_eq!(verdict(turn(POST, &many, Ended::Quiet)), Verdict::Fail);
        assert_eq!(verdict(turns(&[(POST, &status(404)), (GET, &OK.repeat(3))], Ended::Answered)), Verdict::Fail);
        assert_eq!(judge_read(Level::Must, &dead(), &good(), "/hidden").verdict, Verdict::NotJudged);
    }

    #[test]
    fn a_lost_answer_is_noted() {
        let judge = |check| judge_survival(&good(), &check).verdict;
        assert_eq!(judge(turn(POST, &status(413), Ended::Reset)), Verdict::Pass);
        assert_eq!(judge(turn(POST, "", Ended::Reset)), Verdict::Note);
        assert_eq!(judge(turn(POST, "HTTP/1.1 413 X\nContent-Length: 9\n\n", Ended::Reset)), Verdict::Note);
        assert_eq!(judge(turn(POST, "", Ended::Quiet)), Verdict::NotJudged);
    }
}
