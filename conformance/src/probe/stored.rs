//! PUT and DELETE (RFC 9110 sections 9.3.4, 9.3.5, 8.7 and 14.5), on resources that nobody else has.
//!
//! Each conversation has a path of its own beside a given one: content is put there, read, and deleted in the end. What a
//! rule asks is judged only where GET shows that the method did what it is for; a PUT or DELETE that is refused leaves the
//! check not judged, since no server has to allow it.
//!
//! It cannot cry wolf: the path has a random name, so that nothing stood there and nobody else writes; validators are
//! compared only if two GETs in a row agree on them, and entity-tags by their opaque parts; a 202 is noted, since the
//! method may be done later; a field or a part that is refused is no field or part that was kept.

use super::talk;
use super::{Context, Probe};
use crate::answers::Answer;
use crate::field::tag::EntityTag;
use crate::judge::expectation::{broken, level};
use crate::judge::{Judgement, Verdict};
use crate::observation::{Observation, Purpose};
use crate::rule::Rule;
use crate::target::token;

macro_rules! probes {
    ($($static:ident = $name:literal, $about:literal, $steps:expr, $judge:expr;)*) => {
        $(pub(super) static $static: Probe = Probe {
            name: $name,
            about: $about,
            run: |check, context| Box::pin(run(check.rule, context, $steps, $judge)),
        };)*
    };
}

