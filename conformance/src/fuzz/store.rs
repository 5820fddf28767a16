//! What a run leaves on disk, so that nothing is lost when it is killed.
//!
//! ```text
//! DIR/run.json                  target, seed, mix, and the number of the next input
//! DIR/pending/NUMBER.bin        an input in which something odd was seen, until that is decided
//! DIR/corpus/                   inputs after which the target behaved in a new way (`startline corpus`)
//! DIR/findings/ID/message.bin   the exact octets
//! DIR/findings/ID/finding.json  everything that is known of it
//! DIR/findings/ID/send.sh       one line for a shell
//! ```
//! Every file is written beside its place and then moved there. Values of `--header` are in none of them.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::finding::Finding;
use super::input::Input;
use super::site::Site;
use crate::corpus::{Corpus, CorpusError};
use crate::target::{Endpoint, Target};

/// The version of the form of `run.json`.
pub const SCHEMA: u32 = 1;

/// More findings than this are not written.
pub const FINDINGS_MOST: usize = 1_000;

/// More octets than this are not read of a file.
const FILE_MOST: u64 = 4 << 20;

/// What a run was started with, and how far it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// [`SCHEMA`].
    pub schema: u32,
    /// The target's URL.
    pub target: String,
    /// The seed.
    pub seed: u64,
    /// The name of the mix.
    pub mix: String,
    /// Part and number of parts, for a run that was divided.
    pub shard: (u64, u64),
    /// The number of the next input.
    pub next: u64,
}

/// Why a folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The system says no.
    #[error("{path}: {problem}")]
    Io {
        /// The file or folder.
        path: String,
        /// What the system says.
        problem: io::Error,
    },
    /// The corpus cannot be used.
    #[error(transparent)]
    Corpus(#[from] CorpusError),
    /// A file is not what it should be.
    #[error("{path} is not of a run of startline fuzz: {problem}")]
    Form {
        /// The file.
        path: String,
        /// What is wrong.
        problem: String,
    },
}

/// A folder of a run.
#[derive(Debug)]
pub struct Store {
    dir: PathBuf,
    corpus: Corpus,
    written: usize,
}

impl Store {
    /// Makes the folder, or takes up what is there.
    ///
    /// # Errors
    /// The folder cannot be made or written.
    pub fn open(dir: &Path, site: &Site) -> Result<Self, StoreError> {
        for part in ["", "pending", "findings", "corpus"] {
            let path = dir.join(part);
            fs::create_dir_all(&path).map_err(|problem| io_error(&path, problem))?;
        }
        let corpus = Corpus::open_or_begin(&dir.join("corpus"), site)?;
        let store = Self { dir: dir.to_owned(), corpus, written: 0 };
        // Said now, and not after hours.
        store.write(&dir.join("writable"), b"")?;
        let probe = dir.join("writable");
        fs::remove_file(&probe).map_err(|problem| io_error(&probe, problem))?;
        Ok(store)
    }

