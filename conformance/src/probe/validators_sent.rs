//! A 200 to GET has the validators that there are (RFC 9110 section 15.3.1).
//!
//! That there are any shows in the answers to HEAD, to a range, and to a date that is to come in If-Modified-Since.
//!
//! It cannot cry wolf: a validator that is missed stands in another answer for the same path, between two answers to GET
//! that do not have it.

use super::{Context, Probe, paths, talk};
use crate::judge::expectation::{broken, level};
use crate::judge::{Judgement, Verdict};
use crate::observation::{Observation, Purpose};
use crate::rule::Level;

pub(super) static VALIDATORS_SENT: Probe = Probe {
    name: "validators-sent",
    about: "looks in the answers to GET for the validators that other answers have",
    run: |check, context| Box::pin(async move { run(level(check.rule), context).await }),
};

const OTHERS: [(&str, &str); 3] =
    [("HEAD", ""), ("GET", "Range: bytes=0-0\n"), ("GET", "If-Modified-Since: Fri, 31 Dec 9999 23:59:59 GMT\n")];

async fn run(level: Level, context: &Context) -> (Judgement, Vec<Observation>) {
    let (mut judgements, mut exchanges) = (Vec::new(), Vec::new());
    for values in paths::values(context, |resource| resource.status == Some(200)) {
        let mut seen = vec![paths::ask(context, Purpose::Control, "GET", "", &values).await];
        for (method, fields) in OTHERS {
            seen.push(paths::ask(context, Purpose::Check, method, fields, &values).await);
        }
        seen.push(paths::ask(context, Purpose::Control, "GET", "", &values).await);
        judgements.extend(judge(level, &seen));
        exchanges.extend(seen);
    }
    (paths::worst(judgements, "no answer has a validator: give a path that has one with --path"), exchanges)
}

/// GET, the others, GET. None where no answer has a validator.
fn judge(level: Level, seen: &[Observation]) -> Option<Judgement> {
    let expected = "the validators that there are in each 200 to GET";
    let (Some(first), Some(second)) = (seen.first().and_then(talk::complete), seen.last().and_then(talk::complete))
    else {
        return None;
    };
    if first.status != Some(200) || second.status != Some(200) {
        return None;
    }
    let is_sent = |name: &str| first.field(name).is_some() || second.field(name).is_some();
    let others = || {
        seen[1..seen.len() - 1]
            .iter()
            .filter_map(talk::complete)
            .filter(|answer| matches!(answer.status, Some(200 | 206 | 304)))
    };
    let withheld = ["ETag", "Last-Modified"]
        .into_iter()
        .find(|name| !is_sent(name) && others().any(|answer| answer.field(name).is_some()));
    if let Some(name) = withheld {
        return Some(Judgement::new(
            broken(level),
            format!("another answer has {name}, and a 200 to GET does not"),
            expected,
        ));
    }
    let any = is_sent("etag") || is_sent("last-modified");
    any.then(|| Judgement::new(Verdict::Pass, "they are sent", expected))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::Ended;
    use crate::probe::recorded::{GET, OK, good, turn};

    #[test]
    fn what_other_answers_have() {
        let tagged = || turn(GET, &OK.replace("\n\n", "\nETag: \"a\"\n\n"), Ended::Answered);
        let verdict = |seen: &[Observation]| judge(Level::Should, seen).map(|judgement| judgement.verdict);
        assert_eq!(verdict(&[good(), tagged(), good()]), Some(Verdict::Warn));
        assert_eq!(verdict(&[tagged(), good(), tagged()]), Some(Verdict::Pass));
        assert_eq!(verdict(&[good(), good(), good()]), None);
        assert_eq!(verdict(&[good(), tagged(), tagged()]), Some(Verdict::Pass));
    }
}
