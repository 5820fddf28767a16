//! What the benchmarks measure, apart from the measuring: [`inputs`], and [`peers`] that are given them.
//!
//! `benches/peers.rs` runs every peer over every input in one criterion run, so that ratios can be read off; the binary
//! `ratios` prints them. Both take inputs and peers from here, and the tests here hold that each peer really reads each
//! input to its end.

pub mod inputs;
pub mod peers;
