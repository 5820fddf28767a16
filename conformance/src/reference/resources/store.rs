//! `/store/...`: PUT, GET and DELETE of what clients bring; shared by all connections of a server, and bounded.

use std::collections::VecDeque;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::{Representation, Surroundings, conditions, failed, other, serve, serve_plain};
use crate::field::tag::EntityTag;
use crate::reference::answer::Answer;
use crate::reference::application::Request;
use crate::reference::behaviour::{Deed, ResourceFault};
use crate::reference::lapse::Lapse;

pub(super) const ROOT: &str = "/store/";

/// More resources than this are not kept; the oldest goes first.
pub(super) const KEPT_MOST: usize = 128;

/// More octets than this are not taken.
pub(super) const CONTENT_MOST: usize = 64 * 1024;

const ALLOW: &str = "GET, HEAD, PUT, DELETE, OPTIONS";

/// What has been put, and what is known of a connection; clones share it.
#[derive(Debug, Clone, Default)]
pub(in crate::reference) struct Store {
    shelf: Arc<Mutex<Shelf>>,
    /// Somebody has shown credentials on the connection, which only a faulty server remembers.
    pub(super) is_known: Arc<AtomicBool>,
}

impl Store {
    /// The same for a new connection, of which nothing is known.
    pub(in crate::reference) fn of_connection(&self) -> Self {
        Self { shelf: self.shelf.clone(), is_known: Arc::default() }
    }
}

#[derive(Debug, Default)]
struct Shelf {
    /// How often something was put, which makes entity-tags.
    puts: u64,
    kept: VecDeque<(String, Representation)>,
}

impl Shelf {
    fn get(&self, path: &str) -> Option<&Representation> {
        self.kept.iter().find(|(name, _)| name == path).map(|(_, found)| found)
    }

    fn remove(&mut self, path: &str) {
        self.kept.retain(|(name, _)| name != path);
    }
}

/// Answers a request for what stands at `path`. The whole of it happens under one lock, so that a precondition holds
/// until the method is done.
pub(super) fn reply(request: &Request<'_>, method: &[u8], path: &str, at: Surroundings<'_>) -> Answer {
    let mut shelf = at.store.shelf.lock().unwrap_or_else(PoisonError::into_inner);
    if path == ROOT {
        return match method {
            b"GET" | b"HEAD" => {
                let answer = Answer::new(200, "what is put below this path is kept\n");
                serve_plain(request, method, at, answer)
            }
            _ => other(method, "GET, HEAD, OPTIONS"),
        };
    }
    let found = shelf.get(path);
    match method {
        b"GET" | b"HEAD" => match found {
            Some(found) => serve(request, method, found, at),
            None => missing(),
        },
        b"PUT" => put(request, path, &mut shelf, at),
        b"DELETE" if found.is_none() => missing(),
        b"DELETE" => {
            let refused = refused(request, method, found, at);
            if refused.is_none() || at.behaviour.lapses(Lapse::PerformsAndFails) {
                shelf.remove(path);
            }
            refused.unwrap_or_else(|| Answer::new(204, ""))
        }
        _ => other(method, ALLOW),
    }
}

fn put(request: &Request<'_>, path: &str, shelf: &mut Shelf, at: Surroundings<'_>) -> Answer {
    let message = request.message;
    // Parts are not put here (RFC 9110 section 14.5).
    let does = |fault| at.behaviour.does(Deed::Resources(fault));
    if message.values("content-range").next().is_some() && !does(ResourceFault::PutPartIsWhole) {
        return Answer::new(400, "only whole representations can be put\n");
    }
    if message.values("content-encoding").next().is_some() {
        return Answer::new(415, "content is taken as it is\n").with_field("Accept-Encoding", "identity");
    }
    if request.content.len() > CONTENT_MOST {
        return Answer::new(413, "that is too much\n");
    }
    let refused = refused(request, b"PUT", shelf.get(path), at);
    if let Some(refused) = &refused
        && !at.behaviour.lapses(Lapse::PerformsAndFails)
    {
        return refused.clone();
    }
    let status = if shelf.get(path).is_some() { 204 } else { 201 };
    let content_type = message.values("content-type").next().unwrap_or(b"application/octet-stream");
    shelf.puts += 1;
    let of_length = at.behaviour.lapses(Lapse::TagOfLength);
    let opaque = if of_length { format!("put-{}", request.content.len()) } else { format!("put-{}", shelf.puts) };
    let etag = EntityTag { is_weak: false, opaque: opaque.into_bytes() };
    let kept =
        [("Startline-Unknown", ResourceFault::PutKeepsField), ("Content-Location", ResourceFault::PutKeepsLocation)];
    let kept = kept.into_iter().filter(|(_, fault)| does(*fault)).filter_map(|(name, _)| {
        let value = message.values(&name.to_ascii_lowercase()).next()?;
        Some((name, String::from_utf8_lossy(value).into_owned()))
    });
    let content = match does(ResourceFault::PutTrimmed) {
        true => request.content.trim_ascii_end().to_vec(),
        false => request.content.clone(),
    };
    let stored = Representation {
        content,
        content_type: String::from_utf8_lossy(content_type).into_owned(),
        etag,
        modified: whole_second(at.now),
        fields: Vec::new(),
        metadata: kept.collect(),
    };
    // It was taken as it came, so that its validator may be told (RFC 9110 section 9.3.4).
    let tag = stored.tag();
    shelf.remove(path);
    if shelf.kept.len() == KEPT_MOST {
        shelf.kept.pop_front();
    }
    shelf.kept.push_back((path.to_owned(), stored));
    if let Some(refused) = refused {
        return refused;
    }
    let text = if status == 201 { "it is kept\n" } else { "" };
    Answer::new(status, text).with_field("ETag", tag)
}

/// What a method that writes is refused with for its preconditions, if they are false.
fn refused(
    request: &Request<'_>,
    method: &[u8],
    found: Option<&Representation>,
    at: Surroundings<'_>,
) -> Option<Answer> {
    match conditions::evaluate(request.message, method, found.map(Representation::validators), at) {
        conditions::Outcome::Perform => None,
        conditions::Outcome::NotModified => Some(Answer::new(304, "")),
        conditions::Outcome::Failed => Some(failed(at)),
    }
}

fn missing() -> Answer {
    Answer::new(404, "nothing was put here\n")
}

/// Dates have no parts of a second.
fn whole_second(time: SystemTime) -> SystemTime {
    let seconds = time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    UNIX_EPOCH + Duration::from_secs(seconds)
}
