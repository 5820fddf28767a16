//! Where each peer is laxer than startline, and where it is stricter: malformed and unusual messages, and who takes them.
//!
//! The table stands once, as data, in [`cases`]; [`judges`] ask the parsers, and a test holds that they say what is there.

pub mod cases;
pub mod judges;

use cases::{CASES, Case, PEERS};

use crate::table::markdown;

/// Where a parser that is linked here does other than the table says, a line each.
#[must_use]
pub fn differences() -> Vec<String> {
    let mut differences = Vec::new();
    for case in CASES {
        for judge in judges::all() {
            let takes = (judge.takes)(case.kind, case.octets);
            if takes != expected(case, judge.name) {
                let does = if takes { "takes" } else { "refuses" };
                differences.push(format!("{} {does} {:?}, {}", judge.name, case.kind, case.name));
            }
        }
    }
    differences
}

/// What the table says.
fn expected(case: &Case, name: &str) -> bool {
    if name == "startline" { case.valid } else { case.taken_by.contains(&name) }
}

const IN_TARGET: &str = " in the target";

/// The octet that a case is about; such cases share a line of the table where the same parsers take them.
fn octet_of_target(name: &str) -> Option<&str> {
    name.strip_suffix(IN_TARGET).filter(|octet| octet.starts_with('`'))
}

/// The table: who takes what.
#[must_use]
pub fn table() -> String {
    let columns: Vec<&str> = ["startline"].into_iter().chain(PEERS).collect();
    let header: Vec<&str> = ["message"].into_iter().chain(columns.iter().copied()).collect();
    let row = |case: &Case| {
        let takes = columns.iter().map(|name| if expected(case, name) { "takes" } else { "" }.to_owned());
        [case.name.to_owned()].into_iter().chain(takes).collect::<Vec<_>>()
    };
    let rows = |valid| {
        let mut rows = Vec::<Vec<String>>::new();
        for row in CASES.iter().filter(|case| case.valid == valid).map(row) {
            if let Some(last) = rows.last_mut().filter(|last| last[1..] == row[1..])
                && let (Some(octets), Some(octet)) = (octet_of_target(&last[0]), octet_of_target(&row[0]))
            {
                last[0] = format!("{octets} {octet}{IN_TARGET}");
            } else {
                rows.push(row);
            }
        }
        rows
    };
    format!("Invalid:\n\n{}\nValid:\n\n{}", markdown(&header, &rows(false)), markdown(&header, &rows(true)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_takes_what_the_table_says() {
        let differences = differences();
        assert!(differences.is_empty(), "other than in laxity/cases.rs:\n{}", differences.join("\n"));
    }

    #[test]
    fn cases_are_named_once_and_name_peers() {
        for (at, case) in CASES.iter().enumerate() {
            assert!(!CASES[..at].iter().any(|other| other.name == case.name), "{}", case.name);
            assert!(case.taken_by.iter().all(|name| PEERS.contains(name)), "{}", case.name);
        }
        assert!(judges::all()[1..].iter().all(|judge| PEERS.contains(&judge.name)));
    }
}
