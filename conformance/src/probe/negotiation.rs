//! Negotiation (RFC 9110 sections 8.4, 12.5.1, 12.5.3 and 12.5.5): weights, content codings, and Vary.
//!
//! Weights are judged where a resource was seen to have two types: the same preferences are written with the weight behind
//! a parameter and before it, and the same type has to come. Where only a coding that nobody knows is acceptable, the
//! content is to come without one. Content that begins like gzip, while the plain answer does not, has to say so. An answer
//! that differs when Accept, Accept-Language or Accept-Encoding differs has to name the field in Vary.
//!
//! They cannot cry wolf: a resource counts only if two plain answers are the same; what no cache may keep, or may keep for
//! one user alone, needs no Vary, and an answer other than 200 is not looked at.

use super::talk;
use super::{Context, Probe};
use crate::answers::Answer;
use crate::judge::expectation::{broken, level};
use crate::judge::{Judgement, Verdict};
use crate::observation::{Observation, Purpose};
use crate::resource::Need;
use crate::rule::{Level, Rule};

pub(super) static ACCEPT_WEIGHT_ORDER: Probe = Probe {
    name: "accept-weight-order",
    about: "asks for two types that there are, with the weight behind a parameter and before it",
    run: |check, context| Box::pin(order(check.rule, context)),
};

macro_rules! codings {
    ($($static:ident = $name:literal, $about:literal, $value:literal;)*) => {
        $(pub(super) static $static: Probe = Probe {
            name: $name,
            about: $about,
            run: |check, context| Box::pin(coding(check.rule, context, $value)),
        };)*
    };
}

codings! {
    CODING_UNKNOWN = "coding-unknown", "accepts only a coding that nobody knows", "startline";
    CODINGS_REFUSED = "codings-refused", "accepts none of the codings in use",
        "gzip;q=0, x-gzip;q=0, deflate;q=0, compress;q=0, br;q=0, zstd;q=0, identity";
    CODINGS_REFUSED_BY_STAR = "codings-refused-by-star", "accepts nothing but identity", "identity, *;q=0";
    CODINGS_ZEROS = "codings-zeros", "refuses gzip with a weight of 0.000", "identity, gzip;q=0.000, *;q=0.000";
}

pub(super) static CODING_NAMED: Probe = Probe {
    name: "coding-named",
    about: "accepts gzip, and looks whether content in gzip says so",
    run: |check, context| Box::pin(named(check.rule, context)),
};

pub(super) static VARY_NEGOTIATED: Probe = Probe {
    name: "vary-negotiated",
    about: "asks for other types, languages and codings, and looks whether Vary names the field by which the answer differs",
    run: |check, context| Box::pin(vary(check.rule, context)),
};

async fn ask(context: &Context, purpose: Purpose, path: &str, field: &str) -> Observation {
    talk::ask(context, purpose, &format!("GET {path} HTTP/1.1\nHost: {{host}}\n{field}\n")).await
}

fn good(observation: &Observation) -> Option<Answer> {
    talk::complete(observation).filter(|answer| answer.status == Some(200))
}

/// The media type without parameters.
fn kind(answer: &Answer) -> Option<String> {
    let value = std::str::from_utf8(answer.field("content-type")?).ok()?;
    let kind = value.split(';').next()?.trim().to_ascii_lowercase();
    let is_kind = |octet: u8| octet.is_ascii_alphanumeric() || b"/.+-".contains(&octet);
    (kind.contains('/') && kind.bytes().all(is_kind)).then_some(kind)
}

async fn order(rule: &'static Rule, context: &Context) -> (Judgement, Vec<Observation>) {
    let path = match context.resource(Need::Negotiation) {
        Ok(resource) => &resource.path,
        Err(judgement) => return (judgement, Vec::new()),
    };
    let lacking = || Judgement::not_judged("the resource was not seen to have two types");
    let plain = ask(context, Purpose::Control, path, "").await;
    let Some(usual) = good(&plain).as_ref().and_then(kind) else { return (lacking(), vec![plain]) };
    let without = ask(context, Purpose::Control, path, &format!("Accept: {usual};q=0, */*;q=0.5\n")).await;
    let Some(other) = good(&without).as_ref().and_then(kind).filter(|other| *other != usual) else {
        return (lacking(), vec![plain, without]);
    };
    let field = |range: &str| format!("Accept: {usual};{range}, {other};q=0.5\n");
    let last = ask(context, Purpose::Control, path, &field("startline=1;q=0.1")).await;
    let first = ask(context, Purpose::Check, path, &field("q=0.1;startline=1")).await;
    let judgement = judge_order(level(rule), &last, &first);
    (judgement, vec![plain, without, last, first])
}

