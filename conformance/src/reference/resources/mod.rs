//! What the reference server has besides its echo: resources that give validators, ranges, stored content, a challenge,
//! a choice, and another protocol, a file each.
//!
//! They do what the text says to the letter, since mutants are made from them. What is served is a [`Representation`];
//! [`serve`] holds it against the preconditions and ranges of the request.

mod conditions;
mod fixed;
mod negotiated;
mod private;
mod ranges;
mod store;
#[cfg(test)]
mod tests;
mod upgrade;

use std::time::{Duration, SystemTime};

use super::answer::Answer;
use super::application::{Reply, Request};
use super::behaviour::{Behaviour, Deed, RangeFault};
use super::lapse::{Lapse, RangeLapse};
use crate::field::date;
use crate::field::tag::EntityTag;
use crate::target::TargetOptions;

pub(super) use store::Store;

/// The paths that an audit of the reference server is given, and the credentials for `/private`.
#[must_use]
pub fn target_options() -> TargetOptions {
    let paths = ["/", fixed::PATH, private::PATH, negotiated::PATH, upgrade::PATH, store::ROOT];
    TargetOptions {
        paths: paths.map(str::to_owned).to_vec(),
        credentials: Some(private::CREDENTIALS.to_owned()),
        ..TargetOptions::default()
    }
}

/// What surrounds a request to a resource.
#[derive(Clone, Copy)]
pub(super) struct Surroundings<'s> {
    /// What has been put.
    pub(super) store: &'s Store,
    /// What the server does.
    pub(super) behaviour: &'s Behaviour,
    /// The time.
    pub(super) now: SystemTime,
}

/// Answers a request for one of the resources with a method that the server knows; none where there is none at this path.
pub(super) fn reply(request: &Request<'_>, method: &[u8], at: Surroundings<'_>) -> Option<Reply> {
    let path = request.path().split(|&octet| octet == b'?').next().unwrap_or_default();
    let path = if at.behaviour.does(Deed::PathsCompared) { path.to_vec() } else { normalised(path) };
    let path = std::str::from_utf8(&path).ok()?;
    let reply = match path {
        fixed::PATH => Reply::Answer(fixed::reply(request, method, at)),
        private::PATH => Reply::Answer(private::reply(request, method, at)),
        negotiated::PATH => Reply::Answer(negotiated::reply(request, method, at)),
        upgrade::PATH => upgrade::reply(request, method, at.behaviour),
        _ if path.starts_with(store::ROOT) => Reply::Answer(store::reply(request, method, path, at)),
        _ => return None,
    };
    Some(match reply {
        Reply::Answer(answer) => Reply::Answer(faulty(answer, method, at)),
        other => other,
    })
}

/// The path without percent-encoding where it is not needed (RFC 3986 section 6.2.2.2).
fn normalised(path: &[u8]) -> Vec<u8> {
    let mut octets = Vec::with_capacity(path.len());
    let mut rest = path;
    while let Some((&first, behind)) = rest.split_first() {
        let digits = behind.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        let octet = digits.filter(|_| first == b'%').and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match octet {
            Some(octet) if octet.is_ascii_alphanumeric() || b"-._~".contains(&octet) => {
                octets.push(octet);
                rest = &behind[2..];
            }
            _ => {
                octets.push(first);
                rest = behind;
            }
        }
    }
    octets
}

/// The answer as a faulty server sends it.
fn faulty(mut answer: Answer, method: &[u8], at: Surroundings<'_>) -> Answer {
    let without = |answer: &mut Answer, name: &str| answer.fields.retain(|(field, _)| *field != name);
    for deed in &at.behaviour.deeds {
        let Deed::Lapse(lapse) = deed else { continue };
        match (lapse, answer.status) {
            (Lapse::NotModifiedLacks(name), 304) => without(&mut answer, name),
            (Lapse::NotModifiedTag(tag), 304) => {
                without(&mut answer, "ETag");
                answer = answer.with_field("ETag", *tag);
            }
            (Lapse::NotModifiedLength(false), 304) => answer = answer.with_field("Content-Length", "0"),
            (Lapse::NotModifiedLength(true), 304) => {
                let length = answer.content.len().to_string();
                answer = answer.with_field("Content-Length", length);
            }
            (Lapse::HeadLacks("Content-Type"), _) if method == b"HEAD" => answer.content_type = None,
            (Lapse::HeadLacks(name), _) if method == b"HEAD" => without(&mut answer, name),
            (Lapse::HeadLengthZero, _) if method == b"HEAD" => answer.content.clear(),
            (Lapse::OptionsWithoutAllow, 200) if method == b"OPTIONS" => without(&mut answer, "Allow"),
            (Lapse::ValidatorsWithheld, 200) if method == b"GET" => {
                without(&mut answer, "ETag");
                without(&mut answer, "Last-Modified");
            }
            _ => {}
        }
    }
    answer
}

/// The validators of a representation that there is.
#[derive(Debug, Clone, Copy, Default)]
struct Validators<'r> {
    etag: Option<&'r EntityTag>,
    modified: Option<SystemTime>,
}

