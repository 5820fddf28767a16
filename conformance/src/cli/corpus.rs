//! `startline corpus`: folders of inputs, put together and looked through.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use startline::corpus::{Corpus, Skipped};
use startline::judge;
use startline::rule::{self, Rule};
use startline_parser::notation;

use super::Exit;
use super::output::print;

/// Put folders of inputs together, and look through them.
#[derive(Args)]
pub(crate) struct CorpusCommand {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Add the inputs of other folders to one, each once and written for its host and path
    Merge(Merge),
    /// Count the inputs of a folder, by the rules that they break
    List(List),
}

#[derive(Args)]
struct Merge {
    /// The folder to add to; it is made if it is not there
    #[arg(value_name = "OUT")]
    out: PathBuf,
    /// Folders to take from
    #[arg(value_name = "IN", required = true)]
    from: Vec<PathBuf>,
}

#[derive(Args)]
struct List {
    /// The folder
    #[arg(value_name = "DIR")]
    dir: PathBuf,
    /// As JSON
    #[arg(long)]
    json: bool,
}

impl CorpusCommand {
    pub(crate) fn run(self) -> anyhow::Result<Exit> {
        match self.action {
            Action::Merge(merge) => merge.run(),
            Action::List(list) => list.run(),
        }
    }
}

impl Merge {
    fn run(&self) -> anyhow::Result<Exit> {
        // Nothing is begun before every folder is known to be there.
        let mut from = Vec::new();
        for dir in &self.from {
            from.push(Corpus::open(dir)?);
        }
        let site = from.first().context("there is no folder to take from")?.site();
        let mut out = Corpus::open_or_begin(&self.out, site)?;
        for corpus in &from {
            let merged = out.merge(corpus)?;
            tell(&merged.skipped);
            print(&format!(
                "{}: {} added, {} known, {} passed over\n",
                shown(&corpus.dir().display().to_string()),
                merged.added,
                merged.known,
                merged.skipped.len()
            ))?;
        }
        print(&format!("{}: {} inputs\n", shown(&out.dir().display().to_string()), out.len()))?;
        Ok(Exit::Clean)
    }
}

impl List {
    fn run(&self) -> anyhow::Result<Exit> {
        let corpus = Corpus::open(&self.dir)?;
        let (mut inputs, mut octets, mut valid) = (0_usize, 0_usize, 0_usize);
        let mut by_rule: BTreeMap<&'static str, usize> = BTreeMap::new();
        let mut skipped: Vec<Skipped> = Vec::new();
        for input in corpus.inputs() {
            let entry = match input {
                Ok(entry) => entry,
                Err(passed) => {
                    skipped.push(passed);
                    continue;
                }
            };
            inputs += 1;
            octets += entry.octets.len();
            let reading = judge::requests(&entry.octets);
            let mut broken: Vec<&'static str> = reading.faults().map(|fault| fault.rule.id).collect();
            broken.sort_unstable();
            broken.dedup();
            valid += usize::from(broken.is_empty());
            for id in broken {
                *by_rule.entry(id).or_default() += 1;
            }
        }
        if self.json {
            let report = serde_json::json!({
                "schema": 1,
                "host": corpus.site().host,
                "path": corpus.site().path,
                "inputs": inputs,
                "octets": octets,
                "without_fault": valid,
                "faults": by_rule,
                "skipped": skipped.iter().map(|passed| serde_json::json!({ "name": passed.name, "why": passed.why })).collect::<Vec<_>>(),
            });
            let text = serde_json::to_string_pretty(&report).context("a report that is not JSON")?;
            print(&format!("{text}\n"))?;
            return Ok(Exit::Clean);
        }
        tell(&skipped);
        let site = corpus.site();
        let mut text = format!(
            "{inputs} inputs of {octets} octets for {}{}, {valid} of them without a fault\n",
            shown(&site.host),
            shown(&site.path)
        );
        let mut counted: Vec<(&str, usize)> = by_rule.into_iter().collect();
        counted.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
        for (id, count) in counted {
            let place = rule::by_id(id).map_or_else(String::new, place);
            text.push_str(&format!("{count:>8}  {id:<40} {place}\n"));
        }
        print(&text)?;
        Ok(Exit::Clean)
    }
}

fn place(rule: &'static Rule) -> String {
    format!("RFC {} section {}", rule.rfc, rule.section)
}

fn tell(skipped: &[Skipped]) {
    for passed in skipped {
        anstream::eprintln!("startline: passed over {}: {}", shown(&passed.name), passed.why);
    }
}

/// Names and headers may come from others.
fn shown(text: &str) -> String {
    notation::encode(text.as_bytes())
}
