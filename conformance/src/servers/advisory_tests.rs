//! What the entries of old releases claim, as far as it can be known without starting them.

use std::collections::BTreeSet;
use std::path::Path;

use crate::judge::{permitted_requests, requests};
use crate::servers::{Catalogue, Entry};
use crate::wire::Values;

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../servers")
}

fn old() -> Vec<Entry> {
    Catalogue::load_old(folder()).expect("every entry is right").entries
}

#[test]
fn each_old_release_is_kept_for_advisories_that_no_other_has() {
    let mut ids = BTreeSet::new();
    for entry in old() {
        assert!(!entry.advisories.is_empty(), "{}", entry.name);
        for advisory in entry.advisories {
            assert!(ids.insert(advisory.id.clone()), "{} is named twice", advisory.id);
        }
    }
    assert!(ids.len() >= 10, "{}", ids.len());
}

#[test]
fn each_trigger_breaks_a_rule_that_its_advisory_names() {
    for entry in old() {
        for advisory in &entry.advisories {
            let reading = requests(&advisory.trigger.fill(&Values::sample()));
            let found: Vec<&str> = reading.faults().chain(reading.features()).map(|fault| fault.rule.id).collect();
            let named: Vec<&str> = advisory.rules.iter().map(|rule| rule.id).collect();
            assert!(found.iter().any(|id| named.contains(id)), "{} {}: {found:?}", entry.name, advisory.id);
        }
    }
}

#[test]
fn no_reading_that_the_rfcs_permit_answers_as_a_bug_does() {
    for entry in old() {
        for advisory in &entry.advisories {
            // What is wrong there is that the connection stays open, of which readings know nothing.
            if advisory.rules.iter().all(|rule| rule.id == "length-and-transfer-encoding") {
                continue;
            }
            for permitted in permitted_requests(&advisory.trigger.fill(&Values::sample())) {
                let accepted = permitted.reading.accepted();
                assert_ne!(Some(accepted), advisory.answers, "{} {}", entry.name, advisory.id);
            }
        }
    }
}

#[test]
fn what_a_bug_is_gone_in_is_another_entry() {
    let current = Catalogue::load(folder()).expect("every entry is right");
    for entry in old() {
        assert!(current.get(&entry.name).is_err(), "{} is also the name of a current one", entry.name);
        for name in entry.advisories.iter().filter_map(|advisory| advisory.gone_in.as_ref()) {
            assert!(current.get(name).is_ok(), "{}: there is no {name}", entry.name);
        }
    }
}

#[test]
fn advisories_that_claim_nothing_are_refused() {
    let good = "[[advisory]]\nid = \"CVE-2000-1\"\nsummary = \"s\"\nrules = [\"bare-cr\"]\ntrigger = \"x\"\nshows = \"s\"\nexpect_status = 200\n";
    let load = |text: &str| {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("one.toml");
        let head = "name = \"one\"\ntitle = \"One\"\nrole = \"origin\"\n[package]\nregistry = \"preinstalled\"\n\
            [version]\ncommand = [\"true\"]\n[run]\ncommand = [\"true\"]\n";
        std::fs::write(&path, format!("{head}{text}")).expect("written");
        Entry::load(&path)
    };
    let entry = load(good).expect("a good advisory");
    assert!(entry.advisories[0].is_shown_by(&[200, 400]) && !entry.advisories[0].is_shown_by(&[400, 200]));
    for (part, by, problem) in [
        ("CVE-2000-1", "bug 1", "CVE-"),
        ("bare-cr", "bare-cat", "no rule"),
        ("[\"bare-cr\"]", "[]", "names the rules"),
        ("expect_status = 200\n", "", "expect_answers"),
        ("\"x\"", "\"{nothing}\"", "trigger"),
        ("shows", "show", "unknown field"),
    ] {
        let error = load(&good.replace(part, by)).expect_err(by).to_string();
        assert!(error.contains(problem), "{error}");
    }
    assert!(load(&format!("{good}{good}")).is_err());
}
