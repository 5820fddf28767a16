//! Equivalent URIs do not name distinct resources (RFC 9110 section 4.2.3).
//!
//! A resource whose answer stays the same is asked for twice, the second time with the first letter of its last segment
//! percent-encoded, which RFC 3986 section 6.2.2.2 makes equivalent. Served with other content, the two are distinct.
//!
//! It cannot cry wolf: only a resource that gave the same content twice before is taken, and it has to give it again
//! in the control. A second URI that names nothing (any status but 2xx) names no distinct resource, and is noted. An
//! application that echoes the target shows the difference that was sent, and is not judged.

use super::talk;
use super::{Context, Probe};
use crate::judge::expectation::{broken, level};
use crate::judge::{Judgement, Verdict};
use crate::observation::{Observation, Purpose};
use crate::resource::Need;
use crate::rule::Level;
use crate::servers::Echo;

pub(super) static URI_EQUIVALENCE: Probe = Probe {
    name: "uri-equivalence",
    about: "asks for a resource with a letter of its path percent-encoded; it is the same resource",
    run: |check, context| Box::pin(async move { run(level(check.rule), context).await }),
};

async fn run(level: Level, context: &Context) -> (Judgement, Vec<Observation>) {
    if let Some(judgement) = context.lacks(Need::Content) {
        return (judgement, Vec::new());
    }
    let mut paths = context.resources(Need::Content).map(|resource| resource.path.clone());
    let Some((path, other)) = paths.find_map(|path| encoded(&path).map(|other| (path, other))) else {
        return (Judgement::not_judged("no given path has a letter to encode; give one with --path"), Vec::new());
    };
    let request = |path: &str| format!("GET {} HTTP/1.1\nHost: {{host}}\n\n", literal(path));
    let control = talk::ask(context, Purpose::Control, &request(&path)).await;
    let check = talk::ask(context, Purpose::Check, &request(&other)).await;
    (judge(level, &control, &check), vec![control, check])
}

/// The path with the first letter of its last segment percent-encoded.
fn encoded(path: &str) -> Option<String> {
    let end = path.find('?').unwrap_or(path.len());
    let start = path[..end].rfind('/')? + 1;
    let segment = &path[start..end];
    // A letter behind a percent sign may belong to an encoded octet.
    let letter = segment.find(|c: char| c.is_ascii_alphabetic()).filter(|_| !segment.contains('%'))?;
    let (before, rest) = path.split_at(start + letter);
    Some(format!("{before}%{:02X}{}", rest.as_bytes()[0], &rest[1..]))
}

/// The path in the notation of checks.
fn literal(path: &str) -> String {
    path.replace('\\', "\\\\").replace('{', "\\{")
}

fn judge(level: Level, control: &Observation, check: &Observation) -> Judgement {
    let expected = "the same resource, or none";
    let is_good = |status: Option<u16>| status.is_some_and(|status| (200..300).contains(&status));
    let Some(plain) = talk::complete(control).filter(|answer| is_good(answer.status)) else {
        return Judgement::not_judged(format!("the resource itself was not served ({})", control.ended.words()));
    };
    let Some(other) = talk::complete(check) else {
        return Judgement::not_judged(format!("the equivalent URI was not answered ({})", check.ended.words()));
    };
    let status = other.status.map_or_else(|| "no status".to_owned(), |status| status.to_string());
    if !is_good(other.status) {
        let why = format!("with a letter percent-encoded, answered with {status} in place of the resource");
        return Judgement::new(Verdict::Note, why, expected);
    }
    if other.content == plain.content {
        return Judgement::new(Verdict::Pass, format!("answered with {status} and the same content"), expected);
    }
    if Echo::parse(&plain.content).is_some() {
        return Judgement::not_judged("the application echoes the target, which differs");
    }
    Judgement::new(broken(level), format!("answered with {status} and other content"), expected)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::Ended;
    use crate::probe::recorded::{GET, OK, status, turn};

    #[test]
    fn one_letter_of_the_last_segment_is_encoded() {
        assert_eq!(encoded("/a/fixed?b").as_deref(), Some("/a/%66ixed?b"));
        assert_eq!(encoded("/1x").as_deref(), Some("/1%78"));
        for path in ["/", "/a/", "/12", "/%41b", "/?a"] {
            assert_eq!(encoded(path), None, "{path}");
        }
        assert_eq!(literal("/{a}\\"), "/\\{a}\\\\");
    }

    #[test]
    fn other_content_is_another_resource() {
        let verdict = |plain: &str, other: &str| {
            let observed = |received: &str| turn(GET, received, Ended::Answered);
            judge(Level::ShouldNot, &observed(plain), &observed(other)).verdict
        };
        let other = "HTTP/1.1 200 OK\nContent-Length: 2\n\nko\\\n";
        assert_eq!(verdict(OK, OK), Verdict::Pass);
        assert_eq!(verdict(OK, other), Verdict::Warn);
        assert_eq!(verdict(OK, &status(404)), Verdict::Note);
        assert_eq!(verdict(&status(404), OK), Verdict::NotJudged);
        assert_eq!(verdict(OK, ""), Verdict::NotJudged);
    }
}
