//! What belongs to the fuzz targets and can be held without a fuzzer: fresh seeds, seeds and regressions that pass, and a
//! target for every function.

use std::fs;
use std::path::Path;

use startline_testkit::{seeds, targets};

#[test]
fn seeds_and_dictionary_are_fresh() {
    seeds::check().unwrap_or_else(|error| panic!("{error:#}"));
}

/// What a fuzzer has found once does not come back. A file is replayed as the fuzzer would hand it over.
#[test]
fn regressions_do_not_come_back() {
    let regressions = seeds::folder().join("regressions");
    for target in fs::read_dir(&regressions).expect("the folder of regressions") {
        let target = target.expect("a folder").path();
        if target.is_dir() {
            replay_all(&target, &name_of(&target));
        }
    }
}

#[test]
fn every_seed_passes_its_targets() {
    for name in targets::NAMES {
        let seeds = if name == "chunked" { "chunked" } else { "messages" };
        replay_all(&seeds::folder().join("seeds").join(seeds), name);
    }
}

#[test]
fn every_target_has_a_program_and_a_corpus() {
    let manifest = fs::read_to_string(seeds::folder().join("Cargo.toml")).expect("the manifest of the fuzz targets");
    for name in targets::NAMES {
        assert!(manifest.contains(&format!("name = \"{name}\"")), "fuzz/Cargo.toml lacks {name}");
        let program = fs::read_to_string(seeds::folder().join(format!("fuzz_targets/{name}.rs"))).expect("a program");
        assert!(program.contains(&format!("targets::{name}")), "{name} does not call its function");
        assert!(seeds::folder().join("corpus").join(name).read_dir().is_ok_and(|mut seeds| seeds.next().is_some()));
    }
}

fn replay_all(folder: &Path, target: &str) {
    assert!(targets::NAMES.contains(&target), "{} belongs to no target", folder.display());
    let mut failures = Vec::new();
    for file in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let file = file.expect("a file").path();
        let octets = fs::read(&file).expect("a readable file");
        if std::panic::catch_unwind(|| targets::replay(target, &octets)).is_err() {
            failures.push(name_of(&file));
        }
    }
    assert!(failures.is_empty(), "{target} fails on {failures:?}");
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
