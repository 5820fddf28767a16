//! The verdict table: what an outcome is worth under a reaction.
//!
//! | reaction | refused as named | refused otherwise | closed | served | left open | nothing |
//! |---|---|---|---|---|---|---|
//! | MUST reject | pass | warn | warn | fail | fail | fail |
//! | SHOULD reject | pass | pass | warn | warn | warn | warn |
//! | MUST reject or repair | pass | pass (warn if a status is named) | note (warn) | note, fail if read otherwise | fail | fail |
//! | MAY repair | pass | pass | note | note, fail if read otherwise | fail | warn |
//! | MUST process and close | pass | pass | note | pass, fail if read otherwise | fail | warn |
//! | MUST not misread | pass | pass | pass | note, fail if read otherwise | - | pass |
//! | MUST tolerate | fail | fail | fail | pass, fail if read otherwise | - | fail |
//! | SHOULD tolerate | warn | warn | warn | pass, warn if read otherwise | - | warn |
//! | nothing stated | pass | pass | note | note | - | note |
//!
//! A request-line that is split otherwise than section 3 of RFC 9112 gives leave to is an invalid one, which section 3.2
//! asks with SHOULD to refuse: such a reading is `warn`.
//!
//! *Refused otherwise* is another 4xx, 501 or 505; any other 5xx makes at best
//! `warn`, or `note` where no sentence asks for a refusal. Where the control is not answered
//! either nothing is judged, and that is decided before this table is asked.

use super::Verdict;
use super::outcome::Outcome;
use crate::rule::{Action, Level, Reaction};

/// What is known of how a message that was served was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadAs {
    /// As one of the permitted readings.
    Permitted,
    /// In another way.
    Otherwise,
    /// In another way, without the repair that is permitted; what is left is invalid, and a sentence with SHOULD asks
    /// for its refusal.
    Invalid,
    /// It could not be seen.
    Unseen,
}

/// Everything that the table looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// How the message was taken.
    pub outcome: Outcome,
    /// If it was served, how it was read.
    pub read_as: ReadAs,
    /// Whether the connection was used again afterwards.
    pub left_open: bool,
}

/// The verdict of one message with the faults whose reactions are `reactions`.
///
/// Serving is fine only if each of them permits it, the statuses for refusing are those of all together, and the
/// connection has to be closed if one of them asks for it.
#[must_use]
pub fn verdict(reactions: &[&Reaction], facts: Facts) -> Verdict {
    let statuses: Vec<u16> = reactions.iter().flat_map(|reaction| reaction.action.statuses()).copied().collect();
    // A MUST that names its statuses is not loosened by a fault beside it that names none.
    let is_strict = |reaction: &&&Reaction| reaction.level == Level::Must && !reaction.action.statuses().is_empty();
    let any_4xx = !reactions.iter().any(|reaction| is_strict(&reaction))
        && reactions.iter().any(|reaction| reaction.action.statuses().is_empty());
    let must_close = reactions.iter().any(|reaction| reaction.action.closes());
    let named = |status: u16| statuses.contains(&status) || (any_4xx && (400..500).contains(&status));
    let facts = match facts.outcome {
        // A redirect is a refusal where the sentence names its status (RFC 9112 section 3.2: 301).
        Outcome::Served(Some(status)) if statuses.contains(&status) => {
            Facts { outcome: Outcome::Rejected(status), ..facts }
        }
        _ => facts,
    };
    reactions
        .iter()
        .map(|reaction| {
            let by_outcome = row(reaction, facts, named);
            if must_close && reaction.action.closes() && facts.left_open {
                by_outcome.worse(open_where_closed(reaction))
            } else {
                by_outcome
            }
        })
        .reduce(Verdict::worse)
        .unwrap_or(Verdict::NotJudged)
}

/// What it is worth that the connection went on although the sentence has it closed.
const fn open_where_closed(reaction: &Reaction) -> Verdict {
    match reaction.level {
        Level::Must | Level::MustNot | Level::May => Verdict::Fail,
        _ => Verdict::Warn,
    }
}

