//! `startline replay FILE`

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context as _;
use clap::Args;
use startline::calibrate::{Bounds, calibrate};
use startline::fuzz::confirm::Confirmer;
use startline::fuzz::store;
use startline::probe::Context;
use startline::runner::Pace;
use startline::target::{AddressClass, Target};

use super::fuzz::finding_file;
use super::output::print;
use super::whom::Whom;
use super::{Exit, interrupted};

/// Send a finding of the fuzzer again, octet for octet, and say whether the same is seen.
///
/// Exit status: 1 if it is seen again, 0 if not, 2 if nothing can be said.
#[derive(Args)]
pub(crate) struct Replay {
    /// finding.json, or the folder that it is in
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Another target than the one that it was found on; where Host named that one, it names this one then
    #[arg(value_name = "URL")]
    url: Option<String>,
    #[command(flatten)]
    target: Whom,
}

impl Replay {
    pub(crate) async fn run(self) -> anyhow::Result<Exit> {
        let finding = store::load(&finding_file(&self.file))?;
        let url = self.url.as_deref().unwrap_or(&finding.target);
        let target = Target::resolve(url, &self.target.options()).await?;
        let class = target.endpoint.class();
        anyhow::ensure!(
            class == AddressClass::Loopback || self.target.i_am_authorised,
            "{url} is not on this machine: sending this there needs --i-am-authorised"
        );
        let octets = finding.octets().context("the message is not in the notation")?;
        let octets = startline::fuzz::site::for_host(&octets, &finding.host, &target.host);
        let known = tokio::select! {
            known = calibrate(&target, 1, Bounds::of(class), class == AddressClass::Loopback) => known,
            () = interrupted() => return Ok(Exit::Interrupted),
        };
        let calibration = known.map_err(|problem| anyhow::anyhow!("{url}: {problem}"))?;
        let confirmer = Confirmer::new(Context::new(target, calibration, Pace::new(None)));
        let again = tokio::select! {
            again = confirmer.again(&octets, &finding) => again,
            () = interrupted() => return Ok(Exit::Interrupted),
            () = tokio::time::sleep(Duration::from_secs(120)) => anyhow::bail!("it took longer than two minutes"),
        };
        print(&again.text)?;
        Ok(if again.shows { Exit::Findings } else { Exit::Clean })
    }
}
