//! Hands on which compiler builds this crate.

use std::env;
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let rustc = env::var_os("RUSTC").expect("cargo says which compiler it calls");
    let output = Command::new(rustc).arg("-vV").output().expect("the compiler can be called");
    let text = String::from_utf8(output.stdout).expect("the compiler writes UTF-8");
    let value = |key: &str| text.lines().find_map(|line| line.strip_prefix(key)).unwrap_or("unknown");
    println!("cargo::rustc-env=STARTLINE_RUSTC={} ({})", value("release: "), value("commit-hash: "));
}
