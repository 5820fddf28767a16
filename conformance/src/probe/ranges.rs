//! `Range` (RFC 9110 sections 14.1, 14.2 and 15.3.7), on a resource of which ranges are given.
//!
//! GET for the whole, GET with a Range, GET for the whole again. What is judged is the answer in the middle: where it is
//! a part, its Content-Range has to lie in what was asked for, and its octets have to be those of the whole.
//!
//! They cannot cry wolf: a resource that changes between the two plain answers is not judged; a server may leave a part
//! away, join ranges, or send the whole at any time (section 14.2), and only where ranges are known to be given, one
//! satisfiable range is asked for, and nothing speaks against it, the whole is a SHOULD that is not kept.

use super::talk;
use super::{Context, Probe};
use crate::answers::Answer;
use crate::field::media::MediaType;
use crate::field::range::ContentRange;
use crate::judge::expectation::{broken, level};
use crate::judge::{Judgement, Verdict};
use crate::observation::{Observation, Purpose};
use crate::resource::Need;
use crate::rule::{self, Level, Rule};

/// What is asked for, of a representation with so many octets.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Asked {
    /// Ranges that exist, in this order.
    Ranges(Vec<(u128, u128)>),
    /// A valid range of which nothing exists.
    Nothing,
    /// A unit that nobody knows.
    OtherUnit,
    /// No ranges-specifier.
    Invalid,
}

/// The value of Range, and what it asks for.
type Ask = fn(u128) -> (String, Asked);

macro_rules! probes {
    ($($static:ident = $name:literal, $about:literal, $ask:expr;)*) => {
        $(pub(super) static $static: Probe = Probe {
            name: $name,
            about: $about,
            run: |check, context| Box::pin(run(check.rule, context, $ask)),
        };)*
    };
}

fn one(value: String, first: u128, last: u128) -> (String, Asked) {
    (value, Asked::Ranges(vec![(first, last)]))
}

probes! {
    RANGE_FIRST = "range-first", "asks for the first octet", |_| one("bytes=0-0".to_owned(), 0, 0);
    RANGE_LAST = "range-last", "asks for the last octet by its position",
        |len| one(format!("bytes={0}-{0}", len - 1), len - 1, len - 1);
    RANGE_OPEN = "range-open", "asks for everything but the first octet",
        |len| if len > 1 { one("bytes=1-".to_owned(), 1, len - 1) } else { one("bytes=0-".to_owned(), 0, 0) };
    RANGE_SUFFIX = "range-suffix", "asks for the last octet by a suffix", |len| one("bytes=-1".to_owned(), len - 1, len - 1);
    RANGE_SUFFIX_LONG = "range-suffix-long", "asks for a suffix that is longer than the whole",
        |len| one(format!("bytes=-{}", len + 1000), 0, len - 1);
    RANGE_BEYOND = "range-beyond", "asks for more than there is", |len| one(format!("bytes=0-{}", len + 1000), 0, len - 1);
    RANGE_UNIT_CASE = "range-unit-case", "writes the unit in capitals", |_| one("BYTES=0-0".to_owned(), 0, 0);
    RANGE_ZEROS = "range-zeros", "writes a position with zeros in front", |_| one("bytes=000000-0000000000000000000000".to_owned(), 0, 0);
    RANGE_EMPTY_ELEMENTS = "range-empty-elements", "has empty elements in the list of ranges", |_| one("bytes=,0-0,,".to_owned(), 0, 0);
    RANGE_LAST_32 = "range-last-32-bits", "asks up to a position that does not fit into 32 bits",
        |len| one("bytes=0-4294967296".to_owned(), 0, len - 1);
    RANGE_LAST_63 = "range-last-63-bits", "asks up to a position that does not fit into a signed number of 64 bits",
        |len| one("bytes=0-9223372036854775808".to_owned(), 0, len - 1);
    RANGE_LAST_64 = "range-last-64-bits", "asks up to a position that does not fit into 64 bits",
        |len| one("bytes=0-18446744073709551616".to_owned(), 0, len - 1);
    RANGE_LAST_HUGE = "range-last-huge", "asks up to a position of forty digits",
        |len| one(format!("bytes=0-{}", "9".repeat(40)), 0, len - 1);
    RANGE_SUFFIX_64 = "range-suffix-64-bits", "asks for a suffix whose length does not fit into 64 bits",
        |len| one("bytes=-18446744073709551617".to_owned(), 0, len - 1);
    RANGE_FIRST_32 = "range-first-32-bits", "asks from a position that does not fit into 32 bits",
        |_| ("bytes=4294967296-".to_owned(), Asked::Nothing);
    RANGE_FIRST_64 = "range-first-64-bits", "asks from a position that does not fit into 64 bits",
        |_| ("bytes=18446744073709551616-".to_owned(), Asked::Nothing);
    RANGE_BEHIND = "range-behind", "asks for what comes after the last octet", |len| (format!("bytes={len}-"), Asked::Nothing);
    RANGE_SUFFIX_ZERO = "range-suffix-zero", "asks for a suffix of no octets", |_| ("bytes=-0".to_owned(), Asked::Nothing);
    RANGE_UNIT_UNKNOWN = "range-unit-unknown", "asks in a unit that nobody knows", |_| ("startlines=0-0".to_owned(), Asked::OtherUnit);
    RANGE_REVERSED = "range-reversed", "has a last position before the first", |_| ("bytes=1-0".to_owned(), Asked::Invalid);
    RANGE_WITHOUT_NUMBERS = "range-without-numbers", "has a hyphen alone", |_| ("bytes=-".to_owned(), Asked::Invalid);
    RANGE_SIGNED = "range-signed", "has a sign before a position", |_| ("bytes=+0-0".to_owned(), Asked::Invalid);
    RANGE_HEX = "range-hex", "has a position in hexadecimal", |_| ("bytes=0x0-0x0".to_owned(), Asked::Invalid);
    RANGE_WITHOUT_UNIT = "range-without-unit", "has no unit", |_| ("0-0".to_owned(), Asked::Invalid);
    RANGE_TWO = "range-two", "asks for the last octet and then the first",
        |len| (format!("bytes={0}-{0},0-0", len - 1), Asked::Ranges(vec![(len - 1, len - 1), (0, 0)]));
    RANGE_ONE_OF_TWO = "range-one-of-two", "asks for the first octet and for one that does not exist",
        |len| (format!("bytes=0-0,{}-", len + 10), Asked::Ranges(vec![(0, 0)]));
}

