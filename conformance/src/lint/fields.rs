//! The grammar of each field that is known.

use std::time::UNIX_EPOCH;

use startline_parser::bytes::is_tchar;

use super::Sink;
use crate::field::media::MediaType;
use crate::field::range::ContentRange;
use crate::field::tag::{EntityTag, is_language};
use crate::field::text::{Cursor, is_number, is_token};
use crate::field::{challenge, date, list, product, uri};
use crate::rule::{self, Rule};

/// A field, the rule about its grammar, and whether a value has it.
struct Field {
    name: &'static str,
    rule: &'static Rule,
    shape: Shape,
    is_right: fn(&[u8]) -> bool,
}

/// How often a field may stand in a message, and what its value is made of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// One line; the whole value is looked at.
    One,
    /// A list of elements, each of which is looked at.
    List,
    /// A list that is looked at as a whole, because elements cannot be told apart by their commas alone.
    Whole,
}

const fn field(name: &'static str, rule: &'static Rule, shape: Shape, is_right: fn(&[u8]) -> bool) -> Field {
    Field { name, rule, shape, is_right }
}

static FIELDS: &[Field] = &[
    field("Accept-Ranges", &rule::ACCEPT_RANGES_INVALID, Shape::List, is_token),
    field("Age", &rule::AGE_INVALID, Shape::One, is_number),
    field("Allow", &rule::ALLOW_INVALID, Shape::List, is_token),
    field("Authentication-Info", &rule::AUTHENTICATION_INFO_INVALID, Shape::Whole, are_parameters),
    field("Cache-Control", &rule::CACHE_CONTROL_INVALID, Shape::List, is_directive),
    field("Connection", &rule::CONNECTION_INVALID, Shape::List, is_token),
    field("Content-Encoding", &rule::CONTENT_ENCODING_INVALID, Shape::List, is_token),
    field("Content-Language", &rule::CONTENT_LANGUAGE_INVALID, Shape::List, is_language),
    field("Content-Location", &rule::CONTENT_LOCATION_INVALID, Shape::One, uri::is_without_fragment),
    field("Content-Range", &rule::CONTENT_RANGE_INVALID, Shape::One, |value| ContentRange::parse(value).is_some()),
    field("Content-Type", &rule::CONTENT_TYPE_INVALID, Shape::One, |value| MediaType::parse(value).is_some()),
    field("Date", &rule::DATE_FORMAT, Shape::One, date::is_imf_fixdate),
    field("ETag", &rule::ETAG_INVALID, Shape::One, |value| EntityTag::parse(value).is_some()),
    field("Expires", &rule::EXPIRES_INVALID, Shape::One, is_date),
    field("Last-Modified", &rule::DATE_FORMAT, Shape::One, date::is_imf_fixdate),
    field("Location", &rule::LOCATION_INVALID, Shape::One, uri::is_reference),
    field("Proxy-Authenticate", &rule::PROXY_AUTHENTICATE_INVALID, Shape::Whole, are_challenges),
    field("Proxy-Authentication-Info", &rule::PROXY_AUTHENTICATION_INFO_INVALID, Shape::Whole, are_parameters),
    field("Retry-After", &rule::RETRY_AFTER_INVALID, Shape::One, |value| is_number(value) || is_date(value)),
    field("Server", &rule::SERVER_INVALID, Shape::One, |value| product::products(value).is_some()),
    field("Trailer", &rule::TRAILER_INVALID, Shape::List, is_token),
    field("Upgrade", &rule::UPGRADE_INVALID, Shape::List, product::are_protocols),
    field("Vary", &rule::VARY_INVALID, Shape::List, is_token),
    field("Via", &rule::VIA_INVALID, Shape::Whole, |value| product::via(value).is_some()),
    field("WWW-Authenticate", &rule::WWW_AUTHENTICATE_INVALID, Shape::Whole, are_challenges),
];

