//! Pipelines of mixed methods, with content and with errors in the middle (RFC 9112 section 9.3.2).
//!
//! Six requests in one segment: `pipeline-mixed` has GET, HEAD and POST with both framings, `pipeline-error` refusals
//! between requests that are served. Each is asked alone first; the answers of the flight have to be those, in the same
//! order, by status and by the token that an application echoes.
//!
//! They cannot cry wolf: fewer answers and a close are permitted (section 9.5). An answer that no request gets alone says
//! nothing of the order. Nothing is judged where all requests get the same answer, or one that is not answered alone.

use super::talk::{self, Seen};
use super::{Context, Probe};
use crate::answers::Answer;
use crate::judge::exchange::methods_of;
use crate::judge::expectation::{broken, level};
use crate::judge::{Judgement, Verdict};
use crate::observation::{Observation, Purpose};
use crate::rule::Level;
use crate::servers::Echo;
use crate::target::token;

/// Method, whether the path is missing, field lines, body.
type Part = (&'static str, bool, &'static str, &'static str);

const LENGTH: &str = "Content-Length: 5\n";
const CHUNKED: &str = "Transfer-Encoding: chunked\n";
const FIVE: &str = "hello\\\n";
const CHUNKS: &str = "5\nhello\n0\n\n";

const MIXED: [Part; 6] = [
    ("POST", false, LENGTH, FIVE),
    ("GET", true, "", ""),
    ("POST", false, CHUNKED, CHUNKS),
    ("HEAD", true, "", ""),
    ("POST", true, LENGTH, FIVE),
    ("GET", false, "", ""),
];

const ERRORS: [Part; 6] = [
    ("GET", false, "", ""),
    ("STARTLINE", false, "", ""),
    ("GET", false, "", ""),
    ("GET", true, "Expect: startline\n", ""),
    ("GET", true, "", ""),
    ("GET", false, "", ""),
];

pub(super) static PIPELINE_MIXED: Probe = Probe {
    name: "pipeline-mixed",
    about: "sends six requests of several methods, some with content, in one segment",
    run: |check, context| Box::pin(async move { run(level(check.rule), context, &MIXED).await }),
};

pub(super) static PIPELINE_ERROR: Probe = Probe {
    name: "pipeline-error",
    about: "sends six requests in one segment, some of which are refused",
    run: |check, context| Box::pin(async move { run(level(check.rule), context, &ERRORS).await }),
};

async fn run(level: Level, context: &Context, parts: &[Part]) -> (Judgement, Vec<Observation>) {
    let path = &context.target.path;
    let separator = if path.contains('?') { '&' } else { '?' };
    let tokens: Vec<String> = parts.iter().map(|_| token()).collect();
    let texts: Vec<String> = parts
        .iter()
        .zip(&tokens)
        .map(|((method, is_missing, fields, body), token)| {
            let target = match is_missing {
                true => format!("/missing-startline-{token}"),
                false => format!("{path}{separator}{token}"),
            };
            format!("{method} {target} HTTP/1.1\nHost: {{host}}\n{fields}\n{body}")
        })
        .collect();
    let mut alone = Vec::new();
    for text in &texts {
        alone.push(talk::ask(context, Purpose::Control, text).await);
    }
    let octets: Vec<u8> = texts.iter().flat_map(|text| context.octets(text, &context.target.values())).collect();
    let flight = async {
        let mut exchange = talk::open(context, Purpose::Check, &methods_of(&octets)).await;
        exchange.send(&octets, false).await;
        exchange.answers(parts.len()).await;
        exchange.finish()
    };
    let seen = talk::around(context, flight).await;
    let judgement = judge(level, &seen, &alone, &tokens);
    let mut exchanges = seen.exchanges();
    exchanges.splice(1..1, alone);
    (judgement, exchanges)
}

fn judge(level: Level, seen: &Seen, alone: &[Observation], tokens: &[String]) -> Judgement {
    let expected = "the answers in the order of the requests";
    if let Some(judgement) = seen.blocked() {
        return judgement;
    }
    let wanted: Vec<Option<u16>> =
        alone.iter().map(|one| talk::complete(one).and_then(|answer| answer.status)).collect();
    if wanted.contains(&None) {
        return Judgement::not_judged("not every request of the pipeline was answered alone");
    }
    if wanted.iter().all(|status| *status == wanted[0]) {
        return Judgement::not_judged("all requests of the pipeline get the same answer");
    }
    let answers = talk::finals(&seen.check);
    let answers: Vec<_> = answers.iter().filter(|answer| answer.is_complete && answer.status != Some(408)).collect();
    let is_wrong = |at: usize, answer: &Answer| match Echo::parse(&answer.content) {
        Some(echo) => !echo.target.windows(tokens[at].len()).any(|part| part == tokens[at].as_bytes()),
        None => answer.status != wanted[at],
    };
    for (at, answer) in answers.iter().enumerate().take(tokens.len()) {
        if !is_wrong(at, answer) {
            continue;
        }
        if !wanted.contains(&answer.status) {
            return Judgement::not_judged("an answer has a status that no request of the pipeline gets alone");
        }
        return Judgement::new(broken(level), format!("answer {} is not that of request {}", at + 1, at + 1), expected);
    }
    if answers.len() > tokens.len() {
        let why = format!("{} answers to {} requests", answers.len(), tokens.len());
        return Judgement::new(broken(level), why, expected);
    }
    let why = format!("{} of {} requests answered, in order", answers.len(), tokens.len());
    let all = answers.len() == tokens.len() || seen.check.is_closed() || answers.last().is_some_and(|a| a.says_close);
    Judgement::new(if all { Verdict::Pass } else { Verdict::Warn }, why, expected)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::Ended;
    use crate::probe::recorded::{GET, OK, dead, seen, status, turn};

    fn verdict(answers: &[&str], ended: Ended) -> Verdict {
        let alone = [OK.to_owned(), status(404), OK.to_owned()].map(|answer| turn(GET, &answer, Ended::Answered));
        let tokens = ["a".to_owned(), "b".to_owned(), "c".to_owned()];
        judge(Level::Must, &seen(turn(&GET.repeat(3), &answers.concat(), ended)), &alone, &tokens).verdict
    }

    #[test]
    fn order_by_status() {
        let no = status(404);
        assert_eq!(verdict(&[OK, &no, OK], Ended::Answered), Verdict::Pass);
        assert_eq!(verdict(&[OK, OK, &no], Ended::Answered), Verdict::Fail);
        assert_eq!(verdict(&[OK, OK], Ended::Fin), Verdict::Fail);
        assert_eq!(verdict(&[OK, &no, OK, OK], Ended::Quiet), Verdict::Fail);
        assert_eq!(verdict(&[OK, &status(429), OK], Ended::Answered), Verdict::NotJudged);
    }

    #[test]
    fn fewer_answers_and_a_close_are_permitted() {
        assert_eq!(verdict(&[OK], Ended::Fin), Verdict::Pass);
        assert_eq!(verdict(&[OK], Ended::Quiet), Verdict::Warn);
    }

    #[test]
    fn order_by_token() {
        let echo = |target: &str| {
            let text = format!("startline-echo/1\\nmethod: GET\\ntarget: /?{target}\\nlength: 0\\nbody:\\n");
            format!("HTTP/1.1 200 OK\nContent-Length: {}\n\n{text}\\\n", text.replace("\\n", "n").len())
        };
        let no = status(404);
        assert_eq!(verdict(&[&echo("a"), &no, &echo("c")], Ended::Answered), Verdict::Pass);
        assert_eq!(verdict(&[&echo("c"), &no, &echo("a")], Ended::Answered), Verdict::Fail);
    }

    #[test]
    fn not_judged_where_nothing_can_be_told() {
        let alone = [turn(GET, OK, Ended::Answered), dead()];
        let tokens = ["a".to_owned(), "b".to_owned()];
        let check = || seen(turn(GET, OK, Ended::Answered));
        assert_eq!(judge(Level::Must, &check(), &alone, &tokens).verdict, Verdict::NotJudged);
        let alone = [turn(GET, OK, Ended::Answered), turn(GET, OK, Ended::Answered)];
        assert_eq!(judge(Level::Must, &check(), &alone, &tokens).verdict, Verdict::NotJudged);
    }
}
