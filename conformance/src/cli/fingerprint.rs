//! `startline fingerprint URL`

use std::time::Duration;

use clap::Args;
use startline::profile::{self, Options, Profile};
use startline::target::{AddressClass, Target};

use super::output::{self, Format, Output};
use super::whom::Whom;
use super::{Exit, interrupted};

/// Find out how a server reads: for each point at which servers differ, what it does
#[derive(Args)]
pub(crate) struct Fingerprint {
    /// Target: http://HOST[:PORT]/PATH, https://..., http+unix://%2Fpath%2Fto%2Fsocket/PATH
    #[arg(value_name = "URL")]
    url: String,
    #[command(flatten)]
    whom: Whom,
    #[command(flatten)]
    pace: Pacing,
    /// human or json, to stdout; with =FILE to a file; may be given several times
    #[arg(long, value_name = "NAME[=FILE]")]
    format: Vec<Output>,
}

/// How fast, how often and how long.
#[derive(Args, Clone, Copy)]
pub(crate) struct Pacing {
    /// Connections at once, at most [default: 16 on loopback, 4 elsewhere]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: Option<u16>,
    /// Connections a second, at most [default: none on loopback, 20 elsewhere]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    rate: Option<u32>,
    /// Seconds after which there is no profile
    #[arg(long, value_name = "SECONDS", default_value_t = 300, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    deadline: u64,
    /// How often an outcome has to be seen before it counts
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u8).range(1..=20))]
    repeat: u8,
}

/// Fingerprints one target. None if the user has stopped it.
///
/// # Errors
/// The target is not on this machine and the user has not said to be allowed, or there is no profile of it.
pub(crate) async fn profile_of(url: &str, whom: &Whom, pace: Pacing) -> anyhow::Result<Option<Profile>> {
    let target = Target::resolve(url, &whom.options()).await?;
    let class = target.endpoint.class();
    anyhow::ensure!(
        class == AddressClass::Loopback || whom.i_am_authorised,
        "{url} is not on this machine, and what is sent could disturb others; --i-am-authorised sends it"
    );
    let defaults = startline::runner::Options::of(class);
    let options = Options {
        jobs: pace.jobs.map_or(defaults.jobs, usize::from),
        rate: pace.rate.or(defaults.rate),
        repeat: usize::from(pace.repeat),
        deadline: Duration::from_secs(pace.deadline),
    };
    tokio::select! {
        profile = profile::fingerprint(&target, options) => Ok(Some(profile?)),
        () = interrupted() => Ok(None),
    }
}

impl Fingerprint {
    pub(crate) async fn run(self) -> anyhow::Result<Exit> {
        output::prepare(&self.format)?;
        let Some(profile) = profile_of(&self.url, &self.whom, self.pace).await? else { return Ok(Exit::Interrupted) };
        output::write_as(&self.format, |format| match format {
            Format::Human => Ok(profile.text()),
            Format::Json => Ok(serde_json::to_string_pretty(&profile)? + "\n"),
        })?;
        Ok(Exit::Clean)
    }
}
