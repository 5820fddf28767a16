//! Inputs made of inputs that there are already: built-in checks, and what a campaign has kept.

use std::borrow::Borrow;
use std::ops::Range;
use std::sync::Arc;

use fastrand::Rng;

use super::draw::one_in;
use super::outline::Outline;
use crate::check::{Plan, Step, builtin, octets_of};
use crate::fuzz::input::{Input, Kind};
use crate::fuzz::site::Site;
use crate::wire::Values;

/// Longer ones are not recombined: they cost time, and what is tried with them is their length.
const PARENT_MOST: usize = 4096;

/// What the built-in checks send that only send, for a site.
#[must_use]
pub fn of_checks(site: &Site) -> Vec<Input> {
    let values =
        Values { host: site.host.clone(), path: site.path.clone(), scheme: site.scheme.to_owned(), ..Values::sample() };
    let octets = |plan: &Plan| match plan {
        Plan::Exchange { steps, .. } if steps.iter().all(|step| matches!(step, Step::Send(_))) => {
            Some(octets_of(steps, &values)).filter(|octets| !octets.is_empty() && octets.len() <= PARENT_MOST)
        }
        _ => None,
    };
    builtin().iter().filter_map(|check| octets(&check.plan)).map(|octets| Input::tokenise(&octets)).collect()
}

/// One of the inputs that there are; none if there is none.
pub(super) fn parent<'p>(rng: &mut Rng, checks: &'p [Input], kept: &'p [Arc<Input>]) -> Option<&'p Input> {
    let found = match (checks.is_empty(), kept.is_empty()) {
        (true, true) => return None,
        (false, true) => pick_of(rng, checks),
        (true, false) => pick_of(rng, kept),
        (false, false) if one_in(rng, 2) => pick_of(rng, checks),
        (false, false) => pick_of(rng, kept),
    };
    (found.octets().len() <= PARENT_MOST).then_some(found)
}

fn pick_of<'p, I: Borrow<Input>>(rng: &mut Rng, of: &'p [I]) -> &'p Input {
    of[rng.usize(..of.len())].borrow()
}

fn tokens(of: &Input, range: Range<usize>) -> Vec<(Kind, &[u8])> {
    range.map(|at| of.token(at)).collect()
}

/// Puts a part of one input into another: messages, a field line, a request-target, or content.
pub(super) fn cross(rng: &mut Rng, into: &mut Input, from: &Input) {
    let (Some(here), Some(there)) = (Outline::any(rng, into), Outline::any(rng, from)) else { return };
    match rng.u8(..8) {
        0 | 1 => {
            // The rest of the stream is the other's.
            into.splice(here.whole.start..into.len(), &tokens(from, there.whole.start..from.len()));
        }
        2 => into.splice(here.whole.start..here.whole.start, &tokens(from, there.whole)),
        3 | 4 if !there.fields.is_empty() => {
            let line = there.fields[rng.usize(..there.fields.len())].clone();
            let at = if rng.bool() {
                here.head_end()
            } else {
                here.fields.first().map_or(here.head_end(), |first| first.start)
            };
            into.splice(at..at, &tokens(from, line));
        }
        5 => into.splice(here.line, &tokens(from, there.line)),
        6 => into.splice(here.content, &tokens(from, there.content)),
        _ => {
            let target = |line: Range<usize>, of: &Input| line.clone().find(|&at| of.token(at).0 == Kind::Target);
            if let (Some(at), Some(other)) = (target(here.line, into), target(there.line, from)) {
                into.splice(at..at + 1, &tokens(from, other..other + 1));
            }
        }
    }
}
