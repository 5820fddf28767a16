//! For programs, schema 1.

use serde::Serialize;

use super::super::{Redactor, level};
use super::{Compared, answer, met, words};
use crate::diff::behaviour::{Answered, End};
use crate::diff::case::Disagreement;
use crate::diff::compare::Degree;
use crate::diff::{Cell, Party};
use crate::rule::Rule;
use crate::runner::CutShort;

#[derive(Serialize)]
struct Root {
    schema: u32,
    tool: Tool,
    targets: Vec<Target>,
    source: Source,
    streams: usize,
    agreed: usize,
    unstable: usize,
    dropped: usize,
    skipped: Vec<Skipped>,
    cut_short: Option<&'static str>,
    seconds: f64,
    disagreements: Vec<Case>,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Source {
    kind: &'static str,
    told: String,
}

#[derive(Serialize)]
struct Skipped {
    name: String,
    why: String,
}

#[derive(Serialize)]
struct Target {
    name: String,
    target: String,
    server: Option<String>,
    echo: Option<bool>,
    canary: Option<String>,
    problem: Option<String>,
    stopped_answering: bool,
}

#[derive(Serialize)]
struct Case {
    degree: Degree,
    /// Whether it counts: closes that break no rule do not.
    counts: bool,
    impact: &'static str,
    level: &'static str,
    valid: bool,
    rules: Vec<Cited>,
    expected: String,
    streams: usize,
    names: Vec<String>,
    sent: String,
    clusters: Vec<Vec<String>>,
    wrong: Vec<String>,
    cells: Vec<Shown>,
}

#[derive(Serialize)]
struct Cited {
    rule: &'static str,
    rfc: u16,
    section: &'static str,
    level: &'static str,
    impact: &'static str,
}

#[derive(Serialize)]
struct Shown {
    target: String,
    words: String,
    answers: Option<Vec<Answer>>,
    then: Option<&'static str>,
    /// Whether this is what the first message got by itself, since it was refused for what stood behind it.
    alone: bool,
    verdict: &'static str,
    what: &'static str,
    blamed: Vec<Cited>,
    received: String,
    ended: String,
}

#[derive(Serialize)]
struct Answer {
    status: Option<u16>,
    taken: bool,
    method: Option<String>,
    content_octets: Option<u64>,
}

/// The report as JSON.
#[must_use]
pub fn json(compared: &Compared<'_>) -> String {
    let diff = compared.diff;
    let redactor = Redactor::new(&diff.secrets);
    let letters: Vec<String> = met(diff).into_iter().map(|(letter, _)| letter).collect();
    let root = Root {
        schema: 1,
        tool: Tool { name: "startline", version: env!("CARGO_PKG_VERSION") },
        targets: diff.parties.iter().enumerate().map(|(at, party)| target(at, party, &redactor)).collect(),
        source: Source { kind: diff.source, told: redactor.text(compared.source) },
        streams: diff.played,
        agreed: diff.agreed,
        unstable: diff.unstable,
        dropped: diff.dropped,
        skipped: diff
            .skipped
            .iter()
            .map(|skipped| Skipped { name: skipped.name.clone(), why: skipped.why.clone() })
            .collect(),
        cut_short: diff.cut_short.map(|why| match why {
            CutShort::Deadline => "deadline",
            CutShort::Interrupted => "interrupted",
        }),
        seconds: diff.took.as_secs_f64(),
        disagreements: diff.disagreements.iter().map(|found| case(found, &letters, &redactor)).collect(),
    };
    // Strings, numbers and lists can always be written.
    serde_json::to_string_pretty(&root).unwrap_or_default() + "\n"
}

fn target(at: usize, party: &Party, redactor: &Redactor) -> Target {
    let known = party.calibration.as_ref().ok();
    Target {
        name: super::letter(at),
        target: redactor.text(&party.url),
        server: known.and_then(|known| known.server.as_deref()).map(|server| redactor.text(server)),
        echo: known.map(|known| known.echoes),
        canary: known.map(|known| known.canary.words()),
        problem: party.calibration.as_ref().err().map(|problem| redactor.text(problem)),
        stopped_answering: party.is_lost,
    }
}

fn case(case: &Disagreement, letters: &[String], redactor: &Redactor) -> Case {
    let groups = case.clusters.iter().flatten().max().map_or(0, |last| last + 1);
    let members = |group: usize| {
        let of_group = case.clusters.iter().zip(letters).filter(move |(of, _)| **of == Some(group));
        of_group.map(|(_, letter)| letter.clone()).collect()
    };
    Case {
        degree: case.degree,
        counts: case.counts(),
        impact: case.impact().word(),
        level: case.level().word(),
        valid: !case.is_faulty,
        rules: case.rules.iter().map(|rule| cited(rule)).collect(),
        expected: answer(case),
        streams: case.count,
        names: case.names.clone(),
        sent: case.cells.first().map(|cell| redactor.line(&cell.sent)).unwrap_or_default(),
        clusters: (0..groups).map(members).collect(),
        wrong: case.wrong().filter_map(|at| letters.get(at).cloned()).collect(),
        cells: letters.iter().zip(&case.cells).map(|(letter, cell)| shown(letter, cell, redactor)).collect(),
    }
}

fn cited(rule: &Rule) -> Cited {
    Cited { rule: rule.id, rfc: rule.rfc, section: rule.section, level: level(rule).word(), impact: rule.impact.word() }
}

fn shown(letter: &str, cell: &Cell, redactor: &Redactor) -> Shown {
    let answer = |answer: &Answered| Answer {
        status: answer.status,
        taken: answer.is_taken,
        method: answer.read.as_ref().map(|read| redactor.line(&read.method)),
        content_octets: answer.read.as_ref().and_then(|read| read.length),
    };
    Shown {
        target: letter.to_owned(),
        words: words(cell),
        answers: cell.behaviour.as_ref().map(|behaviour| behaviour.answers.iter().map(answer).collect()),
        then: cell.behaviour.as_ref().map(|behaviour| match behaviour.end {
            End::Canary => "canary",
            End::Closed => "closed",
            End::Waits => "waits",
        }),
        alone: cell.is_alone,
        verdict: cell.judged.verdict.word(),
        what: cell.judged.what.word(),
        blamed: cell.judged.blamed.iter().map(|rule| cited(rule)).collect(),
        received: redactor.line(&cell.received),
        ended: cell.ended.words(),
    }
}
