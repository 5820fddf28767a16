//! From many observations of one server to a profile: for each point the choices under which the reader predicts them.
//!
//! What a server does at one point depends on what it does at others, so that predictions are made under the profile so
//! far, again and again until it does not change any more. An observation that no choice at a point predicts says nothing
//! of that point, and is told as a surprise.

use std::collections::BTreeMap;

use startline_parser::policy::{Point, Policy};

use super::file::{PointProfile, Profile};
use super::predict::{Fit, Knowledge, Observed, Prediction};
use super::probes::Probe;
use crate::observation::Ended;

/// More rounds are not made.
const ROUNDS: usize = 8;

/// What a target made of a probe.
#[derive(Debug, Clone)]
pub struct Played {
    /// The probe.
    pub probe: Probe,
    /// What was sent, with the canary.
    pub octets: Vec<u8>,
    /// The canary's token.
    pub token: String,
    /// What came back.
    pub received: Vec<u8>,
    /// How it ended.
    pub ended: Ended,
}

impl Played {
    /// As an observation.
    #[must_use]
    pub fn observed(&self) -> Observed<'_> {
        Observed { octets: &self.octets, token: &self.token, received: &self.received, ended: &self.ended }
    }

    fn fit(&self, policy: &Policy, known: &Knowledge) -> Fit {
        Prediction::of(policy, &self.octets).fits(&self.observed(), known)
    }
}

/// What was found at one point.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Found {
    /// The choices that fit best.
    choices: Vec<usize>,
    /// How many probes told something.
    seen: usize,
    /// The first of them.
    probe: Option<&'static str>,
    /// Probes that no choice predicts.
    surprises: Vec<&'static str>,
}

/// The profile of a server that did this.
#[must_use]
pub fn infer(played: &[Played], known: &Knowledge) -> Profile {
    let mut policy = Policy::STRICT;
    let mut seen = vec![policy];
    let mut found = BTreeMap::new();
    for _ in 0..ROUNDS {
        for &point in Point::ALL {
            let here = at(point, played, known, &policy);
            if let Some(&best) = here.choices.first()
                && !here.choices.contains(&policy.choice(point))
                && let Some(next) = policy.with(point, best)
            {
                policy = next;
            }
            found.insert(point, here);
        }
        if seen.contains(&policy) {
            break;
        }
        seen.push(policy);
    }
    let points = found.iter().map(|(point, found)| (point.id().to_owned(), told(*point, found))).collect();
    let is_unpredicted = |played: &&Played| played.fit(&policy, known) == Fit::No;
    let unpredicted = played.iter().filter(is_unpredicted).map(|played| played.probe.stream.id.to_owned()).collect();
    Profile { points, policy: policy.to_string(), played: played.len(), unpredicted, ..Profile::default() }
}

/// The choices at a point, the others being as in `policy`.
fn at(point: Point, played: &[Played], known: &Knowledge, policy: &Policy) -> Found {
    let policies: Vec<Policy> = (0..point.choices().len()).filter_map(|choice| policy.with(point, choice)).collect();
    let mut found = Found::default();
    let mut worth = vec![Some(0); policies.len()];
    for played in played.iter().filter(|played| played.probe.points.contains(&point)) {
        let fits: Vec<Fit> = policies.iter().map(|policy| played.fit(policy, known)).collect();
        if fits.iter().all(|fit| *fit == fits[0]) {
            if fits[0] == Fit::No {
                found.surprises.push(played.probe.stream.id);
            }
            continue;
        }
        found.seen += 1;
        found.probe.get_or_insert(played.probe.stream.id);
        for (worth, fit) in worth.iter_mut().zip(&fits) {
            *worth = match fit {
                Fit::No => None,
                Fit::Possible => worth.map(|worth| worth + 1),
                Fit::Yes => worth.map(|worth| worth + 2),
            };
        }
    }
    let best = worth.iter().flatten().max();
    if found.seen > 0 && best.is_some() {
        found.choices = (0..worth.len()).filter(|&choice| worth[choice].as_ref() == best).collect();
    }
    // Where a server surprises, it may be something else than any choice; to refuse is claimed of nobody wrongly.
    if !found.surprises.is_empty() && found.choices != [0] {
        found.choices.clear();
    }
    found
}

