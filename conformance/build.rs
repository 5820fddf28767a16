//! Lists the check files of the catalogue, so that the folder is the one place that says which there are.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn main() {
    let folder = Path::new(&std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("checks");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut paths: Vec<PathBuf> = std::fs::read_dir(&folder)
        .expect("the catalogue is a folder")
        .map(|entry| entry.expect("the folder can be read").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .collect();
    paths.sort();
    let mut code = String::from("&[\n");
    for path in &paths {
        let name = path.file_name().and_then(|name| name.to_str()).expect("a name in UTF-8");
        writeln!(code, "    ({name:?}, include_str!({path:?})),").expect("a String takes everything");
    }
    code.push_str("]\n");
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets it")).join("catalogue.rs");
    std::fs::write(out, code).expect("cargo's folder can be written to");
}
