//! Input: messages made from the grammar, then damaged.
//!
//! Everything is drawn from [`Unstructured`] octets, so that property tests (random octets) and libFuzzer (octets it has
//! learnt something about) drive the same code. For the fuzzer's sake an input is one of two things:
//!
//! - octets that begin below 128, or none: the stream itself, with plain limits. So seeds, findings and regressions are
//!   messages that anybody can read.
//! - otherwise the octets after the first are choices: a message of the grammar, damage to it, limits, cuts, methods. If
//!   the first is one of the last sixteen, the message is a [long](Message::lengthen) one.

mod long;

use std::fmt;

use arbitrary::{Arbitrary, Result, Unstructured};
use startline_parser::Limits;
use startline_parser::notation::encode;
use startline_parser::rule::On;

use crate::outcome::FIELDS;

/// The methods of requests that generated responses answer.
const METHODS: [&str; 4] = ["GET", "HEAD", "CONNECT", "POST"];

/// From this first octet on, generated messages are long ones.
const LONG: u8 = 0xF0;

/// Pieces of messages that parsers have been seen to differ about; also the fuzzers' dictionary.
pub const PIECES: &[&[u8]] = &[
    b"\r\n",
    b"\n",
    b"\r",
    b"\r\n\r\n",
    b"\n\n",
    b"\r\r\n",
    b" ",
    b"\t",
    b"\x0b",
    b"\x0c",
    b"\0",
    b"\x7f",
    b"\x80",
    b"\xff",
    b":",
    b": ",
    b" :",
    b",",
    b", ,",
    b";",
    b" ; ",
    b"=",
    b"\"",
    b"\\\"",
    b"%",
    b"%41",
    b"%4",
    b"%zz",
    b"#",
    b"?",
    b"/",
    b"//",
    b"*",
    b"@",
    b"[",
    b"]",
    b"[::1]",
    b"[v1.a]",
    b"[::ffff:1.2.3.4]",
    b":80",
    b":0",
    b":65536",
    b"+",
    b"-",
    b"_",
    b"0x",
    b"0",
    b"00",
    b"1",
    b"5",
    b"a",
    b"F",
    b"FFFFFFFFFFFFFFFF",
    b"10000000000000000",
    b"18446744073709551615",
    b"18446744073709551616",
    b"GET ",
    b"CONNECT ",
    b"OPTIONS ",
    b"POST ",
    b"http://",
    b"https://",
    b"a:",
    b"HTTP/1.1",
    b"HTTP/1.0",
    b"HTTP/1.2",
    b"HTTP/2.0",
    b"http/1.1",
    b"HTTP/1.1 200 OK\r\n",
    b" 204 ",
    b" 304 ",
    b" 101 ",
    b"GET / HTTP/1.1\r\n",
    b"Host: a\r\n",
    b"Host: \r\n",
    b"Host",
    b"Content-Length: 5\r\n",
    b"content-length",
    b"Content-Length: 5, 5\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b"transfer-encoding",
    b"chunked",
    b"gzip, ",
    b"identity",
    b"Connection: close\r\n",
    b"Trailer: x\r\n",
    b"0\r\n\r\n",
    b"5\r\nhello\r\n",
    b";a=b",
    b";a=\"b\"",
    b" folded\r\n",
];

/// One input to a property about the first message of a stream.
#[derive(Clone)]
pub struct Case {
    /// The direction.
    pub on: On,
    /// The octets.
    pub stream: Vec<u8>,
    /// Which of a few methods the request had that a response answers.
    pub method: &'static str,
    /// The limits; never more than [`FIELDS`] field lines.
    pub limits: Limits,
    /// Where the stream is cut.
    pub cuts: Vec<usize>,
}

impl Case {
    /// A stream with plain limits, uncut.
    #[must_use]
    pub fn plain(on: On, stream: &[u8]) -> Self {
        Self { on, stream: stream.to_vec(), method: "GET", limits: plain_limits(), cuts: Vec::new() }
    }

