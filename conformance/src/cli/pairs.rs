//! `startline pairs A B`

use std::path::Path;

use clap::Args;
use startline::profile::pairs::{Differential, pairs, text};
use startline::profile::{Profile, fingerprint::verify};
use startline::target::{AddressClass, Target};

use super::fingerprint::{Pacing, profile_of};
use super::output::{self, Format, Output};
use super::whom::Whom;
use super::{Exit, interrupted};

/// List what two servers split into messages differently, by their profiles
#[derive(Args)]
pub(crate) struct Pairs {
    /// A profile (fingerprint --format json=FILE), or a URL, which is fingerprinted first
    #[arg(value_name = "FILE|URL")]
    first: String,
    /// Another one
    #[arg(value_name = "FILE|URL")]
    second: String,
    /// Send each stream to these two live targets, and say whether they do what their profiles predict
    #[arg(long, num_args = 2, value_names = ["URL", "URL"])]
    verify: Vec<String>,
    #[command(flatten)]
    whom: Whom,
    #[command(flatten)]
    pace: Pacing,
    /// human or json, to stdout; with =FILE to a file; may be given several times
    #[arg(long, value_name = "NAME[=FILE]")]
    format: Vec<Output>,
}

#[derive(serde::Serialize)]
struct Report<'r> {
    schema: u32,
    tool: &'static str,
    first: &'r str,
    second: &'r str,
    differentials: &'r [Differential],
}

impl Pairs {
    pub(crate) async fn run(self) -> anyhow::Result<Exit> {
        output::prepare(&self.format)?;
        let Some(first) = self.profile(&self.first).await? else { return Ok(Exit::Interrupted) };
        let Some(second) = self.profile(&self.second).await? else { return Ok(Exit::Interrupted) };
        let mut found = pairs(&first, &second)?;
        if let [one, other] = &self.verify[..] {
            let sides = [(self.target(one).await?, &first), (self.target(other).await?, &second)];
            tokio::select! {
                done = verify(&sides, &mut found) => done.map_err(anyhow::Error::msg)?,
                () = interrupted() => return Ok(Exit::Interrupted),
            }
        }
        let report = Report {
            schema: 1,
            tool: concat!("startline ", env!("CARGO_PKG_VERSION")),
            first: &self.first,
            second: &self.second,
            differentials: &found,
        };
        output::write_as(&self.format, |format| match format {
            Format::Human => Ok(text(&self.first, &self.second, &found)),
            Format::Json => Ok(serde_json::to_string_pretty(&report)? + "\n"),
        })?;
        Ok(if found.is_empty() { Exit::Clean } else { Exit::Findings })
    }

    async fn profile(&self, given: &str) -> anyhow::Result<Option<Profile>> {
        if given.contains("://") {
            return profile_of(given, &self.whom, self.pace).await;
        }
        Ok(Some(Profile::load(Path::new(given))?))
    }

    async fn target(&self, url: &str) -> anyhow::Result<Target> {
        let target = Target::resolve(url, &self.whom.options()).await?;
        anyhow::ensure!(
            target.endpoint.class() == AddressClass::Loopback || self.whom.i_am_authorised,
            "{url} is not on this machine, and what is sent could disturb others; --i-am-authorised sends it"
        );
        Ok(target)
    }
}
