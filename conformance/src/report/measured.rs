//! What an audit measures besides verdicts, as lines for people and as JSON: limits, segments, cost.

use serde::Serialize;

use super::{Redactor, time};
use crate::limits::What;
use crate::meter::Cost;
use crate::runner::{Audit, CheckResult, can_be_segmented, differs};
use crate::segment::Segmentation;

/// One line for each limit.
pub(super) fn limit_lines(audit: &Audit) -> Vec<String> {
    audit.limits.iter().map(|limit| format!("{:<22} {}", limit.what.words(), limit.words())).collect()
}

/// What other segments changed, and what was not sent in any.
pub(super) fn segment_lines(audit: &Audit, redactor: &Redactor) -> Vec<String> {
    let ways = ways(audit);
    if ways.is_empty() {
        return Vec::new();
    }
    let words: Vec<&str> = ways.iter().map(|way| way.word()).collect();
    let (exchanges, probes): (Vec<_>, Vec<_>) = audit.results.iter().partition(|result| !is_as_it_is(result));
    let mut lines = vec![format!(
        "{} checks were sent in other segments as well ({}); {} hang on answers or times in between, and were sent \
         as they are",
        exchanges.len(),
        words.join(", "),
        probes.len(),
    )];
    let changed: Vec<&CheckResult> = audit.results.iter().filter(|result| differs(result)).collect();
    if changed.is_empty() {
        lines.push("no verdict changes with the segments".to_owned());
    }
    for result in changed {
        lines.push(format!("{} is {} by itself", result.check.id, result.judgement.verdict));
        for other in result.segmented.iter().filter(|other| other.judgement.verdict != result.judgement.verdict) {
            let why = redactor.text(&other.judgement.why);
            lines.push(format!("  {:<10} {}: {why}", other.segmentation.word(), other.judgement.verdict));
        }
    }
    lines
}

/// What the audit cost.
pub(super) fn cost_lines(cost: &Cost) -> Vec<String> {
    let memory = cost.peak_memory.map_or(String::new(), |octets| format!("; at most {} MiB of memory", octets >> 20));
    let mut lines = vec![format!(
        "{:.1} ms a check beyond waiting; {} quiet periods and pauses, {} together, {} at {} exchanges at once{memory}",
        cost.ms_a_check(),
        cost.waits.count,
        time(cost.waits.total),
        time(cost.waiting()),
        cost.capacity,
    )];
    if cost.slow_checks > 0 {
        let waited = time(cost.slow.total);
        lines.push(format!("{} slow checks, about slow peers and time-outs, waited {waited} of it", cost.slow_checks));
    }
    lines
}

/// The ways that were tried beside the first.
fn ways(audit: &Audit) -> Vec<Segmentation> {
    let mut ways: Vec<_> =
        audit.results.iter().flat_map(|result| &result.segmented).map(|other| other.segmentation).collect();
    ways.sort_unstable();
    ways.dedup();
    ways
}

fn is_as_it_is(result: &CheckResult) -> bool {
    !can_be_segmented(&result.check)
}

/// A limit in the JSON report.
#[derive(Serialize)]
pub(super) struct Limit {
    what: What,
    unit: &'static str,
    /// The largest size that was taken, and the answer to it.
    taken: Option<Side>,
    /// The smallest size that was not, and what came.
    refused: Option<Side>,
    is_exact: bool,
    taken_beyond: Vec<usize>,
    met_first: Option<What>,
    /// The largest size that would have been tried.
    most: usize,
}

#[derive(Serialize)]
struct Side {
    size: usize,
    answer: String,
}

pub(super) fn limits(audit: &Audit) -> Vec<Limit> {
    let side = |side: &Option<(usize, String)>| side.clone().map(|(size, answer)| Side { size, answer });
    audit
        .limits
        .iter()
        .map(|limit| Limit {
            what: limit.what,
            unit: limit.what.unit(),
            taken: side(&limit.below),
            refused: side(&limit.above),
            is_exact: limit.is_exact(),
            taken_beyond: limit.taken_beyond.clone(),
            met_first: limit.met_first,
            most: limit.most,
        })
        .collect()
}

/// A check in other segments, in the JSON report.
#[derive(Serialize)]
pub(super) struct Segmented {
    segmentation: Segmentation,
    verdict: &'static str,
    why: String,
}

pub(super) fn segmented(result: &CheckResult, redactor: &Redactor) -> Vec<Segmented> {
    let other = |other: &crate::runner::Segmented| Segmented {
        segmentation: other.segmentation,
        verdict: other.judgement.verdict.word(),
        why: redactor.text(&other.judgement.why),
    };
    result.segmented.iter().map(other).collect()
}

/// Segments in the JSON report.
#[derive(Serialize)]
pub(super) struct Segments {
    ways: Vec<Segmentation>,
    /// Checks whose verdicts change.
    changed: Vec<String>,
    /// Checks that hang on answers or times in between, and were sent as they are.
    not_segmented: Vec<String>,
}

pub(super) fn segments(audit: &Audit) -> Option<Segments> {
    let ids = |wanted: &dyn Fn(&CheckResult) -> bool| -> Vec<String> {
        audit.results.iter().filter(|result| wanted(result)).map(|result| result.check.id.clone()).collect()
    };
    let ways = ways(audit);
    (!ways.is_empty()).then(|| Segments { ways, changed: ids(&differs), not_segmented: ids(&is_as_it_is) })
}

/// What the audit cost, in the JSON report; times in milliseconds, memory in octets.
#[derive(Serialize)]
pub(super) struct Costs {
    checking_ms: f64,
    checks: usize,
    ms_a_check: f64,
    quiet_periods: usize,
    quiet_total_ms: f64,
    quiet_wall_ms: f64,
    slow_checks: usize,
    slow_total_ms: f64,
    capacity: usize,
    peak_memory: Option<u64>,
}

pub(super) fn costs(cost: &Cost) -> Costs {
    let ms = |duration: std::time::Duration| duration.as_secs_f64() * 1e3;
    Costs {
        checking_ms: ms(cost.checking),
        checks: cost.checks,
        ms_a_check: cost.ms_a_check(),
        quiet_periods: cost.waits.count,
        quiet_total_ms: ms(cost.waits.total),
        quiet_wall_ms: ms(cost.waiting()),
        slow_checks: cost.slow_checks,
        slow_total_ms: ms(cost.slow.total),
        capacity: cost.capacity,
        peak_memory: cost.peak_memory,
    }
}
