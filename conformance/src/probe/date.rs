//! `Date` in the answers (RFC 9110 section 6.6.1), and the format of dates (section 5.6.7).
//!
//! `date-present`: valid requests for the known-good path by GET, HEAD and OPTIONS, and for a path that is missing.
//! `date-present-refusal`: requests that have to be refused for their syntax, which many servers answer from another
//! place in their code. `date-format`: every `Date` and `Last-Modified` in all of these.
//!
//! They cannot cry wolf: the duty is that of a server with a clock, so a missing `Date` counts only if another answer
//! has one that can be read; only 2xx, 3xx and 4xx count; the formats judged were received. Whether the time is right
//! is not judged, since nobody knows whose clock is.

use super::talk;
use super::{Context, Probe};
use crate::answers::Answer;
use crate::field::date::is_imf_fixdate;
use crate::judge::expectation::{broken, level};
use crate::judge::{Judgement, Verdict};
use crate::observation::{Observation, Purpose};
use crate::report::count;
use crate::rule::Level;

const VALID: [&str; 3] =
    ["HEAD {path} HTTP/1.1\nHost: {host}\n\n", "OPTIONS {path} HTTP/1.1\nHost: {host}\n\n", talk::MISSING];

const BROKEN: [&str; 3] = [
    "GET {path} HTTP/1.1\n\n",
    "GET {path} HTTP/1.1\nHost: {host}\nContent-Length: x\n\n",
    "GET {path} HTTP/1.1\nHost: {host}\nbroken field: x\n\n",
];

pub(super) static DATE_PRESENT: Probe = Probe {
    name: "date-present",
    about: "looks for Date in the answers to valid requests of several kinds",
    run: |check, context| {
        Box::pin(async move {
            let exchanges = converse(context, &VALID).await;
            (judge_present(level(check.rule), &exchanges), exchanges)
        })
    },
};

pub(super) static DATE_PRESENT_REFUSAL: Probe = Probe {
    name: "date-present-refusal",
    about: "looks for Date in the refusals of requests with broken syntax",
    run: |check, context| {
        Box::pin(async move {
            let exchanges = converse(context, &BROKEN).await;
            (judge_present(level(check.rule), &exchanges), exchanges)
        })
    },
};

pub(super) static DATE_FORMAT: Probe = Probe {
    name: "date-format",
    about: "reads every Date and Last-Modified; they have to be in the one format that may be sent",
    run: |check, context| {
        Box::pin(async move {
            let mut exchanges = converse(context, &VALID).await;
            exchanges.extend(converse(context, &BROKEN).await);
            (judge_format(level(check.rule), &exchanges), exchanges)
        })
    },
};

/// A plain exchange, and those with these requests.
async fn converse(context: &Context, texts: &[&str]) -> Vec<Observation> {
    let mut exchanges = vec![talk::plain(context).await];
    for text in texts {
        exchanges.push(talk::ask(context, Purpose::Check, text).await);
    }
    exchanges
}

/// The first answers whose heads are complete.
fn heads(exchanges: &[Observation]) -> Vec<Answer> {
    exchanges.iter().filter_map(talk::first).filter(|answer| answer.status.is_some() && answer.is_complete).collect()
}

fn judge_present(level: Level, exchanges: &[Observation]) -> Judgement {
    let expected = "Date in every 2xx, 3xx and 4xx of a server that has a clock";
    let answers = heads(exchanges);
    let has_clock = answers.iter().any(|answer| answer.field("date").is_some_and(is_imf_fixdate));
    if !has_clock {
        return Judgement::not_judged("no answer shows that the server has a clock");
    }
    let counted: Vec<&Answer> = answers.iter().filter(|answer| matches!(answer.status, Some(200..=499))).collect();
    let without: Vec<String> = counted
        .iter()
        .filter(|answer| answer.field("date").is_none())
        .filter_map(|answer| answer.status.map(|status| status.to_string()))
        .collect();
    if without.is_empty() {
        return Judgement::new(Verdict::Pass, format!("{}, all with Date", count(counted.len(), "answer")), expected);
    }
    let why = format!("{} of {} answers have no Date ({})", without.len(), counted.len(), without.join(", "));
    Judgement::new(broken(level), why, expected)
}

