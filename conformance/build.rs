//! Lists the check files of the catalogue, so that the folder is the one place that says which there are, and takes the
//! heads of the probes' files over into the pages that explain them.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn main() {
    let root = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets it"));
    let write = |name: &str, code: String| std::fs::write(out.join(name), code).expect("cargo's folder can be written");
    write("catalogue.rs", catalogue(&root.join("checks")));
    write("probes.rs", probes(&root.join("src/probe")));
}

/// Every file with this extension in the folder and below it, sorted.
fn files(folder: &Path, wanted: &str) -> Vec<PathBuf> {
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut paths = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder of the crate") {
            let path = entry.expect("the folder can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == wanted) {
                paths.push(path);
            }
        }
    }
    paths.sort();
    paths
}

fn catalogue(folder: &Path) -> String {
    let mut code = String::from("&[\n");
    for path in files(folder, "toml") {
        let name = path.file_name().and_then(|name| name.to_str()).expect("a name in UTF-8");
        writeln!(code, "    ({name:?}, include_str!({path:?})),").expect("a String takes everything");
    }
    code.push_str("]\n");
    code
}

/// For each file its head, the names that it gives, and every other word in quotes that could be a name.
fn probes(folder: &Path) -> String {
    let mut code = String::from("&[\n");
    for path in files(folder, "rs") {
        let source = std::fs::read_to_string(&path).expect("a source file");
        let source = source.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
        let head: Vec<&str> = source
            .lines()
            .map_while(|line| line.strip_prefix("//!"))
            .map(|line| line.strip_prefix(' ').unwrap_or(line))
            .collect();
        let head = head.join("\n").replace("[`", "`").replace("`]", "`");
        let (mut names, mut words) = (Vec::new(), Vec::new());
        let parts: Vec<&str> = source.split('"').collect();
        for pair in parts.windows(2) {
            let is_name = !pair[1].is_empty()
                && pair[1].bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
            match is_name {
                true if pair[0].trim_end().ends_with("name:") => names.push(pair[1]),
                true => words.push(pair[1]),
                false => {}
            }
        }
        writeln!(code, "    ({head:?}, &{names:?}, &{words:?}),").expect("a String takes everything");
    }
    code.push_str("]\n");
    code
}
