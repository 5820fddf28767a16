//! Preconditions with dates where there is no modification date (RFC 9110 sections 13.1.3 and 13.1.4): they are ignored.
//!
//! Each given path whose GET gives 200 without Last-Modified, twice the same, is asked for with a date that would lead
//! to a 304, or to a 412, if anything did.
//!
//! It cannot cry wolf: 304 and 412 stand for the precondition and nothing else. A server may know a date that it does
//! not tell, so that it is a warning at most.

use super::talk;
use super::{Context, Probe};
use crate::judge::{Judgement, Verdict};
use crate::observation::{Observation, Purpose};
use crate::wire::Values;

/// More paths than this are not asked for.
const PATHS_MOST: usize = 4;

pub(super) static UNDATED_MODIFIED_SINCE: Probe = Probe {
    name: "undated-modified-since",
    about: "sends If-Modified-Since for paths without a Last-Modified, with a date that is to come",
    run: |_, context| Box::pin(async move { run(context, "If-Modified-Since: Fri, 31 Dec 9999 23:59:59 GMT\n").await }),
};

pub(super) static UNDATED_UNMODIFIED_SINCE: Probe = Probe {
    name: "undated-unmodified-since",
    about: "sends If-Unmodified-Since for paths without a Last-Modified, with an old date",
    run: |_, context| {
        Box::pin(async move { run(context, "If-Unmodified-Since: Sun, 06 Nov 1994 08:49:37 GMT\n").await })
    },
};

async fn run(context: &Context, fields: &str) -> (Judgement, Vec<Observation>) {
    let resources = context.calibration.resources.iter();
    let undated = resources
        .filter(|resource| resource.status == Some(200) && resource.is_stable && resource.last_modified.is_none());
    let mut exchanges = Vec::new();
    for resource in undated.take(PATHS_MOST) {
        let values = resource.values(&context.target);
        for (purpose, fields) in [(Purpose::Control, ""), (Purpose::Check, fields)] {
            exchanges.push(get(context, purpose, fields, &values).await);
        }
    }
    (judge(&exchanges), exchanges)
}

async fn get(context: &Context, purpose: Purpose, fields: &str, values: &Values) -> Observation {
    let octets = context.octets(&format!("GET {{path}} HTTP/1.1\nHost: {{host}}\n{fields}\n"), values);
    let mut exchange = context.open(purpose, &["GET"]).await;
    exchange.send(&octets, false).await;
    exchange.answers(1).await;
    exchange.finish()
}

/// Controls and checks in turn.
fn judge(exchanges: &[Observation]) -> Judgement {
    let expected = "the answer that there is without the precondition";
    let mut judged = 0;
    for pair in exchanges.chunks_exact(2) {
        let (control, check) = (talk::complete(&pair[0]), talk::complete(&pair[1]));
        let Some((control, check)) = control.zip(check) else { continue };
        if control.status != Some(200) || control.field("last-modified").is_some() {
            continue;
        }
        if matches!(check.status, Some(304 | 412)) {
            let why = format!("{}, and there is no modification date", talk::words(Some(&check), &pair[1]));
            return Judgement::new(Verdict::Warn, why, expected);
        }
        judged += 1;
    }
    if judged == 0 {
        return Judgement::not_judged(
            "no given path gives 200 without Last-Modified, twice the same: give one with --path",
        );
    }
    Judgement::new(Verdict::Pass, format!("ignored ({judged} paths)"), expected)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::Ended;
    use crate::probe::recorded::{GET, OK, dead, good, status, turn};

    #[test]
    fn only_304_and_412_tell() {
        let verdict = |with: u16| judge(&[good(), turn(GET, &status(with), Ended::Answered)]).verdict;
        assert_eq!(verdict(412), Verdict::Warn);
        assert_eq!(verdict(200), Verdict::Pass);
        assert_eq!(verdict(503), Verdict::Pass);
        let unmodified = turn(GET, "HTTP/1.1 304 No\n\n", Ended::Answered);
        assert_eq!(judge(&[good(), good(), good(), unmodified.clone()]).verdict, Verdict::Warn);
        let dated = OK.replace("\n\n", "\nLast-Modified: Sun, 06 Nov 1994 08:49:37 GMT\n\n");
        let dated = turn(GET, &dated, Ended::Answered);
        assert_eq!(judge(&[dated, unmodified]).verdict, Verdict::NotJudged);
        assert_eq!(judge(&[dead(), dead()]).verdict, Verdict::NotJudged);
        assert_eq!(judge(&[]).verdict, Verdict::NotJudged);
    }
}
