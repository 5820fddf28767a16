//! `startline diff URL URL...`

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use clap::{Args, ValueEnum};
use startline::corpus::Corpus;
use startline::diff::source::{Source, comparable};
use startline::diff::{Diff as Found, Options, diff};
use startline::fuzz::generate::{Generator, Mix, of_checks};
use startline::fuzz::site::Site;
use startline::report::diff::{Compared, human, json};
use startline::runner::{self, CutShort};
use startline::target::{AddressClass, Target, token};

use super::audit::{Selection, quote};
use super::output::{self, Format, Output};
use super::whom::Whom;
use super::{Exit, interrupted};

/// Send the same octets to several servers, and show where they read them differently.
///
/// Exit status: 0 no disagreement; 1 disagreements; 2 not everything could be compared; 130 interrupted. Connections
/// that are closed sooner or later are a disagreement only where a rule is broken by it.
#[derive(Args)]
pub(crate) struct Diff {
    /// Targets, two or more: http://HOST[:PORT]/PATH, https://..., http+unix://%2Fpath%2Fto%2Fsocket/PATH
    #[arg(value_name = "URL")]
    urls: Vec<String>,
    /// Where the octets come from
    #[arg(long, value_enum, default_value_t = From::Checks, conflicts_with = "corpus")]
    source: From,
    /// Take the octets from this folder, each file a stream; of those of another target, host and path are rewritten
    #[arg(long, value_name = "DIR")]
    corpus: Option<PathBuf>,
    #[command(flatten)]
    selection: Selection,
    /// Repeats what the generator made; drawn and shown if it is not given
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Inputs from the generator
    #[arg(long, value_name = "N", default_value_t = 5_000, value_parser = clap::value_parser!(u64).range(1..))]
    requests: u64,
    /// What is generated how often: default, kept, framing, target, fields or chunked
    #[arg(long, value_name = "NAME", default_value = "default")]
    mix: String,
    /// Keep the stream of each disagreement in this folder, for --corpus
    #[arg(long, value_name = "DIR")]
    save: Option<PathBuf>,
    /// Streams at once, at most [default: 16 on loopback, 4 elsewhere]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: Option<u16>,
    /// Connections a second to each target, at most [default: none on loopback, 20 elsewhere]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    rate: Option<u32>,
    /// Seconds after which it ends with what is known
    #[arg(long, value_name = "SECONDS", default_value_t = 300, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    deadline: u64,
    /// human or json, to stdout; with =FILE to a file; may be given several times
    #[arg(long, value_name = "NAME[=FILE]")]
    format: Vec<Output>,
    /// Argue every disagreement, show what came back, and when who closed
    #[arg(long, short)]
    verbose: bool,
    #[command(flatten)]
    target: Whom,
}

/// Where the octets come from.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum From {
    /// The checks that are one flight of octets
    Checks,
    /// The generator of the fuzzer
    Generator,
}

impl Diff {
    pub(crate) async fn run(self) -> anyhow::Result<Exit> {
        ensure!(
            self.urls.len() > 1,
            "diff holds targets against each other: give two URLs or more, such as http://127.0.0.1:8080/ \
             http://127.0.0.1:8081/ (startline audit takes one)"
        );
        output::prepare(&self.format)?;
        let mut targets = Vec::new();
        for url in &self.urls {
            targets.push(Target::resolve(url, &self.target.options()).await?);
        }
        let far = targets.iter().find(|target| target.endpoint.class() == AddressClass::Elsewhere);
        let may_disturb = far.is_none() || self.target.i_am_authorised;
        let is_checks = self.corpus.is_none() && self.source == From::Checks;
        if let (Some(far), false, false) = (far, may_disturb, is_checks) {
            bail!(
                "{} is not on this machine: what does not come from checks can disturb others who use it, so that it \
                 needs --i-am-authorised, from somebody who may say so",
                far.url
            );
        }
        let defaults = runner::Options::of(far.map_or(AddressClass::Loopback, |far| far.endpoint.class()));
        let options = Options {
            jobs: self.jobs.map_or(defaults.jobs, usize::from),
            rate: self.rate.or(defaults.rate),
            deadline: Duration::from_secs(self.deadline),
            authorised: self.target.i_am_authorised,
            bounds: None,
        };
        let (source, told) = self.source(&targets, may_disturb)?;
        let mut save = match (&self.save, targets.first()) {
            (Some(dir), Some(first)) => Some(Corpus::open_or_begin(dir, &Site::of(first))?),
            _ => None,
        };
        let first = targets.first().cloned().context("no target")?;
        let found = diff(targets, source, &options, interrupted()).await;
        if let Some(corpus) = &mut save {
            for case in found.disagreements.iter().filter(|case| case.counts()) {
                let octets = case.stream.octets(&first, &token());
                corpus.add(&corpus.of_site(&octets, &Site::of(&first)))?;
            }
        }
        let again = is_checks.then(|| format!("startline diff{}", self.given().concat()));
        let compared = Compared { diff: &found, source: &told, again: again.as_deref() };
        output::write_as(&self.format, |format| {
            Ok(match format {
                Format::Human => human(&compared, self.verbose),
                Format::Json => json(&compared),
            })
        })
        .context("the comparison is done, but its report is lost")?;
        Ok(exit(&found))
    }

    /// Where the streams come from, and how they can be had again.
    fn source(&self, targets: &[Target], may_disturb: bool) -> anyhow::Result<(Source, String)> {
        if let Some(dir) = &self.corpus {
            return Ok((Source::Corpus(Corpus::open(dir)?), format!("the corpus {}", dir.display())));
        }
        if self.source == From::Checks {
            let checks = comparable(&self.selection.checks()?, targets, may_disturb);
            ensure!(!checks.is_empty(), "none of these checks is a single flight of octets, which diff compares");
            return Ok((Source::Checks(checks), "the checks".to_owned()));
        }
        let mix = Mix::by_name(&self.mix).with_context(|| {
            let names: Vec<&str> = Mix::ALL.iter().map(|mix| mix.name).collect();
            format!("there is no mix {:?}; there are {}", self.mix, names.join(", "))
        })?;
        let seed = self.seed.unwrap_or_else(|| fastrand::u64(..1 << 53));
        let site = Site::of(targets.first().context("no target")?);
        let generator = Generator::new(seed, site.clone(), mix, of_checks(&site));
        let told = format!("the generator (--seed {seed} --mix {})", self.mix);
        Ok((Source::Generator { generator, site, requests: self.requests }, told))
    }

    /// The targets and what was said of them, for the command that repeats a check.
    fn given(&self) -> Vec<String> {
        let mut given: Vec<String> = self.urls.iter().map(|url| format!(" {}", quote(url))).collect();
        given.extend(self.selection.given());
        given.extend(self.target.given());
        given
    }
}

fn exit(found: &Found) -> Exit {
    let met = found.parties.iter().filter(|party| party.calibration.is_ok() && !party.is_lost).count();
    if found.cut_short == Some(CutShort::Interrupted) {
        Exit::Interrupted
    } else if found.disagreements.iter().any(|case| case.counts()) {
        Exit::Findings
    } else if met < found.parties.len() || found.cut_short.is_some() || found.played == 0 {
        Exit::Unjudged
    } else {
        Exit::Clean
    }
}
