//! `startline fuzz URL`

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use clap::Args;
use startline::calibrate::{Bounds, calibrate};
use startline::fuzz::campaign::{self, Event, Totals};
use startline::fuzz::generate::{Generator, Mix, of_checks};
use startline::fuzz::input::Input;
use startline::fuzz::site::Site;
use startline::fuzz::store::{self, State, Store};
use startline::report::fuzz::{Fuzzed, human, json, one, progress};
use startline::runner::Pace;
use startline::target::{AddressClass, Target};

use super::audit::FailOn;
use super::output::{self, Format, Output};
use super::whom::Whom;
use super::{Exit, interrupted};

/// Fuzz a server, with the RFCs as the judge.
///
/// Messages are made from the grammar and damaged; each answer is held against every reading that the RFCs permit. What
/// is odd is repeated, made as small as it gets, compared with a control, and told with the rule that it breaks.
#[derive(Args)]
pub(crate) struct Fuzz {
    /// Target: http://HOST[:PORT]/PATH, https://..., http+unix://%2Fpath%2Fto%2Fsocket/PATH
    #[arg(value_name = "URL")]
    url: String,
    /// Repeats a run; drawn and shown if it is not given
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Inputs to play; an input is a stream of one to several messages
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    requests: Option<u64>,
    /// Seconds to play [default: 60, if --requests is not given]
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=2_592_000))]
    time: Option<u64>,
    /// Exchanges at once, at most [default: 32 on loopback, 4 elsewhere]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    jobs: Option<u16>,
    /// Connections a second, at most [default: none on loopback, 20 elsewhere]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    rate: Option<u32>,
    /// What is generated how often: default, kept, framing, target, fields or chunked
    #[arg(long, value_name = "NAME", default_value = "default")]
    mix: String,
    /// Generate from the grammar and the dictionary alone, not from the checks of the catalogue
    #[arg(long)]
    without_checks: bool,
    /// Play part I of N: the parts of a run with the same seed have no input in common
    #[arg(long, value_name = "I/N", value_parser = shard)]
    shard: Option<(u64, u64)>,
    /// Folder for findings and corpus; a run that is there is gone on with [default: startline-fuzz-HOST-PORT]
    #[arg(long, value_name = "DIR", conflicts_with = "no_out")]
    out: Option<PathBuf>,
    /// Write no folder
    #[arg(long)]
    no_out: bool,
    /// Seconds for which a target that stopped answering is waited for
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    down: u64,
    /// Write findings that are a single message with a fault or feature to this file, as checks
    #[arg(long, value_name = "FILE")]
    promote: Option<PathBuf>,
    /// Which verdicts make the exit status 1
    #[arg(long, value_enum, default_value_t = FailOn::Fail)]
    fail_on: FailOn,
    /// human or json, to stdout; with =FILE to a file; may be given several times
    #[arg(long, value_name = "NAME[=FILE]")]
    format: Vec<Output>,
    #[command(flatten)]
    target: Whom,
}

fn shard(text: &str) -> Result<(u64, u64), String> {
    let parts = text.split_once('/').and_then(|(part, of)| Some((part.parse().ok()?, of.parse().ok()?)));
    match parts {
        Some((part, of)) if (1..=of).contains(&part) => Ok((part, of)),
        _ => Err(format!("{text:?} is not I/N with I from 1 to N")),
    }
}

/// The seed of a part of a run.
fn shard_seed(seed: u64, (part, of): (u64, u64)) -> u64 {
    if of == 1 { seed } else { seed ^ part.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ of.rotate_left(32) }
}

