//! What is right to read and ought not to be written: needless quoting, wide whitespace, realms without quotes.

use super::{Sink, shown};
use crate::field::challenge::{self, Challenge, Parameter};
use crate::field::media::MediaType;
use crate::field::product;
use crate::rule;

pub(super) fn look(sink: &mut Sink<'_>) {
    let response = *sink.response;
    let answer = response.answer;
    for (((name, _), &offset), &(before, behind)) in
        answer.fields.iter().zip(&answer.field_offsets).zip(&answer.field_blanks)
    {
        if before > 1 || behind > 0 {
            let what = format!("{}, with {before} blanks before its value and {behind} behind", shown(name));
            sink.add(&rule::WHITESPACE_OPTIONAL, offset, what);
        }
    }
    for (name, read) in [("Server", product::products as fn(&[u8]) -> _), ("Via", product::via)] {
        for (value, offset) in response.values(name) {
            let style = read(value).unwrap_or_default();
            if style.is_wide {
                sink.add_value(&rule::WHITESPACE_WIDE, offset, name, value);
            }
            if style.is_needless {
                sink.add_value(&rule::QUOTED_PAIR_NEEDLESS, offset, name, value);
            }
        }
    }
    for (value, offset) in response.values("content-type") {
        let parameters = MediaType::parse(value).map(|media| media.parameters).unwrap_or_default();
        if parameters.iter().any(|parameter| parameter.is_needless) {
            sink.add_value(&rule::QUOTED_PAIR_NEEDLESS, offset, "Content-Type", value);
        }
    }
    for name in ["WWW-Authenticate", "Proxy-Authenticate"] {
        for (value, offset) in response.values(name) {
            let challenges = challenge::challenges(value).unwrap_or_default();
            if challenges.iter().any(Challenge::repeats_a_parameter) {
                sink.add_value(&rule::CHALLENGE_PARAMETER_REPEATED, offset, name, value);
            }
            let parameters: Vec<Parameter> = challenges.into_iter().flat_map(|found| found.parameters).collect();
            let is_bare = |parameter: &Parameter| parameter.name.eq_ignore_ascii_case(b"realm") && !parameter.is_quoted;
            if parameters.iter().any(is_bare) {
                sink.add_value(&rule::REALM_UNQUOTED, offset, name, value);
            }
            look_at_parameters(sink, &parameters, name, value, offset);
        }
    }
    for name in ["Authentication-Info", "Proxy-Authentication-Info"] {
        for (value, offset) in response.values(name) {
            let parameters = challenge::parameters(value).unwrap_or_default();
            look_at_parameters(sink, &parameters, name, value, offset);
        }
    }
}

fn look_at_parameters(sink: &mut Sink<'_>, parameters: &[Parameter], name: &str, value: &[u8], offset: usize) {
    if parameters.iter().any(|parameter| parameter.has_whitespace) {
        sink.add_value(&rule::WHITESPACE_BAD, offset, name, value);
    }
    if parameters.iter().any(|parameter| parameter.is_needless) {
        sink.add_value(&rule::QUOTED_PAIR_NEEDLESS, offset, name, value);
    }
}
