//! `startline self-test`: the tool tested against peers whose faults are known.

use std::time::Instant;

use clap::Args;
use startline::selftest::{Kind, Outcome, Plan, run};

use super::audit::Selection;
use super::output::print;
use super::{Exit, interrupted, selftest_fuzz};

/// Test the tool itself: a clean reference server, every mutant of it, every backend that tempts to false verdicts.
#[derive(Args)]
pub(crate) struct SelfTest {
    /// Every check against every mutant, instead of those of its rules and a tenth of the others
    #[arg(long)]
    full: bool,
    /// Chooses the tenth; with --fuzz, the seed of every run
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Audits at once
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=64))]
    jobs: u16,
    /// Only mutants and backends whose name begins so
    #[arg(long, value_name = "NAME")]
    only: Option<String>,
    /// Prove the fuzzer instead: inputs to the first finding of each mutant of a rule about octets, and no finding on the
    /// reference server without a fault
    #[arg(long)]
    fuzz: bool,
    /// With --fuzz: inputs for each mutant, at most
    #[arg(long, value_name = "N", default_value_t = 50_000, requires = "fuzz")]
    requests: u64,
    /// With --fuzz: inputs for the reference server without a fault
    #[arg(long, value_name = "N", default_value_t = 1_000_000, requires = "fuzz")]
    clean: u64,
    /// With --fuzz: only every Nth mutant
    #[arg(long, value_name = "N", default_value_t = 1, requires = "fuzz")]
    every: usize,
    /// As JSON
    #[arg(long)]
    json: bool,
}

impl SelfTest {
    pub(crate) async fn run(self) -> anyhow::Result<Exit> {
        if self.fuzz {
            let plan = selftest_fuzz::Plan {
                requests: self.requests,
                clean: self.clean,
                seed: self.seed,
                every: self.every,
                only: self.only.clone(),
                json: self.json,
            };
            return selftest_fuzz::run(&plan).await;
        }
        let checks = Selection::default().checks()?;
        let started = Instant::now();
        let plan = Plan { full: self.full, seed: self.seed, jobs: usize::from(self.jobs), only: self.only.clone() };
        let outcomes = tokio::select! {
            outcomes = run(&checks, &plan, |outcome| self.tell(outcome)) => outcomes,
            () = interrupted() => return Ok(Exit::Interrupted),
        };
        anyhow::ensure!(!outcomes.is_empty(), "no mutant and no backend has a name that begins so");
        if self.json {
            print(&(serde_json::to_string_pretty(&outcomes)? + "\n"))?;
        } else {
            print(&format!("{}; {:.0} s\n", summary(&outcomes), started.elapsed().as_secs_f64()))?;
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

/// One line: how many of each sort of subject are as they should be. A sort of which nothing was run is left out.
fn summary(outcomes: &[Outcome]) -> String {
    let tell = |kind: Kind| {
        let of_kind = || outcomes.iter().filter(|outcome| outcome.kind == kind);
        let well = of_kind().filter(|outcome| outcome.problems.is_empty()).count();
        match (kind, of_kind().count()) {
            (_, 0) => None,
            (Kind::Mutant, all) => Some(format!("mutants killed: {well} / {all}")),
            (Kind::Lenient, all) => Some(format!("lenient variants clean: {well} / {all}")),
            (Kind::Backend, all) => Some(format!("backends as tabled: {well} / {all}")),
            (Kind::Reference, all) => Some(format!("reference clean: {}", if well == all { "yes" } else { "no" })),
        }
    };
    let parts = [Kind::Mutant, Kind::Lenient, Kind::Backend, Kind::Reference].into_iter().filter_map(tell);
    parts.collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_tells_everything() {
        let outcome = |kind, problems: &[&str]| Outcome {
            kind,
            name: "x".to_owned(),
            checks: 1,
            problems: problems.iter().map(|&problem| problem.to_owned()).collect(),
            seconds: 0.1,
        };
        let outcomes = [
            outcome(Kind::Reference, &[]),
            outcome(Kind::Mutant, &[]),
            outcome(Kind::Mutant, &["survived"]),
            outcome(Kind::Backend, &[]),
        ];
        assert_eq!(summary(&outcomes), "mutants killed: 1 / 2; backends as tabled: 1 / 1; reference clean: yes");
    }
}
