//! The streams that tell the choices of each point apart.
//!
//! Taken from the built-in checks, and from `OWN`. For each point and each two of its choices, streams are looked for whose predictions
//! show a difference even without an echo: under the strict policy, or else under one that differs from it at one other
//! point. Everything is computed from the reader, so that a new choice finds its streams, or a test says that it has none.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use startline_parser::policy::{Point, Policy};

use super::explain::touched;
use super::predict::{Prediction, Visible};
use crate::check::{Check, Plan, Step, Tag, builtin, octets_of};
use crate::wire::{Template, Values};

/// Longer streams are not considered.
const LENGTH_MOST: usize = 2_048;

/// So many streams tell two choices apart, where there are that many: one may be masked by what else a server does.
const WITNESSES: usize = 4;

/// Streams that no check has, in the notation of checks.
const OWN: &[(&str, &str)] = &[(
    "transfer-encoding-chunked-in-a-quoted-word",
    "POST {path} HTTP/1.1\nHost: {host}\nTransfer-Encoding: \"xchunked\"\n\n5\nhello\n0\n\n",
)];

static OWN_STEPS: LazyLock<Vec<(&'static str, Vec<Step>)>> = LazyLock::new(|| {
    let step = |text: &str| Template::parse(text).ok().map(Step::Send);
    OWN.iter().map(|&(id, text)| (id, step(text).into_iter().collect())).collect()
});

/// A stream of the catalogue, or of `OWN`.
#[derive(Debug, Clone, Copy)]
pub struct Stream {
    /// The check's id, or its own.
    pub id: &'static str,
    steps: &'static [Step],
}

impl Stream {
    /// The octets for a target.
    #[must_use]
    pub fn fill(&self, values: &Values) -> Vec<u8> {
        octets_of(self.steps, values)
    }
}

/// Every stream that can be sent at once and calls for no other conversation.
pub static POOL: LazyLock<Vec<Stream>> = LazyLock::new(|| {
    let own = OWN_STEPS.iter().map(|(id, steps)| Stream { id, steps });
    builtin().iter().filter_map(of_check).chain(own).collect()
});

/// A stream that is played, and the points about which it says something.
#[derive(Debug, Clone)]
pub struct Probe {
    /// The stream.
    pub stream: Stream,
    /// The points that it is chosen for.
    pub points: Vec<Point>,
}

/// What is played, and what cannot be told apart.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// The probes.
    pub probes: Vec<Probe>,
    /// For each point the pairs of choices that no stream tells apart.
    pub inseparable: Vec<(Point, usize, usize)>,
}

/// The probes for every point; always the same.
pub static SELECTION: LazyLock<Selection> = LazyLock::new(|| select(&POOL));

fn of_check(check: &'static Check) -> Option<Stream> {
    let Plan::Exchange { steps, .. } = &check.plan else { return None };
    let at_once = steps.iter().all(|step| matches!(step, Step::Send(_)));
    let octets = octets_of(steps, &Values::sample()).to_ascii_lowercase();
    let has = |word: &[u8]| octets.windows(word.len()).any(|window| window == word);
    // What calls for other answers than content, or for another conversation, tells less.
    let others: [&[u8]; 8] =
        [b"expect", b"upgrade", b"\nif-", b"range", b"head /", b"connection: close", b"trace /", b"options *"];
    let is_plain = !others.iter().any(|word| has(word));
    let is_ordinary = check.needs.is_none() && check.tags.iter().all(|tag| *tag == Tag::Intrusive);
    (at_once && is_plain && is_ordinary && octets.len() <= LENGTH_MOST).then_some(Stream { id: &check.id, steps })
}

/// The canary's token in what is computed here.
const TOKEN: &str = "0123456789ab";

fn with_canary(stream: &[u8], values: &Values) -> Vec<u8> {
    let canary = format!("GET /startline-canary-{TOKEN} HTTP/1.1\r\nHost: {}\r\n\r\n", values.host);
    [stream, canary.as_bytes()].concat()
}

/// A stream beside what shows of it under each choice of a point.
struct Shown<'s> {
    stream: &'s Stream,
    octets: Vec<u8>,
    touched: Vec<Point>,
}

impl Shown<'_> {
    fn under(&self, base: &Policy, point: Point) -> Vec<Vec<Visible>> {
        let policies = (0..point.choices().len()).map(|choice| base.with(point, choice).unwrap_or(*base));
        policies.map(|policy| Prediction::of(&policy, &self.octets).visible(&self.octets, TOKEN, false)).collect()
    }
}

fn select(pool: &'static [Stream]) -> Selection {
    let values = Values::sample();
    let shown = |stream: &'static Stream| {
        let octets = with_canary(&stream.fill(&values), &values);
        let touched = touched(&octets, &Policy::STRICT);
        Shown { stream, octets, touched }
    };
    let mut all: Vec<Shown<'static>> = pool.iter().map(shown).collect();
    // Streams with the fewest faults speak most clearly.
    all.sort_by_key(|shown| (shown.touched.len(), shown.octets.len()));
    let mut chosen: BTreeMap<&'static str, Probe> = BTreeMap::new();
    let mut selection = Selection::default();
    for &point in Point::ALL {
        let count = point.choices().len();
        let mut pairs: Vec<(usize, usize, usize)> =
            (0..count).flat_map(|one| (one + 1..count).map(move |other| (one, other, 0))).collect();
        for is_alone in [true, false] {
            for shown in &all {
                if pairs.iter().all(|(_, _, seen)| *seen >= WITNESSES) {
                    break;
                }
                for base in bases(shown, point, is_alone) {
                    let seen = shown.under(&base, point);
                    let differs = |pair: &(usize, usize, usize)| pair.2 < WITNESSES && seen[pair.0] != seen[pair.1];
                    if !pairs.iter().any(differs) {
                        continue;
                    }
                    let new = || Probe { stream: *shown.stream, points: Vec::new() };
                    let probe = chosen.entry(shown.stream.id).or_insert_with(new);
                    if !probe.points.contains(&point) {
                        probe.points.push(point);
                    }
                    for pair in pairs.iter_mut().filter(|(one, other, _)| seen[*one] != seen[*other]) {
                        pair.2 += 1;
                    }
                    break;
                }
            }
            // What shows under the strict policy need not be looked for elsewhere.
            pairs.retain(|(_, _, seen)| *seen == 0);
        }
        selection.inseparable.extend(pairs.iter().map(|&(one, other, _)| (point, one, other)));
    }
    selection.probes = chosen.into_values().collect();
    selection
}

/// Policies under which the choices of `point` are compared: the strict one, or those with one other choice at another
/// point that the octets touch.
fn bases(shown: &Shown<'_>, point: Point, is_alone: bool) -> Vec<Policy> {
    if is_alone {
        return if shown.touched.contains(&point) { vec![Policy::STRICT] } else { Vec::new() };
    }
    let others = shown.touched.iter().filter(|&&other| other != point);
    let choices = others.flat_map(|&other| (1..other.choices().len()).map(move |choice| (other, choice)));
    choices.filter_map(|(other, choice)| Policy::STRICT.with(other, choice)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_two_choices_are_told_apart_by_some_stream() {
        let words = |&(point, one, other): &(Point, usize, usize)| {
            format!("{} {}/{}", point.id(), point.choices()[one].0, point.choices()[other].0)
        };
        let left: Vec<String> = SELECTION.inseparable.iter().map(words).collect();
        assert!(left.is_empty(), "no stream tells these choices apart: {}", left.join(", "));
        assert!(SELECTION.probes.len() < 400, "{} probes are many for one target", SELECTION.probes.len());
    }
}
