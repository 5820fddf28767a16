//! `Set-Cookie` (RFC 6265 section 4.1.1).

use super::{Sink, shown};
use crate::field::cookie::SetCookie;
use crate::field::date;
use crate::rule;

pub(super) fn look(sink: &mut Sink<'_>) {
    let response = *sink.response;
    let mut names: Vec<&[u8]> = Vec::new();
    for (value, offset) in response.values("set-cookie") {
        let Some(cookie) = SetCookie::parse(value) else {
            sink.add_value(&rule::SET_COOKIE_INVALID, offset, "Set-Cookie", value);
            continue;
        };
        if cookie.repeats_an_attribute() {
            sink.add_value(&rule::SET_COOKIE_ATTRIBUTE_REPEATED, offset, "Set-Cookie", value);
        }
        if cookie.attribute("expires").is_some_and(|date| !date::is_imf_fixdate(date)) {
            sink.add_value(&rule::SET_COOKIE_EXPIRES, offset, "Set-Cookie", value);
        }
        if names.contains(&cookie.name) {
            sink.add(&rule::SET_COOKIE_REPEATED, offset, format!("{} a second time", shown(cookie.name)));
        }
        names.push(cookie.name);
    }
}
