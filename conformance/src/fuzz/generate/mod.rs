//! Inputs from the grammar, damaged.

use std::sync::Arc;

use super::input::{Input, Kind};
use super::site::Site;
use crate::check::{Plan, Step, builtin, octets_of};
use crate::wire::Values;

/// How often what is generated.
#[derive(Debug, Clone, PartialEq)]
pub struct Mix {
    /// The name by which it is chosen.
    pub name: &'static str,
}

static DEFAULT: Mix = Mix { name: "default" };
impl Mix {
    /// x
    pub const DEFAULT: &'static Mix = &Mix { name: "default" };
    /// x
    pub const ALL: &'static [&'static Mix] = &[Self::DEFAULT];
    /// x
    pub fn by_name(_: &str) -> Option<&'static Mix> {
        Some(&DEFAULT)
    }
}

/// x
pub fn of_checks(site: &Site) -> Vec<Input> {
    let values = Values { host: site.host.clone(), path: site.path.clone(), ..Values::sample() };
    builtin()
        .iter()
        .filter_map(|check| match &check.plan {
            Plan::Exchange { steps, .. } if steps.iter().all(|step| matches!(step, Step::Send(_))) => {
                Some([(Kind::Noise, &octets_of(steps, &values)[..])].into_iter().collect())
            }
            _ => None,
        })
        .collect()
}
impl Input {
    /// x
    pub fn tokenise(octets: &[u8]) -> Self {
        [(Kind::Noise, octets)].into_iter().collect()
    }
}

/// Makes inputs.
#[derive(Debug)]
pub struct Generator {
    seed: u64,
    checks: Vec<Input>,
}

impl Generator {
    /// x
    #[must_use]
    pub fn new(seed: u64, site: Site, _mix: &'static Mix, checks: Vec<Input>) -> Self {
        let checks = if checks.is_empty() { of_checks(&site) } else { checks };
        Self { seed, checks }
    }

    /// x
    #[must_use]
    pub fn input(&self, index: u64, _kept: &[Arc<Input>]) -> Input {
        let mut rng = fastrand::Rng::with_seed(self.seed ^ index.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let mut octets = self.checks[rng.usize(..self.checks.len())].octets().to_vec();
        if octets.len() > 4000 {
            octets.truncate(100);
        }
        if rng.u8(..) < 128 && !octets.is_empty() {
            let at = rng.usize(..octets.len());
            match rng.u8(..3) {
                0 => {
                    octets.remove(at);
                }
                1 => octets.insert(at, rng.u8(..)),
                _ => octets[at] = rng.u8(..),
            }
        }
        Input::tokenise(&octets)
    }
}
