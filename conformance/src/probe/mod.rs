//! Named behaviours that need logic: conversations whose next step hangs on the answer before.

/// A probe: a name that check files use, and the conversation behind it.
#[derive(Debug)]
pub struct Probe {
    /// Kebab-case.
    pub name: &'static str,
}

/// Every probe.
pub static ALL: &[&Probe] = &[];

/// The probe with this name.
#[must_use]
pub fn by_name(name: &str) -> Option<&'static Probe> {
    ALL.iter().copied().find(|probe| probe.name == name)
}
