//! `startline audit URL...`

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail};
use clap::{Args, ValueEnum};
use startline::check::{Check, builtin, load_dir};
use startline::judge::Verdict;
use startline::report::{Report, Style, findings, judged_percent};
use startline::runner::{self, CutShort, Options};
use startline::segment::Segmentation;
use startline::target::Target;

use super::output::{self, Output};
use super::whom::Whom;
use super::{Exit, interrupted};

/// Audit servers against RFC 9110 and RFC 9112.
#[derive(Args)]
pub(crate) struct Audit {
    /// Targets: http://HOST[:PORT]/PATH, https://..., http+unix://%2Fpath%2Fto%2Fsocket/PATH
    #[arg(value_name = "URL", required = true)]
    urls: Vec<String>,
    #[command(flatten)]
    pub(crate) selection: Selection,
    #[command(flatten)]
    whom: Whom,
    #[command(flatten)]
    pub(crate) running: Running,
}

/// Which checks are run.
#[derive(Args, Default)]
pub(crate) struct Selection {
    /// Run only these checks or rules (ids; a trailing * stands for any ending)
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    only: Vec<String>,
    /// Leave out these checks or rules
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    exclude: Vec<String>,
    /// Run the checks of this folder besides the built-in ones
    #[arg(long, value_name = "DIR")]
    checks: Option<PathBuf>,
}

/// How checks are run and reported.
#[derive(Args, Clone)]
pub(crate) struct Running {
    /// Exchanges at once, at most [default: 16 on loopback, 4 elsewhere]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: Option<u16>,
    /// Connections a second, at most [default: none on loopback, 20 elsewhere]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    rate: Option<u32>,
    /// Seconds after which an audit ends with what is known [default: 120, with --segment 900]
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=86_400))]
    deadline: Option<u64>,
    /// Segments in which checks are sent; several show which verdicts change with them, and the first counts
    #[arg(long, value_name = "WAY", value_delimiter = ',', value_enum)]
    segment: Vec<Segments>,
    /// How often a finding is repeated before it is reported
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u32).range(0..=100))]
    repeat: u32,
    /// Also run the checks that wait for seconds by design: slow and idle peers
    #[arg(long)]
    slow: bool,
    /// Which verdicts make the exit status 1
    #[arg(long, value_enum, default_value_t = FailOn::Fail)]
    fail_on: FailOn,
    /// Exit with 2 if fewer per cent of the checks could be judged
    #[arg(long, value_name = "PERCENT", default_value_t = 50, value_parser = clap::value_parser!(u8).range(0..=100))]
    min_judged: u8,
    /// human or json, to stdout; with =FILE to a file; may be given several times
    #[arg(long, value_name = "NAME[=FILE]")]
    pub(crate) format: Vec<Output>,
    /// Show every check and every reason
    #[arg(long, short)]
    pub(crate) verbose: bool,
}

/// The segments in which checks are sent.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Segments {
    /// What a step sends is one segment
    Whole,
    /// Octet by octet, up to 256 octets; what follows in at most 128 pieces
    Octets,
    /// A cut wherever an element of the grammar ends, and inside each line end
    Boundaries,
    /// Few cuts, with a pause at each
    Pauses,
    /// All of these
    All,
}

impl Segments {
    fn ways(self) -> Vec<Segmentation> {
        match self {
            Self::Whole => vec![Segmentation::Whole],
            Self::Octets => vec![Segmentation::Octets],
            Self::Boundaries => vec![Segmentation::Boundaries],
            Self::Pauses => vec![Segmentation::Pauses],
            Self::All => Segmentation::ALL.to_vec(),
        }
    }
}

/// The verdicts that count.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    /// A MUST is broken
    Fail,
    /// A MUST or a SHOULD is broken
    Warn,
}

impl FailOn {
    pub(crate) const fn verdict(self) -> Verdict {
        match self {
            Self::Fail => Verdict::Fail,
            Self::Warn => Verdict::Warn,
        }
    }
}

impl Running {
    /// The options of an audit of a target of this class.
    pub(crate) fn options(&self, class: startline::target::AddressClass, authorised: bool) -> Options {
        let mut options = Options::of(class);
        options.jobs = self.jobs.map_or(options.jobs, usize::from);
        options.rate = self.rate.or(options.rate);
        for way in self.segment.iter().flat_map(|given| given.ways()) {
            if !options.segmentations.contains(&way) {
                options.segmentations.push(way);
            }
        }
        let seconds = if options.segmentations.is_empty() { 120 } else { 900 };
        options.deadline = Duration::from_secs(self.deadline.unwrap_or(seconds));
        options.repeat = self.repeat;
        options.authorised = authorised;
        options.slow = self.slow;
        options
    }

