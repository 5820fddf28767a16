//! A head comes to the same with all instructions.

#![no_main]

use libfuzzer_sys::fuzz_target;
use startline_testkit::{generate::Messages, targets};

fuzz_target!(|input: Messages| targets::instructions(&input));