    /// The state of an earlier run, if there was one.
    ///
    /// # Errors
    /// There is a file, and it cannot be read.
    pub fn state(&self) -> Result<Option<State>, StoreError> {
        let path = self.dir.join("run.json");
        match read(&path) {
            Ok(text) => serde_json::from_slice(&text).map(Some).map_err(|error| form(&path, &error)),
            Err(StoreError::Io { problem, .. }) if problem.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Writes the state.
    ///
    /// # Errors
    /// What the system says.
    pub fn save(&self, state: &State) -> Result<(), StoreError> {
        let text = serde_json::to_vec_pretty(state).map_err(|error| form(&self.dir, &error))?;
        self.write(&self.dir.join("run.json"), &text)
    }

    /// Keeps an input that taught something; one that is too long, or for which there is no room, is let go.
    ///
    /// # Errors
    /// What the system says.
    pub fn keep(&mut self, input: &Input) -> Result<(), StoreError> {
        match self.corpus.add(input.octets()) {
            Ok(_) | Err(CorpusError::TooLong(_) | CorpusError::Full(_)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// The inputs of earlier runs that taught something, as they are written for this site. Files that are none are
    /// passed over.
    #[must_use]
    pub fn kept(&self, site: &Site) -> Vec<Input> {
        let entries = self.corpus.inputs().filter_map(Result::ok);
        entries.map(|entry| Input::tokenise(&self.corpus.for_site(&entry.octets, site))).collect()
    }

    /// Keeps an input until what was seen of it is decided.
    ///
    /// # Errors
    /// What the system says.
    pub fn suspect(&self, number: u64, input: &Input) -> Result<(), StoreError> {
        self.write(&self.pending(number), input.octets())
    }

    /// Forgets an input whose case is decided.
    pub fn decided(&self, number: u64) {
        // It may have been there from an earlier run, or not at all.
        let _ = fs::remove_file(self.pending(number));
    }

    /// Inputs of an earlier run whose cases were not decided.
    ///
    /// # Errors
    /// What the system says.
    pub fn undecided(&self) -> Result<Vec<(u64, Vec<u8>)>, StoreError> {
        let dir = self.dir.join("pending");
        let mut found = Vec::new();
        for path in entries(&dir)? {
            let number = path.file_stem().and_then(|stem| stem.to_str()).and_then(|stem| stem.parse().ok());
            if let Some(number) = number {
                found.push((number, read(&path)?));
            }
        }
        found.sort();
        Ok(found)
    }

    /// Writes a finding; where it stands. None once there are [`FINDINGS_MOST`].
    ///
    /// # Errors
    /// What the system says.
    pub fn add(&mut self, finding: &Finding, target: &Target) -> Result<Option<PathBuf>, StoreError> {
        if self.written >= FINDINGS_MOST {
            return Ok(None);
        }
        self.written += 1;
        let dir = self.dir.join("findings").join(&finding.id);
        fs::create_dir_all(&dir).map_err(|problem| io_error(&dir, problem))?;
        let octets = finding.octets().map_err(|error| form(&dir, &error))?;
        self.write(&dir.join("message.bin"), &octets)?;
        self.write(&dir.join("send.sh"), format!("{}\n", shell(target, &octets)).as_bytes())?;
        let file = dir.join("finding.json");
        let text = serde_json::to_vec_pretty(finding).map_err(|error| form(&file, &error))?;
        // Last, because a folder counts as a finding once this is there.
        self.write(&file, &text)?;
        Ok(Some(file))
    }

    /// The findings of earlier runs.
    ///
    /// # Errors
    /// What the system says, or a file that is none of ours.
    pub fn findings(&self) -> Result<Vec<Finding>, StoreError> {
        let mut found = Vec::new();
        for path in entries(&self.dir.join("findings"))? {
            let file = path.join("finding.json");
            if file.is_file() {
                found.push(load(&file)?);
            }
        }
        Ok(found)
    }

    fn pending(&self, number: u64) -> PathBuf {
        self.dir.join("pending").join(format!("{number}.bin"))
    }

    fn write(&self, path: &Path, octets: &[u8]) -> Result<(), StoreError> {
        let mut file = tempfile::NamedTempFile::new_in(&self.dir).map_err(|problem| io_error(path, problem))?;
        file.write_all(octets).map_err(|problem| io_error(path, problem))?;
        file.persist(path).map_err(|error| io_error(path, error.error))?;
        Ok(())
    }
}

/// Reads a finding.
///
/// # Errors
/// The file cannot be read, or is not a finding.
pub fn load(file: &Path) -> Result<Finding, StoreError> {
    let finding: Finding = serde_json::from_slice(&read(file)?).map_err(|error| form(file, &error))?;
    if finding.schema != super::finding::SCHEMA {
        let problem = format!("schema {} is not one that this version knows", finding.schema);
        return Err(StoreError::Form { path: file.display().to_string(), problem });
    }
    Ok(finding)
}

fn read(path: &Path) -> Result<Vec<u8>, StoreError> {
    use std::io::Read as _;
    let mut octets = Vec::new();
    let file = fs::File::open(path).map_err(|problem| io_error(path, problem))?;
    file.take(FILE_MOST).read_to_end(&mut octets).map_err(|problem| io_error(path, problem))?;
    Ok(octets)
}

fn entries(dir: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let listing = fs::read_dir(dir).map_err(|problem| io_error(dir, problem))?;
    let mut paths: Vec<PathBuf> = listing.filter_map(Result::ok).map(|entry| entry.path()).collect();
    paths.sort();
    Ok(paths)
}

fn io_error(path: &Path, problem: io::Error) -> StoreError {
    StoreError::Io { path: path.display().to_string(), problem }
}

fn form(path: &Path, problem: &impl std::fmt::Display) -> StoreError {
    StoreError::Form { path: path.display().to_string(), problem: problem.to_string() }
}

/// One line for a shell that sends the octets and shows what comes back; needs `nc`, or `openssl` for TLS.
#[must_use]
pub fn shell(target: &Target, octets: &[u8]) -> String {
    let mut text = String::new();
    for &octet in octets {
        match octet {
            b'\r' => text.push_str("\\r"),
            b'\n' => text.push_str("\\n"),
            b'\\' => text.push_str("\\\\"),
            b'%' => text.push_str("%%"),
            b' '..=b'~' if octet != b'\'' => text.push(char::from(octet)),
            _ => text.push_str(&format!("\\{octet:03o}")),
        }
    }
    let to = match (&target.endpoint, &target.tls) {
        (Endpoint::Unix(path), _) => format!("nc -U '{}'", path.display().to_string().replace('\'', r"'\''")),
        (Endpoint::Tcp(address), Some(_)) => format!("openssl s_client -quiet -connect {address}"),
        (Endpoint::Tcp(address), None) => format!("nc {} {}", address.ip(), address.port()),
    };
    format!("(printf '{text}'; sleep 2) | {to}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fuzz::finding::Finding;
    use crate::judge::stream::What;
    use crate::target::TargetOptions;

    fn finding(id: &str) -> Finding {
        serde_json::from_value(serde_json::json!({
            "schema": 1, "id": id, "target": "http://127.0.0.1:1/", "host": "127.0.0.1:1", "verdict": "fail",
            "what": "served", "rules": ["host-missing"], "impact": "routing",
            "message": "GET / HTTP/1.1\\r\\n'\\x00%\\r\\n\\r\\n", "found_in": "", "input": 7, "statuses": [200, 404],
            "received": "", "ended": "", "control": null, "shown": [5, 5], "why": "", "expected": ""
        }))
        .unwrap()
    }

    #[tokio::test]
    async fn what_was_written_is_there_for_the_next_run() {
        let dir = tempfile::tempdir().unwrap();
        let target = Target::resolve("http://127.0.0.1:1/", &TargetOptions::default()).await.unwrap();
        let mut store = Store::open(dir.path(), &Site::of(&target)).unwrap();
        assert_eq!(store.state().unwrap(), None);
        let state = State {
            schema: SCHEMA,
            target: target.url.clone(),
            seed: 1,
            mix: "default".to_owned(),
            shard: (1, 1),
            next: 9,
        };
        store.save(&state).unwrap();
        let input: Input = [(crate::fuzz::input::Kind::Noise, &b"abc"[..])].into_iter().collect();
        store.suspect(3, &input).unwrap();
        store.suspect(20, &input).unwrap();
        store.decided(20);
        let file = store.add(&finding("a.served.1"), &target).unwrap().unwrap();
        let store = Store::open(dir.path(), &Site::of(&target)).unwrap();
        assert_eq!(store.state().unwrap(), Some(state));
        assert_eq!(store.undecided().unwrap(), [(3, b"abc".to_vec())]);
        assert_eq!(store.findings().unwrap(), [finding("a.served.1")]);
        assert_eq!(load(&file).unwrap().what, What::Served);
        assert_eq!(fs::read(file.with_file_name("message.bin")).unwrap(), b"GET / HTTP/1.1\r\n'\0%\r\n\r\n");
        let line = fs::read_to_string(file.with_file_name("send.sh")).unwrap();
        assert_eq!(line, "(printf 'GET / HTTP/1.1\\r\\n\\047\\000%%\\r\\n\\r\\n'; sleep 2) | nc 127.0.0.1 1\n");
    }

    #[test]
    fn a_file_that_is_no_finding_is_told_by_name() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("x.json");
        fs::write(&file, "{}").unwrap();
        let problem = load(&file).unwrap_err().to_string();
        assert!(problem.contains("x.json is not of a run"), "{problem}");
        assert!(load(&dir.path().join("none")).unwrap_err().to_string().contains("none: "));
    }
}
