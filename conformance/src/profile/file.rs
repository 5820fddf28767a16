//! The profile of a server as a file.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use serde::{Deserialize, Serialize};
use startline_parser::policy::{Point, Policy};

use super::explain::Choice;

/// Version of the format.
pub const SCHEMA: u32 = 1;

/// How a server reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// Version of the format.
    pub schema: u32,
    /// Name and version of the tool.
    pub tool: String,
    /// The URL as given.
    pub target: String,
    /// The value of `Server`, in the notation, if there is one.
    pub server: Option<String>,
    /// What was found, by the name of the point.
    pub points: BTreeMap<String, PointProfile>,
    /// The policy under which the reader predicts the server; where several choices fit, the first.
    pub policy: String,
    /// How many probes were played with a steady outcome.
    pub played: usize,
    /// Those of them that the policy does not predict: there the server is something else than any policy.
    pub unpredicted: Vec<String>,
    /// Streams, in the notation, that were seen to be forwarded as they came.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub forwards: Vec<String>,
}

/// What was found at one point.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PointProfile {
    /// The choices that fit; several where nothing tells between them.
    pub choices: Vec<String>,
    /// How many probes told something.
    pub seen: usize,
    /// One of them.
    pub probe: Option<String>,
    /// Why nothing is known, if nothing is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unknown: Option<String>,
}

/// Why a profile cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// The file cannot be read.
    #[error("cannot read {0}: {1}")]
    Read(String, std::io::Error),
    /// It is no profile.
    #[error("{0} is no profile: {1}")]
    Format(String, serde_json::Error),
    /// It is of another version of the format.
    #[error("{0} is of version {1} of the format; this is version {SCHEMA}")]
    Schema(String, u32),
    /// A choice in it does not exist.
    #[error("{0:?} is no choice of a point")]
    Choice(String),
}

impl Default for Profile {
    fn default() -> Self {
        Self {
            schema: SCHEMA,
            tool: concat!("startline ", env!("CARGO_PKG_VERSION")).to_owned(),
            target: String::new(),
            server: None,
            points: BTreeMap::new(),
            policy: "strict".to_owned(),
            played: 0,
            unpredicted: Vec::new(),
            forwards: Vec::new(),
        }
    }
}

impl Profile {
    /// Reads a file.
    ///
    /// # Errors
    /// It cannot be read, or is no profile of this version.
    pub fn load(path: &Path) -> Result<Self, ProfileError> {
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|error| ProfileError::Read(name.clone(), error))?;
        let profile: Self = serde_json::from_str(&text).map_err(|error| ProfileError::Format(name.clone(), error))?;
        if profile.schema != SCHEMA {
            return Err(ProfileError::Schema(name, profile.schema));
        }
        profile.policy()?;
        Ok(profile)
    }

    /// The policy under which the reader predicts the server.
    ///
    /// # Errors
    /// A choice that does not exist.
    pub fn policy(&self) -> Result<Policy, ProfileError> {
        let words = self.policy.split_ascii_whitespace().filter(|word| *word != "strict");
        words.into_iter().try_fold(Policy::STRICT, |policy, word| {
            let with = || {
                let (point, choice) = word.split_once('=')?;
                let point = Point::from_id(point)?;
                policy.with(point, point.choices().iter().position(|(id, _)| *id == choice)?)
            };
            with().ok_or_else(|| ProfileError::Choice(word.to_owned()))
        })
    }

    /// Whether one choice is known at the point, or nothing is said of it.
    #[must_use]
    pub fn is_sure(&self, point: Point) -> bool {
        self.points.get(point.id()).is_none_or(|found| found.choices.len() == 1)
    }

    /// Whether the server was not seen to do something else with this stream than the policy predicts.
    #[must_use]
    pub fn predicts(&self, id: &str) -> bool {
        !self.unpredicted.iter().any(|unpredicted| unpredicted == id)
    }

    /// The points at which nothing, or more than one choice, is known.
    pub fn open_points(&self) -> impl Iterator<Item = (&String, &PointProfile)> {
        self.points.iter().filter(|(_, found)| found.choices.len() != 1)
    }

    /// For people.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        let server = self.server.as_deref().map(|server| format!(" ({server})")).unwrap_or_default();
        let _ = writeln!(text, "{}{server}", self.target);
        for &point in Point::ALL {
            let Some(found) = self.points.get(point.id()) else { continue };
            let names = found.choices.join(" or ");
            let index = |id: &String| point.choices().iter().position(|(known, _)| known == id);
            match (&found.unknown, &found.choices[..]) {
                (Some(why), _) => _ = writeln!(text, "  {:24} unknown: {why}", point.id()),
                (None, [one]) => {
                    let words = index(one).map(|choice| Choice { point, choice }.words()).unwrap_or_default();
                    let mark = if index(one) == Some(0) { ' ' } else { '*' };
                    let _ = writeln!(text, "{mark} {:24} {names:16} {words}", point.id());
                }
                _ => _ = writeln!(text, "? {:24} {names}", point.id()),
            }
        }
        let _ = writeln!(text, "\npolicy: {}", self.policy);
        let predicted = self.played - self.unpredicted.len().min(self.played);
        let _ = writeln!(text, "predicts {predicted} of {} probes", self.played);
        if !self.unpredicted.is_empty() {
            let _ = writeln!(text, "but not {}", self.unpredicted.join(", "));
        }
        if !self.forwards.is_empty() {
            let _ = writeln!(text, "forwards as they come: {} of the probes", self.forwards.len());
        }
        text
    }
}
