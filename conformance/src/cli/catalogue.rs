//! `startline list` and `startline explain`: the catalogue for people and as JSON.

use std::path::PathBuf;

use anyhow::bail;
use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use startline::check::{Check, Plan, Step, builtin, load_dir};
use startline::report::level;
use startline::rule::{self, Action, Kind, Rule};
use startline::servers::Catalogue;

use super::{Exit, output::print};

/// List checks, rules or servers.
#[derive(Args)]
pub(crate) struct List {
    /// What to list
    #[arg(value_enum, default_value_t = What::Checks)]
    what: What,
    /// List (and prove) the checks of this folder instead of the built-in ones
    #[arg(long, value_name = "DIR")]
    checks: Option<PathBuf>,
    /// Say only whether the checks are sound
    #[arg(long)]
    validate: bool,
    /// Folder with the entries of real servers
    #[arg(long, value_name = "DIR", default_value = "servers")]
    servers: PathBuf,
    /// As JSON
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum What {
    Checks,
    Rules,
    Servers,
}

/// Explain a check or a rule.
#[derive(Args)]
pub(crate) struct Explain {
    /// Id of a check or of a rule
    id: String,
    /// As JSON
    #[arg(long)]
    json: bool,
}

impl List {
    pub(crate) fn run(self) -> anyhow::Result<Exit> {
        match self.what {
            What::Checks => self.checks()?,
            What::Rules if self.json => print_json(&rule::all().map(rule_json).collect())?,
            What::Rules => {
                let lines = rule::all().map(|rule| {
                    let place = format!("{} {}", rule.rfc, rule.section);
                    format!(
                        "{:<34} {place:<14} {:<9} {:<11} {}\n",
                        rule.id,
                        level(rule).word(),
                        rule.impact.word(),
                        rule.summary()
                    )
                });
                print(&lines.collect::<String>())?;
            }
            What::Servers => self.servers()?,
        }
        Ok(Exit::Clean)
    }

    fn checks(&self) -> anyhow::Result<()> {
        let loaded;
        let checks: &[Check] = match &self.checks {
            None => builtin(),
            Some(dir) => match load_dir(dir) {
                Ok(checks) => {
                    loaded = checks;
                    &loaded
                }
                Err(errors) => {
                    let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
                    bail!("{}", lines.join("\nstartline: "));
                }
            },
        };
        if self.validate {
            return print(&format!("{} checks, all proved\n", checks.len()));
        }
        if self.json {
            return print_json(&checks.iter().map(check_json).collect());
        }
        let line = |check: &Check| {
            let place = format!("{} {}", check.rule.rfc, check.rule.section);
            format!("{:<46} {place:<14} {:<9} {}\n", check.id, level(check.rule).word(), check.title)
        };
        print(&checks.iter().map(line).collect::<String>())
    }

    fn servers(&self) -> anyhow::Result<()> {
        let catalogue = Catalogue::load(&self.servers)?;
        if self.json {
            let entry = |entry: &startline::servers::Entry| {
                json!({
                    "name": entry.name,
                    "title": entry.title,
                    "install": entry.package.install,
                    "echo": entry.run.echo,
                    "deviations": entry.deviations.len(),
                })
            };
            return print_json(&catalogue.entries.iter().map(entry).collect());
        }
        let line = |entry: &startline::servers::Entry| {
            format!("{:<16} {:<3} known deviations  {}\n", entry.name, entry.deviations.len(), entry.title)
        };
        print(&catalogue.entries.iter().map(line).collect::<String>())
    }
}

impl Explain {
    pub(crate) fn run(self) -> anyhow::Result<Exit> {
        if let Some(check) = builtin().iter().find(|check| check.id == self.id) {
            if self.json {
                print_json(&json!({ "check": check_json(check), "rule": rule_json(check.rule) }))?;
            } else {
                print(&format!("{}\n{}", explain_check(check), explain_rule(check.rule)))?;
            }
            return Ok(Exit::Clean);
        }
        let Some(rule) = rule::by_id(&self.id) else {
            bail!("there is no check or rule {:?} (startline list shows them)", self.id);
        };
        if self.json {
            print_json(&json!({ "rule": rule_json(rule) }))?;
        } else {
            let mut text = explain_rule(rule);
            text.push_str("\nChecks\n");
            for check in builtin().iter().filter(|check| check.rule == rule) {
                text.push_str(&format!("  {:<46} {}\n", check.id, check.title));
            }
            print(&text)?;
        }
        Ok(Exit::Clean)
    }
}

fn print_json(value: &Value) -> anyhow::Result<()> {
    print(&format!("{}\n", serde_json::to_string_pretty(value)?))
}

fn kind(rule: &Rule) -> &'static str {
    match rule.kind {
        Kind::Fault => "fault",
        Kind::Feature => "feature",
        _ => "duty",
    }
}

