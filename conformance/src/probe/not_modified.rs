//! A 304 against the 200 that it stands for (RFC 9110 sections 8.6 and 15.4.5).
//!
//! On each given path with a validator: GET, GET with the validator in If-None-Match or If-Modified-Since, and GET again.
//! `not-modified-fields`: those of the six fields that both 200s have are in the 304, and the ETag is the same.
//! `not-modified-content-length`: a Content-Length in the 304 is the length of the content.
//!
//! It cannot cry wolf: only what both answers to GET have is missed, and only where their content is the same.

use super::paths;
use super::{Context, Probe};
use crate::answers::Answer;
use crate::field::tag::EntityTag;
use crate::judge::expectation::{broken, level};
use crate::judge::{Judgement, Verdict};
use crate::observation::Observation;
use crate::rule::Level;

type Judge = fn(Level, &[Answer; 3]) -> Judgement;

pub(super) static NOT_MODIFIED_FIELDS: Probe = Probe {
    name: "not-modified-fields",
    about: "holds the fields of a 304 against those of a 200",
    run: |check, context| Box::pin(async move { run(level(check.rule), context, judge_fields).await }),
};

pub(super) static NOT_MODIFIED_LENGTH: Probe = Probe {
    name: "not-modified-content-length",
    about: "holds a Content-Length in a 304 against the length of the content",
    run: |check, context| Box::pin(async move { run(level(check.rule), context, judge_length).await }),
};

const NONE: &str = "no given path gives 304 to its own validator: give one with --path";

async fn run(level: Level, context: &Context, judge: Judge) -> (Judgement, Vec<Observation>) {
    let all = paths::values(context, |resource| {
        resource.status == Some(200)
            && resource.is_stable
            && (resource.etag.is_some() || resource.last_modified.is_some())
    });
    let (mut judgements, mut exchanges) = (Vec::new(), Vec::new());
    for values in &all {
        let fields =
            if values.etag.is_some() { "If-None-Match: {etag}\n" } else { "If-Modified-Since: {last_modified}\n" };
        let seen = paths::between(context, "GET", fields, values).await;
        let answers = paths::steady(&seen).filter(|answers| answers[1].status == Some(304));
        judgements.extend(answers.map(|answers| judge(level, &answers)));
        exchanges.extend(seen);
    }
    (paths::worst(judgements, NONE), exchanges)
}

const FIELDS: [&str; 6] = ["Cache-Control", "Content-Location", "Date", "ETag", "Expires", "Vary"];

fn judge_fields(level: Level, answers: &[Answer; 3]) -> Judgement {
    let expected = "Cache-Control, Content-Location, Date, ETag, Expires and Vary as a 200 has them";
    let [first, unmodified, second] = answers;
    let has = |answer: &Answer, name: &str| answer.field(name).is_some();
    let owed: Vec<&str> = FIELDS.into_iter().filter(|name| has(first, name) && has(second, name)).collect();
    let missing: Vec<&str> = owed.iter().copied().filter(|name| !has(unmodified, name)).collect();
    if !missing.is_empty() {
        return Judgement::new(broken(level), format!("the 304 has no {}", missing.join(", ")), expected);
    }
    let tag = |answer: &Answer| answer.field("etag").and_then(EntityTag::parse);
    if let (Some(one), Some(same), Some(other)) = (tag(first), tag(second), tag(unmodified))
        && one == same
        && !one.is_weakly(&other)
    {
        let shown = |tag: &EntityTag| startline_parser::notation::encode(&tag.octets());
        let why = format!("the 304 has the ETag {}, and the 200 {}", shown(&other), shown(&one));
        return Judgement::new(broken(level), why, expected);
    }
    Judgement::new(Verdict::Pass, format!("the 304 has {}", owed.join(", ")), expected)
}

fn judge_length(level: Level, answers: &[Answer; 3]) -> Judgement {
    let expected = "no Content-Length in a 304, or that of the 200";
    let [whole, unmodified, _] = answers;
    let length = whole.content.len().to_string();
    match paths::lines(unmodified, "content-length")[..] {
        [] => Judgement::new(Verdict::Pass, "the 304 has none", expected),
        [value] if value == length.as_bytes() => Judgement::new(Verdict::Pass, "the 304 has that of the 200", expected),
        [value, ..] => {
            let value = startline_parser::notation::encode(value);
            let why = format!("the 304 has Content-Length: {value}, and the content {length} octets");
            Judgement::new(broken(level), why, expected)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::Ended;
    use crate::probe::recorded::{GET, turn};

    fn verdicts(unmodified: &str) -> [Verdict; 2] {
        let whole = "HTTP/1.1 200 OK\nETag: \"a\"\nVary: B\nContent-Length: 2\n\nok\\\n";
        let seen = [whole, unmodified, whole].map(|received| turn(GET, received, Ended::Answered));
        let answers = paths::steady(&seen).unwrap();
        [judge_fields(Level::Must, &answers).verdict, judge_length(Level::MustNot, &answers).verdict]
    }

    #[test]
    fn what_a_304_owes() {
        use Verdict::{Fail, Pass};
        assert_eq!(verdicts("HTTP/1.1 304 No\nETag: \"a\"\nVary: B\n\n"), [Pass, Pass]);
        assert_eq!(verdicts("HTTP/1.1 304 No\netag: W/\"a\"\nVary: B\nContent-Length: 2\n\n"), [Pass, Pass]);
        assert_eq!(verdicts("HTTP/1.1 304 No\nETag: \"a\"\n\n"), [Fail, Pass]);
        assert_eq!(verdicts("HTTP/1.1 304 No\nETag: \"b\"\nVary: B\n\n"), [Fail, Pass]);
        assert_eq!(verdicts("HTTP/1.1 304 No\nETag: \"a\"\nVary: B\nContent-Length: 0\n\n"), [Pass, Fail]);
    }

    #[test]
    fn content_that_changes_is_not_judged() {
        let of = |content: &str| format!("HTTP/1.1 200 OK\nContent-Length: 2\n\n{content}\\\n");
        let seen = [of("ok"), of("ok"), of("no")].map(|received| turn(GET, &received, Ended::Answered));
        assert!(paths::steady(&seen).is_none());
    }
}
