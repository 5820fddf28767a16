//! What is answered to requests that are right.
//!
//! The application says what the server understood, in the marked format of [`servers::Echo`](crate::servers::Echo); at
//! most [`ECHOED_MOST`] octets of content are in it, while `length` counts all. Under `/missing` and `/startline-canary`
//! there is nothing; what stands under other names is in [`resources`].

use startline_parser::TargetForm;
use startline_parser::policy::Point;
use startline_parser::reader::{FieldLine, Message, StartLine};

use super::answer::Answer;
use super::behaviour::{Application, Behaviour, Deed, Manner};
use super::faults;
use super::lapse::Lapse;
use super::resources::{self, Store, Surroundings};

/// More octets of content than this are not echoed.
pub const ECHOED_MOST: usize = 64 * 1024;

/// Values of this length are too large for a server that leaves such fields out.
const LARGE_FIELD: usize = 3_000;

const ALLOW: &str = "GET, HEAD, POST, PUT, DELETE, OPTIONS";
const METHODS: [&[u8]; 6] = [b"GET", b"HEAD", b"POST", b"PUT", b"DELETE", b"OPTIONS"];

/// A request that has been accepted.
pub(super) struct Request<'m> {
    pub(super) message: &'m Message,
    pub(super) stream: &'m [u8],
    pub(super) content: Vec<u8>,
}

/// What comes of a request.
pub(super) enum Reply {
    Answer(Answer),
    /// The answer is followed by a tunnel that leads nowhere.
    Tunnel(Answer),
    /// The answer is followed by another protocol, which sends back what it gets.
    Switch(Answer),
    /// What a faulty server does in place of an answer.
    Instead(Manner),
}

impl Request<'_> {
    fn form(&self) -> Option<TargetForm> {
        match self.message.start_line {
            Some(StartLine::Request { form, .. }) => form,
            _ => None,
        }
    }

    fn target(&self) -> &[u8] {
        self.message.target(self.stream).unwrap_or_default()
    }

    /// The method as sent, or as a faulty server takes it.
    pub(super) fn method(&self, behaviour: &Behaviour) -> Vec<u8> {
        let method = self.message.method(self.stream).unwrap_or_default();
        let is_bad = self.message.faults.iter().any(|fault| fault.point == Some(Point::MethodOctets));
        if is_bad && behaviour.does(Deed::InvalidMethodAsGet) {
            return b"GET".to_vec();
        }
        let upper = method.to_ascii_uppercase();
        if behaviour.does(Deed::MethodCaseFolded) && METHODS.contains(&&upper[..]) {
            return upper;
        }
        method.to_vec()
    }

    /// The authority of a target in absolute-form, without userinfo.
    fn authority(&self) -> Option<&[u8]> {
        if self.form() != Some(TargetForm::Absolute) {
            return None;
        }
        let target = self.target();
        let at = target.windows(3).position(|window| window == b"://")? + 3;
        let authority = target[at..].split(|octet| b"/?#".contains(octet)).next()?;
        authority.rsplit(|&octet| octet == b'@').next()
    }

    /// Whether it is for an `https` resource, and the connection is not secured for its host (RFC 9110 section 7.4).
    fn is_misdirected(&self, behaviour: &Behaviour) -> bool {
        if !behaviour.tls {
            let is_https = self.target().get(..6).is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"https:"));
            return self.authority().is_some() && is_https;
        }
        let Some(authority) = self.authority().or(self.message.values("host").next()) else { return false };
        let host = match authority.iter().rposition(|&octet| octet == b':') {
            Some(colon) if !authority.ends_with(b"]") => &authority[..colon],
            _ => authority,
        };
        // An empty authority stands for the one that the server has.
        !host.is_empty()
            && ![&b"localhost"[..], b"127.0.0.1", b"[::1]"].iter().any(|own| own.eq_ignore_ascii_case(host))
    }

    /// The last line of a value that is folded.
    fn last_line(&self, field: &FieldLine) -> Option<&[u8]> {
        let starts = |at: u32| self.message.fields.iter().rfind(|other| other.name_span.start < at);
        let mut folds = self.message.faults.iter().filter(|fault| fault.point == Some(Point::ObsFold));
        let last = folds.rfind(|fault| starts(fault.span.start) == Some(field))?;
        let line = self.stream.get(last.span.end as usize..)?.split(|&octet| octet == b'\n').next()?;
        Some(line.trim_ascii())
    }

    pub(super) fn path(&self) -> &[u8] {
        let target = self.target();
        match self.authority() {
            Some(_) => {
                let after = target.windows(3).position(|window| window == b"://").map_or(0, |at| at + 3);
                let slash = target[after..].iter().position(|&octet| octet == b'/');
                slash.map_or(b"/", |slash| &target[after + slash..])
            }
            None => target,
        }
    }
}

