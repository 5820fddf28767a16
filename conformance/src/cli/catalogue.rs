//! `startline list` and `startline explain`: the catalogue for people and as JSON.

use std::path::PathBuf;

use anyhow::{Context as _, bail};
use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use startline::check::{Check, Plan, Step, builtin, load_dir};
use startline::explain;
use startline::report::{count, level};
use startline::rule::{self, Action, Kind, Rule};
use startline::servers::{Advisory, Catalogue, Entry};

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
    /// List the old releases that are kept for the published bugs that they have
    #[arg(long)]
    old: bool,
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

/// Explain a check or a rule: a page each.
#[derive(Args)]
pub(crate) struct Explain {
    /// Id of a check or of a rule
    #[arg(required_unless_present = "markdown")]
    id: Option<String>,
    /// Write a page for each rule, and an index of them, into this folder
    #[arg(long, value_name = "DIR", conflicts_with_all = ["id", "json"])]
    markdown: Option<PathBuf>,
    /// As JSON
    #[arg(long)]
    json: bool,
}

impl List {
    pub(crate) fn run(self) -> anyhow::Result<Exit> {
        match self.what {
            _ if self.old && self.what != What::Servers => bail!("--old is for the list of servers"),
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
            What::Servers if self.old => self.old_servers()?,
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
            return print(&format!("{}, all proved\n", count(checks.len(), "check")));
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
            let entry = |entry: &Entry| {
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
        let line = |entry: &Entry| {
            format!("{:<18} {:<24} {}\n", entry.name, count(entry.deviations.len(), "known deviation"), entry.title)
        };
        print(&catalogue.entries.iter().map(line).collect::<String>())
    }
}

impl List {
    fn old_servers(&self) -> anyhow::Result<()> {
        let catalogue = Catalogue::load_old(&self.servers)?;
        if self.json {
            let entry = |entry: &Entry| {
                json!({
                    "name": entry.name,
                    "title": entry.title,
                    "install": entry.package.install,
                    "advisories": entry.advisories.iter().map(advisory_json).collect::<Vec<_>>(),
                })
            };
            return print_json(&catalogue.entries.iter().map(entry).collect());
        }
        let lines = catalogue.entries.iter().map(|entry| {
            let ids: Vec<&str> = entry.advisories.iter().map(|advisory| advisory.id.as_str()).collect();
            let version = entry.package.install.first().map_or("", String::as_str);
            format!("{:<22} {version:<26} {}\n", entry.name, ids.join(" "))
        });
        print(&lines.collect::<String>())
    }
}

fn advisory_json(advisory: &Advisory) -> Value {
    json!({
        "id": advisory.id,
        "summary": advisory.summary,
        "rules": advisory.rules.iter().map(|rule| rule.id).collect::<Vec<_>>(),
        "trigger": advisory.trigger.source(),
        "shows": advisory.shows,
    })
}

impl Explain {
    pub(crate) fn run(self) -> anyhow::Result<Exit> {
        if let Some(folder) = &self.markdown {
            let files = explain::write(folder).with_context(|| format!("cannot write to {}", folder.display()))?;
            print(&format!("{} in {}\n", count(files, "page"), folder.display()))?;
            return Ok(Exit::Clean);
        }
        let id = self.id.unwrap_or_default();
        let check = builtin().iter().find(|check| check.id == id);
        // Some checks have the name of their rule, whose page has them all.
        let first = check.filter(|check| check.rule.id != check.id);
        let Some(rule) = check.map_or_else(|| rule::by_id(&id), |check| Some(check.rule)) else {
            bail!("there is no check or rule {id:?} (startline list shows them)");
        };
        if !self.json {
            print(&explain::text(rule, first))?;
            return Ok(Exit::Clean);
        }
        let mut page = json!({ "rule": rule_json(rule) });
        let incidents = explain::incidents(rule).iter();
        page["incidents"] =
            incidents.map(|incident| json!({ "name": incident.name(), "story": incident.story() })).collect();
        let of_rule = builtin().iter().filter(|check| check.rule == rule);
        page["checks"] = of_rule.map(|check| check.id.as_str()).collect();
        if let Some(check) = check {
            page["check"] = check_json(check);
            if let Some(sample) = explain::sample(check) {
                page["good"] = answered_json(&sample.good);
                page["bad"] = sample.bad.as_ref().map_or(Value::Null, answered_json);
            }
        }
        print_json(&page)?;
        Ok(Exit::Clean)
    }
}

fn answered_json(answered: &explain::Answered) -> Value {
    json!({
        "fault": answered.mutant.map(ToString::to_string),
        "received": startline_parser::notation::encode(&answered.check.octets()),
        "ended": answered.check.ended.words(),
        "verdict": answered.judgement.verdict,
        "why": answered.judgement.why,
        "expected": answered.judgement.expected,
    })
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
        "needs": check.needs,
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
