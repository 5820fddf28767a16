//! Byte ranges (RFC 9110 section 14).

use std::ops::RangeInclusive;

use startline_parser::reader::Message;

use super::Representation;
use crate::reference::behaviour::{Behaviour, Deed, RangeFault};

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
pub(super) fn select(message: &Message, len: u64, behaviour: &Behaviour) -> Selected {
    let does = |fault| behaviour.does(Deed::Ranges(fault));
    let mut values = message.values("range");
    let (Some(value), None) = (values.next(), values.next()) else { return Selected::Whole };
    let is_bytes = |unit: &[u8]| unit.eq_ignore_ascii_case(b"bytes");
    let specs = match specs(value, does(RangeFault::AnyUnit), &number_of(behaviour)) {
        Some(specs) => specs,
        None if does(RangeFault::InvalidRefused)
            && value.split(|&octet| octet == b'=').next().is_some_and(is_bytes) =>
        {
            return Selected::None;
        }
        None => return Selected::Whole,
    };
    if does(RangeFault::SuffixIgnored) && specs.iter().any(|spec| matches!(spec, Spec::Last(_))) {
        return Selected::Whole;
    }
    let asked = specs.len();
    let taken = |spec: Spec| match spec {
        Spec::Last(count) if does(RangeFault::SuffixFromStart) => Spec::From(0, Some(count)),
        other => other,
    };
    let mut parts: Vec<RangeInclusive<u64>> = specs.into_iter().filter_map(|spec| taken(spec).of(len)).collect();
    if does(RangeFault::Sorted) {
        parts.sort_unstable_by_key(|part| *part.start());
    }
    let overlaps = |at: usize| {
        parts[..at].iter().any(|other| other.start() <= parts[at].end() && parts[at].start() <= other.end())
    };
    if asked > RANGES_MOST || (0..parts.len()).filter(|&at| overlaps(at)).count() > 1 {
        return Selected::Whole;
    }
    match parts.is_empty() {
        true if does(RangeFault::UnsatisfiableWhole) => Selected::Whole,
        true => Selected::None,
        false => Selected::Parts(parts),
    }
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

/// How digits are read.
type Number = dyn Fn(&[u8]) -> Option<u64>;

/// The ranges of a valid specifier in octets.
fn specs(value: &[u8], any_unit: bool, number: &Number) -> Option<Vec<Spec>> {
    let at = value.iter().position(|&octet| octet == b'=')?;
    if !any_unit && !value[..at].eq_ignore_ascii_case(b"bytes") {
        return None;
    }
    let elements = value[at + 1..].split(|&octet| octet == b',').map(|element| element.trim_ascii());
    let elements = elements.filter(|element| !element.is_empty());
    let found: Vec<Spec> = elements.map(|element| spec(element, number)).collect::<Option<_>>()?;
    (!found.is_empty()).then_some(found)
}

fn spec(element: &[u8], number: &Number) -> Option<Spec> {
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

/// A number of any size; what is too large for the machine is as large as can be. A faulty server's numbers wrap.
fn number_of(behaviour: &Behaviour) -> Box<Number> {
    let does = |fault| behaviour.does(Deed::Ranges(fault));
    let modulus =
        if does(RangeFault::Wraps32) { Some(1_u128 << 32) } else { does(RangeFault::Wraps64).then_some(1_u128 << 64) };
    Box::new(move |digits| {
        if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let of = |digit: &u8| u128::from(digit - b'0');
        let sum = match modulus {
            Some(modulus) => digits.iter().fold(0, |sum: u128, digit| (sum * 10 + of(digit)) % modulus),
            None => digits.iter().fold(0, |sum: u128, digit| sum.saturating_mul(10).saturating_add(of(digit))),
        };
        Some(u64::try_from(sum).unwrap_or(u64::MAX))
    })
}

/// The content of the parts; its type if it is another than the representation's; and the Content-Range of a single part.
pub(super) fn content(
    parts: &[RangeInclusive<u64>],
    whole: &Representation,
    behaviour: &Behaviour,
) -> (Vec<u8>, Option<String>, Option<String>) {
    let does = |fault| behaviour.does(Deed::Ranges(fault));
    let octets = |part: &RangeInclusive<u64>| {
        let mut octets = whole.content[*part.start() as usize..=*part.end() as usize].to_vec();
        // Not the octet by which it is found out whether ranges are given.
        if does(RangeFault::Shifted) && *part.end() > 0 {
            let next = (*part.end() as usize + 1) % whole.content.len();
            octets.remove(0);
            octets.push(whole.content[next]);
        }
        octets
    };
    let range = |part: &RangeInclusive<u64>| format!("bytes {}-{}/{}", part.start(), part.end(), whole.content.len());
    if let [part] = parts {
        return (octets(part), None, Some(range(part)));
    }
    let boundary = boundary(&whole.content);
    let mut content = Vec::new();
    for part in parts {
        let content_type = match does(RangeFault::Untyped) {
            true => String::new(),
            false => format!("Content-Type: {}\r\n", whole.content_type),
        };
        let head = format!("--{boundary}\r\n{content_type}Content-Range: {}\r\n\r\n", range(part));
        content.extend_from_slice(head.as_bytes());
        content.extend_from_slice(&octets(part));
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
