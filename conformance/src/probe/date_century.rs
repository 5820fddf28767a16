//! The year of two digits (RFC 9110 section 5.6.7): what seems to lie more than 50 years ahead is past.
//!
//! Seen through a precondition of which the server shows that it reads it in the format of RFC 850: the date of
//! Last-Modified in that format has to lead to a 304 with If-Modified-Since, or a day before it to a 412 with
//! If-Unmodified-Since. Then follow dates of 1994 and of 40 years ago, whose digits stand for years to come as well.
//!
//! It cannot cry wolf: without the first step nothing is judged, and neither is a resource that is older than the dates.

use std::time::{Duration, SystemTime};

use super::talk;
use super::{Context, Probe};
use crate::field::date::{self, Form};
use crate::judge::expectation::{broken, level};
use crate::judge::{Judgement, Verdict};
use crate::observation::{Observation, Purpose};
use crate::resource::Need;
use crate::rule::Level;
use crate::wire::Values;

const DAY: Duration = Duration::from_secs(86_400);

/// The field, what shows that it is read, and the answer to a date that is taken for one to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    /// If-Modified-Since: a date to come is 304, a past one the content.
    Modified,
    /// If-Unmodified-Since: a date to come is the content, a past one 412.
    Unmodified,
}

pub(super) static DATE_CENTURY_MODIFIED: Probe = Probe {
    name: "date-century-modified",
    about: "sends If-Modified-Since with years of two digits that stand for the past",
    run: |check, context| Box::pin(async move { run(level(check.rule), context, By::Modified).await }),
};

pub(super) static DATE_CENTURY_UNMODIFIED: Probe = Probe {
    name: "date-century-unmodified",
    about: "sends If-Unmodified-Since with years of two digits that stand for the past",
    run: |check, context| Box::pin(async move { run(level(check.rule), context, By::Unmodified).await }),
};

async fn run(level: Level, context: &Context, by: By) -> (Judgement, Vec<Observation>) {
    let (resource, values) = match context.resource(Need::LastModified) {
        Ok(resource) => (resource, resource.values(&context.target)),
        Err(judgement) => return (judgement, Vec::new()),
    };
    let now = SystemTime::now();
    let Some((_, modified)) = &resource.last_modified else {
        return (Judgement::without(Need::LastModified), Vec::new());
    };
    // Forty years and sixty make a hundred, with a day to spare for leap years.
    let past = [784_111_777, 0].map(|seconds| match seconds {
        0 => now - DAY * 14_610,
        seconds => SystemTime::UNIX_EPOCH + Duration::from_secs(seconds),
    });
    if past.iter().any(|past| past >= modified) {
        return (Judgement::not_judged("the resource is as old as the dates of two digits"), Vec::new());
    }
    let known = if by == By::Modified { *modified } else { *modified - DAY };
    let mut exchanges = vec![ask(context, Purpose::Control, by, known, &values).await];
    for past in past {
        exchanges.push(ask(context, Purpose::Check, by, past, &values).await);
    }
    (judge(level, by, &exchanges), exchanges)
}

async fn ask(context: &Context, purpose: Purpose, by: By, time: SystemTime, values: &Values) -> Observation {
    let name = if by == By::Modified { "If-Modified-Since" } else { "If-Unmodified-Since" };
    let date = date::write_as(time, Form::Rfc850);
    let octets = context.octets(&format!("GET {{path}} HTTP/1.1\nHost: {{host}}\n{name}: {date}\n\n"), values);
    let mut exchange = context.open(purpose, &["GET"]).await;
    exchange.send(&octets, false).await;
    exchange.answers(1).await;
    exchange.finish()
}

fn judge(level: Level, by: By, exchanges: &[Observation]) -> Judgement {
    let expected = "a past year, so that the content has changed since";
    let status = |observation: &Observation| talk::complete(observation).and_then(|answer| answer.status);
    let (shown, ahead) = if by == By::Modified { (304, 304) } else { (412, 200) };
    let Some((control, checks)) = exchanges.split_first() else { return Judgement::not_judged("nothing was asked") };
    if status(control) != Some(shown) {
        let got = talk::words(talk::complete(control).as_ref(), control);
        return Judgement::not_judged(format!("the field is not evaluated in this format: {got} in place of {shown}"));
    }
    match checks.iter().find(|check| status(check) == Some(ahead)) {
        Some(check) => {
            let sent = String::from_utf8_lossy(&check.octets_sent()).into_owned();
            let line = sent.lines().find(|line| line.starts_with("If-")).unwrap_or_default().to_owned();
            Judgement::new(
                broken(level),
                format!("answered with {ahead}: {line} is taken for a year to come"),
                expected,
            )
        }
        None => Judgement::new(Verdict::Pass, "taken for the past", expected),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::Ended;
    use crate::probe::recorded::{status, turn};

    fn verdict(by: By, statuses: [u16; 2]) -> Verdict {
        let answered = |with: u16| {
            let received = if with == 304 { "HTTP/1.1 304 No\n\n".to_owned() } else { status(with) };
            turn("GET / HTTP/1.1\nHost: h\nIf-A: b\n\n", &received, Ended::Answered)
        };
        judge(Level::Must, by, &statuses.map(answered)).verdict
    }

    #[test]
    fn the_field_has_to_be_read_first() {
        assert_eq!(verdict(By::Modified, [304, 200]), Verdict::Pass);
        assert_eq!(verdict(By::Modified, [304, 304]), Verdict::Fail);
        assert_eq!(verdict(By::Modified, [200, 304]), Verdict::NotJudged);
        assert_eq!(verdict(By::Unmodified, [412, 412]), Verdict::Pass);
        assert_eq!(verdict(By::Unmodified, [412, 200]), Verdict::Fail);
        assert_eq!(verdict(By::Unmodified, [200, 200]), Verdict::NotJudged);
    }
}
