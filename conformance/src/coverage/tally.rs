//! Requirements counted by their answers.

use super::{Answer, Reason, Requirement, Suite};

/// How many requirements have which answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Tally {
    /// All of them.
    pub all: usize,
    /// Tested by rules.
    pub tested: usize,
    /// For the suite of another role, in the order of [`Suite::ALL`].
    pub roles: [usize; Suite::ALL.len()],
    /// Not observable, in the order of [`Reason::ALL`].
    pub reasons: [usize; Reason::ALL.len()],
    /// Observable and not tested.
    pub gaps: usize,
}

impl Tally {
    /// Counts.
    pub fn of<'a>(requirements: impl IntoIterator<Item = &'a Requirement>) -> Self {
        let mut tally = Self::default();
        for requirement in requirements {
            tally.all += 1;
            match requirement.answer {
                Answer::Tested(_) => tally.tested += 1,
                Answer::OtherRole(suite) => tally.roles[suite as usize] += 1,
                Answer::Unobservable(reason) => tally.reasons[reason as usize] += 1,
                Answer::Gap(_) => tally.gaps += 1,
            }
        }
        tally
    }

    /// What binds a server and can be seen by a peer.
    #[must_use]
    pub const fn observable(&self) -> usize {
        self.tested + self.gaps
    }

    /// What binds a server and cannot be seen by a peer.
    #[must_use]
    pub fn unobservable(&self) -> usize {
        self.reasons.iter().sum()
    }

    /// Tested of a hundred that are observable; nothing if none is.
    #[must_use]
    pub fn percentage(&self) -> Option<f64> {
        #[expect(clippy::cast_precision_loss, reason = "there are hundreds")]
        (self.observable() > 0).then(|| self.tested as f64 * 100.0 / self.observable() as f64)
    }
}
