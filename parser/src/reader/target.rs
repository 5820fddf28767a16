//! The request-target (RFC 9112 section 3.2, RFC 3986 appendix A), every fault of it.

use super::{Sink, abnf};
use crate::policy::{AbsoluteForm, Point};
use crate::rule::request_line as rules;
use crate::target::TargetForm;

/// Reads a target that starts at offset `at`. One with whitespace or a bare CR in it is not looked at further.
pub(super) fn read(target: &[u8], method: &[u8], at: usize, sink: &mut Sink<'_>) -> Option<TargetForm> {
    if target.iter().any(|octet| b" \t\x0B\x0C\r".contains(octet)) {
        return target.starts_with(b"/").then_some(TargetForm::Origin);
    }
    if method == b"CONNECT" {
        return authority_form(target, at, sink);
    }
    if target.starts_with(b"/") {
        units(target, at, abnf::query_unit, sink);
        return Some(TargetForm::Origin);
    }
    if target == b"*" && method == b"OPTIONS" {
        return Some(TargetForm::Asterisk);
    }
    if let Some(len) = abnf::scheme(target)
        && target.get(len) == Some(&b':')
    {
        let refused = sink.policy.absolute_form == AbsoluteForm::Reject;
        sink.feature(&rules::ABSOLUTE_FORM, at..at + target.len(), Point::AbsoluteForm, refused);
        absolute_uri(target, len, at, sink);
        return Some(TargetForm::Absolute);
    }
    sink.fault(&rules::REQUEST_TARGET_FORM, at..at + target.len(), Point::TargetFormPoint);
    None
}

/// `authority-form = uri-host ":" port`.
fn authority_form(target: &[u8], at: usize, sink: &mut Sink<'_>) -> Option<TargetForm> {
    let host = abnf::uri_host(target).ok().filter(|&len| target.get(len) == Some(&b':'));
    // A scheme with slashes behind it begins a URI, and no authority.
    let host = host.filter(|&len| !target[len + 1..].starts_with(b"//"));
    let Some(host) = host else {
        sink.fault(&rules::REQUEST_TARGET_FORM, at..at + target.len(), Point::TargetFormPoint);
        return None;
    };
    let port = &target[host + 1..];
    let significant = port.iter().skip_while(|&&digit| digit == b'0').count();
    let number = core::str::from_utf8(port).ok().filter(|text| text.bytes().all(|b| b.is_ascii_digit()));
    let number = number.filter(|_| significant <= 5).and_then(|text| text.parse::<u64>().ok());
    if !number.is_some_and(|number| (1..=65535).contains(&number)) {
        sink.fault(&rules::CONNECT_PORT_INVALID, at + host + 1..at + target.len(), Point::ConnectPort);
    }
    Some(TargetForm::Authority)
}

/// `absolute-URI = scheme ":" hier-part [ "?" query ]`. An authority of URI octets that does not match its grammar leaves
/// the target without a form.
fn absolute_uri(target: &[u8], scheme: usize, at: usize, sink: &mut Sink<'_>) {
    let mut path = scheme + 1;
    if target[path..].starts_with(b"//") {
        let start = path + 2;
        let len = target[start..].iter().take_while(|octet| !b"/?#".contains(octet)).count();
        let name = target[..scheme].to_ascii_lowercase();
        let is_http = name == b"http" || name == b"https";
        if !authority(&target[start..start + len], is_http, at + start, sink) {
            sink.fault(&rules::REQUEST_TARGET_FORM, at..at + target.len(), Point::TargetFormPoint);
        }
        path = start + len;
    }
    units(&target[path..], at + path, abnf::query_unit, sink);
}

/// `authority = [ userinfo "@" ] host [ ":" port ]`; false if its octets are fine and it does not match.
fn authority(text: &[u8], is_http: bool, at: usize, sink: &mut Sink<'_>) -> bool {
    let (userinfo, rest) = match text.iter().position(|&octet| octet == b'@') {
        Some(sign) => (Some(&text[..sign]), &text[sign + 1..]),
        None => (None, text),
    };
    if let Some(userinfo) = userinfo {
        if is_http {
            sink.fault(&rules::URI_USERINFO, at..at + userinfo.len(), Point::UriUserinfo);
        } else {
            let unit = |text: &[u8]| abnf::reg_name_unit(text).or(text.starts_with(b":").then_some(1));
            units(userinfo, at, unit, sink);
        }
    }
    let host = text.len() - rest.len();
    let before = sink.faults.len();
    let unit = |text: &[u8]| abnf::query_unit(text).or(text.first().filter(|octet| b"[]".contains(octet)).map(|_| 1));
    units(rest, at + host, unit, sink);
    let is_foreign = sink.faults.len() > before;
    let is_match = abnf::is_host_value(rest);
    if is_http && (is_match || is_foreign) && (rest.is_empty() || rest[0] == b':') {
        sink.fault(&rules::URI_HOST_EMPTY, at + host..at + host, Point::UriHost);
    }
    is_match || is_foreign
}

/// Goes over a text unit by unit and reports every octet that begins none; a fragment ends the walk.
fn units(text: &[u8], at: usize, unit: impl Fn(&[u8]) -> Option<usize>, sink: &mut Sink<'_>) {
    let mut offset = 0;
    while offset < text.len() {
        match unit(&text[offset..]) {
            Some(len) => offset += len,
            None => {
                octet(text, offset, at, sink);
                if text[offset] == b'#' {
                    return;
                }
                offset += 1;
            }
        }
    }
}

/// Reports one octet by what it is.
fn octet(text: &[u8], bad: usize, at: usize, sink: &mut Sink<'_>) {
    let (rule, point) = match text.get(bad) {
        Some(b'%') if abnf::pct_encoded(&text[bad..]).is_none() => {
            (&rules::REQUEST_TARGET_PERCENT, Point::TargetPercent)
        }
        Some(b'#') => (&rules::REQUEST_TARGET_FRAGMENT, Point::TargetFragment),
        _ => (&rules::REQUEST_TARGET_INVALID, Point::TargetOctets),
    };
    sink.fault(rule, at + bad..at + (bad + 1).min(text.len().max(bad)), point);
}
