//! What several targets do not agree about, for people and for programs.

mod human;
mod json;

use crate::diff::case::Disagreement;
use crate::diff::{Cell, Diff, Party};
use crate::judge::table::expected;
use crate::rule::{Action, On, Role};

pub use human::human;
pub use json::json;

/// What goes with a comparison into its report.
#[derive(Debug, Clone, Copy)]
pub struct Compared<'c> {
    /// The comparison.
    pub diff: &'c Diff,
    /// How the streams can be had again: seed and mix, or the folder.
    pub source: &'c str,
    /// The command that repeats a check, without its id; none where streams are no checks.
    pub again: Option<&'c str>,
}

/// The letters by which targets are named: A, B, ..., Z, A1, B1, ...
fn letter(at: usize) -> String {
    let letter = char::from(b'A' + u8::try_from(at % 26).unwrap_or(0));
    if at < 26 { letter.to_string() } else { format!("{letter}{}", at / 26) }
}

/// The targets that have cells, with their letters, in the order of the cells.
fn met(diff: &Diff) -> Vec<(String, &Party)> {
    let named = diff.parties.iter().enumerate().map(|(at, party)| (letter(at), party));
    named.filter(|(_, party)| party.calibration.is_ok()).collect()
}

/// What the RFCs ask for over a stream.
fn answer(case: &Disagreement) -> String {
    let mut reactions = Vec::new();
    for reaction in case.rules.iter().filter_map(|rule| rule.reaction(Role::OriginServer, On::Request)) {
        if !reactions.contains(&reaction) {
            reactions.push(reaction);
        }
    }
    match (case.is_faulty, reactions.is_empty()) {
        (false, false) if reactions.iter().all(|reaction| reaction.action == Action::Duty) => {
            "what the rule says; who does not want a valid message may refuse it".to_owned()
        }
        (_, false) => expected(&reactions),
        (true, true) => "nothing is asked for".to_owned(),
        (false, true) => "it is valid: read in one way; who does not want it may refuse it".to_owned(),
    }
}

/// What a target did, in a word or two.
fn words(cell: &Cell) -> String {
    match &cell.behaviour {
        Some(behaviour) => behaviour.words(),
        None if cell.is_unstable => "unstable".to_owned(),
        None => "not compared".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_has_a_letter_of_its_own() {
        assert_eq!([letter(0), letter(25), letter(26), letter(53)], ["A", "Z", "A1", "B2"]);
    }
}
