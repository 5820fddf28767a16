//! The reader and the parser come to the same.

#![no_main]

use libfuzzer_sys::fuzz_target;
use startline_testkit::{generate::Messages, targets};

fuzz_target!(|input: Messages| targets::reader_vs_parser(&input));
