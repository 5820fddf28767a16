//! c
pub mod servers;