fn judge_format(level: Level, exchanges: &[Observation]) -> Judgement {
    let expected = "dates like \"Sun, 06 Nov 1994 08:49:37 GMT\"";
    let answers = heads(exchanges);
    let of = |answer: &'_ Answer| -> Vec<(&'static str, Vec<u8>)> {
        ["date", "last-modified"]
            .into_iter()
            .filter_map(|name| answer.field(name).map(|value| (name, value.to_vec())))
            .collect()
    };
    let values: Vec<(&str, Vec<u8>)> = answers.iter().flat_map(of).collect();
    if values.is_empty() {
        return Judgement::not_judged("no answer has a date");
    }
    match values.iter().find(|(_, value)| !is_imf_fixdate(value)) {
        Some((name, value)) => {
            let why = format!("{name}: {}", startline_parser::notation::encode(&value[..value.len().min(60)]));
            Judgement::new(broken(level), why, expected)
        }
        None => {
            Judgement::new(Verdict::Pass, format!("{}, all in the one format", count(values.len(), "date")), expected)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::Ended;
    use crate::probe::recorded::{GET, OK, dead, status, turn};

    fn dated(value: &str) -> Observation {
        turn(GET, &format!("HTTP/1.1 200 OK\nDate: {value}\nContent-Length: 0\n\n"), Ended::Answered)
    }

    const GOOD: &str = "Sun, 06 Nov 1994 08:49:37 GMT";

    #[test]
    fn a_missing_date_counts_only_with_a_clock() {
        let verdict = |exchanges: &[Observation]| judge_present(Level::Must, exchanges).verdict;
        let answered = |received: &str| turn(GET, received, Ended::Answered);
        assert_eq!(verdict(&[dated(GOOD), dated(GOOD)]), Verdict::Pass);
        assert_eq!(verdict(&[dated(GOOD), answered(&status(400))]), Verdict::Fail);
        assert_eq!(verdict(&[dated(GOOD), answered(&status(500))]), Verdict::Pass);
        assert_eq!(verdict(&[dated(GOOD), dead()]), Verdict::Pass);
        assert_eq!(verdict(&[answered(OK), answered(&status(404))]), Verdict::NotJudged);
    }

    #[test]
    fn the_format_of_dates_received() {
        let verdict = |value: &str| judge_format(Level::Must, &[dated(value)]).verdict;
        assert_eq!(verdict(GOOD), Verdict::Pass);
        assert_eq!(verdict("Sunday, 06-Nov-94 08:49:37 GMT"), Verdict::Fail);
        assert_eq!(verdict("Sun Nov  6 08:49:37 1994"), Verdict::Fail);
        assert_eq!(judge_format(Level::Must, &[dead()]).verdict, Verdict::NotJudged);
    }

    #[test]
    fn dates_that_are_and_are_not() {
        for good in
            [GOOD, "Tue, 15 Nov 1994 08:12:31 GMT", "Thu, 29 Feb 2024 23:59:60 GMT", "Mon, 01 Jan 0001 00:00:00 GMT"]
        {
            assert!(is_imf_fixdate(good.as_bytes()), "{good}");
        }
        for bad in [
            "Mon, 06 Nov 1994 08:49:37 GMT",
            "Sun, 6 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 08:49:37 UTC",
            "Sun, 06 nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 24:49:37 GMT",
            "Thu, 30 Feb 2023 00:00:00 GMT",
            "Sun,  6 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 08:49:37 +00",
            "",
        ] {
            assert!(!is_imf_fixdate(bad.as_bytes()), "{bad}");
        }
    }
}
