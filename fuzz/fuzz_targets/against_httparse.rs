//! httparse reads every head as the parser does, but for the list in the testkit.

#![no_main]

use libfuzzer_sys::fuzz_target;
use startline_testkit::{generate::Messages, targets};

fuzz_target!(|input: Messages| targets::against_httparse(&input));