    /// Whether the limits are the defaults, but for the number of fields.
    #[must_use]
    pub fn has_plain_limits(&self) -> bool {
        self.limits == plain_limits()
    }

    /// The methods as the reader wants them.
    #[must_use]
    pub fn methods(&self) -> Vec<&'static [u8]> {
        vec![self.method.as_bytes()]
    }

    /// Reads an input; without a direction a stream that begins like a status-line is taken for a response.
    fn of_input(octets: &[u8], on: Option<On>) -> Result<Self> {
        match octets.split_first() {
            Some((first, choices)) if *first >= 0x80 => {
                Self::generated(&mut Unstructured::new(choices), on, *first >= LONG)
            }
            _ => {
                let looks = if octets.starts_with(b"HTTP") { On::Response } else { On::Request };
                Ok(Self::plain(on.unwrap_or(looks), octets))
            }
        }
    }

    fn generated(choices: &mut Unstructured<'_>, on: Option<On>, is_long: bool) -> Result<Self> {
        let on = match on {
            Some(on) => on,
            None => *choices.choose(&[On::Request, On::Response])?,
        };
        let mut limits = limits(choices)?;
        let method = choices.choose(&METHODS)?;
        let mut message = Message::generate(choices, on)?;
        if is_long {
            message.lengthen(choices)?;
        }
        let mut stream = message.octets();
        if is_long {
            limits = message.tight_limits(choices, limits, &stream)?;
        }
        if choices.ratio(1, 4)? {
            stream.extend(Message::generate(choices, on)?.octets());
        }
        damage(choices, &mut stream)?;
        let cuts = cuts(choices, stream.len())?;
        Ok(Self { on, stream, method, limits, cuts })
    }
}

/// One input to a property about a chunked body.
#[derive(Clone)]
pub struct BodyCase {
    /// The octets.
    pub octets: Vec<u8>,
    /// The limits.
    pub limits: Limits,
    /// Where the octets are cut.
    pub cuts: Vec<usize>,
}

impl BodyCase {
    /// A body with plain limits, uncut.
    #[must_use]
    pub fn plain(octets: &[u8]) -> Self {
        Self { octets: octets.to_vec(), limits: plain_limits(), cuts: Vec::new() }
    }

    /// The same as the body of a request.
    #[must_use]
    pub fn request(&self) -> Case {
        let head = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
        let stream = [&head[..], &self.octets].concat();
        // The head is not what is looked at.
        let limits = self.limits.with_head(usize::MAX).with_start_line(usize::MAX).with_fields(FIELDS);
        let limits = if limits.field_line < 64 { limits.with_field_line(64) } else { limits };
        Case { on: On::Request, stream, method: "POST", limits, cuts: Vec::new() }
    }
}

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} (to {}) {:?} cut at {:?}", self.on, self.method, encode(&self.stream), self.cuts)?;
        if self.has_plain_limits() { Ok(()) } else { write!(f, " under {:?}", self.limits) }
    }
}

impl fmt::Debug for BodyCase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} cut at {:?}", encode(&self.octets), self.cuts)?;
        if self.limits == plain_limits() { Ok(()) } else { write!(f, " under {:?}", self.limits) }
    }
}

const fn plain_limits() -> Limits {
    Limits::DEFAULT.with_fields(FIELDS)
}

/// Limits that are hit now and then.
fn limits(choices: &mut Unstructured<'_>) -> Result<Limits> {
    if choices.ratio(3, 4)? {
        return Ok(plain_limits());
    }
    let mut limits = plain_limits();
    for change in [
        Limits::with_head,
        Limits::with_start_line,
        Limits::with_field_line,
        Limits::with_fields,
        Limits::with_chunk_line,
        Limits::with_chunk_extensions,
        Limits::with_trailer_section,
    ] {
        if choices.ratio(1, 3)? {
            limits = change(limits, choices.int_in_range(0..=120)?);
        }
    }
    Ok(limits)
}