/// The same with a method for which Range has no meaning.
pub(super) static RANGE_HEAD: Probe = Probe {
    name: "range-head",
    about: "sends HEAD with a Range, which means something for GET alone",
    run: |check, context| Box::pin(other_method(check.rule, context)),
};

/// The fields of a 206 beside those of the 200.
pub(super) static RANGE_FIELDS: Probe = Probe {
    name: "range-fields",
    about: "compares the fields of a 206 with those of the 200 to the same request without Range",
    run: |check, context| Box::pin(fields(check.rule, context, false)),
};

/// The same with an If-Range that is true.
pub(super) static RANGE_FIELDS_IF_RANGE: Probe = Probe {
    name: "range-fields-if-range",
    about: "compares the fields of a 206 to a request with If-Range with those of the 200",
    run: |check, context| Box::pin(fields(check.rule, context, true)),
};

async fn fields(rule: &'static Rule, context: &Context, if_range: bool) -> (Judgement, Vec<Observation>) {
    let need = if if_range { Need::StrongEtag } else { Need::Ranges };
    let resource = match context
        .resource(Need::Ranges)
        .and_then(|resource| if need.is_met_by(resource) { Ok(resource) } else { Err(Judgement::without(need)) })
    {
        Ok(resource) => resource,
        Err(judgement) => return (judgement, Vec::new()),
    };
    let condition = match &resource.etag {
        Some(tag) if if_range => {
            format!("If-Range: {}\n", startline_parser::notation::encode(&tag.octets()))
        }
        _ => String::new(),
    };
    let path = &resource.path;
    let plain = format!("GET {path} HTTP/1.1\nHost: {{host}}\n\n");
    let ranged = format!("GET {path} HTTP/1.1\nHost: {{host}}\nRange: bytes=0-0\n{condition}\n");
    let before = talk::ask(context, Purpose::Control, &plain).await;
    let check = talk::ask(context, Purpose::Check, &ranged).await;
    let after = talk::ask(context, Purpose::Control, &plain).await;
    let seen = [before, check, after];
    (judge_fields(rule, &seen), seen.into())
}

