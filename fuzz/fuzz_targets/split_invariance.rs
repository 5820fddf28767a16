//! A head does not depend on how its octets arrive.

#![no_main]

use libfuzzer_sys::fuzz_target;
use startline_testkit::{generate::Messages, targets};

fuzz_target!(|input: Messages| targets::split_invariance(&input));