impl Fuzz {
    pub(crate) async fn run(self) -> anyhow::Result<Exit> {
        let mix = Mix::by_name(&self.mix).with_context(|| {
            let names: Vec<&str> = Mix::ALL.iter().map(|mix| mix.name).collect();
            format!("there is no mix {:?}; there are {}", self.mix, names.join(", "))
        })?;
        output::prepare(&self.format)?;
        let target = Target::resolve(&self.url, &self.target.options()).await?;
        let class = target.endpoint.class();
        if class == AddressClass::Elsewhere && !self.target.i_am_authorised {
            bail!(
                "{} is not on this machine: malformed messages can disturb others who use it, so that fuzzing it needs \
                 --i-am-authorised, from somebody who may say so",
                self.url
            );
        }
        let (jobs, rate) = match class {
            AddressClass::Loopback => (32, None),
            AddressClass::Elsewhere => (4, Some(20)),
        };
        let mut options = campaign::Options {
            requests: self.requests,
            time: self.time.or(self.requests.is_none().then_some(60)).map(Duration::from_secs),
            jobs: self.jobs.map_or(jobs, usize::from),
            rate: self.rate.or(rate),
            down: Duration::from_secs(self.down),
            ..campaign::Options::default()
        };
        let folder = (!self.no_out).then(|| self.out.clone().unwrap_or_else(|| default_folder(&target)));
        let shard = self.shard.unwrap_or((1, 1));
        let mut seed = self.seed.unwrap_or_else(|| fastrand::u64(..1 << 53));
        let site = Site::of(&target);
        let mut store = folder.as_deref().map(|folder| Store::open(folder, &site)).transpose()?;
        if let Some(store) = &store {
            seed = self.take_up(store, seed, shard, &mut options)?;
        }
        let mut state = State {
            schema: store::SCHEMA,
            target: target.url.clone(),
            seed,
            mix: self.mix.clone(),
            shard,
            next: options.first,
        };
        if let Some(store) = &store {
            store.save(&state)?;
        }
        anstream::eprintln!("startline: seed {seed}, mix {}", self.mix);
        let bounds = Bounds::of(class);
        // Getting to know the target keeps the same pace.
        let target = Target { pace: options.rate.map(|rate| Arc::new(Pace::new(Some(rate)))), ..target };
        let known = tokio::select! {
            known = calibrate(&target, options.jobs.min(16), bounds, true) => known,
            () = interrupted() => return Ok(Exit::Interrupted),
        };
        let mut calibration = known.map_err(|problem| anyhow::anyhow!("{}: {problem}", self.url))?;
        if calibration.capacity >= options.jobs.min(16) {
            // It was asked for no more than that.
            calibration.capacity = options.jobs;
        }
        let mut seeds = if self.without_checks { Vec::new() } else { of_checks(&site) };
        seeds.extend(store.iter().flat_map(|store| store.kept(&site)));
        let generator = Generator::new(shard_seed(seed, shard), site.clone(), mix, seeds);
        let mut screen = Screen::new(folder.clone());
        let mut failed = None;
        let url = target.url.clone();
        let kept_target = target.clone();
        let run = campaign::run(target, &calibration, generator, &options, interrupted(), |event| {
            if let Some(store) = &mut store
                && let Err(error) = keep(store, &mut state, &event, &kept_target)
            {
                failed.get_or_insert(error);
            }
            screen.show(&event);
        })
        .await;
        screen.clear();
        if let Some(store) = &store {
            store.save(&state)?;
        }
        if let Some(file) = &self.promote {
            let written = startline::fuzz::promote::write(file, &run.findings, &site)?;
            anstream::eprintln!("startline: {written} checks written to {}", file.display());
        }
        let fuzzed = Fuzzed { target: &url, seed, mix: &self.mix, run: &run, folder: folder.as_deref() };
        output::write_as(&self.format, |format| {
            Ok(match format {
                Format::Human => human(&fuzzed),
                Format::Json => json(&fuzzed),
            })
        })?;
        if let Some(error) = failed {
            return Err(anyhow::Error::from(error).context("something could not be written"));
        }
        let counts = |verdict| startline::report::is_finding(verdict, self.fail_on.verdict());
        Ok(if run.interrupted {
            Exit::Interrupted
        } else if run.findings.iter().any(|finding| counts(finding.verdict())) {
            Exit::Findings
        } else {
            Exit::Clean
        })
    }

    /// Goes on with the run that is in the folder, if there is one; its seed.
    fn take_up(
        &self,
        store: &Store,
        seed: u64,
        shard: (u64, u64),
        options: &mut campaign::Options,
    ) -> anyhow::Result<u64> {
        let Some(state) = store.state()? else { return Ok(seed) };
        if state.target != self.url {
            bail!("the folder holds a run against {}; give another --out", state.target);
        }
        options.known = store.findings()?;
        let undecided = store.undecided()?;
        options.undecided = undecided.iter().map(|(number, octets)| (*number, Input::tokenise(octets))).collect();
        if self.seed.is_some_and(|seed| seed != state.seed) || state.mix != self.mix || state.shard != shard {
            return Ok(seed);
        }
        options.first = state.next;
        anstream::eprintln!(
            "startline: going on at input {} with {} findings and {} undecided",
            state.next,
            options.known.len(),
            undecided.len()
        );
        Ok(state.seed)
    }
}

fn default_folder(target: &Target) -> PathBuf {
    let plain: String =
        target.host.chars().map(|c| if c.is_ascii_alphanumeric() || c == '.' { c } else { '-' }).collect();
    PathBuf::from(format!("startline-fuzz-{plain}"))
}

fn keep(store: &mut Store, state: &mut State, event: &Event<'_>, target: &Target) -> Result<(), store::StoreError> {
    match event {
        Event::Kept(_, input) => store.keep(input),
        Event::Suspected(suspicion) => store.suspect(suspicion.index, &suspicion.input),
        Event::Decided(number) => {
            store.decided(*number);
            Ok(())
        }
        Event::Found(finding) => store.add(finding, target).map(|_| ()),
        Event::Progress(totals) => {
            state.next = totals.next;
            store.save(state)
        }
        Event::Down | Event::Up => Ok(()),
    }
}

/// What is shown while it runs: findings as they come, and a line of progress on a terminal.
struct Screen {
    folder: Option<PathBuf>,
    is_terminal: bool,
    shown: bool,
    since: Instant,
}

impl Screen {
    fn new(folder: Option<PathBuf>) -> Self {
        use std::io::IsTerminal as _;
        Self { folder, is_terminal: std::io::stderr().is_terminal(), shown: false, since: Instant::now() }
    }

    fn show(&mut self, event: &Event<'_>) {
        match event {
            Event::Found(finding) if self.is_terminal => {
                self.clear();
                anstream::eprint!("{}", one(finding, self.folder.as_deref()));
            }
            Event::Found(finding) => anstream::eprintln!("startline: found {}", finding.id),
            Event::Down => self.say("the target does not answer; waiting for it"),
            Event::Up => self.say("the target answers again"),
            Event::Progress(totals) if self.is_terminal => self.progress(totals),
            _ => {}
        }
    }

    fn say(&mut self, text: &str) {
        self.clear();
        anstream::eprintln!("startline: {text}");
    }

    fn progress(&mut self, totals: &Totals) {
        if self.since.elapsed() < Duration::from_millis(250) {
            return;
        }
        self.since = Instant::now();
        anstream::eprint!("\r\x1b[K{}", progress(totals));
        self.shown = true;
    }

    fn clear(&mut self) {
        if std::mem::take(&mut self.shown) {
            anstream::eprint!("\r\x1b[K");
        }
    }
}

/// Whether a path is the file of a finding, or its folder.
pub(crate) fn finding_file(path: &Path) -> PathBuf {
    if path.is_dir() { path.join("finding.json") } else { path.to_owned() }
}
