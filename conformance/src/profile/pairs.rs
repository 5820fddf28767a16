//! Streams that two recipients split into messages differently: split differentials.
//!
//! Computed from two policies over the streams of [`POOL`], each with an ordinary request behind it.
//! A stream counts where neither refuses anything before the octet at which they part, both profiles are sure of the
//! points that it hangs on, and neither was seen to do something else with it. One is kept for each set of points
//! that the difference hangs on, and each kind of difference: the shortest.
//!
//! That two recipients differ is no attack: somebody has to forward such octets from one to the other. It is called
//! predicted smuggling only where a profile says that its server was seen to forward them.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;
use startline_parser::notation;
use startline_parser::policy::{Point, Policy};

use super::explain::Choice;
use super::file::Profile;
use super::predict::{Predicted, Prediction, Then};
use super::probes::{POOL, Stream};
use crate::wire::Values;

/// How two recipients part, the gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// What is content for one is a further request for the other.
    Hidden,
    /// They see requests of different extent.
    Shifted,
    /// One waits for more, and takes the next request for content.
    Waits,
}

impl Kind {
    const fn words(self) -> &'static str {
        match self {
            Self::Hidden => "a request that only one of them sees",
            Self::Shifted => "requests that end at different places",
            Self::Waits => "one waits and takes what follows for content",
        }
    }
}

/// What one of them sees.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Side {
    /// Number of whole messages.
    pub messages: usize,
    /// Where each ends in the stream.
    pub ends: Vec<usize>,
    /// Whether it waits for more at the end.
    pub waits: bool,
    /// The request behind the place where they part, as it sees it, in the notation.
    pub next: Option<String>,
}

/// A stream that two recipients split differently.
#[derive(Debug, Clone, Serialize)]
pub struct Differential {
    /// How they part.
    pub kind: Kind,
    /// The check or stream that it was made of.
    pub id: &'static str,
    /// The points that it hangs on, with the choices of the first and of the second.
    pub points: Vec<(String, String, String)>,
    /// The octets, with an ordinary request at the end, in the notation.
    pub octets: String,
    /// What the first sees.
    pub first: Side,
    /// What the second sees.
    pub second: Side,
    /// Whether one of them was seen to forward the octets.
    pub forwarded: bool,
    /// What the live targets did, where they were asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verified: Option<(Verified, Verified)>,
    /// The stream.
    #[serde(skip)]
    pub stream: Stream,
}

/// Whether a live target did what its profile predicts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verified {
    /// It did.
    AsPredicted,
    /// What it did can also be something else.
    CannotTell,
    /// It did something else.
    Otherwise,
}

impl Verified {
    const fn words(self) -> &'static str {
        match self {
            Self::AsPredicted => "does as predicted",
            Self::CannotTell => "does nothing that tells",
            Self::Otherwise => "does otherwise",
        }
    }
}

/// The request that follows each stream here.
fn next_request(values: &Values) -> Vec<u8> {
    format!("GET /next HTTP/1.1\r\nHost: {}\r\n\r\n", values.host).into_bytes()
}

/// Where two predictions part without a refusal before, and how.
fn part(first: &Prediction, second: &Prediction) -> Option<(usize, Kind)> {
    let mut at = 0;
    loop {
        let (one, other) = (first.messages.get(at)?, second.messages.get(at)?);
        match (one.then, other.then) {
            (Then::Answered, Then::Answered) if one.end == other.end => {
                if one.closes || other.closes {
                    return None;
                }
                at += 1;
            }
            (Then::Answered, Then::Answered) => {
                let (shorter, sooner, later) =
                    if one.end < other.end { (first, one, other) } else { (second, other, one) };
                if sooner.closes || later.closes {
                    return None;
                }
                // What begins behind the shorter one lies in the longer one: is it a request by itself?
                let hidden = shorter.messages.get(at + 1);
                let is_hidden = hidden.is_some_and(|hidden| hidden.then == Then::Answered && hidden.end <= later.end);
                return Some((at, if is_hidden { Kind::Hidden } else { Kind::Shifted }));
            }
            (Then::Answered, Then::Waits) if !one.closes => return Some((at, Kind::Waits)),
            (Then::Waits, Then::Answered) if !other.closes => return Some((at, Kind::Waits)),
            _ => return None,
        }
    }
}

fn side(prediction: &Prediction, at: usize, octets: &[u8]) -> Side {
    let whole: Vec<&Predicted> =
        prediction.messages.iter().take_while(|message| message.then == Then::Answered).collect();
    let rest = whole.get(at).and_then(|message| message.end).and_then(|end| octets.get(end..));
    Side {
        messages: whole.len(),
        ends: whole.iter().filter_map(|message| message.end).collect(),
        waits: prediction.messages.get(whole.len()).is_some_and(|message| message.then == Then::Waits),
        next: rest.filter(|rest| !rest.is_empty()).map(notation::encode),
    }
}

