//! The notation of checks: text that people review, filled in and turned into the octets that are sent.
//!
//! The notation itself is [`startline_parser::notation`]; this module adds the placeholders: `{host}`, `{path}`,
//! `{scheme}`, `{token}`, `{fill:N}` (N times the letter a), and what the chosen resource has: `{etag}`,
//! `{last_modified}`, and `{authorization}` for the credentials that the user gave. What is made of the validators:
//! `{etag:strong}` and `{etag:weak}` (without and with `W/`), `{etag:bare}` (what stands between the quotes),
//! `{last_modified:+N}` and `{last_modified:-N}` (N seconds later or earlier, and never before 1970),
//! `{last_modified:rfc850}`, `{last_modified:asctime}`, and `{last_modified:lower}` (in small letters).

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use startline_parser::notation::{self, NotationError, Piece};

use crate::field::date::{self, Form};
use crate::field::tag::EntityTag;
use crate::resource::Need;

/// A text in the notation, checked and ready to be filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    source: String,
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Octets(Vec<u8>),
    Host,
    Path,
    Scheme,
    Token,
    Etag,
    EtagAs(EtagForm),
    LastModified,
    LastModifiedAs(DateForm),
    Authorization,
    Fill(usize),
}

/// What is made of an entity-tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum EtagForm {
    Strong,
    Weak,
    Bare,
}

/// What is made of a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DateForm {
    Moved(i64),
    Written(Form),
    Lower,
}

/// What placeholders stand for in one exchange.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Values {
    /// The value of `Host`.
    pub host: String,
    /// Path and query of a resource that is known to answer.
    pub path: String,
    /// `http` or `https`.
    pub scheme: String,
    /// A word that is new for each exchange.
    pub token: String,
    /// The resource's entity-tag, if it has one.
    pub etag: Option<String>,
    /// The resource's `Last-Modified`, if it has one.
    pub last_modified: Option<String>,
    /// The value of `Authorization` for the user's credentials, if there are any.
    pub authorization: Option<String>,
}

impl Values {
    /// Values for proofs and documents, where nothing is sent.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            host: "example.com".to_owned(),
            path: "/".to_owned(),
            scheme: "http".to_owned(),
            token: "t0k3n".to_owned(),
            etag: Some("\"t4g\"".to_owned()),
            last_modified: Some("Sun, 06 Nov 1994 08:49:37 GMT".to_owned()),
            authorization: Some("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==".to_owned()),
        }
    }
}

/// More octets than this are never filled in.
const FILL_MOST: usize = 1 << 20;

impl Template {
    /// Checks a text.
    ///
    /// # Errors
    /// The first place that is not in the notation, or a placeholder that does not exist.
    pub fn parse(source: &str) -> Result<Self, NotationError> {
        let mut parts: Vec<Part> = Vec::new();
        for piece in notation::pieces(source)? {
            match piece {
                Piece::Octet(octet) => match parts.last_mut() {
                    Some(Part::Octets(octets)) => octets.push(octet),
                    _ => parts.push(Part::Octets(vec![octet])),
                },
                Piece::Placeholder(name) => parts.push(placeholder(name)?),
                _ => return Err(NotationError::new(1, "a piece of the notation that templates do not know")),
            }
        }
        Ok(Self { source: source.to_owned(), parts })
    }

    /// The text as written.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Whether it has a placeholder for which only some resources have a value.
    #[must_use]
    pub fn needs(&self, need: Need) -> bool {
        let is_such = |part: &Part| match need {
            Need::Etag => matches!(part, Part::Etag | Part::EtagAs(_)),
            Need::LastModified => matches!(part, Part::LastModified | Part::LastModifiedAs(_)),
            Need::Credentials => *part == Part::Authorization,
            _ => false,
        };
        self.parts.iter().any(is_such)
    }

    /// The octets with every placeholder filled in; what the resource does not have is left out.
    #[must_use]
    pub fn fill(&self, values: &Values) -> Vec<u8> {
        let mut octets = Vec::new();
        for part in &self.parts {
            match part {
                Part::Octets(fixed) => octets.extend_from_slice(fixed),
                Part::Host => octets.extend_from_slice(values.host.as_bytes()),
                Part::Path => octets.extend_from_slice(values.path.as_bytes()),
                Part::Scheme => octets.extend_from_slice(values.scheme.as_bytes()),
                Part::Token => octets.extend_from_slice(values.token.as_bytes()),
                Part::Etag => octets.extend_from_slice(values.etag.as_deref().unwrap_or_default().as_bytes()),
                Part::LastModified => {
                    octets.extend_from_slice(values.last_modified.as_deref().unwrap_or_default().as_bytes());
                }
                Part::EtagAs(form) => {
                    octets.extend(values.etag.as_deref().map(|tag| tag_as(tag, *form)).unwrap_or_default());
                }
                Part::LastModifiedAs(form) => {
                    let text = values.last_modified.as_deref().and_then(|text| date_as(text, *form));
                    octets.extend_from_slice(text.unwrap_or_default().as_bytes());
                }
                Part::Authorization => {
                    octets.extend_from_slice(values.authorization.as_deref().unwrap_or_default().as_bytes());
                }
                Part::Fill(count) => octets.resize(octets.len() + count, b'a'),
            }
        }
        octets
    }
}

fn tag_as(tag: &str, form: EtagForm) -> Vec<u8> {
    let opaque = EntityTag::parse(tag.as_bytes()).map(|tag| tag.opaque).unwrap_or_default();
    let of = |is_weak| EntityTag { is_weak, opaque: opaque.clone() }.octets();
    match form {
        EtagForm::Strong => of(false),
        EtagForm::Weak => of(true),
        EtagForm::Bare => opaque,
    }
}

