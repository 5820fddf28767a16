//! Several targets and the same octets: where they read them differently, and which of them is wrong.
//!
//! - [`behaviour`]: what a target made of a stream, in comparable terms
//! - [`compare`]: how far apart behaviours are
//! - [`source`]: where streams come from
//! - [`case`]: disagreements, put together and ranked
//!
//! A difference is seen in one quick exchange and believed when several patient ones, each on a connection of its own,
//! agree. Who is wrong is said by the judge of each target alone, and nobody may be.

pub mod behaviour;
pub mod case;
pub mod compare;
mod minimise;
mod run;
pub mod source;
mod subject;
#[cfg(test)]
mod tests;

pub use run::{Diff, Options, Party, diff};
pub use subject::{Cell, Subject};
