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

/// Octets that were written for one host, for another: where the one is named, the other is.
#[must_use]
pub fn for_host(octets: &[u8], from: &str, to: &str) -> Vec<u8> {
    let from = from.as_bytes();
    let mut written = Vec::with_capacity(octets.len());
    let mut rest = octets;
    while let Some(&first) = rest.first() {
        if !from.is_empty() && rest.starts_with(from) {
            written.extend_from_slice(to.as_bytes());
            rest = &rest[from.len()..];
        } else {
            written.push(first);
            rest = &rest[1..];
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_renamed_wherever_it_stands() {
        let octets = for_host(b"GET http://a:1/ HTTP/1.1\r\nHost: a:1\r\n\r\n", "a:1", "b");
        assert_eq!(octets, b"GET http://b/ HTTP/1.1\r\nHost: b\r\n\r\n");
        assert_eq!(for_host(b"a", "", "b"), b"a");
    }
}
