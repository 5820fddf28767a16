//! Renderers over one result type, a file each.
//!
//! What comes from a target is escaped wherever it is shown, and what the user gave as a secret is not shown.

pub mod diff;
pub mod fuzz;
mod human;
mod json;
mod measured;
mod redact;

use std::collections::BTreeMap;
use std::time::Duration;

use crate::judge::Verdict;
use crate::resource::Need;
use crate::rule::{Impact, Level, On, Role, Rule};
use crate::runner::{Audit, CheckResult};

pub use human::{Style, human};
pub use json::json;
pub use redact::Redactor;

/// Everything that renderers get.
#[derive(Debug)]
pub struct Report<'r> {
    /// One audit for each target.
    pub audits: &'r [Audit],
    /// Hash of the catalogue that was run.
    pub catalogue: &'r str,
    /// The command that repeats one check, without the id: `startline audit URL ... --only`.
    pub repeat: &'r [String],
}

/// The level of the reaction by which a check was judged, or, of a rule about responses alone, of that of their sender.
#[must_use]
pub fn level(rule: &Rule) -> Level {
    let of_server = rule.reaction(Role::OriginServer, On::Request);
    of_server.or_else(|| rule.sender(On::Response)).map_or(Level::None, |reaction| reaction.level)
}

/// The order of findings: by impact, then by level, then by rule and id.
#[must_use]
pub fn order(result: &CheckResult) -> (Impact, Level, &'static str, String) {
    (result.check.rule.impact, level(result.check.rule), result.check.rule.id, result.check.id.clone())
}

/// How many results have each verdict, in the order of [`Verdict::ALL`]; what responses break counts too.
#[must_use]
pub fn counts(audit: &Audit) -> Vec<(Verdict, usize)> {
    Verdict::ALL
        .into_iter()
        .map(|verdict| {
            let checks = audit.results.iter().filter(|result| result.judgement.verdict == verdict).count();
            let lint = audit.lint.iter().filter(|finding| finding.verdict() == verdict).count();
            (verdict, checks + lint)
        })
        .collect()
}

/// Whether a verdict counts as a finding when this one or worse makes the run fail.
#[must_use]
pub fn is_finding(verdict: Verdict, fail_on: Verdict) -> bool {
    match fail_on {
        Verdict::Warn => verdict.is_finding(),
        _ => verdict == Verdict::Fail,
    }
}

/// Number of findings of an audit.
#[must_use]
pub fn findings(audit: &Audit, fail_on: Verdict) -> usize {
    counts(audit).into_iter().filter(|(verdict, _)| is_finding(*verdict, fail_on)).map(|(_, count)| count).sum()
}

/// Per cent of the checks that told something, of those for which the target has what they need.
#[must_use]
pub fn judged_percent(audit: &Audit) -> f64 {
    let judged = audit.results.iter().filter(|result| result.judgement.verdict.is_judged()).count();
    let within_reach = audit.results.iter().filter(|result| result.judgement.needs.is_none()).count();
    if within_reach == 0 { 0.0 } else { 100.0 * judged as f64 / within_reach as f64 }
}

/// What could not be judged for want of something, by what would make it judgeable.
#[must_use]
pub fn needs(audit: &Audit) -> BTreeMap<Need, Vec<&CheckResult>> {
    let mut needs: BTreeMap<Need, Vec<&CheckResult>> = BTreeMap::new();
    for result in &audit.results {
        if let Some(need) = result.judgement.needs {
            needs.entry(need).or_default().push(result);
        }
    }
    needs
}

/// So many of a thing, in words: `1 check`, `2 checks`.
#[must_use]
pub fn count(number: usize, thing: &str) -> String {
    if number == 1 { format!("1 {thing}") } else { format!("{number} {thing}s") }
}

/// A duration for people.
#[must_use]
pub fn time(duration: Duration) -> String {
    match duration.as_micros() {
        micros @ 0..=9_999 => format!("{:.1} ms", micros as f64 / 1e3),
        micros @ 10_000..=999_999 => format!("{} ms", micros / 1_000),
        micros => format!("{:.2} s", micros as f64 / 1e6),
    }
}
