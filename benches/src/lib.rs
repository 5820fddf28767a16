//! What the benchmarks measure, apart from the measuring: [`inputs`], and [`peers`] that are given them; heads in
//! [`pieces`] and [`curves`], which [`heads`] reads.
//!
//! Criterion runs all of them (`benches/`), and so does the binary `ratios` ([`command`]), which measures by itself
//! ([`run`], [`mod@measure`]) or reads what criterion has left ([`criterion_run`]). Both take inputs and peers from here,
//! and the tests here hold that each peer really reads each input to its end.

pub mod command;
pub mod criterion_run;
pub mod curves;
pub mod figures;
pub mod fit;
pub mod heads;
pub mod inputs;
pub mod instructions;
pub mod laxity;
pub mod machine;
pub mod measure;
pub mod peers;
pub mod pieces;
pub mod plot;
pub mod readme;
pub mod report;
pub mod run;
pub mod table;