/// Answers a request.
pub(super) fn reply(request: &Request<'_>, behaviour: &Behaviour, store: &Store) -> Reply {
    let method = request.method(behaviour);
    faults::spoil(request, &method, sound(request, &method, behaviour, store), behaviour)
}

fn sound(request: &Request<'_>, method: &[u8], behaviour: &Behaviour, store: &Store) -> Reply {
    if behaviour.application == Application::Redirect {
        return Reply::Answer(Answer::new(301, "elsewhere\n").with_field("Location", "/elsewhere"));
    }
    if !behaviour.does(Deed::AnyOrigin) && request.is_misdirected(behaviour) {
        return Reply::Answer(Answer::new(421, "this is not the connection for that origin\n"));
    }
    if let Some(refused) = whim(request, behaviour) {
        return Reply::Answer(refused);
    }
    let at = Surroundings { store, behaviour, now: behaviour.now() };
    match method {
        b"CONNECT" if behaviour.does(Deed::ConnectTunnels) => return Reply::Tunnel(Answer::new(200, "")),
        b"HEAD" if behaviour.does(Deed::HeadUnsupported) => return Reply::Answer(not_implemented()),
        b"TRACE" => {
            if let Some(answer) = resources::too_eager(request, method, at, Lapse::OnTrace) {
                return Reply::Answer(answer);
            }
        }
        known if METHODS.contains(&known) => {
            let lapse = if known == b"OPTIONS" { Lapse::OnOptions } else { Lapse::OnMissing };
            if (known == b"OPTIONS" || is_missing(request.path()))
                && let Some(answer) = resources::too_eager(request, known, at, lapse)
            {
                return Reply::Answer(answer);
            }
            let found = resources::reply(request, method, at);
            return found.unwrap_or_else(|| Reply::Answer(resource(request, method, behaviour)));
        }
        _ => return unknown(request, method, behaviour),
    }
    Reply::Answer(Answer::new(405, "not for this resource\n").with_field("Allow", ALLOW))
}

fn not_implemented() -> Answer {
    Answer::new(501, "this method is not implemented here\n")
}

fn unknown(request: &Request<'_>, method: &[u8], behaviour: &Behaviour) -> Reply {
    for deed in &behaviour.deeds {
        match deed {
            Deed::LongMethod(Manner::Status(status)) if method.len() > 32 => {
                return Reply::Answer(Answer::new(*status, "the method is too long\n"));
            }
            Deed::LongMethod(manner) if method.len() > 32 => return Reply::Instead(*manner),
            Deed::UnknownMethodAsGet if method != b"CONNECT" => {
                return Reply::Answer(resource(request, b"GET", behaviour));
            }
            Deed::UnknownMethodStatus(status) => return Reply::Answer(Answer::new(*status, "an unknown method\n")),
            _ => {}
        }
    }
    Reply::Answer(not_implemented())
}

/// Whether whitespace stands around the value, other than one SP before it.
pub(super) fn has_wide_blanks(field: &FieldLine, stream: &[u8]) -> bool {
    let (start, end) = (field.value_span.start as usize, field.value_span.end as usize);
    let before = &stream[(field.name_span.end as usize + 1).min(start)..start];
    let behind = stream.get(end).is_some_and(|octet| matches!(octet, b' ' | b'\t'));
    before != b" " || behind
}

