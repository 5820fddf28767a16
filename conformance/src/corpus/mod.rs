//! Inputs on disk: a folder of raw streams that campaigns add to, replay and merge.
//!
//! A stream is a file that is named by the first 16 hexadecimal digits of the SHA-256 of its octets, written beside its
//! place and moved there, so that whoever kills the process leaves no half of a file. The header, `corpus.toml`, says
//! which host and path the streams were written for; for another target they are [rewritten](rewrite). A folder without
//! a header is taken as it is, its host and path those of the samples in documents.
//!
//! Bounded: files of more than [`OCTETS_MOST`] octets are passed over, and no more than [`FILES_MOST`] are looked at.

mod rewrite;

use std::collections::BTreeSet;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::fuzz::site::Site;
use crate::wire::Values;

pub use rewrite::rewrite;

/// Longer streams are not kept.
pub const OCTETS_MOST: usize = 64 * 1024;
/// More streams than these are not kept in one corpus.
pub const FILES_MOST: usize = 100_000;
/// The file that says what the streams were written for.
pub const HEADER: &str = "corpus.toml";

/// Why a corpus cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CorpusError {
    /// A folder or a file cannot be read or written.
    #[error("{}: {problem}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the system says.
        problem: io::Error,
    },
    /// The header is not one.
    #[error("{}: {problem}", path.display())]
    Header {
        /// Which.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// A stream is too long.
    #[error("a stream of {0} octets is not kept: {OCTETS_MOST} are the most")]
    TooLong(usize),
    /// There is no room for more streams.
    #[error("{} holds {FILES_MOST} streams already", .0.display())]
    Full(PathBuf),
}

/// What stands in the header.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    schema: u32,
    host: String,
    path: String,
}

/// A folder of streams.
#[derive(Debug)]
pub struct Corpus {
    dir: PathBuf,
    site: Site,
    names: BTreeSet<String>,
}

/// A stream of a corpus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The name of its file.
    pub name: String,
    /// The stream.
    pub octets: Vec<u8>,
}

/// A file that was passed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// The name of the file.
    pub name: String,
    /// Why.
    pub why: String,
}

/// What a merge came to.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Merged {
    /// Streams that are new.
    pub added: usize,
    /// Streams that were there already.
    pub known: usize,
    /// Files that were passed over.
    pub skipped: Vec<Skipped>,
}

impl Corpus {
    /// Opens a folder that is there.
    ///
    /// # Errors
    /// It cannot be read, or its header is broken.
    pub fn open(dir: &Path) -> Result<Self, CorpusError> {
        let site = match std::fs::read_to_string(dir.join(HEADER)) {
            Ok(text) => parse(&text).map_err(|problem| CorpusError::Header { path: dir.join(HEADER), problem })?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => sample(),
            Err(problem) => return Err(CorpusError::File { path: dir.join(HEADER), problem }),
        };
        let failed = |problem| CorpusError::File { path: dir.to_owned(), problem };
        let mut names = BTreeSet::new();
        for entry in std::fs::read_dir(dir).map_err(failed)? {
            // A name that is not text is none that we gave, and a hidden file is one that is still being written.
            if let Ok(name) = entry.map_err(failed)?.file_name().into_string()
                && !name.starts_with('.')
                && name != HEADER
            {
                names.insert(name);
                if names.len() > FILES_MOST {
                    names.pop_last();
                }
            }
        }
        Ok(Self { dir: dir.to_owned(), site, names })
    }

    /// Opens a folder, or begins one whose streams are written for `site`.
    ///
    /// # Errors
    /// It cannot be made or read, or its header is broken.
    pub fn open_or_begin(dir: &Path, site: &Site) -> Result<Self, CorpusError> {
        let path = dir.join(HEADER);
        let is_begun = std::fs::read_dir(dir).is_ok_and(|mut entries| entries.next().is_some());
        if !is_begun {
            std::fs::create_dir_all(dir).map_err(|problem| CorpusError::File { path: dir.to_owned(), problem })?;
            let header = Header { schema: 1, host: site.host.clone(), path: site.path.clone() };
            let text = toml::to_string(&header)
                .map_err(|error| CorpusError::Header { path: path.clone(), problem: error.to_string() })?;
            write(dir, HEADER, text.as_bytes()).map_err(|problem| CorpusError::File { path, problem })?;
        }
        Self::open(dir)
    }

