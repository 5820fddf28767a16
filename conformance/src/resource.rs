//! What each resource of a target can be judged on, found out with safe requests only.
//!
//! Ranges, conditionals, negotiation, authentication and upgrades are judged only on a resource that has them. What no
//! given resource has is a [`Need`]: a check that has one is not judged, and says what would make it judgeable. Whether
//! a resource can be written is not found out here, because nothing is written here; see
//! [`Context::writable`](crate::probe::Context::writable).

use std::time::SystemTime;

use crate::answers::Answer;
use crate::calibrate::ask;
use crate::exchange::Patience;
use crate::field::date;
use crate::field::tag::EntityTag;
use crate::target::Target;
use crate::wire::{Values, with_fields};

/// What is known of one resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// Path and query.
    pub path: String,
    /// The status of GET; none where there was no complete answer.
    pub status: Option<u16>,
    /// Its ETag, if it has exactly one, that one is an entity-tag, and a field that nobody knows does not change it: a
    /// representation that is made from the whole request is another one under each condition.
    pub etag: Option<EntityTag>,
    /// Its Last-Modified as sent, if it has exactly one and that one is a date.
    pub last_modified: Option<(String, SystemTime)>,
    /// The Date of the same response.
    pub date: Option<SystemTime>,
    /// Octets of its content.
    pub length: usize,
    /// Its Content-Type.
    pub content_type: Option<String>,
    /// Whether its first octet was given for `Range: bytes=0-0`, with a 206 and the right Content-Range.
    pub ranges: bool,
    /// Its WWW-Authenticate, where GET gives 401.
    pub challenge: Option<String>,
    /// The status of GET with the credentials that the user gave, where there is a challenge.
    pub opened: Option<u16>,
    /// The members of its Vary, in lower case.
    pub vary: Vec<String>,
    /// The members of Allow in the answer to OPTIONS.
    pub allow: Vec<String>,
    /// Its Upgrade field, in a 426 or any other status.
    pub upgrade: Option<String>,
    /// Whether a second GET gave the same status, content, ETag and Last-Modified.
    pub is_stable: bool,
}

/// What a check needs of a target to be judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Need {
    /// A stable 200 with content.
    Content,
    /// A stable 200 with an ETag, weak or strong.
    Etag,
    /// A stable 200 with a strong ETag.
    StrongEtag,
    /// A stable 200 with a weak ETag.
    WeakEtag,
    /// A stable 200 with Last-Modified.
    LastModified,
    /// A stable 200 with a strong ETag and Last-Modified.
    Validators,
    /// A stable 200 of which ranges are given.
    Ranges,
    /// A place where PUT creates what GET then gives.
    Put,
    /// A 401 with a challenge.
    Authentication,
    /// A 401 with a challenge that the given credentials meet.
    Credentials,
    /// A 200 whose Vary names a field of negotiation.
    Negotiation,
    /// A response with Upgrade.
    Upgrade,
    /// A target behind TLS.
    Tls,
    /// An application that says what was understood of a request.
    Echo,
}

impl Need {
    /// Every need.
    pub const ALL: [Self; 14] = [
        Self::Content,
        Self::Etag,
        Self::StrongEtag,
        Self::WeakEtag,
        Self::LastModified,
        Self::Validators,
        Self::Ranges,
        Self::Put,
        Self::Authentication,
        Self::Credentials,
        Self::Negotiation,
        Self::Upgrade,
        Self::Tls,
        Self::Echo,
    ];

