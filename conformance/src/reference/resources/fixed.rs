//! `/fixed`: a text that never changes, with a strong ETag, a Last-Modified and byte ranges.

use std::time::{Duration, UNIX_EPOCH};

use super::{Representation, Surroundings, other, serve};
use crate::field::tag::EntityTag;
use crate::reference::answer::Answer;
use crate::reference::application::Request;

pub(super) const PATH: &str = "/fixed";

/// 5 March 2024, 10:20:30.
const MODIFIED: u64 = 1_709_634_030;

pub(super) fn reply(request: &Request<'_>, method: &[u8], at: Surroundings<'_>) -> Answer {
    match method {
        b"GET" | b"HEAD" => serve(request, method, &representation(), at),
        _ => other(method, "GET, HEAD, OPTIONS"),
    }
}

/// Lines of 32 octets, each of which says where it stands.
pub(super) fn representation() -> Representation {
    let content: String =
        (0..16).map(|line| format!("octets {:03} to {:03} of a text ...\n", line * 32, line * 32 + 31)).collect();
    Representation {
        content: content.into_bytes(),
        content_type: "text/plain".to_owned(),
        etag: EntityTag { is_weak: false, opaque: b"fixed-1".to_vec() },
        modified: UNIX_EPOCH + Duration::from_secs(MODIFIED),
        fields: vec![("Cache-Control", "no-cache".to_owned())],
        metadata: Vec::new(),
    }
}
