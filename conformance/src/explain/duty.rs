//! What a rule asks of whom, in words, and what an answer is worth by it.

use super::block::Block;
use crate::judge::expectation::broken;
use crate::judge::outcome::Outcome;
use crate::judge::table::{self, Facts, ReadAs};
use crate::rule::{Action, Kind, Level, On, Reaction, Role, Rule};

/// One sentence for each reaction.
pub(super) fn bound(rule: &Rule) -> Vec<String> {
    rule.reactions.iter().map(|reaction| sentence(rule, reaction)).collect()
}

fn sentence(rule: &Rule, reaction: &Reaction) -> String {
    let role = reaction.role.word();
    let on = if reaction.on == On::Request { "request" } else { "response" };
    let it = match rule.kind {
        Kind::Fault => "the fault",
        Kind::Feature => "the feature",
        _ => "the duty",
    };
    let level = format!("**{}**", reaction.level.word());
    let close = if reaction.action.closes() { ", and the connection is closed after the answer" } else { "" };
    let statuses = || {
        let statuses: Vec<String> = reaction.action.statuses().iter().map(u16::to_string).collect();
        if statuses.is_empty() { "a 4xx of its choice".to_owned() } else { statuses.join(" or ") }
    };
    let (who, what) = match reaction.action {
        Action::Duty if reaction.role == Role::Sender && rule.kind == Kind::Duty => (
            format!("A **sender** of a {on}"),
            match reaction.level {
                Level::MustNot | Level::ShouldNot => format!("{level} do otherwise."),
                Level::None => "is told so without a key word.".to_owned(),
                _ => format!("{level} keep to this."),
            },
        ),
        Action::Duty if reaction.role == Role::Sender => (
            format!("A **sender** of a {on}"),
            match reaction.level {
                Level::MustNot | Level::ShouldNot => format!("{level} send what has {it}."),
                Level::None => {
                    format!("is given the form without a key word; to send what has {it} is to leave that form.")
                }
                Level::May => format!("{level} do as the rule says."),
                _ => format!("{level} see to it that what it sends does not have {it}."),
            },
        ),
        Action::Duty if rule.kind == Kind::Fault => (
            format!("A **{role}** that receives {it} in a {on}").replace("A **origin", "An **origin"),
            format!("{level} treat it as told above."),
        ),
        Action::Duty => (
            format!("A **{role}** that is sent a {on}").replace("A **origin", "An **origin"),
            match reaction.level {
                Level::None => "is told what to do without a key word; see the first line.".to_owned(),
                Level::May => format!("{level} do as the first line says; both ways are right."),
                Level::MustNot | Level::ShouldNot => format!("{level} do otherwise than the first line says."),
                _ => format!("{level} do what the first line says."),
            },
        ),
        action => (
            format!("A **{role}** that receives {it} in a {on}").replace("A **origin", "An **origin"),
            match action {
                Action::Reject { .. } => format!("{level} refuse the message with {}{close}.", statuses()),
                Action::RejectOrRepair { .. } => {
                    format!(
                        "{level} refuse the message with {}, or repair it in the one way that the text gives{close}.",
                        statuses()
                    )
                }
                Action::MayRepair { .. } => {
                    format!("may take it in the one way that the text gives, or refuse it; both are right{close}.")
                }
                Action::ProcessThenClose => {
                    format!("{level} take the framing for faulty: however it answers, the connection is closed then.")
                }
                Action::NotMisread => {
                    format!("{level} guard against reading another value: it refuses, waits or closes.")
                }
                Action::Tolerate => format!("{level} accept it, as if it were not there."),
                Action::Unstated => "is asked for nothing by the text; every answer is right.".to_owned(),
                Action::Discard => format!("{level} discard the message and close the connection that it came on."),
                Action::Answer { status } => format!("{level} answer its client with {status} in place of it."),
                _ => format!("{level} do what the rule says."),
            },
        ),
    };
    format!("{who} {what}")
}

/// What each answer of an origin server is worth; none if the rule does not bind one.
pub(super) fn worth(rule: &Rule) -> Option<Block> {
    let reaction = rule.reaction(Role::OriginServer, On::Request)?;
    if reaction.action == Action::Duty {
        let verdict = broken(reaction.level);
        let done = match reaction.level {
            Level::May | Level::None => "whatever the answer, it is at most `note`".to_owned(),
            _ => format!("done is `pass`, not done is at worst `{verdict}`; the checks say where it is less"),
        };
        return Some(Block::Prose(format!("This is a duty: {done}.")));
    }
    let named = reaction.action.statuses().first().copied().unwrap_or(400);
    let named_words = match reaction.action.statuses() {
        [] => "a 4xx".to_owned(),
        statuses => statuses.iter().map(u16::to_string).collect::<Vec<_>>().join(" or "),
    };
    let facts = |outcome, read_as, left_open| Facts { outcome, read_as, left_open };
    let mut rows =
        vec![(format!("refused with {named_words}"), facts(Outcome::Rejected(named), ReadAs::Unseen, false))];
    if !reaction.action.statuses().is_empty() {
        rows.push(("refused with another 4xx".to_owned(), facts(Outcome::Rejected(499), ReadAs::Unseen, false)));
    }
    rows.extend([
        ("500, 502, 503 or 504".to_owned(), facts(Outcome::Rejected(500), ReadAs::Unseen, false)),
        ("closed or reset without an answer".to_owned(), facts(Outcome::Closed, ReadAs::Unseen, false)),
        ("served".to_owned(), facts(Outcome::Served(Some(200)), ReadAs::Permitted, false)),
    ]);
    if !matches!(reaction.action, Action::Reject { .. } | Action::Unstated) {
        let read = "served, and shown to be read in a way that is not permitted".to_owned();
        rows.push((read, facts(Outcome::Served(Some(200)), ReadAs::Otherwise, false)));
    }
    if reaction.action.closes() {
        let open = "answered rightly, but the connection goes on".to_owned();
        rows.push((open, facts(Outcome::Rejected(named), ReadAs::Permitted, true)));
    }
    rows.push(("no answer, while the control gets one".to_owned(), facts(Outcome::Nothing, ReadAs::Unseen, false)));
    let rows = rows.into_iter().map(|(what, facts)| vec![what, format!("`{}`", table::verdict(&[reaction], facts))]);
    Some(Block::Table { head: vec!["answer".to_owned(), "verdict".to_owned()], rows: rows.collect() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule;

    #[test]
    fn sentences_name_level_status_and_close() {
        let of = |id: &str| bound(rule::by_id(id).unwrap()).join("\n");
        let length = of("content-length-invalid");
        assert!(length.contains("**MUST** refuse the message with 400, and the connection is closed"), "{length}");
        assert!(length.contains("A **sender** of a response **MUST NOT** send what has the fault."), "{length}");
        assert!(of("method-unknown").starts_with("An **origin server** that is sent a request **SHOULD** do"));
    }

    #[test]
    fn worth_is_what_the_table_says() {
        let Some(Block::Table { rows, .. }) = worth(rule::by_id("host-missing").unwrap()) else { panic!("a table") };
        let verdicts: Vec<&str> = rows.iter().map(|row| row[1].as_str()).collect();
        assert_eq!(verdicts, ["`pass`", "`warn`", "`warn`", "`warn`", "`fail`", "`fail`"]);
        assert!(matches!(worth(rule::by_id("date-present").unwrap()), Some(Block::Prose(_))));
        assert!(worth(rule::by_id("status-line-missing").unwrap()).is_none());
    }
}
