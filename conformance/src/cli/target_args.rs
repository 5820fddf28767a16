//! What can be said of a target, in every command that talks to one.

use std::path::PathBuf;

use clap::Args;
use startline::connection::tls::TlsOptions;
use startline::target::TargetOptions;

use super::audit::quote;

/// How the target is talked to.
#[derive(Args, Clone, Default)]
pub(crate) struct TargetArgs {
    /// Path and query of a resource that answers, instead of the URL's
    #[arg(long, value_name = "PATH")]
    path: Option<String>,
    /// Value of Host, instead of the URL's host and port
    #[arg(long, value_name = "HOST")]
    host_header: Option<String>,
    /// A further field in every request; its value is redacted from every output
    #[arg(long, value_name = "NAME: VALUE")]
    header: Vec<String>,
    /// Take any TLS certificate
    #[arg(long)]
    insecure: bool,
    /// Trust the certificates in this PEM file besides those of the system
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,
    /// Off loopback: send what could disturb others, as somebody who may
    #[arg(long)]
    pub(crate) i_am_authorised: bool,
}

impl TargetArgs {
    pub(crate) fn options(&self) -> TargetOptions {
        TargetOptions {
            paths: self.path.iter().cloned().collect(),
            credentials: None,
            host: self.host_header.clone(),
            fields: self.header.clone(),
            tls: TlsOptions { insecure: self.insecure, ca: self.ca.clone() },
        }
    }
    /// The options that were given, for a command that repeats something.
    pub(crate) fn given(&self) -> Vec<String> {
        let valued = |name: &str, value: &str| format!("{name} {}", quote(value));
        let mut given: Vec<String> = self.path.iter().map(|path| valued("--path", path)).collect();
        given.extend(self.host_header.iter().map(|host| valued("--host-header", host)));
        given.extend(self.header.iter().map(|header| valued("--header", header)));
        given.extend(self.ca.iter().map(|file| valued("--ca", &file.display().to_string())));
        given.extend(self.insecure.then(|| "--insecure".to_owned()));
        given.extend(self.i_am_authorised.then(|| "--i-am-authorised".to_owned()));
        given
    }
}
