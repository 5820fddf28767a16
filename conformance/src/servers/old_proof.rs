//! Installs and starts every old release, sends the triggers of its advisories, and sees that it has the bugs and that the
//! current release of the same package has not. Ignored: it needs registries.
//!
//! ```text
//! STARTLINE_SERVERS=waitress-1.3.1 cargo test -p startline servers::old_proof -- --ignored --nocapture
//! ```

use std::path::Path;

use super::advisory::Advisory;
use super::proof::{exchange, prove, split};
use super::{Cache, Catalogue, Entry, Running};
use crate::wire::Values;

#[test]
#[ignore = "installs and starts real servers"]
fn every_old_release_shows_its_bugs() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let old = Catalogue::load_old(root.join("servers")).expect("every entry is right");
    let current = Catalogue::load(root.join("servers")).expect("every entry is right");
    let cache = Cache::at(root.join("target/servers"));
    let names = std::env::var("STARTLINE_SERVERS").unwrap_or_default();
    let names: Vec<&str> = names.split(',').filter(|name| !name.is_empty()).collect();
    let entries = match names.as_slice() {
        [] => old.entries.iter().collect(),
        names => old.select(names).expect("known names"),
    };
    let mut wrong = Vec::new();
    for entry in entries {
        wrong.extend(prove(entry, &cache).err());
        wrong.extend(show(entry, &current, &cache).unwrap_or_else(|error| vec![error.to_string()]));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Sends each trigger to the release, and to the current one that the bug is gone in; says what was not as claimed.
fn show(entry: &Entry, current: &Catalogue, cache: &Cache) -> Result<Vec<String>, Box<dyn std::error::Error>> {
    let mut wrong = Vec::new();
    for advisory in &entry.advisories {
        let server = entry.start(cache)?;
        let seen = statuses(advisory, &server)?;
        println!("{:<18} {:<24} {seen:?}", advisory.id, entry.name);
        if !advisory.is_shown_by(&seen) {
            wrong.push(format!("{}: {} is not shown: {seen:?}", entry.name, advisory.id));
        }
        let Some(name) = &advisory.gone_in else { continue };
        let newer = current.get(name)?;
        newer.install(cache)?;
        let server = newer.start(cache)?;
        let seen = statuses(advisory, &server)?;
        println!("{:<18} {name:<16} {:<7} {seen:?}", "", server.version());
        if advisory.is_shown_by(&seen) {
            wrong.push(format!("{name} {}: {} is still there: {seen:?}", server.version(), advisory.id));
        }
    }
    Ok(wrong)
}

/// The statuses of the answers to a trigger.
fn statuses(advisory: &Advisory, server: &Running) -> std::io::Result<Vec<u16>> {
    let (octets, _) = exchange(server.address(), &advisory.trigger.fill(&Values::sample()))?;
    let answers = split(&octets, false);
    let status = |line: &str| line.strip_prefix("http/1.")?.split(' ').nth(1)?.parse().ok();
    Ok(answers.iter().filter_map(|answer| status(&answer.status)).collect())
}
