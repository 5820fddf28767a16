//! Named behaviours that need logic: conversations whose next step hangs on the answer before.
//!
//! A check file names a probe like any other check; the rule, the title and the tags stand there. The probe brings the
//! conversation and the judgement of it.

mod context;

use std::future::Future;
use std::pin::Pin;

use crate::check::Check;
use crate::judge::Judgement;
use crate::observation::Observation;

pub use context::Context;

/// A probe: a name that check files use, and the conversation behind it.
pub struct Probe {
    /// Kebab-case.
    pub name: &'static str,
    /// What it does, in one line.
    pub about: &'static str,
    run: for<'a> fn(&'a Check, &'a Context) -> Running<'a>,
}

/// A probe at work: the judgement and the exchanges that show it.
pub type Running<'a> = Pin<Box<dyn Future<Output = (Judgement, Vec<Observation>)> + Send + 'a>>;

impl Probe {
    /// Has the conversation.
    pub async fn run(&self, check: &Check, context: &Context) -> (Judgement, Vec<Observation>) {
        (self.run)(check, context).await
    }
}

impl std::fmt::Debug for Probe {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Probe").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Every probe.
pub static ALL: &[&Probe] = &[];

/// The probe with this name.
#[must_use]
pub fn by_name(name: &str) -> Option<&'static Probe> {
    ALL.iter().copied().find(|probe| probe.name == name)
}
