//! `startline coverage`: every requirement of the two documents and its answer, for people and as JSON.

use std::fmt::Write as _;

use anyhow::ensure;
use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use startline::coverage::{Answer, Backing, Evidence, Item, Reason, Requirement, Suite, Tally, beyond, requirements};

use super::{Exit, output::print};

/// Every requirement of RFC 9110 and RFC 9112, and what tests it.
///
/// Without a filter: how many have which answer. With one: the requirements that it leaves.
#[derive(Args)]
pub(crate) struct Coverage {
    /// Only requirements of this document: 9110 or 9112
    #[arg(long, value_name = "NUMBER")]
    rfc: Option<u16>,
    /// Only requirements of this section and of those below it; A is the collected grammar
    #[arg(long, value_name = "SECTION")]
    section: Option<String>,
    /// Only requirements with this answer: tested, role, unobservable or gap; or the name of a role or a reason
    #[arg(long, value_name = "ANSWER")]
    answer: Option<String>,
    /// Only requirements that this rule tests
    #[arg(long, value_name = "ID")]
    rule: Option<String>,
    /// How to show it
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Human,
    Json,
}

impl Coverage {
    pub(crate) fn run(self) -> anyhow::Result<Exit> {
        if let Some(word) = &self.answer {
            let words: Vec<&str> = Answer::words().collect();
            ensure!(words.contains(&word.as_str()), "there is no answer {word:?}; there are {}", words.join(", "));
        }
        let chosen: Vec<&Requirement> = requirements().iter().filter(|requirement| self.takes(requirement)).collect();
        ensure!(!chosen.is_empty(), "no requirement is left");
        let is_filtered = self.rfc.is_some() || self.section.is_some() || self.answer.is_some() || self.rule.is_some();
        match self.format {
            Format::Json => print(&format!("{}\n", serde_json::to_string_pretty(&document(&chosen))?))?,
            Format::Human if is_filtered => print(&rows(&chosen))?,
            Format::Human => print(&summary(&chosen))?,
        }
        Ok(Exit::Clean)
    }

