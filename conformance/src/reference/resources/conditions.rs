//! Preconditions, in the order of RFC 9110 section 13.2.2, and what a faulty server makes of them.

use std::time::{Duration, SystemTime};

use startline_parser::reader::Message;

use super::{Representation, Surroundings, Validators};
use crate::field::date::{self, Civil, Form};
use crate::field::tag::EntityTag;
use crate::reference::lapse::{DateLapse, Lapse, RangeLapse, TagLapse};

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

/// What is asked, and of what.
#[derive(Clone, Copy)]
struct Asked<'a> {
    message: &'a Message,
    method: &'a [u8],
    /// The current representation, if there is one.
    found: Option<Validators<'a>>,
    at: Surroundings<'a>,
}

/// Evaluates everything but If-Range. `found` is the current representation, if there is one.
pub(super) fn evaluate(
    message: &Message,
    method: &[u8],
    found: Option<Validators<'_>>,
    at: Surroundings<'_>,
) -> Outcome {
    let asked = Asked { message, method, found, at };
    let (updates, caches) = (asked.lost_updates(), asked.caches());
    let (first, then) = if at.behaviour.lapses(Lapse::CachesFirst) { (caches, updates) } else { (updates, caches) };
    if first == Outcome::Perform { then } else { first }
}

impl Asked<'_> {
    fn is_read(&self) -> bool {
        matches!(self.method, b"GET" | b"HEAD")
    }

    fn tag_lapse(&self, name: &'static str, lapse: TagLapse) -> bool {
        self.at.behaviour.lapses(Lapse::Tags(name, lapse))
    }

    fn date_lapse(&self, name: &'static str, lapse: DateLapse) -> bool {
        self.at.behaviour.lapses(Lapse::Date(name, lapse))
    }

    fn has(&self, name: &str) -> bool {
        self.message.values(name).next().is_some()
    }

    /// If-Match, or else If-Unmodified-Since.
    fn lost_updates(&self) -> Outcome {
        const DATE: &str = "if-unmodified-since";
        let by_tag = self.tags_match("if-match", EntityTag::is_strongly);
        let beside = self.date_lapse(DATE, DateLapse::BesideAdds);
        let by_date =
            if by_tag.is_none() || beside { self.date_holds(DATE, |modified, time| modified <= time) } else { None };
        if by_tag == Some(false) || by_date == Some(false) { Outcome::Failed } else { Outcome::Perform }
    }

    /// If-None-Match, or else If-Modified-Since with GET and HEAD.
    fn caches(&self) -> Outcome {
        const DATE: &str = "if-modified-since";
        let by_date = || {
            let is_asked = self.is_read() || self.date_lapse(DATE, DateLapse::SeenInWrites);
            is_asked.then(|| self.date_holds(DATE, |modified, time| modified > time)).flatten()
        };
        let by_tag = self.tags_match("if-none-match", EntityTag::is_weakly).map(|matches| !matches);
        let holds = match by_tag {
            Some(_) if self.has(DATE) && self.date_lapse(DATE, DateLapse::BesideDecides) => by_date(),
            Some(false) if self.has(DATE) && self.date_lapse(DATE, DateLapse::BesideBoth) => by_date(),
            Some(holds) => Some(holds),
            None => by_date(),
        };
        let swapped = self.at.behaviour.lapses(Lapse::StatusesSwapped);
        match holds {
            Some(false) if self.is_read() != swapped => Outcome::NotModified,
            Some(false) => Outcome::Failed,
            _ => Outcome::Perform,
        }
    }

    /// Whether a tag of the field matches the representation; none where there is no such field.
    fn tags_match(&self, name: &'static str, alike: fn(&EntityTag, &EntityTag) -> bool) -> Option<bool> {
        let lapse = |lapse| self.tag_lapse(name, lapse);
        let is_unseen = lapse(TagLapse::Unseen)
            || self.method == b"HEAD" && lapse(TagLapse::UnseenInHead)
            || !self.is_read() && lapse(TagLapse::UnseenInWrites);
        let tags = self.tags(name).filter(|_| !is_unseen)?;
        if lapse(TagLapse::Always) || lapse(TagLapse::Never) {
            return Some(lapse(TagLapse::Always));
        }
        let alike = [
            (TagLapse::Weakly, EntityTag::is_weakly as fn(&EntityTag, &EntityTag) -> bool),
            (TagLapse::Strongly, EntityTag::is_strongly),
            (TagLapse::Prefix, |tag, found| tag.opaque.starts_with(&found.opaque)),
            (TagLapse::Suffix, |tag, found| tag.opaque.ends_with(&found.opaque)),
        ]
        .into_iter()
        .find_map(|(of, other)| lapse(of).then_some(other))
        .unwrap_or(alike);
        let Some(found) = self.found else { return Some(false) };
        Some(match tags {
            Tags::Any => true,
            Tags::These(tags) => tags.iter().any(|tag| found.etag.is_some_and(|etag| alike(tag, etag))),
        })
    }

    /// The entity-tags of a field in all its lines; none where there is no such field. What is no entity-tag matches
    /// nothing.
    fn tags(&self, name: &'static str) -> Option<Tags> {
        let lapse = |lapse| self.tag_lapse(name, lapse);
        let mut values: Vec<&[u8]> = self.message.values(name).collect();
        if lapse(TagLapse::FirstLine) {
            values.truncate(1);
        }
        match &values[..] {
            [] => return None,
            [b"*"] if !lapse(TagLapse::AnyUnknown) => return Some(Tags::Any),
            _ => {}
        }
        if lapse(TagLapse::QuotesDropped) {
            let bare = |element: &[u8]| element.iter().copied().filter(|octet| !b"\" ".contains(octet)).collect();
            let tag = |element| EntityTag { is_weak: false, opaque: bare(element) };
            return Some(Tags::These(
                values.iter().flat_map(|value| value.split(|&octet| octet == b',')).map(tag).collect(),
            ));
        }
        let mut elements: Vec<&[u8]> = values.iter().flat_map(|value| elements(value)).collect();
        let ends_at = |is_end: fn(&[u8]) -> bool| elements.iter().position(|element| is_end(element));
        let end = if lapse(TagLapse::EmptyElementEnds) {
            ends_at(<[u8]>::is_empty)
        } else if lapse(TagLapse::QuotedCommaEnds) {
            ends_at(|element| element.contains(&b','))
        } else {
            None
        };
        elements.truncate(end.unwrap_or(elements.len()));
        elements.retain(|element| !element.is_empty());
        if lapse(TagLapse::FirstElement) {
            elements.truncate(1);
        }
        Some(Tags::These(elements.into_iter().filter_map(EntityTag::parse).collect()))
    }

    /// Whether the condition of a date holds; none where it is to be ignored.
    fn date_holds(&self, name: &'static str, holds: fn(SystemTime, SystemTime) -> bool) -> Option<bool> {
        let lapse = |lapse| self.date_lapse(name, lapse);
        let is_unseen = lapse(DateLapse::Unseen)
            || self.method == b"HEAD" && lapse(DateLapse::UnseenInHead)
            || !self.is_read() && lapse(DateLapse::UnseenInWrites);
        if is_unseen || !self.has(name) {
            return None;
        }
        // Where nothing stands at the path, there is nothing to be dated either.
        let found = self.found?;
        let Some(modified) = found.modified else {
            return lapse(DateLapse::UndatedIsFalse).then_some(false);
        };
        if lapse(DateLapse::Always) {
            return Some(false);
        }
        let Some(time) = self.time(name) else {
            return lapse(DateLapse::InvalidIsFalse).then_some(false);
        };
        if lapse(DateLapse::SecondOff) {
            return Some(
                holds(modified + Duration::from_secs(1), time) == holds(modified - Duration::from_secs(1), time)
                    && holds(modified, time),
            );
        }
        if lapse(DateLapse::Exact) {
            // With `If-Unmodified-Since` the very date holds; with `If-Modified-Since` it is the one that does not.
            return Some((modified == time) == holds(modified, modified));
        }
        Some(holds(modified, time))
    }

    /// The one date of a field; none where there are several lines of it, or no date in it.
    fn time(&self, name: &'static str) -> Option<SystemTime> {
        let lapse = |lapse| self.date_lapse(name, lapse);
        let mut values = self.message.values(name);
        let (mut value, further) = (values.next()?, values.next());
        if further.is_some() && !lapse(DateLapse::FirstLine) {
            return None;
        }
        let before = |end: &[u8]| value.windows(end.len()).position(|window| window == end);
        if lapse(DateLapse::FirstElement) {
            value = before(b" GMT").map_or(value, |at| &value[..at + 4]);
        }
        if lapse(DateLapse::ParametersDropped) {
            value = before(b";").map_or(value, |at| &value[..at]);
        }
        let date = date::read(value, self.at.now)?;
        let is_unknown = (date.form == Form::Rfc850 && lapse(DateLapse::Rfc850Unknown))
            || (date.form == Form::Asctime && lapse(DateLapse::AsctimeUnknown));
        if is_unknown {
            return None;
        }
        let is_past = Civil::of(date.time).year < 2000;
        if date.form == Form::Rfc850 && is_past && lapse(DateLapse::CenturyFixed) {
            return Some(date.time + Duration::from_secs(36_525 * 86_400));
        }
        Some(date.time)
    }
}

