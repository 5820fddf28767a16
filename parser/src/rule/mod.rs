//! The rule book: what can be wrong with some bytes, and what RFC 9110 and RFC 9112 say of it.
//!
//! A [`Rule`] is declared once, with the section it stands in, why it matters, and a [`Reaction`] for each role that
//! the text names. Parser errors, checks, findings and documents all point at the same `static`. The level belongs to
//! the reaction and not to the fault: the same bytes bind a server otherwise than a user agent.
//!
//! Rules that bytes alone can break stand here; rules of conversation (persistence, `Expect`, dates) belong to whoever
//! holds the conversation and use the same type and the same [`rules!`](crate::rules) macro.

mod macros;

pub mod chunked;
pub mod field;
pub mod framing;
pub mod host;
pub mod message;
pub mod request_line;
pub mod status_line;

use core::fmt;

/// What some bytes can be, or what a peer has to do, with what the RFC says of it.
#[derive(Debug)]
#[non_exhaustive]
pub struct Rule {
    /// Kebab-case, names the fault or the duty, never a number, stable for ever.
    pub id: &'static str,
    /// Number of the RFC that holds the sentence: 9110, 9112 or 3986.
    pub rfc: u16,
    /// Section of that RFC, such as `"6.3"`.
    pub section: &'static str,
    /// A fault, a feature or a duty.
    pub kind: Kind,
    /// What can go wrong for people when a peer breaks the rule.
    pub impact: Impact,
    /// What each role has to do, in the text's own roles.
    pub reactions: &'static [Reaction],
    /// The whole explanation as written above the rule: one line that says what is meant, then why it matters.
    /// Lines keep the blank that follows `///` in the source.
    pub doc: &'static str,
}

impl Rule {
    /// What the [`rules!`](crate::rules) macro expands to.
    #[doc(hidden)]
    #[must_use]
    pub const fn declare(
        id: &'static str,
        (rfc, section): (u16, &'static str),
        kind: Kind,
        impact: Impact,
        reactions: &'static [Reaction],
        doc: &'static str,
    ) -> Self {
        Self { id, rfc, section, kind, impact, reactions, doc }
    }

    /// One sentence: the fault, the feature or the duty in plain words.
    #[must_use]
    pub fn summary(&self) -> &'static str {
        self.doc.lines().next().unwrap_or_default().trim()
    }

    /// Why it matters: every line after the first that is not blank, trimmed.
    pub fn why(&self) -> impl Iterator<Item = &'static str> {
        self.doc.lines().skip(1).map(str::trim).skip_while(|line| line.is_empty())
    }

    /// The reaction that binds `role` when it meets the rule in a message of the given direction.
    ///
    /// A narrower role inherits what its wider roles owe (an origin server is a server, a server is a recipient of
    /// requests); the narrowest statement wins.
    #[must_use]
    pub fn reaction(&self, role: Role, on: On) -> Option<&'static Reaction> {
        let mut wanted = Some(role);
        while let Some(role) = wanted {
            if let Some(found) = self.reactions.iter().find(|r| r.role == role && r.on == on) {
                return Some(found);
            }
            wanted = role.wider(on);
        }
        None
    }

    /// What binds the sender of a message that has this fault, if the rule says so.
    #[must_use]
    pub fn sender(&self, on: On) -> Option<&'static Reaction> {
        self.reactions.iter().find(|r| r.role == Role::Sender && r.on == on)
    }
}

impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Rule {}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (RFC {} section {})", self.id, self.rfc, self.section)
    }
}

/// What sort of thing a rule is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// Bytes that break the grammar or the framing.
    Fault,
    /// Bytes that are right, although recipients have been seen to stumble over them.
    Feature,
    /// Something that a peer owes in a conversation, whatever the bytes.
    Duty,
}

/// What is at stake, the gravest first; reports sort by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Impact {
    /// Where a message ends: smuggling, splitting, desynchronised connections.
    Framing,
    /// Which host or resource a message is for.
    Routing,
    /// Who may do what.
    Auth,
    /// What a message means.
    Semantics,
    /// Nothing but tidiness.
    Cosmetic,
}

impl Impact {
    /// The word used in reports.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Framing => "framing",
            Self::Routing => "routing",
            Self::Auth => "auth",
            Self::Semantics => "semantics",
            Self::Cosmetic => "cosmetic",
        }
    }
}