fn row(reaction: &Reaction, facts: Facts, named: impl Fn(u16) -> bool) -> Verdict {
    let is_must = reaction.level == Level::Must;
    let names_a_status = !reaction.action.statuses().is_empty();
    match (reaction.action, facts.outcome) {
        // Any 5xx but 501 and 505 says that the server broke and not that it refused.
        (Action::Tolerate, Outcome::Rejected(_) | Outcome::Closed | Outcome::Nothing) => {
            if is_must {
                Verdict::Fail
            } else {
                Verdict::Warn
            }
        }
        (_, Outcome::Rejected(status)) if named(status) => Verdict::Pass,
        (
            Action::Unstated | Action::MayRepair { .. } | Action::ProcessThenClose | Action::NotMisread,
            Outcome::Rejected(500 | 502..=504 | 506..),
        ) => Verdict::Note,
        (_, Outcome::Rejected(500 | 502..=504 | 506..)) => Verdict::Warn,
        (Action::Reject { .. }, Outcome::Rejected(_)) => {
            if is_must {
                Verdict::Warn
            } else {
                Verdict::Pass
            }
        }
        (Action::RejectOrRepair { .. }, Outcome::Rejected(_)) if names_a_status => Verdict::Warn,
        (_, Outcome::Rejected(_)) => Verdict::Pass,

        (Action::Reject { .. }, Outcome::Closed) => Verdict::Warn,
        (Action::RejectOrRepair { .. }, Outcome::Closed) if names_a_status => Verdict::Warn,
        (Action::NotMisread, Outcome::Closed | Outcome::Nothing) => Verdict::Pass,
        (_, Outcome::Closed) => Verdict::Note,

        (Action::Reject { .. }, Outcome::Served(_)) => {
            if is_must {
                Verdict::Fail
            } else {
                Verdict::Warn
            }
        }
        (Action::Unstated, Outcome::Served(_)) => Verdict::Note,
        // Reading it in another way is not doing what is asked, and no worse.
        (Action::Tolerate, Outcome::Served(_)) if facts.read_as == ReadAs::Otherwise && !is_must => Verdict::Warn,
        (_, Outcome::Served(_)) if facts.read_as == ReadAs::Invalid => Verdict::Warn,
        (_, Outcome::Served(_)) if facts.read_as == ReadAs::Otherwise => Verdict::Fail,
        (Action::Tolerate | Action::ProcessThenClose, Outcome::Served(_)) => Verdict::Pass,
        (_, Outcome::Served(_)) => Verdict::Note,

        (Action::Reject { .. } | Action::RejectOrRepair { .. }, Outcome::Nothing) => {
            if is_must {
                Verdict::Fail
            } else {
                Verdict::Warn
            }
        }
        (Action::MayRepair { .. } | Action::ProcessThenClose, Outcome::Nothing) => Verdict::Warn,
        (_, Outcome::Nothing) => Verdict::Note,
    }
}