/// A step: what is judged, or something around it; its method; and its fields and content in the notation of checks, in
/// which `@` stands for the token.
type Step = (Purpose, &'static str, &'static str, &'static str);

const CONTROL: Purpose = Purpose::Control;
const CHECK: Purpose = Purpose::Check;
const GET: Step = (CONTROL, "GET", "", "");
/// Whoever tidies up text changes this.
const FIRST: &str = "first @\\x20\\x20\n\n<p >\\t\n";
const PUT: Step = (CONTROL, "PUT", "", FIRST);

probes! {
    PUT_CREATES = "put-creates", "puts a resource where there is none, and reads it",
        &[GET, (CHECK, "PUT", "", FIRST), GET], judge_created;
    PUT_MODIFIES = "put-modifies", "puts a resource twice with other content, and reads it",
        &[PUT, GET, (CHECK, "PUT", "", "second @"), GET], judge_modified;
    PUT_VALIDATORS = "put-validators", "puts a resource, reads it twice, and compares validators and content",
        &[(CHECK, "PUT", "", FIRST), GET, GET], judge_validator;
    PUT_VALIDATORS_AGAIN = "put-validators-again", "puts a resource twice, reads it twice, and compares validators and content",
        &[PUT, (CHECK, "PUT", "", "second @\\t\n\n"), GET, GET], judge_validator;
    PUT_UNKNOWN_FIELD = "put-unknown-field", "puts a resource with a field that nobody knows, and reads it",
        &[(CHECK, "PUT", "Startline-Unknown: @\n", FIRST), GET], judge_field;
    PUT_CONTENT_LOCATION = "put-content-location", "puts a resource with a Content-Location, and reads it",
        &[(CHECK, "PUT", "Content-Location: startline-elsewhere-@\n", FIRST), GET], judge_location;
    PUT_PART = "put-part", "puts a resource and then a part of it, and reads what has become of it",
        &[(CONTROL, "PUT", "", "0123456789"), GET, (CHECK, "PUT", "Content-Range: bytes 2-4/10\n", "abc"), GET], judge_part;
    DELETES = "deletes", "puts a resource, reads it, deletes it, and reads it again",
        &[PUT, GET, (CHECK, "DELETE", "", ""), GET], judge_deleted;
}

/// What came of the steps: what was put in each, in octets, and the answer to it.
type Seen<'s> = &'s [(Vec<u8>, Answer)];

type Judge = fn(&'static Rule, &str, Seen<'_>) -> Judgement;

async fn run(
    rule: &'static Rule,
    context: &Context,
    steps: &'static [Step],
    judge: Judge,
) -> (Judgement, Vec<Observation>) {
    let path = match context.writable().await {
        Ok(path) => path,
        Err(judgement) => return (judgement, Vec::new()),
    };
    let token = token();
    let (mut observed, mut puts) = (Vec::new(), Vec::new());
    for (purpose, method, fields, content) in steps {
        let (fields, content) = (fields.replace('@', &token), content.replace('@', &token));
        let octets = startline_parser::notation::decode(&format!("{content}\\\n")).unwrap_or_default();
        let framing = match *method {
            "PUT" => format!("Content-Type: text/plain\nContent-Length: {}\n", octets.len()),
            _ => String::new(),
        };
        let end = if content.is_empty() { "" } else { "\\\n" };
        let text = format!("{method} {path} HTTP/1.1\nHost: {{host}}\n{fields}{framing}\n{content}{end}");
        observed.push(talk::ask(context, *purpose, &text).await);
        puts.push(octets);
    }
    let delete = format!("DELETE {path} HTTP/1.1\nHost: {{host}}\n\n");
    observed.push(talk::ask(context, CONTROL, &delete).await);
    (judged(rule, &token, &puts, &observed, judge), observed)
}

fn judged(rule: &'static Rule, token: &str, puts: &[Vec<u8>], observed: &[Observation], judge: Judge) -> Judgement {
    let answers = puts.iter().zip(observed).map(|(put, observation)| Some((put.clone(), talk::complete(observation)?)));
    match answers.collect::<Option<Vec<_>>>() {
        Some(seen) => judge(rule, token, &seen),
        None => Judgement::not_judged("a request on the way was not answered"),
    }
}

fn status(answer: &Answer) -> u16 {
    answer.status.unwrap_or(0)
}

fn is_gone(answer: &Answer) -> bool {
    matches!(status(answer), 404 | 410)
}

fn gives(answer: &Answer, content: &[u8]) -> bool {
    status(answer) == 200 && answer.content == content
}

/// What stands in the way of a judgement about a PUT, if anything does.
fn hindered(put: &Answer) -> Option<Judgement> {
    let status = status(put);
    match status {
        202 => Some(Judgement::new(
            Verdict::Note,
            "answered with 202: it may be done later",
            "an answer to a PUT that is done",
        )),
        200..=299 => None,
        _ => Some(Judgement::not_judged(format!("the PUT was answered with {status}"))),
    }
}

fn judge_created(rule: &'static Rule, _: &str, seen: Seen<'_>) -> Judgement {
    let [(_, before), (_, created), (_, after)] = seen else { return lost() };
    let expected = "201";
    if let Some(judgement) = hindered(created) {
        return judgement;
    }
    if !is_gone(before) || status(after) != 200 {
        return Judgement::not_judged("GET does not show that something was created");
    }
    let why = format!("created, and answered with {}", status(created));
    Judgement::new(if status(created) == 201 { Verdict::Pass } else { broken(level(rule)) }, why, expected)
}

fn judge_modified(rule: &'static Rule, _: &str, seen: Seen<'_>) -> Judgement {
    let [_, (_, before), (put, modified), (_, after)] = seen else { return lost() };
    if let Some(judgement) = hindered(modified) {
        return judgement;
    }
    if status(before) != 200 || before.content == *put || !gives(after, put) {
        return Judgement::not_judged("GET does not show that something was modified");
    }
    let why = format!("modified, and answered with {}", status(modified));
    let is_right = matches!(status(modified), 200 | 204);
    Judgement::new(if is_right { Verdict::Pass } else { broken(level(rule)) }, why, "200 or 204")
}

fn judge_validator(rule: &'static Rule, _: &str, seen: Seen<'_>) -> Judgement {
    let [.., (put, stored), (_, first), (_, second)] = seen else { return lost() };
    let expected = "no validator, or that of what was kept as it came";
    if let Some(judgement) = hindered(stored) {
        return judgement;
    }
    let told: Vec<&str> = ["etag", "last-modified"].into_iter().filter(|name| stored.field(name).is_some()).collect();
    if told.is_empty() {
        return Judgement::new(Verdict::Pass, "the answer has no validator", expected);
    }
    let same = |name: &str, one: &Answer, other: &Answer| match name {
        "etag" => {
            let tag = |answer: &Answer| answer.field(name).and_then(EntityTag::parse);
            tag(one).zip(tag(other)).is_some_and(|(one, other)| one.is_weakly(&other))
        }
        _ => one.field(name) == other.field(name),
    };
    let is_steady = status(first) == 200
        && status(second) == 200
        && first.content == second.content
        && told.iter().all(|name| first.field(name).is_none() || same(name, first, second));
    if !is_steady {
        return Judgement::not_judged("two GETs do not agree on what was put");
    }
    if first.content != *put {
        let why = format!("{} in the answer, but GET gives other content than was put", told.join(", "));
        return Judgement::new(broken(level(rule)), why, expected);
    }
    // A GET without the field does not say that the one in the answer is wrong.
    match told.iter().find(|name| first.field(name).is_some() && !same(name, stored, first)) {
        Some(name) => {
            Judgement::new(broken(level(rule)), format!("{name} in the answer is another than GET gives"), expected)
        }
        None => Judgement::new(Verdict::Pass, format!("{} in the answer, as GET gives", told.join(", ")), expected),
    }
}

fn judge_field(rule: &'static Rule, token: &str, seen: Seen<'_>) -> Judgement {
    let [(put, stored), (_, after)] = seen else { return lost() };
    let expected = "the resource without the field";
    if let Some(judgement) = hindered(stored) {
        return judgement;
    }
    if !gives(after, put) {
        return Judgement::not_judged("GET does not give what was put");
    }
    let is_kept = after.field("startline-unknown").is_some_and(|value| value == token.as_bytes());
    if is_kept {
        return Judgement::new(broken(level(rule)), "GET gives the field of the PUT", expected);
    }
    Judgement::new(Verdict::Pass, "GET gives the content without the field", expected)
}

fn judge_location(rule: &'static Rule, token: &str, seen: Seen<'_>) -> Judgement {
    let [(put, stored), (_, after)] = seen else { return lost() };
    let expected = "the resource at its own place, without the Content-Location of the PUT";
    if let Some(judgement) = hindered(stored) {
        return judgement;
    }
    if is_gone(after) {
        let why = "answered as done, but there is nothing at the target of the PUT";
        return Judgement::new(broken(level(rule)), why, expected);
    }
    if !gives(after, put) {
        return Judgement::not_judged("GET does not give what was put");
    }
    let verbatim = format!("startline-elsewhere-{token}");
    if after.field("content-location").is_some_and(|value| value == verbatim.as_bytes()) {
        return Judgement::new(broken(level(rule)), "GET gives the Content-Location of the PUT", expected);
    }
    Judgement::new(Verdict::Pass, "GET gives the content without that Content-Location", expected)
}

fn judge_part(rule: &'static Rule, _: &str, seen: Seen<'_>) -> Judgement {
    let [(whole, _), (_, before), (part, answer), (_, after)] = seen else { return lost() };
    let expected = "400, or the part in its place";
    if !gives(before, whole) {
        return Judgement::not_judged("GET does not give what was put");
    }
    let replaced = [&whole[..2], part, &whole[5..]].concat();
    let status = status(answer);
    let new = |verdict, why: String| Judgement::new(verdict, why, expected);
    if gives(after, part) {
        return new(broken(level(rule)), format!("answered with {status}, and the part was taken for the whole"));
    }
    match status {
        400 => new(Verdict::Pass, "refused with 400".to_owned()),
        200..=299 if gives(after, &replaced) => new(Verdict::Pass, "the part is in its place".to_owned()),
        202 => new(Verdict::Note, "answered with 202: it may be done later".to_owned()),
        200..=299 => new(broken(level(rule)), format!("answered with {status}, and the part is not in its place")),
        401 | 403 | 429 => Judgement::not_judged(format!("the PUT was answered with {status}")),
        // Nothing is lost; it is but another number.
        _ => new(broken(level(rule)), format!("refused with {status}")),
    }
}

fn judge_deleted(rule: &'static Rule, _: &str, seen: Seen<'_>) -> Judgement {
    let [_, (_, before), (_, answer), (_, after)] = seen else { return lost() };
    let expected = "202, 204, or 200 with content";
    if status(before) != 200 {
        return Judgement::not_judged("GET does not give what was put");
    }
    let status = status(answer);
    let new = |verdict, why: String| Judgement::new(verdict, why, expected);
    match status {
        202 => new(Verdict::Pass, "answered with 202".to_owned()),
        _ if !is_gone(after) => Judgement::not_judged(format!("answered with {status}, and GET still finds it")),
        204 => new(Verdict::Pass, "deleted, and answered with 204".to_owned()),
        200 if answer.content.is_empty() => {
            new(Verdict::Note, "deleted, and answered with 200 without content".to_owned())
        }
        200 => new(Verdict::Pass, "deleted, and answered with 200".to_owned()),
        _ => new(broken(level(rule)), format!("deleted, and answered with {status}")),
    }
}

fn lost() -> Judgement {
    Judgement::not_judged("the conversation has other steps than the judgement")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::Ended;
    use crate::probe::recorded::turn;
    use crate::rule;

    /// Steps: what was put, and the answer.
    fn of(rule: &'static Rule, judge: Judge, steps: &[(&str, &str)]) -> Verdict {
        let puts: Vec<Vec<u8>> = steps.iter().map(|(put, _)| put.as_bytes().to_vec()).collect();
        let request =
            |put: &str| if put.is_empty() { "GET / HTTP/1.1\nHost: h\n\n" } else { "PUT / HTTP/1.1\nHost: h\n\n" };
        let observed: Vec<Observation> =
            steps.iter().map(|(put, answer)| turn(request(put), answer, Ended::Answered)).collect();
        judged(rule, "t", &puts, &observed, judge).verdict
    }

    const MISSING: &str = "HTTP/1.1 404 N\nContent-Length: 0\n\n";

    fn ok(status: u16, fields: &str, content: &str) -> String {
        format!("HTTP/1.1 {status} X\n{fields}Content-Length: {}\n\n{content}\\\n", content.len())
    }

    #[test]
    fn what_is_created_is_told_by_201() {
        let with = |status, before: &str, after: &str| {
            of(&rule::PUT_CREATED, judge_created, &[("", before), ("a", &ok(status, "", "")), ("", after)])
        };
        let there = ok(200, "", "a");
        assert_eq!(with(201, MISSING, &there), Verdict::Pass);
        assert_eq!(with(200, MISSING, &there), Verdict::Fail);
        assert_eq!(with(202, MISSING, MISSING), Verdict::Note);
        assert_eq!(with(403, MISSING, MISSING), Verdict::NotJudged);
        assert_eq!(with(200, MISSING, MISSING), Verdict::NotJudged);
        assert_eq!(with(200, &there, &there), Verdict::NotJudged);
        assert_eq!(with(200, MISSING, ""), Verdict::NotJudged);
    }

    #[test]
    fn what_is_modified_is_told_by_200_or_204() {
        let with = |status, after: &str| {
            let (put, get) = (ok(201, "", ""), ok(200, "", "a"));
            let steps = [("a", &put[..]), ("", &get[..]), ("b", &ok(status, "", "x")), ("", after)];
            of(&rule::PUT_MODIFIED, judge_modified, &steps)
        };
        let there = ok(200, "", "b");
        assert_eq!(with(200, &there), Verdict::Pass);
        assert_eq!(with(201, &there), Verdict::Fail);
        assert_eq!(with(201, &ok(200, "", "a")), Verdict::NotJudged);
        assert_eq!(with(409, &there), Verdict::NotJudged);
    }

    #[test]
    fn validators_of_what_was_put() {
        let with = |told: &str, tag: &str, content: &str| {
            let get = ok(200, &format!("ETag: {tag}\n"), content);
            of(&rule::PUT_VALIDATOR, judge_validator, &[("a", &ok(201, told, "")), ("", &get), ("", &get)])
        };
        assert_eq!(with("ETag: \"1\"\n", "\"1\"", "a"), Verdict::Pass);
        assert_eq!(with("ETag: W/\"1\"\n", "\"1\"", "a"), Verdict::Pass);
        assert_eq!(with("", "\"1\"", "b"), Verdict::Pass);
        assert_eq!(with("Last-Modified: x\n", "\"1\"", "a"), Verdict::Pass);
        assert_eq!(with("ETag: \"0\"\n", "\"1\"", "a"), Verdict::Fail);
        assert_eq!(with("ETag: \"1\"\n", "\"1\"", "b"), Verdict::Fail);
    }

    #[test]
    fn what_is_kept_beside_the_content() {
        let unknown = |fields: &str| {
            of(&rule::PUT_FIELD_UNKNOWN, judge_field, &[("a", &ok(201, "", "")), ("", &ok(200, fields, "a"))])
        };
        assert_eq!((unknown(""), unknown("Startline-Unknown: t\n")), (Verdict::Pass, Verdict::Warn));
        let location = |after: &str| {
            of(&rule::CONTENT_LOCATION_IN_REQUEST, judge_location, &[("a", &ok(201, "", "")), ("", after)])
        };
        assert_eq!(location(&ok(200, "", "a")), Verdict::Pass);
        assert_eq!(location(&ok(200, "Content-Location: startline-elsewhere-t\n", "a")), Verdict::Fail);
        assert_eq!(location(MISSING), Verdict::Fail);
    }

    #[test]
    fn parts_and_deletions() {
        let part = |status, after: &str| {
            let (put, get) = (ok(201, "", ""), ok(200, "", "0123456789"));
            let steps =
                [("0123456789", &put[..]), ("", &get[..]), ("abc", &ok(status, "", "x")), ("", &ok(200, "", after))];
            of(&rule::PUT_CONTENT_RANGE, judge_part, &steps)
        };
        assert_eq!(part(400, "0123456789"), Verdict::Pass);
        assert_eq!(part(200, "01abc56789"), Verdict::Pass);
        assert_eq!(part(200, "abc"), Verdict::Warn);
        assert_eq!(part(200, "0123456789"), Verdict::Warn);
        assert_eq!(part(501, "0123456789"), Verdict::Warn);
        assert_eq!(part(403, "0123456789"), Verdict::NotJudged);
        let deleted = |answer: &str, after: &str| {
            let steps = [("a", &ok(201, "", "")[..]), ("", &ok(200, "", "a")), ("", answer), ("", after)];
            of(&rule::DELETE_STATUS, judge_deleted, &steps)
        };
        assert_eq!(deleted(&ok(200, "", "x"), MISSING), Verdict::Pass);
        assert_eq!(deleted(&ok(200, "", ""), MISSING), Verdict::Note);
        assert_eq!(deleted(&ok(201, "", "x"), MISSING), Verdict::Warn);
        assert_eq!(deleted(&ok(405, "", "x"), &ok(200, "", "a")), Verdict::NotJudged);
    }
}
