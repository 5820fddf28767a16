//! Which verdicts on each backend are right.
//!
//! The table goes by what a rule asks of an origin server. A check with several rules is as good as the worst of them
//! allows: its verdict may be any that is right for one of them. Duties differ among themselves, so that some have
//! entries of their own.

use crate::judge::Verdict;
use crate::judge::Verdict::{Fail, Masked, NotJudged, Note, Pass, Warn};
use crate::rule::{Action, Level, Reaction};

/// What a rule asks for, as far as verdicts hang on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Class {
    /// MUST reject.
    RejectMust,
    /// SHOULD reject.
    RejectShould,
    /// MUST reject or repair.
    RejectOrRepair,
    /// MAY repair.
    MayRepair,
    /// MAY repair, and has to close.
    MayRepairThenClose,
    /// MUST process and close.
    ProcessThenClose,
    /// MUST NOT be misread.
    NotMisread,
    /// MUST tolerate.
    TolerateMust,
    /// SHOULD tolerate.
    TolerateShould,
    /// No duty stated.
    Unstated,
    /// A duty with MUST or MUST NOT.
    DutyMust,
    /// A duty with SHOULD or SHOULD NOT.
    DutyShould,
    /// A duty with MAY or without a key word.
    DutyOther,
}

impl Class {
    /// Every class.
    pub const ALL: [Self; 13] = [
        Self::RejectMust,
        Self::RejectShould,
        Self::RejectOrRepair,
        Self::MayRepair,
        Self::MayRepairThenClose,
        Self::ProcessThenClose,
        Self::NotMisread,
        Self::TolerateMust,
        Self::TolerateShould,
        Self::Unstated,
        Self::DutyMust,
        Self::DutyShould,
        Self::DutyOther,
    ];

    /// The class of what is asked of an origin server; none for actions that bind clients and intermediaries.
    #[must_use]
    pub const fn of(reaction: &Reaction) -> Option<Self> {
        let is_must = matches!(reaction.level, Level::Must | Level::MustNot);
        Some(match reaction.action {
            Action::Reject { .. } if is_must => Self::RejectMust,
            Action::Reject { .. } => Self::RejectShould,
            Action::RejectOrRepair { .. } => Self::RejectOrRepair,
            Action::MayRepair { close: true } => Self::MayRepairThenClose,
            Action::MayRepair { close: false } => Self::MayRepair,
            Action::ProcessThenClose => Self::ProcessThenClose,
            Action::NotMisread => Self::NotMisread,
            Action::Tolerate if is_must => Self::TolerateMust,
            Action::Tolerate => Self::TolerateShould,
            Action::Unstated => Self::Unstated,
            Action::Duty if is_must => Self::DutyMust,
            Action::Duty if matches!(reaction.level, Level::Should | Level::ShouldNot) => Self::DutyShould,
            Action::Duty => Self::DutyOther,
            _ => return None,
        })
    }
}

/// The right verdicts for a rule of this class on the backend; none for a backend that does not exist.
///
/// `rule` is the id of the rule, for duties that have an entry of their own.
#[must_use]
pub fn expected(backend: &str, class: Class, rule: &str) -> Option<&'static [Verdict]> {
    let own = BY_RULE.iter().find(|(name, id, _)| *name == backend && *id == rule).map(|(_, _, verdicts)| *verdicts);
    let row = TABLE.iter().find(|(name, _)| *name == backend)?;
    own.or(Some(row.1[class as usize]))
}

