//! `startline`: says, rule by rule of RFC 9110 and RFC 9112, what an HTTP/1.1 peer does wrong.
//!
//! The library behind the `startline` command. Checks are data ([`check`]), rules are Rust ([`rule`]), observations are
//! octets and times, and verdicts are computed from them.

pub mod answers;
pub mod backends;
pub mod calibrate;
pub mod check;
pub mod connection;
pub mod corpus;
pub mod coverage;
pub mod credentials;
pub mod diff;
pub mod exchange;
pub mod explain;
pub mod field;
pub mod fuzz;
pub mod judge;
pub mod limits;
pub mod lint;
pub mod measure;
pub mod meter;
pub mod observation;
pub mod probe;
pub mod profile;
pub mod reference;
pub mod report;
pub mod resource;
pub mod results;
pub mod rule;
pub mod runner;
pub mod segment;
pub mod selftest;
pub mod servers;
pub mod target;
pub mod triage;
pub mod wire;
