//! What stands behind a rule: checks, the reading of every response, and mutants.

use std::collections::HashSet;

use super::{Answer, Requirement};
use crate::check::builtin;
use crate::reference::mutant::{EXCEPTIONS, mutants};
use crate::rule::{On, Rule};

/// What stands behind a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Evidence {
    /// Checks and probes of the catalogue that are about the rule.
    pub checks: usize,
    /// Whether every response that is met is held against it.
    pub is_lint: bool,
    /// Mutants that break it.
    pub mutants: usize,
    /// Why it has no mutant, if so.
    pub exception: Option<&'static str>,
}

impl Evidence {
    /// What stands behind this rule.
    #[must_use]
    pub fn of(rule: &Rule) -> Self {
        Self {
            checks: builtin().iter().filter(|check| check.rule == rule).count(),
            is_lint: rule.sender(On::Response).is_some(),
            mutants: mutants().filter(|mutant| mutant.rule == rule).count(),
            exception: EXCEPTIONS.iter().find(|(id, _)| *id == rule.id).map(|(_, reason)| *reason),
        }
    }

    /// Whether a server that breaks the rule can be found out, and whether that has been shown.
    #[must_use]
    pub const fn is_sound(&self) -> bool {
        (self.checks > 0 || self.is_lint) && (self.mutants > 0 || self.exception.is_some())
    }
}

/// What stands behind the answers of many requirements, each rule counted once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Backing {
    /// Rules.
    pub rules: usize,
    /// Those of them that every response is held against.
    pub lints: usize,
    /// Checks and probes about them.
    pub checks: usize,
    /// Mutants that break them.
    pub mutants: usize,
}

impl Backing {
    /// Adds up.
    pub fn of<'a>(requirements: impl IntoIterator<Item = &'a Requirement>) -> Self {
        let (mut backing, mut seen) = (Self::default(), HashSet::new());
        for requirement in requirements {
            let Answer::Tested(rules) = &requirement.answer else { continue };
            for rule in rules.iter().filter(|rule| seen.insert(rule.id)) {
                let evidence = Evidence::of(rule);
                backing.rules += 1;
                backing.lints += usize::from(evidence.is_lint);
                backing.checks += evidence.checks;
                backing.mutants += evidence.mutants;
            }
        }
        backing
    }
}
