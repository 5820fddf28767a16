//! The JSON report, schema 1.

use serde::Serialize;

use super::measured::{self, Costs, Limit, Segmented, Segments};
use super::{Redactor, Report, counts, level, order};
use crate::calibrate::Calibration;
use crate::judge::Verdict;
use crate::judge::lint::Finding;
use crate::measure::Amount;
use crate::observation::{Observation, Purpose};
use crate::resource::{Need, Resource};
use crate::runner::{Audit, CheckResult, CutShort};

#[derive(Serialize)]
struct Root {
    schema: u32,
    tool: Tool,
    catalogue: String,
    targets: Vec<Target>,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Target {
    target: String,
    address: String,
    /// What would make more checks judgeable, by the need.
    needs: serde_json::Map<String, serde_json::Value>,
    calibration: Option<Known>,
    problem: Option<String>,
    cut_short: Option<&'static str>,
    seconds: f64,
    responses: usize,
    summary: serde_json::Map<String, serde_json::Value>,
    cost: Costs,
    limits: Vec<Limit>,
    #[serde(skip_serializing_if = "Option::is_none")]
    segments: Option<Segments>,
    checks: Vec<Check>,
}

#[derive(Serialize)]
struct Known {
    server: Option<String>,
    ordinary_status: Option<u16>,
    ordinary_problem: Option<String>,
    latency_ms: f64,
    latency_worst_ms: f64,
    quiet_ms: f64,
    methods: serde_json::Map<String, serde_json::Value>,
    keep_alive: bool,
    pipelining: bool,
    echo: bool,
    canary: String,
    capacity: usize,
    resources: Vec<Path>,
}

/// What is known of one path.
#[derive(Serialize)]
struct Path {
    path: String,
    status: Option<u16>,
    stable: bool,
    length: usize,
    etag: Option<String>,
    last_modified: Option<String>,
    content_type: Option<String>,
    challenge: Option<String>,
    opened: Option<u16>,
    vary: Vec<String>,
    allow: Vec<String>,
    upgrade: Option<String>,
    serves: Vec<Need>,
}

#[derive(Serialize)]
struct Check {
    id: String,
    title: String,
    rule: &'static str,
    rfc: u16,
    section: &'static str,
    level: &'static str,
    role: &'static str,
    impact: &'static str,
    verdict: &'static str,
    expected: String,
    why: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    reading: Option<Reading>,
    /// What the target would have to have for the check to be judged.
    needs: Option<Need>,
    confirmed: Vec<&'static str>,
    count: usize,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    segmented: Vec<Segmented>,
    exchanges: Vec<Exchange>,
}

/// What the target was measured to read for a length in doubt.
#[derive(Serialize)]
struct Reading {
    text: String,
    /// How many octets; none if more than were tried.
    octets: Option<usize>,
    /// That they are more than so many.
    #[serde(skip_serializing_if = "Option::is_none")]
    more_than: Option<usize>,
}

#[derive(Serialize)]
struct Exchange {
    purpose: Purpose,
    sent: Vec<String>,
    received: Vec<String>,
    /// Octets at the end of what was received that are not kept.
    omitted: usize,
    ended: String,
    timeline: Vec<Event>,
}

#[derive(Serialize)]
struct Event {
    at_ms: f64,
    event: &'static str,
    octets: usize,
}

/// The report as JSON text.
#[must_use]
pub fn json(report: &Report<'_>) -> String {
    let root = Root {
        schema: 1,
        tool: Tool { name: "startline", version: env!("CARGO_PKG_VERSION") },
        catalogue: report.catalogue.to_owned(),
        targets: report.audits.iter().map(target).collect(),
    };
    // Every value is a string, a number or a list of them, so that nothing can fail.
    serde_json::to_string_pretty(&root).unwrap_or_default() + "\n"
}

fn target(audit: &Audit) -> Target {
    let redactor = Redactor::new(&audit.secrets);
    let mut results: Vec<&CheckResult> = audit.results.iter().collect();
    results.sort_by_key(|result| order(result));
    let mut checks: Vec<Check> = results.into_iter().map(|result| check(result, &redactor)).collect();
    checks.extend(audit.lint.iter().map(|finding| lint(finding, &redactor)));
    Target {
        target: redactor.text(&audit.url),
        address: audit.address.clone(),
        needs: super::needs(audit).into_keys().map(|need| (need.word().to_owned(), need.remedy().into())).collect(),
        calibration: audit.calibration.as_ref().ok().map(|known| calibration(known, &redactor)),
        problem: audit.calibration.as_ref().err().map(|problem| redactor.text(problem)),
        cut_short: audit.cut_short.map(|cut| match cut {
            CutShort::Deadline => "deadline",
            CutShort::Interrupted => "interrupted",
        }),
        seconds: audit.took.as_secs_f64(),
        responses: audit.responses,
        summary: counts(audit).into_iter().map(|(verdict, count)| (verdict.word().to_owned(), count.into())).collect(),
        cost: measured::costs(&audit.cost),
        limits: measured::limits(audit),
        segments: measured::segments(audit),
        checks,
    }
}

fn calibration(known: &Calibration, redactor: &Redactor) -> Known {
    let ms = |duration: std::time::Duration| duration.as_secs_f64() * 1e3;
    Known {
        server: known.server.as_deref().map(|server| redactor.text(server)),
        ordinary_status: known.ordinary.as_ref().ok().copied(),
        ordinary_problem: known.ordinary.as_ref().err().map(|problem| redactor.text(problem)),
        latency_ms: ms(known.latency),
        latency_worst_ms: ms(known.latency_worst),
        quiet_ms: ms(known.patience.quiet),
        methods: known.methods.iter().map(|(method, status)| ((*method).to_owned(), (*status).into())).collect(),
        keep_alive: known.keep_alive,
        pipelining: known.pipelining,
        echo: known.echoes,
        canary: known.canary.words(),
        capacity: known.capacity,
        resources: known.resources.iter().map(|resource| of_path(resource, redactor)).collect(),
    }
}

fn of_path(resource: &Resource, redactor: &Redactor) -> Path {
    let shown = |text: &Option<String>| text.as_deref().map(|text| redactor.text(text));
    let all = |texts: &[String]| texts.iter().map(|text| redactor.text(text)).collect();
    Path {
        path: redactor.text(&resource.path),
        status: resource.status,
        stable: resource.is_stable,
        length: resource.length,
        etag: resource.etag.as_ref().map(|tag| redactor.line(&tag.octets())),
        last_modified: resource.last_modified.as_ref().map(|(text, _)| text.clone()),
        content_type: shown(&resource.content_type),
        challenge: shown(&resource.challenge),
        opened: resource.opened,
        vary: all(&resource.vary),
        allow: all(&resource.allow),
        upgrade: shown(&resource.upgrade),
        serves: Need::ALL.into_iter().filter(|need| need.is_met_by(resource)).collect(),
    }
}

fn check(result: &CheckResult, redactor: &Redactor) -> Check {
    let rule = result.check.rule;
    Check {
        id: result.check.id.clone(),
        title: result.check.title.clone(),
        rule: rule.id,
        rfc: rule.rfc,
        section: rule.section,
        level: level(rule).word(),
        role: result.check.role.word(),
        impact: rule.impact.word(),
        verdict: result.judgement.verdict.word(),
        expected: result.judgement.expected.clone(),
        why: redactor.text(&result.judgement.why),
        reading: result.judgement.reading.as_ref().map(|measured| {
            let (octets, more_than) = match measured.amount {
                Amount::Octets(octets) => (Some(octets), None),
                Amount::MoreThan(octets) => (None, Some(octets)),
            };
            Reading { text: redactor.text(&measured.text), octets, more_than }
        }),
        needs: result.judgement.needs,
        confirmed: result.confirmed.iter().map(|verdict: &Verdict| verdict.word()).collect(),
        count: 1,
        segmented: measured::segmented(result, redactor),
        exchanges: result.exchanges.iter().map(|observation| exchange(observation, redactor)).collect(),
    }
}

fn lint(finding: &Finding, redactor: &Redactor) -> Check {
    Check {
        id: format!("lint-{}", finding.rule.id),
        title: finding.rule.summary().trim_end_matches('.').to_owned(),
        rule: finding.rule.id,
        rfc: finding.rule.rfc,
        section: finding.rule.section,
        level: finding.level().word(),
        role: "sender",
        impact: finding.rule.impact.word(),
        verdict: finding.verdict().word(),
        expected: "responses without this fault".to_owned(),
        reading: None,
        needs: None,
        why: redactor.text(&finding.why()),
        confirmed: Vec::new(),
        count: finding.count,
        segmented: Vec::new(),
        exchanges: vec![exchange(&finding.example, redactor)],
    }
}

fn exchange(observation: &Observation, redactor: &Redactor) -> Exchange {
    let mut timeline: Vec<Event> = observation
        .sent
        .iter()
        .map(|sent| {
            let event = if sent.is_canary { "sent canary" } else { "sent" };
            Event { at_ms: sent.piece.at.as_secs_f64() * 1e3, event, octets: sent.piece.octets.len() }
        })
        .collect();
    timeline.extend(observation.received.iter().map(|piece| Event {
        at_ms: piece.at.as_secs_f64() * 1e3,
        event: "received",
        octets: piece.octets.len(),
    }));
    timeline.push(Event { at_ms: observation.ended_at.as_secs_f64() * 1e3, event: "ended", octets: 0 });
    timeline.sort_by(|a, b| a.at_ms.total_cmp(&b.at_ms));
    Exchange {
        purpose: observation.purpose,
        sent: observation.sent.iter().map(|sent| redactor.line(&sent.piece.octets)).collect(),
        received: observation.received.iter().map(|piece| redactor.line(&piece.octets)).collect(),
        omitted: observation.omitted,
        ended: observation.ended.words(),
        timeline,
    }
}
