//! Real servers' findings against what is known of them, and the vote of many servers on our checks.
//!
//! A finding on a real server has been triaged by hand: either it stands and is kept as a known deviation with its
//! reason, or the check was wrong and was mended. So an unknown finding and a deviation that is no longer found are both
//! news. The vote lists where many servers disagree with us; that is where a check is doubted first.

use std::collections::BTreeMap;
use std::fmt;

use crate::judge::Verdict;
use crate::rule::{Action, Kind, Level, On, Role};
use crate::runner::Audit;
use crate::servers::{Deviation, Entry};

/// The findings of one server, sorted by whether they are known.
#[derive(Debug, Clone)]
pub struct Triage {
    /// The server.
    pub name: String,
    /// The version that was audited.
    pub version: String,
    /// Whether deviations were written for this version; if not, findings are only reported.
    pub is_known_version: bool,
    /// Findings that are known deviations.
    pub known: Vec<Deviation>,
    /// Findings that are not.
    pub unknown: Vec<Finding>,
    /// Known deviations that were not found.
    pub stale: Vec<Deviation>,
    /// Checks that ended as `unstable` or `error`, which no server is known for.
    pub broken: Vec<Finding>,
}

/// A finding by its check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Id of the check, or `lint-` and the rule.
    pub check: String,
    /// Id of the rule that is broken.
    pub rule: &'static str,
    /// The verdict.
    pub verdict: Verdict,
    /// What happened.
    pub why: String,
}

/// Every finding of an audit, response lint included.
#[must_use]
pub fn findings(audit: &Audit) -> Vec<Finding> {
    let checks = audit.results.iter().map(|result| Finding {
        check: result.check.id.clone(),
        rule: result.check.rule.id,
        verdict: result.judgement.verdict,
        why: result.judgement.why.clone(),
    });
    let lint = audit.lint.iter().map(|finding| Finding {
        check: format!("lint-{}", finding.rule.id),
        rule: finding.rule.id,
        verdict: finding.verdict(),
        why: finding.why(),
    });
    checks.chain(lint).filter(|finding| finding.verdict.is_finding()).collect()
}

/// Sorts the findings of an audit of `entry` in `version`. Only deviations whose check was run can be stale.
#[must_use]
pub fn triage(entry: &Entry, version: &str, audit: &Audit) -> Triage {
    let found = findings(audit);
    let is_of = |deviation: &&Deviation| deviation.version == version;
    let written: Vec<&Deviation> = entry.deviations.iter().filter(is_of).collect();
    let matches = |deviation: &Deviation, finding: &Finding| {
        deviation.check == finding.check && deviation.verdict.as_str() == finding.verdict.word()
    };
    let was_run = |deviation: &Deviation| {
        deviation.check.starts_with("lint-") || audit.results.iter().any(|result| result.check.id == deviation.check)
    };
    let (known, rest): (Vec<&Deviation>, Vec<&Deviation>) =
        written.iter().copied().partition(|deviation| found.iter().any(|finding| matches(deviation, finding)));
    let broken = audit
        .results
        .iter()
        .filter(|result| matches!(result.judgement.verdict, Verdict::Unstable | Verdict::Error))
        .map(|result| Finding {
            check: result.check.id.clone(),
            rule: result.check.rule.id,
            verdict: result.judgement.verdict,
            why: result.judgement.why.clone(),
        })
        .collect();
    Triage {
        name: entry.name.clone(),
        version: version.to_owned(),
        is_known_version: entry.deviations.is_empty() || !written.is_empty(),
        known: known.into_iter().cloned().collect(),
        unknown: found.into_iter().filter(|f| !written.iter().any(|deviation| matches(deviation, f))).collect(),
        stale: rest.into_iter().filter(|deviation| was_run(deviation)).cloned().collect(),
        broken,
    }
}

impl Triage {
    /// Whether everything is as it is known to be, or nothing is known of this version.
    #[must_use]
    pub fn is_as_known(&self) -> bool {
        !self.is_known_version || (self.unknown.is_empty() && self.stale.is_empty() && self.broken.is_empty())
    }
}

impl Triage {
    /// The unknown findings as entries of a server's file, one for each rule and verdict, without their reasons.
    #[must_use]
    pub fn skeleton(&self) -> String {
        let mut groups: BTreeMap<(&str, Verdict), Vec<&Finding>> = BTreeMap::new();
        for finding in &self.unknown {
            groups.entry((finding.rule, finding.verdict)).or_default().push(finding);
        }
        let mut text = String::new();
        for ((rule, verdict), findings) in groups {
            text.push_str(&format!("\n# {rule}\n"));
            for finding in &findings {
                text.push_str(&format!("#   {}: {}\n", finding.check, finding.why));
            }
            let ids: Vec<String> = findings.iter().map(|finding| format!("    {:?},\n", finding.check)).collect();
            text.push_str(&format!("[[deviation]]\nchecks = [\n{}]\n", ids.concat()));
            text.push_str(&format!("verdict = \"{verdict}\"\nversion = {:?}\nreason = \"\"\n", self.version));
        }
        text
    }
}

impl fmt::Display for Triage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = format!("{} {}", self.name, self.version);
        if !self.is_known_version {
            writeln!(f, "{place}: the known deviations are of another version; what follows is only reported")?;
        }
        for finding in self.unknown.iter().chain(&self.broken) {
            writeln!(f, "{place}: unknown {} {}: {}", finding.verdict, finding.check, finding.why)?;
        }
        for deviation in &self.stale {
            writeln!(f, "{place}: stale {} {}: no longer found", deviation.verdict.as_str(), deviation.check)?;
        }
        Ok(())
    }
}

/// The list of checks on which real servers vote against us: valid messages that two or more do not take as they should,
/// and faults that MUST be refused and that most serve.
#[must_use]
pub fn vote(triages: &[Triage], audits: &[Audit]) -> String {
    // For each check: servers that were judged, and those that are against.
    let mut votes: BTreeMap<&str, (usize, Vec<&str>)> = BTreeMap::new();
    let mut is_valid: BTreeMap<&str, bool> = BTreeMap::new();
    for (triage, audit) in triages.iter().zip(audits) {
        for result in audit.results.iter().filter(|result| result.judgement.verdict.is_judged()) {
            let reaction = result.check.rule.reaction(Role::OriginServer, On::Request);
            let must_reject = reaction.is_some_and(|reaction| {
                reaction.level == Level::Must && matches!(reaction.action, Action::Reject { .. })
            });
            let valid = result.check.rule.kind != Kind::Fault && result.check.also.is_empty();
            if !valid && !must_reject {
                continue;
            }
            is_valid.insert(&result.check.id, valid);
            let (judged, against) = votes.entry(&result.check.id).or_default();
            *judged += 1;
            let is_against = match result.judgement.verdict {
                Verdict::Fail => true,
                Verdict::Warn | Verdict::Note => valid,
                _ => false,
            };
            if is_against {
                against.push(&triage.name);
            }
        }
    }
    let mut text = String::from("\nThe vote: where real servers disagree with us, to be triaged against the text\n");
    let mut any = false;
    for (check, (judged, against)) in votes {
        let valid = is_valid.get(check).copied().unwrap_or_default();
        let listed = if valid { against.len() >= 2 } else { against.len() * 2 > judged };
        if listed {
            any = true;
            let what = if valid { "valid, not taken so" } else { "MUST be refused, served" };
            text.push_str(&format!("  {check}: {what} by {} of {judged} ({})\n", against.len(), against.join(", ")));
        }
    }
    if !any {
        text.push_str("  nowhere\n");
    }
    text
}