/// What every 206 has of the 200 (RFC 9110 section 15.3.7).
const ALWAYS: [&str; 6] = ["date", "cache-control", "etag", "expires", "content-location", "vary"];

/// The other representation fields of RFC 9110 that stay the same in a part. Content-Type is judged only in single parts.
const REPRESENTATION: [&str; 4] = ["content-type", "content-encoding", "content-language", "last-modified"];

fn judge_fields(rule: &'static Rule, [before, check, after]: &[Observation; 3]) -> Judgement {
    let expected = "the fields of the 200 that a 206 has to have";
    // A field that comes and goes in the 200 tells nothing.
    let (Some(whole), Some(again)) = (steady(before, after), talk::complete(after)) else {
        return Judgement::not_judged("the resource is not the same before and after");
    };
    let Some(part) = talk::complete(check).filter(|answer| answer.status == Some(206)) else {
        return Judgement::not_judged("the range was not answered with 206");
    };
    let in_whole = |name: &&&str| whole.field(name).is_some() && again.field(name).is_some();
    let of_rule: &[&str] = if rule == &rule::PARTIAL_FIELDS { &ALWAYS } else { &REPRESENTATION };
    let looked_at: Vec<&str> = of_rule.iter().filter(in_whole).copied().collect();
    if looked_at.is_empty() {
        return Judgement::not_judged("the 200 has none of these fields");
    }
    let is_beyond = rule == &rule::PARTIAL_FIELDS_IF_RANGE;
    let wrong: Vec<&str> = looked_at.iter().filter(|name| part.field(name).is_some() == is_beyond).copied().collect();
    if wrong.is_empty() {
        let why = format!("of {} the 206 has {}", looked_at.join(", "), if is_beyond { "none" } else { "all" });
        return Judgement::new(Verdict::Pass, why, expected);
    }
    let what = if is_beyond { "has" } else { "does not have" };
    Judgement::new(broken(level(rule)), format!("the 206 {what} {}", wrong.join(", ")), expected)
}

async fn converse(context: &Context, method: &str, ask: Ask) -> Result<(Asked, [Observation; 3]), Judgement> {
    let resource = context.resource(Need::Ranges)?;
    let path = &resource.path;
    let plain = format!("GET {path} HTTP/1.1\nHost: {{host}}\n\n");
    let before = talk::ask(context, Purpose::Control, &plain).await;
    let len = talk::complete(&before).map_or(0, |answer| answer.content.len()) as u128;
    if len == 0 {
        return Err(Judgement::without(Need::Ranges));
    }
    let (value, asked) = ask(len);
    let text = format!("{method} {path} HTTP/1.1\nHost: {{host}}\nRange: {value}\n\n");
    let check = talk::ask(context, Purpose::Check, &text).await;
    let after = talk::ask(context, Purpose::Control, &plain).await;
    Ok((asked, [before, check, after]))
}

async fn run(rule: &'static Rule, context: &Context, ask: Ask) -> (Judgement, Vec<Observation>) {
    match converse(context, "GET", ask).await {
        Ok((asked, seen)) => (judge(rule, &asked, &seen), seen.into()),
        Err(judgement) => (judgement, Vec::new()),
    }
}

async fn other_method(rule: &'static Rule, context: &Context) -> (Judgement, Vec<Observation>) {
    match converse(context, "HEAD", |_| one("bytes=0-0".to_owned(), 0, 0)).await {
        Ok((_, seen)) => (judge_head(level(rule), &seen[1]), seen.into()),
        Err(judgement) => (judgement, Vec::new()),
    }
}

fn judge_head(level: Level, check: &Observation) -> Judgement {
    let expected = "the answer that HEAD gets without a Range";
    match talk::complete(check).and_then(|answer| Some((answer.status?, answer.field("content-range").is_some()))) {
        Some((206, _)) => Judgement::new(broken(level), "HEAD was answered with 206", expected),
        Some((status, true)) => {
            Judgement::new(broken(level), format!("HEAD was answered with {status} and Content-Range"), expected)
        }
        Some((status, false)) => Judgement::new(Verdict::Pass, format!("answered with {status}"), expected),
        None => Judgement::not_judged("HEAD was not answered"),
    }
}