fn cuts(choices: &mut Unstructured<'_>, len: usize) -> Result<Vec<usize>> {
    let count = choices.int_in_range(0..=6)?;
    (0..count).map(|_| choices.int_in_range(0..=len)).collect()
}

/// Requests.
#[derive(Debug, Clone)]
pub struct Requests(pub Case);

/// Responses.
#[derive(Debug, Clone)]
pub struct Responses(pub Case);

/// Messages of either direction.
#[derive(Debug, Clone)]
pub struct Messages(pub Case);

/// Chunked bodies.
#[derive(Debug, Clone)]
pub struct Bodies(pub BodyCase);

/// Takes all that is left: inputs have no end of their own.
fn all<'a>(choices: &mut Unstructured<'a>) -> Result<&'a [u8]> {
    choices.bytes(choices.len())
}

impl<'a> Arbitrary<'a> for Requests {
    fn arbitrary(choices: &mut Unstructured<'a>) -> Result<Self> {
        Case::of_input(all(choices)?, Some(On::Request)).map(Self)
    }
}

impl<'a> Arbitrary<'a> for Responses {
    fn arbitrary(choices: &mut Unstructured<'a>) -> Result<Self> {
        Case::of_input(all(choices)?, Some(On::Response)).map(Self)
    }
}

impl<'a> Arbitrary<'a> for Messages {
    fn arbitrary(choices: &mut Unstructured<'a>) -> Result<Self> {
        Case::of_input(all(choices)?, None).map(Self)
    }
}

impl<'a> Arbitrary<'a> for Bodies {
    fn arbitrary(choices: &mut Unstructured<'a>) -> Result<Self> {
        let octets = all(choices)?;
        let Some((first, choices)) = octets.split_first().filter(|(first, _)| **first >= 0x80) else {
            return Ok(Self(BodyCase::plain(octets)));
        };
        let mut choices = Unstructured::new(choices);
        let limits = limits(&mut choices)?;
        let mut octets = Content::chunked(&mut choices)?.encoded();
        if first & 1 == 1 {
            octets.extend_from_slice(b"GET / HTTP/1.1\r\n");
        }
        damage(&mut choices, &mut octets)?;
        let cuts = cuts(&mut choices, octets.len())?;
        Ok(Self(BodyCase { octets, limits, cuts }))
    }
}

/// A valid message, before it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The start-line.
    pub start: Start,
    /// The minor version.
    pub minor: u8,
    /// Names and trimmed values.
    pub fields: Vec<(Vec<u8>, Vec<u8>)>,
    /// The blanks before and after each value, in rotation.
    pub blanks: Vec<(&'static str, &'static str)>,
    /// The body.
    pub content: Content,
}

/// A start-line, but for its version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Start {
    /// Method and request-target, perhaps after an empty line.
    Request(Vec<u8>, Vec<u8>, bool),
    /// Status-code and reason-phrase.
    Response(u16, Vec<u8>),
}

/// A body, and how it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// There is none.
    None,
    /// So many octets.
    Length(Vec<u8>),
    /// Until the connection is closed.
    UntilClose(Vec<u8>),
    /// Chunks: the size as it is written, the extensions, the data; then the size of the last chunk, and trailers.
    Chunked(Vec<Chunk>, Chunk, Vec<(Vec<u8>, Vec<u8>)>),
}

/// A chunk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chunk {
    /// The digits.
    pub size: String,
    /// The extensions with their semicolons.
    pub extensions: Vec<u8>,
    /// The data; empty in the last chunk.
    pub data: Vec<u8>,
}

