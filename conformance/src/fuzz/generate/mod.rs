//! Inputs from the grammar, damaged.

use std::sync::Arc;

use super::input::{Input, Kind};
use super::site::Site;

/// How often what is generated.
#[derive(Debug, Clone, PartialEq)]
pub struct Mix {
    /// The name by which it is chosen.
    pub name: &'static str,
}

/// Makes inputs.
#[derive(Debug)]
pub struct Generator {
    seed: u64,
    site: Site,
}

impl Generator {
    /// A generator. `checks` are inputs that are recombined with what the grammar gives; none for the grammar and the
    /// dictionary alone.
    #[must_use]
    pub fn new(seed: u64, site: Site, _mix: &'static Mix, _checks: Vec<Input>) -> Self {
        Self { seed, site }
    }

    /// Input number `index`: the same for the same seed, index and `kept`, whatever was made before. `kept` are inputs
    /// that have taught something, the oldest first.
    #[must_use]
    pub fn input(&self, index: u64, _kept: &[Arc<Input>]) -> Input {
        let _ = (self.seed, index);
        let host = self.site.host.as_bytes();
        [
            (Kind::Method, &b"GET"[..]),
            (Kind::Space, b" "),
            (Kind::Target, self.site.path.as_bytes()),
            (Kind::Space, b" "),
            (Kind::Version, b"HTTP/1.1"),
            (Kind::LineEnd, b"\r\n"),
            (Kind::Name, b"Host"),
            (Kind::Colon, b":"),
            (Kind::Blank, b" "),
            (Kind::Value, host),
            (Kind::LineEnd, b"\r\n"),
            (Kind::LineEnd, b"\r\n"),
        ]
        .into_iter()
        .collect()
    }
}
