//! Fields that a status asks for, and fields that ask for one another.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use startline_parser::reader::Message;

use super::{Response, Sink, shown};
use crate::field::{challenge, date, list};
use crate::rule::{self, Rule};

/// Fields that are meant for all recipients (RFC 9110 section 7.6.1), of those that responses have.
const END_TO_END: [&str; 25] = [
    "accept-ranges",
    "age",
    "allow",
    "authentication-info",
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-length",
    "content-location",
    "content-range",
    "content-security-policy",
    "content-type",
    "date",
    "etag",
    "expires",
    "last-modified",
    "location",
    "retry-after",
    "server",
    "set-cookie",
    "strict-transport-security",
    "vary",
    "via",
    "www-authenticate",
];

pub(super) fn look(sink: &mut Sink<'_>) {
    required(sink);
    by_request(sink);
    challenges(sink);
    connection(sink);
    upgrade(sink);
    texts(sink);
    last_modified(sink);
    date(sink);
    not_modified(sink);
}

fn required(sink: &mut Sink<'_>) {
    let response = *sink.response;
    let (rule, name): (&'static Rule, &str) = match response.status() {
        101 => (&rule::SWITCH_UNNAMED, "Upgrade"),
        301 | 302 | 307 | 308 => (&rule::LOCATION_MISSING, "Location"),
        405 => (&rule::ALLOW_MISSING, "Allow"),
        426 => (&rule::UPGRADE_MISSING, "Upgrade"),
        _ => return,
    };
    // An empty Allow says that there is no method at all; an empty Upgrade or Location says nothing.
    let is_there = |(value, _): (&[u8], usize)| name == "Allow" || !value.is_empty();
    if !response.values(name).any(is_there) {
        sink.add_whole(rule, format!("a {} without {name}", response.status()));
    }
}

/// Statuses that mean more in answer to some requests.
fn by_request(sink: &mut Sink<'_>) {
    let response = *sink.response;
    let Some(request) = response.request else { return };
    match response.status() {
        201 if response.is_to("POST") && !response.has("location") => {
            sink.add_whole(&rule::CREATED_UNNAMED, "a 201 to POST without Location");
        }
        415 if request.values("content-encoding").next().is_none() => {
            if let Some((value, offset)) = response.values("accept-encoding").next() {
                sink.add_value(&rule::ACCEPT_ENCODING_BESIDE_THE_POINT, offset, "Accept-Encoding", value);
            }
        }
        _ => {}
    }
}

/// 401 and 407 have to have at least one challenge; whether it can be read is another rule.
fn challenges(sink: &mut Sink<'_>) {
    let response = *sink.response;
    let (rule, name) = match response.status() {
        401 => (&rule::CHALLENGE_MISSING, "WWW-Authenticate"),
        407 => (&rule::PROXY_CHALLENGE_MISSING, "Proxy-Authenticate"),
        _ => return,
    };
    let has_challenge = |(value, _): (&[u8], usize)| challenge::challenges(value).is_none_or(|found| !found.is_empty());
    if !response.values(name).any(has_challenge) {
        sink.add_whole(rule, format!("a {} without a challenge in {name}", response.status()));
    }
}

fn connection(sink: &mut Sink<'_>) {
    let response = *sink.response;
    for (value, offset) in response.values("connection") {
        for option in list::members(value) {
            if END_TO_END.iter().any(|field| option.eq_ignore_ascii_case(field.as_bytes())) {
                sink.add_value(&rule::CONNECTION_OPTION_END_TO_END, offset, "Connection", value);
            }
        }
    }
    if let Some((_, offset)) = response.values("keep-alive").next()
        && !response.lists("connection", "keep-alive")
    {
        sink.add(&rule::CONNECTION_FIELD_UNLISTED, offset, "Keep-Alive, which Connection does not name");
    }
    if let Some((_, offset)) = response.values("upgrade").next()
        && !response.lists("connection", "upgrade")
    {
        sink.add(&rule::UPGRADE_OPTION_MISSING, offset, "Upgrade, which Connection does not name");
    }
}

