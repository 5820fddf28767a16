//! What the tests of `startline-parser` and its fuzz targets hold it to.
//!
//! Each property is a function over octets that answers with `Err` and a text when it does not hold. Plain tests call
//! them with vectors and with generated input, fuzz targets with whatever the fuzzer comes up with, and a regression is a
//! file that [`targets`] replays. Nothing here needs a nightly compiler, a clock or a network.
//!
//! - [`outcome`]: what the strict parser and the reader each make of a stream, in the same terms
//! - [`agreement`]: both come to the same
//! - [`instructions`]: the result does not depend on the instructions that the parser uses
//! - [`split`]: the result does not depend on how the octets arrive
//! - [`roundtrip`]: what is written can be read
//! - [`foreign`]: httparse agrees, but for a list of differences with their reasons
//! - [`soundness`]: what is true of every outcome
//! - [`generate`]: input, made from the grammar and then damaged
//! - [`vectors`] (feature of the same name): the vectors of the parser
//! - [`seeds`] (with the vectors): seeds and dictionary of the fuzz targets
//! - [`targets`]: the entry points of the fuzz targets, by name

pub mod agreement;
pub mod foreign;
pub mod generate;
pub mod instructions;
pub mod outcome;
pub mod roundtrip;
#[cfg(feature = "vectors")]
pub mod seeds;
pub mod soundness;
pub mod split;
pub mod targets;
#[cfg(feature = "vectors")]
pub mod vectors;
