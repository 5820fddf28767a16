//! `x-gzip` means gzip, and `x-compress` compress (RFC 9110 sections 8.4.1.1 and 8.4.1.3).
//!
//! The same content is sent twice, once under each name of its coding: both get the same status. Then the known-good path
//! is asked for twice, accepting the coding under each of its names: both answers have a coding, or neither.
//!
//! They cannot cry wolf: a server that knows neither name, or does not look at them, treats both alike, which is all that
//! is judged. A 5xx other than 501 says that something else went wrong.

use super::talk;
use super::{Context, Probe};
use crate::judge::expectation::{broken, level};
use crate::judge::{Judgement, Verdict};
use crate::observation::{Observation, Purpose};
use crate::rule::Level;

pub(super) static CODING_ALIAS_GZIP: Probe = Probe {
    name: "coding-alias-gzip",
    about: "sends and accepts content in gzip and in x-gzip; both are the same coding",
    run: |check, context| Box::pin(async move { run(level(check.rule), context, "gzip", GZIP).await }),
};

pub(super) static CODING_ALIAS_COMPRESS: Probe = Probe {
    name: "coding-alias-compress",
    about: "sends and accepts content in compress and in x-compress; both are the same coding",
    run: |check, context| Box::pin(async move { run(level(check.rule), context, "compress", COMPRESS).await }),
};

/// Nothing, in gzip.
const GZIP: &str =
    "20\n\n\\x1f\\x8b\\x08\\x00\\x00\\x00\\x00\\x00\\x00\\x03\\x03\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\\n";
/// Nothing, in compress.
const COMPRESS: &str = "3\n\n\\x1f\\x9d\\x90\\\n";

async fn run(level: Level, context: &Context, name: &str, content: &str) -> (Judgement, Vec<Observation>) {
    let post = |name: &str| {
        format!("POST {{path}} HTTP/1.1\nHost: {{host}}\nContent-Encoding: {name}\nContent-Length: {content}")
    };
    let get = |name: &str| format!("GET {{path}} HTTP/1.1\nHost: {{host}}\nAccept-Encoding: {name}\n\n");
    let alias = format!("x-{name}");
    let seen = vec![
        talk::ask(context, Purpose::Control, &post(name)).await,
        talk::ask(context, Purpose::Check, &post(&alias)).await,
        talk::ask(context, Purpose::Control, &get(name)).await,
        talk::ask(context, Purpose::Check, &get(&alias)).await,
    ];
    (judge(level, &seen), seen)
}

/// `seen` are content under the name and under the alias, and answers to the name and to the alias.
fn judge(level: Level, seen: &[Observation]) -> Judgement {
    let expected = "both names treated alike";
    let answers: Option<Vec<_>> = seen.iter().map(talk::complete).collect();
    let Some(answers) = answers.filter(|answers| answers.len() == 4) else {
        return Judgement::not_judged("not every request was answered");
    };
    let status = |at: usize| answers[at].status.unwrap_or(0);
    let is_in_trouble = |status: u16| matches!(status, 500 | 502..);
    if (0..4).any(|at| is_in_trouble(status(at))) {
        return Judgement::not_judged("a 5xx says that the server has trouble of its own");
    }
    let is_coded = |at: usize| {
        let coding = answers[at].field("content-encoding");
        coding.is_some_and(|value| !value.is_empty() && !value.eq_ignore_ascii_case(b"identity"))
    };
    if status(0) != status(1) {
        let why = format!("content got {} under the name, and {} under the alias", status(0), status(1));
        return Judgement::new(broken(level), why, expected);
    }
    if is_coded(2) != is_coded(3) {
        let words = |coded| if coded { "with a coding" } else { "without" };
        let why = format!("the name was answered {}, the alias {}", words(is_coded(2)), words(is_coded(3)));
        return Judgement::new(broken(level), why, expected);
    }
    Judgement::new(Verdict::Pass, "both names were treated alike", expected)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::Ended;
    use crate::probe::recorded::{GET, OK, status, turn};

    const CODED: &str = "HTTP/1.1 200 OK\nContent-Encoding: gzip\nContent-Length: 2\n\nok\\\n";

    fn verdict(received: [&str; 4]) -> Verdict {
        judge(Level::Should, &received.map(|text| turn(GET, text, Ended::Answered))).verdict
    }

    #[test]
    fn both_names_are_treated_alike() {
        let (refused, broken) = (status(415), status(503));
        assert_eq!(verdict([OK, OK, OK, OK]), Verdict::Pass);
        assert_eq!(verdict([&refused, &refused, CODED, CODED]), Verdict::Pass);
        assert_eq!(verdict([OK, &refused, OK, OK]), Verdict::Warn);
        assert_eq!(verdict([OK, OK, CODED, OK]), Verdict::Warn);
        assert_eq!(verdict([OK, &broken, OK, OK]), Verdict::NotJudged);
        assert_eq!(verdict([OK, "", OK, OK]), Verdict::NotJudged);
    }
}
