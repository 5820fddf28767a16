//! `/private`: behind the Basic scheme (RFC 9110 section 11, RFC 7617).

use std::sync::atomic::Ordering;

use super::{Surroundings, other, serve_plain, too_eager};
use crate::credentials::Credentials;
use crate::reference::answer::Answer;
use crate::reference::application::Request;
use crate::reference::behaviour::{Deed, ResourceFault};
use crate::reference::lapse::Lapse;

pub(super) const PATH: &str = "/private";

/// The user and the password.
pub(super) const CREDENTIALS: &str = "startline:startline";

pub(super) fn reply(request: &Request<'_>, method: &[u8], at: Surroundings<'_>) -> Answer {
    if let Some(answer) = too_eager(request, method, at, Lapse::OnChallenge) {
        return answer;
    }
    let does = |fault| at.behaviour.does(Deed::Resources(fault));
    let mut is_known = is_known(request, does(ResourceFault::SchemeCaseCounts));
    if does(ResourceFault::IdentityOfConnection) {
        is_known |= at.store.is_known.fetch_or(is_known, Ordering::Relaxed);
    }
    match method {
        b"GET" | b"HEAD" | b"OPTIONS" if !is_known => Answer::new(401, "who is there?\n")
            .with_field("WWW-Authenticate", "Basic realm=\"startline\", charset=\"UTF-8\""),
        b"GET" | b"HEAD" => {
            let answer = Answer::new(200, "come in\n").with_field("Cache-Control", "private");
            serve_plain(request, method, at, answer)
        }
        _ => other(method, "GET, HEAD, OPTIONS"),
    }
}

/// Whether there is one `Authorization`, and it is right. The scheme is compared without case.
fn is_known(request: &Request<'_>, case_counts: bool) -> bool {
    let mut values = request.message.values("authorization");
    let (Some(value), None) = (values.next(), values.next()) else { return false };
    let Some(blank) = value.iter().position(|&octet| octet == b' ') else { return false };
    let token68 = value[blank..].trim_ascii_start();
    let wanted = Credentials::parse(CREDENTIALS).map(|credentials| credentials.token68());
    let scheme = &value[..blank];
    let is_basic = if case_counts { scheme == b"Basic" } else { scheme.eq_ignore_ascii_case(b"basic") };
    is_basic && wanted.is_some_and(|wanted| wanted.as_bytes() == token68)
}