/// The split differentials of two profiles, the gravest and shortest first.
///
/// # Errors
/// A profile with a choice that does not exist.
pub fn pairs(first: &Profile, second: &Profile) -> Result<Vec<Differential>, super::ProfileError> {
    let (one, other) = (first.policy()?, second.policy()?);
    let values = Values::sample();
    let mut found: BTreeMap<(Kind, Vec<Point>), Differential> = BTreeMap::new();
    let predicted = |stream: &&Stream| [first, second].iter().all(|profile| profile.predicts(stream.id));
    for stream in POOL.iter().filter(predicted) {
        let alone = stream.fill(&values);
        let octets = [&alone[..], &next_request(&values)].concat();
        let under = |policy: &Policy| Prediction::of(policy, &octets);
        let (seen, seen_other) = (under(&one), under(&other));
        let Some((at, kind)) = part(&seen, &seen_other) else { continue };
        let points = deciding(&one, &other, |policy| part(&seen, &under(policy)).is_some());
        if points.iter().any(|point| !first.is_sure(*point) || !second.is_sure(*point)) {
            continue;
        }
        let class = (kind, points.clone());
        if found.get(&class).is_some_and(|known| known.octets.len() <= notation::encode(&octets).len()) {
            continue;
        }
        let id = |point: Point, policy: &Policy| Choice { point, choice: policy.choice(point) }.id().to_owned();
        let named = |point: &Point| (point.id().to_owned(), id(*point, &one), id(*point, &other));
        let escaped = notation::encode(&alone);
        let differential = Differential {
            kind,
            id: stream.id,
            points: points.iter().map(named).collect(),
            octets: notation::encode(&octets),
            first: side(&seen, at, &octets),
            second: side(&seen_other, at, &octets),
            forwarded: first.forwards.contains(&escaped) || second.forwards.contains(&escaped),
            verified: None,
            stream: *stream,
        };
        found.insert(class, differential);
    }
    let mut all: Vec<Differential> = found.into_values().collect();
    all.sort_by_key(|found| (!found.forwarded, found.kind, found.points.len(), found.octets.len()));
    Ok(all)
}

/// The points that a difference hangs on: with any of these as in the first policy, it is gone.
fn deciding(first: &Policy, second: &Policy, differs: impl Fn(&Policy) -> bool) -> Vec<Point> {
    let mut policy = *second;
    let mut left = Vec::new();
    for &point in Point::ALL.iter().filter(|&&point| first.choice(point) != second.choice(point)) {
        let Some(without) = policy.with(point, first.choice(point)) else { continue };
        if differs(&without) {
            policy = without;
        } else {
            left.push(point);
        }
    }
    left
}

/// For people.
#[must_use]
pub fn text(first: &str, second: &str, found: &[Differential]) -> String {
    let mut text = String::new();
    let told = |side: &Side| {
        let waits = if side.waits { ", and waits for more" } else { "" };
        format!("{} messages, ending at {:?}{waits}", side.messages, side.ends)
    };
    for (at, found) in found.iter().enumerate() {
        let word = if found.forwarded { "predicted smuggling" } else { "split differential" };
        let _ = writeln!(text, "{}. {word}: {} ({})", at + 1, found.kind.words(), found.id);
        for (point, one, other) in &found.points {
            let _ = writeln!(text, "   {point}: {one} / {other}");
        }
        let _ = writeln!(text, "   {}", found.octets.trim_end().replace('\n', "\n   "));
        for (name, side, verified) in [
            (first, &found.first, found.verified.map(|verified| verified.0)),
            (second, &found.second, found.verified.map(|verified| verified.1)),
        ] {
            let verified = verified.map(|verified| format!("; {}", verified.words())).unwrap_or_default();
            let _ = writeln!(text, "   {name} sees {}{verified}", told(side));
        }
        text.push('\n');
    }
    let _ = writeln!(text, "{} split differentials between {first} and {second}", found.len());
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(policy: &str) -> Profile {
        Profile { policy: policy.to_owned(), ..Profile::default() }
    }

    #[test]
    fn recipients_that_read_alike_split_alike() {
        assert!(pairs(&profile("strict"), &profile("strict")).unwrap().is_empty());
        let lax = "length-conflict=last line-end=lf-too";
        assert!(pairs(&profile(lax), &profile(lax)).unwrap().is_empty());
        // Who refuses splits nothing.
        assert!(pairs(&profile("strict"), &profile("length-conflict=last")).unwrap().is_empty());
    }

    #[test]
    fn who_takes_the_first_length_and_who_takes_the_last_part() {
        let found = pairs(&profile("length-conflict=first"), &profile("length-conflict=last")).unwrap();
        let first = found.first().unwrap();
        assert_eq!(first.points, [("length-conflict".to_owned(), "first".to_owned(), "last".to_owned())]);
        assert!(first.first.ends != first.second.ends && !first.forwarded, "{first:?}");
        assert!(found.iter().all(|found| found.points.len() == 1));
    }

    #[test]
    fn only_what_was_seen_to_be_forwarded_is_called_smuggling() {
        let (mut one, other) = (profile("length-and-coding=length"), profile("length-and-coding=coding-persist"));
        let found = pairs(&one, &other).unwrap();
        assert!(found.iter().all(|found| !found.forwarded) && !found.is_empty());
        one.forwards.push(notation::encode(&found[0].stream.fill(&Values::sample())));
        let found = pairs(&one, &other).unwrap();
        assert!(found[0].forwarded && text("a", "b", &found).starts_with("1. predicted smuggling"));
    }

    #[test]
    fn a_profile_with_an_unknown_choice_is_refused() {
        assert!(pairs(&profile("line-end=sideways"), &profile("strict")).is_err());
    }
}
