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
    let host = abnf::uri_host(target).ok().filter(|&len| len > 0 && target.get(len) == Some(&b':'));
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

/// `absolute-URI = scheme ":" hier-part [ "?" query ]`.
fn absolute_uri(target: &[u8], scheme: usize, at: usize, sink: &mut Sink<'_>) {
    let mut path = scheme + 1;
    if target[path..].starts_with(b"//") {
        let start = path + 2;
        let len = target[start..].iter().take_while(|octet| !b"/?#".contains(octet)).count();
        let name = target[..scheme].to_ascii_lowercase();
        authority(&target[start..start + len], name == b"http" || name == b"https", at + start, sink);
        path = start + len;
    }
    units(&target[path..], at + path, abnf::query_unit, sink);
}

/// `authority = [ userinfo "@" ] host [ ":" port ]`.
fn authority(text: &[u8], is_http: bool, at: usize, sink: &mut Sink<'_>) {
    let mut host = 0;
    if let Some(sign) = text.iter().position(|&octet| octet == b'@') {
        host = sign + 1;
        if is_http {
            sink.fault(&rules::URI_USERINFO, at..at + sign, Point::UriUserinfo);
        } else {
            let unit = |text: &[u8]| abnf::reg_name_unit(text).or(text.starts_with(b":").then_some(1));
            units(&text[..sign], at, unit, sink);
        }
    }
    let rest = &text[host..];
    let len = match abnf::uri_host(rest) {
        Ok(len) => len,
        Err(bad) => return octet(text, host + bad, at, sink),
    };
    if is_http && len == 0 && matches!(rest.first(), None | Some(b':')) {
        sink.fault(&rules::URI_HOST_EMPTY, at + host..at + host, Point::UriHost);
    }
    let after = host + len;
    match text.get(after) {
        None => {}
        Some(b':') => {
            let digits = text[after + 1..].iter().take_while(|digit| digit.is_ascii_digit()).count();
            if after + 1 + digits < text.len() {
                octet(text, after + 1 + digits, at, sink);
            }
        }
        Some(_) => octet(text, after, at, sink),
    }
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