/// The whole, if both plain answers are the same.
fn steady(before: &Observation, after: &Observation) -> Option<Answer> {
    let (before, after) = (talk::complete(before)?, talk::complete(after)?);
    let is_same = before.status == Some(200) && after.status == Some(200) && before.content == after.content;
    is_same.then_some(before)
}

/// A part of a 206.
#[derive(Debug)]
struct Part {
    range: ContentRange,
    content: Vec<u8>,
    content_type: Option<Vec<u8>>,
}

fn judge(rule: &'static Rule, asked: &Asked, [before, check, after]: &[Observation; 3]) -> Judgement {
    let expected = expected(asked);
    let Some(whole) = steady(before, after) else {
        return Judgement::not_judged("the resource is not the same before and after");
    };
    let Some(answer) = talk::complete(check) else {
        return if check.is_closed() {
            Judgement::new(Verdict::Warn, "closed without a complete answer", expected)
        } else {
            Judgement::not_judged(format!("not answered ({})", check.ended.words()))
        };
    };
    let by = |decided: &'static Rule, why: String| {
        let verdict = broken(level(decided));
        Judgement { decided_by: (decided != rule).then_some(decided), ..Judgement::new(verdict, why, expected) }
    };
    match (answer.status.unwrap_or(0), asked) {
        (206, _) => match parts(&answer) {
            Err(why) => by(&rule::PARTIAL_SINGLE, format!("206, but {why}")),
            Ok(parts) => match wrong_octets(&parts, &whole.content) {
                Some(why) => by(&rule::PARTIAL_SINGLE, why),
                None => match unasked(&parts, asked) {
                    Some(why) if *asked == Asked::Invalid => Judgement::new(Verdict::Note, why, expected),
                    Some(why) if rule == &rule::RANGE_OVERFLOW => by(rule, why),
                    Some(why) => by(asked.rule(), why),
                    None => judge_parts(rule, asked, &parts, &whole, expected),
                },
            },
        },
        (200, Asked::Ranges(ranges)) if ranges.len() == 1 => {
            by(asked.rule(), "answered with 200 and the whole, though ranges of it are given".to_owned())
        }
        (200, Asked::Nothing) => {
            by(asked.rule(), "answered with 200 and the whole, though nothing of what was asked for exists".to_owned())
        }
        (200, _) => Judgement::new(Verdict::Pass, "Range was ignored", expected),
        (416, Asked::Nothing | Asked::OtherUnit | Asked::Invalid) => {
            Judgement::new(Verdict::Pass, "answered with 416", expected)
        }
        (400, Asked::Invalid) => Judgement::new(Verdict::Pass, "answered with 400", expected),
        (status, Asked::Ranges(ranges)) if ranges.len() == 1 => {
            by(asked.rule(), format!("answered with {status}, though what was asked for exists"))
        }
        (status @ 400..=499, Asked::Invalid | Asked::Ranges(_)) => {
            Judgement::new(Verdict::Note, format!("answered with {status}"), expected)
        }
        (status, Asked::Nothing) => {
            by(asked.rule(), format!("answered with {status}, though nothing of what was asked for exists"))
        }
        (status, Asked::OtherUnit) => by(&rule::RANGE_UNIT_UNKNOWN, format!("answered with {status}")),
        (status, _) => Judgement::new(Verdict::Warn, format!("answered with {status}"), expected),
    }
}

impl Asked {
    /// The rule that an answer which is none to this breaks, where no graver one does.
    fn rule(&self) -> &'static Rule {
        match self {
            Self::Ranges(_) => &rule::RANGE_SERVED,
            Self::Nothing => &rule::RANGE_UNSATISFIABLE,
            Self::OtherUnit => &rule::RANGE_UNIT_UNKNOWN,
            Self::Invalid => &rule::RANGE_INVALID,
        }
    }
}

fn expected(asked: &Asked) -> &'static str {
    match asked {
        Asked::Ranges(ranges) if ranges.len() == 1 => "206 with the range that was asked for",
        Asked::Ranges(_) => "206 with the ranges that were asked for, or 200 with the whole",
        Asked::Nothing => "416",
        Asked::OtherUnit => "200 with the whole, or 416",
        Asked::Invalid => "200 with the whole, or a refusal",
    }
}

