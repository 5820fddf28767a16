//! `startline self-test --fuzz`: does the fuzzer find what is there, and nothing that is not?

use std::time::Instant;

use startline::fuzz::proof::{Proof, mutants, of_mutant, of_reference};
use tokio::task::JoinSet;

use super::output::print;
use super::{Exit, interrupted};

/// What is proved.
pub(super) struct Plan {
    pub(super) requests: u64,
    pub(super) clean: u64,
    pub(super) seed: u64,
    pub(super) every: usize,
    pub(super) only: Option<String>,
    pub(super) json: bool,
}

/// Subjects at once; more only make each other wait.
const AT_ONCE: usize = 2;

pub(super) async fn run(plan: &Plan) -> anyhow::Result<Exit> {
    let started = Instant::now();
    let wanted = |name: &str| plan.only.as_ref().is_none_or(|start| name.starts_with(start.as_str()));
    let mut waiting: Vec<_> =
        mutants().filter(|mutant| wanted(&mutant.to_string())).step_by(plan.every.max(1)).collect();
    waiting.reverse();
    let mut proofs: Vec<Proof> = Vec::new();
    let mut tasks = JoinSet::new();
    if wanted("reference") && plan.clean > 0 {
        tasks.spawn(of_reference(plan.seed, plan.clean));
    }
    let stop = interrupted();
    tokio::pin!(stop);
    loop {
        while tasks.len() < AT_ONCE
            && let Some(mutant) = waiting.pop()
        {
            tasks.spawn(of_mutant(mutant, plan.seed, plan.requests));
        }
        tokio::select! {
            () = &mut stop => return Ok(Exit::Interrupted),
            done = tasks.join_next() => match done {
                None => break,
                Some(proof) => {
                    let proof = proof?;
                    if !plan.json {
                        print(&line(&proof))?;
                    }
                    proofs.push(proof);
                }
            }
        }
    }
    anyhow::ensure!(!proofs.is_empty(), "no mutant of a rule about octets has a name that begins so");
    proofs.sort_by(|a, b| a.name.cmp(&b.name));
    if plan.json {
        print(&(serde_json::to_string_pretty(&proofs)? + "\n"))?;
    } else {
        print(&format!("{}; {:.0} s\n", summary(&proofs), started.elapsed().as_secs_f64()))?;
    }
    Ok(if is_proved(&proofs) { Exit::Clean } else { Exit::Findings })
}

fn line(proof: &Proof) -> String {
    let found = match (proof.found_at, &proof.message) {
        (Some(at), Some(message)) => format!("{at:>8}  {message}"),
        _ => format!("{:>8}  {}", "-", proof.problem.as_deref().unwrap_or("nothing found")),
    };
    let unexpected: String = proof.unexpected.iter().map(|what| format!("    unexpected: {what}\n")).collect();
    format!("{:<56} {found}\n{unexpected}", proof.name)
}

fn mutants_of(proofs: &[Proof]) -> impl Iterator<Item = &Proof> {
    proofs.iter().filter(|proof| proof.name != "reference")
}

/// Nine of ten mutants are found, nothing is found that is not there, and every subject was run.
fn is_proved(proofs: &[Proof]) -> bool {
    let all = mutants_of(proofs).count();
    let found = mutants_of(proofs).filter(|proof| proof.found_at.is_some()).count();
    let is_sound = proofs.iter().all(|proof| proof.unexpected.is_empty() && proof.problem.is_none());
    is_sound && found * 10 >= all * 9
}

fn summary(proofs: &[Proof]) -> String {
    let mut at: Vec<u64> = mutants_of(proofs).filter_map(|proof| proof.found_at).collect();
    at.sort_unstable();
    let all = mutants_of(proofs).count();
    let middle = at.get(at.len() / 2).map_or(String::new(), |middle| format!(", half of them within {middle} inputs"));
    let wrong: usize = proofs.iter().map(|proof| proof.unexpected.len()).sum();
    let clean = proofs.iter().find(|proof| proof.name == "reference").map_or(String::new(), |proof| {
        format!("; reference: {} findings in {} inputs", proof.unexpected.len(), proof.totals.inputs)
    });
    format!("mutants found: {} / {all}{middle}; unexpected findings: {wrong}{clean}", at.len())
}