/// A participant, by the name that the RFC's sentence uses (RFC 9110 section 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Role {
    /// Whoever generates the message.
    Sender,
    /// Whoever receives the message.
    Recipient,
    /// Whoever sends requests.
    Client,
    /// The client that begins the request.
    UserAgent,
    /// Whoever answers requests.
    Server,
    /// The server that holds the resource.
    OriginServer,
    /// A server and a client in one, in the middle.
    Intermediary,
    /// An intermediary that the client chose.
    Proxy,
    /// An intermediary that looks like an origin server.
    Gateway,
}

impl Role {
    /// The next wider role whose requirements bind this one too, for messages of the given direction.
    #[must_use]
    pub const fn wider(self, on: On) -> Option<Self> {
        match (self, on) {
            (Self::Sender | Self::Recipient, _) => None,
            (Self::Proxy | Self::Gateway, _) => Some(Self::Intermediary),
            (Self::Intermediary, On::Request) | (Self::OriginServer, _) => Some(Self::Server),
            (Self::Intermediary, On::Response) | (Self::UserAgent, _) => Some(Self::Client),
            (Self::Client | Self::Server, _) => Some(Self::Recipient),
        }
    }

    /// The word used in reports.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Sender => "sender",
            Self::Recipient => "recipient",
            Self::Client => "client",
            Self::UserAgent => "user agent",
            Self::Server => "server",
            Self::OriginServer => "origin server",
            Self::Intermediary => "intermediary",
            Self::Proxy => "proxy",
            Self::Gateway => "gateway",
        }
    }
}

/// The direction of the message that a reaction is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(clippy::exhaustive_enums, reason = "a message is a request or a response; there is no third")]
pub enum On {
    /// A request.
    Request,
    /// A response.
    Response,
}

/// The key word of the sentence (BCP 14), or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Level {
    /// MUST, REQUIRED, SHALL.
    Must,
    /// MUST NOT, SHALL NOT.
    MustNot,
    /// SHOULD, RECOMMENDED.
    Should,
    /// SHOULD NOT, NOT RECOMMENDED.
    ShouldNot,
    /// MAY, OPTIONAL.
    May,
    /// No key word.
    None,
}

impl Level {
    /// The word used in reports.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Must => "MUST",
            Self::MustNot => "MUST NOT",
            Self::Should => "SHOULD",
            Self::ShouldNot => "SHOULD NOT",
            Self::May => "MAY",
            Self::None => "none",
        }
    }
}

/// What one role has to do about a rule, and how strongly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reaction {
    /// Who is bound.
    pub role: Role,
    /// In which direction the message travels that carries the fault.
    pub on: On,
    /// How strongly.
    pub level: Level,
    /// To what.
    pub action: Action,
}

impl Reaction {
    /// A reaction; used by the [`rules!`](crate::rules) macro.
    #[must_use]
    pub const fn new(role: Role, on: On, level: Level, action: Action) -> Self {
        Self { role, on, level, action }
    }
}

/// What a role has to do about a fault, a feature or a duty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Action {
    /// Refuse the message.
    Reject {
        /// The statuses that the sentence names; empty when it names none (any 4xx will do).
        statuses: &'static [u16],
        /// Whether the connection has to be closed after the answer.
        close: bool,
    },
    /// Refuse the message, or repair it in the one way that the sentence gives.
    RejectOrRepair {
        /// The statuses that the sentence names for refusing.
        statuses: &'static [u16],
        /// Whether the connection has to be closed after the answer.
        close: bool,
    },
    /// Repairing is permitted, refusing is as well.
    MayRepair {
        /// Whether the connection has to be closed after the answer, however the message was taken.
        close: bool,
    },
    /// Process the message, but never go on with the connection afterwards.
    ProcessThenClose,
    /// Never take the element for another value: refuse, close or wait, but do not serve.
    NotMisread,
    /// Accept, ignore or process it as if it were the plainest message.
    Tolerate,
    /// The text asks for nothing.
    Unstated,
    /// Do what the rule says; there is no fault in the received message.
    Duty,
    /// Drop the response and close the connection that it came from.
    Discard,
    /// Answer downstream with this status in place of the response.
    Answer {
        /// The status to answer with.
        status: u16,
    },
}

impl Action {
    /// The same action, with the connection closed afterwards.
    #[must_use]
    pub const fn then_close(self) -> Self {
        match self {
            Self::Reject { statuses, .. } => Self::Reject { statuses, close: true },
            Self::RejectOrRepair { statuses, .. } => Self::RejectOrRepair { statuses, close: true },
            Self::MayRepair { .. } => Self::MayRepair { close: true },
            other => other,
        }
    }