fn rule_json(rule: &'static Rule) -> Value {
    let reactions: Vec<Value> = rule
        .reactions
        .iter()
        .map(|reaction| {
            json!({
                "role": reaction.role.word(),
                "on": if reaction.on == rule::On::Request { "request" } else { "response" },
                "level": reaction.level.word(),
                "action": action(reaction.action),
                "statuses": reaction.action.statuses(),
                "close": reaction.action.closes(),
            })
        })
        .collect();
    json!({
        "id": rule.id,
        "rfc": rule.rfc,
        "section": rule.section,
        "kind": kind(rule),
        "impact": rule.impact.word(),
        "summary": rule.summary(),
        "why": rule.why().collect::<Vec<_>>().join(" "),
        "reactions": reactions,
    })
}

fn check_json(check: &Check) -> Value {
    let (steps, control, probe) = match &check.plan {
        Plan::Exchange { steps, control } => (texts(steps), texts(control), None),
        Plan::Probe(probe) => (Vec::new(), Vec::new(), Some(probe.name)),
    };
    json!({
        "id": check.id,
        "title": check.title,
        "rule": check.rule.id,
        "also": check.also.iter().map(|rule| rule.id).collect::<Vec<_>>(),
        "rfc": check.rule.rfc,
        "section": check.rule.section,
        "level": level(check.rule).word(),
        "impact": check.rule.impact.word(),
        "role": check.role.word(),
        "tags": check.tags,
        "probe": probe,
        "steps": steps,
        "control": control,
        "file": check.file,
    })
}

fn texts(steps: &[Step]) -> Vec<String> {
    steps
        .iter()
        .map(|step| match step {
            Step::Send(template) => template.source().to_owned(),
            Step::Pause(time) => format!("(pause {} ms)", time.as_millis()),
            Step::Await(awaited) => format!("(await {awaited:?})").to_lowercase(),
            Step::Shutdown => "(close the sending side)".to_owned(),
            Step::Reset => "(reset)".to_owned(),
        })
        .collect()
}

fn action(action: Action) -> &'static str {
    match action {
        Action::Reject { .. } => "reject",
        Action::RejectOrRepair { .. } => "reject or repair",
        Action::MayRepair { .. } => "repair or reject",
        Action::ProcessThenClose => "process, then close",
        Action::NotMisread => "never serve it under another value",
        Action::Tolerate => "accept",
        Action::Unstated => "nothing is asked",
        Action::Discard => "discard",
        Action::Answer { .. } => "answer with a status in its place",
        _ => "do it",
    }
}

fn explain_rule(rule: &'static Rule) -> String {
    let mut text = format!("{}\n  {}\n\n", rule.id, rule.summary());
    for line in rule.why() {
        text.push_str(&format!("  {line}\n"));
    }
    text.push_str(&format!(
        "\n  RFC {} section {}; a {}, {} impact\n\nWho is bound\n",
        rule.rfc,
        rule.section,
        kind(rule),
        rule.impact.word()
    ));
    for reaction in rule.reactions {
        let statuses: Vec<String> = reaction.action.statuses().iter().map(u16::to_string).collect();
        let statuses = if statuses.is_empty() { String::new() } else { format!(" with {}", statuses.join(" or ")) };
        let close = if reaction.action.closes() { ", connection closed afterwards" } else { "" };
        let on = if reaction.on == rule::On::Request { "request" } else { "response" };
        text.push_str(&format!(
            "  {:<14} on a {on:<9} {:<10} {}{statuses}{close}\n",
            reaction.role.word(),
            reaction.level.word(),
            action(reaction.action)
        ));
    }
    text
}

fn explain_check(check: &Check) -> String {
    let mut text = format!("{}\n  {}\n", check.id, check.title);
    let mut part = |name: &str, steps: &[Step]| {
        text.push_str(&format!("\n{name}\n"));
        for step in texts(steps) {
            for line in step.trim_end_matches('\n').lines() {
                text.push_str(&format!("  | {line}\n"));
            }
        }
    };
    match &check.plan {
        Plan::Exchange { steps, control } => {
            part("What is sent (a newline is CRLF)", steps);
            part("Its control", control);
        }
        Plan::Probe(probe) => text.push_str(&format!("\nA conversation: {}\n", probe.about)),
    }
    if let Some(need) = check.needs {
        text.push_str(&format!("\nTried on\n  {}\n", need.remedy()));
    }
    if let Some(expect) = &check.expect {
        text.push_str(&format!("\nExpected\n  {}\n", expect.reason));
    }
    text
}
