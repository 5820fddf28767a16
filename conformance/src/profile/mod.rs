//! What a recipient is, seen from outside: the choices of a [`Policy`](startline_parser::policy::Policy) under which the
//! reader predicts what it does.
//!
//! - [`predict`]: what a recipient under a policy is seen to do with a stream, and whether an observation fits that
//! - [`mod@explain`]: the fewest choices that predict one observation
//! - [`probes`]: streams that tell the choices of each point apart, and [`infer`]: from what they show to a profile
//! - [`mod@fingerprint`]: playing them; [`mod@file`]: the profile as it is kept
//! - [`pairs`]: streams that two recipients split differently
//!
//! Nothing here says who is right; that is for the judge.

pub mod explain;
pub mod file;
pub mod fingerprint;
pub mod infer;
pub mod pairs;
pub mod predict;
pub mod probes;
#[cfg(test)]
mod rehearsed;

pub use explain::{Choice, Explanation, explain};
pub use file::{PointProfile, Profile, ProfileError};
pub use fingerprint::{Failure, Options, fingerprint};
pub use predict::{Fit, Knowledge, Observed, Prediction};
