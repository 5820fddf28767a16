//! Peers that tempt the runner into a wrong verdict, or that mean it harm.
//!
//! Some are as dumb as a server can be: the same answer to everything, none, or one without end. Others are the
//! [reference server](crate::reference) in trouble: behind a slow or an angry network, with one worker, without
//! persistence. [`expected`] says for each which verdicts are right. None of them is ever right or wrong by chance:
//! a verdict outside of its table is a fault of the runner.
//!
//! ```
//! let backend = startline::backends::by_name("tarpit").expect("there is one");
//! let running = backend.start()?;
//! assert!(running.url().starts_with("http://127.0.0.1:"));
//! running.stop();
//! # Ok::<(), std::io::Error>(())
//! ```

mod blunt;
pub mod expected;
#[cfg(test)]
mod tests;
mod troubled;

use std::io;

use crate::reference::Running;

/// A peer that can be started.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Backend {
    /// Kebab-case.
    pub name: &'static str,
    /// What it does, in one sentence.
    pub about: &'static str,
    start: fn() -> io::Result<Running>,
}

impl Backend {
    const fn new(name: &'static str, about: &'static str, start: fn() -> io::Result<Running>) -> Self {
        Self { name, about, start }
    }

    /// Starts it on a free port of the loopback.
    ///
    /// # Errors
    /// There is no port, or no thread, to be had.
    pub fn start(&self) -> io::Result<Running> {
        (self.start)()
    }
}

/// Every backend.
pub static ALL: &[Backend] = &[
    Backend::new("always-400", "answers everything with 400 and closes", blunt::always_400),
    Backend::new("always-400-keep-alive", "answers everything with 400 and stays open", blunt::always_400_keep_alive),
    Backend::new("always-200", "answers everything with 200, whatever it is", blunt::always_200),
    Backend::new("tarpit", "accepts connections and never answers", blunt::tarpit),
    Backend::new("slow-drip", "answers with one octet a second", blunt::slow_drip),
    Backend::new("endless", "sends content without end", blunt::endless),
    Backend::new("endless-head", "sends field lines without end", blunt::endless_head),
    Backend::new("resets-at-once", "resets every connection", blunt::resets_at_once),
    Backend::new("resets-after-octets", "resets a connection when something arrives on it", blunt::resets_after_octets),
    Backend::new("hostile-text", "answers 200 with octets that do things to terminals", blunt::hostile_text),
    Backend::new("jitter", "is conformant, and late by up to 40 ms", troubled::jitter),
    Backend::new("dropping-firewall", "is conformant, behind a filter that drops odd octets", troubled::drops),
    Backend::new("resetting-firewall", "is conformant, behind a filter that resets at odd octets", troubled::resets),
    Backend::new("redirector", "answers 301 to what is valid and 400 to what is not", troubled::redirector),
    Backend::new("one-worker", "is conformant, and serves one connection at a time", troubled::one_worker),
    Backend::new("no-keep-alive", "is conformant, and closes after every answer", troubled::no_keep_alive),
];

/// The backend with this name.
#[must_use]
pub fn by_name(name: &str) -> Option<&'static Backend> {
    ALL.iter().find(|backend| backend.name == name)
}
