//! The generated pages of this repository are fresh. Outside of the repository there are none, and nothing is asked.

use std::path::{Path, PathBuf};

use startline::explain;

/// A place in the repository; none in a package.
fn place(name: &str) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    root.join(".ci/run").exists().then(|| root.join(name))
}

#[test]
fn the_pages_of_the_rules_are_fresh() {
    let Some(folder) = place("docs/rules") else { return };
    let stale = explain::stale(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    assert!(stale.is_empty(), "stale; `cargo run -- explain --markdown docs/rules` mends that: {stale:?}");
}