/// A switch to what was not offered. What is switched to is named in `Upgrade`; versions are left out of the comparison
/// where one side has none.
fn upgrade(sink: &mut Sink<'_>) {
    let response = *sink.response;
    let Some(request) = response.request.filter(|_| response.status() == 101) else { return };
    let offered: Vec<&[u8]> = request.values("upgrade").flat_map(list::members).collect();
    for (value, offset) in response.values("upgrade") {
        for protocol in list::members(value) {
            if !offered.iter().any(|offer| is_same(offer, protocol)) {
                let what = format!("to {}, which the request does not offer", shown(protocol));
                sink.add(&rule::SWITCHED_UNASKED, offset, what);
            }
        }
    }
    if offered.is_empty() && !response.has("upgrade") {
        sink.add_whole(&rule::SWITCHED_UNASKED, "the request offers no protocol");
    }
}

fn is_same(offer: &[u8], protocol: &[u8]) -> bool {
    let name = |whole: &[u8]| whole.split(|&octet| octet == b'/').next().unwrap_or_default().to_ascii_lowercase();
    let has_version = |whole: &[u8]| whole.contains(&b'/');
    if has_version(offer) && has_version(protocol) {
        offer.eq_ignore_ascii_case(protocol)
    } else {
        name(offer) == name(protocol)
    }
}

/// Errors ought to be explained, in a text of a known type, and choices listed.
fn texts(sink: &mut Sink<'_>) {
    let response = *sink.response;
    if response.status() == 300 && response.content().is_some_and(<[u8]>::is_empty) {
        sink.add_whole(&rule::CHOICES_UNLISTED, "a 300 without content");
    }
    let Some(content) = response.content().filter(|_| matches!(response.status(), 400..=599)) else { return };
    if content.is_empty() {
        sink.add_whole(&rule::ERROR_UNEXPLAINED, format!("a {} without content", response.status()));
    } else if !response.has("content-type") {
        sink.add_whole(&rule::CONTENT_TYPE_MISSING, format!("a {} with a text of no type", response.status()));
    }
}

/// Two dates of one response, so that it does not matter whose clock is right.
fn last_modified(sink: &mut Sink<'_>) {
    let response = *sink.response;
    // A year of two digits says too little.
    let fixdate = |value: &&[u8]| date::is_imf_fixdate(value);
    let time = |name: &str| response.answer.field(name).filter(fixdate).and_then(|value| date::read(value, UNIX_EPOCH));
    if let (Some(modified), Some(sent)) = (time("last-modified"), time("date"))
        && modified.time > sent.time
        && let Some((value, offset)) = response.values("last-modified").next()
    {
        sink.add_value(&rule::LAST_MODIFIED_IN_FUTURE, offset, "Last-Modified", value);
    }
}

/// A second lost to rounding, and some more for clocks that are read now and then.
const SLACK: Duration = Duration::from_secs(10);

fn date(sink: &mut Sink<'_>) {
    let response = *sink.response;
    let Some((earliest, latest)) = response.made else { return };
    for (value, offset) in response.values("date").filter(|(value, _)| date::is_imf_fixdate(value)) {
        let is_current = |time: SystemTime| {
            time + SLACK >= earliest && latest.checked_add(SLACK).is_none_or(|latest| time <= latest)
        };
        if date::read(value, latest).is_some_and(|read| !is_current(read.time)) {
            sink.add_value(&rule::DATE_CURRENT, offset, "Date", value);
        }
    }
}

fn not_modified(sink: &mut Sink<'_>) {
    let response = *sink.response;
    if response.status() != 304 {
        return;
    }
    for name in ["Content-Type", "Content-Encoding", "Content-Language"] {
        if let Some((_, offset)) = response.values(name).next() {
            sink.add(&rule::NOT_MODIFIED_METADATA, offset, format!("{name} in a 304"));
        }
    }
}

impl Response<'_> {
    /// The first value of a field of the request.
    pub(super) fn asked(&self, name: &str) -> Option<&[u8]> {
        self.request.and_then(|request: &Message| request.values(name).next())
    }
}
