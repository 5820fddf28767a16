//! The request-target in its four forms (RFC 9112 section 3.2), down to the octets of RFC 3986.

use crate::bytes::{is_query, is_reg_name};
use crate::error::Error;
use crate::host::{host_len, is_host_and_port, is_percent_encoded, reg_name_len, scheme_len};
use crate::rule::{message, request_line};

/// Which of the four forms a request-target has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(clippy::exhaustive_enums, reason = "RFC 9112 section 3.2 has four forms")]
pub enum TargetForm {
    /// `absolute-path [ "?" query ]`.
    Origin,
    /// `absolute-URI`.
    Absolute,
    /// `uri-host ":" port`, with CONNECT.
    Authority,
    /// `"*"`, with OPTIONS.
    Asterisk,
}

impl TargetForm {
    /// The word of the RFC, without `-form`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Origin => "origin",
            Self::Absolute => "absolute",
            Self::Authority => "authority",
            Self::Asterisk => "asterisk",
        }
    }
}

/// Classifies a whole request-target that starts at offset `at` of the buffer and holds no whitespace.
///
/// A target with a bare CR in it is not looked at further: the CR is the fault.
pub(crate) fn parse(target: &[u8], method: &[u8], at: usize) -> Result<TargetForm, Error> {
    let fault = |rule, offset: usize| Err(Error::rule(rule, at + offset));
    if let Some(cr) = target.iter().position(|&b| b == b'\r') {
        return fault(&message::BARE_CR, cr);
    }
    if method == b"CONNECT" {
        return authority(target).map_err(|error| error.shifted(at));
    }
    match target {
        [b'/', ..] => match path_and_query(target) {
            Ok(()) => Ok(TargetForm::Origin),
            Err(error) => Err(error.shifted(at)),
        },
        b"*" if method == b"OPTIONS" => Ok(TargetForm::Asterisk),
        _ => match scheme_len(target) {
            Some(len) => absolute(target, len).map_err(|error| error.shifted(at)),
            None => fault(&request_line::REQUEST_TARGET_FORM, 0),
        },
    }
}

/// `authority-form = uri-host ":" port`, with a port that a tunnel can be opened to (RFC 9110 section 9.3.6).
fn authority(target: &[u8]) -> Result<TargetForm, Error> {
    let form = Err(Error::rule(&request_line::REQUEST_TARGET_FORM, 0));
    let Ok(len) = host_len(target) else { return form };
    let [b':', port @ ..] = &target[len..] else { return form };
    if port.starts_with(b"//") {
        return form;
    }
    if !is_tunnel_port(port) {
        return Err(Error::rule(&request_line::CONNECT_PORT_INVALID, len + 1));
    }
    Ok(TargetForm::Authority)
}

fn is_tunnel_port(port: &[u8]) -> bool {
    let mut value = 0_u32;
    for &digit in port {
        if !digit.is_ascii_digit() || value > u32::from(u16::MAX) {
            return false;
        }
        value = value * 10 + u32::from(digit - b'0');
    }
    (1..=u32::from(u16::MAX)).contains(&value)
}

/// `absolute-URI = scheme ":" hier-part [ "?" query ]` (RFC 3986 section 4.3), `scheme` octets of which are the scheme.
///
/// An authority whose octets may all stand in a URI, and yet do not match, makes the whole target one of no form.
fn absolute(target: &[u8], scheme: usize) -> Result<TargetForm, Error> {
    let mut at = scheme + 1;
    if let Some(rest) = target[at..].strip_prefix(b"//") {
        at += 2;
        let end = rest.iter().position(|&b| matches!(b, b'/' | b'?' | b'#')).unwrap_or(rest.len());
        let is_http = target[..scheme].eq_ignore_ascii_case(b"http") || target[..scheme].eq_ignore_ascii_case(b"https");
        authority_part(&rest[..end], is_http).map_err(|bad| match bad {
            Bad::Form => Error::rule(&request_line::REQUEST_TARGET_FORM, 0),
            Bad::Octet(error) => error.shifted(at),
        })?;
        at += end;
    }
    path_and_query(&target[at..]).map_err(|error| error.shifted(at))?;
    Ok(TargetForm::Absolute)
}

/// What is wrong with an authority.
enum Bad {
    /// Its octets are fine, but they match nothing.
    Form,
    /// This octet, or what begins at it.
    Octet(Error),
}

/// `authority = [ userinfo "@" ] host [ ":" port ]` (RFC 3986 section 3.2).
fn authority_part(authority: &[u8], is_http: bool) -> Result<(), Bad> {
    let at_sign = authority.iter().position(|&b| b == b'@');
    let host = at_sign.map_or(0, |at_sign| at_sign + 1);
    let rest = &authority[host..];
    let matches = is_host_and_port(rest);
    let foreign = foreign_octet(rest);
    if !matches && foreign.is_none() {
        return Err(Bad::Form);
    }
    if let Some(at_sign) = at_sign {
        if is_http {
            return Err(Bad::Octet(Error::rule(&request_line::URI_USERINFO, 0)));
        }
        check_octets(&authority[..at_sign], |b| is_reg_name(b) || b == b':').map_err(Bad::Octet)?;
    }
    if is_http && matches!(rest.first(), None | Some(b':')) {
        return Err(Bad::Octet(Error::rule(&request_line::URI_HOST_EMPTY, host)));
    }
    match foreign {
        Some(bad) => Err(Bad::Octet(octet_fault(authority, host + bad))),
        None => Ok(()),
    }
}

/// The first octet that no URI may hold, or the first percent sign without two hexadecimal digits.
fn foreign_octet(text: &[u8]) -> Option<usize> {
    let is_uri = |octet: u8| is_query(octet) || matches!(octet, b'[' | b']' | b'%');
    (0..text.len()).find(|&at| !is_uri(text[at]) || (text[at] == b'%' && !is_percent_encoded(&text[at..])))
}

/// A path of any form with an optional query; stops at the first octet that neither may hold.
fn path_and_query(text: &[u8]) -> Result<(), Error> {
    check_octets(text, is_query)
}

fn check_octets(text: &[u8], class: fn(u8) -> bool) -> Result<(), Error> {
    match reg_name_len(text, class) {
        Ok(len) if len == text.len() => Ok(()),
        Ok(bad) | Err(bad) => Err(octet_fault(text, bad)),
    }
}

/// The fault of the octet of `text` at `bad`, by what that octet is.
#[cold]
fn octet_fault(text: &[u8], bad: usize) -> Error {
    let rule = match text.get(bad) {
        Some(b'%') if !is_percent_encoded(&text[bad..]) => &request_line::REQUEST_TARGET_PERCENT,
        Some(b'#') => &request_line::REQUEST_TARGET_FRAGMENT,
        _ => &request_line::REQUEST_TARGET_INVALID,
    };
    Error::rule(rule, bad)
}

/// Whether `value` is a valid value of `Host` (RFC 9110 section 7.2): `uri-host [ ":" port ]`, possibly empty.
#[must_use]
pub fn is_valid_host(value: &[u8]) -> bool {
    is_host_and_port(value)
}
