//! The generated pages of this repository are fresh. Outside of the repository there are none, and nothing is asked.

use std::path::{Path, PathBuf};

use startline::servers::Catalogue;
use startline::{explain, results};

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

#[test]
fn the_page_of_the_servers_is_what_their_results_say() {
    let (Some(servers), Some(page)) = (place("servers"), place("docs/servers.md")) else { return };
    let catalogue = Catalogue::load(&servers).expect("the entries load");
    let saved = results::load(&servers.join("results")).expect("the results load");
    let written = std::fs::read_to_string(&page).unwrap_or_else(|error| panic!("{}: {error}", page.display()));
    let is_fresh = written == results::page(&catalogue.entries, &saved);
    assert!(is_fresh, "stale; `cargo run -- servers --page` mends that");
    for saved in &saved {
        assert!(catalogue.get(&saved.server).is_ok(), "{}: a result without an entry", saved.server);
    }
}