    /// The word used in check files and reports.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Content => "content",
            Self::Etag => "etag",
            Self::StrongEtag => "strong-etag",
            Self::WeakEtag => "weak-etag",
            Self::LastModified => "last-modified",
            Self::Validators => "validators",
            Self::Ranges => "ranges",
            Self::Put => "put",
            Self::Authentication => "authentication",
            Self::Credentials => "credentials",
            Self::Negotiation => "negotiation",
            Self::Upgrade => "upgrade",
            Self::Tls => "tls",
            Self::Echo => "echo",
        }
    }

    /// What would make a check with this need judgeable.
    #[must_use]
    pub const fn remedy(self) -> &'static str {
        match self {
            Self::Content => "a path whose GET gives 200 with content, twice the same: give one with --path",
            Self::Etag => "a path whose GET gives 200 with an ETag that no other field changes: give one with --path",
            Self::StrongEtag => {
                "a path whose GET gives 200 with a strong ETag that no other field changes: give one with --path"
            }
            Self::WeakEtag => {
                "a path whose GET gives 200 with a weak ETag that no other field changes: give one with --path"
            }
            Self::LastModified => {
                "a path whose GET gives 200 with a Last-Modified, twice the same: give one with --path"
            }
            Self::Validators => {
                "a path whose GET gives 200 with a strong ETag and a Last-Modified, twice the same: give one with --path"
            }
            Self::Ranges => "a path whose GET with Range: bytes=0-0 gives 206: give one with --path",
            Self::Put => "a path beside which PUT creates a resource that GET then gives: give one with --path",
            Self::Authentication => "a path whose GET gives 401 with WWW-Authenticate: give one with --path",
            Self::Credentials => {
                "a path whose GET gives 401 with a Basic challenge, and 2xx with the right user and password: give them with --path and --credentials"
            }
            Self::Negotiation => {
                "a path whose GET gives 200 with a Vary that names Accept, Accept-Language or Accept-Encoding: give one with --path"
            }
            Self::Upgrade => "a path whose GET is answered with an Upgrade field (426, for one): give one with --path",
            Self::Tls => "an https target",
            Self::Echo => "an application that answers in the echo format (see servers/README.md)",
        }
    }

    /// Whether the resource has it.
    #[must_use]
    pub fn is_met_by(self, resource: &Resource) -> bool {
        let is_steady = resource.status == Some(200) && resource.is_stable;
        let weak = resource.etag.as_ref().map(|tag| tag.is_weak);
        match self {
            Self::Content => is_steady && resource.length > 0,
            Self::Etag => is_steady && weak.is_some(),
            Self::StrongEtag => is_steady && weak == Some(false),
            Self::WeakEtag => is_steady && weak == Some(true),
            Self::LastModified => is_steady && resource.last_modified.is_some(),
            Self::Validators => is_steady && weak == Some(false) && resource.last_modified.is_some(),
            Self::Ranges => is_steady && resource.ranges,
            Self::Authentication => resource.challenge.is_some(),
            Self::Credentials => {
                resource.challenge.is_some() && resource.opened.is_some_and(|status| status / 100 == 2)
            }
            Self::Negotiation => {
                let is_of_negotiation =
                    |name: &String| matches!(&name[..], "accept" | "accept-language" | "accept-encoding");
                resource.status == Some(200) && resource.vary.iter().any(is_of_negotiation)
            }
            Self::Upgrade => resource.upgrade.is_some(),
            // Not to be seen in what is found out here.
            Self::Put | Self::Tls | Self::Echo => false,
        }
    }
}

impl std::fmt::Display for Need {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.word())
    }
}

impl Resource {
    /// What placeholders stand for on this resource, with a new token.
    #[must_use]
    pub fn values(&self, target: &Target) -> Values {
        let mut values = target.values();
        values.path.clone_from(&self.path);
        values.etag = self.etag.as_ref().map(|tag| String::from_utf8_lossy(&tag.octets()).into_owned());
        values.last_modified = self.last_modified.as_ref().map(|(text, _)| text.clone());
        values
    }

    /// What the answers to GET, the same again, GET with a field that nobody knows, GET for the first octet, and OPTIONS
    /// tell of a resource. `opened` is the answer to GET with the user's credentials.
    #[must_use]
    pub fn of(
        path: &str,
        [first, second, noted]: [Option<&Answer>; 3],
        ranged: Option<&Answer>,
        options: Option<&Answer>,
        opened: Option<&Answer>,
        now: SystemTime,
    ) -> Self {
        let text = |answer: &Answer, name: &str| answer.field(name).map(startline_parser::notation::encode);
        let read = |value: &[u8]| date::read(value, now).map(|date| date.time);
        let alone = |name: &str| first.and_then(|answer| only(answer, name));
        let same = |one: &Answer, other: &Answer| {
            let alike = |name: &str| one.field(name) == other.field(name);
            one.status == other.status
                && one.content == other.content
                && alike("etag")
                && alike("last-modified")
                && alike("content-type")
        };
        let content = first.map_or(&[][..], |answer| &answer.content);
        let challenge = first.filter(|answer| answer.status == Some(401));
        let challenge = challenge.and_then(|answer| text(answer, "www-authenticate"));
        Self {
            path: path.to_owned(),
            status: first.and_then(|answer| answer.status),
            etag: alone("etag")
                .filter(|tag| noted.and_then(|answer| answer.field("etag")) == Some(*tag))
                .and_then(EntityTag::parse),
            last_modified: alone("last-modified")
                .and_then(|value| Some((String::from_utf8_lossy(value).into_owned(), read(value)?))),
            date: alone("date").and_then(read),
            length: content.len(),
            content_type: first.and_then(|answer| text(answer, "content-type")),
            ranges: ranged.is_some_and(|answer| is_first_octet(answer, content)),
            opened: opened.filter(|_| challenge.is_some()).and_then(|answer| answer.status),
            challenge,
            vary: first.map_or_else(Vec::new, |answer| members(answer, "vary", str::to_ascii_lowercase)),
            allow: options.map_or_else(Vec::new, |answer| members(answer, "allow", str::to_owned)),
            upgrade: first.and_then(|answer| text(answer, "upgrade")),
            is_stable: first.zip(second).is_some_and(|(one, other)| same(one, other)),
        }
    }
}

