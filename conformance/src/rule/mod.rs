//! Rules of conversation: what a peer owes whatever the bytes, with the rules of message syntax beside them.
//!
//! Same type and same macro as the rule book of the parser crate, which holds what bytes alone can break.

mod completeness;
mod connection;
mod elements;
mod exchange;
mod limits;
mod methods;
mod numerals;
mod preconditions;
mod ranges;
mod representations;
mod response_fields;
mod response_statuses;
mod responses;
mod robustness;
mod secured;
mod upgrade;

pub use completeness::*;
pub use connection::*;
pub use elements::*;
pub use exchange::*;
pub use limits::*;
pub use methods::*;
pub use numerals::*;
pub use preconditions::*;
pub use ranges::*;
pub use representations::*;
pub use response_fields::*;
pub use response_statuses::*;
pub use responses::*;
pub use robustness::*;
pub use secured::*;
pub use startline_parser::rule::{Action, Impact, Kind, Level, On, Reaction, Role, Rule};
pub use upgrade::*;

/// Every rule, those of message syntax first.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    startline_parser::rule::all().chain(of_conversation()).chain(of_responses())
}

/// Rules that take an exchange or more to be tried.
fn of_conversation() -> impl Iterator<Item = &'static Rule> {
    let groups = [
        METHODS,
        LENGTHS,
        LARGE_LENGTHS,
        LARGE_CHUNKS,
        CONNECTION,
        EXPECT,
        RESPONSES,
        MESSAGES,
        CAPABILITIES,
        INTERIM,
        TEARDOWN,
        TLS,
        ORIGINS,
        UPGRADE,
        EXCHANGE,
        RANGES,
        ROBUSTNESS,
        ELEMENTS,
        COMPRESSION,
        PRECONDITIONS,
        REPRESENTATIONS,
        SEGMENTS,
        FIELD_LIMITS,
    ];
    groups.into_iter().flatten().copied()
}

/// Rules that responses alone break, or responses beside the requests that they answer: those of the response lint.
pub fn of_responses() -> impl Iterator<Item = &'static Rule> {
    [RESPONSE_FRAMING, RESPONSE_MESSAGES, FIELD_SYNTAX, FIELD_VALUES, CACHING_FIELDS, COOKIES]
        .into_iter()
        .flatten()
        .copied()
}

/// The rule with this id.
#[must_use]
pub fn by_id(id: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.id == id)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn ids_are_unique_over_both_crates() {
        let mut seen = HashSet::new();
        for rule in all() {
            assert!(seen.insert(rule.id), "{} is declared twice", rule.id);
            assert!(rule.summary().ends_with('.'), "{}", rule.id);
            assert!(rule.why().next().is_some(), "{}", rule.id);
        }
    }

    #[test]
    fn every_rule_of_responses_binds_their_sender() {
        for rule in of_responses() {
            assert!(rule.sender(On::Response).is_some(), "{}", rule.id);
        }
    }

    #[test]
    fn every_rule_of_conversation_binds_a_server() {
        for rule in of_conversation() {
            assert!(rule.reaction(Role::OriginServer, On::Request).is_some(), "{}", rule.id);
        }
    }
}
