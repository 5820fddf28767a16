//! The reference server in trouble that is none of its own reading: delays, filters, few workers, no persistence.

use std::io;
use std::time::Duration;

use crate::reference::{Application, Behaviour, Deed, Manner, Reference, Running, Screen, Workers};

const ANY_PORT: &str = "127.0.0.1:0";

pub(super) fn jitter() -> io::Result<Running> {
    Reference::start(ANY_PORT, Behaviour { jitter: Duration::from_millis(40), ..Behaviour::default() })
}

pub(super) fn drops() -> io::Result<Running> {
    behind_filter(Manner::Hang)
}

pub(super) fn resets() -> io::Result<Running> {
    behind_filter(Manner::Reset)
}

pub(super) fn redirector() -> io::Result<Running> {
    Reference::start(ANY_PORT, Behaviour { application: Application::Redirect, ..Behaviour::default() })
}

/// Others wait in the backlog until a connection ends, or until it has been idle, or a request incomplete, for a second.
pub(super) fn one_worker() -> io::Result<Running> {
    let second = Duration::from_secs(1);
    let behaviour = Behaviour { patience: second, idle: second, drain: second / 4, ..Behaviour::default() };
    Reference::start_with(ANY_PORT, behaviour, Workers::One)
}

pub(super) fn no_keep_alive() -> io::Result<Running> {
    Reference::start(ANY_PORT, Behaviour::default().with(Deed::ClosesAlways))
}

fn behind_filter(manner: Manner) -> io::Result<Running> {
    Reference::start(ANY_PORT, Behaviour { screen: Some(Screen::new(is_odd, manner)), ..Behaviour::default() })
}

/// Whether octets hold a bare CR, a NUL, an octet above 127, or a `Content-Length` that is not a number.
fn is_odd(octets: &[u8]) -> bool {
    // Filters look at the beginning; to look at long content each time more of it comes would take seconds.
    let octets = &octets[..octets.len().min(16 * 1024)];
    let bare_cr = octets.windows(2).any(|pair| pair[0] == b'\r' && pair[1] != b'\n');
    let length = octets.split(|&octet| octet == b'\n').any(|line| {
        let Some(colon) = line.iter().position(|&octet| octet == b':') else { return false };
        let value = line[colon + 1..].trim_ascii();
        line[..colon].trim_ascii().eq_ignore_ascii_case(b"content-length")
            && (value.is_empty() || !value.iter().all(u8::is_ascii_digit))
    });
    bare_cr || length || octets.iter().any(|&octet| octet == 0 || octet > 127)
}
