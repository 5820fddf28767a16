//! What can be said of a target besides its URL: the same for every command that has one.

use std::path::PathBuf;

use clap::Args;
use startline::connection::tls::TlsOptions;
use startline::target::TargetOptions;

use super::audit::quote;

/// How to talk to a target.
#[derive(Args, Clone, Default)]
pub(crate) struct Whom {
    /// Path and query of a resource that answers, instead of the URL's; further ones are resources that have what some
    /// checks need: validators, ranges, authentication, negotiation, PUT, Upgrade
    #[arg(long, value_name = "PATH")]
    pub(crate) path: Vec<String>,
    /// For resources behind Basic authentication; redacted from every output
    #[arg(long, value_name = "USER:PASSWORD")]
    pub(crate) credentials: Option<String>,
    /// Value of Host, instead of the URL's host and port
    #[arg(long, value_name = "HOST")]
    pub(crate) host_header: Option<String>,
    /// A further field in every request; its value is redacted from every output
    #[arg(long, value_name = "NAME: VALUE")]
    pub(crate) header: Vec<String>,
    /// Add a User-Agent field that names this tool to every request
    #[arg(long)]
    pub(crate) identify: bool,
    /// Take any TLS certificate
    #[arg(long)]
    pub(crate) insecure: bool,
    /// Trust the certificates in this PEM file besides those of the system
    #[arg(long, value_name = "FILE")]
    pub(crate) ca: Option<PathBuf>,
    /// Off loopback: also send what could disturb others (unsafe methods with content, CONNECT, desynchronisation)
    #[arg(long)]
    pub(crate) i_am_authorised: bool,
}

impl Whom {
    /// As the library takes it.
    pub(crate) fn options(&self) -> TargetOptions {
        let mut fields = self.header.clone();
        if self.identify {
            fields.push(format!("User-Agent: startline/{} (HTTP conformance audit)", env!("CARGO_PKG_VERSION")));
        }
        TargetOptions {
            paths: self.path.clone(),
            credentials: self.credentials.clone(),
            host: self.host_header.clone(),
            fields,
            tls: TlsOptions { insecure: self.insecure, ca: self.ca.clone() },
        }
    }

    /// The options that were given, for a command that repeats something; each begins with a blank.
    pub(crate) fn given(&self) -> Vec<String> {
        let valued = |name: &str, value: &str| format!(" {name} {}", quote(value));
        let mut given: Vec<String> = self.path.iter().map(|path| valued("--path", path)).collect();
        given.extend(self.credentials.iter().map(|pair| valued("--credentials", pair)));
        given.extend(self.host_header.iter().map(|host| valued("--host-header", host)));
        given.extend(self.header.iter().map(|header| valued("--header", header)));
        given.extend(self.ca.iter().map(|file| valued("--ca", &file.display().to_string())));
        let flags = [
            (self.identify, " --identify"),
            (self.insecure, " --insecure"),
            (self.i_am_authorised, " --i-am-authorised"),
        ];
        given.extend(flags.iter().filter(|(on, _)| *on).map(|(_, flag)| (*flag).to_owned()));
        given
    }
}
