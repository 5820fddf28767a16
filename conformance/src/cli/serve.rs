//! `startline serve`: the reference server, as it should be or with faults.

use std::net::SocketAddr;

use anyhow::{Context as _, bail};
use clap::Args;
use startline::reference::{Behaviour, Reference, mutant};

use super::output::print;
use super::{Exit, interrupted};

/// Run the reference server until interrupted. The first line on stdout says where it listens.
///
/// Besides the echo it has /fixed (validators and ranges), /store/ (PUT and DELETE), /private (credentials
/// startline:startline), /negotiated and /upgrade.
#[derive(Args)]
pub(crate) struct Serve {
    /// Address to listen on; port 0 is any free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Switch a fault on, by the rule that it breaks
    #[arg(long, value_name = "RULE[:VARIANT]")]
    fault: Option<String>,
    /// Speak TLS, with a certificate made at the start that nobody has signed
    #[arg(long)]
    tls: bool,
    /// List the faults
    #[arg(long)]
    list_faults: bool,
}

impl Serve {
    pub(crate) async fn run(self) -> anyhow::Result<Exit> {
        if self.list_faults {
            let all = mutant::mutants().chain(mutant::lenients());
            let line = |mutant: &mutant::Mutant| {
                let kind = if mutant.is_lenient { "permitted" } else { "fault" };
                format!("{:<54} {kind:<10} {}\n", mutant.to_string(), mutant.rule.summary())
            };
            print(&all.map(line).collect::<String>())?;
            return Ok(Exit::Clean);
        }
        let behaviour = match &self.fault {
            None => Behaviour::default(),
            Some(name) => match mutant::by_name(name) {
                Some(mutant) => mutant.behaviour.clone(),
                None => bail!("there is no fault {name:?} (startline serve --list-faults shows them)"),
            },
        };
        let behaviour = if self.tls { behaviour.with_tls() } else { behaviour };
        let running =
            Reference::start(self.listen, behaviour).with_context(|| format!("cannot listen on {}", self.listen))?;
        print(&format!("listening on {}\n", running.url().trim_end_matches('/')))?;
        interrupted().await;
        tokio::task::spawn_blocking(move || running.stop()).await.context("the server could not be stopped")?;
        Ok(Exit::Interrupted)
    }
}
