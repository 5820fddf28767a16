//! What an entry says, and a catalogue of entries.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use super::advisory::Advisory;
use super::deviation::Deviation;
use super::error::Error;

/// The entries of one folder, sorted by name.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Catalogue {
    /// The entries.
    pub entries: Vec<Entry>,
}

impl Catalogue {
    /// The entry of this name.
    ///
    /// # Errors
    /// [`Error::Unknown`], which lists the names that there are.
    pub fn get(&self, name: &str) -> Result<&Entry, Error> {
        self.entries.iter().find(|entry| entry.name == name).ok_or_else(|| Error::Unknown {
            name: name.to_owned(),
            known: self.entries.iter().map(|entry| entry.name.as_str()).collect::<Vec<_>>().join(", "),
        })
    }

    /// The entries of these names, in this order, each once.
    ///
    /// # Errors
    /// [`Error::Unknown`] for the first name that no entry has.
    pub fn select<S: AsRef<str>>(&self, names: &[S]) -> Result<Vec<&Entry>, Error> {
        let mut selected: Vec<&Entry> = Vec::with_capacity(names.len());
        for name in names {
            let entry = self.get(name.as_ref())?;
            if !selected.iter().any(|other| other.name == entry.name) {
                selected.push(entry);
            }
        }
        Ok(selected)
    }
}

/// One server: what it is, how to get it, how to start it, what it is known to do wrong.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Entry {
    /// Its name: the file name without `.toml`.
    pub name: String,
    /// Its name for readers.
    pub title: String,
    /// Which role of RFC 9110 it plays.
    pub role: Role,
    /// Where its programs come from.
    pub package: Package,
    /// The command whose output states the version.
    pub version_command: Vec<String>,
    /// How it is started.
    pub run: Run,
    /// What it is known to do wrong; at most one for each check.
    pub deviations: Vec<Deviation>,
    /// Published bugs that it has; only old releases are kept for these.
    pub advisories: Vec<Advisory>,
    /// The folder that its applications are in, absolute: that of the entries.
    pub folder: PathBuf,
}

impl Entry {
    /// The known deviation that a check finds, if there is one.
    #[must_use]
    pub fn deviation(&self, check: &str) -> Option<&Deviation> {
        self.deviations.iter().find(|deviation| deviation.check == check)
    }
}

/// The role that a server is tested in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Role {
    /// It answers requests itself.
    Origin,
}

/// Where packages come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Registry {
    /// `apt-get`, as root; the release of the system decides the version.
    Debian,
    /// `pip`, into a virtual environment under the cache.
    Pypi,
    /// `npm`, into a folder under the cache.
    Npm,
    /// Nowhere: the program must be there already.
    Preinstalled,
}

/// The packages of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Package {
    /// Where they come from.
    pub registry: Registry,
    /// Names for Debian, `name==version` for PyPI, `name@version` for npm; empty for a program that is there already.
    pub install: Vec<String>,
}

/// How a server is started; placeholders are not replaced yet.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Run {
    /// Files to write into the run's folder: path in it, content.
    pub files: BTreeMap<String, String>,
    /// Files of the entries' folder to copy into the run's folder, under their last name.
    pub app: Vec<String>,
    /// Commands to run in the run's folder before the server.
    pub prepare: Vec<Vec<String>>,
    /// The server's command, which must stay in the foreground.
    pub command: Vec<String>,
    /// Variables added to the environment of `prepare` and `command`.
    pub env: BTreeMap<String, String>,
    /// The known-good path: GET answers 200 there.
    pub path: String,
    /// Further paths, of resources that have what some checks need.
    pub paths: Vec<String>,
    /// `USER:PASSWORD` for those behind authentication.
    pub credentials: Option<String>,
    /// How long the first 200 may take.
    pub ready: Duration,
    /// Whether the application answers in the format that [`Echo`](super::Echo) reads.
    pub echo: bool,
}
