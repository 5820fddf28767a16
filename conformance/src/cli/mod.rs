//! The command line, a file per subcommand.
//!
//! Exit codes: 0 nothing unexpected, 1 findings, 2 could not judge, 130 interrupted.

mod audit;
mod catalogue;
mod corpus;
mod coverage;
mod demo;
mod diff;
mod fingerprint;
mod fuzz;
mod output;
mod pairs;
mod replay;
mod selftest;
mod selftest_fuzz;
mod serve;
mod servers;
mod whom;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Says, rule by rule of RFC 9110 and RFC 9112, what an HTTP/1.1 server does wrong.
#[derive(Parser)]
#[command(name = "startline", version, max_term_width = 100, after_help = EXIT_CODES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

const EXIT_CODES: &str = "\
Exit status: 0 nothing unexpected; 1 findings; 2 could not judge (usage, unreachable, too few checks judged, an error \
of the tool); 130 interrupted, with what is known so far.";

#[derive(Subcommand)]
enum Command {
    /// Audit the embedded server with a few faults switched on; needs nothing else
    Demo(demo::Demo),
    /// Audit servers
    Audit(audit::Audit),
    /// Fuzz a server, with the RFCs as the judge
    Fuzz(fuzz::Fuzz),
    /// Send the same octets to several servers, and show where they read them differently
    Diff(diff::Diff),
    /// Send a finding of the fuzzer again
    Replay(replay::Replay),
    /// Find out how a server reads: for each point at which servers differ, what it does
    Fingerprint(fingerprint::Fingerprint),
    /// List what two servers split into messages differently, by their profiles
    Pairs(pairs::Pairs),
    /// Start the real servers of a checkout and audit them against their known deviations
    Servers(servers::Servers),
    /// Run the reference server, with a fault if wanted
    Serve(serve::Serve),
    /// Test the tool itself: a clean reference, every mutant, every backend that tempts to false verdicts
    SelfTest(selftest::SelfTest),
    /// List checks, rules or servers
    List(catalogue::List),
    /// Explain a check or a rule
    Explain(catalogue::Explain),
    /// Put folders of inputs together, and look through them
    Corpus(corpus::CorpusCommand),
    /// Every requirement of RFC 9110 and RFC 9112, and what tests it
    Coverage(coverage::Coverage),
}

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// Nothing unexpected.
    Clean = 0,
    /// Could not judge.
    Unjudged = 2,
    /// Findings.
    Findings = 1,
    /// Interrupted.
    Interrupted = 130,
}

pub(crate) fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are no errors; clap knows which stream each goes to.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { Exit::Unjudged as u8 } else { Exit::Clean as u8 });
        }
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&anyhow::Error::from(error).context("cannot start the runtime")),
    };
    let result = runtime.block_on(async {
        match cli.command {
            Command::Demo(command) => command.run().await,
            Command::Audit(command) => command.run().await,
            Command::Fuzz(command) => command.run().await,
            Command::Diff(command) => command.run().await,
            Command::Replay(command) => command.run().await,
            Command::Fingerprint(command) => command.run().await,
            Command::Pairs(command) => command.run().await,
            Command::Servers(command) => command.run().await,
            Command::Serve(command) => command.run().await,
            Command::SelfTest(command) => command.run().await,
            Command::List(command) => command.run(),
            Command::Explain(command) => command.run(),
            Command::Corpus(command) => command.run(),
            Command::Coverage(command) => command.run(),
        }
    });
    // A peer that never lets go of a blocking call must not keep the command from ending.
    runtime.shutdown_background();
    match result {
        Ok(exit) => ExitCode::from(exit as u8),
        Err(error) => fail(&error),
    }
}

fn fail(error: &anyhow::Error) -> ExitCode {
    anstream::eprintln!("startline: {error:#}");
    ExitCode::from(Exit::Unjudged as u8)
}

/// Completes when the user presses the stop key, or the system asks for an end.
pub(crate) async fn interrupted() {
    let mut terminate = match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(terminate) => terminate,
        Err(_) => return std::future::pending().await,
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}
