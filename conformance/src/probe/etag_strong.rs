//! Strong entity-tags name one sequence of octets (RFC 9110 sections 8.8.1 and 8.8.3).
//!
//! `etag-negotiated`: each given path with a strong ETag is asked for with several preferences; answers with the same
//! strong ETag have the same content. `etag-changes`: contents of one length are put at a new name within a moment, and
//! read after each; a strong ETag that stays the same was no strong one. There are four, since the tag may hold a time in
//! seconds: wherever one ends, two of them stand beside each other.
//!
//! It cannot cry wolf: two answers that were received have one strong ETag and different octets, or they do not. Only
//! 200s to GET are compared, and only those of one path.

use super::{Context, Probe, paths, talk};
use crate::answers::Answer;
use crate::field::tag::EntityTag;
use crate::judge::expectation::{broken, level};
use crate::judge::{Judgement, Verdict};
use crate::observation::{Observation, Purpose};
use crate::resource::Need;
use crate::rule::Level;
use crate::wire::Values;

pub(super) static ETAG_NEGOTIATED: Probe = Probe {
    name: "etag-negotiated",
    about: "asks for a resource with several preferences, and compares what has the same strong ETag",
    run: |check, context| Box::pin(async move { negotiated(level(check.rule), context).await }),
};

pub(super) static ETAG_CHANGES: Probe = Probe {
    name: "etag-changes",
    about: "puts contents of one length in a row, and compares their strong ETags",
    run: |check, context| Box::pin(async move { changes(level(check.rule), context).await }),
};

const PREFERENCES: [&str; 7] = [
    "",
    "Accept-Encoding: gzip\n",
    "Accept-Encoding: br\n",
    "Accept-Encoding: deflate\n",
    "Accept-Language: de\n",
    "Accept: text/html\n",
    "Accept: application/json\n",
];

async fn negotiated(level: Level, context: &Context) -> (Judgement, Vec<Observation>) {
    let all = paths::values(context, |resource| Need::StrongEtag.is_met_by(resource));
    if all.is_empty() {
        return (Judgement::without(Need::StrongEtag), Vec::new());
    }
    let (mut judgements, mut exchanges) = (Vec::new(), Vec::new());
    for values in &all {
        let mut seen = Vec::new();
        for fields in PREFERENCES {
            let purpose = if fields.is_empty() { Purpose::Control } else { Purpose::Check };
            seen.push(paths::ask(context, purpose, "GET", fields, values).await);
        }
        judgements.push(judge(level, &seen));
        exchanges.extend(seen);
    }
    (paths::worst(judgements, "no path was asked for"), exchanges)
}

async fn changes(level: Level, context: &Context) -> (Judgement, Vec<Observation>) {
    let path = match context.writable().await {
        Ok(path) => path,
        Err(judgement) => return (judgement, Vec::new()),
    };
    let values = Values { path, ..talk::values(context) };
    let mut seen = Vec::new();
    for content in ["one", "two", "six", "ten"].map(|word| format!("{word} of this length")) {
        let put = format!(
            "PUT {{path}} HTTP/1.1\nHost: {{host}}\nContent-Type: text/plain\nContent-Length: {}\n\n{content}",
            content.len()
        );
        let octets = context.octets(&put, &values);
        let mut exchange = context.open(Purpose::Control, &["PUT"]).await;
        exchange.send(&octets, false).await;
        exchange.answers(1).await;
        let _ = exchange.finish();
        seen.push(paths::ask(context, Purpose::Check, "GET", "", &values).await);
    }
    let judgement = judge(level, &seen);
    paths::ask(context, Purpose::Control, "DELETE", "", &values).await;
    (judgement, seen)
}

/// The strong ETag of a complete 200.
fn tag(answer: &Answer) -> Option<EntityTag> {
    let [value] = paths::lines(answer, "etag")[..] else { return None };
    EntityTag::parse(value).filter(|tag| !tag.is_weak && answer.status == Some(200))
}

fn judge(level: Level, seen: &[Observation]) -> Judgement {
    let expected = "different strong ETags for different octets";
    let answers = seen.iter().filter_map(talk::complete);
    let tagged: Vec<(EntityTag, Answer)> = answers.filter_map(|answer| Some((tag(&answer)?, answer))).collect();
    if tagged.len() < 2 {
        return Judgement::not_judged("there are no two 200s with a strong ETag");
    }
    let same = |at: usize| {
        tagged[..at].iter().find(|(tag, answer)| *tag == tagged[at].0 && answer.content != tagged[at].1.content)
    };
    match (0..tagged.len()).find(|&at| same(at).is_some()) {
        Some(at) => {
            let shown = startline_parser::notation::encode(&tagged[at].0.octets());
            let coding = paths::lines(&tagged[at].1, "content-encoding");
            let coding = coding.first().map_or(String::new(), |coding| {
                format!(", one of them with Content-Encoding: {}", startline_parser::notation::encode(coding))
            });
            Judgement::new(broken(level), format!("two contents have the ETag {shown}{coding}"), expected)
        }
        None => {
            Judgement::new(Verdict::Pass, format!("{} answers, and no ETag names two contents", tagged.len()), expected)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::Ended;
    use crate::probe::recorded::{GET, turn};

    fn verdict(one: (&str, &str), other: (&str, &str)) -> Verdict {
        let answered = |(tag, content): (&str, &str)| {
            let head = format!("HTTP/1.1 200 OK\nETag: {tag}\nContent-Length: {}\n\n", content.len());
            turn(GET, &format!("{head}{content}\\\n"), Ended::Answered)
        };
        judge(Level::Must, &[answered(one), answered(other)]).verdict
    }

    #[test]
    fn one_strong_tag_for_two_contents() {
        assert_eq!(verdict(("\"a\"", "one"), ("\"a\"", "two")), Verdict::Fail);
        assert_eq!(verdict(("\"a\"", "one"), ("\"b\"", "two")), Verdict::Pass);
        assert_eq!(verdict(("\"a\"", "one"), ("\"a\"", "one")), Verdict::Pass);
        assert_eq!(verdict(("W/\"a\"", "one"), ("W/\"a\"", "two")), Verdict::NotJudged);
        assert_eq!(verdict(("\"a\"", "one"), ("W/\"a\"", "two")), Verdict::NotJudged);
    }
}