fn told(point: Point, found: &Found) -> PointProfile {
    let id = |choice: &usize| point.choices()[*choice].0.to_owned();
    let unknown = match (found.seen, found.choices.len()) {
        (0, _) if found.surprises.is_empty() => Some("nothing that was sent tells the choices apart".to_owned()),
        (0, _) => Some(format!("no choice predicts what was seen ({})", found.surprises.join(", "))),
        (_, 0) if found.surprises.is_empty() => Some("no choice predicts everything that was seen".to_owned()),
        (_, 0) => Some(format!("no choice predicts everything that was seen (as in {})", found.surprises[0])),
        _ => None,
    };
    PointProfile {
        choices: found.choices.iter().map(id).collect(),
        seen: found.seen,
        probe: found.probe.map(str::to_owned),
        unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::probes::{POOL, SELECTION};
    use crate::profile::rehearsed::{TOKEN, behaviour, knowledge, play, with_canary};
    use crate::reference::{Application, Behaviour};
    use crate::wire::Values;

    fn profile(behaviour: &Behaviour) -> Profile {
        let played = SELECTION.probes.iter().map(|probe| {
            let octets = with_canary(&probe.stream.fill(&Values::sample()));
            let (received, ended) = play(behaviour, &octets);
            Played { probe: probe.clone(), octets, token: TOKEN.to_owned(), received, ended }
        });
        infer(&played.collect::<Vec<_>>(), &knowledge(behaviour.application == Application::Echo))
    }

    /// The choices at a point that no stream tells from the one made, where the others are as in `policy`.
    fn same_as_made(point: Point, policy: &Policy) -> Vec<&'static str> {
        let octets: Vec<Vec<u8>> = POOL.iter().map(|stream| with_canary(&stream.fill(&Values::sample()))).collect();
        let show = |policy: &Policy, octets: &[u8]| Prediction::of(policy, octets).visible(octets, TOKEN, false);
        let is_same = |choice: usize| {
            let Some(other) = policy.with(point, choice) else { return false };
            octets.iter().all(|octets| show(&other, octets) == show(policy, octets))
        };
        (0..point.choices().len()).filter(|&choice| is_same(choice)).map(|choice| point.choices()[choice].0).collect()
    }

    /// The choice is found, alone; and every other point is found to be strict.
    fn proves(point: Point, choice: usize, application: Application) -> Vec<String> {
        let Some(policy) = Policy::STRICT.with(point, choice) else { return Vec::new() };
        let found = profile(&behaviour(policy, application));
        let mut wrong = Vec::new();
        for &other in Point::ALL {
            let wanted = other.choices()[policy.choice(other)].0;
            let told = &found.points[other.id()];
            if told.choices == [wanted] {
                continue;
            }
            let same = same_as_made(other, &policy);
            let fits = |choices: &[String]| {
                choices.iter().any(|id| id == wanted) && choices.iter().all(|id| same.contains(&&id[..]))
            };
            let is_silent = told.choices.is_empty() && same.len() == other.choices().len();
            if !fits(&told.choices) && !is_silent {
                let under = format!("{application:?} {}={}", point.id(), point.choices()[choice].0);
                wrong.push(format!("{under}: {} is {wanted}, told {:?} {:?}", other.id(), told.choices, told.unknown));
            }
        }
        wrong
    }

    /// Every `step`th of all choices at all points, from one on.
    fn proves_every(step: usize, from: usize, application: Application) {
        let all = Point::ALL.iter().flat_map(|&point| (0..point.choices().len()).map(move |choice| (point, choice)));
        let some = all.skip(from).step_by(step);
        let wrong: Vec<String> = some.flat_map(|(point, choice)| proves(point, choice, application)).collect();
        assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
    }

    #[test]
    fn a_sample_of_the_choices_is_found_on_the_reference_server() {
        proves_every(16, 0, Application::Echo);
        proves_every(16, 8, Application::Plain);
    }

    #[test]
    #[ignore = "takes a minute or two: cargo test -p startline --lib -- profile::infer --ignored"]
    fn each_choice_is_found_on_the_reference_server() {
        proves_every(1, 0, Application::Echo);
        proves_every(1, 0, Application::Plain);
    }
}