fn judge_order(level: Level, last: &Observation, first: &Observation) -> Judgement {
    let expected = "the type that comes when the weight stands last";
    let Some(wanted) = good(last).as_ref().and_then(kind) else {
        return Judgement::not_judged("the request with the weight at the end was not answered with 200");
    };
    let Some(answer) = talk::complete(first) else { return Judgement::not_judged("not answered") };
    let status = answer.status.unwrap_or(0);
    match kind(&answer).filter(|_| status == 200) {
        Some(found) if found == wanted => Judgement::new(Verdict::Pass, format!("{found}, as before"), expected),
        Some(found) => Judgement::new(broken(level), format!("{found}, and {wanted} before"), expected),
        None => Judgement::new(broken(level), format!("answered with {status}, and with {wanted} before"), expected),
    }
}

/// Whether the content is said to have a coding.
fn is_coded(answer: &Answer) -> bool {
    answer.field("content-encoding").is_some_and(|value| !value.is_empty() && !value.eq_ignore_ascii_case(b"identity"))
}

async fn coding(rule: &'static Rule, context: &Context, value: &str) -> (Judgement, Vec<Observation>) {
    let path = match context.resource(Need::Content) {
        Ok(resource) => &resource.path,
        Err(judgement) => return (judgement, Vec::new()),
    };
    // Whether there is a representation without coding is known from this one.
    let plain = ask(context, Purpose::Control, path, "Accept-Encoding: identity\n").await;
    let check = ask(context, Purpose::Check, path, &format!("Accept-Encoding: {value}\n")).await;
    (judge_coding(level(rule), &plain, &check), vec![plain, check])
}

fn judge_coding(level: Level, plain: &Observation, check: &Observation) -> Judgement {
    let expected = "the content without a coding";
    if good(plain).is_none_or(|answer| is_coded(&answer)) {
        return Judgement::not_judged("the content was not seen without a coding");
    }
    let answer = talk::first(check);
    let why = talk::words(answer.as_ref(), check);
    let new = |verdict, why: String| Judgement::new(verdict, why, expected);
    match answer {
        Some(answer) if answer.status == Some(200) && is_coded(&answer) => {
            new(broken(level), format!("{why}, in a coding that was not acceptable"))
        }
        Some(answer) if answer.status == Some(200) => new(Verdict::Pass, format!("{why}, without a coding")),
        _ => new(broken(level), why),
    }
}

async fn named(rule: &'static Rule, context: &Context) -> (Judgement, Vec<Observation>) {
    let mut seen = Vec::new();
    let mut judgement = match context.resource(Need::Content) {
        Ok(_) => Judgement::not_judged("no path was answered with 200 by which this can be told"),
        Err(judgement) => return (judgement, seen),
    };
    for resource in context.resources(Need::Content) {
        let plain = ask(context, Purpose::Control, &resource.path, "Accept-Encoding: identity\n").await;
        let check = ask(context, Purpose::Check, &resource.path, "Accept-Encoding: gzip\n").await;
        let found = judge_named(level(rule), &plain, &check);
        seen.extend([plain, check]);
        if let Some(found) = found {
            let is_broken = found.verdict.is_finding();
            judgement = found;
            if is_broken {
                break;
            }
        }
    }
    (judgement, seen)
}

/// How gzip with deflate begins (RFC 1952).
const GZIP: &[u8] = b"\x1f\x8b\x08";

fn judge_named(level: Level, plain: &Observation, check: &Observation) -> Option<Judgement> {
    let expected = "Content-Encoding, if the content is in gzip";
    let (plain, answer) = (good(plain)?, good(check)?);
    if plain.content.starts_with(GZIP) {
        return None;
    }
    Some(if !answer.content.starts_with(GZIP) {
        Judgement::new(Verdict::Pass, "not in gzip", expected)
    } else if is_coded(&answer) {
        Judgement::new(Verdict::Pass, "in gzip, and Content-Encoding says so", expected)
    } else {
        Judgement::new(broken(level), "in gzip, and without Content-Encoding", expected)
    })
}

/// A field of negotiation, and a value that asks for something else than usual.
const PREFERENCES: [(&str, &str); 4] = [
    ("Accept-Encoding", "gzip"),
    ("Accept-Language", "de, fr;q=0.9, es;q=0.8, ja;q=0.7, *;q=0.1"),
    ("Accept", "application/json, application/xml;q=0.9, text/html;q=0.8, */*;q=0.1"),
    ("Accept", "text/plain, */*;q=0.1"),
];

async fn vary(rule: &'static Rule, context: &Context) -> (Judgement, Vec<Observation>) {
    let mut seen = Vec::new();
    let mut judgement = match context.resource(Need::Content) {
        Ok(_) => Judgement::not_judged("nothing was negotiated"),
        Err(judgement) => return (judgement, seen),
    };
    // A server with many paths is not asked for all of them.
    for resource in context.resources(Need::Content).take(6) {
        let before = ask(context, Purpose::Control, &resource.path, "").await;
        let mut checks = Vec::new();
        for (name, value) in PREFERENCES {
            checks.push((name, ask(context, Purpose::Check, &resource.path, &format!("{name}: {value}\n")).await));
        }
        let after = ask(context, Purpose::Control, &resource.path, "").await;
        let found: Vec<Judgement> =
            checks.iter().filter_map(|(name, check)| judge_vary(level(rule), name, [&before, check, &after])).collect();
        seen.push(before);
        seen.extend(checks.into_iter().map(|(_, check)| check));
        seen.push(after);
        let is_broken = |judgement: &Judgement| judgement.verdict.is_finding();
        if let Some(found) = found.iter().find(|found| is_broken(found)).or(found.first()) {
            judgement = found.clone();
            if is_broken(&judgement) {
                break;
            }
        }
    }
    (judgement, seen)
}