impl Message {
    /// A message of the grammar, with all that `check` asks for.
    ///
    /// # Errors
    /// Never for want of octets: without any, the plainest choices are made.
    pub fn generate(choices: &mut Unstructured<'_>, on: On) -> Result<Self> {
        let minor = *choices.choose(&[1, 1, 1, 1, 0, 2, 9])?;
        let start = match on {
            On::Request => {
                let (method, target) = request(choices)?;
                Start::Request(method, target, choices.ratio(1, 16)?)
            }
            On::Response => {
                let status = *choices.choose(&[200, 200, 404, 500, 206, 304, 204, 101, 100, 999, 0])?;
                Start::Response(status, text(choices, 12)?)
            }
        };
        let mut fields = Vec::new();
        for _ in 0..choices.int_in_range(0..=5)? {
            fields.push(field(choices)?);
        }
        if let Start::Request(..) = start
            && (minor > 0 || choices.ratio(1, 2)?)
        {
            let host = if choices.ratio(1, 8)? { Vec::new() } else { [host(choices)?, port(choices)?].concat() };
            let at = choices.int_in_range(0..=fields.len())?;
            fields.insert(at, (cased(choices, "Host")?, host));
        }
        let content = Self::content(choices, &start, minor)?;
        let at = choices.int_in_range(0..=fields.len())?;
        match &content {
            Content::None | Content::UntilClose(_) => {}
            Content::Length(octets) => {
                let zeros = *choices.choose(&["", "", "", "0", "000"])?;
                let value = format!("{zeros}{}", octets.len()).into_bytes();
                fields.insert(at, (cased(choices, "Content-Length")?, value));
            }
            Content::Chunked(..) => {
                let value = choices.choose(&["chunked", "chunked", "Chunked", "gzip, chunked", ", chunked,,"])?;
                fields.insert(at, (cased(choices, "Transfer-Encoding")?, value.as_bytes().to_vec()));
            }
        }
        let mut blanks = vec![(" ", "")];
        for _ in 0..choices.int_in_range(0..=2)? {
            blanks.push(*choices.choose(&[(" ", ""), ("", ""), ("\t", " "), ("   ", "\t\t")])?);
        }
        Ok(Self { start, minor, fields, blanks, content })
    }

    fn content(choices: &mut Unstructured<'_>, start: &Start, minor: u8) -> Result<Content> {
        match start {
            Start::Request(..) => match choices.int_in_range(0..=2)? {
                1 => Ok(Content::Length(octets(choices, 40)?)),
                2 if minor > 0 => Content::chunked(choices),
                _ => Ok(Content::None),
            },
            Start::Response(100..=199 | 204 | 304, _) => Ok(Content::None),
            Start::Response(..) => match choices.int_in_range(0..=2)? {
                1 => Ok(Content::Length(octets(choices, 40)?)),
                2 if minor > 0 => Content::chunked(choices),
                _ => Ok(Content::UntilClose(octets(choices, 40)?)),
            },
        }
    }

    /// The direction.
    #[must_use]
    pub const fn on(&self) -> On {
        match self.start {
            Start::Request(..) => On::Request,
            Start::Response(..) => On::Response,
        }
    }

    /// Method and request-target.
    #[must_use]
    pub fn request(&self) -> Option<(Vec<u8>, Vec<u8>)> {
        match &self.start {
            Start::Request(method, target, _) => Some((method.clone(), target.clone())),
            Start::Response(..) => None,
        }
    }

    /// Status-code and reason-phrase.
    #[must_use]
    pub fn response(&self) -> Option<(u16, Vec<u8>)> {
        match &self.start {
            Start::Response(status, reason) => Some((*status, reason.clone())),
            Start::Request(..) => None,
        }
    }