    fn takes(&self, requirement: &Requirement) -> bool {
        let is_below = |section: &String| {
            requirement
                .section
                .strip_prefix(section.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        let is_tested_by = |id: &String| match &requirement.answer {
            Answer::Tested(rules) => rules.iter().any(|rule| rule.id == id),
            _ => false,
        };
        self.rfc.is_none_or(|rfc| requirement.rfc == rfc)
            && self.section.as_ref().is_none_or(is_below)
            && self.answer.as_ref().is_none_or(|word| requirement.answer.is(word))
            && self.rule.as_ref().is_none_or(is_tested_by)
    }
}

/// Where a column of the summary gets its requirements from.
type Column = (&'static str, fn(&Requirement) -> bool);

const COLUMNS: [Column; 5] = [
    ("9110", |requirement| requirement.rfc == 9110 && matches!(requirement.item, Item::Sentence(_))),
    ("9112", |requirement| requirement.rfc == 9112 && matches!(requirement.item, Item::Sentence(_))),
    ("lists", |requirement| !matches!(requirement.item, Item::Sentence(_) | Item::Production(_))),
    ("grammar", |requirement| matches!(requirement.item, Item::Production(_))),
    ("all", |_| true),
];

fn summary(chosen: &[&Requirement]) -> String {
    let tallies = COLUMNS.map(|(_, takes)| Tally::of(chosen.iter().copied().filter(|requirement| takes(requirement))));
    let mut text = String::from(
        "What RFC 9110 and RFC 9112 require, and what this tool makes of it. 9110 and 9112: sentences with a key word.\n\
         Lists: the arms of 9112 6.3, the cases of 9.3, the steps of 7.1.3. Grammar: the productions of both.\n\n",
    );
    let mut line = |name: &str, count: &dyn Fn(&Tally) -> usize, note: &str| {
        let counts = tallies.iter().map(|tally| format!("{:>8}", count(tally))).collect::<String>();
        let _ = writeln!(text, "{}", format!("{name:<22}{counts}   {note}").trim_end());
    };
    let heads = COLUMNS.map(|(head, _)| format!("{head:>8}")).concat();
    line("requirements", &|tally| tally.all, "");
    line("tested", &|tally| tally.tested, "by rules that bind servers");
    line("role", &|tally| tally.roles.iter().sum(), "bind others than servers");
    for suite in Suite::ALL {
        line(&format!("  {}", suite.word()), &|tally| tally.roles[suite as usize], "");
    }
    line("unobservable", &|tally| tally.unobservable(), "nobody outside can see it");
    for reason in Reason::ALL {
        line(&format!("  {}", reason.word()), &|tally| tally.reasons[reason as usize], reason.line());
    }
    line("gap", &|tally| tally.gaps, "observable, and not tested");
    text = text.replacen("requirements  ", &format!("{:<22}{heads}\nrequirements  ", ""), 1);

    let shares = tallies.map(|tally| {
        tally.percentage().map_or_else(|| format!("{:>8}", ""), |percentage| format!("{percentage:>6.1} %"))
    });
    let _ = writeln!(text, "{:<22}{}   tested, of what is observable", "", shares.concat());

    let all = tallies[COLUMNS.len() - 1];
    let backing = Backing::of(chosen.iter().copied());
    if let Some(percentage) = all.percentage() {
        let _ = writeln!(
            text,
            "\n{} of the {} requirements that bind a server and that a peer can see are tested: {percentage:.1} %",
            all.tested,
            all.observable(),
        );
    }
    let _ = writeln!(
        text,
        "behind them: {} rules ({} of them held against every response), {} checks, {} mutants",
        backing.rules, backing.lints, backing.checks, backing.mutants
    );
    if !beyond().is_empty() {
        let rules = if beyond().len() == 1 { "rule" } else { "rules" };
        let _ = writeln!(text, "beyond them: {} {rules} that no sentence of the two asks for", beyond().len());
    }
    let gaps: Vec<&Requirement> = chosen.iter().copied().filter(|requirement| requirement.answer.is("gap")).collect();
    if !gaps.is_empty() {
        let _ = writeln!(text, "\nGaps\n{}", rows(&gaps));
    }
    text.push_str("\n--rfc, --section, --answer and --rule show the requirements; --format json has everything\n");
    text
}

fn rows(chosen: &[&Requirement]) -> String {
    let mut text = String::new();
    for requirement in chosen {
        let binds = requirement.binds.iter().map(|party| party.word()).collect::<Vec<_>>().join(", ");
        let place = format!("{} {} {}", requirement.rfc, requirement.section, requirement.item);
        let _ = writeln!(
            text,
            "{place:<24} {:<10} {binds}: {}\n{:<24} {}",
            requirement.level, requirement.statement, "", requirement.answer
        );
    }
    let tally = Tally::of(chosen.iter().copied());
    let _ = write!(text, "{} of {} requirements", tally.all, requirements().len());
    if let Some(percentage) = tally.percentage() {
        let _ = write!(text, "; {} of {} observable ones tested: {percentage:.1} %", tally.tested, tally.observable());
    }
    text.push('\n');
    text
}

fn document(chosen: &[&Requirement]) -> Value {
    let backing = Backing::of(chosen.iter().copied());
    let counts = COLUMNS.map(|(_, takes)| counts(&Tally::of(chosen.iter().copied().filter(|row| takes(row)))));
    let [rfc9110, rfc9112, lists, grammar, all] = counts;
    json!({
        "schema": 1,
        "tool": concat!("startline ", env!("CARGO_PKG_VERSION")),
        "counts": { "rfc9110": rfc9110, "rfc9112": rfc9112, "lists": lists, "grammar": grammar, "all": all },
        "reasons": Reason::ALL.map(|reason| json!({ "reason": reason.word(), "means": reason.line() })),
        "behind": {
            "rules": backing.rules,
            "lints": backing.lints,
            "checks": backing.checks,
            "mutants": backing.mutants,
        },
        "requirements": chosen.iter().map(|requirement| row(requirement)).collect::<Vec<_>>(),
        "beyond": beyond()
            .iter()
            .map(|(rule, statement)| json!({ "rule": rule.id, "statement": statement }))
            .collect::<Vec<_>>(),
    })
}

fn counts(tally: &Tally) -> Value {
    let roles: serde_json::Map<String, Value> =
        Suite::ALL.iter().map(|suite| (suite.word().to_owned(), tally.roles[*suite as usize].into())).collect();
    let reasons: serde_json::Map<String, Value> =
        Reason::ALL.iter().map(|reason| (reason.word().to_owned(), tally.reasons[*reason as usize].into())).collect();
    json!({
        "requirements": tally.all,
        "tested": tally.tested,
        "role": roles,
        "unobservable": reasons,
        "gap": tally.gaps,
        "percentage": tally.percentage(),
    })
}

fn row(requirement: &Requirement) -> Value {
    let (kind, item) = match requirement.item {
        Item::Sentence(number) => ("sentence", json!(number)),
        Item::Arm(number) => ("arm", json!(number)),
        Item::Case(number) => ("case", json!(number)),
        Item::Step(number) => ("step", json!(number)),
        Item::Production(name) => ("production", json!(name)),
        _ => ("other", Value::Null),
    };
    let mut value = json!({
        "rfc": requirement.rfc,
        "section": requirement.section,
        "kind": kind,
        "item": item,
        "level": requirement.level,
        "binds": requirement.binds.iter().map(|party| party.word()).collect::<Vec<_>>(),
        "statement": requirement.statement,
        "answer": requirement.answer.kind(),
    });
    let (key, more) = match &requirement.answer {
        Answer::Tested(rules) => {
            let rules: Vec<Value> = rules
                .iter()
                .map(|rule| {
                    let evidence = Evidence::of(rule);
                    json!({
                        "rule": rule.id,
                        "checks": evidence.checks,
                        "lint": evidence.is_lint,
                        "mutants": evidence.mutants,
                    })
                })
                .collect();
            ("rules", json!(rules))
        }
        Answer::OtherRole(suite) => ("role", json!(suite.word())),
        Answer::Unobservable(reason) => ("reason", json!(reason.word())),
        Answer::Gap(ids) => ("rules", json!(ids)),
        _ => return value,
    };
    value[key] = more;
    value
}
