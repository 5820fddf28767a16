//! Mutants: the reference server with one fault, each for a rule that it breaks.
//!
//! A mutant is killed if the runner flags (`warn` or `fail`) its rule, and nothing outside of its declared set. Lenient
//! variants beside them do what a sentence permits, or what none forbids: they must be given `pass` and `note` only.
//!
//! Both are derived where they can be: from the choices at each point of the reader's policy, from what a rule asks of
//! an origin server, and from what it asks of a sender of responses. Duties have a table.

mod answers;
mod duties;
mod limits;
mod preconditions;
mod reactions;
mod reading;
mod responses;

use std::fmt;
use std::sync::LazyLock;

use super::behaviour::Behaviour;
use crate::rule::{self, On, Role, Rule};

/// The reference server with one fault, or one permitted leniency.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Mutant {
    /// The rule that it breaks; for a lenient one, the rule about what it takes or does.
    pub rule: &'static Rule,
    /// Kebab-case; tells the mutants of one rule apart.
    pub variant: &'static str,
    /// What it does.
    pub behaviour: Behaviour,
    /// Other rules that it breaks with the same fault.
    pub declared: &'static [&'static str],
    /// It breaks nothing.
    pub is_lenient: bool,
    /// It breaks nothing, and its rule is given `note` all the same, because it is worth knowing.
    pub is_noted: bool,
}

impl Mutant {
    fn new(rule: &'static Rule, variant: &'static str, behaviour: Behaviour) -> Self {
        Self { rule, variant, behaviour, declared: &[], is_lenient: false, is_noted: false }
    }

    fn lenient(rule: &'static Rule, variant: &'static str, behaviour: Behaviour) -> Self {
        Self { is_lenient: true, ..Self::new(rule, variant, behaviour) }
    }

    fn noted(rule: &'static Rule, variant: &'static str, behaviour: Behaviour) -> Self {
        Self { is_noted: true, ..Self::lenient(rule, variant, behaviour) }
    }

    fn declaring(mut self, declared: &'static [&'static str]) -> Self {
        self.declared = declared;
        self
    }

    /// Whether a finding about this rule is due to the fault.
    #[must_use]
    pub fn explains(&self, rule: &Rule) -> bool {
        !self.is_lenient && (self.rule == rule || self.declared.contains(&rule.id))
    }
}

impl fmt::Display for Mutant {
    /// `RULE:VARIANT`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.rule.id, self.variant)
    }
}

static ALL: LazyLock<Vec<Mutant>> = LazyLock::new(|| {
    let mut all = reading::all();
    all.extend(reactions::all());
    all.extend(duties::all());
    all.extend(preconditions::all());
    all.extend(limits::all());
    all.extend(answers::all());
    all.extend(responses::all());
    // In the order of the rule book; within a rule as above.
    let order: Vec<&str> = rule::all().map(|rule| rule.id).collect();
    all.sort_by_key(|mutant| order.iter().position(|id| *id == mutant.rule.id));
    all
});

/// Every mutant, in the order of the rule book.
pub fn mutants() -> impl Iterator<Item = &'static Mutant> {
    ALL.iter().filter(|mutant| !mutant.is_lenient)
}

/// Every lenient variant, in the order of the rule book.
pub fn lenients() -> impl Iterator<Item = &'static Mutant> {
    ALL.iter().filter(|mutant| mutant.is_lenient)
}

/// The mutant, or the lenient variant, with the name `RULE:VARIANT`. Without a variant it is the first of the rule, a
/// mutant before a lenient one.
#[must_use]
pub fn by_name(name: &str) -> Option<&'static Mutant> {
    let (rule, variant) = name.split_once(':').map_or((name, None), |(rule, variant)| (rule, Some(variant)));
    mutants()
        .chain(lenients())
        .find(|mutant| mutant.rule.id == rule && variant.is_none_or(|variant| mutant.variant == variant))
}

