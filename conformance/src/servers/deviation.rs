//! What a server is known to do wrong: the checks that find it, and why that is believed to be right.

/// How bad a known deviation is: the verdict that the check is expected to give.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Known {
    /// A `fail` is expected.
    Fail,
    /// A `warn` is expected.
    Warn,
}

impl Known {
    /// The word of the verdict.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fail => "fail",
            Self::Warn => "warn",
        }
    }
}

/// One known deviation of a server from the text.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Deviation {
    /// The id of the check that finds it.
    pub check: String,
    /// The verdict that the check gives.
    pub verdict: Known,
    /// The version of the server in which it was seen.
    pub version: String,
    /// What the server does, and how it is known that the finding is right.
    pub reason: String,
}
