//! `startline servers`: real servers, started and audited against their known deviations.

use std::path::PathBuf;

use anyhow::{Context as _, bail};
use clap::Args;
use startline::report::{Report, Style, count};
use startline::results::{self, Saved};
use startline::runner;
use startline::servers::{Cache, Catalogue, Entry, Running as Server};
use startline::target::{Target, TargetOptions};
use startline::triage::{Triage, triage, vote};

use super::audit::{Running, Selection, catalogue_hash, worst};
use super::output::{self, print};
use super::{Exit, interrupted};

/// Start the real servers of a checkout and audit them against their known deviations.
///
/// A finding that is not known fails, and so does a known deviation that is no longer found. Findings on another version
/// than the deviations were written for are only reported.
#[derive(Args)]
pub(crate) struct Servers {
    /// Names of servers (startline list servers)
    #[arg(value_name = "NAME", required_unless_present_any = ["all", "page"])]
    names: Vec<String>,
    /// All of them
    #[arg(long, conflicts_with = "names")]
    all: bool,
    /// The names are those of pinned old releases (startline list servers --old), which --all leaves out; all that they
    /// get wrong is reported as unknown
    #[arg(long, conflicts_with_all = ["all", "save", "page"])]
    old: bool,
    /// Folder with the entries
    #[arg(long, value_name = "DIR", default_value = "servers")]
    servers: PathBuf,
    /// Where packages are installed
    #[arg(long, value_name = "DIR", default_value = "target/servers")]
    cache: PathBuf,
    /// Install and start, then leave the servers running until interrupted, without an audit
    #[arg(long)]
    only_start: bool,
    /// Print the unknown findings as `[[deviation]]` entries whose reasons are still to be written
    #[arg(long)]
    skeleton: bool,
    /// Keep what each audit came to in `results/NAME.json` beside the entries
    #[arg(long, conflicts_with_all = ["only", "exclude", "checks", "only_start"])]
    save: bool,
    /// Write the page of all results that are kept, docs/servers.md by default; without names, nothing is run
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true, default_missing_value = "docs/servers.md")]
    page: Option<PathBuf>,
    #[command(flatten)]
    selection: Selection,
    #[command(flatten)]
    running: Running,
}

/// The folder of the results within that of the entries.
const RESULTS: &str = "results";

impl Servers {
    pub(crate) async fn run(self) -> anyhow::Result<Exit> {
        let checks = self.selection.checks()?;
        output::prepare(&self.running.format)?;
        let catalogue = if self.old { Catalogue::load_old(&self.servers)? } else { Catalogue::load(&self.servers)? };
        if self.names.is_empty() && !self.all {
            self.write_page(&catalogue)?;
            return Ok(Exit::Clean);
        }
        let entries: Vec<Entry> = if self.all {
            catalogue.entries.clone()
        } else {
            catalogue.select(&self.names)?.into_iter().cloned().collect()
        };
        if entries.is_empty() {
            bail!("there is no server in {}", self.servers.display());
        }
        if self.only_start {
            return self.start_all(entries).await;
        }
        let hash = catalogue_hash(&checks);
        let (mut audits, mut triages, mut exits) = (Vec::new(), Vec::new(), Vec::new());
        for entry in entries {
            let server = match self.start(entry.clone()).await {
                Ok(server) => server,
                Err(error) => {
                    // The others can be judged all the same.
                    anstream::eprintln!("startline: {error:#}");
                    exits.push(Exit::Unjudged);
                    continue;
                }
            };
            results::forget_peak();
            let target = Target::resolve(&server.url(), &options(&entry)).await?;
            let options = self.running.options(target.endpoint.class(), false);
            let mut audit = runner::audit(target, &checks, &options, interrupted()).await;
            let triage = triage(&entry, server.version(), &audit);
            let exit = self.running.exit(&audit);
            exits.push(if exit == Exit::Findings { Exit::Clean } else { exit });
            exits.push(if triage.is_as_known() { Exit::Clean } else { Exit::Findings });
            tokio::task::spawn_blocking(move || server.stop()).await.context("the server could not be stopped")?;
            anstream::eprintln!("{}", line(&triage, &audit));
            if self.save {
                match Saved::of(&triage, &audit, &hash, results::peak()) {
                    Some(saved) => drop(saved.save(&self.servers.join(RESULTS))?),
                    None => anstream::eprintln!(
                        "startline: server {}: not saved, for it was not audited to the end",
                        triage.name
                    ),
                }
            }
            if !self.reports() {
                // Nobody looks at them again, and many servers have many.
                audit.results.iter_mut().for_each(|result| result.exchanges = Vec::new());
            }
            audits.push(audit);
            triages.push(triage);
            if exit == Exit::Interrupted {
                break;
            }
        }
        if self.reports() {
            let report = Report { audits: &audits, catalogue: &hash, repeat: &[] };
            output::write(&self.running.format, &report, Style { verbose: self.running.verbose })?;
        }
        if self.running.format.iter().all(|output| !output.is_stdout()) {
            let tell = |triage: &Triage| if self.skeleton { triage.skeleton() } else { triage.to_string() };
            print(&triages.iter().map(tell).collect::<String>())?;
            if audits.len() > 2 && !self.skeleton {
                print(&vote(&triages, &audits))?;
            }
        }
        self.write_page(&catalogue)?;
        Ok(worst(exits))
    }

    /// Whether the exchanges are shown in the end.
    fn reports(&self) -> bool {
        !self.running.format.is_empty() || self.running.verbose
    }

    fn write_page(&self, catalogue: &Catalogue) -> anyhow::Result<()> {
        let Some(file) = &self.page else { return Ok(()) };
        let saved = results::load(&self.servers.join(RESULTS))?;
        std::fs::write(file, results::page(&catalogue.entries, &saved))
            .with_context(|| format!("cannot write to {}", file.display()))?;
        anstream::eprintln!("{} of {} in {}", saved.len(), count(catalogue.entries.len(), "server"), file.display());
        Ok(())
    }

    /// Installs and starts one server; blocking work, off the runtime's threads.
    async fn start(&self, entry: Entry) -> anyhow::Result<Server> {
        let cache = Cache::at(&self.cache);
        let name = entry.name.clone();
        let started = tokio::task::spawn_blocking(move || {
            entry.install(&cache)?;
            entry.start(&cache)
        });
        started.await.context("the server could not be started")?.with_context(|| format!("server {name}"))
    }

    async fn start_all(&self, entries: Vec<Entry>) -> anyhow::Result<Exit> {
        let mut servers = Vec::new();
        for entry in entries {
            let server = self.start(entry).await?;
            print(&format!("{} {} listening on {}\n", server.name(), server.version(), server.url()))?;
            servers.push(server);
        }
        interrupted().await;
        tokio::task::spawn_blocking(move || drop(servers)).await.context("a server could not be stopped")?;
        Ok(Exit::Interrupted)
    }
}

/// The resources that the entry has.
fn options(entry: &Entry) -> TargetOptions {
    let paths = std::iter::once(&entry.run.path).chain(&entry.run.paths).cloned().collect();
    TargetOptions { paths, credentials: entry.run.credentials.clone(), ..TargetOptions::default() }
}

fn line(triage: &Triage, audit: &runner::Audit) -> String {
    format!(
        "{} {}: {} known, {} unknown, {} stale; {}, {:.0} % judged, {}",
        triage.name,
        triage.version,
        triage.known.len(),
        triage.unknown.len(),
        triage.stale.len(),
        count(audit.results.len(), "check"),
        startline::report::judged_percent(audit),
        startline::report::time(audit.took)
    )
}
