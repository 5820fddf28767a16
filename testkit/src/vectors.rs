//! The vectors of the parser: hand-written octets, each with what the RFC's text makes of them.
//!
//! They are data of the parser (`parser/vectors/*.toml`) and read from the source tree. The format is closed: an unknown
//! key, an unknown word or octets that are not in the [notation] are errors that name the file. Nothing is judged here.
//!
//! [notation]: startline_parser::notation

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result, bail, ensure};
use serde::Deserialize;
use startline_parser::notation;
use startline_parser::rule::{self, Kind, On};

/// One vector; what is none is not asserted.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vector {
    /// Kebab-case, unique over all files.
    pub id: String,
    /// Number of the RFC and section.
    pub section: String,
    /// Why the text says so.
    pub why: String,
    /// The direction.
    pub message: Direction,
    /// The methods of the requests that responses answer.
    #[serde(default = "get")]
    pub methods: Vec<String>,
    /// The stream.
    #[serde(rename = "bytes")]
    pub octets: Octets,
    /// The verdict on its first message.
    pub expect: Expect,
    /// The method of a request.
    pub method: Option<Octets>,
    /// The request-target.
    pub target: Option<Octets>,
    /// Its form.
    pub form: Option<String>,
    /// The version as sent, such as `1.1`.
    pub version: Option<String>,
    /// The status-code of a response.
    pub status: Option<u16>,
    /// The reason-phrase.
    pub reason: Option<Octets>,
    /// Names and values of the field lines.
    pub fields: Option<Vec<(Octets, Octets)>>,
    /// Octets of the head.
    pub head: Option<usize>,
    /// How the body is delimited.
    pub framing: Option<FramingWord>,
    /// The arm of RFC 9112 section 6.3 that says so.
    pub arm: Option<u8>,
    /// Whether the connection is to be closed after the message because of its framing.
    pub close: Option<bool>,
    /// The content.
    pub content: Option<Octets>,
    /// What follows the message.
    pub rest: Option<Octets>,
    /// The rules about features that it meets, all of them.
    pub features: Option<Vec<String>>,
    /// The first fault.
    pub fault: Option<String>,
    /// Offset of the first fault in the stream.
    pub at: Option<usize>,
    /// All faults.
    pub faults: Option<Vec<String>>,
}

fn get() -> Vec<String> {
    vec!["GET".to_owned()]
}

/// The direction of a vector's stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// Requests.
    Request,
    /// Responses.
    Response,
}

impl Direction {
    /// The parser's word for it.
    #[must_use]
    pub const fn on(self) -> On {
        match self {
            Self::Request => On::Request,
            Self::Response => On::Response,
        }
    }
}

/// The verdict of a vector.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Expect {
    /// The first message is there and right.
    Accept,
    /// More octets are needed.
    Partial,
    /// It has a fault.
    Fault,
}

/// How a body is delimited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FramingWord {
    /// There is no body.
    None,
    /// By a number of octets.
    Length,
    /// By the chunked coding.
    Chunked,
    /// By the end of the connection.
    UntilClose,
    /// There is no body, and a tunnel follows.
    Tunnel,
    /// Not at all.
    Unknown,
}

/// Octets that stand in the file in the notation.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(try_from = "String")]
pub struct Octets(pub Vec<u8>);

impl TryFrom<String> for Octets {
    type Error = notation::NotationError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        notation::decode(&text).map(Self)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "vector")]
    vectors: Vec<Vector>,
}

impl Vector {
    /// What the format asks of a vector beyond its keys.
    fn validate(&self) -> Result<()> {
        let kebab = |octet: u8| octet.is_ascii_lowercase() || octet.is_ascii_digit() || octet == b'-';
        ensure!(self.id.bytes().all(kebab), "the id is not kebab-case");
        ensure!(
            matches!(self.section.split_once(' '), Some(("9110" | "9112" | "3986", section)) if !section.is_empty()),
            "`section` is not the number of an RFC and a section"
        );
        ensure!(self.why.ends_with('.'), "`why` is not a sentence");
        ensure!(
            (self.expect == Expect::Fault) == (self.fault.is_some() && self.at.is_some()),
            "`fault` and `at` belong to `expect = \"fault\"`"
        );
        let known = |id: &String, kind: Kind| rule::by_id(id).is_some_and(|rule| rule.kind == kind);
        for id in self.fault.iter().chain(self.faults.iter().flatten()) {
            ensure!(known(id, Kind::Fault), "{id} is no fault of the rule book");
        }
        for id in self.features.iter().flatten() {
            ensure!(known(id, Kind::Feature), "{id} is no feature of the rule book");
        }
        if let (Some(fault), Some(faults)) = (&self.fault, &self.faults) {
            ensure!(faults.contains(fault), "`faults` lacks {fault}");
        }
        Ok(())
    }
}

/// The folder of the vectors in the source tree.
#[must_use]
pub fn folder() -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "..", "parser", "vectors"].iter().collect()
}

/// Every vector of the source tree, with the name of its file without the extension, in the order of the files.
///
/// # Errors
/// The first file that cannot be read, or the first vector that is not in the format.
pub fn all() -> Result<Vec<(String, Vector)>> {
    let folder = folder();
    let mut files: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))? {
        files.push(entry?.path());
    }
    files.retain(|file| file.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    let mut all: Vec<(String, Vector)> = Vec::new();
    for file in files {
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        let File { vectors } = toml::from_str(&text).with_context(|| format!("in {name}.toml"))?;
        for vector in vectors {
            vector.validate().with_context(|| format!("in {name}.toml, vector {}", vector.id))?;
            if all.iter().any(|(_, other)| other.id == vector.id) {
                bail!("in {name}.toml: the id {} is taken", vector.id);
            }
            all.push((name.clone(), vector));
        }
    }
    Ok(all)
}