    /// The folder.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// What its streams are written for.
    #[must_use]
    pub const fn site(&self) -> &Site {
        &self.site
    }

    /// Number of files.
    #[must_use]
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there is no file.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Keeps a stream that is written for the corpus's own site; false if it was there already.
    ///
    /// # Errors
    /// It is too long, there is no room, or it cannot be written.
    pub fn add(&mut self, octets: &[u8]) -> Result<bool, CorpusError> {
        if octets.len() > OCTETS_MOST {
            return Err(CorpusError::TooLong(octets.len()));
        }
        let name = name_of(octets);
        if self.names.contains(&name) {
            return Ok(false);
        }
        if self.names.len() >= FILES_MOST {
            return Err(CorpusError::Full(self.dir.clone()));
        }
        write(&self.dir, &name, octets).map_err(|problem| CorpusError::File { path: self.dir.join(&name), problem })?;
        self.names.insert(name);
        Ok(true)
    }

    /// Every stream by the name of its file, read as it is asked for; or why a file is passed over.
    pub fn inputs(&self) -> impl Iterator<Item = Result<Entry, Skipped>> {
        self.names.iter().map(|name| entry(&self.dir, name))
    }

    /// The same, for those who outlive the corpus.
    pub fn into_inputs(self) -> impl Iterator<Item = Result<Entry, Skipped>> + Send {
        let Self { dir, names, .. } = self;
        names.into_iter().map(move |name| entry(&dir, &name))
    }

    /// A stream of this corpus, written for another site.
    #[must_use]
    pub fn for_site(&self, octets: &[u8], site: &Site) -> Vec<u8> {
        rewrite(octets, &self.site, site)
    }

    /// A stream that was written for another site, as this corpus keeps it.
    #[must_use]
    pub fn of_site(&self, octets: &[u8], site: &Site) -> Vec<u8> {
        rewrite(octets, site, &self.site)
    }

    /// Adds what is in another corpus.
    ///
    /// # Errors
    /// There is no room, or a stream cannot be written.
    pub fn merge(&mut self, from: &Self) -> Result<Merged, CorpusError> {
        let mut merged = Merged::default();
        for input in from.inputs() {
            let entry = match input {
                Ok(entry) => entry,
                Err(skipped) => {
                    merged.skipped.push(skipped);
                    continue;
                }
            };
            match self.add(&self.of_site(&entry.octets, &from.site)) {
                Ok(true) => merged.added += 1,
                Ok(false) => merged.known += 1,
                // The longer host of this corpus can make it so.
                Err(error @ CorpusError::TooLong(_)) => {
                    merged.skipped.push(Skipped { name: entry.name, why: error.to_string() });
                }
                Err(error) => return Err(error),
            }
        }
        Ok(merged)
    }
}

/// The name of the file of a stream.
#[must_use]
pub fn name_of(octets: &[u8]) -> String {
    Sha256::digest(octets).iter().take(8).map(|octet| format!("{octet:02x}")).collect()
}

/// What streams without a header are taken to be written for.
fn sample() -> Site {
    let Values { host, path, .. } = Values::sample();
    Site { host, path, scheme: "http" }
}

fn parse(text: &str) -> Result<Site, String> {
    let header: Header = toml::from_str(text).map_err(|error| error.message().to_owned())?;
    if header.schema != 1 {
        return Err(format!("schema {} is not known; 1 is", header.schema));
    }
    if header.host.is_empty() || !header.path.starts_with('/') {
        return Err("a host, and a path that begins with a slash, are wanted".to_owned());
    }
    Ok(Site { host: header.host, path: header.path, scheme: "http" })
}

/// Writes a file in one step.
fn write(dir: &Path, name: &str, octets: &[u8]) -> io::Result<()> {
    let mut file = tempfile::NamedTempFile::new_in(dir)?;
    file.write_all(octets)?;
    file.persist(dir.join(name))?;
    Ok(())
}

