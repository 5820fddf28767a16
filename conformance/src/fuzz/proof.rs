//! The proof that the fuzzer finds things, and that it finds nothing where there is nothing.
//!
//! Against each mutant of a rule that octets alone can break: how many inputs it takes to the first finding that names the
//! rule. The checks of the catalogue are not among the seeds; what is found is found by way of the grammar and the
//! dictionary. Against the reference server without a fault: no finding, however many inputs.

use std::future::pending;
use std::time::Duration;

use startline_parser::rule as bytes_alone;

use super::campaign::{self, Options, Totals};
use super::finding::Finding;
use super::generate::{Generator, Mix};
use super::site::Site;
use crate::calibrate::{Bounds, calibrate};
use crate::reference::{Behaviour, Mutant, Reference, mutant};
use crate::target::{Target, TargetOptions};

/// What became of one subject.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Proof {
    /// `RULE:VARIANT`, or `reference`.
    pub name: String,
    /// Inputs to the first one that led to a finding of the rule.
    pub found_at: Option<u64>,
    /// The smallest message of that finding.
    pub message: Option<String>,
    /// Findings that its fault does not explain.
    pub unexpected: Vec<String>,
    /// Numbers of the run.
    pub totals: Totals,
    /// Why there was no run, if there was none.
    pub problem: Option<String>,
}

/// The mutants of rules that octets alone decide: in how they read, and in how they refuse.
pub fn mutants() -> impl Iterator<Item = &'static Mutant> {
    let is_of_octets =
        |mutant: &&Mutant| bytes_alone::by_id(mutant.rule.id).is_some() && !mutant.variant.starts_with("in-response");
    mutant::mutants().filter(is_of_octets)
}

/// Fuzzes a mutant until its rule is found, for so many inputs at most.
pub async fn of_mutant(mutant: &'static Mutant, seed: u64, requests: u64) -> Proof {
    let explains = |finding: &Finding| finding.known_rules().any(|rule| mutant.explains(rule));
    let run = fuzzed(&mutant.behaviour, seed, requests, true).await;
    proof(mutant.to_string(), run, explains)
}

/// Fuzzes the reference server without a fault.
pub async fn of_reference(seed: u64, requests: u64) -> Proof {
    proof("reference".to_owned(), fuzzed(&Behaviour::default(), seed, requests, false).await, |_| false)
}

fn proof(name: String, run: Result<campaign::Run, String>, explains: impl Fn(&Finding) -> bool) -> Proof {
    let run = match run {
        Ok(run) => run,
        Err(problem) => {
            let totals = Totals::default();
            return Proof {
                name,
                found_at: None,
                message: None,
                unexpected: Vec::new(),
                totals,
                problem: Some(problem),
            };
        }
    };
    let findings = run.findings.iter().filter(|finding| finding.verdict().is_finding());
    let (own, others): (Vec<&Finding>, Vec<&Finding>) = findings.partition(|finding| explains(finding));
    let first = own.iter().min_by_key(|finding| finding.input);
    Proof {
        name,
        found_at: first.map(|finding| finding.input + 1),
        message: first.map(|finding| finding.message.clone()),
        unexpected: others.iter().map(|finding| format!("{}: {}", finding.id, finding.message)).collect(),
        totals: run.totals,
        problem: None,
    }
}

async fn fuzzed(behaviour: &Behaviour, seed: u64, requests: u64, until_found: bool) -> Result<campaign::Run, String> {
    let running = Reference::start("127.0.0.1:0", behaviour.clone()).map_err(|error| error.to_string())?;
    let target = Target::resolve(&running.url(), &TargetOptions::default()).await.map_err(|error| error.to_string())?;
    // A server of our own answers at once.
    let bounds = Bounds {
        quiet_least: Duration::from_millis(60),
        quiet_most: Duration::from_millis(600),
        first_answer: Duration::from_secs(2),
    };
    let mut known = calibrate(&target, 4, bounds, true).await?;
    known.capacity = known.capacity.max(16);
    let generator = Generator::new(seed, Site::of(&target), Mix::DEFAULT, Vec::new());
    let options = Options { requests: Some(requests), jobs: 16, until_found, ..Options::default() };
    let run = campaign::run(target, &known, generator, &options, pending(), |_| {}).await;
    // Stopping waits for the server's threads.
    let _ = tokio::task::spawn_blocking(move || running.stop()).await;
    Ok(run)
}
