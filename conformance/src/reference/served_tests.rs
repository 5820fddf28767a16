//! Each variant of a fault in the framing has a mutant that falls for it: one that serves what has to be refused, or that
//! reads a valid message otherwise.

use startline_parser::policy::Policy;

use super::Behaviour;
use super::mutant::{lenients, mutants};
use super::mutant_tests::timeless;
use crate::check::{self, Plan, octets_of};
use crate::rule::Kind;
use crate::wire::Values;

/// The files whose checks are held to this.
const ABOUT_FRAMING: &[&str] = &["transfer-encoding", "content-length", "chunk", "trailer"];

/// What no reading makes a number of.
const WORDS: &[&str] = &[
    "content-length-word",
    "content-length-not-a-number-word",
    "content-length-word-with-head",
    "content-length-empty",
    "content-length-empty-with-get",
    "content-length-comma-alone",
    "content-length-fraction-sign",
];

#[test]
fn every_variant_of_a_fault_in_the_framing_has_a_mutant_that_serves_it() {
    let mut missing = Vec::new();
    for check in check::builtin().iter() {
        let Plan::Exchange { steps, .. } = &check.plan else { continue };
        let is_meant = check.rule.kind == Kind::Fault && ABOUT_FRAMING.iter().any(|word| check.id.contains(word));
        if !is_meant {
            continue;
        }
        let sent = octets_of(steps, &Values::sample());
        let sound = timeless(&Behaviour::default(), &[&sent]);
        let falls = |mutant: &&super::mutant::Mutant| {
            let is_close = check.rules().any(|rule| rule == mutant.rule);
            // Numbers are to be read as some number, where they are not words for which nobody does that.
            let is_number = check.rule.id.ends_with("-invalid") && !WORDS.contains(&&check.id[..]) && {
                check.id.starts_with("content-length-") || check.id.starts_with("chunk-size-")
            };
            let ignores = is_number && mutant.variant == "ignore";
            let reads = mutant.behaviour.policy != Policy::STRICT && is_close && !ignores;
            reads && timeless(&mutant.behaviour, &[&sent]) != sound
        };
        if !mutants().chain(lenients()).any(|mutant| falls(&mutant)) {
            missing.push(format!("{} ({})", check.id, check.rule.id));
        }
    }
    assert!(missing.is_empty(), "no mutant reads these otherwise than the server without a fault: {missing:#?}");
}