/// The value of a field that stands in one line.
fn only<'a>(answer: &'a Answer, name: &str) -> Option<&'a [u8]> {
    let is_other = |(field, _): &&(Vec<u8>, Vec<u8>)| field.eq_ignore_ascii_case(name.as_bytes());
    if answer.fields.iter().filter(is_other).count() == 1 { answer.field(name) } else { None }
}

/// The elements of a list without quoted parts, in all of its lines.
fn members(answer: &Answer, name: &str, form: impl Fn(&str) -> String) -> Vec<String> {
    let lines = answer.fields.iter().filter(|(field, _)| field.eq_ignore_ascii_case(name.as_bytes()));
    lines
        .flat_map(|(_, value)| value.split(|&octet| octet == b','))
        .map(|element| form(&startline_parser::notation::encode(element.trim_ascii())))
        .filter(|element| !element.is_empty())
        .collect()
}

/// Whether this is the first octet of the content, and says so.
fn is_first_octet(answer: &Answer, content: &[u8]) -> bool {
    let wanted = format!("bytes 0-0/{}", content.len());
    let unknown = b"bytes 0-0/*";
    let range = only(answer, "content-range").unwrap_or_default();
    answer.status == Some(206)
        && !content.is_empty()
        && answer.content == content[..1]
        && (range.eq_ignore_ascii_case(wanted.as_bytes()) || range.eq_ignore_ascii_case(unknown))
}

/// A field that nobody knows.
pub(crate) const NOTE: &str = "X-Startline: a\r\n";

/// Looks at one path: GET twice and with a field that nobody knows, GET of one octet, OPTIONS, and GET with the user's credentials where they are asked for.
pub async fn look(target: &Target, path: &str, patience: Patience) -> Resource {
    let request = |method: &str, more: &str| {
        let request = format!("{method} {path} HTTP/1.1\r\nHost: {}\r\n{more}\r\n", target.host);
        with_fields(request.as_bytes(), &target.host, &target.fields)
    };
    let first = ask(target, "GET", &request("GET", ""), patience).await;
    let second = ask(target, "GET", &request("GET", ""), patience).await;
    let has_tag = first.as_ref().is_some_and(|answer| answer.field("etag").is_some());
    let noted = if has_tag { ask(target, "GET", &request("GET", NOTE), patience).await } else { None };
    let is_200 = first.as_ref().is_some_and(|answer| answer.status == Some(200));
    let ranged =
        if is_200 { ask(target, "GET", &request("GET", "Range: bytes=0-0\r\n"), patience).await } else { None };
    let options = ask(target, "OPTIONS", &request("OPTIONS", ""), patience).await;
    let is_401 = first.as_ref().is_some_and(|answer| answer.status == Some(401));
    let opened = match &target.credentials {
        Some(credentials) if is_401 => {
            let line = format!("Authorization: {}\r\n", credentials.authorization());
            ask(target, "GET", &request("GET", &line), patience).await
        }
        _ => None,
    };
    Resource::of(
        path,
        [first.as_ref(), second.as_ref(), noted.as_ref()],
        ranged.as_ref(),
        options.as_ref(),
        opened.as_ref(),
        SystemTime::now(),
    )
}