/// Refusals for which there is no reason.
fn whim(request: &Request<'_>, behaviour: &Behaviour) -> Option<Answer> {
    let message = request.message;
    let bad = |why: &str| Some(Answer::new(400, format!("{why}\n")));
    if behaviour.does(Deed::UnknownFieldRefused) && message.fields.iter().any(|field| !is_known(&field.name)) {
        return bad("an unknown field");
    }
    let is_wide = |field: &FieldLine| has_wide_blanks(field, request.stream);
    if behaviour.does(Deed::BlanksAroundValueRefused) && message.fields.iter().any(is_wide) {
        return bad("whitespace around a field value");
    }
    let has_empty = |value: &[u8]| value.split(|&octet| octet == b',').any(|element| element.trim_ascii().is_empty());
    if behaviour.does(Deed::EmptyElementRefused) && message.values("connection").any(has_empty) {
        return bad("an empty list element");
    }
    None
}

/// Whether there is nothing at the path.
fn is_missing(path: &[u8]) -> bool {
    path.starts_with(b"/missing") || path.starts_with(b"/startline-canary")
}

fn resource(request: &Request<'_>, method: &[u8], behaviour: &Behaviour) -> Answer {
    if is_missing(request.path()) {
        return Answer::new(404, "there is nothing here\n");
    }
    let status = if method == b"POST" && behaviour.does(Deed::PostCreates) { 201 } else { 200 };
    let content = match behaviour.application {
        Application::Plain => b"served\n".to_vec(),
        _ => echo(request, method, behaviour),
    };
    let answer = Answer::new(status, content);
    if method == b"OPTIONS" { answer.with_field("Allow", ALLOW) } else { answer }
}

fn echo(request: &Request<'_>, method: &[u8], behaviour: &Behaviour) -> Vec<u8> {
    let mut text = b"startline-echo/1\nmethod: ".to_vec();
    text.extend_from_slice(method);
    text.extend_from_slice(b"\ntarget: ");
    let field_counts = behaviour.does(Deed::HostFieldCounts);
    text.extend_from_slice(if field_counts { request.path() } else { request.target() });
    text.push(b'\n');
    // RFC 9112 section 3.2.2: the host of an absolute-form target stands in for the field.
    let host = request.authority().filter(|_| !field_counts);
    let merged = |name: &[u8]| {
        behaviour.deeds.iter().any(|deed| match deed {
            Deed::TrailersMerged(None) => true,
            Deed::TrailersMerged(Some(only)) => only.as_bytes().eq_ignore_ascii_case(name),
            _ => false,
        })
    };
    let trailers = request.message.trailers.iter().filter(|field| merged(&field.name));
    let leaves_out = behaviour.does(Deed::LargeFieldsIgnored);
    let fields = request.message.fields.iter().chain(trailers);
    for field in fields.filter(|field| !leaves_out || field.value.len() < LARGE_FIELD) {
        let last = request.last_line(field).filter(|_| behaviour.does(Deed::FoldReplacesValue));
        let value = last.unwrap_or(&field.value);
        let value = host.filter(|_| field.name.eq_ignore_ascii_case(b"host")).unwrap_or(value);
        text.extend_from_slice(b"field: ");
        text.extend_from_slice(&field.name);
        text.extend_from_slice(b": ");
        text.extend_from_slice(value);
        text.push(b'\n');
    }
    text.extend_from_slice(format!("length: {}\nbody:\n", request.content.len()).as_bytes());
    text.extend_from_slice(&request.content[..request.content.len().min(ECHOED_MOST)]);
    text
}

/// Fields that a server of some age has heard of.
fn is_known(name: &[u8]) -> bool {
    const KNOWN: [&str; 38] = [
        "accept",
        "accept-charset",
        "accept-encoding",
        "accept-language",
        "allow",
        "authorization",
        "cache-control",
        "connection",
        "content-encoding",
        "content-language",
        "content-length",
        "content-location",
        "content-type",
        "cookie",
        "date",
        "expect",
        "forwarded",
        "from",
        "host",
        "if-match",
        "if-modified-since",
        "if-none-match",
        "if-range",
        "if-unmodified-since",
        "keep-alive",
        "max-forwards",
        "origin",
        "pragma",
        "proxy-authorization",
        "proxy-connection",
        "range",
        "referer",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "user-agent",
        "via",
    ];
    KNOWN.iter().any(|known| known.as_bytes().eq_ignore_ascii_case(name))
}
