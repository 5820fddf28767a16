//! Checks: exchanges that try one rule, as data.
//!
//! A check says what to send, what the same exchange looks like without the fault (its control), and which rule it is
//! about; what the answer is worth follows from the rule. The loader proves each check with the reader: what is sent has
//! exactly the faults that the check names, and the control has none. What needs logic is a named probe in Rust, which
//! the catalogue lists like any other check.

mod builtin;
mod load;
mod prove;

use std::time::Duration;

use crate::resource::Need;
use crate::rule::{Role, Rule};
use crate::wire::{Template, Values};

pub use builtin::builtin;
pub use load::{LoadError, load_dir, load_text};

/// One check of the catalogue.
#[derive(Debug, Clone)]
pub struct Check {
    /// Kebab-case, stable for ever.
    pub id: String,
    /// The rule that it tries.
    pub rule: &'static Rule,
    /// Faults that come with it and cannot be avoided.
    pub also: Vec<&'static Rule>,
    /// One line for people.
    pub title: String,
    /// The role of the peer that it is for.
    pub role: Role,
    /// What sets it apart from an ordinary check.
    pub tags: Vec<Tag>,
    /// What is done.
    pub plan: Plan,
    /// What is expected, where the rule's own table does not serve.
    pub expect: Option<Expect>,
    /// What the resource that it is tried on has to have; `{path}`, `{etag}` and `{last_modified}` are that resource's.
    pub needs: Option<Need>,
    /// The file that it stands in.
    pub file: String,
}

impl Check {
    /// Whether the check carries the tag.
    #[must_use]
    pub fn is(&self, tag: Tag) -> bool {
        self.tags.contains(&tag)
    }

    /// Whether the check says something of targets with TLS, or without.
    #[must_use]
    pub fn is_for(&self, has_tls: bool) -> bool {
        !self.is(if has_tls { Tag::Cleartext } else { Tag::Tls })
    }

    /// All rules that the sent octets break or show.
    pub fn rules(&self) -> impl Iterator<Item = &'static Rule> {
        std::iter::once(self.rule).chain(self.also.iter().copied())
    }
}

/// What sets a check apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tag {
    /// Could disturb somebody else on a shared target, or change something: unsafe methods with content, CONNECT,
    /// desynchronisation.
    Intrusive,
    /// Waits longer than the quiet period by design.
    Slow,
    /// Says something of `https` targets alone.
    Tls,
    /// Says something of `http` targets alone.
    Cleartext,
}

/// What a check does.
#[derive(Debug, Clone)]
pub enum Plan {
    /// Octets are sent and the answer is judged by the rule's table, or by `expect`.
    Exchange {
        /// What is sent and waited for.
        steps: Vec<Step>,
        /// The same exchange without the fault or feature.
        control: Vec<Step>,
    },
    /// A named behaviour that needs logic.
    Probe(&'static crate::probe::Probe),
}

/// One step of an exchange.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Send these octets, as one segment.
    Send(Template),
    /// Send nothing for so long.
    Pause(Duration),
    /// Go on only when this has arrived, or the quiet period is over.
    Await(Awaited),
    /// Close the sending side (FIN).
    Shutdown,
    /// Reset the connection.
    Reset,
}

/// What a step waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Awaited {
    /// Any response, interim or final.
    Response,
    /// A final response.
    Final,
}

/// What a check expects, where the rule's table does not serve.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expect {
    /// Statuses of the first final answer; empty for any. For a fault: statuses that another sentence names for refusing
    /// it, besides those of its rules.
    pub status: Vec<StatusSet>,
    /// Statuses that the first final answer does not have.
    pub not_status: Vec<StatusSet>,
    /// The check is judged only if the first final answer has one of these statuses; empty for any.
    pub when: Vec<StatusSet>,
    /// The check is judged only if the control's first final answer has one of these statuses; empty for any.
    pub control: Vec<StatusSet>,
    /// The first final answer has the status that the control's has.
    pub as_control: bool,
    /// Number of final answers.
    pub answers: Option<usize>,
    /// Whether the connection is closed afterwards.
    pub closed: Option<bool>,
    /// Fields that the first final answer has.
    pub has: Vec<String>,
    /// Fields that it does not have.
    pub lacks: Vec<String>,
    /// Whether an interim response comes first.
    pub interim: Option<bool>,
    /// Why the rule's own table does not serve.
    pub reason: String,
}

/// A status, or a class of statuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusSet {
    /// This one.
    One(u16),
    /// 1 to 5, for 1xx to 5xx.
    Class(u16),
}

impl StatusSet {
    /// Whether the set has the status.
    #[must_use]
    pub const fn has(self, status: u16) -> bool {
        match self {
            Self::One(one) => status == one,
            Self::Class(class) => status / 100 == class,
        }
    }

    /// Reads `404` or `4xx`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text.as_bytes() {
            [class @ b'1'..=b'5', b'x', b'x'] => Some(Self::Class(u16::from(class - b'0'))),
            [b'1'..=b'5', b'0'..=b'9', b'0'..=b'9'] => text.parse().ok().map(Self::One),
            _ => None,
        }
    }
}

impl std::fmt::Display for StatusSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::One(status) => write!(f, "{status}"),
            Self::Class(class) => write!(f, "{class}xx"),
        }
    }
}

/// Everything that the steps send, put together.
#[must_use]
pub fn octets_of(steps: &[Step], values: &Values) -> Vec<u8> {
    steps
        .iter()
        .filter_map(|step| match step {
            Step::Send(template) => Some(template.fill(values)),
            _ => None,
        })
        .flatten()
        .collect()
}