fn judge_vary(level: Level, name: &str, [before, check, after]: [&Observation; 3]) -> Option<Judgement> {
    let (usual, other, again) = (good(before)?, good(check)?, good(after)?);
    let differs = |one: &Answer, other: &Answer| {
        one.content != other.content
            || ["content-type", "content-language", "content-encoding"]
                .iter()
                .any(|name| one.field(name) != other.field(name))
    };
    let is_kept = |answer: &Answer| {
        let directives = answer.field("cache-control").unwrap_or_default().to_ascii_lowercase();
        let directives = String::from_utf8_lossy(&directives).into_owned();
        !["no-store", "private", "no-cache"].iter().any(|directive| directives.contains(directive))
    };
    // Content that echoes the request is no choice among representations.
    let is_echo = other.content.windows(name.len()).any(|window| window.eq_ignore_ascii_case(name.as_bytes()));
    if differs(&usual, &again) || !differs(&usual, &other) || is_echo || !is_kept(&other) {
        return None;
    }
    let expected = "Vary with the field";
    let names = |answer: &Answer| {
        let lines = answer.fields.iter().filter(|(field, _)| field.eq_ignore_ascii_case(b"vary"));
        let mut members = lines.flat_map(|(_, value)| value.split(|&octet| octet == b','));
        members.any(|member| member.trim_ascii() == b"*" || member.trim_ascii().eq_ignore_ascii_case(name.as_bytes()))
    };
    Some(if names(&other) {
        Judgement::new(Verdict::Pass, format!("chosen by {name}, which Vary names"), expected)
    } else {
        Judgement::new(broken(level), format!("chosen by {name}, which Vary does not name"), expected)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::Ended;
    use crate::probe::recorded::{GET, status, turn};

    fn seen(fields: &str, content: &str) -> Observation {
        let octets = startline_parser::notation::decode(&format!("{content}\\\n")).unwrap();
        let text = format!("HTTP/1.1 200 OK\n{fields}Content-Length: {}\n\n{content}\\\n", octets.len());
        turn(GET, &text, Ended::Answered)
    }

    #[test]
    fn weights_in_another_place() {
        let of = |kind: &str| {
            let typed = |kind: &str| seen(&format!("Content-Type: {kind}\n"), "a");
            judge_order(Level::Should, &typed("text/html"), &typed(kind)).verdict
        };
        assert_eq!(of("text/HTML; charset=utf-8"), Verdict::Pass);
        assert_eq!(of("text/plain"), Verdict::Warn);
    }

    #[test]
    fn codings_that_are_not_acceptable() {
        let of = |check: &Observation| judge_coding(Level::Should, &seen("", "a"), check).verdict;
        assert_eq!(of(&seen("", "a")), Verdict::Pass);
        assert_eq!(of(&seen("Content-Encoding: gzip\n", "a")), Verdict::Warn);
        assert_eq!(of(&turn(GET, &status(406), Ended::Answered)), Verdict::Warn);
        let coded = seen("Content-Encoding: gzip\n", "a");
        assert_eq!(judge_coding(Level::Should, &coded, &coded).verdict, Verdict::NotJudged);
    }

    #[test]
    fn gzip_says_so() {
        let of = |plain: &str, fields: &str, content: &str| {
            judge_named(Level::Must, &seen("", plain), &seen(fields, content)).map(|judgement| judgement.verdict)
        };
        const IN_GZIP: &str = "\\x1f\\x8b\\x08";
        assert_eq!(of("a", "", IN_GZIP), Some(Verdict::Fail));
        assert_eq!(of("a", "Content-Encoding: gzip\n", IN_GZIP), Some(Verdict::Pass));
        assert_eq!(of(IN_GZIP, "", IN_GZIP), None);
        assert_eq!(of("a", "", "a"), Some(Verdict::Pass));
    }

    #[test]
    fn choices_are_named_in_vary() {
        let of = |fields: &str, content: &str| {
            let plain = seen("", "a");
            let found = judge_vary(Level::Should, "Accept-Language", [&plain, &seen(fields, content), &plain]);
            found.map(|judgement| judgement.verdict)
        };
        assert_eq!(of("", "b"), Some(Verdict::Warn));
        assert_eq!(of("Vary: accept, accept-language\n", "b"), Some(Verdict::Pass));
        assert_eq!(of("Vary: *\n", "b"), Some(Verdict::Pass));
        assert_eq!(of("", "a"), None);
        assert_eq!(of("Cache-Control: private\n", "b"), None);
        assert_eq!(of("", "accept-language: b"), None);
    }
}
