//! HEAD against GET (RFC 9110 sections 8.6 and 9.3.2).
//!
//! On each given path, or one that is missing: GET, HEAD, and GET again. `head-fields`: each field that both answers to
//! GET have with the same value is in the answer to HEAD, with that value. `head-content-length`: a Content-Length in the
//! answer to HEAD is the length of the content.
//!
//! It cannot cry wolf: what may hang on the making of the content (Content-Length, ETag, Vary, digests, and what changes
//! from one answer to the next) is not missed, nor is what belongs to the connection; and where the status is another, or
//! GET changes, nothing is judged. An echo says the method that it got, so that the length for HEAD is another by right.

use super::{Context, Probe, paths, talk};
use crate::answers::Answer;
use crate::judge::expectation::{broken, level};
use crate::judge::{Judgement, Verdict};
use crate::observation::Observation;
use crate::rule::Level;
use crate::servers::Echo;
use crate::wire::Values;

type Judge = fn(Level, &[Answer; 3]) -> Judgement;

pub(super) static HEAD_FIELDS: Probe = Probe {
    name: "head-fields",
    about: "holds the fields of the answer to HEAD against those of the answers to GET",
    run: |check, context| Box::pin(async move { run(level(check.rule), context, given(context), judge_fields).await }),
};

pub(super) static HEAD_FIELDS_MISSING: Probe = Probe {
    name: "head-fields-missing",
    about: "does the same for a path that is missing",
    run: |check, context| {
        Box::pin(async move { run(level(check.rule), context, missing(context), judge_fields).await })
    },
};

pub(super) static HEAD_LENGTH: Probe = Probe {
    name: "head-content-length",
    about: "holds a Content-Length in the answer to HEAD against the length of the content",
    run: |check, context| Box::pin(async move { run(level(check.rule), context, given(context), judge_length).await }),
};

pub(super) static HEAD_LENGTH_MISSING: Probe = Probe {
    name: "head-content-length-missing",
    about: "does the same for a path that is missing",
    run: |check, context| {
        Box::pin(async move { run(level(check.rule), context, missing(context), judge_length).await })
    },
};

fn given(context: &Context) -> Vec<Values> {
    paths::values(context, |_| true)
}

fn missing(context: &Context) -> Vec<Values> {
    let values = talk::values(context);
    vec![Values { path: format!("/missing-startline-{}", values.token), ..values }]
}

async fn run(level: Level, context: &Context, all: Vec<Values>, judge: Judge) -> (Judgement, Vec<Observation>) {
    let (mut judgements, mut exchanges) = (Vec::new(), Vec::new());
    for values in &all {
        let seen = paths::between(context, "HEAD", "", values).await;
        let answers = paths::steady(&seen).filter(|[get, head, _]| get.status == head.status);
        judgements.extend(answers.map(|answers| judge(level, &answers)));
        exchanges.extend(seen);
    }
    (
        paths::worst(
            judgements,
            "GET and HEAD are not answered with the same status, or GET gives something else each time",
        ),
        exchanges,
    )
}

/// Fields that belong to the connection, or that may be known only once the content is made.
const LEFT_OUT: [&str; 16] = [
    "age",
    "alt-svc",
    "connection",
    "content-digest",
    "content-length",
    "content-md5",
    "date",
    "digest",
    "etag",
    "keep-alive",
    "repr-digest",
    "server-timing",
    "set-cookie",
    "trailer",
    "transfer-encoding",
    "vary",
];

fn judge_fields(level: Level, answers: &[Answer; 3]) -> Judgement {
    let expected = "the fields of the answer to GET";
    let [first, head, second] = answers;
    let mut names: Vec<String> =
        first.fields.iter().map(|(name, _)| String::from_utf8_lossy(name).to_ascii_lowercase()).collect();
    names.sort();
    names.dedup();
    names.retain(|name| !LEFT_OUT.contains(&&name[..]) && paths::lines(first, name) == paths::lines(second, name));
    let shown = |names: Vec<&String>| {
        names.into_iter().map(|name| startline_parser::notation::encode(name.as_bytes())).collect::<Vec<_>>().join(", ")
    };
    let missing: Vec<&String> = names.iter().filter(|name| head.field(name).is_none()).collect();
    if !missing.is_empty() {
        return Judgement::new(broken(level), format!("the answer to HEAD has no {}", shown(missing)), expected);
    }
    let other: Vec<&String> =
        names.iter().filter(|name| paths::lines(first, name) != paths::lines(head, name)).collect();
    if !other.is_empty() {
        return Judgement::new(broken(level), format!("the answer to HEAD has another {}", shown(other)), expected);
    }
    Judgement::new(Verdict::Pass, format!("{} fields are the same", names.len()), expected)
}

fn judge_length(level: Level, answers: &[Answer; 3]) -> Judgement {
    let expected = "no Content-Length in the answer to HEAD, or the length of what GET gives";
    let [get, head, _] = answers;
    if Echo::parse(&get.content).is_some() {
        return Judgement::not_judged("an echo says the method that it got, and is of another length for each");
    }
    let length = get.content.len().to_string();
    match paths::lines(head, "content-length")[..] {
        [] => Judgement::new(Verdict::Pass, "there is none", expected),
        [value] if value == length.as_bytes() => {
            Judgement::new(Verdict::Pass, "it is the length of the content", expected)
        }
        // What is no single number is another matter.
        [value] if !value.is_empty() && value.iter().all(u8::is_ascii_digit) => {
            let value = startline_parser::notation::encode(value);
            let why = format!("the answer to HEAD has Content-Length: {value}, and GET gives {length} octets");
            Judgement::new(broken(level), why, expected)
        }
        _ => Judgement::not_judged("the Content-Length of the answer to HEAD is no number"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::Ended;
    use crate::probe::recorded::{GET, turn};

    const WHOLE: &str = "HTTP/1.1 200 OK\nDate: x\nA: 1\nA: 2\nContent-Length: 2\nETag: \"a\"\nVary: B\n\nok\\\n";

    fn verdicts(head: &str, second: &str) -> [Verdict; 2] {
        let head = turn("HEAD / HTTP/1.1\nHost: h\n\n", head, Ended::Answered);
        let seen = [turn(GET, WHOLE, Ended::Answered), head, turn(GET, second, Ended::Answered)];
        let answers = paths::steady(&seen).unwrap();
        [judge_fields(Level::Should, &answers).verdict, judge_length(Level::MustNot, &answers).verdict]
    }

    #[test]
    fn fields_and_length() {
        use Verdict::{Fail, Pass, Warn};
        let of = |head: &str| verdicts(&format!("HTTP/1.1 200 OK\n{head}\n"), WHOLE);
        assert_eq!(of("A: 1\nA: 2\nContent-Length: 2\n"), [Pass, Pass]);
        assert_eq!(of("a: 1\na: 2\n"), [Pass, Pass]);
        assert_eq!(of("B: 1\n"), [Warn, Pass]);
        assert_eq!(of("A: 1\nContent-Length: 0\n"), [Warn, Fail]);
        assert_eq!(of("A: 1\nA: 2\nContent-Length: 02\n"), [Pass, Fail]);
    }

    #[test]
    fn what_changes_is_not_missed() {
        let second = WHOLE.replace("A: 2", "A: 3");
        assert_eq!(verdicts("HTTP/1.1 200 OK\n\n", &second)[0], Verdict::Pass);
    }
}