/// Whether Range counts as far as If-Range is concerned: there is none, or it names this very representation.
pub(super) fn if_range(message: &Message, found: &Representation, at: Surroundings<'_>) -> bool {
    let lapse = |lapse| at.behaviour.lapses(Lapse::IfRange(lapse));
    let mut values = message.values("if-range");
    match (values.next(), values.next()) {
        (None, _) => true,
        _ if lapse(RangeLapse::Unseen) => true,
        _ if lapse(RangeLapse::NeverGiven) => false,
        (Some(value), None) => match EntityTag::parse(value) {
            Some(tag) if lapse(RangeLapse::Weakly) => tag.is_weakly(&found.etag),
            Some(tag) if lapse(RangeLapse::Prefix) => tag.opaque.starts_with(&found.etag.opaque) && !tag.is_weak,
            Some(tag) => tag.is_strongly(&found.etag),
            None if lapse(RangeLapse::DateUnknown) => false,
            None => date::read(value, at.now).is_some_and(|date| {
                let is_same = date.time == found.modified
                    || date.time > found.modified && lapse(RangeLapse::LaterDate)
                    || date.time < found.modified && lapse(RangeLapse::EarlierDate);
                is_same && found.has_strong_date(at.now)
            }),
        },
        _ => false,
    }
}

/// What a server answers that evaluates preconditions where it should not; none where it does as it should.
pub(super) fn too_eager(message: &Message, method: &[u8], at: Surroundings<'_>, lapse: Lapse) -> Option<Outcome> {
    if !at.behaviour.lapses(lapse) {
        return None;
    }
    // It takes the tag for another, and the modification for one of today.
    let etag = EntityTag { is_weak: false, opaque: b"too-eager".to_vec() };
    let found = Validators { etag: Some(&etag), modified: Some(at.now) };
    let method = if matches!(method, b"OPTIONS" | b"TRACE") { b"GET" } else { method };
    Some(evaluate(message, method, Some(found), at)).filter(|outcome| *outcome != Outcome::Perform)
}

/// The elements of a list; a comma between quotes is part of its element.
fn elements(value: &[u8]) -> Vec<&[u8]> {
    let mut quoted = false;
    let is_end = |octet: &u8| {
        quoted ^= *octet == b'"';
        *octet == b',' && !quoted
    };
    value.split(is_end).map(<[u8]>::trim_ascii).collect()
}
