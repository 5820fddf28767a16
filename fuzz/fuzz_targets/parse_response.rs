//! Responses: nothing panics, and every outcome is sound.

#![no_main]

use libfuzzer_sys::fuzz_target;
use startline_testkit::{generate::Responses, targets};

fuzz_target!(|input: Responses| targets::parse_response(&input));
