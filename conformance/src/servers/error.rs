//! What can go wrong between a server's entry and its first answer.

use std::io;
use std::path::PathBuf;

/// Why an entry could not be loaded, installed or started.
///
/// Messages hold what the program concerned wrote last, with its control characters replaced.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file or folder could not be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// An entry is not what an entry must be.
    #[error("{}:{line}:{column}: {message}", path.display())]
    Entry {
        /// The file of the entry.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The column in characters, from 1.
        column: usize,
        /// What is wrong there.
        message: String,
    },
    /// The folder holds no entry.
    #[error("{}: no server entries (*.toml) here", path.display())]
    Empty {
        /// The folder.
        path: PathBuf,
    },
    /// A name that no entry has.
    #[error("no server is called {name:?}; there are: {known}")]
    Unknown {
        /// The name asked for.
        name: String,
        /// The names there are, separated by commas.
        known: String,
    },
    /// A program could not be run at all.
    #[error("cannot run {program}: {source}")]
    Spawn {
        /// The program.
        program: String,
        /// What the system said.
        source: io::Error,
    },
    /// A command ended with another status than 0.
    #[error("{command}: {status}{output}")]
    Command {
        /// The command line.
        command: String,
        /// How it ended.
        status: String,
        /// The end of what it wrote, each line after a line end; empty if it wrote nothing.
        output: String,
    },
    /// A command was stopped because it took too long.
    #[error("{command}: stopped after {seconds} s{output}")]
    Slow {
        /// The command line.
        command: String,
        /// The seconds that it had.
        seconds: u64,
        /// The end of what it wrote, each line after a line end; empty if it wrote nothing.
        output: String,
    },
    /// Debian packages are missing and this process may not install them.
    #[error(
        "Debian packages are missing and installing them needs root: apt-get install --no-install-recommends {packages}"
    )]
    NotRoot {
        /// The packages, separated by spaces.
        packages: String,
    },
    /// The version command wrote no dotted number.
    #[error("{command}: no version number in its output{output}")]
    NoVersion {
        /// The command line.
        command: String,
        /// The end of what it wrote.
        output: String,
    },
    /// The server ended before it answered.
    #[error("{name} ended before it answered ({status}){log}")]
    Exited {
        /// The name of the entry.
        name: String,
        /// How it ended.
        status: String,
        /// The end of its log, each line after a line end.
        log: String,
    },
    /// The server lives, but gave no 200 in time.
    #[error("{name} was not ready after {seconds} s: {last}{log}")]
    NotReady {
        /// The name of the entry.
        name: String,
        /// The seconds that it had.
        seconds: u64,
        /// What the last attempt saw.
        last: String,
        /// The end of its log, each line after a line end.
        log: String,
    },
}

impl Error {
    /// The error of a file, for `map_err`.
    pub(super) fn file(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { path, source }
    }
}
