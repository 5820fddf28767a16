//! The tables of `conformance/coverage/`, read.
//!
//! Columns are separated by TABs; the first line names them. An answer is a word, a colon, and what belongs to it.

use std::sync::LazyLock;

use super::{Answer, Item, Party, Reason, Requirement, Suite};
use crate::rule::{self, Rule};

static RFC9110: &str = include_str!("../../coverage/rfc9110.tsv");
static RFC9112: &str = include_str!("../../coverage/rfc9112.tsv");
static BEYOND: &str = include_str!("../../coverage/beyond.tsv");

const HEADING: &str = "section\titem\tlevel\tbinds\tstatement\tanswer";
const BEYOND_HEADING: &str = "rule\tstatement";

/// Every requirement, RFC 9110 first, in the order of the text.
///
/// # Panics
/// If a table that was compiled in is broken, which its tests rule out.
#[must_use]
pub fn requirements() -> &'static [Requirement] {
    static ALL: LazyLock<Vec<Requirement>> = LazyLock::new(|| match load() {
        Ok(all) => all,
        Err(error) => panic!("the tables of coverage are broken: {error}"),
    });
    &ALL
}

/// Rules that answer none of the requirements, each with what it is there for: robustness that no sentence asks for,
/// and sentences of other documents.
///
/// # Panics
/// If the table that was compiled in is broken, which its tests rule out.
#[must_use]
pub fn beyond() -> &'static [(&'static Rule, &'static str)] {
    static ALL: LazyLock<Vec<(&Rule, &str)>> = LazyLock::new(|| match load_beyond(BEYOND) {
        Ok(all) => all,
        Err(error) => panic!("the tables of coverage are broken: {error}"),
    });
    &ALL
}

pub(super) fn load() -> Result<Vec<Requirement>, String> {
    let mut all = table(9110, RFC9110)?;
    all.extend(table(9112, RFC9112)?);
    Ok(all)
}

/// One table.
pub(super) fn table(rfc: u16, text: &'static str) -> Result<Vec<Requirement>, String> {
    lines(text, HEADING)?
        .map(|(number, line)| row(rfc, line).map_err(|error| format!("rfc{rfc}.tsv:{number}: {error}")))
        .collect()
}

pub(super) fn load_beyond(text: &'static str) -> Result<Vec<(&'static Rule, &'static str)>, String> {
    lines(text, BEYOND_HEADING)?
        .map(|(number, line)| {
            let (id, statement) = line.split_once('\t').ok_or(format!("beyond.tsv:{number}: one column"))?;
            Ok((by_id(id).map_err(|error| format!("beyond.tsv:{number}: {error}"))?, statement))
        })
        .collect()
}

/// The lines after the heading, with their numbers.
fn lines(text: &'static str, heading: &str) -> Result<impl Iterator<Item = (usize, &'static str)>, String> {
    let mut lines = text.lines().enumerate().map(|(at, line)| (at + 1, line));
    match lines.next() {
        Some((_, first)) if first == heading => Ok(lines),
        first => Err(format!("the heading is {first:?}")),
    }
}

fn row(rfc: u16, line: &'static str) -> Result<Requirement, String> {
    let columns: Vec<&'static str> = line.split('\t').collect();
    let &[section, item_text, level, binds, statement, answer_text] = columns.as_slice() else {
        return Err(format!("{} columns in place of six", columns.len()));
    };
    if columns.iter().any(|column| column.is_empty() || column.trim() != *column) {
        return Err("an empty column, or blanks around one".to_owned());
    }
    let party = |word: &str| {
        Party::ALL.into_iter().find(|party| party.word() == word).ok_or(format!("nobody is called {word:?}"))
    };
    Ok(Requirement {
        rfc,
        section,
        item: item(item_text)?,
        level,
        binds: binds.split(", ").map(party).collect::<Result<_, _>>()?,
        statement,
        answer: answer(answer_text)?,
    })
}

fn item(text: &'static str) -> Result<Item, String> {
    let (kind, name) = text.split_once(' ').unwrap_or(("", text));
    let number = || name.parse().map_err(|_| format!("{text:?} is no item"));
    Ok(match kind {
        "" => Item::Sentence(number()?),
        "arm" => Item::Arm(number()?),
        "case" => Item::Case(number()?),
        "step" => Item::Step(number()?),
        "abnf" => Item::Production(name),
        _ => return Err(format!("{text:?} is no item")),
    })
}

fn answer(text: &'static str) -> Result<Answer, String> {
    let (kind, value) = text.split_once(": ").ok_or(format!("{text:?} is no answer"))?;
    Ok(match kind {
        "tested" => Answer::Tested(value.split(", ").map(by_id).collect::<Result<_, _>>()?),
        "role" => Answer::OtherRole(
            Suite::ALL.into_iter().find(|suite| suite.word() == value).ok_or(format!("no suite {value:?}"))?,
        ),
        "unobservable" => Answer::Unobservable(
            Reason::ALL.into_iter().find(|reason| reason.word() == value).ok_or(format!("no reason {value:?}"))?,
        ),
        "gap" => Answer::Gap(value.split(", ").collect()),
        _ => return Err(format!("{text:?} is no answer")),
    })
}

fn by_id(id: &str) -> Result<&'static Rule, String> {
    rule::by_id(id).ok_or(format!("there is no rule {id:?}"))
}