/// A representation and its metadata.
#[derive(Debug, Clone)]
struct Representation {
    content: Vec<u8>,
    content_type: String,
    etag: EntityTag,
    modified: SystemTime,
    /// Further fields of a 200 that a 304 and a 206 carry too.
    fields: Vec<(&'static str, String)>,
    /// Further representation fields, which a 304 does not carry.
    metadata: Vec<(&'static str, String)>,
}

impl Representation {
    fn validators(&self) -> Validators<'_> {
        Validators { etag: Some(&self.etag), modified: Some(self.modified) }
    }

    fn tag(&self) -> String {
        String::from_utf8_lossy(&self.etag.octets()).into_owned()
    }

    /// Whether the modification date can stand for the octets: they cannot have changed twice within its second
    /// (RFC 9110 section 8.8.2.2).
    fn has_strong_date(&self, now: SystemTime) -> bool {
        now.duration_since(self.modified).is_ok_and(|age| age > Duration::from_secs(1))
    }
}

/// Answers GET or HEAD with the representation, as the preconditions and ranges of the request have it.
fn serve(request: &Request<'_>, method: &[u8], found: &Representation, at: Surroundings<'_>) -> Answer {
    let with_common = |answer: Answer| {
        let answer = answer.with_field("ETag", found.tag());
        found.fields.iter().fold(answer, |answer, (name, value)| answer.with_field(name, value.clone()))
    };
    let is_range_first = at.behaviour.lapses(Lapse::RangeFirst) && request.message.values("range").next().is_some();
    let alone_fails = at.behaviour.lapses(Lapse::IfRange(RangeLapse::AloneIsFalse))
        && request.message.values("range").next().is_none()
        && request.message.values("if-range").next().is_some();
    match conditions::evaluate(request.message, method, Some(found.validators()), at) {
        _ if alone_fails => return failed(at),
        _ if is_range_first => {}
        conditions::Outcome::NotModified => return with_common(Answer::new(304, found.content.clone())),
        conditions::Outcome::Failed => return failed(at),
        conditions::Outcome::Perform => {}
    }
    let with_metadata = |answer: Answer, content_type: Option<&str>| {
        let answer = with_common(answer).with_field("Last-Modified", date::write(found.modified));
        let answer = found.metadata.iter().fold(answer, |answer, (name, value)| answer.with_field(name, value.clone()));
        answer.with_type(content_type)
    };
    let len = found.content.len();
    let conditional = request.message.values("if-range").next().is_some();
    let does = |fault| at.behaviour.does(Deed::Ranges(fault));
    let conditional = conditional && !does(RangeFault::AllFields);
    let may_select = method == b"GET" || does(RangeFault::OnHead);
    let selected = if may_select && conditions::if_range(request.message, found, at) {
        ranges::select(request.message, len as u64, at.behaviour)
    } else {
        ranges::Selected::Whole
    };
    match selected {
        ranges::Selected::Whole => with_metadata(Answer::new(200, found.content.clone()), Some(&found.content_type))
            .with_field("Accept-Ranges", "bytes"),
        ranges::Selected::None => {
            Answer::new(416, "none of these octets exists\n").with_field("Content-Range", format!("bytes */{len}"))
        }
        ranges::Selected::Parts(parts) => {
            let (content, content_type, range) = ranges::content(&parts, found, at.behaviour);
            let answer = Answer::new(206, content);
            // Whoever asks with If-Range has the other fields already (RFC 9110 section 15.3.7).
            let answer = if conditional {
                with_common(answer).with_type(content_type.as_deref().filter(|_| range.is_none()))
            } else {
                with_metadata(answer, Some(content_type.as_deref().unwrap_or(&found.content_type)))
            };
            let mut answer = match range {
                Some(range) => answer.with_field("Content-Range", range),
                None => answer,
            };
            let forgotten = [(RangeFault::WithoutEtag, "ETag"), (RangeFault::WithoutLastModified, "Last-Modified")];
            for (_, name) in forgotten.into_iter().filter(|(fault, _)| does(*fault)) {
                answer.fields.retain(|(field, _)| *field != name);
            }
            answer
        }
    }
}

/// The same for a representation without validators, of which there are no ranges.
fn serve_plain(request: &Request<'_>, method: &[u8], at: Surroundings<'_>, answer: Answer) -> Answer {
    match conditions::evaluate(request.message, method, Some(Validators::default()), at) {
        conditions::Outcome::NotModified => Answer { status: 304, ..answer },
        conditions::Outcome::Failed => failed(at),
        conditions::Outcome::Perform => answer,
    }
}

fn failed(at: Surroundings<'_>) -> Answer {
    let status = at.behaviour.deeds.iter().find_map(|deed| match deed {
        Deed::Lapse(Lapse::FailedStatus(status)) => Some(*status),
        _ => None,
    });
    Answer::new(status.unwrap_or(412), "a precondition is false\n")
}

/// What a server answers that evaluates preconditions where it should not.
pub(super) fn too_eager(request: &Request<'_>, method: &[u8], at: Surroundings<'_>, lapse: Lapse) -> Option<Answer> {
    let outcome = conditions::too_eager(request.message, method, at, lapse)?;
    Some(if outcome == conditions::Outcome::NotModified { Answer::new(304, "") } else { failed(at) })
}

/// The answer to a method that the resource does not have, or to OPTIONS.
fn other(method: &[u8], allow: &str) -> Answer {
    if method == b"OPTIONS" {
        Answer::new(200, "").with_type(None).with_field("Allow", allow)
    } else {
        Answer::new(405, "not for this resource\n").with_field("Allow", allow)
    }
}
