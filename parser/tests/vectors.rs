//! The vectors, hand-written from the RFCs' text, against both readings: the strict parser and the reader.
//!
//! Each reading is held against what a vector asserts: verdict, first fault and its octet, the parts of the head, the
//! framing, the content, what follows the message; the reader also against the full sets of faults and features. All
//! disagreements are printed at once. A vector is never changed to make this pass: the RFC's text decides.

use std::fmt::Debug;

use startline_parser::notation::encode;
use startline_parser::rule::Kind;
use startline_parser::{Body, Framing, Limits};
use startline_testkit::outcome::{self, Outcome, Verdict};
use startline_testkit::vectors::{self, Expect, FramingWord, Vector};

/// How many vectors there are at least; they do not get fewer.
const AT_LEAST: usize = 800;

#[test]
fn both_readings_agree_with_every_vector() {
    let all = vectors::all().unwrap_or_else(|error| panic!("{error:#}"));
    assert!(all.len() >= AT_LEAST, "only {} vectors", all.len());
    let mut disagreements = Vec::new();
    for (file, vector) in &all {
        let methods: Vec<&[u8]> = vector.methods.iter().map(String::as_bytes).collect();
        let method = methods.first().copied().unwrap_or(b"GET");
        let on = vector.message.on();
        let parsed = outcome::by_parser(&vector.octets.0, on, method, &Limits::DEFAULT);
        let mut report = Report { place: format!("{file}: {}: parser", vector.id), lines: &mut disagreements };
        report.compare(vector, &parsed);
        let (read, rules) = outcome::by_reader(&vector.octets.0, on, &methods, &Limits::DEFAULT);
        let mut report = Report { place: format!("{file}: {}: reader", vector.id), lines: &mut disagreements };
        report.compare(vector, &read);
        report.sets(vector, &rules);
    }
    assert!(
        disagreements.is_empty(),
        "{} disagreements in {} vectors:\n{}",
        disagreements.len(),
        all.len(),
        disagreements.join("\n")
    );
}

/// Collects what differs.
struct Report<'l> {
    place: String,
    lines: &'l mut Vec<String>,
}

impl Report<'_> {
    fn differ<T: PartialEq + Debug>(&mut self, what: &str, expected: &T, got: &T) {
        if expected != got {
            self.lines.push(format!("  {}: {what}: expected {expected:?}, got {got:?}", self.place));
        }
    }

    /// Compares what the vector asserts, and nothing else.
    fn asserted<T: PartialEq + Debug>(&mut self, what: &str, expected: Option<T>, got: Option<T>) {
        if expected.is_some() {
            self.differ(what, &expected, &got);
        }
    }

    fn compare(&mut self, vector: &Vector, got: &Outcome) {
        let expected = match vector.expect {
            Expect::Accept => "accept".to_owned(),
            Expect::Partial => "partial".to_owned(),
            Expect::Fault => {
                format!("{} at {}", vector.fault.as_deref().unwrap_or_default(), vector.at.unwrap_or_default())
            }
        };
        self.differ("verdict", &expected, &word(got.verdict));
        let text = |octets: &vectors::Octets| encode(&octets.0);
        let head = got.head.as_ref();
        let request = head.and_then(|head| head.request.as_ref());
        let response = head.and_then(|head| head.response.as_ref());
        self.asserted("method", vector.method.as_ref().map(text), request.map(|(method, ..)| encode(method)));
        self.asserted("target", vector.target.as_ref().map(text), request.map(|(_, target, _)| encode(target)));
        self.asserted("form", vector.form.clone(), request.map(|(.., form)| (*form).to_owned()));
        self.asserted("version", vector.version.clone(), head.map(|head| format!("1.{}", head.minor)));
        self.asserted("status", vector.status, response.map(|(status, _)| *status));
        self.asserted("reason", vector.reason.as_ref().map(text), response.map(|(_, reason)| encode(reason)));
        let fields = vector
            .fields
            .as_ref()
            .map(|fields| fields.iter().map(|(name, value)| (text(name), text(value))).collect::<Vec<_>>());
        let got_fields = head
            .map(|head| head.fields.iter().map(|(name, value, ..)| (encode(name), encode(value))).collect::<Vec<_>>());
        self.asserted("fields", fields, got_fields);
        self.asserted("head", vector.head, head.map(|head| head.end));
        self.asserted("framing", vector.framing, got.framing.map(framing_word));
        self.asserted("arm", vector.arm, got.framing.map(|framing| framing.arm));
        self.asserted("close", vector.close, got.framing.map(|framing| framing.close));
        if let Some(content) = &got.content {
            // The parser stops at a fault of the head and does not come to the body; the reader does.
            self.asserted("content", vector.content.as_ref().map(text), Some(encode(content)));
        }
        if vector.expect == Expect::Accept && got.verdict == Verdict::Accept {
            // Nothing is left over unless the vector says so.
            let rest = got.end.and_then(|end| vector.octets.0.get(end..)).unwrap_or_default();
            self.differ("rest", &vector.rest.as_ref().map(text).unwrap_or_default(), &encode(rest));
        }
    }

    /// The sets of faults and features, which only the reader knows in full.
    fn sets(&mut self, vector: &Vector, rules: &[&str]) {
        let sorted = |ids: &Vec<String>| {
            let mut ids: Vec<&str> = ids.iter().map(String::as_str).collect();
            ids.sort_unstable();
            ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>()
        };
        let of_kind = |kind| outcome::of_kind(rules, kind).into_iter().map(str::to_owned).collect::<Vec<_>>();
        self.asserted("faults", vector.faults.as_ref().map(sorted), Some(of_kind(Kind::Fault)));
        self.asserted("features", vector.features.as_ref().map(sorted), Some(of_kind(Kind::Feature)));
        if vector.expect != Expect::Fault {
            self.differ("faults", &Vec::new(), &of_kind(Kind::Fault));
        }
    }
}

fn word(verdict: Verdict) -> String {
    match verdict {
        Verdict::Accept => "accept".to_owned(),
        Verdict::Partial => "partial".to_owned(),
        Verdict::Error(error) => match error.broken_rule() {
            Some(rule) => format!("{} at {}", rule.id, error.offset),
            None => error.to_string(),
        },
    }
}

const fn framing_word(framing: Framing) -> FramingWord {
    match framing.body {
        Body::None => FramingWord::None,
        Body::Length(_) => FramingWord::Length,
        Body::Chunked => FramingWord::Chunked,
        Body::UntilClose => FramingWord::UntilClose,
        Body::Tunnel => FramingWord::Tunnel,
        _ => FramingWord::Unknown,
    }
}