/// A path in the directory of this one, which nothing has.
#[must_use]
pub fn sibling(path: &str, token: &str) -> String {
    let path = path.split('?').next().unwrap_or_default();
    let directory = path.rfind('/').map_or("/", |slash| &path[..=slash]);
    format!("{directory}startline-{token}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answers::answers;

    fn answer(text: &str) -> Answer {
        let octets = text.replace('\n', "\r\n").into_bytes();
        answers(&octets, &[b"GET".to_vec()], true).remove(0)
    }

    fn of(first: &str, second: &str, ranged: &str) -> Resource {
        let (first, second, ranged) = (answer(first), answer(second), answer(ranged));
        let options = answer("HTTP/1.1 204 No\nAllow: GET, ,HEAD\nAllow: PUT\n\n");
        let now = SystemTime::now();
        Resource::of("/a", [Some(&first), Some(&second), Some(&first)], Some(&ranged), Some(&options), None, now)
    }

    const FILE: &str = "HTTP/1.1 200 OK\nETag: \"a,b\"\nLast-Modified: Sun, 06 Nov 1994 08:49:37 GMT\nVary: Accept, X\nContent-Length: 3\n\nabc";
    const OCTET: &str = "HTTP/1.1 206 P\nContent-Range: bytes 0-0/3\nContent-Length: 1\n\na";

    fn meets(resource: &Resource) -> Vec<&'static str> {
        Need::ALL.into_iter().filter(|need| need.is_met_by(resource)).map(Need::word).collect()
    }

    #[test]
    fn a_file_has_validators_and_ranges() {
        let file = of(FILE, FILE, OCTET);
        assert_eq!(
            meets(&file),
            ["content", "etag", "strong-etag", "last-modified", "validators", "ranges", "negotiation"]
        );
        assert_eq!(file.allow, ["GET", "HEAD", "PUT"]);
        assert_eq!(file.last_modified.map(|(text, _)| text).as_deref(), Some("Sun, 06 Nov 1994 08:49:37 GMT"));
    }

    #[test]
    fn what_changes_is_not_judged_by_its_validators() {
        let changed = of(FILE, &FILE.replace("a,b", "c"), OCTET);
        assert_eq!(meets(&changed), ["negotiation"]);
    }

    #[test]
    fn a_tag_that_goes_by_the_whole_request_does_not_count() {
        let (file, other) = (answer(FILE), answer(&FILE.replace("a,b", "c")));
        for (noted, has_tag) in [(Some(&file), true), (Some(&other), false), (None, false)] {
            let found = Resource::of("/a", [Some(&file), Some(&file), noted], None, None, None, SystemTime::now());
            assert_eq!((found.etag.is_some(), found.is_stable), (has_tag, true));
        }
    }

    #[test]
    fn validators_that_are_none_do_not_count() {
        for (from, to) in [("\"a,b\"", "a"), ("\"a,b\"", "\"a"), ("\"a,b\"", "w/\"a\""), ("1994 08", "1994  08")] {
            let file = FILE.replace(from, to);
            let found = of(&file, &file, OCTET);
            assert_eq!(found.etag.is_none(), from.starts_with('"'), "{to}");
            assert_eq!(found.last_modified.is_none(), !from.starts_with('"'), "{to}");
        }
        let weak = FILE.replace("\"a,b\"", "W/\"a\"");
        assert!(meets(&of(&weak, &weak, OCTET)).contains(&"weak-etag"));
        let twice = FILE.replace("ETag: \"a,b\"", "ETag: \"a\"\nETag: \"b\"");
        assert_eq!(of(&twice, &twice, OCTET).etag, None);
    }

    #[test]
    fn ranges_count_only_if_the_octet_and_its_place_are_right() {
        for (from, to) in [("206", "200"), ("0-0/3", "0-0/4"), ("0-0/3", "1-1/3"), ("\n\na", "\n\nb")] {
            assert!(!of(FILE, FILE, &OCTET.replace(from, to)).ranges, "{to}");
        }
    }

    #[test]
    fn a_challenge_is_opened_by_credentials_or_not() {
        let locked = answer("HTTP/1.1 401 No\nWWW-Authenticate: Basic realm=\"a\"\nContent-Length: 0\n\n");
        let open = answer("HTTP/1.1 200 OK\nContent-Length: 0\n\n");
        let of = |opened: Option<&Answer>| {
            let now = SystemTime::now();
            meets(&Resource::of("/", [Some(&locked); 3], None, None, opened, now))
        };
        assert_eq!(of(None), ["authentication"]);
        assert_eq!(of(Some(&locked)), ["authentication"]);
        assert_eq!(of(Some(&open)), ["authentication", "credentials"]);
    }

    #[test]
    fn words_are_those_of_check_files() {
        for need in Need::ALL {
            let read: Need = serde_json::from_str(&format!("\"{}\"", need.word())).unwrap();
            assert_eq!(read, need);
            assert!(!need.remedy().ends_with('.'));
        }
    }

    #[test]
    fn siblings_stand_in_the_same_directory() {
        for (path, wanted) in [("/", "/startline-t"), ("/a", "/startline-t"), ("/a/b?c=/d", "/a/startline-t")] {
            assert_eq!(sibling(path, "t"), wanted, "{path}");
        }
    }
}