/// A part whose octets are not those that its Content-Range says.
fn wrong_octets(parts: &[Part], whole: &[u8]) -> Option<String> {
    parts.iter().find_map(|part| {
        let (first, last) = part.range.range?;
        let place = usize::try_from(first).ok().zip(usize::try_from(last).ok());
        let octets = place.and_then(|(first, last)| whole.get(first..=last));
        let is_right =
            octets == Some(&part.content) && part.range.complete.is_none_or(|len| len == whole.len() as u128);
        (!is_right).then(|| format!("206 whose octets {first} to {last} are not those of the whole"))
    })
}

/// A part that nobody asked for. Ranges that were joined reach from the first of their octets to the last.
fn unasked(parts: &[Part], asked: &Asked) -> Option<String> {
    let Asked::Ranges(ranges) = asked else {
        return Some("answered with 206, though no part was asked for".to_owned());
    };
    let lowest = ranges.iter().map(|range| range.0).min()?;
    let highest = ranges.iter().map(|range| range.1).max()?;
    parts.iter().filter_map(|part| part.range.range).find_map(|(first, last)| {
        let is_outside = first < lowest || last > highest;
        is_outside.then(|| format!("206 with octets {first} to {last}, which were not asked for"))
    })
}

/// Parts that are right as such.
fn judge_parts(rule: &'static Rule, asked: &Asked, parts: &[Part], whole: &Answer, expected: &str) -> Judgement {
    let new = |verdict, why: String| Judgement::new(verdict, why, expected);
    let count = parts.len();
    if rule == &rule::PARTIAL_MULTIPART_TYPE || rule == &rule::PARTIAL_MULTIPART_ORDER {
        if count < 2 {
            return Judgement::not_judged("the answer has a single part");
        }
        let firsts: Vec<u128> = parts.iter().filter_map(|part| part.range.range.map(|range| range.0)).collect();
        let Asked::Ranges(ranges) = asked else { return Judgement::not_judged("no ranges were asked for") };
        let wanted: Vec<u128> = ranges.iter().map(|range| range.0).filter(|first| firsts.contains(first)).collect();
        let is_broken = if rule == &rule::PARTIAL_MULTIPART_ORDER {
            firsts != wanted
        } else {
            whole.field("content-type").is_some()
                && parts.iter().any(|part| part.content_type.as_deref() != whole.field("content-type"))
        };
        let what = if rule == &rule::PARTIAL_MULTIPART_ORDER {
            "the order asked for"
        } else {
            "the Content-Type of the whole"
        };
        return if is_broken {
            new(broken(level(rule)), format!("{count} parts, but not with {what}"))
        } else {
            new(Verdict::Pass, format!("{count} parts with {what}"))
        };
    }
    let all = match asked {
        Asked::Ranges(ranges) => ranges.iter().all(|range| {
            parts.iter().any(|part| part.range.range.is_some_and(|(first, last)| first <= range.0 && last >= range.1))
        }),
        _ => false,
    };
    if all {
        new(Verdict::Pass, format!("206 with {count} part{}", if count == 1 { "" } else { "s" }))
    } else {
        new(Verdict::Note, "206 with less than was asked for".to_owned())
    }
}

/// The parts of a 206.
fn parts(answer: &Answer) -> Result<Vec<Part>, String> {
    let media = answer.field("content-type").and_then(MediaType::parse);
    let Some(media) = media.filter(|media| media.name == "multipart/byteranges") else {
        let range = answer.field("content-range").ok_or("there is no Content-Range")?;
        let range = ContentRange::parse(range).ok_or("its Content-Range cannot be read")?;
        return Ok(vec![Part { range, content: answer.content.clone(), content_type: None }]);
    };
    let boundary = media.parameter("boundary").ok_or("multipart/byteranges has no boundary")?;
    let delimiter = [b"\r\n--", boundary].concat();
    // The first delimiter has no line end of its own where nothing comes before it.
    let content = [b"\r\n", &answer.content[..]].concat();
    let mut pieces = Vec::new();
    let mut rest = &content[..];
    while let Some(at) = rest.windows(delimiter.len()).position(|window| window == delimiter) {
        pieces.push(&rest[..at]);
        rest = &rest[at + delimiter.len()..];
        if rest.starts_with(b"--") {
            break;
        }
    }
    if !rest.starts_with(b"--") {
        return Err("the last boundary is missing".to_owned());
    }
    pieces.iter().skip(1).map(|piece| part(piece)).collect()
}