type Row = [&'static [Verdict]; 13];

/// For backends about which nothing can be known.
const UNKNOWABLE: Row = [&[NotJudged]; 13];

/// The control gets the same refusal. Of duties, all that can be seen at a refusal is judged.
const REFUSES_ALL: Row = [
    &[Masked],
    &[Masked],
    &[Masked],
    &[Masked],
    &[Masked],
    &[Masked],
    &[Masked],
    &[Masked],
    &[Masked],
    &[Masked],
    &[Pass, Fail, Masked, NotJudged],
    &[Pass, Warn, Masked, NotJudged],
    &[Pass, Note, Masked, NotJudged],
];

/// Serves everything, and says nothing of how it was read: that a length was misread does not show.
const SERVES_ALL: Row = [
    &[Fail],
    &[Warn],
    // Where the repair leaves a fault behind that ought to be refused.
    &[Note, Warn],
    &[Note],
    &[Fail],
    &[Fail],
    &[Note],
    &[Pass],
    &[Pass],
    &[Note],
    &[Pass, Fail, NotJudged],
    &[Pass, Warn, NotJudged],
    &[Pass, Note, NotJudged],
];

/// Does everything right.
const CONFORMANT: Row = [
    &[Pass],
    &[Pass],
    &[Pass],
    &[Pass],
    &[Pass],
    &[Pass],
    &[Pass],
    &[Pass],
    &[Pass],
    &[Pass],
    &[Pass],
    &[Pass],
    &[Pass, Note],
];

/// Conformant, but what a filter dislikes gets silence.
const DROPS: Row = [
    &[Pass, Fail],
    &[Pass, Warn],
    &[Pass, Fail],
    &[Pass, Warn],
    &[Pass, Warn],
    &[Pass],
    &[Pass],
    &[Pass, Fail],
    &[Pass, Warn],
    &[Pass],
    &[Pass, Fail, NotJudged],
    &[Pass, Warn, NotJudged],
    &[Pass, Note, NotJudged],
];

/// Conformant, but what a filter dislikes gets a reset.
const RESETS: Row = [
    &[Pass, Warn],
    &[Pass, Warn],
    &[Pass, Note, Warn],
    &[Pass, Note],
    &[Pass, Note],
    &[Pass],
    &[Pass],
    &[Pass, Fail],
    &[Pass, Warn],
    &[Pass],
    &[Pass, Fail, NotJudged],
    &[Pass, Warn, NotJudged],
    &[Pass, Note, NotJudged],
];

/// Reads like the reference server, and redirects. Methods that nobody knows are redirected as well, which breaks a SHOULD,
/// and there is no content to judge by.
const REDIRECTS: Row = [
    &[Pass],
    &[Pass],
    &[Pass],
    &[Pass],
    &[Pass],
    &[Pass],
    &[Pass],
    &[Pass],
    &[Pass],
    &[Pass],
    &[Pass, NotJudged],
    &[Pass, Warn, NotJudged],
    &[Pass, Note, NotJudged],
];

/// Conformant; duties that need a second request on a connection cannot be judged.
const CLOSES: Row = [
    &[Pass],
    &[Pass],
    &[Pass],
    &[Pass],
    &[Pass],
    &[Pass],
    &[Pass],
    &[Pass],
    &[Pass],
    &[Pass],
    &[Pass, NotJudged],
    &[Pass, NotJudged],
    &[Pass, Note, NotJudged],
];

static TABLE: &[(&str, Row)] = &[
    ("always-400", REFUSES_ALL),
    ("always-400-keep-alive", REFUSES_ALL),
    ("always-200", SERVES_ALL),
    ("tarpit", UNKNOWABLE),
    ("slow-drip", UNKNOWABLE),
    ("endless", UNKNOWABLE),
    ("endless-head", UNKNOWABLE),
    ("resets-at-once", UNKNOWABLE),
    ("resets-after-octets", UNKNOWABLE),
    ("hostile-text", SERVES_ALL),
    ("jitter", CONFORMANT),
    ("dropping-firewall", DROPS),
    ("resetting-firewall", RESETS),
    ("redirector", REDIRECTS),
    ("one-worker", CONFORMANT),
    ("no-keep-alive", CLOSES),
];

/// Backend, rule, verdicts.
static BY_RULE: &[(&str, &str, &[Verdict])] = &[
    // It closes, says so, and does nothing more; of two requests in one flight it answers one, `close` or not.
    ("always-400", "close-announced", &[Pass, NotJudged]),
    ("always-400", "close-honoured", &[Pass, NotJudged]),
    ("always-400", "close-echoed", &[Pass, NotJudged]),
    ("always-400", "nothing-after-close", &[Pass, NotJudged]),
    ("always-400", "persistence", &[Warn, NotJudged]),
    ("always-400", "head-without-content", &[Pass, NotJudged]),
    ("always-400-keep-alive", "persistence", &[Pass]),
    ("always-400-keep-alive", "close-honoured", &[Fail, NotJudged]),
    ("always-400-keep-alive", "close-echoed", &[Warn, NotJudged]),
    ("always-400-keep-alive", "head-without-content", &[Pass, NotJudged]),
    ("always-200", "persistence", &[Pass]),
    // After HEAD its content hides the answer that follows.
    ("always-200", "close-honoured", &[Fail, NotJudged, Pass]),
    ("always-200", "close-echoed", &[Warn, NotJudged]),
    ("always-200", "head-without-content", &[Fail, Pass]),
    ("always-200", "method-unknown", &[Warn, NotJudged]),
    ("hostile-text", "persistence", &[Pass]),
    ("hostile-text", "close-honoured", &[Fail, NotJudged, Pass]),
    ("hostile-text", "close-echoed", &[Warn, NotJudged]),
    ("hostile-text", "head-without-content", &[Fail, Pass]),
    ("hostile-text", "method-unknown", &[Warn, NotJudged]),
    // Whether it trusts us cannot be seen, so that a MUST is worth a warning.
    ("always-200", "https-secured", &[Warn]),
    ("hostile-text", "https-secured", &[Warn]),
    ("redirector", "method-unknown", &[Warn, NotJudged]),
    ("no-keep-alive", "persistence", &[Warn]),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backends;
    use crate::rule::{self, On, Role};

    #[test]
    fn every_backend_has_a_row_and_every_entry_a_backend_and_a_rule() {
        let rows: Vec<&str> = TABLE.iter().map(|(name, _)| *name).collect();
        let names: Vec<&str> = backends::ALL.iter().map(|backend| backend.name).collect();
        assert_eq!(rows, names);
        for (name, id, _) in BY_RULE {
            assert!(names.contains(name) && rule::by_id(id).is_some(), "{name} {id}");
        }
    }

    #[test]
    fn every_rule_for_an_origin_server_has_a_class() {
        for rule in rule::all() {
            let Some(reaction) = rule.reaction(Role::OriginServer, On::Request) else { continue };
            let class = Class::of(reaction).expect(rule.id);
            assert_eq!(Class::ALL[class as usize], class);
            for backend in backends::ALL {
                assert!(expected(backend.name, class, rule.id).is_some_and(|verdicts| !verdicts.is_empty()));
            }
        }
    }
}