    /// What one audit comes to.
    pub(crate) fn exit(&self, audit: &runner::Audit) -> Exit {
        if audit.cut_short == Some(CutShort::Interrupted) {
            Exit::Interrupted
        } else if findings(audit, self.fail_on.verdict()) > 0 {
            Exit::Findings
        } else if audit.calibration.is_err()
            || judged_percent(audit) < f64::from(self.min_judged)
            || audit.results.iter().any(|result| result.judgement.verdict == Verdict::Error)
        {
            Exit::Unjudged
        } else {
            Exit::Clean
        }
    }
}

/// Several audits: interrupted if one was, else findings if one has any, else unjudged if one could not be.
pub(crate) fn worst(exits: impl IntoIterator<Item = Exit>) -> Exit {
    let grade = |exit: &Exit| match exit {
        Exit::Clean => 0,
        Exit::Unjudged => 1,
        Exit::Findings => 2,
        Exit::Interrupted => 3,
    };
    exits.into_iter().max_by_key(grade).unwrap_or(Exit::Clean)
}

impl Selection {
    /// The checks to run.
    ///
    /// # Errors
    /// An id that names nothing, or a folder whose checks are broken.
    pub(crate) fn checks(&self) -> anyhow::Result<Vec<Arc<Check>>> {
        let mut all: Vec<Check> = builtin().to_vec();
        if let Some(dir) = &self.checks {
            let more = load_dir(dir).map_err(|errors| {
                let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
                anyhow::anyhow!("{}", lines.join("\nstartline: "))
            })?;
            if let Some(twice) = more.iter().find(|check| all.iter().any(|other| other.id == check.id)) {
                bail!("{}: check {} is built in already", twice.file, twice.id);
            }
            all.extend(more);
        }
        let names = |pattern: &str, check: &Check| match pattern.strip_suffix('*') {
            Some(start) => check.id.starts_with(start) || check.rule.id.starts_with(start),
            None => check.id == pattern || check.rule.id == pattern,
        };
        for pattern in self.only.iter().chain(&self.exclude) {
            if !all.iter().any(|check| names(pattern, check)) {
                bail!("there is no check or rule {pattern:?} (startline list shows them){}", close_to(pattern, &all));
            }
        }
        let wanted = |check: &Check| {
            (self.only.is_empty() || self.only.iter().any(|pattern| names(pattern, check)))
                && !self.exclude.iter().any(|pattern| names(pattern, check))
        };
        let chosen: Vec<Arc<Check>> = all.into_iter().filter(wanted).map(Arc::new).collect();
        if chosen.is_empty() {
            bail!("no check is left to run");
        }
        Ok(chosen)
    }

    /// The options as they were given, for the command that repeats a finding.
    pub(crate) fn given(&self) -> Vec<String> {
        self.checks.iter().map(|dir| format!(" --checks {}", quote(&dir.display().to_string()))).collect()
    }
}

/// An id that begins or ends like the pattern, as a hint.
fn close_to(pattern: &str, all: &[Check]) -> String {
    let stem = pattern.trim_end_matches('*');
    let close = all.iter().find(|check| check.id.contains(stem) || stem.contains(check.rule.id));
    close.map_or(String::new(), |check| format!("; did you mean {:?}?", check.id))
}

/// A word that a shell reads as it is.
pub(crate) fn quote(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=%+@,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// Hash of the checks that are run: the same catalogue gives the same hash.
pub(crate) fn catalogue_hash(checks: &[Arc<Check>]) -> String {
    use sha2::{Digest, Sha256};
    let mut hash = Sha256::new();
    for check in checks {
        hash.update(format!("{:?}\n", (&check.id, check.rule.id, &check.plan, &check.expect)));
    }
    hash.finalize().iter().take(8).map(|octet| format!("{octet:02x}")).collect()
}

impl Audit {
    pub(crate) async fn run(self) -> anyhow::Result<Exit> {
        let checks = self.selection.checks()?;
        output::prepare(&self.running.format)?;
        let options = self.whom.options();
        let mut targets = Vec::new();
        for url in &self.urls {
            targets.push(Target::resolve(url, &options).await?);
        }
        let mut audits = Vec::new();
        for target in targets {
            let class = target.endpoint.class();
            let options = self.running.options(class, self.whom.i_am_authorised);
            let audit = runner::audit(target, &checks, &options, interrupted()).await;
            let stop = audit.cut_short == Some(CutShort::Interrupted);
            audits.push(audit);
            if stop {
                break;
            }
        }
        let repeat = self.given();
        let report = Report { audits: &audits, catalogue: &catalogue_hash(&checks), repeat: &repeat };
        output::write(&self.running.format, &report, Style { verbose: self.running.verbose })
            .context("the audit is done, but its report is lost")?;
        Ok(worst(audits.iter().map(|audit| self.running.exit(audit))))
    }

    /// The options that were given, for the command that repeats a finding; each begins with a blank.
    fn given(&self) -> Vec<String> {
        let mut given = self.selection.given();
        given.extend(self.whom.given());
        let ways: Vec<&str> =
            self.running.segment.iter().flat_map(|given| given.ways()).map(Segmentation::word).collect();
        given.extend((!ways.is_empty()).then(|| format!(" --segment {}", ways.join(","))));
        given
    }
}