fn part(piece: &[u8]) -> Result<Part, String> {
    let end = piece.windows(4).position(|window| window == b"\r\n\r\n").ok_or("a part has no end of its head")?;
    let field = |wanted: &str| {
        piece[..end].split(|&octet| octet == b'\n').find_map(|line| {
            let colon = line.iter().position(|&octet| octet == b':')?;
            line[..colon].eq_ignore_ascii_case(wanted.as_bytes()).then(|| line[colon + 1..].trim_ascii().to_vec())
        })
    };
    let range = field("content-range").ok_or("a part has no Content-Range")?;
    let range = ContentRange::parse(&range).ok_or("the Content-Range of a part cannot be read")?;
    Ok(Part { range, content: piece[end + 4..].to_vec(), content_type: field("content-type") })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::Ended;
    use crate::probe::recorded::{GET, status, turn};

    const WHOLE: &str =
        "HTTP/1.1 200 OK\nETag: \"a\"\nLast-Modified: x\nContent-Type: text/plain\nContent-Length: 4\n\nabcd\\\n";

    fn seen(received: &str) -> [Observation; 3] {
        [turn(GET, WHOLE, Ended::Answered), turn(GET, received, Ended::Answered), turn(GET, WHOLE, Ended::Answered)]
    }

    fn verdict(rule: &'static Rule, asked: &Asked, received: &str) -> (Verdict, Option<&'static str>) {
        let judgement = judge(rule, asked, &seen(received));
        (judgement.verdict, judgement.decided_by.map(|rule| rule.id))
    }

    fn part(range: &str, content: &str) -> String {
        format!("HTTP/1.1 206 P\nContent-Range: {range}\nContent-Length: {}\n\n{content}\\\n", content.len())
    }

    fn several(parts: &[(&str, &str)], end: &str) -> String {
        let parts: String =
            parts.iter().map(|(fields, content)| format!("--b\r\n{fields}\r\n\r\n{content}\r\n")).collect();
        let content = format!("{parts}{end}");
        let text = content.replace("\r\n", "\n");
        format!(
            "HTTP/1.1 206 P\nContent-Type: multipart/byteranges; boundary=b\nContent-Length: {}\n\n{text}\\\n",
            content.len()
        )
    }

    #[test]
    fn a_range_that_exists() {
        let asked = Asked::Ranges(vec![(1, 2)]);
        let of = |received: &str| verdict(&rule::RANGE_SERVED, &asked, received);
        assert_eq!(of(&part("bytes 1-2/4", "bc")), (Verdict::Pass, None));
        assert_eq!(of(&part("bytes 1-2/*", "bc")), (Verdict::Pass, None));
        assert_eq!(of(&part("bytes 1-1/4", "b")), (Verdict::Note, None));
        assert_eq!(of(WHOLE), (Verdict::Warn, None));
        assert_eq!(of(&status(416)), (Verdict::Warn, None));
        assert_eq!(of(&part("bytes 0-1/4", "ab")), (Verdict::Warn, None));
        for wrong in
            [part("bytes 1-2/4", "cd"), part("bytes 1-2/5", "bc"), "HTTP/1.1 206 P\nContent-Length: 0\n\n".to_owned()]
        {
            assert_eq!(of(&wrong), (Verdict::Fail, Some("partial-single")), "{wrong}");
        }
    }

    #[test]
    fn positions_that_wrap() {
        let asked = Asked::Ranges(vec![(0, 3)]);
        let of = |received: &str| verdict(&rule::RANGE_OVERFLOW, &asked, received);
        assert_eq!(of(&part("bytes 0-3/4", "abcd")), (Verdict::Pass, None));
        assert_eq!(of(&part("bytes 0-0/4", "a")), (Verdict::Note, None));
        let nothing = |received: &str| verdict(&rule::RANGE_OVERFLOW, &Asked::Nothing, received);
        assert_eq!(nothing(&part("bytes 0-3/4", "abcd")), (Verdict::Fail, None));
        assert_eq!(nothing(&status(416)), (Verdict::Pass, None));
        assert_eq!(nothing(WHOLE), (Verdict::Warn, Some("range-unsatisfiable")));
    }

    #[test]
    fn units_and_values_that_are_none() {
        let unit = |received: &str| verdict(&rule::RANGE_UNIT_UNKNOWN, &Asked::OtherUnit, received).0;
        assert_eq!((unit(WHOLE), unit(&status(416))), (Verdict::Pass, Verdict::Pass));
        assert_eq!((unit(&part("bytes 0-0/4", "a")), unit(&status(400))), (Verdict::Fail, Verdict::Fail));
        let invalid = |received: &str| verdict(&rule::RANGE_INVALID, &Asked::Invalid, received).0;
        assert_eq!((invalid(WHOLE), invalid(&status(400))), (Verdict::Pass, Verdict::Pass));
        assert_eq!(invalid(&part("bytes 0-0/4", "a")), Verdict::Note);
        assert_eq!(invalid(&part("bytes 0-0/4", "b")), Verdict::Fail);
    }

    #[test]
    fn several_parts() {
        let asked = Asked::Ranges(vec![(3, 3), (0, 0)]);
        let typed = |range: &str| format!("Content-Type: text/plain\r\nContent-Range: bytes {range}/4");
        let (last, first) = (typed("3-3"), typed("0-0"));
        let right = several(&[(&last, "d"), (&first, "a")], "--b--\r\n");
        for rule in [&rule::PARTIAL_MULTIPART_ORDER, &rule::PARTIAL_MULTIPART_TYPE] {
            assert_eq!(verdict(rule, &asked, &right).0, Verdict::Pass);
            assert_eq!(verdict(rule, &asked, &part("bytes 3-3/4", "d")).0, Verdict::NotJudged);
            assert_eq!(verdict(rule, &asked, WHOLE).0, Verdict::Pass);
        }
        let turned = several(&[(&first, "a"), (&last, "d")], "--b--\r\n");
        assert_eq!(verdict(&rule::PARTIAL_MULTIPART_ORDER, &asked, &turned).0, Verdict::Warn);
        let untyped = several(&[("Content-Range: bytes 3-3/4", "d"), (&first, "a")], "--b--\r\n");
        assert_eq!(verdict(&rule::PARTIAL_MULTIPART_TYPE, &asked, &untyped).0, Verdict::Warn);
        let open = several(&[(&last, "d"), (&first, "a")], "");
        assert_eq!(verdict(&rule::PARTIAL_MULTIPART_ORDER, &asked, &open), (Verdict::Fail, Some("partial-single")));
    }

    #[test]
    fn fields_of_a_part() {
        let of = |rule: &'static Rule, fields: &str| {
            let part = part("bytes 0-0/4", "a").replace("Content-Range", &format!("{fields}Content-Range"));
            judge_fields(rule, &seen(&part)).verdict
        };
        assert_eq!(of(&rule::PARTIAL_FIELDS, "ETag: \"a\"\n"), Verdict::Pass);
        assert_eq!(of(&rule::PARTIAL_FIELDS, ""), Verdict::Fail);
        assert_eq!(of(&rule::PARTIAL_REPRESENTATION_FIELDS, "Content-Type: text/plain\n"), Verdict::Fail);
        assert_eq!(
            of(&rule::PARTIAL_REPRESENTATION_FIELDS, "Content-Type: text/plain\nLast-Modified: x\n"),
            Verdict::Pass
        );
        assert_eq!(of(&rule::PARTIAL_FIELDS_IF_RANGE, ""), Verdict::Pass);
        assert_eq!(of(&rule::PARTIAL_FIELDS_IF_RANGE, "Last-Modified: x\n"), Verdict::Warn);
    }

    #[test]
    fn range_on_head() {
        let of = |received: &str| {
            judge_head(Level::Must, &turn("HEAD / HTTP/1.1\nHost: h\n\n", received, Ended::Answered)).verdict
        };
        assert_eq!(of("HTTP/1.1 200 OK\nContent-Length: 4\n\n"), Verdict::Pass);
        assert_eq!(of("HTTP/1.1 206 P\nContent-Range: bytes 0-0/4\nContent-Length: 1\n\n"), Verdict::Fail);
    }
}