fn entry(dir: &Path, name: &str) -> Result<Entry, Skipped> {
    match read(&dir.join(name)) {
        Ok(octets) => Ok(Entry { name: name.to_owned(), octets }),
        Err(why) => Err(Skipped { name: name.to_owned(), why }),
    }
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    let told = |error: io::Error| error.to_string();
    // Whoever opens a pipe waits for a writer.
    if !std::fs::metadata(path).map_err(told)?.is_file() {
        return Err("it is not a file".to_owned());
    }
    let file = std::fs::File::open(path).map_err(told)?;
    let mut octets = Vec::new();
    file.take(OCTETS_MOST as u64 + 1).read_to_end(&mut octets).map_err(told)?;
    if octets.len() > OCTETS_MOST {
        return Err(format!("it has more than {OCTETS_MOST} octets"));
    }
    Ok(octets)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(host: &str, path: &str) -> Site {
        Site { host: host.to_owned(), path: path.to_owned(), scheme: "http" }
    }

    fn streams(corpus: &Corpus) -> Vec<Vec<u8>> {
        corpus.inputs().map(|input| input.unwrap().octets).collect()
    }

    #[test]
    fn a_stream_is_kept_once_and_found_again() {
        let dir = tempfile::tempdir().unwrap();
        let dir = dir.path().join("new");
        let mut corpus = Corpus::open_or_begin(&dir, &site("a.test:81", "/x")).unwrap();
        assert!(corpus.add(b"GET /x HTTP/1.1\r\n\r\n").unwrap());
        assert!(!corpus.add(b"GET /x HTTP/1.1\r\n\r\n").unwrap());
        assert!(corpus.add(b"\0\xff").unwrap());
        let again = Corpus::open_or_begin(&dir, &site("b.test", "/y")).unwrap();
        assert_eq!((again.site().host.as_str(), again.site().path.as_str()), ("a.test:81", "/x"));
        assert_eq!((again.len(), streams(&again)), (2, streams(&corpus)));
        assert!(dir.join(name_of(b"\0\xff")).is_file());
        assert_eq!(name_of(b""), "e3b0c44298fc1c14");
    }

    #[test]
    fn what_cannot_be_used_is_passed_over_and_told() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("long"), vec![b'a'; OCTETS_MOST + 1]).unwrap();
        std::fs::create_dir(dir.path().join("folder")).unwrap();
        std::fs::write(dir.path().join("seed"), "GET / HTTP/1.1\r\n\r\n").unwrap();
        std::fs::write(dir.path().join(".half"), "G").unwrap();
        let mut corpus = Corpus::open(dir.path()).unwrap();
        assert_eq!(corpus.site().host, "example.com");
        let found: Vec<_> = corpus.inputs().collect();
        assert_eq!(found.len(), 3);
        assert_eq!(found.iter().filter(|input| input.is_err()).count(), 2, "{found:?}");
        assert!(matches!(corpus.add(&vec![0; OCTETS_MOST + 1]), Err(CorpusError::TooLong(_))));
    }

    #[test]
    fn a_header_that_is_none_is_told_by_its_file() {
        for (text, told) in [
            ("schema = 2\nhost = \"a\"\npath = \"/\"\n", "schema 2"),
            ("schema = 1\nhost = \"a\"\npath = \"x\"\n", "slash"),
            ("schema = 1\nhost = \"a\"\n", "path"),
            ("schema = 1\nhost = \"a\"\npath = \"/\"\nport = 1\n", "port"),
        ] {
            let dir = tempfile::tempdir().unwrap();
            std::fs::write(dir.path().join(HEADER), text).unwrap();
            let problem = Corpus::open(dir.path()).unwrap_err().to_string();
            assert!(problem.contains(told) && problem.contains(HEADER), "{text}: {problem}");
        }
        assert!(matches!(Corpus::open(Path::new("/no/such/folder")), Err(CorpusError::File { .. })));
    }

    #[test]
    fn a_merge_writes_every_stream_for_the_corpus_that_it_comes_into() {
        let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let mut into = Corpus::open_or_begin(one.path(), &site("a.test", "/")).unwrap();
        let mut from = Corpus::open_or_begin(two.path(), &site("b.test:8080", "/p")).unwrap();
        into.add(b"GET / HTTP/1.1\r\nHost: a.test\r\n\r\n").unwrap();
        from.add(b"GET /p HTTP/1.1\r\nHost: b.test:8080\r\n\r\n").unwrap();
        from.add(b"PUT /p HTTP/1.1\r\nHost: b.test:8080\r\n\r\n").unwrap();
        let merged = into.merge(&from).unwrap();
        assert_eq!(merged, Merged { added: 1, known: 1, skipped: Vec::new() });
        assert!(streams(&into).contains(&b"PUT / HTTP/1.1\r\nHost: a.test\r\n\r\n".to_vec()));
        assert_eq!(into.merge(&from).unwrap().added, 0);
    }
}
