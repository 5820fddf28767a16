//! A chunked body does not depend on the split, and the reader agrees.

#![no_main]

use libfuzzer_sys::fuzz_target;
use startline_testkit::{generate::Bodies, targets};

fuzz_target!(|input: Bodies| targets::chunked(&input));
