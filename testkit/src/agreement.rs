//! The strict parser and the reader come to the same: verdict, first fault, octet, limits, and every part of the message.
//!
//! They share the rule book and the policy, and none of the code for the grammar. That they agree says nothing about
//! whether both are right; the vectors and other people's parsers are for that.

use startline_parser::rule::Kind;

use crate::generate::Case;
use crate::outcome::{self, Outcome, Verdict};

/// Compares both readings of the first message.
///
/// # Errors
/// What they differ in.
pub fn holds(case: &Case) -> Result<(), String> {
    let methods = case.methods();
    let method = methods.first().copied().unwrap_or(b"GET");
    let parser = outcome::by_parser(&case.stream, case.on, method, &case.limits);
    let (reader, rules) = outcome::by_reader(&case.stream, case.on, &methods, &case.limits);
    let faults = outcome::of_kind(&rules, Kind::Fault);
    differences(&parser, &reader, &faults).map_or(Ok(()), Err)
}

fn differences(parser: &Outcome, reader: &Outcome, faults: &[&str]) -> Option<String> {
    let differ = |what: &str, parser: &dyn std::fmt::Debug, reader: &dyn std::fmt::Debug| {
        Some(format!("{what}: the parser has {parser:?}, the reader {reader:?}"))
    };
    if parser.verdict != reader.verdict {
        return differ("verdict", &Shown(parser.verdict), &Shown(reader.verdict));
    }
    if parser.head != reader.head {
        return differ("head", &parser.head, &reader.head);
    }
    if parser.framing != reader.framing && parser.framing.is_some() {
        return differ("framing", &parser.framing, &reader.framing);
    }
    if let Verdict::Error(_) = parser.verdict {
        // After a fault the reader goes on, and the parser does not.
        let came_to = parser.content.as_deref().unwrap_or_default();
        if !reader.content.as_deref().unwrap_or_default().starts_with(came_to) {
            return differ("content before the fault", &parser.content, &reader.content);
        }
        return None;
    }
    if !faults.is_empty() {
        return differ("faults of what is accepted", &"none", &faults);
    }
    if parser.content != reader.content {
        return differ("content", &parser.content, &reader.content);
    }
    if parser.trailers != reader.trailers {
        return differ("trailers", &parser.trailers, &reader.trailers);
    }
    if parser.end != reader.end {
        return differ("end", &parser.end, &reader.end);
    }
    None
}

/// A verdict without the whole of the rule.
struct Shown(Verdict);

impl std::fmt::Debug for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            Verdict::Accept => f.write_str("accept"),
            Verdict::Partial => f.write_str("partial"),
            Verdict::Error(error) => write!(f, "{error}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use startline_parser::Limits;
    use startline_parser::rule::On;

    use super::*;

    #[test]
    fn a_difference_in_any_part_is_told() {
        let stream = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nab";
        let outcome = outcome::by_parser(stream, On::Request, b"GET", &Limits::DEFAULT);
        assert_eq!(differences(&outcome, &outcome, &[]), None);
        let told = |change: fn(&mut Outcome)| {
            let mut other = outcome.clone();
            change(&mut other);
            differences(&outcome, &other, &[]).unwrap()
        };
        assert!(told(|other| other.verdict = Verdict::Partial).starts_with("verdict"));
        assert!(told(|other| other.head.as_mut().unwrap().minor = 0).starts_with("head"));
        assert!(told(|other| other.framing.as_mut().unwrap().arm = 1).starts_with("framing"));
        assert!(told(|other| other.content = None).starts_with("content"));
        assert!(told(|other| other.trailers.push((Vec::new(), Vec::new()))).starts_with("trailers"));
        assert!(told(|other| other.end = Some(0)).starts_with("end"));
        assert!(differences(&outcome, &outcome, &["bare-lf"]).unwrap().starts_with("faults"));
    }
}
