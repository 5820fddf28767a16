//! `startline self-test`: the tool tested against peers whose faults are known.

use std::collections::BTreeMap;

use clap::Args;
use startline::selftest::{Kind, Outcome, Plan, run};

use super::audit::Selection;
use super::output::print;
use super::{Exit, interrupted};

/// Test the tool itself: a clean reference server, every mutant of it, every backend that tempts to false verdicts.
#[derive(Args)]
pub(crate) struct SelfTest {
    /// Every check against every mutant, instead of those of its rules and a tenth of the others
    #[arg(long)]
    full: bool,
    /// Chooses the tenth
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Audits at once
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=64))]
    jobs: u16,
    /// Only mutants and backends whose name begins so
    #[arg(long, value_name = "NAME")]
    only: Option<String>,
    /// As JSON
    #[arg(long)]
    json: bool,
}

impl SelfTest {
    pub(crate) async fn run(self) -> anyhow::Result<Exit> {
        let checks = Selection::default().checks()?;
        let plan = Plan { full: self.full, seed: self.seed, jobs: usize::from(self.jobs), only: self.only.clone() };
        let outcomes = tokio::select! {
            outcomes = run(&checks, &plan, |outcome| self.tell(outcome)) => outcomes,
            () = interrupted() => return Ok(Exit::Interrupted),
        };
        anyhow::ensure!(!outcomes.is_empty(), "no mutant and no backend has a name that begins so");
        if self.json {
            print(&(serde_json::to_string_pretty(&outcomes)? + "\n"))?;
        } else {
            print(&summary(&outcomes))?;
        }
        let is_well = outcomes.iter().all(|outcome| outcome.problems.is_empty());
        Ok(if is_well { Exit::Clean } else { Exit::Findings })
    }

    fn tell(&self, outcome: &Outcome) {
        for problem in &outcome.problems {
            anstream::eprintln!("{} {}: {problem}", word(outcome.kind), outcome.name);
        }
    }
}

fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::Reference => "reference",
        Kind::Lenient => "lenient",
        Kind::Mutant => "mutant",
        Kind::Backend => "backend",
    }
}

fn summary(outcomes: &[Outcome]) -> String {
    let mut counts: BTreeMap<Kind, (usize, usize)> = BTreeMap::new();
    for outcome in outcomes {
        let (well, all) = counts.entry(outcome.kind).or_default();
        *all += 1;
        *well += usize::from(outcome.problems.is_empty());
    }
    counts
        .into_iter()
        .map(|(kind, (well, all))| match kind {
            Kind::Reference => format!("reference clean: {}\n", if well == all { "yes" } else { "no" }),
            Kind::Lenient => format!("lenient variants with nothing but pass and note: {well} / {all}\n"),
            Kind::Mutant => format!("mutants killed: {well} / {all}\n"),
            Kind::Backend => format!("backends as tabled: {well} / {all}\n"),
        })
        .collect()
}