    /// The message as it is sent.
    #[must_use]
    pub fn octets(&self) -> Vec<u8> {
        let minor = self.minor;
        let mut octets = Vec::new();
        match &self.start {
            Start::Request(method, target, after_empty_line) => {
                let empty_line: &[u8] = if *after_empty_line { b"\r\n" } else { b"" };
                let version = format!(" HTTP/1.{minor}\r\n");
                for part in [empty_line, method, b" ", target, version.as_bytes()] {
                    octets.extend_from_slice(part);
                }
            }
            Start::Response(status, reason) => {
                octets.extend_from_slice(format!("HTTP/1.{minor} {status:03} ").as_bytes());
                octets.extend_from_slice(reason);
                octets.extend_from_slice(b"\r\n");
            }
        }
        for ((name, value), (before, after)) in self.fields.iter().zip(self.blanks.iter().cycle()) {
            for part in [name, &b":"[..], before.as_bytes(), value, after.as_bytes(), b"\r\n"] {
                octets.extend_from_slice(part);
            }
        }
        octets.extend_from_slice(b"\r\n");
        octets.extend(self.content.encoded());
        octets
    }
}

impl Content {
    /// Chunks, perhaps with extensions and trailers.
    ///
    /// # Errors
    /// Never for want of octets.
    pub fn chunked(choices: &mut Unstructured<'_>) -> Result<Self> {
        let mut chunks = Vec::new();
        for _ in 0..choices.int_in_range(0..=3)? {
            let mut data = octets(choices, 20)?;
            if data.is_empty() {
                data.push(b'x');
            }
            chunks.push(Chunk::new(choices, data)?);
        }
        let last = Chunk::new(choices, Vec::new())?;
        let mut trailers = Vec::new();
        if choices.ratio(1, 3)? {
            for _ in 0..choices.int_in_range(1..=3)? {
                trailers.push(field(choices)?);
            }
        }
        Ok(Self::Chunked(chunks, last, trailers))
    }

    /// The content itself.
    #[must_use]
    pub fn octets(&self) -> Vec<u8> {
        match self {
            Self::None => Vec::new(),
            Self::Length(octets) | Self::UntilClose(octets) => octets.clone(),
            Self::Chunked(chunks, ..) => chunks.iter().flat_map(|chunk| &chunk.data).copied().collect(),
        }
    }

    /// The field lines of the trailer section.
    #[must_use]
    pub fn trailers(&self) -> Vec<(Vec<u8>, Vec<u8>)> {
        match self {
            Self::Chunked(.., trailers) => trailers.clone(),
            _ => Vec::new(),
        }
    }

    /// The body as it is sent.
    #[must_use]
    pub fn encoded(&self) -> Vec<u8> {
        let Self::Chunked(chunks, last, trailers) = self else { return self.octets() };
        let mut octets = Vec::new();
        for chunk in chunks {
            for part in [chunk.size.as_bytes(), &chunk.extensions, b"\r\n", &chunk.data, b"\r\n"] {
                octets.extend_from_slice(part);
            }
        }
        for part in [last.size.as_bytes(), &last.extensions, b"\r\n"] {
            octets.extend_from_slice(part);
        }
        for (name, value) in trailers {
            for part in [name, &b": "[..], value, b"\r\n"] {
                octets.extend_from_slice(part);
            }
        }
        octets.extend_from_slice(b"\r\n");
        octets
    }
}

impl Chunk {
    fn new(choices: &mut Unstructured<'_>, data: Vec<u8>) -> Result<Self> {
        let zeros = "0".repeat(choices.int_in_range(0..=2)? * choices.int_in_range(0..=9)?);
        let size = match choices.ratio(1, 2)? {
            true => format!("{zeros}{:X}", data.len()),
            false => format!("{zeros}{:x}", data.len()),
        };
        let mut extensions = Vec::new();
        if choices.ratio(1, 4)? {
            for _ in 0..choices.int_in_range(1..=2)? {
                extensions.extend_from_slice(choices.choose(&[&b";"[..], b"; ", b" ;", b"\t; "])?);
                extensions.extend(token(choices, 6)?);
                match choices.int_in_range(0..=3)? {
                    1 => {
                        extensions.extend_from_slice(choices.choose(&[&b"="[..], b" = "])?);
                        extensions.extend(token(choices, 6)?);
                    }
                    2 => extensions.extend_from_slice(b"=\"a \\\" b\""),
                    3 => extensions.extend_from_slice(b"=\"\""),
                    _ => {}
                }
            }
        }
        Ok(Self { size, extensions, data })
    }
}

