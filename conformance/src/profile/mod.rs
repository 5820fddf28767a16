//! What a recipient is, seen from outside: the choices of a [`Policy`](startline_parser::policy::Policy) under which the
//! reader predicts what it does.
//!
//! - [`predict`]: what a recipient under a policy is seen to do with a stream, and whether an observation fits that
//! - [`explain`]: the fewest choices that predict one observation
//!
//! Nothing here says who is right; that is for the judge.

pub mod explain;
pub mod predict;
#[cfg(test)]
mod rehearsed;

pub use explain::{Choice, Explanation, explain};
pub use predict::{Fit, Knowledge, Observed, Prediction};
