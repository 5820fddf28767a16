//! Requests: nothing panics, and every outcome is sound.

#![no_main]

use libfuzzer_sys::fuzz_target;
use startline_testkit::{generate::Requests, targets};

fuzz_target!(|input: Requests| targets::parse_request(&input));
