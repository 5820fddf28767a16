//! What generated messages have to know of a target, so that it serves the valid ones.

use crate::target::Target;

/// Where messages are for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// The value of `Host`.
    pub host: String,
    /// Path and query of a resource that is known to answer.
    pub path: String,
    /// `http` or `https`.
    pub scheme: &'static str,
}

impl Site {
    /// What is to be known of `target`.
    #[must_use]
    pub fn of(target: &Target) -> Self {
        Self { host: target.host.clone(), path: target.path.clone(), scheme: target.scheme }
    }
}