/// What the reactions ask for, in plain words.
#[must_use]
pub fn expected(reactions: &[&Reaction]) -> String {
    let parts: Vec<String> = reactions
        .iter()
        .map(|reaction| {
            let statuses: Vec<String> = reaction.action.statuses().iter().map(u16::to_string).collect();
            let status = if statuses.is_empty() { "a 4xx".to_owned() } else { statuses.join(" or ") };
            let close = if reaction.action.closes() { ", then the connection closed" } else { "" };
            match reaction.action {
                Action::Reject { .. } => format!("{} be refused with {status}{close}", reaction.level.word()),
                Action::RejectOrRepair { .. } => {
                    format!("{} be refused with {status}, or repaired as the text says{close}", reaction.level.word())
                }
                Action::MayRepair { .. } => format!("may be refused, or repaired as the text says{close}"),
                Action::ProcessThenClose => "answered in any way, then the connection closed".to_owned(),
                Action::NotMisread => "refused, or waited for; never served under another value".to_owned(),
                Action::Tolerate => format!("{} be served like the control", reaction.level.word()),
                Action::Unstated => "anything; refusing is the safe choice".to_owned(),
                _ => "as the rule says".to_owned(),
            }
        })
        .collect();
    let mut said: Vec<String> = Vec::new();
    parts.into_iter().for_each(|part| {
        if !said.contains(&part) {
            said.push(part)
        }
    });
    said.join("; and ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::{On, Role, by_id};

    fn reaction(rule: &str) -> &'static Reaction {
        by_id(rule).unwrap().reaction(Role::OriginServer, On::Request).unwrap()
    }

    fn judged(rules: &[&str], outcome: Outcome) -> Verdict {
        let reactions: Vec<_> = rules.iter().map(|rule| reaction(rule)).collect();
        verdict(&reactions, Facts { outcome, read_as: ReadAs::Unseen, left_open: false })
    }

    #[test]
    fn every_row_of_the_table() {
        use Outcome::{Closed, Nothing, Rejected, Served};
        use Verdict::{Fail, Note, Pass, Warn};
        let columns = [Rejected(400), Rejected(403), Rejected(500), Closed, Served(Some(200)), Nothing];
        for (rule, row) in [
            ("host-missing", [Pass, Warn, Warn, Warn, Fail, Fail]),
            ("request-target-invalid", [Pass, Pass, Warn, Warn, Warn, Warn]),
            ("obs-fold", [Pass, Warn, Warn, Warn, Note, Fail]),
            ("bare-cr", [Pass, Pass, Warn, Note, Note, Fail]),
            ("bare-lf", [Pass, Pass, Note, Note, Note, Warn]),
            ("transfer-encoding-in-http10", [Pass, Pass, Note, Note, Pass, Warn]),
            ("content-length-overflow", [Pass, Pass, Note, Pass, Note, Pass]),
            ("chunk-extension", [Fail, Fail, Fail, Fail, Pass, Fail]),
            ("version-minor-higher", [Warn, Warn, Warn, Warn, Pass, Warn]),
            ("version-major-unsupported", [Pass, Pass, Note, Note, Note, Note]),
        ] {
            for (column, expected) in columns.into_iter().zip(row) {
                assert_eq!(judged(&[rule], column), expected, "{rule} {column:?}");
            }
        }
    }

    #[test]
    fn a_redirect_is_a_refusal_only_where_it_is_named() {
        assert_eq!(judged(&["request-target-invalid"], Outcome::Served(Some(301))), Verdict::Pass);
        assert_eq!(judged(&["request-target-invalid"], Outcome::Served(Some(302))), Verdict::Warn);
        assert_eq!(judged(&["host-missing"], Outcome::Served(Some(301))), Verdict::Fail);
    }

    #[test]
    fn another_reading_fails_where_a_repair_is_permitted() {
        for rule in [
            "bare-lf",
            "bare-cr",
            "obs-fold",
            "chunk-extension",
            "length-and-transfer-encoding",
            "content-length-overflow",
        ] {
            let served = |read_as| {
                let facts = Facts { outcome: Outcome::Served(Some(200)), read_as, left_open: false };
                verdict(&[reaction(rule)], facts)
            };
            assert_eq!(served(ReadAs::Otherwise), Verdict::Fail, "{rule}");
            assert_ne!(served(ReadAs::Permitted), Verdict::Fail, "{rule}");
        }
    }

    /// Nothing but a SHOULD asks for the reading (RFC 9110 section 6.2; RFC 9112 sections 2.2 and 3.2).
    #[test]
    fn another_reading_is_a_warning_where_no_must_stands_behind_it() {
        let served = |rule: &str, read_as| {
            let facts = Facts { outcome: Outcome::Served(Some(200)), read_as, left_open: false };
            verdict(&[reaction(rule)], facts)
        };
        assert_eq!(served("version-minor-higher", ReadAs::Otherwise), Verdict::Warn);
        assert_eq!(served("version-minor-higher", ReadAs::Permitted), Verdict::Pass);
        assert_eq!(served("empty-line-before-request", ReadAs::Otherwise), Verdict::Warn);
        assert_eq!(served("request-line-whitespace", ReadAs::Invalid), Verdict::Warn);
    }

    #[test]
    fn leaving_the_connection_open_counts_where_it_has_to_be_closed() {
        let open = |rule: &str, outcome| {
            verdict(&[reaction(rule)], Facts { outcome, read_as: ReadAs::Permitted, left_open: true })
        };
        assert_eq!(open("content-length-invalid", Outcome::Rejected(400)), Verdict::Fail);
        assert_eq!(open("length-and-transfer-encoding", Outcome::Served(Some(200))), Verdict::Fail);
        assert_eq!(open("chunk-size-invalid", Outcome::Rejected(400)), Verdict::Warn);
        assert_eq!(open("host-missing", Outcome::Rejected(400)), Verdict::Pass);
    }

    #[test]
    fn several_faults_at_once() {
        // 501 is named by one of the two, and both have to be refused.
        let both = ["transfer-coding-unknown", "chunked-not-final"];
        assert_eq!(judged(&both, Outcome::Rejected(501)), Verdict::Pass);
        assert_eq!(judged(&both, Outcome::Rejected(400)), Verdict::Pass);
        assert_eq!(judged(&both, Outcome::Served(Some(200))), Verdict::Fail);
        // Serving is fine only if each permits it.
        assert_eq!(judged(&["bare-lf", "host-missing"], Outcome::Served(Some(200))), Verdict::Fail);
        assert_eq!(judged(&["bare-lf", "field-value-control"], Outcome::Served(Some(200))), Verdict::Note);
    }
}