/// Whether a rule can be broken by an origin server: by what it does with a request, or by what it sends.
#[must_use]
pub fn binds(rule: &Rule) -> bool {
    rule.reaction(Role::OriginServer, On::Request).is_some() || rule.sender(On::Response).is_some()
}

/// Rules without a mutant, each with the reason.
pub const EXCEPTIONS: &[(&str, &str)] = &[
    ("chunked-repeated", "in a request no sentence asks anything of the recipient, so that nothing is flagged"),
    ("version-major-unsupported", "no sentence asks anything of a server, so that nothing is flagged"),
    ("http10-closes", "the text has no key word for it; the lenient variant keeps the connection open"),
    ("range-invalid", "MAY: ignoring and refusing are both right; the lenient variant gives the other one"),
    ("auth-scheme-case", "the text has no key word for it; the lenient variant knows the scheme in one case"),
    ("expect-unknown", "MAY: both answers are right; the lenient variant gives the other one"),
    ("date-robustness", "no key word: a date that is nearly one may be read; the lenient variant reads one"),
    ("if-modified-since-later", "the text knows servers that want the very date; the lenient variant does"),
    ("if-range-date", "whether a date is strong is the server's to know; the lenient variant knows no dates there"),
    ("segmentation-independent", "no sentence says it; variants that lose their place are noted, as self-test sees"),
    ("expect-content-there", "MAY: both answers are right; the lenient variant gives the other one"),
    ("upgrade-ignored", "MAY: an offer can be refused"),
    ("upgrade-not-named", "the text has no key word for it"),
    ("te-served", "the text has no key word for it"),
    ("half-close-answered", "the text has no key word for it"),
    ("answer-survives", "the text has no key word for it"),
    ("host-not-configured", "the text has no key word for it"),
    ("incomplete-close", "a server that is thrown by it answers nobody, and nothing else could be tried on it"),
    ("slow-head-bounded", "the text has no key word for it"),
    ("slow-content-bounded", "the text has no key word for it"),
    ("idle-bounded", "the text has no key word for it"),
    ("unread-answers", "the text has no key word for it"),
    ("options-asterisk", "the text has no key word for it; every answer is right"),
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_rule_that_binds_has_a_mutant_or_a_reason() {
        let broken: HashSet<&str> = mutants()
            .filter(|mutant| {
                mutant.variant != "in-response" || mutant.rule.reaction(Role::OriginServer, On::Request).is_none()
            })
            .map(|mutant| mutant.rule.id)
            .collect();
        for rule in rule::all().filter(|rule| binds(rule)) {
            let excepted = EXCEPTIONS.iter().any(|(id, _)| *id == rule.id);
            assert!(broken.contains(rule.id) != excepted, "{}: a mutant, or a reason for none", rule.id);
        }
        for (id, _) in EXCEPTIONS {
            assert!(rule::by_id(id).is_some(), "{id}");
        }
    }

    #[test]
    fn every_rule_for_senders_is_broken_in_a_response() {
        for rule in rule::all().filter(|rule| rule.sender(On::Response).is_some()) {
            let broken = mutants().any(|mutant| mutant.rule == rule && mutant.variant.starts_with("in-response"));
            assert!(broken, "{}", rule.id);
        }
    }

    #[test]
    fn names_are_unique_and_declared_rules_exist() {
        let mut seen = HashSet::new();
        for mutant in mutants().chain(lenients()) {
            assert!(seen.insert(mutant.to_string()), "{mutant} is there twice");
            assert!(mutant.variant.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'));
            for id in mutant.declared {
                assert!(rule::by_id(id).is_some() && *id != mutant.rule.id, "{mutant} declares {id}");
            }
            assert_eq!(by_name(&mutant.to_string()).unwrap().to_string(), mutant.to_string());
        }
        assert_eq!(by_name("content-length-invalid").unwrap().variant, "plus");
        assert_eq!(by_name("bare-lf:lf-too").map(|mutant| mutant.is_lenient), Some(true));
        assert!(by_name("content-length-invalid:nothing").is_none() && by_name("nothing").is_none());
    }
}
