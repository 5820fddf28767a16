//! What RFC 9110 and RFC 9112 require, requirement by requirement, and what this tool makes of each.
//!
//! The tables in `conformance/coverage/` have a row for every sentence with a key word of BCP 14, for what has none but
//! decides all the same (the arms of RFC 9112 section 6.3, the cases of 9.3, the steps of 7.1.3), and for every
//! production of the collected grammars. Each row has an [`Answer`]: the rules that test it, the role whose suite it
//! belongs to, or the [`Reason`] for which nobody outside can see it. A row that binds several roles, or any sender or
//! recipient, is answered for the server.
//!
//! The rows name rules and never checks: which checks, probes and mutants stand behind a rule follows from the rule
//! (see [`Evidence`]).

mod evidence;
mod load;
mod reason;
mod tally;
#[cfg(test)]
mod tests;

use std::fmt;

pub use evidence::{Backing, Evidence};
pub use load::{beyond, requirements};
pub use reason::Reason;
pub use tally::Tally;

use crate::rule::{Role, Rule};

/// One requirement of the text and its answer.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Requirement {
    /// Number of the RFC: 9110 or 9112.
    pub rfc: u16,
    /// Section of that RFC; `A` for the collected grammar.
    pub section: &'static str,
    /// Which requirement of the section.
    pub item: Item,
    /// The key words of the sentence, joined by slashes; `none` where there is none.
    pub level: &'static str,
    /// Whom the sentence binds.
    pub binds: Vec<Party>,
    /// What it says, in our words and shortened.
    pub statement: &'static str,
    /// What this tool makes of it.
    pub answer: Answer,
}

impl Requirement {
    /// Whether a peer of a server can see it kept or broken: the denominator of the coverage.
    #[must_use]
    pub const fn is_observable(&self) -> bool {
        matches!(self.answer, Answer::Tested(_) | Answer::Gap(_))
    }
}

impl fmt::Display for Requirement {
    /// `RFC 9112 section 6.3 #5`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RFC {} section {} {}", self.rfc, self.section, self.item)
    }
}

/// Which requirement of a section.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Item {
    /// A sentence with a key word, or an item of the list that it introduces, counted from 1 within the section.
    Sentence(usize),
    /// An arm of a decision in order of precedence (RFC 9112 section 6.3).
    Arm(usize),
    /// A case of a list that has no key word (RFC 9112 section 9.3).
    Case(usize),
    /// A step of a procedure (RFC 9112 section 7.1.3).
    Step(usize),
    /// A production of the collected grammar.
    Production(&'static str),
}

impl fmt::Display for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sentence(number) => write!(f, "#{number}"),
            Self::Arm(number) => write!(f, "arm {number}"),
            Self::Case(number) => write!(f, "case {number}"),
            Self::Step(number) => write!(f, "step {number}"),
            Self::Production(name) => write!(f, "{name}"),
        }
    }
}

/// Whom a sentence binds, in the text's own words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Party {
    /// A participant that rules know too.
    Role(Role),
    /// Whoever stores responses for later requests.
    Cache,
    /// Authors of extensions, and those who register them.
    Specification,
}

impl Party {
    const ALL: [Self; 11] = [
        Self::Role(Role::Sender),
        Self::Role(Role::Recipient),
        Self::Role(Role::Client),
        Self::Role(Role::UserAgent),
        Self::Role(Role::Server),
        Self::Role(Role::OriginServer),
        Self::Role(Role::Intermediary),
        Self::Role(Role::Proxy),
        Self::Role(Role::Gateway),
        Self::Cache,
        Self::Specification,
    ];

    /// The word of the tables.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Role(role) => role.word(),
            Self::Cache => "cache",
            Self::Specification => "specification",
        }
    }
}

/// What this tool makes of a requirement.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Answer {
    /// These rules test it.
    Tested(Vec<&'static Rule>),
    /// It binds another role than the server, and belongs to that role's suite.
    OtherRole(Suite),
    /// Nobody outside of the server can see whether it is kept.
    Unobservable(Reason),
    /// It could be tested and is not; the names are those of the rules that would.
    Gap(Vec<&'static str>),
}

impl Answer {
    /// `tested`, `role`, `unobservable` or `gap`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Tested(_) => "tested",
            Self::OtherRole(_) => "role",
            Self::Unobservable(_) => "unobservable",
            Self::Gap(_) => "gap",
        }
    }

    /// Whether this is the answer that the word asks for: a kind, a role of another suite, or a reason.
    #[must_use]
    pub fn is(&self, word: &str) -> bool {
        self.kind() == word
            || match self {
                Self::OtherRole(suite) => suite.word() == word,
                Self::Unobservable(reason) => reason.word() == word,
                Self::Tested(_) | Self::Gap(_) => false,
            }
    }

    /// Every word that [`Answer::is`] knows.
    pub fn words() -> impl Iterator<Item = &'static str> {
        ["tested", "role", "unobservable", "gap"]
            .into_iter()
            .chain(Suite::ALL.map(Suite::word))
            .chain(Reason::ALL.map(Reason::word))
    }
}

impl fmt::Display for Answer {
    /// As in the tables.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = match self {
            Self::Tested(rules) => rules.iter().map(|rule| rule.id).collect::<Vec<_>>().join(", "),
            Self::OtherRole(suite) => suite.word().to_owned(),
            Self::Unobservable(reason) => reason.word().to_owned(),
            Self::Gap(ids) => ids.join(", "),
        };
        write!(f, "{}: {value}", self.kind())
    }
}

/// The suite of another role than the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Suite {
    /// Clients and user agents.
    Client,
    /// Proxies, gateways and whoever else forwards.
    Intermediary,
    /// Caches.
    Cache,
    /// No program at all: authors of extensions, and registries.
    Specification,
}

impl Suite {
    /// Every one of them.
    pub const ALL: [Self; 4] = [Self::Client, Self::Intermediary, Self::Cache, Self::Specification];

    /// The word of the tables.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Intermediary => "intermediary",
            Self::Cache => "cache",
            Self::Specification => "specification",
        }
    }
}
