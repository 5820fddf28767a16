//! Content-Range in requests of GET and HEAD (RFC 9110 section 14.4), for which it has no meaning, is ignored.
//!
//! The answer has the status that the same request gets without the field, and passes; another one, and a 206 or 416
//! above all, shows that the field was not ignored.
//!
//! It cannot cry wolf: the plain request is sent before and after, and if the two answers differ nothing is judged.

use super::talk;
use super::{Context, Probe};
use crate::judge::expectation::{broken, level};
use crate::judge::{Judgement, Verdict};
use crate::observation::{Observation, Purpose};
use crate::resource::Need;
use crate::rule::{Level, Rule};

pub(super) static CONTENT_RANGE_GET: Probe = Probe {
    name: "content-range-get",
    about: "sends GET with a Content-Range",
    run: |check, context| Box::pin(run(check.rule, context, "GET", "bytes 0-0/1")),
};

pub(super) static CONTENT_RANGE_HEAD: Probe = Probe {
    name: "content-range-head",
    about: "sends HEAD with a Content-Range",
    run: |check, context| Box::pin(run(check.rule, context, "HEAD", "bytes 0-0/1")),
};

pub(super) static CONTENT_RANGE_INVALID: Probe = Probe {
    name: "content-range-invalid-get",
    about: "sends GET with a Content-Range that ends before it begins",
    run: |check, context| Box::pin(run(check.rule, context, "GET", "bytes 5-1/3")),
};

async fn run(rule: &'static Rule, context: &Context, method: &str, value: &str) -> (Judgement, Vec<Observation>) {
    let path = match context.resource(Need::Content) {
        Ok(resource) => &resource.path,
        Err(judgement) => return (judgement, Vec::new()),
    };
    let text = |field: &str| format!("{method} {path} HTTP/1.1\nHost: {{host}}\n{field}\n");
    let before = talk::ask(context, Purpose::Control, &text("")).await;
    let check = talk::ask(context, Purpose::Check, &text(&format!("Content-Range: {value}\n"))).await;
    let after = talk::ask(context, Purpose::Control, &text("")).await;
    let seen = [before, check, after];
    (judge(level(rule), &seen), seen.into())
}

fn judge(level: Level, [before, check, after]: &[Observation; 3]) -> Judgement {
    let expected = "the answer without Content-Range";
    let status = |observation: &Observation| talk::complete(observation).and_then(|answer| answer.status);
    let Some(wanted) = status(before).filter(|wanted| status(after) == Some(*wanted)) else {
        return Judgement::not_judged("the plain request is not answered in the same way twice");
    };
    let answer = talk::first(check);
    let why = talk::words(answer.as_ref(), check);
    let is_same = answer.is_some_and(|answer| answer.status == Some(wanted));
    Judgement::new(if is_same { Verdict::Pass } else { broken(level) }, why, expected)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::Ended;
    use crate::probe::recorded::{GET, status, turn};

    #[test]
    fn the_field_changes_nothing() {
        let of = |before, check: &str, after| {
            let seen = |received: &str| turn(GET, received, Ended::Answered);
            judge(Level::Must, &[seen(&status(before)), seen(check), seen(&status(after))]).verdict
        };
        assert_eq!(of(200, &status(200), 200), Verdict::Pass);
        for wrong in [206, 400, 416] {
            assert_eq!(of(200, &status(wrong), 200), Verdict::Fail);
        }
        assert_eq!(of(200, &status(200), 404), Verdict::NotJudged);
    }
}