/// A method with a request-target that fits it.
fn request(choices: &mut Unstructured<'_>) -> Result<(Vec<u8>, Vec<u8>)> {
    let path = |choices: &mut Unstructured<'_>| -> Result<Vec<u8>> {
        let mut path = b"/".to_vec();
        for _ in 0..choices.int_in_range(0..=4)? {
            path.extend_from_slice(choices.choose(&[
                &b"a"[..],
                b"/",
                b"~b",
                b"%2F",
                b"?",
                b":@",
                b"c;d=e",
                b"&x=(y)",
                b"'*+,!$",
            ])?);
        }
        Ok(path)
    };
    let method = match choices.int_in_range(0..=5)? {
        0 => b"GET".to_vec(),
        1 => b"POST".to_vec(),
        2 => b"CONNECT".to_vec(),
        3 => b"OPTIONS".to_vec(),
        4 => b"get".to_vec(),
        _ => token(choices, 8)?,
    };
    let target = match &method[..] {
        b"CONNECT" => [nonempty_host(choices)?, b":443".to_vec()].concat(),
        b"OPTIONS" if choices.ratio(1, 2)? => b"*".to_vec(),
        _ if choices.ratio(1, 4)? => {
            let scheme = choices.choose(&[&b"http://"[..], b"https://", b"HTTP://"])?.to_vec();
            [scheme, nonempty_host(choices)?, port(choices)?, path(choices)?].concat()
        }
        _ => path(choices)?,
    };
    Ok((method, target))
}

fn host(choices: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    if choices.ratio(1, 8)? { Ok(Vec::new()) } else { nonempty_host(choices) }
}

fn nonempty_host(choices: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    let hosts = [
        "a",
        "example.com",
        "127.0.0.1",
        "[::1]",
        "[1:2:3:4:5:6:7:8]",
        "[::ffff:1.2.3.4]",
        "[v1.a:b]",
        "%41b",
        "a_b,c",
    ];
    Ok(choices.choose(&hosts)?.as_bytes().to_vec())
}

fn port(choices: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    Ok(choices.choose(&["", "", ":", ":80", ":65536"])?.as_bytes().to_vec())
}

/// A field whose name is none of those that `check` looks at.
fn field(choices: &mut Unstructured<'_>) -> Result<(Vec<u8>, Vec<u8>)> {
    let name = if choices.ratio(1, 2)? {
        [b"X-".to_vec(), token(choices, 10)?].concat()
    } else {
        choices
            .choose(&["Accept", "Connection", "Trailer", "Via", "x", "Content-Type", "Host-", "Content-Lengt"])?
            .as_bytes()
            .to_vec()
    };
    let value = text(choices, 24)?;
    let trimmed = startline_parser::bytes::trim_ows(&value);
    Ok((name, value[trimmed].to_vec()))
}

/// A name with letters in another case now and then.
fn cased(choices: &mut Unstructured<'_>, name: &str) -> Result<Vec<u8>> {
    Ok(match choices.int_in_range(0..=3)? {
        1 => name.to_ascii_lowercase().into_bytes(),
        2 => name.to_ascii_uppercase().into_bytes(),
        _ => name.as_bytes().to_vec(),
    })
}

/// A token of up to so many octets.
fn token(choices: &mut Unstructured<'_>, longest: usize) -> Result<Vec<u8>> {
    const TCHARS: &[u8] = b"aZ09!#$%&'*+-.^_`|~bcdefghijklmnopqrstuvwxyABCDEFGHIJKLMNOPQRSTUVWXYZ12345678z";
    let len = choices.int_in_range(1..=longest)?;
    (0..len).map(|_| choices.choose(TCHARS).copied()).collect()
}