fn date_as(text: &str, form: DateForm) -> Option<String> {
    let time = date::read(text.as_bytes(), SystemTime::now())?.time;
    Some(match form {
        DateForm::Moved(seconds) => {
            let distance = Duration::from_secs(seconds.unsigned_abs());
            let moved = if seconds < 0 { time.checked_sub(distance) } else { time.checked_add(distance) };
            date::write(moved.unwrap_or(UNIX_EPOCH))
        }
        DateForm::Written(form) => date::write_as(time, form),
        DateForm::Lower => text.to_ascii_lowercase(),
    })
}

fn placeholder(name: &str) -> Result<Part, NotationError> {
    Ok(match name {
        "host" => Part::Host,
        "path" => Part::Path,
        "scheme" => Part::Scheme,
        "token" => Part::Token,
        "etag" => Part::Etag,
        "etag:strong" => Part::EtagAs(EtagForm::Strong),
        "etag:weak" => Part::EtagAs(EtagForm::Weak),
        "etag:bare" => Part::EtagAs(EtagForm::Bare),
        "last_modified" => Part::LastModified,
        "last_modified:rfc850" => Part::LastModifiedAs(DateForm::Written(Form::Rfc850)),
        "last_modified:asctime" => Part::LastModifiedAs(DateForm::Written(Form::Asctime)),
        "last_modified:lower" => Part::LastModifiedAs(DateForm::Lower),
        "authorization" => Part::Authorization,
        _ if name.starts_with("last_modified:") => {
            let moved = name.strip_prefix("last_modified:").filter(|moved| moved.starts_with(['+', '-']));
            let moved = moved.and_then(|moved| moved.parse().ok());
            Part::LastModifiedAs(DateForm::Moved(moved.ok_or(NotationError::new(
                1,
                "{last_modified:...} has rfc850, asctime, lower, or a number of seconds with its sign behind the colon",
            ))?))
        }
        _ => {
            let count = name.strip_prefix("fill:").and_then(|count| count.parse().ok());
            let count = count.filter(|&count| count <= FILL_MOST);
            Part::Fill(count.ok_or(NotationError::new(
                1,
                "a placeholder that is none of {host}, {path}, {scheme}, {token}, {etag}, {last_modified}, {authorization}, {fill:N} with N up to 1048576",
            ))?)
        }
    })
}

/// `request` with further field lines put into its head: after the `Host` line, or after the request-line if there is no
/// `Host`. Octets that are no request are left alone.
#[must_use]
pub fn with_fields(request: &[u8], host: &str, fields: &[u8]) -> Vec<u8> {
    let host_line = format!("Host: {host}\r\n");
    let find =
        |needle: &[u8]| request.windows(needle.len()).position(|window| window == needle).map(|at| at + needle.len());
    let after_line = || find(b"\r\n").filter(|&at| request.get(at).is_some_and(|octet| !octet.is_ascii_whitespace()));
    let at = if fields.is_empty() { None } else { find(host_line.as_bytes()).or_else(after_line) };
    match at {
        Some(at) => [&request[..at], fields, &request[at..]].concat(),
        None => request.to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fills_every_placeholder() {
        let template = Template::parse("GET {scheme}://{host}{path}?{token} HTTP/1.1\n\\{{fill:3}").unwrap();
        assert_eq!(template.fill(&Values::sample()), b"GET http://example.com/?t0k3n HTTP/1.1\r\n{aaa");
        let template = Template::parse("{etag} {last_modified} {authorization}").unwrap();
        assert_eq!(
            template.fill(&Values::sample()),
            b"\"t4g\" Sun, 06 Nov 1994 08:49:37 GMT Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="
        );
        assert!(template.needs(Need::Etag) && template.needs(Need::Credentials) && !template.needs(Need::Put));
    }

    #[test]
    fn validators_in_every_form() {
        let fill = |text: &str| String::from_utf8(Template::parse(text).unwrap().fill(&Values::sample())).unwrap();
        for (text, wanted) in [
            ("{etag:strong}", "\"t4g\""),
            ("{etag:weak}", "W/\"t4g\""),
            ("{etag:bare}", "t4g"),
            ("{last_modified:+1}", "Sun, 06 Nov 1994 08:49:38 GMT"),
            ("{last_modified:-86400}", "Sat, 05 Nov 1994 08:49:37 GMT"),
            ("{last_modified:rfc850}", "Sunday, 06-Nov-94 08:49:37 GMT"),
            ("{last_modified:asctime}", "Sun Nov  6 08:49:37 1994"),
            ("{last_modified:lower}", "sun, 06 nov 1994 08:49:37 gmt"),
        ] {
            assert_eq!(fill(text), wanted, "{text}");
        }
        let weak = Values { etag: Some("W/\"a\"".to_owned()), ..Values::sample() };
        assert_eq!(Template::parse("{etag:strong}{etag:weak}").unwrap().fill(&weak), b"\"a\"W/\"a\"");
    }

    #[test]
    fn refuses_unknown_placeholders() {
        for bad in
            ["{last_modified:1}", "{last_modified:}", "{etag:}", "{hots}", "{fill:}", "{fill:9999999}", "{fill:-1}"]
        {
            assert!(Template::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn fields_go_after_host_or_after_the_request_line() {
        let put = |request: &[u8]| String::from_utf8(with_fields(request, "a", b"X: 1\r\n")).unwrap();
        assert_eq!(put(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"), "GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n\r\n");
        assert_eq!(put(b"GET / HTTP/1.1\r\nA: b\r\n\r\n"), "GET / HTTP/1.1\r\nX: 1\r\nA: b\r\n\r\n");
        assert_eq!(put(b"GET / HTTP/1.1\r\n A: b\r\n\r\n"), "GET / HTTP/1.1\r\n A: b\r\n\r\n");
    }
}
