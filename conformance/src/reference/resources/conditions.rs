//! Preconditions, in the order of RFC 9110 section 13.2.2.

use std::time::SystemTime;

use startline_parser::reader::Message;

use super::{Representation, Validators};
use crate::field::date;
use crate::resource::EntityTag;

/// What the preconditions come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The method is performed.
    Perform,
    /// 304.
    NotModified,
    /// 412.
    Failed,
}

/// A list of entity-tags, or what matches any.
enum Tags {
    Any,
    These(Vec<EntityTag>),
}

/// Evaluates everything but If-Range. `found` is the current representation, if there is one.
pub(super) fn evaluate(message: &Message, method: &[u8], found: Option<Validators<'_>>, now: SystemTime) -> Outcome {
    let modified = found.and_then(|found| found.modified);
    let is_read = matches!(method, b"GET" | b"HEAD");
    if let Some(tags) = tags(message, "if-match") {
        if !matches(&tags, found, EntityTag::is_strongly) {
            return Outcome::Failed;
        }
    } else if let (Some(time), Some(modified)) = (time(message, "if-unmodified-since", now), modified)
        && modified > time
    {
        return Outcome::Failed;
    }
    if let Some(tags) = tags(message, "if-none-match") {
        if matches(&tags, found, EntityTag::is_weakly) {
            return if is_read { Outcome::NotModified } else { Outcome::Failed };
        }
    } else if is_read
        && let (Some(time), Some(modified)) = (time(message, "if-modified-since", now), modified)
        && modified <= time
    {
        return Outcome::NotModified;
    }
    Outcome::Perform
}

/// Whether Range counts as far as If-Range is concerned: there is none, or it names this very representation.
pub(super) fn if_range(message: &Message, found: &Representation, now: SystemTime) -> bool {
    let mut values = message.values("if-range");
    match (values.next(), values.next()) {
        (None, _) => true,
        (Some(value), None) => match EntityTag::parse(value) {
            Some(tag) => tag.is_strongly(&found.etag),
            None => {
                date::read(value, now).is_some_and(|date| date.time == found.modified) && found.has_strong_date(now)
            }
        },
        _ => false,
    }
}

fn matches(tags: &Tags, found: Option<Validators<'_>>, alike: fn(&EntityTag, &EntityTag) -> bool) -> bool {
    let Some(found) = found else { return false };
    match tags {
        Tags::Any => true,
        Tags::These(tags) => tags.iter().any(|tag| found.etag.is_some_and(|etag| alike(tag, etag))),
    }
}

/// The entity-tags of a field in all its lines; none where there is no such field. What is no entity-tag matches nothing.
fn tags(message: &Message, name: &str) -> Option<Tags> {
    let values: Vec<&[u8]> = message.values(name).collect();
    match &values[..] {
        [] => None,
        [b"*"] => Some(Tags::Any),
        _ => Some(Tags::These(values.iter().flat_map(|value| elements(value)).filter_map(EntityTag::parse).collect())),
    }
}

/// The elements of a list; a comma between quotes is part of its element.
fn elements(value: &[u8]) -> Vec<&[u8]> {
    let mut quoted = false;
    let is_end = |octet: &u8| {
        quoted ^= *octet == b'"';
        *octet == b',' && !quoted
    };
    value.split(is_end).map(<[u8]>::trim_ascii).filter(|element| !element.is_empty()).collect()
}

/// The one date of a field; none where there is no such field, several lines of it, or no date in it.
fn time(message: &Message, name: &str, now: SystemTime) -> Option<SystemTime> {
    let mut values = message.values(name);
    let (value, further) = (values.next()?, values.next());
    if further.is_some() { None } else { date::read(value, now).map(|date| date.time) }
}