    /// Whether the connection has to be closed after the message was answered.
    #[must_use]
    pub const fn closes(self) -> bool {
        match self {
            Self::Reject { close, .. } | Self::RejectOrRepair { close, .. } | Self::MayRepair { close } => close,
            Self::ProcessThenClose | Self::Discard => true,
            Self::NotMisread | Self::Tolerate | Self::Unstated | Self::Duty | Self::Answer { .. } => false,
        }
    }

    /// The statuses that the sentence names for a refusal.
    #[must_use]
    pub const fn statuses(self) -> &'static [u16] {
        match self {
            Self::Reject { statuses, .. } | Self::RejectOrRepair { statuses, .. } => statuses,
            _ => &[],
        }
    }
}

/// Short words for actions, for use inside [`rules!`](crate::rules).
pub mod action {
    use super::Action;

    /// Refuse with one of these statuses (any 4xx when empty).
    #[must_use]
    pub const fn reject(statuses: &'static [u16]) -> Action {
        Action::Reject { statuses, close: false }
    }

    /// Refuse with one of these statuses, or repair as the sentence says.
    #[must_use]
    pub const fn reject_or_repair(statuses: &'static [u16]) -> Action {
        Action::RejectOrRepair { statuses, close: false }
    }

    /// Repairing is permitted.
    #[must_use]
    pub const fn may_repair() -> Action {
        Action::MayRepair { close: false }
    }

    /// Process, then close.
    #[must_use]
    pub const fn process_then_close() -> Action {
        Action::ProcessThenClose
    }

    /// Never serve it under another value.
    #[must_use]
    pub const fn not_misread() -> Action {
        Action::NotMisread
    }

    /// Accept it.
    #[must_use]
    pub const fn tolerate() -> Action {
        Action::Tolerate
    }

    /// Nothing is asked.
    #[must_use]
    pub const fn unstated() -> Action {
        Action::Unstated
    }

    /// Do what the rule says.
    #[must_use]
    pub const fn duty() -> Action {
        Action::Duty
    }

    /// Drop the response and close.
    #[must_use]
    pub const fn discard() -> Action {
        Action::Discard
    }

    /// Answer downstream with this status instead.
    #[must_use]
    pub const fn answer(status: u16) -> Action {
        Action::Answer { status }
    }
}

/// Every rule that bytes alone can break or meet, in the order of the RFC's sections.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    [message::ALL, request_line::ALL, host::ALL, status_line::ALL, field::ALL, framing::ALL, chunked::ALL]
        .into_iter()
        .flatten()
        .copied()
}

/// The rule with this id, if there is one.
#[must_use]
pub fn by_id(id: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.id == id)
}

#[cfg(test)]
mod tests {
    use std::vec::Vec;

    use super::*;

    #[test]
    fn ids_are_unique_and_kebab_case() {
        let ids: Vec<_> = all().map(|rule| rule.id).collect();
        for (at, id) in ids.iter().enumerate() {
            assert!(!ids[..at].contains(id), "{id} is declared twice");
            assert!(id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'), "{id}");
            assert!(!id.starts_with('-') && !id.ends_with('-') && !id.contains("--"), "{id}");
        }
    }

    #[test]
    fn every_rule_says_what_and_why() {
        for rule in all() {
            assert!(rule.summary().ends_with('.'), "{}: the first line is one sentence", rule.id);
            assert!(rule.why().next().is_some(), "{}: why does it matter?", rule.id);
            assert!(!rule.reactions.is_empty(), "{}: nobody is bound", rule.id);
            assert!(matches!(rule.rfc, 9110 | 9112), "{}", rule.id);
        }
    }

    #[test]
    fn a_level_fits_its_action() {
        for rule in all() {
            for reaction in rule.reactions {
                let fits = match reaction.action {
                    Action::Reject { .. } | Action::Tolerate => matches!(reaction.level, Level::Must | Level::Should),
                    Action::RejectOrRepair { .. } | Action::ProcessThenClose | Action::NotMisread => {
                        reaction.level == Level::Must
                    }
                    Action::MayRepair { .. } => matches!(reaction.level, Level::May | Level::Must),
                    Action::Unstated => reaction.level == Level::None,
                    _ => true,
                };
                assert!(fits, "{}: {:?}", rule.id, reaction);
            }
        }
    }

    #[test]
    fn narrower_roles_inherit() {
        let rule = &framing::CONTENT_LENGTH_INVALID;
        assert_eq!(rule.reaction(Role::OriginServer, On::Request).unwrap().role, Role::Server);
        assert_eq!(rule.reaction(Role::Proxy, On::Response).unwrap().role, Role::Proxy);
        assert!(rule.sender(On::Response).is_some());
    }
}
