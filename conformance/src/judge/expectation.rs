//! Judging a check that says itself what it expects: duties, whose message has no fault.

use super::exchange::{Evidence, Known, answers_of, echoed_otherwise, flight_of};
use super::flight::Flight;
use super::outcome::left_open;
use super::{Judgement, Verdict};
use crate::answers::Answer;
use crate::check::{Expect, StatusSet};
use crate::observation::Ended;
use crate::rule::{Impact, Level, On, Role, Rule};

/// The verdict for a duty of this level that is not done.
#[must_use]
pub const fn broken(level: Level) -> Verdict {
    match level {
        Level::Must | Level::MustNot => Verdict::Fail,
        Level::Should | Level::ShouldNot => Verdict::Warn,
        _ => Verdict::Note,
    }
}

/// The level at which a duty binds an origin server.
#[must_use]
pub fn level(rule: &Rule) -> Level {
    rule.reaction(Role::OriginServer, On::Request).map_or(Level::None, |reaction| reaction.level)
}

/// Judges what was observed by the expectation.
#[must_use]
pub fn judge(rule: &'static Rule, expect: &Expect, evidence: &Evidence, known: Known) -> Judgement {
    let expected = words(expect);
    let control = answers_of(&evidence.control);
    if !control.iter().any(|answer| !answer.is_interim()) {
        return Judgement::not_judged(format!(
            "the control, a plain exchange, was not answered ({})",
            evidence.control.ended.words()
        ));
    }
    if let Ended::NotConnected(why) = &evidence.check.ended {
        return Judgement::not_judged(format!("no connection for the check: {why}"));
    }
    let base = control.iter().find(|answer| !answer.is_interim()).and_then(|answer| answer.status);
    if !expect.control.is_empty() && !base.is_some_and(|status| any(&expect.control, status)) {
        let got = base.map_or("no status".to_owned(), |status| status.to_string());
        let wanted = list(&expect.control);
        return Judgement::not_judged(format!("judged only where the control gets {wanted}, and it got {got}"));
    }
    let all = answers_of(&evidence.check);
    let before = evidence.check.before_canary.unwrap_or(usize::MAX);
    let found: Vec<&Answer> = all.iter().filter(|answer| answer.start < before).collect();
    // Octets without a status-line behind an answer are no answer: they are its content, or what is left of the count.
    let is_answer = |at: usize, answer: &Answer| !answer.is_interim() && (at == 0 || answer.status.is_some());
    let finals: Vec<&Answer> =
        found.iter().enumerate().filter(|(at, answer)| is_answer(*at, answer)).map(|(_, answer)| *answer).collect();
    let first = finals.first().copied();
    let status = first.and_then(|answer| answer.status);
    if !expect.when.is_empty() && !status.is_some_and(|status| any(&expect.when, status)) {
        let got = status.map_or("no status".to_owned(), |status| status.to_string());
        return Judgement::not_judged(format!("judged only after {}, and the answer was {got}", list(&expect.when)));
    }
    let refused = |answers: &[Answer]| {
        answers
            .iter()
            .find(|answer| !answer.is_interim())
            .and_then(|answer| answer.status)
            .filter(|status| *status >= 400)
    };
    // A control that is there to be refused masks nothing.
    let hangs_on_status = (!expect.status.is_empty() || !expect.not_status.is_empty()) && expect.control.is_empty();
    if let Some(same) = refused(&all).filter(|status| hangs_on_status && refused(&control) == Some(*status)) {
        let why = format!("refused with {same}, and so is the control: nothing tells what the difference makes");
        return Judgement::new(Verdict::Masked, why, expected);
    }
    let mut wrong: Vec<String> = Vec::new();
    if !expect.status.is_empty() {
        match status {
            Some(status) if any(&expect.status, status) => {}
            Some(status) => wrong.push(format!("the status is {status}")),
            None => wrong.push(format!("there is no answer with a status ({})", evidence.check.ended.words())),
        }
    }
    if expect.as_control && status != base {
        let of = |status: Option<u16>| status.map_or("none".to_owned(), |status| status.to_string());
        wrong.push(format!("the status is {}, and that of the control {}", of(status), of(base)));
    }
    if let Some(status) = status.filter(|status| any(&expect.not_status, *status)) {
        wrong.push(format!("the status is {status}"));
    }
    if let Some(answers) = expect.answers
        && finals.len() != answers
    {
        // Closing early is always permitted, and then fewer answers come.
        if finals.len() > answers || !evidence.check.is_closed() {
            wrong.push(match finals.len() {
                1 => "1 final answer came".to_owned(),
                many => format!("{many} final answers came"),
            });
        }
    }
    if let Some(closed) = expect.closed {
        let answered_later = left_open(&evidence.check, &all);
        if closed && left_open(&evidence.control, &control) {
            return Judgement::not_judged("the control asks for the close too, and does not get it");
        }
        match closed {
            true if evidence.check.before_canary.is_some() && !answered_later && !evidence.check.is_closed() => {
                return Judgement::not_judged("the connection is open, and a further request on it is not answered");
            }
            true if answered_later => {
                wrong.push("the connection was left open and a further request answered".to_owned())
            }
            false if evidence.check.is_closed() => wrong.push("the connection was closed".to_owned()),
            _ => {}
        }
    }
    if let Some(answer) = first {
        wrong.extend(
            expect.has.iter().filter(|name| answer.field(name).is_none()).map(|name| format!("there is no {name}")),
        );
        wrong.extend(
            expect.lacks.iter().filter(|name| answer.field(name).is_some()).map(|name| format!("there is a {name}")),
        );
    }
    if let Some(interim) = expect.interim
        && interim != found.first().is_some_and(|answer| answer.is_interim())
    {
        wrong
            .push(if interim { "no interim response came first" } else { "an interim response came first" }.to_owned());
    }
    if let Some(Flight::Deviates(how)) = flight_of(evidence, known, true) {
        wrong.push(how);
    } else if rule.impact == Impact::Framing {
        wrong.extend(echoed_otherwise(evidence, &all, known));
    }
    let got = status.map_or_else(|| evidence.check.ended.words(), |status| format!("answered with {status}"));
    if wrong.is_empty() {
        return Judgement::new(Verdict::Pass, got, expected);
    }
    Judgement::new(broken(level(rule)), format!("{got}: {}", wrong.join("; ")), expected)
}

fn any(sets: &[StatusSet], status: u16) -> bool {
    sets.iter().any(|set| set.has(status))
}

fn list(sets: &[StatusSet]) -> String {
    sets.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or ")
}

/// The expectation in plain words.
fn words(expect: &Expect) -> String {
    let mut parts = Vec::new();
    if !expect.status.is_empty() {
        parts.push(format!("status {}", list(&expect.status)));
    }
    if !expect.not_status.is_empty() {
        parts.push(format!("a status other than {}", list(&expect.not_status)));
    }
    if expect.as_control {
        parts.push("the status of the control".to_owned());
    }
    parts.extend(expect.answers.map(|answers| format!("final answers: {answers}")));
    parts.extend(
        expect.closed.map(|closed| if closed { "the connection closed" } else { "the connection open" }.to_owned()),
    );
    parts.extend(expect.has.iter().map(|name| format!("a {name} field")));
    parts.extend(expect.lacks.iter().map(|name| format!("no {name} field")));
    parts.extend(
        expect.interim.map(|interim| if interim { "an interim response" } else { "no interim response" }.to_owned()),
    );
    if parts.is_empty() {
        parts.push("the message read as it is".to_owned());
    }
    format!("{} ({})", parts.join(", "), expect.reason)
}
