//! The fewest choices of a policy under which the reader predicts what was observed.
//!
//! Searched breadth-first, over the points that the octets touch in the readings met on the way, and the points that no
//! fault gives away. Several sets of the same size can explain one observation; all of them are told.
//!
//! Limits: [`MOST`] choices together, and [`READINGS`] readings; what takes more stays unexplained.

use std::collections::HashSet;
use std::fmt;

use startline_parser::policy::{Point, Policy};
use startline_parser::reader;

use super::predict::{Fit, Knowledge, Observed, Prediction};
use crate::judge::LIMITS;
use crate::rule::On;

/// More choices together are not tried.
pub const MOST: usize = 3;

/// More readings of one stream are not made.
pub const READINGS: usize = 3_000;

/// Points about which the reader reports nothing where the octets are right.
const SILENT: [Point; 5] =
    [Point::NameUnderscore, Point::LengthValue, Point::ChunkValue, Point::LengthOverflow, Point::ChunkOverflow];

/// One choice at one point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Choice {
    /// The point.
    pub point: Point,
    /// Index into [`Point::choices`].
    pub choice: usize,
}

impl Choice {
    /// Kebab-case name of the choice.
    #[must_use]
    pub fn id(self) -> &'static str {
        self.point.choices().get(self.choice).map_or("", |(id, _)| *id)
    }

    /// In plain words.
    #[must_use]
    pub fn words(self) -> String {
        let choice = self.point.choice_summary(self.choice).unwrap_or_default();
        format!("{}: {}", small(self.point.summary()), small(choice))
    }
}

impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.point.id(), self.id())
    }
}

/// A sentence as part of another one.
fn small(sentence: &str) -> String {
    let text = sentence.trim_end_matches('.');
    let mut letters = text.chars();
    match (letters.next(), letters.next()) {
        (Some(first), second) if second.is_none_or(|second| !second.is_ascii_uppercase()) => {
            format!("{}{}", first.to_ascii_lowercase(), &text[first.len_utf8()..])
        }
        _ => text.to_owned(),
    }
}

/// The sets of choices that explain an observation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// Each of these, on top of the base, predicts what was observed, and nothing smaller does. In order.
    pub sets: Vec<Vec<Choice>>,
    /// How well they fit.
    pub fit: Fit,
}

impl Explanation {
    /// Whether nothing tells between several sets.
    #[must_use]
    pub const fn is_ambiguous(&self) -> bool {
        self.sets.len() > 1
    }
}

impl fmt::Display for Explanation {
    /// In plain words.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, set) in self.sets.iter().enumerate() {
            let words: Vec<String> = set.iter().map(|choice| choice.words()).collect();
            write!(f, "{}reads as if: {}", if at > 0 { "; or " } else { "" }, words.join(", and "))?;
        }
        Ok(())
    }
}

/// Explains what was observed; none if `base` predicts it already, or nothing within the limits does.
#[must_use]
pub fn explain(observed: &Observed<'_>, known: &Knowledge, base: &Policy) -> Option<Explanation> {
    let fit_of = |policy: &Policy| Prediction::of(policy, observed.octets).fits(observed, known);
    if fit_of(base) > Fit::No {
        return None;
    }
    let mut readings = 1;
    let mut seen: HashSet<Policy> = HashSet::from([*base]);
    let mut level: Vec<(Policy, Vec<Choice>)> = vec![(*base, Vec::new())];
    for _ in 0..MOST {
        let mut next: Vec<(Policy, Vec<Choice>)> = Vec::new();
        let mut found: Vec<(Fit, Vec<Choice>)> = Vec::new();
        for (policy, set) in &level {
            for point in touched(observed.octets, policy) {
                if set.iter().any(|choice| choice.point == point) {
                    continue;
                }
                for choice in (0..point.choices().len()).filter(|&choice| choice != base.choice(point)) {
                    let Some(other) = policy.with(point, choice).filter(|other| !seen.contains(other)) else {
                        continue;
                    };
                    if readings >= READINGS {
                        break;
                    }
                    readings += 1;
                    seen.insert(other);
                    let mut set = set.clone();
                    set.push(Choice { point, choice });
                    set.sort_unstable();
                    match fit_of(&other) {
                        Fit::No => next.push((other, set)),
                        fit => found.push((fit, set)),
                    }
                }
            }
        }
        if let Some(best) = found.iter().map(|(fit, _)| *fit).max() {
            let mut sets: Vec<Vec<Choice>> =
                found.into_iter().filter(|(fit, _)| *fit == best).map(|(_, set)| set).collect();
            sets.sort();
            return Some(Explanation { sets, fit: best });
        }
        level = next;
    }
    None
}