/// Fields that only clients have leave to generate: they are defined for requests alone.
const OF_REQUESTS: [&str; 17] = [
    "Accept-Charset",
    "Accept-Language",
    "Authorization",
    "Expect",
    "From",
    "Host",
    "If-Match",
    "If-Modified-Since",
    "If-None-Match",
    "If-Range",
    "If-Unmodified-Since",
    "Max-Forwards",
    "Proxy-Authorization",
    "Range",
    "Referer",
    "TE",
    "User-Agent",
];

pub(super) fn look(sink: &mut Sink<'_>) {
    let response = *sink.response;
    for name in OF_REQUESTS {
        if let Some((_, offset)) = response.values(name).next() {
            sink.add(&rule::FIELD_OF_REQUESTS, offset, format!("{name} in a response"));
        }
    }
    for name in ["Location", "Content-Location"] {
        for (value, offset) in response.values(name) {
            uri(sink, name, value, offset);
        }
    }
    for field in FIELDS {
        let mut lines = 0;
        for (value, offset) in response.values(field.name) {
            lines += 1;
            if field.shape == Shape::One && lines == 2 {
                sink.add(&rule::FIELD_REPEATED, offset, format!("{} a second time", field.name));
            }
            // What octets no value may have is another rule's.
            if !value.iter().any(|octet| octet.is_ascii_control() && *octet != b'\t') {
                look_at(sink, field, value, offset);
            }
        }
    }
    for name in ["Expires", "Retry-After"] {
        for (value, offset) in response.values(name) {
            if is_date(value) && !date::is_imf_fixdate(value) {
                sink.add_value(&rule::DATE_FORMAT, offset, name, value);
            }
        }
    }
    for (value, offset) in response.values("content-encoding") {
        if list::has(value, "identity") {
            sink.add_value(&rule::CONTENT_CODING_IDENTITY, offset, "Content-Encoding", value);
        }
    }
}

fn uri(sink: &mut Sink<'_>, name: &str, value: &[u8], offset: usize) {
    let Some(authority) = uri::http_authority(value) else { return };
    let host = authority.rsplit(|&octet| octet == b'@').next().unwrap_or_default();
    if host.len() < authority.len() {
        sink.add_value(&rule::RESPONSE_URI_USERINFO, offset, name, value);
    }
    if host.is_empty() || host.starts_with(b":") {
        sink.add_value(&rule::RESPONSE_URI_HOST_EMPTY, offset, name, value);
    }
}

fn look_at(sink: &mut Sink<'_>, field: &Field, value: &[u8], offset: usize) {
    if field.shape != Shape::List {
        if !(field.is_right)(value) {
            sink.add_value(field.rule, offset, field.name, value);
        }
        return;
    }
    let elements = list::elements(value);
    if elements.iter().any(|element| element.is_empty()) {
        sink.add_value(&rule::LIST_ELEMENT_EMPTY, offset, field.name, value);
    }
    // Accept-Ranges is the one list that may not be empty.
    let is_bare = elements.is_empty() && field.name == "Accept-Ranges";
    if is_bare || !elements.iter().filter(|element| !element.is_empty()).all(|element| (field.is_right)(element)) {
        sink.add_value(field.rule, offset, field.name, value);
    }
}

/// A date in any format; only one may be sent, which is a rule for all fields.
fn is_date(value: &[u8]) -> bool {
    date::read(value, UNIX_EPOCH).is_some()
}

fn are_challenges(value: &[u8]) -> bool {
    challenge::challenges(value).is_some()
}

fn are_parameters(value: &[u8]) -> bool {
    challenge::parameters(value).is_some()
}

/// `cache-directive = token [ "=" ( token / quoted-string ) ]` (RFC 9111 section 5.2).
fn is_directive(element: &[u8]) -> bool {
    let mut cursor = Cursor::new(element);
    if cursor.take_while(is_tchar).is_empty() {
        return false;
    }
    let is_right = !cursor.eat(b'=')
        || match cursor.peek() {
            Some(b'"') => cursor.quoted_string().is_some(),
            _ => cursor.token().is_some(),
        };
    is_right && cursor.is_end()
}
