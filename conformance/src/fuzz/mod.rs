//! Black-box fuzzing: messages made from the grammar, and the RFCs as the oracle.
//!
//! - [`input`]: a stream of octets taken apart into tokens
//! - [`generate`]: inputs from the grammar, damaged; the same for the same seed
//!
//! What a target may do with an input is said by the judge; nothing here knows of rules.

pub mod campaign;
pub mod confirm;
pub mod control;
pub mod finding;
pub mod generate;
pub mod input;
pub mod minimise;
pub mod novelty;
pub mod play;
pub mod promote;
pub mod proof;
pub mod sequential;
pub mod site;
pub mod store;
mod tokenise;