/// The points that the octets touch in a reading.
pub(super) fn touched(octets: &[u8], policy: &Policy) -> Vec<Point> {
    let reading = reader::read(octets, On::Request, &[], policy, &LIMITS);
    let mut points: Vec<Point> = reading.faults().chain(reading.features()).filter_map(|fault| fault.point).collect();
    points.extend(SILENT);
    points.sort_unstable();
    points.dedup();
    points
}

#[cfg(test)]
mod tests {
    use startline_parser::policy::{BareCr, ChunkLineEnd, ColonWhitespace, LengthConflict, NameUnderscore};

    use super::*;
    use crate::profile::rehearsed::{behaviour, knowledge, observed, play, with_canary};
    use crate::reference::Application;

    fn explained(change: impl FnOnce(&mut Policy), stream: &str, application: Application) -> Option<String> {
        let mut policy = Policy::STRICT;
        change(&mut policy);
        let octets = with_canary(stream.as_bytes());
        let seen = play(&behaviour(policy, application), &octets);
        let known = knowledge(application == Application::Echo);
        let found = explain(&observed(&octets, &seen), &known, &Policy::STRICT)?;
        let ids = |set: &Vec<Choice>| set.iter().map(ToString::to_string).collect::<Vec<_>>().join("+");
        Some(found.sets.iter().map(ids).collect::<Vec<_>>().join(" "))
    }

    const CHUNKED: &str = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

    #[test]
    fn a_server_that_does_as_predicted_needs_no_explanation() {
        for stream in ["GET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/1.1\r\nHost : a\r\n\r\n"] {
            assert_eq!(explained(|_| {}, stream, Application::Echo), None);
            assert_eq!(explained(|_| {}, stream, Application::Plain), None);
        }
    }

    #[test]
    fn one_choice_is_found() {
        let lf = |policy: &mut Policy| policy.chunk_line_end = ChunkLineEnd::LfToo;
        let stream = format!("{CHUNKED}5\nhello\r\n0\r\n\r\n");
        for application in [Application::Echo, Application::Plain] {
            let found = explained(lf, &stream, application).unwrap();
            assert!(found.split(' ').any(|set| set == "chunk-line-end=lf-too"), "{found}");
        }
        let last = |policy: &mut Policy| policy.length_conflict = LengthConflict::Last;
        let stream = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 5\r\n\r\nhello";
        assert_eq!(explained(last, stream, Application::Plain).as_deref(), Some("length-conflict=last"));
        let hyphen = |policy: &mut Policy| policy.name_underscore = NameUnderscore::Hyphen;
        let stream = "POST / HTTP/1.1\r\nHost: a\r\nContent_Length: 5\r\n\r\nhello";
        assert_eq!(explained(hyphen, stream, Application::Plain).as_deref(), Some("name-underscore=hyphen"));
    }

    #[test]
    fn what_an_echo_tells_is_used() {
        let keep = |policy: &mut Policy| policy.bare_cr = BareCr::Keep;
        let stream = "GET / HTTP/1.1\r\nHost: a\r\nX-A: a\rb\r\n\r\n";
        assert_eq!(explained(keep, stream, Application::Echo).as_deref(), Some("bare-cr=keep"));
        let found = explained(keep, stream, Application::Plain).unwrap();
        assert!(found.contains("bare-cr=space") && found.contains("bare-cr=keep"), "{found}");
    }

    #[test]
    fn two_choices_together_are_found() {
        let both = |policy: &mut Policy| {
            policy.colon_whitespace = ColonWhitespace::Strip;
            policy.length_conflict = LengthConflict::First;
        };
        let stream = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length : 5\r\nContent-Length: 2\r\n\r\nhello";
        let found = explained(both, stream, Application::Plain).as_deref().map(str::to_owned);
        assert_eq!(found.as_deref(), Some("colon-whitespace=strip+length-conflict=first"));
    }

    #[test]
    fn choices_are_told_in_words() {
        let choice = Choice { point: Point::ChunkLineEnd, choice: 1 };
        assert_eq!(choice.words(), "what ends the line of a chunk-size: LF as well");
        let set = vec![choice];
        let one = Explanation { sets: vec![set.clone()], fit: Fit::Yes };
        assert_eq!(one.to_string(), "reads as if: what ends the line of a chunk-size: LF as well");
        let two = Explanation { sets: vec![set.clone(), set], fit: Fit::Yes };
        assert!(two.is_ambiguous() && two.to_string().contains("; or "));
    }
}
