//! `/upgrade`: asks for another protocol, `startline-echo/1`, which sends back what it gets (RFC 9110 section 7.8).

use super::other;
use crate::reference::answer::Answer;
use crate::reference::application::{Reply, Request};
use crate::reference::behaviour::{Behaviour, Deed};

pub(super) const PATH: &str = "/upgrade";

const PROTOCOL: &str = "startline-echo/1";

pub(super) fn reply(request: &Request<'_>, method: &[u8], behaviour: &Behaviour) -> Reply {
    match method {
        b"GET" if asks(request, behaviour) => Reply::Switch(Answer::new(101, "").with_field("Upgrade", PROTOCOL)),
        // The option `upgrade` comes with the field, wherever it is sent.
        b"GET" | b"HEAD" => {
            Reply::Answer(Answer::new(426, "another protocol is spoken here\n").with_field("Upgrade", PROTOCOL))
        }
        _ => Reply::Answer(other(method, "GET, HEAD, OPTIONS")),
    }
}

/// Whether the request offers the protocol, in HTTP/1.1 and as an option of the connection. The name of a protocol has no
/// case; its version stands as it is.
fn asks(request: &Request<'_>, behaviour: &Behaviour) -> bool {
    let message = request.message;
    let is_ours = |element: &[u8]| {
        let element = element.trim_ascii();
        let slash = element.iter().position(|&octet| octet == b'/');
        let is_name = |name: &[u8]| match behaviour.does(Deed::ProtocolCaseCounts) {
            true => name == b"startline-echo",
            false => name.eq_ignore_ascii_case(b"startline-echo"),
        };
        slash.is_some_and(|at| is_name(&element[..at]) && &element[at..] == b"/1")
            || (behaviour.does(Deed::SwitchesToOwn) && !element.is_empty())
    };
    let is_new = message.version().is_some_and(|version| version.is_11()) || behaviour.does(Deed::SwitchesHttp10);
    is_new
        && message.lists("connection", "upgrade")
        && message.values("upgrade").flat_map(|value| value.split(|&octet| octet == b',')).any(is_ours)
}