/// `HTAB / SP / VCHAR / obs-text`, up to so many octets.
fn text(choices: &mut Unstructured<'_>, longest: usize) -> Result<Vec<u8>> {
    let len = choices.int_in_range(0..=longest)?;
    let octet = |choices: &mut Unstructured<'_>| {
        Ok(match choices.arbitrary::<u8>()? {
            octet if startline_parser::bytes::is_text(octet) => octet,
            0 => b' ',
            octet => b'a' + octet % 26,
        })
    };
    (0..len).map(|_| octet(choices)).collect()
}

fn octets(choices: &mut Unstructured<'_>, longest: usize) -> Result<Vec<u8>> {
    let len = choices.int_in_range(0..=longest)?;
    (0..len).map(|_| choices.arbitrary()).collect()
}

/// Does between none and four things to a valid message: at an octet, at a piece, at a line.
fn damage(choices: &mut Unstructured<'_>, octets: &mut Vec<u8>) -> Result<()> {
    for _ in 0..choices.int_in_range(0..=4)? {
        let at = choices.int_in_range(0..=octets.len())?;
        match choices.int_in_range(0..=8)? {
            0 => {
                octets.splice(at..at, choices.choose(PIECES)?.iter().copied());
            }
            1 => {
                let piece = choices.choose(PIECES)?;
                let end = (at + piece.len()).min(octets.len());
                octets.splice(at..end, piece.iter().copied());
            }
            2 => {
                let end = (at + choices.int_in_range(1..=4)?).min(octets.len());
                octets.drain(at..end);
            }
            3 => {
                let octet = choices.arbitrary()?;
                if let Some(place) = octets.get_mut(at) {
                    *place = octet;
                }
            }
            4 => octets.insert(at, choices.arbitrary()?),
            5 => {
                let line = line_around(octets, at);
                let copy = octets[line.clone()].to_vec();
                octets.splice(line.end..line.end, copy);
            }
            6 => {
                octets.drain(line_around(octets, at));
            }
            7 => octets.truncate(at),
            _ => {
                // A line end loses its CR, or becomes one.
                if let Some(found) = octets[at..].windows(2).position(|pair| pair == b"\r\n") {
                    octets.remove(at + found + usize::from(choices.ratio(1, 3)?));
                }
            }
        }
    }
    Ok(())
}

/// The line, with its line end, that the octet stands in.
fn line_around(octets: &[u8], at: usize) -> std::ops::Range<usize> {
    let start = octets[..at].iter().rposition(|&octet| octet == b'\n').map_or(0, |found| found + 1);
    let end = octets[at..].iter().position(|&octet| octet == b'\n').map_or(octets.len(), |found| at + found + 1);
    start..end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn octets_below_128_are_the_stream_itself() {
        let stream = b"HTTP/1.1 200 OK\r\n\r\n";
        let Messages(case) = Messages::arbitrary(&mut Unstructured::new(stream)).unwrap();
        assert_eq!((case.on, &case.stream[..]), (On::Response, &stream[..]));
        let Requests(case) = Requests::arbitrary(&mut Unstructured::new(stream)).unwrap();
        assert_eq!(case.on, On::Request);
        let Bodies(body) = Bodies::arbitrary(&mut Unstructured::new(b"0\r\n\r\n")).unwrap();
        assert_eq!(body.octets, b"0\r\n\r\n");
    }

    #[test]
    fn without_octets_the_plainest_choices_are_made() {
        let message = Message::generate(&mut Unstructured::new(&[]), On::Request).unwrap();
        assert!(message.octets().ends_with(b"\r\n\r\n"));
        for first in [0x80, 0xFF] {
            assert!(Messages::arbitrary(&mut Unstructured::new(&[first])).is_ok());
            assert!(Bodies::arbitrary(&mut Unstructured::new(&[first])).is_ok());
        }
    }
}
