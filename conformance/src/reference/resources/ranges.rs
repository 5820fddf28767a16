//! Byte ranges (RFC 9110 section 14).

use std::ops::RangeInclusive;

use startline_parser::reader::Message;

use super::Representation;

/// More ranges than this are too many, and ignored.
const RANGES_MOST: usize = 16;

/// What a Range field selects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Selected {
    /// There is none, or it is to be ignored.
    Whole,
    /// These, in the order in which they were asked for.
    Parts(Vec<RangeInclusive<u64>>),
    /// Nothing that exists.
    None,
}

/// What the Range field of a request selects of so many octets. It is ignored where its unit is unknown, it is not
/// valid, it stands in several lines, asks for too many ranges, or for more than two that overlap.
pub(super) fn select(message: &Message, len: u64) -> Selected {
    let mut values = message.values("range");
    let (Some(value), None) = (values.next(), values.next()) else { return Selected::Whole };
    let Some(specs) = specs(value) else { return Selected::Whole };
    let asked = specs.len();
    let parts: Vec<RangeInclusive<u64>> = specs.into_iter().filter_map(|spec| spec.of(len)).collect();
    let overlaps = |at: usize| {
        parts[..at].iter().any(|other| other.start() <= parts[at].end() && parts[at].start() <= other.end())
    };
    if asked > RANGES_MOST || (0..parts.len()).filter(|&at| overlaps(at)).count() > 1 {
        return Selected::Whole;
    }
    if parts.is_empty() { Selected::None } else { Selected::Parts(parts) }
}

/// One range-spec.
#[derive(Debug, Clone, Copy)]
enum Spec {
    From(u64, Option<u64>),
    Last(u64),
}

impl Spec {
    /// The octets that it names, if there are any.
    fn of(self, len: u64) -> Option<RangeInclusive<u64>> {
        let end = len.checked_sub(1)?;
        match self {
            Self::From(first, last) => (first <= end).then(|| first..=last.unwrap_or(end).min(end)),
            Self::Last(0) => None,
            Self::Last(count) => Some(len.saturating_sub(count)..=end),
        }
    }
}

/// The ranges of a valid specifier in octets.
fn specs(value: &[u8]) -> Option<Vec<Spec>> {
    let at = value.iter().position(|&octet| octet == b'=')?;
    if !value[..at].eq_ignore_ascii_case(b"bytes") {
        return None;
    }
    let elements = value[at + 1..].split(|&octet| octet == b',').map(|element| element.trim_ascii());
    let found: Vec<Spec> = elements.filter(|element| !element.is_empty()).map(spec).collect::<Option<_>>()?;
    (!found.is_empty()).then_some(found)
}

fn spec(element: &[u8]) -> Option<Spec> {
    let dash = element.iter().position(|&octet| octet == b'-')?;
    let (first, last) = (&element[..dash], &element[dash + 1..]);
    match (first.is_empty(), last.is_empty()) {
        (true, _) => number(last).map(Spec::Last),
        (false, true) => number(first).map(|first| Spec::From(first, None)),
        (false, false) => {
            let (first, last) = (number(first)?, number(last)?);
            (first <= last).then_some(Spec::From(first, Some(last)))
        }
    }
}

/// A number of any size; what is too large for the machine is as large as can be.
fn number(digits: &[u8]) -> Option<u64> {
    let is_number = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    is_number
        .then(|| digits.iter().fold(0_u64, |sum, digit| sum.saturating_mul(10).saturating_add(u64::from(digit - b'0'))))
}

/// The content of the parts; its type if it is another than the representation's; and the Content-Range of a single part.
pub(super) fn content(
    parts: &[RangeInclusive<u64>],
    whole: &Representation,
) -> (Vec<u8>, Option<String>, Option<String>) {
    let octets = |part: &RangeInclusive<u64>| &whole.content[*part.start() as usize..=*part.end() as usize];
    let range = |part: &RangeInclusive<u64>| format!("bytes {}-{}/{}", part.start(), part.end(), whole.content.len());
    if let [part] = parts {
        return (octets(part).to_vec(), None, Some(range(part)));
    }
    let boundary = boundary(&whole.content);
    let mut content = Vec::new();
    for part in parts {
        let head =
            format!("--{boundary}\r\nContent-Type: {}\r\nContent-Range: {}\r\n\r\n", whole.content_type, range(part));
        content.extend_from_slice(head.as_bytes());
        content.extend_from_slice(octets(part));
        content.extend_from_slice(b"\r\n");
    }
    content.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    (content, Some(format!("multipart/byteranges; boundary={boundary}")), None)
}

/// A boundary that is not in the content.
fn boundary(content: &[u8]) -> String {
    let is_free = |word: &String| !content.windows(word.len()).any(|window| window == word.as_bytes());
    (0_u64..).map(|count| format!("startline-part-{count}")).find(is_free).unwrap_or_default()
}
