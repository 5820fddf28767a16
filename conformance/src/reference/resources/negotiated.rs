//! `/negotiated`: a greeting in two languages and two types, chosen by Accept and Accept-Language (RFC 9110 section 12).
//!
//! Where no type is acceptable the answer is 406; a language that there is not is disregarded. The text permits both.

use std::time::{Duration, UNIX_EPOCH};

use startline_parser::reader::Message;

use super::{Representation, Surroundings, other, serve};
use crate::field::tag::EntityTag;
use crate::reference::answer::Answer;
use crate::reference::application::Request;
use crate::reference::behaviour::{Deed, ResourceFault};
use crate::reference::lapse::Lapse;

pub(super) const PATH: &str = "/negotiated";

const VARY: &str = "Accept, Accept-Language";

/// Type, language, content; the first is the default.
const VARIANTS: [(&str, &str, &str); 4] = [
    ("text/plain", "en", "good day\n"),
    ("text/plain", "de", "guten Tag\n"),
    ("text/html", "en", "<!doctype html><title>good day</title>\n"),
    ("text/html", "de", "<!doctype html><title>guten Tag</title>\n"),
];

/// 1 February 2024.
const MODIFIED: u64 = 1_706_745_600;

pub(super) fn reply(request: &Request<'_>, method: &[u8], at: Surroundings<'_>) -> Answer {
    if !matches!(method, b"GET" | b"HEAD") {
        return other(method, "GET, HEAD, OPTIONS");
    }
    let last_only = at.behaviour.does(Deed::Resources(ResourceFault::WeightLast));
    match choose(request.message, last_only) {
        Some(variant) => {
            let mut found = representation(variant);
            if at.behaviour.lapses(Lapse::TagOfResource) {
                found.etag = representation(0).etag;
            }
            serve(request, method, &found, at)
        }
        None => Answer::new(406, "there are text/plain and text/html\n").with_field("Vary", VARY),
    }
}

/// The variant of the highest quality; the first among equals. None if no type is acceptable.
fn choose(message: &Message, last_only: bool) -> Option<usize> {
    let types = preferences(message, "accept", last_only);
    let languages = preferences(message, "accept-language", last_only);
    let quality =
        |&(kind, language, _): &(&str, &str, &str)| (of_type(&types, kind), of_language(&languages, language));
    let no_language = VARIANTS.iter().all(|variant| quality(variant).1 == 0);
    let worth = |at: usize| {
        let (by_type, by_language) = quality(&VARIANTS[at]);
        by_type * if no_language { 1 } else { by_language }
    };
    let best = (0..VARIANTS.len()).rev().max_by_key(|&at| worth(at))?;
    (worth(best) > 0).then_some(best)
}

/// The members of a field with their qualities in thousandths; empty where it is not there. A member whose weight is none
/// is left out, and so are empty ones.
fn preferences(message: &Message, name: &str, last_only: bool) -> Vec<(String, u32)> {
    let members = message.values(name).flat_map(|value| value.split(|&octet| octet == b','));
    members.filter_map(|member| preference(std::str::from_utf8(member).ok()?, last_only)).collect()
}

fn preference(member: &str, last_only: bool) -> Option<(String, u32)> {
    // A faulty server looks for the weight at the end, and knows nothing of what stands before it.
    if last_only && member.rsplit(';').next().is_some_and(|last| !last.trim().starts_with("q=")) {
        return Some((member.split(';').next()?.trim().to_ascii_lowercase(), 1000))
            .filter(|(range, _)| !range.is_empty());
    }
    let mut parts = member.split(';').map(|part| part.trim_matches([' ', '\t']));
    let mut range = parts.next().filter(|range| !range.is_empty())?.to_ascii_lowercase();
    let mut quality = 1000;
    for parameter in parts {
        match parameter.split_once('=') {
            Some((name, value)) if name.eq_ignore_ascii_case("q") => quality = weight(value)?,
            // A range with a parameter names something more particular than what there is.
            _ if !parameter.is_empty() => range = format!("{range};{parameter}"),
            _ => {}
        }
    }
    Some((range, quality))
}

/// A qvalue in thousandths.
fn weight(text: &str) -> Option<u32> {
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    let is_right = rest.len() <= 3 && rest.bytes().all(|octet| octet.is_ascii_digit());
    let thousandths = format!("{rest:0<3}").parse::<u32>().ok().filter(|_| is_right)?;
    match (whole, thousandths) {
        ("0", _) => Some(thousandths),
        ("1", 0) => Some(1000),
        _ => None,
    }
}

/// The most particular range decides (RFC 9110 section 12.5.1).
fn of_type(preferences: &[(String, u32)], kind: &str) -> u32 {
    let group = kind.split('/').next().unwrap_or_default();
    let ranges = [kind.to_owned(), format!("{group}/*"), "*/*".to_owned()];
    of(preferences, |name| ranges.iter().position(|range| range == name))
}

/// The longest range that the language matches decides, and `*` last (RFC 4647 section 3.3.1).
fn of_language(preferences: &[(String, u32)], language: &str) -> u32 {
    of(preferences, |name| if name == language { Some(0) } else { (name == "*").then_some(1) })
}

fn of(preferences: &[(String, u32)], rank: impl Fn(&str) -> Option<usize>) -> u32 {
    if preferences.is_empty() {
        return 1000;
    }
    let matching = preferences.iter().filter_map(|(name, quality)| Some((rank(name)?, *quality)));
    // Of equal ranges the one with the higher quality.
    matching.min_by_key(|(rank, quality)| (*rank, u32::MAX - quality)).map_or(0, |(_, quality)| quality)
}

fn representation(variant: usize) -> Representation {
    let (kind, language, text) = VARIANTS[variant];
    let opaque = format!("{}-{language}", kind.replace('/', "-")).into_bytes();
    Representation {
        content: text.as_bytes().to_vec(),
        content_type: kind.to_owned(),
        etag: EntityTag { is_weak: false, opaque },
        modified: UNIX_EPOCH + Duration::from_secs(MODIFIED),
        fields: vec![("Vary", VARY.to_owned())],
        metadata: vec![("Content-Language", language.to_owned())],
    }
}
